"""How comments of ours are received: those that maintainers did not want are marked in the ledger, and counted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, select

from bot.effects import Say
from bot.memory import looks, recall, stops
from bot.memory.ledger import State, reception
from bot.memory.ledger import unwanted as unwanted
from bot.memory.places import InstallationState
from bot.memory.schema import installations, ledger
from bot.model import InstallationId, OwnerId, Person, Repo, RepoId, ThreadRef

WATCHED_FOR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Comment:
    """One of ours that may still turn out to be unwanted."""

    key: str
    node_id: str
    where: Repo
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A kind of comment that was not wanted in a repository since it was last asked for: how often, the last time in
    which thread, and when it was asked for (None: never)."""

    where: Repo
    kind: str
    times: int
    last: ThreadRef
    since: datetime | None


def installation(connection: Connection, owner_id: OwnerId) -> InstallationId | None:
    """The active installation on an account."""
    active = and_(installations.c.owner_id == owner_id, installations.c.state == InstallationState.ACTIVE)
    query = select(installations.c.id).where(active).order_by(installations.c.heard_at.desc())
    found = connection.scalar(query.limit(1))
    return None if found is None else InstallationId(found)


def watched(connection: Connection, owner_id: OwnerId, kinds: Collection[str], now: datetime) -> list[Comment]:
    """The comments of these kinds that nobody has rejected yet, in repositories that we can reach; oldest first."""
    since = now - WATCHED_FOR
    query = (
        select(ledger.c.key, ledger.c.node_id, ledger.c.repo_id, ledger.c.settled_at)
        .where(_of(owner_id), ledger.c.claimed_at > since, ledger.c.state == State.DONE)
        .where(ledger.c.template.in_(kinds), ledger.c.node_id.is_not(None), ledger.c.unwanted_at.is_(None))
        .order_by(ledger.c.settled_at, ledger.c.key)
    )
    found = connection.execute(query).all()
    reached = _reached(connection, {RepoId(row.repo_id) for row in found})
    return [
        Comment(row.key, row.node_id, reached[row.repo_id], row.settled_at) for row in found if row.repo_id in reached
    ]


def deleted(connection: Connection, ref: ThreadRef, comment_id: int, by: Person, now: datetime) -> None:
    """Somebody has deleted a comment. Of ours only people who may write there can do so; if it was not for them, they
    did not want it."""
    ours = and_(
        ledger.c.repo_id == ref.repo_id,
        ledger.c.number == ref.number,
        ledger.c.effect == Say.kind,
        ledger.c.external_id == comment_id,
        ledger.c.person_id != by.id,
    )
    row = connection.execute(select(ledger.c.key, ledger.c.owner_id).where(ours)).first()
    if row is not None and not by.is_bot:
        unwanted(connection, [row.key], now)
        looks.touch(connection, [reception(OwnerId(row.owner_id))], now)


def tally(connection: Connection, owner_id: OwnerId, kinds: Collection[str]) -> list[Unwanted]:
    """What was not wanted at an owner's, by repository and kind."""
    query = (
        select(ledger.c.repo_id, ledger.c.number, ledger.c.template, ledger.c.unwanted_at)
        .where(_of(owner_id), ledger.c.unwanted_at.is_not(None), ledger.c.template.in_(kinds))
        .order_by(ledger.c.unwanted_at, ledger.c.number)
    )
    found: defaultdict[tuple[RepoId, str], list[tuple[datetime, ThreadRef]]] = defaultdict(list)
    for row in connection.execute(query):
        repo_id = RepoId(row.repo_id)
        found[repo_id, row.template].append((row.unwanted_at, ThreadRef(repo_id, row.number)))
    reached = _reached(connection, {repo_id for repo_id, _ in found})
    counted = []
    for (repo_id, kind), times in sorted(found.items()):
        if repo_id in reached:
            since = stops.wanted_since(connection, reached[repo_id], kind)
            threads = [ref for at, ref in times if since is None or at > since]
            if threads:
                counted.append(Unwanted(reached[repo_id], kind, len(threads), threads[-1], since))
    return counted


def _of(owner_id: OwnerId) -> ColumnElement[bool]:
    """By installation: for that there is an index."""
    theirs = select(installations.c.id).where(installations.c.owner_id == owner_id)
    return and_(ledger.c.installation_id.in_(theirs), ledger.c.owner_id == owner_id)


def _reached(connection: Connection, repo_ids: Collection[RepoId]) -> dict[RepoId, Repo]:
    """Those of the repositories in which we may act."""
    found = ((repo_id, recall.repo(connection, repo_id)) for repo_id in sorted(repo_ids))
    return {repo_id: where for repo_id, where in found if where and recall.installation(connection, where)}
