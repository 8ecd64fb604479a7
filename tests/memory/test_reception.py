"""Which comments of ours are watched, and how those are counted that maintainers did not want."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.effects import React, Retract, Say
from bot.memory import ledger, looks, reception, rows, schema, stops
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Request, ThreadRef
from tests.memory.conftest import Known
from tests.stage import BEGIN

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OWNER, OURS = OwnerId(1), InstallationId(2)
MAPS, HUTS = Repo(RepoId(11), OWNER, "alpine-tools", "maps"), Repo(RepoId(12), OWNER, "alpine-tools", "huts")
ADA, GRACE = Person(PersonId(101), "ada"), Person(PersonId(100), "grace")
KINDS = frozenset({"welcome-issue"})
SUBJECT = ledger.reception(OWNER)


@pytest.fixture(autouse=True)
def places(store: Store) -> None:
    def write(db: Connection) -> None:
        account = {"login": "alpine-tools", "is_organisation": True, "witnessed_since": BEGIN}
        rows.put(db, schema.owners, account, id=OWNER)
        installed = {"owner_id": OWNER, "state": "active", "live": [], "heard_at": BEGIN}
        rows.put(db, schema.installations, installed, id=OURS)
        for repo in (MAPS, HUTS):
            values = {"owner_id": OWNER, "name": repo.name, "url": "", "private": False, "archived": False,
                      "gone": False, "covered": repo is MAPS, "default_branch": "main", "heard_at": BEGIN}  # fmt: skip
            rows.put(db, schema.repos, values, id=repo.id)

    store.write_now(write)


def said(store: Store, number: int, *, where: Repo = MAPS, template: str = "welcome-issue") -> str:
    """A comment that was written at BEGIN."""
    say = Say(rule="welcome", key=f"welcome/{where.id}/{number}", why="first", thread=ThreadRef(where.id, number),
              template=template, language="en", to=ADA)  # fmt: skip

    def write(db: Connection) -> None:
        ledger.claim(db, say, ADA.id, where, OURS, BEGIN)
        ledger.done(db, say.key, BEGIN, number, "https://github.com", f"NODE{number}")

    store.write_now(write)
    return say.key


def watched(store: Store, after: timedelta = HOUR) -> list[str]:
    found = store.read_now(lambda db: reception.watched(db, OWNER, KINDS, BEGIN + after))
    return [comment.node_id for comment in found]


def test_comments_of_the_last_fourteen_days_are_watched(store: Store) -> None:
    said(store, 1)
    said(store, 2, where=HUTS)  # out of our reach
    said(store, 3, template="switchback-status")  # an answer
    assert watched(store) == watched(store, 13 * DAY) == ["NODE1"]
    assert watched(store, 14 * DAY) == []


def test_what_was_rejected_is_watched_no_more(store: Store) -> None:
    key = said(store, 1)
    said(store, 2)
    store.write_now(lambda db: reception.unwanted(db, [key], BEGIN))
    assert watched(store) == ["NODE2"]


def test_it_is_looked_within_the_hour_and_the_earliest_counts(store: Store) -> None:
    said(store, 1)
    assert store.read_now(lambda db: looks.next_due(db, ())) == BEGIN + HOUR
    store.write_now(lambda db: looks.plan(db, SUBJECT, BEGIN + DAY))
    assert store.read_now(lambda db: looks.next_due(db, ())) == BEGIN + HOUR


def test_nobody_looks_for_a_reaction(store: Store) -> None:
    react = React(rule="stop", key="stop/issue/7", why="ada asked", thread=ThreadRef(MAPS.id, 7), content="+1",
                  request=Request("no-bot", "", ADA, BEGIN, "issue", 7, "N7"))  # fmt: skip

    def write(db: Connection) -> None:
        ledger.claim(db, react, ADA.id, MAPS, OURS, BEGIN)
        ledger.done(db, react.key, BEGIN, 7, "")

    store.write_now(write)
    assert store.read_now(lambda db: looks.next_due(db, ())) is None


@pytest.mark.parametrize(
    ("by", "comment_id", "counts"),
    [
        pytest.param(GRACE, 1, True, id="a maintainer"),
        pytest.param(ADA, 1, False, id="whom it was for"),
        pytest.param(Person(PersonId(9), "sweeper[bot]", is_bot=True), 1, False, id="a bot"),
        pytest.param(GRACE, 2, False, id="a comment of somebody else"),
    ],
)
def test_who_deletes_a_comment_did_not_want_it(store: Store, by: Person, comment_id: int, counts: bool) -> None:
    said(store, 1)
    store.write_now(lambda db: reception.deleted(db, ThreadRef(MAPS.id, 1), comment_id, by, BEGIN + HOUR / 2))
    assert (watched(store) == []) is counts
    assert store.read_now(lambda db: looks.next_due(db, ())) == BEGIN + (HOUR / 2 if counts else HOUR)


@pytest.mark.parametrize("unwanted", [True, False])
def test_what_maintainers_take_back_counts_as_unwanted(store: Store, unwanted: bool) -> None:
    key = said(store, 1)
    retract = Retract(rule="answers", key="answers/undo/x", why="grace wrote /undo", thread=ThreadRef(MAPS.id, 1),
                      to=GRACE, said=key, comment_id=1, node_id="NODE1", unwanted=unwanted)  # fmt: skip

    def write(db: Connection) -> None:
        ledger.claim(db, retract, GRACE.id, MAPS, OURS, BEGIN)
        ledger.done(db, retract.key, BEGIN + HOUR / 2, 1, "")

    store.write_now(write)
    assert (watched(store) == []) is unwanted
    assert store.read_now(lambda db: looks.next_due(db, ())) == BEGIN + (HOUR / 2 if unwanted else HOUR)
    *_, taken_back = store.read_now(lambda db: ledger.acted(db, ThreadRef(MAPS.id, 1)))
    assert taken_back.detail == {"said": key, "unwanted": unwanted}


def test_what_was_not_wanted_is_counted_since_it_was_asked_for(store: Store) -> None:
    keys = [said(store, number) for number in (1, 2, 3)]
    said(store, 4)
    store.write_now(lambda db: reception.unwanted(db, keys[:2], BEGIN + HOUR))
    [one] = store.read_now(lambda db: reception.tally(db, OWNER, KINDS))
    assert (one.where.id, one.kind, one.times, one.last.number, one.since) == (MAPS.id, "welcome-issue", 2, 2, None)
    store.write_now(lambda db: stops.mute(db, MAPS.id, "welcome-issue", BEGIN + 2 * HOUR, muted=False))
    assert store.read_now(lambda db: reception.tally(db, OWNER, KINDS)) == []
    store.write_now(lambda db: reception.unwanted(db, keys, BEGIN + 3 * HOUR))  # the first two were so before
    [one] = store.read_now(lambda db: reception.tally(db, OWNER, KINDS))
    assert (one.times, one.last, one.since) == (1, ThreadRef(MAPS.id, 3), BEGIN + 2 * HOUR)


def test_where_we_may_not_act_nothing_is_counted(store: Store) -> None:
    key = said(store, 1, where=HUTS)
    store.write_now(lambda db: reception.unwanted(db, [key], BEGIN))
    assert store.read_now(lambda db: reception.tally(db, OWNER, KINDS)) == []


def test_only_an_active_installation_counts(store: Store) -> None:
    assert store.read_now(lambda db: reception.installation(db, OWNER)) == OURS
    store.write_now(lambda db: rows.put(db, schema.installations, {"state": "suspended"}, id=OURS))
    assert store.read_now(lambda db: reception.installation(db, OWNER)) is None


def test_a_deleted_comment_that_is_not_ours_changes_nothing(known: Known) -> None:
    village = known.village
    issue = village.world.open_issue(village.maps, by=village.ada, title="A")
    village.world.delete_comment(village.world.comment(issue, by=village.ada, body="B"), by=village.grace)
    known.hear()
    assert known.all(schema.ledger, "key") == []
