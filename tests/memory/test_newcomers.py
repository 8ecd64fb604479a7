"""Whose threads count as a newcomer's, as a table."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import pytest

from bot.memory import schema
from bot.memory.newcomers import newcomers
from bot.memory.store import Store
from bot.model import GHOST, OwnerId, PersonId
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, OWNER, Archive
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 400 * DAY
LATELY: Final = NOW - 10 * DAY
ELSEWHERE: Final = 14


def opens(archive: Archive, times: int, at: datetime = LATELY, **more: object) -> Archive:
    for number in range(1, times + 1):
        archive.thread(number, at=at, **more)  # type: ignore[arg-type]  # columns
    return archive


def knows(archive: Archive, **told: bool | None) -> Archive:
    values: dict[str, object] = {"has_past": False, "merged_before": False, **told}
    return archive.put(schema.acquaintances, owner_id=OWNER, person_id=ADA, asked_at=NOW, **values)


CASES: Final[dict[str, tuple[Callable[[Archive], object], bool]]] = {
    "opens a thread": (lambda a: opens(a, 1), True),
    "opens three": (lambda a: opens(a, 3), True),
    "opens four": (lambda a: opens(a, 4), False),
    "opens nothing": (lambda a: None, False),
    "three, the first long ago": (lambda a: (opens(a, 2), a.thread(9, at=NOW - 365 * DAY)), False),
    "nearly a year ago": (lambda a: opens(a, 1, at=NOW - 364 * DAY), True),
    "merged": (lambda a: opens(a, 1, kind="pull_request", merged_at=LATELY), False),
    "merged in another repository": (
        lambda a: (opens(a, 1), opens(a, 1, repo=ANOTHER_REPO, kind="pull_request", merged_at=LATELY)), False,
    ),
    "merged elsewhere": (
        lambda a: (opens(a, 1), a.repo(ELSEWHERE, "far", owner=2), opens(a, 1, repo=ELSEWHERE, merged_at=LATELY)), True,
    ),
    "of the team": (lambda a: (opens(a, 1), a.team(ADA)), False),
    "was of the team": (lambda a: (opens(a, 1), a.team(ADA, belongs=False)), True),
    "a search found nothing": (lambda a: (opens(a, 1), knows(a)), True),
    "a search could not tell": (lambda a: (opens(a, 1), knows(a, has_past=None, merged_before=None)), True),
    "a search found a past": (lambda a: (opens(a, 1), knows(a, has_past=True)), False),
    "a search found a merge": (lambda a: (opens(a, 1), knows(a, merged_before=True)), False),
}  # fmt: skip


@pytest.mark.parametrize(("before", "new"), CASES.values(), ids=CASES)
def test_who_is_a_newcomer(store: Store, before: Callable[[Archive], object], new: bool) -> None:
    archive = Archive(store)
    before(archive)
    found = store.read_now(lambda db: newcomers(db, OwnerId(OWNER), [PersonId(ADA)], NOW))
    assert found == ({ADA} if new else frozenset())


def test_bots_ghosts_and_owners_are_none_whatever_they_open(store: Store) -> None:
    archive = Archive(store)
    people = [ADA, LINUS, GRACE, BOT, GHOST.id, OWNER]
    for number, person in enumerate(people, 1):
        archive.thread(number, by=person, at=LATELY)
    ids = [PersonId(person) for person in (*people, ADA, 4711)]
    assert store.read_now(lambda db: newcomers(db, OwnerId(OWNER), ids, NOW)) == {ADA, LINUS}


def test_thousands_are_asked_for_at_once(store: Store) -> None:
    archive = Archive(store)
    archive.thread(1, by=ADA, at=LATELY)
    archive.thread(2, by=4711, at=LATELY)
    ids = [PersonId(id_) for id_ in range(1, 5_000)]
    assert store.read_now(lambda db: newcomers(db, OwnerId(OWNER), ids, NOW)) == {ADA, 4711}
