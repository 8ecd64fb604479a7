"""Credentials of the app: its own short-lived JWT, and a token for each installation.

docs.github.com: «Generating a JSON Web Token for a GitHub App», «Authenticating as a GitHub App installation».
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import jwt
from cachetools import TLRUCache
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.clock import Clock
from bot.model import InstallationId
from bot.settings import Secret

_BACKDATED: Final = timedelta(seconds=60)  # our clock may be ahead of GitHub's
_JWT_LIFE: Final = timedelta(minutes=9)  # at most 10, counted from GitHub's clock
_EARLY: Final = timedelta(seconds=60)  # renew a token this long before it ends


@dataclass(frozen=True, slots=True)
class Token:
    """An installation's access token, valid for an hour."""

    secret: Secret
    expires_at: datetime


Fetch = Callable[[InstallationId], Awaitable[Token]]


class AppKey:
    """Signs as the app itself."""

    def __init__(self, app_id: str, private_key: Secret, clock: Clock) -> None:
        self._app_id = app_id
        self._private_key = _read(private_key.reveal())
        self._clock = clock

    def jwt(self) -> str:
        now = self._clock()
        claims = {"iss": self._app_id, "iat": now - _BACKDATED, "exp": now + _JWT_LIFE}
        return jwt.encode(claims, self._private_key, algorithm="RS256")


@cache
def _read(private_key: str) -> RSAPrivateKey:
    """Reading a key takes 50 ms, so each is read once."""
    key = load_pem_private_key(private_key.encode(), password=None)
    assert isinstance(key, RSAPrivateKey), "settings take no other key"
    return key


class TokenCache:
    """One token for each installation, renewed a minute early. Those who ask at once share one request."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._under_way: dict[InstallationId, asyncio.Future[Token]] = {}
        self._tokens: TLRUCache[InstallationId, Token] = TLRUCache(
            maxsize=10_000, ttu=lambda _id, token, _now: (token.expires_at - _EARLY).timestamp(),
            timer=lambda: clock().timestamp(),
        )  # fmt: skip

    async def get(self, installation: InstallationId) -> str:
        """A token that is valid for at least a minute. Raises CallFailed."""
        token = self._tokens.get(installation) or await self._renewed(installation)
        return token.secret.reveal()

    def forget(self, installation: InstallationId, token: str) -> None:
        """GitHub said 401 to this token; a newer one that somebody else fetched meanwhile stays."""
        known = self._tokens.get(installation)
        if known is not None and known.secret.reveal() == token:
            del self._tokens[installation]

    async def _renewed(self, installation: InstallationId) -> Token:
        under_way = self._under_way.get(installation)
        if under_way is not None:
            await asyncio.wait([under_way])
            if under_way.cancelled():  # whoever fetched it stopped waiting
                return self._tokens.get(installation) or await self._renewed(installation)
            return under_way.result()
        future: asyncio.Future[Token] = asyncio.get_running_loop().create_future()
        self._under_way[installation] = future
        try:
            token = await self._fetch(installation)
        except Exception as error:
            future.set_exception(error)
            future.exception()  # nobody else may be waiting, and that is fine
            raise
        except BaseException:
            future.cancel()
            raise
        else:
            self._tokens[installation] = token
            future.set_result(token)
            return token
        finally:
            del self._under_way[installation]
