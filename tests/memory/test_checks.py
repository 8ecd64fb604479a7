"""What check suites say of pull requests, as memory keeps it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, Final

import pytest

from bot.memory import app, checks, schema
from bot.memory.store import Store
from bot.model import RepoId, ThreadRef
from bot.sandbox import ChangedFile
from bot.sandbox.model import PullRequest
from bot.waiting import Checks, Result
from tests.memory.conftest import ADA, REPO, Archive, Known, Village, tell
from tests.stage import BEGIN

HOUR: Final = timedelta(hours=1)
FILES: Final = [ChangedFile(filename="a.py")]
FAILED, HELD, PENDING, PASSED = Result.FAILED, Result.HELD, Result.PENDING, Result.PASSED


def pull(v: Village) -> PullRequest:
    return v.world.open_pull_request(v.maps, by=v.ada, title="Rotate maps", files=FILES)


def of(known: Known, it: PullRequest) -> Checks | None:
    return known.store.read_now(lambda db: checks.of_pull(db, ThreadRef(RepoId(it.repo.id), it.number)))


@pytest.mark.parametrize(
    ("conclusion", "result"),
    [
        ("success", PASSED), ("neutral", PASSED), ("skipped", PASSED), ("failure", FAILED), ("timed_out", FAILED),
        ("startup_failure", FAILED), ("action_required", HELD), ("cancelled", None), ("stale", None),
    ],
)  # fmt: skip
def test_what_a_suite_says(known: Known, conclusion: Any, result: Result | None) -> None:
    it = pull(known.village)
    known.village.later(hours=1)
    known.village.world.check_suite(it, conclusion=conclusion)
    known.hear()
    assert of(known, it) == (Checks(result=result, at=BEGIN + HOUR) if result else None)


@pytest.mark.parametrize(
    ("suites", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([("passed", 1), ("passed", 3)], (PASSED, 3), id="the last one has passed"),
        pytest.param([("passed", 3), ("failed", 2), ("failed", 4)], (FAILED, 2), id="one failed, and then another"),
        pytest.param([("failed", 3), ("held", 1), ("pending", 1)], (FAILED, 3), id="failed before held"),
        pytest.param([("held", 2), ("pending", 1), ("passed", 1)], (HELD, 2), id="held before pending"),
        pytest.param([("pending", 2), ("passed", 1)], (PENDING, 2), id="pending before passed"),
        pytest.param([("aborted", 2), ("passed", 1)], (PASSED, 1), id="aborted says nothing"),
        pytest.param([("aborted", 2)], None, id="only aborted"),
    ],
)
def test_what_the_suites_of_a_commit_say_together(
    store: Store, suites: Sequence[tuple[str, int]], expected: tuple[Result, int] | None
) -> None:
    archive = Archive(store)
    ref = archive.thread(5, kind="pull_request", head_sha="abc")
    for id_, (state, hours) in enumerate(suites):
        archive.put(schema.check_suites, repo_id=REPO, sha="abc", suite_id=id_, state=state, at=BEGIN + hours * HOUR)
    archive.put(schema.check_suites, repo_id=REPO, sha="another", suite_id=9, state="failed", at=BEGIN)
    found = Checks(result=expected[0], at=BEGIN + expected[1] * HOUR) if expected else None
    assert store.read_now(lambda db: checks.of_pull(db, ref)) == found
    assert store.read_now(lambda db: checks.of_pulls(db, ref.repo_id)) == ({5: found} if found else {})


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_latest_news_of_a_suite_counts_in_any_order_and_before_its_pull_request(
    known: Known, order: Sequence[int]
) -> None:
    v = known.village
    it = pull(v)
    suite = v.world.check_suite(it)
    for conclusion in ("action_required", "failure", "success"):
        v.later(hours=1)
        v.world.conclude(suite, conclusion)
    *before, opened, held, failed, passed = v.deliveries
    told = [*before, *([opened, held, failed, passed][index] for index in order)]
    known.store.write_now(lambda db: tell(db, told))
    assert of(known, it) == Checks(result=PASSED, at=BEGIN + 3 * HOUR)


def test_it_is_about_the_newest_commit(known: Known) -> None:
    v = known.village
    it = pull(v)
    v.world.check_suite(it, conclusion="failure")
    v.later(hours=1)
    v.world.synchronize(it, by=v.ada)
    known.hear()
    assert of(known, it) is None
    assert known.thread(it)["head_sha"] == it.head_sha
    v.world.check_suite(it, conclusion="success")
    known.hear()
    assert of(known, it) == Checks(result=PASSED, at=BEGIN + HOUR)


def test_our_own_suite_is_left_out(known: Known) -> None:
    """A wrong configuration in a pull request is said in a check of ours; it is no check of the repository's."""
    v = known.village
    known.store.write_now(lambda db: app.called(db, "Switchback", BEGIN))
    it = pull(v)
    ours = v.world.check_suite(it, app=v.installation.app, conclusion="failure")
    v.world.rerequest(ours, by=v.grace)
    known.hear()
    assert known.all(schema.check_suites, "suite_id") == []


def fails(v: Village, it: PullRequest) -> None:
    v.world.check_suite(it, conclusion="failure")


def fails_twice(v: Village, it: PullRequest) -> None:
    fails(v, it)
    fails(v, it)


def is_aborted(v: Village, it: PullRequest) -> None:
    v.world.check_suite(it, conclusion="cancelled")


def fails_when_closed(v: Village, it: PullRequest) -> None:
    v.world.close(it, by=v.ada)
    fails(v, it)


@pytest.mark.parametrize(
    ("then", "looked_at"), [(fails, True), (fails_twice, False), (is_aborted, False), (fails_when_closed, False)]
)
def test_a_pull_request_is_looked_at_when_the_result_is_another(
    known: Known, then: Callable[[Village, PullRequest], None], looked_at: bool
) -> None:
    v = known.village
    it = pull(v)
    then(v, it)
    *before, last = v.deliveries
    known.store.write_now(lambda db: tell(db, before))
    found = known.hear_payload(last.event, last.payload)
    assert found == ({ThreadRef(RepoId(v.maps.id), it.number)} if looked_at else set())


def test_what_is_not_as_github_says_is_refused(known: Known) -> None:
    v = known.village
    fails(v, pull(v))
    suite = v.deliveries[-1].payload
    known.hear()
    assert known.hear_payload("check_suite", {**suite, "check_suite": None}) == set()
    nameless = {**suite["check_suite"], "id": 1, "app": None, "updated_at": None}
    known.hear_payload("check_suite", {**suite, "check_suite": nameless})
    assert len(known.all(schema.check_suites, "suite_id")) == 2
    with pytest.raises(ValueError, match="without a time"):
        known.hear_payload("check_suite", {**suite, "check_suite": {**nameless, "created_at": None}})


def test_old_ones_go_but_not_those_of_open_pull_requests(store: Store) -> None:
    archive = Archive(store)
    archive.thread(5, kind="pull_request", head_sha="open")
    archive.thread(6, kind="pull_request", head_sha="closed", is_open=False)
    archive.thread(7, kind="pull_request", by=ADA)
    for sha, at in (("open", BEGIN), ("closed", BEGIN), ("before", BEGIN), ("young", BEGIN + HOUR)):
        archive.put(schema.check_suites, repo_id=REPO, sha=sha, suite_id=1, state="passed", at=at)
    assert [store.write_now(lambda db: checks.forget(db, BEGIN + HOUR)) for _ in range(2)] == [2, 0]
    known = Known(store, None)  # type: ignore[arg-type]  # no village here
    assert known.all(schema.check_suites, "sha") == [("open",), ("young",)]
