"""Reads `config/cohorts.yml` of an organisation: its rounds of interns and sprints. Says of every mistake where it is.

`config/cohorts.schema.json` is made from these types.
"""

from datetime import timedelta
from typing import Annotated, Final, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from bot import plain, policyfile, shipped, skills
from bot.cohorts import Cohort, Intern, Program
from bot.model import Level
from bot.pathpolicy import RepoName
from bot.policyfile import Source
from bot.policytypes import Day, Label, Login, Name, Part, cannot_be
from bot.problems import ConfigError
from bot.skills import Address, Links

_ID: Final = r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"
_ISSUE: Final = r"^[A-Za-z0-9._-]+#[0-9]{1,9}$"
_THIRD_WEEK: Final = timedelta(days=14)
PATTERNS: Final = skills.PATTERNS | {
    _ID: "an id has small letters, digits and hyphens",
    _ISSUE: "an issue is named like hub#12, by its repository in the organisation and its number",
}


class Days(Part):
    """The contribution period."""

    first: Day
    """Its first day: 2026-10-05."""
    last: Day
    """Its last day: 2026-10-30."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise cannot_be("the first day cannot come after the last", ["first"], ["last"])
        return self


class Tasks(Part):
    """Which issues are tasks of the cohort."""

    label: Label = Field(examples=["outreachy"])
    """The label that makes an issue a task."""
    levels: Annotated[tuple[Level, ...], Field(min_length=1)] = (Level.STARTER, Level.MEDIUM)
    """Of which levels: an issue with another level, or with none, is no task."""
    takers: Annotated[int, Field(ge=1, le=10, examples=[3])] = 3
    """How many people may have a task at a time."""


class Guide(Part):
    """The guide for everybody who applies: one issue, pinned."""

    repo: RepoName | None = None
    """In which repository of the organisation it stands. `null`: in `.github`."""
    links: Links = Field(default_factory=dict)
    """What to read first, by name: a link for each."""


class ChosenIntern(Part):
    """Somebody who was chosen."""

    login: Login
    """Who."""
    issue: Annotated[str, StringConstraints(pattern=_ISSUE), Field(examples=["hub#12"])]
    """The issue that they work on: two mentors are sought for them there."""


class Listed(Part):
    """A round of interns, or a sprint."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_ID), Field(examples=["outreachy-2026"])]
    """What it is known by; it must not change later."""
    name: Name
    """What it is called, for example: Outreachy, December 2026."""
    program: Program = Program.OTHER
    """`outreachy`, `gsoc`, `sprint` or `other`."""
    contributions: Days
    mentors: Annotated[tuple[Login, ...], Field(min_length=1, max_length=50)]
    """Who agreed to mentor in it, and to read what applicants do."""
    tasks: Tasks
    channel: Address
    """Where applicants and mentors talk, in public."""
    guide: Guide = Guide()
    sheet: RepoName | None = None
    """In which private repository the evaluation sheet stands. `null`: there is none."""
    sync: Day | None = None
    """The day of the call in the third week. `null`: the first day of that week."""
    interns: Annotated[tuple[ChosenIntern, ...], Field(max_length=50)] = ()
    """Who was chosen, once that may be told."""

    @model_validator(mode="after")
    def _sync_within(self) -> Self:
        days = self.contributions
        if self.sync is not None and not days.first <= self.sync <= days.last:
            raise cannot_be("the sync has to be within the contribution period", ["sync"])
        return self

    def cohort(self) -> Cohort:
        days = self.contributions
        return Cohort(
            id=self.id,
            name=self.name,
            program=self.program,
            first=days.first,
            last=days.last,
            mentors=self.mentors,
            label=self.tasks.label,
            levels=frozenset(self.tasks.levels),
            takers=self.tasks.takers,
            channel=self.channel,
            links=self.guide.links,
            guide_repo=self.guide.repo,
            sheet_repo=self.sheet,
            sync=self.sync or min(days.first + _THIRD_WEEK, days.last),
            interns=tuple(_intern(one) for one in self.interns),
        )


class CohortsFile(Part):
    """The cohorts of an organisation."""

    cohorts: tuple[Listed, ...] = ()
    """The rounds, in any order. Those that are over may stay."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: dict[str, int] = {}
        for index, one in enumerate(self.cohorts):
            if seen.setdefault(one.id, index) != index:
                raise cannot_be(f"two cohorts cannot have the same id, {one.id}", ("cohorts", index, "id"))
        return self


BOOK: Final = plain.Book(CohortsFile, shipped.COHORTS, PATTERNS)


def _intern(one: ChosenIntern) -> Intern:
    repo, _, number = one.issue.partition("#")
    return Intern(login=one.login, repo=repo, number=int(number))


def parse(name: str, data: bytes) -> tuple[Cohort, ...]:
    """A file's bytes; `name` is what messages call it. Raises ConfigError with all mistakes."""
    return made(policyfile.parse(name, data))


def made(source: Source) -> tuple[Cohort, ...]:
    """Those in a file that was read. Raises ConfigError with all mistakes."""
    try:
        found = CohortsFile.model_validate(source.settings)
    except ValidationError as error:
        raise ConfigError(policyfile.found_by(error, source, BOOK)) from None
    return tuple(one.cohort() for one in found.cohorts)
