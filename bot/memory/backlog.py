"""Rows into the open issues of an organisation that have no level yet, and what it took to close similar ones.

A few queries for all of it, however many issues there are. Nothing is told outside of a private repository of what is
in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select, text

from bot.levelling.score import Similar
from bot.memory import schema
from bot.memory.recall import repo, visible_repos
from bot.model import Came, OwnerId, Person, PersonId, Repo, RepoId, ThreadKind, ThreadRef
from bot.policy import Policy

_OPEN: Final = and_(text("threads.is_open"), text("NOT threads.gone"))
_LATELY: Final = timedelta(days=730)  # what was closed longer ago tells little of today's code


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssue:
    """`wishes`: what people wrote behind `/level` there, newest last."""

    ref: ThreadRef
    repo: Repo
    created_at: datetime
    labels: frozenset[str]
    traits: frozenset[str]
    came: Came
    taken: bool
    wishes: tuple[tuple[Person, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.repo.full_name}#{self.ref.number}"


def places(connection: Connection, owner_id: OwnerId, seen_from: RepoId | None) -> dict[RepoId, Repo]:
    """The repositories of which may be told in one of them (None: in none), that the app works in and that are not
    archived."""
    table = schema.repos
    query = select(table.c.id).where(
        table.c.id.in_(visible_repos(owner_id, seen_from)), table.c.covered, ~table.c.archived
    )
    found = (repo(connection, RepoId(id_)) for id_ in connection.scalars(query).all())
    return {where.id: where for where in found if where is not None}


def open_issues(connection: Connection, repos: Mapping[RepoId, Repo], bots: Collection[str]) -> list[OpenIssue]:
    """All open issues that people opened there, oldest first."""
    table, who = schema.threads, schema.people
    wishes = _wishes(connection, repos)
    columns = (table.c.repo_id, table.c.number, table.c.created_at, table.c.labels, table.c.traits, table.c.hint,
               table.c.assignees)  # fmt: skip
    query = (
        select(*columns)
        .join(who, who.c.id == table.c.author_id)
        .where(table.c.repo_id.in_(repos), table.c.kind == ThreadKind.ISSUE, _OPEN, ~table.c.locked)
        .where(~who.c.is_bot, func.lower(who.c.login).not_in([login.lower() for login in bots]))
        .order_by(table.c.created_at, table.c.repo_id, table.c.number)
    )
    return [
        OpenIssue(
            ref=(ref := ThreadRef(RepoId(row.repo_id), row.number)),
            repo=repos[RepoId(row.repo_id)],
            created_at=row.created_at,
            labels=frozenset(row.labels),
            traits=frozenset(row.traits or ()),
            came=Came(row.hint),
            taken=bool(row.assignees),
            wishes=tuple(wishes.get(ref, ())),
        )
        for row in connection.execute(query)
    ]


def _wishes(connection: Connection, repos: Mapping[RepoId, Repo]) -> dict[ThreadRef, list[tuple[Person, str]]]:
    table, who = schema.requests, schema.people
    query = (
        select(table.c.repo_id, table.c.number, table.c.args, who.c.id, who.c.login)
        .join(who, who.c.id == table.c.person_id)
        .where(table.c.name == "level", table.c.repo_id.in_(repos))
        .order_by(table.c.at)
    )
    found: defaultdict[ThreadRef, list[tuple[Person, str]]] = defaultdict(list)
    for repo_id, number, args, id_, login in connection.execute(query):
        found[ThreadRef(RepoId(repo_id), number)].append((Person(PersonId(id_), login), args))
    return found


@dataclass(frozen=True, slots=True)
class _Closed:
    files: int
    lines: int
    by_newcomer: bool


def similar(
    connection: Connection, owner_id: OwnerId, repos: Mapping[RepoId, Repo], policy: Policy, now: datetime
) -> dict[str, Similar]:
    """What it took to close issues, by area: the medians of the pull requests that closed them of late."""
    found: defaultdict[str, list[_Closed]] = defaultdict(list)
    for labels, paths, one in _closed(connection, owner_id, repos, now):
        for area in policy.areas_of(labels, paths):
            found[area].append(one)
    return {area: _similar(closed) for area, closed in found.items()}


def _similar(closed: Sequence[_Closed]) -> Similar:
    return Similar(
        issues=len(closed),
        files=median(one.files for one in closed),
        lines=median(one.lines for one in closed),
        by_newcomers=sum(one.by_newcomer for one in closed) / len(closed),
    )


def _closed(
    connection: Connection, owner_id: OwnerId, repos: Mapping[RepoId, Repo], now: datetime
) -> Iterator[tuple[frozenset[str], tuple[str, ...], _Closed]]:
    """The labels of issues that merged pull requests closed, with the files and the size of those."""
    link, pull, issue = schema.links, schema.threads.alias("pull"), schema.threads.alias("issue")
    team = schema.team
    names = {where.full_name.lower(): id_ for id_, where in repos.items()}
    query = (
        select(link.c.to_repo, link.c.repo_id, issue.c.repo_id, issue.c.labels, pull.c.paths, pull.c.files,
               pull.c.lines, team.c.belongs)
        .join(pull, and_(pull.c.repo_id == link.c.repo_id, pull.c.number == link.c.number))
        .join(issue, issue.c.number == link.c.to_number)
        .outerjoin(team, and_(team.c.owner_id == owner_id, team.c.person_id == pull.c.author_id))
        .where(link.c.closes, ~link.c.gone, link.c.repo_id.in_(repos), issue.c.repo_id.in_(repos))
        .where(or_(link.c.to_repo != "", issue.c.repo_id == link.c.repo_id))
        .where(pull.c.merged_at > now - _LATELY, pull.c.files.is_not(None), issue.c.kind == ThreadKind.ISSUE)
    )  # fmt: skip
    for to_repo, from_repo, in_repo, labels, paths, files, lines, belongs in connection.execute(query):
        if in_repo == (names.get(to_repo) if to_repo else from_repo):
            yield frozenset(labels), tuple(paths or ()), _Closed(files, lines or 0, not belongs)
