"""The store shares commits, keeps works apart, tells nobody before it is on disk, and survives a lost database."""

import asyncio
import sqlite3
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Connection, create_engine, event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.memory.schema import people
from bot.memory.snapshot import once
from bot.memory.store import Store, StoreUnavailable, Work
from tests import postgres
from tests.stage import BEGIN

T = TypeVar("T")


def add(number: int, db: Connection) -> int:
    """Writes somebody down; how many there are then."""
    db.execute(people.insert().values(id=number, login=f"person-{number}", is_bot=False, heard_at=BEGIN))
    return count(db)


def count(db: Connection) -> int:
    return db.scalar(select(func.count()).select_from(people)) or 0


def ids(db: Connection) -> list[int]:
    return list(db.scalars(select(people.c.id).order_by(people.c.id)))


def fail(db: Connection) -> int:
    add(99, db)
    raise LookupError("it went wrong after something was written")


@asynccontextmanager
async def busy(store: Store) -> AsyncIterator[None]:
    """The writer is at work meanwhile, so that everything asked of it waits."""
    begun, over = threading.Event(), threading.Event()

    def work(db: Connection) -> None:
        begun.set()
        over.wait(10)

    task = asyncio.create_task(store.write(work))
    assert await asyncio.to_thread(begun.wait, 10)
    try:
        yield
    finally:
        over.set()
        await task


async def ask(*works: Work[int], store: Store) -> list[asyncio.Task[int]]:
    """Asks for writes, one after the other, and waits for none."""
    tasks = [asyncio.create_task(store.write(work)) for work in works]
    await asyncio.sleep(0)
    return tasks


@contextmanager
def commits(store: Store) -> Iterator[list[int]]:
    """Grows by one with each commit of the store."""
    seen: list[int] = []
    listener = partial(lambda connection: seen.append(len(seen)))
    event.listen(store.engine, "commit", listener)
    yield seen
    event.remove(store.engine, "commit", listener)


def impatient(store: Store) -> Store:
    """Gives up after a tenth of a second where the store waits for seconds."""

    @event.listens_for(store.engine, "connect")
    def hurry(connection: DBAPIConnection, record: object) -> None:
        statement = "PRAGMA busy_timeout=100" if isinstance(connection, sqlite3.Connection) else "SET lock_timeout=100"
        connection.cursor().execute(statement)
        connection.commit()

    store.engine.dispose()  # what was connected before is none of these
    return store


async def test_writes_that_wait_together_cost_one_commit(store: Store) -> None:
    with commits(store) as seen:
        async with busy(store):
            tasks = await ask(*(partial(add, number) for number in range(1, 51)), store=store)
        assert await asyncio.gather(*tasks) == list(range(1, 51))  # in the order in which they were asked for
    assert len(seen) == 2


async def test_what_one_raises_comes_out_there_and_undoes_it_alone(store: Store) -> None:
    async with busy(store):
        tasks = await ask(partial(add, 1), fail, partial(add, 2), partial(add, 1), partial(add, 3), store=store)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [int, LookupError, int, StoreUnavailable, int]
    assert await store.read(ids) == [1, 2, 3]


async def test_nobody_hears_of_a_write_before_it_is_on_disk(store: Store, database_url: str) -> None:
    heard: list[list[bool]] = []
    async with busy(store):
        tasks = await ask(*(partial(add, number) for number in (1, 2, 3)), store=store)
        event.listen(store.engine, "commit", lambda connection: heard.append([task.done() for task in tasks]))
    await asyncio.gather(*tasks)
    assert heard
    assert not any(map(any, heard))
    other = create_engine(database_url)
    with other.connect() as connection:
        assert ids(connection) == [1, 2, 3]
    other.dispose()


async def together(store: Store, work: Callable[[Connection, Sequence[int]], Sequence[T]], item: int) -> T:
    """Queued when it is awaited, as `write` is."""
    return await store.submit(work, item)


async def test_small_writes_of_one_kind_are_handed_over_together_and_answered_each(store: Store) -> None:
    calls: list[list[int]] = []

    def double(db: Connection, items: Sequence[int]) -> list[int]:
        calls.append(list(items))
        return [item * 2 for item in items]

    async with busy(store):
        tasks = [asyncio.create_task(together(store, double, item)) for item in (3, 1, 2)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*tasks) == [6, 2, 4]
    assert calls == [[3, 1, 2]]
    assert await together(store, double, 5) == 10


async def test_if_they_fail_together_all_get_the_exception_and_nobody_else(store: Store) -> None:
    def refuse(db: Connection, items: Sequence[int]) -> list[int]:
        add(items[0], db)
        raise LookupError(str(items))

    async with busy(store):
        [before] = await ask(partial(add, 1), store=store)
        both = [asyncio.create_task(together(store, refuse, item)) for item in (7, 8)]
        await asyncio.sleep(0)
        [after] = await ask(partial(add, 2), store=store)
    results = await asyncio.gather(before, *both, after, return_exceptions=True)
    assert [str(result) for result in results] == ["1", "[7, 8]", "[7, 8]", "2"]
    assert await store.read(ids) == [1, 2]


