"""Reminds of what waits: the team of threads that wait for it, in the digest; a newcomer who was left waiting and an
author who was asked for something, in the thread.

Whom and of what, is decided where the whole organisation is looked at (bot/triage/). Here it is said, once, if it still
holds: whatever a human says or does in the thread meanwhile stops it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Final

from bot.effects import Effect, Learn, Question, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import Thread, ThreadRef
from bot.policy import Policy
from bot.rules import need_help
from bot.rules.manners import left_alone, shut
from bot.waiting import Case, Nudge, Reminder, Told, Waiting

NAME: Final = "triage"
NUDGE: Final = f"{NAME}-nudge"  # the message

_NAMES: Final = ("first", "second", "third", "fourth", "fifth")  # of the threads that a reminder names


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """Where nobody is to be reminded of anything there is no silence to explain."""
    return [*_to_the_team(look, policy), *(_in_thread(one, look, policy) for one in look.reminders)]


def _to_the_team(look: ThreadLook, policy: Policy) -> Iterator[Effect]:
    """One comment for a person, with all of which they are reminded."""
    by_person = sorted(look.told_here, key=lambda told: (told.nudge.at, told.person.id))
    for (at, person), those in groupby(by_person, key=lambda told: (told.nudge.at, told.person)):
        key = f"{NAME}/nudge/{look.thread.ref.repo_id}/{look.thread.ref.number}/{person.id}/{int(at.timestamp())}"
        told = [one for one in those if _holds(one)]
        if key in look.said_here:
            yield _quiet(f"{person.login} was reminded")
        elif reason := _in_the_way(told, look, policy):
            yield _quiet(reason)
        else:
            yield nudge(told, look.thread.ref, key=key, language=policy.language)


def _in_the_way(told: list[Told], look: ThreadLook, policy: Policy) -> str | None:
    if not look.thread.is_open:
        return "the digest is closed"
    return shut(look, policy) or (None if told else "nothing of it waits for the team any more")


def _holds(told: Told) -> bool:
    """Whether it still waits as it did when it was chosen."""
    case = told.case
    return _is_same(told.nudge, case.waiting) and not case.asleep and told.person.id not in case.around


def _is_same(nudge: Nudge, waiting: Waiting | None) -> bool:
    return waiting is not None and (waiting.because, waiting.since) == (nudge.because, nudge.since)


def nudge(told: list[Told], thread: ThreadRef, *, key: str, language: str) -> Say:
    """What somebody of the team is told in a digest."""
    names = ", ".join(one.case.thread.name for one in told)
    named: dict[str, Value] = {name: shown(one.case) for name, one in zip(_NAMES, told, strict=False)}
    return Say(
        rule=NAME,
        key=key,
        why=f"the team is late with {names}",
        thread=thread,
        template=NUDGE,
        language=language,
        values={
            **dict.fromkeys(_NAMES),
            **named,
            "more": max(len(told) - len(_NAMES), 0),
            "on_duty": told[0].on_duty,
        },
        to=told[0].person,
    )


def shown(case: Case) -> Mapping[str, Value]:
    """A thread that waits, as messages are given it."""
    return {
        "thread": case.thread.name,
        "on": case.waiting.on.name,
        "because": case.waiting.because.name,
        "days": case.waited,
        "newcomer": case.newcomer,
    }


def is_answered(thread: Thread, since: datetime, policy: Policy) -> bool:
    """Whether a human other than its author has said something there since then, of the team or not."""
    return any(
        answer.at > since and answer.person.id != thread.author.id and not policy.is_bot(answer.person)
        for answer in thread.answers
    )


def key_of(nudge: Nudge) -> str:
    """Of what is said in the thread itself, in the ledger. What was only recorded, in shadow mode, has another."""
    return f"{NAME}/{nudge.reminder.value}/{nudge.ref.repo_id}/{nudge.ref.number}/{int(nudge.at.timestamp())}"


def _in_thread(nudge: Nudge, look: ThreadLook, policy: Policy) -> Effect:
    thread = look.thread
    key = key_of(nudge)
    if key in look.said_here:
        return _quiet("it was said here")
    if reason := left_alone(look, policy):
        return _quiet(reason)
    if not _is_same(nudge, look.waiting):
        return _quiet("something has happened here since")
    if look.author.is_team is None:
        return Learn(rule=NAME, question=Question.TEAM, why="to tell contributors from members")
    if nudge.reminder is Reminder.SENTENCE and look.author.merged_before:
        return _quiet(f"{thread.author.login} is not new")
    if nudge.reminder is Reminder.SENTENCE and is_answered(thread, nudge.since, policy):
        return _quiet("somebody has answered")
    return _say(nudge, look, policy, key)


def _say(nudge: Nudge, look: ThreadLook, policy: Policy, key: str) -> Say:
    thread = look.thread
    values: dict[str, Value] = {"since": f"{nudge.since:%Y-%m-%d}"}
    what = "was asked for something long ago"
    if nudge.reminder is Reminder.SENTENCE:
        what = "is new and was left waiting"
        values |= {
            "organisation": thread.repo.owner,
            "chat": policy.links.at(thread.repo)["chat"],
            "help": need_help.is_there(policy),
        }
    return Say(
        rule=NAME,
        key=key,
        why=f"{thread.author.login} {what}",
        thread=thread.ref,
        template=f"{NAME}-{nudge.reminder.value}",
        language=policy.language,
        values=values,
        to=thread.author,
    )


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
