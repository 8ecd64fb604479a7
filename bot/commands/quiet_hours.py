"""`/quiet-hours …`: when somebody does not want to be mentioned: `19:00 to 09:00 Europe/Berlin`, `Europe/Berlin`,
`off`.

Upper and lower case are the same, and a blank may stand in the name of a time zone: `7 pm - 9 am america/new york`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.commands.until import plain

_TIME: Final = r"([0-9]{1,2})(?::([0-9]{2}))? ?([ap]m)?"
_HOURS: Final = re.compile(rf"(?:from )?{_TIME}(?: (?:to|till|until) | ?[-\N{{EN DASH}}] ?){_TIME}(?: (.*))?")
_NO_PLACES: Final = frozenset({"Factory", "localtime"})  # names that mean nothing, or something else on each machine


class Wrong(StrEnum):
    """What is wrong with it; the message says it in words."""

    ZONE = "zone"  # it names no time zone, or none that there is
    TIMES = "times"  # these are no two times of a day


@dataclass(frozen=True, slots=True)
class Hours:
    """No zone: at no time; no times: as the settings say."""

    zone: str | None = None
    begins: time | None = None
    ends: time | None = None


def read(args: str) -> Hours | Wrong:
    words = plain(args)
    if words == "off":
        return Hours()
    hours = _HOURS.fullmatch(words)
    if hours is None:
        return Wrong.TIMES if words[:1].isdigit() else _zoned(words)
    begins, ends = _time(*hours.group(1, 2, 3)), _time(*hours.group(4, 5, 6))
    if begins is None or ends is None or begins == ends:
        return Wrong.TIMES
    return _zoned(hours[7] or "", begins, ends)


def _zoned(words: str, begins: time | None = None, ends: time | None = None) -> Hours | Wrong:
    named = zone(words)
    return Wrong.ZONE if named is None else Hours(named, begins, ends)


def zone(words: str) -> str | None:
    """The time zone that plain words name; None: there is none of that name."""
    return _zones().get(words.removeprefix("in ").strip("()` ").replace(" ", "_"))


@cache
def _zones() -> Mapping[str, str]:
    """By their names in lower case."""
    return {zone.lower(): zone for zone in available_timezones() - _NO_PLACES}


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    """None: there is no such time. 12 am is midnight."""
    number = int(hour)
    if half is not None:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half == "pm" else 0)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None
