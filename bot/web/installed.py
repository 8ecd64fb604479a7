"""`/setup`, once there is an app: closed. And how far the past has been read, for whoever set it up, for a day.

Whoever set it up is known by the cookie of the set-up page. Everybody else sees no names.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.github.errors import CallFailed
from bot.installations import Installations
from bot.memory import app as stored
from bot.memory import progress
from bot.memory.app import SetUp
from bot.memory.store import Store, StoreUnavailable
from bot.settings import Settings
from bot.web import sheets
from bot.web.sheets import Sheets

_EVERY: Final = 3  # seconds until the page is loaded again
_ASK_EVERY: Final = timedelta(seconds=10)  # GitHub, where it is installed
_PATIENCE: Final = 5.0  # seconds for GitHub to say so
_BARS: Final = 100

log = structlog.get_logger()


class Installed:
    def __init__(self, settings: Settings, store: Store, installations: Installations, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._installations = installations
        self._clock = clock
        self._sheets = Sheets(settings.github_url)
        self._asked_at: datetime | None = None

    async def setup(self, request: web.Request) -> web.Response:
        """It is set up: 410 for everybody, and the way on for whoever did it."""
        who = await self._who(request)
        install = f"{who.app_url}/installations/new" if who else ""
        return self._sheets.show(request, "closed", status=410, install=install)

    async def installed(self, request: web.Request) -> web.Response:
        """GitHub sends whoever has installed the app here. What it says in the address is not believed: anybody could
        say it (docs.github.com: «About the setup URL»)."""
        who = await self._who(request)
        if who is None:
            return self._sheets.show(request, "elsewhere")
        told = await self._told()
        reads = self._settings.backfill_share > 0
        waits = not told or (reads and not all(one.done for one in told))
        return self._sheets.show(
            request, "progress", refresh=_EVERY if waits else None, told=told, bars=_BARS, reads=reads,
            live=self._settings.start_live, install=f"{who.app_url}/installations/new",
        )  # fmt: skip

    async def _told(self) -> list[progress.Progress]:
        try:
            told = await self._store.read(progress.of_all)
            if not told and self._may_ask():
                await self._ask()
                told = await self._store.read(progress.of_all)
        except StoreUnavailable as error:
            log.warning("progress not known", why=str(error))
            return []
        return told

    def _may_ask(self) -> bool:
        """Pages are loaded more often than GitHub need be asked."""
        now = self._clock()
        if self._asked_at is not None and now < self._asked_at + _ASK_EVERY:
            return False
        self._asked_at = now
        return True

    async def _ask(self) -> None:
        """The delivery that tells of the installation may be late, or be lost."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._installations.ask()
        except (CallFailed, TimeoutError) as error:
            log.warning("installations not known", why=str(error))

    async def _who(self, request: web.Request) -> SetUp | None:
        """Who set it up, if this is their browser."""
        now = self._clock()
        try:
            who = await self._store.read(lambda db: stored.who_set_it_up(db, now))
        except StoreUnavailable:
            return None
        return who if who and sheets.is_session(request, who.session) else None
