"""Measures suggestions against what people say: how many are right, for which levels, and in how far by chance."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

from bot.rating.lines import Issue

Pairs = Sequence[tuple[str, str]]  # what people say, and what is suggested
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Measured:
    """`accuracy` and `macro_f1` are 0 to 1; the `baseline` is what always saying the most frequent one would reach.
    `confusion`: how often which is suggested, by what people say."""

    issues: int
    accuracy: float
    macro_f1: float
    baseline: float
    confusion: dict[str, dict[str, int]]


def measured(pairs: Pairs) -> Measured:
    confusion: dict[str, dict[str, int]] = {}
    for said, suggested in pairs:
        row = confusion.setdefault(said, {})
        row[suggested] = row.get(suggested, 0) + 1
    most = max(Counter(said for said, _ in pairs).values(), default=0)
    return Measured(
        issues=len(pairs),
        accuracy=accuracy(pairs),
        macro_f1=macro_f1(pairs),
        baseline=most / len(pairs) if pairs else 0.0,
        confusion=confusion,
    )


def accuracy(pairs: Pairs) -> float:
    return sum(said == suggested for said, suggested in pairs) / len(pairs) if pairs else 0.0


def macro_f1(pairs: Pairs) -> float:
    """The mean of the F1 scores of all that people say, each counting alike."""
    return fmean(_f1(pairs, name) for name in sorted({said for said, _ in pairs})) if pairs else 0.0


def _f1(pairs: Pairs, name: str) -> float:
    right = sum(said == suggested == name for said, suggested in pairs)
    either = sum(said == name for said, _ in pairs) + sum(suggested == name for _, suggested in pairs)
    return 2 * right / either if either else 0.0


def spread(parts: Sequence[Pairs]) -> tuple[float, float]:
    """The mean of the accuracies of the parts, and their standard deviation."""
    each = [accuracy(part) for part in parts if part]
    return (fmean(each), pstdev(each)) if each else (0.0, 0.0)


def dealt(issues: Sequence[Issue], folds: int, time: int) -> list[list[int]]:
    """Which issues are in which fold, by their places: every level is spread evenly, each time in another way, and the
    same way wherever it is done."""

    def shuffled(place: int) -> tuple[str, str]:
        issue = issues[place]
        mixed = hashlib.sha256(f"{time}/{issue.repo}#{issue.number}/{place}".encode()).hexdigest()
        return issue.level or "", mixed

    order = sorted(range(len(issues)), key=shuffled)
    return [order[fold::folds] for fold in range(folds)]


def lines(name: str, found: Measured) -> Iterator[str]:
    yield (
        f"{name}: {found.issues} issues, accuracy {found.accuracy:.1%}, macro-F1 {found.macro_f1:.2f} "
        f"(always the most frequent one: {found.baseline:.1%})"
    )
    names = sorted({*found.confusion, *(one for row in found.confusion.values() for one in row)})
    wide = max(map(len, (*names, "a person says")), default=0)
    yield f"  {'a person says':<{wide}}  {'  '.join(names)}"
    for said in names:
        counts = found.confusion.get(said, {})
        yield f"  {said:<{wide}}  " + "  ".join(f"{counts.get(one, 0):>{len(one)}}" for one in names)
