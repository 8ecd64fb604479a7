"""Takes deliveries out of the inbox and projects them, some at a time, in one transaction with what follows from them.

A delivery that cannot be projected is set aside with its payload and does not hold up the others.
"""

from datetime import datetime
from time import monotonic
from typing import Final

import structlog
from pydantic_core import from_json
from sqlalchemy import Connection

from bot.memory import forgetting, inbox, looks
from bot.memory.forgotten import Forgotten
from bot.memory.inbox import Delivery
from bot.memory.project import project
from bot.model import ThreadRef

BATCH: Final = 16
HOLD: Final = 0.02  # seconds; while the writer is busy with a batch, new deliveries wait to be acknowledged

log = structlog.get_logger()


def take_in(connection: Connection, now: datetime, *, start_live: bool) -> bool:
    """Projects the oldest deliveries, at least one. Returns whether there may be more."""
    found, until = inbox.next_new(connection, BATCH), monotonic() + HOLD
    more = len(found) == BATCH
    projected: list[int] = []
    failed: list[tuple[int, str]] = []
    touched: set[ThreadRef] = set()
    for seq, delivery in found:
        try:
            with connection.begin_nested():
                touched |= _one(connection, delivery, start_live=start_live)
            projected.append(seq)
        except Exception as error:
            if connection.invalidated:  # it is not the delivery's fault
                raise
            log.exception("a delivery cannot be projected", delivery=delivery.id, gh_event=delivery.event)
            failed.append((seq, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"))
        if monotonic() > until:
            more = more or seq != found[-1][0]
            break
    looks.touch(connection, [ref.subject for ref in sorted(touched)], now)
    inbox.settle(connection, projected, failed)
    _forget_failures(connection, {seq for seq, _ in failed}, found)
    return more


def _forget_failures(connection: Connection, failed: set[int], found: list[tuple[int, Delivery]]) -> None:
    """What could not be projected is kept with its text, but not if somebody in it asked to be forgotten."""
    if not failed:
        return
    forgotten = Forgotten(connection)
    for seq, delivery in found:
        if seq in failed and forgotten.is_in(delivery.payload):
            forgetting.drop_payload(connection, seq)


def _one(connection: Connection, delivery: Delivery, *, start_live: bool) -> set[ThreadRef]:
    return project(connection, delivery.event, from_json(delivery.payload), delivery.received_at, start_live=start_live)
