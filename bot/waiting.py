"""The words of triage: whom a thread waits for, since when, and what tells so. Frozen, no I/O."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.model import Person, PersonId, Thread, ThreadRef

_WEEK: Final = timedelta(days=7)


_LONG_AGO: Final = 180  # working days


class On(StrEnum):
    """Whom an open thread waits for. The values are what people write behind `/waiting-on`, but the first and last."""

    TRIAGE = "triage"  # nobody of the team has answered, and it has no level
    TEAM = "team"  # an answer, or a merge
    REVIEW = "review"
    DECISION = "decision"
    AUTHOR = "author"
    NOBODY = "nobody"  # on hold, blocked, left alone, or there to be taken
    PROGRESS = "in progress"  # somebody is at it

    @property
    def is_team(self) -> bool:
        """Whether the team holds the ball."""
        return self in {On.TRIAGE, On.TEAM, On.REVIEW, On.DECISION}


class Because(StrEnum):
    """What tells whom a thread waits for. The values are English, for `explain`; the names are for templates."""

    UNANSWERED = "nobody of the team has answered"
    UNREVIEWED = "nobody of the team has reviewed it"
    AUTHOR_SPOKE = "its author spoke last"
    TEAM_ASKED = "somebody of the team asked its author something"
    TEAM_ANSWERED = "somebody of the team has answered"
    ANSWERED = "somebody has answered"  # in a discussion that is enough
    NEEDS_INFO = "a label says that something is missing"
    CHANGES_REQUESTED = "a review asks for changes"
    CHECKS_FAILED = "its checks fail"
    CHECKS_HELD = "its checks wait for somebody of the team to let them run"
    APPROVED = "it is approved and not merged"
    DRAFT = "it is a draft"
    CLAIMED = "somebody has taken it"
    ASSIGNED = "somebody is assigned"
    LINKED = "an open pull request names it"
    LEVELLED = "it has a level, and may be taken"
    ON_HOLD = "a label says that it is on hold"
    DECISION = "a label says that something is to be decided"
    SAID = "somebody said so with /waiting-on"
    LEFT_ALONE = "a label says that it is to be left alone"
    LOCKED = "it is locked"
    BY_TEAM = "somebody of the team opened it"
    BY_BOT = "a bot opened it, or nobody who is still there"
    CLOSED = "it is closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that counts. `who`: the login of whose act it was, `about`: the label's name; both may be empty."""

    because: Because
    at: datetime
    who: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Whom a thread waits for, and since when. The first of the `evidence` decided; the others count along with it."""

    on: On
    since: datetime
    evidence: tuple[Evidence, ...]

    @property
    def because(self) -> Because:
        return self.evidence[0].because


class Result(StrEnum):
    """What the checks of a commit say, all together."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    HELD = "held"  # they wait for somebody of the team to let them run


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Of a pull request's newest commit, as far as check suites told. `at`: when the result came."""

    result: Result
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Somebody wrote `/waiting-on`. None: it is to be derived again."""

    on: On | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What tells whom a thread waits for, besides the thread. `claimed`: since when somebody has taken it. `linked`:
    since when an open pull request names it. None: nobody, none, or nothing is known. `by_team`: its author belongs to
    the organisation."""

    claimed: datetime | None = None
    linked: datetime | None = None
    checks: Checks | None = None
    correction: Correction | None = None
    by_team: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An open thread as the team's backlog has it.

    `newcomer`: its author is new in the organisation, as far as memory can tell. `waited`: the team's working days
    since it waits so; `allowed`: after how many that is late (None: it never is). `around`: who was in the thread in
    the last seven days. `opted_out`: its author asked to be left alone; `by_team`: they belong to the team. `asleep`:
    it is snoozed, or its repository paused.
    """

    thread: Thread
    waiting: Waiting
    areas: frozenset[str] = frozenset()
    newcomer: bool = False
    waited: int = 0
    allowed: int | None = None
    around: frozenset[PersonId] = frozenset()
    opted_out: bool = False
    by_team: bool = False
    asleep: bool = False

    @property
    def is_late(self) -> bool:
        return self.allowed is not None and self.waited >= self.allowed

    @property
    def late_by(self) -> int:
        """How many working days too late; below 0 it is in time."""
        return self.waited - self.allowed if self.allowed is not None else -1

    @property
    def is_ancient(self) -> bool:
        """Whether it is so late that a few weeks more make no difference."""
        return self.late_by > _LONG_AGO

    @property
    def turn(self) -> tuple[bool, bool, datetime, ThreadRef]:
        """The lower, the more good a look does: newcomers come before the others, and what is ancient comes last of
        each; then what has waited longest."""
        return not self.newcomer, self.is_ancient, self.waiting.since, self.thread.ref


class Reminder(StrEnum):
    """What the bot may say about a thread that waits."""

    NUDGE = "nudge"  # to somebody of the team, in the digest
    SENTENCE = "sentence"  # one honest sentence to a newcomer, in the thread
    QUESTION = "question"  # to its author, who was asked for something long ago


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A reminder that is to be given, or was. `person`: to whom. `because`, `since`: of what the thread waited for."""

    ref: ThreadRef
    reminder: Reminder
    person: PersonId
    because: Because
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reminder that is to be given in a digest: to whom, of what. `on_duty`: they look after triage this week;
    otherwise they agreed to be asked about its area."""

    nudge: Nudge
    person: Person
    case: Case
    on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A week of the triage rota, from its Monday. `stands_in`: they took it over from somebody. `since`: when it was
    said whose it is; None: it is their turn."""

    week: date
    person: Person
    stands_in: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """`weeks`: this week and the next ones, or none where nobody is on it. `areas`: who agreed to be asked about an
    area, by its name; those behind "" about all. `members`: who is on it, in their order."""

    weeks: tuple[OnDuty, ...] = ()
    areas: dict[str, tuple[Person, ...]] = field(default_factory=dict)
    members: tuple[Person, ...] = ()

    def of(self, day: date) -> OnDuty | None:
        """Whose the week of a day is; None: nobody's, or it is none of these."""
        return next((one for one in self.weeks if one.week <= day < one.week + _WEEK), None)

    @property
    def willing(self) -> tuple[Person, ...]:
        """All who agreed to look after triage, in turns or for some areas; each once."""
        agreed = (person for people in self.areas.values() for person in people)
        return tuple({person.id: person for person in (*self.members, *agreed)}.values())
