"""The words of a year: who opens, says, reviews, labels, merges and closes what, and when. Pure data.

`making` makes one up, `stale` and `playing` let it happen.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from benchmarks.year import rates

BEGIN: Final = datetime(2027, 1, 4, tzinfo=UTC)  # a Monday


class Act(StrEnum):
    """`Event.what` says: which label; a review's verdict; a conclusion; or the words."""

    ISSUE = "opens an issue"
    PULL = "opens a pull request"
    DRAFT = "opens a draft"
    READY = "says that it is ready"
    COMMENT = "says"
    REVIEW = "reviews"
    PUSH = "pushes"
    CHECKS = "the checks say"
    LABEL = "puts a label on"
    UNLABEL = "takes a label off"
    CLOSE = "closes"
    MERGE = "merges"


OPENINGS: Final = frozenset({Act.ISSUE, Act.PULL, Act.DRAFT})
ENDINGS: Final = frozenset({Act.CLOSE, Act.MERGE})


class Role(StrEnum):
    """What the author of a thread is to the organisation."""

    TEAM = "team"
    NEW = "new"  # it is the first thing that they do there
    RETURNING = "returning"
    BOT = "bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How somebody wants to be reached. `command` is what they write, in some thread, at that time."""

    who: str
    at: datetime
    command: str
    a_week: int | None = None
    away_until: datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Somebody does something in a thread. `thread` counts through all repositories."""

    at: datetime
    thread: int
    act: Act
    by: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    number: int
    repo: int
    author: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`pace`: how busy it is, 1 as measured. `before`: weeks of which the backlog is left."""

    repos: int = 50
    weeks: int = 52
    before: int = 104
    pace: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """`team`: the busiest first. `rota` and `areas`: who of them agreed to what, `areas` with the areas' names."""

    team: tuple[str, ...]
    rota: tuple[str, ...]
    areas: dict[str, tuple[str, ...]]
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """`events` are in order; those before `begin` are the past, which no app has heard of."""

    begin: datetime
    end: datetime
    repos: tuple[str, ...]
    people: People
    threads: dict[int, Thread]
    events: tuple[Event, ...]

    @cached_property
    def past(self) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.at < self.begin)

    @cached_property
    def year(self) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.at >= self.begin)

    def is_team(self, login: str) -> bool:
        return login in self.people.team


def holidays(begin: datetime) -> tuple[date, ...]:
    """Days on which the team does not work."""
    return tuple(date(begin.year, month, day) for month, day in ((1, 6), (3, 29), (5, 6), (11, 1), (12, 31)))


def summer(begin: datetime) -> tuple[date, date]:
    """The team's holidays, the first day and the last one."""
    return date(begin.year, 8, 2), date(begin.year, 8, 15)


def people(begin: datetime) -> People:
    """Twenty-five, of whom few do most. Those who look after triage are not the busiest only."""
    team = tuple(f"warden-{n}" for n in range(1, len(rates.TEAM) + 1))
    day = timedelta(days=1)
    until = begin + 90 * day
    wishes = (
        Wish(who=team[2], at=begin + 2 * day, command="/budget 1 per week", a_week=1),
        Wish(who=team[9], at=begin + 9 * day, command="/budget none", a_week=0),
        Wish(who=team[4], at=begin + 30 * day, command=f"/away until {until:%Y-%m-%d}", away_until=until),
        Wish(who=team[5], at=begin + 3 * day, command="/quiet-hours America/Los_Angeles", zone="America/Los_Angeles"),
        Wish(who=team[1], at=begin + 5 * day, command="/quiet-hours Europe/Oslo", zone="Europe/Oslo"),
    )
    return People(
        team=team,
        rota=(team[0], team[1], team[2], team[4], team[5], team[7]),
        areas={team[3]: ("documentation",), team[8]: ("automation",), team[9]: (), team[11]: ("documentation",)},
        wishes=wishes,
    )
