"""`/level`, `/create-labels`, `/pointers`: what people say about how hard an issue is, and how to begin with it.

Whoever may not set a level suggests one. A human's label always wins: what somebody changed by hand after the command
was written stays as it is. GitHub makes a label that it does not know when it is set, so only those are set that the
repository has, and others are made when a maintainer asks for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands import given, level
from bot.commands.level import Mistake, Wish
from bot.effects import GivePointers, Label, Learn, MakeLabel, Question, Value
from bot.looking import Asker
from bot.model import GHOST, Level, Request, Step
from bot.policy import Policy
from bot.rules.answers.asking import NAME, Answer, Asked, ordered

_ORDER: Final = "order"
_BY_HAND: Final = frozenset({Step.LABELED, Step.UNLABELED})
_COLORS: Final = {Level.STARTER: "7057ff", Level.MEDIUM: "1d76db", Level.ADVANCED: "5319e7"}


def set_level(asked: Asked, now: datetime) -> Answer | Learn:
    policy = asked.policy
    wish = level.read(asked.request.args, policy.levels, policy.areas)
    if isinstance(wish, Mistake):
        return _mistaken(asked, wish.why, _choice(policy))
    if not asked.may:
        return _suggested(asked, wish)
    if asked.did(_ORDER):
        return _obeyed(asked)
    if _is_overtaken(asked):
        return Answer(done=True, why=f"{asked.why}, and somebody has decided otherwise since")
    known = _known(asked)
    if known is None:
        return Learn(rule=NAME, question=Question.LABELS, why="to set none that it does not have")
    if wish.level is not None and not _of_level(policy, wish.level):
        return _mistaken(asked, "unconfigured", {"name": wish.level.value})
    carried, add = asked.look.thread.labels, list[str]()
    for mistake, name, labels in _wanted(policy, wish):
        label = _first(labels, carried) or _first(labels, known)
        if label is None:
            return _mistaken(asked, mistake, {"name": name, "label": next(iter(labels), None)})
        if label not in carried:
            add.append(label)
    others = {label.casefold() for one in Level if one is not wish.level for label in _of_level(policy, one)}
    remove = sorted(label for label in carried if label.casefold() in others)
    if not add and not remove:
        return Answer(done=True, why=f"{asked.why}, and it is so already")
    return Answer(done=True, why=asked.why, effects=(_label(asked, add, remove),))


def _wanted(policy: Policy, wish: Wish) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What a wish needs one label of each: what is wrong if there is none, its name, and the labels that will do."""
    if wish.level is not None:
        yield "missing", wish.level.value, _of_level(policy, wish.level)
    for area in policy.areas:
        if area.name in wish.areas:
            yield "no-area", area.name, area.labels


def create_labels(asked: Asked, now: datetime) -> Answer | Learn:
    known, policy = _known(asked), asked.policy
    if known is None:
        return Learn(rule=NAME, question=Question.LABELS, why="to make those that it does not have")
    lacking = [one for one in Level if (labels := _of_level(policy, one)) and _first(labels, known) is None]
    for one in lacking:
        if asked.did(one):  # it was tried: what was made is known
            return _mistaken(asked, "unmade", {"name": one.value, "label": _of_level(policy, one)[0]})
    made = (
        MakeLabel(
            rule=NAME,
            key=asked.key(one),
            why=asked.why,
            thread=asked.look.thread.ref,
            to=asked.request.person,
            name=_of_level(policy, one)[0],
            color=_COLORS[one],
            about=f"label-{one}",
            language=policy.language,
        )
        for one in lacking
    )
    return Answer(done=True, why=asked.why, effects=tuple(made))


def give_pointers(asked: Asked, now: datetime) -> Answer:
    told = given.read(asked.request.args)
    if not told.names:
        return Answer(done=False, why=f"{asked.why}, and gave none", effects=(asked.reply("example"),))
    return ordered(
        asked,
        GivePointers(
            rule=NAME,
            key=asked.key(_ORDER),
            why=asked.why,
            thread=asked.look.thread.ref,
            person=asked.request.person,
            given=told.names,
            ask=None if told.ask is None else asked.look.named.get(told.ask),
            url=_url(asked),
            as_of=asked.request.at,
        ),
    )


def was_obeyed(request: Request, said_here: Collection[str]) -> bool:
    """Whether a `/level` was carried out, by the keys of the ledger."""
    return (
        request.name == level.NAME and f"{NAME}/{level.NAME}/{_ORDER}/{request.place}/{request.place_id}" in said_here
    )


