"""What tells whom threads wait for, besides the threads themselves: one by one, or many at once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from bot.memory import schema
from bot.memory.rows import get, put_newer
from bot.model import Thread, ThreadRef
from bot.pathway import Claim, Link
from bot.waiting import Correction, Facts, On


def correct(connection: Connection, ref: ThreadRef, on: On | None, as_of: datetime) -> None:
    """Somebody says whom a thread waits for; None: it is to be derived again."""
    key = {"repo_id": ref.repo_id, "number": ref.number}
    put_newer(connection, schema.corrections, {"waits_on": None if on is None else on.name}, as_of, "as_of", **key)


def correction(connection: Connection, ref: ThreadRef) -> Correction | None:
    row = get(connection, schema.corrections, repo_id=ref.repo_id, number=ref.number)
    if row is None:
        return None
    return Correction(on=None if row["waits_on"] is None else On[row["waits_on"]], at=row["as_of"])


def facts(connection: Connection, thread: Thread, claims: Sequence[Claim], links: Sequence[Link]) -> Facts:
    """Of one thread. `claims` and `links`: all there are of it."""
    pulls = (get(connection, schema.threads, **asdict(link.pull)) for link in links if link.is_open)
    return Facts(
        claimed=min((claim.at for claim in claims if claim.is_open), default=None),
        linked=min((row["created_at"] for row in pulls if row is not None), default=None),
        correction=correction(connection, thread.ref),
    )
