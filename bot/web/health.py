"""`/healthz`, `/readyz` and `/metrics`: what a platform and its people ask to see whether all is well."""

import asyncio
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.clock import Clock
from bot.engine import Engine
from bot.memory import inbox, looks
from bot.memory.store import Store, StoreUnavailable
from bot.metrics import Metrics

_PATIENCE: Final = 2.0  # seconds


class Health:
    def __init__(self, store: Store, engine: Engine, clock: Clock, metrics: Metrics) -> None:
        self._store = store
        self._engine = engine
        self._clock = clock
        self._metrics = metrics

    async def healthz(self, request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok\n")

    async def readyz(self, request: web.Request) -> web.Response:
        """200 if deliveries can be recorded and are being worked on, otherwise 503; as JSON what is and what is not."""
        try:
            async with asyncio.timeout(_PATIENCE):
                backlog = await self._store.write(inbox.probe)  # writes: a disk that is full says so
            database, oldest = "writable", self._age(backlog)
        except (StoreUnavailable, TimeoutError):
            database, oldest = "away", None
        running = self._engine.running()
        ready = database == "writable" and running
        told = {
            "ready": ready,
            "database": database,
            "engine": "running" if running else "stopped",
            "oldest_unprocessed_seconds": oldest,
        }
        return web.json_response(told, status=200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Prometheus' text format."""
        try:
            async with asyncio.timeout(_PATIENCE):
                backlog = await self._store.read(inbox.backlog)
                planned, dead = await self._store.read(looks.waiting)
            self._metrics.waiting.set(backlog.waiting)
            self._metrics.failed.set(backlog.failed)
            self._metrics.oldest.set(self._age(backlog) or 0)
            self._metrics.planned.set(planned)
            self._metrics.dead.set(dead)
        except (StoreUnavailable, TimeoutError):
            pass  # the counters are worth showing all the same, and /readyz tells of the database
        return web.Response(body=generate_latest(self._metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _age(self, backlog: inbox.Backlog) -> float | None:
        return None if backlog.oldest is None else (self._clock() - backlog.oldest).total_seconds()
