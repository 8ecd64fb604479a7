"""Who is told what in a cohort, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from bot.cohort import choosing
from bot.cohortnotes import About, Note
from bot.cohorts import Applicant, Cohort, Contribution, Program
from bot.model import Level, OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.worktime import Calendar
from tests.rules.scenes import policy

COHORT: Final = Cohort(
    id="winter", name="Outreachy", program=Program.OUTREACHY, first=date(2026, 10, 5), last=date(2026, 10, 30),
    mentors=("grace", "linus"), label="outreachy", levels=frozenset({Level.STARTER}), takers=3,
    channel="https://example.org/chat", sync=date(2026, 10, 19),
)  # fmt: skip
NOON: Final = datetime(2026, 10, 12, 12, tzinfo=UTC)  # a Monday
OVER: Final = COHORT.ends + timedelta(hours=1)
CALENDAR: Final = Calendar(policy().working_time)
GRACE, LINUS = PersonId(1), PersonId(2)
HERE: Final = ThreadRef(RepoId(1), 5)
PULL: Final = Contribution(
    at=NOON - timedelta(days=6), ref=ThreadRef(RepoId(1), 7), name="alpine-tools/maps#7", pull=True,
    waits_since=NOON - timedelta(days=5),
)  # fmt: skip
ADA: Final = Applicant(person=Person(PersonId(100), "ada"), since=NOON, contributions=(PULL,), place=HERE)
PAIR: Final = {ADA.person.id: (GRACE, LINUS)}


def note(about: About, who: PersonId = GRACE, at: datetime = NOON) -> Note:
    return Note(owner_id=OwnerId(1), cohort="winter", about=about, person=who, at=at, place=HERE)


@pytest.mark.parametrize(
    ("waits", "since", "expected"),
    [
        pytest.param(PULL.waits_since, NOON - timedelta(days=30), [("alpine-tools/maps#7", 5)], id="long"),
        pytest.param(NOON - timedelta(days=3), NOON - timedelta(days=30), [], id="not long enough"),
        pytest.param(PULL.waits_since, NOON - timedelta(days=1), [], id="not since it was switched on"),
        pytest.param(None, NOON - timedelta(days=30), [], id="reviewed"),
    ],
)
def test_what_waits_for_a_review(waits: datetime | None, since: datetime, expected: list[tuple[str, int]]) -> None:
    who = replace(ADA, contributions=(replace(PULL, waits_since=waits),))
    turn = choosing.reading([who], PAIR)
    found = choosing.unread([who], turn, since, after=timedelta(days=3), now=NOON)
    assert [(one.thread, one.days) for one in found.get(GRACE, ())] == expected
    assert choosing.unread([who], {}, since, after=timedelta(0), now=NOON) == {}


def test_a_mentor_is_reminded_once_a_week() -> None:
    notes = [note(About.REVIEWS, GRACE, NOON - timedelta(days=6)), note(About.REVIEWS, LINUS, NOON - timedelta(days=7))]
    assert choosing.to_remind({GRACE, LINUS}, notes, NOON) == [LINUS]


@pytest.mark.parametrize(
    ("day", "told", "expected"),
    [
        pytest.param(15, False, False, id="Thursday"),
        pytest.param(16, False, True, id="Friday before"),
        pytest.param(18, False, True, id="the weekend, if it was missed"),
        pytest.param(16, True, False, id="told before"),
        pytest.param(19, False, False, id="the day itself"),
    ],
)
def test_the_talk_is_told_of_on_the_working_day_before(day: int, told: bool, expected: bool) -> None:
    notes = [note(About.SYNC)] if told else []
    assert choosing.talks_next(COHORT, CALENDAR, notes, NOON.replace(day=day)) is expected


@pytest.mark.parametrize(
    ("at", "since", "expected"),
    [
        pytest.param(COHORT.ends, NOON, 1, id="at the end"),
        pytest.param(COHORT.ends - timedelta(seconds=1), NOON, 0, id="not before"),
        pytest.param(COHORT.ends + timedelta(days=14), NOON, 0, id="too late"),
        pytest.param(OVER, COHORT.ends, 0, id="it was over before it was switched on"),
    ],
)
def test_when_applicants_are_thanked(at: datetime, since: datetime, expected: int) -> None:
    assert len(choosing.to_thank(COHORT, [ADA], [], since, at)) == expected


def test_whom_thanks_reach() -> None:
    quiet, nowhere = replace(ADA, opted_out=True), replace(ADA, place=None)
    assert choosing.to_thank(COHORT, [quiet, nowhere], [], NOON, OVER) == []
    assert choosing.to_thank(COHORT, [ADA], [note(About.THANKS, ADA.person.id)], NOON, OVER) == []


def test_a_few_are_thanked_in_an_hour() -> None:
    many = [replace(ADA, person=Person(PersonId(id_), f"a{id_}")) for id_ in range(100, 140)]
    first = choosing.to_thank(COHORT, many, [], NOON, OVER)
    assert len(first) == choosing.SEVERAL
    notes = [note(About.THANKS, one.person.id, OVER) for one in first]
    assert choosing.to_thank(COHORT, many, notes, NOON, OVER + timedelta(minutes=59)) == []
    assert len(choosing.to_thank(COHORT, many, notes, NOON, OVER + timedelta(hours=1))) == choosing.SEVERAL


def test_what_is_too_late_to_say() -> None:
    assert choosing.until(note(About.THANKS), COHORT) == COHORT.ends + timedelta(days=14)
    assert choosing.until(note(About.SYNC), COHORT) == datetime(2026, 10, 20, tzinfo=UTC)
    assert choosing.until(note(About.REVIEWS), COHORT) == NOON + timedelta(days=2)


def test_a_round_that_was_over_is_left_alone() -> None:
    assert list(choosing.tells([COHORT], NOON, NOON)) == [COHORT]
    assert list(choosing.tells([COHORT], COHORT.ends, OVER)) == []
    assert list(choosing.tells([COHORT], NOON, COHORT.begins - timedelta(seconds=1))) == []
