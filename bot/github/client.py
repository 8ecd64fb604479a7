"""Calls GitHub's API. The only file that imports gidgethub's client: one file must be enough to replace it.

It signs, bounds the time, counts, and turns every failure into a `CallFailed` that says what to do about it. It never
sleeps and never repeats a call, but for one 401, which only means that a token ended early.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Self, TypeVar

import aiohttp
from gidgethub import abc
from yarl import URL

from bot import __version__
from bot.clock import Clock
from bot.github.auth import AppKey, Token, TokenCache
from bot.github.errors import Bug, CallFailed, Failure, NeedsPermission, RetryAt, classify
from bot.metrics import Metrics
from bot.model import InstallationId
from bot.settings import Secret

Json = Any  # what GitHub answers; `read` and `write` make typed values of it at once
Vars = Mapping[str, str | int | bool]
T = TypeVar("T")

# GitHub gives up on a request after 10 s itself; the ledger counts on both (memory/ledger.py).
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
_MOVED: Final = frozenset({301, 302, 307, 308})  # GitHub's answers for what was renamed or transferred
_REDIRECTS: Final = 3
_LONGEST_LIST: Final = 1000  # pages


class Client:
    """One for the whole program, used inside `async with`. `base_url` is that of the REST API; GraphQL is beside it."""

    def __init__(self, base_url: str, key: AppKey, clock: Clock, metrics: Metrics) -> None:
        self._door = _Door(base_url, clock, metrics)
        self._key = key
        self._tokens = TokenCache(self._new_token, clock)
        # GitHub Enterprise Server has its REST API at /api/v3 and GraphQL at /api/graphql.
        self._graphql_url = f"{base_url.removesuffix('/v3')}/graphql"

    async def __aenter__(self) -> Self:
        self._door.session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        assert self._door.session is not None
        await self._door.session.close()

    async def as_app(self, method: str, path: str, **variables: str | int) -> Json:
        """A call as the app itself. `path` is a URI template for the `variables`. Raises CallFailed."""
        return await self._door.send(method, path, variables, jwt=self._key.jwt())

    async def list_as_app(self, path: str) -> list[Json]:
        """A whole list as the app itself, page by page. Raises CallFailed."""
        return await self._door.pages(path, {}, jwt=self._key.jwt())

    async def call(
        self, installation: InstallationId, method: str, path: str, variables: Vars | None = None, data: Json = None
    ) -> Json:
        """A call for an installation; `data` is sent as JSON. Raises CallFailed."""
        return await self._signed(
            installation, lambda token: self._door.send(method, path, variables or {}, oauth_token=token, data=data)
        )

    async def pages(self, installation: InstallationId, path: str, variables: Vars | None = None) -> list[Json]:
        """A whole list for an installation, page by page. Raises CallFailed."""
        return await self._signed(
            installation, lambda token: self._door.pages(path, variables or {}, oauth_token=token)
        )

    async def _signed(self, installation: InstallationId, send: Callable[[str], Awaitable[T]]) -> T:
        """Sends with the installation's token; where that has ended early, once more with a fresh one."""
        token = await self._tokens.get(installation)
        try:
            return await send(token)
        except CallFailed as failed:
            if failed.status != 401:
                if isinstance(failed.failure, NeedsPermission):  # a token keeps the permissions of when it was made
                    self._tokens.forget(installation, token)
                raise
        self._tokens.forget(installation, token)
        return await send(await self._tokens.get(installation))

    async def graphql(self, installation: InstallationId, query: str, **variables: str | int) -> Json:
        """The `data` of a GraphQL query. GraphQL tells of errors with status 200. Raises CallFailed."""
        answer = await self.call(installation, "POST", self._graphql_url, data={"query": query, "variables": variables})
        errors: Sequence[Mapping[str, Any]] = answer.get("errors") or ()
        if errors:
            kind, message = str(errors[0].get("type", "")), str(errors[0].get("message"))
            raise CallFailed(self._door.sort_graphql(kind, message, writes=query.lstrip().startswith("mutation")), 200)
        return answer["data"]

    async def _new_token(self, installation: InstallationId) -> Token:
        try:
            got = await self.as_app("POST", "/app/installations/{id}/access_tokens", id=installation)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt):  # nothing was written, whatever became of the token
                raise CallFailed(replace(failed.failure, unsure=False), failed.status) from failed
            raise
        return Token(Secret(got["token"]), datetime.fromisoformat(got["expires_at"]))


