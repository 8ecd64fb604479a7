"""Calls GitHub's API. The only file that imports gidgethub's client: one file must be enough to replace it.

It signs, bounds the time, counts, and turns every failure into a `CallFailed` that says what to do about it. It never
sleeps and never repeats a call, but for one 401, which only means that a token ended early.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. `next`: the path of the next one; `last`: how many there are, if GitHub says so.

    `unchanged`: GitHub says that this page is what it was when it had the `etag` that was shown.
    """

    items: list[Json]
    next: str | None = None
    last: int | None = None
    etag: str | None = None
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of an hour's calls."""

    limit: int
    remaining: int
    resets_at: datetime


class Client:
    """One for the whole program, used inside `async with`. `base_url` is that of the REST API; GraphQL is beside it."""

    def __init__(self, base_url: str, key: AppKey, clock: Clock, metrics: Metrics) -> None:
        self._door = _Door(base_url, clock, metrics)
        self._key = key
        self._tokens = TokenCache(self._new_token, clock)
        # GitHub Enterprise Server has its REST API at /api/v3 and GraphQL at /api/graphql.
        self._graphql_url = f"{base_url.removesuffix('/v3')}/graphql"
        self._rates: dict[tuple[InstallationId, str], Rate] = {}

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
        return await self._door.pages(path, {}, jwt=self._key.jwt)

    async def pages_as_app(self, path: str) -> AsyncIterator[list[Json]]:
        """The same one page after the other, for whoever does not want all of it. Raises CallFailed."""
        async for page in self._door.each_page(path, {}, jwt=self._key.jwt):
            yield page

    @property
    def ahead(self) -> timedelta | None:
        """How far GitHub's clock was ahead of ours at its last answer, to the second; None: it has not told."""
        return self._door.ahead

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

    async def page(
        self, installation: InstallationId, path: str, variables: Vars | None = None, *, etag: str | None = None
    ) -> Page:
        """One page of a list for an installation, `path` being the list's or a page's `next`. With the `etag` that it
        had, a page that has not changed costs nothing. Raises CallFailed."""
        return await self._signed(
            installation, lambda token: self._door.page(path, variables or {}, oauth_token=token, etag=etag)
        )

    def rate(self, installation: InstallationId, resource: str) -> Rate | None:
        """What is left of this hour's calls ("core" or "graphql"), as of the last answer; None before the first one, or
        where GitHub does not count."""
        return self._rates.get((installation, resource))

    async def _signed(self, installation: InstallationId, send: Callable[[str], Awaitable[T]]) -> T:
        """As below, and notes what GitHub says of the rate limit."""
        try:
            return await self._sent(installation, send)
        finally:
            if (told := _rate(_ANSWERED.get({}))) is not None:
                resource, rate = told
                self._rates[installation, resource] = rate

    async def _sent(self, installation: InstallationId, send: Callable[[str], Awaitable[T]]) -> T:
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
        answer = await self._ask(installation, query, variables)
        return self._data(query, answer, answer.get("errors") or ())

    async def graphql_nodes(self, installation: InstallationId, query: str, ids: Sequence[str]) -> list[Json]:
        """The `nodes` of a GraphQL query for several things by their `$ids`; None for what is not there. Raises
        CallFailed."""
        answer = await self._ask(installation, query, {"ids": list(ids)})
        errors = answer.get("errors") or ()
        if (answer.get("data") or {}).get("nodes"):  # then what is missing stands there as null
            errors = [error for error in errors if error.get("type") != "NOT_FOUND"]
        nodes: list[Json] = self._data(query, answer, errors)["nodes"]
        return nodes

    async def _ask(self, installation: InstallationId, query: str, variables: Mapping[str, object]) -> Json:
        return await self.call(
            installation, "POST", self._graphql_url, data={"query": query, "variables": variables}
        )  # fmt: skip

    def _data(self, query: str, answer: Json, errors: Sequence[Mapping[str, Any]]) -> Json:
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


class _NotModified(Exception):
    """GitHub answered 304."""


