"""What the bot did, by key, so that it does it once.

A key is claimed before GitHub is asked, and settled after. A claim that nobody settled means: perhaps it happened. Then
the writer looks for the comment's marker before it tries again, and not before the request must be over at GitHub too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, func, select, true, update

from bot.effects import Act, Say
from bot.memory import rows
from bot.memory.schema import ledger
from bot.model import InstallationId, PersonId, Repo, ThreadRef

# A request lives for at most 10 s at GitHub and 10 s here (github/client.py); after this it has happened or never will.
UNSURE_FOR: Final = timedelta(seconds=15)


class Claim(StrEnum):
    OURS = "ours"  # nobody did it: do it now
    OURS_AGAIN = "ours again"  # somebody may have done it: look for the marker first
    UNSURE = "unsure"  # somebody may be doing it right now: come back
    TAKEN = "taken"  # it is done, given up, or belongs to another thread


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger as pages and `explain` show it."""

    key: str
    rule: str
    effect: str
    state: str
    why: str
    at: datetime
    url: str | None
    outcome: str | None


def claim(
    connection: Connection, act: Act, person_id: PersonId, where: Repo, installation_id: InstallationId, now: datetime
) -> tuple[Claim, datetime]:
    """Takes the key for this act, if it can be had; with when the claim that stands was made."""
    row = rows.get(connection, ledger, key=act.key)
    if row is None:
        values = {
            "rule": act.rule,
            "effect": type(act).__name__,
            "owner_id": where.owner_id,
            "installation_id": installation_id,
            "repo_id": act.thread.repo_id,
            "number": act.thread.number,
            "person_id": person_id,
            "mention": isinstance(act, Say) and act.mention,
            "why": act.why,
            "state": "claimed",
            "claimed_at": now,
        }
        rows.put(connection, ledger, values, key=act.key)
        return Claim.OURS, now
    if row["state"] != "claimed" or (row["repo_id"], row["number"]) != (act.thread.repo_id, act.thread.number):
        return Claim.TAKEN, row["claimed_at"]
    if now < row["claimed_at"] + UNSURE_FOR:
        return Claim.UNSURE, row["claimed_at"]
    rows.put(connection, ledger, {"claimed_at": now}, key=act.key)
    return Claim.OURS_AGAIN, row["claimed_at"]


def reclaim(connection: Connection, key: str, claimed_at: datetime) -> None:
    """Puts a claim back to when it was made: the marker could not be looked for, so nothing has changed."""
    connection.execute(
        update(ledger).where(ledger.c.key == key, ledger.c.state == "claimed").values(claimed_at=claimed_at)
    )


def release(connection: Connection, key: str) -> None:
    """GitHub said for certain that it did not happen: it can be tried again."""
    connection.execute(delete(ledger).where(ledger.c.key == key, ledger.c.state == "claimed"))


def done(connection: Connection, key: str, now: datetime, external_id: int, url: str) -> None:
    values = {"state": "done", "settled_at": now, "external_id": external_id, "url": url}
    connection.execute(update(ledger).where(ledger.c.key == key).values(**values))


def dropped(connection: Connection, key: str, now: datetime, why: str) -> None:
    """It cannot be done, now or later (the thread is gone, say)."""
    values = {"state": "dropped", "settled_at": now, "outcome": why}
    connection.execute(update(ledger).where(ledger.c.key == key).values(**values))


def written_since(connection: Connection, installation_id: InstallationId, since: datetime, rule: str | None) -> int:
    """How much was written for an installation, by one rule or by all (None)."""
    by_rule = true() if rule is None else ledger.c.rule == rule
    query = select(func.count()).where(
        ledger.c.installation_id == installation_id, ledger.c.claimed_at > since, ledger.c.state != "dropped", by_rule
    )
    return connection.scalar(query) or 0


def mentions_since(connection: Connection, person_id: PersonId, since: datetime, *, besides: str) -> int:
    """How often the bot mentioned a person anywhere, not counting the act with the key `besides`."""
    query = select(func.count()).where(
        ledger.c.person_id == person_id,
        ledger.c.claimed_at > since,
        ledger.c.mention,
        ledger.c.state != "dropped",
        ledger.c.key != besides,
    )
    return connection.scalar(query) or 0


def about(connection: Connection, ref: ThreadRef) -> list[Entry]:
    """What the ledger holds about a thread, oldest first."""
    query = (
        select(ledger)
        .where(ledger.c.repo_id == ref.repo_id, ledger.c.number == ref.number)
        .order_by(ledger.c.claimed_at, ledger.c.key)
    )
    return [
        Entry(
            key=row["key"],
            rule=row["rule"],
            effect=row["effect"],
            state=row["state"],
            why=row["why"],
            at=row["settled_at"] or row["claimed_at"],
            url=row["url"],
            outcome=row["outcome"],
        )
        for row in connection.execute(query).mappings()
    ]
