"""What people of a cohort are told: mentors, in the evaluation sheet, of what waits for their review and of their
talk; applicants, at the end, thanks, in a thread of their own if there is one.

Whom and when, is decided where the whole organisation is looked at (bot/cohort/). Here it is said, once, if it still
holds.
"""

from datetime import datetime
from typing import Final, assert_never

from bot.cohortnotes import About, Told
from bot.effects import Effect, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import GHOST
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.manners import shut

NAME: Final = "cohorts"
REVIEWS: Final = "cohort-reviews"  # the messages
SYNC: Final = "cohort-sync"
THANKS: Final = "cohort-thanks"
MOST_STEPS: Final = 3  # issues that thanks name

_PLACES: Final = ("first", "second", "third", "fourth", "fifth")


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [_told(one, look, policy, now) for one in look.cohort_told]


def _told(told: Told, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    say = speech(told, policy, organisation=look.thread.repo.owner)
    if say.key in look.said_here:
        return _quiet("it was said here")
    if now >= told.until:
        return _quiet("it is too late for it")
    if reason := _in_the_way(told, look, policy):
        return _quiet(reason)
    return say


def _in_the_way(told: Told, look: ThreadLook, policy: Policy) -> str | None:
    if told.note.about is About.THANKS:
        if told.person == GHOST:
            return "the account is deleted"
        if told.opted_out or policy.leaves_alone(told.person):
            return f"{told.person.login} asked to be left alone"
        return shut(look, policy)
    if not look.thread.is_open:
        return "the evaluation sheet is closed"
    if not look.thread.repo.private:
        return "the evaluation sheet is not in a private repository"
    if told.note.about is About.REVIEWS and not told.unread:
        return "nothing of it waits any more"
    return shut(look, policy)


def key_of(told: Told) -> str:
    """In the ledger. Thanks are said once, and so is the reminder of a talk."""
    note = told.note
    begin = f"{NAME}/{note.about}/{note.owner_id}/{note.cohort}"
    match note.about:
        case About.THANKS:
            return f"{begin}/{note.person}"
        case About.SYNC:
            return f"{begin}/{told.talk}"
        case About.REVIEWS:
            return f"{begin}/{note.person}/{int(note.at.timestamp())}"
        case _:
            assert_never(note.about)


def speech(told: Told, policy: Policy, *, organisation: str) -> Say:
    """What somebody is told."""
    template, why, values = _message(told, policy, organisation)
    return Say(
        rule=NAME,
        key=key_of(told),
        why=why,
        thread=told.note.place,
        template=template,
        language=policy.language,
        values={"cohort": told.cohort, **values},
        to=told.person,
    )


def _message(told: Told, policy: Policy, organisation: str) -> tuple[str, str, dict[str, Value]]:
    match told.note.about:
        case About.REVIEWS:
            unread: list[Value] = [{"thread": one.thread, "by": one.by, "days": one.days} for one in told.unread]
            more = max(len(unread) - len(_PLACES), 0)
            return REVIEWS, "pull requests of applicants wait for a review", _named(unread) | {"more": more}
        case About.SYNC:
            day = f"{told.talk:%Y-%m-%d}" if told.talk else None
            shown: dict[str, Value] = {"day": day, "others": ", ".join(told.others) or None}
            return SYNC, f"the mentors of {told.cohort} talk on {day}", shown
        case About.THANKS:
            steps: list[Value] = [one.name for one in told.steps[:MOST_STEPS]]
            return (
                THANKS,
                f"{told.person.login} took part in {told.cohort}, which is over",
                {
                    "organisation": organisation,
                    **dict(list(_named(steps).items())[:MOST_STEPS]),
                    "offers": policy.mode("offers") is not Mode.OFF,
                    "claims": policy.mode("claims") is not Mode.OFF,
                },
            )
        case _:
            assert_never(told.note.about)


def _named(values: list[Value]) -> dict[str, Value]:
    return {**dict.fromkeys(_PLACES), **dict(zip(_PLACES, values, strict=False))}


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
