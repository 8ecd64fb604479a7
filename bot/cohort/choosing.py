"""Chooses who is to be told what in a cohort, and when. Pure: what is said to them is the rule's
(bot/rules/cohort_notes.py)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.cohortnotes import About, Note, Unread
from bot.cohorts import Applicant, Cohort
from bot.model import PersonId, ThreadRef
from bot.rules.reviewers import Pairs, turns
from bot.worktime import Calendar

LATE: Final = timedelta(days=14)  # after the end, nothing is said any more
AFRESH: Final = timedelta(days=2)  # a reminder that could not be said until then is not said any more
SEVERAL: Final = 10  # people who are thanked within an hour

_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


def reading(applicants: Sequence[Applicant], reviewers: Pairs) -> dict[ThreadRef, PersonId]:
    """Who looks at which pull request."""
    pulls = [
        (one.ref, applicant.person.id, one.at)
        for applicant in applicants
        for one in applicant.contributions
        if one.pull and one.ref is not None
    ]
    in_order = sorted(pulls, key=lambda pull: (pull[2], pull[0]))
    return turns([(ref, who) for ref, who, _ in in_order], reviewers)


def unread(
    applicants: Sequence[Applicant], turn: Mapping[ThreadRef, PersonId], since: datetime, *, after: timedelta,
    now: datetime,
) -> dict[PersonId, tuple[Unread, ...]]:  # fmt: skip
    """What waits for a review for longer than that, by who is to look at it, what came first first. What waited before
    `since` is taken to wait since then."""
    found: defaultdict[PersonId, list[tuple[datetime, Unread]]] = defaultdict(list)
    for applicant in applicants:
        for one in applicant.contributions:
            if one.ref is None or one.waits_since is None or one.ref not in turn:
                continue
            begun = max(one.waits_since, since)
            if now > begun + after:
                days = (now - one.waits_since) // _DAY
                waits = Unread(thread=one.name, by=applicant.person.login, days=days)
                found[turn[one.ref]].append((one.waits_since, waits))
    return {
        who: tuple(waits for _, waits in sorted(those, key=lambda each: (each[0], each[1].thread)))
        for who, those in found.items()
    }


def to_remind(waits: Collection[PersonId], notes: Sequence[Note], now: datetime) -> list[PersonId]:
    """Of the mentors for whom something waits those who heard nothing of it for a week."""
    of_late = {note.person for note in notes if note.about is About.REVIEWS and note.at > now - _WEEK}
    return sorted(who for who in waits if who not in of_late)


def talks_next(cohort: Cohort, calendar: Calendar, notes: Sequence[Note], now: datetime) -> bool:
    """Whether it is the working day before the mentors' talk, or the time between the two, and nobody was told."""
    talk = datetime.combine(cohort.sync, time(), UTC)
    if any(note.about is About.SYNC for note in notes) or now >= talk:
        return False
    today = datetime.combine(now.date(), time(), UTC)
    days = (today + _DAY * more for more in range(1, (talk - today).days))
    return not any(calendar.works(day) for day in days)


def to_thank(
    cohort: Cohort, applicants: Sequence[Applicant], notes: Sequence[Note], since: datetime, now: datetime
) -> list[Applicant]:
    """Who is to be thanked in this hour. `since`: since when cohorts have been switched on: nobody is thanked for what
    was over before."""
    if not cohort.ends <= now < cohort.ends + LATE or since >= cohort.ends:
        return []
    thanked = {note.person for note in notes if note.about is About.THANKS}
    waits = [one for one in applicants if one.person.id not in thanked and one.place is not None and not one.opted_out]
    within = sum(note.at > now - timedelta(hours=1) for note in notes if note.about is About.THANKS)
    return waits[: max(SEVERAL - within, 0)]


def until(note: Note, cohort: Cohort) -> datetime:
    """When it is too late to say it."""
    match note.about:
        case About.THANKS:
            return cohort.ends + LATE
        case About.SYNC:
            return datetime.combine(cohort.sync + _DAY, time(), UTC)
        case About.REVIEWS:
            return note.at + AFRESH


def tells(cohorts: Sequence[Cohort], since: datetime, now: datetime) -> Iterator[Cohort]:
    """The rounds in which something is said now: they began, and were not over when cohorts were switched on."""
    return (one for one in cohorts if one.begins <= now and since < one.ends)
