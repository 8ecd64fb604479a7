"""`/schema.json`, `/skills.schema.json`, `/mentors.schema.json` and `/cohorts.schema.json`: what a configuration file
and the other files of an organisation may hold, for editors that complete and check with it.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web

from bot import shipped
from bot.homefiles import HomeFile

_HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
}  # for editors in browsers


async def schema(request: web.Request) -> web.Response:
    return _answer(shipped.SCHEMA)


def home_schema(file: HomeFile) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Of one of the files that only an organisation has."""

    async def answer(request: web.Request) -> web.Response:
        return _answer(file.schema)

    return answer


def _answer(file: Path) -> web.Response:
    return web.Response(text=file.read_text("utf-8"), content_type="application/schema+json", headers=_HEADERS)
