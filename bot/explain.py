"""What the rules would say about a thread, and why, and whom it waits for: the same look as the engine's, told instead
of done.

Reads memory only. What the rules would first ask GitHub is told as such.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import Connection

from bot import rules, seeing, words
from bot.effects import (
    Assign,
    Effect,
    Label,
    Learn,
    LookAgain,
    MakeLabel,
    MuteKind,
    PauseRepo,
    Quiet,
    React,
    Retract,
    Revise,
    Say,
    Wish,
)
from bot.inforce import InForce, Policies
from bot.looking import ThreadLook
from bot.memory import ledger, mentorings, mentors, migrations, newcomers, recall
from bot.memory.ledger import Entry
from bot.memory.store import StoreUnavailable
from bot.mentoring.explaining import Explained, explained
from bot.model import ThreadRef
from bot.policy import Policy
from bot.rules.waits import allowed
from bot.waiting import Evidence, On, Waiting

Json = dict[str, object]

_WAITS: Final = {
    On.TRIAGE: "waits for triage by the team",
    On.TEAM: "waits for the team",
    On.REVIEW: "waits for a review",
    On.DECISION: "waits for a decision",
    On.AUTHOR: "waits for its author",
    On.NOBODY: "waits for nobody",
    On.PROGRESS: "is in progress",
}


class NotAThread(Exception):
    """That is not how a thread is written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a thread: write OWNER/REPO#NUMBER, for example jupyterhub/jupyterhub#5000")


@dataclass(frozen=True, slots=True)
class Explanation:
    """`entries` are what the ledger holds about the thread, `effects` what the rules wish for now. `waiting`: whom it
    waits for (None: it is closed); `late_after`: how many working days (None: it is never late). `mentoring`: of one
    that is not over."""

    thread: str
    entries: tuple[Entry, ...]
    effects: tuple[Effect, ...]
    waiting: Waiting | None = None
    late_after: int | None = None
    mentoring: Explained | None = None

    def as_json(self) -> Json:
        """Raises WordsError."""
        return {
            "thread": self.thread,
            "waiting": None if self.waiting is None else _state(self.waiting, self.late_after),
            "mentoring": None if self.mentoring is None else self.mentoring.as_json(),
            "done": [
                {
                    "rule": entry.rule,
                    "effect": entry.effect.lower(),
                    "key": entry.key,
                    "state": entry.state,
                    "at": entry.at.isoformat(),
                    "why": entry.why,
                    "url": entry.url,
                    "outcome": entry.outcome,
                }
                for entry in self.entries
            ],
            "now": [_told(effect) for effect in self.effects],
        }


def explain(connection: Connection, ref: ThreadRef, now: datetime, policies: Policies) -> Explanation | None:
    """None if memory does not know the thread, or it is gone."""
    seen = seeing.see(connection, ref, now, policies)
    if seen is None:
        return None
    look, policy = seen.look, seen.policy
    waiting, late_after = None, None
    if look.thread.is_open:
        waiting, author = seeing.waiting(connection, look, policy), look.thread.author.id
        is_new = author in newcomers.newcomers(connection, look.thread.repo.owner_id, {author}, now)
        late_after = allowed(waiting, look.thread, policy, newcomer=is_new)
    return Explanation(
        thread=look.thread.name,
        entries=tuple(ledger.about(connection, ref)),
        effects=tuple(rules.decide(look, policy, now)),
        waiting=waiting,
        late_after=late_after,
        mentoring=_mentoring(connection, look, policy, policies, now),
    )


def _mentoring(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime
) -> Explained | None:
    known, owner_id = mentorings.of_thread(connection, look.thread.ref), look.thread.repo.owner_id
    if known is None or not known.is_open:
        return None
    listed = policies.mentors(connection, owner_id) if isinstance(policies, InForce) else ()
    roster = mentors.roster(connection, owner_id, listed, policy, now)
    return explained(connection, owner_id, known, roster, policy, now)


