"""How memory itself is doing: what failed, what was given up, and when it last heard of each repository."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, text

from bot.memory import looks, recall, rows, schema
from bot.memory.inbox import FAILED
from bot.model import OwnerId, RepoId, Subject


@dataclass(frozen=True, slots=True)
class Failure:
    """So many deliveries of this event could not be projected, for this reason; of so many the text is gone."""

    event: str
    error: str
    count: int
    without_text: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A thread that nobody looks at any more until there is news, and why."""

    thread: str
    why: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A repository, and when a delivery told of it last, as far as its rows show; None: it is known by name only."""

    id: RepoId
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A list of the past (`part`) of a repository or, for whole lists of theirs, an owner."""

    name: str
    part: str
    why: str


def size(connection: Connection) -> int:
    """Bytes."""
    if connection.dialect.name == "sqlite":
        pages = connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
        return int(pages or 0)
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def last_received(connection: Connection) -> datetime | None:
    """When the latest delivery came that is still remembered."""
    table = schema.deliveries
    at: datetime | None = connection.scalar(select(table.c.received_at).order_by(table.c.seq.desc()).limit(1))
    return at


# Subjects that are about all of an owner's repositories, and what is looked at there.
_OF_OWNERS: Final = {
    "arrival": "introduction", "reception": "how comments were received", "ramp": "ramp", "digest": "digest",
    "community": "community digest",
    "triage": "triage", "mentoring": "mentors", "cohort": "cohorts", "check-in": "check-ins",
    "farewell": "hand-overs", "succession": "succession", "thanks": "thank-yous",
}  # fmt: skip


def failures(connection: Connection) -> list[Failure]:
    """The most frequent first."""
    table = schema.deliveries
    count = func.count().label("count")
    query = (
        select(table.c.event, table.c.error, count, count - func.count(table.c.payload))
        .where(table.c.state == FAILED)
        .group_by(table.c.event, table.c.error)
        .order_by(count.desc(), table.c.event, table.c.error)
    )
    return [Failure(event, error or "", many, gone) for event, error, many, gone in connection.execute(query)]


def given_up(connection: Connection) -> list[GivenUp]:
    return [GivenUp(_name(connection, letter.subject), letter.why) for letter in looks.dead(connection)]


def _name(connection: Connection, subject: Subject) -> str:
    """What a person calls it."""
    kind, id_, *rest = subject.split("/")
    if kind in _OF_OWNERS:
        account = rows.get(connection, schema.owners, id=int(id_))
        return f"{account['login'] if account else 'an account that is gone'} ({_OF_OWNERS[kind]})"
    where = recall.repo(connection, RepoId(int(id_)))
    name = where.full_name if where else "a repository that is gone"
    match kind:
        case "thread":
            return f"{name}#{rest[0]}"
        case "check":
            return f"{name}@{rest[0][:7]} (configuration)"
        case _:
            return f"{name} (configuration)"


def unreadable(connection: Connection, owner_id: OwnerId) -> list[Unreadable]:
    """The lists of the past that GitHub does not give us."""
    reading, repo, owner = schema.readings, schema.repos, schema.owners
    query = (
        select(owner.c.login, repo.c.name, reading.c.part, reading.c.why)
        .join(owner, owner.c.id == reading.c.owner_id)
        .outerjoin(repo, repo.c.id == reading.c.repo_id)
        .where(reading.c.owner_id == owner_id, reading.c.why.is_not(None))
        .order_by(func.lower(repo.c.name), reading.c.part)
    )
    return [
        Unreadable(f"{login}/{name}" if name else login, part, why)
        for login, name, part, why in connection.execute(query)
    ]


def last_heard(connection: Connection, owner_id: OwnerId) -> list[Heard]:
    """Of each repository that the app may work in and that is not archived.

    Threads that nobody witnessed were read from lists. A repository without a URL was only named, when the app was
    installed.
    """
    thread, repo, owner = schema.threads, schema.repos, schema.owners
    witnessed = (
        select(thread.c.repo_id, func.max(thread.c.heard_at).label("at"))
        .where(thread.c.opened_by.is_not(None))
        .group_by(thread.c.repo_id)
        .subquery()
    )
    query = (
        select(repo.c.id, owner.c.login, repo.c.name, repo.c.url, repo.c.heard_at, witnessed.c.at)
        .join(owner, owner.c.id == repo.c.owner_id)
        .outerjoin(witnessed, witnessed.c.repo_id == repo.c.id)
        .where(repo.c.owner_id == owner_id, repo.c.covered, ~repo.c.gone, ~repo.c.archived)
        .order_by(func.lower(repo.c.name))
    )
    found = []
    for id_, login, name, url, heard_at, opened_at in connection.execute(query):
        times = [at for at in (heard_at if url else None, opened_at) if at is not None]
        found.append(Heard(RepoId(id_), f"{login}/{name}", max(times, default=None)))
    return found
