"""`/budget …`: how often somebody wants to be mentioned at most: `1 per week`, `twice a day`, `none`, `usual`."""

import re
from dataclasses import dataclass
from typing import Final

from bot.commands.until import plain

_LIMIT: Final = re.compile(
    r"(?:at most )?([0-9]{1,3}|once|one|twice|two|three)(?: times?)?(?: ?/ ?| (?:per|an?|each|every|in a) )(day|week)"
)
_IN_WORDS: Final = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3}
_NONE: Final = frozenset({"none", "never", "0"})
_USUAL: Final = frozenset({"usual", "as usual", "default"})


@dataclass(frozen=True, slots=True)
class Budget:
    """None: as often as the settings say."""

    a_day: int | None = None
    a_week: int | None = None


def read(args: str) -> Budget | None:
    """None: it cannot be understood."""
    words = plain(args)
    if words in _NONE:
        return Budget(a_day=0, a_week=0)
    if words in _USUAL:
        return Budget()
    if (limit := _LIMIT.fullmatch(words)) is None:
        return None
    many = int(limit[1]) if limit[1].isdigit() else _IN_WORDS[limit[1]]
    return Budget(a_day=many) if limit[2] == "day" else Budget(a_week=many)
