"""Counts the team's working days. Pure; days are UTC's, since a team has no time zone of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.triagepolicy import WEEKDAYS, WorkingTime

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Calendar:
    """`pauses`: times in which the bot was paused by maintainers; they do not count."""

    time: WorkingTime
    pauses: Sequence[Span] = ()

    def works(self, day: datetime) -> bool:
        """Whether the team works on the day of this instant."""
        date = day.date()
        if WEEKDAYS[date.weekday()] not in self.time.days or date in self.time.holidays:
            return False
        if any(one.has(date) for one in self.time.breaks):
            return False
        return not any(begin <= day < end for begin, end in self.pauses)

    def days(self, begin: datetime, end: datetime) -> int:
        """How many whole working days lie between two instants: a day counts if its hours after `begin` passed too."""
        count, at = 0, begin + timedelta(days=1)
        while at <= end:
            count += self.works(at)
            at += timedelta(days=1)
        return count
