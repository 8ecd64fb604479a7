"""A stage for journeys: a small GitHub, the real application in front of it, and a clock that the test moves.

People act on `stage.world`; `await stage.settle()` lets everything happen that follows. In which order and how often
the deliveries come, and what weather the calls to GitHub meet, is the stage's `manner`: the story must end the same.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Middleware
from sqlalchemy import Connection

from bot import policyfile
from bot.app import PARTS, Parts, build
from bot.memory import configs, looks
from bot.model import RepoId
from bot.playing import EVENTS, PERMISSIONS
from bot.policy import Policy
from bot.policyfile import Source
from bot.sandbox import Delivery, Fault, Running, Weather, World, running
from bot.sandbox.model import Account, App, Comment, Organization, Repo, Thread
from bot.settings import Secret, Settings

SECRET: Final = "a secret for the tests"
SLUG: Final = "switchback"
BEGIN: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
_PATIENCE: Final = timedelta(minutes=10)  # how far `settle` moves the clock for retries and pacing
_IN_EARNEST: Final = 30.0  # seconds of real time, after which a story hangs


class StageClock:
    """Stands still until somebody moves it."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self._now = now
        self._alarms: list[tuple[datetime, asyncio.Future[None]]] = []
        self._sleepers: dict[asyncio.Future[None], str] = {}

    def __call__(self) -> datetime:
        return self._now

    async def until(self, when: datetime, /) -> None:
        if when > self._now:
            alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._alarms.append((when, alarm))
            self._sleepers[alarm] = _task_name()
            await alarm

    def asleep(self, *tasks: str) -> bool:
        """Whether each of these tasks waits for a later time."""
        return set(tasks) <= {self._sleepers[alarm] for _, alarm in self._alarms if not alarm.done()}

    def next_alarm(self) -> datetime | None:
        """For when the first of those that wait does."""
        return min((when for when, alarm in self._alarms if not alarm.done()), default=None)

    def advance(self, by: timedelta) -> None:
        self._now += by
        ringing = [alarm for alarm in self._alarms if alarm[0] <= self._now]
        self._alarms = [alarm for alarm in self._alarms if alarm[0] > self._now]
        for _, future in ringing:
            self._sleepers.pop(future)
            if not future.done():
                future.set_result(None)


