"""To whom an issue is to be offered, and who could be asked at all."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, select

from bot.memory import looks, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put
from bot.model import OwnerId, PersonId, RepoId, ThreadKind, ThreadRef

FRESH: Final = timedelta(days=7)  # what could not be said until then is not said any more

_KINDS: Final = (ThreadKind.ISSUE, ThreadKind.PULL_REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """Somebody who is no bot, belongs to no team, and did not ask to be left alone. `asked`: when, with /interested.
    `merged`: when their pull requests were, if the last of it is of late, oldest first, and which those are. `thread`
    is where they can be told."""

    id: PersonId
    login: str
    asked: datetime | None
    merged: tuple[tuple[datetime, ThreadRef], ...]
    thread: ThreadRef
    offers: tuple[datetime, ...]


def here(connection: Connection, ref: ThreadRef, person_id: PersonId, since: datetime) -> list[ThreadRef]:
    """What is to be offered to somebody in this thread of theirs."""
    key = {"repo_id": ref.repo_id, "number": ref.number, "person_id": person_id, "since": since}
    return [ThreadRef(RepoId(repo_id), number) for repo_id, number in connection.execute(_here(), key)]


@cache
def _here() -> Select[Any]:
    table = schema.offers
    return (
        select(table.c.repo_id, table.c.number)
        .where(table.c.person_id == bindparam("person_id"), table.c.at > bindparam("since"))
        .where(table.c.in_repo_id == bindparam("repo_id"), table.c.in_number == bindparam("number"))
        .order_by(table.c.at)
    )


def given(connection: Connection, refs: Collection[ThreadRef]) -> Counter[ThreadRef]:
    """To how many people each of these was offered."""
    table = schema.offers
    query = select(table.c.repo_id, table.c.number).where(table.c.repo_id.in_({ref.repo_id for ref in refs}))
    return Counter(ThreadRef(RepoId(repo_id), number) for repo_id, number in connection.execute(query))


def write(connection: Connection, issue: ThreadRef, person_id: PersonId, thread: ThreadRef, now: datetime) -> None:
    """It is offered there: the thread gets a look."""
    if Forgotten(connection).has_id(person_id):
        return
    where = {"in_repo_id": thread.repo_id, "in_number": thread.number, "at": now}
    put(connection, schema.offers, where, repo_id=issue.repo_id, number=issue.number, person_id=person_id)
    looks.touch(connection, [thread.subject], now)


def possible(connection: Connection, owner_id: OwnerId, since: datetime) -> list[Possible]:
    """Who asked, or had something merged since then, and has taken nothing."""
    wish, who, pull = schema.interests, schema.people, schema.threads
    asked = {
        row["person_id"]: row
        for row in connection.execute(select(wish).where(wish.c.owner_id == owner_id, wish.c.interested)).mappings()
    }
    within = _repos(owner_id)
    merged = select(pull.c.author_id).where(pull.c.repo_id.in_(within), pull.c.merged_at > since, ~pull.c.gone)
    of_late = set(connection.scalars(merged))
    them = (asked.keys() | of_late) - _left_alone(connection, owner_id) - _busy(connection, owner_id)
    if not them:
        return []
    people = connection.execute(select(who.c.id, who.c.login).where(who.c.id.in_(them), ~who.c.is_bot)).all()
    threads = _threads(connection, owner_id, them)
    told = _told(connection, them)
    found = []
    for id_, login in people:
        wished, theirs = asked.get(id_), threads[id_]
        if (thread := _place(theirs, wished)) is not None:
            merges = sorted((row["merged_at"], _ref(row)) for row in theirs if row["merged_at"] is not None)
            found.append(
                Possible(
                    id=PersonId(id_), login=login, asked=wished["as_of"] if wished else None,
                    merged=tuple(merges) if id_ in of_late else (), thread=thread, offers=tuple(told[id_]),
                )
            )  # fmt: skip
    return found


def _ref(row: RowMapping) -> ThreadRef:
    return ThreadRef(RepoId(row["repo_id"]), row["number"])


def _repos(owner_id: OwnerId) -> Select[tuple[int]]:
    repo = schema.repos
    return select(repo.c.id).where(repo.c.owner_id == owner_id, repo.c.covered, ~repo.c.gone, ~repo.c.archived)


def _left_alone(connection: Connection, owner_id: OwnerId) -> set[int]:
    """The team, and who asked for it."""
    team, optout = schema.team, schema.optouts
    members = select(team.c.person_id).where(team.c.owner_id == owner_id, team.c.belongs)
    quiet = select(optout.c.person_id).where(optout.c.owner_id == owner_id, optout.c.opted_out)
    return {int(owner_id), *connection.scalars(members), *connection.scalars(quiet)}


def _busy(connection: Connection, owner_id: OwnerId) -> set[int]:
    """Who has taken something already."""
    claim, repo = schema.claims, schema.repos
    query = (
        select(claim.c.person_id)
        .join(repo, repo.c.id == claim.c.repo_id)
        .where(claim.c.ended_at.is_(None), repo.c.owner_id == owner_id)
    )
    return set(connection.scalars(query))


def _threads(connection: Connection, owner_id: OwnerId, people: Collection[int]) -> defaultdict[int, list[RowMapping]]:
    """The issues and pull requests that they opened."""
    table = schema.threads
    columns = (
        table.c.author_id, table.c.repo_id, table.c.number, table.c.merged_at, table.c.closed_at, table.c.locked,
    )  # fmt: skip
    query = select(*columns).where(
        table.c.author_id.in_(people), table.c.repo_id.in_(_repos(owner_id)), ~table.c.gone, table.c.kind.in_(_KINDS)
    )
    found: defaultdict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["author_id"]].append(row)
    return found


def _told(connection: Connection, people: Collection[int]) -> defaultdict[int, list[datetime]]:
    table = schema.offers
    query = select(table.c.person_id, table.c.at).where(table.c.person_id.in_(people)).order_by(table.c.at)
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for person_id, at in connection.execute(query):
        found[person_id].append(at)
    return found


def _place(theirs: Collection[RowMapping], wished: RowMapping | None) -> ThreadRef | None:
    """Where they said that they are interested, if that is a thread of their own; else where their last pull request
    was merged; else their last issue that is closed."""
    there = [row for row in theirs if not row["locked"]]
    if wished is not None:
        own = [_ref(row) for row in there if _ref(row) == ThreadRef(wished["repo_id"], wished["number"])]
        if own:
            return own[0]
    for over in ("merged_at", "closed_at"):
        ended = [row for row in there if row[over] is not None]
        if ended:
            return _ref(max(ended, key=lambda row: (row[over], _ref(row))))
    return None
