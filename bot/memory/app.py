"""What is known of the app itself: its name on GitHub, and what the set-up page leaves behind: the credentials, sealed,
and for a day who set it up.

What is sealed is opened elsewhere (`bot/credentials.py`); here it is just bytes.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, inspect

from bot.memory import schema
from bot.memory.rows import get, put

_NAME: Final = "app"
_MARK: Final = "set_up"
_SLUG: Final = "slug"
_LASTS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SetUp:
    """`session` is the hash of the cookie of who set it up, `app_url` the app's page on GitHub."""

    session: str
    app_url: str


def called(connection: Connection, slug: str, now: datetime) -> None:
    """GitHub says what the app is called: people write to `@slug`."""
    put(connection, schema.marks, {"at": now, "value": slug.lower()}, name=_SLUG)


def slug(connection: Connection) -> str | None:
    """In lower case; None: GitHub has not told yet."""
    row = get(connection, schema.marks, name=_SLUG)
    return None if row is None else str(row["value"])


def sealed(connection: Connection) -> bytes | None:
    """The credentials as they are kept; None: there are none, or not even tables."""
    if not inspect(connection).has_table(schema.credentials.name):
        return None
    row = get(connection, schema.credentials, name=_NAME)
    return None if row is None else bytes(row["sealed"])


def keep(connection: Connection, data: bytes, now: datetime) -> bool:
    """False if there are some already: they stay."""
    if get(connection, schema.credentials, name=_NAME) is not None:
        return False
    put(connection, schema.credentials, {"sealed": data, "at": now}, name=_NAME)
    return True


def drop(connection: Connection) -> bool:
    """Whether there was something to drop."""
    if sealed(connection) is None:
        return False
    connection.execute(delete(schema.marks).where(schema.marks.c.name == _MARK))
    return connection.execute(delete(schema.credentials).where(schema.credentials.c.name == _NAME)).rowcount > 0


def set_up_by(connection: Connection, who: SetUp, now: datetime) -> None:
    put(connection, schema.marks, {"at": now, "value": json.dumps(asdict(who))}, name=_MARK)


def who_set_it_up(connection: Connection, now: datetime) -> SetUp | None:
    """None: nobody has within a day."""
    row = get(connection, schema.marks, name=_MARK)
    if row is None or now >= row["at"] + _LASTS:
        return None
    return SetUp(**json.loads(row["value"]))
