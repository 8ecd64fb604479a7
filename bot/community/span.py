"""Which time a community digest is about."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.recurrence import Recurrence

MONTHS: Final = 6  # that the pictures show

_AT: Final = time(6)  # UTC
_BACK: Final = timedelta(days=140)  # within which there are two such days, however rare they are


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` to before `until`."""

    since: datetime
    until: datetime

    def months(self) -> list[datetime]:
        """The last whole months of the calendar that are over by its end, each by its first instant, and behind them
        the instant at which the last one ends."""
        last = month_of(self.until)
        return [_shifted(last, -number) for number in range(MONTHS, -1, -1)]


def latest(when: str, now: datetime) -> tuple[Span, datetime]:
    """What the latest digest is about that was due by now, and when the next one is due."""
    days, zone = Recurrence.parse(when), ZoneInfo("UTC")
    at = datetime.combine((now - _BACK).date(), _AT, UTC)
    due = [at]
    while due[-1] <= now:
        at = due[-1]
        due.append(days.next_after(at, at=_AT, zone=zone) or now + timedelta(days=1))
    return Span(due[-3], due[-2]), due[-1]


def calendar_month(first: datetime) -> Span:
    """The month that begins so."""
    return Span(first, _shifted(first, 1))


def month_of(at: datetime) -> datetime:
    """The first instant of its month."""
    return datetime(at.year, at.month, 1, tzinfo=UTC)


def last_month(now: datetime) -> datetime:
    """The first instant of the month before this one."""
    return _shifted(month_of(now), -1)


def _shifted(month: datetime, by: int) -> datetime:
    years, index = divmod(month.month - 1 + by, 12)
    return datetime(month.year + years, index + 1, 1, tzinfo=UTC)
