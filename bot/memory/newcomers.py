"""Whose threads count as a newcomer's, of many people at once."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from bot.memory import schema
from bot.model import GHOST, OwnerId, PersonId

_NEW_FOR: Final = timedelta(days=365)
_MOST: Final = 3  # threads that they have opened
_SLICE: Final = 1_000


def newcomers(
    connection: Connection, owner_id: OwnerId, author_ids: Collection[PersonId], now: datetime
) -> frozenset[PersonId]:
    """Those of them who opened few threads in an owner's repositories, the first within the last year, had none merged,
    are not of the team, and did nothing there before, as far as anybody has found out."""
    people = sorted(set(author_ids) - {GHOST.id, PersonId(owner_id)})
    slices = (people[start : start + _SLICE] for start in range(0, len(people), _SLICE))
    return frozenset(found for some in slices for found in _among(connection, owner_id, some, now))


def _among(
    connection: Connection, owner_id: OwnerId, people: Collection[PersonId], now: datetime
) -> Iterator[PersonId]:
    key = {"owner_id": owner_id, "people": [*people]}
    known = set(connection.scalars(_no_newcomers(), key))
    for person_id, count, first, merged in connection.execute(_opened(), key):
        if person_id not in known and count <= _MOST and first > now - _NEW_FOR and merged is None:
            yield PersonId(person_id)


@cache
def _opened() -> Select[Any]:
    table, repo = schema.threads, schema.repos
    return (
        select(table.c.author_id, func.count(), func.min(table.c.created_at), func.max(table.c.merged_at))
        .join(repo, repo.c.id == table.c.repo_id)
        .where(table.c.author_id.in_(bindparam("people", expanding=True)), repo.c.owner_id == bindparam("owner_id"))
        .group_by(table.c.author_id)
    )


@cache
def _no_newcomers() -> Select[Any]:
    """Bots, the team, and those of whom a search told that they have been there before."""
    who, team, told = schema.people, schema.team, schema.acquaintances
    belongs = select(team.c.person_id).where(team.c.owner_id == bindparam("owner_id"), team.c.belongs)
    met = select(told.c.person_id).where(told.c.owner_id == bindparam("owner_id"))
    met = met.where(or_(told.c.has_past, told.c.merged_before))
    known = or_(who.c.is_bot, who.c.id.in_(belongs), who.c.id.in_(met))
    return select(who.c.id).where(who.c.id.in_(bindparam("people", expanding=True)), known)
