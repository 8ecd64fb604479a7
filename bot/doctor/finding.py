"""What the doctor finds: each a line or two, for somebody who looks after this in their spare time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_SHOWN: Final = 10


class State(StrEnum):
    WRONG = "wrong"
    WORTH_KNOWING = "worth knowing"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` is what was looked at, `how` says how to mend it. `more` are further lines, one for each thing."""

    check: str
    state: State
    what: str
    how: str = ""
    more: Sequence[str] = ()


def wrong(check: str, what: str, how: str, more: Iterable[str] = ()) -> Finding:
    return Finding(check, State.WRONG, what, how, _some(more))


def note(check: str, what: str, how: str = "", more: Iterable[str] = ()) -> Finding:
    return Finding(check, State.WORTH_KNOWING, what, how, _some(more))


def fine(check: str, what: str, more: Iterable[str] = ()) -> Finding:
    return Finding(check, State.FINE, what, more=tuple(more))


def _some(lines: Iterable[str]) -> tuple[str, ...]:
    found = tuple(lines)
    left_out = len(found) - _SHOWN
    return found if left_out <= 0 else (*found[:_SHOWN], f"and {left_out} more")


def count(number: int, one: str, many: str = "") -> str:
    """3 deliveries, 1 delivery."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lasting(time: timedelta) -> str:
    """In the largest unit of which there are at least two."""
    seconds = abs(time).total_seconds()
    for name, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}s"
    return count(round(seconds), "second")


def ago(at: datetime, now: datetime) -> str:
    return f"{lasting(now - at)} ago"
