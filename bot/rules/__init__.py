"""The rules, in the order in which they are asked, and why in that order.

A rule is a pure function of what is known, the configuration and the time. What it returns is only a wish: the budget,
the ledger and the writer come after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.effects import Effect
from bot.model import ThreadLook
from bot.policy import Policy
from bot.rules import stop, welcome

Decide = Callable[[ThreadLook, Policy, datetime], list[Effect]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`about` is one line for the documentation."""

    name: str
    about: str
    decide: Decide


RULES: Final[Sequence[Rule]] = (
    # A person who asks the bot to be quiet is answered before anything else is said.
    Rule(
        stop.NAME,
        "Answers `/no-bot` and `/forget-me` with a thumbs up; its author is left alone then.",
        stop.decide,
    ),
    # Then whoever is new is welcomed; nothing else is said to them before.
    Rule(welcome.NAME, "Welcomes people who are new in the organisation; congratulates on a merge.", welcome.decide),
)


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """All that the rules wish for, in their order."""
    return [effect for rule in RULES for effect in rule.decide(look, policy, now)]
