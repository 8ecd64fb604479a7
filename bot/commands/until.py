"""How long something is to last, as people write it: `2 weeks`, `for 12 hours`, `a day`, `until 2026-12-24`."""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

LONGEST: Final = timedelta(weeks=26)

_UNITS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_LENGTH: Final = re.compile(r"(?:for )?([0-9]{1,5}|an?|one) (hour|day|week)s?")
_DAY: Final = re.compile(r"(?:until )?([0-9]{4}-[0-9]{2}-[0-9]{2})")
_POLITE: Final = re.compile(r"[ .,!]*(?:\b(?:please|thanks|thank you|thx))?[ .,!]*$")


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    DURATION = "duration"  # it does not say for how long
    PAST = "past"  # that day is over
    LONG = "long"  # longer than it may be


def plain(args: str) -> str:
    """What stands behind a command, in lower case, without what is only polite."""
    return _POLITE.sub("", " ".join(args.lower().split()))


def is_time(words: str) -> bool:
    """Whether plain words tell how long something lasts, or until when; there may be no such day."""
    return bool(_LENGTH.fullmatch(words) or _DAY.fullmatch(words))


def read(words: str, now: datetime, *, longest: timedelta = LONGEST) -> datetime | Wrong:
    """`words` are plain, and written at `now`: durations count from then, and days are UTC's."""
    until = _end(words, now)
    if until is None:
        return Wrong.DURATION
    if until <= now:
        return Wrong.PAST
    return until if until - now <= longest else Wrong.LONG


def _end(words: str, now: datetime) -> datetime | None:
    if length := _LENGTH.fullmatch(words):
        many = int(length[1]) if length[1].isdigit() else 1
        return now + many * _UNITS[length[2]]
    if day := _DAY.fullmatch(words):
        try:
            return datetime.combine(date.fromisoformat(day[1]), time(), UTC)
        except ValueError:  # there is no such day
            return None
    return None
