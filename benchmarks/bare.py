"""An aiohttp server whose handler only reads the body: what the same stack can do when there is nothing to do.

It runs as the service runs: on uvloop where there is one, without an access log. `python -m benchmarks.bare HOST PORT`
"""

import sys

from aiohttp import web

from bot.serving import run, until_stopped


async def _take(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=202, text="read\n")


async def _ready(request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def main() -> None:
    app = web.Application(client_max_size=25 * 1024 * 1024)
    app.router.add_post("/webhook", _take)
    app.router.add_get("/", _ready)
    run(until_stopped(app, sys.argv[1], int(sys.argv[2]), lambda url: None))


if __name__ == "__main__":
    main()
