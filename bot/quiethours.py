"""When somebody does not want to be mentioned: at night and on weekends, in their own time zone. Pure.

What counts is what a clock on their wall shows, so it is right on the days on which the clocks change too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_SATURDAY: Final = 5
_DAYS: Final = 5  # a weekend between two nights lasts less


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` until `ends`, over midnight if it has to be; the same time twice: no hours. And on weekends."""

    zone: ZoneInfo
    begins: time
    ends: time

    def has(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        at = local.time()
        if self.begins <= self.ends:
            quiet = self.begins <= at < self.ends
        else:
            quiet = at >= self.begins or at < self.ends
        return quiet or local.weekday() >= _SATURDAY

    def end(self, now: datetime) -> datetime:
        """When it is over, if it is quiet now."""
        today = now.astimezone(self.zone).date()
        ends = (
            datetime.combine(today + timedelta(days=day), at, self.zone).replace(fold=fold).astimezone(UTC)
            for day in range(_DAYS)
            for at in (time(), self.ends)
            for fold in (0, 1)  # an hour may be there twice, or not at all
        )
        return min(end for end in ends if end > now and not self.has(end))
