"""Which pull requests name which issues, as memory keeps it, and what is told of them in an issue."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, Final

import pytest

from bot.memory import recall, schema
from bot.memory.store import Store
from bot.model import Person, PersonId, RepoId, ThreadRef, Waits
from bot.pathway import Link
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, LINUS, OWNER, REPO, Archive, Known, tell
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ISSUE: Final = 5
NAMES: Final = ("to_repo", "to_number", "closes", "gone")


def kept(known: Known) -> list[tuple[Any, ...]]:
    return known.all(schema.links, *NAMES)


def test_title_and_text_are_read_and_not_kept(known: Known) -> None:
    v = known.village
    body = "Fixes #1, resolves alpine-tools/huts#2.\n\nSee alpine-tools/maps#7 and `fixes #9`, and myself: #1, #2."
    v.world.open_issue(v.maps, by=v.ada, title="Fixes #5", body="Fixes #6")  # an issue names nothing
    v.world.open_pull_request(v.maps, by=v.ada, title="Close #3", body=body)
    known.hear()
    assert kept(known) == [
        ("", 1, True, False), ("", 3, True, False), ("", 7, False, False), ("alpine-tools/huts", 2, True, False)
    ]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_an_edit_takes_away_is_gone_in_any_order(known: Known, order: Sequence[int]) -> None:
    v = known.village
    pull = v.world.open_pull_request(v.maps, by=v.ada, title="A", body="Fixes #7, see #8")
    v.later(hours=1)
    v.world.edit(pull, by=v.ada, body="Fixes #8")
    v.later(hours=1)
    v.world.comment(pull, by=v.grace, body="Fixes #9")  # shows the pull request too, but is not its text
    *before, opened, edited, said = v.deliveries
    told = [*before, *([opened, edited, said][index] for index in order)]
    known.store.write_now(lambda db: tell(db, told))
    assert kept(known) == [("", 7, True, True), ("", 8, True, False)]


def test_what_comes_back_is_there_again_and_what_shows_no_text_says_nothing(known: Known) -> None:
    v = known.village
    pull = v.world.open_pull_request(v.maps, by=v.ada, title="A", body="Fixes #7")
    for body in ("Nothing", "See #7"):
        v.later(hours=1)
        v.world.edit(pull, by=v.ada, body=body)
    known.hear()
    assert kept(known) == [("", 7, False, False)]
    last = v.deliveries[-1]
    shown = {name: value for name, value in last.payload["pull_request"].items() if name != "body"}
    known.hear_payload("pull_request", {**last.payload, "pull_request": shown})
    assert kept(known) == [("", 7, False, False)]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_texts_of_one_second_both_count(known: Known, turn: int) -> None:
    v = known.village
    pull = v.world.open_pull_request(v.maps, by=v.ada, title="A", body="Fixes #7")
    v.world.edit(pull, by=v.ada, body="See #7 and #8")
    known.store.write_now(lambda db: tell(db, [*v.deliveries[:-2], *v.deliveries[-2:][::turn]]))
    assert kept(known) == [("", 7, True, False), ("", 8, False, False)]


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def pull(archive: Archive, number: int, *, repo: int = REPO, by: int = ADA, **more: object) -> ThreadRef:
    return archive.thread(number, kind="pull_request", repo=repo, by=by, **more)  # type: ignore[arg-type]  # columns


def link(
    archive: Archive, number: int, *, repo: int = REPO, to: str = "", closes: bool = True, gone: bool = False
) -> None:
    archive.put(schema.links, repo_id=repo, number=number, to_repo=to, to_number=ISSUE, closes=closes, gone=gone,
                as_of=BEGIN)  # fmt: skip


def links(archive: Archive, ref: ThreadRef | None = None) -> tuple[Link, ...]:
    where = ref or archive.thread(ISSUE, by=GRACE)
    look = archive.store.read_now(lambda db: recall.thread_look(db, where, BEGIN + 30 * DAY, bots=(), greeters=()))
    assert look is not None
    return look.links


def test_what_an_issue_knows_of_a_pull_request(archive: Archive) -> None:
    pull(archive, 12, at=BEGIN + DAY)
    link(archive, 12)
    archive.answer(12, by=GRACE, at=BEGIN + 2 * DAY).answer(12, by=ADA, at=BEGIN + 3 * DAY)
    [found] = links(archive)
    assert found == Link(
        pull=ThreadRef(RepoId(REPO), 12), author=Person(PersonId(ADA), "ada"), closes=True, is_open=True,
        merged_at=None, last_sign=BEGIN + 3 * DAY, waits=Waits.FOR_TEAM, name="#12",
        url="https://github.com/maps/pull/12",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "answered", "at"),
    [
        pytest.param({}, None, timedelta(), id="opening it"),
        pytest.param({}, GRACE, 2 * DAY, id="the team gave it back"),
        pytest.param({}, LINUS, timedelta(), id="others say something"),
        pytest.param({}, ADA, 2 * DAY, id="its author says something"),
        pytest.param({"is_open": False, "closed_at": BEGIN + 3 * DAY}, None, 3 * DAY, id="it was closed"),
    ],
)
def test_what_is_a_sign(archive: Archive, more: dict[str, Any], answered: int | None, at: timedelta) -> None:
    pull(archive, 12, **more)
    link(archive, 12)
    if answered:
        archive.answer(12, by=answered, at=BEGIN + 2 * DAY)
    [found] = links(archive)
    assert found.last_sign == BEGIN + at


@pytest.mark.parametrize("step", ["synchronize", "ready_for_review", "reopened"])
def test_new_commits_and_the_like_are_signs(known: Known, step: str) -> None:
    v = known.village
    issue = v.world.open_issue(v.maps, by=v.grace, title="A")
    draft = v.world.open_pull_request(v.maps, by=v.ada, title="B", body="Fixes #1", draft=step == "ready_for_review")
    if step == "reopened":
        v.world.close(draft, by=v.ada)
    at = v.later(hours=5)
    acts: dict[str, Any] = {
        "synchronize": v.world.synchronize,
        "reopened": v.world.reopen,
        "ready_for_review": v.world.ready_for_review,
    }
    acts[step](draft, by=v.ada)
    known.hear()
    ref = ThreadRef(RepoId(v.maps.id), issue.number)
    look = known.store.read_now(lambda db: recall.thread_look(db, ref, at + HOUR, bots=(), greeters=()))
    assert look is not None
    assert [(one.last_sign, one.waits) for one in look.links] == [(at, Waits.FOR_TEAM)]


def test_those_that_close_it_come_first_and_one_is_told_once(archive: Archive) -> None:
    for number, closes, is_open in ((10, False, True), (11, True, False), (12, True, True)):
        pull(archive, number, is_open=is_open)
        link(archive, number, closes=closes)
    link(archive, 10, to="alpine-tools/maps")  # by its full name, once more
    assert [(one.pull.number, one.closes) for one in links(archive)] == [(12, True), (10, True), (11, True)]


def test_of_an_issue_that_everybody_names_twenty_are_told(archive: Archive) -> None:
    for number in range(10, 35):
        pull(archive, number)
        link(archive, number, closes=False)
    assert [one.pull.number for one in links(archive)] == list(range(34, 14, -1))


@pytest.mark.parametrize(
    ("repo", "to", "told"),
    [
        pytest.param({}, "alpine-tools/maps", True, id="another repository"),
        pytest.param({}, "", False, id="an issue of its own"),
        pytest.param({}, "alpine-tools/trails", False, id="an issue elsewhere"),
        pytest.param({"private": True}, "alpine-tools/maps", False, id="a private one"),
        pytest.param({"gone": True}, "alpine-tools/maps", False, id="one that is gone"),
        pytest.param({"owner_id": OWNER + 1}, "alpine-tools/maps", False, id="of another owner"),
    ],
)
def test_over_the_borders_of_repositories(archive: Archive, repo: dict[str, Any], to: str, told: bool) -> None:
    there = ANOTHER_REPO + 1
    archive.repo(there, "trails", **repo)
    pull(archive, 12, repo=there)
    link(archive, 12, repo=there, to=to)
    assert [one.name for one in links(archive)] == ["alpine-tools/trails#12"] * told


def test_a_private_repository_knows_its_own(archive: Archive) -> None:
    archive.set(schema.repos, private=True)
    pull(archive, 12)
    link(archive, 12)
    assert len(links(archive)) == 1


@pytest.mark.parametrize(("more", "gone"), [({"gone": True}, False), ({}, True)], ids=["the thread", "the name in it"])
def test_what_is_gone_is_told_no_more(archive: Archive, more: dict[str, Any], gone: bool) -> None:
    pull(archive, 12, **more)
    link(archive, 12, gone=gone)
    assert links(archive) == ()


def test_only_issues_are_asked_for(archive: Archive) -> None:
    pull(archive, 12)
    link(archive, 12)
    assert links(archive, pull(archive, ISSUE)) == ()
