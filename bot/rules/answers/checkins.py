"""`/still-here`, `/ask-later`, `/check-ins`, `/vouch`: what people say to a check-in, or about one.

They may be written anywhere. In public a 👍 is all the answer, so that nothing there tells of anybody's absence; there
are words only in private repositories.
"""

from datetime import datetime
from typing import Final

from bot.checkins import Said
from bot.commands import check_ins as wishes
from bot.commands import handover
from bot.effects import AnswerCheckIn, Say, SetCare, Value, VouchFor
from bot.model import Person
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.team import Care

_ORDER: Final = "order"
_MONTH: Final = 30  # days


def still_here(asked: Asked, now: datetime) -> Answer:
    return _answer(asked, Said.HERE, now)


def ask_later(asked: Asked, now: datetime) -> Answer:
    return _answer(asked, Said.LATER, now)


def _answer(asked: Asked, said: Said, now: datetime) -> Answer:
    again = asked.policy.check_ins.again
    order = AnswerCheckIn(
        rule=NAME, key=asked.key(_ORDER), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        said=said, again_at=now + again, as_of=asked.request.at,
    )  # fmt: skip
    words = _words(asked, "noted", {"months": max(1, round(again.days / _MONTH))}) if _is_asked_here(asked) else ()
    return Answer(done=True, why=asked.why, effects=(order, *words))


def check_ins(asked: Asked, now: datetime) -> Answer:
    """What they wished is gone once it is noted; then it is shown as it is."""
    wish = wishes.read(asked.request.args)
    if wish is None:
        reply = asked.reply("mistake")
        return Answer(done=False, why=f"{asked.why}, and it cannot be understood", effects=(reply,))
    person, care = asked.request.person, asked.look.cares.get(asked.request.person.id, Care())
    shown = _words(asked, "shown", {"asked": care.asked is not False, "together": bool(care.together)})
    if wish == wishes.Wish():
        return Answer(done=True, why=asked.why, effects=shown)
    order = SetCare(
        rule=NAME, key=asked.key(_ORDER), why=asked.why, thread=asked.look.thread.ref, person=person,
        asked=wish.asked, together=wish.together, as_of=asked.request.at,
    )  # fmt: skip
    return Answer(done=True, why=asked.why, effects=(order, *shown))


def vouch(asked: Asked, now: datetime) -> Answer:
    login = handover.read(asked.request.args)
    known = None if login is None else asked.look.named.get(login)
    if login is None or known is None:
        reply = asked.reply("mistake", {"login": login})
        return Answer(done=False, why=f"{asked.why}, and it names nobody who is known", effects=(reply,))
    order = VouchFor(
        rule=NAME, key=asked.key(_ORDER), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        whom=Person(known, login), as_of=asked.request.at,
    )  # fmt: skip
    thanks = _words(asked, "noted") if asked.look.check_ins else ()
    return Answer(done=True, why=asked.why, effects=(order, *thanks))


def _is_asked_here(asked: Asked) -> bool:
    return any(one.person.id == asked.request.person.id for one in asked.look.check_ins)


def _words(asked: Asked, about: str, values: dict[str, Value] | None = None) -> tuple[Say, ...]:
    """A reply, where nobody else reads it."""
    return (asked.reply(about, values),) if asked.look.thread.repo.private else ()
