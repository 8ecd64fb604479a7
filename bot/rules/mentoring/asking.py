"""Asks those who were chosen, and takes back what stands there once they have answered.

Whoever is asked is mentioned, or the question waits: without its @ they would never hear of it. What they answered is
told only if it is a yes; all else looks the same, also that it came to nothing.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Revise, Say, Value
from bot.looking import ThreadLook
from bot.mentors import Ask, Because, Mentoring, Part, Reasons, Said, State
from bot.model import GHOST
from bot.policy import Policy
from bot.rules.manners import shut
from bot.rules.mentoring.pair import NAME

ASK: Final = f"{NAME}-ask"  # the messages
ACCEPTED: Final = f"{NAME}-accepted"
SETTLED: Final = f"{NAME}-settled"

_AGAIN: Final = timedelta(hours=1)  # whether whoever is asked may be mentioned
_BY_ITSELF: Final = frozenset({Because.FIRST_MEDIUM, Because.INVITED, Because.MAINTAINER})


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """Where nobody was asked there is no silence to explain."""
    known = look.mentoring
    found = [_of(ask, known, look, policy, now) for ask in known.asks] if known else []
    return [effect for effect in found if effect is not None]


def _of(ask: Ask, known: Mentoring, look: ThreadLook, policy: Policy, now: datetime) -> Effect | None:
    if ask.said is not Said.OPEN:
        return _settled(ask, known, look, policy, now)
    if ask.key(known.ref) in look.said_here:
        return _quiet("somebody is asked, or would be")
    if reason := _in_the_way(ask, known, look, policy):
        return _quiet(reason)
    if until := _held(look, now):
        return until
    if ask.person.id not in look.reachable:
        return LookAgain(rule=NAME, at=now + _AGAIN, why="whoever is asked is not to be mentioned now")
    return say(ask, known, look.thread.repo.owner, policy)


def _in_the_way(ask: Ask, known: Mentoring, look: ThreadLook, policy: Policy) -> str | None:
    goes_on = known.is_open if ask.by is not None else known.state is State.RUNNING and ask.part is Part.GUIDE
    if known.state is not State.SEEKING and not goes_on:
        return "nobody is sought any more"
    if not look.thread.is_open:
        return "the thread is closed"
    if ask.person == GHOST or known.mentee in {None, GHOST}:
        return "somebody is not here any more"
    if policy.is_bot(ask.person) or policy.leaves_alone(ask.person):
        return f"{ask.person.login} is left alone"
    return shut(look, policy)


def _held(look: ThreadLook, now: datetime) -> LookAgain | None:
    stops = (look.hush.snoozed_until, look.hush.paused_until)
    until = max((stop for stop in stops if stop is not None and stop > now), default=None)
    return None if until is None else LookAgain(rule=NAME, at=until, why="it is quiet here for a while")


def say(ask: Ask, known: Mentoring, organisation: str, policy: Policy) -> Say:
    """The question."""
    giver = next((one.person.login for one in known.asks if one.person.id == ask.by), None)
    other = ask.beside
    values: dict[str, Value] = {
        "organisation": organisation,
        "mentee": known.mentee.login if known.mentee else None,
        "part": ask.part.value,
        "by": giver,
        "because": _told(ask.reasons),
        "other": other.login if other else None,
        "agreed": other is not None and other in [one.person for one in known.mentors],
        "other_because": _told(ask.beside_reasons),
        "days": round(policy.mentoring.answer_within / timedelta(days=1)),
        "may_end": known.because in _BY_ITSELF,
    }
    return Say(
        rule=NAME,
        key=ask.key(known.ref),
        why=f"{ask.person.login} agreed to be asked, and is asked to be {ask.part.value}",
        thread=known.ref,
        template=ASK,
        language=policy.language,
        values=values,
        to=ask.person,
        must_reach=True,
    )


def _told(reasons: Reasons) -> dict[str, Value]:
    return {
        "areas": ", ".join(reasons.areas) or None,
        "here": reasons.here,
        "mentored": reasons.mentored,
        "hours": reasons.hours,
        "languages": ", ".join(reasons.languages) or None,
    }


def _settled(ask: Ask, known: Mentoring, look: ThreadLook, policy: Policy, now: datetime) -> Effect | None:
    """What the question says once it is none any more. None: it was never asked, or is taken back."""
    key = ask.key(known.ref)
    posted = next((act for act in look.acted if act.key == key and act.external_id is not None), None)
    if posted is None or any(act.detail.get("said") == key for act in look.acted):
        return None
    template = ACCEPTED if ask.said is Said.ACCEPTED else SETTLED
    if f"{key}/{template}" in look.said_here or look.thread.repo.archived:
        return None
    if until := _held(look, now):
        return until
    mentee = known.mentee.login if known.mentee else GHOST.login
    told = Say(
        rule=NAME,
        key=key,
        why="it is not asked any more",
        thread=known.ref,
        template=template,
        language=policy.language,
        values={"mentee": mentee, "part": ask.part.value} if template == ACCEPTED else {},
        to=ask.person,
        mention=False,
    )
    return Revise(
        rule=NAME, key=f"{key}/{template}", why=told.why, thread=known.ref, say=told,
        comment_id=posted.external_id or 0, node_id=posted.node_id,
    )  # fmt: skip


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
