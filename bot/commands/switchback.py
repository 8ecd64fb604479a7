"""`/switchback …`: what maintainers may tell the bot to do, read from the words behind the command.

`pause 2 weeks` (or `3 days`, `12 hours`, `until 2026-12-24`), `resume`, `mute KIND`, `unmute KIND`, `status`. A kind is
the name of a message. Only the first such command of a text counts; whoever wants two things writes two comments.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.commands import until

NAME: Final = "switchback"
COUNTS_FOR: Final = timedelta(days=7)  # whoever is heard of later than that has stopped waiting for it


class Why(StrEnum):
    """What is wrong with a command; the message says it in words."""

    UNKNOWN = "unknown"  # there is no such command
    DURATION = until.Wrong.DURATION.value
    PAST = until.Wrong.PAST.value
    LONG = until.Wrong.LONG.value
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


VERBS: Final = frozenset({"pause", *_ALONE, *_OF_A_KIND})


def read(args: str, now: datetime) -> Wish | Mistake:
    """`args` is what stands behind `/switchback`, written at `now`: durations count from then, and days are UTC's."""
    verb, _, rest = until.plain(args).partition(" ")
    if verb == "pause":
        return _pause(rest, now)
    if verb in _OF_A_KIND:
        kind = rest.strip("`").removesuffix(".md")
        return _OF_A_KIND[verb](kind) if kind else Mistake(Why.KIND)
    return Mistake(Why.UNKNOWN) if rest else _ALONE.get(verb, Mistake(Why.UNKNOWN))


def _pause(rest: str, now: datetime) -> Pause | Mistake:
    end = until.read(rest, now)
    return Mistake(Why(end)) if isinstance(end, until.Wrong) else Pause(end)
