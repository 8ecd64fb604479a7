"""Whom there is to thank for a week, and what came of it."""

from datetime import timedelta

import pytest

from bot.memory import backlog, deeds_of_week, schema
from bot.memory.deeds_of_week import Deeds
from bot.memory.store import Store
from bot.model import OwnerId, RepoId
from bot.policy import Policy
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, GREETER, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS, policy
from tests.stage import BEGIN

DAY = timedelta(days=1)
SINCE = BEGIN + 10 * DAY


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def deeds(archive: Archive, chosen: Policy = DEFAULTS) -> Deeds:
    places = archive.store.read_now(lambda db: backlog.places(db, OwnerId(OWNER), RepoId(REPO)))
    policies = dict.fromkeys(places, chosen)
    return archive.store.read_now(lambda db: deeds_of_week.deeds(db, OwnerId(OWNER), places, policies, SINCE))


def did(archive: Archive, number: int, step: str, *, by: int, repo: int = REPO, days: int = 11) -> None:
    archive.put(schema.happenings, repo_id=repo, number=number, at=BEGIN + days * DAY, step=step, about="bug",
                person_id=by)  # fmt: skip


def test_who_answered_and_who_sorted_is_named_by_the_alphabet_and_what_came_of_it_counted(archive: Archive) -> None:
    for number, repo in ((1, REPO), (2, REPO), (3, ANOTHER_REPO)):
        archive.thread(number, repo=repo)
    archive.answer(1, by=LINUS, at=SINCE).answer(1, by=GRACE, at=SINCE + DAY).answer(2, by=LINUS, at=SINCE)
    did(archive, 3, "labeled", by=GRACE, repo=ANOTHER_REPO)
    archive.thread(4, is_open=False, closed_at=SINCE)
    archive.thread(5, kind="pull_request", is_open=False, closed_at=SINCE, merged_at=SINCE)
    archive.thread(6, is_open=False, closed_at=BEGIN)
    archive.thread(7, kind="discussion", is_open=False, closed_at=SINCE)
    assert deeds(archive) == Deeds(people=("grace", "linus"), answered=2, merged=1, closed=1)


@pytest.mark.parametrize("step", ["labeled", "unlabeled", "assigned", "closed", "reopened", "merged"])
def test_who_sorts_what_others_opened_is_thanked(archive: Archive, step: str) -> None:
    archive.thread(1)
    did(archive, 1, step, by=GRACE)
    assert deeds(archive) == Deeds(people=("grace",))


@pytest.mark.parametrize("step", ["pushed", "ready_for_review"])
def test_what_is_work_on_the_own_is_not_meant(archive: Archive, step: str) -> None:
    archive.thread(1)
    did(archive, 1, step, by=GRACE)
    assert deeds(archive) == Deeds()


@pytest.mark.parametrize(("by", "days"), [(ADA, 11), (BOT, 11), (GREETER, 11), (GRACE, 9)])
def test_neither_the_author_nor_bots_nor_what_was_before(archive: Archive, by: int, days: int) -> None:
    archive.thread(1)
    archive.answer(1, by=by, at=BEGIN + days * DAY)
    did(archive, 1, "labeled", by=by, days=days)
    robots = policy(people={"bots": ("welcome-robot",)})
    assert deeds(archive, robots) == Deeds()


def test_what_is_gone_or_private_elsewhere_does_not_count(archive: Archive) -> None:
    archive.thread(1)
    archive.thread(2, gone=True, merged_at=SINCE)
    archive.repo(13, "cellar", private=True)
    archive.thread(3, repo=13, merged_at=SINCE)
    archive.answer(1, by=GRACE, at=SINCE, gone=True).answer(2, by=GRACE, at=SINCE)
    archive.answer(3, by=GRACE, at=SINCE, repo=13)
    assert deeds(archive) == Deeds()


@pytest.mark.parametrize(
    ("by", "closers", "count"),
    [
        (ADA, [GRACE], 1),
        (ADA, [ADA], 1),
        (ADA, [], 1),  # it was read from a list, which does not tell
        (ADA, [GRACE, LINUS], 1),
        (ADA, [BOT], 0),
        (ADA, [GREETER], 0),
        (BOT, [GRACE], 0),
        (GREETER, [GRACE], 0),
        (BOT, [BOT], 0),
    ],
)
def test_what_bots_opened_or_closed_is_no_work_of_people(
    archive: Archive, by: int, closers: list[int], count: int
) -> None:
    archive.thread(1, by=by, is_open=False, closed_at=BEGIN + 11 * DAY)
    for closer in closers:
        did(archive, 1, "closed", by=closer)
    assert deeds(archive, policy(people={"bots": ("welcome-robot",)})).closed == count


def test_that_a_bot_had_closed_it_before_does_not_matter(archive: Archive) -> None:
    archive.thread(1, is_open=False, closed_at=BEGIN + 12 * DAY)
    did(archive, 1, "closed", by=BOT)
    did(archive, 1, "closed", by=GRACE, days=12)
    assert deeds(archive).closed == 1


def test_who_wants_to_be_left_alone_is_not_named_and_what_they_did_counts(archive: Archive) -> None:
    archive.thread(1)
    archive.answer(1, by=GRACE, at=SINCE).answer(1, by=LINUS, at=SINCE)
    archive.put(schema.optouts, owner_id=OWNER, person_id=GRACE, opted_out=True, as_of=BEGIN)
    assert deeds(archive, policy(people={"leave_alone": ("Linus",)})) == Deeds(answered=1)
