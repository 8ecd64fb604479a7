"""Learns weights from issues whose level people told, and says by cross-validation what that is worth.

Three ways are compared: the weights set by hand as they are, weights that are learned from these issues alone, and
both: the score by hand is one more thing that is seen, of which learning finds how far to trust it and where not.

Learning is multinomial logistic regression with an L2 penalty. It needs scikit-learn, which is not installed by
default; what is learned comes out as plain weights, one for each thing seen and each level, so suggesting needs no
library.
"""

import importlib
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.levelling.areas import shipped
from bot.levelling.score import EVERY, Rung, Weights, features_of, hand_set
from bot.policy import Levels
from bot.rating.lines import Issue
from bot.rating.measuring import Measured, Pairs, dealt, measured, spread

TIMES: Final = 5  # that the folds are dealt
_BY_HAND: Final = "set by hand"
_PENALTIES: Final = (0.1, 0.3, 1.0)  # of scikit-learn's C: the smaller, the less is learned
_FEWEST: Final = 2  # issues of each level

Row = list[float]


class CannotTrain(Exception):
    """Why nothing can be learned here."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to weights, and how it did on issues that it had not seen."""

    name: str
    found: Measured
    mean: float  # of the accuracies of the folds, and how far they lie apart
    deviation: float


@dataclass(frozen=True, slots=True)
class Trained:
    ways: tuple[Way, ...]
    best: str
    weights: Weights
    issues: int
    folds: int

    def as_json(self) -> str:
        told = {
            "weights": self.weights,
            "about": {
                "way": self.best,
                "issues": self.issues,
                "folds": self.folds,
                "times": TIMES,
                "ways": {
                    way.name: {"accuracy": round(way.found.accuracy, 3), "macro_f1": round(way.found.macro_f1, 3)}
                    for way in self.ways
                },
            },
        }
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def train(issues: Sequence[Issue], levels: Levels, folds: int) -> Trained:
    """The weights of the way that did best, by macro-F1; where two do alike, of the plainer one. Raises CannotTrain."""
    known = [issue for issue in issues if issue.level is not None]
    counts = Counter(issue.level for issue in known)
    if few := [rung for rung in Rung if counts[rung] < _FEWEST]:
        raise CannotTrain(f"there must be at least {_FEWEST} issues of each level: there are too few {', '.join(few)}")
    if folds > len(known):
        raise CannotTrain(f"{len(known)} issues cannot be dealt into {folds} folds")
    ground = shipped()
    seen = [features_of(issue.seen(levels), ground) for issue in known]
    said = [rung for issue in known if (rung := issue.level) is not None]
    learn = _library()
    ways: dict[str, Callable[[list[list[str]], list[Rung]], Weights]] = {_BY_HAND: lambda _seen, _said: hand_set()}
    for penalty in _PENALTIES:
        ways[f"learned, C={penalty:g}"] = partial(_learned, learn=learn, penalty=penalty, by_hand=0.0)
    for penalty in _PENALTIES:
        ways[f"both, C={penalty:g}"] = partial(_learned, learn=learn, penalty=penalty, by_hand=3.0)
    tried: list[Way] = []
    for name, way in ways.items():
        times: list[Pairs] = []
        parts: list[Pairs] = []
        for time in range(TIMES):
            told: list[tuple[str, str]] = []
            for held_out in dealt(known, folds, time):
                rest = sorted(set(range(len(known))) - set(held_out))
                weights = way([seen[place] for place in rest], [said[place] for place in rest])
                part = [(str(said[place]), str(_best(seen[place], weights))) for place in held_out]
                parts.append(part)
                told += part
            times.append(told)
        tried.append(Way(name, measured([pair for told in times for pair in told]), *spread(parts)))
    best = max(tried, key=lambda one: (round(one.found.macro_f1, 3), -tried.index(one)))
    return Trained(tuple(tried), best.name, ways[best.name](seen, said), len(known), folds)


def _best(seen: Sequence[str], weights: Weights) -> Rung:
    sums = {rung: sum(weights.get(name, {}).get(rung, 0.0) for name in (EVERY, *seen)) for rung in Rung}
    return max(sums, key=lambda rung: sums[rung])


def _learned(
    seen: list[list[str]], said: list[Rung], *, learn: Callable[..., Any], penalty: float, by_hand: float
) -> Weights:
    """Weights that fit what was said. `by_hand`: how strongly the score by hand stands among the things seen."""
    prior = hand_set()
    names = sorted({name for one in seen for name in one})
    rows = [_row(one, names, prior, by_hand) for one in seen]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it did not converge to the last digit
        fitted = learn(C=penalty, max_iter=1000).fit(rows, [str(rung) for rung in said])
    order = [Rung(name) for name in fitted.classes_]
    weights: dict[str, dict[str, float]] = {EVERY: {}}
    for rung, of, base in zip(order, fitted.coef_, fitted.intercept_, strict=True):
        scores, own = of[: len(Rung)], of[len(Rung) :]

        def from_hand(name: str, scores: Any = scores) -> float:
            # The score by hand is a sum over the same things, so what is learned of it comes down to them.
            return by_hand * sum(
                float(worth) * prior.get(name, {}).get(each, 0.0) for each, worth in zip(Rung, scores, strict=True)
            )

        weights[EVERY][rung] = round(float(base) + from_hand(EVERY), 4)
        learned = dict(zip(names, map(float, own), strict=True))
        for name in {*names, *(prior if by_hand else ())} - {EVERY}:
            weights.setdefault(name, {})[rung] = round(learned.get(name, 0.0) + from_hand(name), 4)
    return dict(sorted(weights.items()))


def _row(seen: Sequence[str], names: Sequence[str], prior: Weights, by_hand: float) -> Row:
    sums = [by_hand * sum(prior.get(name, {}).get(rung, 0.0) for name in (EVERY, *seen)) for rung in Rung]
    return sums + [float(name in seen) for name in names]


def _library() -> Callable[..., Any]:
    try:
        found: Callable[..., Any] = importlib.import_module("sklearn.linear_model").LogisticRegression
    except ImportError:
        raise CannotTrain(
            "learning needs scikit-learn, which is not installed: pip install 'switchback[train]', "
            "in a checkout pip install -e '.[train]'"
        ) from None
    return found


def lines(trained: Trained) -> Iterator[str]:
    yield (
        f"{trained.issues} issues, {trained.folds} folds, dealt {TIMES} times; "
        "each issue is judged by what was learned without it"
    )
    wide = max(len(way.name) for way in trained.ways)
    yield f"  {'way':<{wide}}  accuracy  macro-F1  folds lie apart by"
    for way in trained.ways:
        yield f"  {way.name:<{wide}}  {way.found.accuracy:>8.1%}  {way.found.macro_f1:>8.2f}  {way.deviation:.1%}"
    yield f"best: {trained.best}"
