"""An engine's surroundings: real tables, a clock that stands still, and looks that do what the test says."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bot.engine import Finished, Look, Outcome, local
from bot.engine.local import LocalEngine
from bot.memory import looks
from bot.memory.store import Store, StoreUnavailable
from bot.metrics import Metrics
from bot.model import Subject
from tests import postgres
from tests.stage import StageClock

HANGS: Final = 20.0  # seconds of real time


@pytest.fixture(params=postgres.KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with postgres.made(request.param, request.config, tmp_path) as url:
        store = Store(url)
        yield store
        store.close()


class Looker:
    """Looks at a subject as it was told to (`then`), else finds nothing to do; while the gate is shut it goes on."""

    def __init__(self) -> None:
        self.then: dict[Subject, list[Callable[[], Outcome]]] = {}
        self.seen: list[tuple[Subject, int]] = []
        self.begun: asyncio.Queue[Subject] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way: Counter[Subject] = Counter()
        self.most_of_one = self.most_at_once = 0

    async def __call__(self, subject: Subject, attempts: int) -> Outcome:
        self.seen.append((subject, attempts))
        self.begun.put_nowait(subject)
        self.under_way[subject] += 1
        self.most_of_one = max(self.most_of_one, self.under_way[subject])
        self.most_at_once = max(self.most_at_once, self.under_way.total())
        try:
            await self.gate.wait()
            return self.then[subject].pop(0)() if self.then.get(subject) else Finished()
        finally:
            self.under_way[subject] -= 1

    def will(self, subject: Subject, *outcomes: Outcome | Exception) -> None:
        def give(outcome: Outcome | Exception) -> Outcome:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        self.then[subject] = [partial(give, outcome) for outcome in outcomes]

    @property
    def times(self) -> int:
        return len(self.seen)


class Scene:
    """`tell` is the inbox, with news of subjects in place of deliveries."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = StageClock()
        self.look = Looker()
        self.metrics = Metrics()
        self.arrived = asyncio.Event()
        self.told: list[Subject] = []
        self.intakes = 0
        self.unavailable = 0  # so many intakes find the database away

    def tell(self, *subjects: Subject) -> None:
        self.told += subjects
        self.arrived.set()

    async def intake(self) -> bool:
        self.intakes += 1
        if self.unavailable:
            self.unavailable -= 1
            raise StoreUnavailable("it is away")
        subjects, now = tuple(self.told[:5]), self.clock()
        await self.store.write(lambda db: looks.touch(db, subjects, now))
        del self.told[: len(subjects)]
        return bool(self.told)

    def engine(self, look: Look | None = None) -> LocalEngine:
        return LocalEngine(
            self.store, self.arrived, intake=self.intake, look=look or self.look, clock=self.clock, metrics=self.metrics
        )

    @asynccontextmanager
    async def running(self, engine: LocalEngine | None = None) -> AsyncIterator[LocalEngine]:
        engine = engine or self.engine()
        async with asyncio.timeout(HANGS):
            task = asyncio.create_task(engine.run())
            try:
                yield engine
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def due_in(self) -> timedelta | None:
        at = await self.store.read(lambda db: looks.next_due(db, ()))
        return None if at is None else at - self.clock()

    async def pause(self) -> None:
        """Long enough for the engine to do what it would do now."""
        for _ in range(5):
            await self.store.write(lambda db: None)
            await asyncio.sleep(0)


@pytest.fixture
def scene(store: Store, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(local, "_STORE_PAUSE", 0.01)
    return Scene(store)
