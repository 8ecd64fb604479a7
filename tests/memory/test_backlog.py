"""The open issues that have no level yet, and what it took to close similar ones."""

from datetime import timedelta

import pytest

from bot.levelling.score import Similar
from bot.memory import backlog, schema
from bot.memory.backlog import OpenIssue
from bot.memory.store import Store
from bot.model import Came, OwnerId, Repo, RepoId, ThreadRef
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

DAY = timedelta(days=1)
NOW = BEGIN + 100 * DAY
HOME = RepoId(REPO)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def places(archive: Archive) -> dict[RepoId, Repo]:
    return archive.store.read_now(lambda db: backlog.places(db, OwnerId(OWNER), HOME))


def issues(archive: Archive) -> list[OpenIssue]:
    repos = places(archive)
    return archive.store.read_now(lambda db: backlog.open_issues(db, repos, ["Welcome-Robot"]))


def similar(archive: Archive) -> dict[str, Similar]:
    repos = places(archive)
    return archive.store.read_now(lambda db: backlog.similar(db, OwnerId(OWNER), repos, DEFAULTS, NOW))


def wrote(archive: Archive, number: int, args: str, *, by: int, hours: int) -> None:
    where = {"place": "issue_comment", "place_id": hours, "repo_id": REPO, "number": number, "node_id": "N"}
    archive.put(schema.requests, name="level", args=args, person_id=by, at=BEGIN + timedelta(hours=hours), **where)


def test_what_is_open_is_told_with_what_people_suggest(archive: Archive) -> None:
    archive.thread(1, labels=["bug"], traits=["steps", "version"], hint="problem")
    archive.thread(2, at=BEGIN + DAY, repo=ANOTHER_REPO, assignees=[GRACE])
    wrote(archive, 1, "medium", by=LINUS, hours=1)
    wrote(archive, 1, "starter", by=ADA, hours=2)
    first, second = issues(archive)
    assert first.name == "alpine-tools/maps#1"
    assert (first.labels, first.traits) == (frozenset({"bug"}), frozenset({"steps", "version"}))
    assert (first.came, first.taken, first.created_at) == (Came.PROBLEM, False, BEGIN)
    assert [(person.login, args) for person, args in first.wishes] == [("linus", "medium"), ("ada", "starter")]
    assert (second.ref, second.taken, second.traits, second.wishes) == (ThreadRef(RepoId(12), 2), True, frozenset(), ())


@pytest.mark.parametrize(
    "thread",
    [
        pytest.param({"is_open": False}, id="closed"),
        pytest.param({"gone": True}, id="gone"),
        pytest.param({"locked": True}, id="locked"),
        pytest.param({"kind": "pull_request"}, id="a-pull-request"),
        pytest.param({"by": BOT}, id="of-a-bot"),
        pytest.param({"by": 105}, id="of-an-account-that-acts-like-a-bot"),
    ],
)
def test_what_is_no_open_issue_of_a_person_is_left_out(archive: Archive, thread: dict[str, object]) -> None:
    archive.thread(1, **thread)  # type: ignore[arg-type]  # columns of several kinds
    assert issues(archive) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [({}, True), ({"private": True}, False), ({"archived": True}, False), ({"covered": False}, False)],
)
def test_of_which_repositories_it_tells(archive: Archive, changed: dict[str, bool], told: bool) -> None:
    archive.repo(13, "cellar", owner=OWNER, **changed)
    assert (13 in places(archive)) is told


def test_a_private_repository_is_told_of_at_home(archive: Archive) -> None:
    archive.set(schema.repos, private=True)
    assert set(places(archive)) == {REPO}


def closed(archive: Archive, number: int, *, files: int, lines: int, by: int = ADA, to_repo: str = "",
           repo: int = REPO, closes: bool = True, days: int = 90) -> None:  # fmt: skip
    """An issue about documentation, and a pull request that closed it."""
    archive.thread(number, labels=["docs"], is_open=False)
    merged_at = BEGIN + days * DAY
    archive.thread(number + 100, kind="pull_request", by=by, repo=repo, merged_at=merged_at, is_open=False,
                   files=files, lines=lines, paths=["a/b.py"])  # fmt: skip
    archive.put(schema.links, repo_id=repo, number=number + 100, to_repo=to_repo, to_number=number, closes=closes,
                gone=False, as_of=BEGIN)  # fmt: skip


def test_what_it_took_to_close_similar_ones_is_told_by_area(archive: Archive) -> None:
    closed(archive, 1, files=1, lines=10)
    closed(archive, 2, files=3, lines=20, by=GRACE)
    closed(archive, 3, files=2, lines=90, repo=ANOTHER_REPO, to_repo="alpine-tools/maps")
    closed(archive, 4, files=50, lines=9000, closes=False)
    closed(archive, 5, files=50, lines=9000, repo=ANOTHER_REPO, to_repo="elsewhere/maps")
    archive.thread(1, repo=ANOTHER_REPO, labels=["ci"])  # of the same number, and not the one that was closed
    found = similar(archive)
    assert found["documentation"] == Similar(issues=3, files=2, lines=20, by_newcomers=2 / 3)
    assert set(found) == {"documentation", "a"}


def test_what_was_closed_long_ago_does_not_count(archive: Archive) -> None:
    closed(archive, 1, files=1, lines=10, days=-700)
    assert similar(archive) == {}
