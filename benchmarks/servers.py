"""The three servers: Switchback as it is deployed, Probot with an empty handler, and aiohttp doing nothing.

None gets anything that it would not have in production, and each is one process. None of them writes a log line for a
delivery: Switchback does not at its default level, Probot does not at `warn`.
"""

import sys
from pathlib import Path
from typing import Final

from benchmarks.deliveries import SECRET, Sender
from benchmarks.processes import HOST, Server

ROOT: Final = Path(__file__).parent.parent
_NOBODY: Final = "127.0.0.1:9"  # a port of loopback where nobody listens: neither may find GitHub


def switchback(sender: Sender, folder: Path) -> Server:
    """`python -m bot serve` with a new SQLite file in the folder."""
    return Server(
        name="Switchback",
        command=[sys.executable, "-m", "bot", "serve"],
        environment={
            "GITHUB_APP_ID": sender.app_id,
            "GITHUB_APP_PRIVATE_KEY": sender.private_key,
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_API_URL": f"http://{_NOBODY}",
            "DATABASE_URL": f"sqlite:///{database(folder)}",
            "HOST": HOST,
            "PORT": "{port}",
            "LOG_LEVEL": "info",
        },
        folder=ROOT,
        hook="/webhook",
        ready="/readyz",
    )


def database(folder: Path) -> Path:
    return folder / "switchback.db"


def probot(sender: Sender, installed: Path, *, tell: bool = False) -> Server:
    """`installed` is where Probot and our handler lie. With `tell` the handler names each delivery that it gets."""
    return Server(
        name="Probot",
        command=["node", "app.js"],
        environment={
            "NODE_ENV": "production",
            "APP_ID": sender.app_id,
            "PRIVATE_KEY": sender.private_key,
            "WEBHOOK_SECRET": SECRET,
            "WEBHOOK_PATH": "/webhook",
            "GHE_HOST": _NOBODY,
            "GHE_PROTOCOL": "http",
            "HOST": HOST,
            "PORT": "{port}",
            "LOG_LEVEL": "warn",
            "TELL_HANDLED": "1" if tell else "0",
        },
        folder=installed,
        hook="/webhook",
        ready="/ping",
    )


def bare() -> Server:
    """aiohttp on the same event loop as ours, with a handler that reads the body and answers 202: the ceiling."""
    return Server(
        name="bare aiohttp",
        command=[sys.executable, "-m", "benchmarks.bare", HOST, "{port}"],
        environment={},
        folder=ROOT,
        hook="/webhook",
        ready="/",
    )
