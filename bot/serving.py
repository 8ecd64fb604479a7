"""Runs the application until it is told to stop: SIGTERM or Ctrl-C ends it when what is under way is done."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from aiohttp import web

from bot.app import build
from bot.clock import WallClock
from bot.github.pace import SPACING
from bot.policyfile import Source
from bot.settings import Settings

T = TypeVar("T")

log = structlog.get_logger()


class CannotListen(Exception):
    """Nobody can be served at this host and port."""

    def __init__(self, host: str, port: int, error: Exception) -> None:
        why = str(getattr(error, "strerror", None) or error).rpartition(": ")[2]  # asyncio says the address again
        super().__init__(f"cannot listen on {_address(host, port)} (HOST and PORT): {why}")


def serve(settings: Settings, config: Source | None, *, spacing: timedelta = SPACING) -> None:
    """The service. Raises StoreUnavailable, and CannotListen."""

    async def serving() -> None:
        app = build(settings, config, clock=WallClock(), spacing=spacing)
        where = settings.serving
        await until_stopped(
            app, where.host, where.port, lambda url: log.info("ready", url=url, webhook=f"{url}/webhook")
        )

    run(serving())


def run(main: Coroutine[Any, Any, T]) -> T:
    """On uvloop's event loop where there is one."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


async def until_stopped(app: web.Application, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves the application; `ready` is told the address. Raises CannotListen."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
            raise CannotListen(host, port, error) from error
        ready(f"http://{_address(host, runner.addresses[0][1])}")
        await stop.wait()
    finally:
        await runner.cleanup()


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"  # IPv6
