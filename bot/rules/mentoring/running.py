"""What is said once two have agreed: their plan, two light reminders, and thanks at the end.

Memory knows first that it is over, and thanks are given after that: so they are given once, and are not lost either.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.mentors import Mentoring, State
from bot.model import GHOST
from bot.policy import Policy
from bot.rules.manners import shut
from bot.rules.mentoring import checks, plan
from bot.rules.mentoring.ending import ends
from bot.rules.mentoring.pair import NAME, key, pair

THANKS: Final = f"{NAME}-thanks"

_DAILY: Final = timedelta(days=1)
_TOO_LATE: Final = timedelta(days=7)  # for thanks


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """Where nobody is mentored there is no silence to explain."""
    mentoring = look.mentoring
    if mentoring is None or mentoring.state is State.ENDED:
        return []
    if mentoring.state is State.DONE:
        return [_thanks(mentoring, look, policy, now)]
    if (end := ends(mentoring, look, policy, now)) is not None:
        return [end]
    mentee = mentoring.mentee
    if mentee is None:
        return []
    told = plan.decide(mentoring, mentee, look, policy, now)
    reminders = checks.decide(mentoring, mentee, look, policy, now)
    again = LookAgain(rule=NAME, at=now + _DAILY, why="a mentoring may end without a word here")
    return [*([told] if told else []), *reminders, again]


def _thanks(mentoring: Mentoring, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    name, mentee = key("thanks", mentoring), mentoring.mentee
    people = [
        one for one in pair(mentoring).people if one.id not in look.left_alone and not policy.leaves_alone(one)
    ]  # fmt: skip
    if name in look.said_here:
        return _quiet("they were thanked")
    if not people or mentee is None or mentee == GHOST:
        return _quiet("there is nobody to thank, or to thank for")
    if now >= mentoring.state_at + _TOO_LATE:
        return _quiet("it is too late for thanks")
    if reason := shut(look, policy):
        return _quiet(reason)
    if until := plan.held(look, now):
        return until
    values: dict[str, Value] = {"mentee": mentee.login, "other": people[1].login if len(people) > 1 else None}
    return Say(
        rule=NAME,
        key=name,
        why=f"{people[0].login} has mentored {mentee.login} to the end",
        thread=look.thread.ref,
        template=THANKS,
        language=policy.language,
        values=values,
        to=people[0],
    )


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
