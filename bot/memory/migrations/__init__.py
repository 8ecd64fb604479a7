"""Brings a database to the newest schema, at every start.

Alembic, configured here, changes what an older version left. A new database gets all tables at one stroke: that they
are those which the migrations would have made is tested.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.memory.schema import metadata
from bot.memory.store import Store

HEAD: Final = "0008"  # the newest revision in versions/; a test sees to it that this is true


def upgrade(store: Store) -> None:
    """Makes or changes the tables as needed. Safe when several processes start at once. Raises StoreUnavailable."""
    if store.read_now(revision) != HEAD:
        store.write_now(_to_head_from_anywhere)


def _to_head_from_anywhere(connection: Connection) -> None:
    if {*metadata.tables, "alembic_version"}.isdisjoint(inspect(connection).get_table_names()):
        at_one_stroke(connection)
    else:
        to_head(connection)


def at_one_stroke(connection: Connection) -> None:
    """Makes the newest tables where there are none, many times faster than through all revisions."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def to_head(connection: Connection) -> None:
    """Runs Alembic on this connection, inside its transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """Which of the revisions a database has; None: none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
