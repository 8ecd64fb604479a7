"""Until when all is known only grows, and a gap is closed once, by reading lists from where we last heard something."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.memory import hearing, schema
from bot.memory.store import Store
from tests.memory.conftest import ADA, LINUS, OWNER, REPO, Archive
from tests.stage import BEGIN

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HEARD = BEGIN + 10 * DAY
BACK = HEARD + 5 * DAY
READ = BEGIN + 2 * DAY


@pytest.fixture
def archive(store: Store) -> Archive:
    """Of an organisation that the app is on, with its past read and its lists as well; Ada has a past, Linus not."""
    archive = Archive(store)
    installation(archive, 1, OWNER)
    for person, past in ((ADA, True), (LINUS, False)):
        archive.put(
            schema.acquaintances, owner_id=OWNER, person_id=person, has_past=past, merged_before=past, asked_at=BEGIN
        )
    return archive


def installation(archive: Archive, id_: int, owner: int, state: str = "active") -> None:
    archive.put(schema.installations, id=id_, owner_id=owner, state=state, live=[], heard_at=BEGIN)


def reading(archive: Archive, part: str, *, since: datetime | None, done: bool = True) -> None:
    archive.put(
        schema.readings, owner_id=OWNER, repo_id=REPO, part=part, since=since, began_at=BEGIN, pages=1, items=1,
        done_at=BEGIN if done else None,
    )  # fmt: skip


def heard(archive: Archive, *times: datetime) -> datetime | None:
    for at in times:
        archive.store.write_now(partial(hearing.hear, until=at))
    return archive.store.read_now(hearing.heard_until)


def close(archive: Archive, from_: datetime = HEARD, now: datetime = BACK) -> bool:
    return archive.store.write_now(lambda db: hearing.close_gap(db, from_, now))


def owner(archive: Archive, id_: int = OWNER) -> dict[str, Any]:
    query = schema.owners.select().where(schema.owners.c.id == id_)
    return dict(archive.store.read_now(lambda db: db.execute(query).mappings().one()))


def since(archive: Archive) -> dict[str, datetime | None]:
    query = select(schema.readings.c.part, schema.readings.c.since)
    return {row.part: row.since for row in archive.store.read_now(lambda db: db.execute(query).all())}


def test_until_when_all_is_known_only_grows(archive: Archive) -> None:
    assert heard(archive) is None
    assert heard(archive, HEARD, HEARD - DAY) == HEARD
    assert heard(archive, BACK) == BACK


def test_a_gap_makes_everything_until_now_the_past(archive: Archive) -> None:
    heard(archive, HEARD)
    assert close(archive)
    assert (owner(archive)["witnessed_since"], owner(archive)["past_read_at"]) == (BACK, None)
    known = select(schema.acquaintances.c.person_id)
    assert archive.store.read_now(lambda db: list(db.scalars(known))) == [ADA]
    assert heard(archive) == BACK


def test_only_the_gap_is_read_again(archive: Archive) -> None:
    heard(archive, HEARD)
    reading(archive, "long ago", since=READ)
    reading(archive, "of late", since=HEARD + DAY)
    reading(archive, "under way", since=READ, done=False)
    reading(archive, "always whole", since=None)
    close(archive)
    assert since(archive) == {
        "long ago": HEARD - HOUR, "of late": HEARD + DAY, "under way": READ, "always whole": None,
    }  # fmt: skip


def test_a_gap_counts_once(archive: Archive) -> None:
    heard(archive, HEARD)
    assert close(archive)
    archive.set(schema.owners, past_read_at=BACK)
    assert not close(archive, now=BACK + HOUR)
    assert (owner(archive)["witnessed_since"], owner(archive)["past_read_at"]) == (BACK, BACK)
    assert heard(archive) == BACK


def test_without_a_mark_there_is_no_gap(archive: Archive) -> None:
    assert not close(archive)
    assert owner(archive)["witnessed_since"] == BEGIN


@pytest.mark.parametrize("state", ["suspended", "deleted"])
def test_where_the_app_is_not_there_is_nothing_to_hear(archive: Archive, state: str) -> None:
    archive.put(schema.owners, id=2, login="other", is_organisation=True, witnessed_since=BEGIN, past_read_at=BEGIN)
    installation(archive, 2, 2, state)
    heard(archive, HEARD)
    close(archive)
    assert owner(archive, 2)["witnessed_since"] == BEGIN
