"""Rows into what somebody has in their hands: what they alone know, issues they have taken, reviews, pull requests.

A few queries for each, which take a fraction of a second for two years of fifty repositories. What is in a private
repository is told nowhere else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, Text, and_, cast, or_, select

from bot.farewells import Held, Known
from bot.memory import schema
from bot.memory.recall import visible_repos
from bot.model import GHOST, OwnerId, PersonId, RepoId, Step, ThreadKind, ThreadRef
from bot.policy import Policy

MOST: Final = 50  # of each that are found
_ENOUGH: Final = 5  # reviews and merges, to tell that somebody alone does them
_REVIEWS: Final = ("review", "review_comment")


def known(
    connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy, now: datetime, seen_from: RepoId | None
) -> list[Known]:
    """The repositories and areas of which they did more than `farewell.share` of the reviews and merges within
    `farewell.over`: a pull request counts once for each who reviewed or merged it, and was not its author."""
    names = _names(connection, owner_id)
    areas_of = cache(policy.areas_of)
    in_repos: defaultdict[RepoId, Counter[PersonId]] = defaultdict(Counter)
    in_areas: defaultdict[str, Counter[PersonId]] = defaultdict(Counter)
    for repo_id, id_, labels, paths in _landed(connection, owner_id, now - policy.farewell.over, seen_from):
        if policy.excludes(names.get(repo_id, ""), paths):
            continue
        in_repos[repo_id][id_] += 1
        for area in areas_of(frozenset(labels), paths, names.get(repo_id, "")):
            in_areas[area][id_] += 1
    repos = sorted(names[id_] for id_, done in in_repos.items() if _is_theirs(done, who, policy))
    areas = sorted(name for name, done in in_areas.items() if _is_theirs(done, who, policy))
    return [*(Known(name=name) for name in repos), *(Known(name=name, is_area=True) for name in areas)]


def _is_theirs(done: Counter[PersonId], who: PersonId, policy: Policy) -> bool:
    return done.total() >= _ENOUGH and done[who] > policy.farewell.share * done.total()


def _landed(
    connection: Connection, owner_id: OwnerId, since: datetime, seen_from: RepoId | None
) -> Iterator[tuple[RepoId, PersonId, list[str], tuple[str, ...] | None]]:
    """Who reviewed or merged which pull request, each once."""
    thread, said, did, people = schema.threads, schema.activity, schema.happenings, schema.people
    of_said = (said.c.repo_id == thread.c.repo_id) & (said.c.number == thread.c.number)
    of_did = (did.c.repo_id == thread.c.repo_id) & (did.c.number == thread.c.number)
    shown = (thread.c.repo_id, thread.c.number, thread.c.labels, thread.c.paths)
    reviews = (
        select(*shown, said.c.person_id)
        .join(said, of_said)
        .join(people, people.c.id == said.c.person_id)
        .where(said.c.kind.in_(_REVIEWS), said.c.at > since, ~said.c.gone, said.c.person_id != thread.c.author_id)
    )
    merges = (
        select(*shown, did.c.person_id)
        .join(did, of_did)
        .join(people, people.c.id == did.c.person_id)
        .where(did.c.step == Step.MERGED, did.c.at > since, did.c.person_id != thread.c.author_id)
    )
    visible, seen = visible_repos(owner_id, seen_from), set[tuple[int, int, int]]()
    for query in (reviews, merges):
        theirs = (thread.c.repo_id.in_(visible), ~thread.c.gone, ~people.c.is_bot, people.c.id != GHOST.id)
        for repo_id, number, labels, paths, id_ in connection.execute(query.where(*theirs)):
            if (repo_id, number, id_) not in seen:
                seen.add((repo_id, number, id_))
                yield RepoId(repo_id), PersonId(id_), labels, None if paths is None else tuple(paths)


def claims(
    connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy, seen_from: RepoId | None
) -> list[Held]:
    """The open issues that they have taken, or are assigned to."""
    thread, claim = schema.threads, schema.claims
    taken = (
        select(claim.c.repo_id)
        .where(claim.c.repo_id == thread.c.repo_id, claim.c.number == thread.c.number)
        .where(claim.c.person_id == who, claim.c.ended_at.is_(None))
        .exists()
    )
    assigned = cast(thread.c.assignees, Text).contains(str(int(who)))
    query = _open(owner_id, seen_from).where(thread.c.kind == ThreadKind.ISSUE, or_(taken, assigned))
    told = _held(connection, owner_id, query.add_columns(taken.label("taken")), policy)
    return [held for row, held in told if row.taken or who in row.assignees][:MOST]


def reviews(
    connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy, seen_from: RepoId | None
) -> list[Held]:
    """The open pull requests of others that they have reviewed."""
    thread, said = schema.threads, schema.activity
    theirs = (
        select(said.c.source_id)
        .where(said.c.repo_id == thread.c.repo_id, said.c.number == thread.c.number, ~said.c.gone)
        .where(said.c.person_id == who, said.c.kind.in_(_REVIEWS))
        .exists()
    )
    query = _open(owner_id, seen_from).where(
        thread.c.kind == ThreadKind.PULL_REQUEST, thread.c.author_id != who, theirs
    )
    return [held for _, held in _held(connection, owner_id, query, policy)][:MOST]


def pulls(
    connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy, seen_from: RepoId | None
) -> list[Held]:
    """Their own open pull requests."""
    thread = schema.threads
    query = _open(owner_id, seen_from).where(thread.c.kind == ThreadKind.PULL_REQUEST, thread.c.author_id == who)
    return [held for _, held in _held(connection, owner_id, query, policy)][:MOST]


def main_repo(connection: Connection, owner_id: OwnerId, who: PersonId, since: datetime) -> RepoId | None:
    """The public repository in which they were most, from then on: in how many threads they said or did something."""
    counts: Counter[RepoId] = Counter()
    for table in (schema.activity, schema.happenings):
        query = select(table.c.repo_id, table.c.number).distinct().where(table.c.person_id == who, table.c.at > since)
        visible = table.c.repo_id.in_(visible_repos(owner_id, None))
        counts.update(RepoId(repo_id) for repo_id, _ in connection.execute(query.where(visible)))
    return min(counts, key=lambda id_: (-counts[id_], id_), default=None)


def _open(owner_id: OwnerId, seen_from: RepoId | None) -> Select[Any]:
    thread, repo, owner = schema.threads, schema.repos, schema.owners
    where = and_(thread.c.is_open, ~thread.c.gone, ~repo.c.archived, repo.c.id.in_(visible_repos(owner_id, seen_from)))
    shown = (thread.c.repo_id, thread.c.number, thread.c.labels, thread.c.paths, thread.c.assignees, repo.c.name)
    return (
        select(*shown, owner.c.login)
        .join(repo, repo.c.id == thread.c.repo_id)
        .join(owner, owner.c.id == repo.c.owner_id)
        .where(where)
        .order_by(repo.c.name, thread.c.number)
    )


def _held(connection: Connection, owner_id: OwnerId, query: Select[Any], policy: Policy) -> Iterator[tuple[Any, Held]]:
    for row in connection.execute(query):
        areas = policy.areas_of(frozenset(row.labels), row.paths, row.name)
        ref = ThreadRef(RepoId(row.repo_id), row.number)
        yield row, Held(ref=ref, name=f"{row.login}/{row.name}#{row.number}", areas=areas)


def _names(connection: Connection, owner_id: OwnerId) -> dict[RepoId, str]:
    table = schema.repos
    named = connection.execute(select(table.c.id, table.c.name).where(table.c.owner_id == owner_id))
    return {RepoId(repo_id): name for repo_id, name in named}
