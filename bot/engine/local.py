"""The engine inside the serving process: asyncio tasks over memory's tables. No server beyond the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.engine import TRIES, Failed, Finished, Intake, Look, Lost, Outcome, Postponed, backoff
from bot.memory import looks
from bot.memory.looks import Due
from bot.memory.store import Store, StoreUnavailable
from bot.metrics import Metrics
from bot.model import Subject

_AT_ONCE: Final = 16  # looks under way
_STORE_PAUSE: Final = 1.0  # seconds to wait when the database is away
_SWEEP: Final = 30.0  # seconds; finds what another process recorded and did not live to take in

log = structlog.get_logger()


class LocalEngine:
    """`arrived` is set by the inbox; `intake` takes deliveries in; `look` looks at one subject."""

    def __init__(
        self, store: Store, arrived: asyncio.Event, *, intake: Intake, look: Look, clock: Clock, metrics: Metrics
    ) -> None:
        self._store = store
        self._arrived = arrived
        self._intake = intake
        self._look = look
        self._clock = clock
        self._metrics = metrics
        self._under_way: set[Subject] = set()
        self._taking_in = False
        self._alive = False
        self._news = asyncio.Event()  # something may be due
        self._changed = asyncio.Event()  # for `settled`

    def running(self) -> bool:
        return self._alive

    async def run(self) -> None:
        self._arrived.set()  # what an earlier run left behind
        self._alive = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._steadily(self._take_in))
                tasks.create_task(self._steadily(self._sweep))
                tasks.create_task(self._steadily(lambda: self._start_due(tasks)))
        finally:
            self._alive = False

    async def settled(self) -> None:
        while True:
            self._changed.clear()
            if not (self._arrived.is_set() or self._taking_in or self._under_way):
                due_at = await self._store.read(lambda db: looks.next_due(db, ()))
                if due_at is None or due_at > self._clock():
                    return
            await self._changed.wait()

    async def _steadily(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeats a step for ever, over times when the database is away."""
        while True:
            try:
                await step()
            except StoreUnavailable as error:
                log.warning("database away", why=str(error))
                await asyncio.sleep(_STORE_PAUSE)

    async def _sweep(self) -> None:
        await asyncio.sleep(_SWEEP)
        self._arrived.set()
        self._news.set()

    async def _take_in(self) -> None:
        await self._arrived.wait()
        self._taking_in = True
        self._arrived.clear()
        try:
            while await self._intake():
                self._news.set()
        except StoreUnavailable:
            self._arrived.set()
            raise
        finally:
            self._taking_in = False
            self._news.set()
            self._changed.set()

    async def _start_due(self, tasks: asyncio.TaskGroup) -> None:
        """Starts what is due, then waits for news or for the next due time."""
        self._news.clear()
        now, busy = self._clock(), frozenset(self._under_way)
        room = _AT_ONCE - len(busy)
        found, next_at = await self._store.read(lambda db: _due_or_next(db, now, room, busy)) if room else ([], None)
        for due in found:
            self._under_way.add(due.subject)
            tasks.create_task(self._one(due))
        self._changed.set()
        if not found:
            await self._news_or(next_at)

    async def _news_or(self, due_at: datetime | None) -> None:
        waits: list[asyncio.Task[object]] = [asyncio.create_task(self._news.wait())]
        if due_at is not None:
            waits.append(asyncio.create_task(self._clock.until(due_at)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _one(self, due: Due) -> None:
        try:
            outcome = await self._outcome(due)
            await self._store.write(lambda db: self._record(db, due, outcome))
            self._metrics.looks.labels(type(outcome).__name__.lower()).inc()
        except StoreUnavailable as error:  # the look stays due
            log.warning("database away", subject=due.subject, why=str(error))
            await asyncio.sleep(_STORE_PAUSE)
        finally:
            self._under_way.discard(due.subject)
            self._news.set()
            self._changed.set()

    async def _outcome(self, due: Due) -> Outcome:
        try:
            return await self._look(due.subject, due.attempts)
        except StoreUnavailable:
            raise
        except Exception as error:
            log.exception("a look broke", subject=due.subject)
            return Failed(f"{type(error).__name__} in the look; the log has more")

    def _record(self, db: Connection, due: Due, outcome: Outcome) -> None:
        now = self._clock()
        match outcome:
            case Finished(again_at, why):
                looks.finished(db, due, now, again_at, why)
            case Postponed(until, why):
                looks.postponed(db, due, until, why)
            case Failed(why, at):
                if due.attempts + 1 >= TRIES:
                    looks.died(db, due, why)
                    log.error("gave up on a subject", subject=due.subject, why=why)
                else:
                    looks.failed(db, due, at or now + backoff(due.attempts), why)
            case Lost(why):
                looks.died(db, due, why)
                log.error("gave up on a subject", subject=due.subject, why=why)
            case _:
                assert_never(outcome)


def _due_or_next(
    db: Connection, now: datetime, room: int, busy: frozenset[Subject]
) -> tuple[list[Due], datetime | None]:
    """What is due now, or else when something will be."""
    found = looks.due(db, now, room, busy)
    return found, None if found else looks.next_due(db, busy)
