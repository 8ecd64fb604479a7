"""Answers every command: 👀 when it is seen, 👍 when it is done, 😕 and a short reply when it cannot be.

Who may use a command is a setting. Whoever may not is told kindly, once in a thread, whom to ask. Answers are given in
shadow mode and during a pause too, since the person spoke to the bot, and without an @: they hear of them anyway.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from bot.commands import switchback
from bot.commands.catalog import CATALOG, Entry
from bot.effects import Effect, Learn, LookAgain, Question, React
from bot.looking import Asker, ThreadLook
from bot.model import GHOST, Request
from bot.pathpolicy import Who
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.answers import claiming, interest, levels, need_help
from bot.rules.answers.asking import NAME as NAME
from bot.rules.answers.asking import Answer, Asked

Handler = Callable[[Asked, datetime], Answer | Learn | LookAgain]

HANDLERS: Final[Mapping[str, Handler]] = {
    "need-help": need_help.need_help,
    "claim": claiming.claim,
    "unclaim": claiming.unclaim,
    "working": claiming.working,
    "level": levels.set_level,
    "create-labels": levels.create_labels,
    "pointers": levels.give_pointers,
    "interested": interest.interested,
}


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [
        effect
        for request in look.thread.requests
        if request.name in HANDLERS and now < request.at + switchback.COUNTS_FOR
        if request.person != GHOST and not policy.is_bot(request.person)
        if _key(request) not in look.said_here
        for effect in _answered(_asked(request, look, policy), now)
    ]


def _asked(request: Request, look: ThreadLook, policy: Policy) -> Asked:
    asker = look.askers.get(request.person.id, Asker())
    maintains = policy.is_maintainer(request.person, belongs=asker.belongs, groups=asker.groups)
    return Asked(request=request, look=look, policy=policy, asker=asker, maintains=maintains)


def _answered(asked: Asked, now: datetime) -> Iterator[Effect]:
    """The reaction comes last: once it is there, all is done."""
    answer = _answer(asked, CATALOG[asked.request.name], now)
    if isinstance(answer, Learn | LookAgain):
        yield answer
        return
    if not asked.did("seen"):
        yield _react(asked, "eyes", asked.key("seen"), answer.why)
    for effect in answer.effects:
        if getattr(effect, "key", None) not in asked.look.said_here:
            yield effect
    yield _react(asked, "+1" if answer.done else "confused", _key(asked.request), answer.why)


def _answer(asked: Asked, entry: Entry, now: datetime) -> Answer | Learn | LookAgain:
    if asked.look.thread.kind not in entry.places:
        return _cannot(asked, "place")
    if entry.feature is not None and asked.policy.mode(entry.feature) is Mode.OFF:
        return _cannot(asked, "off")
    may = asked.policy.may(
        entry.setting,
        asked.request.person,
        belongs=asked.asker.belongs,
        groups=asked.asker.groups,
        involved=_involved(asked),
    )
    if may is None:
        return Learn(rule=NAME, question=Question.TEAM, why=f"to know who may use /{entry.name}")
    if not may and not (entry.suggests and Who(getattr(asked.policy.commands, entry.setting)) is not Who.NOBODY):
        return _cannot(asked, "not-you")
    return HANDLERS[entry.name](replace(asked, may=may), now)


def _involved(asked: Asked) -> bool:
    who, thread = asked.request.person, asked.look.thread
    claimed = any(claim.is_open and claim.person.id == who.id for claim in asked.look.claims)
    return who.id == thread.author.id or who.id in thread.assignees or claimed


def _cannot(asked: Asked, about: str) -> Answer:
    """Said once in a thread to the same person."""
    thread, person = asked.look.thread, asked.request.person
    key = f"{NAME}/{asked.request.name}/{about}/{thread.ref.repo_id}/{thread.ref.number}/{person.id}"
    values = {
        "organisation": thread.repo.owner,
        "maintainers": ", ".join(asked.policy.people.maintainers) or None,
    }
    reply = replace(asked.reply(about, values, key=key), template=f"answer-{about}")
    return Answer(done=False, why=f"{asked.why}, and cannot here ({about})", effects=(reply,))


def _react(asked: Asked, content: Literal["eyes", "+1", "confused"], key: str, why: str) -> React:
    return React(
        rule=NAME, key=key, why=why, thread=asked.look.thread.ref, request=asked.request, content=content
    )  # fmt: skip


def _key(request: Request) -> str:
    return f"{NAME}/{request.name}/{request.place}/{request.place_id}"
