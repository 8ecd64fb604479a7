"""`/interested`: somebody would like to hear of an issue that fits, now and then."""

from datetime import datetime

from bot.commands.interested import Off, Unknown, read
from bot.effects import Effect, TakeInterest
from bot.policytypes import Mode
from bot.rules.answers.asking import NAME, Answer, Asked, ordered


def interested(asked: Asked, now: datetime) -> Answer:
    wish = read(asked.request.args, asked.policy.areas)
    if isinstance(wish, Off):
        return ordered(asked, _order(asked, None))
    if isinstance(wish, Unknown):
        areas = ", ".join(area.name for area in asked.policy.areas) or None
        return _cannot(asked, asked.reply("areas", {"areas": areas}))
    if asked.asker.belongs:
        return _cannot(asked, asked.reply("team", {"organisation": asked.look.thread.repo.owner}))
    values = {
        "areas": ", ".join(wish.areas) or None,
        "own": asked.request.person.id == asked.look.thread.author.id,
        "days": max(asked.policy.offers.every.days, 1),
        "speaks": asked.policy.mode("offers") is Mode.ON,
    }
    return Answer(done=True, why=asked.why, effects=(_order(asked, wish.areas), asked.reply("noted", values)))


def _cannot(asked: Asked, reply: Effect) -> Answer:
    return Answer(done=False, why=f"{asked.why}, which cannot be done", effects=(reply,))


def _order(asked: Asked, areas: tuple[str, ...] | None) -> TakeInterest:
    return TakeInterest(
        rule=NAME,
        key=asked.key("order"),
        why=asked.why,
        thread=asked.look.thread.ref,
        person=asked.request.person,
        areas=areas,
        as_of=asked.request.at,
    )
