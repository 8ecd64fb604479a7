"""How well it is noticed that somebody of the team fades, against silence alone, which is what most others go by.

The people are made up: each day they do something or not, by chance, at a rate that stays, falls to a trickle, or ends.
They are judged every Monday by the real rule. Who is asked answers that all is well. And how long it takes to read how
present a team is in a large organisation.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from sqlalchemy import Connection

from benchmarks import organisation
from benchmarks.organisation import BUSIEST, OWNER, Size
from benchmarks.report import Line
from bot import policyfile
from bot.memory.presence import presence_of
from bot.memory.store import Store
from bot.model import PersonId
from bot.presence import Asked, Month, Presence, month_of
from bot.rules.presence import signal
from bot.teampolicy import CheckIns

_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_RATES: Final = (1, 2, 4, 8)  # active days a month
_TRICKLE: Final = 0.4  # likewise
_PEOPLE: Final = 50  # of each rate
_YEARS: Final = 6
_BEFORE: Final = 2 * 365  # days until the rate changes
_MONTH: Final = 30.44  # days
_NEVER: Final = float("inf")
_MOST: Final = 0.01  # questions in a year to those who go on as ever, beside those for silence
_SIZE: Final = Size(threads=30_000, open=3_000, repos=50, people=2_000, answers=5, steps=2)
_TEAM: Final = 50
_RUNS: Final = 5
_AIM: Final = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class _Asks:
    """When somebody was asked, in days from the beginning, and why."""

    day: int
    because: str


def measure() -> list[Line]:
    ours, alone = policyfile.defaults().check_ins, policyfile.defaults().check_ins.model_copy(update={"decline": False})
    steady = [*_lives(lambda rate, _: rate)]
    fading = [*_lives(lambda rate, day: rate if day < _BEFORE else _TRICKLE)]
    ending = [*_lives(lambda rate, day: rate if day < _BEFORE else 0)]
    years = len(steady) * _YEARS
    declines = sum(one.because == "decline" for life in steady for one in _asked(life, ours)) / years
    both, silences = (sum(len(_asked(life, how)) for life in steady) / years for how in (ours, alone))
    return [
        Line(
            what="presence: questions in a year to whoever goes on as ever", ours=f"{both:.3f}",
            theirs=f"{silences:.3f} by silence alone", ratio=both / silences,
        ),
        Line(
            what="presence: of them for a decline", ours=f"{declines:.4f}", aim=f"under {_MOST}", met=declines < _MOST,
        ),
        _noticed("falls to a day in ten weeks", fading, ours, alone),
        _noticed("ends", ending, ours, alone),
        _read(),
    ]  # fmt: skip


def _noticed(how: str, lives: list[list[int]], ours: CheckIns, alone: CheckIns) -> Line:
    """Who was asked before the change may be again: what counts is the first time after it."""
    here, there = ([_delay(life, settings) for life in lives] for settings in (ours, alone))
    in_a_year = [sum(months <= 12 for months in delays) / len(lives) for delays in (here, there)]
    return Line(
        what=f"presence: months until somebody is asked whose activity {how}",
        ours=f"{median(here):.1f}, {in_a_year[0]:.0%} within a year",
        theirs=f"{median(there):.1f}, {in_a_year[1]:.0%} by silence alone",
        ratio=median(here) / median(there),
    )


def _delay(life: list[int], settings: CheckIns) -> float:
    days = [one.day for one in _asked(life, settings) if one.day >= _BEFORE]
    return (days[0] - _BEFORE) / _MONTH if days else _NEVER


def _lives(rate_on: Callable[[float, int], float]) -> Iterator[list[int]]:
    """The days on which each did something."""
    random = Random(1)  # noqa: S311 (the same people each time, no secret)
    for rate in _RATES:
        for _ in range(_PEOPLE):
            yield [day for day in range(_YEARS * 365) if random.random() < rate_on(rate, day) / _MONTH]


def _asked(life: list[int], settings: CheckIns) -> list[_Asks]:
    found, asked, seen = [], Asked(), Presence(first=_BEGIN, last=_BEGIN)
    months: dict[Month, int] = {}
    days = iter([*life, _YEARS * 365])
    next_ = next(days)
    for monday in range(5, _YEARS * 365, 7):
        now = _BEGIN + monday * _DAY
        while next_ < monday:
            at = _BEGIN + next_ * _DAY
            months[month_of(at)] = months.get(month_of(at), 0) + 1
            seen, next_ = replace(seen, last=at, months=months), next(days)
        told = signal(seen, asked, settings, now)
        if told is not None:
            found.append(_Asks(monday, told.because.value))
            asked = Asked(asked_at=now, answered_at=now, again_at=now + settings.again)
    return found


def _read() -> Line:
    now, policy = datetime.now(UTC), policyfile.defaults()
    team = [PersonId(BUSIEST + index) for index in range(_TEAM)]

    def read(db: Connection) -> int:
        return len(presence_of(db, OWNER, team, policy, now))

    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        file = Path(folder, "switchback.db")
        organisation.make(file, _SIZE, now)
        store = Store(f"sqlite:///{file}")
        try:
            whole = median(_seconds(lambda: store.read_now(read)) for _ in range(_RUNS))
        finally:
            store.close()
    return Line(
        what=f"presence: of {_TEAM} people, from {_SIZE.threads:,} threads with {_SIZE.answers} answers each",
        ours=f"{whole * 1e3:.0f} ms", aim=f"under {_AIM:.0f} s", met=whole < _AIM,
    )  # fmt: skip


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun
