"""Evidence of people that stands nowhere else: meetings, thanks, and who vouched for whom."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select

from bot.effects import GiveThanks, VouchFor
from bot.memory import looks, rows, schema
from bot.memory.checkins import subject
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.team import Evidence, Sign

_A_FILE: Final = 0
_AT_ONCE: Final = 500  # logins in one query


def keep(connection: Connection, owner_id: OwnerId, one: Evidence) -> None:
    """Once: the same at the same time by the same is the same. Nothing of people who asked to be forgotten."""
    forgotten = Forgotten(connection)
    if forgotten.has_id(one.person) or (one.by is not None and forgotten.has_id(one.by)):
        return
    repo_id = one.repo_id if one.place is None else one.place.repo_id
    told = {
        "about": one.about, "repo_id": repo_id or 0, "number": one.place.number if one.place else 0, "url": one.url,
    }  # fmt: skip
    key = {"owner_id": owner_id, "person_id": one.person, "sign": one.sign.value, "at": one.at}
    rows.put(connection, schema.presence, told, **key, by_id=one.by or _A_FILE)


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody was at a meeting. `at`: the beginning of its day; None: the notes do not say."""

    login: str
    at: datetime | None


def met(
    connection: Connection, where: Repo, url: str, those: Iterable[Met],
    *, pushed_at: datetime | None, now: datetime, is_bot: Callable[[Person], bool],
) -> None:  # fmt: skip
    """Notes of meetings name these people. Whoever is not known here, or is a bot, does not count.

    Where the notes tell no day it is that of the push which brought somebody's name into them first, if that was heard;
    what is yet to come has not been.
    """
    told = list(those)
    people, before = _by_login(connection, {one.login.lower() for one in told}), _named(connection, where, url)
    for one in told:
        who = people.get(one.login.lower())
        if who is None or is_bot(who):
            continue
        day = pushed_at.replace(hour=0, minute=0, second=0, microsecond=0) if pushed_at is not None else None
        at = one.at or (day if who.id not in before else None)
        if at is not None and at <= now:
            one_of = Evidence(person=who.id, sign=Sign.MEETING, at=at, repo_id=where.id, url=url)
            keep(connection, where.owner_id, one_of)


def _by_login(connection: Connection, logins: Collection[str]) -> dict[str, Person]:
    """Of two who had a login one after the other the later one has it."""
    table, found, wanted = schema.people, {}, sorted(logins)
    for start in range(0, len(wanted), _AT_ONCE):
        those = func.lower(table.c.login).in_(wanted[start : start + _AT_ONCE])
        for row in connection.execute(select(table).where(those).order_by(table.c.heard_at, table.c.id)):
            found[row.login.lower()] = Person(PersonId(row.id), row.login, is_bot=row.is_bot)
    return found


def _named(connection: Connection, where: Repo, url: str) -> set[PersonId]:
    """Who stands in these notes as far as memory knows."""
    table = schema.presence
    this = and_(table.c.sign == Sign.MEETING.value, table.c.repo_id == where.id, table.c.url == url)
    found = connection.scalars(select(table.c.person_id).where(table.c.owner_id == where.owner_id, this))
    return {PersonId(id_) for id_ in found}


def vouched(connection: Connection, owner_id: OwnerId, order: VouchFor) -> None:
    keep(
        connection,
        owner_id,
        Evidence(
            person=order.whom.id, sign=Sign.VOUCH, at=order.as_of, by=order.person.id, place=order.thread
        ),
    )  # fmt: skip
    looks.news(connection, subject(owner_id), order.as_of)


def thanked(connection: Connection, owner_id: OwnerId, order: GiveThanks) -> None:
    keep(
        connection,
        owner_id,
        Evidence(
            person=order.whom.id, sign=Sign.THANKS, at=order.as_of, by=order.person.id, about=order.work.value,
            place=order.thread, url=order.url,
        ),
    )  # fmt: skip


def since(connection: Connection, owner_id: OwnerId, since: datetime, *signs: Sign) -> list[Evidence]:
    """What is known from then on, oldest first; of these kinds, or of all."""
    table = schema.presence
    query = select(table).where(table.c.owner_id == owner_id, table.c.at >= since)
    if signs:
        query = query.where(table.c.sign.in_([sign.value for sign in signs]))
    return list(_found(connection.execute(query.order_by(table.c.at, table.c.person_id, table.c.by_id))))


def _found(found: Any) -> Iterator[Evidence]:
    for row in found:
        place = ThreadRef(RepoId(row.repo_id), row.number) if row.number else None
        yield Evidence(
            person=PersonId(row.person_id), sign=Sign(row.sign), at=row.at,
            by=PersonId(row.by_id) if row.by_id != _A_FILE else None, about=row.about,
            repo_id=RepoId(row.repo_id) if row.repo_id else None, place=place, url=row.url,
        )  # fmt: skip
