"""Which time a community digest is about."""

from datetime import UTC, datetime

import pytest

from bot.community.span import Span, calendar_month, last_month, latest

WHEN = pytest.mark.parametrize(
    ("when", "now", "since", "until", "coming"),
    [
        pytest.param("1st Monday", "2026-11-25", "2026-10-05", "2026-11-02", "2026-12-07", id="between"),
        pytest.param("1st Monday", "2026-12-07T06:00", "2026-11-02", "2026-12-07", "2027-01-04", id="on-its-day"),
        pytest.param("1st Monday", "2026-12-07T05:59", "2026-10-05", "2026-11-02", "2026-12-07", id="just-before"),
        pytest.param("last Friday", "2027-01-02", "2026-11-27", "2026-12-25", "2027-01-29", id="at-the-end"),
        pytest.param("1st and 3rd Tuesday", "2026-11-25", "2026-11-03", "2026-11-17", "2026-12-01", id="twice"),
        pytest.param("every Monday", "2026-11-25", "2026-11-16", "2026-11-23", "2026-11-30", id="weekly"),
    ],
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@WHEN
def test_it_is_about_the_time_since_the_last_such_day(when: str, now: str, since: str, until: str, coming: str) -> None:
    expected = Span(at(f"{since}T06:00"), at(f"{until}T06:00")), at(f"{coming}T06:00")
    assert latest(when, at(now)) == expected


def test_the_pictures_show_whole_months_that_are_over() -> None:
    months = [f"{month:%Y-%m}" for month in Span(at("2026-02-02T06:00"), at("2026-03-02T06:00")).months()]
    assert months == ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]


def test_a_month_of_the_calendar() -> None:
    assert last_month(at("2027-01-15T12:00")) == at("2026-12-01")
    december = calendar_month(at("2026-12-01"))
    assert december == Span(at("2026-12-01"), at("2027-01-01"))
    assert december.months()[-2] == december.since
