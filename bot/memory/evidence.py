"""Evidence of people that stands nowhere else: meetings, thanks, and who vouched for whom."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.effects import GiveThanks, VouchFor
from bot.memory import looks, rows, schema
from bot.memory.checkins import subject
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.team import Evidence, Sign

_A_FILE: Final = 0


def keep(connection: Connection, owner_id: OwnerId, one: Evidence) -> None:
    """Once: the same at the same time by the same is the same. Nothing of people who asked to be forgotten."""
    forgotten = Forgotten(connection)
    if forgotten.has_id(one.person) or (one.by is not None and forgotten.has_id(one.by)):
        return
    repo_id = one.repo_id if one.place is None else one.place.repo_id
    told = {
        "about": one.about, "repo_id": repo_id or 0, "number": one.place.number if one.place else 0, "url": one.url,
    }  # fmt: skip
    key = {"owner_id": owner_id, "person_id": one.person, "sign": one.sign.value, "at": one.at}
    rows.put(connection, schema.presence, told, **key, by_id=one.by or _A_FILE)


def vouched(connection: Connection, owner_id: OwnerId, order: VouchFor) -> None:
    keep(
        connection,
        owner_id,
        Evidence(
            person=order.whom.id, sign=Sign.VOUCH, at=order.as_of, by=order.person.id, place=order.thread
        ),
    )  # fmt: skip
    looks.news(connection, subject(owner_id), order.as_of)


def thanked(connection: Connection, owner_id: OwnerId, order: GiveThanks) -> None:
    keep(
        connection,
        owner_id,
        Evidence(
            person=order.whom.id, sign=Sign.THANKS, at=order.as_of, by=order.person.id, about=order.work.value,
            place=order.thread, url=order.url,
        ),
    )  # fmt: skip


def since(connection: Connection, owner_id: OwnerId, since: datetime, *signs: Sign) -> list[Evidence]:
    """What is known from then on, oldest first; of these kinds, or of all."""
    table = schema.presence
    query = select(table).where(table.c.owner_id == owner_id, table.c.at >= since)
    if signs:
        query = query.where(table.c.sign.in_([sign.value for sign in signs]))
    return list(_found(connection.execute(query.order_by(table.c.at, table.c.person_id, table.c.by_id))))


def _found(found: Any) -> Iterator[Evidence]:
    for row in found:
        place = ThreadRef(RepoId(row.repo_id), row.number) if row.number else None
        yield Evidence(
            person=PersonId(row.person_id), sign=Sign(row.sign), at=row.at,
            by=PersonId(row.by_id) if row.by_id != _A_FILE else None, about=row.about,
            repo_id=RepoId(row.repo_id) if row.repo_id else None, place=place, url=row.url,
        )  # fmt: skip
