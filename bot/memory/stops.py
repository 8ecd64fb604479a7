"""What people have stopped: pauses of a repository or of all of an owner's, kinds of comments that are muted, and
threads in which nothing is said for a while.

Who asked for it is not kept here. News may come late or twice: the later wish counts. What is said in the repository
`.github` holds in all of its owner's, until somebody says otherwise in one of them.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from bot.looking import Hush
from bot.memory import schema
from bot.memory.rows import get, put_newer
from bot.model import OwnerId, Repo, RepoId, ThreadRef
from bot.worktime import Span

EVERYWHERE: Final = RepoId(0)  # in all repositories of an owner


def hush(connection: Connection, where: Repo, now: datetime) -> Hush:
    """What is stopped in a repository now."""
    muted = frozenset(kind for kind, (_, muted) in _wishes(connection, where).items() if muted)
    return Hush(paused_until=_paused_until(connection, where, now), muted=muted)


def pauses(connection: Connection, where: Repo) -> tuple[Span, ...]:
    """The times in which a repository is or was paused, as far as is known: of each place only what was said last is
    kept. So a pause that was ended is forgotten, and one that was made longer counts from then on.
    """
    table = schema.pauses
    here = table.c.repo_id.in_([where.id, EVERYWHERE])
    query = select(table.c.until, table.c.as_of).where(table.c.owner_id == where.owner_id, here)
    rows = connection.execute(query.order_by(table.c.repo_id)).all()
    ended = max((row.as_of for row in rows if row.until is None), default=None)
    spans = ((row.as_of, _cut(row.until, row.as_of, ended)) for row in rows if row.until is not None)
    return tuple((begin, end) for begin, end in spans if begin < end)


def _cut(until: datetime, as_of: datetime, ended: datetime | None) -> datetime:
    """When a pause is over that somebody may have ended since, here or everywhere."""
    return until if ended is None or ended < as_of else min(until, ended)


def _paused_until(connection: Connection, where: Repo, now: datetime) -> datetime | None:
    """The longest pause that nobody has ended since, here or everywhere."""
    table = schema.pauses
    here = table.c.repo_id.in_([where.id, EVERYWHERE])
    query = select(table.c.until, table.c.as_of).where(table.c.owner_id == where.owner_id, here)
    rows = connection.execute(query).all()
    ended = max((row.as_of for row in rows if row.until is None), default=None)
    standing = [row.until for row in rows if row.until is not None and (ended is None or row.as_of > ended)]
    return max((until for until in standing if until > now), default=None)


def _wishes(connection: Connection, where: Repo) -> dict[str, tuple[datetime, bool]]:
    """What was last said of each kind, and when: here, or in `.github`."""
    repos, mutes = schema.repos, schema.mutes
    home = select(repos.c.id).where(repos.c.owner_id == where.owner_id, func.lower(repos.c.name) == ".github")
    query = select(mutes.c.kind, mutes.c.as_of, mutes.c.muted).where(
        (mutes.c.repo_id == where.id) | mutes.c.repo_id.in_(home.where(~repos.c.gone))
    )
    said: dict[str, tuple[datetime, bool]] = {}
    for kind, as_of, muted in connection.execute(query):
        said[kind] = max(said.get(kind, (as_of, muted)), (as_of, muted))
    return said


def pause(connection: Connection, owner_id: OwnerId, repo_id: RepoId, until: datetime | None, as_of: datetime) -> None:
    """Everything is silent until then; `until` None ends a pause."""
    put_newer(connection, schema.pauses, {"until": until}, as_of, "as_of", owner_id=owner_id, repo_id=repo_id)


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
