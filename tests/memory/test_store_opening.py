"""A database that cannot be opened is told at once, by the store's own exception and without its password."""

import sqlite3
import sys
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.memory.store import Store, StoreUnavailable
from tests import postgres

CANNOT_BE_OPENED = {
    "no such directory": "sqlite:////no/such/directory/memory.db",
    "nobody listens": f"postgresql+psycopg://me:{postgres.PASSWORD}@127.0.0.1:1/memory",
    "not a URL": f"postgresql+psycopg://me:{postgres.PASSWORD}@host:port/memory",
}


@pytest.mark.parametrize("url", CANNOT_BE_OPENED.values(), ids=CANNOT_BE_OPENED)
def test_what_cannot_be_opened_is_refused_at_once_without_its_password(url: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        Store(url).close()
    assert postgres.PASSWORD not in "".join(traceback.format_exception(caught.value))


def test_what_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("These are my notes, and no database at all. " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        Store(f"sqlite:///{tmp_path}/notes.db").read_now(lambda db: db.execute(text("SELECT 1 FROM notes")).all())


def test_an_old_sqlite_or_a_missing_driver_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreUnavailable, match=r"too old: 3\.35 or later"):
        Store(f"sqlite:///{tmp_path}/memory.db")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailable, match="pip install"):
        Store("postgresql+psycopg://localhost/memory")
