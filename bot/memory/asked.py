"""Commands that people wrote. The words behind one are kept until it is answered, and no longer.

They go in the transaction in which the ledger learns that all is done, that it cannot be done, or that the command is
passed over; of the private ones as soon as they are obeyed. What is never answered (all is switched off, or the app is
gone) loses them when it is too old for an answer. Only what is read later too keeps them.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, func, select, update

from bot.commands import level, switchback
from bot.commands.grammar import Command
from bot.commands.usable import PRIVATE, usable
from bot.memory import schema
from bot.memory.rows import get, put
from bot.model import Person, ThreadRef

KEEP: Final = switchback.COUNTS_FOR
_READ_LATER: Final = frozenset({level.NAME, "no-bot"})
_ORDER, _PASSED_OVER = "order", "passed-over"


def take_down(
    connection: Connection,
    ref: ThreadRef,
    who: Person,
    at: datetime,
    *,
    place: str,
    place_id: int,
    node_id: str,
    command: Command,
) -> bool:
    """A command somebody wrote. An edited comment does not ask twice: True only for the first time. It may put our name
    in front of the command later; then what stands behind it counts, unless it is answered."""
    table, to_us, args = schema.requests, command.to is not None, usable(command.name, command.args)
    key = {"place": place, "place_id": place_id, "name": command.name}
    row = get(connection, table, **key)
    if row is None:
        before = (table.c.repo_id == ref.repo_id) & (table.c.number == ref.number)
        turn = 1 + (connection.scalar(select(func.max(table.c.turn)).where(before)) or 0)
        values = {"args": args, **asdict(ref), "person_id": who.id, "node_id": node_id, "at": at, "to_us": to_us}
        put(connection, table, {**values, "turn": turn}, **key)
        return True
    if to_us and not row["to_us"]:
        kept = row["args"] if _is_settled(connection, command.name, f"{place}/{place_id}") else args
        put(connection, table, {"to_us": True, "at": at, "args": kept}, **key)
    return False


def _is_settled(connection: Connection, name: str, place: str) -> bool:
    """Whether the words behind it are needed no more, but for being passed over: with our name it is for us."""
    ledger = schema.ledger
    ends = [f"steer/{place}" if name == switchback.NAME else f"answers/{name}/{place}"]
    ends += [f"answers/{name}/{_ORDER}/{place}"] if name in PRIVATE else []
    known = select(ledger.c.key).where(ledger.c.key.in_(ends), ledger.c.state != "claimed")
    return connection.execute(known).first() is not None


def settled(connection: Connection, key: str) -> None:
    """Something is done that the ledger knows by this key, or given up: perhaps the last thing that a command does."""
    match key.split("/"):
        case ["steer", place, id_]:
            name = switchback.NAME
        case ["answers", name, place, id_]:
            pass
        case ["answers", name, what, place, id_] if what == _PASSED_OVER or (what == _ORDER and name in PRIVATE):
            pass
        case _:
            return
    if name not in _READ_LATER:
        table = schema.requests
        this = and_(table.c.place == place, table.c.place_id == int(id_), table.c.name == name)
        connection.execute(update(table).where(this).values(args=""))


def forget(connection: Connection, before: datetime) -> int:
    """Takes away the words behind commands that were written before then. Returns how many."""
    table = schema.requests
    old = and_(table.c.at < before, table.c.args != "", table.c.name.not_in(_READ_LATER))
    return connection.execute(update(table).where(old).values(args="")).rowcount
