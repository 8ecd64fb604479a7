"""What somebody of the team is to be told, and where: chosen where the whole organisation is looked at, said by a rule
in the thread."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from bot.memory import looks, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.team import About, Note

NOWHERE: Final = ThreadRef(RepoId(0), 0)  # in shadow mode


def write(connection: Connection, note: Note) -> None:
    """It is to be told there: the thread gets a look. With NOWHERE it is only recorded."""
    if Forgotten(connection).has_id(note.person):
        return
    told = {"matter": note.matter, "in_repo_id": note.place.repo_id, "in_number": note.place.number}
    key = {"owner_id": note.owner_id, "about": note.about.value, "person_id": note.person, "at": note.at}
    put(connection, schema.notes, told, **key)
    if note.place != NOWHERE:
        looks.touch(connection, [note.place.subject], note.at)


def of_person(connection: Connection, owner_id: OwnerId, who: PersonId, *abouts: About) -> list[Note]:
    """Those of these kinds that there ever were, oldest first."""
    table = schema.notes
    query = select(table).where(
        table.c.owner_id == owner_id, table.c.person_id == who, table.c.about.in_([about.value for about in abouts])
    )
    return list(_notes(connection.execute(query.order_by(table.c.at))))


def of_owner(connection: Connection, owner_id: OwnerId, since: datetime, *abouts: About) -> list[Note]:
    """Those of these kinds from then on, oldest first."""
    table = schema.notes
    query = select(table).where(
        table.c.owner_id == owner_id, table.c.at >= since, table.c.about.in_([about.value for about in abouts])
    )
    return list(_notes(connection.execute(query.order_by(table.c.at, table.c.person_id))))


def told_in(connection: Connection, place: ThreadRef, since: datetime, *abouts: About) -> list[Note]:
    """What is to be told in a thread, from then on."""
    table = schema.notes
    here = (table.c.in_repo_id == place.repo_id) & (table.c.in_number == place.number)
    query = select(table).where(here, table.c.at > since, table.c.about.in_([about.value for about in abouts]))
    return list(_notes(connection.execute(query.order_by(table.c.at, table.c.person_id))))


def _notes(rows: Iterable[Row[Any]]) -> Iterable[Note]:
    return (
        Note(
            owner_id=OwnerId(row.owner_id), about=About(row.about), person=PersonId(row.person_id), at=row.at,
            matter=row.matter, place=ThreadRef(RepoId(row.in_repo_id), row.in_number),
        )
        for row in rows
    )  # fmt: skip
