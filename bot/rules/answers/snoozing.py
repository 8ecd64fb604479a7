"""`/snooze 2 weeks`, `/snooze until 2026-12-24`, `/snooze off`: nothing is said by itself in a thread for a while; with
`/snooze` alone for two weeks.

A 👍 is all the answer: whoever asks for silence gets it. That rules keep still is done in `bot/rules/__init__.py`.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.commands import until
from bot.effects import Snooze
from bot.rules.answers.asking import NAME, Answer, Asked, ordered

_UNSAID: Final = "2 weeks"
_SOON: Final = timedelta(days=14)  # for a day that an example names


def snooze(asked: Asked, now: datetime) -> Answer:
    words = until.plain(asked.request.args) or _UNSAID
    end = None if words == "off" else until.read(words, asked.request.at)
    if isinstance(end, until.Wrong):
        values = {"mistake": end.value, "day": f"{now + _SOON:%Y-%m-%d}"}
        why = f"{asked.why}, and it cannot be obeyed ({end})"
        return Answer(done=False, why=why, effects=(asked.reply("mistake", values),))
    return ordered(
        asked,
        Snooze(
            rule=NAME,
            key=asked.key("order"),
            why=asked.why,
            thread=asked.look.thread.ref,
            person=asked.request.person,
            until=end,
            as_of=asked.request.at,
        ),
    )
