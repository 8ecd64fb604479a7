"""Since when a feature has been switched on for an owner without a break: what was before is no news to it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.memory import schema
from bot.memory.rows import get, put
from bot.model import OwnerId


def on_since(connection: Connection, feature: str, owner_id: OwnerId) -> datetime | None:
    """None: it is off, or nobody has looked."""
    row = get(connection, schema.marks, name=_mark(feature, owner_id))
    at: datetime | None = row["at"] if row else None
    return at


def found(connection: Connection, feature: str, owner_id: OwnerId, now: datetime, *, on: bool) -> datetime | None:
    """It is found switched on now, or not. Since when it is without a break (None: it is off)."""
    known = on_since(connection, feature, owner_id)
    if (known is not None) is on:
        return known
    since = now if on else None
    put(connection, schema.marks, {"at": since, "value": None}, name=_mark(feature, owner_id))
    return since


def _mark(feature: str, owner_id: OwnerId) -> str:
    return f"{feature}/{owner_id}"
