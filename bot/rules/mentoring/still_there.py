"""Asks a mentor of whom nothing was heard for long, once, whether they would still like to be asked.

Nothing in it tells that they were not seen: the thread is public.
"""

from datetime import datetime
from typing import Final

from bot.effects import Effect, Quiet, Say
from bot.looking import ThreadLook
from bot.policy import Policy
from bot.rules.manners import shut

TEMPLATE: Final = "mentoring-still-there"
_RULE: Final = "mentoring"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    asked = look.still_there
    if asked is None or asked.key(look.thread.ref) in look.said_here:
        return []
    if reason := _in_the_way(look, policy):
        return [Quiet(rule=_RULE, why=reason)]
    say = Say(
        rule=_RULE,
        key=asked.key(look.thread.ref),
        why=f"{asked.person.login} agreed to mentor some time ago",
        thread=look.thread.ref,
        template=TEMPLATE,
        language=policy.language,
        to=asked.person,
    )
    return [say]


def _in_the_way(look: ThreadLook, policy: Policy) -> str | None:
    return shut(look, policy) if look.thread.is_open else "the thread is closed"
