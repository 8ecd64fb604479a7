"""Two people mentor somebody together, by consent: when that begins, who is asked, and what follows.

Who is asked is chosen where the whole organisation is looked at (`bot/mentoring/`). Here it is said, in the thread.
"""

from datetime import datetime
from typing import Final

from bot.effects import Effect
from bot.looking import ThreadLook
from bot.policy import Policy
from bot.rules.mentoring import asking, beginning, running, still_there

NAME: Final = "mentoring"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    parts = (beginning, asking, running, still_there)
    return [effect for part in parts for effect in part.decide(look, policy, now)]
