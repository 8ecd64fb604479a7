"""What tells whom threads wait for, besides the threads themselves: of one, and of many at once."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final

import pytest
from sqlalchemy import Connection, event

from bot.memory import overview, recall, schema, waits
from bot.memory.store import Store
from bot.model import OwnerId, Repo, RepoId, Thread, ThreadRef
from bot.pathway import Ended
from bot.waiting import Checks, Correction, Facts, On, Result
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 30 * DAY
PRIVATE, ELSEWHERE = 13, 14
MAPS: Final = Repo(RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps")


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store).repo(PRIVATE, "secret", private=True).repo(ELSEWHERE, "far", owner=2)


def pull(archive: Archive, number: int, *, day: int = 0, repo: int = REPO, by: int = ADA, **more: object) -> None:
    archive.thread(number, kind="pull_request", repo=repo, by=by, at=BEGIN + day * DAY, **more)


def link(archive: Archive, number: int, to: int, *, repo: int = REPO, closes: bool = True, gone: bool = False) -> None:
    archive.put(
        schema.links, repo_id=repo, number=number, to_repo="" if repo == REPO else "alpine-tools/maps", to_number=to,
        closes=closes, gone=gone, as_of=BEGIN,
    )  # fmt: skip


def claim(archive: Archive, number: int, by: int, *, day: int, over: bool = False) -> None:
    at, end = BEGIN + day * DAY, {"ended_at": NOW, "ended": Ended.GIVEN_BACK.value} if over else {}
    archive.put(schema.claims, repo_id=REPO, number=number, person_id=by, at=at, worked_at=at, **end)


def correct(archive: Archive, number: int, on: On | None, *, day: int) -> None:
    ref = ThreadRef(MAPS.id, number)
    archive.store.write_now(lambda db: waits.correct(db, ref, on, BEGIN + day * DAY))


def suite(archive: Archive, sha: str, state: str, *, day: int) -> None:
    archive.put(schema.check_suites, repo_id=REPO, sha=sha, suite_id=day, state=state, at=BEGIN + day * DAY)


def one_by_one(archive: Archive, refs: Collection[ThreadRef]) -> dict[ThreadRef, Facts]:
    def read(db: Connection) -> dict[ThreadRef, Facts]:
        found = {}
        for ref in refs:
            look = recall.thread_look(db, ref, NOW, bots=(), greeters=())
            assert look is not None
            found[ref] = waits.facts(db, look.thread, look.claims, look.links)
        return found

    return archive.store.read_now(read)


def opened(archive: Archive) -> list[Thread]:
    return archive.store.read_now(lambda db: [each.thread for each in overview.open_threads(db, MAPS.id, DEFAULTS)])


def at_once(archive: Archive) -> dict[ThreadRef, Facts]:
    return archive.store.read_now(partial(waits.facts_of, where=MAPS, threads=opened(archive)))


def known(archive: Archive) -> dict[int, Facts]:
    """The same, whether they are asked for one by one or all at once."""
    found = at_once(archive)
    assert found == one_by_one(archive, found)
    return {ref.number: one for ref, one in found.items()}


def test_nothing_is_known(archive: Archive) -> None:
    archive.thread(1)
    pull(archive, 2)
    archive.thread(3, kind="discussion")
    assert known(archive) == {1: Facts(), 2: Facts(), 3: Facts()}


def test_who_has_taken_an_issue(archive: Archive) -> None:
    for number in (1, 2, 3):
        archive.thread(number)
    claim(archive, 1, ADA, day=1, over=True)
    claim(archive, 1, LINUS, day=3)
    claim(archive, 2, ADA, day=1, over=True)
    pull(archive, 4)
    claim(archive, 4, ADA, day=1)  # nobody can; it would mean nothing
    claimed = {number: facts.claimed for number, facts in known(archive).items()}
    assert claimed == {1: BEGIN + 3 * DAY, 2: None, 3: None, 4: None}


def test_the_first_open_pull_request_that_names_an_issue(archive: Archive) -> None:
    archive.thread(1)
    pull(archive, 11, day=1, is_open=False)
    pull(archive, 12, day=3)
    pull(archive, 13, day=2)
    pull(archive, 14, day=1, gone=True)
    for number in (11, 12, 13, 14):
        link(archive, number, 1, closes=number == 12)
    assert known(archive)[1].linked == BEGIN + 2 * DAY


@pytest.mark.parametrize(
    ("repo", "by", "closes", "gone", "counts"),
    [
        pytest.param(REPO, ADA, False, False, True, id="here"),
        pytest.param(REPO, ADA, True, True, False, id="edited away"),
        pytest.param(ANOTHER_REPO, ADA, True, False, True, id="in another repository"),
        pytest.param(PRIVATE, ADA, True, False, False, id="in a private repository"),
        pytest.param(ELSEWHERE, ADA, True, False, False, id="of another owner"),
        pytest.param(REPO, BOT, False, False, False, id="a bot's that mentions it"),
        pytest.param(REPO, BOT, True, False, True, id="a bot's that closes it"),
    ],
)
def test_which_pull_requests_count(
    archive: Archive, repo: int, by: int, closes: bool, gone: bool, counts: bool
) -> None:
    archive.thread(1)
    pull(archive, 12, day=1, repo=repo, by=by)
    link(archive, 12, 1, repo=repo, closes=closes, gone=gone)
    assert known(archive)[1].linked == (BEGIN + DAY if counts else None)


def test_a_private_repository_knows_of_itself(archive: Archive) -> None:
    archive.thread(1)
    pull(archive, 12, day=1)
    link(archive, 12, 1)
    archive.set(schema.repos, private=True)
    assert known(archive)[1].linked == BEGIN + DAY


def test_checks_of_pull_requests(archive: Archive) -> None:
    archive.thread(1, head_sha="a")  # it has none
    pull(archive, 2, head_sha="a")
    pull(archive, 3, head_sha="b")
    pull(archive, 4)
    suite(archive, "a", "passed", day=1)
    suite(archive, "a", "failed", day=2)
    suite(archive, "old", "failed", day=3)
    checks = {number: facts.checks for number, facts in known(archive).items()}
    assert checks == {1: None, 2: Checks(result=Result.FAILED, at=BEGIN + 2 * DAY), 3: None, 4: None}


def test_what_somebody_said(archive: Archive) -> None:
    for number in (1, 2, 3):
        archive.thread(number)
    correct(archive, 1, On.AUTHOR, day=2)
    correct(archive, 1, On.TEAM, day=1)  # heard late
    correct(archive, 2, On.AUTHOR, day=1)
    correct(archive, 2, None, day=2)
    said = {number: facts.correction for number, facts in known(archive).items()}
    assert said == {
        1: Correction(on=On.AUTHOR, at=BEGIN + 2 * DAY), 2: Correction(on=None, at=BEGIN + 2 * DAY), 3: None,
    }  # fmt: skip


def test_of_a_closed_thread_nothing_is_asked(archive: Archive) -> None:
    ref = archive.thread(1, is_open=False)
    claim(archive, 1, ADA, day=1)
    correct(archive, 1, On.TEAM, day=1)
    assert one_by_one(archive, [ref]) == {ref: Facts()}
    look = archive.store.read_now(lambda db: recall.thread_look(db, ref, NOW, bots=(), greeters=()))
    assert look is not None
    assert archive.store.read_now(lambda db: waits.facts_of(db, MAPS, [look.thread])) == {ref: Facts()}


def test_many_take_no_more_queries_than_one(archive: Archive) -> None:
    asked: list[str] = []
    event.listen(archive.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    for number in range(1, 9):
        archive.thread(number, kind="issue" if number % 2 else "pull_request", head_sha=f"{number}")
        link(archive, number, number + 1)
        threads = opened(archive)
        asked.clear()
        archive.store.read_now(partial(waits.facts_of, where=MAPS, threads=threads))
        counts.append(sum(one.startswith("SELECT") for one in asked))
    assert set(counts) == {5}
