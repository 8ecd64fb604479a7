"""How memory itself is doing: what failed, what was given up, what cannot be read, and who was heard of when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.memory import health, inbox, looks, schema
from bot.memory.health import Failure, GivenUp, Unreadable
from bot.memory.inbox import Delivery
from bot.memory.store import Store
from bot.model import OwnerId, RepoId, Subject, ThreadRef
from tests.memory.conftest import ADA, ANOTHER_REPO, OWNER, REPO, Archive
from tests.stage import BEGIN

DAY = timedelta(days=1)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def test_it_has_a_size(store: Store) -> None:
    assert 10_000 < store.read_now(health.size) < 100_000_000


def test_failures_are_told_by_event_and_reason(store: Store) -> None:
    assert store.read_now(health.failures) == []
    assert store.read_now(health.last_received) is None
    events = {"a": "issues", "b": "issues", "c": "issues", "d": "push", "e": "push"}
    sent = [Delivery(guid, event, b"{}", BEGIN) for guid, event in events.items()]
    store.write_now(lambda db: inbox.insert(db, [*sent[:-1], replace(sent[-1], received_at=BEGIN + DAY)]))
    a, b, c, d, e = (seq for seq, _ in store.read_now(lambda db: inbox.next_new(db, 5)))
    store.write_now(lambda db: inbox.settle(db, [e], [(a, "odd"), (b, "odd"), (c, "other"), (d, "odd")]))
    gone = schema.deliveries.update().where(schema.deliveries.c.id == "b").values(payload=None)
    store.write_now(lambda db: db.execute(gone))
    assert store.read_now(health.failures) == [
        Failure("issues", "odd", 2, 1), Failure("issues", "other", 1, 0), Failure("push", "odd", 1, 0),
    ]  # fmt: skip
    assert store.read_now(health.last_received) == BEGIN + DAY


def given_up(db: Connection, subject: Subject, why: str) -> None:
    looks.touch(db, [subject], BEGIN)
    [look] = looks.due(db, BEGIN, 1, ())
    looks.died(db, look, why)


def test_what_was_given_up_has_a_name(archive: Archive) -> None:
    known, gone = ThreadRef(RepoId(REPO), 5), ThreadRef(RepoId(99), 6)
    archive.store.write_now(lambda db: given_up(db, known.subject, "HTTP 502"))
    archive.store.write_now(lambda db: given_up(db, gone.subject, "HTTP 404"))
    assert archive.store.read_now(health.given_up) == [
        GivenUp("alpine-tools/maps#5", "HTTP 502"), GivenUp("a repository that is gone#6", "HTTP 404"),
    ]  # fmt: skip


def test_what_cannot_be_read_has_a_name_and_a_reason(archive: Archive) -> None:
    for repo, part, why in ((0, "team", "no permission"), (REPO, "labels", None), (REPO, "comments", "HTTP 500")):
        archive.put(schema.readings, owner_id=OWNER, repo_id=repo, part=part, began_at=BEGIN, pages=0, items=0, why=why)
    told = archive.store.read_now(lambda db: health.unreadable(db, OwnerId(OWNER)))
    assert sorted(told, key=lambda one: one.name) == [
        Unreadable("alpine-tools", "team", "no permission"), Unreadable("alpine-tools/maps", "comments", "HTTP 500"),
    ]  # fmt: skip


def test_a_repository_was_heard_of_when_the_last_thread_was_witnessed_or_it_changed(archive: Archive) -> None:
    archive.thread(1, at=BEGIN + DAY)
    archive.thread(2, at=BEGIN + 3 * DAY, opened_by=None)  # read from a list
    archive.repo(13, "named", url="").repo(14, "old", archived=True).repo(15, "gone", gone=True)
    archive.repo(16, "not ours any more", covered=False)
    told = archive.store.read_now(lambda db: health.last_heard(db, OwnerId(OWNER)))
    assert [(one.id, one.name, one.at) for one in told] == [
        (ANOTHER_REPO, "alpine-tools/huts", BEGIN), (REPO, "alpine-tools/maps", BEGIN + DAY),
        (13, "alpine-tools/named", None),
    ]  # fmt: skip
    archive.thread(1, by=ADA, at=BEGIN, repo=13)
    told = archive.store.read_now(lambda db: health.last_heard(db, OwnerId(OWNER)))
    assert told[-1].at == BEGIN
