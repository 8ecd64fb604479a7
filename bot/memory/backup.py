"""A copy of an SQLite database, made while the service goes on: SQLite's own `VACUUM INTO`, checked afterwards."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


class CannotBackUp(Exception):
    """There is no backup. The message says why, and what to do."""


def back_up(database_url: str, to: Path) -> int:
    """Writes the database as it is now to a new file. Returns its size in bytes. Raises CannotBackUp."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise CannotBackUp(
            "PostgreSQL has a program of its own for this: pg_dump --format=custom --file=FILE postgresql://… "
            "(docs/running.md, «Back up and restore»)"
        )
    if to.exists():
        raise CannotBackUp(f"{to} is there already: a backup overwrites nothing")
    if not url.database or not Path(url.database).is_file():
        raise CannotBackUp(f"there is no database at {url.database}: set DATABASE_URL to the one that the service uses")
    half = to.with_name(f"{to.name}.half")  # whoever finds `to` finds all of it
    try:
        half.unlink(missing_ok=True)
        with closing(sqlite3.connect(url.database, timeout=30)) as connection:
            connection.execute("VACUUM INTO ?", (str(half),))
        _check(half)
        half.rename(to)
    except (sqlite3.Error, OSError) as error:
        half.unlink(missing_ok=True)
        raise CannotBackUp(f"{to} cannot be written: {error}") from error
    return to.stat().st_size


def _check(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        [told] = connection.execute("PRAGMA integrity_check").fetchone()
    if told != "ok":
        raise CannotBackUp(f"the copy is not whole: {told}")
