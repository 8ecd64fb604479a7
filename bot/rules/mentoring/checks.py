"""Two light reminders to those who mentor, at the days of their plan.

Who looks how it goes that day is mentioned; the other is named, and whom they mentor is not bothered. If it cannot be
said within a few days of that day, it is not said: a reminder is no debt.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.mentors import Mentoring
from bot.model import Person
from bot.policy import Policy
from bot.rules.manners import shut
from bot.rules.mentoring.pair import NAME, key, pair
from bot.rules.mentoring.plan import held
from bot.worktime import Calendar

TEMPLATE: Final = f"{NAME}-check"
WITHIN: Final = timedelta(days=3)  # so long it may wait until they may be mentioned
AGAIN: Final = timedelta(hours=6)  # so that it is not always their night
_SPOKE: Final = timedelta(days=5)  # who wrote within this time before needs no reminder
_FREE: Final = 21  # days at most that a team takes off at a stretch; a longer break takes the reminder with it
_DAY: Final = timedelta(days=1)


def decide(mentoring: Mentoring, mentee: Person, look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [_check(number, mentoring, mentee, look, policy, now) for number in range(len(mentoring.checks))]


def _check(
    number: int, mentoring: Mentoring, mentee: Person, look: ThreadLook, policy: Policy, now: datetime
) -> Effect:  # fmt: skip
    name = key(f"check/{number}", mentoring)
    them, due = pair(mentoring), _working_day(mentoring.checks[number], policy)
    person = them.on_check(number)
    if name in look.said_here:
        return _quiet("that reminder was given")
    if due is None or now > due + WITHIN:
        return _quiet("the day to look how it goes has passed")
    if now < due:
        return _again(due, "the day to look how it goes is yet to come")
    if person is None or policy.leaves_alone(person):
        return _quiet("there is nobody to remind")
    if reason := shut(look, policy):
        return _quiet(reason)
    if _spoke(person, look, now):
        return _quiet(f"{person.login} has just been here")
    if until := held(look, now):
        return until
    if person.id not in look.reachable or not Calendar(policy.working_time).works(now):
        return _again(now + AGAIN, "it is no good time to remind anybody")
    other = them.beside(person)
    values: dict[str, Value] = {
        "mentee": mentee.login,
        "other": other.login if other else None,
        "last": number == len(mentoring.checks) - 1,
    }
    return Say(
        rule=NAME,
        key=name,
        why=f"it is a day on which {person.login} looks how {mentee.login} gets on",
        thread=look.thread.ref,
        template=TEMPLATE,
        language=policy.language,
        values=values,
        to=person,
    )


def _working_day(day: datetime, policy: Policy) -> datetime | None:
    """It, or the next on which the team works."""
    calendar = Calendar(policy.working_time)
    days = (day + _DAY * later for later in range(_FREE + 1))
    return next((one for one in days if calendar.works(one)), None)


def _spoke(person: Person, look: ThreadLook, now: datetime) -> bool:
    return any(answer.person == person and answer.at > now - _SPOKE for answer in look.thread.answers)


def _again(at: datetime, why: str) -> LookAgain:
    return LookAgain(rule=NAME, at=at, why=why)


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
