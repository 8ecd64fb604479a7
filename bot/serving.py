"""Runs the application until it is told to stop: SIGTERM or Ctrl-C ends it when what is under way is done."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from bot.app import build
from bot.clock import WallClock
from bot.github.pace import SPACING
from bot.policy import Policy
from bot.settings import Settings

log = structlog.get_logger()


def serve(settings: Settings, policy: Policy, *, spacing: timedelta = SPACING) -> None:
    """The service. Raises StoreUnavailable, and OSError if it cannot listen."""

    async def serving() -> None:
        app = build(settings, lambda _: policy, clock=WallClock(), spacing=spacing)
        where = settings.serving
        await until_stopped(
            app, where.host, where.port, lambda url: log.info("ready", url=url, webhook=f"{url}/webhook")
        )

    run(serving())


def run(main: Coroutine[Any, Any, None]) -> None:
    """On uvloop's event loop where there is one."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(main)
    else:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(main)


async def until_stopped(app: web.Application, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves the application; `ready` is told the address. Raises OSError if it cannot listen there."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        shown = f"[{host}]" if ":" in host else host  # IPv6
        ready(f"http://{shown}:{runner.addresses[0][1]}")
        await stop.wait()
    finally:
        await runner.cleanup()
