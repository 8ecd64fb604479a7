"""Deliveries are projected some at a time, with looks at what they touch; one that breaks does not hold up others."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot import sandbox
from bot.memory import inbox, intake, looks, schema
from bot.memory.store import Store
from bot.model import RepoId, ThreadRef
from bot.policy import FEATURES
from tests import npm
from tests.memory.conftest import Village, tell
from tests.stage import BEGIN

LATER = BEGIN + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a batch is whole."""
    monkeypatch.setattr(intake, "HOLD", math.inf)


def record(db: Connection, *batch: inbox.Delivery) -> None:
    inbox.insert(db, batch)


def received(delivery: sandbox.Delivery) -> inbox.Delivery:
    return inbox.Delivery(id=delivery.guid, event=delivery.event, payload=delivery.body, received_at=delivery.at)


def take_in(db: Connection) -> bool:
    return intake.take_in(db, LATER, start_live=False)


def due(db: Connection) -> list[str]:
    """The threads that are due; configuration and the like are other tests' matter."""
    return [look.subject for look in looks.due(db, LATER, 100, ()) if look.subject.startswith("thread/")]


def numbers(db: Connection) -> list[int]:
    return list(db.scalars(select(schema.threads.c.number).order_by(schema.threads.c.number)))


def subject(village: Village, number: int) -> str:
    return ThreadRef(RepoId(village.maps.id), number).subject


def test_news_of_a_thread_makes_it_due_once_and_other_news_does_not(store: Store, village: Village) -> None:
    issue = village.world.open_issue(village.maps, by=village.ada, title="A", labels=["bug"])
    village.world.comment(issue, by=village.grace, body="Thank you!")
    village.world.add_member(village.organisation, village.linus)
    store.write_now(lambda db: record(db, *map(received, village.deliveries)))
    assert not store.write_now(take_in)
    assert store.read_now(due) == [subject(village, 1)]
    assert store.read_now(inbox.backlog) == inbox.Backlog(waiting=0, failed=0, oldest=None)


def test_it_takes_the_oldest_first_and_tells_whether_there_may_be_more(store: Store, village: Village) -> None:
    assert not store.write_now(take_in)
    del village.deliveries[:]
    for _ in range(intake.BATCH * 2):
        village.world.open_issue(village.maps, by=village.ada, title="A")
    store.write_now(lambda db: record(db, *map(received, village.deliveries)))
    assert store.write_now(take_in)
    assert store.read_now(numbers) == list(range(1, intake.BATCH + 1))
    assert store.write_now(take_in)
    assert store.read_now(numbers) == list(range(1, intake.BATCH * 2 + 1))
    assert not store.write_now(take_in)


def test_a_batch_ends_early_if_it_holds_the_writer_for_long(
    store: Store, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "HOLD", 0.0)
    del village.deliveries[:]
    for _ in range(3):
        village.world.open_issue(village.maps, by=village.ada, title="A")
    store.write_now(lambda db: record(db, *map(received, village.deliveries)))
    assert [store.write_now(take_in) for _ in range(4)] == [True, True, False, False]
    assert store.read_now(numbers) == [1, 2, 3]


def test_what_breaks_afterwards_takes_the_projection_with_it(store: Store, village: Village) -> None:
    village.world.open_issue(village.maps, by=village.ada, title="A")
    store.write_now(lambda db: record(db, *map(received, village.deliveries)))

    def breaks(db: Connection) -> None:
        take_in(db)
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(breaks)
    assert store.read_now(numbers) == []
    assert store.read_now(inbox.backlog).waiting == len(village.deliveries)


@pytest.mark.parametrize("live", [True, False])
def test_a_new_installation_speaks_at_once_only_if_told_so(store: Store, village: Village, live: bool) -> None:
    store.write_now(lambda db: record(db, *map(received, village.deliveries)))
    store.write_now(lambda db: intake.take_in(db, LATER, start_live=live))
    speaks = store.read_now(lambda db: db.scalar(select(schema.installations.c.live)))
    assert speaks == (list(FEATURES) if live else [])


Spoil = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Bad:
    """A payload that is not as GitHub documents it: bytes, or what to do to a good one of `issues.opened`."""

    id: str
    payload: bytes | Spoil
    event: str = "issues"

    def of(self, good: sandbox.Delivery) -> bytes:
        if isinstance(self.payload, bytes):
            return self.payload
        data = good.payload
        self.payload(data)
        return json.dumps(data).encode()


