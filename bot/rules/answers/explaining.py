"""`/why`: which rule wrote the bot's last comment in the thread, for what reason, and which line of the configuration
let it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final

from bot.commands.catalog import CATALOG
from bot.effects import Retract, Say, Value
from bot.looking import Origin, ThreadLook
from bot.pathway import Acted
from bot.policy import FEATURES
from bot.rules.answers.asking import NAME, Answer, Asked

_OTHERWISE: Final = "switchback"  # the setting without which nothing is said at all


def explain(asked: Asked, now: datetime) -> Answer:
    """What answered a command is explained only where there is nothing else."""
    said = last_comment(asked)
    if said is None:
        return Answer(done=True, why=asked.why, effects=(asked.reply("nothing"),))
    return Answer(done=True, why=asked.why, effects=(asked.reply("comment", _about(said, asked)),))


def _about(said: Acted, asked: Asked) -> Mapping[str, Value]:
    setting = setting_of(said)
    origin = asked.look.origins.get(setting)
    return {
        "rule": said.rule,
        "why": said.why,
        "url": said.url,
        "setting": setting,
        "value": str(attrgetter(setting)(asked.policy)),
        "origin": None if origin is None else _where(origin),
    }


def _where(origin: Origin) -> Mapping[str, Value]:
    return {"given": origin.given, "line": origin.line, "repository": origin.repository, "url": origin.url}


def last_comment(asked: Asked) -> Acted | None:
    """The one that is explained: the last that stands there yet, but for answers to this very command."""
    there = [act for act in comments(asked.look) if act.key != asked.key("reply")]
    unasked = [act for act in there if not is_answer(act)]
    return next(reversed(unasked or there), None)


def comments(look: ThreadLook) -> Iterator[Acted]:
    """What the bot wrote and has not taken back, oldest first."""
    gone = {act.detail["said"] for act in look.acted if act.effect == Retract.kind}
    return (act for act in look.acted if act.effect == Say.kind and act.key not in gone)


def is_answer(act: Acted) -> bool:
    """Whether it is a comment that answers a command."""
    return act.effect == Say.kind and act.rule in {NAME, "steer"}


def setting_of(act: Acted) -> str:
    """The setting that let the bot do it, as in "welcome.mode"."""
    if act.rule in FEATURES:
        return f"{act.rule}.mode"
    command = CATALOG.get(act.key.split("/")[1]) if act.rule == NAME else None
    return f"commands.{command.setting}" if command else _OTHERWISE
