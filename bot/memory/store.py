"""The database: one writer thread with group commit, a few readers, and plain synchronous functions between them.

A unit of work is a function of a Connection. Writes that are waiting at the same time share one transaction (each in a
savepoint of its own), so a burst costs a few commits; a write is on disk when its `await` returns. Measured against
statement-level async drivers this is an order of magnitude faster, on SQLite and PostgreSQL alike.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.memory import snapshot

Item = TypeVar("Item")
T = TypeVar("T")
Work = Callable[[Connection], T]

Outcome = tuple[Any, BaseException | None]  # a result, or what was raised instead

_ALONE: Final = object()
_BATCH: Final = 128
_READERS: Final = 4
_SQLITE_MINIMUM: Final = (3, 35)  # RETURNING
# For a snapshot over several statements PostgreSQL has to be asked; SQLite gives it to every transaction.
_READS: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {"reads": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
# One statement without BEGIN and COMMIT.
_STATEMENT: Final[dict[str, dict[str, Any]]] = {
    "sqlite": {"statement": True},
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
}
_PATIENCE: Final = 5  # seconds that SQLite waits for others
_POSTGRES_LOCK: Final = 7_305_811  # any number that is ours: one writer at a time over all processes


class StoreUnavailable(Exception):
    """The database cannot be reached or written to."""


class _Job:
    """A unit of work on its way through the writer thread, and how to tell who waits for it."""

    __slots__ = ("future", "item", "loop", "work")

    def __init__(self, work: Callable[..., Any], item: object = _ALONE) -> None:
        self.work = work
        self.item = item
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


class Store:
    """Opens on construction; `close()` ends the threads. What is `async` or returns a future is for the event loop."""

    def __init__(self, url: str) -> None:
        """Raises StoreUnavailable if the database cannot be opened."""
        self.engine = _engine(url)
        self.read_now(lambda connection: connection.execute(text("SELECT 1")))
        self._closed = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-read")
        self._writer = threading.Thread(target=self._write_forever, name="store-write", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Finishes what is queued, then ends. Later writes raise StoreUnavailable."""
        self._closed = True
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engine.dispose()

    async def write(self, work: Work[T]) -> T:
        """Runs `work` in a transaction; its result is on disk when this returns.

        What `work` raises comes out here and undoes that work alone. Raises StoreUnavailable.
        """
        result: T = await self._queued(_Job(work))
        return result

    def submit(self, work: Callable[[Connection, Sequence[Item]], Sequence[T]], item: Item) -> asyncio.Future[T]:
        """Like `write`, for many small writes of one kind: `work` gets all items that are waiting, and answers each.

        It changes the database with one statement, so that it need not be in a transaction. If it raises, all items get
        the exception. The future may get StoreUnavailable.
        """
        return self._queued(_Job(work, item))

    def _queued(self, job: _Job) -> asyncio.Future[Any]:
        if self._closed:
            job.future.set_exception(StoreUnavailable("it is closed"))
        else:
            self._jobs.put(job)
        return job.future

    async def read(self, work: Work[T]) -> T:
        """Runs `work` on a snapshot, beside the writer. Raises StoreUnavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Work[T]) -> T:
        """The same, for callers without an event loop."""
        try:
            options = {**_READS[self.engine.dialect.name], snapshot.TOLD: {}}
            with self.engine.connect().execution_options(**options) as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StoreUnavailable(_reason(error)) from error

    def write_now(self, work: Work[T]) -> T:
        """A write for callers without an event loop, such as migrations."""
        try:
            with self.engine.begin() as connection:
                _one_writer(connection)
                return work(connection)
        except SQLAlchemyError as error:
            raise StoreUnavailable(_reason(error)) from error

    def _write_forever(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch, last = self._gather(job)
            try:
                outcomes = self._perform(batch)
            except Exception as error:  # nobody knows what; but this thread has to go on
                outcomes = [(None, error)] * len(batch)
            _tell(batch, outcomes)
            if last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """Everything that is waiting now, up to a limit; and whether the end was among it."""
        batch = [first]
        while len(batch) < _BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _perform(self, batch: Sequence[_Job]) -> list[Outcome]:
        """Result or exception of each, after the commit."""
        groups = [list(group) for _, group in groupby(batch, key=lambda job: (job.work, job.item is _ALONE))]
        outcomes: list[Outcome] = []
        try:
            if len(groups) == 1 and batch[0].item is not _ALONE:
                return self._perform_statement(batch)
            with self.engine.connect() as connection, connection.begin() as transaction:
                _one_writer(connection)
                if len(batch) == 1:
                    return [_by_itself(batch[0], connection, transaction)]
                for group in groups:
                    outcomes.extend(_attempt(connection, group))
        except (SQLAlchemyError, sqlite3.Error) as error:
            return [(None, _unavailable(error))] * len(batch)
        return outcomes

    def _perform_statement(self, batch: Sequence[_Job]) -> list[Outcome]:
        """What goes together is one statement, so it is a transaction by itself.

        BEGIN and COMMIT would cost little on the disk, but each statement hands the interpreter over to the event loop,
        and under load this thread gets it back only milliseconds later.
        """
        with self.engine.connect().execution_options(**_STATEMENT[self.engine.dialect.name]) as connection:
            try:
                return [(result, None) for result in _together(batch, connection)]
            except SQLAlchemyError:
                raise
            except Exception as error:
                return [(None, error)] * len(batch)


def _by_itself(job: _Job, connection: Connection, transaction: RootTransaction) -> Outcome:
    """The only job of a transaction needs no savepoint."""
    try:
        return job.work(connection), None
    except SQLAlchemyError as error:
        if connection.invalidated:
            raise
        failed: Outcome = (None, _unavailable(error))
    except Exception as error:
        failed = (None, error)
    transaction.rollback()
    return failed


def _attempt(connection: Connection, jobs: Sequence[_Job]) -> list[Outcome]:
    """Each job in a savepoint of its own; those that go together in one."""
    if jobs[0].item is _ALONE:
        return [_guarded(connection, partial(_alone, job.work), 1)[0] for job in jobs]
    return _guarded(connection, partial(_together, jobs), len(jobs))


def _alone(work: Work[Any], connection: Connection) -> list[Any]:
    return [work(connection)]


def _together(jobs: Sequence[_Job], connection: Connection) -> Sequence[Any]:
    results: Sequence[Any] = jobs[0].work(connection, [job.item for job in jobs])
    if len(results) != len(jobs):
        raise ValueError(f"{jobs[0].work.__name__} answered {len(results)} of {len(jobs)} items")
    return results


def _guarded(connection: Connection, work: Callable[[Connection], Sequence[Any]], count: int) -> list[Outcome]:
    savepoint = connection.begin_nested()
    try:
        results = work(connection)
        savepoint.commit()
    except SQLAlchemyError as error:
        if connection.invalidated:
            raise
        savepoint.rollback()
        return [(None, _unavailable(error))] * count
    except Exception as error:
        savepoint.rollback()
        return [(None, error)] * count
    return [(result, None) for result in results]


def _tell(batch: Sequence[_Job], outcomes: Sequence[Outcome]) -> None:
    """Wakes the waiting coroutines, once for each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Any, BaseException | None]]] = {}
    for job, (result, error) in zip(batch, outcomes, strict=True):
        by_loop.setdefault(job.loop, []).append((job, result, error))
    for loop, told in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(told: Sequence[tuple[_Job, Any, BaseException | None]]) -> None:
    for job, result, error in told:
        if job.future.done():  # whoever asked stopped waiting
            continue
        if error is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(error)


