"""Reminders that were chosen: of which threads, to whom, and where they are given."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select, true

from bot.memory import looks, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import get, put
from bot.model import GHOST, OwnerId, PersonId, RepoId, ThreadRef
from bot.waiting import Because, Nudge, Reminder

FRESH: Final = timedelta(days=2)  # what could not be said until then is not said any more
NOWHERE: Final = ThreadRef(RepoId(0), 0)  # in shadow mode


def write(connection: Connection, owner_id: OwnerId, nudge: Nudge, place: ThreadRef) -> None:
    """It is to be given there, or in its own thread: that one gets a look. With NOWHERE it is only recorded."""
    if Forgotten(connection).has_id(nudge.person):
        return
    put(
        connection,
        schema.nudges,
        {
            "owner_id": owner_id,
            "person_id": nudge.person,
            "because": nudge.because.name,
            "since": nudge.since,
            "in_repo_id": place.repo_id,
            "in_number": place.number,
        },
        repo_id=nudge.ref.repo_id,
        number=nudge.ref.number,
        reminder=nudge.reminder.value,
        at=nudge.at,
    )
    there = place if nudge.reminder is Reminder.NUDGE else nudge.ref
    if there != NOWHERE:
        looks.touch(connection, [there.subject], nudge.at)


def of_owner(connection: Connection, owner_id: OwnerId, *, shadow: bool) -> dict[ThreadRef, tuple[Nudge, ...]]:
    """All that were ever chosen, by thread, oldest first; to GHOST where somebody was forgotten since. `shadow`: with
    those that were given nowhere."""
    table = schema.nudges
    given = true() if shadow else table.c.in_number != NOWHERE.number
    query = select(table).where(table.c.owner_id == owner_id, given).order_by(table.c.at)
    found: defaultdict[ThreadRef, list[Nudge]] = defaultdict(list)
    for nudge in _nudges(connection.execute(query)):
        found[nudge.ref].append(nudge)
    return {ref: tuple(nudges) for ref, nudges in found.items()}


def about(connection: Connection, ref: ThreadRef, now: datetime) -> tuple[Nudge, ...]:
    """Those of late that are to be given in the thread itself."""
    key = {"repo_id": ref.repo_id, "number": ref.number, "since": now - FRESH}
    return tuple(_nudges(connection.execute(_about(), key)))


@cache
def _about() -> Select[Any]:
    table = schema.nudges
    here = select(table).where(table.c.repo_id == bindparam("repo_id"), table.c.number == bindparam("number"))
    of_late = here.where(table.c.at > bindparam("since"), table.c.reminder != Reminder.NUDGE.value)
    return of_late.where(table.c.person_id != GHOST.id).order_by(table.c.at)


def told_in(connection: Connection, place: ThreadRef, now: datetime) -> tuple[Nudge, ...]:
    """Those of late that are to be given in a digest."""
    key = {"repo_id": place.repo_id, "number": place.number, "since": now - FRESH}
    return tuple(_nudges(connection.execute(_told_in(), key)))


@cache
def _told_in() -> Select[Any]:
    table = schema.nudges
    here = select(table).where(table.c.in_repo_id == bindparam("repo_id"), table.c.in_number == bindparam("number"))
    of_late = here.where(table.c.at > bindparam("since"), table.c.reminder == Reminder.NUDGE.value)
    return of_late.where(table.c.person_id != GHOST.id).order_by(table.c.at, table.c.repo_id, table.c.number)


def chosen_since(connection: Connection, owner_id: OwnerId, since: datetime) -> int:
    """How many were chosen for an owner."""
    table = schema.nudges
    query = select(func.count()).where(table.c.owner_id == owner_id, table.c.at > since)
    return connection.scalar(query) or 0


def begun(connection: Connection, owner_id: OwnerId) -> bool:
    """Whether there was a first sweep, after which people may be reminded."""
    return get(connection, schema.marks, name=_mark(owner_id)) is not None


def begin(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    put(connection, schema.marks, {"at": now, "value": None}, name=_mark(owner_id))


def _mark(owner_id: OwnerId) -> str:
    return f"triage/{owner_id}"


def _nudges(rows: Iterable[Row[Any]]) -> Iterable[Nudge]:
    return (
        Nudge(
            ref=ThreadRef(RepoId(row.repo_id), row.number),
            reminder=Reminder(row.reminder),
            person=PersonId(row.person_id),
            because=Because[row.because],
            since=row.since,
            at=row.at,
        )
        for row in rows
    )
