"""Weighs what is seen of an issue: suggests its level and its area, says how sure it is, and why.

The score is a sum, one weight for each thing seen and each level, so that what speaks for a suggestion can be told. The
weights are in `config/levels.json`; docs/levels.md tells where they come from.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from bot.levelling.areas import Ground, area_of, shipped
from bot.levelling.reasons import LABELLED, SIMILAR, Reason
from bot.levelling.vocabulary import LABELS, SEEN, TOGETHER, TRAITS
from bot.model import Came, Level
from bot.shipped import LEVELS

SURE: Final = 0.6  # above it about three of four are right: docs/levels.md
EVERY: Final = "every issue"  # what a level has ahead of the others before anything is seen
_ENOUGH_SIMILAR: Final = 3
_MOST_REASONS: Final = 3
_SAYS_LITTLE: Final = 0.1
_SMALL: Final = (2, 40)  # files, lines
_LARGE: Final = (8, 300)
_OFTEN: Final = 0.4  # of the similar ones, by newcomers

Weights = Mapping[str, Mapping[str, float]]  # by what is seen, and by level


class Rung(StrEnum):
    """Where an issue stands: on one of the levels, or not yet on any."""

    STARTER = "starter"
    MEDIUM = "medium"
    ADVANCED = "advanced"
    NEEDS_INFO = "needs-info"
    QUESTION = "question"

    @property
    def level(self) -> Level | None:
        return Level(self.value) if self.value in set(Level) else None


@dataclass(frozen=True, slots=True)
class Similar:
    """What memory knows of closed issues of the same area or with the same labels: how many there are, the medians of
    the pull requests that closed them, and the share (0 to 1) that newcomers did."""

    issues: int
    files: float
    lines: float
    by_newcomers: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of an issue. `candidates`: areas that memory offers, by paths or by other issues. `labelled`: the
    level that its labels tell: a person said so."""

    traits: frozenset[str]
    labels: frozenset[str] = frozenset()
    repo: str = ""  # its full name, or only the name
    came: Came = Came.UNKNOWN
    candidates: tuple[str, ...] = ()
    similar: Similar | None = None
    labelled: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`level` is None where it abstains. `confidence`, 0 to 1, is of the best guess all the same."""

    level: Rung | None
    area: str | None
    confidence: float
    why: tuple[Reason, ...]


@cache
def hand_set() -> Weights:
    """The shipped weights: what people thought when they made the traits."""
    told: Weights = json.loads(LEVELS.read_text("utf-8"))["by_hand"]
    return told


def suggest(
    seen: Seen, *, abstain_below: float = SURE, ground: Ground | None = None, weights: Weights | None = None
) -> Suggestion:
    """The level and the area that fit best. `abstain_below` 0: always the best guess."""
    ground = shipped() if ground is None else ground
    area = area_of(
        traits=seen.traits, labels=seen.labels, repo=seen.repo, candidates=seen.candidates, areas=ground.areas
    )
    if seen.labelled is not None:
        why = (Reason(name=LABELLED, level=seen.labelled.value),)
        return Suggestion(level=Rung(seen.labelled), area=area, confidence=1.0, why=why)
    weights = hand_set() if weights is None else weights
    features = [name for name in features_of(seen, ground) if name in weights]
    sums = {rung: sum(weights.get(name, {}).get(rung, 0.0) for name in (EVERY, *features)) for rung in Rung}
    best = max(sums, key=lambda rung: sums[rung])
    confidence = 1 / sum(math.exp(other - sums[best]) for other in sums.values())
    return Suggestion(
        level=best if confidence >= abstain_below else None,
        area=area,
        confidence=confidence,
        why=_reasons(best, features, weights, seen.similar),
    )


def features_of(seen: Seen, ground: Ground) -> list[str]:
    """What the score weighs, by name, in an order that does not change."""
    labels = {kind for label in seen.labels if (kind := _kind_of(label))}
    places = [f"place:{kind}" for kind in ground.kinds_of(seen.repo)]
    alone = [
        *sorted(name for name in seen.traits if name in TRAITS),
        *sorted(f"label:{kind}" for kind in labels),
        *(name for name in (f"came:{seen.came}", *places) if name in SEEN),
        *(f"similar:{kind}" for kind in _size_of(seen.similar)),
    ]
    shown = {*alone, *(("area",) if any(name.startswith("area:") for name in seen.traits) else ())}
    together = (
        name for name, one in TOGETHER.items() if all(shown & some for some in one.some) and not shown & one.without
    )
    return [*alone, *together]


def _kind_of(label: str) -> str | None:
    """What a label means, whatever an organisation puts around it: «kind/bug», «type: bug 🐛», «¡bug!»."""
    words = "".join(char if char.isalnum() else " " for char in label.casefold()).split()
    text = f" {' '.join(words)} "
    return next((kind for kind, signs in LABELS.items() if any(f" {sign} " in text for sign in signs)), None)


def _size_of(similar: Similar | None) -> Iterator[str]:
    if similar is None or similar.issues < _ENOUGH_SIMILAR:
        return
    if similar.files <= _SMALL[0] and similar.lines <= _SMALL[1]:
        yield "small"
    elif similar.files > _LARGE[0] or similar.lines > _LARGE[1]:
        yield "large"
    else:
        yield "middling"
    if similar.by_newcomers >= _OFTEN:
        yield "newcomers"


def _reasons(best: Rung, features: list[str], weights: Weights, similar: Similar | None) -> tuple[Reason, ...]:
    """What raised the level above the mean of all, most first. What tells more than a trait stands in its place."""

    def speaks(name: str) -> float:
        of = weights[name]
        return of.get(best, 0.0) - sum(of.get(rung, 0.0) for rung in Rung) / len(Rung)

    heavy = sorted((name for name in features if speaks(name) > _SAYS_LITTLE), key=lambda name: -speaks(name))
    told: list[Reason] = []
    covered: set[str] = set()
    for name in heavy:
        if name not in covered and len(told) < _MOST_REASONS:
            told.append(_reason(name, similar))
            if name in TOGETHER:
                covered |= TOGETHER[name].some[0]
    return tuple(told)


def _reason(name: str, similar: Similar | None) -> Reason:
    if similar is not None and name in {"similar:small", "similar:middling", "similar:large"}:
        return Reason(name=SIMILAR, files=similar.files, lines=similar.lines)
    return Reason(name=name)
