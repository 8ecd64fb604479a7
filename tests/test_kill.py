"""`kill -9` of the real process at random moments, while 200 deliveries come in: each newcomer has exactly one welcome.

GitHub redelivers only what somebody asks for; here whoever posts does, so what was not acknowledged is posted again.
"""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import aiohttp
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from bot.playing import EVENTS, PERMISSIONS
from bot.sandbox import Delivery, Weather, World, running
from bot.sandbox.model import Account, Thread
from bot.sandbox.weather import COMMENTS, slow
from tests import postgres
from tests.stage import SECRET, SLUG

ORGANISATIONS: Final = 5
NEWCOMERS: Final = 8  # in each; with two issues, a comment and a label each that makes 200 deliveries and some
KILLS: Final = 8
SEED: Final = 11
_ENDS: Final = 3
_AGAIN: Final = 0.2  # seconds; 200 that knock at a closed door twenty times a second take the time of who is to open it


class Service:
    """`python -m bot serve` as a process that somebody keeps killing and starting again; as a context it ends dead."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=self._environment, stdout=DEVNULL, stderr=DEVNULL
        )

    async def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def ready(self, session: aiohttp.ClientSession) -> None:
        """What ends by itself, because the database was too slow at the start, is started again, as a platform does."""
        ends = 0
        while True:
            if self._process is not None and self._process.returncode is not None:
                ends += 1
                assert ends < _ENDS, f"it does not stay: exit code {self._process.returncode}"
                await self.start()
            try:
                async with session.get(f"{self.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


async def post_until_taken(session: aiohttp.ClientSession, url: str, delivery: Delivery) -> None:
    while True:
        try:
            async with session.post(f"{url}/webhook", data=delivery.body, headers=delivery.headers(SECRET)) as answer:
                if answer.status in {200, 202}:
                    return
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(_AGAIN)


class Town:
    """Five organisations with our app on them, and newcomers who all come at once."""

    def __init__(self, private_key: str) -> None:
        self.world = World(now=lambda: datetime.now(UTC))
        home = self.world.organization("home")
        self.app = self.world.app(
            slug=SLUG,
            owner=home,
            private_key=private_key,
            permissions=PERMISSIONS,
            events=EVENTS,
            webhook_secret=SECRET,
        )
        self.organisations = [self.world.organization(f"org-{number}") for number in range(ORGANISATIONS)]
        for organisation in self.organisations:
            self.world.add_member(organisation, self.world.user(f"head-of-{organisation.login}"))
            for name in ("trail-maps", "huts"):
                self.world.repository(organisation, name, labels={"bug": "ededed"})
            self.world.install(self.app, organisation)
        self.installed = len(self.world.deliveries)
        self.threads: dict[Account, list[Thread]] = {}

    def everybody_comes(self) -> None:
        for organisation in self.organisations:
            repos = [self.world.repo(f"{organisation.login}/{name}") for name in ("trail-maps", "huts")]
            for number in range(NEWCOMERS):
                newcomer = self.world.user(f"newcomer-{number}-of-{organisation.login}")
                issues = [self.world.open_issue(repo, by=newcomer, title="Hello", labels=["bug"]) for repo in repos]
                self.world.comment(issues[0], by=newcomer, body="One more thing.")
                self.threads[newcomer] = list(issues)

    def welcomes(self) -> list[int]:
        """How many each newcomer has."""
        return [
            sum(comment.author is self.app.bot for issue in issues for comment in issue.comments)
            for issues in self.threads.values()
        ]


def settled(memory: Engine) -> bool:
    """Nothing new in the inbox, no thread due, nothing claimed and not settled."""
    queries = (
        "SELECT count(*) FROM deliveries WHERE state = 0",
        "SELECT count(*) FROM looks WHERE due_at IS NOT NULL AND subject LIKE 'thread/%'",
        "SELECT count(*) FROM ledger WHERE state = 'claimed'",
    )
    with memory.connect() as connection:
        return all(connection.scalar(text(query)) == 0 for query in queries)


@pytest.fixture(params=postgres.KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with postgres.database(request.param, request.config, tmp_path) as url:
        yield url


@pytest.mark.timeout(240)
async def test_each_newcomer_has_one_welcome_whenever_the_process_dies(
    database_url: str, private_key: str, unused_tcp_port: int
) -> None:
    chance, town = random.Random(SEED), Town(private_key)
    memory = create_engine(database_url, poolclass=NullPool)
    # Each comment is there for a moment before the bot hears of it, so that it is often killed just then.
    weather = Weather(slow(seconds=0.4, match=COMMENTS, times=1000))
    async with running(town.world, weather=weather) as github, aiohttp.ClientSession() as session, asyncio.timeout(200):
        environment = os.environ | {
            "GITHUB_APP_ID": str(town.app.id),
            "START_LIVE": "1",
            "GITHUB_APP_PRIVATE_KEY": private_key,
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_API_URL": github.url,
            "DATABASE_URL": database_url,
            "PORT": str(unused_tcp_port),
        }
        async with Service(environment, unused_tcp_port) as service:
            await service.ready(session)
            while "GET /app/installations" not in {f"{seen.method} {seen.route}" for seen in github.requests}:
                await asyncio.sleep(0.05)
            town.everybody_comes()
            sent = town.world.deliveries[town.installed :]
            assert len(sent) >= 200
            arriving = [*sent, *chance.choices(sent, k=50)]
            chance.shuffle(arriving)
            kills = 0

            async def killing() -> None:
                nonlocal kills
                while kills < KILLS:
                    await asyncio.sleep(chance.uniform(0.1, 2.5))
                    await service.kill()
                    kills += 1
                    await service.start()
                    await service.ready(session)

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(killing())
                for delivery in arriving:
                    tasks.create_task(post_until_taken(session, service.url, delivery))
                    await asyncio.sleep(chance.uniform(0, 0.1))
            while not settled(memory):
                await asyncio.sleep(0.2)
    assert town.welcomes() == [1] * (ORGANISATIONS * NEWCOMERS)
