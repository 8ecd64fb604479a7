"""The usual wait for a first answer: Kaplan and Meier's median, over the answers of people to people from outside."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.memory.answer_time import NEEDED, OVER, answer_time, median_wait
from bot.memory.store import Store
from bot.model import RepoId
from tests.memory.conftest import ADA, ANOTHER_REPO, BOT, GRACE, LINUS, REPO, Archive
from tests.stage import BEGIN

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = BEGIN + DAY * 30


def waits(text: str) -> list[tuple[timedelta, bool]]:
    """Hours; with a + those that wait still."""
    return [(float(word.rstrip("+")) * HOUR, not word.endswith("+")) for word in text.split()]


# Worked out by hand: the share that still waits after each answer is the product of (1 - 1/left).
MEDIANS = [
    ("nothing", "", None),
    ("too few answers", "1 2 3 4 9+ 9+", None),
    ("just enough", "1 2 3 4 5", 3.0),
    ("an even number: the middle of the two", "1 2 3 4 5 6", 3.5),
    ("all the same", "2 2 2 2 2 2", 2.0),
    ("at once", "0 0 0 0 0", 0.0),
    # 9 left: 8/9, 7/9, 6/9, 5/9, 4/9 at 5
    ("who waits longer than all counts", "1 2 3 4 5 9+ 9+ 9+ 9+", 5.0),
    # 10 left: 9/10 … 5/10 at 5, and no answer after it
    ("half wait still", "1 2 3 4 5 9+ 9+ 9+ 9+ 9+", 5.0),
    # 12 left: 11/12 … 6/12 at 6, and the next answer is at 8
    ("half had an answer, then one more", "1 2 3 4 5 6 8 9+ 9+ 9+ 9+ 9+", 7.0),
    ("more than half wait still", "1 2 3 4 5 9+ 9+ 9+ 9+ 9+ 9+", None),
    # 7 left: 6/7; one leaves unanswered; 5 left: 24/35, 18/35, 12/35 at 4
    ("one that waited for a short time counts for that time", "1 1.5+ 2 3 4 5 6", 4.0),
    # 6 left: one leaves; 5 left: 4/5, 3/5, 2/5 at 3
    ("one just opened hardly counts", "0+ 1 2 3 4 5", 3.0),
    # 8 left: 7/8, 6/8, 5/8, 4/8 at 4; those that leave at 5 change nothing; the next answer is at 6
    ("who leaves in the middle changes nothing", "1 2 3 4 5+ 5+ 6 7", 5.0),
    # 6 left: 5/6, 4/6, 3/6 at 3, in whatever order they are told
    ("told in any order", "6 1 5 2 4 3", 3.5),
    # at 2 one is answered and one leaves: the answer counts first. 7 left: 6/7, 5/7; 5 left after the leave; 4/7, 3/7
    ("an answer comes before a leave of the same time", "1 2 2+ 3 4 5 6", 4.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hours"), [row[1:] for row in MEDIANS], ids=[row[0] for row in MEDIANS])
def test_the_median_counts_those_who_still_wait(text: str, hours: float | None) -> None:
    assert median_wait(waits(text)) == (None if hours is None else hours * HOUR)


seconds = st.integers(0, 10**7).map(lambda n: timedelta(seconds=n))


def middle(times: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=statistics.median(time.total_seconds() for time in times))


@given(st.lists(seconds, min_size=NEEDED, max_size=200))
def test_when_nobody_waits_it_is_the_ordinary_median(times: list[timedelta]) -> None:
    assert median_wait([(time, True) for time in times]) == middle(times)


@given(st.lists(st.tuples(seconds, st.booleans()), max_size=60), st.randoms())
def test_who_waits_makes_it_longer_never_shorter_and_the_order_makes_no_difference(
    told: list[tuple[timedelta, bool]], random: Random
) -> None:
    found = median_wait(told)
    random.shuffle(told)
    assert median_wait(told) == found
    if sum(answered for _, answered in told) < NEEDED:
        assert found is None
    else:
        assert found is None or found >= middle(time for time, _ in told)


@dataclass(frozen=True)
class Case:
    """Six threads get Linus' answer after 1, 2, 3, 4, 5 and 6 hours; this besides; and the median in hours then."""

    id: str
    given: Callable[[Archive], object]
    hours: float | None


