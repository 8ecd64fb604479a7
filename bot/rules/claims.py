"""Asks once, kindly, how it goes with an issue that somebody has taken; later it is open to others as well.

Whatever shows work starts the time anew: a word of theirs in the issue, or anything in a linked pull request of theirs.
While such a pull request waits for the team, nothing is asked. What people do with assignments decides, and an issue
that is closed is nobody's any more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.effects import Assign, Effect, EndClaim, Learn, LookAgain, Question, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.pathway import Acted, Claim, Ended
from bot.policy import Policy
from bot.policytypes import duration_text
from bot.rules import need_help
from bot.rules.manners import shut
from bot.rules.taken import assigned_by_us, taken_off

NAME: Final = "claims"

_AGAIN: Final = timedelta(days=30)  # between two questions
_SOON: Final = timedelta(seconds=5)
_FREE: Final = f"{NAME}-free"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """Where nobody has taken anything there is no silence to explain."""
    return [effect for claim in look.claims for effect in _of(claim, look, policy, now)]


def _of(claim: Claim, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    if not claim.is_open:
        yield from _over(claim, look, policy)
    elif (ended := _ends(claim, look, policy)) is not None:
        yield EndClaim(
            rule=NAME,
            key=_key(ended.name.lower(), claim, look),
            why=f"it is not with {claim.person.login} any more: {ended.value}",
            thread=look.thread.ref,
            person=claim.person,
            ended=ended,
            as_of=now,
        )
    elif reason := _left_alone(claim, look, policy, now):
        yield _quiet(reason)
    elif until := _held(claim, look, policy, now):
        yield until
    else:
        yield from _asks(claim, look, policy, now)


def _over(claim: Claim, look: ThreadLook, policy: Policy) -> Iterator[Effect]:
    """Whoever is not at it any more need not stay assigned, if the bot did that."""
    key = _key("unassign", claim, look)
    if claim.ended is Ended.FREED and key not in look.said_here and assigned_by_us(look, policy, claim.person):
        yield Assign(
            rule=NAME,
            key=key,
            why="the issue is open to others again",
            thread=look.thread.ref,
            to=claim.person,
            assigned=False,
        )
    else:
        yield _quiet(f"it is not with {claim.person.login} any more")


def _ends(claim: Claim, look: ThreadLook, policy: Policy) -> Ended | None:
    """Why the claim is over, if it is. That it is open to others has been said before, so that it is never without."""
    if not look.thread.is_open:
        return Ended.DONE
    off = taken_off(look, policy, claim.person)
    if off is not None and off.at > claim.at:
        return Ended.UNASSIGNED
    said = _key("free", claim, look)
    return Ended.FREED if any(act.key == said for act in look.acted) else None


def _left_alone(claim: Claim, look: ThreadLook, policy: Policy, now: datetime) -> str | None:
    if claim.opted_out or policy.leaves_alone(claim.person):
        return f"{claim.person.login} asked to be left alone"
    if look.stepped_back.get(claim.person.id, now) is None:
        return f"nothing is asked of {claim.person.login}"
    return shut(look, policy)


def _held(claim: Claim, look: ThreadLook, policy: Policy, now: datetime) -> LookAgain | Learn | None:
    """What has to be over before anything is asked. What waits for the team is the claimant's turn later than now,
    unless somebody answered of whom nobody knows that they belong."""
    if claim.waits_for_team and look.author.is_team is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to know whether a linked pull request waits for the team")
    if claim.waits_for_team:
        return _again(now + policy.claims.ask_after, "a linked pull request waits for the team")
    stops = (look.hush.snoozed_until, look.hush.paused_until, look.stepped_back.get(claim.person.id))
    until = max((stop for stop in stops if stop is not None and stop > now), default=None)
    return None if until is None else _again(until, "there is a pause here")


def _asks(claim: Claim, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    asked, times = _last_question(claim, look), policy.claims
    if asked is not None and asked.at > claim.last_sign:
        if now < (free_at := asked.at + times.free_after):
            yield _again(free_at, f"{claim.person.login} was asked and has {duration_text(times.free_after)}")
        else:
            yield from _frees(claim, look, policy, now)
        return
    ask_at = claim.last_sign + times.ask_after
    if asked is not None:
        ask_at = max(ask_at, asked.at + _AGAIN)
    key = f"{_key('question', claim, look)}/{_second(claim.last_sign)}"
    if now < ask_at:
        yield _again(ask_at, f"{claim.person.login} is at it")
    elif key in look.said_here:
        yield _quiet("the question was not posted, so nothing follows from it")
    else:
        values: dict[str, Value] = {"since": f"{claim.at:%Y-%m-%d}", "help": need_help.is_there(policy)}
        why = f"nothing was heard of {claim.person.login} for {duration_text(times.ask_after)} (claims.ask_after)"
        yield _say(look, policy, claim, f"{NAME}-question", key, why, values, mention=True)


def _last_question(claim: Claim, look: ThreadLook) -> Acted | None:
    """That was posted, and still stands."""
    taken_back = {act.detail.get("said") for act in look.acted if act.effect == "retract"}
    key = _key("question", claim, look)
    asked = [act for act in look.acted if act.key.startswith(f"{key}/") and act.key not in taken_back]
    return asked[-1] if asked else None


def _frees(claim: Claim, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Says that others may take it, with what they find; the claim ends after that."""
    key, person = _key("free", claim, look), claim.person
    if key in look.said_here or _FREE in look.hush.muted:
        yield _quiet("that others may take it was not posted, so nothing follows from it")
        return
    pulls = ", ".join(link.name for link in look.links if link.author == person)
    spoke = any(answer.person == person and answer.at > claim.at for answer in look.thread.answers)
    why = f"nothing was heard of {person.login} for {duration_text(policy.claims.free_after)} more (claims.free_after)"
    yield _say(look, policy, claim, _FREE, key, why, {"pulls": pulls or None, "spoke": spoke}, mention=False)
    yield _again(now + _SOON, "the claim ends once that is said")


def _say(
    look: ThreadLook, policy: Policy, claim: Claim, template: str, key: str, why: str, values: dict[str, Value],
    *, mention: bool,
) -> Say:  # fmt: skip
    return Say(
        rule=NAME,
        key=key,
        why=why,
        thread=look.thread.ref,
        template=template,
        language=policy.language,
        values=values,
        to=claim.person,
        mention=mention,
    )


def _key(what: str, claim: Claim, look: ThreadLook) -> str:
    """Once for each time that somebody takes an issue."""
    ref = look.thread.ref
    return f"{NAME}/{what}/{ref.repo_id}/{ref.number}/{claim.person.id}/{_second(claim.at)}"


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _again(at: datetime, why: str) -> LookAgain:
    return LookAgain(rule=NAME, at=at, why=why)


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
