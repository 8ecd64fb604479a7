"""What tells whom threads wait for, besides the threads themselves: one by one, or many at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, text

from bot.memory import checks, schema
from bot.memory.rows import get, put_newer
from bot.model import Repo, Thread, ThreadKind, ThreadRef
from bot.pathway import Claim, Link
from bot.waiting import Correction, Facts, On

# As literals, without "= 1": only then does SQLite see that it is the condition of the partial index.
_OPEN: Final = and_(text("threads.is_open"), text("NOT threads.gone"))

_CLAIMS: Final = schema.claims.c
_CLAIMED: Final = (
    select(_CLAIMS.number, func.min(_CLAIMS.at).label("first"))
    .join(schema.people, schema.people.c.id == _CLAIMS.person_id)
    .where(_CLAIMS.repo_id == bindparam("repo_id"), _CLAIMS.ended_at.is_(None))
    .group_by(_CLAIMS.number)
)
_CORRECTIONS: Final = schema.corrections.c
_CORRECTED: Final = select(_CORRECTIONS.number, _CORRECTIONS.waits_on, _CORRECTIONS.as_of).where(
    _CORRECTIONS.repo_id == bindparam("repo_id")
)


def correct(connection: Connection, ref: ThreadRef, on: On | None, as_of: datetime) -> None:
    """Somebody says whom a thread waits for; None: it is to be derived again."""
    key = {"repo_id": ref.repo_id, "number": ref.number}
    put_newer(connection, schema.corrections, {"waits_on": None if on is None else on.name}, as_of, "as_of", **key)


def correction(connection: Connection, ref: ThreadRef) -> Correction | None:
    row = get(connection, schema.corrections, repo_id=ref.repo_id, number=ref.number)
    return None if row is None else _correction(row["waits_on"], row["as_of"])


def _correction(waits_on: str | None, as_of: datetime) -> Correction:
    return Correction(on=None if waits_on is None else On[waits_on], at=as_of)


def facts(connection: Connection, thread: Thread, claims: Sequence[Claim], links: Sequence[Link]) -> Facts:
    """Of one thread. `claims`: who has taken it, or had it; `links`: the pull requests that name it. Of a closed one
    nothing has to be known."""
    if not thread.is_open:
        return Facts()
    is_pull = thread.kind is ThreadKind.PULL_REQUEST
    at_it = [link.pull for link in links if link.is_open and (link.closes or not link.author.is_bot)]
    return Facts(
        claimed=min((claim.at for claim in claims if claim.ended_at is None), default=None),
        linked=_first_opened(connection, at_it),
        checks=checks.of_pull(connection, thread.ref) if is_pull else None,
        correction=correction(connection, thread.ref),
    )


def _first_opened(connection: Connection, pulls: Sequence[ThreadRef]) -> datetime | None:
    if not pulls:
        return None
    table = schema.threads
    these = or_(*(and_(table.c.repo_id == ref.repo_id, table.c.number == ref.number) for ref in pulls))
    first: datetime | None = connection.scalar(select(func.min(table.c.created_at)).where(these))
    return first


def facts_of(connection: Connection, where: Repo, threads: Collection[Thread]) -> dict[ThreadRef, Facts]:
    """The same of many threads of a repository, in as many queries whatever their number."""
    claimed, linked = _claimed(connection, where), _linked(connection, where)
    checked, corrected = checks.of_pulls(connection, where.id), _corrected(connection, where)
    found: dict[ThreadRef, Facts] = {}
    for thread in threads:
        number, is_issue = thread.ref.number, thread.kind is ThreadKind.ISSUE
        found[thread.ref] = Facts() if not thread.is_open else Facts(
            claimed=claimed.get(number) if is_issue else None,
            linked=linked.get(number) if is_issue else None,
            checks=checked.get(number) if thread.kind is ThreadKind.PULL_REQUEST else None,
            correction=corrected.get(number),
        )  # fmt: skip
    return found


def _claimed(connection: Connection, where: Repo) -> Mapping[int, datetime]:
    return {row.number: row.first for row in connection.execute(_CLAIMED, {"repo_id": where.id})}


def _linked(connection: Connection, where: Repo) -> Mapping[int, datetime]:
    """Pull requests name issues of their own repository without its name, which another index finds."""
    place = {"repo_id": where.id, "owner_id": where.owner_id, "full_name": where.full_name.lower()}
    found: dict[int, datetime] = {}
    for query in _linking():
        for row in connection.execute(query, place):
            found[row.number] = min(row.first, found.get(row.number, row.first))
    return found


@cache  # making these takes longer than the database takes to answer
def _linking() -> tuple[Select[Any], Select[Any]]:
    table, issues = schema.links, schema.threads
    opened = table.c.to_number.in_(select(issues.c.number).where(issues.c.repo_id == bindparam("repo_id"), _OPEN))
    here = and_(table.c.repo_id == bindparam("repo_id"), table.c.to_repo == "")
    return _open_pulls_by_issue(here), _open_pulls_by_issue(and_(table.c.to_repo == bindparam("full_name"), opened))


def _open_pulls_by_issue(those: ColumnElement[bool]) -> Select[Any]:
    """As bot/memory/links.py has them of one issue. What a bot's pull request merely names, nobody is at."""
    table, repo, who, pull = schema.links, schema.repos, schema.people, schema.threads.alias("pull")
    return (
        select(table.c.to_number.label("number"), func.min(pull.c.created_at).label("first"))
        .join(pull, and_(pull.c.repo_id == table.c.repo_id, pull.c.number == table.c.number))
        .join(repo, repo.c.id == table.c.repo_id + 0)  # with + 0 SQLite does not begin with the links of all of them
        .outerjoin(who, who.c.id == pull.c.author_id)
        .where(those, ~table.c.gone, pull.c.is_open, ~pull.c.gone)
        .where(repo.c.owner_id == bindparam("owner_id"), ~repo.c.gone)
        .where(or_(~repo.c.private, repo.c.id == bindparam("repo_id")))
        .where(or_(table.c.closes, ~func.coalesce(who.c.is_bot, False)))
        .group_by(table.c.to_number)
    )


def _corrected(connection: Connection, where: Repo) -> Mapping[int, Correction]:
    found = connection.execute(_CORRECTED, {"repo_id": where.id})
    return {number: _correction(waits_on, as_of) for number, waits_on, as_of in found}
