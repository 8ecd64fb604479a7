"""Who is to be mentored in which thread, who was asked for it, and what came of that.

News may come late or twice: an ask is answered once, and what is over stays over.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, delete, func, select, update

from bot.effects import AnswerAsk, EndMentoring, HandOver, MeetMentee, SeekMentors
from bot.memory import ledger, looks, rows, schema, threads
from bot.memory.forgotten import Forgotten
from bot.mentors import OPEN, Ask, Because, Mentoring, Part, Reasons, Said, State
from bot.model import GHOST, OwnerId, Person, PersonId, RepoId, Subject, ThreadRef

_OVER: Final = (Said.ACCEPTED, Said.OPEN)  # what somebody said that can still change


def subject(owner_id: OwnerId) -> Subject:
    """Where it is chosen who is asked next."""
    return Subject(f"mentoring/{owner_id}")


def of_thread(connection: Connection, ref: ThreadRef) -> Mentoring | None:
    """The last one of a thread."""
    found = _made(connection, _of_thread(), asdict(ref))
    return found[-1] if found else None


@cache
def _of_thread() -> Select[Any]:
    table = schema.mentorings
    return _mentorings().where(table.c.repo_id == bindparam("repo_id"), table.c.number == bindparam("number"))


def of_owner(connection: Connection, owner_id: OwnerId, states: Collection[State] = OPEN) -> list[Mentoring]:
    """Those in an owner's repositories that are in one of these states, oldest first."""
    return _made(connection, _of_owner(), {"owner_id": owner_id, "states": [*states]})


@cache
def _of_owner() -> Select[Any]:
    table = schema.mentorings
    in_these = table.c.state.in_(bindparam("states", expanding=True))
    return _mentorings().where(table.c.owner_id == bindparam("owner_id"), in_these)


def counts(connection: Connection, repo_ids: Collection[RepoId], since: datetime, until: datetime) -> tuple[int, int]:
    """How many began to run in these repositories in this time, and how many were done."""
    table = schema.mentorings
    began = and_(table.c.running_since >= since, table.c.running_since < until)
    done = and_(table.c.state == State.DONE.value, table.c.state_at >= since, table.c.state_at < until)
    these = [select(func.count()).select_from(table).where(table.c.repo_id.in_(repo_ids), one) for one in (began, done)]
    begun, ended = (connection.scalar(query) or 0 for query in these)
    return begun, ended


def begin(connection: Connection, owner_id: OwnerId, order: SeekMentors) -> None:
    """Mentors are sought from now on, or as soon as somebody takes the issue."""
    if order.mentee is not None and Forgotten(connection).has_id(order.mentee.id):
        return
    values: dict[str, object] = {
        "owner_id": owner_id,
        "mentee_id": order.mentee.id if order.mentee else None,
        "asked_by_id": order.person.id,
        "because": order.because.value,
        "state": (State.SEEKING if order.mentee else State.WAITING).value,
        "state_at": order.as_of,
        "running_since": None,
        "checks": [],
        "cohort": order.cohort,
    }
    rows.put(connection, schema.mentorings, values, **_key(order.thread, order.as_of))


def meet(connection: Connection, order: MeetMentee) -> None:
    """Somebody has taken the issue for which mentors were to be sought."""
    key = _key(order.thread, order.began_at)
    row = rows.get(connection, schema.mentorings, **key)
    if row is not None and row["state"] == State.WAITING:
        rows.put(connection, schema.mentorings, {"mentee_id": order.person.id}, **key)
        to(connection, order.thread, order.began_at, State.SEEKING, order.as_of)


def to(connection: Connection, ref: ThreadRef, began_at: datetime, state: State, at: datetime) -> None:
    """How far it is now."""
    rows.put(connection, schema.mentorings, {"state": state.value, "state_at": at}, **_key(ref, began_at))


def choose(connection: Connection, owner_id: OwnerId, mentoring: Mentoring, ask: Ask) -> None:
    """Somebody is to be asked: the thread gets a look."""
    if Forgotten(connection).has_id(ask.person.id):
        return
    values = {
        "owner_id": owner_id,
        "part": ask.part.value,
        "said": ask.said.value,
        "said_at": ask.said_at,
        "beside_id": ask.beside.id if ask.beside else None,
        "by_id": ask.by,
        "reasons": asdict(ask.reasons),
        "beside_reasons": asdict(ask.beside_reasons),
    }
    rows.put(connection, schema.mentor_asks, values, **_ask_key(mentoring.ref, mentoring.began_at, ask))
    looks.touch(connection, [mentoring.ref.subject], ask.chosen_at)


def answer(connection: Connection, order: AnswerAsk) -> None:
    """Somebody who was asked has answered, or steps back. Who had agreed can only step back. With `checks` it begins if
    it is complete now."""
    known = _one(connection, order.thread, order.began_at)
    ask = next((one for one in _asks_of(known, order.person) if one.chosen_at == order.chosen_at), None)
    if known is None or ask is None or not known.is_open:
        return
    if settle(connection, known, ask, order.said, order.as_of):
        _move_on(connection, known.ref, known.began_at, order.as_of, order.checks)


