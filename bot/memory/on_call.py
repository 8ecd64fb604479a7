"""Who can be asked to help, and whose turn it is.

Who agreed to it stands in the configuration (`need_help.roster`), by login. Whoever is not known by that login here, or
wants to be left alone, is not asked. They take turns over all repositories of an owner: who was asked longest ago is
next, but for those who are not to be mentioned now (`attention.py`); whoever is away is left out.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from bot.commands import need_help
from bot.memory import attention, rows, schema
from bot.memory.ledger import State
from bot.model import OwnerId, Person, PersonId, ThreadRef
from bot.policy import Limits

_RULE: Final = "need_help"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

# Each day's looks ask these again and again, so they are made once. Those who were heard of last come last.
_PEOPLE: Final = (
    select(schema.people).where(~schema.people.c.is_bot).order_by(schema.people.c.heard_at, schema.people.c.id)
)
_BY_LOGIN: Final = _PEOPLE.where(func.lower(schema.people.c.login).in_(bindparam("logins", expanding=True)))
_BY_ID: Final = _PEOPLE.where(schema.people.c.id.in_(bindparam("ids", expanding=True)))
_ALONE: Final = (
    select(schema.optouts.c.person_id)
    .where(schema.optouts.c.owner_id == bindparam("owner_id"), schema.optouts.c.opted_out)
    .where(schema.optouts.c.person_id.in_(bindparam("ids", expanding=True)))
)


def in_turn(
    connection: Connection, owner_id: OwnerId, roster: Collection[str], limits: Limits, now: datetime,
    about: ThreadRef | None = None,
) -> tuple[Person, ...]:  # fmt: skip
    """Those of the roster who can be asked about a thread, the next one first."""
    named = by_login(connection, owner_id, roster).items()
    people = {id_: person for id_, person in named if not attention.away(connection, owner_id, id_, now, about)}
    asked = _last_asked(connection, owner_id, people)
    turns = [
        (not attention.free(connection, owner_id, id_, limits, now, about), asked.get(id_, _NEVER), place, person)
        for place, (id_, person) in enumerate(people.items())
    ]
    return tuple(person for _, _, _, person in sorted(turns, key=lambda turn: turn[:3]))


def helped(connection: Connection, owner_id: OwnerId, people: Collection[Person], now: datetime) -> frozenset[PersonId]:
    """For whom one of these people was asked of late. The ledger knows by which request, and requests by whom."""
    table = schema.ledger
    query = select(table.c.key).where(
        table.c.person_id.in_([person.id for person in people]),
        table.c.claimed_at > now - need_help.EVERY,
        table.c.owner_id == owner_id,
        table.c.rule == _RULE,
        table.c.state != State.DROPPED,
    )
    found = []
    for key in connection.scalars(query):
        _, place, place_id = key.split("/")
        found.append(rows.get(connection, schema.requests, place=place, place_id=int(place_id), name=need_help.NAME))
    return frozenset(PersonId(request["person_id"]) for request in found if request is not None)


def by_login(connection: Connection, owner_id: OwnerId, roster: Collection[str]) -> dict[PersonId, Person]:
    """Those of the roster who can be asked anything, in its order. Of two who had a login one after the other the later
    one has it."""
    if not roster:
        return {}
    found = _people(connection, _BY_LOGIN, {"logins": [login.lower() for login in roster]})
    known = {person.login.lower(): person for person in found}
    return _able(connection, owner_id, [known[login.lower()] for login in roster if login.lower() in known])


def by_id(connection: Connection, owner_id: OwnerId, ids: Collection[PersonId]) -> dict[PersonId, Person]:
    """The same of those with these ids."""
    return _able(connection, owner_id, _people(connection, _BY_ID, {"ids": [*ids]})) if ids else {}


def _people(connection: Connection, query: Select[Any], those: dict[str, object]) -> list[Person]:
    return [Person(PersonId(row.id), row.login) for row in connection.execute(query, those)]


def _able(connection: Connection, owner_id: OwnerId, people: Collection[Person]) -> dict[PersonId, Person]:
    """Without those who want to be left alone."""
    if not people:
        return {}
    alone = set(connection.scalars(_ALONE, {"owner_id": owner_id, "ids": [person.id for person in people]}))
    return {person.id: person for person in people if person.id not in alone}


def _last_asked(connection: Connection, owner_id: OwnerId, ids: Collection[PersonId]) -> dict[PersonId, datetime]:
    table = schema.ledger
    query = (
        select(table.c.person_id, func.max(table.c.claimed_at, type_=table.c.claimed_at.type))
        .where(table.c.person_id.in_(ids), table.c.owner_id == owner_id, table.c.rule == _RULE)
        .where(table.c.state != State.DROPPED)
        .group_by(table.c.person_id)
    )
    return {PersonId(id_): at for id_, at in connection.execute(query)}
