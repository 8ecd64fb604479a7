"""Runs the application until it is told to stop: SIGTERM or Ctrl-C ends it when what is under way is done."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
from aiohttp import web

from bot import logs
from bot.app import build
from bot.clock import Clock, WallClock
from bot.github.pace import SPACING
from bot.policyfile import Source
from bot.settings import Settings, Surroundings
from bot.web.setup import build as set_up

T = TypeVar("T")

_BACKLOG: Final = 128  # connections that wait
_INVITATION: Final = """
Switchback is not set up yet. Open this address in your browser. It works once:

    {url}/setup?token={token}

From another machine, put your server's public address in front of /setup.
"""

log = structlog.get_logger()


class CannotListen(Exception):
    """Nobody can be served at this host and port."""

    def __init__(self, host: str, port: int, error: Exception) -> None:
        why = str(getattr(error, "strerror", None) or error).rpartition(": ")[2]  # asyncio says the address again
        super().__init__(f"cannot listen on {_address(host, port)} (HOST and PORT): {why}")


class Door:
    """A port that stays open while one application takes over from another: whoever comes meanwhile waits."""

    def __init__(self, host: str, sockets: list[socket.socket]) -> None:
        self.url = f"http://{_address(host, sockets[0].getsockname()[1])}"
        self._sockets = sockets
        self._runner: web.AppRunner | None = None

    async def let_in(self, app: web.Application) -> None:
        """From now on this application answers. The one before finishes what it is at, and ends."""
        runner, before = web.AppRunner(app, access_log=None), self._runner
        try:
            await runner.setup()
            for site in before.sites if before else ():
                await site.stop()
            for each in self._sockets:
                await web.SockSite(runner, each.dup()).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        if before is not None:
            await before.cleanup()

    async def close(self) -> None:
        try:
            if self._runner is not None:
                await self._runner.cleanup()
        finally:
            for each in self._sockets:
                each.close()


@asynccontextmanager
async def opened(host: str, port: int) -> AsyncIterator[Door]:
    """Raises CannotListen."""
    try:
        door = Door(host, await _sockets(host, port))
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        raise CannotListen(host, port, error) from error
    try:
        yield door
    finally:
        await door.close()


async def _sockets(host: str, port: int) -> list[socket.socket]:
    """One for each address of the host, all on the same port."""
    loop, found = asyncio.get_running_loop(), []
    told = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    try:
        for family, kind, protocol, _, address in dict.fromkeys(told):
            found.append(each := socket.socket(family, kind, protocol))
            if sys.platform != "win32":  # there it would mean that others may take the port
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind((address[0], found[0].getsockname()[1] or port, *address[2:]))
            each.listen(_BACKLOG)
            each.setblocking(False)
    except BaseException:
        for each in found:
            each.close()
        raise
    return found


def serve(chosen: Settings | Surroundings, config: Source | None, *, spacing: timedelta = SPACING) -> None:
    """The service; where there is no app yet it is set up first. Raises StoreUnavailable, and CannotListen."""

    async def serving() -> None:
        clock, stop = WallClock(), _told_to_stop()
        async with opened(chosen.serving.host, chosen.serving.port) as door:
            known = chosen if isinstance(chosen, Settings) else await _set_up(chosen, door, clock, stop)
            if known is not None:
                await door.let_in(build(known, config, clock=clock, spacing=spacing))
                log.info("ready", url=door.url, webhook=f"{door.url}/webhook")
                await stop.wait()

    run(serving())


async def _set_up(around: Surroundings, door: Door, clock: Clock, stop: asyncio.Event) -> Settings | None:
    """Serves the set-up until it is done; None: it was told to stop before. Raises StoreUnavailable."""
    app, setup = set_up(around, clock)
    await door.let_in(app)
    print(_INVITATION.format(url=around.public_url or door.url, token=setup.token), flush=True)
    waiting = [asyncio.ensure_future(event.wait()) for event in (setup.kept, stop)]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    if setup.app is None:
        return None
    known = around.with_app(setup.app)
    logs.configure(known.serving.log_level, known.serving.log_format, known.secrets())
    return known


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
    stop = _told_to_stop()
    async with opened(host, port) as door:
        await door.let_in(app)
        ready(door.url)
        await stop.wait()


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"  # IPv6
