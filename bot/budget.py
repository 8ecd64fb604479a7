"""The attention budget, for a comment that is about to be posted.

Whose attention may be asked for is known in one place, `bot/memory/attention.py`. What is over is not dropped: the
person's name stands there without its @, and the ledger remembers it (`folded`), for the digest.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.effects import Say
from bot.memory import attention
from bot.model import OwnerId
from bot.policy import Limits


def within(connection: Connection, owner_id: OwnerId, say: Say, limits: Limits, now: datetime) -> Say:
    """The same comment, without the mention if the person is not to be mentioned now."""
    if not say.mention or attention.free(connection, owner_id, say.to.id, limits, now, say.thread):
        return say
    return replace(say, mention=False, folded=True)
