"""The boxes of a check-in's issue that somebody ticked. A hidden mark behind each item tells whose answer it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.commands.grammar import Command
from bot.model import PersonId


class Box(StrEnum):
    """What can be ticked, as the marks name it."""

    HERE = "still-here"
    BACK = "stepping-down"
    FOR_GOOD = "for-good"
    LATER = "ask-later"


@dataclass(frozen=True, slots=True, order=True)
class Tick:
    """`person`: whose answer it would be."""

    person: PersonId
    box: Box


_ITEM: Final = re.compile(
    rf"^ {{0,3}}[-*+] \[[xX]\] .*<!-- check-in:([0-9]{{1,18}}):({'|'.join(Box)}) -->\s*$", re.MULTILINE
)
_LONGEST: Final = 65_536  # GitHub's limit, in characters
_COMMANDS: Final = {
    Box.HERE: ("still-here", ""),
    Box.BACK: ("stepping-down", ""),
    Box.FOR_GOOD: ("stepping-down", "for good"),
    Box.LATER: ("ask-later", ""),
}


def mark(person: PersonId, box: Box) -> str:
    """What stands behind an item, unseen."""
    return f"<!-- check-in:{person}:{box} -->"


def new(before: str, now: str) -> list[Tick]:
    """What an edit ticked."""
    return sorted({*_ticked(now)} - {*_ticked(before)})


def _ticked(text: str) -> Iterator[Tick]:
    for person, box in _ITEM.findall(text[:_LONGEST]):
        yield Tick(PersonId(int(person)), Box(box))


def command(tick: Tick, *, by: PersonId, login: str) -> Command | None:
    """What it asks for, as if its writer had put the command there. That somebody else is here is a word for them; no
    other answer is anybody else's (None). `login`: of whose box it is."""
    if by == tick.person:
        name, args = _COMMANDS[tick.box]
        return Command(name, args, to="")
    return Command("vouch", f"@{login}", to="") if tick.box is Box.HERE else None
