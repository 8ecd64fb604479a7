"""`/waiting-on team`, `/waiting-on auto` …: people say whom a thread waits for, where that is derived wrongly.

A 👍 is all the answer. `bot/rules/waits.py` tells how long it holds.
"""

from datetime import datetime

from bot.commands.waiting_on import Mistake, read
from bot.effects import CorrectWaiting
from bot.model import ThreadKind
from bot.rules.answers.asking import NAME, Answer, Asked, ordered


def waiting_on(asked: Asked, now: datetime) -> Answer:
    thread = asked.look.thread
    said = read(asked.request.args, thread.kind)
    if isinstance(said, Mistake):
        values = {"mistake": said.why.value, "review": thread.kind is ThreadKind.PULL_REQUEST}
        why = f"{asked.why}, and it cannot be obeyed ({said.why})"
        return Answer(done=False, why=why, effects=(asked.reply("mistake", values),))
    return ordered(
        asked,
        CorrectWaiting(
            rule=NAME,
            key=asked.key("order"),
            why=asked.why,
            thread=thread.ref,
            person=asked.request.person,
            on=said.on,
            as_of=asked.request.at,
        ),
    )
