"""How many events of a history a second `python -m bot replay` gets through.

The history is made up in the shape of a real organisation's: most people come once or twice, a few for years.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.report import Line
from bot import policyfile
from bot.replay import history, replay

_EVENTS: Final = 40_000
_RUNS: Final = 5
_AIM: Final = 20_000  # events a second
_REPOS: Final = 45
_PEOPLE: Final = 900
_BOTS: Final = 10
_BEGIN: Final = datetime(2014, 1, 1, tzinfo=UTC)
_STEP: Final = timedelta(days=8 * 365) / _EVENTS
_MERGED: Final = 0.9  # of the pull requests


def measure(file: Path | None) -> list[Line]:
    """Raises CalledProcessError if the command fails."""
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        path = file or made_up(Path(folder, "history.jsonl.gz"))
        with history.opened(str(path)) as lines:
            told = history.read(lines, str(path))
        count, policy = told.read.total() + told.skipped.total(), policyfile.defaults()
        command = [sys.executable, "-m", "bot", "replay", "--json", str(path)]
        whole = _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        loop = _seconds(lambda: list(replay(told.events, policy, ())))
    return [
        Line(
            what=f"replay: the command, {count:,} events", ours=f"{count / whole:,.0f} events/s",
            aim=f"at least {_AIM:,}", met=count / whole >= _AIM,
        ),
        Line(what="replay: the loop alone", ours=f"{count / loop:,.0f} events/s"),
    ]  # fmt: skip


def _seconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return median(times)


def made_up(path: Path) -> Path:
    random = Random(1)  # noqa: S311 (the same history each time, no secret)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(line)}\n" for line in _lines(random)).encode()))
    return path


def _lines(random: Random) -> Iterator[dict[str, object]]:
    """Half of them commits; a pull request is merged some events after its opening."""
    opened: list[dict[str, object]] = []
    for n in range(_EVENTS):
        at = (_BEGIN + n * _STEP).isoformat(timespec="seconds")
        who = min(int(random.paretovariate(0.5)), _PEOPLE)  # the first few do most
        actor = f"bot{who:04}" if random.random() < _BOTS / _PEOPLE else f"p{who:04}"
        repo = f"repo{min(int(random.paretovariate(1)), _REPOS)}"
        if n % 2:
            yield {"at": at, "type": "commit", "repo": repo, "actor": actor, "files": 2, "lines": 30, "path": "docs"}
        elif n % 4 or not opened:
            opened.append({"repo": repo, "number": n + 1, "actor": actor})
            yield {"at": at, "type": "pull_request.opened"} | opened[-1]
        else:
            one = opened.pop(random.randrange(max(len(opened) - 50, 0), len(opened)))
            merged = random.random() < _MERGED
            yield {"at": at, "type": "pull_request.merged" if merged else "pull_request.closed"} | one