def _task_name() -> str:
    task = asyncio.current_task()
    return task.get_name() if task else ""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How the world behaves: the order of deliveries, and what befalls our calls."""

    name: str
    copies: int = 1
    shuffled: int | None = None  # a seed
    faults: Callable[[datetime], Iterable[Fault]] = field(default=lambda _now: ())

    def arrange(self, deliveries: list[Delivery]) -> list[Delivery]:
        arranged = deliveries * self.copies
        if self.shuffled is not None:
            random.Random(self.shuffled).shuffle(arranged)
        return arranged


CALM: Final = Manner(name="calm")


class Stage:
    """The organisation alpine-tools with two repositories, a maintainer, and our app on it."""

    def __init__(
        self, world: World, github: Running, parts: Parts, url: str, clock: StageClock, manner: Manner
    ) -> None:
        self.world = world
        self.github = github
        self.parts = parts
        self.url = url
        self.clock = clock
        self.manner = manner
        self._told = 0

    async def settle(self, patience: timedelta = _PATIENCE) -> None:
        """Delivers what is to be delivered and lets the bot do all it will do within the next minutes."""
        end = self.clock() + patience
        self.parts.inbox.arrived.set()  # a story may have written into memory: the engine's sweep takes real time
        async with asyncio.timeout(_IN_EARNEST), aiohttp.ClientSession() as session:
            while True:
                await self._deliver(session)
                await self.parts.engine.settled()
                if len(self.world.deliveries) > self._told:
                    continue
                due_at = await self.parts.store.read(lambda db: looks.next_due(db, ()))
                if due_at is None or due_at > end:
                    return
                self.clock.advance(due_at - self.clock())

    def lose(self, *, event: str) -> None:
        """The deliveries of this kind that are on their way get lost."""
        self.hold_back(lambda delivery: delivery.event == event)

    def hold_back(self, which: Callable[[Delivery], bool]) -> list[Delivery]:
        """These deliveries are not sent now; put them back into the world's to send them later."""
        coming = self.world.deliveries[self._told :]
        self.world.deliveries[self._told :] = [delivery for delivery in coming if not which(delivery)]
        return [delivery for delivery in coming if which(delivery)]

    async def later(self, **delta: float) -> None:
        """Time passes, and half a minute more for what follows."""
        self.clock.advance(timedelta(**delta))
        await self.settle(patience=timedelta(seconds=30))

    async def days_pass(self, days: int) -> None:
        """One after the other, with what each brings."""
        for _ in range(days):
            await self.later(days=1)

    async def _deliver(self, session: aiohttp.ClientSession) -> None:
        news = self.world.deliveries[self._told :]
        self._told += len(news)
        for delivery in self.manner.arrange(news):
            assert await self.post(session, delivery) in {200, 202}

    async def post(self, session: aiohttp.ClientSession, delivery: Delivery) -> int:
        headers = delivery.headers(SECRET)
        async with session.post(f"{self.url}/webhook", data=delivery.body, headers=headers) as answer:
            return answer.status

    def said(self, thread: Thread) -> list[str]:
        """What the bot wrote there."""
        return [comment.body for comment in self.comments(thread)]

    def comments(self, thread: Thread) -> list[Comment]:
        return [comment for comment in thread.comments if comment.author.login == f"{SLUG}[bot]"]

    def calls(self, method: str = "") -> list[str]:
        """The calls that the bot made, in the words of GitHub's documentation."""
        return [f"{seen.method} {seen.route}" for seen in self.github.requests if method in {"", seen.method}]

    def forget_calls(self) -> None:
        self.github.requests.clear()


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The places and people that most stories need."""

    organisation: Organization
    maps: Repo
    huts: Repo
    app: App
    grace: Account  # maintains everything, and keeps her membership private
    ada: Account  # is new
    linus: Account  # is new as well


Before = Callable[[World, Cast], None]


def nothing(world: World, cast: Cast) -> None:
    """What mostly happened before the app was installed."""


def a_home(world: World, cast: Cast) -> None:
    """Where the organisation keeps what is for all its repositories."""
    world.repository(cast.organisation, ".github")


def prepare(clock: StageClock, private_key: str, before: Before = nothing) -> tuple[World, Cast]:
    """A world in which the app has just been installed. `before` is what happened there a day earlier."""
    world = World(now=clock)
    organisation = world.organization("alpine-tools")
    grace = world.user("grace")
    world.add_member(organisation, grace, public=False)
    labels = dict.fromkeys(("bug", "enhancement", "documentation", "support", "no-bot"), "ededed")
    cast = Cast(
        organisation=organisation,
        maps=world.repository(organisation, "trail-maps", labels=labels),
        huts=world.repository(organisation, "huts", labels=labels),
        app=world.app(
            slug=SLUG,
            owner=organisation,
            private_key=private_key,
            permissions=PERMISSIONS,
            events=EVENTS,
            webhook_secret=SECRET,
        ),
        grace=grace,
        ada=world.user("ada"),
        linus=world.user("linus"),
    )
    before(world, cast)
    clock.advance(timedelta(days=1))
    world.install(cast.app, organisation)
    return world, cast


@asynccontextmanager
async def on_stage(
    world: World,
    cast: Cast,
    clock: StageClock,
    database_url: str,
    *,
    manner: Manner = CALM,
    config: Source | None = None,
    middlewares: Iterable[Middleware] = (),
    past_is_read: bool = True,
    reads_past: bool = False,
    live: bool = True,
    reads_config: bool = False,
) -> AsyncIterator[Stage]:
    """The application, running. `past_is_read`: memory knows all there was; otherwise it has to ask for newcomers.
    `reads_past`: it reads the past by itself. `live`: it speaks at once; otherwise it begins in shadow mode.
    `reads_config`: it has to ask for the repositories' configuration; otherwise memory knows that there is none."""
    weather = Weather()
    async with running(world, weather=weather, middlewares=middlewares) as github:
        assert cast.app.private_key is not None
        settings = Settings(
            app_id=str(cast.app.id),
            private_key=Secret(cast.app.private_key),
            webhook_secrets=(Secret(SECRET),),
            api_url=github.url,
            database_url=database_url,
            backfill_share=0.5 if reads_past else 0,
            start_live=live,
        )
        app = build(settings, config, clock=clock)
        async with TestServer(app, host="127.0.0.1") as server:
            parts = app[PARTS]
            await parts.installations.known.wait()
            if past_is_read:
                await parts.store.write(lambda db: _past_is_read(db, clock()))
            if not reads_config:
                await parts.store.write(lambda db: no_config(db, world, clock()))
            weather.next(*manner.faults(clock()))
            stage = Stage(world, github, parts, str(server.make_url("")), clock, manner)
            yield stage


def _past_is_read(connection: Any, now: datetime) -> None:
    from bot.memory.schema import owners

    connection.execute(owners.update().values(past_read_at=now))


def no_config(connection: Connection, world: World, now: datetime) -> None:
    """Memory knows that no repository has a configuration."""
    for repo_id in world.repos:
        for path in configs.FILES:
            configs.store(connection, RepoId(repo_id), path, now, blob=None, text=None)


def source_with(path: Path, text: str) -> Source:
    """A right configuration file with this text."""
    path.write_text(text)
    source = policyfile.source(path)
    policyfile.laid_over([source])
    return source


def policy_with(path: Path, text: str) -> Policy:
    """The default configuration with this laid over it."""
    return policyfile.laid_over([source_with(path, text)])
