"""`/help`, and what is no command though somebody asked the bot for it by its name."""

from dataclasses import replace
from datetime import datetime

from bot.commands.catalog import CATALOG, UNKNOWN
from bot.effects import Learn, Question
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.rules.answers.permission import usable
from bot.rules.heard import heard


def give_help(asked: Asked, now: datetime) -> Answer | Learn:
    """Tells which commands this person can use here."""
    can = {entry.setting: usable(asked, entry) for entry in CATALOG.values()}
    if None in can.values():
        return Learn(rule=NAME, question=Question.TEAM, why="to know what they can use here")
    by_name = not heard(replace(asked.request, to_us=False), (), asked.policy)  # the only way here
    reply = asked.reply("can", {"can": dict(can), "by_name": by_name})
    return Answer(done=True, why=asked.why, effects=(reply,))


def unknown(asked: Asked, now: datetime) -> Answer:
    """There is no such command. `args` is the one that may be meant."""
    meant = asked.request.args or None
    why = f"{asked.request.person.login} asked for something that is no command"
    return Answer(done=False, why=why, effects=(asked.reply("command", {"meant": meant, "command": UNKNOWN}),))
