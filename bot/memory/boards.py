"""Issues of our own that are kept up to date: the list of the ramp, the weekly digests."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update

from bot.memory import schema
from bot.memory.rows import get, put
from bot.model import OwnerId, RepoId, ThreadRef


@dataclass(frozen=True, slots=True)
class Board:
    """`said`: whether it says this text."""

    name: str
    repo_id: RepoId
    number: int
    node_id: str
    text_hash: str
    closed_at: datetime | None

    def says(self, text: str) -> bool:
        return self.text_hash == _hash(text)


def find(connection: Connection, owner_id: OwnerId, name: str) -> Board | None:
    row = get(connection, schema.boards, owner_id=owner_id, name=name)
    return None if row is None else _board(row["name"], row)


def _board(name: str, row: dict[str, object]) -> Board:
    return Board(
        name=name,
        repo_id=RepoId(int(str(row["repo_id"]))),
        number=int(str(row["number"])),
        node_id=str(row["node_id"]),
        text_hash=str(row["text_hash"]),
        closed_at=row["closed_at"] if isinstance(row["closed_at"], datetime) else None,
    )


def opened(
    connection: Connection, owner_id: OwnerId, name: str, repo_id: RepoId, number: int, node_id: str, text: str,
    now: datetime,
) -> None:  # fmt: skip
    told = {"repo_id": repo_id, "number": number, "node_id": node_id, "text_hash": _hash(text), "updated_at": now,
            "closed_at": None}  # fmt: skip
    put(connection, schema.boards, told, owner_id=owner_id, name=name)


def changed(connection: Connection, owner_id: OwnerId, name: str, text: str, now: datetime) -> None:
    put(connection, schema.boards, {"text_hash": _hash(text), "updated_at": now}, owner_id=owner_id, name=name)


def is_closed(connection: Connection, board: Board) -> bool:
    """Whether somebody has closed it, deleted it or moved it away: then it is left alone."""
    thread = get(connection, schema.threads, repo_id=board.repo_id, number=board.number)
    return thread is not None and bool(thread["gone"] or not thread["is_open"])


def closed(connection: Connection, owner_id: OwnerId, name: str, now: datetime) -> None:
    table = schema.boards
    this = (table.c.owner_id == owner_id) & (table.c.name == name)
    connection.execute(update(table).where(this).values(closed_at=now))


def reopened(connection: Connection, owner_id: OwnerId, name: str) -> None:
    put(connection, schema.boards, {"closed_at": None}, owner_id=owner_id, name=name)


def at(connection: Connection, owner_id: OwnerId, ref: ThreadRef) -> Board | None:
    """Which one an issue is."""
    table = schema.boards
    here = (table.c.repo_id == ref.repo_id) & (table.c.number == ref.number)
    row = connection.execute(select(table).where(table.c.owner_id == owner_id, here)).mappings().first()
    return None if row is None else _board(row["name"], dict(row))


def edited(connection: Connection, owner_id: OwnerId, ref: ThreadRef) -> None:
    """Somebody else has: what it says now is not known."""
    table = schema.boards
    here = (table.c.repo_id == ref.repo_id) & (table.c.number == ref.number)
    connection.execute(update(table).where(table.c.owner_id == owner_id, here).values(text_hash=""))


def still_open(connection: Connection, owner_id: OwnerId, prefix: str) -> list[Board]:
    """Those whose names begin so, oldest first."""
    found = connection.execute(_still_open(prefix), {"owner_id": owner_id}).mappings()
    return [_board(row["name"], dict(row)) for row in found]


@cache  # there are a few prefixes
def _still_open(prefix: str) -> Select[Any]:
    table = schema.boards
    named_so = table.c.name.startswith(prefix, autoescape=True)
    query = select(table).where(table.c.owner_id == bindparam("owner_id"), named_so, table.c.closed_at.is_(None))
    return query.order_by(table.c.name)


def ever(connection: Connection, owner_id: OwnerId, prefix: str) -> list[Board]:
    """The same, and those that are closed."""
    table = schema.boards
    named_so = table.c.name.startswith(prefix, autoescape=True)
    found = connection.execute(select(table).where(table.c.owner_id == owner_id, named_so).order_by(table.c.name))
    return [_board(row["name"], dict(row)) for row in found.mappings()]


def is_gone(connection: Connection, board: Board) -> bool:
    """Whether somebody has deleted it, or moved it away."""
    thread = get(connection, schema.threads, repo_id=board.repo_id, number=board.number)
    return thread is not None and bool(thread["gone"])


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
