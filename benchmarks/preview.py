"""What a configuration would have posted in an organisation over the last 30 days, from its memory.

Set against it is the same over all the ten years that the organisation is old.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import organisation
from benchmarks.organisation import OWNER, Size
from benchmarks.report import Line, milliseconds
from bot.inforce import InForce, all_on
from bot.memory.store import Store
from bot.preview import Preview, Sight, preview

_SIZE: Final = Size(threads=30_000, open=6_000, repos=60, people=4_000, answers=5, steps=3)
_WINDOW: Final = timedelta(days=30)
_YEARS: Final = timedelta(days=3652)
_RUNS: Final = 5
_AIM: Final = 2.0  # seconds


def measure(tell: Callable[[str], None], size: Size = _SIZE) -> list[Line]:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        file = Path(folder, "switchback.db")
        organisation.make(file, size, now)
        store = Store(f"sqlite:///{file}")
        try:
            told, _ = _shown(store, now, _WINDOW)
            window = median(_shown(store, now, _WINDOW)[1] for _ in range(_RUNS))
            whole = _shown(store, now, _YEARS)[1]
        finally:
            store.close()
    tell(f"previewed {_RUNS} times: {len(told.posts)} comments")
    what = f"preview: {_WINDOW.days} days of {size.repos} repositories, {size.threads:,} threads"
    return [
        Line(
            what=what, ours=milliseconds(window), theirs=f"ten years of them: {milliseconds(whole)}",
            ratio=window / whole, aim=f"under {_AIM:.0f} s", met=window < _AIM,
        )
    ]  # fmt: skip


def _shown(store: Store, now: datetime, since: timedelta) -> tuple[Preview, float]:
    begun = time.perf_counter()
    told = store.read_now(
        lambda db: preview(db, OWNER, all_on(InForce()), now, since=since, repos=None, seen_from=Sight.OPERATOR)
    )
    return told, time.perf_counter() - begun
