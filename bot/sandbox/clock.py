"""Time in the sandbox: aware UTC moments, GitHub's way of writing them, and a clock that one sets by hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def stamp(moment: datetime) -> str:
    """The moment as GitHub writes it: UTC, whole seconds, a Z at the end."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp_or_none(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


def http_date(moment: datetime) -> str:
    """The moment as HTTP's headers write it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def parse(text: str) -> datetime:
    """The moment that an ISO 8601 text or a bare date names, taken as UTC where it names no zone.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved. Call it for the time."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def forward(self, step: timedelta) -> datetime:
        """Moves the clock on by this much (never back) and gives the new time."""
        if step < timedelta(0):
            raise ValueError(f"a clock does not run backwards: {step}")
        self.at += step
        return self.at

    def set(self, moment: datetime) -> datetime:
        """Moves the clock on to this moment."""
        self.forward(moment - self.at)
        return self.at
