"""A town with a past, before our application, and the application's backfill on its own."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.backfill import Backfill
from bot.backfill.telling import GaveUp
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.read import Reader
from bot.installations import Installations
from bot.memory import migrations
from bot.memory.readings import Account, Part
from bot.memory.store import Store
from bot.metrics import Metrics
from bot.model import Repo, RepoId
from bot.playing import EVENTS, PERMISSIONS
from bot.sandbox import Running, World, running
from bot.sandbox.model import Installation
from bot.sandbox.sample import Sample, sample
from bot.settings import Secret
from tests import github_spec
from tests.stage import SECRET, SLUG, StageClock, policy_with


class Interrupted(Exception):
    """The power goes out."""


@dataclass
class Notes:
    """What was told while the past was read."""

    repos: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    totals: list[tuple[int, int]] = field(default_factory=list)
    expected: dict[RepoId, int] = field(default_factory=dict)
    waits: list[tuple[datetime, str]] = field(default_factory=list)
    given_up: list[GaveUp] = field(default_factory=list)
    stop_at: int | None = None

    def owner(self, account: Account, expected: Mapping[RepoId, int]) -> None:
        self.expected = dict(expected)

    def repo(self, where: Repo, read: int) -> None:
        self.repos.append(where.name)

    def page(self, where: Repo, part: Part, read: int, expected: int) -> None:
        self.pages.append((where.name, str(part)))
        self.totals.append((read, expected))
        if self.stop_at is not None and len(self.pages) >= self.stop_at:
            raise Interrupted

    def repo_done(self, where: Repo, read: int) -> None:
        assert where.name == self.repos[-1]

    def waiting(self, until: datetime, why: str) -> None:
        self.waits.append((until, why))

    def gave_up(self, what: GaveUp) -> None:
        self.given_up.append(what)


@dataclass(frozen=True, kw_only=True)
class Town:
    """The sample organisation, our app on it, and what is read of it."""

    sample: Sample
    installation: Installation
    github: Running
    store: Store
    client: Client
    installations: Installations
    backfill: Backfill
    clock: StageClock

    @property
    def world(self) -> World:
        return self.sample.world

    def calls(self) -> list[str]:
        """The calls that were made, in the words of GitHub's documentation."""
        return [f"{seen.method} {seen.route}" for seen in self.github.requests if seen.status != 304]

    def rows(self, table: Table, *columns: str) -> list[tuple[Any, ...]]:
        query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
        return self.store.read_now(lambda db: [tuple(row) for row in db.execute(query)])


Visit = Callable[..., AbstractAsyncContextManager[Town]]


MakeUrl = Callable[[ExitStack], str]  # of an empty database, there until the stack is left


@pytest.fixture
def make_url(tmp_path: Path) -> MakeUrl:
    visits = itertools.count()
    return lambda _: f"sqlite:///{tmp_path}/{next(visits)}.db"


@pytest.fixture
def visit(private_key: str, tmp_path: Path, make_url: MakeUrl) -> Visit:
    """Each visit is to the town as it was at first, with a new memory. `lawful`: GitHub answers as it documents."""

    @asynccontextmanager
    async def visiting(
        *, only: Sequence[str] | None = None, share: float = 0.5, config: str = "", lawful: bool = True
    ) -> AsyncIterator[Town]:
        policy = policy_with(tmp_path / "config.yml", config)
        clock = StageClock()
        town = sample(clock)
        app = town.world.app(
            slug=SLUG, owner=town.organization, private_key=private_key, webhook_secret=SECRET,
            permissions=PERMISSIONS, events=EVENTS,
        )  # fmt: skip
        chosen = None if only is None else [town.repos[name] for name in only]
        installation = town.world.install(app, town.organization, repositories=chosen)
        stack = ExitStack()
        store = Store(make_url(stack))
        migrations.upgrade(store)
        spec = github_spec.rest()
        async with running(town.world, middlewares=[spec.watch]) as github:
            client = Client(github.url, AppKey(str(app.id), Secret(private_key), clock), clock, Metrics())
            async with client:
                installations = Installations(store, Reader(client), clock, start_live=True)
                await installations.ask()
                backfill = Backfill(store, client, clock, share=share, policies=lambda *_: policy)
                yield Town(
                    sample=town, installation=installation, github=github, store=store, client=client,
                    installations=installations, backfill=backfill, clock=clock,
                )  # fmt: skip
        store.close()
        stack.close()
        assert not lawful or spec.violations == []

    return visiting
