"""Asks those who were chosen, and takes back what stands there once they have answered."""

from datetime import datetime

from bot.effects import Effect
from bot.looking import ThreadLook
from bot.policy import Policy


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return []