def _one_writer(connection: Connection) -> None:
    """On PostgreSQL several processes may write; what we do to our tables is easiest to reason about one at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})


def _unavailable(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable(_reason(error))
    unavailable.__cause__ = error
    return unavailable


def _reason(error: BaseException) -> str:
    origin = getattr(error, "orig", None) or error
    return f"{type(origin).__name__}: {str(origin).splitlines()[0] if str(origin) else 'no details'}"


def _engine(url: str) -> Engine:
    try:
        if url.startswith("sqlite"):
            return _sqlite(url)
        return create_engine(
            url,
            pool_size=_READERS + 1,
            pool_pre_ping=True,
            hide_parameters=True,  # in errors, which are logged
            connect_args={"connect_timeout": 2, "options": "-c statement_timeout=8000 -c lock_timeout=6000"},
        )
    except (ArgumentError, ValueError) as error:
        raise StoreUnavailable(f"DATABASE_URL cannot be read: {type(error).__name__}") from None
    except ImportError:
        raise StoreUnavailable("PostgreSQL needs its driver: pip install 'psycopg[binary]'") from None


def _use_wal(connection: sqlite3.Connection) -> None:
    """Whoever opens a new database at the same time is in the way, and for this SQLite does not always wait."""
    give_up_at = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return


def _sqlite(url: str) -> Engine:
    if sqlite3.sqlite_version_info < _SQLITE_MINIMUM:
        raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or later is needed")
    engine = create_engine(
        url,
        pool_size=_READERS + 1,
        hide_parameters=True,
        connect_args={"timeout": _PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # transactions are begun below, not by the driver
        _use_wal(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):  # what goes is overwritten
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("statement"):
            connection.exec_driver_sql("BEGIN" if options.get("reads") else "BEGIN IMMEDIATE")

    return engine
