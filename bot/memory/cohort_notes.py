"""What somebody is to be told in a cohort, and where."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from bot.cohortnotes import About, Note
from bot.memory import looks, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put
from bot.model import OwnerId, PersonId, RepoId, ThreadRef

NOWHERE: Final = ThreadRef(RepoId(0), 0)  # in shadow mode


def write(connection: Connection, note: Note) -> None:
    """It is to be told there: the thread gets a look. With NOWHERE it is only recorded."""
    if Forgotten(connection).has_id(note.person):
        return
    put(
        connection,
        schema.cohort_notes,
        {"in_repo_id": note.place.repo_id, "in_number": note.place.number},
        owner_id=note.owner_id,
        cohort=note.cohort,
        about=note.about.value,
        person_id=note.person,
        at=note.at,
    )
    if note.place != NOWHERE:
        looks.touch(connection, [note.place.subject], note.at)


def of_cohort(connection: Connection, owner_id: OwnerId, cohort: str) -> list[Note]:
    """All that there ever were, oldest first."""
    table = schema.cohort_notes
    query = select(table).where(table.c.owner_id == owner_id, table.c.cohort == cohort)
    return list(_notes(connection.execute(query.order_by(table.c.at, table.c.person_id))))


def told_in(connection: Connection, place: ThreadRef, since: datetime) -> list[Note]:
    """What is to be told in a thread, from then on."""
    key = {"repo_id": place.repo_id, "number": place.number, "since": since}
    return list(_notes(connection.execute(_told_in(), key)))


@cache
def _told_in() -> Select[Any]:
    table = schema.cohort_notes
    here = (table.c.in_repo_id == bindparam("repo_id")) & (table.c.in_number == bindparam("number"))
    return select(table).where(here, table.c.at > bindparam("since")).order_by(table.c.at, table.c.person_id)


def _notes(rows: Iterable[Row[Any]]) -> Iterable[Note]:
    return (
        Note(
            owner_id=OwnerId(row.owner_id),
            cohort=row.cohort,
            about=About(row.about),
            person=PersonId(row.person_id),
            at=row.at,
            place=ThreadRef(RepoId(row.in_repo_id), row.in_number),
        )
        for row in rows
    )
