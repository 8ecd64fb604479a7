"""What maintainers have stopped: pauses of a repository or of all of an owner's, and kinds of comments that are muted.

Who asked for it is not kept here. News may come late or twice: the later wish counts.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from bot.memory import schema
from bot.memory.rows import get, put_newer
from bot.model import Hush, OwnerId, Repo, RepoId

EVERYWHERE: Final = RepoId(0)  # in all repositories of an owner


def hush(connection: Connection, where: Repo, now: datetime) -> Hush:
    """What is stopped in a repository now."""
    pauses, mutes = schema.pauses, schema.mutes
    here = pauses.c.repo_id.in_([where.id, EVERYWHERE])
    until = connection.scalar(select(func.max(pauses.c.until)).where(pauses.c.owner_id == where.owner_id, here))
    muted = connection.scalars(select(mutes.c.kind).where(mutes.c.repo_id == where.id, mutes.c.muted))
    return Hush(paused_until=until if until is not None and until > now else None, muted=frozenset(muted))


def pause(connection: Connection, owner_id: OwnerId, repo_id: RepoId, until: datetime | None, as_of: datetime) -> None:
    """Everything is silent until then; `until` None ends a pause."""
    put_newer(connection, schema.pauses, {"until": until}, as_of, "as_of", owner_id=owner_id, repo_id=repo_id)


def mute(connection: Connection, repo_id: RepoId, kind: str, as_of: datetime, *, muted: bool) -> None:
    """A kind of comment, by the name of its template, is not wanted in a repository, or is wanted again."""
    put_newer(connection, schema.mutes, {"muted": muted}, as_of, "as_of", repo_id=repo_id, kind=kind)


def wanted_since(connection: Connection, repo_id: RepoId, kind: str) -> datetime | None:
    """When a kind of comment was last asked for again; what was not wanted before does not count."""
    row = get(connection, schema.mutes, repo_id=repo_id, kind=kind)
    since: datetime | None = row["as_of"] if row and not row["muted"] else None
    return since
