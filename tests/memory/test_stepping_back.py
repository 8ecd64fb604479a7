"""What memory tells of who steps back: who is not to be asked, what they have in their hands, and when they return."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from bot.effects import GoAway, StepDown
from bot.farewell import choosing
from bot.farewells import Known, Leave
from bot.memory import attention, handover, leaves, notes, preferences, returning, rows, schema
from bot.memory.returning import Act
from bot.memory.store import Store
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.team import About, Note
from tests.rules.scenes import policy

NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
OWNER: Final = OwnerId(1)
MAPS, HUTS, SAFE = RepoId(11), RepoId(12), RepoId(13)
GRACE, ADA, GOAT = Person(PersonId(100), "grace"), Person(PersonId(101), "ada"), Person(PersonId(102), "goat[bot]")
HERE: Final = ThreadRef(MAPS, 5)
POLICY: Final = policy(returns={"mode": Mode.ON})


@pytest.fixture(autouse=True)
def town(store: Store) -> None:
    def write(db: Connection) -> None:
        rows.put(
            db, schema.owners, {"login": "alpine-tools", "is_organisation": True, "witnessed_since": NOW - 900 * DAY},
            id=OWNER,
        )  # fmt: skip
        for one in (GRACE, ADA, GOAT):
            told = {"login": one.login, "is_bot": one is GOAT, "heard_at": NOW}
            rows.put(db, schema.people, told, id=one.id)
        for id_, name in ((MAPS, "maps"), (HUTS, "huts"), (SAFE, "safe")):
            told = {
                "owner_id": OWNER, "name": name, "url": "", "private": id_ == SAFE, "archived": False, "gone": False,
                "covered": True, "default_branch": "main", "heard_at": NOW,
            }  # fmt: skip
            rows.put(db, schema.repos, told, id=id_)

    store.write_now(write)


def thread(db: Connection, ref: ThreadRef, by: Person, *, kind: str = "issue", ago: int = 300, **more: Any) -> None:
    told: dict[str, Any] = {
        "kind": kind, "node_id": "", "author_id": by.id, "created_at": NOW - ago * DAY, "updated_at": NOW,
        "heard_at": NOW, "moved": False, "is_open": True, "locked": False, "draft": False, "gone": False, "labels": [],
        "assignees": [], "category": "", "hint": "", "paths": None,
    }  # fmt: skip
    rows.put(db, schema.threads, told | more, repo_id=ref.repo_id, number=ref.number)


def said(db: Connection, ref: ThreadRef, by: Person, *, ago: float, kind: str = "comment", says: bool = True) -> None:
    told = {"repo_id": ref.repo_id, "number": ref.number, "person_id": by.id, "at": NOW - ago * DAY, "gone": False}
    source_id = ref.repo_id * 1_000_000 + ref.number * 1000 + int(ago * 10) + by.id
    rows.put(db, schema.activity, {**told, "says": says}, kind=kind, source_id=source_id)


def steps_down(ago: int, *repos: str, until: datetime | None = None, place: ThreadRef | None = None
               ) -> Callable[[Connection], None]:  # fmt: skip
    order = StepDown(
        rule="test", key="", why="", thread=HERE, person=GRACE, as_of=NOW - ago * DAY, whom=GRACE, repos=repos,
        until=until,
    )  # fmt: skip

    def write(db: Connection) -> None:
        leaves.step_down(db, OWNER, order)
        if place is not None:
            leaves.placed(db, OWNER, leaves.of_person(db, OWNER, GRACE.id)[-1], place)

    return write


@pytest.mark.parametrize(
    ("leave", "about", "away"),
    [
        (steps_down(5), None, attention.NEVER),
        (steps_down(5), HERE, attention.NEVER),
        (steps_down(5, until=NOW + DAY), HERE, NOW + DAY),
        (steps_down(5, until=NOW - DAY), HERE, None),
        (steps_down(5, "Maps"), HERE, attention.NEVER),
        (steps_down(5, "Maps"), ThreadRef(HUTS, 1), None),
        (steps_down(5, "Maps"), None, None),
        (steps_down(5, place=HERE), HERE, None),
    ],
)
def test_nobody_is_sent_to_who_stepped_back(
    store: Store, leave: Callable[[Connection], None], about: ThreadRef | None, away: datetime | None
) -> None:
    store.write_now(leave)
    limits = POLICY.limits
    assert store.read_now(lambda db: attention.away_until(db, OWNER, GRACE.id, NOW, about)) == away
    assert store.read_now(lambda db: attention.free(db, OWNER, GRACE.id, limits, NOW, about)) is (away is None)
    assert not store.read_now(lambda db: attention.away(db, OWNER, ADA.id, NOW, about))


def test_who_steps_back_again_after_that_time_is_over_does_so_anew(store: Store) -> None:
    store.write_now(steps_down(300, until=NOW - 200 * DAY))
    store.write_now(steps_down(5))
    assert len(store.read_now(lambda db: leaves.of_person(db, OWNER, GRACE.id))) == 2
    assert store.read_now(lambda db: attention.away(db, OWNER, GRACE.id, NOW))


def test_since_when_somebody_is_away(store: Store) -> None:
    def goes(ago: int, until: datetime | None) -> None:
        order = GoAway(
            rule="test", key="", why="", thread=HERE, person=GRACE, as_of=NOW - ago * DAY, until=until
        )  # fmt: skip
        store.write_now(lambda db: preferences.away(db, OWNER, order))

    def told() -> tuple[datetime | None, datetime | None]:
        one = store.read_now(lambda db: preferences.of(db, OWNER, GRACE.id))
        return one.away_since, one.back_at

    goes(100, NOW - 50 * DAY)
    assert told() == (NOW - 100 * DAY, None)
    goes(80, NOW + DAY)  # it is longer
    assert told() == (NOW - 100 * DAY, None)
    goes(20, None)
    assert told() == (NOW - 100 * DAY, NOW - 20 * DAY)
    goes(10, NOW + DAY)
    assert told() == (NOW - 10 * DAY, None)


def test_what_somebody_has_in_their_hands(store: Store) -> None:
    def write(db: Connection) -> None:
        for number in range(1, 7):
            for repo in (HUTS, SAFE):
                thread(db, ThreadRef(repo, number), ADA, kind="pull_request", is_open=number == 1, paths=["docs/a.md"])
                said(db, ThreadRef(repo, number), GRACE, ago=20, kind="review")
                said(db, ThreadRef(repo, number), GOAT, ago=20, kind="review")
        thread(db, HERE, ADA, assignees=[GRACE.id])
        thread(db, ThreadRef(MAPS, 6), ADA, assignees=[1000 + GRACE.id])
        thread(db, ThreadRef(MAPS, 7), GRACE, kind="pull_request")

    store.write_now(write)

    def found(find: Any) -> list[str]:
        return [one.name for one in store.read_now(lambda db: find(db, OWNER, GRACE.id, POLICY, None))]

    docs = POLICY.areas_of(frozenset(), ["docs/a.md"], "huts")
    known = store.read_now(lambda db: handover.known(db, OWNER, GRACE.id, POLICY, NOW, None))
    assert known == [Known(name="huts"), *(Known(name=area, is_area=True) for area in sorted(docs))]
    assert store.read_now(lambda db: handover.known(db, OWNER, ADA.id, POLICY, NOW, None)) == []
    assert found(handover.claims) == ["alpine-tools/maps#5"]
    assert found(handover.reviews) == ["alpine-tools/huts#1"]
    assert found(handover.pulls) == ["alpine-tools/maps#7"]
    assert store.read_now(lambda db: handover.main_repo(db, OWNER, GRACE.id, NOW - 90 * DAY)) == HUTS


def test_the_first_thing_that_somebody_does_again(store: Store) -> None:
    def write(db: Connection) -> None:
        thread(db, HERE, ADA)
        said(db, HERE, GRACE, ago=30)
        said(db, HERE, GRACE, ago=9, says=False)
        said(db, ThreadRef(SAFE, 1), GRACE, ago=8)
        rows.commit(db, HUTS, "a" * 40, NOW - 3 * DAY, person_id=None, login="grace", paths=None)
        said(db, HERE, GRACE, ago=2)

    store.write_now(write)

    def first(*repos: str) -> Act | None:
        return store.read_now(lambda db: returning.first_act(db, OWNER, GRACE, NOW - 20 * DAY, repos, SAFE))

    assert first() == Act(at=NOW - 3 * DAY)
    assert first("maps") == Act(at=NOW - 2 * DAY, place=HERE)
    assert first("safe") is None


def returned(store: Store, configured: Policy = POLICY) -> list[choosing.Return]:
    def policies(_: Connection, __: Repo) -> Policy:
        return configured

    return store.read_now(lambda db: choosing.returned(db, OWNER, None, configured, policies, NOW))[0]


@pytest.mark.parametrize(
    ("private", "ago", "labels", "place"),
    [(False, 2, [], HERE), (True, 2, [], None), (False, 2, ["no-bot"], None)],
    ids=["in public", "not said in public", "where no bot is wanted"],
)
def test_without_a_private_place_only_who_said_so_in_public_is_greeted(
    store: Store, private: bool, ago: int, labels: list[str], place: ThreadRef | None
) -> None:
    def write(db: Connection) -> None:
        thread(db, HERE, ADA, labels=labels)
        said(db, HERE, GRACE, ago=50)  # while they handed over
        said(db, HERE, GRACE, ago=ago)

    store.write_now(steps_down(100))
    store.write_now(write)
    if private:
        store.write_now(lambda db: db.execute(schema.leaves.update().values(repo_id=SAFE)))
    [one] = returned(store)
    assert (one.person, one.since, one.place) == (GRACE, NOW - 100 * DAY, place)
    assert returned(store, policy(people={"leave_alone": ("grace",)}))[0].place is None
    note = Note(
        owner_id=OWNER, about=About.RETURN, person=GRACE.id, at=NOW, matter=one.since, place=notes.NOWHERE
    )  # fmt: skip
    store.write_now(lambda db: notes.write(db, note))
    assert returned(store) == []


@pytest.mark.parametrize("days", [(9,), (20, 2), (39, 25, 2), (100, 90, 60, 50)])
def test_who_is_there_as_ever_and_who_came_long_ago_are_not_greeted(store: Store, days: tuple[int, ...]) -> None:
    def write(db: Connection) -> None:
        thread(db, HERE, ADA)
        for ago in days:
            said(db, HERE, GRACE, ago=ago)

    store.write_now(steps_down(100))
    store.write_now(write)
    assert returned(store) == []


def test_who_was_away_is_never_greeted_in_public(store: Store) -> None:
    def write(db: Connection) -> None:
        order = GoAway(
            rule="test", key="", why="", thread=HERE, person=GRACE, as_of=NOW - 100 * DAY, until=NOW - 20 * DAY
        )  # fmt: skip
        preferences.away(db, OWNER, order)
        thread(db, HERE, ADA)
        said(db, HERE, GRACE, ago=2)

    store.write_now(write)
    [one] = returned(store)
    assert (one.since, one.place) == (NOW - 100 * DAY, None)


def test_a_hand_over_is_prepared_once_and_only_of_late(store: Store) -> None:
    def waits() -> list[Leave]:
        return store.read_now(lambda db: choosing.leaving(db, OWNER, POLICY, NOW))

    store.write_now(steps_down(40, "huts"))
    assert waits() == []
    store.write_now(steps_down(2))
    [leave] = waits()
    note = Note(
        owner_id=OWNER, about=About.CHECKLIST, person=GRACE.id, at=NOW, matter=leave.at, place=notes.NOWHERE
    )  # fmt: skip
    store.write_now(lambda db: notes.write(db, note))
    assert waits() == []
