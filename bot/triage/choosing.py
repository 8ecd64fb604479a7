"""Of which threads somebody is reminded today, and who. Pure.

The order is the one in which a reminder does most good: newcomers first, the oldest of them before the others; then
what has been late longest, and at the end what has waited so long that a few days make no difference. There are few of
them in a day, and none for what people have already been reminded of in vain.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.model import Person, PersonId, RepoId, ThreadRef
from bot.policy import Policy
from bot.rules.triage import is_answered
from bot.waiting import Because, Case, Nudge, Reminder, Rota

Past = Sequence[Nudge]

_GRACE: Final = 3  # working days that the team has after a reminder, before a newcomer hears of it
_TOO_LATE: Final = timedelta(days=60)  # then an apology comes too late to be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What tells whom to remind. `is_free`: whether somebody can be asked something now; `is_free_today`: whether
    that is so as soon as their quiet hours end, before the next sweep. `may_be_told`: whether a case may stand in the
    digest that is there, and its repository lets the bot remind; `may_be_asked`: whether its author may be asked.
    `left`: who stepped back from which repository. `policy` is the organisation's."""

    rota: Rota
    is_free: Callable[[PersonId], bool]
    is_free_today: Callable[[PersonId], bool]
    may_be_told: Callable[[Case], bool]
    may_be_asked: Callable[[Case], bool]
    policy: Policy
    now: datetime
    left: frozenset[tuple[PersonId, RepoId]] = frozenset()


def chosen(cases: Sequence[Case], past: Mapping[ThreadRef, Past], asked: Round, room: int) -> list[Nudge]:
    """At most `room` reminders, the most valuable first."""
    wished = [
        (case.turn, nudge)
        for which in (_nudge, _sentence, _question)
        for case in cases
        if (nudge := which(case, _of(case, past), asked)) is not None
    ]
    return [nudge for _, nudge in sorted(wished, key=lambda one: one[0])[: max(room, 0)]]


def _of(case: Case, past: Mapping[ThreadRef, Past]) -> Past:
    return past.get(case.thread.ref, ())


def _nudge(case: Case, past: Past, asked: Round) -> Nudge | None:
    """To somebody of the team, in the digest."""
    if not (case.waiting.on.is_team and case.is_late) or case.asleep or not asked.may_be_told(case):
        return None
    nudged = [one for one in past if one.reminder is Reminder.NUDGE]
    if any(one.at > asked.now - asked.policy.triage.every for one in nudged) or _was_cleared(case, nudged):
        return None
    in_vain = [one for one in nudged if (one.because, one.since) == (case.waiting.because, case.waiting.since)]
    if len(in_vain) >= asked.policy.triage.times:
        return None
    to = _whom(case, asked)
    return None if to is None else _reminder(case, Reminder.NUDGE, to.id, asked.now)


def _whom(case: Case, asked: Round) -> Person | None:
    """The first who can be asked now. Whoever is on duty, and has quiet hours just now, comes before the others all the
    same: there is another look when these end."""
    for who in candidates(case, asked.rota):
        if who.id in case.around or (who.id, case.thread.ref.repo_id) in asked.left:
            continue
        if asked.is_free(who.id):
            return who
        if is_on_duty(asked.rota, who.id) and asked.is_free_today(who.id):
            return None
    return None


def _was_cleared(case: Case, nudged: Past) -> bool:
    """Whether somebody was reminded of it for the same reason, and the team did its part since."""
    return any(one.because is case.waiting.because and one.since != case.waiting.since for one in nudged)


def candidates(case: Case, rota: Rota) -> Iterator[Person]:
    """Who can be asked about it: whoever looks after triage this week, then those who agreed to its areas."""
    if rota.weeks:
        yield rota.weeks[0].person
    for area in (*sorted(case.areas), ""):
        yield from rota.areas.get(area, ())


def is_on_duty(on_duty: Rota, person_id: PersonId) -> bool:
    return bool(on_duty.weeks) and on_duty.weeks[0].person.id == person_id


def _sentence(case: Case, past: Past, asked: Round) -> Nudge | None:
    """To a newcomer who was left waiting though the team could have known: once. It says that the digest has it."""
    if not (case.newcomer and case.waiting.on.is_team and case.late_by >= _GRACE) or case.asleep or case.opted_out:
        return None
    if not asked.may_be_told(case) or is_answered(case.thread, case.waiting.since, asked.policy):
        return None
    if any(one.reminder is Reminder.SENTENCE for one in past) or asked.now > case.waiting.since + _TOO_LATE:
        return None
    return _reminder(case, Reminder.SENTENCE, case.thread.author.id, asked.now)


def _question(case: Case, past: Past, asked: Round) -> Nudge | None:
    """To an author who was asked for something long ago: once. What comes of it stands in the digest."""
    waiting = case.waiting
    if waiting.because is not Because.NEEDS_INFO or case.asleep or case.opted_out or case.by_team:
        return None
    if not asked.may_be_asked(case):
        return None
    if (
        any(one.reminder is Reminder.QUESTION for one in past)
        or asked.now < waiting.since + asked.policy.triage.ask_after
    ):
        return None
    return _reminder(case, Reminder.QUESTION, case.thread.author.id, asked.now)


def _reminder(case: Case, reminder: Reminder, person: PersonId, now: datetime) -> Nudge:
    return Nudge(
        ref=case.thread.ref,
        reminder=reminder,
        person=person,
        because=case.waiting.because,
        since=case.waiting.since,
        at=now,
    )


def unanswered(cases: Sequence[Case], asked: Mapping[ThreadRef, datetime], policy: Policy, now: datetime) -> list[Case]:
    """What its author was asked about twice, and nothing came of it: somebody might close it. `asked`: when the bot did
    so, where it has."""
    return [
        case
        for case in cases
        if case.waiting.because is Because.NEEDS_INFO
        and (at := asked.get(case.thread.ref)) is not None
        and case.waiting.since <= at <= now - policy.triage.close_after
    ]
