"""Whom there is to thank in an organisation, and what they achieved together: rows into names and three numbers.

Nobody is counted by themselves: it is a story, not a score. A few queries for all repositories, which go from the
people to what they did: by that there is an index.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Select, and_, func, select

from bot.memory import schema
from bot.model import GHOST, OwnerId, Person, PersonId, Repo, RepoId, Step, ThreadKind, ThreadRef
from bot.policy import Policy

_LOOKS_AFTER: Final = (
    Step.LABELED, Step.UNLABELED, Step.ASSIGNED, Step.UNASSIGNED, Step.CLOSED, Step.REOPENED, Step.MERGED,
)  # fmt: skip
_THREADS: Final = schema.threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """`people`: the logins of who answered, reviewed or looked after what others opened, by the alphabet. `answered`:
    in how many threads they did; `merged`: pull requests, `closed`: issues that people opened, but for those of which
    we know that a bot closed them."""

    people: tuple[str, ...] = ()
    answered: int = 0
    merged: int = 0
    closed: int = 0


def deeds(
    connection: Connection,
    owner_id: OwnerId,
    places: Mapping[RepoId, Repo],
    policies: Mapping[RepoId, Policy],
    since: datetime,
) -> Deeds:
    """What was done in these places since then. Who wants to be left alone is not named."""
    said = [row for row in connection.execute(_said(places, since)).mappings() if _is_person(row, policies)]
    did = [row for row in connection.execute(_did(places, since)).mappings() if _is_person(row, policies)]
    out = schema.optouts
    silent = set(connection.scalars(select(out.c.person_id).where(out.c.owner_id == owner_id, out.c.opted_out)))
    alone = {login.casefold() for policy in policies.values() for login in policy.people.leave_alone}
    them = {row["person_id"]: row["login"] for row in [*said, *did]}
    names = [name for id_, name in them.items() if id_ not in silent and name.casefold() not in alone]
    return Deeds(
        people=tuple(sorted(names, key=lambda name: (name.casefold(), name))),
        answered=len({ThreadRef(row["repo_id"], row["number"]) for row in said}),
        merged=_merged(connection, places, since),
        closed=len(_closed(connection, places, policies, since)),
    )


def _said(places: Mapping[RepoId, Repo], since: datetime) -> Select[Any]:
    """Who commented or reviewed, and where."""
    act = schema.activity
    return _by_people(act, places).where(act.c.at >= since, ~act.c.gone)


def _did(places: Mapping[RepoId, Repo], since: datetime) -> Select[Any]:
    """Who labelled, assigned, closed, reopened or merged, and where."""
    did = schema.happenings
    return _by_people(did, places).where(did.c.at >= since, did.c.step.in_(_LOOKS_AFTER))


def _by_people(table: FromClause, places: Mapping[RepoId, Repo]) -> Select[Any]:
    """In what others opened."""
    who = schema.people
    return (
        select(table.c.person_id, who.c.login, table.c.repo_id, table.c.number)
        .distinct()
        .select_from(who)
        .join(table, table.c.person_id == who.c.id)
        .join(_THREADS, and_(_THREADS.c.repo_id == table.c.repo_id, _THREADS.c.number == table.c.number))
        .where(table.c.repo_id.in_(places), ~_THREADS.c.gone, _THREADS.c.author_id != table.c.person_id)
        .where(~who.c.is_bot, who.c.id != GHOST.id)
    )


def _is_person(row: RowMapping, policies: Mapping[RepoId, Policy]) -> bool:
    return not policies[row["repo_id"]].is_bot(Person(PersonId(row["person_id"]), row["login"]))


def _merged(connection: Connection, places: Mapping[RepoId, Repo], since: datetime) -> int:
    these = and_(_THREADS.c.repo_id.in_(places), ~_THREADS.c.gone, _THREADS.c.merged_at >= since)
    return connection.scalar(select(func.count()).select_from(_THREADS).where(these)) or 0


def _closed(
    connection: Connection, places: Mapping[RepoId, Repo], policies: Mapping[RepoId, Policy], since: datetime
) -> set[ThreadRef]:
    """Issues. Who opened one is always known, and who closed it where that was told."""
    did, author, closer = schema.happenings, schema.people.alias("author"), schema.people.alias("closer")
    this = and_(
        did.c.repo_id == _THREADS.c.repo_id, did.c.number == _THREADS.c.number,
        did.c.step == Step.CLOSED, did.c.at == _THREADS.c.closed_at,
    )  # fmt: skip
    query = (
        select(_THREADS.c.repo_id, _THREADS.c.number)
        .add_columns(*_named(author, "by"), *_named(closer, "closer"))
        .join(author, author.c.id == _THREADS.c.author_id)
        .outerjoin(did, this)
        .outerjoin(closer, closer.c.id == did.c.person_id)
        .where(_THREADS.c.repo_id.in_(places), ~_THREADS.c.gone)
        .where(_THREADS.c.closed_at >= since, _THREADS.c.kind == ThreadKind.ISSUE)
    )
    return {
        ThreadRef(row["repo_id"], row["number"])
        for row in connection.execute(query).mappings()
        if not any(policies[row["repo_id"]].is_bot(who) for who in _people(row))
    }


def _named(who: FromClause, name: str) -> Iterator[ColumnElement[Any]]:
    return (who.c[column].label(f"{name}_{column}") for column in ("id", "login", "is_bot"))


def _people(row: RowMapping) -> Iterator[Person]:
    for name in ("by", "closer"):
        if row[f"{name}_id"] is not None:
            yield Person(PersonId(row[f"{name}_id"]), row[f"{name}_login"], is_bot=row[f"{name}_is_bot"])