CASES = [
    Case("nothing besides", lambda a: None, 3.5),
    Case("the first answer counts", lambda a: a.answer(6, by=LINUS, at=BEGIN + HOUR * 5.5), 3.5),
    Case("one more that waits", lambda a: a.thread(9), 4.0),
    Case("a bot's answer is none", lambda a: (a.thread(9), a.answer(9, by=BOT, at=BEGIN)), 4.0),
    Case("a robot's answer is none", lambda a: (a.thread(9), a.answer(9, by=105, at=BEGIN)), 4.0),
    Case("the author's own answer is none", lambda a: (a.thread(9), a.answer(9, by=ADA, at=BEGIN)), 4.0),
    Case("a deleted answer is none", lambda a: (a.thread(9), a.answer(9, by=LINUS, at=BEGIN, gone=True)), 4.0),
    Case("the team's answer is one", lambda a: (a.thread(9), a.answer(9, by=GRACE, at=BEGIN)), 3.0),
    Case("anybody's answer is one", lambda a: (a.thread(9), a.answer(9, by=LINUS, at=BEGIN)), 3.0),
    Case("a merge is one", lambda a: a.thread(9, kind="pull_request", merged_at=BEGIN), 3.0),
    Case("a close is none, and ends the wait", lambda a: a.thread(9, closed_at=BEGIN + HOUR * 0.5), 3.5),
    Case("a bot's thread does not count", lambda a: a.thread(9, by=BOT), 3.5),
    Case("a robot's thread does not count", lambda a: a.thread(9, by=105), 3.5),
    Case("the team's thread does not count", lambda a: a.thread(9, by=GRACE), 3.5),
    Case("who left the team is from outside", lambda a: (a.team(LINUS, belongs=False), a.thread(9, by=LINUS)), 4.0),
    Case("another repository's does not count", lambda a: a.thread(9, repo=ANOTHER_REPO), 3.5),
    Case("a thread that is gone does not count", lambda a: a.thread(9, gone=True), 3.5),
    Case("one of 90 days ago counts", lambda a: a.thread(9, at=NOW - OVER + HOUR), 4.0),
    Case("an older one does not", lambda a: a.thread(9, at=NOW - OVER), 3.5),
    Case("one of the future does not", lambda a: a.thread(9, at=NOW + HOUR), 3.5),
    Case("a draft waits from when it is ready", lambda a: a.thread(9, ready_at=NOW - HOUR * 0.5), 3.5),
    Case("an answer to a draft came at once", lambda a: (
        a.thread(9, ready_at=BEGIN + HOUR), a.answer(9, by=LINUS, at=BEGIN)), 3.0),
    Case("an answer in another repository is none", lambda a: (
        a.thread(9), a.answer(9, by=LINUS, at=BEGIN, repo=ANOTHER_REPO)), 4.0),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_whose_answers_to_whom_count(store: Store, case: Case) -> None:
    archive = Archive(store)
    for hours in range(1, 7):
        archive.thread(hours)
        archive.answer(hours, by=LINUS, at=BEGIN + HOUR * hours)
    case.given(archive)
    found = store.read_now(lambda db: answer_time(db, RepoId(REPO), NOW, ("welcome-robot",)))
    assert found == (None if case.hours is None else case.hours * HOUR)


def test_of_fewer_than_five_answers_nothing_is_told(store: Store) -> None:
    archive = Archive(store)

    def told() -> timedelta | None:
        return store.read_now(lambda db: answer_time(db, RepoId(REPO), NOW, ()))

    for number in range(1, NEEDED + 1):
        assert told() is None
        archive.thread(number)
        archive.answer(number, by=LINUS, at=BEGIN + HOUR)
    assert told() == HOUR
