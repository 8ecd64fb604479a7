"""The pages around the set-up: how they are rendered, and the headers that all of them carry.

Their words stand in `pages/setup/`. They load nothing but their style, send forms only here and to GitHub, and are kept
by no cache: some of them show what must be seen once.
"""

import hashlib
import hmac
from importlib.resources import files
from secrets import token_urlsafe
from typing import Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from yarl import URL

COOKIE: Final = "switchback_setup"
_STYLE: Final = (files("bot.web") / "pages" / "setup" / "setup.css").read_text("utf-8")


class Sheets:
    """`github_url` is that of GitHub's pages."""

    def __init__(self, github_url: str) -> None:
        self._github_url = github_url
        self._pages = Environment(
            loader=PackageLoader("bot.web", "pages/setup"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def show(
        self, request: web.Request, sheet: str, /,
        *, status: int = 200, leaves: bool = False, refresh: int | None = None, **values: object,
    ) -> web.Response:  # fmt: skip
        """A page. `leaves`: its form goes to GitHub, which is told where it comes from, though not with which address;
        a script of its own may send it. `refresh`: it is loaded again after so many seconds."""
        nonce = token_urlsafe(16) if leaves else None
        # Behind a proxy there may be a prefix that we do not know, so all links lead on from the page.
        up = "" if request.path == "/setup" else "../"
        text = self._pages.get_template(f"{sheet}.html").render(
            up=up, nonce=nonce, refresh=refresh, github_url=self._github_url, **values
        )
        headers = {
            "Content-Security-Policy": self._policy(nonce),
            "Referrer-Policy": "strict-origin" if leaves else "no-referrer",
            "Cache-Control": "no-store",
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)

    def _policy(self, nonce: str | None) -> str:
        origin = URL(self._github_url).origin()
        script = f"; script-src 'nonce-{nonce}'" if nonce else ""
        return (
            f"default-src 'none'; style-src 'self'; form-action 'self' {origin}; base-uri 'none'; "
            f"frame-ancestors 'none'{script}"
        )


async def style(request: web.Request) -> web.Response:
    return web.Response(text=_STYLE, content_type="text/css", headers={"X-Content-Type-Options": "nosniff"})


def digest(cookie: str) -> str:
    """What is kept of a session's cookie: nobody can make the cookie of it."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def is_session(request: web.Request, session: str | None) -> bool:
    """Whether the request comes with the cookie of this digest."""
    cookie = request.cookies.get(COOKIE, "")
    return session is not None and hmac.compare_digest(digest(cookie), session)
