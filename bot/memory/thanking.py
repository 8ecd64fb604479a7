"""What has to be known to thank somebody: who can be, who has thanked how many, how many merges somebody has."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from bot.memory import rows, schema
from bot.memory.recall import visible_repos
from bot.model import GHOST, OwnerId, Person, PersonId, Subject, Thread
from bot.team import Sign

NAME: Final = "thanks"

_A_DAY: Final = timedelta(days=1)


def subject(owner_id: OwnerId) -> Subject:
    """Where thank-yous are drafted and posted."""
    return Subject(f"{NAME}/{owner_id}")


def able(connection: Connection, owner_id: OwnerId, logins: Collection[str]) -> dict[str, Person]:
    """Who of these can be thanked, by login in lower case: accounts that are known, of people who did not ask to be
    left alone. Whoever asked to be forgotten is known no more."""
    if not logins:
        return {}
    people, out = schema.people, schema.optouts
    opted_out = select(out.c.person_id).where(out.c.owner_id == owner_id, out.c.opted_out)
    query = (
        select(people.c.id, people.c.login)
        .where(func.lower(people.c.login).in_(logins), ~people.c.is_bot)
        .where(people.c.id.not_in([GHOST.id, owner_id]), people.c.id.not_in(opted_out))
        .order_by(people.c.heard_at, people.c.id)
    )
    return {row.login.lower(): Person(PersonId(row.id), row.login) for row in connection.execute(query)}


def given(connection: Connection, who: PersonId, now: datetime) -> int:
    """How many people somebody has thanked within a day."""
    table = schema.presence
    query = select(func.count()).where(
        table.c.by_id == who, table.c.sign == Sign.THANKS.value, table.c.at > now - _A_DAY
    )
    return connection.scalar(query) or 0


def merges(connection: Connection, thread: Thread) -> int | None:
    """The how manieth merged pull request of its author this one is in its organisation; None: nobody knows. What is
    private elsewhere does not count."""
    owner_id, author = thread.repo.owner_id, thread.author.id
    account = rows.get(connection, schema.owners, id=owner_id)
    known = rows.get(connection, schema.acquaintances, owner_id=owner_id, person_id=author)
    if (account is None or account["past_read_at"] is None) and (known is None or known["merged_before"] is not False):
        return None
    table = schema.threads
    same = and_(table.c.repo_id == thread.ref.repo_id, table.c.number <= thread.ref.number)
    before = or_(
        table.c.merged_at < thread.merged_at,
        and_(table.c.merged_at == thread.merged_at, or_(table.c.repo_id < thread.ref.repo_id, same)),
    )
    query = select(func.count()).where(
        table.c.author_id == author, table.c.repo_id.in_(visible_repos(owner_id, thread.repo.id)), ~table.c.gone, before
    )
    return connection.scalar(query)
