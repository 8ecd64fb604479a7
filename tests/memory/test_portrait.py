"""What somebody does in an organisation: what counts as what, where, in which areas, and what is told nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from bot.memory import portrait, recall, rows, schema
from bot.memory.store import Store
from bot.model import Doing, OwnerId, Person, PersonId, PersonLook, RepoId, Step
from bot.policy import Activity, Area
from bot.teampolicy import TeamFile
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, GREETER, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
SECRET = 13  # a private repository
POLICY = DEFAULTS.model_copy(
    update={
        "people": DEFAULTS.people.model_copy(update={"bots": ("welcome-robot",)}),
        "areas": (
            Area(name="documentation", labels=("docs",), paths=("docs/*", "*.md")),
            Area(name="ci", paths=(".ci/*",)),
            Area(name="huts", repos=("HUT*",)),
        ),
        "activity": Activity(excluded_paths=("docs/team.md",)),
        "team": DEFAULTS.team.model_copy(update={"files": (TeamFile(repo="Maps", path="MAINTAINERS"),)}),
    }
)
_numbers = count(1)


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store).repo(SECRET, "secret", private=True)


def look(archive: Archive, person: int = ADA, *, seen_from: int | None = None) -> PersonLook:
    place = None if seen_from is None else RepoId(seen_from)
    return archive.store.read_now(
        lambda db: portrait.person_look(db, OwnerId(OWNER), PersonId(person), POLICY, seen_from=place)
    )


def thread(archive: Archive, *, by: int = ADA, repo: int = REPO, at: datetime = BEGIN, **more: Any) -> int:
    """Somebody opens it. Its number."""
    number = next(_numbers)
    archive.thread(number, by=by, repo=repo, at=at, **more)
    return number


def says(archive: Archive, number: int, *, kind: str = "issue_comment", repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": ADA, "at": BEGIN + HOUR, "gone": False} | more
    return archive.put(schema.activity, kind=kind, source_id=next(_numbers), repo_id=repo, number=number, **told)


def does(archive: Archive, number: int, step: Step, *, repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": ADA, "at": BEGIN + HOUR, "about": ""} | more
    return archive.put(schema.happenings, repo_id=repo, number=number, step=step.value, **told)


def commits(archive: Archive, *, repo: int = REPO, **more: object) -> Archive:
    told = {"person_id": None, "login": "ada", "at": BEGIN + HOUR * 2, "paths": None} | more
    return archive.put(schema.commits, repo_id=repo, sha=f"{next(_numbers):040}", **told)


Given = Callable[[Archive], object]


@dataclass(frozen=True)
class Case:
    """What Ada did, and how often what counts then."""

    id: str
    given: Given
    counts: dict[Doing, int] = field(default_factory=dict)


def triages(archive: Archive, step: Step) -> None:
    does(archive, thread(archive, by=LINUS), step)


CASES = [
    Case("nothing", lambda a: None),
    Case("opened an issue", lambda a: thread(a), {Doing.ISSUE: 1}),
    Case("opened a pull request", lambda a: thread(a, kind="pull_request"), {Doing.PULL_REQUEST: 1}),
    Case("opened a discussion", lambda a: thread(a, kind="discussion"), {Doing.DISCUSSION: 1}),
    Case("opened one that is gone", lambda a: thread(a, gone=True)),
    Case("another opened one", lambda a: thread(a, by=LINUS)),
    Case("commented", lambda a: says(a, thread(a, by=LINUS)), {Doing.COMMENT: 1}),
    Case("commented in a discussion", lambda a: says(a, thread(a, by=LINUS), kind="discussion_comment"),
         {Doing.COMMENT: 1}),
    Case("commented where nobody knows the thread", lambda a: says(a, 999), {Doing.COMMENT: 1}),
    Case("a comment that is gone", lambda a: says(a, thread(a, by=LINUS), gone=True)),
    Case("reviewed", lambda a: says(a, thread(a, by=LINUS), kind="review", verdict="approved"), {Doing.REVIEW: 1}),
    Case("remarked on a line", lambda a: says(a, thread(a, by=LINUS), kind="review_comment"), {Doing.REVIEW: 1}),
    Case("merged", lambda a: does(a, thread(a, by=LINUS), Step.MERGED), {Doing.MERGE: 1}),
    *(Case(f"{step} another's", partial(triages, step=step), {Doing.TRIAGE: 1})
      for step in (Step.LABELED, Step.UNLABELED, Step.ASSIGNED, Step.UNASSIGNED, Step.CLOSED, Step.REOPENED)),
    Case("closed one's own", lambda a: does(a, thread(a), Step.CLOSED), {Doing.ISSUE: 1}),
    Case("pushed to another's", lambda a: does(a, thread(a, by=LINUS), Step.PUSHED)),
    Case("labelled what is gone", lambda a: does(a, thread(a, by=LINUS, gone=True), Step.LABELED)),
    Case("committed, by login", lambda a: commits(a), {Doing.COMMIT: 1}),
    Case("committed, by id", lambda a: commits(a, person_id=ADA, login="countess"), {Doing.COMMIT: 1}),
    Case("another's with her login", lambda a: commits(a, person_id=LINUS)),
    Case("another's", lambda a: commits(a, login="linus")),
    Case("committed to files that do not count", lambda a: commits(a, paths=["docs/team.md"])),
    Case("committed to others too", lambda a: commits(a, paths=["docs/team.md", "a.py"]), {Doing.COMMIT: 1}),
    Case("committed to no file", lambda a: commits(a, paths=[]), {Doing.COMMIT: 1}),
    Case("proposed what does not count", lambda a: thread(a, kind="pull_request", paths=["docs/team.md"])),
    Case("committed to the team file", lambda a: commits(a, paths=["MAINTAINERS", "docs/team.md"])),
    Case("a file called so elsewhere",
         lambda a: commits(a, repo=ANOTHER_REPO, paths=["MAINTAINERS"]), {Doing.COMMIT: 1}),
    Case("proposed the team file", lambda a: thread(a, kind="pull_request", paths=["MAINTAINERS"])),
    Case("was asked there", lambda a: says(a, thread(a, by=LINUS, kind="pull_request", paths=["docs/team.md"]))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_counts_as_what(archive: Archive, case: Case) -> None:
    case.given(archive)
    found = look(archive)
    assert {doing: found.count(doing) for doing in Doing if found.count(doing)} == case.counts
    assert found.count() == sum(case.counts.values())
    assert found.person == Person(PersonId(ADA), "ada")


@pytest.mark.parametrize(
    ("labels", "paths", "areas"),
    [
        pytest.param([], None, [], id="nothing"),
        pytest.param(["Docs"], None, ["documentation"], id="a label"),
        pytest.param([], ["docs/a.md", "docs/b.md"], ["documentation"], id="files"),
        pytest.param([], ["README.md"], ["documentation"], id="a file at the top"),
        pytest.param([], ["maps/draw.py", "setup.py"], ["maps"], id="a folder without an area"),
        pytest.param(["docs"], ["maps/draw.py", ".ci/run"], ["ci", "documentation", "maps"], id="several"),
    ],
)
def test_in_which_areas(archive: Archive, labels: list[str], paths: list[str] | None, areas: list[str]) -> None:
    number = thread(archive, kind="pull_request", labels=labels, paths=paths)
    says(archive, number)
    found = look(archive)
    assert sorted(found.in_areas) == areas
    for tallies in found.in_areas.values():
        assert {tally.doing: tally.count for tally in tallies} == {Doing.PULL_REQUEST: 1, Doing.COMMENT: 1}


def test_all_that_happens_in_a_repository_may_be_an_area(archive: Archive) -> None:
    archive.set(schema.repos, name="huts")
    commits(archive, paths=["docs/a.md"])
    assert sorted(look(archive).in_areas) == ["documentation", "huts"]


def test_how_many_of_their_pull_requests_were_merged(archive: Archive) -> None:
    docs: dict[str, Any] = {"kind": "pull_request", "labels": ["docs"]}
    for merged_at in (BEGIN, BEGIN + HOUR, None):
        thread(archive, **docs, merged_at=merged_at)
    thread(archive, **docs, by=LINUS, merged_at=BEGIN)
    thread(archive, kind="pull_request", paths=[".ci/run"])
    assert look(archive).landed == {"documentation": 2}
    assert look(archive, GRACE).landed == {}


def test_where_how_often_and_when(archive: Archive) -> None:
    for at in (BEGIN, BEGIN + HOUR * 5):
        thread(archive, at=at)
    commits(archive, repo=ANOTHER_REPO)
    found = look(archive)
    assert list(found.in_repos) == [REPO, ANOTHER_REPO]
    [tally] = found.in_repos[RepoId(REPO)]
    assert (tally.doing, tally.count, tally.first, tally.last) == (Doing.ISSUE, 2, BEGIN, BEGIN + HOUR * 5)
    assert (found.first_seen, found.last_seen) == (BEGIN, BEGIN + HOUR * 5)
    assert (look(archive, LINUS).first_seen, look(archive, LINUS).last_seen) == (None, None)


@pytest.mark.parametrize(
    ("person", "team"),
    [(GRACE, True), (ADA, False), (OWNER, True), (999, False)],
    ids=["in it", "not", "the owner", "unknown"],
)
def test_who_belongs(archive: Archive, person: int, team: bool) -> None:
    assert look(archive, person).is_team is team


@pytest.mark.parametrize("bot", [BOT, GREETER], ids=["by GitHub's type", "by the configuration"])
def test_a_bot_has_done_nothing(archive: Archive, bot: int) -> None:
    thread(archive, by=bot)
    says(archive, 5, person_id=bot)
    assert look(archive, bot).count() == 0


def test_of_somebody_unknown_nothing_is_known(archive: Archive) -> None:
    thread(archive, by=999)
    assert look(archive, 999).count() == 0


def all_in_secret(archive: Archive) -> None:
    number = thread(archive, repo=SECRET, by=LINUS, labels=["docs"])
    thread(archive, repo=SECRET, kind="pull_request", paths=["maps/draw.py"])
    says(archive, number, repo=SECRET)
    does(archive, number, Step.LABELED, repo=SECRET)
    commits(archive, repo=SECRET, paths=["docs/a.md"])


@pytest.mark.parametrize(
    ("seen_from", "counted"),
    [(None, 0), (REPO, 0), (SECRET, 4)],
    ids=["told nowhere", "told in another repository", "told there"],
)
def test_what_happens_in_a_private_repository_is_told_there_and_nowhere_else(
    archive: Archive, seen_from: int | None, counted: int
) -> None:
    all_in_secret(archive)
    found = look(archive, seen_from=seen_from)
    assert found.count() == counted
    assert bool(found.in_areas) is bool(counted)


@pytest.mark.parametrize("change", [{"private": True}, {"gone": True}, {"owner_id": 2}], ids=str)
def test_a_repository_that_was_hidden_deleted_or_given_away_tells_nothing_any_more(
    archive: Archive, change: dict[str, object]
) -> None:
    thread(archive)
    assert look(archive).count() == 1
    archive.set(schema.repos, **change)
    assert look(archive).count() == 0


def test_a_look_elsewhere_does_not_tell_that_somebody_was_met_in_private(archive: Archive) -> None:
    """But it knows that it was said, so that it is said once."""
    number = thread(archive, repo=SECRET)
    archive.said("welcome/issue/1/101", number)
    archive.set(schema.ledger, repo_id=SECRET)
    ref = archive.thread(next(_numbers), at=BEGIN + HOUR)
    found = archive.store.read_now(lambda db: recall.thread_look(db, ref, BEGIN + HOUR, bots=(), greeters=()))
    assert found is not None
    assert (found.author.met_in, found.done) == (frozenset(), frozenset())
    assert found.said == {"welcome/issue/1/101"}
    archive.set(schema.repos, private=False)
    found = archive.store.read_now(lambda db: recall.thread_look(db, ref, BEGIN + HOUR, bots=(), greeters=()))
    assert found is not None
    assert (found.author.met_in, found.done) == (frozenset({RepoId(SECRET)}), frozenset({"welcome/issue/1/101"}))


def test_commits_stay_with_the_person_through_another_login(archive: Archive) -> None:
    commits(archive)
    archive.store.write_now(lambda db: rows.person(db, Person(PersonId(ADA), "countess"), BEGIN + HOUR))
    archive.store.write_now(lambda db: rows.person(db, Person(PersonId(LINUS), "ada"), BEGIN + HOUR))
    commits(archive, login="countess")
    assert (look(archive).count(Doing.COMMIT), look(archive, LINUS).count()) == (2, 0)
