"""Who agreed to mentor, and how those of whom nothing was heard are let go."""

from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.effects import JoinMentors
from bot.memory import mentors, schema, signs, stops
from bot.memory.rows import get
from bot.memory.store import Store
from bot.mentoring import releasing
from bot.mentoring.releasing import Case, Step, step
from bot.mentors import Listed, Mentor, Part, Said, State, Terms
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.policytypes import Mode
from bot.rules.mentoring import still_there
from tests.memory.conftest import ADA, ANOTHER_REPO, GRACE, LOGINS, OWNER, REPO, Archive
from tests.rules.scenes import DEFAULTS, policy
from tests.stage import BEGIN

DAY: Final = timedelta(days=1)
NOW: Final = BEGIN + 100 * DAY
LISTED: Final = (Listed(login="Grace", terms=Terms(up_to=3), affiliation="Alpine University"), Listed(login="nobody"))
ON: Final = policy(mentoring={"mode": Mode.ON})


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        pytest.param({"seen": None}, Step.NOTHING, id="nobody knows"),
        pytest.param({"seen": NOW - 59 * DAY}, Step.NOTHING, id="seen of late"),
        pytest.param({"seen": NOW - 60 * DAY}, Step.ASK, id="not for long"),
        pytest.param({"seen": NOW - 60 * DAY, "away": True}, Step.NOTHING, id="away"),
        pytest.param({"seen": NOW - 60 * DAY, "busy": True}, Step.NOTHING, id="mentors somebody"),
        pytest.param({"seen": NOW - 60 * DAY, "chosen_at": NOW - DAY}, Step.NOTHING, id="is being asked"),
        pytest.param({"seen": NOW - 70 * DAY, "chosen_at": NOW - 7 * DAY}, Step.ASK, id="could not be asked"),
        pytest.param({"seen": NOW - DAY, "chosen_at": NOW - 2 * DAY}, Step.KEEP, id="seen since"),
        pytest.param({"seen": NOW - 99 * DAY, "chosen_at": NOW - 15 * DAY, "said_at": NOW - 13 * DAY}, Step.NOTHING,
                     id="has time"),
        pytest.param({"seen": NOW - 99 * DAY, "chosen_at": NOW - 15 * DAY, "said_at": NOW - 14 * DAY}, Step.RELEASE,
                     id="no sign"),
        pytest.param({"seen": NOW - 99 * DAY, "chosen_at": NOW - 15 * DAY, "said_at": NOW - 14 * DAY, "away": True},
                     Step.NOTHING, id="away meanwhile"),
    ],
)  # fmt: skip
def test_what_comes_next(case: dict[str, Any], expected: Step) -> None:
    assert step(Case(**case), DEFAULTS.mentoring, NOW) is expected


@pytest.fixture
def archive(store: Store) -> Archive:
    return Archive(store)


def join(archive: Archive, who: int, terms: Terms | None, at: datetime) -> None:
    order = JoinMentors(
        rule="answers", key="k", why="", thread=ThreadRef(RepoId(REPO), 1), terms=terms, as_of=at,
        person=Person(PersonId(who), LOGINS[who]),
    )  # fmt: skip
    archive.store.write_now(lambda db: mentors.join(db, OwnerId(OWNER), order))


def roster(archive: Archive) -> dict[str, Mentor]:
    found = archive.store.read_now(lambda db: mentors.roster(db, OwnerId(OWNER), LISTED, ON, NOW))
    return {one.person.login: one for one in found}


def goes_over(archive: Archive, at: datetime) -> None:
    archive.store.write_now(lambda db: releasing.go_round(db, OwnerId(OWNER), ON, LISTED, at))


def test_their_own_word_counts_more_than_the_file(archive: Archive) -> None:
    assert (roster(archive)["grace"].up_to, [*roster(archive)]) == (3, ["grace"])
    join(archive, GRACE, Terms(up_to=1), BEGIN)
    join(archive, ADA, Terms(), BEGIN)
    found = roster(archive)
    assert (found["grace"].up_to, found["grace"].affiliation, [*found]) == (1, "Alpine University", ["ada", "grace"])
    join(archive, GRACE, None, BEGIN + DAY)
    join(archive, GRACE, Terms(), BEGIN)  # old news
    assert [*roster(archive)] == ["ada"]


