"""What the guide and the evaluation sheet say."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.cohort.guide import guide
from bot.cohort.sheet import Reading, sheet
from bot.cohorts import Applicant, Came, Contribution, Program, Task
from bot.model import Level, Person, PersonId, RepoId, ThreadRef
from bot.policy import Policy
from tests.cohort.test_choosing import ADA, COHORT, GRACE, LINUS, NOON, PULL
from tests.rules.scenes import policy

READING: Final = Reading(
    reviewers={ADA.person.id: (GRACE, LINUS)}, turns={ThreadRef(RepoId(1), 7): GRACE},
    logins={GRACE: "grace", LINUS: "linus"},
)  # fmt: skip
EVERY: Final = pytest.mark.parametrize("language", words.languages())


def task(number: int, *, takers: int = 0, level: Level = Level.STARTER) -> Task:
    name = f"alpine-tools/trail-maps#{number}"
    return Task(ref=ThreadRef(RepoId(1), number), name=name, level=level, takers=takers, most=3)


def spoken(language: str) -> Policy:
    return policy().model_copy(update={"language": language})


def is_well_set(text: str) -> None:
    assert not re.search(r"\n{3,}|^\s|\s$|[ \t]\n|\bNone\b|\bTrue\b|[{}]|undefined", text), text
    assert not re.search(r"@\w", text)


@EVERY
@pytest.mark.parametrize(
    "changes", [{}, {"program": Program.SPRINT, "takers": 1}, {"links": {"Contributing": "https://a.org/b_c"}}]
)
@pytest.mark.parametrize("tasks", [(), (task(5),), (task(5, takers=2), task(6, takers=3), task(7, level=Level.MEDIUM))])
def test_the_guide_is_well_set(language: str, changes: dict[str, Any], tasks: tuple[Task, ...]) -> None:
    for now in (NOON, COHORT.ends + timedelta(days=1)):
        title, body = guide(replace(COHORT, **changes), tasks, spoken(language), now, organisation="alpine-tools")
        is_well_set(body)
        assert "Outreachy" in title
        assert len(body.split()) <= 320


def test_the_guide_names_tasks_with_room_by_level() -> None:
    tasks = (task(5, takers=2), task(6, takers=3), task(7, level=Level.MEDIUM))
    _, body = guide(COHORT, tasks, policy(), NOON, organisation="alpine-tools")
    assert "**starter**\n\n- alpine-tools/trail-maps#5, 1 place left\n" in body
    assert "**medium**\n\n- alpine-tools/trail-maps#7, 3 places left\n" in body
    assert "#6" not in body
    assert "1 more is full at the moment." in body
    assert "`grace`, `linus`" in body


def test_of_very_many_tasks_some_are_counted() -> None:
    tasks = [task(number) for number in range(1, 140)]
    _, body = guide(COHORT, tasks, policy(), NOON, organisation="alpine-tools")
    assert "… and 39 more." in body


DID: Final = (
    PULL,
    replace(PULL, name="alpine-tools/maps#8", ref=ThreadRef(RepoId(1), 8), waits_since=None, state=Came.MERGED),
    replace(PULL, name="", ref=ThreadRef(RepoId(2), 9), waits_since=None, pull=False),
    Contribution(at=NOON, url="https://example.org/@ada/a|b(c)", state=Came.ELSEWHERE),
)


@EVERY
def test_the_sheet_has_a_row_for_everybody(language: str) -> None:
    who = replace(ADA, contributions=DID, tasks=("alpine-tools/maps#1", "alpine-tools/maps#2"))
    new = Applicant(person=Person(PersonId(101), "mary"), since=NOON)
    _, body = sheet(COHORT, [who, new], READING, spoken(language), organisation="alpine-tools")
    is_well_set(body)
    rows = [line for line in body.splitlines() if line.startswith("| `")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [6, 6]
    assert "| `grace`, `linus` |" in rows[0]
    assert "alpine-tools/maps#1, alpine-tools/maps#2" in rows[0]
    assert "(https://example.org/%40ada/a%7Cb%28c%29)" in rows[0]


def test_the_sheet_tells_for_whom_something_waits() -> None:
    _, body = sheet(COHORT, [replace(ADA, contributions=DID)], READING, policy(), organisation="alpine-tools")
    assert "alpine-tools/maps#7 (open, waits for `grace`), alpine-tools/maps#8 (merged), something (open), " in body


def many(number: int, did: int) -> list[Applicant]:
    return [
        replace(ADA, person=Person(PersonId(100 + at), f"applicant-with-a-long-name-{at}"), contributions=DID * did)
        for at in range(number)
    ]


@pytest.mark.parametrize(
    ("number", "did", "rows"),
    [
        pytest.param(40, 1, 40, id="a usual round"),
        pytest.param(400, 20, 400, id="very many contributions"),
        pytest.param(3000, 1, 750, id="very many applicants"),
    ],
)
def test_the_sheet_fits_into_an_issue(number: int, did: int, rows: int) -> None:
    _, body = sheet(COHORT, many(number, did), READING, policy(), organisation="alpine-tools")
    assert len(body) <= 60_000
    assert len([line for line in body.splitlines() if line.startswith("| `")]) == rows
    assert (f"And {number - rows} more" in body) is (rows < number)
