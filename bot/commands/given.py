"""What a `/pointers` gives, from the words that the grammar makes of the lines below it: `outcome where ask=ada`.

The texts stay where they were written. Here are only the names of the lines that are filled in, and the login of whom
to ask.
"""

from dataclasses import dataclass
from typing import Final

NAME: Final = "pointers"
NEEDS: Final = ("outcome", "where", "try", "ask")
_ASK: Final = "ask"


@dataclass(frozen=True, slots=True)
class Given:
    """`ask`: whom to ask, by login in lower case; None: it names nobody."""

    names: tuple[str, ...]
    ask: str | None = None


def read(args: str) -> Given:
    found: dict[str, str] = {}
    for word in args.casefold().split():
        name, _, login = word.partition("=")
        found.setdefault(name, login)
    return Given(tuple(name for name in NEEDS if name in found), found.get(_ASK) or None)
