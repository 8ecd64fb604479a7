"""`/level …`: which level an issue should have, and which areas, read from the words behind the command.

`medium`, `starter`, `advanced` or `none`, in the singular or the plural, or the name of a label that stands for a
level; then the areas that are configured, by their names or by their labels.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from bot.model import Level
from bot.policy import Area, Levels

NAME: Final = "level"
NONE: Final = "none"  # takes the level away

_BETWEEN: Final = re.compile(r"[\s,;`\"']+")
_END: Final = re.compile(r"[ .!]*(?:\b(?:please|thanks|thank you))?[ .!]*$")
_SMALL: Final = frozenset({"and", "&", "in", "area", "areas"})  # words that people put between names
_Named = TypeVar("_Named")
_ALSO: Final = {"good first": Level.STARTER, "good first issue": Level.STARTER}


class Why(StrEnum):
    """What is wrong with a command; the message says it in words."""

    LEVEL = "level"  # it names no level, or none that there is
    AREA = "area"  # it names an area that nobody has configured


@dataclass(frozen=True, slots=True)
class Wish:
    """`level` None: it should have none. `areas`: their names, as they are configured."""

    level: Level | None
    areas: tuple[str, ...] = ()

    def written(self) -> str:
        """The command that wishes for this."""
        return " ".join([f"/{NAME}", self.level or NONE, ", ".join(self.areas)]).strip()


@dataclass(frozen=True, slots=True)
class Mistake:
    why: Why


def read(args: str, levels: Levels, areas: Sequence[Area]) -> Wish | Mistake:
    """`args` is what stands behind `/level`."""
    words = _END.sub("", _plain(args)).split()
    found = _first(words, _levels(levels))
    if found is None:
        return Mistake(Why.LEVEL)
    level, words = found
    known, named = _areas(areas), list[str]()
    while words:
        area = _first(words, known)
        if area is None and words[0] not in _SMALL:
            return Mistake(Why.AREA)
        name, words = area or (None, words[1:])
        if name is not None and name not in named:
            named.append(name)
    return Wish(level, tuple(named))


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text.casefold()).strip()


def _first(words: list[str], names: Mapping[str, _Named]) -> tuple[_Named, list[str]] | None:
    """What the words begin with, by the longest name that fits, and the words behind it."""
    for many in range(len(words), 0, -1):
        name = " ".join(words[:many])
        if name in names:
            return names[name], words[many:]
    return None


def _levels(levels: Levels) -> dict[str, Level | None]:
    names: dict[str, Level | None] = dict(_ALSO)
    for level in Level:
        names |= {_plain(label): level for label in getattr(levels, level)}
    names |= {name: level for level in Level for name in (level.value, f"{level} issue")}
    return {f"{name}s": level for name, level in names.items()} | names | {NONE: None}


def _areas(areas: Sequence[Area]) -> dict[str, str]:
    """A name counts more than another area's label."""
    by_label = {_plain(label): area.name for area in reversed(areas) for label in area.labels}
    return by_label | {_plain(area.name): area.name for area in areas}
