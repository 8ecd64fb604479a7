"""Counts the team's working days. Pure; days are UTC's, since a team has no time zone of its own.

A day counts if its hours have passed too: from Monday noon the first is over on Tuesday noon, if the team works on
Tuesday. It is the day on which it ends that has to be a working day. Weeks are counted by arithmetic, so that years
take no longer than a day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final, TypeVar

from bot.triagepolicy import WEEKDAYS, WorkingTime

Span = tuple[datetime, datetime]  # the second is not in it

_DAY: Final = timedelta(days=1)
_LAST: Final = date.max.toordinal()

_Place = TypeVar("_Place", int, datetime)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`pauses`: times in which the bot was paused by maintainers; they do not count."""

    time: WorkingTime
    pauses: Sequence[Span] = ()
    _days: "_Days" = field(init=False, repr=False, compare=False)
    _pauses: tuple[Span, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days", _Days.of(self.time))
        object.__setattr__(self, "_pauses", tuple(_apart(self.pauses)))

    def works(self, day: datetime) -> bool:
        """Whether the team works on the day of this instant, and the bot is not paused then."""
        return self._count(day.toordinal(), day.toordinal(), day) == 1

    def days(self, begin: datetime, end: datetime) -> int:
        """How many whole working days lie between two instants; 0 if the second is before the first."""
        today = begin.toordinal()
        return self._count(today + 1, today + (end - begin) // _DAY, begin)

    def add(self, begin: datetime, days: int) -> datetime:
        """When so many working days are over. The end of time, where a break or a pause has none."""
        if days < 1:
            return begin
        first = begin.toordinal() + 1
        found = first + bisect_left(range(first, _LAST), days, key=lambda last: self._count(first, last, begin))
        return datetime.combine(date.fromordinal(found), begin.timetz())

    def _count(self, first: int, last: int, clock: datetime) -> int:
        """Of the days from the first to the last, by their ordinals, those that count when it is as late as then."""
        if last < first:
            return 0
        count = self._days.until(last) - self._days.until(first - 1)
        for begin, end in self._pauses:
            since, until = max(first, _from(begin, clock)), min(last, _from(end, clock) - 1)
            if since <= until:
                count -= self._days.until(until) - self._days.until(since - 1)
        return count


@dataclass(frozen=True, slots=True)
class _Days:
    """Working days, counted from the first of all days, which was a Monday; days are told by their ordinals.

    `week`: how many there are in the first days of a week. The team is off from each of `off` until the same of `back`,
    which are apart and in order; the same of `missed` tells how many of its weekdays it was off before that.
    """

    week: tuple[int, ...]
    off: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()

    @classmethod
    def of(cls, worktime: WorkingTime) -> "_Days":
        works = [name in worktime.days for name in WEEKDAYS]
        days = cls(tuple(accumulate(works, initial=0)))
        breaks = [(one.first, one.last) for one in worktime.breaks] + [(day, day) for day in worktime.holidays]
        spans = _apart((first.toordinal(), last.toordinal() + 1) for first, last in breaks)
        lengths = (days.weekdays(back - 1) - days.weekdays(off - 1) for off, back in spans)
        off, back = tuple(off for off, _ in spans), tuple(back for _, back in spans)
        return cls(days.week, off, back, missed=tuple(accumulate(lengths, initial=0)))

    def until(self, day: int) -> int:
        """How many the team worked up to this one."""
        last = bisect_right(self.off, day) - 1
        if last < 0:
            return self.weekdays(day)
        in_it = self.weekdays(min(day, self.back[last] - 1)) - self.weekdays(self.off[last] - 1)
        return self.weekdays(day) - self.missed[last] - in_it

    def weekdays(self, day: int) -> int:
        """How many it works up to this one, but for holidays and breaks."""
        weeks, rest = divmod(day, len(WEEKDAYS))
        return weeks * self.week[-1] + self.week[rest]


def _from(begin: datetime, clock: datetime) -> int:
    """The first day on which it gets as late as that at this instant or after it."""
    return begin.toordinal() + (begin.timetz() > clock.timetz())


def _apart(spans: Iterable[tuple[_Place, _Place]]) -> list[tuple[_Place, _Place]]:
    """In order, those that overlap or touch as one; none that is empty."""
    apart: list[tuple[_Place, _Place]] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((begin, end))
    return apart
