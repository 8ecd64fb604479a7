"""What memory tells of who looks after what, who is around, who could grow; and which alarms were told."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest
from sqlalchemy import event

from bot.effects import StepDown
from bot.memory import alarms, growth, leaves, looks, schema, stewards
from bot.memory.forgetting import forget
from bot.memory.store import Store
from bot.model import Doing, OwnerId, Person, PersonId, RepoId, Step, ThreadRef
from bot.policy import Activity, Area
from bot.rules import succession
from bot.stewards import Alarm, Around, Deeds, Grown, Kept, Place, Told
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, GREETER, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 400 * DAY
SECRET: Final = 13
OWN: Final = OwnerId(OWNER)
POLICY: Final = DEFAULTS.model_copy(
    update={
        "areas": (Area(name="docs", labels=("docs",), paths=("docs/*",)), Area(name="huts", repos=("huts",))),
        "activity": Activity(excluded_paths=("docs/team.md",)),
        "people": DEFAULTS.people.model_copy(update={"bots": ("welcome-robot",)}),
    }
)
_numbers = count(100)

Change = Callable[[Archive], object]


@pytest.fixture
def archive(store: Store) -> Archive:
    archive = Archive(store).repo(SECRET, "secret", private=True).repo(14, "old", archived=True)
    for number in (1, 2):
        archive.thread(number, kind="pull_request", labels=["docs"] if number == 1 else [], updated_at=NOW)
    archive.thread(3, by=BOT, updated_at=NOW)
    archive.thread(4, by=BOT, kind="pull_request", updated_at=NOW, paths=["requirements.txt"])
    archive.thread(5, kind="pull_request", updated_at=NOW, paths=["docs/team.md"])
    return archive


def reviews(
    *numbers: int, who: int = GRACE, days: int = 10, repo: int = REPO, kind: str = "review", gone: bool = False
) -> Change:
    def change(archive: Archive) -> None:
        for number in numbers:
            archive.put(
                schema.activity, kind=kind, source_id=next(_numbers), repo_id=repo, number=number, person_id=who,
                at=NOW - days * DAY, gone=gone,
            )  # fmt: skip

    return change


def step(number: int, what: Step, who: int = GRACE, days: int = 10, about: str = "") -> Change:
    return lambda archive: archive.put(
        schema.happenings, repo_id=REPO, number=number, at=NOW - days * DAY, step=what.value, about=about, person_id=who
    )


def commit(who: int | None = GRACE, *, login: str | None = None, days: int = 10, paths: Any = None) -> Change:
    return lambda archive: archive.put(
        schema.commits, repo_id=REPO, sha=str(next(_numbers)), person_id=who, login=login, at=NOW - days * DAY,
        paths=paths,
    )  # fmt: skip


def kept(archive: Archive, *, whole: bool = False) -> dict[str, Kept]:
    def read(db: Any) -> list[Kept]:
        where = stewards.places(db, OWN, with_private=whole)
        return stewards.kept(db, where, POLICY, NOW, lately=succession.LATELY, alive=succession.ALIVE)

    return {one.place.name: one for one in archive.store.read_now(read)}


def counts(known: Kept) -> dict[str, dict[Doing, int]]:
    return {one.person.login: {doing: number for doing, number in one.counts.items() if number} for one in known.deeds}


@pytest.mark.parametrize(
    ("change", "did"),
    [
        pytest.param(reviews(1, 2), {Doing.REVIEW: 2}, id="reviews"),
        pytest.param(reviews(1, 1, 1), {Doing.REVIEW: 1}, id="of one thread once"),
        pytest.param(reviews(1, kind="review_comment"), {Doing.REVIEW: 1}, id="comments on code"),
        pytest.param(reviews(1, kind="issue_comment"), {}, id="other comments are none"),
        pytest.param(reviews(1, gone=True), {}, id="what is deleted"),
        pytest.param(reviews(1, days=731), {}, id="too long ago"),
        pytest.param(reviews(99), {}, id="in a thread that nobody knows"),
        pytest.param(reviews(5), {}, id="of what changes the team file alone"),
        pytest.param(reviews(1, who=BOT), {}, id="by a bot"),
        pytest.param(reviews(1, who=GREETER), {}, id="by a bot of the settings"),
        pytest.param(step(1, Step.MERGED), {Doing.MERGE: 1}, id="merges"),
        pytest.param(step(4, Step.MERGED), {Doing.MERGE: 1}, id="of what a bot brought"),
        pytest.param(step(1, Step.LABELED, about="docs"), {Doing.TRIAGE: 1}, id="triage"),
        pytest.param(step(3, Step.CLOSED), {}, id="of what a bot opened"),
        pytest.param(step(1, Step.PUSHED), {}, id="pushes are none"),
        pytest.param(commit(), {Doing.COMMIT: 1}, id="commits"),
        pytest.param(commit(None, login="grace"), {Doing.COMMIT: 1}, id="commits by login"),
        pytest.param(commit(None, login="nobody"), {}, id="commits by nobody who is known"),
        pytest.param(commit(paths=["docs/team.md"]), {}, id="commits of the team file alone"),
    ],
)
def test_what_somebody_does_in_a_repository(archive: Archive, change: Change, did: dict[Doing, int]) -> None:
    change(archive)
    assert counts(kept(archive)["alpine-tools/maps"]) == ({"grace": did} if did else {})


def test_ones_own_threads_are_merged_but_neither_reviewed_nor_sorted(archive: Archive) -> None:
    for change in (reviews(1, who=ADA), step(1, Step.LABELED, who=ADA), step(1, Step.MERGED, who=ADA)):
        change(archive)
    assert counts(kept(archive)["alpine-tools/maps"]) == {"ada": {Doing.MERGE: 1}}


def test_areas_are_told_by_labels_files_and_repositories(archive: Archive) -> None:
    archive.thread(1, repo=ANOTHER_REPO, kind="pull_request", updated_at=NOW)
    for change in (reviews(1, 2), commit(paths=["docs/a.md"]), reviews(1, who=LINUS, repo=ANOTHER_REPO)):
        change(archive)
    known = kept(archive)
    assert counts(known["docs"]) == {"grace": {Doing.REVIEW: 1, Doing.COMMIT: 1}}
    assert counts(known["huts"]) == {"linus": {Doing.REVIEW: 1}}


def test_what_is_of_late_and_what_landed(archive: Archive) -> None:
    for change in (reviews(1, days=200), reviews(2), commit(days=300)):
        change(archive)
    archive.thread(6, by=LINUS, kind="pull_request", merged_at=NOW - DAY, updated_at=NOW)
    archive.thread(7, by=LINUS, kind="pull_request", merged_at=NOW - 800 * DAY, updated_at=NOW)
    assert kept(archive)["alpine-tools/maps"].deeds == (
        Deeds(
            person=Person(PersonId(GRACE), "grace"), counts={Doing.REVIEW: 2, Doing.COMMIT: 1}, lately=1,
            last=NOW - 10 * DAY,
        ),
        Deeds(person=Person(PersonId(LINUS), "linus"), landed=1),
    )  # fmt: skip


def test_a_private_repository_is_told_of_in_itself_and_to_whoever_runs_the_service(archive: Archive) -> None:
    assert set(kept(archive)) == {"alpine-tools/maps", "alpine-tools/huts", "docs", "huts"}
    assert set(kept(archive, whole=True)) - set(kept(archive)) == {"alpine-tools/secret"}
    seen = archive.store.read_now(lambda db: stewards.places(db, OWN, seen_from=RepoId(SECRET)))
    assert {one.name for one in seen.values()} == {"maps", "huts", "secret"}


def test_a_place_is_alive_by_what_people_do_or_open(archive: Archive) -> None:
    archive.set(schema.threads, created_at=NOW - 500 * DAY)
    archive.thread(1, repo=ANOTHER_REPO, by=BOT, at=NOW - DAY)
    known = kept(archive)
    assert known["alpine-tools/maps"].last == NOW - 500 * DAY
    assert known["alpine-tools/huts"].last is None
    reviews(1)(archive)
    archive.thread(2, repo=ANOTHER_REPO, by=LINUS, at=NOW - DAY)
    known = kept(archive)
    assert known["alpine-tools/maps"].last == NOW - 10 * DAY
    assert known["alpine-tools/huts"].last == NOW - DAY


def steps_down(**more: Any) -> Change:
    linus = Person(PersonId(LINUS), "linus")
    order = StepDown(
        rule="farewell", key="-", why="-", person=linus, whom=linus, thread=ThreadRef(RepoId(REPO), 1),
        as_of=NOW - 9 * DAY, **more,
    )  # fmt: skip
    return lambda archive: archive.store.write_now(lambda db: leaves.step_down(db, OWN, order))


def away(days: int) -> Change:
    return lambda archive: archive.put(
        schema.preferences, owner_id=OWNER, person_id=LINUS, away_until=NOW + days * DAY, away_as_of=NOW
    )


def stands_in_the_file(**more: Any) -> Change:
    row = {
        "owner_id": OWNER, "repo_id": REPO, "path": "team.yaml", "login": "linus", "person_id": LINUS, "repos": [],
        "given_name": "", "groups": [], "inactive": True, "last_check_in": "", "gone": False, "as_of": NOW,
    }  # fmt: skip
    return lambda archive: archive.put(schema.members, **row | more)


HIM: Final = frozenset({PersonId(LINUS)})


@pytest.mark.parametrize(
    ("change", "around"),
    [
        pytest.param(lambda _: None, Around(), id="everybody is there"),
        pytest.param(steps_down(), Around(stepped_back=HIM), id="stepped back"),
        pytest.param(
            steps_down(repos=("Maps",)), Around(stepped_back_from={PersonId(LINUS): frozenset({"maps"})}), id="in part"
        ),
        pytest.param(steps_down(until=NOW + DAY), Around(stepped_back=HIM), id="until tomorrow"),
        pytest.param(steps_down(until=NOW), Around(), id="until now"),
        pytest.param(away(59), Around(away=HIM), id="away"),
        pytest.param(away(60), Around(away=HIM, long_away=HIM), id="away for long"),
        pytest.param(away(-1), Around(), id="was away"),
        pytest.param(
            lambda archive: archive.put(schema.optouts, owner_id=OWNER, person_id=LINUS, opted_out=True, as_of=NOW),
            Around(not_named=HIM), id="left alone",
        ),
        pytest.param(stands_in_the_file(), Around(not_named=HIM), id="inactive in the team file"),
        pytest.param(stands_in_the_file(gone=True), Around(), id="not in the team file any more"),
        pytest.param(stands_in_the_file(inactive=False), Around(), id="active in the team file"),
    ],
)  # fmt: skip
def test_who_is_around(archive: Archive, change: Change, around: Around) -> None:
    change(archive)
    assert archive.store.read_now(lambda db: stewards.around(db, OWN, POLICY, NOW)) == around


def test_whoever_is_back_is_there(archive: Archive) -> None:
    steps_down()(archive)
    archive.set(schema.leaves, back_at=NOW - DAY)
    assert archive.store.read_now(lambda db: stewards.around(db, OWN, POLICY, NOW)) == Around()


def test_what_else_tells_that_somebody_could_grow(archive: Archive) -> None:
    """A medium issue that they took and closed counts once."""
    [medium, *_] = POLICY.levels.medium
    for number, label in ((11, medium), (12, medium), (13, "good first issue"), (14, medium)):
        archive.thread(number, labels=[label])
    for number, ended in ((11, "done"), (13, "done"), (14, "freed")):
        claim = {"repo_id": REPO, "number": number, "person_id": LINUS, "at": NOW, "worked_at": NOW}
        archive.put(schema.claims, **claim, ended_at=NOW, ended=ended)
    archive.thread(20, by=LINUS, kind="pull_request", merged_at=NOW)
    for to in (11, 12):
        archive.put(
            schema.links, repo_id=REPO, number=20, to_repo="", to_number=to, closes=True, gone=False, as_of=NOW
        )  # fmt: skip
    of = {"repo_id": REPO, "number": 1, "began_at": NOW}
    archive.put(
        schema.mentorings, **of, owner_id=OWNER, mentee_id=ADA, asked_by_id=ADA, because="asked", state="done",
        state_at=NOW, checks=[],
    )  # fmt: skip
    archive.put(
        schema.mentor_asks, **of, person_id=LINUS, chosen_at=NOW, owner_id=OWNER, part="lead", said="accepted",
        said_at=NOW, reasons={}, beside_reasons={},
    )  # fmt: skip
    archive.put(
        schema.interests, owner_id=OWNER, person_id=LINUS, interested=True, areas=["docs"], repo_id=REPO, number=1,
        as_of=NOW,
    )  # fmt: skip
    who = [PersonId(LINUS), PersonId(GRACE)]
    found = archive.store.read_now(lambda db: growth.grown(db, OWN, stewards.places(db, OWN), who, POLICY))
    assert found == {
        LINUS: Grown(medium=2, mentored=1, interests=frozenset({"docs"})),
        GRACE: Grown(),
    }


def test_it_takes_a_few_queries_however_many_people_and_repositories_there_are(archive: Archive) -> None:
    for id_ in range(50, 60):
        archive.repo(id_, f"more-{id_}")
    asked: list[str] = []
    event.listen(archive.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    kept(archive)
    assert len([query for query in asked if query.startswith("SELECT")]) <= 7


def test_alarms_are_known_until_they_are_over_for_long_or_somebody_is_forgotten(archive: Archive) -> None:
    places = [Place(area=name) for name in ("docs", "huts", "ci")]
    all_ = [Alarm(place=one, person=Person(PersonId(ADA), "ada"), fewer=True) for one in places]

    def tell(db: Any) -> None:
        for number, one in enumerate(all_):
            alarms.tell(db, OWN, one, Told(at=NOW - number * DAY, board="succession/13"))
        alarms.drop(db, OWN, NOW, but={all_[1].key})

    archive.store.write_now(tell)
    known = archive.store.read_now(lambda db: alarms.of_owner(db, OWN))
    assert known == {
        all_[0].key: Told(at=NOW, board="succession/13"), all_[1].key: Told(at=NOW - DAY, board="succession/13"),
    }  # fmt: skip
    board = {"repo_id": 13, "number": 1, "node_id": "N", "text_hash": "", "updated_at": NOW}
    archive.put(schema.boards, owner_id=OWNER, name="succession/13", **board)
    archive.store.write_now(lambda db: forget(db, all_[0].person, NOW))
    assert archive.store.read_now(lambda db: looks.next_due(db, ())) == NOW, "the issue may name her"
    archive.store.write_now(lambda db: alarms.tell(db, OWN, all_[0], Told(at=NOW, board="succession/13")))
    assert archive.store.read_now(lambda db: alarms.of_owner(db, OWN)) == {}
