"""`python -m bot level`: suggests levels for issues in a file, tells how good that is, learns from those of one's own.

The suggestions themselves are in `bot/levelling/`. docs/levels.md is the manual.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.levelling.score import Suggestion, Weights, suggest
from bot.policy import Policy
from bot.rating import telling, training
from bot.rating.lines import Issue, read
from bot.rating.measuring import NONE, lines, measured
from bot.rating.telling import Suggested, tell
from bot.rating.training import CannotTrain

__all__ = ["CannotTrain", "Told", "Wish", "rate", "tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for. `train`: where learned weights go; `weights`: such a file, used in place of the shipped."""

    as_json: bool = False
    abstain_below: float = 0.0
    evaluate: bool = False
    train: Path | None = None
    folds: int = 10
    weights: Path | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Lines to print, suggestions to show as a table, and what is wrong with what was given."""

    lines: tuple[str, ...] = ()
    suggested: Suggested = ()
    problems: tuple[str, ...] = ()


def rate(file: str, policy: Policy, wish: Wish) -> Told:
    """Raises CannotTrain."""
    try:
        issues, wrong = read(_bytes(file))
        weights = _weights(wish.weights) if wish.weights else None
    except _Unreadable as error:
        return Told(problems=(str(error),))
    problems = tuple(f"{file}, line {one.line}: {one.what}" for one in wrong)
    if wish.train:
        return Told(tuple(_trained(issues, policy, wish.train, wish.folds)), problems=problems)
    suggested = [
        (issue, suggest(issue.seen(policy.levels), abstain_below=wish.abstain_below, weights=weights))
        for issue in issues
    ]
    if wish.evaluate:
        return Told(tuple(_evaluated(suggested)), problems=problems)
    if wish.as_json:
        return Told(tuple(telling.as_json(suggested)), problems=problems)
    return Told(suggested=suggested, problems=problems)


class _Unreadable(Exception):
    """What cannot be read, and why."""


def _bytes(file: str) -> list[bytes]:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:  # a name with a NUL in it
        raise _Unreadable(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return data.split(b"\n")


def _weights(path: Path) -> Weights:
    try:
        told: Any = json.loads(path.read_bytes(), parse_constant=_no_number)
        return {name: {rung: float(worth) for rung, worth in of.items()} for name, of in told["weights"].items()}
    except OSError as error:
        raise _Unreadable(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _Unreadable(f"{path} holds no weights: let --train write it") from None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no weight")


def _trained(issues: list[Issue], policy: Policy, path: Path, folds: int) -> list[str]:
    trained = training.train(issues, policy.levels, folds)
    try:
        path.write_text(trained.as_json(), "utf-8")
    except OSError as error:
        raise CannotTrain(f"{path} cannot be written: {error.strerror}") from None
    return [*training.lines(trained), f"{path} is written"]


def _evaluated(suggested: list[tuple[Issue, Suggestion]]) -> list[str]:
    """What is told of levels, where it speaks, and of areas."""
    levels = [(str(issue.level), said) for issue, said in suggested if issue.level is not None]
    spoken = [(level, str(said.level)) for level, said in levels if said.level is not None]
    areas = [(issue.area, said.area or NONE) for issue, said in suggested if issue.area is not None]
    told = (
        [] if len(spoken) == len(levels) else [f"it abstains from {len(levels) - len(spoken)} of {len(levels)} issues"]
    )
    told += lines("level", measured(spoken)) if spoken else []
    told += lines("area", measured(areas)) if areas else []
    return told or ["no line has a level or an area to compare with"]
