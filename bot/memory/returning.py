"""When somebody who stepped back, or was away, did something again; and what happened there meanwhile."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from bot.memory import schema
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody did something then, in a thread (`place`) or with a commit."""

    at: datetime
    place: ThreadRef | None = None


def first_act(
    connection: Connection, owner_id: OwnerId, who: Person, since: datetime, repos: Collection[str],
    but: RepoId | None = None,
) -> Act | None:  # fmt: skip
    """The first thing that they did from then on: in these repositories (by name; none: in all of the owner's), not in
    the one where they are told things in private (`but`). What they say to the bot alone is nothing."""
    there, repo = _there(owner_id, repos, but), schema.repos
    thread, said, did, commit = schema.threads, schema.activity, schema.happenings, schema.commits
    theirs = or_(commit.c.person_id == who.id, and_(commit.c.person_id.is_(None), commit.c.login == who.login.lower()))
    says = or_(said.c.says.is_(None), said.c.says)
    acts = [
        _first(connection, query.where(there).order_by(at).limit(1))
        for query, at in (
            (
                _place(thread, thread.c.created_at).where(thread.c.author_id == who.id, ~thread.c.gone),
                thread.c.created_at,
            ),
            (_place(said, said.c.at).where(said.c.person_id == who.id, ~said.c.gone, says), said.c.at),
            (_place(did, did.c.at).where(did.c.person_id == who.id), did.c.at),
            (select(commit.c.at, repo.c.id).join(repo, repo.c.id == commit.c.repo_id).where(theirs), commit.c.at),
        )
        for query in [query.where(at >= since)]
    ]
    return min((act for act in acts if act is not None), key=lambda act: act.at, default=None)


def _place(table: Any, at: Any) -> Select[Any]:
    repo = schema.repos
    return select(at, table.c.repo_id, table.c.number).join(repo, repo.c.id == table.c.repo_id)


def _first(connection: Connection, query: Select[Any]) -> Act | None:
    row = connection.execute(query).first()
    if row is None:
        return None
    return Act(at=row[0], place=ThreadRef(RepoId(row[1]), row[2]) if len(row) > 2 else None)


def _there(owner_id: OwnerId, repos: Collection[str], but: RepoId | None) -> Any:
    repo = schema.repos
    named = func.lower(repo.c.name).in_([name.lower() for name in repos]) if repos else repo.c.id.is_not(None)
    return and_(repo.c.owner_id == owner_id, ~repo.c.gone, named, repo.c.id != (but or 0))


def can_be_greeted(connection: Connection, ref: ThreadRef, no_bot: str) -> bool:
    """Whether it is a thread of a public repository in which something may be said. `no_bot`: the label of those in
    which nothing may."""
    thread, repo = schema.threads, schema.repos
    query = (
        select(thread.c.labels)
        .join(repo, repo.c.id == thread.c.repo_id)
        .where(thread.c.repo_id == ref.repo_id, thread.c.number == ref.number, ~thread.c.gone, ~thread.c.locked)
        .where(repo.c.covered, ~repo.c.gone, ~repo.c.archived, ~repo.c.private)
    )
    labels = connection.scalar(query)
    return labels is not None and no_bot.casefold() not in {label.casefold() for label in labels}


def is_public(connection: Connection, repo_id: RepoId) -> bool:
    private = connection.scalar(select(schema.repos.c.private).where(schema.repos.c.id == repo_id))
    return private is not None and not private


def merged(connection: Connection, repo_id: RepoId, since: datetime) -> int:
    """How many pull requests were merged there since then."""
    thread = schema.threads
    query = select(func.count()).select_from(thread).where(
        thread.c.repo_id == repo_id, thread.c.merged_at > since, ~thread.c.gone
    )  # fmt: skip
    return connection.scalar(query) or 0


def were_here(
    connection: Connection, repo_id: RepoId, ids: Collection[PersonId], since: datetime
) -> frozenset[PersonId]:
    """Who of these said something there since then."""
    said = schema.activity
    query = select(said.c.person_id).distinct().where(
        said.c.repo_id == repo_id, said.c.person_id.in_(ids), said.c.at > since, ~said.c.gone
    )  # fmt: skip
    return frozenset(map(PersonId, connection.scalars(query)))
