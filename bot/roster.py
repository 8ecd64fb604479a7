"""Reads the list of who belongs to an organisation, once for all looks that want to know it at the same time: it can
be long."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.github.read import Reader
from bot.memory import learned, recall
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Repo

_SLICE: Final = 200  # people written down in one go, so that deliveries do not wait


class Roster:
    def __init__(self, store: Store, reader: Reader, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._under_way: dict[OwnerId, asyncio.Task[None]] = {}

    async def read(self, where: Repo, installation: InstallationId, wanted: Callable[[Connection], bool]) -> None:
        """`wanted`: whether it is still unknown what somebody wants to know. Raises CallFailed."""
        reading = self._under_way.get(where.owner_id)
        if reading is None:
            reading = asyncio.create_task(self._read(where, installation, wanted))
            self._under_way[where.owner_id] = reading
            reading.add_done_callback(lambda _: self._under_way.pop(where.owner_id))
        await reading

    async def _read(self, where: Repo, installation: InstallationId, wanted: Callable[[Connection], bool]) -> None:
        if not await self._store.read(wanted):  # another look has just read it
            return
        now = self._clock()
        _, in_organisation = await self._store.read(lambda db: recall.owner(db, where.owner_id))
        people = await self._reader.members(installation, where.owner) if in_organisation else []
        for start in range(0, len(people), _SLICE):
            some = people[start : start + _SLICE]
            await self._store.write(partial(learned.team, owner_id=where.owner_id, people=some, now=now))
        await self._store.write(lambda db: learned.team_read(db, where.owner_id, self._clock()))
