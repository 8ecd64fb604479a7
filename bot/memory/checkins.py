"""Check-ins: who is asked, where, and what they said. Private: only for the bot's own manners and for admins."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from bot.checkins import Because, CheckIn, Said, State
from bot.effects import AnswerCheckIn, GoAway
from bot.memory import looks, preferences, rows, schema
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, Person, PersonId, RepoId, Subject, ThreadRef

NAME: Final = "check-in"
SOON: Final = timedelta(minutes=1)  # after somebody said or did something


def subject(owner_id: OwnerId) -> Subject:
    """Where it is decided who is asked, reminded and handed over."""
    return Subject(f"{NAME}/{owner_id}")


def begin(
    connection: Connection, owner_id: OwnerId, who: PersonId, because: Because, state: State, now: datetime
) -> None:
    """Somebody is to be asked, or would be if there were a place for it."""
    if Forgotten(connection).has_id(who):
        return
    told = {"because": because.value, "state": state.value, "state_at": now}
    rows.put(connection, schema.check_ins, told, owner_id=owner_id, person_id=who, begun_at=now)


def at(connection: Connection, owner_id: OwnerId, who: PersonId, begun_at: datetime, place: ThreadRef) -> None:
    """The issue in which they are asked is there."""
    told = {"repo_id": place.repo_id, "number": place.number}
    rows.put(connection, schema.check_ins, told, owner_id=owner_id, person_id=who, begun_at=begun_at)


def becomes(
    connection: Connection, owner_id: OwnerId, one: CheckIn, state: State, now: datetime, *,
    again_at: datetime | None = None, handed_to: PersonId | None = None,
) -> None:  # fmt: skip
    """How far it is now. What is None stays as it was."""
    told: dict[str, Any] = {"state": state.value, "state_at": now}
    told |= {"again_at": again_at} if again_at else {}
    told |= {"handed_to_id": handed_to} if handed_to else {}
    rows.put(connection, schema.check_ins, told, owner_id=owner_id, person_id=one.person.id, begun_at=one.begun_at)


def answer(connection: Connection, owner_id: OwnerId, order: AnswerCheckIn) -> None:
    """What somebody says to their check-in; without one it counts as if there had been one. The later answer counts."""
    if Forgotten(connection).has_id(order.person.id):
        return
    known = latest(connection, owner_id, order.person.id)
    told = {
        "said": order.said.value,
        "again_at": order.again_at,
        "state": State.ANSWERED.value,
        "state_at": order.as_of,
    }
    if known is None or known.begun_at > order.as_of or known.state is State.OVER:
        told["because"] = Because.ASKED.value
        rows.put(connection, schema.check_ins, told, owner_id=owner_id, person_id=order.person.id, begun_at=order.as_of)
    elif known.state is not State.ANSWERED or known.state_at <= order.as_of:
        key = {"owner_id": owner_id, "person_id": order.person.id, "begun_at": known.begun_at}
        rows.put(connection, schema.check_ins, told, **key)
    looks.news(connection, subject(owner_id), order.as_of)


def latest(connection: Connection, owner_id: OwnerId, who: PersonId) -> CheckIn | None:
    return next(reversed(of_person(connection, owner_id, who)), None)


def of_person(connection: Connection, owner_id: OwnerId, who: PersonId) -> list[CheckIn]:
    """All that there ever were, oldest first."""
    return list(_found(connection, schema.check_ins.c.owner_id == owner_id, schema.check_ins.c.person_id == who))


def of_owner(connection: Connection, owner_id: OwnerId) -> dict[PersonId, CheckIn]:
    """The latest of each."""
    return {one.person.id: one for one in _found(connection, schema.check_ins.c.owner_id == owner_id)}


def in_thread(connection: Connection, ref: ThreadRef) -> list[CheckIn]:
    """Those that are asked in an issue, oldest first."""
    table = schema.check_ins
    return list(_found(connection, table.c.repo_id == ref.repo_id, table.c.number == ref.number))


def chosen_at(connection: Connection, owner_id: OwnerId) -> datetime | None:
    """When it was last chosen who is asked."""
    row = rows.get(connection, schema.marks, name=_chosen(owner_id))
    at: datetime | None = row["at"] if row else None
    return at


def chosen(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    """It is chosen now."""
    rows.put(connection, schema.marks, {"at": now, "value": None}, name=_chosen(owner_id))


def _chosen(owner_id: OwnerId) -> str:
    return f"check_ins/{owner_id}/chosen"


def held(connection: Connection, owner_id: OwnerId, who: PersonId, since: datetime, now: datetime) -> timedelta:
    """For how much of the time since then they were away by their own word. What they had said before that is over:
    nobody is asked who is away."""
    table = schema.ledger
    query = (
        select(table.c.claimed_at, table.c.detail)
        .where(table.c.owner_id == owner_id, table.c.person_id == who, table.c.claimed_at >= since)
        .where(table.c.effect == GoAway.kind)
        .order_by(table.c.claimed_at)
    )
    said = [(row.claimed_at, bool((row.detail or {}).get("on"))) for row in connection.execute(query)]
    until = preferences.of(connection, owner_id, who).away_until
    ends = [at for at, _ in said[1:]] + [min(until or since, now)]
    return sum((end - at for (at, on), end in zip(said, ends, strict=False) if on and end > at), timedelta())


def spoke(connection: Connection, who: PersonId, place: ThreadRef, since: datetime) -> bool:
    """Whether they wrote something to people in a thread; what is to the bot alone does not count."""
    table = schema.activity
    here = (table.c.repo_id == place.repo_id) & (table.c.number == place.number) & (table.c.at >= since)
    theirs = (table.c.person_id == who) & ~table.c.gone & table.c.says.is_not(False)
    return connection.execute(select(table.c.source_id).where(here, theirs).limit(1)).first() is not None


def _found(connection: Connection, *which: Any) -> Iterator[CheckIn]:
    table, people = schema.check_ins, schema.people
    query = (
        select(table, people.c.login)
        .join(people, people.c.id == table.c.person_id)
        .where(*which)
        .order_by(table.c.begun_at, table.c.person_id)
    )
    return _check_ins(connection.execute(query))


def _check_ins(found: Iterable[Row[Any]]) -> Iterator[CheckIn]:
    return (
        CheckIn(
            person=Person(PersonId(row.person_id), row.login),
            begun_at=row.begun_at,
            because=Because(row.because),
            state=State(row.state),
            state_at=row.state_at,
            place=None if row.number is None else ThreadRef(RepoId(row.repo_id), row.number),
            said=None if row.said is None else Said(row.said),
            again_at=row.again_at,
            handed_to=None if row.handed_to_id is None else PersonId(row.handed_to_id),
        )
        for row in found
    )
