"""The inbox: every delivery is written here, on disk, before it is acknowledged. Its GUID makes it count once."""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, update

from bot.memory.schema import deliveries
from bot.memory.store import Store, StoreUnavailable

PATIENCE: Final = 8.0  # seconds for writing a delivery, within the 10 that GitHub waits

# More than this many deliveries within a moment is a flood.
_MANY: Final = 20
_MOMENT: Final = 0.05  # seconds
_FLOOD: Final = 30.0  # seconds

_SLICE: Final = 500  # deliveries that are forgotten in one go, while new ones wait to be acknowledged

NEW: Final = 0
PROJECTED: Final = 1
FAILED: Final = 2

# In conditions the state is a literal, not a parameter: only then do planners use the partial indexes.
_IS_NEW: Final = deliveries.c.state == literal_column("0")
_IS_FAILED: Final = deliveries.c.state == literal_column("2")
_NEWEST: Final = (
    select(deliveries.c.id)
    .where(deliveries.c.id.in_(bindparam("guids", expanding=True)))
    .order_by(deliveries.c.seq.desc())
    .limit(bindparam("count"))
)
_OLDEST: Final = (
    select(deliveries.c.seq, deliveries.c.id, deliveries.c.event, deliveries.c.payload, deliveries.c.received_at)
    .where(_IS_NEW)
    .order_by(deliveries.c.seq)
    .limit(bindparam("count"))
)
_PROJECT: Final = (
    update(deliveries)
    .where(deliveries.c.seq.in_(bindparam("seqs", expanding=True)))
    .values(state=PROJECTED, payload=None)
)
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

    def __init__(self, store: Store, *, patience: float = PATIENCE) -> None:
        self.arrived = asyncio.Event()
        self._store = store
        self.patience = patience
        self._waiting: deque[tuple[float, asyncio.Future[bool]]] = deque()  # until when, the oldest first
        self._timer: asyncio.TimerHandle | None = None
        self._latest: deque[float] = deque(maxlen=_MANY)  # when the last ones came
        self._flood_since: float | None = None

    async def record(self, delivery: Delivery) -> bool:
        """True if it is new, False if it was known; either way it is on disk.

        Raises StoreUnavailable, also if the database does not answer for as long as `patience` (seconds); the delivery
        may be written all the same then.
        """
        now = monotonic()
        self._latest.append(now)
        self._note_flood(now)
        written = self._store.submit(insert, delivery)
        self._wait_for(written, now + self.patience)
        new = await written
        if new:
            self.arrived.set()
        return new

    async def lull(self) -> None:
        """Waits while deliveries pour in, for at most half a minute of it: recording goes before everything else.

        GitHub gives up on a delivery after 10 s, and nobody notices a look that comes half a minute later.
        """
        while self._flooded():  # noqa: ASYNC110 (that no more deliveries come is no event)
            await asyncio.sleep(_MOMENT)

    def _flooded(self) -> bool:
        now = monotonic()
        self._note_flood(now)
        return self._flood_since is not None and now - self._flood_since < _FLOOD

    def _note_flood(self, now: float) -> None:
        if len(self._latest) < _MANY or now - self._latest[0] > _MOMENT:
            self._flood_since = None
        elif self._flood_since is None:
            self._flood_since = now

    def _wait_for(self, written: asyncio.Future[bool], until: float) -> None:
        """One timer for all of them: a timeout of its own for each would cost more than recording it."""
        while self._waiting and self._waiting[0][1].done():
            self._waiting.popleft()
        self._waiting.append((until, written))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self.patience, self._give_up)

    def _give_up(self) -> None:
        """On those that have waited too long."""
        now = monotonic()
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= now):
            _, written = self._waiting.popleft()
            if not written.done():
                written.set_exception(StoreUnavailable("the database does not answer"))
        self._timer = None
        if self._waiting:
            later = max(0.0, self._waiting[0][0] - now)
            self._timer = asyncio.get_running_loop().call_later(later, self._give_up)


def insert(connection: Connection, batch: Sequence[Delivery]) -> list[bool]:
    """Writes those that are not there yet; for each of the batch whether it is new.

    One statement for all: with each, SQLite's driver hands the interpreter to the event loop and has to get it back.
    """
    guids = [delivery.id for delivery in batch]
    values = [
        value
        for delivery in batch
        for value in (delivery.id, delivery.event, round(delivery.received_at.timestamp() * 1000), delivery.payload)
    ]
    if connection.dialect.name == "sqlite":
        added = connection.exec_driver_sql(_insertion(len(batch), "?"), tuple(values)).rowcount
        if added == len(batch):
            return [True] * added
        # The newest of these GUIDs are the ones that were just written: numbers only grow.
        new = set(connection.scalars(_NEWEST, {"guids": guids, "count": added}))
    else:  # psycopg's rowcount does not tell
        returning = _insertion(len(batch), "%s") + " RETURNING id"
        new = set(connection.exec_driver_sql(returning, tuple(values)).scalars())
    return [_take(new, guid) for guid in guids]


def _take(new: set[str], guid: str) -> bool:
    """Whether it is among the new ones. What comes twice in a batch is new once."""
    found = guid in new
    new.discard(guid)
    return found


@cache
def _insertion(count: int, mark: str) -> str:
    """For so many deliveries; `mark` is how the driver writes a parameter."""
    row = f"({mark}, {mark}, {mark}, {mark}, {NEW})"
    return (
        "INSERT INTO deliveries (id, event, received_at, payload, state) "  # noqa: S608 (nothing from outside)
        f"VALUES {', '.join([row] * count)} ON CONFLICT (id) DO NOTHING"
    )


def next_new(connection: Connection, limit: int) -> list[tuple[int, Delivery]]:
    """The oldest deliveries that are not projected yet, each with its number in the inbox."""
    rows = connection.execute(_OLDEST, {"count": limit})
    return [(seq, Delivery(guid, event, bytes(payload), at)) for seq, guid, event, payload, at in rows]


def settle(connection: Connection, projected: Sequence[int], failed: Sequence[tuple[int, str]]) -> None:
    """Marks what was projected, and drops its payload: what people wrote does not stay. Failures keep theirs."""
    if projected:
        connection.execute(_PROJECT, {"seqs": list(projected)})
    for seq, error in failed:
        connection.execute(update(deliveries).where(deliveries.c.seq == seq).values(state=FAILED, error=error))


def failures(connection: Connection) -> list[int]:
    """The numbers of the deliveries that could not be projected."""
    return list(connection.scalars(select(deliveries.c.seq).where(_IS_FAILED).order_by(deliveries.c.seq)))


def forget(connection: Connection, before: datetime) -> int:
    """Takes out some of the deliveries that were received before then, projected or failed. Returns how many."""
    old = select(deliveries.c.seq).where(deliveries.c.received_at < before, ~_IS_NEW).limit(_SLICE)
    return connection.execute(delete(deliveries).where(deliveries.c.seq.in_(old))).rowcount


def missing(connection: Connection, guids: Collection[str]) -> set[str]:
    """Those of them that were never received, or were forgotten since."""
    unknown, wanted = set(guids), sorted(guids)
    for start in range(0, len(wanted), _SLICE):
        some = wanted[start : start + _SLICE]
        unknown.difference_update(connection.scalars(select(deliveries.c.id).where(deliveries.c.id.in_(some))))
    return unknown


def retry_failed(connection: Connection) -> int:
    """Those that could not be projected are new again, if their text is still there. Returns how many."""
    again = update(deliveries).where(_IS_FAILED, deliveries.c.payload.is_not(None)).values(state=NEW, error=None)
    return connection.execute(again).rowcount


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
