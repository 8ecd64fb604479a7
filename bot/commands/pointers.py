"""`/pointers`: which of the things that somebody needs to begin an issue are told in the lines below it.

A line tells one: `outcome: …`, `where: …`, `try: …`, `ask: @ada`. Only its name goes on, never the words; of `ask` the
login.
"""

import re
from collections.abc import Sequence
from typing import Final

NAME: Final = "pointers"

_FIELDS: Final = ("outcome", "where", "try", "ask")  # as in `readiness.needs`
_TASK: Final = r"(?:\[[ xX]\][ \t]+)?"
_LINE: Final = re.compile(rf"{_TASK}[*_`]*({'|'.join(_FIELDS)})[*_`]*[ \t]*:[*_`]*[ \t]*(\S.*)", re.IGNORECASE)
_LOGIN: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"
_ASKED: Final = re.compile(rf"({_LOGIN})[.,!]*|.*?(?<![\w@])@({_LOGIN})(?!\w).*")  # alone, or the first with its @


def fields(lines: Sequence[str]) -> str:
    """The names of those that are told, in their order, as a command's arguments: "outcome try ask=ada". Whom to ask
    counts only with a login."""
    found: dict[str, str] = {}
    for line in lines:
        if (match := _LINE.fullmatch(line.strip())) is None:
            continue
        name, told = match[1].lower(), match[2]
        if name != "ask":
            found[name] = name
        elif who := _ASKED.fullmatch(told.strip()):
            found[name] = f"ask={(who[1] or who[2]).lower()}"
    return " ".join(found[name] for name in _FIELDS if name in found)
