"""Acknowledged deliveries per second at 32 connections, and their p99: Switchback, Probot, and aiohttp doing nothing.

Each server runs alone, in rounds whose order turns. Switchback stores each delivery before it answers, so afterwards
it is killed without warning, and its database has to hold every delivery that it acknowledged.
"""

import re
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final
from uuid import uuid4

from benchmarks import servers
from benchmarks.deliveries import SECRET, Sender
from benchmarks.load import CONNECTIONS, Load, load, write_deliveries
from benchmarks.processes import Running, Server, ServerFailed, started
from benchmarks.report import Line, megabytes, milliseconds

_WARM_UP: Final = 2  # seconds
_FASTER: Final = 1.5
_P99: Final = 0.5
_SHARE: Final = 1.0
_ACKNOWLEDGED: Final = re.compile(r'^switchback_deliveries_total\{status="202"\} (\S+)$', re.MULTILINE)
_SETTLE: Final = 5.0  # seconds, for what was under way when the load ended


@dataclass
class Taken:
    """What one server did over the rounds."""

    loads: list[Load] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return median(load.per_second for load in self.loads)

    @property
    def p99(self) -> float:
        return median(load.p99 for load in self.loads)

    @property
    def share(self) -> float:
        """How many of the requests were accepted; those without a whole answer count as not."""
        tried = sum(load.answers + load.broken for load in self.loads)
        return sum(load.accepted for load in self.loads) / tried


@dataclass
class Kept:
    """Deliveries acknowledged by Switchback and found in its database after it was killed, over all rounds."""

    acknowledged: int = 0
    rows: int = 0


def measure(sender: Sender, probot: Path, *, seconds: int, rounds: int, tell: Callable[[str], None]) -> list[Line]:
    """Raises ServerFailed."""
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as name:
        folder = Path(name)
        write_deliveries(sender.deliveries, folder / "deliveries.lua")
        check(sender, probot, folder)
        taken = {server: Taken() for server in ("switchback", "probot", "bare")}
        kept = Kept()
        order = list(taken)
        for turn in range(rounds):
            for which in order[turn % len(order) :] + order[: turn % len(order)]:
                done = _round(which, sender, probot, folder, seconds, taken[which], kept)
                tell(f"round {turn + 1}: {which} {done.per_second:.0f}/s, p99 {milliseconds(done.p99)}")
        return _lines(taken, kept)


def _round(which: str, sender: Sender, probot: Path, folder: Path, seconds: int, taken: Taken, kept: Kept) -> Load:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        own = Path(name)
        server = _server(which, sender, probot, own)
        with started(server, own / "log") as running:
            load(running, folder / "deliveries.lua", _WARM_UP)
            done = load(running, folder / "deliveries.lua", seconds)
            taken.loads.append(done)
            taken.resident.append(running.resident())
            if which == "switchback":
                kept.acknowledged += _acknowledged(running)
                running.kill()
                kept.rows += _rows(servers.database(own))
    return done


def _server(which: str, sender: Sender, probot: Path, folder: Path) -> Server:
    match which:
        case "switchback":
            return servers.switchback(sender, folder)
        case "probot":
            return servers.probot(sender, probot)
        case _:
            return servers.bare()


def check(sender: Sender, probot: Path, folder: Path) -> None:
    """Whether both refuse a wrong signature, take a right one, and Probot's handler gets it. Raises ServerFailed."""
    for server in (servers.switchback(sender, folder), servers.probot(sender, probot, tell=True)):
        with started(server, folder / "check.log") as running:
            body = sender.deliveries[0].body
            headers = {**sender.deliveries[0].headers(SECRET), "X-GitHub-Delivery": str(uuid4())}
            wrong = {**headers, "X-Hub-Signature-256": f"sha256={'0' * 64}"}
            if not 400 <= running.request("POST", server.hook, body, wrong)[0] < 500:
                raise ServerFailed(f"{server.name} takes a delivery with a wrong signature")
            if running.request("POST", server.hook, body, headers)[0] not in {200, 202}:
                raise ServerFailed(f"{server.name} refuses a delivery with a right signature")
            if server.name == "Probot" and f"handled {headers['X-GitHub-Delivery']}" not in _soon(running):
                raise ServerFailed("Probot's handler did not run")
    servers.database(folder).unlink()


def _soon(running: Running) -> str:
    """What it printed, after a moment in which it may have printed."""
    time.sleep(0.5)
    return running.printed()


def _acknowledged(running: Running) -> int:
    """How many deliveries it acknowledged by its own count, once nothing is under way any more."""
    before, until = -1, time.monotonic() + _SETTLE
    while time.monotonic() < until:
        found = _ACKNOWLEDGED.search(running.request("GET", "/metrics")[1])
        now = int(float(found.group(1))) if found else 0
        if now == before:
            break
        before = now
        time.sleep(0.2)
    return before


def _rows(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        rows: int = connection.execute("SELECT count(*) FROM deliveries").fetchone()[0]
        return rows
    finally:
        connection.close()


def _lines(taken: dict[str, Taken], kept: Kept) -> list[Line]:
    ours, probot, bare = taken["switchback"], taken["probot"], taken["bare"]
    faster, slower = ours.per_second / probot.per_second, ours.p99 / probot.p99
    many = f"acknowledged per second, {CONNECTIONS} connections"
    shares = f"Probot {probot.share:.2%}, bare aiohttp {bare.share:.2%}"
    return [
        Line(
            what=many, ours=f"{ours.per_second:.0f}", theirs=f"Probot, storing nothing: {probot.per_second:.0f}",
            ratio=faster, spread=_spread(ours, probot, lambda one: one.per_second),
            aim=f"at least {_FASTER}", met=faster >= _FASTER,
        ),
        Line(
            what="p99 of the answers", ours=milliseconds(ours.p99), theirs=f"Probot: {milliseconds(probot.p99)}",
            ratio=slower, spread=_spread(ours, probot, lambda one: one.p99),
            aim=f"at most {_P99}", met=slower <= _P99,
        ),
        Line(
            what=many, ours=f"{ours.per_second:.0f}", theirs=f"bare aiohttp, the ceiling: {bare.per_second:.0f}",
            ratio=ours.per_second / bare.per_second, spread=_spread(ours, bare, lambda one: one.per_second),
        ),
        Line(
            what="p99 of the answers", ours=milliseconds(ours.p99), theirs=f"bare aiohttp: {milliseconds(bare.p99)}",
            ratio=ours.p99 / bare.p99, spread=_spread(ours, bare, lambda one: one.p99),
        ),
        Line(
            what="answers of 200 or 202", ours=f"{ours.share:.2%}", theirs=shares, aim="all",
            met=ours.share >= _SHARE,
        ),
        Line(
            what="on disk after SIGKILL", ours=f"{kept.rows} rows", theirs=f"acknowledged: {kept.acknowledged}",
            ratio=kept.rows / kept.acknowledged, aim="the same", met=kept.rows == kept.acknowledged,
        ),
        Line(
            what="memory after the load", ours=megabytes(median(ours.resident)),
            theirs=f"Probot: {megabytes(median(probot.resident))}",
            ratio=median(ours.resident) / median(probot.resident),
        ),
    ]  # fmt: skip


def _spread(ours: Taken, theirs: Taken, value: Callable[[Load], float]) -> tuple[float, float]:
    ratios = [value(one) / value(other) for one, other in zip(ours.loads, theirs.loads, strict=True)]
    return min(ratios), max(ratios)
