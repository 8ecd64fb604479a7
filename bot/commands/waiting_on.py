"""`/waiting-on team`: whom a thread waits for, read from what stands behind the command. `auto`: what is derived counts
again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.commands.until import plain
from bot.model import ThreadKind
from bot.waiting import On

NAME: Final = "waiting-on"

_SMALL: Final = frozenset({"a", "an", "the", "its", "for"})
_WORDS: Final[dict[str, On | None]] = {
    "team": On.TEAM,
    "author": On.AUTHOR,
    "review": On.REVIEW,
    "decision": On.DECISION,
    "nobody": On.NOBODY,
    "auto": None,
}


class Why(StrEnum):
    """What is wrong with it; the message says it in words."""

    WHOM = "whom"  # it names nobody, or somebody else
    REVIEW = "review"  # there is nothing to review


@dataclass(frozen=True, slots=True)
class Wish:
    """`on` None: it is to be derived again."""

    on: On | None


@dataclass(frozen=True, slots=True)
class Mistake:
    why: Why


def read(args: str, kind: ThreadKind) -> Wish | Mistake:
    """`args` is what stands behind `/waiting-on` in a thread of that kind."""
    name = " ".join(word for word in plain(args).split() if word not in _SMALL)
    if name not in _WORDS:
        return Mistake(Why.WHOM)
    if _WORDS[name] is On.REVIEW and kind is not ThreadKind.PULL_REQUEST:
        return Mistake(Why.REVIEW)
    return Wish(_WORDS[name])
