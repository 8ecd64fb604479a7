"""The words of what somebody is told in a cohort: mentors of what waits for them, applicants at the end. Frozen, no
I/O."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model import OwnerId, Person, PersonId, ThreadRef
from bot.pathway import Opening


class About(StrEnum):
    REVIEWS = "reviews"  # a mentor, in the evaluation sheet: what waits for their review
    SYNC = "sync"  # a mentor, in the evaluation sheet: mentors talk tomorrow
    THANKS = "thanks"  # an applicant, in a thread of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Somebody is to be told something in that thread. `cohort`: its id."""

    owner_id: OwnerId
    cohort: str
    about: About
    person: PersonId
    at: datetime
    place: ThreadRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A pull request that waits for a review. `thread`: its name, `by`: the login of its author."""

    thread: str
    by: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A note, with what there is to tell now. `cohort`: its name. `until`: later it is not said any more. `unread`:
    what waits for the mentor. `talk`: the day on which mentors talk, and `others`: who they are, by login. `steps`:
    issues that would fit the applicant, the best first. `opted_out`: they asked to be left alone."""

    note: Note
    person: Person
    cohort: str
    until: datetime
    unread: tuple[Unread, ...] = ()
    talk: date | None = None
    others: tuple[str, ...] = ()
    steps: tuple[Opening, ...] = ()
    opted_out: bool = False
