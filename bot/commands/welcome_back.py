"""`/welcome-back @ada`: who is back, read from the words behind the command. Without a name it is who writes it."""

import re
from typing import Final

from bot.commands.until import plain

NAME: Final = "welcome-back"

_LOGIN: Final = re.compile(r"@?([a-z0-9](?:[a-z0-9_-]{0,98}))[.,:;!]?")


def read(args: str) -> str | None:
    """Their login, in lower case. Of several the first with an @ counts, else the first."""
    words = [match for word in plain(args).split() if (match := _LOGIN.fullmatch(word))]
    named = [match[1] for match in words if match[0].startswith("@")]
    return next(iter([*named, *(match[1] for match in words)]), None)
