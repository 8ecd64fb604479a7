"""Fixtures that all tests share."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Protocol

import hypothesis
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.memory import store
from bot.sandbox.acts.apps import new_private_key
from tests import github_spec
from tests.stage import CALM, Before, Cast, Manner, Stage, StageClock, nothing, on_stage, prepare, source_with

hypothesis.settings.register_profile("steady", deadline=None)  # how fast this machine is shows nothing
hypothesis.settings.load_profile("steady")

# What takes longest begins first: at the end it would run alone, while the other processors have nothing left to do.
_LONGEST: Final = ("test_tutorial.py", "test_kill.py", "test_year.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONGEST)


@pytest.fixture(scope="session", autouse=True)
def _quick_databases() -> Iterator[None]:
    """The databases of all tests share their dialect and what it has compiled, as the queries of one service do: making
    the same SQL anew in each test took a third of a journey's time. And SQLite does not sync, for the reason that
    PostgreSQL does not (`tests/postgres.py`). Programs that tests start do both as ever."""
    first: dict[str, Engine] = {}
    opened = store._engine

    def quick(url: str) -> Engine:
        engine = opened(url)
        if model := first.get(engine.dialect.name):
            engine.dialect = model.dialect
            engine.update_execution_options(compiled_cache=model._compiled_cache)
        else:  # a dialect is ready when it has met its database
            event.listen(engine, "engine_connect", lambda _: first.setdefault(engine.dialect.name, engine))
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _never_sync)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_engine", quick)
        yield


def _never_sync(connection: DBAPIConnection, record: object) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session")
def private_key() -> str:
    return new_private_key()


@pytest.fixture
def clock() -> StageClock:
    return StageClock()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/memory.db"


class Play(Protocol):
    """Opens a stage: `stage, cast = await play()`."""

    async def __call__(
        self,
        manner: Manner = CALM,
        *,
        config: str = "",
        past_is_read: bool = True,
        before: Before = nothing,
        reads_past: bool = False,
        live: bool = True,
        reads_config: bool = False,
    ) -> tuple[Stage, Cast]: ...


@pytest.fixture
async def play(clock: StageClock, private_key: str, database_url: str, tmp_path: Path) -> AsyncIterator[Play]:
    """Every request of the bot's, and every answer, is checked against GitHub's own description on the way."""
    spec = github_spec.rest()
    async with AsyncExitStack() as stack:

        async def open_stage(
            manner: Manner = CALM,
            *,
            config: str = "",
            past_is_read: bool = True,
            before: Before = nothing,
            reads_past: bool = False,
            live: bool = True,
            reads_config: bool = False,
        ) -> tuple[Stage, Cast]:
            world, cast = prepare(clock, private_key, before)
            stage = await stack.enter_async_context(
                on_stage(
                    world,
                    cast,
                    clock,
                    database_url,
                    manner=manner,
                    config=source_with(tmp_path / "config.yml", config),
                    past_is_read=past_is_read,
                    reads_past=reads_past,
                    live=live,
                    reads_config=reads_config,
                    middlewares=[spec.watch],
                )
            )
            return stage, cast

        yield open_stage
    assert spec.violations == []
