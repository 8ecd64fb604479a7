"""Who would like to hear of fitting issues: only who said so is offered one out of the blue."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.memory import schema
from bot.memory.rows import get, put_newer
from bot.model import OwnerId, PersonId, ThreadRef


def take(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, ref: ThreadRef, areas: Sequence[str] | None,
    as_of: datetime,
) -> None:  # fmt: skip
    """Somebody said in a thread that they are interested in these areas (none: in all); None: not any more."""
    told = {"interested": areas is not None, "areas": list(areas or ()), "repo_id": ref.repo_id, "number": ref.number}
    put_newer(connection, schema.interests, told, as_of, "as_of", owner_id=owner_id, person_id=person_id)


def of(connection: Connection, owner_id: OwnerId, person_id: PersonId) -> tuple[str, ...] | None:
    """The areas that somebody is interested in (none: all); None if they did not say so."""
    row = get(connection, schema.interests, owner_id=owner_id, person_id=person_id)
    return tuple(row["areas"]) if row is not None and row["interested"] else None
