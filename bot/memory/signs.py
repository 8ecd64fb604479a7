"""When a mentor was last seen in an organisation, and whether they were asked if they would still like to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from bot.memory import ledger, looks, preferences, recall, rows, schema, stops, threads
from bot.memory.forgotten import Forgotten
from bot.mentors import StillThere
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef

_PLACES: Final = 50  # threads that are looked through for one where they can be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A mentor was to be asked in a thread. `said_at`: when it really was (None: not yet)."""

    still_there: StillThere
    ref: ThreadRef
    said_at: datetime | None = None


def last_seen(connection: Connection, owner_id: OwnerId, person: Person, now: datetime) -> datetime | None:
    """Whatever they did here, their own word about mentoring, and the end of the time they were away. None: nothing
    is known, so nothing can be said of it."""
    repos = schema.repos
    ours = select(repos.c.id).where(repos.c.owner_id == owner_id).scalar_subquery()
    activity, happenings, threads, commits = schema.activity, schema.happenings, schema.threads, schema.commits
    theirs = or_(commits.c.person_id == person.id, commits.c.login == person.login.lower())
    found = [
        connection.scalar(query)
        for query in (
            _latest(activity.c.at).where(activity.c.person_id == person.id, activity.c.repo_id.in_(ours)),
            _latest(happenings.c.at).where(happenings.c.person_id == person.id, happenings.c.repo_id.in_(ours)),
            _latest(threads.c.created_at).where(threads.c.author_id == person.id, threads.c.repo_id.in_(ours)),
            _latest(commits.c.at).where(theirs, commits.c.repo_id.in_(ours)),
        )
    ]
    row = rows.get(connection, schema.mentors, owner_id=owner_id, person_id=person.id) or {}
    back = preferences.of(connection, owner_id, person.id).away_until
    found += [row.get("as_of"), row.get("seen_at"), back if back and back <= now else None]
    return max((at for at in found if at is not None), default=None)


def _latest(column: Any) -> Select[Any]:
    return select(func.max(column, type_=column.type))


def place(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime, *, kind: str = "", no_bot: str = ""
) -> ThreadRef | None:
    """The thread in which they were last and can still be asked; else the one in which they agreed to mentor. None:
    there is none. `no_bot`: the label of threads in which nothing is said. `kind`: of the question, which is asked in
    no repository where it is muted, or the bot paused."""
    row = rows.get(connection, schema.mentors, owner_id=owner_id, person_id=person_id) or {}
    agreed = [ThreadRef(RepoId(row["repo_id"]), row["number"])] if row.get("repo_id") else []
    for ref in [*_were_in(connection, person_id), *agreed]:
        if _can_speak(connection, owner_id, ref, no_bot) and not _is_shut(connection, ref, kind, now):
            return ref
    return None


def _were_in(connection: Connection, person_id: PersonId) -> list[ThreadRef]:
    """The latest first."""
    activity, threads = schema.activity, schema.threads
    said = select(activity.c.repo_id, activity.c.number, activity.c.at).where(
        activity.c.person_id == person_id, ~activity.c.gone
    )
    opened = select(threads.c.repo_id, threads.c.number, threads.c.created_at.label("at")).where(
        threads.c.author_id == person_id
    )
    found: list[tuple[datetime, ThreadRef]] = []
    for query, at in ((said, activity.c.at), (opened, threads.c.created_at)):
        rows_ = connection.execute(query.order_by(at.desc()).limit(_PLACES))
        found += [(row.at, ThreadRef(RepoId(row.repo_id), row.number)) for row in rows_]
    found.sort(key=lambda one: one[0], reverse=True)
    return list(dict.fromkeys(ref for _, ref in found))


def _can_speak(connection: Connection, owner_id: OwnerId, ref: ThreadRef, no_bot: str) -> bool:
    threads, repos = schema.threads, schema.repos
    query = (
        select(threads.c.labels)
        .join(repos, repos.c.id == threads.c.repo_id)
        .where(threads.c.repo_id == ref.repo_id, threads.c.number == ref.number, repos.c.owner_id == owner_id)
        .where(threads.c.is_open, ~threads.c.locked, ~threads.c.gone)
        .where(repos.c.covered, ~repos.c.gone, ~repos.c.archived)
    )
    labels = connection.scalar(query)
    return labels is not None and no_bot.casefold() not in {label.casefold() for label in labels}


