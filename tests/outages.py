"""What can go wrong with a database file while the service runs, each for as long as its context lasts."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import event as events

from bot.memory import migrations
from bot.memory.store import Store


@dataclass
class FragileFile:
    """A SQLite file, and the store that has it open."""

    path: Path
    store: Store
    pragmas: list[str]  # what every connection to the database is told


Outage = Callable[[FragileFile], AbstractContextManager[None]]


@contextmanager
def fragile(folder: Path) -> Iterator[FragileFile]:
    """A new database in this folder."""
    path = folder / "memory.db"
    store = Store(f"sqlite:///{path}")
    pragmas = ["busy_timeout = 20"]  # milliseconds: SQLite gives up at once on a file that somebody else holds

    @events.listens_for(store.engine, "connect")
    def tell(connection: Any, record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    store.engine.dispose()  # what was opened before did not hear it
    migrations.upgrade(store)
    try:
        yield FragileFile(path, store, pragmas)
    finally:
        store.close()


@contextmanager
def locked(file: FragileFile) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    with closing(sqlite3.connect(file.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def gone(file: FragileFile) -> Iterator[None]:
    """The disk is not there any more."""
    file.store.engine.dispose()
    elsewhere = file.path.parent.rename(file.path.parent.with_suffix(".away"))
    yield
    elsewhere.rename(file.path.parent)


def read_only(file: FragileFile) -> AbstractContextManager[None]:
    return _told(file, "query_only = ON")


def full(file: FragileFile) -> AbstractContextManager[None]:
    return _told(file, "max_page_count = 1")


@contextmanager
def _told(file: FragileFile, pragma: str) -> Iterator[None]:
    file.pragmas.append(pragma)
    file.store.engine.dispose()
    yield
    file.pragmas.remove(pragma)
    file.store.engine.dispose()


EVERY_OUTAGE: Final = pytest.mark.parametrize("outage", [locked, gone, read_only, full])
