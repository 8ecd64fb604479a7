"""When mentors are sought without anybody asking for it: a claim, an invitation that was taken up.

Only for people from outside, and for nobody twice in a thread. What an invitation is answered in words nobody reads, so
that it is taken up is told by a claim. Whoever does not want mentors says `/need-mentor off`.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.effects import Effect, Learn, LookAgain, MeetMentee, Question, Quiet, SeekMentors
from bot.looking import ThreadLook
from bot.mentors import Because, Mentoring, State
from bot.model import GHOST, Level, Person, ThreadKind
from bot.pathway import Claim
from bot.policy import Policy
from bot.rules.manners import shut
from bot.rules.mentoring.pair import NAME, key

INVITATION: Final = "invitation"  # the message

_FRESH: Final = timedelta(days=7)  # a claim; whoever took it longer ago has begun without mentors
_BEGINS: Final = frozenset({None, Level.STARTER})  # the highest level of what somebody did who has done no medium issue


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    """Where nobody has taken anything there is no silence to explain."""
    known = look.mentoring
    if known is not None and known.state is State.WAITING:
        return _meets(known, look, policy, now)
    if look.thread.kind is not ThreadKind.ISSUE or (known is not None and known.is_open):
        return []
    claim = next((one for one in look.claims if one.is_open and now < one.at + _FRESH), None)
    because = None if claim is None else _because(claim, look, policy)
    return [] if claim is None or because is None else [_seeks(claim, because, look, policy, now)]


def from_outside(person: Person, look: ThreadLook, policy: Policy) -> bool | None:
    """Whether it is somebody who does not belong; None: nobody knows yet."""
    if person == GHOST or policy.is_bot(person) or person.id in look.helpers:
        return False
    if person == look.thread.author and look.author.is_team is not None:
        return not look.author.is_team
    asker = look.askers.get(person.id)
    if asker is not None:
        return None if asker.belongs is None else not asker.belongs
    return None if person == look.thread.author else True


def has_it(look: ThreadLook, policy: Policy) -> Person | Learn | None:
    """Who from outside has taken the thread, or is assigned."""
    people = [claim.person for claim in look.claims if claim.is_open and not claim.opted_out]
    for person in (*people, *look.assigned):
        outside = from_outside(person, look, policy)
        if outside is None:
            return unknown()
        if outside and not policy.leaves_alone(person):
            return person
    return None


def unknown() -> Learn:
    return Learn(rule=NAME, question=Question.TEAM, why="to know whether whoever is to be mentored is from outside")


def _meets(known: Mentoring, look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    person = has_it(look, policy)
    if person is None:
        return [Quiet(rule=NAME, why="mentors are sought once somebody from outside takes it")]
    if isinstance(person, Learn):
        return [person]
    order = MeetMentee(
        rule=NAME, key=key("meet", known), why=f"{person.login} has taken it", thread=known.ref, person=person,
        began_at=known.began_at, as_of=now,
    )  # fmt: skip
    return [order]


def _because(claim: Claim, look: ThreadLook, policy: Policy) -> Because | None:
    """Why a claim begins a mentoring, if it does."""
    invited = any(act.template == INVITATION and act.at <= claim.at for act in look.acted)
    if policy.mentoring.invitation and invited and claim.person == look.thread.author:
        return Because.INVITED
    seeker = look.seekers.get(claim.person.id)
    medium = policy.levels.of(look.thread.labels) is Level.MEDIUM
    if policy.mentoring.first_medium and medium and seeker is not None and seeker.highest in _BEGINS:
        return Because.FIRST_MEDIUM
    return None


def _seeks(claim: Claim, because: Because, look: ThreadLook, policy: Policy, now: datetime) -> Effect:
    who = claim.person
    if not look.thread.is_open:
        return Quiet(rule=NAME, why="the issue is closed")
    if reason := shut(look, policy):
        return Quiet(rule=NAME, why=reason)
    if claim.opted_out or policy.leaves_alone(who):
        return Quiet(rule=NAME, why=f"{who.login} asked to be left alone")
    if look.mentoring is not None and look.mentoring.mentee == who:
        return Quiet(rule=NAME, why=f"mentors were sought for {who.login} here before")
    outside = from_outside(who, look, policy)
    if outside is None:
        return unknown()
    if not outside:
        return Quiet(rule=NAME, why=f"{who.login} belongs to the organisation")
    if (until := look.hush.snoozed_until or look.hush.paused_until) is not None and now < until:
        return LookAgain(rule=NAME, at=until, why="it is quiet here for a while")
    ref = look.thread.ref
    return SeekMentors(
        rule=NAME,
        key=f"{NAME}/seek/{ref.repo_id}/{ref.number}/{who.id}/{int(claim.at.timestamp())}",
        why=f"{who.login} took it ({because.value})",
        thread=ref,
        person=who,
        because=because,
        mentee=who,
        as_of=now,
    )
