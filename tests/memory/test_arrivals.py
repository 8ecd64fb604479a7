"""When an organisation can be told what was installed: once all that could matter is known, and not a day later."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.memory import arrivals, configs, looks, schema
from bot.memory.looks import Due
from bot.model import OwnerId, RepoId
from tests.memory.conftest import Known
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def owner(known: Known) -> OwnerId:
    return OwnerId(known.village.organisation.id)


@pytest.fixture
def installed(known: Known) -> Known:
    known.hear()
    return known


def waits(known: Known, after: timedelta = timedelta()) -> bool:
    return known.store.write_now(lambda db: arrivals.unread_files(db, owner(known), BEGIN + after))


def read(known: Known, *paths: str) -> None:
    def write(db: Connection) -> None:
        for repo in known.village.world.repos.values():
            for path in paths:
                configs.store(db, RepoId(repo.id), path, BEGIN, blob=None, text=None)

    known.store.write_now(write)


def test_it_waits_for_the_file_of_the_old_bot_too_but_not_for_ever(installed: Known) -> None:
    assert waits(installed)
    read(installed, configs.PATH)
    assert waits(installed)
    due = installed.store.read_now(lambda db: {one.subject for one in looks.due(db, BEGIN, 100, ())})
    assert {configs.subject(RepoId(repo.id)) for repo in installed.village.world.repos.values()} <= due
    assert not waits(installed, HOUR * 3)
    read(installed, configs.OLD_PATH)
    assert not waits(installed)


def test_repositories_that_come_while_nobody_finds_a_place_to_tell_it_are_looked_at(known: Known) -> None:
    subject = arrivals.subject(owner(known))
    known.store.write_now(lambda db: looks.plan(db, subject, BEGIN))
    under_way = Due(subject, rev=0, attempts=0)
    known.hear()
    known.store.write_now(lambda db: looks.finished(db, under_way, BEGIN, BEGIN + DAY, "there is no repository"))
    assert (subject, BEGIN) in known.all(schema.looks, "subject", "due_at")
