"""What people have stopped: pauses of a repository or of all of an owner's, kinds of comments that are muted, and
threads in which nothing is said for a while.

Who asked for it is not kept here. News may come late or twice: the later wish counts. What is said in the repository
`.github` holds in all of its owner's, until somebody says otherwise in one of them. Of pauses all that was said is kept
for two years, since their days are no working days, whenever and in whatever order it was heard of.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from bot.looking import Hush
from bot.memory import schema
from bot.memory.rows import get, put, put_newer
from bot.memory.snapshot import once
from bot.model import OwnerId, Repo, RepoId, ThreadRef
from bot.worktime import Span

EVERYWHERE: Final = RepoId(0)  # in all repositories of an owner

_KEPT: Final = timedelta(days=2 * 365)  # what is older is late by itself

# Every look asks these, so they are made once. Of what was said at the same time the end comes last.
_SAID: Final = (
    select(schema.pauses.c.repo_id, schema.pauses.c.until, schema.pauses.c.as_of)
    .where(
        schema.pauses.c.owner_id == bindparam("owner_id"),
        or_(schema.pauses.c.repo_id == bindparam("repo_id"), schema.pauses.c.repo_id == bindparam("everywhere")),
    )
    .order_by(schema.pauses.c.as_of, schema.pauses.c.until.is_(None), schema.pauses.c.repo_id)
)
_MUTES: Final = schema.mutes.c
_HOMES: Final = select(schema.repos.c.id).where(
    schema.repos.c.owner_id == bindparam("owner_id"),
    func.lower(schema.repos.c.name) == ".github",
    ~schema.repos.c.gone,
)
_WISHED: Final = select(_MUTES.kind, _MUTES.as_of, _MUTES.muted).where(
    or_(_MUTES.repo_id == bindparam("repo_id"), _MUTES.repo_id.in_(_HOMES))
)


def hush(connection: Connection, where: Repo, now: datetime) -> Hush:
    """What is stopped in a repository now."""
    muted = frozenset(kind for kind, (_, muted) in _wishes(connection, where).items() if muted)
    return Hush(paused_until=_paused_until(connection, where, now), muted=muted)


def pauses(connection: Connection, where: Repo) -> tuple[Span, ...]:
    """The times in which a repository is or was paused, by itself or with all of its owner's. They may overlap."""
    past, standing = _history(connection, where)
    return tuple((begin, end) for begin, end in (*past, *standing) if begin < end)


def _paused_until(connection: Connection, where: Repo, now: datetime) -> datetime | None:
    """The end of the longest pause that nobody has ended since, here or everywhere."""
    _, standing = _history(connection, where)
    return max((until for _, until in standing if until > now), default=None)


@once
def _history(connection: Connection, where: Repo) -> tuple[list[Span], list[Span]]:
    """The pauses that somebody ended or replaced, up to then, and those that were left to run until their time.

    What ends a pause, here or everywhere, ends all that hold here. Another pause replaces the one before of the same
    place, so that one which is made longer goes on from its beginning.
    """
    past: list[Span] = []
    standing: dict[int, Span] = {}
    key = {"owner_id": where.owner_id, "repo_id": where.id, "everywhere": EVERYWHERE}
    for repo_id, until, as_of in connection.execute(_SAID, key):
        for place in [repo_id] if until is not None else [*standing]:
            if place in standing:
                begin, end = standing.pop(place)
                past.append((begin, min(end, as_of)))
        if until is not None:
            standing[repo_id] = (as_of, until)
    return past, [*standing.values()]


@once
def _wishes(connection: Connection, where: Repo) -> dict[str, tuple[datetime, bool]]:
    """What was last said of each kind, and when: here, or in `.github`."""
    said: dict[str, tuple[datetime, bool]] = {}
    for kind, as_of, muted in connection.execute(_WISHED, {"owner_id": where.owner_id, "repo_id": where.id}):
        said[kind] = max(said.get(kind, (as_of, muted)), (as_of, muted))
    return said


def pause(connection: Connection, owner_id: OwnerId, repo_id: RepoId, until: datetime | None, as_of: datetime) -> None:
    """Everything is silent until then; `until` None ends a pause.

    A pause that is ended has been one until then. There is no other way out of it: `/undo` leaves it as it is and names
    `/switchback resume`. Of what is said of one place at the same time the end counts, else the longer pause.
    """
    key = {"owner_id": owner_id, "repo_id": repo_id, "as_of": as_of}
    known = get(connection, schema.pauses, **key)
    if known is None or (known["until"] is not None and (until is None or until > known["until"])):
        put(connection, schema.pauses, {"until": until}, **key)
    table = schema.pauses
    connection.execute(delete(table).where(table.c.owner_id == owner_id, table.c.as_of < as_of - _KEPT))


def mute(connection: Connection, repo_id: RepoId, kind: str, as_of: datetime, *, muted: bool) -> None:
    """A kind of comment, by the name of its template, is not wanted in a repository, or is wanted again."""
    put_newer(connection, schema.mutes, {"muted": muted}, as_of, "as_of", repo_id=repo_id, kind=kind)


def snooze(connection: Connection, ref: ThreadRef, until: datetime | None, as_of: datetime) -> None:
    """Nothing is said by itself in a thread until then; `until` None ends that."""
    put_newer(connection, schema.snoozes, {"until": until}, as_of, "as_of", repo_id=ref.repo_id, number=ref.number)


def snoozed_until(connection: Connection, ref: ThreadRef, now: datetime) -> datetime | None:
    row = get(connection, schema.snoozes, repo_id=ref.repo_id, number=ref.number)
    until: datetime | None = row["until"] if row else None
    return until if until is not None and until > now else None


def wanted_since(connection: Connection, where: Repo, kind: str) -> datetime | None:
    """When a kind of comment was last asked for again; what was not wanted before does not count."""
    as_of, muted = _wishes(connection, where).get(kind, (None, True))
    return None if muted else as_of
