"""What is known of how to begin with an issue: which pointers there are and where they stand, never their words."""

from sqlalchemy import Connection

from bot.effects import GivePointers
from bot.memory import schema
from bot.memory.rows import Row, get, put
from bot.model import PersonId, ThreadRef
from bot.pathway import Pointers


def give(connection: Connection, order: GivePointers) -> None:
    """What is given adds to what was. Where it stands and whom to ask is told by the later comment."""
    key = {"repo_id": order.thread.repo_id, "number": order.thread.number}
    nothing: Row = {"given": [], "ask_id": None, "url": order.url, "as_of": order.as_of}
    before = get(connection, schema.pointers, **key) or nothing
    later = order.as_of >= before["as_of"]
    first, second = (order.ask, before["ask_id"]) if later else (before["ask_id"], order.ask)
    told = {
        "given": sorted({*before["given"], *order.given}),
        "ask_id": second if first is None else first,
        "url": order.url if later else before["url"],
        "as_of": max(order.as_of, before["as_of"]),
    }
    put(connection, schema.pointers, told, **key)


def known(connection: Connection, ref: ThreadRef) -> Pointers:
    row = get(connection, schema.pointers, repo_id=ref.repo_id, number=ref.number)
    if row is None:
        return Pointers()
    ask = None if row["ask_id"] is None else PersonId(row["ask_id"])
    return Pointers(given=frozenset(row["given"]), ask=ask, url=row["url"])
