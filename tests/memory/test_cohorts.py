"""What memory knows of cohorts: who applies, what they brought, which tasks there are and who has them."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from bot.cohorts import Came, Cohort, Intern, Program
from bot.effects import RecordWork
from bot.memory import claims, cohorts, schema
from bot.memory.store import Store
from bot.model import Level, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.policy import Policy
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, LOGINS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

ME: Final = OwnerId(OWNER)
SECRET: Final = 13
WINTER: Final = Cohort(
    id="winter", name="Winter", program=Program.OUTREACHY, first=date(2026, 11, 16), last=date(2026, 12, 11),
    mentors=("grace", "nobody"), label="outreachy", levels=frozenset({Level.STARTER}), takers=2,
    channel="https://example.org", sync=date(2026, 11, 30),
    interns=(Intern(login="ada", repo="Maps", number=1), Intern(login="linus", repo="maps", number=9)),
)  # fmt: skip
TASK: Final = ["Outreachy", "good first issue"]


def policies(connection: Connection, where: Repo) -> Policy:
    return DEFAULTS


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store).repo(SECRET, "secret", private=True)
    archive.thread(1, by=GRACE, labels=TASK)
    archive.thread(2, by=GRACE, labels=["outreachy"])  # no level
    archive.thread(3, by=GRACE, labels=TASK, repo=ANOTHER_REPO, assignees=[LINUS, BOT])
    archive.thread(4, by=GRACE, labels=TASK, is_open=False)
    archive.thread(5, by=GRACE, labels=TASK, repo=SECRET)
    archive.thread(6, by=GRACE, labels=TASK, locked=True)
    archive.thread(7, kind="pull_request", labels=TASK)
    return archive


def record(archive: Archive, who: int = ADA, *, at: int = 0, **more: Any) -> None:
    order = RecordWork(
        rule="cohorts", key="", why="", thread=ThreadRef(RepoId(REPO), 1), as_of=BEGIN + timedelta(hours=at),
        person=Person(PersonId(who), LOGINS[who]), cohort="winter", **{"work": None} | more,
    )  # fmt: skip
    archive.store.write_now(lambda db: cohorts.record(db, ME, order))


def names(archive: Archive, seen_from: int | None = None) -> list[tuple[str, int]]:
    where = None if seen_from is None else RepoId(seen_from)
    found = archive.store.read_now(lambda db: cohorts.tasks(db, ME, WINTER, policies, seen_from=where))
    return [(task.name, task.left) for task in found]


def test_tasks_are_told_of_where_they_may_be(archive: Archive) -> None:
    public = [("alpine-tools/huts#3", 1), ("alpine-tools/maps#1", 2)]
    assert names(archive) == public
    assert names(archive, SECRET) == [*public, ("alpine-tools/secret#5", 2)]


def test_who_has_taken_it_counts_once(archive: Archive) -> None:
    here = ThreadRef(RepoId(ANOTHER_REPO), 3)
    archive.store.write_now(lambda db: claims.take(db, here, PersonId(LINUS), BEGIN))
    assert dict(names(archive))["alpine-tools/huts#3"] == 1
    archive.store.write_now(lambda db: claims.take(db, here, PersonId(ADA), BEGIN))
    assert dict(names(archive))["alpine-tools/huts#3"] == 0


def test_which_of_some_issues_are_tasks(archive: Archive) -> None:
    some = [ThreadRef(RepoId(REPO), number) for number in (1, 2, 3, 7)]
    assert archive.store.read_now(lambda db: cohorts.among(db, some, WINTER, policies)) == {some[0]}
    assert archive.store.read_now(lambda db: cohorts.among(db, [], WINTER, policies)) == set()
    closed = archive.store.read_now(lambda db: cohorts.task(db, ThreadRef(RepoId(REPO), 4), WINTER, policies))
    assert closed is not None
    assert closed.left == 0


def test_a_contribution_is_recorded_once_and_its_author_applies(archive: Archive) -> None:
    record(archive)
    pull, task = ThreadRef(RepoId(REPO), 7), ThreadRef(RepoId(REPO), 1)
    for at in (1, 2):
        record(archive, at=at, work=pull, task=task)
        record(archive, at=at, url="https://example.org/x")
    [ada] = archive.store.read_now(lambda db: cohorts.applicants(db, ME, WINTER))
    assert (ada.person.login, ada.since, ada.place) == ("ada", BEGIN, pull)
    assert sorted((one.name, one.url, one.state, one.task_name) for one in ada.contributions) == [
        ("", "https://example.org/x", Came.ELSEWHERE, ""),
        ("alpine-tools/maps#7", "", Came.OPEN, "alpine-tools/maps#1"),
    ]
    assert archive.store.read_now(lambda db: cohorts.applies(db, ME, PersonId(ADA))) == {"winter"}
    assert archive.store.read_now(lambda db: cohorts.recorded(db, pull)) == {("winter", ADA)}


def test_what_is_gone_is_no_contribution(archive: Archive) -> None:
    record(archive, work=ThreadRef(RepoId(REPO), 7))
    archive.set(schema.threads, gone=True)
    [ada] = archive.store.read_now(lambda db: cohorts.applicants(db, ME, WINTER))
    assert (ada.contributions, ada.place) == ((), None)


def test_mentors_who_are_known(archive: Archive) -> None:
    assert list(archive.store.read_now(lambda db: cohorts.mentors(db, ME, WINTER))) == [GRACE]


def test_the_open_issues_of_interns(archive: Archive) -> None:
    archive.thread(1, repo=ANOTHER_REPO)
    archive.thread(9, is_open=False)
    assert archive.store.read_now(lambda db: cohorts.intern_threads(db, ME, WINTER)) == [ThreadRef(RepoId(REPO), 1)]
