"""The attention budget: the one place that knows how often a person has been mentioned, over all rules and
repositories.

What is over is not dropped: the person's name stands there without its @. (A digest to fold the rest into comes with
the rules that need one.)
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.effects import Say
from bot.memory import ledger
from bot.policy import Limits


def within(connection: Connection, say: Say, limits: Limits, now: datetime) -> Say:
    """The same comment, without the mention if the person has had enough of them."""
    if not say.mention:
        return say
    day = ledger.mentions_since(connection, say.to.id, now - timedelta(days=1))
    week = ledger.mentions_since(connection, say.to.id, now - timedelta(days=7))
    return replace(say, mention=day < limits.mentions_a_day and week < limits.mentions_a_week)
