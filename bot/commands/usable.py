"""What a command can use of the words behind it: the rest need not be kept.

Most need none, and of `/thank` it is the names and the kind of work. Of `/away`, `/budget`, `/check-ins`,
`/quiet-hours` and `/share-thanks`, which are private, what cannot be understood is nobody's business: it is read as
just as wrong without its words.
"""

from typing import Final

from bot.commands import (
    budget,
    check_ins,
    given,
    handover,
    level,
    quiet_hours,
    share_thanks,
    stepping_down,
    switchback,
    thank,
    until,
    welcome_back,
)
from bot.commands.catalog import UNKNOWN

PRIVATE: Final = frozenset({"away", "budget", check_ins.NAME, "quiet-hours"})
READ: Final = PRIVATE | {
    given.NAME, handover.NAME, level.NAME, share_thanks.NAME, stepping_down.NAME, switchback.NAME, thank.NAME, UNKNOWN,
    "interested", "mentor", "need-mentor", "no-bot", "record", "snooze", "triage-rota", "vouch", "waiting-on",
    welcome_back.NAME,
}  # fmt: skip


def usable(name: str, args: str) -> str:
    words = until.plain(args)
    match name:
        case "away":
            return words if words == "off" or until.is_time(words) else ""
        case "budget":
            return words if budget.read(words) is not None else ""
        case check_ins.NAME:
            return check_ins.usable(words)
        case "quiet-hours":
            return _hours(words)
        case share_thanks.NAME:
            return share_thanks.usable(args)
        case thank.NAME:
            return thank.usable(args)
        case stepping_down.NAME:
            return stepping_down.usable(args)
        case welcome_back.NAME:
            return f"@{login}" if (login := welcome_back.read(args)) else ""
        case "need-mentor":
            return words if words == "off" else ""
        case _:
            return args if name in READ else ""


def _hours(words: str) -> str:
    match quiet_hours.read(words):
        case quiet_hours.Wrong.ZONE:
            return ""
        case quiet_hours.Wrong.TIMES:
            return "0"
        case _:
            return words
