"""`/budget`, `/away`, `/quiet-hours`: how somebody wants to be reached.

That is theirs alone. A 👍 is all the answer; what they wrote is repeated neither in a comment nor in a reason, and a
reply to what cannot be understood shows an example instead. As soon as memory has obeyed, what they wrote is gone
(bot/memory/asked.py).
"""

from datetime import datetime, timedelta
from typing import Final

from bot.commands import budget, quiet_hours, until
from bot.effects import GoAway, KeepQuiet, LimitMentions, Value
from bot.rules.answers.asking import NAME, Answer, Asked, ordered

_ORDER: Final = "order"
_LONGEST: Final = timedelta(days=366)  # for which somebody can be away
_SOON: Final = timedelta(days=14)  # for a day that an example names


def limit_mentions(asked: Asked, now: datetime) -> Answer:
    if asked.did(_ORDER):
        return _obeyed(asked)
    wish = budget.read(asked.request.args)
    if wish is None:
        return _mistaken(asked, {})
    return ordered(
        asked,
        LimitMentions(
            rule=NAME,
            key=asked.key(_ORDER),
            why=asked.why,
            thread=asked.look.thread.ref,
            person=asked.request.person,
            a_day=wish.a_day,
            a_week=wish.a_week,
            as_of=asked.request.at,
        ),
    )


def go_away(asked: Asked, now: datetime) -> Answer:
    if asked.did(_ORDER):
        return _obeyed(asked)
    words = until.plain(asked.request.args)
    end = None if words == "off" else until.read(words, asked.request.at, longest=_LONGEST)
    if isinstance(end, until.Wrong):
        return _mistaken(asked, {"mistake": end.value, "day": f"{now + _SOON:%Y-%m-%d}"})
    return ordered(
        asked,
        GoAway(
            rule=NAME,
            key=asked.key(_ORDER),
            why=asked.why,
            thread=asked.look.thread.ref,
            person=asked.request.person,
            until=end,
            as_of=asked.request.at,
        ),
    )


def keep_quiet(asked: Asked, now: datetime) -> Answer:
    if asked.did(_ORDER):
        return _obeyed(asked)
    wish = quiet_hours.read(asked.request.args)
    if isinstance(wish, quiet_hours.Wrong):
        return _mistaken(asked, {"mistake": wish.value})
    return ordered(
        asked,
        KeepQuiet(
            rule=NAME,
            key=asked.key(_ORDER),
            why=asked.why,
            thread=asked.look.thread.ref,
            person=asked.request.person,
            zone=wish.zone,
            begins=wish.begins,
            ends=wish.ends,
            as_of=asked.request.at,
        ),
    )


def _obeyed(asked: Asked) -> Answer:
    return Answer(done=True, why=asked.why)


def _mistaken(asked: Asked, values: dict[str, Value]) -> Answer:
    reply = asked.reply("mistake", values)
    return Answer(done=False, why=f"{asked.why}, and it cannot be understood", effects=(reply,))
