"""An outpost for journeys about outages: GitHub stays, the service comes and goes, and time passes alarm by alarm.

Here the sandbox's courier delivers, as GitHub does: once, with a log of it, and again only if it is asked.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestServer

from bot.app import PARTS, Parts, build
from bot.engine.local import LocalEngine
from bot.memory import hearing, looks, recall
from bot.model import OwnerId
from bot.policyfile import Source
from bot.sandbox import Running, World
from bot.sandbox.courier import NOBODY
from bot.sandbox.events import Attempt
from bot.sandbox.model import Thread
from bot.settings import Secret, Settings
from tests.stage import SECRET, SLUG, Cast, StageClock, no_config

_IN_EARNEST = 60.0  # seconds of real time, after which a story hangs
_TASKS = ("recovery", "installations", "forget")


class Outpost:
    """The organisation alpine-tools, our app on it, and a database in `folder`."""

    def __init__(
        self, world: World, cast: Cast, github: Running, clock: StageClock, folder: Path, config: Source | None,
        *, reads_the_past: bool = False,
    ) -> None:  # fmt: skip
        self.world = world
        self.cast = cast
        self.github = github
        self.clock = clock
        self.database = folder / "memory.db"
        self._config = config
        self._reads_the_past = reads_the_past
        github.courier.webhook_url = NOBODY

    @property
    def settings(self) -> Settings:
        assert self.cast.app.private_key is not None
        return Settings(
            app_id=str(self.cast.app.id),
            private_key=Secret(self.cast.app.private_key),
            webhook_secrets=(Secret(SECRET),),
            api_url=self.github.url,
            database_url=f"sqlite:///{self.database}",
            start_live=True,
            backfill_share=0.5 if self._reads_the_past else 0,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Parts]:
        """The service runs. Before and after, deliveries go to where nobody listens."""
        app = build(self.settings, self._config, clock=self.clock)
        async with TestServer(app, host="127.0.0.1") as server:
            self.parts = app[PARTS]
            self.github.courier.webhook_url = str(server.make_url("/webhook"))
            await self.parts.store.write(lambda db: no_config(db, self.world, self.clock()))
            await self.rest()
            yield self.parts
            await self.github.courier.drained()
            self.github.courier.webhook_url = NOBODY

    async def rest(self) -> None:
        """Lets everything happen that happens now."""
        async with asyncio.timeout(_IN_EARNEST):
            while not self.clock.asleep(*_TASKS, *(["backfill"] if self._reads_the_past else [])):
                await asyncio.sleep(0.002)
            await self.github.courier.drained()
            await self.parts.engine.settled()

    async def later(self, **delta: float) -> None:
        """Time passes while the service runs."""
        end = self.clock() + timedelta(**delta)
        while (soon := await self._next()) is not None and soon <= end:
            self.clock.advance(soon - self.clock())
            self._look_around()
            await self.rest()
        self.clock.advance(end - self.clock())
        await self.rest()

    def _look_around(self) -> None:
        """The engine does so twice a minute of real time, for what is planned without a word to it."""
        engine = self.parts.engine
        assert isinstance(engine, LocalEngine)
        engine._news.set()

    async def _next(self) -> datetime | None:
        """When something happens next: an alarm rings, or a look is due."""
        due_at = await self.parts.store.read(lambda db: looks.next_due(db, ()))
        return min((when for when in (self.clock.next_alarm(), due_at) if when is not None), default=None)

    async def away(self, **delta: float) -> None:
        """Time passes while it does not."""
        await self.github.courier.drained()
        self.clock.advance(timedelta(**delta))

    def said(self, thread: Thread) -> list[str]:
        """What the bot wrote there."""
        return [comment.body for comment in thread.comments if comment.author.login == f"{SLUG}[bot]"]

    def tries(self, guid: str) -> list[Attempt]:
        return [attempt for attempt in self.world.attempts if attempt.delivery.guid == guid]

    async def heard_until(self) -> datetime | None:
        return await self.parts.store.read(hearing.heard_until)

    async def witnessed_since(self) -> datetime:
        owner = OwnerId(self.cast.organisation.id)
        since, _ = await self.parts.store.read(lambda db: recall.owner(db, owner))
        return since
