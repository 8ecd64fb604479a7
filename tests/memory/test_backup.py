"""A backup is made while the service is at work, and restoring it brings everything back, on both databases."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import make_url, select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.memory import migrations, schema
from bot.memory.backup import CannotBackUp, back_up
from bot.memory.store import Store
from tests import npm, postgres
from tests.memory.conftest import Known, Village, opened, tell
from tests.stage import BEGIN

MANY: Final = 300


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    return store.read_now(
        lambda db: {
            name: sorted(map(tuple, db.execute(select(table))), key=repr)
            for name, table in schema.metadata.tables.items()
        }
    )


@pytest.fixture
def filled(store: Store, village: Village) -> Store:
    """A memory that has heard a little."""
    issue = village.world.open_issue(village.maps, by=village.ada, title="A", labels=["bug"])
    village.world.comment(issue, by=village.grace, body="B")
    Known(store, village).hear()
    return store


@pytest.fixture
def busy(filled: Store, village: Village) -> Iterator[Store]:
    """It hears more and more meanwhile."""
    over = threading.Event()

    def write() -> None:
        for number in range(MANY):
            if over.is_set():
                return
            village.world.open_issue(village.maps, by=village.linus, title=f"{number}")
            news, at = village.deliveries[-1:], BEGIN + timedelta(seconds=number)
            filled.write_now(partial(tell, deliveries=news, at=at))

    writer = threading.Thread(target=write)
    writer.start()
    yield filled
    over.set()
    writer.join()


class TestSqlite:
    @pytest.fixture
    def database_url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/memory.db"

    def test_a_backup_made_while_the_service_writes_is_whole(
        self, busy: Store, database_url: str, tmp_path: Path
    ) -> None:
        copies = [tmp_path / f"copy-{number}.db" for number in range(3)]
        for copy in copies:
            assert back_up(database_url, copy) == copy.stat().st_size
        for copy in copies:
            with opened(f"sqlite:///{copy}") as restored:
                threads = restored.read_now(lambda db: db.execute(select(schema.threads.c.number)).all())
                told = restored.read_now(
                    lambda db: db.execute(select(schema.deliveries).where(schema.deliveries.c.event == "issues")).all()
                )
                assert 1 <= len(threads) == len(told) - 1  # the first was labelled too

    def test_what_is_restored_is_what_was_there(self, filled: Store, database_url: str, tmp_path: Path) -> None:
        before, copy = everything(filled), tmp_path / "copy.db"
        back_up(database_url, copy)
        filled.write_now(lambda db: db.execute(schema.threads.delete()))
        filled.close()
        database = Path(make_url(database_url).database or "")
        for beside in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
            beside.unlink(missing_ok=True)
        copy.rename(database)
        with opened(database_url) as restored:
            assert everything(restored) == before

    def test_it_overwrites_nothing_and_leaves_nothing_half_done(
        self, filled: Store, database_url: str, tmp_path: Path
    ) -> None:
        there = tmp_path / "there"
        there.write_text("precious")
        with pytest.raises(CannotBackUp, match="there already"):
            back_up(database_url, there)
        assert there.read_text() == "precious"
        with pytest.raises(CannotBackUp, match="cannot be written"):
            back_up(database_url, tmp_path / "no such directory" / "copy.db")
        with pytest.raises(CannotBackUp, match="there is no database"):
            back_up(f"sqlite:///{tmp_path}/nothing.db", tmp_path / "copy.db")
        assert [file.name for file in tmp_path.iterdir() if "memory.db" not in file.name] == ["there"]

    def test_the_command_says_how_large_it_is(self, filled: Store, database_url: str, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        done = CliRunner().invoke(app, ["backup", str(copy)], env={"DATABASE_URL": database_url})
        assert (done.exit_code, done.output.endswith(" MB\n")) == (0, True)
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("SELECT count(*) FROM threads").fetchone() == (1,)
        again = CliRunner().invoke(app, ["backup", str(copy)], env={"DATABASE_URL": database_url})
        assert again.exit_code == 1
        assert again.output == f"switchback: {copy} is there already: a backup overwrites nothing\n"


class TestPostgresql:
    @pytest.fixture
    def database_url(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
        with postgres.database("postgresql", request.config, tmp_path) as url:
            yield url

    def test_the_command_tells_of_pg_dump(self, database_url: str, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        done = CliRunner().invoke(app, ["backup", str(copy)], env={"DATABASE_URL": database_url})
        assert done.exit_code == 1
        assert "pg_dump --format=custom" in done.output
        assert not copy.exists()

    def test_what_is_dumped_and_restored_is_what_was_there(
        self, busy: Store, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        server = postgres.server(request.config)
        if not all((server.programs / name).exists() for name in ("pg_dump", "pg_restore")):
            npm.unavailable("this PostgreSQL comes without pg_dump and pg_restore")
        name = str(make_url(database_url).database)
        dump = server.home / f"{name}.dump"
        server.run("pg_dump", "--format=custom", f"--file={dump}", "-h", str(server.home), "-U", "postgres", name)
        with postgres.database("postgresql", request.config, tmp_path) as other:
            target = str(make_url(other).database)
            server.run(
                "pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={target}", "-h", str(server.home),
                "-U", "postgres", str(dump),
            )  # fmt: skip
            store = Store(other)
            assert store.read_now(migrations.revision) == migrations.HEAD
            restored = everything(store)
            store.close()
        assert restored["threads"]
        assert len(restored["threads"]) <= MANY + 1
        assert len(restored["people"]) >= 2
