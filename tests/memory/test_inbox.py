"""A delivery is written once by its GUID, waits in the order of its coming, and loses its text when it is projected."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.memory import inbox
from bot.memory.inbox import FAILED, NEW, PROJECTED, Backlog, Delivery, Inbox
from bot.memory.schema import deliveries
from bot.memory.store import Store
from tests.stage import BEGIN


def delivery(guid: str, payload: bytes = b'{"zen": "Keep it logically awesome."}') -> Delivery:
    return Delivery(id=guid, event="ping", payload=payload, received_at=BEGIN)


def waiting(db: Connection) -> list[str]:
    return [found.id for _, found in inbox.next_new(db, 100)]


async def test_a_delivery_comes_out_as_it_went_in(store: Store) -> None:
    sent = Delivery(
        id="a", event="issues", payload=b"\x00\xff not even text", received_at=BEGIN.replace(microsecond=7000)
    )
    assert await Inbox(store).record(sent)
    [(_, found)] = await store.read(lambda db: inbox.next_new(db, 10))
    assert found == sent


async def test_a_guid_counts_once_however_often_it_comes(store: Store) -> None:
    box = Inbox(store)
    assert await box.record(delivery("a"))
    assert not await box.record(delivery("a"))
    told = await asyncio.gather(*(box.record(delivery(guid)) for guid in ("b", "a", "b", "c", "b")))
    assert told == [True, False, False, True, False]
    assert await store.read(waiting) == ["a", "b", "c"]


async def test_the_first_that_came_counts_also_after_it_was_projected(store: Store) -> None:
    box = Inbox(store)
    await box.record(delivery("a", b"the first"))
    await store.write(lambda db: inbox.settle(db, [seq for seq, _ in inbox.next_new(db, 1)], []))
    assert not await box.record(delivery("a", b"the second"))
    assert await store.read(waiting) == []


async def test_the_inbox_tells_when_something_new_is_there_and_only_then(store: Store) -> None:
    box = Inbox(store)
    await box.record(delivery("a"))
    assert box.arrived.is_set()
    box.arrived.clear()
    await box.record(delivery("a"))
    assert not box.arrived.is_set()


def test_within_a_batch_and_over_batches_each_is_new_once(store: Store) -> None:
    first = [delivery(guid) for guid in ("a", "b", "a")]
    assert store.write_now(lambda db: inbox.insert(db, first)) == [True, True, False]
    second = [delivery(guid) for guid in ("c", "b", "d", "c")]
    assert store.write_now(lambda db: inbox.insert(db, second)) == [True, False, True, False]
    assert store.write_now(lambda db: inbox.insert(db, second)) == [False] * 4
    assert store.read_now(waiting) == ["a", "b", "c", "d"]


def test_the_oldest_come_first_whatever_their_guids_and_times(store: Store) -> None:
    late = [replace(delivery(guid), received_at=BEGIN - timedelta(hours=n)) for n, guid in enumerate("zaymb")]
    store.write_now(lambda db: inbox.insert(db, late))
    assert store.read_now(waiting) == list("zaymb")
    assert [found.id for _, found in store.read_now(lambda db: inbox.next_new(db, 2))] == ["z", "a"]


def test_what_is_projected_loses_its_payload_and_what_failed_keeps_it(store: Store) -> None:
    store.write_now(lambda db: inbox.insert(db, [delivery(guid) for guid in "abcd"]))
    a, b, c, _ = (seq for seq, _ in store.read_now(lambda db: inbox.next_new(db, 4)))
    store.write_now(lambda db: inbox.settle(db, [a, c], [(b, "KeyError: 'id'")]))
    columns = (deliveries.c.id, deliveries.c.state, deliveries.c.payload.is_not(None), deliveries.c.error)
    kept = store.read_now(lambda db: db.execute(select(*columns).order_by(deliveries.c.seq)).all())
    assert [tuple(row) for row in kept] == [
        ("a", PROJECTED, False, None),
        ("b", FAILED, True, "KeyError: 'id'"),
        ("c", PROJECTED, False, None),
        ("d", NEW, True, None),
    ]
    store.write_now(lambda db: inbox.settle(db, [], []))
    assert store.read_now(waiting) == ["d"]


def test_old_ones_are_forgotten_but_not_before_they_are_projected(store: Store) -> None:
    ages = {"old": 31, "old and failed": 31, "old and new": 31, "of late": 29}
    received = [replace(delivery(guid), received_at=BEGIN - timedelta(days=age)) for guid, age in ages.items()]
    store.write_now(lambda db: inbox.insert(db, received))
    old, failed, _, late = (seq for seq, _ in store.read_now(lambda db: inbox.next_new(db, 4)))
    store.write_now(lambda db: inbox.settle(db, [old, late], [(failed, "KeyError: 'id'")]))
    before = BEGIN - timedelta(days=30)
    assert [store.write_now(lambda db: inbox.forget(db, before)) for _ in range(2)] == [2, 0]
    left = store.read_now(lambda db: db.scalars(select(deliveries.c.id).order_by(deliveries.c.seq)).all())
    assert left == ["old and new", "of late"]


def test_the_backlog_counts_what_waits_and_since_when(store: Store) -> None:
    assert store.read_now(inbox.backlog) == Backlog(waiting=0, failed=0, oldest=None)
    times = {guid: BEGIN + timedelta(minutes=minute) for guid, minute in (("a", 5), ("b", 3), ("c", 9))}
    sent = [replace(delivery(guid), received_at=at) for guid, at in times.items()]
    store.write_now(lambda db: inbox.insert(db, sent))
    assert store.read_now(inbox.backlog) == Backlog(waiting=3, failed=0, oldest=times["b"])
    [(a, _), (b, _)] = store.read_now(lambda db: inbox.next_new(db, 2))
    store.write_now(lambda db: inbox.settle(db, [a], [(b, "it broke")]))
    assert store.read_now(inbox.backlog) == Backlog(waiting=1, failed=1, oldest=times["c"])


def test_a_probe_tells_the_backlog_and_leaves_nothing(store: Store) -> None:
    store.write_now(lambda db: inbox.insert(db, [delivery("a")]))
    for _ in range(2):
        assert store.write_now(inbox.probe) == Backlog(waiting=1, failed=0, oldest=BEGIN)
    assert store.read_now(lambda db: list(db.scalars(select(deliveries.c.id)))) == ["a"]


def test_what_was_never_received_is_missing_whatever_became_of_the_rest(store: Store) -> None:
    store.write_now(lambda db: inbox.insert(db, [delivery(guid) for guid in "abc"]))
    a, b, _ = (seq for seq, _ in store.read_now(lambda db: inbox.next_new(db, 3)))
    store.write_now(lambda db: inbox.settle(db, [a], [(b, "it broke")]))
    assert store.read_now(lambda db: inbox.missing(db, ["c", "x", "a", "b", "y", "x"])) == {"x", "y"}
    assert store.read_now(lambda db: inbox.missing(db, [])) == set()
    many = [f"{number}" for number in range(2_500)]
    assert store.read_now(lambda db: inbox.missing(db, [*many, "a"])) == set(many)


def test_what_failed_is_new_again_if_its_text_is_there(store: Store) -> None:
    store.write_now(lambda db: inbox.insert(db, [delivery(guid) for guid in "abcd"]))
    a, b, c, _ = (seq for seq, _ in store.read_now(lambda db: inbox.next_new(db, 4)))
    store.write_now(lambda db: inbox.settle(db, [a], [(b, "it broke"), (c, "it broke")]))
    store.write_now(lambda db: db.execute(deliveries.update().where(deliveries.c.id == "c").values(payload=None)))
    assert [store.write_now(inbox.retry_failed) for _ in range(2)] == [1, 0]
    assert store.read_now(waiting) == ["b", "d"]
    assert store.read_now(inbox.backlog).failed == 1
