"""`/path`: tells a person where they stand on the skills map. It is for them, and compares them with nobody."""

from dataclasses import replace
from datetime import datetime

from bot.commands import path
from bot.rules.answers.asking import Answer, Asked


def walk(asked: Asked, now: datetime) -> Answer:
    values = asked.look.stands.get(asked.request.person.id, {})
    reply = replace(asked.reply("", values), template=path.TEMPLATE)
    return Answer(done=True, why=asked.why, effects=(reply,))
