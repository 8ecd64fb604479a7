"""What somebody needs to know in order to begin with an issue, and what of it is missing. Pure, and the same for all
rules: the list of what is missing and the list of ready issues go by it."""

from collections.abc import Mapping
from typing import Final

from bot.policy import Policy

ASK: Final = "ask"  # a person who can be asked
TOLD_BY: Final[Mapping[str, frozenset[str]]] = {  # by which traits of its own text an issue gives it
    "outcome": frozenset({"expected"}),
    "where": frozenset({"names-file", "links-code"}),
    "try": frozenset({"steps"}),
}


def missing(*, given: frozenset[str], traits: frozenset[str], someone_to_ask: bool, policy: Policy) -> tuple[str, ...]:
    """What of `readiness.needs` is missing, in its order. `given`: by `/pointers`; `traits`: what the issue's own text
    tells."""
    told = given | {need for need, by in TOLD_BY.items() if by & traits}
    there = told | ({ASK} if someone_to_ask else set())
    return tuple(need for need in policy.readiness.needs if need not in there)
