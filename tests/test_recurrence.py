"""Recurrences as people write them: what is understood, and when the next one is, whatever the clocks do."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as slowly
from hypothesis import strategies as st

from bot.recurrence import Recurrence

BERLIN: Final = ZoneInfo("Europe/Berlin")
ANGELES: Final = ZoneInfo("America/Los_Angeles")
ZONES: Final = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS: Final = {"1st": 1, "second": 2, "3rd": 3, "fourth": 4, "last": -1}
FIVE: Final = time(17)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param("every Monday", [2, 9, 16, 23, 30], id="every"),
        pytest.param("every mondays", [2, 9, 16, 23, 30], id="every-in-the-plural"),
        pytest.param("1st Tuesday", [3], id="one"),
        pytest.param("1st and 3rd Tuesday", [3, 17], id="two"),
        pytest.param("3rd and 1st Tuesday", [3, 17], id="two-in-any-order"),
        pytest.param("2nd, 3rd and 4th Wednesday", [11, 18, 25], id="three"),
        pytest.param("2nd,3rd, and 4th Wednesday", [11, 18, 25], id="three-with-other-commas"),
        pytest.param("first and third Tuesdays", [3, 17], id="in-words"),
        pytest.param("last Friday", [27], id="last"),
        pytest.param("1st and last Friday", [6, 27], id="first-and-last"),
        pytest.param("4th and last Monday", [23, 30], id="fourth-and-last-of-five"),
        pytest.param("4th and last Friday", [27], id="fourth-and-last-are-one"),
        pytest.param("  LAST   friday ", [27], id="blanks-and-capitals"),
    ],
)
def test_the_days_of_november_2026(text: str, days: list[int]) -> None:
    found, now = [], datetime(2026, 10, 31, 23, tzinfo=UTC)
    while (now := coming(text, now, zone=ZoneInfo("UTC"))) < datetime(2026, 12, 1, tzinfo=UTC):
        found.append(now.day)
    assert found == days


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Monday", id="a-day-alone"),
        pytest.param("every", id="no-day"),
        pytest.param("every Yesterday", id="no-day-of-the-week"),
        pytest.param("every Mon", id="a-day-cut-short"),
        pytest.param("5th Monday", id="a-fifth"),
        pytest.param("0th Monday", id="a-zeroth"),
        pytest.param("every 1st Monday", id="every-first"),
        pytest.param("1st Monday and 3rd Tuesday", id="two-days"),
        pytest.param("1st and Monday", id="and-nothing"),
        pytest.param("1st, , 3rd Monday", id="nothing-between-commas"),
        pytest.param("1st 3rd Monday", id="no-and"),
        pytest.param("every Monday at 17:00", id="with-a-time"),
        pytest.param("FREQ=WEEKLY;BYDAY=MO", id="as-a-calendar-writes-it"),
        pytest.param("jeden Montag", id="in-another-language"),
        pytest.param("every\nday Monday", id="two-lines"),
    ],
)
def test_what_is_not_understood_is_answered_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match='"1st and 3rd Tuesday", "every Monday" or "last Friday"'):
        Recurrence.parse(text)


@pytest.mark.parametrize(
    ("text", "zone", "now", "then"),
    [
        pytest.param("every Monday", BERLIN, "2026-03-23T17:00", "2026-03-30T15:00", id="Berlin-spring-forward"),
        pytest.param("every Sunday", BERLIN, "2026-03-28T12:00", "2026-03-29T15:00", id="Berlin-on-the-very-day"),
        pytest.param("every Monday", BERLIN, "2026-10-19T15:00", "2026-10-26T16:00", id="Berlin-fall-back"),
        pytest.param("1st Tuesday", ANGELES, "2026-03-05T00:00", "2026-04-08T00:00", id="Los-Angeles-spring-forward"),
        pytest.param("last Friday", ANGELES, "2026-10-31T12:00", "2026-11-28T01:00", id="Los-Angeles-fall-back"),
    ],
)
def test_the_local_time_stays_when_the_clocks_change(text: str, zone: ZoneInfo, now: str, then: str) -> None:
    found = coming(text, datetime.fromisoformat(now).replace(tzinfo=UTC), zone=zone)
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)
    assert found.tzinfo is UTC
    assert found.astimezone(zone).time() == FIVE


def test_a_call_that_begins_now_is_not_the_next() -> None:
    now = datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert coming("every Monday", now - timedelta(seconds=1), zone=ZoneInfo("UTC")) == now
    assert coming("every Monday", now, zone=ZoneInfo("UTC")) == now + timedelta(days=7)


def test_the_day_is_that_of_the_call_and_not_that_of_utc() -> None:
    now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # in Los Angeles it is still Monday
    assert coming("every Monday", now, zone=ANGELES) == datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_days_that_are_skipped_are_left_out() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    skip = [date(2026, 12, 25), date(2027, 1, 1)]
    found = Recurrence.parse("every Friday").next_after(now, at=FIVE, zone=BERLIN, skip=[date(2026, 12, 4), *skip])
    assert found == datetime(2026, 12, 11, 16, tzinfo=UTC)
    found = Recurrence.parse("last Friday").next_after(now, at=FIVE, zone=BERLIN, skip=skip)
    assert found == datetime(2027, 1, 29, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["every Monday", "1st Monday", "1st, 2nd, 3rd, 4th and last Monday"])
def test_two_years_ahead_are_searched_and_not_more(text: str) -> None:
    now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    days = [now.date() + timedelta(days=n) for n in range(730)]
    rule = Recurrence.parse(text)
    last = max(day for day in days if fits(text, day))
    found = rule.next_after(now, at=FIVE, zone=BERLIN, skip=set(days) - {last})
    assert found is not None
    assert found.astimezone(BERLIN).date() == last
    longer = {now.date() + timedelta(days=n) for n in range(740)}
    assert rule.next_after(now, at=FIVE, zone=BERLIN, skip=longer) is None


@st.composite
def phrases(draw: st.DrawFn) -> str:
    numbers = draw(st.lists(st.sampled_from(list(ORDINALS)), unique=True, max_size=5))
    *some, last = numbers or ["every"]
    return f"{', '.join(some)}{' and ' if some else ''}{last} {draw(st.sampled_from(DAYS))}"


@slowly(deadline=None)
@given(
    text=phrases(),
    now=st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    skipped=st.sets(st.integers(0, 60), max_size=20),
)
def test_it_is_the_first_after_now_that_fits(
    text: str, now: datetime, at: time, zone: ZoneInfo, skipped: set[int]
) -> None:
    today = now.astimezone(zone).date()
    skip = {today + timedelta(days=n) for n in skipped}
    found = Recurrence.parse(text).next_after(now, at=at, zone=zone, skip=skip)
    days = [today + timedelta(days=n) for n in range(-2, 130)]
    moments = [datetime.combine(day, at, zone).astimezone(UTC) for day in days if fits(text, day) and day not in skip]
    assert found is not None
    assert found > now
    assert found == min(moment for moment in moments if moment > now)


def coming(text: str, now: datetime, *, zone: ZoneInfo) -> datetime:
    found = Recurrence.parse(text).next_after(now, at=FIVE, zone=zone)
    assert found is not None
    return found


def fits(text: str, day: date) -> bool:
    """The same, thought out another way: by counting from the month's beginning and from its end."""
    which, _, name = text.rpartition(" ")
    from_end = (monthrange(day.year, day.month)[1] - day.day) // 7 + 1
    numbers = [
        ORDINALS.get(word, 0) or int(word[0]) for word in which.replace(",", "").split() if word not in {"and", "every"}
    ]
    return day.weekday() == DAYS.index(name) and (
        not numbers or (day.day - 1) // 7 + 1 in numbers or (-1 in numbers and from_end == 1)
    )