def find(connection: Connection, name: str) -> ThreadRef | None:
    """The thread written as OWNER/REPO#NUMBER.

    Raises NotAThread if it is written otherwise, and StoreUnavailable if the database is none of ours.
    """
    place, hash_, number = name.partition("#")
    owner, slash, repo = place.partition("/")
    if not (hash_ and slash and owner and repo and "/" not in repo and re.fullmatch(r"[0-9]{1,18}", number)):
        raise NotAThread(name)
    if migrations.revision(connection) != migrations.HEAD:
        raise StoreUnavailable("it is not a database of Switchback, or not yet upgraded: `serve` does that")
    return recall.find_thread(connection, owner, repo, int(number))


def _state(waiting: Waiting, late_after: int | None) -> Json:
    return {
        "on": waiting.on.value,
        "since": waiting.since.isoformat(),
        "late_after": late_after,
        "evidence": [
            {"because": one.because.value, "at": one.at.isoformat(), "who": one.who, "about": one.about}
            for one in waiting.evidence
        ],
    }


def state(waiting: Waiting, late_after: int | None) -> str:
    """One line for a person: whom it waits for, what tells so, and when that is late."""
    told = [_evidence(one, waiting.since) for one in waiting.evidence]
    if late_after is not None:
        told.append(f"late after {late_after} working day{'s' * (late_after != 1)}")
    return f"{_WAITS[waiting.on]} since {waiting.since:%Y-%m-%d}: {'; '.join(told)}"


def _evidence(one: Evidence, since: datetime) -> str:
    """The day is told where it is another one."""
    day = "" if one.at.date() == since.date() else f"{one.at:%Y-%m-%d}"
    details = ", ".join(filter(None, (one.about, one.who, day)))
    return f"{one.because.value} ({details})" if details else one.because.value


def _told(effect: Effect) -> Json:
    about: Json = {"rule": effect.rule, "effect": effect.kind, "why": effect.why}
    match effect:
        case Say():
            about |= {"key": effect.key, "to": effect.to.login, "aloud": effect.aloud, "text": words.render(effect)}
        case React():
            about |= {"key": effect.key, "to": effect.request.person.login, "content": effect.content}
            about["aloud"] = effect.aloud
        case PauseRepo():
            until = effect.until and effect.until.isoformat()
            about |= {"key": effect.key, "until": until, "everywhere": effect.everywhere}
        case MuteKind():
            about |= {"key": effect.key, "template": effect.template, "muted": effect.muted}
        case Revise():
            about |= {"key": effect.key, "to": effect.to.login, "text": words.render(effect.say)}
        case Label():
            about |= {"key": effect.key, "to": effect.to.login, "add": effect.add, "remove": effect.remove}
        case Retract() | Assign() | MakeLabel():
            about |= {"key": effect.key, "to": effect.to.login}
        case Wish():  # the rest may be theirs alone
            about |= {"key": effect.key, "by": effect.person.login}
        case Learn():
            about["question"] = effect.question.value
        case LookAgain():
            about["at"] = effect.at.isoformat()
        case Quiet():
            pass
        case _:
            assert_never(effect)
    return about


def sentence(effect: Effect) -> str:
    """One line for a person."""
    match effect:
        case Say():
            would = "would write" if effect.aloud else "would write, if it were switched on,"
            return f"{would} {effect.template} to {effect.to.login}: {effect.why}"
        case React():
            return f"would {f'react with {effect.content}' if effect.aloud else 'not react'}: {effect.why}"
        case PauseRepo():
            return f"would {'pause' if effect.until else 'speak again'}: {effect.why}"
        case Revise():
            return f"would change {effect.say.template}: {effect.why}"
        case Retract():
            return f"would take a comment back: {effect.why}"
        case Label():
            names = [*effect.add, *(f"not {name}" for name in effect.remove)]
            return f"would set labels ({', '.join(names)}): {effect.why}"
        case Assign():
            return f"would {'assign' if effect.assigned else 'unassign'} {effect.to.login}: {effect.why}"
        case MakeLabel():
            return f"would make the label {effect.name}: {effect.why}"
        case MuteKind():
            return f"would {'mute' if effect.muted else 'unmute'} {effect.template}: {effect.why}"
        case Wish():
            return f"would note down {effect.kind}: {effect.why}"
        case Learn():
            return f"would first ask GitHub {effect.question.value}, {effect.why}"
        case LookAgain():
            return f"would look again at {effect.at:%Y-%m-%d %H:%M:%S} UTC: {effect.why}"
        case Quiet():
            return f"stays silent: {effect.why}"
        case _:
            assert_never(effect)
