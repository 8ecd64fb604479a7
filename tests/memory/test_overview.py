"""What is known of a whole repository and of the team: how long things take, what there is to do, who belongs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.memory import overview, recall, schema
from bot.memory.store import Store
from bot.model import GHOST, Level, OpenThread, OwnerId, PersonId, RepoId, Team
from bot.policy import Policy
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
    Known,
    opened,
)
from tests.rules.scenes import policy
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + DAY * 30
POLICY: Policy = policy(
    people={"bots": ("Welcome-Robot",)},
    levels={"starter": ("good first issue", "easy"), "medium": ("medium",), "advanced": ("hard",)},
)
PULL = "pull_request"


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


@dataclass(frozen=True)
class SupplyCase:
    """What there is, and how many open issues nobody has taken: for starters, in the middle, for experts."""

    id: str
    given: Callable[[Archive], object]
    supply: tuple[int, int, int]
    issues: int = 1
    pulls: int = 0


SUPPLY = [
    SupplyCase("nothing", lambda a: None, (0, 0, 0), 0),
    SupplyCase("one for starters", lambda a: a.thread(1, labels=["easy"]), (1, 0, 0)),
    SupplyCase("one in the middle", lambda a: a.thread(1, labels=["bug", "Medium"]), (0, 1, 0)),
    SupplyCase("one for experts", lambda a: a.thread(1, labels=["hard"]), (0, 0, 1)),
    SupplyCase("of two levels the lowest", lambda a: a.thread(1, labels=["hard", "easy"]), (1, 0, 0)),
    SupplyCase("without a level", lambda a: a.thread(1, labels=["bug"]), (0, 0, 0)),
    SupplyCase("taken", lambda a: a.thread(1, labels=["easy"], assignees=[LINUS]), (0, 0, 0)),
    SupplyCase("taken by somebody who is forgotten", lambda a: a.thread(1, labels=["easy"], assignees=[GHOST.id]),
               (0, 0, 0)),
    SupplyCase("closed", lambda a: a.thread(1, labels=["easy"], is_open=False), (0, 0, 0), 0),
    SupplyCase("gone", lambda a: a.thread(1, labels=["easy"], gone=True), (0, 0, 0), 0),
    SupplyCase("locked", lambda a: a.thread(1, labels=["easy"], locked=True), (1, 0, 0)),
    SupplyCase("a pull request", lambda a: a.thread(1, labels=["easy"], kind=PULL), (0, 0, 0), 0, 1),
    SupplyCase("a draft", lambda a: a.thread(1, draft=True, kind=PULL), (0, 0, 0), 0, 1),
    SupplyCase("a discussion", lambda a: a.thread(1, labels=["easy"], kind="discussion"), (0, 0, 0), 0),
    SupplyCase("elsewhere", lambda a: a.thread(1, labels=["easy"], repo=ANOTHER_REPO), (0, 0, 0), 0),
]  # fmt: skip


@pytest.mark.parametrize("case", SUPPLY, ids=lambda case: case.id)
def test_what_there_is_to_do(archive: Archive, case: SupplyCase) -> None:
    case.given(archive)
    look = archive.store.read_now(lambda db: overview.repo_look(db, RepoId(REPO), POLICY, NOW))
    assert look is not None
    assert look.supply == dict(zip(Level, case.supply, strict=True))
    assert (look.open_issues, look.open_pull_requests) == (case.issues, case.pulls)


@dataclass(frozen=True)
class TimeCase:
    """Six pull requests are reviewed after 1 to 6 hours and merged after 11 to 16; this besides; and the hours then:
    until the first answer, the first review, and the merge."""

    id: str
    given: Callable[[Archive], object]
    hours: tuple[float, float, float]


def says(archive: Archive, number: int, by: int, hours: float, kind: str = "issue_comment") -> Archive:
    here = {"repo_id": REPO, "number": number, "gone": False, "person_id": by, "at": BEGIN + HOUR * hours}
    return archive.put(schema.activity, kind=kind, source_id=number * 100 + by + len(kind), **here)


def commented_first(archive: Archive) -> None:
    for number in range(1, 7):
        says(archive, number, GRACE, number / 2)


def drafted(archive: Archive) -> None:
    archive.thread(9, kind=PULL, ready_at=BEGIN + DAY, merged_at=BEGIN + DAY + HOUR)
    says(archive, 9, GRACE, 25, "review_comment")


TIMES = [
    TimeCase("nothing besides", lambda a: None, (3.5, 3.5, 13.5)),
    TimeCase("comments before the reviews", commented_first, (1.75, 3.5, 13.5)),
    TimeCase("one more that waits", lambda a: a.thread(9, kind=PULL), (4.0, 4.0, 14.0)),
    TimeCase("one that only a bot reviewed", lambda a: (a.thread(9, kind=PULL), says(a, 9, BOT, 1, "review")),
             (4.0, 4.0, 14.0)),
    TimeCase("one merged without a review", lambda a: a.thread(9, kind=PULL, merged_at=BEGIN + HOUR), (3.0, 3.0, 13.0)),
    TimeCase("one declined at once", lambda a: a.thread(9, kind=PULL, closed_at=BEGIN + HOUR / 2), (3.5, 3.5, 13.5)),
    TimeCase("an issue that waits", lambda a: a.thread(9), (4.0, 3.5, 13.5)),
    TimeCase("one of the team", lambda a: a.thread(9, kind=PULL, by=GRACE), (3.5, 3.5, 13.5)),
    TimeCase("a draft until the day after", drafted, (3.0, 3.0, 13.0)),
]  # fmt: skip


@pytest.mark.parametrize("case", TIMES, ids=lambda case: case.id)
def test_how_long_things_take(archive: Archive, case: TimeCase) -> None:
    for number in range(1, 7):
        archive.thread(number, kind=PULL, merged_at=BEGIN + HOUR * (10 + number), is_open=False)
        says(archive, number, GRACE, number, "review")
    case.given(archive)
    look = archive.store.read_now(lambda db: overview.repo_look(db, RepoId(REPO), POLICY, NOW))
    assert look is not None
    assert (look.first_answer, look.first_review, look.merge) == tuple(HOUR * hours for hours in case.hours)


def test_of_a_repository_that_is_unknown_or_gone_nothing_is_told(archive: Archive) -> None:
    archive.repo(13, "gone", gone=True)
    for id_ in (RepoId(13), RepoId(99)):
        assert archive.store.read_now(partial(overview.repo_look, repo_id=id_, policy=POLICY, now=NOW)) is None
        assert open_threads(archive.store, id_) == []


def test_the_repositories_that_the_app_may_work_in(archive: Archive) -> None:
    archive.repo(13, "taken", covered=False).repo(14, "gone", gone=True).repo(15, "elsewhere", owner=2)
    archive.repo(16, "old", archived=True)
    assert archive.store.read_now(lambda db: overview.covered_repos(db, OwnerId(OWNER))) == [REPO, ANOTHER_REPO, 16]


def open_threads(store: Store, repo_id: RepoId) -> list[OpenThread]:
    return store.read_now(lambda db: list(overview.open_threads(db, repo_id, POLICY)))


def busy(known: Known) -> None:
    """Threads of all kinds, with words, steps and wishes in them."""
    v = known.village
    threads = [
        v.world.open_issue(v.maps, by=v.ada, title="A", labels=["bug"]),
        v.world.open_pull_request(v.maps, by=v.linus, title="B", draft=True),
        v.world.open_discussion(v.maps, by=v.ada, title="C"),
        v.world.open_issue(v.maps, by=v.world.bot("renovate"), title="D"),
        v.world.open_issue(v.huts, by=v.ada, title="E"),
    ]
    for hour, thread in enumerate(threads * 2):
        v.later(hours=1)
        v.world.comment(thread, by=(v.grace, v.ada, v.linus)[hour % 3], body="/no-bot" if hour == 4 else "Hm.")
        v.world.label(thread, "docs", by=v.grace)
    v.world.close(threads[3], by=v.grace)
    v.world.delete(threads[2], by=v.grace)
    v.world.comment(threads[0], by=v.linus, body="/forget-me")
    known.hear(BEGIN + DAY)


def test_open_threads_are_told_as_each_by_itself(known: Known) -> None:
    busy(known)
    in_maps, in_huts = (open_threads(known.store, RepoId(repo.id)) for repo in (known.village.maps, known.village.huts))
    assert [[one.thread.ref.number for one in found] for found in (in_maps, in_huts)] == [[1, 2], [1]]
    greeters = POLICY.welcome.other_greeters
    for one in in_maps + in_huts:
        alone = partial(recall.thread_look, ref=one.thread.ref, now=NOW, bots=POLICY.people.bots, greeters=greeters)
        look = known.store.read_now(alone)
        assert look is not None
        assert (one.thread, one.pulse) == (look.thread, look.pulse)
        assert one.thread.answers
        assert one.thread.history
    assert in_huts[0].thread.requests


def test_open_threads_take_as_many_queries_as_one(archive: Archive) -> None:
    asked: list[str] = []
    event.listen(archive.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def queries() -> int:
        asked.clear()
        open_threads(archive.store, RepoId(REPO))
        return len(asked)

    archive.thread(1)
    one = queries()
    for number in range(2, 30):
        archive.thread(number)
        says(archive, number, GRACE, 1)
    assert queries() == one


@pytest.mark.parametrize("name", ["repo_look", "open_threads"])
def test_open_threads_are_found_by_their_index(tmp_path: Path, name: str) -> None:
    """On SQLite: PostgreSQL reads a table as small as this without any index."""
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        found_by_index(Archive(store), name)


def found_by_index(archive: Archive, name: str) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(archive.store.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    if name == "repo_look":
        archive.store.read_now(lambda db: overview.repo_look(db, RepoId(REPO), POLICY, NOW))
    else:
        open_threads(archive.store, RepoId(REPO))
    queries = [(f"EXPLAIN QUERY PLAN {query}", values) for query, values in asked if "is_open" in query]
    with archive.store.engine.connect() as db:
        plans = [" ".join(str(row[3]) for row in db.exec_driver_sql(*query)) for query in queries]
    assert plans
    assert all("INDEX threads_open" in plan for plan in plans)


def team(archive: Archive, owner: int = OWNER) -> Team:
    return archive.store.read_now(lambda db: overview.team(db, OwnerId(owner), POLICY))


def group(archive: Archive, id_: int, slug: str, *people: int, gone: bool = False, owner: int = OWNER) -> None:
    archive.put(schema.teams, id=id_, owner_id=owner, slug=slug, name=slug.title(), gone=gone, heard_at=BEGIN)
    for person in people:
        archive.put(schema.team_members, team_id=id_, person_id=person, belongs=True, as_of=BEGIN)


def test_the_team_is_its_people_without_bots_in_order(archive: Archive) -> None:
    archive.team(LINUS).team(ADA, belongs=False).team(BOT).team(GREETER)
    assert [person.login for person in team(archive).people] == ["grace", "linus"]
    assert team(archive).read_at is None
    archive.set(schema.owners, team_read_at=NOW)
    assert team(archive).read_at == NOW


def test_of_a_users_repositories_the_user_belongs(archive: Archive) -> None:
    archive.put(schema.owners, id=ADA, login="ada", is_organisation=False, witnessed_since=BEGIN)
    assert [person.login for person in team(archive, ADA).people] == ["ada"]


def test_teams_within_it(archive: Archive) -> None:
    archive.team(LINUS).team(ADA, belongs=False)
    group(archive, 1, "guides", GRACE, LINUS, ADA)  # Ada left the organisation
    group(archive, 2, "cooks")
    group(archive, 3, "poets", GRACE, gone=True)
    group(archive, 4, "others", GRACE, owner=2)
    archive.put(schema.team_members, team_id=2, person_id=GRACE, belongs=False, as_of=BEGIN)
    found = [(group.slug, group.name, group.members) for group in team(archive).groups]
    assert found == [
        ("cooks", "Cooks", frozenset()),
        ("guides", "Guides", frozenset({PersonId(GRACE), PersonId(LINUS)})),
    ]


def test_nothing_is_known_of_an_owner_that_is_unknown(archive: Archive) -> None:
    assert team(archive, 99) == Team(people=(), groups=(), read_at=None)
