"""Migrations make the very tables that `schema.py` describes, from nothing, once, whoever starts at the same time."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.memory import migrations
from bot.memory.schema import boards, metadata
from bot.memory.store import Store
from tests import postgres

_START = """
import sys
from bot.memory import migrations
from bot.memory.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrations.upgrade(store)
store.close()
"""


@pytest.fixture(params=postgres.KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with postgres.database(request.param, request.config, tmp_path) as url:
        yield url


@pytest.fixture
def empty(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def differences(connection: Connection) -> list[Any]:
    """Between what is there and what `schema.py` says, as Alembic sees it."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def shape(connection: Connection) -> dict[str, Any]:
    """The tables as the database itself tells of them, with what Alembic does not compare: keys and partial indexes."""
    found = inspect(connection)
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    columns = {
        name: sorted((c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(name))
        for name in tables
    }
    keys = {name: found.get_pk_constraint(name)["constrained_columns"] for name in tables}
    unique = {
        name: sorted(map(str, (c["column_names"] for c in found.get_unique_constraints(name)))) for name in tables
    }
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    indexes = {name: " ".join(sql.split()) for name, sql in connection.execute(text(query)) if "alembic" not in name}
    return {"columns": columns, "keys": keys, "unique": unique, "indexes": indexes}


def versions(store: Store) -> list[str]:
    return store.read_now(lambda db: list(db.scalars(text("SELECT version_num FROM alembic_version"))))


def through_all_revisions(store: Store) -> None:
    store.write_now(migrations.to_head)


def test_head_is_the_newest_revision() -> None:
    script = ScriptDirectory.from_config(config())
    assert script.get_heads() == [migrations.HEAD]
    assert script.get_bases() == ["0001"]


@pytest.mark.parametrize("way", [migrations.upgrade, through_all_revisions])
def test_from_nothing_it_makes_what_the_schema_says_and_again_changes_nothing(
    empty: Store, way: Callable[[Store], None]
) -> None:
    for _ in range(2):
        way(empty)
        assert empty.read_now(differences) == []
        assert versions(empty) == [migrations.HEAD]
    through_all_revisions(empty)
    assert versions(empty) == [migrations.HEAD]


@pytest.mark.parametrize("kind", postgres.KINDS)
def test_keys_and_indexes_are_those_of_the_schema_too(
    kind: postgres.Kind, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    shapes = []
    ways: dict[str, Callable[[Connection], None]] = {
        "migrated": migrations.to_head,
        "made": migrations.at_one_stroke,
    }
    for way, make in ways.items():
        (tmp_path / way).mkdir()
        with postgres.database(kind, request.config, tmp_path / way) as url:
            store = Store(url)
            store.write_now(make)
            shapes.append(store.read_now(shape))
            store.close()
    assert shapes[0] == shapes[1]
    assert set(shapes[0]["columns"]) == set(metadata.tables)
    assert any("WHERE" in index for index in shapes[0]["indexes"].values())


def test_threads_that_start_at_once_do_not_disturb_each_other(database_url: str) -> None:
    stores = [Store(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrations.upgrade, stores))
    assert versions(stores[0]) == [migrations.HEAD]
    assert stores[0].read_now(differences) == []
    for store in stores:
        store.close()


def test_processes_that_start_at_once_do_not_disturb_each_other(database_url: str, empty: Store) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", _START, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    assert versions(empty) == [migrations.HEAD]
    assert empty.read_now(differences) == []


def test_all_the_way_down_leaves_nothing_and_up_again_makes_it_all(empty: Store) -> None:
    migrations.upgrade(empty)
    empty.write_now(lambda db: command.downgrade(config(db), "base"))
    assert empty.read_now(lambda db: inspect(db).get_table_names()) == ["alembic_version"]
    migrations.upgrade(empty)
    assert empty.read_now(differences) == []


def test_a_digest_is_known_by_its_repository_too(empty: Store) -> None:
    names = [("digest/2026-11-23", 11), ("digest/2026-11-30", 12), ("community/2026-11-24", 11), ("ramp/11", 11)]
    values = ", ".join(f"(1, '{name}', {repo_id}, 5, 'N', '', 0, NULL)" for name, repo_id in names)
    empty.write_now(lambda db: command.upgrade(config(db), "0005"))
    empty.write_now(lambda db: db.execute(text(f"INSERT INTO boards VALUES {values}")))  # noqa: S608 (our own)
    migrations.upgrade(empty)

    def known() -> set[tuple[str, int]]:
        return set(empty.read_now(lambda db: [(row.name, row.repo_id) for row in db.execute(boards.select())]))

    assert known() == {
        ("digest/2026-11-23/11", 11), ("digest/2026-11-30/12", 12), ("community/2026-11-24", 11), ("ramp/11", 11)
    }  # fmt: skip

    # An older revision can hold only one of a week.
    more = "(1, 'digest/2026-11-30/13', 13, 7, 'N', '', 0, NULL)"
    empty.write_now(lambda db: db.execute(text(f"INSERT INTO boards VALUES {more}")))  # noqa: S608 (our own)
    empty.write_now(lambda db: command.downgrade(config(db), "0005"))
    assert known() == {*names, ("digest/2026-11-30", 13)} - {("digest/2026-11-30", 12)}


@pytest.mark.parametrize(("way", "there"), [("at_one_stroke", []), ("to_head", ["alembic_version"])])
def test_a_migration_that_breaks_leaves_nothing_behind(
    empty: Store, monkeypatch: pytest.MonkeyPatch, way: str, there: list[str]
) -> None:
    def breaks(connection: Connection) -> None:
        makes(connection)
        raise RuntimeError("the lights went out")

    if there:  # it is not new, so it takes the other way
        empty.write_now(lambda db: command.upgrade(config(db), "0001"))
        empty.write_now(lambda db: command.downgrade(config(db), "base"))
    makes = getattr(migrations, way)
    monkeypatch.setattr(migrations, way, breaks)
    with pytest.raises(RuntimeError):
        migrations.upgrade(empty)
    assert empty.read_now(lambda db: inspect(db).get_table_names()) == there


def test_pauses_are_kept_and_on_the_way_down_the_last_of_each_place(empty: Store) -> None:
    def kept() -> list[tuple[Any, ...]]:
        query = text("SELECT owner_id, repo_id, until, as_of FROM pauses ORDER BY repo_id, as_of")
        return empty.read_now(lambda db: [tuple(row) for row in db.execute(query)])

    def write(*rows: str) -> None:
        statement = f"INSERT INTO pauses (owner_id, repo_id, until, as_of) VALUES {', '.join(rows)}"  # noqa: S608 (our own)
        empty.write_now(lambda db: db.execute(text(statement)))

    empty.write_now(lambda db: command.upgrade(config(db), "0005"))
    write("(1, 0, NULL, 5)", "(1, 11, 9, 3)")
    migrations.upgrade(empty)
    assert kept() == [(1, 0, None, 5), (1, 11, 9, 3)]
    write("(1, 11, NULL, 7)")
    empty.write_now(lambda db: command.downgrade(config(db), "0005"))
    assert kept() == [(1, 0, None, 5), (1, 11, None, 7)]


@pytest.mark.parametrize("older", ["0001", "0002", "0003"])
def test_what_an_older_database_holds_is_kept(empty: Store, older: str) -> None:
    """What was written under the first revision, in a database that has come as far as `older` since."""
    empty.write_now(lambda db: command.upgrade(config(db), "0001"))
    old = {
        "owners": "(1, 'alpine-tools', true, 0, NULL, NULL)",
        "repos": "(11, 1, 'alpine-tools', 'maps', '', false, false, false, 0)",
        "threads": "(11, 5, 1, 'issue', 'N', 101, 1, 2, 3, 101, false, true, false, false, NULL, NULL, NULL, false, "
        "'[]', '', 'unknown', NULL, NULL)",
        "activity": "('issue_comment', 7, 1, 11, 5, 101, 4, false)",
        "installations": "(2, 1, 'active', true, 0)",
        "ledger": "('k', 'welcome', 'Say', 1, 2, 11, 5, 101, true, 'why', 'done', 3, 4, 9, 'url', NULL)",
    }
    statements = [f"INSERT INTO {table} VALUES {values}" for table, values in old.items()]  # noqa: S608 (our own)
    empty.write_now(lambda db: [db.execute(text(statement)) for statement in statements])
    empty.write_now(lambda db: command.upgrade(config(db), older))
    assert versions(empty) == [older]
    migrations.upgrade(empty)
    assert empty.read_now(differences) == []

    def kept(table: str) -> dict[str, Any]:
        return empty.read_now(lambda db: dict(db.execute(metadata.tables[table].select()).mappings().one()))

    assert (kept("threads")["author_id"], kept("threads")["labels"]) == (101, [])
    assert (kept("activity")["number"], kept("repos")["name"]) == (5, "maps")
    assert (kept("repos")["covered"], kept("threads")["assignees"]) == (True, [])
    assert (kept("ledger")["effect"], kept("ledger")["outcome"]) == ("say", None)
    # What spoke goes on speaking, nothing else does, and nobody is told that it was just installed.
    assert (kept("installations")["live"], kept("installations")["introduced_at"] is not None) == (["welcome"], True)
