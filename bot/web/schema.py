"""`/schema.json`: what a configuration file may hold, for editors that complete and check with it."""

from typing import Final

from aiohttp import web

from bot import shipped

_HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
}  # for editors in browsers


async def schema(request: web.Request) -> web.Response:
    text = shipped.SCHEMA.read_text("utf-8")
    return web.Response(text=text, content_type="application/schema+json", headers=_HEADERS)
