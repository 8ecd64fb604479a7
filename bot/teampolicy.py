"""What maintainers may configure of the team: who it is, check-ins, stepping back, thanks, and who comes after.

All of it is part of `bot/policy.py`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.pathpolicy import RepoName
from bot.policytypes import Duration, Feature, FilePath, Glob, Link, Login, Maintainer, Name, Part, cannot_be
from bot.team import Format


class TeamFile(Part):
    """A file that says who belongs to the team."""

    repo: RepoName
    """In which repository of the organisation it is."""
    path: FilePath
    """Where it is there: docs/_data/contributors.yaml"""
    format: Format = Format.AUTO
    """`contributors` (a YAML list of people with `handle` and `status`), `codeowners`, `maintainers` (one person a
    line), or `auto`: by its name."""
    covers: tuple[RepoName, ...] = ()
    """The repositories whose team it names. None: a `contributors` file is the whole organisation's, the others are
    their own repository's."""


class Meetings(Part):
    """Notes of meetings in which people are named who were there."""

    repo: RepoName
    """In which repository of the organisation they are."""
    paths: Annotated[tuple[Glob, ...], Field(min_length=1, examples=[["docs/meetings/*"]])]
    """Which files they are. `*` matches any text, also with slashes."""


class Team(Part):
    """Who the team is. Without files and groups: everybody who belongs to the organisation."""

    files: Annotated[tuple[TeamFile, ...], Field(max_length=60)]
    """Files that name its people."""
    groups: tuple[Maintainer, ...]
    """Teams on GitHub, as `organisation/team`, and logins."""
    meetings: Annotated[tuple[Meetings, ...], Field(max_length=10)]
    """Notes of meetings: whoever is named there as `@login` was there that day."""
    place: RepoName | None
    """A private repository, for all that is between the bot, somebody of the team and the admins. Only people who may
    read it can be asked there. `null`, or a repository that is not private: nobody is asked anything."""


class CheckIns(Feature):
    """A private question, how things are, to somebody of the team of whom there was little to see for long."""

    form: Literal["person", "round"]
    """`person`: an issue for each, in `team.place`. `round`: one for those who agreed to it (`/check-ins together`),
    with their first names; the others have one each."""
    silence: Duration
    """Who was not seen anywhere for this long is asked."""
    decline: bool
    """So is of whom there is lastingly much less than there used to be."""
    again: Duration
    """Nobody is asked again before this time is over, whatever they answered."""
    joined: Duration
    """Nor before they have been there for this long."""
    never_ask: tuple[Login, ...]
    """People who are never asked. Whoever can read this file can read that; `/check-ins off` is the private way."""
    remind: Annotated[tuple[Duration, ...], Field(max_length=3)]
    """When they are reminded, after the question."""
    hand_over_after: Duration
    """When somebody is told that there was no answer, after the question. From then on it is theirs."""
    hand_to: tuple[Login, ...]
    """Who that is: people who agreed to it, in turns. Nobody: the question is left standing."""
    a_week: Annotated[int, Field(ge=1, le=20)]
    """How many people are asked in a week at most."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.remind) != sorted(set(self.remind)):
            raise cannot_be("each reminder has to be later than the one before", ["remind"])
        if self.remind and self.hand_over_after <= self.remind[-1]:
            raise cannot_be("it is handed over after the last reminder", ["hand_over_after"], ["remind"])
        return self


class Account(Part):
    """Something that has to be handed over besides issues: an account, a key, a release."""

    name: Name
    """What it is, for example: releases on PyPI."""
    url: Link | None = None
    """Where it is told how."""


class Farewell(Feature):
    """Stepping back: a list for a good hand-over and the change of the team file, for people to act on."""

    over: Duration
    """What somebody alone knows is told by what happened in this time."""
    share: Annotated[float, Field(gt=0, le=1, examples=[0.5])]
    """They know it alone if more than this part of its reviews and merges was theirs."""
    accounts: Annotated[tuple[Account, ...], Field(max_length=20)]
    """What else has to be handed over."""
    owners: tuple[Login, ...]
    """Who decides on merge rights and may give them again. Nobody named: the maintainers."""


class Thanks(Feature):
    """Thank-yous: a story for whoever steps back, if they want it, and the small ones."""

    where: Literal["digest", "issue", "discussion"]
    """Where a story stands if nothing else is wished: the community's digest, an issue or a discussion of its own."""
    repo: RepoName | None
    """In which repository. `null`: in `.github`."""
    category: Annotated[str, StringConstraints(min_length=1, max_length=80), Field(examples=["Announcements"])]
    """In which category a discussion stands."""
    merges: tuple[Annotated[int, Field(ge=2)], ...]
    """Which of somebody's merged pull requests they are thanked for in the pull request itself."""
    anniversaries: bool
    """The digest names those who have been there for a year, or several."""
    every: Duration
    """A person gets one public comment of thanks in this time at most."""


class Returns(Feature):
    """A short greeting to whoever comes back, of those who said themselves that they would be away or step back."""

    away_for: Annotated[Duration, Field(examples=["60 days"])]
    """Who was away for less than this is not greeted."""


class Succession(Feature):
    """Tells the admins, in `team.place`, where a repository or an area rests on one person of whom there is less of
    late."""

    over: Duration
    """By what happened in this time."""
    share: Annotated[float, Field(gt=0, le=1, examples=[0.5])]
    """It rests on somebody who did more than this part of its reviews, merges, triage and commits, unless others were
    active of late too."""
    people: Annotated[int, Field(ge=1, le=10)]
    """How many are named who could grow into it."""
    issues: Annotated[int, Field(ge=1, le=10)]
    """And how many medium issues that would train them."""
    every: Duration
    """The same is told at most once in this time."""