def _is_shut(connection: Connection, ref: ThreadRef, kind: str, now: datetime) -> bool:
    where = recall.repo(connection, ref.repo_id)
    assert where is not None, "it can be spoken there"
    hush = stops.hush(connection, where, now)
    return hush.paused_until is not None or kind in hush.muted


def ask(connection: Connection, owner_id: OwnerId, person: Person, ref: ThreadRef, now: datetime) -> None:
    """They are to be asked there: the thread gets a look."""
    if Forgotten(connection).has_id(person.id):
        return
    told = {"asked_at": now, "asked_repo_id": ref.repo_id, "asked_number": ref.number}
    _put(connection, owner_id, person.id, told)
    looks.touch(connection, [ref.subject], now)


def keep(connection: Connection, owner_id: OwnerId, person_id: PersonId, at: datetime) -> None:
    """There was a sign of them, such as a thumb on the question: they stay."""
    told = {"seen_at": at, "asked_at": None, "asked_repo_id": None, "asked_number": None}
    row = rows.get(connection, schema.mentors, owner_id=owner_id, person_id=person_id)
    if row is not None and row["asked_at"] is not None and row["released_at"] is None:
        rows.put(connection, schema.mentors, told, owner_id=owner_id, person_id=person_id)


def release(connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime) -> None:
    """They are not asked any more, until they write `/mentor on`."""
    _put(connection, owner_id, person_id, {"released_at": now})


def _put(connection: Connection, owner_id: OwnerId, person_id: PersonId, told: dict[str, object]) -> None:
    """Who is only in the organisation's file gets a row without a word of their own."""
    key = {"owner_id": owner_id, "person_id": person_id}
    known = rows.get(connection, schema.mentors, **key)
    nothing: dict[str, object] = {} if known else {"joined": None, "areas": [], "languages": [], "mentored": False}
    rows.put(connection, schema.mentors, {**nothing, **told}, **key)


def question(connection: Connection, owner_id: OwnerId, person: Person) -> Question | None:
    """Which of them is open, if one is."""
    row = rows.get(connection, schema.mentors, owner_id=owner_id, person_id=person.id)
    if row is None or row["asked_at"] is None or row["released_at"] is not None:
        return None
    still = StillThere(person=person, asked_at=row["asked_at"])
    ref = ThreadRef(RepoId(row["asked_repo_id"]), row["asked_number"])
    said = ledger.done_at(connection, [still.key(ref)])
    return Question(still_there=still, ref=ref, said_at=said.get(still.key(ref)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody was asked whether they would still like to be asked, in the comment `node_id`."""

    person: PersonId
    node_id: str


def open_questions(connection: Connection, owner_id: OwnerId) -> list[Asked]:
    """Those that stand in a thread, and nobody has answered."""
    table = schema.mentors
    query = select(table.c.person_id).where(
        table.c.owner_id == owner_id, table.c.asked_at.is_not(None), table.c.released_at.is_(None)
    )
    found = []
    for person_id in connection.scalars(query.order_by(table.c.person_id)):
        asked = question(connection, owner_id, threads.person(connection, person_id))
        made = ledger.made(connection, asked.still_there.key(asked.ref)) if asked else None
        if made is not None and made[2]:
            found.append(Asked(PersonId(person_id), made[2]))
    return found


def asked_here(connection: Connection, ref: ThreadRef, fresh: timedelta, now: datetime) -> Iterator[StillThere]:
    """Who is to be asked in a thread, the first chosen first."""
    key = {"repo_id": ref.repo_id, "number": ref.number, "since": now - fresh}
    for row in connection.execute(_asked_here(), key):
        yield StillThere(person=Person(PersonId(row.person_id), row.login), asked_at=row.asked_at)


@cache
def _asked_here() -> Select[Any]:
    table, people = schema.mentors, schema.people
    return (
        select(table.c.person_id, people.c.login, table.c.asked_at)
        .join(people, people.c.id == table.c.person_id)
        .where(table.c.asked_repo_id == bindparam("repo_id"), table.c.asked_number == bindparam("number"))
        .where(table.c.asked_at > bindparam("since"), table.c.released_at.is_(None))
        .order_by(table.c.asked_at, table.c.person_id)
    )
