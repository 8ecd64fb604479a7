"""Where a command is at hand, and who may use it there."""

from bot.commands.catalog import OF_THEIR_OWN, Entry
from bot.rules.answers.asking import Asked
from bot.rules.heard import off


def barred(asked: Asked, entry: Entry) -> str | None:
    """Why a command is not here for anybody: it belongs into another "place", or is "off"."""
    if asked.look.thread.kind not in entry.places:
        return "place"
    return "off" if off(entry, asked.policy) else None


def may(asked: Asked, entry: Entry) -> bool | None:
    """Whether the settings let somebody use a command; None if that depends on whether they belong, which nobody knows
    yet."""
    return asked.policy.may(
        entry.setting,
        asked.request.person,
        belongs=asked.asker.belongs,
        groups=asked.asker.groups,
        involved=_involved(asked),
    )


def usable(asked: Asked, entry: Entry) -> bool | None:
    """Whether something comes of a command, if this person writes it here; None as above."""
    if entry.name in OF_THEIR_OWN:
        return asked.maintains if entry.name == "switchback" else True
    if barred(asked, entry):
        return False
    return entry.suggests or may(asked, entry)


def _involved(asked: Asked) -> bool:
    who, thread = asked.request.person, asked.look.thread
    claimed = any(claim.is_open and claim.person.id == who.id for claim in asked.look.claims)
    return who.id == thread.author.id or who.id in thread.assignees or claimed
