"""A place to play in: an organisation with people and a repository, an app installed on it, and clients to call as.

Everything that passes the API is checked against GitHub's OpenAPI document, and every delivery against its description
of webhooks, whatever the test is about.
"""

import functools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.sandbox import Clock, Limits, Running, World, running
from bot.sandbox.acts.apps import new_private_key
from bot.sandbox.model import Account, App, Installation, Organization, Repo
from tests import github_spec

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "discussions": "write",
    "issues": "write",
    "members": "read",
    "organization_administration": "read",
    "pull_requests": "write",
}
EVENTS = (
    "check_suite",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "label",
    "member",
    "membership",
    "org_block",
    "organization",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "repository",
    "team",
)
MORNING = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


@functools.cache
def signing_key(pem: str) -> RSAPrivateKey:
    """Reading a key takes 50 ms, so each is read once."""
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


@dataclass(frozen=True)
class Told:
    """An answer, as the client got it."""

    status: int
    headers: dict[str, str]
    data: Any


@dataclass
class Client:
    """Calls the API as somebody. `calls` counts nothing: see `Running.requests`."""

    session: aiohttp.ClientSession
    url: str
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        url = path if path.startswith("http") else self.url + path
        more: dict[str, Any] = {} if body is None else {"json": body}
        async with self.session.request(method, url, headers=sent, allow_redirects=False, **more) as response:
            is_json = response.content_type == "application/json"
            data = (await response.json() if is_json else await response.text()) if await response.read() else None
            return Told(response.status, dict(response.headers), data)

    async def get(self, path: str, **headers: str) -> Told:
        return await self("GET", path, None, **headers)

    async def post(self, path: str, body: object = None) -> Told:
        return await self("POST", path, body)


@dataclass
class Place:
    """Who and what there is. `maintainer` owns the organisation, `helper` is a private member, `ada` a stranger."""

    clock: Clock
    world: World
    organization: Organization
    maintainer: Account
    helper: Account
    ada: Account
    repo: Repo
    app: App
    installation: Installation

    def app_token(self, *, lives: float = 300, issued: float = -60, **claims: object) -> str:
        """The app's JWT by the place's clock; times in seconds from now."""
        now = self.clock().timestamp()
        payload = {"iss": str(self.app.id), "iat": int(now + issued), "exp": int(now + lives), **claims}
        assert self.app.private_key is not None
        key = signing_key(self.app.private_key)
        return jwt.encode({k: v for k, v in payload.items() if v is not None}, key, algorithm="RS256")

    def installation_token(self) -> str:
        return self.world.installation_token(self.installation).value


def make_place(key: str) -> Place:
    clock = Clock(MORNING)
    world = World(now=clock)
    organization = world.organization("alpine-tools")
    maintainer, helper, ada = (world.user(login) for login in ("mira", "hal", "ada"))
    world.add_member(organization, maintainer, admin=True)
    world.add_member(organization, helper, public=False)
    labels = {"bug": "d73a4a", "needs: triage": "ededed", "good first issue": "7057ff"}
    repo = world.repository(organization, "trail-maps", description="Maps of trails", labels=labels)
    app = world.app(
        slug="switchback",
        owner=organization,
        permissions=PERMISSIONS,
        events=EVENTS,
        webhook_secret="a secret for tests",
        private_key=key,
    )
    installation = world.install(app, organization)
    return Place(clock, world, organization, maintainer, helper, ada, repo, app, installation)


@pytest.fixture(scope="session")
def key() -> str:
    """One private key for all tests: making one takes 50 ms and more."""
    return new_private_key()


@pytest.fixture(scope="session")
def hooks() -> github_spec.WebhookSpec:
    return github_spec.webhooks()


@pytest.fixture
def place(key: str, hooks: github_spec.WebhookSpec) -> Iterator[Place]:
    place = make_place(key)
    yield place
    for delivery in (*place.world.past, *place.world.deliveries):
        hooks.check(delivery.event, delivery.payload)


@pytest.fixture
def spec() -> github_spec.RestSpec:
    return github_spec.rest()


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def github(place: Place, spec: github_spec.RestSpec, limits: Limits) -> AsyncIterator[Running]:
    async with running(place.world, limits=limits, middlewares=[spec.watch]) as github:
        yield github
    assert not spec.violations, "\n".join(spec.violations)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"User-Agent": "the tests"}) as session:
        yield session


@pytest.fixture
def nobody(github: Running, session: aiohttp.ClientSession) -> Client:
    """Calls without a token."""
    return Client(session, github.url)


@pytest.fixture
def as_app(nobody: Client, place: Place) -> Client:
    """Calls as the app itself, with its JWT."""
    return Client(nobody.session, nobody.url, place.app_token())


@pytest.fixture
def bot(nobody: Client, place: Place) -> Client:
    """Calls with a token of the installation."""
    return Client(nobody.session, nobody.url, place.installation_token())


@pytest.fixture
def ada(nobody: Client, place: Place) -> Client:
    """Calls as a stranger."""
    return Client(nobody.session, nobody.url, place.world.token_for(place.ada))


@pytest.fixture
def maintainer(nobody: Client, place: Place) -> Client:
    """Calls as an owner of the organisation."""
    return Client(nobody.session, nobody.url, place.world.token_for(place.maintainer))