async def test_writes_of_every_kind_keep_their_order(store: Store) -> None:
    log: list[object] = []

    def one(name: str, db: Connection) -> int:
        log.append(name)
        return 0

    def some(db: Connection, items: Sequence[int]) -> list[None]:
        log.extend(items)
        return [None] * len(items)

    def others(db: Connection, items: Sequence[int]) -> list[None]:
        log.extend(-item for item in items)
        return [None] * len(items)

    async with busy(store):
        asked = [
            store.write(partial(one, "first")), together(store, some, 1), together(store, some, 2),
            together(store, others, 3), store.write(partial(one, "second")), together(store, some, 4),
        ]  # fmt: skip
        tasks = [asyncio.ensure_future(each) for each in asked]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert log == ["first", 1, 2, -3, "second", 4]


async def test_who_stops_waiting_disturbs_nobody(store: Store) -> None:
    async with busy(store):
        tasks = await ask(*(partial(add, number) for number in (1, 2, 3)), store=store)
        tasks[1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[1], asyncio.CancelledError)
    assert not isinstance(results[0], BaseException)
    assert not isinstance(results[2], BaseException)
    assert {1, 3} <= set(await store.read(ids))


def test_an_event_loop_that_ended_with_a_write_under_way_disturbs_nobody(store: Store) -> None:
    begun, over = threading.Event(), threading.Event()

    def work(db: Connection) -> int:
        begun.set()
        over.wait(10)
        return add(1, db)

    async def ask_and_leave() -> None:
        await ask(work, store=store)
        assert await asyncio.to_thread(begun.wait, 10)

    asyncio.run(ask_and_leave())
    over.set()
    assert asyncio.run(store.write(partial(add, 2))) == 2


async def test_close_finishes_what_is_queued(database_url: str, store: Store) -> None:
    closing = Store(database_url)
    async with busy(closing):
        tasks = await ask(*(partial(add, number) for number in range(1, 21)), store=closing)
        end = asyncio.create_task(asyncio.to_thread(closing.close))
        await asyncio.sleep(0)
    assert await asyncio.gather(*tasks) == list(range(1, 21))
    await end
    assert await store.read(count) == 20


async def test_a_read_goes_on_beside_a_write_and_sees_one_state(store: Store) -> None:
    seen, written = threading.Event(), threading.Event()

    def twice(db: Connection) -> tuple[int, int]:
        first = count(db)
        seen.set()
        written.wait(10)
        return first, count(db)

    reading = asyncio.create_task(store.read(twice))
    assert await asyncio.to_thread(seen.wait, 10)
    assert await store.write(partial(add, 1)) == 1
    written.set()
    assert await reading == (0, 0)
    assert await store.read(count) == 1


def test_without_an_event_loop_it_reads_and_writes_the_same(store: Store) -> None:
    assert store.write_now(partial(add, 1)) == 1
    with pytest.raises(LookupError):
        store.write_now(fail)
    with pytest.raises(StoreUnavailable, match=r"^\w+: "):
        store.write_now(partial(add, 1))
    with pytest.raises(StoreUnavailable):
        store.read_now(lambda db: db.execute(text("SELECT no_such_thing")))
    assert store.read_now(ids) == [1]


async def test_within_a_snapshot_the_same_is_asked_once_and_within_a_write_each_time(store: Store) -> None:
    asked: list[int] = []

    @once
    def how_many(db: Connection, than: int) -> int:
        asked.append(than)
        return sum(id_ > than for id_ in ids(db))

    def look(db: Connection) -> list[int]:
        return [how_many(db, 0), how_many(db, 0), how_many(db, 1)]

    def look_and_write(db: Connection) -> list[int]:
        return [how_many(db, 0), add(1, db), how_many(db, 0)]

    assert (await store.read(look), asked) == ([0, 0, 0], [0, 1])
    assert await store.write(look_and_write) == [0, 1, 1]
    assert (await store.read(look), asked) == ([1, 1, 0], [0, 1, 0, 0, 0, 1])


async def test_while_another_process_writes_for_long_a_write_fails_and_a_read_does_not(
    store: Store, database_url: str
) -> None:
    hasty = impatient(Store(database_url))
    async with busy(store):
        with pytest.raises(StoreUnavailable):
            await hasty.write(partial(add, 1))
        with pytest.raises(StoreUnavailable):
            await asyncio.to_thread(hasty.write_now, partial(add, 1))
        assert await hasty.read(count) == 0
    assert await hasty.write(partial(add, 1)) == 1
    hasty.close()


async def test_a_lost_connection_fails_all_that_shared_it_and_nobody_after(
    at_server: tuple[postgres.Server, Store],
) -> None:
    server, store = at_server

    def lose(db: Connection) -> int:
        db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        raise AssertionError("not reached")

    async with busy(store):
        tasks = await ask(partial(add, 1), lose, partial(add, 2), store=store)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable] * 3
    assert await store.write(partial(add, 3)) == 1

    name = store.engine.url.database or ""
    assert server.cut(name) > 0
    assert await store.read(count) == 1
    assert server.cut(name) > 0
    assert await store.write(partial(add, 4)) == 2


async def test_when_the_database_comes_back_all_goes_on(at_server: tuple[postgres.Server, Store]) -> None:
    server, store = at_server
    told: list[BaseException] = []
    with server.away():
        for attempt in (store.write(partial(add, 1)), store.read(count)):
            with pytest.raises(StoreUnavailable) as caught:
                await attempt
            told.append(caught.value)
    assert await store.write(partial(add, 2)) == 1
    assert await store.read(ids) == [2]
    for error in told:
        assert str(error).startswith("OperationalError: ")
        assert postgres.PASSWORD not in "".join(traceback.format_exception(error))
