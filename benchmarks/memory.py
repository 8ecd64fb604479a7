"""What memory costs an organisation with very many threads: the file, the idle service, and the calls that matter.

Each is set against the same with a hundredth of the threads (the service: with none). What takes a hundred times as
long there reads all that there is. Of a person or a place memory reads what was done; nothing else may take longer.
"""

import tempfile
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import organisation, servers
from benchmarks.daily import FORGETTING, Call, calls
from benchmarks.deliveries import Sender
from benchmarks.organisation import Size
from benchmarks.processes import Server, started
from benchmarks.report import Line, megabytes, milliseconds
from benchmarks.scans import scanned
from bot.memory.store import Store

THREADS: Final = 1_000_000
_FEWER: Final = 100
_REPOS: Final = 200
_STARTS: Final = 3
_REST: Final = 2.0  # seconds after it is ready, before its memory counts
_RUNS: Final = 200
_PATIENCE: Final = 3.0  # seconds for the runs of one call


def measure(sender: Sender, threads: int, tell: Callable[[str], None]) -> list[Line]:
    """Raises ServerFailed."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as name:
        large, small, empty = (Path(name, which) for which in ("large", "small", "empty"))
        for folder in (large, small, empty):
            folder.mkdir()
        for folder, count in ((large, threads), (small, threads // _FEWER)):
            organisation.make(servers.database(folder), _size(count), now)
            tell(f"an organisation with {count:,} threads is made")
        size = servers.database(large).stat().st_size
        file = Line(
            what=f"memory: the file, {threads:,} threads",
            ours=megabytes(size),
            theirs=f"{size / threads:.0f} bytes each",
        )
        return [
            file,
            *_idle(sender, large, empty, threads),
            *_calls(servers.database(large), servers.database(small), now, threads),
        ]


def _size(threads: int) -> Size:
    return Size(
        threads=threads, open=threads * 3 // 100, repos=_REPOS, people=max(threads // 10, 1000), answers=2, steps=1
    )


def _idle(sender: Sender, large: Path, empty: Path, threads: int) -> list[Line]:
    _start(servers.switchback(sender, empty), empty)  # makes the tables
    starts = [[_start(servers.switchback(sender, folder), folder) for folder in (large, empty)] for _ in range(_STARTS)]
    (ready, resident), (ready_empty, resident_empty) = (
        (median(seconds for seconds, _ in one), median(size for _, size in one)) for one in zip(*starts, strict=True)
    )
    return [
        Line(
            what=f"memory: the idle service (RSS), {threads:,} threads", ours=megabytes(resident),
            theirs=f"no threads: {megabytes(resident_empty)}", ratio=resident / resident_empty,
        ),
        Line(
            what=f"memory: ready when started again, {threads:,} threads", ours=milliseconds(ready),
            theirs=f"no threads: {milliseconds(ready_empty)}", ratio=ready / ready_empty,
        ),
    ]  # fmt: skip


def _start(server: Server, folder: Path) -> tuple[float, int]:
    with started(server, folder / "log") as running:
        time.sleep(_REST)
        return running.ready_after, running.resident()


def _calls(large: Path, small: Path, now: datetime, threads: int) -> list[Line]:
    stores = [Store(f"sqlite:///{file}") for file in (large, small)]
    try:
        pairs = list(zip(*(calls(store, now) for store in stores), strict=True))
        lines = [_against(_seconds(many), _seconds(few), many, threads) for many, few in pairs]
        scans = {many.what: _scanned(stores[0], many) for many, _ in pairs}
    finally:
        for store in stores:
            store.close()
    forgetting = scans.pop(FORGETTING)
    return [
        *lines,
        Line(what=f"memory: tables read from end to end by {FORGETTING}", ours=_listed(forgetting)),
        Line(
            what="memory: tables read from end to end by all the others",
            ours=_listed({table for tables in scans.values() for table in tables}),
            aim="none", met=not any(scans.values()),
        ),
    ]  # fmt: skip


def _scanned(store: Store, call: Call) -> list[str]:
    call.prepare()
    return scanned(store, call.run)


def _seconds(call: Call) -> float:
    """The median of many runs."""
    times: list[float] = []
    while len(times) < min(_RUNS, call.most) and sum(times) < _PATIENCE:
        call.prepare()
        begun = time.perf_counter()
        call.run()
        times.append(time.perf_counter() - begun)
    return median(times)


def _against(many: float, few: float, call: Call, threads: int) -> Line:
    note = ", in proportion to what was done" if call.inherent else ""
    return Line(
        what=f"memory: {call.what}{note}", ours=milliseconds(many),
        theirs=f"{threads // _FEWER:,} threads: {milliseconds(few)}", ratio=many / few,
    )  # fmt: skip


def _listed(tables: Collection[str]) -> str:
    return ", ".join(sorted(tables)) or "none"