def test_who_was_released_is_back_with_a_word(archive: Archive) -> None:
    archive.store.write_now(lambda db: signs.release(db, OwnerId(OWNER), PersonId(GRACE), NOW))
    assert roster(archive) == {}
    who = [PersonId(GRACE), PersonId(ADA)]
    assert archive.store.read_now(lambda db: mentors.released(db, OwnerId(OWNER), who)) == {GRACE}
    join(archive, GRACE, Terms(), NOW + DAY)
    assert archive.store.read_now(lambda db: mentors.released(db, OwnerId(OWNER), who)) == frozenset()
    assert [*roster(archive)] == ["grace"]


@pytest.mark.parametrize(
    ("shut", "there"),
    [
        pytest.param(None, 1, id="where they were last"),
        pytest.param("muted", 2, id="that is muted there"),
        pytest.param("paused", 2, id="the bot is paused there"),
    ],
)
def test_where_nothing_is_said_they_are_asked_elsewhere(archive: Archive, shut: str | None, there: int) -> None:
    archive.thread(2, repo=ANOTHER_REPO, by=ADA, at=BEGIN)
    archive.thread(1, by=ADA, at=BEGIN + DAY)
    if shut == "muted":
        archive.store.write_now(lambda db: stops.mute(db, RepoId(REPO), still_there.TEMPLATE, BEGIN, muted=True))
    if shut == "paused":
        archive.store.write_now(lambda db: stops.pause(db, OwnerId(OWNER), RepoId(REPO), NOW + DAY, BEGIN))
    join(archive, ADA, Terms(), BEGIN)
    goes_over(archive, NOW)
    asked = archive.store.read_now(lambda db: signs.question(db, OwnerId(OWNER), Person(PersonId(ADA), "ada")))
    assert asked is not None
    assert asked.ref.number == there


def test_a_question_that_has_no_place_is_not_asked_and_nobody_is_let_go(archive: Archive) -> None:
    join(archive, ADA, Terms(), BEGIN)
    goes_over(archive, NOW)
    goes_over(archive, NOW + 30 * DAY)
    assert "ada" in roster(archive)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        pytest.param(State.RUNNING, Said.ACCEPTED, id="mentors somebody"),
        pytest.param(State.SEEKING, Said.ACCEPTED, id="agreed, and waits for another"),
        pytest.param(State.UNFILLED, Said.ACCEPTED, id="agreed, and nobody else did"),
        pytest.param(State.SEEKING, Said.OPEN, id="is asked to mentor somebody just now"),
    ],
)
def test_who_mentors_or_is_asked_to_is_left_in_peace(archive: Archive, state: State, said: Said) -> None:
    join(archive, GRACE, Terms(), BEGIN)
    archive.thread(1)
    place = {"repo_id": REPO, "number": 1, "began_at": BEGIN, "owner_id": OWNER}
    archive.put(
        schema.mentorings, **place, mentee_id=ADA, asked_by_id=ADA, because="asked", state=state.value, state_at=BEGIN,
        checks=[],
    )  # fmt: skip
    reasons = {"areas": [], "here": False, "mentored": False, "hours": None, "languages": []}
    archive.put(
        schema.mentor_asks, **place, person_id=GRACE, chosen_at=BEGIN, part=Part.LEAD.value, said=said.value,
        said_at=BEGIN, reasons=reasons, beside_reasons=reasons,
    )  # fmt: skip
    goes_over(archive, NOW)
    grace = Person(PersonId(GRACE), LOGINS[GRACE])
    assert archive.store.read_now(lambda db: signs.question(db, OwnerId(OWNER), grace)) is None


def test_a_thumb_keeps_them(archive: Archive) -> None:
    join(archive, ADA, Terms(), BEGIN)
    ada, ref = Person(PersonId(ADA), "ada"), ThreadRef(RepoId(REPO), 1)
    archive.store.write_now(lambda db: signs.ask(db, OwnerId(OWNER), ada, ref, NOW))
    assert archive.store.read_now(lambda db: signs.question(db, OwnerId(OWNER), ada)) is not None
    archive.store.write_now(lambda db: signs.keep(db, OwnerId(OWNER), ada.id, NOW + DAY))
    row = archive.store.read_now(lambda db: get(db, schema.mentors, owner_id=OWNER, person_id=ADA))
    assert row is not None
    assert (row["asked_at"], row["seen_at"]) == (None, NOW + DAY)