# The headers of the last answer in this task: gidgethub hands them to nobody.
_ANSWERED: Final[ContextVar[Mapping[str, str]]] = ContextVar("answered")


def _rate(headers: Mapping[str, str]) -> tuple[str, Rate] | None:
    try:
        limit, remaining, reset = (int(headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))
        return headers.get("X-RateLimit-Resource", "core"), Rate(limit, remaining, datetime.fromtimestamp(reset, UTC))
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _last(link: str) -> int | None:
    """The number of the last page, where a list has numbered pages."""
    for part in link.split(","):
        address, _, relation = part.partition(";")
        if 'rel="last"' in relation:
            number = URL(address.strip(" <>")).query.get("page", "")
            return int(number) if number.isdecimal() else None
    return None


class _Door(abc.GitHubAPI):
    """gidgethub's client over our own transport, which sorts failures by status and headers before gidgethub does."""

    def __init__(self, base_url: str, clock: Clock, metrics: Metrics) -> None:
        super().__init__(f"switchback/{__version__}", base_url=base_url)
        self.session: aiohttp.ClientSession | None = None
        self.ahead: timedelta | None = None
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
        self, path: str, variables: Vars, *, jwt: Callable[[], str] | None = None, oauth_token: str | None = None
    ) -> list[Json]:
        return [
            item async for page in self.each_page(path, variables, jwt=jwt, oauth_token=oauth_token) for item in page
        ]

    async def each_page(
        self, path: str, variables: Vars, *, jwt: Callable[[], str] | None = None, oauth_token: str | None = None
    ) -> AsyncIterator[list[Json]]:
        """`jwt` signs each page anew: a list may take longer than a signature lasts."""
        url: str | None = path
        for _ in range(_LONGEST_LIST):
            signed = jwt() if jwt else None
            answer, url, _ = await self._parsed("GET", url or path, variables, b"", jwt=signed, oauth_token=oauth_token)
            yield answer
            if url is None:
                return
            if URL(url).origin() != URL(self.base_url).origin():  # our token goes to nobody else
                raise CallFailed(Bug(f"GitHub's list goes on at another host, {URL(url).host}"))
        raise CallFailed(Bug(f"the list at {path} has no end"))

    async def page(self, path: str, variables: Vars, *, oauth_token: str, etag: str | None) -> Page:
        try:
            answer, url, _ = await self._parsed(
                "GET", path, variables, b"", jwt=None, oauth_token=oauth_token, etag=etag
            )
        except _NotModified:
            return Page([], etag=etag, unchanged=True)
        if url is not None and URL(url).origin() != URL(self.base_url).origin():  # our token goes to nobody else
            raise CallFailed(Bug(f"GitHub's list goes on at another host, {URL(url).host}"))
        items = answer if isinstance(answer, list) else next(one for one in answer.values() if isinstance(one, list))
        headers = _ANSWERED.get({})
        return Page(items, url and url.removeprefix(self.base_url), _last(headers.get("Link", "")), headers.get("ETag"))

    async def _parsed(
        self,
        method: str,
        path: str,
        variables: Vars,
        body: Json,
        *,
        jwt: str | None,
        oauth_token: str | None,
        etag: str | None = None,
    ) -> tuple[Json, str | None, int]:
        headers = {"x-github-api-version": "2022-11-28"} | ({"if-none-match": etag} if etag else {})
        try:
            answer, more, status = await self._make_request(
                method, path, variables, body, "application/vnd.github+json", jwt=jwt, oauth_token=oauth_token,
                extra_headers=headers,
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
        _ANSWERED.set(answered)
        if status == 304:
            raise _NotModified
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
            self.ahead = _ahead(response.headers.get("Date", ""), self._clock())
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
        raise NotImplementedError  # gidgethub asks for the method, and nothing of ours calls it


def _ahead(date: str, now: datetime) -> timedelta | None:
    """How far an answer's Date (RFC 9110, 6.6.1: in whole seconds) is ahead of our clock."""
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) - now.replace(microsecond=0)


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