class _Door(abc.GitHubAPI):
    """gidgethub's client over our own transport, which sorts failures by status and headers before gidgethub does."""

    def __init__(self, base_url: str, clock: Clock, metrics: Metrics) -> None:
        super().__init__(f"switchback/{__version__}", base_url=base_url)
        self.session: aiohttp.ClientSession | None = None
        self._clock = clock
        self._metrics = metrics

    async def send(
        self, method: str, path: str, variables: Vars, *, jwt: str | None = None, oauth_token: str | None = None,
        data: Json = None,
    ) -> Json:  # fmt: skip
        body = b"" if data is None else data
        answer, _, _ = await self._parsed(method, path, variables, body, jwt=jwt, oauth_token=oauth_token)
        return answer

    async def pages(
        self, path: str, variables: Vars, *, jwt: str | None = None, oauth_token: str | None = None
    ) -> list[Json]:
        items: list[Json] = []
        url: str | None = path
        for _ in range(_LONGEST_LIST):
            answer, url, _ = await self._parsed("GET", url or path, variables, b"", jwt=jwt, oauth_token=oauth_token)
            items.extend(answer)
            if url is None:
                return items
            if URL(url).origin() != URL(self.base_url).origin():  # our token goes to nobody else
                raise CallFailed(Bug(f"GitHub's list goes on at another host, {URL(url).host}"))
        raise CallFailed(Bug(f"the list at {path} has no end"))

    async def _parsed(
        self, method: str, path: str, variables: Vars, body: Json, *, jwt: str | None, oauth_token: str | None
    ) -> tuple[Json, str | None, int]:
        try:
            answer, more, status = await self._make_request(
                method, path, variables, body, "application/vnd.github+json", jwt=jwt, oauth_token=oauth_token,
                extra_headers={"x-github-api-version": "2022-11-28"},
            )  # fmt: skip
            if not isinstance(answer, dict | list | None):
                raise ValueError("it is no JSON")  # a proxy's page, say
            return answer, more, status
        except (ValueError, OverflowError) as error:  # a 2xx whose body or counters are not what they should be
            raise CallFailed(
                RetryAt(f"GitHub's answer cannot be read: {error}", unsure=method != "GET"), 200
            ) from error

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        status, answered, content = await self._exchange(method, URL(url, encoded=True), headers, body)
        if status < 300:
            return status, answered, content
        raise CallFailed(classify(status, answered, _message(content), self._clock()), status)

    async def _exchange(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The answer, having followed redirects by hand: following them by itself, aiohttp would turn POST into GET."""
        assert self.session is not None, "the client is used outside `async with`"
        for _ in range(_REDIRECTS):
            try:
                async with self.session.request(
                    method, url, headers=headers, data=body, timeout=_TIMEOUT, allow_redirects=False
                ) as response:
                    content = await response.read()
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                self._metrics.requests.labels(method, "none").inc()
                never_sent = isinstance(error, aiohttp.ClientConnectorError)
                why = f"GitHub cannot be reached: {type(error).__name__}"
                raise CallFailed(RetryAt(why, unsure=method != "GET" and not never_sent)) from error
            self._metrics.requests.labels(method, str(response.status)).inc()
            moved_to = response.headers.get("Location")
            if response.status not in _MOVED or not moved_to:
                return response.status, response.headers, content
            target = url.join(URL(moved_to))
            if target.origin() != url.origin():  # our token goes to nobody else
                raise CallFailed(Bug(f"GitHub sends us to another host, {target.host}"), response.status)
            url = target
        raise CallFailed(Bug("GitHub sends us in a circle"), 301)

    def sort_graphql(self, kind: str, message: str, *, writes: bool) -> Failure:
        """What a GraphQL error's type means, by the REST status it corresponds to."""
        refused = {"RATE_LIMITED": 429, "NOT_FOUND": 404, "FORBIDDEN": 403, "UNPROCESSABLE": 422}
        if kind in refused:
            return classify(refused[kind], {}, message, self._clock())
        if message.startswith("Something went wrong"):  # a time-out, mostly: flutter/flutter#90640
            return classify(504, {}, message, self._clock())
        if writes:  # GitHub does not document its types: of one that we do not know, nobody knows what was done
            return RetryAt(f"GitHub's GraphQL says: {message}", unsure=True)
        return classify(400, {}, message, self._clock())

    async def sleep(self, seconds: float) -> None:
        """Nothing here waits: a call that should wait raises CallFailed with the time."""
        raise NotImplementedError


def _message(content: bytes) -> str:
    """GitHub's own explanation, or nothing: its proxies answer in HTML."""
    try:
        answer = json.loads(content)
    except ValueError:
        return "no explanation"
    if not isinstance(answer, dict):
        return "no explanation"
    # «Validation Failed» says little; what is behind it stands in the errors, as texts or as objects with a message.
    errors = answer.get("errors")
    found = [one.get("message") if isinstance(one, dict) else one for one in errors] if isinstance(errors, list) else []
    return ": ".join(str(word) for word in [answer.get("message", "no explanation"), *found] if word)[:300]
