"""The words of cohorts: rounds of interns or sprints, their tasks, who applies, and what they did. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.model import Level, Person, PersonId, ThreadRef

_DAY: Final = timedelta(days=1)


class Program(StrEnum):
    """What kind of a round it is."""

    OUTREACHY = "outreachy"
    GSOC = "gsoc"
    SPRINT = "sprint"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intern:
    """Somebody who was chosen, and the issue that they work on, in one of the organisation's repositories."""

    login: str
    repo: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A round, as the organisation's file tells it. `first` and `last`: days of the contribution period. `mentors`:
    their logins, in the file's order. A task is an issue with `label` and one of `levels`; `takers` may have it at a
    time. `guide_repo` None: in `.github`. `sheet_repo` None: there is no evaluation sheet. `sync`: the day of a call of
    mentors and applicants."""

    id: str
    name: str
    program: Program
    first: date
    last: date
    mentors: tuple[str, ...]
    label: str
    levels: frozenset[Level]
    takers: int
    channel: str
    links: Mapping[str, str] = field(default_factory=dict)
    guide_repo: str | None = None
    sheet_repo: str | None = None
    sync: date
    interns: tuple[Intern, ...] = ()

    @property
    def begins(self) -> datetime:
        """The first moment of the contribution period, anywhere on Earth."""
        return datetime.combine(self.first, time(), UTC) - timedelta(hours=14)

    @property
    def ends(self) -> datetime:
        """When its last day is over, anywhere on Earth."""
        return datetime.combine(self.last + _DAY, time(), UTC) + timedelta(hours=12)

    def takes_place(self, now: datetime) -> bool:
        """Whether it is the contribution period."""
        return self.begins <= now < self.ends

    def is_task(self, labels: frozenset[str], level: Level | None) -> bool:
        """Whether an issue with these labels, and so of this level, is one of its tasks. Upper and lower case are the
        same."""
        return level in self.levels and self.label.casefold() in {label.casefold() for label in labels}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An open issue of a cohort. `takers`: how many have it now. `done`: whether it is closed."""

    ref: ThreadRef
    name: str
    level: Level
    takers: int
    most: int
    is_open: bool = True

    @property
    def left(self) -> int:
        return max(self.most - self.takers, 0) if self.is_open else 0


class Came(StrEnum):
    """What became of a contribution."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"
    ELSEWHERE = "elsewhere"  # an address: nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What an applicant did: a thread (`ref`, and its `name` as organisation/repository#number), or what stands at a
    `url` elsewhere. `pull`: whether it is a pull request. `reviewed`: whether somebody of the team has reviewed or
    answered it since its author last did something. `waits_since`: since when it waits for that."""

    at: datetime
    ref: ThreadRef | None = None
    name: str = ""
    url: str = ""
    pull: bool = False
    state: Came = Came.OPEN
    task: ThreadRef | None = None
    task_name: str = ""
    private: bool = False
    waits_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who applies in a cohort. `place`: a thread in which they can be told something (None: there is none
    now). `tasks`: which they have taken, by name. `opted_out`: they asked to be left alone."""

    person: Person
    since: datetime
    contributions: tuple[Contribution, ...] = ()
    tasks: tuple[str, ...] = ()
    place: ThreadRef | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A cohort, as a thread sees it. `runs`: whether it is its contribution period; if not, all that is told is the
    intern who works on the thread, and where somebody wrote `/record` in time what that needs. `guide`: whether its
    guide stands. `mentors`: those of them who are known. `task`: the thread itself, if it is one of its tasks.
    `others`: tasks with places left that would do instead, told where somebody wants to take this one. `named`: those
    that the thread, a pull request, names. `applies`: whether its author applies in it. `recorded`: whose contribution
    the thread is recorded as."""

    cohort: Cohort
    runs: bool = True
    guide: bool = False
    mentors: frozenset[PersonId] = frozenset()
    task: Task | None = None
    others: tuple[Task, ...] = ()
    named: tuple[ThreadRef, ...] = ()
    applies: bool = False
    recorded: frozenset[PersonId] = frozenset()
    intern: Person | None = None
