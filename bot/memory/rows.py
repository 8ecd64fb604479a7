"""Writes single rows so that news may come late, twice or in any order.

All of it runs on the one writer (see the store), so reading a row, deciding, and writing it back is safe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Select, Table, Update, and_, bindparam, select, update

from bot.memory import schema
from bot.memory.forgotten import Forgotten
from bot.memory.payloads import AnswerNews, Size, ThreadNews
from bot.model import OwnerId, Person, PersonId, Step, ThreadRef, Verdict

Row = dict[str, Any]


def get(connection: Connection, table: Table, **key: object) -> Row | None:
    """The row with this primary key, or None."""
    found = connection.execute(_selection(table, tuple(key)), _bound(key)).mappings().first()
    return dict(found) if found else None


def put(connection: Connection, table: Table, values: Mapping[str, Any], **key: object) -> None:
    """Writes these columns of the row with this key, making the row if it is not there."""
    if connection.execute(_change(table, tuple(key)), {**values, **_bound(key)}).rowcount == 0:
        connection.execute(_insertion(table), {**key, **values})


# Statements are made once for each table: making them takes longer than SQLite takes to carry them out.
@cache
def _selection(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(table).where(_is(table, names))


@cache
def _change(table: Table, names: tuple[str, ...]) -> Update:
    return table.update().where(_is(table, names))


@cache
def _insertion(table: Table) -> Insert:
    return table.insert()


def _is(table: Table, names: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(f"key_{name}") for name in names))


def _bound(key: Mapping[str, object]) -> dict[str, object]:
    return {f"key_{name}": value for name, value in key.items()}


def put_newer(connection: Connection, table: Table, values: Row, at: datetime, stamp: str, **key: object) -> None:
    """Writes the row unless what is there is as new and the same, or newer.

    `heard_at` only grows, so where nothing else changes it need not be kept up. Other stamps are GitHub's times, which
    may come late.
    """
    row = get(connection, table, **key)
    same = row is not None and all(row[name] == value for name, value in values.items())
    if row is None or (not same and row[stamp] <= at) or (same and stamp != "heard_at" and row[stamp] < at):
        put(connection, table, {**values, stamp: at}, **key)


def person(connection: Connection, who: Person, heard_at: datetime) -> None:
    """Whoever took another login keeps their commits, which pushes told of by the old one: it may be somebody else's
    now."""
    people, commits = schema.people, schema.commits
    row = get(connection, people, id=who.id)
    if row is None:
        put(connection, people, {"login": who.login, "is_bot": who.is_bot, "heard_at": heard_at}, id=who.id)
    elif (row["login"], row["is_bot"]) != (who.login, who.is_bot) and row["heard_at"] <= heard_at:
        put(connection, people, {"login": who.login, "is_bot": who.is_bot, "heard_at": heard_at}, id=who.id)
        told_by_login = and_(commits.c.login == row["login"].lower(), commits.c.person_id.is_(None))
        connection.execute(update(commits).where(told_by_login).values(person_id=who.id))


def team(connection: Connection, owner_id: OwnerId, person_id: PersonId, as_of: datetime, *, belongs: bool) -> None:
    values = {"belongs": belongs}
    put_newer(connection, schema.team, values, as_of, "as_of", owner_id=owner_id, person_id=person_id)


def optout(connection: Connection, owner_id: OwnerId, person_id: PersonId, as_of: datetime, *, opted_out: bool) -> None:
    values = {"opted_out": opted_out}
    put_newer(connection, schema.optouts, values, as_of, "as_of", owner_id=owner_id, person_id=person_id)


def thread(connection: Connection, news: ThreadNews, labels: Sequence[str], heard_at: datetime) -> None:
    """A thread as a payload showed it, with what its labels are called now.

    The payload with the latest `updated_at` counts; between two of one second the one that is further along (merged,
    closed, ready, more labels), so that their order does not matter.
    """
    key = {"repo_id": news.ref.repo_id, "number": news.ref.number}
    row = get(connection, schema.threads, **key)
    shown = {
        "is_open": news.is_open,
        "locked": news.locked,
        "draft": news.draft,
        "closed_at": news.closed_at,
        "merged_at": news.merged_at,
        "labels": list(labels),
        "assignees": list(news.assignees),
        "category": news.category,
        "hint": news.hint.value,
        "traits": None if news.traits is None else list(news.traits),
        "updated_at": news.updated_at,
    }
    sized = {} if news.size is None else _sized(row, news.size, news.updated_at)
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
        put(connection, schema.threads, {**first, **shown, **sized}, **key)
    elif _further(row) < _further(shown):
        put(connection, schema.threads, {**shown, **sized}, **key)
    elif sized or heard_at < row["heard_at"]:
        put(connection, schema.threads, {**sized, "heard_at": min(heard_at, row["heard_at"])}, **key)


def labels_of_a_second(connection: Connection, ref: ThreadRef) -> None:
    """Between payloads of one second that with more labels counts. What was taken off in that second, and not put on,
    is not there all the same: who gives a thread another label does both at once."""
    row = get(connection, schema.threads, **asdict(ref))
    if row is None or not row["labels"]:
        return
    then = _bound({**asdict(ref), "at": row["updated_at"]})
    steps = connection.execute(_steps_of_a_second(), then).all()
    off = {about for step, about in steps if step == Step.UNLABELED}
    off -= {about for step, about in steps if step == Step.LABELED}
    if not off.isdisjoint(row["labels"]):
        kept = [label for label in row["labels"] if label not in off]
        put(connection, schema.threads, {"labels": kept}, **asdict(ref))


@cache
def _steps_of_a_second() -> Select[Any]:
    did = schema.happenings
    return select(did.c.step, did.c.about).where(_is(did, ("repo_id", "number", "at")))


def _further(row: Row) -> tuple[object, ...]:
    return (
        row["updated_at"],
        row["merged_at"] is not None,
        not row["is_open"],
        row["locked"],
        not row["draft"],
        len(row["labels"]),
        row["labels"],
        len(row["assignees"]),
        row["assignees"],
        row["category"],
        row["hint"],
        row["traits"] or [],
    )


def _sized(row: Row | None, size: Size, at: datetime) -> Row:
    """The columns for how much a pull request changes, and its newest commit, if nothing newer tells it; of one second
    the larger counts.

    Not all payloads tell it, so it has a time of its own.
    """
    told = (at, size.files, size.lines, size.head)
    if row is not None and row["sized_at"] is not None:
        known = (row["sized_at"], row["files"], row["lines"], row["head_sha"] or "")
        if told <= known:
            return {}
    return {"files": size.files, "lines": size.lines, "head_sha": size.head or None, "sized_at": at}


def sized(connection: Connection, ref: ThreadRef, size: Size, at: datetime) -> None:
    """How much a pull request that is known changes, as it was then."""
    row = get(connection, schema.threads, **asdict(ref))
    if row is not None and (columns := _sized(row, size, at)):
        mark_thread(connection, ref, **columns)


def mark_thread(connection: Connection, ref: ThreadRef, **columns: object) -> None:
    """Sets columns of a thread that is there already."""
    put(connection, schema.threads, columns, **asdict(ref))


def ready(connection: Connection, ref: ThreadRef, at: datetime) -> None:
    """When a pull request was made ready for review, for the last time."""
    row = get(connection, schema.threads, **asdict(ref))
    if row is not None and (row["ready_at"] is None or row["ready_at"] < at):
        mark_thread(connection, ref, ready_at=at)


def answer(connection: Connection, ref: ThreadRef, news: AnswerNews, *, gone: bool = False) -> None:
    """A comment or review; once gone it stays gone, and once dismissed dismissed. What kind of words are in it
    an edit may change: the latest text counts, and of one second the one that asks, or says more."""
    key = {"kind": news.kind, "source_id": news.source_id}
    row = get(connection, schema.activity, **key)
    if row is None:
        told = {**asdict(ref), "person_id": news.person.id, "at": news.at, "gone": gone, "verdict": news.verdict}
        put(connection, schema.activity, {**told, **_said(None, news)}, **key)
        return
    changed: Row = {**_said(row, news), **({"gone": True} if gone and not row["gone"] else {})}
    if news.verdict is Verdict.DISMISSED and row["verdict"] != Verdict.DISMISSED:
        changed["verdict"] = Verdict.DISMISSED
    if changed:
        put(connection, schema.activity, changed, **key)


def _said(row: Row | None, news: AnswerNews) -> Row:
    """The columns for what kind of words are in it, if no newer text has told them."""
    known = None if row is None or row["said_as_of"] is None else (row["said_as_of"], row["asks"], row["says"])
    if news.said is None or (known is not None and (news.updated_at, news.said.asks, news.said.says) <= known):
        return {}
    return {"asks": news.said.asks, "says": news.said.says, "said_as_of": news.updated_at}


def happening(
    connection: Connection, ref: ThreadRef, step: Step, at: datetime, who: Person, *, about: str = ""
) -> None:
    """Something was done to a thread. It is all in the key, so telling it again changes nothing.

    For labels and assignments deliveries have no time of their own, only the thread's, which may be a second off.
    """
    key = {**asdict(ref), "at": at, "step": step.value, "about": about[:100], "person_id": who.id}
    if get(connection, schema.happenings, **key) is None:
        connection.execute(schema.happenings.insert().values(**key))


def commit(
    connection: Connection, repo_id: int, sha: str, at: datetime,
    *, person_id: int | None, login: str | None, paths: Sequence[str] | None,
) -> None:  # fmt: skip
    """A commit on the default branch. What one source does not tell another may. None is kept of people who asked to
    be forgotten."""
    forgotten = Forgotten(connection)
    if (person_id is not None and forgotten.has_id(person_id)) or (login and forgotten.has_login(login)):
        return
    key = {"repo_id": repo_id, "sha": sha}
    row = get(connection, schema.commits, **key) or {"at": at, "person_id": None, "login": None, "paths": None}
    told = {
        "at": min(at, row["at"]),
        "person_id": row["person_id"] or person_id,
        "login": row["login"] or (login.lower() if login else None),
        "paths": row["paths"] if row["paths"] is not None else None if paths is None else sorted(set(paths))[:100],
    }
    if told != {name: row[name] for name in told} or "sha" not in row:
        put(connection, schema.commits, told, **key)
