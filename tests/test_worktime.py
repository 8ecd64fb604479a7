"""The team's working days: as somebody would count them with a finger on the calendar, and quickly over years."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triagepolicy import WEEKDAYS, Break, Weekday, WorkingTime
from bot.worktime import Calendar, Span
from tests.rules.scenes import DEFAULTS

DAY: Final = timedelta(days=1)
MONDAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DECEMBER: Final = (Break(first=date(2026, 12, 1), last=date(2026, 12, 31)),)


def calendar(*pauses: Span, **changes: Any) -> Calendar:
    return Calendar(DEFAULTS.working_time.model_copy(update=changes), pauses)


def on(day: int, month: int = 11, *, year: int = 2026, at: str = "09:00") -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(at), UTC)


@pytest.mark.parametrize(
    ("end", "counted", "days"),
    [
        pytest.param(on(23), calendar(), 0, id="at once"),
        pytest.param(on(24, at="08:59"), calendar(), 0, id="not quite a day"),
        pytest.param(on(24), calendar(), 1, id="a day"),
        pytest.param(on(22), calendar(), 0, id="the end before the beginning"),
        pytest.param(on(27), calendar(), 4, id="till Friday"),
        pytest.param(on(29), calendar(), 4, id="till Sunday"),
        pytest.param(on(30), calendar(), 5, id="a week"),
        pytest.param(on(30), calendar(days=("saturday",)), 1, id="a team of Saturdays"),
        pytest.param(on(27), calendar(holidays=(date(2026, 11, 26),)), 3, id="a holiday"),
        pytest.param(on(30), calendar(holidays=(date(2026, 11, 28),)), 5, id="a holiday on a Saturday"),
        pytest.param(on(30), calendar(holidays=(date(2026, 11, 26),) * 2), 4, id="a holiday that stands there twice"),
        pytest.param(on(4, 1, year=2027), calendar(breaks=DECEMBER), 7, id="around a break"),
        pytest.param(on(30), calendar((on(24, at="12:00"), on(26, at="12:00"))), 3, id="a pause"),
        pytest.param(on(30), calendar((on(24, at="10:00"), on(25, at="08:00"))), 5, id="a pause of a night"),
        pytest.param(on(30), calendar((on(24), on(25)), (on(24), on(26))), 3, id="two pauses at once"),
        pytest.param(on(30), calendar((on(24), on(24))), 5, id="a pause of no length"),
        pytest.param(on(30), calendar((on(20), on(26)), holidays=(date(2026, 11, 25),)), 3, id="a holiday in a pause"),
    ],
)
def test_whole_working_days(end: datetime, counted: Calendar, days: int) -> None:
    assert counted.days(MONDAY, end) == days


@pytest.mark.parametrize(
    ("days", "counted", "over"),
    [
        pytest.param(0, calendar(), on(23), id="none"),
        pytest.param(1, calendar(), on(24), id="a day"),
        pytest.param(5, calendar(), on(30), id="over the weekend"),
        pytest.param(6, calendar(breaks=DECEMBER), on(1, 1, year=2027), id="over a break"),
        pytest.param(2, calendar((on(24), on(26))), on(27), id="over a pause"),
    ],
)
def test_when_so_many_are_over(days: int, counted: Calendar, over: datetime) -> None:
    assert counted.add(MONDAY, days) == over


def test_a_break_without_an_end_is_never_over() -> None:
    for_ever = calendar(breaks=(Break(first=date(2026, 11, 25), last=date.max),))
    assert for_ever.days(MONDAY, MONDAY + 4000 * DAY) == 1
    assert for_ever.add(MONDAY, 2).date() == date.max


def test_a_calendar_is_known_by_what_it_counts_with() -> None:
    assert calendar() == calendar(holidays=())
    assert calendar() != calendar((on(24), on(25)))


# Slowly, and as the words in the docstrings say it, to compare with.


def works(counted: Calendar, day: datetime) -> bool:
    date_, worktime = day.date(), counted.time
    if WEEKDAYS[date_.weekday()] not in worktime.days or date_ in worktime.holidays:
        return False
    if any(one.first <= date_ <= one.last for one in worktime.breaks):
        return False
    return not any(begin <= day < end for begin, end in counted.pauses)


def days(counted: Calendar, begin: datetime, end: datetime) -> int:
    count, at = 0, begin + DAY
    while at <= end:
        count += works(counted, at)
        at += DAY
    return count


INSTANTS: Final = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 31), timezones=st.just(UTC))  # noqa: DTZ001 (it gets one)
DAYS: Final = st.dates(date(2026, 1, 1), date(2026, 3, 31))
BREAKS: Final = st.tuples(DAYS, DAYS).map(lambda days: Break(first=min(days), last=max(days)))
WEEKS: Final = st.sets(st.sampled_from(WEEKDAYS), min_size=1)
PAUSES: Final = st.lists(st.tuples(INSTANTS, INSTANTS), max_size=4)


@given(WEEKS, st.lists(DAYS, max_size=12), st.lists(BREAKS, max_size=4), PAUSES, INSTANTS, INSTANTS)
def test_it_counts_as_one_does_by_hand(
    week: set[Weekday], holidays: list[date], breaks: Sequence[Break], pauses: list[Span],
    begin: datetime, end: datetime,
) -> None:  # fmt: skip
    worktime = WorkingTime(days=tuple(week), holidays=tuple(holidays), breaks=tuple(breaks))
    counted = Calendar(worktime, pauses)
    found = counted.days(begin, end)
    assert found == days(counted, begin, end)
    assert counted.works(begin) == works(counted, begin)
    over = counted.add(begin, found + 1)
    assert days(counted, begin, over) == found + 1
    assert days(counted, begin, over - DAY) == found
