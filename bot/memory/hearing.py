"""Until when everything is known that GitHub has told, and what to do about a time in which we heard nothing.

The mark `heard_until` says: whatever GitHub told before is in the inbox, or belongs to the past, which is read from
lists.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from bot.memory import places, schema
from bot.memory.places import InstallationState
from bot.memory.rows import get, put
from bot.model import OwnerId

OVERLAP: Final = timedelta(hours=1)  # GitHub's clock is not ours, and news may come a little late
_NAME: Final = "heard_until"


def heard_until(connection: Connection) -> datetime | None:
    """None: nobody has compared yet."""
    row = get(connection, schema.marks, name=_NAME)
    until: datetime | None = row["at"] if row else None
    return until


def hear(connection: Connection, until: datetime) -> None:
    """It only grows."""
    known = heard_until(connection)
    if known is None or known < until:
        put(connection, schema.marks, {"at": until}, name=_NAME)


def close_gap(connection: Connection, from_: datetime, now: datetime) -> bool:
    """What happened since then is not going to be told any more. So everything until now counts as the past, which is
    read from lists: of those that were read before, only the gap. False if somebody has seen to it already."""
    known = heard_until(connection)
    if known is None or known > from_:
        return False
    table = schema.installations
    active = select(table.c.owner_id).where(table.c.state == InstallationState.ACTIVE).distinct()
    for owner_id in connection.scalars(active).all():
        places.listening_again(connection, OwnerId(owner_id), now)
    since = from_ - OVERLAP
    readings = schema.readings
    over = readings.c.done_at.is_not(None) & (readings.c.since < since)
    connection.execute(update(readings).where(over).values(since=since, etag=None))
    hear(connection, now)
    return True
