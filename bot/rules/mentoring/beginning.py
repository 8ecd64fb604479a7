"""When mentors are sought without anybody asking for it: a claim, an invitation that was taken up."""

from datetime import datetime

from bot.effects import Effect
from bot.looking import ThreadLook
from bot.policy import Policy


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    return []
