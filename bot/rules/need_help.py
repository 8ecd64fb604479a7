"""Asks a human who agreed to be asked, when somebody wrote `/need-help` and nobody has answered after a decent wait.

Those of the roster take turns. For a person somebody is asked at most once a week, and in a thread once; whatever a
human says in the thread meanwhile is an answer. Who asked is told at once what happens next, and only that
(`bot/rules/answers/need_help.py`).
"""

from datetime import datetime, timedelta
from typing import Final

from bot.commands import need_help
from bot.effects import Effect, LookAgain, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import GHOST, Person, Request
from bot.pathpolicy import Who
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.heard import heard
from bot.rules.manners import shut

NAME: Final = "need_help"

_HERE_OF_LATE: Final = timedelta(days=7)  # then they have the thread before their eyes


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    wait = policy.need_help.wait
    asked = [
        one for one in look.thread.requests if need_help.counts(one, wait, now) and heard(one, look.said_here, policy)
    ]
    return [_relay(request, look, policy, now) for request in asked if not was_asked(look)]


def was_asked(look: ThreadLook) -> bool:
    """Whether somebody was asked in this thread."""
    return any(key.startswith(f"{NAME}/") for key in look.said_here)


def _relay(request: Request, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    if reason := _not_needed(request, look, policy):
        return _quiet(reason)
    due = request.at + policy.need_help.wait
    if now < due:
        return LookAgain(rule=NAME, at=due, why="the others have time to answer first (need_help.wait)")
    if request.person.id in look.helped:
        return _quiet(f"somebody was asked for {request.person.login} within a week")
    able = can_ask(request, look, policy, now)
    return _say(request, able[0], look, policy, now) if able else _quiet("there is nobody to ask (need_help.roster)")


def _not_needed(request: Request, look: ThreadLook, policy: Policy) -> str | None:
    thread, who = look.thread, request.person
    if who == GHOST or policy.is_bot(who):
        return "whoever asked for help is no person, or wants to be forgotten"
    if not thread.is_open:
        return "the thread is closed"
    if reason := shut(look, policy):
        return reason
    if policy.leaves_alone(who) or (look.author.opted_out and who == thread.author) or _stopped(request, look):
        return f"{who.login} asked to be left alone"
    if any(said.at >= request.at and said.person != who and not policy.is_bot(said.person) for said in thread.answers):
        return f"somebody has answered {who.login}"
    return None


def _stopped(request: Request, look: ThreadLook) -> bool:
    """Whoever asked thought better of it here."""
    return any(
        one.name == "no-bot" and one.person == request.person and one.at >= request.at
        for one in look.thread.requests
        if one.args.casefold() != "off"
    )  # fmt: skip


def is_there(policy: Policy) -> bool:
    """Whether anybody's `/need-help` brings a human."""
    return policy.mode(NAME) is Mode.ON and bool(policy.need_help.roster) and policy.commands.need_help is Who.EVERYBODY


def can_ask(request: Request, look: ThreadLook, policy: Policy, now: datetime) -> list[Person]:
    """Those of the roster who may be asked for somebody, the next one first. Who has spoken here of late is not: they
    need no bot to find the thread."""
    since = now - _HERE_OF_LATE
    here = {said.person.id for said in look.thread.answers if said.at > since}
    apart = here | {request.person.id, look.thread.author.id}
    return [
        person
        for person in look.on_call
        if person.id not in apart and not policy.is_bot(person) and not policy.leaves_alone(person)
    ]


def _say(request: Request, to: Person, look: ThreadLook, policy: Policy, now: datetime) -> Say:
    wait = look.answer_time
    values: dict[str, Value] = {
        "organisation": look.thread.repo.owner,
        "repository": look.thread.repo.name,
        "asker": request.person.login,
        "waited_minutes": round((now - request.at).total_seconds() / 60),
        "answer_minutes": None if wait is None else round(wait.total_seconds() / 60),
    }
    return Say(
        rule=NAME,
        key=_key(request),
        why=f"{request.person.login} asked for help with /need-help, and nobody has answered",
        thread=look.thread.ref,
        template="need-help",
        language=policy.language,
        values=values,
        to=to,
    )


def _key(request: Request) -> str:
    return f"{NAME}/{request.place}/{request.place_id}"


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
