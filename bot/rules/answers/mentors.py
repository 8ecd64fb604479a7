"""`/need-mentor`, `/mentor-this`, and what people say to being asked: `/accept`, `/decline`, `/later`.

Who asks for mentors is told what really happens next. A no is answered with a reaction alone, whoever sees it; only
those who were not asked are told so, once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.commands import until
from bot.effects import AnswerAsk, EndMentoring, Learn, MeetMentee, SeekMentors, Value
from bot.mentors import Ask, Because, Mentoring, Said, State
from bot.model import Person
from bot.policytypes import Mode
from bot.rules.answers.asking import NAME, Answer, Asked, ordered
from bot.rules.manners import shut
from bot.rules.mentoring.beginning import INVITATION, from_outside, has_it, unknown
from bot.rules.mentoring.pair import NAME as MENTORING


def need_mentor(asked: Asked, now: datetime) -> Answer:
    known, who = _open(asked), asked.request.person
    if until.plain(asked.request.args) == "off":
        return _no_more(asked, known)
    if asked.did("order"):
        return _heard(asked, _stands(asked, known))
    if outcome := _not_now(asked):
        return _heard(asked, outcome)
    if known is not None and known.mentee is not None:
        return _heard(asked, _stands(asked, known) if known.mentee == who else "other")
    if known is not None:
        order = MeetMentee(
            rule=NAME, key=asked.key("order"), why=asked.why, thread=known.ref, person=who, began_at=known.began_at,
            as_of=asked.request.at,
        )  # fmt: skip
        return ordered(asked, order)
    invited = who == asked.look.thread.author and any(act.template == INVITATION for act in asked.look.acted)
    return ordered(asked, _seek(asked, Because.INVITED if invited else Because.ASKED, who))


def mentor_this(asked: Asked, now: datetime) -> Answer | Learn:
    known, look = _open(asked), asked.look
    if asked.did("order"):
        return _heard(asked, _stands(asked, known))
    if outcome := _not_now(asked):
        return _heard(asked, outcome)
    if known is not None:
        return _heard(asked, _stands(asked, known))
    mentee = has_it(look, asked.policy)
    if mentee is None and not look.assigned and not any(claim.is_open for claim in look.claims):
        outside = from_outside(look.thread.author, look, asked.policy)
        silent = look.author.opted_out or asked.policy.leaves_alone(look.thread.author)
        mentee = unknown() if outside is None else look.thread.author if outside and not silent else None
    if isinstance(mentee, Learn):
        return mentee
    return ordered(asked, _seek(asked, Because.MAINTAINER, mentee))


def _open(asked: Asked) -> Mentoring | None:
    known = asked.look.mentoring
    return known if known is not None and known.is_open else None


def _seek(asked: Asked, because: Because, mentee: Person | None) -> SeekMentors:
    return SeekMentors(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        because=because, mentee=mentee, as_of=asked.request.at,
    )  # fmt: skip


def _not_now(asked: Asked) -> str | None:
    """Why nobody is asked in this thread."""
    if asked.policy.mode(MENTORING) is not Mode.ON:
        return "shadow"
    return "over" if not asked.look.thread.is_open or shut(asked.look, asked.policy) else None


def _stands(asked: Asked, known: Mentoring | None) -> str:
    """How far it is, as far as somebody who asks should know. What has been told once may be over by now."""
    if known is None:
        return "over"
    slow = asked.look.prospects.review
    match known.state:
        case State.SEEKING if known.asks:
            return "asks"
        case State.SEEKING if slow is not None and slow > asked.policy.mentoring.review_within:
            return "held"
        case State.SEEKING:
            return "asks" if asked.look.prospects.anybody else "nobody"
        case State.UNFILLED:
            return "nobody"
        case state:
            return state.value


def _heard(asked: Asked, outcome: str) -> Answer:
    known, review = _open(asked), asked.look.prospects.review
    values: Mapping[str, Value] = {
        "outcome": outcome,
        "mentee": known.mentee.login if known and known.mentee else None,
        "review_minutes": None if review is None else round(review.total_seconds() / 60),
        "digest": asked.policy.mode("digest") is Mode.ON,
    }
    done = outcome not in {"over", "other"}
    return Answer(done=done, why=asked.why, effects=(asked.reply("heard", values),))


def _no_more(asked: Asked, known: Mentoring | None) -> Answer:
    if asked.did("order"):
        return Answer(done=True, why=asked.why, effects=(asked.reply("over"),))
    if known is None or known.mentee != asked.request.person:
        return Answer(done=True, why=f"{asked.why}, and nobody is asked for them")
    order = EndMentoring(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=known.ref, person=asked.request.person,
        began_at=known.began_at, state=State.ENDED, as_of=asked.request.at,
    )  # fmt: skip
    return ordered(asked, order)


def accept(asked: Asked, now: datetime) -> Answer:
    return _answer(asked, Said.ACCEPTED, now)


def decline(asked: Asked, now: datetime) -> Answer:
    return _answer(asked, Said.DECLINED, now)


def later(asked: Asked, now: datetime) -> Answer:
    return _answer(asked, Said.LATER, now)


def _answer(asked: Asked, said: Said, now: datetime) -> Answer:
    known = asked.look.mentoring
    ask = known.latest(asked.request.person.id) if known else None
    if asked.did("order"):
        return Answer(done=True, why=asked.why)
    if known is None or ask is None:
        return _not_asked(asked, "never")
    if known.is_open and ask.said is Said.OPEN:
        return _order(asked, known, ask, said, now)
    if ask.said is Said.ACCEPTED and known.is_open:
        if said is Said.DECLINED:
            return _order(asked, known, ask, Said.LEFT, now)
        return Answer(done=True, why=asked.why) if said is Said.ACCEPTED else _not_asked(asked, "mentor")
    if said is Said.ACCEPTED:
        return _not_asked(asked, "late")
    return Answer(done=True, why=f"{asked.why}, and was not asked any more")


def _order(asked: Asked, known: Mentoring, ask: Ask, said: Said, now: datetime) -> Answer:
    order = AnswerAsk(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=known.ref, person=asked.request.person,
        began_at=known.began_at, chosen_at=ask.chosen_at, said=said, as_of=asked.request.at,
        checks=tuple(now + after for after in asked.policy.mentoring.checks),
    )  # fmt: skip
    return ordered(asked, order)


def _not_asked(asked: Asked, how: str) -> Answer:
    """Said once in a thread to the same person."""
    ref = asked.look.thread.ref
    key = f"{NAME}/not-asked/{ref.repo_id}/{ref.number}/{asked.request.person.id}"
    reply = replace(asked.reply("not-asked", {"how": how}, key=key), template="answer-not-asked")
    return Answer(done=False, why=f"{asked.why}, and is not asked ({how})", effects=(reply,))
