"""Why an issue looks like a level, in words: from `reasons.yml` in `config/messages/<language>/`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ruamel.yaml import YAML

from bot.shipped import MESSAGES

LABELLED: Final = "labelled"
SIMILAR: Final = "similar"
NAME: Final = "reasons.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`name`: of what was seen, LABELLED with the `level`, or SIMILAR with the medians of what was changed."""

    name: str
    level: str = ""
    files: float = 0.0
    lines: float = 0.0


def in_words(reasons: Iterable[Reason], language: str) -> tuple[str, ...]:
    """`language` is one that there are messages in. Raises KeyError for a reason that has no words there."""
    known = _known(language)
    return tuple(
        known["says"][one.name].format(level=one.level, **{what: _count(getattr(one, what), words)
                                                          for what, words in known["counted"].items()})
        for one in reasons
    )  # fmt: skip


def _count(number: float, words: list[str]) -> str:
    return words[round(number) != 1].format(f"{number:.0f}")


@cache
def _known(language: str) -> dict[str, Any]:
    known: dict[str, Any] = YAML(typ="safe", pure=True).load((MESSAGES / language / NAME).read_text("utf-8"))
    return known
