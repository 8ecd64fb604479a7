"""`python -m bot backfill`, as a process of its own, against a GitHub with a past."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from bot.clock import WallClock
from bot.memory import schema
from bot.memory.rows import get
from bot.memory.store import Store
from bot.playing import EVENTS, PERMISSIONS
from bot.sandbox import Fault, Running, running
from bot.sandbox.sample import Sample, sample
from tests.stage import SECRET, SLUG

_ROOT: Final = Path(__file__).parent.parent.parent
_PATIENCE: Final = 60.0  # seconds


@dataclass(frozen=True)
class Place:
    town: Sample
    github: Running
    environment: dict[str, str]

    async def start(self, *arguments: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "backfill", *arguments,
            cwd=_ROOT, env={**os.environ, "COLUMNS": "200", **self.environment}, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip

    async def run(self, *arguments: str) -> tuple[int | None, str]:
        process = await self.start(*arguments)
        async with asyncio.timeout(_PATIENCE):
            out, told = await process.communicate()
        assert out == b""
        return process.returncode, told.decode()

    def past_read_at(self) -> object:
        store = Store(self.environment["DATABASE_URL"])
        row = store.read_now(lambda db: get(db, schema.owners, id=self.town.organization.id))
        store.close()
        return row and row["past_read_at"]


@pytest.fixture
async def place(private_key: str, database_url: str) -> AsyncIterator[Place]:
    town = sample(WallClock())
    app = town.world.app(
        slug=SLUG, owner=town.organization, private_key=private_key, webhook_secret=SECRET,
        permissions=PERMISSIONS, events=EVENTS,
    )  # fmt: skip
    town.world.install(app, town.organization)
    async with running(town.world) as github:
        yield Place(
            town,
            github,
            {
                "GITHUB_APP_ID": str(app.id),
                "GITHUB_APP_PRIVATE_KEY": private_key,
                "GITHUB_WEBHOOK_SECRET": SECRET,
                "GITHUB_API_URL": github.url,
                "DATABASE_URL": database_url,
            },
        )


@pytest.mark.parametrize("arguments", [(), ("alpine-tools",), ("ALPINE-TOOLS", "--share", "100")], ids=" ".join)
async def test_it_reads_everything_and_says_so(place: Place, arguments: tuple[str, ...]) -> None:
    code, told = await place.run(*arguments)
    assert code == 0, told
    assert "3 repositories read in" in told
    assert "The whole past of alpine-tools is known" in told
    assert place.past_read_at() is not None


async def test_ctrl_c_keeps_what_was_read_and_the_next_time_goes_on(place: Place) -> None:
    place.github.weather.next(Fault(match=("GET", r".*/labels"), delay=5.0))
    process = await place.start()
    async with asyncio.timeout(_PATIENCE):
        while not any(seen.route == "/repos/{owner}/{repo}/commits" for seen in place.github.requests):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, told = await process.communicate()
    assert process.returncode == 1
    assert "Stopped. Everything up to here is kept." in told.decode()
    assert "Traceback" not in told.decode()
    assert place.past_read_at() is None
    before = len(place.github.requests)
    code, rest = await place.run()
    assert code == 0, rest
    again = [seen.path for seen in list(place.github.requests)[before:]]
    assert not any(path.endswith("/trail-maps/issues") for path in again)
    assert place.past_read_at() is not None


async def test_what_cannot_be_read_is_told_with_the_reason(place: Place) -> None:
    refusal = {"message": "Resource not accessible by integration"}
    place.github.weather.next(Fault(match=("GET", r".*/labels"), status=403, body=refusal, times=99))
    code, told = await place.run()
    assert code == 1
    assert "alpine-tools/trail-maps: labels not read" in told
    assert "Resource not accessible by integration" in told
    assert "3 lists could not be read (see above)" in told


async def test_it_says_where_the_app_is_installed(place: Place) -> None:
    code, told = await place.run("nowhere")
    assert (code, told) == (1, "switchback: the app is not installed on nowhere; it is on alpine-tools\n")


async def test_a_key_that_github_does_not_accept_is_told_in_one_line(place: Place) -> None:
    place.environment["GITHUB_APP_ID"] = "4711"
    code, told = await place.run()
    assert code == 1
    assert told.startswith("switchback: GitHub does not let us in:")
    assert told.count("\n") == 1


async def test_nothing_can_be_read_before_it_is_installed(place: Place) -> None:
    for installation in list(place.town.world.installations.values()):
        place.town.world.uninstall(installation)
    code, told = await place.run()
    assert (code, told) == (
        1, "switchback: the app is installed nowhere: install it on your organisation first\n",
    )  # fmt: skip
