"""`python -m benchmarks`: runs the measurements and prints one table.

The exit code is 0 whether the aims are met or not, 1 if a server does not do what it should or a promise of the year is
broken, 2 if a tool is missing.
"""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import (
    acks,
    backfill,
    calls,
    idle,
    installation,
    memory,
    mentorings,
    presence,
    preview,
    ramp,
    replay,
    report,
    sweep,
    year,
)
from benchmarks.deliveries import Sender
from benchmarks.load import ToolMissing
from benchmarks.processes import ServerFailed
from benchmarks.report import Line
from benchmarks.year.flow import Size
from bot import logs


class Part(StrEnum):
    ACKS = "acks"
    CALLS = "calls"
    IDLE = "idle"
    REPLAY = "replay"
    PREVIEW = "preview"
    SWEEP = "sweep"
    MEMORY = "memory"
    BACKFILL = "backfill"
    RAMP = "ramp"
    MENTORING = "mentoring"
    PRESENCE = "presence"
    YEAR = "year"


def main(
    only: Annotated[Part | None, typer.Option(help="Measure this alone.")] = None,
    seconds: Annotated[int, typer.Option(min=1, max=120, help="Of load, for each server and round.")] = 10,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="In which each server is loaded once.")] = 3,
    threads: Annotated[
        int, typer.Option(min=20_000, max=10_000_000, help="In the memory of a large organisation.")
    ] = memory.THREADS,
    history: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Replay this one instead of one that is made up.")
    ] = None,
    repos: Annotated[int, typer.Option(min=1, max=500, help="Of the simulated year.")] = Size().repos,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="Of the simulated year.")] = Size().weeks,
) -> None:
    """Measure Switchback against Probot and against what aiohttp can do at all, on this machine."""
    console = Console(highlight=False, width=max(Console().width, report.WIDTH))
    logs.configure("WARNING", "console", ())  # of the application that counts its calls in this process
    try:
        console.print(report.machine())
        lines = _measure(only, seconds, rounds, threads, history, Size(repos=repos, weeks=weeks), console)
    except ToolMissing as missing:
        console.print(str(missing), markup=False)
        raise typer.Exit(2) from None
    except ServerFailed as failed:
        console.print(str(failed), markup=False)
        raise typer.Exit(1) from None
    report.show(console, lines)
    if only is Part.YEAR and any(line.met is False for line in lines):
        raise typer.Exit(1)


def _measure(
    only: Part | None, seconds: int, rounds: int, threads: int, history: Path | None, size: Size, console: Console
) -> list[Line]:
    lines: list[Line] = []
    sender = Sender()
    if only in {None, Part.ACKS}:
        lines += acks.measure(sender, installation.installed(), seconds=seconds, rounds=rounds, tell=console.print)
    if only in {None, Part.CALLS}:
        lines += asyncio.run(calls.measure(sender.private_key))
    if only in {None, Part.IDLE}:
        lines += idle.measure(sender, installation.installed(), console.print)
    if only in {None, Part.REPLAY}:
        lines += replay.measure(history)
    if only in {None, Part.PREVIEW}:
        lines += preview.measure(console.print)
    if only in {None, Part.SWEEP}:
        lines += sweep.measure(console.print)
    if only in {None, Part.MEMORY}:
        lines += memory.measure(sender, threads, console.print)
    if only in {None, Part.BACKFILL}:
        lines += asyncio.run(backfill.measure(sender.private_key, console.print))
    if only in {None, Part.MENTORING}:
        lines += mentorings.measure()
    if only in {None, Part.PRESENCE}:
        lines += presence.measure()
    if only in {None, Part.RAMP}:
        lines += ramp.measure(history, console.print)
    if only is Part.YEAR:
        lines += asyncio.run(year.measure(sender.private_key, size, console.print))
    return lines


if __name__ == "__main__":
    typer.run(main)
