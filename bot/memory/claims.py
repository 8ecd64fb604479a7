"""Who has taken which issue. Whoever is first does: one writer decides, one after the other."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from bot.memory import schema
from bot.memory.rows import Row, get, put
from bot.model import Person, PersonId, Thread, ThreadKind, ThreadRef, Waits
from bot.pathway import Claim, Ended, Link


def free(connection: Connection, ref: ThreadRef, person_id: PersonId, most: int = 1) -> bool:
    """Whether there is room for somebody: fewer than `most` others have it."""
    table = schema.claims
    here = (table.c.repo_id == ref.repo_id) & (table.c.number == ref.number) & table.c.ended_at.is_(None)
    others = select(table.c.person_id).where(here, table.c.person_id != person_id)
    return len(connection.execute(others.limit(most)).all()) < most


def take(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime) -> None:
    """Somebody takes it, or takes it again."""
    values = {"at": at, "worked_at": at, "ended_at": None, "ended": None}
    put(connection, schema.claims, values, **_key(ref, person_id))


def end(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime, ended: Ended) -> None:
    """A claim that is open is over."""
    row = get(connection, schema.claims, **_key(ref, person_id))
    if row is not None and row["ended_at"] is None:
        put(connection, schema.claims, {"ended_at": at, "ended": ended.value}, **_key(ref, person_id))


def work(connection: Connection, ref: ThreadRef, person_id: PersonId, at: datetime) -> None:
    """They say that they are at it."""
    row = get(connection, schema.claims, **_key(ref, person_id))
    if row is not None and row["worked_at"] < at:
        put(connection, schema.claims, {"worked_at": at}, **_key(ref, person_id))


def of_issue(connection: Connection, thread: Thread, links: Sequence[Link]) -> tuple[Claim, ...]:
    """All who have taken an issue, or had it, oldest first. `links`: the pull requests that name it."""
    if thread.kind is not ThreadKind.ISSUE:
        return ()
    key = {**asdict(thread.ref), "owner_id": thread.repo.owner_id}
    return tuple(_claim(dict(row), thread, links) for row in connection.execute(_of_issue(), key).mappings())


@cache
def _of_issue() -> Select[Any]:
    table, who, out = schema.claims, schema.people, schema.optouts
    return (
        select(table, who.c.login, who.c.is_bot, out.c.opted_out)
        .join(who, who.c.id == table.c.person_id)
        .outerjoin(out, and_(out.c.owner_id == bindparam("owner_id"), out.c.person_id == table.c.person_id))
        .where(table.c.repo_id == bindparam("repo_id"), table.c.number == bindparam("number"))
        .order_by(table.c.at, table.c.person_id)
    )


def _claim(row: Row, thread: Thread, links: Sequence[Link]) -> Claim:
    person = Person(PersonId(row["person_id"]), row["login"], is_bot=row["is_bot"])
    theirs = [link for link in links if link.author == person]
    said = [one.at for one in thread.answers if one.person == person]
    return Claim(
        person=person,
        at=row["at"],
        last_sign=max([row["at"], row["worked_at"], *said, *(link.last_sign for link in theirs)]),
        ended_at=row["ended_at"],
        ended=Ended(row["ended"]) if row["ended"] else None,
        waits_for_team=any(link.is_open and link.waits is Waits.FOR_TEAM for link in theirs),
        opted_out=bool(row["opted_out"]),
    )


def standing(connection: Connection, owner: Row, person_id: PersonId, ref: ThreadRef) -> tuple[bool | None, int]:
    """Whether a pull request of somebody was merged in an owner's repositories (None: nobody knows), and how many other
    open issues they have taken there. What is in a private repository is told nowhere else."""
    threads, repos, table = schema.threads, schema.repos, schema.claims
    merged = (
        select(threads.c.number)
        .join(repos, repos.c.id == threads.c.repo_id)
        .where(threads.c.author_id == person_id, threads.c.merged_at.is_not(None), repos.c.owner_id == owner["id"])
    )
    others = (
        select(func.count())
        .select_from(table)
        .join(threads, and_(threads.c.repo_id == table.c.repo_id, threads.c.number == table.c.number))
        .join(repos, repos.c.id == table.c.repo_id)
        .where(table.c.person_id == person_id, table.c.ended_at.is_(None), threads.c.is_open, ~threads.c.gone)
        .where(or_(table.c.repo_id != ref.repo_id, table.c.number != ref.number))
        .where(repos.c.owner_id == owner["id"], ~repos.c.gone, or_(~repos.c.private, repos.c.id == ref.repo_id))
    )
    known: bool | None = connection.execute(merged.limit(1)).first() is not None
    if not known and owner["past_read_at"] is None:  # then it may have been before; a search has told, or not
        told = get(connection, schema.acquaintances, owner_id=owner["id"], person_id=person_id)
        known = told["merged_before"] if told else None
    return known, connection.scalar(others) or 0


def _key(ref: ThreadRef, person_id: PersonId) -> dict[str, int]:
    return {"repo_id": ref.repo_id, "number": ref.number, "person_id": person_id}
