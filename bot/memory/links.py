"""Which pull requests name which issues: read from title and text when they are projected, which go no further.

Every payload that shows a pull request tells all that it names, so the one with the latest `updated_at` counts; what
only older ones named is gone. Of two of one second all counts that either names.
"""

from collections.abc import Collection
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, and_, bindparam, or_, select, update

from bot.memory import recall, rows, schema, threads
from bot.memory.payloads import ThreadNews
from bot.memory.pulse import pulse
from bot.model import RepoId, Step, Thread, ThreadKind, ThreadRef, Waits
from bot.pathway import Link

_MOST: Final = 20  # of an issue that everybody names
_BY_AUTHOR: Final = frozenset({Step.PUSHED, Step.READY, Step.REOPENED})


def take_down(connection: Connection, shown: ThreadNews) -> None:
    """What a pull request names, as a payload shows it. Its own row is written before."""
    if shown.names is None:
        return
    table, key = schema.links, asdict(shown.ref)
    here = and_(table.c.repo_id == shown.ref.repo_id, table.c.number == shown.ref.number)
    columns = (table.c.to_repo, table.c.to_number, table.c.closes, table.c.as_of)
    known = {(row.to_repo, row.to_number): row for row in connection.execute(select(*columns).where(here))}
    if not known and not shown.names:
        return
    row, at = rows.get(connection, schema.threads, **key), shown.updated_at
    assert row is not None, "a thread is written before what it names"
    for one in shown.names:
        before = known.get((one.repo, one.number))
        if before is not None and (before.as_of > at or (before.as_of == at and before.closes >= one.closes)):
            continue
        values = {"closes": one.closes, "as_of": at, "gone": at < row["updated_at"]}
        rows.put(connection, table, values, **key, to_repo=one.repo, to_number=one.number)
    older = update(table).where(here, table.c.as_of < row["updated_at"], ~table.c.gone)
    connection.execute(older.values(gone=True))


def to_issue(connection: Connection, thread: Thread, bots: Collection[str]) -> tuple[Link, ...]:
    """The pull requests that name an issue, those first that close it and are open. What is in a private repository is
    told nowhere else. `bots` are logins that are not people."""
    if thread.kind is not ThreadKind.ISSUE:
        return ()
    closes: dict[ThreadRef, bool] = {}
    key = {**asdict(thread.ref), "owner_id": thread.repo.owner_id, "full_name": thread.repo.full_name.lower()}
    for repo_id, number, it_does in connection.execute(_query(), key):
        ref = ThreadRef(RepoId(repo_id), number)
        closes[ref] = closes.get(ref, False) or it_does
    return tuple(_link(connection, thread, ref, bots, closes=closes[ref]) for ref in list(closes)[:_MOST])


@cache
def _query() -> Select[Any]:
    table, pull, repo, here = schema.links, schema.threads, schema.repos, bindparam("repo_id", type_=Integer)
    this = or_(and_(table.c.to_repo == "", table.c.repo_id == here), table.c.to_repo == bindparam("full_name"))
    return (
        select(table.c.repo_id, table.c.number, table.c.closes)
        .join(pull, and_(pull.c.repo_id == table.c.repo_id, pull.c.number == table.c.number))
        .join(repo, repo.c.id == table.c.repo_id)
        .where(table.c.to_number == bindparam("number"), this, ~table.c.gone, ~pull.c.gone)
        .where(repo.c.owner_id == bindparam("owner_id"), ~repo.c.gone, or_(~repo.c.private, repo.c.id == here))
        .order_by(table.c.closes.desc(), pull.c.is_open.desc(), table.c.repo_id, table.c.number.desc())
    )


def _link(connection: Connection, issue: Thread, ref: ThreadRef, bots: Collection[str], *, closes: bool) -> Link:
    row, where = rows.get(connection, schema.threads, **asdict(ref)), recall.repo(connection, ref.repo_id)
    assert row is not None, "the query joins it"
    assert where is not None, "the query joins it"
    pull = threads.thread(connection, ref, row, where)
    beat = pulse(pull, bots)
    signs = [pull.created_at, *(one.at for one in pull.answers if one.person == pull.author)]
    signs += [one.at for one in pull.history if one.step in _BY_AUTHOR and one.person == pull.author]
    if beat.waits is not Waits.FOR_TEAM:
        signs.append(beat.waits_since)  # until then the team had it
    return Link(
        pull=ref,
        author=pull.author,
        closes=closes,
        is_open=pull.is_open,
        merged_at=pull.merged_at,
        last_sign=max(signs),
        waits=beat.waits,
        name=f"#{ref.number}" if ref.repo_id == issue.ref.repo_id else pull.name,
        url=f"{where.url}/pull/{ref.number}",
    )
