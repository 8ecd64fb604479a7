"""`/switchback …`: what maintainers may tell the bot to do, read from the words behind the command.

`pause 2 weeks` (or `3 days`, `12 hours`, `until 2026-12-24`), `resume`, `mute KIND`, `unmute KIND`, `status`. A kind is
the name of a message. Only the first such command of a text counts; whoever wants two things writes two comments.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

NAME: Final = "switchback"
LONGEST_PAUSE: Final = timedelta(weeks=26)
COUNTS_FOR: Final = timedelta(days=7)  # whoever is heard of later than that has stopped waiting for it

_UNITS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_LENGTH: Final = re.compile(r"(?:for )?([0-9]{1,5}|an?|one) (hour|day|week)s?")
_DAY: Final = re.compile(r"(?:until )?([0-9]{4}-[0-9]{2}-[0-9]{2})")
_POLITE: Final = re.compile(r"[ .,!]*(?:\b(?:please|thanks|thank you|thx))?[ .,!]*$")


class Why(StrEnum):
    """What is wrong with a command; the message says it in words."""

    UNKNOWN = "unknown"  # there is no such command
    DURATION = "duration"  # it does not say for how long
    PAST = "past"  # that day is over
    LONG = "long"  # longer than LONGEST_PAUSE
    KIND = "kind"  # it names no kind of comment, or none that there is


@dataclass(frozen=True, slots=True)
class Pause:
    until: datetime


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Mute:
    kind: str


@dataclass(frozen=True, slots=True)
class Unmute:
    kind: str


@dataclass(frozen=True, slots=True)
class Status:
    pass


@dataclass(frozen=True, slots=True)
class Mistake:
    why: Why


Wish = Pause | Resume | Mute | Unmute | Status
_ALONE: Final[dict[str, Wish]] = {"resume": Resume(), "status": Status()}
_OF_A_KIND: Final[dict[str, type[Mute | Unmute]]] = {"mute": Mute, "unmute": Unmute}


def read(args: str, now: datetime) -> Wish | Mistake:
    """`args` is what stands behind `/switchback`, written at `now`: durations count from then, and days are UTC's."""
    verb, _, rest = _POLITE.sub("", " ".join(args.lower().split())).partition(" ")
    if verb == "pause":
        return _pause(rest, now)
    if verb in _OF_A_KIND:
        kind = rest.strip("`").removesuffix(".md")
        return _OF_A_KIND[verb](kind) if kind else Mistake(Why.KIND)
    return Mistake(Why.UNKNOWN) if rest else _ALONE.get(verb, Mistake(Why.UNKNOWN))


def _pause(rest: str, now: datetime) -> Pause | Mistake:
    until = _end(rest, now)
    if until is None:
        return Mistake(Why.DURATION)
    if until <= now:
        return Mistake(Why.PAST)
    return Pause(until) if until - now <= LONGEST_PAUSE else Mistake(Why.LONG)


def _end(rest: str, now: datetime) -> datetime | None:
    if length := _LENGTH.fullmatch(rest):
        many = int(length[1]) if length[1].isdigit() else 1
        return now + many * _UNITS[length[2]]
    if day := _DAY.fullmatch(rest):
        try:
            return datetime.combine(date.fromisoformat(day[1]), time(), UTC)
        except ValueError:  # there is no such day
            return None
    return None
