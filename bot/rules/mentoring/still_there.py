"""Asks a mentor of whom nothing was heard for long, once, whether they would still like to be asked."""

from datetime import datetime

from bot.effects import Effect
from bot.looking import ThreadLook
from bot.policy import Policy


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return []
