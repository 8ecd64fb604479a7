"""Writes of an installation keep their distance, whoever was first goes first, and nobody waits for ever."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.github.pace import SPACING, Pace
from bot.model import InstallationId, Subject
from tests.stage import BEGIN

ONE, TWO = InstallationId(1), InstallationId(2)
A, B, C = Subject("thread/1/1"), Subject("thread/1/2"), Subject("thread/1/3")
SECOND = timedelta(seconds=1)

moments = st.lists(st.integers(0, 8_000), min_size=1, max_size=25).map(
    lambda numbers: [timedelta(milliseconds=number) for number in sorted(numbers)]
)


def play(
    pace: Pace, arrivals: Sequence[timedelta], hold: tuple[timedelta, timedelta] | None = None
) -> list[tuple[timedelta, Subject]]:
    """Subjects come at these times, and come back just when they are told; when each of them wrote.

    Of several who come at one moment it is the last that is asked first, as no fair queue would. `hold`: when GitHub
    asks to wait, and until when.
    """
    coming = [(at, subject(number)) for number, at in enumerate(arrivals)]
    written: list[tuple[timedelta, Subject]] = []
    for _ in range(10_000):
        if not coming:
            return written
        at = min(moment for moment, _ in coming)
        who = [one for moment, one in coming if moment == at][-1]
        coming.remove((at, who))
        if hold is not None and at >= hold[0]:
            pace.hold(ONE, BEGIN + hold[1], BEGIN + at)
        later = pace.take(ONE, who, BEGIN + at)
        if later is None:
            written.append((at, who))
        else:
            assert later > BEGIN + at
            coming.append((later - BEGIN, who))
    raise AssertionError("somebody waits for ever")


def subject(number: int) -> Subject:
    return Subject(f"thread/1/{number}")


def orderly(arrivals: Sequence[timedelta], written: Sequence[tuple[timedelta, Subject]]) -> bool:
    """At a distance, and those first who came first."""
    came = {subject(number): at for number, at in enumerate(arrivals)}
    apart = all(later - earlier >= SPACING for (earlier, _), (later, _) in pairwise(written))
    return apart and [came[who] for _, who in written] == sorted(arrivals)


@given(moments)
def test_no_two_writes_are_closer_than_the_spacing_and_the_first_to_come_is_the_first_to_write(
    arrivals: list[timedelta],
) -> None:
    assert orderly(arrivals, play(Pace(), arrivals))


@given(moments)
def test_nobody_waits_longer_than_for_those_before(arrivals: list[timedelta]) -> None:
    free_at = timedelta()
    for at, (written, _) in zip(arrivals, play(Pace(), arrivals), strict=True):
        assert written == max(at, free_at)
        free_at = written + SPACING


@given(moments, st.integers(0, 9), st.integers(1, 60))
def test_after_a_hold_they_go_on_in_their_order_and_at_their_distance(
    arrivals: list[timedelta], after: int, seconds: int
) -> None:
    begin, end = SECOND * after, SECOND * (after + seconds)
    written = play(Pace(), arrivals, (begin, end))
    assert not [at for at, _ in written if begin <= at < end]
    assert orderly(arrivals, written)


def test_who_comes_too_early_again_and_again_keeps_one_place() -> None:
    pace = Pace()
    assert pace.take(ONE, A, BEGIN) is None
    for tenth in range(9):
        assert pace.take(ONE, B, BEGIN + SECOND * tenth / 10) == BEGIN + SECOND
    assert pace.take(ONE, C, BEGIN) == BEGIN + SECOND * 2
    assert pace.take(ONE, B, BEGIN + SECOND) is None


def test_who_comes_late_neither_hurries_nor_stops_the_others() -> None:
    pace = Pace()
    pace.take(ONE, A, BEGIN)
    pace.take(ONE, B, BEGIN)
    assert pace.take(ONE, C, BEGIN) == BEGIN + SECOND * 2
    assert pace.take(ONE, C, BEGIN + SECOND * 2) is None
    assert pace.take(ONE, B, BEGIN + SECOND * 2) == BEGIN + SECOND * 3
    assert pace.take(ONE, B, BEGIN + SECOND * 3) is None


def test_a_place_that_is_left_holds_up_nobody_for_longer_than_it_would_have_taken() -> None:
    pace = Pace()
    pace.take(ONE, A, BEGIN)
    pace.take(ONE, B, BEGIN)
    assert pace.take(ONE, C, BEGIN) == BEGIN + SECOND * 2
    pace.leave(B)
    pace.leave(B)
    assert pace.take(ONE, C, BEGIN + SECOND * 2) is None
    assert pace.take(ONE, B, BEGIN + SECOND * 2) == BEGIN + SECOND * 3


def test_those_who_come_and_leave_starve_nobody() -> None:
    pace = Pace()
    pace.take(ONE, A, BEGIN)
    for number in range(100):
        pace.take(ONE, Subject(f"fickle/{number}"), BEGIN)
        pace.leave(Subject(f"fickle/{number}"))
    later = pace.take(ONE, B, BEGIN)
    assert later is not None
    assert later <= BEGIN + SECOND * 2


def test_each_installation_has_its_own_pace() -> None:
    pace = Pace()
    assert pace.take(ONE, A, BEGIN) is None
    assert pace.take(TWO, B, BEGIN) is None
    assert pace.take(ONE, C, BEGIN) is not None
    pace.leave(Subject("never/seen"))
    assert pace.held(InstallationId(3), BEGIN) is None


def test_a_hold_lasts_until_its_end_and_a_shorter_one_does_not_end_it() -> None:
    pace = Pace()
    pace.hold(ONE, BEGIN + SECOND * 60, BEGIN)
    pace.hold(ONE, BEGIN + SECOND * 5, BEGIN)
    assert pace.held(ONE, BEGIN) == BEGIN + SECOND * 60
    assert pace.held(TWO, BEGIN) is None
    assert pace.take(ONE, A, BEGIN) == BEGIN + SECOND * 60
    assert pace.held(ONE, BEGIN + SECOND * 60) is None
    assert pace.take(ONE, A, BEGIN + SECOND * 60) is None


def test_a_place_that_nobody_came_back_for_does_not_make_others_later() -> None:
    pace, later = Pace(), BEGIN + timedelta(hours=10)
    for who in (A, B):
        pace.take(ONE, who, BEGIN)  # B's thread is deleted while it waits
    assert pace.take(ONE, C, later) is None
    pace.take(ONE, A, later)
    pace.hold(ONE, later + SECOND * 60, later)
    assert pace.take(ONE, A, later) == later + SECOND * 61


def test_the_spacing_can_be_none() -> None:
    pace = Pace(timedelta())
    assert [pace.take(ONE, who, BEGIN) for who in (A, B, C)] == [None, None, None]
