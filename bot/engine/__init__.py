"""Decides *when* a subject is looked at, and knows nothing of what a look is.

The promises of every engine: looks at one subject are coalesced and never overlap; a subject that is due is looked at;
what fails is tried again, later each time, and in the end goes to the dead letters. All of it lives in memory's tables
(`bot/memory/looks.py`), so an engine may lose everything it holds in flight and find it again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.model import Subject

TRIES: Final = 15  # with `backoff`, over about three hours
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing more to do until there is news, or until `again_at`."""

    again_at: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now, by nobody's fault: it is too early, or GitHub asked to wait."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not work and is tried again: at `at`, or a little later with each try. After TRIES it is given up."""

    why: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """It will not work until somebody does something about it."""

    why: str


Outcome = Finished | Postponed | Failed | Lost
Look = Callable[[Subject, int], Awaitable[Outcome]]  # the subject, and how many tries have failed before
Intake = Callable[[], Awaitable[bool]]  # takes in some deliveries; whether there are more


class Engine(Protocol):
    async def run(self) -> None:
        """Works until it is cancelled."""
        ...

    def running(self) -> bool:
        """Whether it is at work, for /readyz."""
        ...

    async def settled(self) -> None:
        """Returns when nothing is left to do now: all deliveries taken in, no look due or under way."""
        ...


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed tries: 5 s, 10 s, 20 s … 30 min."""
    return min(_FIRST_WAIT * (1 << min(attempts, 20)), _LONGEST_WAIT)
