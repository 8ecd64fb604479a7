"""`/no-bot` and `/forget-me`: whether a line asks for it. "/no-bot is how one stops it" explains, and does not ask."""

from typing import Final

from bot.commands.grammar import Command

FORGET: Final = "forget-me"
NO_BOT: Final = "no-bot"

_PLEASE: Final = ("", "please", "thanks", "thank you", "thx")
_STOPS: Final = {"off": False} | dict.fromkeys(_PLEASE, True)  # what stands behind /no-bot: whether to stop


def is_wish(command: Command) -> bool:
    """Of any other command it is so."""
    if command.name == FORGET:
        return _plainly(command) in _PLEASE
    return command.name != NO_BOT or stops(command) is not None


def stops(command: Command) -> bool | None:
    """What `/no-bot` asks for; None: nothing."""
    return _STOPS.get(_plainly(command))


def _plainly(command: Command) -> str:
    return command.args.lower().strip(" .,!")
