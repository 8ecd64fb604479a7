"""Writes single rows so that news may come late, twice or in any order.

All of it runs on the one writer (see the store), so reading a row, deciding, and writing it back is safe.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from bot.memory import schema
from bot.memory.payloads import AnswerNews, ThreadNews
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, ThreadRef

Row = dict[str, Any]


class InstallationState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"  # for ever: a new installation has a new id


_LATEST: Final = timedelta(days=4)  # GitHub redelivers for 3 days


def get(connection: Connection, table: Table, **key: object) -> Row | None:
    """The row with this primary key, or None."""
    found = connection.execute(select(table).where(_is(table, key))).mappings().first()
    return dict(found) if found else None


def put(connection: Connection, table: Table, values: Mapping[str, Any], **key: object) -> None:
    """Writes these columns of the row with this key, making the row if it is not there."""
    if connection.execute(table.update().where(_is(table, key)).values(**values)).rowcount == 0:
        connection.execute(table.insert().values(**key, **values))


def _is(table: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _put_newer(connection: Connection, table: Table, values: Row, at: datetime, stamp: str, **key: object) -> None:
    """Writes the row unless what is there is as new and the same, or newer.

    `heard_at` only grows, so where nothing else changes it need not be kept up. Other stamps are GitHub's times, which
    may come late.
    """
    row = get(connection, table, **key)
    same = row is not None and all(row[name] == value for name, value in values.items())
    if row is None or (not same and row[stamp] <= at) or (same and stamp != "heard_at" and row[stamp] < at):
        put(connection, table, {**values, stamp: at}, **key)


def owner(connection: Connection, account: Mapping[str, Any], heard_at: datetime) -> None:
    """An account that owns repositories, from GitHub's JSON. We witness what happens there from now on.

    GitHub's times are whole seconds, so what happens within this one has been witnessed.
    """
    row = get(connection, schema.owners, id=account["id"])
    names = {"login": account["login"], "is_organisation": account.get("type") == "Organization"}
    if row is None:
        put(connection, schema.owners, {**names, "witnessed_since": heard_at.replace(microsecond=0)}, id=account["id"])
    elif row["login"] != names["login"]:
        put(connection, schema.owners, {"login": names["login"]}, id=account["id"])


def installation(
    connection: Connection, id_: InstallationId, owner_id: OwnerId, heard_at: datetime,
    *, state: InstallationState | None, live: bool,
) -> None:  # fmt: skip
    """Where the app is installed. `state` None: just heard of it, which makes it active if it is new."""
    row = get(connection, schema.installations, id=id_)
    table = schema.installations
    if row is None:
        if connection.execute(select(table.c.id).where(table.c.owner_id == owner_id).limit(1)).first():
            listening_again(connection, owner_id, heard_at)
        values = {"owner_id": owner_id, "state": state or InstallationState.ACTIVE, "live": live, "heard_at": heard_at}
        put(connection, table, values, id=id_)
    elif state is not None and row["state"] not in {state, InstallationState.DELETED} and row["heard_at"] <= heard_at:
        put(connection, table, {"state": state, "heard_at": heard_at}, id=id_)
        if state is InstallationState.ACTIVE:
            listening_again(connection, owner_id, heard_at)


def missing_installations(connection: Connection, found: Collection[int], asked_at: datetime) -> None:
    """GitHub knows only these, so the others are suspended at best: the news of it was lost."""
    table = schema.installations
    query = select(table.c.id).where(table.c.state == InstallationState.ACTIVE, table.c.heard_at < asked_at)
    for id_ in connection.scalars(query).all():
        if id_ not in found:
            put(connection, table, {"state": InstallationState.SUSPENDED, "heard_at": asked_at}, id=id_)


def listening_again(connection: Connection, owner_id: OwnerId, heard_at: datetime) -> None:
    """For a time we did not hear all that happened at an owner's. So everything until now is the past, and whoever was
    not known to have one is asked about again: it is better to miss a newcomer than to welcome an old hand."""
    row = get(connection, schema.owners, id=owner_id)
    if row is not None and row["witnessed_since"] < heard_at:
        since = {"witnessed_since": heard_at.replace(microsecond=0), "past_read_at": None}
        put(connection, schema.owners, since, id=owner_id)
        table = schema.acquaintances
        connection.execute(
            delete(table).where(table.c.owner_id == owner_id, ~(table.c.has_past & table.c.merged_before))
        )


def repo(connection: Connection, where: Repo, heard_at: datetime, *, gone: bool = False) -> None:
    """Once gone it stays gone, whatever arrives late. But deleted repositories can be restored: one that is heard of
    when nothing can be late any more is there again."""
    row = get(connection, schema.repos, id=where.id)
    still_gone = row is not None and row["gone"] and heard_at < row["heard_at"] + _LATEST
    values = {
        "owner_id": where.owner_id,
        "name": where.name,
        "url": where.url,
        "private": where.private,
        "archived": where.archived,
        "gone": gone or still_gone,
    }
    _put_newer(connection, schema.repos, values, heard_at, "heard_at", id=where.id)


def person(connection: Connection, who: Person, heard_at: datetime) -> None:
    values = {"login": who.login, "is_bot": who.is_bot}
    _put_newer(connection, schema.people, values, heard_at, "heard_at", id=who.id)


def team(connection: Connection, owner_id: OwnerId, person_id: PersonId, as_of: datetime, *, belongs: bool) -> None:
    values = {"belongs": belongs}
    _put_newer(connection, schema.team, values, as_of, "as_of", owner_id=owner_id, person_id=person_id)


def optout(connection: Connection, owner_id: OwnerId, person_id: PersonId, as_of: datetime, *, opted_out: bool) -> None:
    values = {"opted_out": opted_out}
    _put_newer(connection, schema.optouts, values, as_of, "as_of", owner_id=owner_id, person_id=person_id)


def thread(connection: Connection, news: ThreadNews, heard_at: datetime) -> None:
    """A thread as a payload showed it. The payload with the latest `updated_at` counts; between two of one second the
    one that is further along (merged, closed, ready, more labels), so that their order does not matter."""
    key = {"repo_id": news.ref.repo_id, "number": news.ref.number}
    row = get(connection, schema.threads, **key)
    shown = {
        "is_open": news.is_open,
        "locked": news.locked,
        "draft": news.draft,
        "closed_at": news.closed_at,
        "merged_at": news.merged_at,
        "labels": list(news.labels),
        "category": news.category,
        "hint": news.hint.value,
        "updated_at": news.updated_at,
    }
    if row is None:
        first = {
            "kind": news.kind.value,
            "node_id": news.node_id,
            "author_id": news.author.id,
            "created_at": news.created_at,
            "heard_at": heard_at,
            "moved": False,
            "gone": False,
        }
        put(connection, schema.threads, {**first, **shown}, **key)
    elif _further(row) < _further(shown):
        put(connection, schema.threads, shown, **key)
    elif heard_at < row["heard_at"]:
        put(connection, schema.threads, {"heard_at": heard_at}, **key)


def _further(row: Row) -> tuple[object, ...]:
    return (
        row["updated_at"],
        row["merged_at"] is not None,
        not row["is_open"],
        row["locked"],
        not row["draft"],
        len(row["labels"]),
        row["labels"],
        row["category"],
        row["hint"],
    )


def mark_thread(connection: Connection, ref: ThreadRef, **columns: object) -> None:
    """Sets columns of a thread that is there already."""
    put(connection, schema.threads, columns, **asdict(ref))


def ready(connection: Connection, ref: ThreadRef, at: datetime) -> None:
    """When a pull request was made ready for review, for the last time."""
    row = get(connection, schema.threads, **asdict(ref))
    if row is not None and (row["ready_at"] is None or row["ready_at"] < at):
        mark_thread(connection, ref, ready_at=at)


def answer(connection: Connection, ref: ThreadRef, news: AnswerNews, *, gone: bool = False) -> None:
    """A comment or review; once gone it stays gone."""
    row = get(connection, schema.activity, kind=news.kind, source_id=news.source_id)
    if row is None or (gone and not row["gone"]):
        values = {
            **asdict(ref),
            "person_id": news.person.id,
            "at": news.at,
            "gone": gone,
        }
        put(connection, schema.activity, values, kind=news.kind, source_id=news.source_id)


def request(
    connection: Connection,
    ref: ThreadRef,
    who: Person,
    at: datetime,
    *,
    place: str,
    place_id: int,
    node_id: str,
    name: str,
    args: str,
) -> bool:
    """A command somebody wrote. An edited comment does not ask twice: True only for the first time."""
    key = {"place": place, "place_id": place_id, "name": name}
    if get(connection, schema.requests, **key) is not None:
        return False
    values = {"args": args, **asdict(ref), "person_id": who.id, "node_id": node_id, "at": at}
    put(connection, schema.requests, values, **key)
    return True
