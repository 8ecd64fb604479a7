"""Which alarms of succession the admins were told, and when. Private: only for the bot's own manners."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from bot.memory import looks, rows, schema
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, PersonId, Subject
from bot.stewards import Alarm, Told

NAME: Final = "succession"

Key = tuple[str, PersonId]


def subject(owner_id: OwnerId) -> Subject:
    """Where it is found out what rests on one person."""
    return Subject(f"{NAME}/{owner_id}")


def of_owner(connection: Connection, owner_id: OwnerId) -> dict[Key, Told]:
    table = schema.alarms
    query = select(table).where(table.c.owner_id == owner_id)
    return {
        (row.place, PersonId(row.person_id)): Told(at=row.told_at, board=row.board)
        for row in connection.execute(query)
    }  # fmt: skip


def tell(connection: Connection, owner_id: OwnerId, one: Alarm, told: Told) -> None:
    if Forgotten(connection).has_id(one.person.id):
        return
    values = {"told_at": told.at, "board": told.board}
    rows.put(connection, schema.alarms, values, owner_id=owner_id, place=one.place.key, person_id=one.person.id)


def look_again(connection: Connection, now: datetime) -> None:
    """Somebody was forgotten: where an issue of ours is open it may name them, so it is written anew."""
    table = schema.boards
    query = select(table.c.owner_id).where(table.c.name.startswith(f"{NAME}/"), table.c.closed_at.is_(None))
    looks.touch(connection, [subject(OwnerId(id_)) for id_ in sorted(set(connection.scalars(query)))], now)


def drop(connection: Connection, owner_id: OwnerId, before: datetime, *, but: Collection[Key]) -> None:
    """What was told before that, and is an alarm no more."""
    table = schema.alarms
    for key, told in of_owner(connection, owner_id).items():
        if key not in but and told.at < before:
            this = (table.c.owner_id == owner_id, table.c.place == key[0], table.c.person_id == key[1])
            connection.execute(delete(table).where(*this))
