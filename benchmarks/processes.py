"""Servers as processes of their own: started, waited for, looked at, and ended. All of it on loopback."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
_START: Final = 60.0  # seconds
_STOP: Final = 15.0  # seconds
_LOOK: Final = 0.005  # seconds between two looks whether it is ready


class ServerFailed(Exception):
    """A server did not start or did not do what it should. The message holds the end of what it printed."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """How to start one, and where it answers. `{port}` in command and environment becomes its port."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path  # where it runs
    hook: str  # the path that takes deliveries
    ready: str  # the path that answers 200 once it serves


@dataclass(frozen=True, kw_only=True)
class Running:
    server: Server
    port: int
    ready_after: float  # seconds
    process: "subprocess.Popen[bytes]"
    log: Path = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{self.server.hook}"

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Status and text of one answer. Raises OSError and HTTPException."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def resident(self) -> int:
        """The memory it holds now, in bytes (VmRSS)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ServerFailed(f"{self.server.name} is gone")

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Ends it without a chance to write anything more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_STOP)


@contextmanager
def started(server: Server, log: Path) -> Iterator[Running]:
    """The server, ready. What it prints goes to the file. Raises ServerFailed."""
    port = _free_port()
    command = [part.format(port=port) for part in server.command]
    environment = {name: value.format(port=port) for name, value in server.environment.items()}
    with log.open("wb") as printed:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=server.folder, env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        running = Running(server=server, port=port, ready_after=0, process=process, log=log)
        while not _is_ready(running):
            if process.poll() is not None or time.monotonic() - began > _START:
                raise ServerFailed(f"{server.name} did not start: {running.printed()[-2000:]}")
            time.sleep(_LOOK)
        yield Running(server=server, port=port, ready_after=time.monotonic() - began, process=process, log=log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP)


def _is_ready(running: Running) -> bool:
    try:
        return running.request("GET", running.server.ready)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