def _suggested(asked: Asked, wish: Wish) -> Answer:
    """Said once in a thread to the same person, and not if it is so already."""
    thread, policy, person = asked.look.thread, asked.policy, asked.request.person
    why = f"{asked.why}, as a suggestion"
    if policy.levels.of(thread.labels) is wish.level and {*wish.areas} <= policy.areas_of(thread.labels, None):
        return Answer(done=True, why=why)
    key = f"{NAME}/{level.NAME}/suggested/{thread.ref.repo_id}/{thread.ref.number}/{person.id}"
    return Answer(done=True, why=why, effects=(asked.reply("suggested", {"confirm": wish.written()}, key=key),))


def _obeyed(asked: Asked) -> Answer:
    """It was tried. What GitHub would not do has a key in the ledger, and was not done."""
    if any(act.key == asked.key(_ORDER) for act in asked.look.acted):
        return Answer(done=True, why=asked.why)
    return _mistaken(asked, "refused", {})


def _mistaken(asked: Asked, mistake: str, about: Mapping[str, Value]) -> Answer:
    """Nothing was done, and the reply says why. It has a value for all that any mistake tells."""
    nothing: dict[str, Value] = dict.fromkeys(("levels", "areas", "name", "label"))
    reply = asked.reply("mistake", {**nothing, **about, "mistake": mistake})
    reply = replace(reply, template=f"answer-{level.NAME}-mistake")
    return Answer(done=False, why=f"{asked.why}, which cannot be obeyed ({mistake})", effects=(reply,))


def _choice(policy: Policy) -> dict[str, Value]:
    return {
        "levels": ", ".join([*Level, level.NONE]),
        "areas": ", ".join(area.name for area in policy.areas) or None,
    }


def _is_overtaken(asked: Asked) -> bool:
    """Whether somebody changed the level by hand after the command was written, or a later command did."""
    policy, look, request = asked.policy, asked.look, asked.request
    known = {label.casefold() for one in Level for label in _of_level(policy, one)}
    by_hand = any(
        one.step in _BY_HAND and one.at > request.at and one.about.casefold() in known and not policy.is_bot(one.person)
        for one in look.thread.history
    )
    return by_hand or any(_counts(other, asked) for other in _later(request, look.thread.requests))


def _later(request: Request, requests: Iterable[Request]) -> Iterator[Request]:
    for other in requests:
        if other.name == request.name and (other.at, other.place_id) > (request.at, request.place_id):
            yield other


def _counts(request: Request, asked: Asked) -> bool:
    """Whether another `/level` sets one."""
    policy, person = asked.policy, request.person
    if person == GHOST or policy.is_bot(person) or isinstance(
        level.read(request.args, policy.levels, policy.areas), Mistake
    ):  # fmt: skip
        return False
    asker = asked.look.askers.get(person.id, Asker())
    return bool(policy.may(level.NAME, person, belongs=asker.belongs, groups=asker.groups, involved=False))


def _known(asked: Asked) -> frozenset[str] | None:
    """The labels that the repository has, with those that were made here a moment ago."""
    if asked.look.repo_labels is None:
        return None
    return asked.look.repo_labels | {act.detail["name"] for act in asked.look.acted if act.effect == MakeLabel.kind}


def _of_level(policy: Policy, wanted: Level | None) -> tuple[str, ...]:
    labels: Mapping[Level | None, tuple[str, ...]] = {
        Level.STARTER: policy.levels.starter,
        Level.MEDIUM: policy.levels.medium,
        Level.ADVANCED: policy.levels.advanced,
    }
    return labels.get(wanted, ())


def _first(labels: Iterable[str], known: Collection[str]) -> str | None:
    """The first of the labels that is known, as it is written there."""
    names = {label.casefold(): label for label in known}
    return next((names[label.casefold()] for label in labels if label.casefold() in names), None)


def _label(asked: Asked, add: Collection[str], remove: Collection[str]) -> Label:
    return Label(
        rule=NAME,
        key=asked.key(_ORDER),
        why=asked.why,
        thread=asked.look.thread.ref,
        to=asked.request.person,
        add=tuple(add),
        remove=tuple(remove),
    )


def _url(asked: Asked) -> str:
    """Of the comment, or of the issue."""
    thread, request = asked.look.thread, asked.request
    comment = f"#issuecomment-{request.place_id}" if request.place == "issue_comment" else ""
    return f"{thread.repo.url}/issues/{thread.ref.number}{comment}"
