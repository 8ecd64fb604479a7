"""Rows into what else tells that people could grow into something: what they finished, whom they mentored, what they
would like to hear of. A few queries for all of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import Connection, and_, func, select

from bot.memory import schema
from bot.mentors import Said, State
from bot.model import Level, OwnerId, PersonId, RepoId
from bot.pathway import Ended
from bot.policy import Policy
from bot.stewards import Grown

_BELOW_MEDIUM: Final = (None, Level.STARTER)

Ref = tuple[int, int]  # repository and number


def grown(
    connection: Connection, owner_id: OwnerId, where: Collection[RepoId], people: Collection[PersonId],
    policy: Policy,
) -> dict[PersonId, Grown]:  # fmt: skip
    """What else tells that these could grow into something, in these repositories."""
    finished: defaultdict[PersonId, set[Ref]] = defaultdict(set)
    for id_, ref, labels in _finished(connection, where, people):
        if policy.levels.of(frozenset(labels)) not in _BELOW_MEDIUM:
            finished[id_].add(ref)
    mentored = _mentored(connection, owner_id, people)
    table = schema.interests
    wish = select(table.c.person_id, table.c.areas).where(
        table.c.owner_id == owner_id, table.c.interested, table.c.person_id.in_(people)
    )
    wishes = {PersonId(id_): frozenset(areas) for id_, areas in connection.execute(wish)}
    return {
        id_: Grown(medium=len(finished[id_]), mentored=mentored[id_], interests=wishes.get(id_, frozenset()))
        for id_ in people
    }


def _finished(
    connection: Connection, where: Collection[RepoId], people: Collection[PersonId]
) -> Iterator[tuple[PersonId, Ref, list[str]]]:
    """The issues that these took and finished, or closed with a pull request in the same repository."""
    issue, claim, link, pull = schema.threads, schema.claims, schema.links, schema.threads.alias("pull")
    shown = (issue.c.repo_id, issue.c.number, issue.c.labels)
    taken = (
        select(claim.c.person_id, *shown)
        .join(issue, and_(issue.c.repo_id == claim.c.repo_id, issue.c.number == claim.c.number))
        .where(claim.c.person_id.in_(people), claim.c.ended == Ended.DONE, claim.c.repo_id.in_(where))
    )
    closed = (
        select(pull.c.author_id, *shown)
        .join(link, and_(link.c.repo_id == pull.c.repo_id, link.c.number == pull.c.number))
        .join(issue, and_(issue.c.repo_id == link.c.repo_id, issue.c.number == link.c.to_number))
        .where(pull.c.author_id.in_(people), pull.c.repo_id.in_(where), pull.c.merged_at.is_not(None), ~pull.c.gone)
        .where(link.c.closes, ~link.c.gone, link.c.to_repo == "")
    )
    for query in (taken, closed):
        for id_, repo_id, number, labels in connection.execute(query):
            yield PersonId(id_), (repo_id, number), labels


def _mentored(connection: Connection, owner_id: OwnerId, people: Collection[PersonId]) -> Counter[PersonId]:
    ask, of = schema.mentor_asks, schema.mentorings
    same = and_(of.c.repo_id == ask.c.repo_id, of.c.number == ask.c.number, of.c.began_at == ask.c.began_at)
    query = (
        select(ask.c.person_id, func.count())
        .join(of, same)
        .where(ask.c.owner_id == owner_id, ask.c.person_id.in_(people), ask.c.said == Said.ACCEPTED)
        .where(of.c.state.in_([State.RUNNING, State.DONE]))
        .group_by(ask.c.person_id)
    )
    return Counter({PersonId(id_): number for id_, number in connection.execute(query)})
