"""When something comes again, written as people write it: "1st and 3rd Tuesday", "every Monday", "last Friday".

Turned into dateutil's rules, at a local time of a time zone, so that a call stays at 17:00 there when the clocks
change.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

_DAYS: Final = {
    name: weekday(index)
    for index, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_ORDINALS: Final = {
    "1st": 1,
    "first": 1,
    "2nd": 2,
    "second": 2,
    "3rd": 3,
    "third": 3,
    "4th": 4,
    "fourth": 4,
    "last": -1,
}
_PHRASE: Final = re.compile(r"(?P<which>.+?)\s+(?P<day>\w+day)s?", re.IGNORECASE)
_AHEAD: Final = timedelta(days=731)
_HOW: Final = 'write it like "1st and 3rd Tuesday", "every Monday" or "last Friday"'


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Days of a month ("1st and 3rd Tuesday": 1 and 3) or, with no numbers, of every week."""

    day: weekday
    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Recurrence":
        """Raises ValueError, saying how to write it."""
        found = _PHRASE.fullmatch(text.strip())
        day = _DAYS.get(found["day"].lower()) if found else None
        if found is None or day is None:
            raise ValueError(_HOW)
        which = found["which"].lower()
        if which == "every":
            return cls(day, ())
        numbers = [_ORDINALS.get(word) for word in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", which)]
        if None in numbers:
            raise ValueError(_HOW)
        return cls(day, tuple(number for number in numbers if number is not None))

    def next_after(self, now: datetime, *, at: time, zone: ZoneInfo, skip: Collection[date] = ()) -> datetime | None:
        """The next time after `now` that is on none of the `skip` days, in UTC; None if there is none in two years."""
        local = now.astimezone(zone)
        start = datetime.combine(local.date(), at)
        if self.numbers:
            days = rrule(MONTHLY, dtstart=start, byweekday=[self.day(n) for n in self.numbers], until=start + _AHEAD)
        else:
            days = rrule(WEEKLY, dtstart=start, byweekday=self.day, until=start + _AHEAD)
        for day in days:
            moment = day.replace(tzinfo=zone).astimezone(UTC)
            if moment > now and day.date() not in skip:
                return moment
        return None
