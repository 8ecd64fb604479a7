"""`/handover` and `/mentor-done`: mentors pass a part on, and say that it is done.

A part goes only to the other mentor, with whom it is exchanged at once, or to somebody who agreed to mentor and is
asked first. Why somebody cannot be asked is never told. Once memory has obeyed, the answer stands, whatever happens
meanwhile; so does a refusal, once it is said.
"""

from datetime import datetime
from typing import Final

from bot.commands import handover
from bot.effects import EndMentoring, HandOver, Learn, Question
from bot.mentors import Ask, Mentoring
from bot.model import Person
from bot.rules.answers.asking import NAME, Answer, Asked, ordered
from bot.rules.mentoring.ending import done

DONE: Final = "mentor-done"


def hand_over(asked: Asked, now: datetime) -> Answer:
    login, known = handover.read(asked.request.args), asked.look.mentoring
    beside = next((ask.person for ask in _others(asked, known) if ask.person.login.casefold() == login), None)
    if asked.did("order"):
        said = asked.reply("noted", {"to": login, "changed": beside is not None})
        return Answer(done=True, why=asked.why, effects=(said,))
    if asked.did("reply"):
        return Answer(done=False, why=f"{asked.why}, and cannot")
    if known is None or not known.is_open or asked.request.person not in [ask.person for ask in known.mentors]:
        return _cannot(asked, "not-mentor")
    if login is None or login == asked.request.person.login.casefold():
        return _cannot(asked, "words")
    if known.open_ask is not None:
        return _cannot(asked, "asking")
    to = beside or _able(login, known, asked)
    if to is None:
        return _cannot(asked, "not-available")
    order = HandOver(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=known.ref, person=asked.request.person,
        began_at=known.began_at, to=to, as_of=asked.request.at,
    )  # fmt: skip
    return ordered(asked, order)


def _others(asked: Asked, known: Mentoring | None) -> list[Ask]:
    return [ask for ask in known.mentors if ask.person != asked.request.person] if known else []


def _able(login: str, known: Mentoring, asked: Asked) -> Person | None:
    """Somebody who agreed to mentor and can be asked now, but not whom it is for."""
    them = (one for one in asked.look.can_mentor if one.login.casefold() == login and one != known.mentee)
    return next((one for one in them if not asked.policy.leaves_alone(one)), None)


def mentor_done(asked: Asked, now: datetime) -> Answer | Learn:
    known, who = asked.look.mentoring, asked.request.person
    if asked.did("order"):
        return Answer(done=True, why=asked.why)
    if asked.did("reply"):
        return Answer(done=False, why=f"{asked.why}, and cannot")
    if known is None or not known.is_open:
        return _cannot(asked, "nothing")
    if who != known.mentee and who not in [ask.person for ask in known.mentors]:
        if asked.maintains is None:
            return Learn(rule=NAME, question=Question.TEAM, why="to know whether they may end what others do")
        if not asked.maintains:
            return _cannot(asked, "not-yours")
    order = EndMentoring(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=known.ref, person=who, began_at=known.began_at,
        state=done(known), as_of=asked.request.at,
    )  # fmt: skip
    return ordered(asked, order)


def _cannot(asked: Asked, mistake: str) -> Answer:
    why = f"{asked.why}, and it cannot be obeyed ({mistake})"
    return Answer(done=False, why=why, effects=(asked.reply("mistake", {"mistake": mistake}),))
