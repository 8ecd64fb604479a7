"""`/help`, and what is no command though somebody asked the bot for it by its name."""

from datetime import datetime

from bot.commands.catalog import CATALOG, UNKNOWN
from bot.effects import Learn, Question
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.rules.answers.permission import usable


def give_help(asked: Asked, now: datetime) -> Answer | Learn:
    """Tells which commands this person can use here."""
    can = {entry.setting: usable(asked, entry) for entry in CATALOG.values()}
    if None in can.values():
        return Learn(rule=NAME, question=Question.TEAM, why="to know what they can use here")
    return Answer(done=True, why=asked.why, effects=(asked.reply("can", {"can": dict(can)}),))


def unknown(asked: Asked, now: datetime) -> Answer:
    """There is no such command. `args` is the one that may be meant."""
    meant = asked.request.args or None
    why = f"{asked.request.person.login} asked for something that is no command"
    return Answer(done=False, why=why, effects=(asked.reply("command", {"meant": meant, "command": UNKNOWN}),))
