"""What somebody still needs to know before they can begin with an issue, by the names of `readiness.needs`."""

from collections.abc import Collection
from typing import Final

from bot.policy import Policy

# What a text tells by itself.
_TOLD_BY: Final = {
    "outcome": frozenset({"has_expected"}),
    "where": frozenset({"names_a_file", "links_code"}),
    "try": frozenset({"has_steps"}),
}


def missing(
    *, given: Collection[str], traits: Collection[str], someone_to_ask: bool, policy: Policy
) -> tuple[str, ...]:
    """`given`: what pointers said. `traits`: what title and text tell. Nothing is missing: it is ready."""
    told = {need for need, by in _TOLD_BY.items() if not by.isdisjoint(traits)} | set(given)
    if someone_to_ask:
        told.add("ask")
    return tuple(need for need in policy.readiness.needs if need not in told)
