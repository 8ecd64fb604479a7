"""`/mentor`: somebody agrees to be asked to mentor, changes on which terms, or not any more.

What is shown to everybody leaves out how many people they mentor and where on Earth they are.
"""

from datetime import datetime

from bot.commands.mentor import MOST, Off, Show, Wrong, read
from bot.effects import JoinMentors, Say, Value
from bot.mentors import Terms
from bot.policytypes import Mode
from bot.rules.answers.asking import NAME, Answer, Asked, ordered


def mentor(asked: Asked, now: datetime) -> Answer:
    wish = read(asked.request.args, asked.policy.areas)
    known = asked.look.mentors.get(asked.request.person.id)
    if isinstance(wish, Show):
        rests = {"rests": asked.request.person.id in asked.look.released}
        return Answer(done=True, why=asked.why, effects=(asked.reply("shown", _shown(asked, known) | rests),))
    if isinstance(wish, Wrong):
        return Answer(done=False, why=f"{asked.why}, and it cannot be read ({wish})", effects=(_mistaken(asked, wish),))
    if isinstance(wish, Off):
        return ordered(asked, _order(asked, None))
    terms = wish.over(known)
    reply = asked.reply("noted", _shown(asked, terms))
    return Answer(done=True, why=asked.why, effects=(_order(asked, terms), reply))


def _order(asked: Asked, terms: Terms | None) -> JoinMentors:
    return JoinMentors(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        terms=terms, as_of=asked.request.at,
    )  # fmt: skip


def _shown(asked: Asked, terms: Terms | None) -> dict[str, Value]:
    return {
        "organisation": asked.look.thread.repo.owner,
        "agreed": terms is not None,
        "areas": ", ".join(terms.areas) or None if terms else None,
        "languages": ", ".join(terms.languages) or None if terms else None,
        "part": terms.wants.value if terms else None,
        "mentored": bool(terms and terms.mentored),
        "speaks": asked.policy.mode("mentoring") is Mode.ON,
    }


def _mistaken(asked: Asked, wrong: Wrong) -> Say:
    known = ", ".join(area.name for area in asked.policy.areas) or None
    return asked.reply("mistake", {"mistake": wrong.value, "areas": known, "most": MOST})
