"""What maintainers may configure of triage: expectations, the rota, working days, and the community's digest.

All of it is part of `bot/policy.py`.
"""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from bot.pathpolicy import RepoName
from bot.policytypes import Day, Duration, Feature, Label, Login, Name, Part, cannot_be, recurrence

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WorkingDays = Annotated[int, Field(ge=1, le=260)]

WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


def _begins_first(value: "Break") -> "Break":
    if value.last < value.first:
        raise cannot_be("the first day cannot come after the last", ["first"], ["last"])
    return value


class Break(Part):
    """Days on which the team does not work."""

    first: Day
    """The first of them: 2026-12-24."""
    last: Day
    """The last of them: 2027-01-02."""

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


class WorkingTime(Part):
    """When the team works. Waiting times of triage are counted in its working days."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    """The days of the week on which it works."""
    holidays: tuple[Day, ...]
    """Days on which it does not: 2026-12-25."""
    breaks: tuple[Annotated[Break, AfterValidator(_begins_first)], ...]
    """Longer times in which it does not, with the first and the last day of each."""


class Expectations(Part):
    """After how many working days something is late."""

    first_answer: WorkingDays
    """A first answer by a human."""
    triage: WorkingDays
    """A level, or an answer by the team, where others have answered."""
    review: WorkingDays
    """A review of a pull request."""
    reply: WorkingDays
    """An answer to what its author replied."""
    merge: WorkingDays
    """A merge of what is approved."""
    decision: WorkingDays
    """A decision."""
    newcomer: WorkingDays
    """A first answer or review, where the author is new in the organisation."""


class Signs(Part):
    """Labels that tell whom a thread waits for. Upper and lower case are the same; what bots set does not count."""

    on_hold: tuple[Label, ...]
    """It waits for nobody."""
    decision: tuple[Label, ...]
    """It waits for a decision."""
    needs_info: tuple[Label, ...]
    """It waits for its author."""


class AreaPerson(Part):
    """Somebody who agreed to be asked about threads of some areas."""

    login: Login
    """Who."""
    areas: tuple[Name, ...] = ()
    """The names of the areas; none: all."""


class Triage(Feature):
    """Reminds the team of what waits for it, and tells newcomers who were left waiting that they are seen."""

    rota: tuple[Login, ...]
    """Who agreed to look after triage, a week each, in turns. Nobody named: nobody is asked as a part of a rota."""
    people: tuple[AreaPerson, ...]
    """Who agreed to be asked about areas. Everybody can do so themselves with `/triage-rota join`."""
    expect: Expectations
    labels: Signs
    nudges_a_day: Annotated[int, Field(ge=0, le=50)]
    """Of how many threads the bot may remind somebody in a day, over the whole organisation."""
    every: Duration
    """Somebody is reminded of a thread at most once in this time."""
    times: Annotated[int, Field(ge=0, le=10)]
    """And so often in all, as long as nothing happens there; after that it stands in the digest only."""
    ask_after: Duration
    """After so long with one of the labels `needs_info` its author is asked once whether they are still there."""
    close_after: Duration
    """After so long without an answer to that the digest names it as one that somebody might close. The bot never
    does."""


class Community(Feature):
    """A monthly issue for everybody: who came, what was done, what waits, and how to join in."""

    repo: RepoName | None
    """In which repository of the organisation it stands. `null`: in `.github`."""
    when: Annotated[str, AfterValidator(recurrence), Field(examples=["1st Monday"])]
    """The day on which one is written, about the time since the last such day."""
