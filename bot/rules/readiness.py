"""When an issue is called medium: one short list of what somebody still needs to know to begin, for the maintainer who
called it so.

There is one list in a thread, ever. It is brought up to date where it stands, so nobody hears of that, and goes when
nothing is missing any more.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands import level
from bot.commands.level import Wish
from bot.effects import Effect, LookAgain, Quiet, Retract, Revise, Say
from bot.looking import ThreadLook
from bot.model import GHOST, Level, Person, Step, ThreadKind
from bot.pathway import Acted
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.answers.levels import was_obeyed
from bot.rules.manners import shut
from bot.rules.ready import missing

NAME: Final = "readiness"
TOO_LATE: Final = timedelta(days=7)  # who called it medium longer ago has turned to other things


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    thread = look.thread
    if thread.kind is not ThreadKind.ISSUE or not thread.is_open:
        return []
    if reason := shut(look, policy):
        return [_quiet(reason)]
    medium = policy.levels.of(thread.labels) is Level.MEDIUM
    lacks = missing_here(look, policy) if medium else ()
    if standing := _standing(look):
        return [_kept_up(standing, lacks, look, policy, now)]
    if not medium:
        return []
    if not lacks:
        return [_quiet("nothing is missing")]
    if _key(look) in look.said_here:
        return [_quiet("the list of what is missing was there once")]
    if reason := _too_late(look):
        return [_quiet(reason)]
    return [_told(lacks, look, policy, now)]


def missing_here(look: ThreadLook, policy: Policy) -> tuple[str, ...]:
    """What somebody still needs to know to begin with a medium issue."""
    called = _called(look, policy)
    to_ask = look.pointers.ask is not None or bool(look.helpers) or called is not None
    return missing(given=look.pointers.given, traits=look.traits, someone_to_ask=to_ask, policy=policy)


def _told(lacks: tuple[str, ...], look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    if look.author.opted_out or policy.leaves_alone(look.thread.author):
        return _quiet(f"{look.thread.author.login} asked to be left alone")
    called = _called(look, policy)
    if called is None:
        return _quiet("nobody knows who called it medium")
    who, at = called
    if now >= at + TOO_LATE:
        return _quiet("it was called medium long ago")
    if who.id in look.left_alone or policy.leaves_alone(who):
        return _quiet(f"{who.login} asked to be left alone")
    return _say(lacks, who, look, policy)


def _too_late(look: ThreadLook) -> str | None:
    """Why nobody has to be told how to begin: somebody has begun."""
    if any(claim.is_open for claim in look.claims):
        return "somebody has taken it"
    if look.thread.assignees - look.helpers:
        return "somebody is assigned"
    if any(link.closes and (link.is_open or link.merged_at is not None) for link in look.links):
        return "a pull request closes it"
    return None


def _called(look: ThreadLook, policy: Policy) -> tuple[Person, datetime] | None:
    """Who called it medium, and when: by hand, or with `/level`. Labels that come with a form, or by another bot, are
    nobody's word."""
    labels = {label.casefold() for label in policy.levels.medium}
    found: tuple[Person, datetime] | None = None
    for one in look.thread.history:
        if one.step is not Step.LABELED or one.about.casefold() not in labels:
            continue
        if policy.is_bot(one.person):
            by_command = next(_commanders(look, policy), None)
            found = (by_command, one.at) if by_command is not None else found
        elif one.person != GHOST and (one.by_team or one.person.id != look.thread.author.id):
            found = one.person, one.at
    return found


def _commanders(look: ThreadLook, policy: Policy) -> Iterator[Person]:
    """Whose `/level medium` was obeyed, the last first."""
    for asked in reversed(look.thread.requests):
        if asked.person != GHOST and was_obeyed(asked, look.said_here):
            wish = level.read(asked.args, policy.levels, policy.areas)
            if isinstance(wish, Wish) and wish.level is Level.MEDIUM:
                yield asked.person


def _standing(look: ThreadLook) -> list[Acted]:
    """What was done with the list so far, while it stands there; nothing if it does not."""
    key = _key(look)
    said = [act for act in look.acted if act.key == key and act.external_id is not None]
    taken_back = any(act.detail.get("said") == key for act in look.acted)
    if not said or taken_back:
        return []
    return said + [act for act in look.acted if act.rule == NAME and act.effect == Revise.kind]


def _kept_up(
    standing: list[Acted], lacks: tuple[str, ...], look: ThreadLook, policy: Policy, now: datetime
) -> Effect:  # fmt: skip
    said, last = standing[0], standing[-1]
    why = _why(lacks) if lacks else "nothing is missing any more, or it is not medium any more"
    key = f"{_key(look)}/{len(standing)}" if lacks else f"{_key(look)}/gone"
    if lacks and last.why == why:
        return _quiet("the list stands there as it is")
    if key in look.said_here:
        return _quiet("GitHub did not let the list be changed")
    if waits := _waits(look, policy, now):
        return waits
    to = Person(said.person_id, _login(said, look))
    if not lacks:
        return Retract(
            rule=NAME, key=key, why=why, thread=look.thread.ref, to=to, said=said.key,
            comment_id=said.external_id or 0, node_id=said.node_id,
        )  # fmt: skip
    words = policy.messages.get(NAME)
    say = replace(_say(lacks, to, look, policy), words=words, mention=not said.detail.get("folded", False))
    return Revise(
        rule=NAME, key=key, why=why, thread=look.thread.ref, say=say,
        comment_id=said.external_id or 0, node_id=said.node_id,
    )  # fmt: skip


def _waits(look: ThreadLook, policy: Policy, now: datetime) -> Effect | None:
    """What is not posted is not changed either."""
    if policy.mode(NAME) is not Mode.ON:
        return _quiet(f"{NAME}.mode is not on")
    until = look.hush.snoozed_until or look.hush.paused_until
    if until is not None and now < until:
        return LookAgain(rule=NAME, at=until, why="it is quiet here for a while")
    return None


def _login(said: Acted, look: ThreadLook) -> str:
    """Of whom the list is for."""
    people = [one.person for one in look.thread.history] + [asked.person for asked in look.thread.requests]
    return next((one.login for one in reversed(people) if one.id == said.person_id), GHOST.login)


def _say(lacks: tuple[str, ...], who: Person, look: ThreadLook, policy: Policy) -> Say:
    return Say(
        rule=NAME,
        key=_key(look),
        why=_why(lacks),
        thread=look.thread.ref,
        template=NAME,
        language=policy.language,
        values={"lacks": {need: need in lacks for need in ("outcome", "where", "try", "ask")}},
        to=who,
    )


def _why(lacks: tuple[str, ...]) -> str:
    """It tells what the list says, so that a change of it is noticed."""
    return f"it is medium, and lacks {', '.join(lacks)}"


def _key(look: ThreadLook) -> str:
    return f"{NAME}/{look.thread.ref.repo_id}/{look.thread.ref.number}"


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
