"""`/check-ins off`: how somebody wants to be asked in check-ins, read from the words behind the command."""

from dataclasses import dataclass
from typing import Final

from bot.commands import until

NAME: Final = "check-ins"

_UNREADABLE: Final = "?"  # what is kept of words that nobody understands


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`asked`: whether they may be asked, `together`: in one issue with others. None: as before."""

    asked: bool | None = None
    together: bool | None = None


# Who wants to be asked together, or alone, wants to be asked.
_WISHES: Final = {
    "off": Wish(asked=False),
    "on": Wish(asked=True),
    "together": Wish(asked=True, together=True),
    "alone": Wish(asked=True, together=False),
}


def read(args: str) -> Wish | None:
    """None: it cannot be understood. Without words it is an empty wish: to see how it is."""
    words = until.plain(args)
    return _WISHES.get(words) if words else Wish()


def usable(words: str) -> str:
    """No more of plain words than can be used."""
    return words if not words or words in _WISHES else _UNREADABLE
