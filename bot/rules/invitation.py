"""Invites somebody from outside who knows the system well to try their own report with a co-mentor, once.

That they know it is told by what they bring (the traits of the issue) and by their earlier reports. They are invited
once a maintainer has taken the issue, or a day later if somebody of the team has answered or labelled it: so it is
wanted. One comment speaks to both sides; no answer to it is fine too.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, Learn, LookAgain, Question, Quiet, Say, Value
from bot.looking import ThreadLook
from bot.model import Came, Person, Step, Thread, ThreadKind
from bot.pathpolicy import Who
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.manners import left_alone
from bot.rules.welcome import came_with

NAME: Final = "invitation"

_FIRST: Final = timedelta(days=1)  # for the team to answer
_TOO_OLD: Final = timedelta(days=14)
_SEVERAL: Final = 3  # earlier reports
# What shows that the author knows the system, by the names of traits.
_SIGNS: Final = (
    frozenset({"long-text"}),
    frozenset({"version"}),
    frozenset({"traceback"}),
    frozenset({"steps"}),
    frozenset({"proposes", "links-code"}),
)
_REPORTS: Final = frozenset({"traceback", "steps", "proposes", "links-code"})  # whatever template and labels say
_DISCREET: Final = ("security", "vulnerab", "cve")  # in labels


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    if look.thread.kind is not ThreadKind.ISSUE:
        return []
    reason = _unfit(look, policy, now) or left_alone(look, policy) or _unwanted(look, policy, now)
    if reason:
        return [_quiet(reason)]
    if look.author.is_team is None:
        return [Learn(rule=NAME, question=Question.TEAM, why="to tell people from outside from members")]
    thread = look.thread
    taken_by = _taken_by(thread)
    if taken_by is None:
        if thread.assignees:
            return [_quiet("somebody has it")]
        if now < (first := thread.created_at + _FIRST):
            return [LookAgain(rule=NAME, at=first, why="leaves the team a day to answer first")]
    host = taken_by or _who_answered(thread, policy)
    if host is None:
        return [_quiet("nobody of the team has answered yet")]
    return [_say(look, policy, host, now, assigned=taken_by is not None)]


def _unfit(look: ThreadLook, policy: Policy, now: datetime) -> str | None:
    """Why this is no issue to invite anybody to."""
    thread = look.thread
    if not thread.is_open:
        return "the issue is closed"
    if thread.opened_by is None:
        return "it was opened before Switchback listened here"
    if thread.moved or thread.opened_by != thread.author.id:
        return "it was moved or made here by somebody else than its author"
    if now > thread.created_at + _TOO_OLD:
        return "it is older than 14 days"
    came = came_with(thread, policy)
    if came not in {Came.PROBLEM, Came.WISH} and not (came is Came.UNKNOWN and look.traits & _REPORTS):
        return "it is neither a problem nor a wish"
    if "security" in look.traits or any(word in label.casefold() for label in thread.labels for word in _DISCREET):
        return "it may be about security"
    return None


def _unwanted(look: ThreadLook, policy: Policy, now: datetime) -> str | None:
    """Why the author is not invited to this one."""
    if any(key.startswith(f"{NAME}/") for key in look.said_here) or not look.said.isdisjoint(_lately(look, now)):
        return f"{look.thread.author.login} has been invited of late"
    if look.links or any(claim.is_open for claim in look.claims):
        return "somebody is at it"
    signs = sum(bool(sign & look.traits) for sign in _SIGNS) + (look.reports >= _SEVERAL)
    if signs < policy.invitation.at_least:
        return f"it shows {signs} of {policy.invitation.at_least} signs that its author knows the system"
    return None


def _taken_by(thread: Thread) -> Person | None:
    """The maintainer who has assigned themselves the issue, if nobody else has it too."""
    themselves = (
        one.person
        for one in thread.history
        if one.step is Step.ASSIGNED and one.by_team and one.about == str(one.person.id)
    )
    return next((person for person in themselves if thread.assignees == {person.id}), None)


def _who_answered(thread: Thread, policy: Policy) -> Person | None:
    """Who of the team was the last to say something, or to label it."""
    said = [(one.at, one.person) for one in thread.answers if one.by_team]
    done = [(one.at, one.person) for one in thread.history if one.by_team and one.step is Step.LABELED]
    people = [(at, who) for at, who in (*said, *done) if not policy.is_bot(who)]
    return max(people, key=lambda one: one[0])[1] if people else None


def _say(look: ThreadLook, policy: Policy, host: Person, now: datetime, *, assigned: bool) -> Say:
    thread = look.thread
    claims = policy.mode("claims") is not Mode.OFF and policy.commands.claim is Who.EVERYBODY
    values: dict[str, Value] = {
        "organisation": thread.repo.owner,
        "repository": thread.repo.name,
        "maintainer": host.login,
        "assigned": assigned,
        "claim": claims,
        "mentors": _may_seek_mentors(policy) and look.prospects.anybody,
    }
    return Say(
        rule=NAME,
        key=_lately(look, now)[0],
        why=f"the report shows that {thread.author.login} knows the system, and {host.login} has seen it",
        thread=thread.ref,
        template=NAME,
        language=policy.language,
        values=values,
        to=thread.author,
    )


def _may_seek_mentors(policy: Policy) -> bool:
    """Whether whoever is invited could have two mentors, if there are any."""
    mentoring = policy.mode("mentoring") is Mode.ON and policy.mentoring.invitation
    return mentoring and policy.commands.need_mentor is Who.EVERYBODY


def needs_prospects(look: ThreadLook, policy: Policy, now: datetime) -> bool:
    """Whether somebody is invited here, so that it matters whether there are mentors to ask."""
    if policy.mode(NAME) is Mode.OFF or not _may_seek_mentors(policy):
        return False
    return any(isinstance(effect, Say) for effect in decide(look, policy, now))


def _lately(look: ThreadLook, now: datetime) -> list[str]:
    """The keys of this quarter of a year and of the last one: so between two invitations there are 90 days."""
    quarter = now.year * 4 + (now.month - 1) // 3
    owner, author = look.thread.repo.owner_id, look.thread.author.id
    return [f"{NAME}/{owner}/{author}/{one // 4}-q{one % 4 + 1}" for one in (quarter, quarter - 1)]


def _quiet(why: str) -> Quiet:
    return Quiet(rule=NAME, why=why)
