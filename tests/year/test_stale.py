"""What actions/stale would do, held to what its source says, on years of a few events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from benchmarks.year.flow import BEGIN, Act, Event, Flow, Role, Thread, people
from benchmarks.year.stale import Messages, Told, stale

Step = tuple[float, Act, str, str]  # after how many days, what, by whom, which
ISSUE: Step = (0, Act.ISSUE, "ada", "")
PULL: Step = (0, Act.PULL, "ada", "")


def year(*threads: Sequence[Step], role: Role = Role.NEW, days: int = 200, before: int = 0) -> Flow:
    """One in which these threads stand in one repository, all opened at once, `before` so many days."""
    begun = BEGIN - timedelta(days=before)
    events = [
        Event(at=begun + timedelta(days=day, hours=12), thread=number, act=act, by=by, what=what)
        for number, steps in enumerate(threads, 1)
        for day, act, by, what in steps
    ]
    return Flow(
        begin=BEGIN,
        end=BEGIN + timedelta(days=days),
        repos=("maps",),
        people=people(BEGIN),
        threads={n: Thread(number=n, repo=0, author="ada", role=role) for n in range(1, len(threads) + 1)},
        events=tuple(sorted(events, key=lambda event: event.at)),
    )


@dataclass(frozen=True)
class Case:
    id: str
    steps: Sequence[Step]
    marked: int
    closed: int
    days: int = 200


WARDEN = people(BEGIN).team[0]
CASES = [
    Case("sixty days are not enough", [ISSUE], 0, 0, days=60),
    Case("then it is marked", [ISSUE], 1, 0, days=62),
    Case("and closed after seven more", [ISSUE], 1, 1),
    Case("not before", [ISSUE], 1, 0, days=68),
    Case("whatever is a pull request", [PULL], 1, 1),
    Case("an answer puts it off", [ISSUE, (50, Act.COMMENT, WARDEN, "Yes.")], 1, 0, days=112),
    Case("a comment takes the mark back", [ISSUE, (63, Act.COMMENT, "ada", "Still.")], 1, 0, days=120),
    Case("for sixty days", [ISSUE, (63, Act.COMMENT, "ada", "Still.")], 2, 1),
    Case("so does a label", [ISSUE, (63, Act.LABEL, WARDEN, "bug")], 1, 0, days=120),
    Case("a push does not, it only puts off the closing", [PULL, (63, Act.PUSH, "ada", "")], 1, 0, days=70),
    Case("and then it is closed", [PULL, (63, Act.PUSH, "ada", "")], 1, 1, days=80),
    Case("checks are nothing to it", [PULL, (50, Act.CHECKS, "", "success")], 1, 1, days=75),
    Case("what is closed is left alone", [ISSUE, (30, Act.CLOSE, WARDEN, "")], 0, 0),
    Case("what was closed stays closed", [ISSUE, (100, Act.COMMENT, "ada", "Hello?")], 1, 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_marks_and_closes(case: Case) -> None:
    told = stale(year(case.steps, days=case.days), Messages.STALE)
    assert (told.labels, told.closed) == (case.marked, case.closed)
    assert told.comments == told.labels


@pytest.mark.parametrize(("messages", "comments"), [(Messages.NONE, 0), (Messages.STALE, 1), (Messages.BOTH, 2)])
def test_comments_come_from_the_messages_that_are_set(messages: Messages, comments: int) -> None:
    told = stale(year([ISSUE]), messages)
    assert (told.labels, told.comments, told.most, told.closed) == (1, comments, comments, 1)


def test_it_knows_whose_last_word_it_was() -> None:
    answered = [ISSUE, (1, Act.COMMENT, WARDEN, "Which version?")]
    replied = [*answered, (2, Act.COMMENT, "ada", "4.2")]
    told = stale(year([ISSUE], answered, replied), Messages.STALE)
    assert (told.closed, told.unheard, told.unanswered) == (3, 2, 1)


def test_what_the_team_opened_is_nobodys_wait() -> None:
    told = stale(year([ISSUE], role=Role.TEAM), Messages.STALE)
    assert (told.closed, told.unheard, told.unanswered, told.on_others) == (1, 0, 0, 0)


def test_it_closes_what_would_have_been_merged() -> None:
    told = stale(year([PULL, (100, Act.MERGE, WARDEN, "")]), Messages.STALE)
    assert (told.closed, told.would_merge) == (1, 1)


def backlog(threads: int, nights: int) -> Told:
    return stale(year(*[[ISSUE]] * threads, days=nights, before=100), Messages.STALE)


@pytest.mark.parametrize(
    ("threads", "nights", "marked"),
    [
        (7, 1, 7),  # a page, and four operations for each: 29
        (8, 1, 8),  # it ends after what goes over the limit
        (9, 1, 8),
        (9, 2, 9),
        (40, 3, 24),
    ],
)
def test_thirty_operations_a_night_are_all(threads: int, nights: int, marked: int) -> None:
    assert backlog(threads, nights).labels == marked