def settle(connection: Connection, mentoring: Mentoring, ask: Ask, said: Said, at: datetime) -> bool:
    """What came of an ask. Whether it was news."""
    if ask.said not in _OVER or (ask.said is Said.ACCEPTED and said not in {Said.LEFT, Said.HANDED_OVER}):
        return False
    key = _ask_key(mentoring.ref, mentoring.began_at, ask)
    rows.put(connection, schema.mentor_asks, {"said": said.value, "said_at": at}, **key)
    looks.touch(connection, [mentoring.ref.subject], at)
    return True


def _move_on(
    connection: Connection, ref: ThreadRef, began_at: datetime, at: datetime, checks: Iterable[datetime]
) -> None:
    """Begins if it is complete; seeks again if it is not any more. Whoever takes over from somebody ends their part."""
    now = _one(connection, ref, began_at)
    assert now is not None, "it was there in the same transaction"
    for taken in now.mentors:
        gives = next((one for one in now.mentors if taken.by == one.person.id and one.part is taken.part), None)
        if gives is not None:
            settle(connection, now, gives, Said.HANDED_OVER, at)
    now = _one(connection, ref, began_at)
    assert now is not None
    if now.is_complete and now.running_since is None:
        days = [day.isoformat() for day in checks]
        rows.put(connection, schema.mentorings, {"running_since": at, "checks": days}, **_key(ref, began_at))
    if now.is_complete and now.state is not State.RUNNING:
        to(connection, ref, began_at, State.RUNNING, at)
    elif not now.is_complete and now.state is State.RUNNING:
        to(connection, ref, began_at, State.SEEKING, at)


def can_be_handed_over(connection: Connection, order: HandOver) -> bool:
    """One is asked at a time; and nobody gives what they do not have."""
    known = _one(connection, order.thread, order.began_at)
    if known is None or not known.is_open or known.open_ask is not None:
        return False
    return order.person.id in {one.person.id for one in known.mentors}


def hand_over(connection: Connection, owner_id: OwnerId, order: HandOver) -> None:
    """The two change parts at once; anybody else is asked first."""
    known = _one(connection, order.thread, order.began_at)
    assert known is not None, "it was there in the same transaction"
    gives = next(one for one in known.mentors if one.person.id == order.person.id)
    other = next((one for one in known.mentors if one.person.id == order.to.id), None)
    if other is None:
        ask = Ask(person=order.to, part=gives.part, chosen_at=order.as_of, by=order.person.id)
        choose(connection, owner_id, known, ask)
        return
    for one, part in ((gives, other.part), (other, gives.part)):
        key = _ask_key(known.ref, known.began_at, one)
        rows.put(connection, schema.mentor_asks, {"part": part.value}, **key)
    looks.touch(connection, [known.ref.subject], order.as_of)


def end(connection: Connection, order: EndMentoring) -> None:
    """It is over; whoever is being asked need not answer any more."""
    known = _one(connection, order.thread, order.began_at)
    if known is None or not known.is_open:
        return
    for ask in known.asks:
        if ask.said is Said.OPEN:
            settle(connection, known, ask, Said.WITHDRAWN, order.as_of)
    to(connection, order.thread, order.began_at, order.state, order.as_of)


def forget(connection: Connection, person_id: PersonId, at: datetime) -> None:
    """Somebody is forgotten. Where they mentored, somebody else is sought; where they were to be mentored, it ends as
    soon as the thread is looked at."""
    mentoring, ask = schema.mentorings, schema.mentor_asks
    for column in (mentoring.c.mentee_id, mentoring.c.asked_by_id):
        theirs = select(mentoring.c.repo_id, mentoring.c.number).where(column == person_id)
        refs = [ThreadRef(RepoId(repo_id), number) for repo_id, number in connection.execute(theirs)]
        connection.execute(update(mentoring).where(column == person_id).values({column.name: GHOST.id}))
        looks.touch(connection, [ref.subject for ref in refs], at)
    for column in (ask.c.beside_id, ask.c.by_id):
        connection.execute(update(ask).where(column == person_id).values({column.name: None}))
    asked = select(ask.c.owner_id, ask.c.repo_id, ask.c.number, ask.c.began_at).where(ask.c.person_id == person_id)
    found = connection.execute(asked).all()
    for _, repo_id, number, began_at in found:
        _veil_open_ask(connection, ThreadRef(RepoId(repo_id), number), began_at, person_id, at)
    connection.execute(delete(ask).where(ask.c.person_id == person_id))
    for owner_id, repo_id, number, began_at in found:
        ref = ThreadRef(RepoId(repo_id), number)
        known = _one(connection, ref, began_at)
        if known is not None and known.is_open:
            _move_on(connection, ref, began_at, at, ())
            looks.touch(connection, [ref.subject], at)
            looks.news(connection, subject(OwnerId(owner_id)), at)


