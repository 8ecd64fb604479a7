"""One table: what was measured, in numbers and as ratios, and whether the aim was met."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import installation, load

WIDTH: Final = 160  # columns, so that no call to GitHub is broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row. `ratio` is ours to theirs; `spread` its range over the rounds. `met` None: there is no aim."""

    what: str
    ours: str
    theirs: str = ""
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    aim: str = ""
    met: bool | None = None


def show(console: Console, lines: list[Line]) -> None:
    table = Table(title="Switchback, measured", title_justify="left")
    for name in ("what", "Switchback", "against", "ratio", "rounds", "aim"):
        table.add_column(name, overflow="fold", justify="right" if name in {"ratio", "rounds"} else "left")
    for line in lines:
        table.add_row(
            line.what,
            line.ours,
            line.theirs,
            "" if line.ratio is None else f"{line.ratio:.2f}",
            "" if line.spread is None else f"{line.spread[0]:.2f} to {line.spread[1]:.2f}",
            f"{line.aim}: {_verdict(line.met)}" if line.aim else "",
        )
    console.print(table)


def _verdict(met: bool | None) -> str:
    return {True: "aim met", False: "aim missed", None: "not judged"}[met]


def machine() -> str:
    """What the numbers depend on, in one line. Raises ToolMissing."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, Node {installation.node_version()}, wrk {load.version()}; "
        f"load average before: {os.getloadavg()[0]:.2f}"
    )


def megabytes(count: float) -> str:
    return f"{count / 1e6:.0f} MB"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"
