"""The load: wrk on one thread, keeping 32 connections busy for a bounded time. It goes to loopback only."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from benchmarks.deliveries import SECRET
from benchmarks.processes import Running, ServerFailed
from bot.sandbox import Delivery

CONNECTIONS: Final = 32
_SCRIPT: Final = Path(__file__).with_name("load.lua")
_RESULT: Final = re.compile(r"^RESULT (\{.*\})$", re.MULTILINE)


class ToolMissing(Exception):
    """A program that the measurement needs is not here; the message says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What wrk saw in one run. Times in seconds. `refused`: answers of 400 and above; `broken`: no whole answer."""

    answers: int
    seconds: float
    p50: float
    p99: float
    worst: float
    refused: int
    broken: int

    @property
    def accepted(self) -> int:
        return self.answers - self.refused

    @property
    def per_second(self) -> float:
        return self.accepted / self.seconds


def version() -> str:
    """Raises ToolMissing."""
    if shutil.which("wrk") is None:
        raise ToolMissing("the load generator wrk is missing; on Debian and Ubuntu: apt install wrk")
    told = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    found = re.search(r"\d+(\.\d+)+", told)
    return found.group() if found else "of an unknown version"


def write_deliveries(deliveries: Sequence[Delivery], path: Path) -> None:
    """As a Lua table for the script. The bodies are JSON on one line, and so are quoted by long brackets."""
    entries = []
    for delivery in deliveries:
        headers = {name: value for name, value in delivery.headers(SECRET).items() if name != "X-GitHub-Delivery"}
        fields = "".join(f"[ [==[{name}]==] ]=[==[{value}]==]," for name, value in headers.items())
        entries.append(f"{{headers={{{fields}}},body=[==[{delivery.body.decode()}]==]}},\n")
    path.write_text(f"return {{\n{''.join(entries)}}}\n", encoding="utf-8")


def load(running: Running, deliveries: Path, seconds: int) -> Load:
    """Posts deliveries to the server for that long. Raises ServerFailed if wrk says nothing of use."""
    done = subprocess.run(
        [
            "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--timeout", "10s",
            "--script", str(_SCRIPT), running.url, "--", str(deliveries), str(uuid4())[9:23],
        ],
        capture_output=True, text=True, check=False, timeout=seconds + 60,
    )  # fmt: skip
    found = _RESULT.search(done.stdout)
    if done.returncode or found is None:
        raise ServerFailed(f"wrk against {running.server.name}: {done.stdout[-1000:]} {done.stderr[-1000:]}")
    return Load(**json.loads(found.group(1)))
