"""When to look at what: the engine's memory. An engine can lose all it holds in flight and find it again here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, func, literal_column, select, update

from bot.memory import rows
from bot.memory.schema import looks
from bot.model import Subject


class State(StrEnum):
    WAITING = "waiting"
    DEAD = "dead"  # given up


# In conditions the state is a literal, not a parameter: only then do planners use the partial index.
_WAITING = looks.c.state == literal_column("'waiting'")
_DEAD = looks.c.state == literal_column("'dead'")

# Asked all the time, so they are made once.
_DUE: Final = (
    select(looks.c.subject, looks.c.rev, looks.c.attempts)
    .where(_WAITING, looks.c.due_at <= bindparam("now"))
    .order_by(looks.c.due_at, looks.c.subject)
    .limit(bindparam("most"))
)
_NEXT: Final = (
    select(looks.c.subject, looks.c.due_at)
    .where(_WAITING, looks.c.due_at.is_not(None))
    .order_by(looks.c.due_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Due:
    """A subject to look at. `rev` counts the news about it, `attempts` the failed looks since the last good one."""

    subject: Subject
    rev: int
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    subject: Subject
    attempts: int
    why: str


def touch(connection: Connection, subjects: Iterable[Subject], now: datetime) -> None:
    """There is news about these: look at them now.

    A look that was planned for later is brought forward. But behind a look that failed and backs off, news waits with
    it: it does not overtake, or every delivery of a busy thread would be another try.
    """
    for subject in subjects:
        row = rows.get(connection, looks, subject=subject)
        if row is None:
            first = {"due_at": now, "rev": 1, "attempts": 0, "state": State.WAITING, "why": None}
            rows.put(connection, looks, first, subject=subject)
        elif row["attempts"] and row["state"] == State.WAITING:
            rows.put(connection, looks, {"rev": row["rev"] + 1}, subject=subject)
        else:
            news = {"due_at": now, "rev": row["rev"] + 1, "attempts": 0, "state": State.WAITING}
            rows.put(connection, looks, news, subject=subject)


def plan(connection: Connection, subject: Subject, at: datetime) -> None:
    """Look at it then, if not before. It is no news: a look that is under way counts all the same."""
    row = rows.get(connection, looks, subject=subject)
    if row is None:
        first = {"due_at": at, "rev": 0, "attempts": 0, "state": State.WAITING, "why": None}
        rows.put(connection, looks, first, subject=subject)
    elif row["state"] == State.WAITING and (row["due_at"] is None or at < row["due_at"]) and not row["attempts"]:
        rows.put(connection, looks, {"due_at": at}, subject=subject)


def news(connection: Connection, subject: Subject, at: datetime) -> None:
    """There is news about it, which can wait until then, with more of the same. A look that is under way does not count
    for it."""
    plan(connection, subject, at)
    row = rows.get(connection, looks, subject=subject)
    if row is not None:
        rows.put(connection, looks, {"rev": row["rev"] + 1}, subject=subject)


def begin(connection: Connection, subject: Subject, at: datetime) -> None:
    """It is looked at for the first time then. From there on each look says when the next one is."""
    if rows.get(connection, looks, subject=subject) is None:
        plan(connection, subject, at)


def due(connection: Connection, now: datetime, limit: int, without: Collection[Subject]) -> list[Due]:
    """What should be looked at by now, longest due first, leaving out those `without` (under way already)."""
    asked = connection.execute(_DUE, {"now": now, "most": limit + len(without)})
    found = [Due(Subject(subject), rev, attempts) for subject, rev, attempts in asked]
    return [look for look in found if look.subject not in without][:limit]


def next_due(connection: Connection, without: Collection[Subject]) -> datetime | None:
    """When the next look is due that is not under way."""
    asked = connection.execute(_NEXT, {"most": len(without) + 1})
    return next((due_at for subject, due_at in asked if subject not in without), None)


def finished(connection: Connection, look: Due, now: datetime, again_at: datetime | None, why: str | None) -> None:
    """The look is over; the next one is at `again_at` (None: when there is news), or at once if news came meanwhile.
    Why it ended so does not hold then."""
    row = rows.get(connection, looks, subject=look.subject)
    if row is not None:
        due_at, why = (again_at, why) if row["rev"] == look.rev else (now, None)
        rows.put(connection, looks, {"due_at": due_at, "attempts": 0, "why": why}, subject=look.subject)


def postponed(connection: Connection, look: Due, again_at: datetime, why: str) -> None:
    """The look could not be had now, by nobody's fault; it does not count as a try. News meanwhile waits with it."""
    rows.put(connection, looks, {"due_at": again_at, "why": why}, subject=look.subject)


def failed(connection: Connection, look: Due, again_at: datetime, why: str) -> None:
    """The look failed and is tried again at `again_at`."""
    tried = {"due_at": again_at, "attempts": look.attempts + 1, "why": why}
    rows.put(connection, looks, tried, subject=look.subject)


def died(connection: Connection, look: Due, why: str) -> None:
    """Nobody looks again until there is news; at once if it came during the look."""
    row = rows.get(connection, looks, subject=look.subject)
    if row is not None and row["rev"] != look.rev:
        rows.put(connection, looks, {"attempts": 0, "why": why}, subject=look.subject)
        return
    given_up = {"due_at": None, "attempts": look.attempts + 1, "state": State.DEAD, "why": why}
    rows.put(connection, looks, given_up, subject=look.subject)


def dead(connection: Connection) -> list[DeadLetter]:
    query = select(looks.c.subject, looks.c.attempts, looks.c.why).where(_DEAD).order_by(looks.c.subject)
    return [DeadLetter(Subject(subject), attempts, why or "") for subject, attempts, why in connection.execute(query)]


def retry_dead(connection: Connection, now: datetime) -> int:
    """What was given up is due now, as if nothing had been tried. Returns how many."""
    again = update(looks).where(_DEAD).values(due_at=now, attempts=0, state=State.WAITING)
    return connection.execute(again).rowcount


def waiting(connection: Connection) -> tuple[int, int]:
    """How many looks are planned, and how many are dead."""
    planned = connection.scalar(select(func.count()).select_from(looks).where(_WAITING, looks.c.due_at.is_not(None)))
    lost = connection.scalar(select(func.count()).select_from(looks).where(_DEAD))
    return planned or 0, lost or 0
