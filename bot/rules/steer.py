"""`/switchback …`: maintainers pause the bot, mute kinds of its comments, and ask how things stand.

Who spoke to the bot is answered, also in shadow mode and during a pause, and without an @: they hear of an answer in
their thread anyway. Everybody else is told kindly, once in a thread, whom to ask.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

from bot.commands import switchback
from bot.commands.switchback import Mistake, Mute, Pause, Resume, Status, Unmute, Why, Wish
from bot.effects import Effect, Learn, MuteKind, Order, PauseRepo, Question, React, Say, Value
from bot.looking import Asker, ThreadLook
from bot.model import GHOST, Request
from bot.policy import FEATURES, Policy

NAME: Final = "steer"

_SOON: Final = timedelta(days=14)  # for a day that an example names


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return [
        effect
        for request in look.thread.requests
        if request.name == switchback.NAME and now < request.at + switchback.COUNTS_FOR
        if request.person != GHOST and not policy.is_bot(request.person)
        if _key(request) not in look.said_here
        for effect in _answer(request, look, policy, now)
    ]


def _answer(request: Request, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The reaction comes last: once it is there, all is done."""
    asker = look.askers.get(request.person.id, Asker())
    may = policy.is_maintainer(request.person, belongs=asker.belongs, groups=asker.groups)
    if may is None:
        yield Learn(rule=NAME, question=Question.TEAM, why="to know who may steer the bot")
    elif not may:
        yield from _kindly(request, look, policy)
    elif isinstance(wish := _checked(switchback.read(request.args, request.at), look), Mistake):
        yield from _mistaken(request, wish, look, policy, now)
    else:
        yield from _obeyed(request, wish, look, policy)


def _kindly(request: Request, look: ThreadLook, policy: Policy) -> Iterator[Effect]:
    repo, number = look.thread.ref.repo_id, look.thread.ref.number
    key = f"{NAME}/not-you/{repo}/{number}/{request.person.id}"
    why = f"{request.person.login} wrote /switchback and is no maintainer"
    if key not in look.said_here:
        values: dict[str, Value] = {
            "organisation": look.thread.repo.owner,
            "maintainers": ", ".join(policy.people.maintainers) or None,
        }
        yield _say(request, look, policy, key, "not-you", why, values)
    yield _react(request, look, "confused", why)


def _checked(wish: Wish | Mistake, look: ThreadLook) -> Wish | Mistake:
    match wish:
        case Mute(kind) if kind not in look.kinds:
            return Mistake(Why.KIND)
        case Unmute(kind) if kind not in look.kinds | look.hush.muted:
            return Mistake(Why.KIND)
        case _:
            return wish


def _mistaken(request: Request, mistake: Mistake, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    why = f"{request.person.login} wrote a /switchback that cannot be obeyed ({mistake.why})"
    values: dict[str, Value] = {
        "mistake": mistake.why.value,
        "kinds": ", ".join(sorted(look.kinds)),
        "day": f"{now + _SOON:%Y-%m-%d}",
    }
    if _reply_key(request) not in look.said_here:
        yield _say(request, look, policy, _reply_key(request), "mistake", why, values)
    yield _react(request, look, "confused", why)


def _obeyed(request: Request, wish: Wish, look: ThreadLook, policy: Policy) -> Iterator[Effect]:
    key, why = (
        f"{NAME}/order/{request.place}/{request.place_id}",
        f"{request.person.login} asked for it with /switchback",
    )
    if isinstance(wish, Status):
        if _reply_key(request) not in look.said_here:
            yield _say(request, look, policy, _reply_key(request), "status", why, _status(look, policy))
    elif key not in look.said_here:
        yield _order(request, wish, look, key, why)
    yield _react(request, look, "+1", why)


def _order(request: Request, wish: Pause | Resume | Mute | Unmute, look: ThreadLook, key: str, why: str) -> Order:
    match wish:
        case Pause() | Resume():
            return PauseRepo(
                rule=NAME,
                key=key,
                why=why,
                thread=look.thread.ref,
                person=request.person,
                everywhere=look.thread.repo.is_home,
                until=wish.until if isinstance(wish, Pause) else None,
                as_of=request.at,
            )
        case Mute(kind) | Unmute(kind):
            return MuteKind(
                rule=NAME,
                key=key,
                why=why,
                thread=look.thread.ref,
                person=request.person,
                template=kind,
                muted=isinstance(wish, Mute),
                as_of=request.at,
            )
        case _:
            assert_never(wish)


def _status(look: ThreadLook, policy: Policy) -> Mapping[str, Value]:
    here, until = look.thread.repo.full_name, look.hush.paused_until
    files = [name for name in look.files if policy.extends == "organisation" or name == here]
    return {
        "repository": look.thread.repo.name,
        "features": {name: policy.mode(name).value for name in FEATURES},
        "paused_until": None if until is None else f"{until:%Y-%m-%d %H:%M} UTC",
        "muted": ", ".join(sorted(look.hush.muted)) or None,
        "files": ", ".join(files) or None,
    }


def _say(
    request: Request, look: ThreadLook, policy: Policy, key: str, about: str, why: str, values: Mapping[str, Value]
) -> Say:
    return Say(
        rule=NAME,
        key=key,
        why=why,
        thread=look.thread.ref,
        template=f"switchback-{about}",
        language=policy.language,
        values=values,
        to=request.person,
        mention=False,
        asked_for=True,
    )


def _react(request: Request, look: ThreadLook, content: Literal["+1", "confused"], why: str) -> React:
    return React(
        rule=NAME, key=_key(request), why=why, thread=look.thread.ref, request=request, content=content
    )  # fmt: skip


def _key(request: Request) -> str:
    return f"{NAME}/{request.place}/{request.place_id}"


def _reply_key(request: Request) -> str:
    return f"{NAME}/reply/{request.place}/{request.place_id}"
