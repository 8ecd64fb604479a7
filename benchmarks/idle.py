"""Memory of the idle service, and the time from its start until it is ready; beside it Probot's.

Ready is when Switchback answers 200 on /readyz, with its database made or opened, and Probot on /ping.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import servers
from benchmarks.deliveries import Sender
from benchmarks.processes import Server, started
from benchmarks.report import Line, megabytes, milliseconds

_STARTS: Final = 5
_REST: Final = 2.0  # seconds after it is ready, before its memory counts

Started = list[tuple[float, int]]  # seconds until ready, bytes when idle


def measure(sender: Sender, probot: Path, tell: Callable[[str], None]) -> list[Line]:
    """Raises ServerFailed."""
    first: Started = []
    again: Started = []
    theirs: Started = []
    for _ in range(_STARTS):
        with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as name:
            folder = Path(name)
            first.append(_start(servers.switchback(sender, folder), folder))
            again.append(_start(servers.switchback(sender, folder), folder))
            theirs.append(_start(servers.probot(sender, probot), folder))
    tell(f"{_STARTS} starts of each")
    other = f"Probot: {milliseconds(_ready(theirs))}"
    return [
        Line(
            what="memory when idle (RSS)", ours=megabytes(_resident(again)),
            theirs=f"Probot: {megabytes(_resident(theirs))}", ratio=_resident(again) / _resident(theirs),
        ),
        Line(
            what="ready, on a new database", ours=milliseconds(_ready(first)), theirs=other,
            ratio=_ready(first) / _ready(theirs),
        ),
        Line(
            what="ready, when started again", ours=milliseconds(_ready(again)), theirs=other,
            ratio=_ready(again) / _ready(theirs),
        ),
    ]  # fmt: skip


def _start(server: Server, folder: Path) -> tuple[float, int]:
    with started(server, folder / "log") as running:
        time.sleep(_REST)
        return running.ready_after, running.resident()


def _ready(starts: Started) -> float:
    return median(seconds for seconds, _ in starts)


def _resident(starts: Started) -> float:
    return median(size for _, size in starts)
