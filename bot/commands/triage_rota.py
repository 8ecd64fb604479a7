"""`/triage-rota …`: shows the triage rota, gives a week to somebody or takes one, agrees to be asked; read from the
words behind the command.

A week is named by one of its days. Areas are named as `/interested` takes them. Whom it is for is a login, with or
without its @: the grammar has seen already that the command is for us.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.commands import interested, until
from bot.policy import Area

NAME: Final = "triage-rota"
SHOWN: Final = 4  # weeks
WEEKS: Final = 27  # that can be swapped: this one, and half a year

_WEEK: Final = r"(?:the week of )?([0-9]{4}-[0-9]{2}-[0-9]{2})"
_CHANGE: Final = re.compile(rf"(swap|take) {_WEEK}(?: (?:to |with |for )?@?(\S+))?")
_JOIN: Final = re.compile(r"join\b(?: for\b)? *(.*)")
_SHOW: Final = frozenset({"", "show"})
_LEAVE: Final = frozenset({"leave", "join off"})


class Wrong(StrEnum):
    """Why it cannot be done; the message says it in words."""

    WORDS = "words"  # it is none of what can be said
    DAY = "day"  # there is no such day
    AREA = "area"  # it names something that is no area
    EMPTY = "empty"  # nobody is on the rota
    PAST = "past"  # that week is over
    FAR = "far"  # that week is too far away
    THEIRS = "theirs"  # it is somebody else's week
    OTHER = "other"  # who shall have it has not agreed to look after triage
    YOU = "you"  # nor has who wants to take it


@dataclass(frozen=True, slots=True)
class Show:
    """They would like to see it."""


@dataclass(frozen=True, slots=True)
class Swap:
    """The week of this day goes to somebody, whose login is in lower case."""

    day: date
    to: str


@dataclass(frozen=True, slots=True)
class Take:
    """They take the week of this day themselves."""

    day: date


@dataclass(frozen=True, slots=True)
class Join:
    """They agree to be asked about these areas; None: about none any more, and they are on the rota no longer."""

    areas: tuple[str, ...] | None


Wish = Show | Swap | Take | Join


def read(args: str, areas: Sequence[Area]) -> Wish | Wrong:
    said = until.plain(args)
    if said in _SHOW:
        return Show()
    if said in _LEAVE:
        return Join(None)
    if join := _JOIN.fullmatch(said):
        wish = interested.read(join[1], areas)
        return Join(wish.areas) if isinstance(wish, interested.In) else Wrong.AREA
    return _change(said)


def leaves(args: str) -> bool:
    return until.plain(args) in _LEAVE


def _change(said: str) -> Swap | Take | Wrong:
    match = _CHANGE.fullmatch(said)
    if match is None or (match[1] == "swap") != bool(match[3]):
        return Wrong.WORDS
    try:
        day = date.fromisoformat(match[2])
    except ValueError:
        return Wrong.DAY
    return Swap(day, match[3]) if match[3] else Take(day)
