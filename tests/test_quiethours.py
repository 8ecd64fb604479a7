"""Nights and weekends in people's own time zones, whatever the clocks do there."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiethours import QuietHours

ZONES: Final = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")
NIGHT: Final = QuietHours(ZoneInfo("Europe/Berlin"), time(20), time(8))
NOON: Final = QuietHours(ZoneInfo("Europe/Berlin"), time(12), time(14))
WEEKENDS: Final = QuietHours(ZoneInfo("Europe/Berlin"), time(8), time(8))
ANGELES: Final = QuietHours(ZoneInfo("America/Los_Angeles"), time(20), time(8))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# 2026-11-23 is a Monday; Berlin is an hour ahead of UTC in winter, and two in summer.
@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        pytest.param(NIGHT, "2026-11-24 12:00", None, id="by day"),
        pytest.param(NIGHT, "2026-11-24 18:59", None, id="just before the evening"),
        pytest.param(NIGHT, "2026-11-24 19:00", "2026-11-25 07:00", id="in the evening"),
        pytest.param(NIGHT, "2026-11-24 23:30", "2026-11-25 07:00", id="after midnight"),
        pytest.param(NIGHT, "2026-11-25 06:59", "2026-11-25 07:00", id="in the morning"),
        pytest.param(NIGHT, "2026-11-25 07:00", None, id="when the morning has come"),
        pytest.param(NIGHT, "2026-07-07 18:00", "2026-07-08 06:00", id="an evening in summer"),
        pytest.param(NIGHT, "2026-11-27 19:00", "2026-11-30 07:00", id="a Friday's evening"),
        pytest.param(NIGHT, "2026-11-28 12:00", "2026-11-30 07:00", id="a Saturday"),
        pytest.param(NIGHT, "2026-11-29 22:59", "2026-11-30 07:00", id="a Sunday"),
        pytest.param(NIGHT, "2026-03-28 12:00", "2026-03-30 06:00", id="the weekend on which summer time begins"),
        pytest.param(NIGHT, "2026-10-24 12:00", "2026-10-26 07:00", id="the weekend on which it ends"),
        pytest.param(NOON, "2026-11-24 11:30", "2026-11-24 13:00", id="hours within a day"),
        pytest.param(NOON, "2026-11-24 22:00", None, id="out of such hours"),
        pytest.param(NOON, "2026-11-29 22:00", "2026-11-29 23:00", id="a weekend without a night after it"),
        pytest.param(WEEKENDS, "2026-11-24 23:30", None, id="no hours at all"),
        pytest.param(WEEKENDS, "2026-11-27 23:00", "2026-11-29 23:00", id="no hours, but a weekend"),
        pytest.param(ANGELES, "2026-11-24 12:00", "2026-11-24 16:00", id="night there, noon here"),
        pytest.param(ANGELES, "2026-11-28 02:00", None, id="a Saturday here, still Friday there"),
    ],
)
def test_when_it_is_quiet_and_for_how_long(hours: QuietHours, now: str, end: str | None) -> None:
    assert hours.has(at(now)) is (end is not None)
    if end is not None:
        assert hours.end(at(now)) == at(end)


@pytest.mark.parametrize(
    ("ends", "now", "end"),
    [
        # Cairo's clocks skip the hour after midnight on Friday, 2026-04-24 (22:00 UTC of the day before).
        pytest.param(time(0, 30), "2026-04-23 21:00", "2026-04-23 22:00", id="a time that is not there"),
        # They show the last hour of Thursday, 2026-10-29, twice: 20:00 to 21:00 UTC, and again until 22:00.
        pytest.param(time(23, 30), "2026-10-29 20:15", "2026-10-29 20:30", id="a time that is there twice"),
        pytest.param(time(23, 30), "2026-10-29 21:15", "2026-10-29 21:30", id="the second of both"),
    ],
)
def test_the_hour_in_which_the_clocks_change(ends: time, now: str, end: str) -> None:
    hours = QuietHours(ZoneInfo("Africa/Cairo"), time(22), ends)
    assert hours.has(at(now))
    found = hours.end(at(now))
    assert not hours.has(found)
    assert found == at(end)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    begins=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    ends=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (it adds UTC)
)
def test_it_ends_and_never_on_a_weekend(zone: ZoneInfo, begins: time, ends: time, now: datetime) -> None:
    hours = QuietHours(zone, begins, ends)
    if not hours.has(now):
        return
    end = hours.end(now)
    assert now < end <= now + timedelta(days=4)
    assert not hours.has(end)
    assert end.astimezone(zone).weekday() < 5
