"""The plan of those who agreed, two light reminders, and thanks at the end."""

from datetime import datetime

from bot.effects import Effect
from bot.looking import ThreadLook
from bot.policy import Policy


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return []
