"""Whom memory names to be asked for help, in which order, and for whom somebody was asked of late."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import update

from bot.memory import on_call, schema
from bot.memory.store import Store
from bot.model import OwnerId, Person, PersonId
from bot.policy import Limits
from tests.memory.conftest import ADA, BOT, GRACE, LINUS, LOGINS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 30 * DAY


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def turns(archive: Archive, *roster: str, limits: Limits = DEFAULTS.limits) -> list[str]:
    people = archive.store.read_now(lambda db: on_call.in_turn(db, OwnerId(OWNER), roster, limits, NOW))
    return [person.login for person in people]


def relayed(archive: Archive, to: int, at: datetime, *, number: int = 1, state: str = "done", **changes: Any) -> None:
    """Somebody was asked in this thread."""
    key = f"need_help/issue_comment/{number}"
    archive.said(key, number, to=to, state=state)
    values = {"claimed_at": at, "mention": False} | changes
    archive.store.write_now(
        lambda db: db.execute(update(schema.ledger).where(schema.ledger.c.key == key).values(values))
    )


def requested(archive: Archive, by: int, number: int) -> None:
    archive.put(
        schema.requests, place="issue_comment", place_id=number, name="need-help", args="", repo_id=REPO,
        number=number, person_id=by, node_id="N", at=BEGIN,
    )  # fmt: skip


def helped(archive: Archive, *people: int) -> frozenset[int]:
    able = [Person(PersonId(id_), LOGINS[id_]) for id_ in people]
    return archive.store.read_now(lambda db: on_call.helped(db, OwnerId(OWNER), able, NOW))


def test_they_are_known_by_login_and_as_the_configuration_lists_them(archive: Archive) -> None:
    assert turns(archive, "Grace", "nobody-here", "ada") == ["grace", "ada"]
    assert turns(archive) == []


def test_bots_and_whoever_wants_to_be_left_alone_are_not_asked(archive: Archive) -> None:
    archive.put(schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=True, as_of=BEGIN)
    archive.put(schema.optouts, owner_id=OWNER, person_id=ADA, opted_out=False, as_of=BEGIN)
    archive.put(schema.optouts, owner_id=2, person_id=LINUS, opted_out=True, as_of=BEGIN)
    assert turns(archive, "grace", "ada", "linus", LOGINS[BOT]) == ["ada", "linus"]


def test_a_login_is_whose_it_was_last(archive: Archive) -> None:
    archive.put(schema.people, id=200, login="Grace", is_bot=False, heard_at=BEGIN + DAY)
    assert turns(archive, "grace") == ["Grace"]


def test_who_was_asked_longest_ago_is_next(archive: Archive) -> None:
    relayed(archive, GRACE, NOW - 20 * DAY)
    relayed(archive, ADA, NOW - 10 * DAY, number=2, state="shadow")
    assert turns(archive, "grace", "ada", "linus") == ["linus", "grace", "ada"]
    relayed(archive, GRACE, NOW - 9 * DAY, number=3)
    assert turns(archive, "grace", "ada") == ["ada", "grace"]


def test_what_was_not_carried_out_or_is_elsewhere_does_not_count(archive: Archive) -> None:
    relayed(archive, GRACE, NOW - DAY, state="dropped")
    relayed(archive, GRACE, NOW - DAY, number=2, owner_id=2)
    relayed(archive, GRACE, NOW - DAY, number=3, rule="welcome")
    relayed(archive, ADA, NOW - 20 * DAY, number=4)
    assert turns(archive, "grace", "ada") == ["grace", "ada"]
    requested(archive, LINUS, 1)
    requested(archive, LINUS, 2)
    assert helped(archive, GRACE) == frozenset()


@pytest.mark.parametrize(
    ("mentions", "first"),
    [
        pytest.param([NOW - DAY / 2], "ada", id="once today"),
        pytest.param([NOW - 2 * DAY], "grace", id="once this week"),
        pytest.param([NOW - 2 * DAY, NOW - 3 * DAY], "ada", id="twice this week"),
        pytest.param([NOW - 8 * DAY, NOW - 9 * DAY], "grace", id="twice, long ago"),
    ],
)
def test_who_has_been_mentioned_enough_comes_last(archive: Archive, mentions: list[datetime], first: str) -> None:
    for number, at in enumerate(mentions):
        relayed(archive, GRACE, at, number=number, rule="welcome", mention=True)
    order = turns(archive, "grace", "ada")
    assert (order[0], sorted(order)) == (first, ["ada", "grace"])


def test_for_whom_somebody_was_asked_of_late(archive: Archive) -> None:
    for number, (by, at) in enumerate([(LINUS, NOW - 6 * DAY), (ADA, NOW - 8 * DAY)], 1):
        requested(archive, by, number)
        relayed(archive, GRACE, at, number=number)
    relayed(archive, GRACE, NOW - DAY, number=3)  # whoever asked is forgotten
    assert helped(archive, GRACE) == {LINUS}
    assert helped(archive) == frozenset()


def test_who_is_away_is_not_asked_and_whose_night_it_is_comes_last(archive: Archive) -> None:
    def wish(person: int, **values: object) -> None:
        archive.put(schema.preferences, owner_id=OWNER, person_id=person, **values)

    wish(GRACE, away_until=NOW + DAY, away_as_of=BEGIN)
    wish(ADA, zone="UTC", quiet_from=f"{NOW - DAY / 24:%H:%M}", quiet_to=f"{NOW + DAY / 24:%H:%M}", quiet_as_of=BEGIN)
    assert turns(archive, "grace", "ada", "linus") == ["linus", "ada"]
    archive.set(schema.preferences, away_until=NOW)
    assert turns(archive, "grace", "ada", "linus") == ["grace", "linus", "ada"]
