"""The end of GitHub's manifest flow: a code is exchanged for the new app's id, key and secret, once.

docs.github.com: «Registering a GitHub App from a manifest». Nobody has credentials yet, so the call is not signed.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from yarl import URL

from bot import __version__
from bot.settings import CREDENTIALS, Credentials, SettingsError, credentials

_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
_HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "User-Agent": f"switchback/{__version__}",
    "X-GitHub-Api-Version": "2022-11-28",
}


@dataclass(frozen=True, slots=True)
class Created:
    """An app that GitHub has just made. `url`: its page on GitHub."""

    app: Credentials
    name: str
    url: str


class CodeRefused(Exception):
    """GitHub does not know this code: it was used, or is older than an hour."""


class NoAnswer(Exception):
    """GitHub could not be asked, or its answer makes no sense. The message says why; the code may still be good."""


async def convert(api_url: str, code: str) -> Created:
    """Raises CodeRefused and NoAnswer."""
    if not re.fullmatch(r"[\w.-]{1,200}", code, re.ASCII) or not code.strip("."):
        raise CodeRefused
    where = URL(api_url) / "app-manifests" / code / "conversions"
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.post(where, headers=_HEADERS, allow_redirects=False) as answer,
        ):
            if answer.status in {404, 422}:
                raise CodeRefused
            if answer.status != 201:
                raise NoAnswer(f"it answered with HTTP {answer.status}")
            return _created(await answer.json(content_type=None))
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise NoAnswer(type(error).__name__) from None  # the rest of it may name the code
    except (ValueError, LookupError, TypeError, SettingsError):
        raise NoAnswer("its answer is not one of GitHub's") from None


def _created(told: dict[str, Any]) -> Created:
    values = (str(told["id"]), str(told["pem"]), str(told["webhook_secret"] or ""))
    app = credentials(dict(zip(CREDENTIALS, values, strict=True)))
    url = URL(str(told["html_url"]))
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("no address")
    return Created(app=app, name=str(told["name"]), url=str(url))
