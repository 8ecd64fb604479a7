"""Where the app is installed, and what it is called: asked of GitHub at the start and every hour, besides what
deliveries tell.

From the first time that we hear of an installation we count as listening there; what was before is the past.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.github.errors import CallFailed
from bot.github.read import Installed, Reader
from bot.memory import app, arrivals, looks, places, ramp, recall
from bot.memory.places import InstallationState
from bot.memory.store import Store, StoreUnavailable
from bot.model import OwnerId, Subject

_EVERY: Final = timedelta(hours=1)
_AGAIN_AFTER: Final = timedelta(seconds=30)
# What is looked at for a whole organisation.
_FOR_ALL: Final = (
    "ramp", "digest", "triage", "community", "mentoring", "cohort", "team", "check-in", "farewell", "succession",
    "thanks",
)  # fmt: skip

log = structlog.get_logger()


class Installations:
    def __init__(self, store: Store, reader: Reader, clock: Clock, *, start_live: bool) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._start_live = start_live
        self.known = asyncio.Event()  # set once GitHub's first answer is written down

    async def keep_known(self) -> None:
        """Asks now and then, for ever. Whatever goes wrong here, the rest of the service does without it."""
        while True:
            pause = _AGAIN_AFTER
            try:
                await self.ask()
                pause = _EVERY
            except (CallFailed, StoreUnavailable) as error:
                log.warning("installations not known", why=str(error))
            except Exception:
                log.exception("installations not known")
            await self._clock.until(self._clock() + pause)

    async def ask(self) -> None:
        """Raises CallFailed and StoreUnavailable."""
        asked_at = self._clock()
        slug = (await self._reader.identity()).slug  # it may be renamed
        found = await self._reader.installations()
        known = await self._store.read(recall.active_installations)
        for id_ in known - {one.id for one in found}:  # a list that changes while it is read may leave one out
            if (one := await self._reader.installation(id_)) is not None:
                found.append(one)
        await self._store.write(lambda db: self._write_down(db, slug, found, asked_at))
        self.known.set()

    def _write_down(self, connection: Connection, slug: str, found: list[Installed], asked_at: datetime) -> None:
        app.called(connection, slug, asked_at)
        for one in found:
            places.owner(connection, one.account, asked_at)
            state = InstallationState.SUSPENDED if one.suspended else InstallationState.ACTIVE
            owner_id = OwnerId(one.account["id"])
            places.installation(
                connection, one.id, owner_id, asked_at, state=state, live=self._start_live,
                updated_at=one.updated_at, everywhere=one.everywhere,
            )  # fmt: skip
            arrivals.plan(connection, owner_id, asked_at)
            for kind in _FOR_ALL:
                looks.begin(connection, Subject(f"{kind}/{owner_id}"), asked_at + ramp.SOON)
        places.missing_installations(connection, {one.id for one in found}, asked_at)
