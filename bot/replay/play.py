"""Lives through something with its own clock: asks the rules, takes down what they wish for, and looks again when due.

It does not know where the threads come from: a `World` tells what was known at a moment. One is made of a history
(`known.py`), another of memory (`bot/preview/`).
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeVar

from bot import rules
from bot.effects import Act, LookAgain
from bot.looking import ThreadLook
from bot.model import Subject, ThreadRef
from bot.policy import Policy


class Played(Protocol):
    """A thread. `look_again_at` is when its look is planned."""

    ref: ThreadRef
    look_again_at: datetime | None


T = TypeVar("T", bound=Played)
T_contra = TypeVar("T_contra", bound=Played, contravariant=True)


class World(Protocol[T_contra]):
    """What is known at a moment."""

    def policy(self, thread: T_contra) -> Policy:
        """The configuration that holds where the thread is."""

    def look(self, thread: T_contra, now: datetime) -> ThreadLook:
        """The thread as the rules see it."""

    def did(self, act: Act, thread: T_contra, now: datetime) -> Act | None:
        """Takes an act down, as it is done. None if its key was there already."""


class Play(Generic[T]):
    """The clock, and the looks that are planned. What it tells are acts, each with its time and thread."""

    def __init__(self, world: World[T]) -> None:
        self._world = world
        self._agenda: list[tuple[datetime, Subject, int, T]] = []  # a heap; may hold a thread twice
        self._order = count()

    def before(self, moment: datetime) -> Iterator[tuple[datetime, T, Act]]:
        """What is due before a moment. Whatever is due at it waits for all that happens at it: a human's answer then is
        in time."""
        while self._agenda and self._agenda[0][0] < moment:
            yield from self._next()

    def wait(self) -> Iterator[tuple[datetime, T, Act]]:
        """All that is still planned."""
        while self._agenda:
            yield from self._next()

    def _next(self) -> Iterator[tuple[datetime, T, Act]]:
        at, *_, thread = heappop(self._agenda)
        if thread.look_again_at == at:
            yield from self.look(thread, at)

    def look(self, thread: T, now: datetime) -> Iterator[tuple[datetime, T, Act]]:
        """As the engine's look (`bot/look.py`): the rules are asked again after each act but the last."""
        policy = self._world.policy(thread)
        while True:
            effects = rules.decide(self._world.look(thread, now), policy, now)
            acts = [effect for effect in effects if isinstance(effect, Act)]
            done = next((done for act in acts if (done := self._world.did(act, thread, now))), None)
            if done is None:
                break
            yield now, thread, done
            if done.key == acts[-1].key:
                break
        later = [effect.at for effect in effects if isinstance(effect, LookAgain) and effect.at > now]
        thread.look_again_at = min(later, default=None)
        if thread.look_again_at is not None:
            # In the engine's order: by time, then by subject.
            heappush(self._agenda, (thread.look_again_at, thread.ref.subject, next(self._order), thread))
