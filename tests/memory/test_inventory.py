"""What an organisation has, for a proposal to it: nothing of it comes from a private repository."""

from datetime import timedelta

import pytest

from bot.arrival.found import LabelUse
from bot.memory import inventory as module
from bot.memory import schema
from bot.memory.inventory import Inventory, inventory
from bot.memory.store import Store
from bot.model import OwnerId
from tests.memory.conftest import ADA, ANOTHER_REPO, GREETER, OWNER, REPO, Archive, Known
from tests.stage import BEGIN

SECRET, OLD, LEFT, ABROAD = 13, 14, 15, 16
DAY = timedelta(days=1)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store).repo(SECRET, "secret", private=True)


def taken(archive: Archive) -> Inventory:
    return archive.store.read_now(lambda db: inventory(db, OwnerId(OWNER), BEGIN))


def test_labels_are_counted_by_repository(archive: Archive) -> None:
    archive.thread(1, labels=["bug", "docs"])
    archive.thread(2, labels=["bug"], is_open=False)
    archive.thread(3, labels=["bug"], gone=True)
    archive.thread(4, labels=["bug"], repo=ANOTHER_REPO)
    archive.thread(5, labels=["secret plan"], repo=SECRET)
    for number, (name, gone) in enumerate([("bug", False), ("unused", False), ("deleted", True)]):
        archive.put(schema.labels, repo_id=REPO, label_id=number, name=name, gone=gone, heard_at=BEGIN)
    archive.put(schema.labels, repo_id=SECRET, label_id=9, name="secret too", gone=False, heard_at=BEGIN)
    assert taken(archive).labels == (
        LabelUse("bug", "maps", open=1, closed=1),
        LabelUse("docs", "maps", open=1),
        LabelUse("unused", "maps"),
        LabelUse("bug", "huts", open=1),
    )


def test_only_the_newest_threads_are_counted(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_THREADS", 2)
    for number in range(4):
        archive.thread(number, at=BEGIN + number * DAY, labels=[f"label {number}"])
    assert [label.name for label in taken(archive).labels] == ["label 2", "label 3"]


def test_the_repository_with_the_most_new_threads_comes_first(archive: Archive) -> None:
    archive.repo(OLD, "old", archived=True).repo(LEFT, "left", covered=False).repo(ABROAD, "abroad", owner=2)
    for number in (1, 2, 3):
        archive.thread(number, at=BEGIN - 400 * DAY)
        archive.thread(number, repo=SECRET)
        archive.thread(number, repo=OLD)
    archive.thread(4, at=BEGIN - 300 * DAY)
    archive.thread(5, repo=ANOTHER_REPO)
    archive.thread(6, repo=ANOTHER_REPO)
    assert [repo.name for repo in taken(archive).active] == ["huts", "maps"]


def test_that_there_are_private_repositories_is_known(archive: Archive) -> None:
    assert taken(archive).has_private
    archive.set(schema.repos, private=False)
    assert not taken(archive).has_private


def test_bots_that_welcome_people_are_known_by_their_names(archive: Archive) -> None:
    for id_, login, is_bot in ((201, "welcome[bot]", True), (202, "Hello-Greeter[bot]", True), (203, "welcomer", False),
                               (204, "first-timers[bot]", True), (205, "deploy[bot]", True)):  # fmt: skip
        archive.put(schema.people, id=id_, login=login, is_bot=is_bot, heard_at=BEGIN)
        archive.answer(1, by=id_, at=BEGIN, repo=SECRET if id_ == 204 else REPO)
    archive.answer(1, by=ADA, at=BEGIN).answer(1, by=GREETER, at=BEGIN)
    assert taken(archive).greeters == ("Hello-Greeter[bot]", "welcome[bot]")


def test_an_organisation_that_was_heard_of_has_what_it_has(known: Known) -> None:
    village = known.village
    village.world.open_issue(village.huts, by=village.ada, title="How?", labels=["bug"])
    known.hear()
    it = known.store.read_now(lambda db: inventory(db, OwnerId(village.organisation.id), village.clock()))
    assert [repo.name for repo in it.active] == ["huts", "maps"]
    assert LabelUse("bug", "huts", open=1) in it.labels
    assert (it.has_private, it.greeters) == (False, ())
