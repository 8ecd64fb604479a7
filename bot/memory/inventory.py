"""Rows into what an organisation has, for a proposal to it: labels, active repositories, other bots that greet.

The labels are those of public repositories: a proposal may be read by everybody.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select, text

from bot.arrival.found import LabelUse
from bot.memory import schema
from bot.memory.recall import repo, visible_repos
from bot.model import OwnerId, Repo, RepoId

_YEAR: Final = timedelta(days=365)
_MOST_REPOS: Final = 50  # whose labels are counted, the most active first
_MOST_THREADS: Final = 2000  # of each of them, the newest
_IS_BOT: Final = text("people.is_bot")  # written out: only then do planners use the index of the bots
_GREETS: Final = re.compile(r"welcome|greet|first-?(timer|interaction|contribution)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inventory:
    """`active`: the public repositories that are not archived, those with the most new threads within a year first."""

    labels: tuple[LabelUse, ...]
    active: tuple[Repo, ...]
    has_private: bool
    greeters: tuple[str, ...]


def inventory(connection: Connection, owner_id: OwnerId, now: datetime) -> Inventory:
    """What an owner has in the repositories that the app is on."""
    active = _active(connection, owner_id, now)
    return Inventory(
        labels=tuple(label for where in active[:_MOST_REPOS] for label in _labels(connection, where)),
        active=tuple(active),
        has_private=_has_private(connection, owner_id),
        greeters=tuple(_greeters(connection, owner_id)),
    )


def _active(connection: Connection, owner_id: OwnerId, now: datetime) -> list[Repo]:
    table, thread = schema.repos, schema.threads
    opened = (
        select(func.count())
        .select_from(thread)
        .where(thread.c.repo_id == table.c.id, thread.c.created_at > now - _YEAR)
        .scalar_subquery()
    )
    query = select(table.c.id, opened).where(
        table.c.owner_id == owner_id, table.c.covered, ~table.c.gone, ~table.c.private, ~table.c.archived
    )
    counts = {id_: count for id_, count in connection.execute(query)}  # noqa: C416 (a row is no pair for mypy)
    ranked = sorted(counts, key=lambda id_: (-counts[id_], id_))
    return [where for id_ in ranked if (where := repo(connection, RepoId(id_))) is not None]


def _labels(connection: Connection, where: Repo) -> Iterator[LabelUse]:
    """Each label that the repository has, or that a thread carries."""
    table, thread = schema.labels, schema.threads
    names = set(connection.scalars(select(table.c.name).where(table.c.repo_id == where.id, ~table.c.gone)))
    newest = (
        select(thread.c.labels, thread.c.is_open)
        .where(thread.c.repo_id == where.id, ~thread.c.gone)
        .order_by(thread.c.created_at.desc())
        .limit(_MOST_THREADS)
    )
    open_: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for carried, is_open in connection.execute(newest):
        (open_ if is_open else closed).update(set(carried))
    for name in sorted({*names, *open_, *closed}):
        yield LabelUse(name, where.name, open=open_[name], closed=closed[name])


def _has_private(connection: Connection, owner_id: OwnerId) -> bool:
    table = schema.repos
    query = select(table.c.id).where(table.c.owner_id == owner_id, table.c.covered, ~table.c.gone, table.c.private)
    return connection.execute(query.limit(1)).first() is not None


def _greeters(connection: Connection, owner_id: OwnerId) -> list[str]:
    """Bots that wrote in public here, and are called as if they welcomed people."""
    who, act = schema.people, schema.activity
    wrote_here: ColumnElement[bool] = (
        select(act.c.source_id)
        .where(act.c.person_id == who.c.id, act.c.repo_id.in_(visible_repos(owner_id, None)))
        .exists()
    )
    logins: Sequence[str] = connection.scalars(select(who.c.login).where(_IS_BOT, wrote_here)).all()
    return sorted({login for login in logins if _GREETS.search(login)}, key=str.casefold)
