"""Probot, installed with the ordinary npm client from the lock file beside our handler, into a cache folder.

The lock file pins every package by its hash and names no host. The cache is the folder that SWITCHBACK_BENCHMARKS
names, else `~/.cache/switchback-benchmarks`. Scripts of the packages are not run.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.load import ToolMissing

_SOURCE: Final = Path(__file__).with_name("probot")
_FILES: Final = ("package.json", "package-lock.json", "app.js")
_PATIENCE: Final = 300  # seconds


def node_version() -> str:
    """Raises ToolMissing."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise ToolMissing(f"{tool} is missing, which Probot needs; on Debian and Ubuntu: apt install nodejs npm")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True, timeout=10)
    return told.stdout.strip()


def installed() -> Path:
    """The folder with Probot and our handler. Raises ToolMissing if it cannot be installed."""
    cache = Path(os.environ.get("SWITCHBACK_BENCHMARKS") or Path.home() / ".cache" / "switchback-benchmarks")
    cache.mkdir(parents=True, exist_ok=True)
    contents = b"".join((_SOURCE / name).read_bytes() for name in _FILES)
    place = cache / f"probot-{hashlib.sha256(contents).hexdigest()[:12]}"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=cache) as work:
            made = Path(work) / "probot"
            made.mkdir()
            _install(made)
            made.rename(place)
    return place


def _install(folder: Path) -> None:
    for name in _FILES:
        shutil.copy(_SOURCE / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE,
    )  # fmt: skip
    if done.returncode:
        raise ToolMissing(f"Probot could not be installed: {done.stderr[-1000:]}")
