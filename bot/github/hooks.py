"""What the app asks about itself: how it is registered and installed, where its webhook goes, and what was delivered.

docs.github.com: «REST API endpoints for GitHub App webhooks». GitHub keeps the log of deliveries for three days, and
never delivers again by itself. All of it raises CallFailed.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.github.client import Client
from bot.memory.payloads import instant
from bot.model import InstallationId, RepoId

KEPT: Final = timedelta(days=3)
_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver something, as GitHub's log has it. All tries at one delivery have its `guid`.

    `status` is GitHub's phrase: "OK", "Invalid HTTP Response: 500", "timed out", "failed to connect to host".
    """

    id: int
    guid: str
    at: datetime
    event: str
    status: str
    status_code: int
    redelivery: bool
    repo_id: RepoId | None

    @property
    def got_through(self) -> bool:
        """It was taken."""
        return 200 <= self.status_code < 300

    @property
    def answered(self) -> bool:
        """Somebody answered at the webhook's address, whatever they said."""
        return self.got_through or self.status.lower().startswith("invalid http response")


@dataclass(frozen=True, slots=True)
class HookConfig:
    """Where deliveries go. GitHub hides the secret and shows only whether there is one."""

    url: str
    content_type: str
    has_secret: bool
    verifies_tls: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """The app as its owner has set it up. `settings_url` is the page where permissions and events are changed."""

    slug: str
    settings_url: str
    permissions: Mapping[str, str]
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """An installation, and what it was granted. `url` is the page where its owner changes that."""

    id: InstallationId
    account: str
    url: str
    suspended: bool
    permissions: Mapping[str, str]
    events: frozenset[str]


class Hooks:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def attempts(self, since: datetime) -> AsyncIterator[Attempt]:
        """The log of deliveries back to then, newest first, page by page as far as it is asked for."""
        async for page in self._client.pages_as_app(f"/app/hook/deliveries?per_page={_PAGE}"):
            for entry in page:
                attempt = _attempt(entry)
                if attempt is not None and attempt.at >= since:
                    yield attempt
            if page and (oldest := instant(page[-1]["delivered_at"])) is not None and oldest < since:
                return

    async def redeliver(self, attempt: Attempt) -> None:
        """Asks GitHub to deliver once more what it tried to deliver then. It comes later, with the same GUID."""
        await self._client.as_app("POST", "/app/hook/deliveries/{id}/attempts", id=attempt.id)

    async def config(self) -> HookConfig:
        told = await self._client.as_app("GET", "/app/hook/config")
        return HookConfig(
            url=told.get("url") or "",
            content_type=told.get("content_type") or "form",  # GitHub's own default
            has_secret=bool(told.get("secret")),
            verifies_tls=str(told.get("insecure_ssl") or "0") == "0",
        )

    async def registration(self) -> Registration:
        app = await self._client.as_app("GET", "/app")
        site, _, _ = app["html_url"].partition("/apps/")
        owner = app.get("owner") or {}
        place = f"organizations/{owner['login']}/" if owner.get("type") == "Organization" else ""
        url = f"{site}/{place}settings/apps/{app['slug']}/permissions"
        return Registration(app["slug"], url, app["permissions"], frozenset(app["events"]))

    async def grants(self) -> list[Grant]:
        """Every installation. An enterprise has a slug where other accounts have a login."""
        return [_grant(one) for one in await self._client.list_as_app(f"/app/installations?per_page={_PAGE}")]


def _attempt(entry: Mapping[str, Any]) -> Attempt | None:
    """None for what was not tried yet."""
    at = instant(entry["delivered_at"])
    if at is None:
        return None
    return Attempt(
        id=entry["id"],
        guid=entry["guid"],
        at=at,
        event=entry["event"],
        status=entry["status"],
        status_code=entry["status_code"],
        redelivery=entry["redelivery"],
        repo_id=entry["repository_id"],
    )


def _grant(one: Mapping[str, Any]) -> Grant:
    account = one["account"] or {}
    return Grant(
        id=one["id"],
        account=account.get("login") or account.get("slug") or "",
        url=one["html_url"],
        suspended=bool(one.get("suspended_at")),
        permissions=one["permissions"],
        events=frozenset(one["events"]),
    )
