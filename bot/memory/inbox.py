"""The inbox: every delivery is written here, on disk, before it is acknowledged. Its GUID makes it count once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, update

from bot.memory.schema import deliveries
from bot.memory.store import Store

NEW: Final = 0
PROJECTED: Final = 1
FAILED: Final = 2

# In conditions the state is a literal, not a parameter: only then do planners use the partial indexes.
_IS_NEW: Final = deliveries.c.state == literal_column("0")
_IS_FAILED: Final = deliveries.c.state == literal_column("2")
_KNOWN: Final = select(deliveries.c.id).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
_PROBE: Final = "(probe)"  # no GUID has brackets
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INSERT: Final = deliveries.insert()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook as it came: GitHub's GUID and event name, and the JSON text."""

    id: str
    event: str
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is waiting. `oldest` is when the oldest delivery that is not projected yet was received."""

    waiting: int
    failed: int
    oldest: datetime | None


class Inbox:
    """Where the webhook puts deliveries. `arrived` is set whenever something new is on disk."""

    def __init__(self, store: Store) -> None:
        self.arrived = asyncio.Event()
        self._store = store

    async def record(self, delivery: Delivery) -> bool:
        """True if it is new, False if it was known; either way it is on disk. Raises StoreUnavailable."""
        new = await self._store.write_together(insert, delivery)
        if new:
            self.arrived.set()
        return new


def insert(connection: Connection, batch: Sequence[Delivery]) -> list[bool]:
    """Writes those that are not there yet; for each of the batch whether it is new.

    There is one writer at a time (see the store), so looking first and then writing is safe.
    """
    seen = set(connection.scalars(_KNOWN, {"ids": [delivery.id for delivery in batch]}))
    rows, news = [], []
    for delivery in batch:
        news.append(delivery.id not in seen)
        if delivery.id not in seen:
            seen.add(delivery.id)
            rows.append(
                {
                    "id": delivery.id,
                    "event": delivery.event,
                    "payload": delivery.payload,
                    "received_at": delivery.received_at,
                    "state": NEW,
                }
            )
    if rows:
        connection.execute(_INSERT, rows)
    return news


def next_new(connection: Connection, limit: int) -> list[tuple[int, Delivery]]:
    """The oldest deliveries that are not projected yet, each with its number in the inbox."""
    rows = connection.execute(
        select(deliveries.c.seq, deliveries.c.id, deliveries.c.event, deliveries.c.payload, deliveries.c.received_at)
        .where(_IS_NEW)
        .order_by(deliveries.c.seq)
        .limit(limit)
    )
    return [(seq, Delivery(guid, event, bytes(payload), at)) for seq, guid, event, payload, at in rows]


def settle(connection: Connection, projected: Sequence[int], failed: Sequence[tuple[int, str]]) -> None:
    """Marks what was projected, and drops its payload: what people wrote does not stay. Failures keep theirs."""
    if projected:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.seq.in_(bindparam("seqs", expanding=True)))
            .values(state=PROJECTED, payload=None),
            {"seqs": list(projected)},
        )
    for seq, error in failed:
        connection.execute(update(deliveries).where(deliveries.c.seq == seq).values(state=FAILED, error=error))


def probe(connection: Connection) -> Backlog:
    """The backlog, after a delivery was written and taken away again: what would refuse a delivery refuses this."""
    row = {"id": _PROBE, "event": "probe", "payload": bytes(64 * 1024), "received_at": _LONG_AGO, "state": PROJECTED}
    connection.execute(_INSERT, row)
    connection.execute(delete(deliveries).where(deliveries.c.id == _PROBE))
    return backlog(connection)


def backlog(connection: Connection) -> Backlog:
    """How much is waiting, and since when."""
    waiting, oldest = connection.execute(select(func.count(), func.min(deliveries.c.received_at)).where(_IS_NEW)).one()
    failed = connection.scalar(select(func.count()).select_from(deliveries).where(_IS_FAILED))
    return Backlog(waiting, failed or 0, oldest)
