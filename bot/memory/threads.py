"""Rows into threads, with what was said and done in them: one by one, or many at once."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, select

from bot.memory import rows, schema
from bot.model import (
    GHOST,
    Answer,
    Came,
    Happening,
    OwnerId,
    Person,
    PersonId,
    Repo,
    Request,
    Step,
    Thread,
    ThreadKind,
    ThreadRef,
    Verdict,
)


def person(connection: Connection, person_id: int) -> Person:
    row = rows.get(connection, schema.people, id=person_id)
    return Person(PersonId(person_id), row["login"], is_bot=row["is_bot"]) if row else GHOST


def thread(connection: Connection, ref: ThreadRef, row: Mapping[str, Any], where: Repo) -> Thread:
    """One thread with all that belongs to it; `row` is its row."""
    return thread_of(
        row,
        where,
        person(connection, row["author_id"]),
        answers=_answers(connection, ref, where.owner_id),
        history=_history(connection, ref, where.owner_id),
        requests=_requests(connection, ref),
    )


def thread_of(
    row: Mapping[str, Any], where: Repo, author: Person,
    *, answers: tuple[Answer, ...], history: tuple[Happening, ...], requests: tuple[Request, ...] = (),
) -> Thread:  # fmt: skip
    return Thread(
        ref=ThreadRef(where.id, row["number"]),
        kind=ThreadKind(row["kind"]),
        repo=where,
        author=author,
        node_id=row["node_id"],
        created_at=row["created_at"],
        heard_at=row["heard_at"],
        opened_by=None if row["opened_by"] is None else PersonId(row["opened_by"]),
        moved=row["moved"],
        is_open=row["is_open"],
        locked=row["locked"],
        draft=row["draft"],
        ready_at=row["ready_at"],
        closed_at=row["closed_at"],
        merged_at=row["merged_at"],
        labels=frozenset(row["labels"]),
        assignees=frozenset(PersonId(id_) for id_ in row["assignees"]),
        category=row["category"],
        hint=Came(row["hint"]),
        paths=None if row["paths"] is None else tuple(row["paths"]),
        answers=answers,
        requests=requests,
        history=history,
    )


def _answers(connection: Connection, ref: ThreadRef, owner_id: OwnerId) -> tuple[Answer, ...]:
    key = {**asdict(ref), "owner_id": owner_id}
    return tuple(answer_of(row) for row in connection.execute(_answers_here(), key))


# These are asked at every look, so they are made once: making them takes longer than the database takes to answer.
@cache
def _answers_here() -> Select[Any]:
    return _here(answers_query(), schema.activity)


@cache
def _history_here() -> Select[Any]:
    return _here(history_query(), schema.happenings)


@cache
def _requests_here() -> Select[Any]:
    return _here(requests_query(), schema.requests)


def _here(query: Select[Any], table: Table) -> Select[Any]:
    return query.where(table.c.repo_id == bindparam("repo_id"), table.c.number == bindparam("number"))


def answers_query() -> Select[Any]:
    """For `answer_of`, with the thread's `number`. Is given an `owner_id`."""
    act, who, team = schema.activity, schema.people, schema.team
    return (
        select(
            act.c.person_id,
            who.c.login,
            who.c.is_bot,
            act.c.at,
            team.c.belongs,
            act.c.verdict,
            act.c.asks,
            act.c.says,
            act.c.number,
        )
        .join(who, who.c.id == act.c.person_id)
        .outerjoin(team, and_(team.c.owner_id == bindparam("owner_id"), team.c.person_id == act.c.person_id))
        .where(~act.c.gone)
        .order_by(act.c.at, act.c.kind, act.c.source_id)
    )


def answer_of(row: Row[Any]) -> Answer:
    """Whoever requests changes asks for something, and whoever judges says something, whatever the words."""
    verdict = Verdict(row.verdict) if row.verdict else None
    asks = True if verdict is Verdict.CHANGES_REQUESTED else row.asks
    says = row.says if verdict in {None, Verdict.COMMENTED} else True
    return Answer(_who(row), row.at, by_team=bool(row.belongs), verdict=verdict, asks=asks, says=says)


def _who(row: Row[Any]) -> Person:
    return Person(PersonId(row.person_id), row.login, is_bot=row.is_bot)


def _history(connection: Connection, ref: ThreadRef, owner_id: OwnerId) -> tuple[Happening, ...]:
    key = {**asdict(ref), "owner_id": owner_id}
    return tuple(happening_of(row) for row in connection.execute(_history_here(), key))


def history_query() -> Select[Any]:
    """For `happening_of`, with the thread's `number`. Is given an `owner_id`."""
    did, who, team = schema.happenings, schema.people, schema.team
    return (
        select(
            did.c.step, did.c.at, did.c.about, did.c.person_id, who.c.login, who.c.is_bot, team.c.belongs, did.c.number
        )
        .join(who, who.c.id == did.c.person_id)
        .outerjoin(team, and_(team.c.owner_id == bindparam("owner_id"), team.c.person_id == did.c.person_id))
        .order_by(did.c.at, did.c.step, did.c.about, did.c.person_id)
    )


def happening_of(row: Row[Any]) -> Happening:
    return Happening(Step(row.step), row.at, _who(row), about=row.about, by_team=bool(row.belongs))


def _requests(connection: Connection, ref: ThreadRef) -> tuple[Request, ...]:
    return tuple(request_of(row) for row in connection.execute(_requests_here(), asdict(ref)))


def requests_query() -> Select[Any]:
    """For `request_of`, with the thread's `number`."""
    table, who = schema.requests, schema.people
    return (
        select(table, who.c.login, who.c.is_bot)
        .outerjoin(who, who.c.id == table.c.person_id)
        .order_by(table.c.at, table.c.place_id, table.c.name)
    )


def request_of(row: Row[Any]) -> Request:
    return Request(
        name=row.name,
        args=row.args,
        person=GHOST if row.login is None else _who(row),
        at=row.at,
        place=row.place,
        place_id=row.place_id,
        node_id=row.node_id,
        turn=row.turn,
        to_us=row.to_us,
    )
