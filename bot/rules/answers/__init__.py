"""Answers every command: 👀 when it is seen, 👍 when it is done, 😕 and a short reply when it cannot be.

Who may use a command is a setting. Whoever may not is told kindly, once in a thread, whom to ask. Answers are given in
a pause too, since the person spoke to the bot, and without an @: they hear of them anyway. What may be meant for
another bot is not answered (`heard.py`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from bot.commands import handover, stepping_down, switchback, triage_rota, welcome_back
from bot.commands import mentor as mentor_command
from bot.commands.catalog import CATALOG, UNKNOWN
from bot.effects import Effect, Learn, LookAgain, Question, Quiet, React
from bot.looking import Asker, ThreadLook
from bot.model import GHOST, TICK, Request
from bot.policy import Policy
from bot.rules.answers import (
    attention,
    checkins,
    claiming,
    correcting,
    explaining,
    helping,
    interest,
    levels,
    mentor,
    mentoring,
    mentors,
    need_help,
    permission,
    recording,
    rota,
    snoozing,
    stepping,
    thanking,
    undoing,
    walking,
)
from bot.rules.answers.asking import NAME as NAME
from bot.rules.answers.asking import Answer, Asked
from bot.rules.heard import heard, passed_over

_CLAIM: Final = "claim"

Handler = Callable[[Asked, datetime], Answer | Learn | LookAgain]

HANDLERS: Final[Mapping[str, Handler]] = {
    "help": helping.give_help,
    UNKNOWN: helping.unknown,
    "why": explaining.explain,
    "undo": undoing.undo,
    "snooze": snoozing.snooze,
    "need-help": need_help.need_help,
    _CLAIM: claiming.claim,
    "unclaim": claiming.unclaim,
    "working": claiming.working,
    "level": levels.set_level,
    "create-labels": levels.create_labels,
    "pointers": levels.give_pointers,
    "interested": interest.interested,
    "path": walking.walk,
    "waiting-on": correcting.waiting_on,
    "budget": attention.limit_mentions,
    "away": attention.go_away,
    "quiet-hours": attention.keep_quiet,
    "triage-rota": rota.triage_rota,
    "need-mentor": mentors.need_mentor,
    "mentor-this": mentors.mentor_this,
    "accept": mentors.accept,
    "decline": mentors.decline,
    "later": mentors.later,
    handover.NAME: mentoring.hand_over,
    mentoring.DONE: mentoring.mentor_done,
    "mentor": mentor.mentor,
    "record": recording.record_work,
    stepping_down.NAME: stepping.step_down,
    welcome_back.NAME: stepping.take_back,
    "still-here": checkins.still_here,
    "ask-later": checkins.ask_later,
    "check-ins": checkins.check_ins,
    "vouch": checkins.vouch,
    "thank": thanking.give_thanks,
    "share-thanks": thanking.share,
}


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    left = [one for one in _of_late(look, policy, now) if not heard(one, look.said_here, policy)]
    to_others = [_passed_over(_asked(one, look, policy)) for one in left]
    return [*to_others, *(effect for asked in waiting(look, policy, now) for effect in _answered(asked, now))]


def waiting(look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Asked]:
    """The commands that are still to be answered."""
    for request in _in_turn(_of_late(look, policy, now)):
        asked = _asked(request, look, policy)
        if heard(request, look.said_here, policy) and asked.answered not in look.said_here:
            yield asked


def _of_late(look: ThreadLook, policy: Policy, now: datetime) -> list[Request]:
    """What people asked for that can be answered here."""
    asked = (one for one in look.thread.requests if one.name in HANDLERS and now < one.at + switchback.COUNTS_FOR)
    return [one for one in asked if one.person != GHOST and not policy.is_bot(one.person)]


def _passed_over(asked: Asked) -> Effect:
    """Noted, so that it is not answered late, when somebody has switched commands on."""
    why, key = f"{asked.why}, which may be meant for another bot (commands.without_name)", passed_over(asked.request)
    if key in asked.look.said_here:
        return Quiet(rule=NAME, why=why)
    return replace(_react(asked, "eyes", key, why), aloud=False)


def _in_turn(requests: Sequence[Request]) -> Iterator[Request]:
    """As they were written; only of those who want to take the issue the first is of whom we heard first."""
    claims = iter(sorted((one for one in requests if one.name == _CLAIM), key=lambda one: one.turn))
    return (next(claims) if one.name == _CLAIM else one for one in requests)


def explained(look: ThreadLook, policy: Policy, now: datetime) -> frozenset[str]:
    """The settings that `/why` is going to tell of."""
    asks = (asked for asked in waiting(look, policy, now) if asked.request.name == "why")
    return frozenset(explaining.setting_of(said) for asked in asks if (said := explaining.last_comment(asked)))


def _asked(request: Request, look: ThreadLook, policy: Policy) -> Asked:
    asker = look.askers.get(request.person.id, Asker())
    maintains = policy.is_maintainer(request.person, belongs=asker.belongs, groups=asker.groups)
    return Asked(request=request, look=look, policy=policy, asker=asker, maintains=maintains)


def _answered(asked: Asked, now: datetime) -> Iterator[Effect]:
    """The reaction comes last: once it is there, all is done."""
    answer = _answer(asked, now)
    if isinstance(answer, Learn | LookAgain):
        yield answer
        return
    if not asked.did("seen"):
        yield _react(asked, "eyes", asked.key("seen"), answer.why)
    for effect in answer.effects:
        if getattr(effect, "key", None) not in asked.look.said_here:
            yield effect
    yield _react(asked, "+1" if answer.done else "confused", asked.answered, answer.why)


def _answer(asked: Asked, now: datetime) -> Answer | Learn | LookAgain:
    name = asked.request.name
    if name == UNKNOWN:
        return HANDLERS[name](asked, now)
    entry = CATALOG[name]
    if reason := permission.barred(asked, entry):
        return _cannot(asked, reason)
    may = _steps_back(asked.request) or permission.may(asked, entry)
    if may is None:
        return Learn(rule=NAME, question=Question.TEAM, why=f"to know who may use /{name}")
    if not may and not entry.suggests:
        return _cannot(asked, "not-you")
    return HANDLERS[name](replace(asked, may=may), now)


def _steps_back(request: Request) -> bool:
    """Whether it only ends something for who writes it. That is theirs, though they do not belong any more."""
    if request.name == mentor_command.NAME:
        return mentor_command.is_off(request.args)
    return request.name == triage_rota.NAME and triage_rota.leaves(request.args)


def _cannot(asked: Asked, about: str) -> Answer:
    """Said once in a thread to the same person."""
    thread, person = asked.look.thread, asked.request.person
    key = f"{NAME}/{asked.request.name}/{about}/{thread.ref.repo_id}/{thread.ref.number}/{person.id}"
    values = {
        "organisation": thread.repo.owner,
        "maintainers": ", ".join(asked.policy.people.maintainers) or None,
    }
    reply = replace(asked.reply(about, values, key=key), template=f"answer-{about}")
    return Answer(done=False, why=f"{asked.why}, and cannot here ({about})", effects=(reply,))


def _react(asked: Asked, content: Literal["eyes", "+1", "confused"], key: str, why: str) -> React:
    """A box that somebody ticked cannot be given one: there it is only noted."""
    return React(
        rule=NAME, key=key, why=why, thread=asked.look.thread.ref, request=asked.request, content=content,
        aloud=asked.request.place != TICK,
    )  # fmt: skip
