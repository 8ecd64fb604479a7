"""`/handover @grace`: who is to take over somebody's part in a mentoring, read from the words behind the command.

Whatever people put around the name does no harm: `/handover to @grace, please`, `/handover this to grace`.
"""

import re
from typing import Final

from bot.commands import until

NAME: Final = "handover"

_AROUND: Final = frozenset({"to", "it", "this", "that", "over", "my", "part", "mine", "please"})
_LOGIN: Final = re.compile(r"@?([a-z0-9](?:[a-z0-9-]{0,38}))[.,:;!]?")


def read(args: str) -> str | None:
    """Their login, in lower case; None: nobody is named. Of several the first with an @ counts, else the first."""
    words = [match for word in until.plain(args).split() if (match := _LOGIN.fullmatch(word))]
    named = [match[1] for match in words if match[0].startswith("@")]
    others = [match[1] for match in words if match[1] not in _AROUND]
    return next(iter(named or others), None)
