"""How people want to be reached: how often, when not, and whether they are away. Private: it is told to nobody else.

News may come late or twice: of each of the three what was said last counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, select

from bot.effects import GoAway, KeepQuiet, LimitMentions
from bot.memory import schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import Row, get, put
from bot.model import OwnerId, PersonId

_OF_THESE: Final = select(schema.preferences).where(
    schema.preferences.c.owner_id == bindparam("owner_id"),
    schema.preferences.c.person_id.in_(bindparam("ids", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """None: as the settings say; of `away_until`: they are there; of `zone`: it is not known. `away_since`: when they
    said that they would be away, the last time, and `back_at`: when they said that they are back (None: they did not).
    """

    a_day: int | None = None
    a_week: int | None = None
    away_until: datetime | None = None
    away_since: datetime | None = None
    back_at: datetime | None = None
    zone: str | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None


def of(connection: Connection, owner_id: OwnerId, person_id: PersonId) -> Preferences:
    return of_all(connection, owner_id, [person_id])[person_id]


def of_all(connection: Connection, owner_id: OwnerId, ids: Collection[PersonId]) -> dict[PersonId, Preferences]:
    """Those of each of these."""
    if not ids:
        return {}
    found = connection.execute(_OF_THESE, {"owner_id": owner_id, "ids": [*ids]}).mappings()
    told = {row["person_id"]: _told(row) for row in found}
    return {id_: told.get(id_, Preferences()) for id_ in ids}


def _told(row: RowMapping) -> Preferences:
    return Preferences(
        a_day=row["a_day"],
        a_week=row["a_week"],
        away_until=row["away_until"],
        away_since=row["away_since"],
        back_at=row["away_as_of"] if row["away_until"] is None else None,
        zone=row["zone"],
        quiet_from=_time(row["quiet_from"]),
        quiet_to=_time(row["quiet_to"]),
    )


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def of_owner(connection: Connection, owner_id: OwnerId) -> dict[PersonId, Preferences]:
    """Those of everybody who ever said that they would be away."""
    table = schema.preferences
    query = select(table).where(table.c.owner_id == owner_id, table.c.away_since.is_not(None))
    return {PersonId(row["person_id"]): _told(row) for row in connection.execute(query).mappings()}


def limit(connection: Connection, owner_id: OwnerId, order: LimitMentions) -> None:
    _put(connection, owner_id, order.person.id, "budget_as_of", order.as_of, a_day=order.a_day, a_week=order.a_week)


def away(connection: Connection, owner_id: OwnerId, order: GoAway) -> None:
    """Since when: what is said while they are away only moves its end."""
    known = of(connection, owner_id, order.person.id)
    away = known.away_until is not None and order.as_of < known.away_until
    since = known.away_since if away or order.until is None else order.as_of
    _put(connection, owner_id, order.person.id, "away_as_of", order.as_of, away_until=order.until, away_since=since)


def quiet(connection: Connection, owner_id: OwnerId, order: KeepQuiet) -> None:
    begins, ends = order.begins and f"{order.begins:%H:%M}", order.ends and f"{order.ends:%H:%M}"
    _put(
        connection, owner_id, order.person.id, "quiet_as_of", order.as_of,
        zone=order.zone, quiet_from=begins, quiet_to=ends,
    )  # fmt: skip


def _put(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, stamp: str, as_of: datetime, **values: object
) -> None:
    if Forgotten(connection).has_id(person_id):
        return
    key = {"owner_id": owner_id, "person_id": person_id}
    known: Row | None = get(connection, schema.preferences, **key)
    if known is None or known[stamp] is None or known[stamp] <= as_of:
        put(connection, schema.preferences, {**values, stamp: as_of}, **key)
