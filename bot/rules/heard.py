"""Which commands are for us. `/help` and `/claim` are known to other bots too."""

from collections.abc import Collection
from typing import Final

from bot.commands.catalog import CATALOG, Entry
from bot.model import Request
from bot.pathpolicy import Who
from bot.policy import FEATURES, Policy
from bot.policytypes import Mode

_NAME_NO_COMMANDS: Final = frozenset({"welcome"})  # features whose comments do not


def heard(request: Request, said_here: Collection[str], policy: Policy) -> bool:
    """With our name in front a command is ours; without, where our comments name commands or a setting says so. What is
    switched off is left to whoever else knows it, and what was passed over once is not answered late."""
    if request.to_us:
        return True
    entry = CATALOG.get(request.name)
    if entry is None or off(entry, policy) or passed_over(request) in said_here:
        return False
    if policy.commands.without_name != "auto":
        return policy.commands.without_name == "on"
    return any(policy.mode(name) is Mode.ON for name in FEATURES if name not in _NAME_NO_COMMANDS)


def passed_over(request: Request) -> str:
    """The key by which the ledger knows that it was."""
    return f"answers/{request.name}/passed-over/{request.place}/{request.place_id}"


def off(entry: Entry, policy: Policy) -> bool:
    nobody = Who(getattr(policy.commands, entry.setting)) is Who.NOBODY
    return nobody or (entry.feature is not None and policy.mode(entry.feature) is Mode.OFF)
