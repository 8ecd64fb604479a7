"""Who has taken which issue. Whoever is first does: one writer decides, one after the other."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.memory import schema
from bot.memory.rows import get, put
from bot.model import PersonId, ThreadRef
from bot.pathway import Ended


def free(connection: Connection, ref: ThreadRef, person_id: PersonId) -> bool:
    """Whether nobody else has it."""
    table = schema.claims
    here = (table.c.repo_id == ref.repo_id) & (table.c.number == ref.number) & table.c.ended_at.is_(None)
    others = select(table.c.person_id).where(here, table.c.person_id != person_id)
    return connection.execute(others.limit(1)).first() is None


def take(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime) -> None:
    """Somebody takes it, or takes it again."""
    values = {"at": at, "worked_at": at, "ended_at": None, "ended": None}
    put(connection, schema.claims, values, **_key(ref, person_id))


def end(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime, ended: Ended) -> None:
    """A claim that is open is over."""
    row = get(connection, schema.claims, **_key(ref, person_id))
    if row is not None and row["ended_at"] is None:
        put(connection, schema.claims, {"ended_at": at, "ended": ended.value}, **_key(ref, person_id))


def work(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime) -> None:
    """They say that they are at it."""
    row = get(connection, schema.claims, **_key(ref, person_id))
    if row is not None and row["worked_at"] < at:
        put(connection, schema.claims, {"worked_at": at}, **_key(ref, person_id))


def _key(ref: ThreadRef, person_id: PersonId) -> dict[str, int]:
    return {"repo_id": ref.repo_id, "number": ref.number, "person_id": person_id}
