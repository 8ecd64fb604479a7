"""A client of ours, and two GitHubs for it: the sandbox, and a script that says just what a test wants to hear."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from bot.effects import Act, MakeLabel, Say
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.errors import CallFailed
from bot.github.read import Reader
from bot.github.write import Writer
from bot.github.written import Done, Dropped, Taken
from bot.memory import ledger, migrations, schema
from bot.memory.store import Store
from bot.metrics import Metrics
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Thread, ThreadKind, ThreadRef
from bot.sandbox import Running, Weather, World, running
from bot.sandbox import model as sandbox
from bot.settings import Secret
from tests.stage import Cast, StageClock, prepare

OURS: Final = InstallationId(7)
KEY: Final = "welcome/issue/1/101"
Reply = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True)
class Heard:
    """A request that came in. `token` is what was shown in the Authorization header."""

    method: str
    path: str
    token: str
    body: Any


def says(data: object, status: int = 200, **headers: str) -> Reply:
    """JSON; or, where it is bytes, a page."""

    async def reply(request: web.Request) -> web.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(data, bytes):
            return web.Response(body=data, status=status, headers={"Content-Type": "text/html"} | names)
        return web.json_response(data, status=status, headers=names)

    return reply


async def cuts(request: web.Request) -> web.Response:
    """The connection breaks in place of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


class Script:
    """Answers as the test wrote down, one after the other. Tokens it gives out as asked: token-1, token-2 …"""

    def __init__(self, clock: StageClock) -> None:
        self.url = ""
        self.heard: list[Heard] = []
        self.replies: list[Reply] = []
        self.token_replies: list[Reply] = []
        self.tokens = 0
        self._clock = clock

    def then(self, *replies: Reply) -> None:
        self.replies += replies

    async def answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").partition(" ")[2]
        body = await request.read()
        self.heard.append(Heard(request.method, request.path_qs, token, json.loads(body) if body else None))
        if request.path.endswith("/access_tokens"):
            return await (self.token_replies.pop(0) if self.token_replies else self._give_token)(request)
        return await self.replies.pop(0)(request)

    async def _give_token(self, request: web.Request) -> web.Response:
        self.tokens += 1
        expires_at = f"{self._clock() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        return web.json_response({"token": f"token-{self.tokens}", "expires_at": expires_at}, status=201)

    @property
    def calls(self) -> list[Heard]:
        """Without those for tokens."""
        return [heard for heard in self.heard if not heard.path.endswith("/access_tokens")]


@asynccontextmanager
async def scripted(clock: StageClock) -> AsyncIterator[Script]:
    script = Script(clock)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        script.url = str(server.make_url("")).rstrip("/")
        yield script


@pytest.fixture
async def script(clock: StageClock) -> AsyncIterator[Script]:
    async with scripted(clock) as script:
        yield script


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def client_of(url: str, app_id: str, private_key: str, clock: StageClock, metrics: Metrics | None = None) -> Client:
    return Client(url, AppKey(app_id, Secret(private_key), clock), clock, metrics or Metrics())


@pytest.fixture
async def client(script: Script, private_key: str, clock: StageClock, metrics: Metrics) -> AsyncIterator[Client]:
    """Calls the script."""
    async with client_of(script.url, "1", private_key, clock, metrics) as client:
        yield client


@dataclass(frozen=True)
class Place:
    """The sandbox with our app on an organisation, and a client that calls it."""

    world: World
    cast: Cast
    github: Running
    client: Client
    installation: InstallationId

    @property
    def weather(self) -> Weather:
        return self.github.weather

    def calls(self) -> list[str]:
        """What was asked, but for tokens."""
        seen = [f"{seen.method} {seen.route}" for seen in self.github.requests]
        return [call for call in seen if not call.endswith("/access_tokens")]


@pytest.fixture
async def place(private_key: str, clock: StageClock) -> AsyncIterator[Place]:
    world, cast = prepare(clock, private_key)
    [installation] = world.installations.values()
    async with running(world) as github, client_of(github.url, str(cast.app.id), private_key, clock) as client:
        yield Place(world, cast, github, client, InstallationId(installation.id))


def known(thread: sandbox.Thread, **other: Any) -> Thread:
    """A thread of the sandbox as memory would have it."""
    kind = {sandbox.PullRequest: ThreadKind.PULL_REQUEST, sandbox.Discussion: ThreadKind.DISCUSSION}
    owner = thread.repo.owner
    values: dict[str, Any] = {
        "ref": ThreadRef(RepoId(thread.repo.id), thread.number),
        "kind": kind.get(type(thread), ThreadKind.ISSUE),
        "repo": Repo(RepoId(thread.repo.id), OwnerId(owner.id), owner.login, thread.repo.name),
        "author": Person(PersonId(thread.author.id), thread.author.login),
        "node_id": thread.node_id,
        "created_at": thread.created_at,
        "heard_at": thread.created_at,
    }
    return Thread(**values | other)


class Desk:
    """Where writers sit: each of them new, as after a restart; the ledger and GitHub stay."""

    def __init__(self, place: Place, store: Store, clock: StageClock) -> None:
        self.place = place
        self.store = store
        self.clock = clock
        self.issue = place.world.open_issue(place.cast.maps, by=place.cast.ada, title="A")
        self.allow: Callable[[Connection, Say], Say] = lambda db, say: say

    def writer(self) -> Writer:
        return Writer(self.place.client, Reader(self.place.client), self.store, self.clock)

    def say(self, thread: sandbox.Thread | None = None, key: str = KEY) -> Say:
        ada = Person(PersonId(self.place.cast.ada.id), "ada")
        ref = known(thread or self.issue).ref
        return Say(rule="welcome", key=key, why="first issue", thread=ref, template="t", language="en", to=ada)

    async def perform(self, act: Act, thread: sandbox.Thread | None = None) -> Done | Taken | Dropped:
        return await self.writer().perform(
            act, self.known(thread), self.place.installation, allow=self.allow, render=render
        )

    def claims(self, act: Say, db: Connection) -> None:
        """All that somebody did who died then."""
        ledger.claim(db, act, act.to.id, self.known().repo, self.place.installation, self.clock())

    async def look(self, act: Act, thread: sandbox.Thread | None = None) -> None:
        """As one look at the thread does it."""
        try:
            if await self.writer().find_out(self.known(thread), self.place.installation) is None:
                await self.perform(act, thread)
        except CallFailed:
            pass

    def known(self, thread: sandbox.Thread | None = None) -> Thread:
        return known(thread or self.issue)

    def state(self, key: str = KEY) -> tuple[str, str | None] | None:
        """What the ledger says: the state, and why it was dropped."""
        entries = self.store.read_now(lambda db: db.execute(schema.ledger.select()).mappings().all())
        return next(((row["state"], row["outcome"]) for row in entries if row["key"] == key), None)

    def ours(self, thread: sandbox.Thread | None = None) -> list[sandbox.Comment]:
        return [one for one in (thread or self.issue).comments if one.author is self.place.cast.app.bot]

    def writes(self) -> int:
        return sum(call.startswith("POST") for call in self.place.calls())


def render(say: Say | MakeLabel) -> str:
    if isinstance(say, MakeLabel):
        return f"Stands for {say.name}"
    return f"Welcome, {'@' if say.mention else ''}{say.to.login}!"


@pytest.fixture
async def desk(place: Place, database_url: str, clock: StageClock) -> AsyncIterator[Desk]:
    store = Store(database_url)
    migrations.upgrade(store)
    yield Desk(place, store, clock)
    store.close()
