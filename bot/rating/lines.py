"""Reads issues, one JSON object on each line, and says which lines are none."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from bot.levelling.score import Rung, Seen
from bot.levelling.traits import traits
from bot.memory.payloads import hint
from bot.policy import Levels

_RUNGS: Final = ", ".join(Rung)


@dataclass(frozen=True, slots=True)
class Issue:
    """`level` and `area` are what a person says, if the line has them."""

    repo: str
    number: int
    title: str
    body: str
    labels: frozenset[str]
    level: Rung | None
    area: str | None

    def seen(self, levels: Levels) -> Seen:
        return Seen(
            traits=traits(self.title, self.body),
            labels=self.labels,
            repo=self.repo,
            came=hint(self.title, self.body),
            labelled=levels.of(self.labels),
        )


@dataclass(frozen=True, slots=True)
class Wrong:
    line: int
    what: str


class _WrongLineError(Exception):
    """What is wrong with it."""


def read(lines: Iterable[bytes]) -> tuple[list[Issue], list[Wrong]]:
    """The issues, and what is wrong with the lines that are none. Empty lines are passed over."""
    issues: list[Issue] = []
    wrong: list[Wrong] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            issues.append(_issue(line))
        except _WrongLineError as error:
            wrong.append(Wrong(number, str(error)))
    return issues, wrong


def _issue(line: bytes) -> Issue:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _WrongLineError("it is not JSON") from None
    if not isinstance(told, dict):
        raise _WrongLineError("it is not a JSON object")
    number = told.get("number")
    if not isinstance(number, int) or isinstance(number, bool):
        raise _WrongLineError("number must be a whole number")
    body = told.get("body_gist") if told.get("body_gist") is not None else told.get("body")
    return Issue(
        repo=_text(told, "repo"),
        number=number,
        title=_text(told, "title"),
        body="" if body is None else _as_text(body, "body_gist"),
        labels=_labels(told.get("labels")),
        level=_level(told.get("level")),
        area=None if told.get("area") is None else _text(told, "area"),
    )


def _text(told: dict[str, Any], name: str) -> str:
    if name not in told:
        raise _WrongLineError(f"{name} is missing")
    return _as_text(told[name], name)


def _as_text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _WrongLineError(f"{name} must be text")
    return value


def _labels(told: object) -> frozenset[str]:
    """By name, or as GitHub gives them."""
    if told is None:
        return frozenset()
    if not isinstance(told, list):
        raise _WrongLineError("labels must be a list")
    names = [one.get("name") if isinstance(one, dict) else one for one in told]
    return frozenset(_as_text(name, "each of labels") for name in names)


def _level(told: object) -> Rung | None:
    if told is None:
        return None
    if not isinstance(told, str) or told not in set(Rung):
        raise _WrongLineError(f"level must be one of {_RUNGS}")
    return Rung(told)
