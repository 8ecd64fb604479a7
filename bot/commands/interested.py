"""`/interested`, `/interested documentation, auth`, `/interested off`: read from the words behind the command.

An area may be called by its name or by one of its labels. Names may have blanks, so commas tell them apart; where that
gives no area the blanks do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.policy import Area

NAME: Final = "interested"

_POLITE: Final = re.compile(r"[ .,!]*(?:\b(?:please|thanks|thank you|thx))?[ .,!]*$")
_FIRST: Final = re.compile(r"^(?:in|about)\s+")


@dataclass(frozen=True, slots=True)
class Off:
    """They would not like to hear of issues any more."""


@dataclass(frozen=True, slots=True)
class In:
    """The names of areas; none: all."""

    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """It names something that is no area."""


def read(args: str, areas: Sequence[Area]) -> Off | In | Unknown:
    said = _FIRST.sub("", _POLITE.sub("", " ".join(args.casefold().split())))
    if said in {"off", "no", "stop"}:
        return Off()
    if said in {"", "on", "all", "anything", "everything"}:
        return In(())
    known = dict(_known(areas))
    by_commas = [piece.strip() for piece in re.split(r"[,;&]|\band\b", said)]
    for pieces in (by_commas, re.split(r"[\s,;&]+", said)):
        wanted = [piece for piece in pieces if piece]
        if wanted and all(piece in known for piece in wanted):
            return In(tuple(dict.fromkeys(known[piece] for piece in wanted)))
    return Unknown()


def _known(areas: Sequence[Area]) -> Iterator[tuple[str, str]]:
    """Names come last: they count before labels that are called the same."""
    yield from ((label.casefold(), area.name) for area in areas for label in area.labels)
    yield from ((area.name.casefold(), area.name) for area in areas)
