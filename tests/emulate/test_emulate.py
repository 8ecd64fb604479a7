"""End to end against `emulate`, a GitHub that others wrote: app JWT, installation token, signed webhooks, one comment.

It takes any token it does not know for its first user, so that is a nobody, and each comment's author is looked at.
"""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.app import PARTS, Parts, build
from bot.clock import WallClock
from bot.memory.schema import deliveries
from bot.settings import Secret, Settings
from tests import npm

SECRET: Final = "a secret for emulate"
APP_ID: Final = 12345
ORG: Final = "alpine-tools"
GRACE, LINUS, ADA = "token-of-grace", "token-of-linus", "token-of-ada"
PERMISSIONS: Final = {"issues": "write", "pull_requests": "write", "contents": "read", "members": "read"}


def seed(webhook_url: str) -> dict[str, Any]:
    """An organisation with two members, two repositories and our app; ada is a stranger."""
    return {
        "tokens": {
            GRACE: {"login": "grace", "scopes": ["repo", "admin:org", "user"]},
            LINUS: {"login": "linus", "scopes": ["repo"]},
            ADA: {"login": "ada", "scopes": ["repo"]},
        },
        "github": {
            "users": [{"login": login} for login in ("nobody", "grace", "linus", "ada")],
            "orgs": [{"login": ORG, "members": [{"login": "grace", "role": "admin"}, {"login": "linus"}]}],
            "repos": [{"owner": ORG, "name": name, "auto_init": True} for name in ("trail-maps", "huts")],
            "apps": [
                {
                    "app_id": APP_ID,
                    "slug": "switchback",
                    "name": "Switchback",
                    "permissions": {**PERMISSIONS, "metadata": "read"},
                    "events": ["*"],
                    "webhook_url": webhook_url,
                    "webhook_secret": SECRET,
                    "installations": [{"installation_id": 100, "account": ORG, "repository_selection": "all"}],
                }
            ],
        },
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Emulate:
    url: str
    private_key: str
    webhook_port: int


@pytest.fixture
def emulate(tmp_path: Path) -> Iterator[Emulate]:
    node = shutil.which("node") or npm.unavailable("node is not installed")
    folder, port, webhook_port = npm.emulate(), free_port(), free_port()
    script = tmp_path / "run.mjs"
    shutil.copy(Path(__file__).parent / "run.mjs", script)
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    (tmp_path / "seed.json").write_text(json.dumps(seed(f"http://127.0.0.1:{webhook_port}/webhook")))
    with subprocess.Popen(
        [node, "--preserve-symlinks", "--preserve-symlinks-main", "run.mjs", "seed.json", str(port)],
        cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            started = json.loads(process.stdout.readline())
            yield Emulate(started["url"], started["keys"][str(APP_ID)], webhook_port)
        finally:
            process.kill()  # it keeps nothing


@pytest.fixture
async def bot(emulate: Emulate, database_url: str) -> AsyncIterator[Parts]:
    settings = Settings(
        app_id=str(APP_ID),
        private_key=Secret(emulate.private_key),
        webhook_secrets=(Secret(SECRET),),
        api_url=emulate.url,
        database_url=database_url,
        start_live=True,
    )
    app = build(settings, clock=WallClock())
    async with TestServer(app, host="127.0.0.1", port=emulate.webhook_port):
        yield app[PARTS]


class Person:
    """Calls emulate's API as somebody."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def opens(self, repo: str, title: str) -> str:
        """An issue. Returns the path of its comments."""
        path = f"/repos/{ORG}/{repo}/issues"
        async with self._session.post(self._url + path, json={"title": title}, headers=self._headers) as answer:
            assert answer.status == 201
            return f"{path}/{(await answer.json())['number']}/comments"

    async def reads(self, path: str) -> list[tuple[str, str]]:
        """Author and text of each comment."""
        async with self._session.get(self._url + path, headers=self._headers) as answer:
            return [(comment["user"]["login"], comment["body"]) for comment in await answer.json()]


async def quiet(bot: Parts, *, welcomes: int) -> None:
    """Until so many welcomes are written and nothing is left to do."""
    async with asyncio.timeout(20):
        while bot.metrics.registry.get_sample_value(
            "switchback_acts_total", {"rule": "welcome", "effect": "say", "outcome": "done"}
        ) != float(welcomes):
            await asyncio.sleep(0.05)
        await bot.engine.settled()


async def test_a_newcomer_is_welcomed_once_and_a_member_not_at_all(emulate: Emulate, bot: Parts) -> None:
    async with aiohttp.ClientSession() as session:
        ada, linus, grace = (Person(session, emulate.url, token) for token in (ADA, LINUS, GRACE))
        first = await ada.opens("trail-maps", "The map is upside down")
        await quiet(bot, welcomes=1)
        [(author, text)] = await ada.reads(first)
        assert author == "switchback[bot]"
        assert text.startswith("Welcome, @ada, and thank you for your first issue here.")

        second = await ada.opens("huts", "The hut is closed")
        members = [await linus.opens("huts", "From a member"), await grace.opens("trail-maps", "From an owner")]
        async with asyncio.timeout(10):
            while len(await bot.store.read(lambda db: list(db.execute(deliveries.select())))) < 4:
                await asyncio.sleep(0.05)
        await quiet(bot, welcomes=1)
        for path in (second, *members):
            assert await ada.reads(path) == []
        assert len(await ada.reads(first)) == 1