def _veil_open_ask(
    connection: Connection, ref: ThreadRef, began_at: datetime, person_id: PersonId, at: datetime
) -> None:
    """A question that stands in the thread is settled there, as if it had been nobody's: it names them no more."""
    known = _one(connection, ref, began_at)
    ask = known.open_ask if known else None
    if ask is None or ask.person.id != person_id or ask.asked_at is None:
        return
    nobodys = replace(ask, person=GHOST)
    said = rows.get(connection, schema.ledger, key=ask.key(ref))
    assert said is not None, "they were asked"
    kept = {name: value for name, value in said.items() if name != "key"} | {"person_id": GHOST.id}
    rows.put(connection, schema.ledger, kept, key=nobodys.key(ref))
    values = {"person_id": GHOST.id, "said": Said.WITHDRAWN.value, "said_at": at}
    rows.put(connection, schema.mentor_asks, values, **_ask_key(ref, began_at, ask))


def _asks_of(mentoring: Mentoring | None, person: Person) -> list[Ask]:
    return [ask for ask in mentoring.asks if ask.person.id == person.id] if mentoring else []


def _one(connection: Connection, ref: ThreadRef, began_at: datetime) -> Mentoring | None:
    begun_then = _of_thread().where(schema.mentorings.c.began_at == bindparam("began_at"))
    return next(iter(_made(connection, begun_then, {**asdict(ref), "began_at": began_at})), None)


def _mentorings() -> Select[Any]:
    table = schema.mentorings
    return select(table).order_by(table.c.began_at, table.c.repo_id, table.c.number)


def _made(connection: Connection, query: Select[Any], key: Mapping[str, object]) -> list[Mentoring]:
    all_ = connection.execute(query, key).mappings().all()
    asks = _asks(connection, all_)
    known: dict[int, Person] = {}
    return [_mentoring(connection, row, asks.get(_this(row), ()), known) for row in all_]


def _this(row: RowMapping) -> tuple[int, int, datetime]:
    return row["repo_id"], row["number"], row["began_at"]


def _asks(
    connection: Connection, mentorings: Collection[RowMapping]
) -> Mapping[tuple[int, int, datetime], list[RowMapping]]:
    found: defaultdict[tuple[int, int, datetime], list[RowMapping]] = defaultdict(list)
    those = {"repo_ids": [*{row["repo_id"] for row in mentorings}], "numbers": [*{row["number"] for row in mentorings}]}
    for row in connection.execute(_asked(), those).mappings() if mentorings else ():
        found[_this(row)].append(row)
    return found


@cache
def _asked() -> Select[Any]:
    table = schema.mentor_asks
    here = table.c.repo_id.in_(bindparam("repo_ids", expanding=True))
    those = table.c.number.in_(bindparam("numbers", expanding=True))
    return select(table).where(here, those).order_by(table.c.chosen_at, table.c.person_id)


def _mentoring(
    connection: Connection, row: RowMapping, asks: Collection[RowMapping], known: dict[int, Person]
) -> Mentoring:
    def person(id_: int) -> Person:
        if id_ not in known:
            known[id_] = GHOST if id_ == GHOST.id else threads.person(connection, PersonId(id_))
        return known[id_]

    ref = ThreadRef(RepoId(row["repo_id"]), row["number"])
    made = [_ask(one, person) for one in asks]
    asked = ledger.done_at(connection, [one.key(ref) for one in made])
    return Mentoring(
        ref=ref,
        began_at=row["began_at"],
        because=Because(row["because"]),
        state=State(row["state"]),
        state_at=row["state_at"],
        mentee=None if row["mentee_id"] is None else person(row["mentee_id"]),
        asked_by=person(row["asked_by_id"]),
        asks=tuple(replace(one, asked_at=asked.get(one.key(ref))) for one in made),
        running_since=row["running_since"],
        checks=tuple(datetime.fromisoformat(day) for day in row["checks"]),
        cohort=row["cohort"],
    )


def _ask(row: RowMapping, person: Any) -> Ask:
    return Ask(
        person=person(row["person_id"]),
        part=Part(row["part"]),
        chosen_at=row["chosen_at"],
        said=Said(row["said"]),
        said_at=row["said_at"],
        beside=None if row["beside_id"] is None else person(row["beside_id"]),
        by=None if row["by_id"] is None else PersonId(row["by_id"]),
        reasons=_reasons(row["reasons"]),
        beside_reasons=_reasons(row["beside_reasons"]),
    )


def _reasons(stored: Mapping[str, Any]) -> Reasons:
    return Reasons(
        areas=tuple(stored["areas"]),
        here=stored["here"],
        mentored=stored["mentored"],
        hours=stored["hours"],
        languages=tuple(stored["languages"]),
    )


def _key(ref: ThreadRef, began_at: datetime) -> dict[str, object]:
    return {"repo_id": ref.repo_id, "number": ref.number, "began_at": began_at}


def _ask_key(ref: ThreadRef, began_at: datetime, ask: Ask) -> dict[str, object]:
    return {**_key(ref, began_at), "person_id": ask.person.id, "chosen_at": ask.chosen_at}
