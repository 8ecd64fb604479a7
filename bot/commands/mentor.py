"""`/mentor on areas: auth, docs; up to 2; timezone: Europe/Berlin; languages: en, es`, `/mentor off`: what it says.

What is named changes, in any order; the rest stays as it was. Semicolons may be left out, capitals do not matter, and
`/mentor on documentation` names areas too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from bot.commands import interested, quiet_hours, until
from bot.mentors import Terms, Wants
from bot.policy import Area

NAME: Final = "mentor"
MOST: Final = 10  # people whom somebody mentors at a time

_KEY: Final = re.compile(
    r"(?:^|[;,.]\s*|\s)(?:"
    r"(?P<areas>areas?|topics?)\s*:|"
    r"(?P<up_to>up to|at most|max(?:imum)?|capacity)\s*:?|"
    r"(?P<zone>time ?zone|tz|zone)\s*:?|"
    r"(?P<languages>languages?|langs?|i speak|speaks?|speaking)\s*:?|"
    r"(?P<wants>part|role)\s*:?|"
    r"(?P<new>(?:i )?(?:have )?(?:not|never) mentored(?: before)?)|"
    r"(?P<mentored>(?:i )?(?:have )?mentored(?: before)?)\s*:?"
    r")(?=[\s;,.]|$|(?<=:))"
)
_AROUND: Final = " ;,.:"
_MANY: Final = re.compile(
    r"(\d{1,3}|one|two|three|four|five)\b(?: (?:people|persons?|mentees?))?(?: at (?:a|the same) time)?"
)
_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")
_SEVERAL: Final = re.compile(r"[,;/&\s]+|\band\b")
_PARTS: Final = {
    "either": Wants.EITHER, "both": Wants.EITHER, "any": Wants.EITHER, "lead": Wants.LEAD,
    "co-mentor": Wants.CO_MENTOR, "comentor": Wants.CO_MENTOR, "co mentor": Wants.CO_MENTOR, "co": Wants.CO_MENTOR,
}  # fmt: skip
_NOT: Final = frozenset({"no", "not yet", "false"})


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    WORDS = "words"  # it is none of what can be said
    AREA = "area"  # it names something that is no area
    NUMBER = "number"  # it is no number of people, or too high a one
    ZONE = "zone"  # it names no time zone that there is
    LANGUAGE = "language"  # it is no code of a language
    PART = "part"  # it is no part that one can take


@dataclass(frozen=True, slots=True)
class Show:
    """They would like to see what they said."""


@dataclass(frozen=True, slots=True)
class Off:
    """They are not to be asked any more."""


@dataclass(frozen=True, slots=True)
class On:
    """They agree to be asked. `changes`: what they name, by the fields of `Terms`."""

    changes: Mapping[str, Any]

    def over(self, terms: Terms | None) -> Terms:
        """With what was said before."""
        return replace(terms or Terms(), **self.changes)


Wish = Show | Off | On


def read(args: str, areas: Sequence[Area]) -> Wish | Wrong:
    said = until.plain(args)
    if said in {"", "show"}:
        return Show()
    if is_off(args):
        return Off()
    said = re.sub(r"^on\b[ ,;:]*", "", said)
    keys = list(_KEY.finditer(said))
    first = said[: keys[0].start()].strip(_AROUND) if keys else said.strip(_AROUND)
    pieces = [("areas", first)] if first else []
    ends = [*(key.start() for key in keys[1:]), len(said)]
    for key, end in zip(keys, ends[: len(keys)], strict=True):
        pieces.append((key.lastgroup or "", said[key.end() : end].strip(_AROUND)))
    changes: dict[str, Any] = {}
    for name, words in pieces:
        value = _READ[name](words, areas)
        if isinstance(value, Wrong):
            return Wrong.WORDS if (name, words) == ("areas", first) and value is Wrong.AREA and not areas else value
        changes["mentored" if name == "new" else name] = value
    return On(changes)


def is_off(args: str) -> bool:
    """Whether it only ends something for who writes it."""
    return until.plain(args) in {"off", "stop", "leave", "no more"}


def _areas(words: str, areas: Sequence[Area]) -> tuple[str, ...] | Wrong:
    wish = interested.read(words, areas)
    return wish.areas if isinstance(wish, interested.In) else Wrong.AREA


def _up_to(words: str, areas: Sequence[Area]) -> int | Wrong:
    many = _MANY.fullmatch(words)
    number = 0 if many is None else _NUMBERS.get(many[1]) or int(many[1])
    return number if 1 <= number <= MOST else Wrong.NUMBER


def _zone(words: str, areas: Sequence[Area]) -> str | Wrong:
    return quiet_hours.zone(words) or Wrong.ZONE


def _languages(words: str, areas: Sequence[Area]) -> tuple[str, ...] | Wrong:
    codes = [code for code in _SEVERAL.split(words) if code]
    right = bool(codes) and len(codes) <= MOST and all(_LANGUAGE.fullmatch(code) for code in codes)
    return tuple(dict.fromkeys(codes)) if right else Wrong.LANGUAGE


def _wants(words: str, areas: Sequence[Area]) -> Wants | Wrong:
    return _PARTS.get(words, Wrong.PART)


def _mentored(words: str, areas: Sequence[Area]) -> bool | Wrong:
    if words in _NOT:
        return False
    return True if words in {"", "yes", "true"} else Wrong.WORDS


def _new(words: str, areas: Sequence[Area]) -> bool | Wrong:
    return Wrong.WORDS if words else False


_READ: Final[Mapping[str, Callable[[str, Sequence[Area]], Any]]] = {
    "areas": _areas, "up_to": _up_to, "zone": _zone, "languages": _languages, "wants": _wants, "mentored": _mentored,
    "new": _new,
}  # fmt: skip
