"""The whole sandbox, running: the API on a port of this machine, and the courier."""

from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.sandbox.courier import Courier
from bot.sandbox.limits import Limits
from bot.sandbox.server import REQUESTS, Seen, application
from bot.sandbox.weather import Weather
from bot.sandbox.world import World


@dataclass(frozen=True, kw_only=True)
class Running:
    """`url` has no slash at the end. `requests` are the last 10,000 that came in, oldest first."""

    url: str
    world: World
    weather: Weather
    limits: Limits
    courier: Courier
    requests: deque[Seen]


@asynccontextmanager
async def running(
    world: World,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    weather: Weather | None = None,
    limits: Limits | None = None,
    webhook_url: str | None = None,
    middlewares: Iterable[Middleware] = (),
    pages_here: bool = False,
) -> AsyncIterator[Running]:
    """Serves the world on this host and port (0: any free one) and delivers its events until it is left.

    `webhook_url` is where all apps get their events; without it each app's own url counts. The urls in the world's
    webhook payloads lead here meanwhile; with `pages_here` those of web pages do too, which come from github.com
    otherwise. There are few such pages: see `site`.
    """
    weather, limits = weather or Weather(), limits or Limits()
    app = application(world, weather=weather, limits=limits, middlewares=middlewares)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    before = world.api_url, world.html_url
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        real_port = runner.addresses[0][1]
        world.api_url = f"http://{host}:{real_port}"
        if pages_here:
            world.html_url = world.api_url
        async with Courier(world, webhook_url=webhook_url) as courier:
            yield Running(
                url=world.api_url,
                world=world,
                weather=weather,
                limits=limits,
                courier=courier,
                requests=app[REQUESTS],
            )
    finally:
        world.api_url, world.html_url = before
        await runner.cleanup()
