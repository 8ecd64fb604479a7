"""A nightly sweep over an organisation: every open thread with its history and whose turn it is, and every repository.

It has nothing but a connection to the database, so it cannot ask GitHub. Set against it are the same threads recalled
one by one, as they are when there is news about them.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import Connection

from benchmarks import organisation
from benchmarks.organisation import OWNER, Size
from benchmarks.report import Line, milliseconds
from bot import policyfile
from bot.memory import overview, recall
from bot.memory.store import Store
from bot.model import ThreadRef
from bot.policy import Policy

_SIZE: Final = Size(threads=40_000, open=10_000, repos=100, people=4_000, answers=10, steps=3)
_RUNS: Final = 5
_ONE_IN: Final = 10  # of the threads is recalled by itself
_AIM: Final = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class _Swept:
    repos: int
    threads: list[ThreadRef]
    answers: int
    steps: int


def measure(tell: Callable[[str], None]) -> list[Line]:
    now, policy = datetime.now(UTC), policyfile.defaults()
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        file = Path(folder, "switchback.db")
        organisation.make(file, _SIZE, now)
        store = Store(f"sqlite:///{file}")
        try:
            swept = store.read_now(lambda db: _sweep(db, policy, now))
            whole = median(_seconds(store, lambda db: _sweep(db, policy, now)) for _ in range(_RUNS))
            some = swept.threads[::_ONE_IN]
            singly = _seconds(store, lambda db: _one_by_one(db, some, policy, now)) / len(some) * len(swept.threads)
        finally:
            store.close()
    tell(f"swept {swept.repos} repositories {_RUNS} times")
    told = f"{swept.repos} repositories, {len(swept.threads):,} open threads"
    return [
        Line(
            what=f"sweep: {told}", ours=milliseconds(whole), theirs=f"one by one: {milliseconds(singly)}",
            ratio=whole / singly, aim=f"under {_AIM:.0f} s", met=whole < _AIM,
        ),
        Line(
            what=f"sweep: calls to GitHub, for {swept.answers:,} answers and {swept.steps:,} steps in them",
            ours="0: it has only the database", aim="none", met=True,
        ),
    ]  # fmt: skip


def _sweep(db: Connection, policy: Policy, now: datetime) -> _Swept:
    """One snapshot for all of it."""
    threads: list[ThreadRef] = []
    answers = steps = 0
    overview.team(db, OWNER, policy)
    repos = overview.covered_repos(db, OWNER)
    for repo_id in repos:
        overview.repo_look(db, repo_id, policy, now)
        for one in overview.open_threads(db, repo_id, policy):
            threads.append(one.thread.ref)
            answers += len(one.thread.answers)
            steps += len(one.thread.history)
    return _Swept(len(repos), threads, answers, steps)


def _one_by_one(db: Connection, threads: list[ThreadRef], policy: Policy, now: datetime) -> None:
    for ref in threads:
        recall.thread_look(db, ref, now, bots=policy.people.bots, greeters=policy.welcome.other_greeters)


def _seconds(store: Store, work: Callable[[Connection], object]) -> float:
    begun = time.perf_counter()
    store.read_now(work)
    return time.perf_counter() - begun
