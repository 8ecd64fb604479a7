"""Memory is read back as the snapshots that the rules want: a thread, its author's standing, and what was said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.looking import ThreadLook
from bot.memory import places, recall, rows, schema
from bot.memory.store import Store
from bot.model import GHOST, Answer, Came, OwnerId, Person, PersonId, Repo, RepoId, Request, ThreadKind, ThreadRef
from tests.memory.conftest import (
    ADA,
    ANOTHER_REPO,
    BOT,
    GRACE,
    GREETER,
    LINUS,
    OWNER,
    REPO,
    Archive,
)  # fmt: skip
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + DAY * 30
HERE = 50  # the number of the thread that is looked at; Ada opened it on the tenth day
THERE = BEGIN + DAY * 10


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def seen(archive: Archive, ref: ThreadRef) -> ThreadLook | None:
    greeters = ("welcome-robot",)
    return archive.store.read_now(lambda db: recall.thread_look(db, ref, NOW, bots=("talbot",), greeters=greeters))


def look(archive: Archive, ref: ThreadRef | None = None) -> ThreadLook:
    found = seen(archive, ref or archive.thread(HERE, at=THERE))
    assert found is not None
    return found


Given = Callable[[Archive], object]


@dataclass(frozen=True)
class Case:
    """What memory holds besides the thread that is looked at, and what Ada's standing is then."""

    id: str
    given: Given
    field: str
    expected: object
    past_read: bool = True


def _owner_is(person: int) -> Given:
    return lambda a: a.set(schema.repos, owner_id=person).set(schema.owners, id=person)


def _team_read(at: datetime) -> Given:
    return lambda a: a.set(schema.owners, team_read_at=at)


def _acquaintance(**told: bool | None) -> Given:
    return lambda a: a.put(schema.acquaintances, owner_id=OWNER, person_id=ADA, asked_at=BEGIN, **told)


def _optout(*, opted_out: bool, owner: int = OWNER) -> Given:
    return lambda a: a.put(schema.optouts, owner_id=owner, person_id=ADA, opted_out=opted_out, as_of=BEGIN)


BEFORE, SINCE = BEGIN - DAY, BEGIN + DAY
MERGED: dict[str, Any] = {"kind": "pull_request", "is_open": False}
CASES = [
    Case("nobody told who belongs", lambda a: None, "is_team", None),
    Case("a member", lambda a: a.team(ADA), "is_team", True),
    Case("one who left", lambda a: (a.team(ADA, belongs=False), _team_read(NOW - HOUR)(a)), "is_team", False),
    Case("one who left, and the list not read since", lambda a: a.team(ADA, belongs=False), "is_team", None),
    Case("one who left after the list was read",
         lambda a: (a.team(ADA, belongs=False, at=NOW - HOUR), _team_read(NOW - HOUR * 2)(a)), "is_team", None),
    Case("not in the list of today", lambda a: _team_read(NOW - HOUR)(a), "is_team", False),
    Case("in no list of late", lambda a: _team_read(NOW - DAY * 2)(a), "is_team", None),
    Case("the owner", _owner_is(ADA), "is_team", True),
    Case("a past thread", lambda a: a.thread(1, at=BEFORE, opened_by=None), "has_past", True),
    Case("a past comment", lambda a: a.answer(1, by=ADA, at=BEFORE), "has_past", True),
    Case("a thread we witnessed", lambda a: a.thread(1, at=SINCE), "has_past", False),
    Case("a comment we witnessed", lambda a: a.answer(1, by=ADA, at=SINCE), "has_past", False),
    Case("the past of another", lambda a: a.thread(1, by=LINUS, at=BEFORE, opened_by=None), "has_past", False),
    Case("nothing, and the past not read", lambda a: None, "has_past", None, past_read=False),
    Case("a search found a past", _acquaintance(has_past=True), "has_past", True, past_read=False),
    Case("a search found none", _acquaintance(has_past=False), "has_past", False, past_read=False),
    Case("a search once found none", _acquaintance(has_past=False), "has_past", False),
    Case("memory knows better", lambda a: (_acquaintance(has_past=False)(a), a.answer(1, by=ADA, at=BEFORE)),
         "has_past", True, past_read=False),
    Case("a search was refused", _acquaintance(has_past=None), "has_past", None, past_read=False),
    Case("hidden", _acquaintance(has_past=None), "past_hidden", True, past_read=False),
    Case("not hidden", _acquaintance(has_past=False), "past_hidden", False, past_read=False),
    Case("never asked", lambda a: None, "past_hidden", False, past_read=False),
    Case("merged before", lambda a: a.thread(1, at=SINCE, merged_at=SINCE + HOUR, **MERGED), "merged_before", True),
    Case("merged later", lambda a: a.thread(1, at=SINCE, merged_at=THERE + HOUR, **MERGED), "merged_before", False),
    Case("not merged", lambda a: a.thread(1, at=SINCE, **MERGED), "merged_before", False),
    Case("no merge known", lambda a: None, "merged_before", None, past_read=False),
    Case("a search found a merge", _acquaintance(merged_before=True), "merged_before", True, past_read=False),
    Case("asked to be left alone", _optout(opted_out=True), "opted_out", True),
    Case("thought better of it", _optout(opted_out=False), "opted_out", False),
    Case("asked elsewhere", _optout(opted_out=True, owner=2), "opted_out", False),
    Case("never asked to be", lambda a: None, "opted_out", False),
    Case("earlier kinds", lambda a: (a.thread(1, at=SINCE), a.thread(2, at=SINCE, kind="discussion")),
         "earlier", {ThreadKind.ISSUE, ThreadKind.DISCUSSION}),
    Case("a later one is not earlier", lambda a: a.thread(60, at=THERE + HOUR), "earlier", set()),
    Case("of one second the lower number", lambda a: a.thread(HERE - 1, at=THERE), "earlier", {ThreadKind.ISSUE}),
    Case("of one second not the higher", lambda a: a.thread(HERE + 1, at=THERE), "earlier", set()),
    Case("of one second the lower repository", lambda a: a.thread(1, at=THERE, repo=ANOTHER_REPO), "earlier", set()),
    Case("met in", lambda a: (a.thread(1, at=SINCE, repo=ANOTHER_REPO), a.thread(2, at=SINCE)),
         "met_in", {ANOTHER_REPO, REPO}),
    Case("met nowhere", lambda a: a.thread(1, at=SINCE, by=LINUS), "met_in", set()),
    Case("elsewhere", lambda a: a.repo(9, "far", owner=2).thread(1, at=SINCE, repo=9), "earlier", set()),
    Case("came along with its repository",
         lambda a: (a.repo(9, "far", owner=2).thread(1, at=SINCE, repo=9), a.set(schema.repos, owner_id=OWNER)),
         "earlier", {ThreadKind.ISSUE}),
    Case("the past elsewhere", lambda a: a.repo(9, "far", owner=2).answer(1, by=ADA, at=BEFORE, repo=9),
         "has_past", False),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_standing_of_an_author(store: Store, case: Case) -> None:
    archive = Archive(store, past_read=case.past_read)
    ref = archive.thread(HERE, at=THERE)
    case.given(archive)
    assert getattr(look(archive, ref).author, case.field) == case.expected


def test_a_merge_before_the_merge_counts_for_a_merged_thread(archive: Archive) -> None:
    archive.thread(1, at=SINCE, merged_at=THERE + HOUR, **MERGED)
    ref = archive.thread(HERE, at=THERE, merged_at=THERE + HOUR * 2, **MERGED)
    assert look(archive, ref).author.merged_before


SAID = [
    ("done here", {"number": HERE}, True, True),
    ("done elsewhere", {"number": 1}, True, False),
    ("dropped here", {"number": HERE, "state": "dropped"}, True, True),
    ("claimed here, not settled", {"number": HERE, "state": "claimed"}, False, False),
    ("claimed elsewhere, not settled", {"number": 1, "state": "claimed"}, True, False),
    ("done here about another", {"number": HERE, "to": LINUS}, False, True),
    ("done elsewhere about another", {"number": 1, "to": LINUS}, False, False),
    ("done in another organisation", {"number": 1, "owner": 2}, False, False),
]


@pytest.mark.parametrize(("entry", "said", "said_here"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_what_was_said_is_known_but_a_claim_that_was_not_settled_is_wished_for_again(
    archive: Archive, entry: dict[str, Any], said: bool, said_here: bool
) -> None:
    archive.said("welcome/issue/1/101", **entry)
    found = look(archive)
    assert (bool(found.said), bool(found.said_here)) == (said, said_here)


GREETERS: list[tuple[str, Given, bool, bool | None]] = [
    ("one has spoken", lambda a: a.answer(1, by=GREETER, at=SINCE), False, True),
    ("none, and we know it all", lambda a: a.answer(1, by=LINUS, at=SINCE), True, False),
    ("none that we know of", lambda a: a.answer(1, by=LINUS, at=SINCE), False, None),
]


@pytest.mark.parametrize(("given", "past_read", "around"), [r[1:] for r in GREETERS], ids=[r[0] for r in GREETERS])
def test_another_greeter_is_noticed(store: Store, given: Given, past_read: bool, around: bool | None) -> None:
    archive = Archive(store, past_read=past_read)
    given(archive)
    assert look(archive).greeter_around is around


def test_a_thread_is_read_back_whole(archive: Archive) -> None:
    ref = archive.thread(
        HERE, kind="pull_request", at=THERE, labels=["bug", "docs"], draft=True, ready_at=THERE + HOUR,
        merged_at=THERE + DAY, paths=["a.py"], greeted=True, category="Q&A", hint="question", moved=True, locked=True,
    )  # fmt: skip
    archive.answer(HERE, by=GRACE, at=THERE + HOUR * 2)
    archive.answer(HERE, by=BOT, at=THERE + HOUR)
    archive.answer(HERE, by=LINUS, at=THERE + HOUR, gone=True)
    place = {"place": "issue_comment", "place_id": 7, "repo_id": REPO, "number": HERE, "person_id": LINUS}
    archive.put(schema.requests, **place, name="no-bot", args="off", node_id="N7", at=THERE, turn=2, to_us=True)
    found = look(archive, ref)
    thread = found.thread
    assert (thread.kind, thread.author, thread.opened_by) == (ThreadKind.PULL_REQUEST, person(ADA, "ada"), ADA)
    assert thread.repo == Repo(
        RepoId(REPO), OwnerId(OWNER), "alpine-tools", "maps", "https://github.com/maps", default_branch="main"
    )
    assert thread.name == "alpine-tools/maps#50"
    assert (thread.labels, thread.paths, thread.hint) == (frozenset({"bug", "docs"}), ("a.py",), Came.QUESTION)
    assert (thread.created_at, thread.ready_at, thread.merged_at) == (THERE, THERE + HOUR, THERE + DAY)
    assert (thread.draft, thread.locked, thread.moved, found.greeted) == (True, True, True, True)
    bot = Person(PersonId(BOT), "renovate[bot]", is_bot=True)
    assert thread.answers == (
        Answer(bot, THERE + HOUR),
        Answer(person(GRACE, "grace"), THERE + HOUR * 2, by_team=True),
    )
    assert thread.requests == (
        Request("no-bot", "off", person(LINUS, "linus"), THERE, "issue_comment", 7, "N7", turn=2, to_us=True),
    )  # fmt: skip


def person(id_: int, login: str) -> Person:
    return Person(PersonId(id_), login)


def test_an_author_that_nobody_told_about_is_a_ghost(archive: Archive) -> None:
    assert look(archive, archive.thread(HERE, by=GHOST.id)).thread.author == GHOST


def test_what_is_gone_or_unknown_is_not_looked_at(archive: Archive) -> None:
    assert seen(archive, ThreadRef(RepoId(REPO), 404)) is None
    assert seen(archive, ThreadRef(RepoId(404), 1)) is None
    assert seen(archive, archive.thread(1, gone=True)) is None
    ref = archive.thread(2)
    archive.set(schema.repos, gone=True)
    assert seen(archive, ref) is None


def test_a_thread_is_found_by_the_names_people_use_and_rather_where_it_lives(archive: Archive) -> None:
    ref = archive.thread(HERE)

    def find(owner: str, name: str, number: int) -> ThreadRef | None:
        return archive.store.read_now(lambda db: recall.find_thread(db, owner, name, number))

    assert find("Alpine-Tools", "MAPS", HERE) == ref
    assert find("alpine-tools", "maps", 404) is None
    assert find("alpine-tools", "huts", HERE) is None
    archive.repo(9, "maps", gone=True, heard_at=BEGIN + DAY).thread(HERE, repo=9)
    assert find("alpine-tools", "maps", HERE) == ref


def test_an_owner_tells_since_when_and_what_it_is(archive: Archive) -> None:
    assert archive.store.read_now(lambda db: recall.owner(db, OwnerId(OWNER))) == (BEGIN, True)


def test_the_bot_acts_through_the_active_installation_that_was_heard_of_last(archive: Archive) -> None:
    def through(repo: int = REPO) -> int | None:
        where = Repo(RepoId(repo), OwnerId(OWNER), "alpine-tools", "maps")
        return archive.store.read_now(lambda db: recall.installation(db, where))

    assert through() is None
    for id_, state in ((1, "suspended"), (2, "active"), (3, "active"), (4, "deleted")):
        values = {"owner_id": OWNER, "state": state, "live": [], "heard_at": BEGIN + HOUR * (10 - id_)}
        archive.put(schema.installations, id=id_, **values)
    assert through() == 2
    archive.repo(9, "keys", covered=False)
    assert through(9) is None
    archive.set(schema.installations, state="suspended")
    assert through() is None


@pytest.mark.parametrize(("days", "again"), [(3, False), (5, True)])
def test_a_repository_that_is_heard_of_long_after_it_was_taken_away_is_back(
    archive: Archive, days: int, again: bool
) -> None:
    archive.repo(9, "keys", covered=False, covered_as_of=BEGIN)
    where = Repo(RepoId(9), OwnerId(OWNER), "alpine-tools", "keys")
    archive.store.write_now(lambda db: places.repo(db, where, BEGIN + DAY * days))
    found = archive.store.read_now(lambda db: rows.get(db, schema.repos, id=9))
    assert found is not None
    assert found["covered"] is again


def test_the_traits_of_an_issue_are_told(archive: Archive) -> None:
    assert look(archive, archive.thread(HERE, at=THERE, traits=["steps", "version"])).traits == {"steps", "version"}
    assert look(archive, archive.thread(HERE + 1, at=THERE)).traits == frozenset()


REPORTS: dict[str, tuple[Given, int]] = {
    "none": (lambda a: None, 0),
    "earlier ones, here and there": (lambda a: (a.thread(1, at=SINCE), a.thread(1, at=SINCE, repo=ANOTHER_REPO)), 2),
    "a later one": (lambda a: a.thread(60, at=THERE + HOUR), 0),
    "of another": (lambda a: a.thread(1, at=SINCE, by=LINUS), 0),
    "a pull request": (lambda a: a.thread(1, at=SINCE, kind="pull_request"), 0),
    "of another owner": (lambda a: a.repo(9, "far", owner=2).thread(1, at=SINCE, repo=9), 0),
    "in private": (lambda a: a.repo(9, "secret", private=True).thread(1, at=SINCE, repo=9), 0),
    "very many": (lambda a: [a.thread(number, at=SINCE) for number in range(1, 9)], 5),
}


@pytest.mark.parametrize(("given", "count"), REPORTS.values(), ids=REPORTS.keys())
def test_how_many_issues_an_author_has_opened_before(archive: Archive, given: Given, count: int) -> None:
    given(archive)
    assert look(archive).reports == count


@pytest.mark.parametrize(
    "changes", [{"kind": "pull_request"}, {"is_open": False}, {"at": BEFORE}, {"by": BOT}, {"by": GHOST.id}]
)
def test_earlier_issues_are_counted_only_where_it_matters(archive: Archive, changes: dict[str, Any]) -> None:
    archive.thread(1, at=BEFORE - DAY, by=changes.get("by", ADA))
    assert look(archive, archive.thread(HERE, **{"at": THERE} | changes)).reports == 0
