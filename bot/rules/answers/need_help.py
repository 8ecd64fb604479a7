"""`/need-help`: tells what happens next, and promises nothing that will not happen.

The rule `need_help` asks a human later, if nobody has answered by then.
"""

from datetime import datetime

from bot.effects import Value
from bot.policytypes import Mode
from bot.rules.answers.asking import Answer, Asked
from bot.rules.need_help import NAME, can_ask, was_asked


def need_help(asked: Asked, now: datetime) -> Answer:
    policy, look = asked.policy, asked.look
    asks = policy.mode(NAME) is Mode.ON and not was_asked(look) and bool(can_ask(asked.request, look, policy, now))
    wait, links = look.answer_time, policy.links.at(look.thread.repo)
    values: dict[str, Value] = {
        "asks": asks and asked.request.person.id not in look.helped,
        "wait_minutes": round(policy.need_help.wait.total_seconds() / 60),
        "answer_minutes": None if wait is None else round(wait.total_seconds() / 60),
        "links": {name: links[name] for name in ("chat", "contributing")},
    }
    return Answer(done=True, why=asked.why, effects=(asked.reply("heard", values),))
