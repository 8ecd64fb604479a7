"""The words of co-mentoring: who agreed to it, who is asked for which thread, what came of it. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.model import Person, PersonId, RepoId, ThreadRef


class Wants(StrEnum):
    """Which part somebody would take. Whoever has not mentored before takes the lead only where nobody has."""

    EITHER = "either"
    LEAD = "lead"
    CO_MENTOR = "co-mentor"


class Part(StrEnum):
    """Which part of a mentoring somebody is asked for, or has."""

    LEAD = "lead"  # has mentored before
    CO_MENTOR = "co-mentor"  # learns it alongside
    PEER = "peer"  # one of two, where nobody has mentored before
    GUIDE = "guide"  # whom two peers may ask


class Because(StrEnum):
    """Why somebody is to be mentored."""

    ASKED = "asked"  # they wrote /need-mentor
    MAINTAINER = "maintainer"  # a maintainer wrote /mentor-this
    INVITED = "invited"  # they took up an invitation
    FIRST_MEDIUM = "first medium"  # they claimed their first medium issue
    COHORT = "cohort"  # they are an intern of a cohort


class State(StrEnum):
    """How far a mentoring is."""

    WAITING = "waiting"  # for somebody who takes the issue: nobody is to be mentored yet
    SEEKING = "seeking"  # people are asked
    HELD = "held"  # reviews take too long there: a maintainer is told, and nobody is asked
    UNFILLED = "unfilled"  # enough people were asked: a maintainer is told
    RUNNING = "running"  # those who were sought have agreed
    DONE = "done"  # the work is merged, or somebody said so: with thanks
    ENDED = "ended"  # it came to nothing: quietly


PAIR: Final = 2
OPEN: Final = frozenset({State.WAITING, State.SEEKING, State.HELD, State.UNFILLED, State.RUNNING})


class Said(StrEnum):
    """What came of asking somebody. All but the first two look the same to everybody else."""

    OPEN = "open"  # no answer yet
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"
    LAPSED = "lapsed"  # there was no answer in time
    WITHDRAWN = "withdrawn"  # they cannot be asked any more, or it is over
    LEFT = "left"  # they had accepted, and stepped back
    HANDED_OVER = "handed over"  # they had accepted, and somebody else has taken it over


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody says of how they would mentor. `areas`: none named: any. `up_to`: how many at a time. `zone`: an
    IANA name. `languages`: codes, as in `en`. `mentored`: they have mentored before, here or elsewhere."""

    areas: tuple[str, ...] = ()
    up_to: int = 1
    zone: str | None = None
    languages: tuple[str, ...] = ()
    wants: Wants = Wants.EITHER
    mentored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What speaks for somebody, as it may be told in public. `areas`: of the thread's, which they know. `here`: they
    were active in the repository. `hours`: of a day in which both are usually awake (None: it is not known).
    `languages`: which they share with whom they would mentor, or with the other mentor."""

    areas: tuple[str, ...] = ()
    here: bool = False
    mentored: bool = False
    hours: int | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody is asked to take a part. `chosen_at`: when they were chosen, by which it is known. `asked_at`: when they
    were really asked (None: not yet). `beside`: who was to have the other part, as it looked then. `by`: who hands it
    over to them."""

    person: Person
    part: Part
    chosen_at: datetime
    asked_at: datetime | None = None
    said: Said = Said.OPEN
    said_at: datetime | None = None
    beside: Person | None = None
    by: PersonId | None = None
    reasons: Reasons = field(default_factory=Reasons)
    beside_reasons: Reasons = field(default_factory=Reasons)

    def key(self, ref: ThreadRef) -> str:
        """By which the ledger knows the comment that asks them."""
        return f"mentoring/ask/{ref.repo_id}/{ref.number}/{self.person.id}/{int(self.chosen_at.timestamp())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentoring:
    """Somebody (`mentee`; None: whoever takes the issue) is to be mentored in a thread. It is known by the thread and
    `began_at`. `running_since`: when all had agreed. `checks`: the days on which mentors look how it goes."""

    ref: ThreadRef
    began_at: datetime
    because: Because
    state: State
    state_at: datetime
    mentee: Person | None
    asked_by: Person
    asks: tuple[Ask, ...] = ()
    running_since: datetime | None = None
    checks: tuple[datetime, ...] = ()
    cohort: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def mentors(self) -> tuple[Ask, ...]:
        """Who has accepted and still is at it, in the order in which they were chosen."""
        return tuple(ask for ask in self.asks if ask.said is Said.ACCEPTED)

    @property
    def open_ask(self) -> Ask | None:
        """Who is being asked."""
        return next((ask for ask in self.asks if ask.said is Said.OPEN), None)

    def with_part(self, *parts: Part) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.mentors if ask.part in parts)

    @property
    def is_complete(self) -> bool:
        """Whether two have agreed who can begin. Two peers need no guide for that."""
        return len(self.with_part(Part.LEAD, Part.CO_MENTOR, Part.PEER)) >= PAIR

    def latest(self, person_id: PersonId) -> Ask | None:
        """The last time that somebody was asked here."""
        return next((ask for ask in reversed(self.asks) if ask.person.id == person_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor:
    """Somebody who agreed to be asked. `areas`: which they named (none: any). `up_to`: how many they mentor at a time.
    `zone`: an IANA name, None: it is not known. `mentored`: they said, or the organisation, that they have mentored
    before; what memory knows counts besides. `of_their_own`: they said it themselves, not the organisation's file.
    `affiliation`: as the file tells it. `zone_is_told`: with `/mentor` or in the file, so what follows from it may be
    told; what is known from /quiet-hours is theirs alone."""

    person: Person
    areas: tuple[str, ...] = ()
    up_to: int = 1
    zone: str | None = None
    languages: tuple[str, ...] = ()
    wants: Wants = Wants.EITHER
    mentored: bool = False
    of_their_own: bool = False
    affiliation: str | None = None
    zone_is_told: bool = False
    since: datetime | None = None
    place: ThreadRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A mentor, and what tells whether they should be asked now. `is_free`: not away, has room for one more, may be
    mentioned, was not asked here before, and did not ask for a rest: which of these it is, is told to nobody. `knows`:
    how much they did in an area, from 0 (nothing) to 1. `here`: the same for the repository. `led` and `beside`: how
    often they have mentored as lead (or peer) and as co-mentor, to the end. `asks`: how often they were asked within a
    year, `last_asked` when. `groups`: their teams. `pairs`: with whom they were paired within a year, how often."""

    mentor: Mentor
    is_free: bool
    room: int = 1
    knows: Mapping[str, float] = field(default_factory=dict)
    here: float = 0.0
    led: int = 0
    beside: int = 0
    asks: int = 0
    last_asked: datetime | None = None
    groups: frozenset[str] = frozenset()
    pairs: Mapping[PersonId, int] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        return self.mentor.person

    @property
    def has_mentored(self) -> bool:
        return self.mentor.mentored or self.led + self.beside > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """For what mentors are sought. `zone` and `languages`: of whom they would mentor, as far as it is known."""

    ref: ThreadRef
    repo_id: RepoId
    areas: frozenset[str]
    mentee: Person | None = None
    zone: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A candidate for a part, with the points that speak for and against them: the sum decides. Only of those who are
    free is anything told."""

    person: Person
    part: Part
    points: Mapping[str, float]
    reasons: Reasons

    @property
    def score(self) -> float:
        return sum(self.points.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Who is to be asked next, for which part, and who the other would be (None: nobody is free for it now)."""

    first: Weighed
    other: Weighed | None
    weighed: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospects:
    """What comes of it if mentors are sought in a thread now. `anybody`: there is somebody who can be asked. `review`:
    how long a first review usually takes there (None: not known)."""

    anybody: bool = False
    review: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StillThere:
    """A mentor of whom nothing was heard for long is asked, in a thread where they were last, whether they would still
    like to be asked."""

    person: Person
    asked_at: datetime

    def key(self, ref: ThreadRef) -> str:
        """By which the ledger knows the comment that asks them."""
        return f"mentoring/still-there/{ref.repo_id}/{ref.number}/{self.person.id}/{int(self.asked_at.timestamp())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody whom the organisation's file names as a mentor. They are known by login there."""

    login: str
    terms: Terms = field(default_factory=Terms)
    affiliation: str | None = None
