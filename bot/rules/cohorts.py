"""What happens in threads during a cohort's contribution period: pull requests that name a task are recorded for who
opened them, and an intern gets two mentors.

Who belongs to the organisation or mentors in the cohort does not apply in it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.cohorts import Round
from bot.effects import Effect, Learn, Question, Quiet, RecordWork, SeekMentors
from bot.looking import ThreadLook
from bot.mentors import Because
from bot.model import GHOST, Person, ThreadKind
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import cohort_notes
from bot.rules.manners import shut

NAME: Final = "cohorts"


def decide(look: ThreadLook, policy: Policy, now: datetime) -> list[Effect]:
    effects = [effect for one in look.rounds for effect in _of(one, look, policy, now)]
    return [*effects, *cohort_notes.decide(look, policy, now)]


def _of(this: Round, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    if this.intern is not None:
        yield from _mentored(this, this.intern, look, policy, now)
    if this.runs and this.named and look.thread.kind is ThreadKind.PULL_REQUEST:
        yield from _recorded(this, look, policy)


def _recorded(this: Round, look: ThreadLook, policy: Policy) -> Iterator[Effect]:
    thread, author = look.thread, look.thread.author
    if author == GHOST or policy.is_bot(author) or author.id in this.recorded | this.mentors:
        return
    if look.author.is_team is None:
        yield Learn(rule=NAME, question=Question.TEAM, why="to tell applicants from members")
    elif not look.author.is_team:
        yield record(this, look, author, thread.created_at, rule=NAME)


def record(this: Round, look: ThreadLook, who: Person, at: datetime, *, rule: str) -> RecordWork:
    """The thread is what somebody contributed."""
    ref = look.thread.ref
    return RecordWork(
        rule=rule,
        key=f"{NAME}/record/{this.cohort.id}/{who.id}/{ref.repo_id}/{ref.number}",
        why=f"{who.login} works on a task of {this.cohort.name}",
        thread=ref,
        person=who,
        as_of=at,
        cohort=this.cohort.id,
        work=ref,
        task=next(iter(this.named), None),
    )


def _mentored(this: Round, who: Person, look: ThreadLook, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Once, for as long as nobody mentors them there already."""
    key = f"mentoring/cohort/{this.cohort.id}/{look.thread.ref.repo_id}/{look.thread.ref.number}/{who.id}"
    if policy.mode("mentoring") is not Mode.ON or key in look.said_here:
        return
    if not look.thread.is_open or shut(look, policy) or (look.mentoring is not None and look.mentoring.is_open):
        yield Quiet(rule=NAME, why=f"no mentors are sought for {who.login} here now")
        return
    yield SeekMentors(
        rule=NAME, key=key, why=f"{who.login} is an intern of {this.cohort.name}", thread=look.thread.ref, person=who,
        as_of=now, because=Because.COHORT, mentee=who, cohort=this.cohort.id,
    )  # fmt: skip


def guided(look: ThreadLook) -> Round | None:
    """The cohort whose guide tells the thread's author what a welcome would: where they work on a task, or apply."""
    return next((one for one in look.rounds if one.guide and (one.named or one.applies)), None)
