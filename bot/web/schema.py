"""`/schema.json` and `/skills.schema.json`: what a configuration file and a skills map may hold, for editors that
complete and check with it.
"""

from pathlib import Path
from typing import Final

from aiohttp import web

from bot import shipped

_HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
}  # for editors in browsers


async def schema(request: web.Request) -> web.Response:
    return _answer(shipped.SCHEMA)


async def skills_schema(request: web.Request) -> web.Response:
    return _answer(shipped.SKILLS_SCHEMA)


def _answer(file: Path) -> web.Response:
    return web.Response(text=file.read_text("utf-8"), content_type="application/schema+json", headers=_HEADERS)
