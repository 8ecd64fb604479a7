"""Finds what GitHub tried to tell us and we did not hear, and asks for it again: at the start, and every hour.

GitHub delivers once and keeps a log of it for three days. Whatever the log has and the inbox has not is redelivered,
also what was delivered well: a database that was restored from a backup has lost it. A time without us that was longer
than the log is filled from GitHub's lists (memory/hearing.py).
"""

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import structlog

from bot.clock import Clock
from bot.github.errors import CallFailed, RetryAt
from bot.github.hooks import KEPT, Attempt, Hooks
from bot.memory import hearing, inbox
from bot.memory.hearing import OVERLAP
from bot.memory.inbox import Inbox
from bot.memory.store import Store, StoreUnavailable
from bot.metrics import Metrics

TRIES: Final = 4  # then a delivery is left alone
_EVERY: Final = timedelta(hours=1)
_AGAIN_AFTER: Final = timedelta(seconds=30)
_COMES_WITHIN: Final = timedelta(minutes=1)  # what was asked for
_AT_ONCE: Final = 150  # GitHub takes 180 such requests in a minute («Rate limits for the REST API»: points)
_AROUND_THEN: Final = timedelta(minutes=30)
# With these answers the delivery itself is at fault. Others, or none, may mean that nothing got through at that time.
_AT_FAULT: Final = frozenset({400, 413, 500})
_NOT_TO_BE_HAD: Final = frozenset({400, 404, 410, 422})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery that the inbox has not, with the tries at it that the log shows, newest first."""

    attempts: tuple[Attempt, ...]
    hopeless: bool  # asking again does not help

    @property
    def guid(self) -> str:
        return self.newest.guid

    @property
    def newest(self) -> Attempt:
        return self.attempts[0]

    @property
    def first(self) -> Attempt:
        return self.attempts[-1]


def lost(attempts: Sequence[Attempt], missing: Collection[str]) -> list[Lost]:
    """What is missing of the log (newest first), oldest first. Whatever the log says was taken was on disk before, so
    nothing of it can still be on its way."""
    open_at = sorted(attempt.at for attempt in attempts if attempt.got_through)
    tries: defaultdict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if attempt.guid in missing:
            tries[attempt.guid].append(attempt)
    found = [Lost(tuple(its), _hopeless(its, open_at)) for its in tries.values()]
    return sorted(found, key=lambda one: (one.first.at, one.first.id))


def _hopeless(tries: Sequence[Attempt], open_at: Sequence[datetime]) -> bool:
    """A try counts if the answer says that this delivery is wrong, or if anything got through around that time: what
    failed because the service could not be reached is not given up. The first try may be older than the log; then
    enough was done about it, unless it got through to a database that is no more."""
    if tries[-1].redelivery and not tries[0].got_through:
        return True
    return sum(one.status_code in _AT_FAULT or _open_around(one.at, open_at) for one in tries) >= TRIES


def _open_around(at: datetime, open_at: Sequence[datetime]) -> bool:
    first = bisect_left(open_at, at - _AROUND_THEN)
    return first < len(open_at) and open_at[first] <= at + _AROUND_THEN


class Recovery:
    def __init__(self, store: Store, box: Inbox, hooks: Hooks, clock: Clock, metrics: Metrics) -> None:
        self._store = store
        self._inbox = box
        self._hooks = hooks
        self._clock = clock
        self._metrics = metrics
        self._heard: datetime | None = None  # until when this process knows that it has everything
        self._first_over = asyncio.Event()
        self._coming_until: datetime | None = None
        self._told = False

    async def keep_recovered(self) -> None:
        """Compares now and then, for ever. Whatever goes wrong here, the rest of the service does without it."""
        while True:
            again_at = self._clock() + _AGAIN_AFTER
            try:
                await self.compare()
                again_at = self._clock() + _EVERY
            except CallFailed as failed:
                again_at = self._after(failed)
            except StoreUnavailable as error:
                log.warning("deliveries not compared", why=str(error))
            except Exception:
                log.exception("deliveries not compared")
            await self._clock.until(again_at)

    def _after(self, failed: CallFailed) -> datetime:
        """When to try again. Some servers have no log; that is worth one line."""
        now = self._clock()
        if failed.status == HTTPStatus.NOT_FOUND:
            if not self._told:
                log.warning("GitHub shows no log of deliveries here: what gets lost is not noticed", why=str(failed))
            self._told = True
            return now + _EVERY
        log.warning("deliveries not compared", why=str(failed))
        when = failed.failure.when if isinstance(failed.failure, RetryAt) else None
        return max(when or now, now + _AGAIN_AFTER)

    async def caught_up(self) -> datetime | None:
        """Waits until the first comparison is over. When whatever was asked for since then will be there, if it is not
        yet: who speaks before may not have heard that the thread was closed meanwhile."""
        await self._first_over.wait()
        coming = self._coming_until
        return coming if coming is not None and coming > self._clock() else None

    async def compare(self) -> None:
        """Raises CallFailed and StoreUnavailable."""
        began = self._clock()
        try:
            found = await self._lost(began)
            await self._mind_the_gap(began)
            asked = await self._ask_again(found)
        finally:
            self._first_over.set()
        missing = await self._missing(one.guid for one in found)
        self._metrics.missing.set(len(missing))
        heard = min((one.first.at for one in asked if one.guid in missing), default=began)
        await self._store.write(lambda db: hearing.hear(db, heard))
        self._heard = heard
        self._metrics.heard_until.set(heard.timestamp())

    async def _lost(self, now: datetime) -> list[Lost]:
        since = now - KEPT if self._heard is None else max(now - KEPT, self._heard - OVERLAP)
        attempts = [attempt async for attempt in self._hooks.attempts(since)]
        return lost(attempts, await self._missing(attempt.guid for attempt in attempts))

    async def _ask_again(self, found: Sequence[Lost]) -> list[Lost]:
        """Asks for each once more, some at a time, and waits until they should be there. Returns what was asked for."""
        asked: list[Lost] = []
        hopeful = [one for one in found if not one.hopeless]
        for one in found:
            if one.hopeless:
                _about(one).error("a delivery stays lost: it was tried often enough", why=one.newest.status)
        for start in range(0, len(hopeful), _AT_ONCE):
            some = hopeful[start : start + _AT_ONCE]
            more = len(hopeful) > start + len(some)
            asked += [one for one in some if await self._asked(one)]
            now = self._clock()
            self._coming_until = now + (2 if more else 1) * _COMES_WITHIN  # others go on in time, or not at all
            self._first_over.set()
            await self._clock.until(now + _COMES_WITHIN)
        return asked

    async def _asked(self, one: Lost) -> bool:
        await self._inbox.lull()
        try:
            await self._hooks.redeliver(one.newest)
        except CallFailed as failed:
            if failed.status not in _NOT_TO_BE_HAD:
                raise
            _about(one).error("a delivery stays lost: GitHub does not repeat it", why=str(failed))
            return False
        _about(one).info("asked for a delivery once more", why=one.newest.status)
        self._coming_until = self._clock() + _COMES_WITHIN
        self._metrics.redeliveries.inc()
        return True

    async def _missing(self, guids: Iterable[str]) -> set[str]:
        wanted = set(guids)
        return await self._store.read(lambda db: inbox.missing(db, wanted))

    async def _mind_the_gap(self, now: datetime) -> None:
        """What is older than the log cannot be asked for. That is found out before anything is heard again, so that
        nobody is taken for a newcomer who came in the gap."""
        heard = await self._store.read(hearing.heard_until)
        if heard is None or heard >= now - KEPT + OVERLAP:
            return
        if await self._store.write(lambda db: hearing.close_gap(db, heard, now)):
            log.warning("nothing was heard for longer than GitHub remembers: lists will tell", since=heard.isoformat())


def _about(one: Lost) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = log.bind(
        delivery=one.guid, gh_event=one.first.event, at=one.first.at.isoformat()
    )
    return bound