BAD = [
    Bad("no JSON", b"{"),
    Bad("nothing", b""),
    Bad("no object", b"[]"),
    Bad("no text", b'{"action": "\xff"}'),
    Bad("half a character", b'{"action": "\\ud800", "issue": {}}'),
    Bad("an issue without a number", lambda data: data["issue"].pop("number")),
    Bad("an issue that is a list", lambda data: data.update(issue=[1])),
    Bad("a time that is none", lambda data: data["issue"].update(created_at="yesterday")),
    Bad("a time that is a number", lambda data: data["issue"].update(updated_at=1700000000)),
    Bad("a label without a name", lambda data: data["issue"].update(labels=[{}])),
    Bad("a repository without an id", lambda data: data["repository"].pop("id")),
    Bad("an account without a login", lambda data: data["issue"]["user"].pop("login")),
    Bad("a comment without an id", lambda data: data.update(comment={"created_at": "2026-01-01"}), "issue_comment"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_what_is_malformed_is_set_aside_with_payload_and_reason_and_the_others_go_on(
    store: Store, village: Village, bad: Bad
) -> None:
    village.world.open_issue(village.maps, by=village.ada, title="A")
    good = village.deliveries[-1]
    village.world.open_issue(village.maps, by=village.linus, title="B")
    broken = replace(received(good), id="broken", event=bad.event, payload=bad.of(good))
    store.write_now(lambda db: record(db, broken, received(village.deliveries[-1])))
    assert not store.write_now(take_in)
    assert store.read_now(numbers) == [2]
    assert store.read_now(due) == [subject(village, 2)]
    assert store.read_now(inbox.backlog) == inbox.Backlog(waiting=0, failed=1, oldest=None)
    kept = select(schema.deliveries.c.payload, schema.deliveries.c.error).where(schema.deliveries.c.id == "broken")
    [(payload, error)] = store.read_now(lambda db: db.execute(kept).all())
    assert payload == broken.payload
    assert ": " in error


REFUSED = [
    Bad("a number beyond 64 bits", lambda data: data["issue"].update(number=2**70)),
    Bad("a NUL in a label", lambda data: data["issue"].update(labels=[{"name": "a\0b"}])),
    Bad("a NUL in a login", lambda data: data["issue"]["user"].update(login="a\0da")),
    Bad("a login without end", lambda data: data["issue"]["user"].update(login="a" * 500)),
    Bad("a time before time", lambda data: data["issue"].update(created_at="0001-01-01T00:00:00+14:00")),
]


@pytest.mark.parametrize("bad", REFUSED, ids=lambda bad: bad.id)
def test_what_the_database_refuses_does_not_hold_up_the_others_either(store: Store, village: Village, bad: Bad) -> None:
    village.world.open_issue(village.maps, by=village.ada, title="A")
    good = village.deliveries[-1]
    village.world.open_issue(village.maps, by=village.linus, title="B")
    broken = replace(received(good), id="broken", payload=bad.of(good))
    store.write_now(lambda db: record(db, broken, received(village.deliveries[-1])))
    assert not store.write_now(take_in)
    assert 2 in store.read_now(numbers)
    assert store.read_now(inbox.backlog).waiting == 0


UNKNOWN = [
    ("an event of the future", "quantum_leap", {"action": "begun", "issue": {"id": "?"}}),
    ("an event without a repository", "github_app_authorization", {"action": "revoked", "sender": None}),
    ("an action of the future", "issues", {"action": "pinned_to_the_moon"}),
    ("an action without its thing", "issue_comment", {"action": "created"}),
    ("an action of no thing at all", "discussion", {}),
    ("a member of nothing", "organization", {"action": "member_added"}),
    ("a review of nothing", "pull_request_review", {"action": "submitted", "review": None}),
]


@pytest.mark.parametrize(("event", "data"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_unknown_events_and_actions_change_nothing_and_break_nothing(
    store: Store, event: str, data: dict[str, Any]
) -> None:
    sent = inbox.Delivery(id="a", event=event, payload=json.dumps(data).encode(), received_at=BEGIN)
    store.write_now(lambda db: record(db, sent))
    store.write_now(take_in)
    assert store.read_now(inbox.backlog) == inbox.Backlog(waiting=0, failed=0, oldest=None)
    assert store.read_now(written) == []


def written(db: Connection) -> list[str]:
    """The tables that hold something, besides the inbox."""
    tables = [table for name, table in schema.metadata.tables.items() if name != "deliveries"]
    return [table.name for table in tables if db.scalar(select(func.count()).select_from(table))]


def test_every_payload_that_github_gives_as_an_example_is_taken_in(store: Store) -> None:
    examples = json.loads(npm.file("@octokit/webhooks-examples", "api.github.com/index.json").read_bytes())
    batch = [
        inbox.Delivery(
            id=f"{each['name']}-{n}", event=each["name"], payload=json.dumps(one).encode(), received_at=BEGIN
        )
        for each in examples
        for n, one in enumerate(each["examples"])
    ]
    assert len(batch) > 300

    def all_of_them(db: Connection) -> None:
        record(db, *batch)
        while take_in(db):
            pass

    store.write_now(all_of_them)
    failed = select(schema.deliveries.c.id, schema.deliveries.c.error).where(schema.deliveries.c.state != 1)
    assert store.read_now(lambda db: db.execute(failed).all()) == []
    assert store.read_now(due)


def test_what_is_told_again_is_taken_in_once(store: Store, village: Village) -> None:
    village.world.open_issue(village.maps, by=village.ada, title="A")
    store.write_now(lambda db: tell(db, village.deliveries))
    before = store.read_now(lambda db: looks.due(db, LATER, 10, ()))
    store.write_now(lambda db: tell(db, village.deliveries, LATER))
    assert store.read_now(lambda db: looks.due(db, LATER, 10, ())) == before
    assert store.read_now(due) == [subject(village, 1)]
