"""Asks a mentor of whom nothing was heard for long, once, whether they would still like to be asked.

Nothing in it tells that they were not seen: the thread is public. Whoever does not answer is let go, so it is said only
when they may be mentioned: without its @ they would never hear of it.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, LookAgain, Quiet, Say
from bot.looking import ThreadLook
from bot.model import Person
from bot.policy import Policy
from bot.rules.manners import shut

TEMPLATE: Final = "mentoring-still-there"
_RULE: Final = "mentoring"
_AGAIN: Final = timedelta(hours=6)  # whether they may be mentioned


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    asked = look.still_there
    if asked is None or asked.key(look.thread.ref) in look.said_here:
        return []
    if reason := _in_the_way(asked.person, look, policy):
        return [Quiet(rule=_RULE, why=reason)]
    if asked.person.id not in look.reachable:
        return [LookAgain(rule=_RULE, at=now + _AGAIN, why="whoever is asked is not to be mentioned now")]
    say = Say(
        rule=_RULE,
        key=asked.key(look.thread.ref),
        why=f"{asked.person.login} agreed to mentor some time ago",
        thread=look.thread.ref,
        template=TEMPLATE,
        language=policy.language,
        to=asked.person,
        must_reach=True,
    )
    return [say]


def _in_the_way(person: Person, look: ThreadLook, policy: Policy) -> str | None:
    if policy.leaves_alone(person):
        return f"{person.login} is left alone"
    return shut(look, policy) if look.thread.is_open else "the thread is closed"
