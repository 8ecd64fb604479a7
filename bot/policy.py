"""What maintainers may configure, as types. `config/schema.json` and `docs/configuration.md` are made from these.

The values come from `config/defaults.yml`, over which an organisation's own file is laid: mappings merge, lists and
single values replace. `bot/policyfile.py` reads the files and says where in them a mistake is.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal, Self, assert_never
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.mentoringpolicy import Cohorts, Mentoring
from bot.model import Came, Level, Person, Repo, ThreadKind
from bot.pathpolicy import (
    Advice,
    Claims,
    Commands,
    Digest,
    Invitation,
    NeedHelp,
    NextSteps,
    Offers,
    Ramp,
    Readiness,
    Who,
)
from bot.policytypes import (
    LANGUAGE,
    Day,
    Duration,
    Feature,
    Glob,
    Label,
    Link,
    Login,
    Maintainer,
    Mode,
    Name,
    Part,
    RepoGlob,
    Switch,
    TimeOfDay,
    cannot_be,
    recurrence,
    zone,
)
from bot.recurrence import Recurrence
from bot.teampolicy import CheckIns, Farewell, Returns, Succession, Team, Thanks
from bot.triagepolicy import Community, Triage, WorkingTime


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What there is in a place, to tell names in a file that are not. None: it is not known, so nothing is told.
    `categories` are those of discussions, `teams` are written as `organisation/team`."""

    labels: frozenset[str] | None = None
    categories: frozenset[str] = frozenset()
    people: Callable[[str], bool | None] = lambda login: None
    teams: frozenset[str] | None = None


class People(Part):
    """Accounts with a special place. Logins are compared whole, never by their ending."""

    bots: tuple[Login, ...]
    """Accounts that act like bots though GitHub calls them users. They are not spoken to and do not count as people."""
    leave_alone: tuple[Login, ...]
    """People who asked never to be written to. They can do so themselves with the comment `/no-bot`."""
    maintainers: tuple[Maintainer, ...]
    """Who may steer Switchback with `/switchback` and mute it: logins, and teams as `organisation/team`. Nobody named:
    everybody who belongs to the organisation."""


class Links(Part):
    """Where to send people. `{owner}` and `{repo}` stand for the place of the thread. `null`: there is none."""

    contributing: Link | None
    """The contributing guide."""
    code_of_conduct: Link | None
    """The Code of Conduct."""
    ai_policy: Link | None
    """What contributors should know about using AI here."""
    chat: Link | None
    """Where people talk: a chat or a forum."""

    def at(self, repo: Repo) -> dict[str, str | None]:
        """The links for a repository, with its owner and name filled in."""
        return {
            name: link.replace("{owner}", repo.owner).replace("{repo}", repo.name) if link else None
            for name, link in self
        }


class Call(Part):
    """A call that newcomers are welcome to join."""

    name: Annotated[Name, Field(examples=["Collaboration Cafe"])]
    """What it is called, for example: Collaboration Cafe."""
    when: Annotated[str, AfterValidator(recurrence), Field(examples=["1st and 3rd Tuesday"])]
    """The days it is on: "1st and 3rd Tuesday", "every Monday", "last Friday"."""
    time: TimeOfDay
    """When it starts, in its own time zone, in quotes: "17:00"."""
    timezone: Annotated[str, AfterValidator(zone), Field(examples=["Europe/Berlin"])]
    """For example: Europe/Berlin. The welcome gives the time in UTC."""
    url: Link | None = None
    """Where to read about it or to join."""
    skip: tuple[Day, ...] = ()
    """Days on which it is left out: 2026-12-25."""

    def next_after(self, now: datetime) -> datetime | None:
        """When it is on next, in UTC."""
        return Recurrence.parse(self.when).next_after(now, at=self.time, zone=ZoneInfo(self.timezone), skip=self.skip)


class CameWith(Part):
    """How to tell what somebody came with. Labels and discussion categories count first, then an issue's template and a
    pull request's changed files."""

    problem: tuple[Label, ...]
    """Labels and categories of problems."""
    question: tuple[Label, ...]
    """Labels and categories of questions."""
    wish: tuple[Label, ...]
    """Labels and categories of feature wishes."""
    docs: tuple[Label, ...]
    """Labels of documentation work."""
    docs_paths: tuple[Glob, ...]
    """A pull request that changes only such files is documentation. `*` matches any text, also with slashes."""

    def by_labels(self, labels: frozenset[str]) -> list[Came]:
        """All that fit, the likeliest first. Upper and lower case are the same."""
        names = {label.casefold() for label in labels}
        told_by = {
            Came.PROBLEM: self.problem, Came.QUESTION: self.question, Came.WISH: self.wish, Came.DOCS: self.docs,
        }  # fmt: skip
        return [came for came, known in told_by.items() if any(name.casefold() in names for name in known)]

    def only_docs(self, paths: tuple[str, ...]) -> bool:
        return bool(paths) and all(any(fnmatchcase(path, glob) for glob in self.docs_paths) for path in paths)


class Welcome(Feature):
    """A welcome for somebody who is new in the organisation: each of the four at most once for a person."""

    first_issue: bool
    """Welcome the author of a first issue."""
    first_pull_request: bool
    """Welcome the author of a first pull request, once it is ready for review."""
    first_merge: bool
    """Congratulate on the first merged pull request."""
    first_discussion: bool
    """Welcome the author of a first discussion."""
    hold: Duration
    """Wait this long, and stay silent if somebody of the team answered first. `0 minutes`: speak at once."""
    too_late: Duration
    """Stay silent if it was not possible to speak within this time."""
    another_repo: Literal["nothing", "note"]
    """What somebody gets who was welcomed before and now comes to another repository for the first time: `nothing`, or
    a two-line `note` with that repository's own links."""
    other_greeters: tuple[Login, ...]
    """Bots that welcome people too. Where one of them spoke already, Switchback does not."""

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if self.hold > self.too_late:
            what = "hold cannot be longer than too_late: the welcome would never be said"
            raise cannot_be(what, ["hold"], ["too_late"])
        return self

    def first(self, kind: ThreadKind) -> bool:
        """Whether the first thread of this kind is welcomed."""
        switches = {
            ThreadKind.ISSUE: self.first_issue,
            ThreadKind.PULL_REQUEST: self.first_pull_request,
            ThreadKind.DISCUSSION: self.first_discussion,
        }
        return switches[kind]


class Levels(Part):
    """Which labels stand for which level. The first of a list is the one to use; upper and lower case are the same."""

    starter: tuple[Label, ...]
    """Can be done by somebody who comes for the first time."""
    medium: tuple[Label, ...]
    """The step between the first issue and expert work."""
    advanced: Annotated[tuple[Label, ...], Field(examples=[["needs: experience"]])]
    """Needs somebody who knows the ropes."""

    @model_validator(mode="after")
    def _each_of_one_level(self) -> Self:
        seen: dict[str, tuple[str, int]] = {}
        for level, labels in self:
            for index, label in enumerate(labels):
                first = seen.setdefault(label.casefold(), (level, index))
                if first[0] != level:
                    what = f"the label {label} cannot stand for two levels, {first[0]} and {level}"
                    raise cannot_be(what, (level, index), first)
        return self

    def of(self, labels: frozenset[str]) -> Level | None:
        """The level that a thread's labels tell; of several the lowest, None if they tell of none."""
        names = {label.casefold() for label in labels}
        return next((level for level, known in self._known() if names & known), None)

    def _known(self) -> list[tuple[Level, set[str]]]:
        told_by = ((Level.STARTER, self.starter), (Level.MEDIUM, self.medium), (Level.ADVANCED, self.advanced))
        return [(level, {label.casefold() for label in labels}) for level, labels in told_by]


class Area(Part):
    """A field of work, told by labels, by files and by repositories."""

    name: Name
    """What it is called, for example: documentation."""
    labels: tuple[Label, ...] = ()
    """Threads with one of these labels belong to it."""
    paths: tuple[Glob, ...] = ()
    """So do pull requests and commits that change such a file. `*` matches any text, also with slashes."""
    repos: tuple[RepoGlob, ...] = ()
    """And everything in these repositories, by their names without the owner's. `*` matches any text."""

    def has(self, repo: str) -> bool:
        """Whether a repository is one of its own, by its name. Upper and lower case are the same."""
        return any(fnmatchcase(repo.casefold(), glob.casefold()) for glob in self.repos)


class Activity(Part):
    """What counts as somebody's activity."""

    excluded_paths: tuple[Glob, ...]
    """Commits and pull requests that change nothing but such files do not count, for example the team file: whoever is
    moved to the emeriti there is not active by that. `*` matches any text, also with slashes."""

    def excludes(self, paths: Collection[str] | None) -> bool:
        """Whether a change of these files (None: they are not known) is left out."""
        return bool(paths) and all(any(fnmatchcase(path, glob) for glob in self.excluded_paths) for path in paths or ())


class Limits(Part):
    """How much is too much."""

    mentions_a_day: Annotated[int, Field(ge=0)]
    """How often a person may be mentioned in 24 hours, over all repositories. Beyond it the name has no @."""
    mentions_a_week: Annotated[int, Field(ge=0)]
    """The same in 7 days. Everybody can lower both for themselves with `/budget`."""
    quiet_from: TimeOfDay
    """From when on people are not mentioned in the evening, in their own time zone, if they told it with
    `/quiet-hours`. They are not on weekends either."""
    quiet_to: TimeOfDay
    """Until when in the morning."""
    comments_an_hour: Annotated[int, Field(ge=1, le=450)]
    """The circuit breaker: a feature that wrote this often (comments and reactions) for an installation within the last
    60 minutes stops until fewer are left in them."""

    mute_after: Annotated[int, Field(ge=0)]
    """After so many comments of one kind that maintainers did not want (they gave a 👎, hid or deleted them), that kind
    is muted in the repository. `0`: never."""

    @model_validator(mode="after")
    def _day_within_week(self) -> Self:
        if self.mentions_a_day > self.mentions_a_week:
            what = "mentions_a_day cannot be more than mentions_a_week"
            raise cannot_be(what, ["mentions_a_day"], ["mentions_a_week"])
        return self


class Configuration(Part):
    """What Switchback does when this file is changed."""

    check_runs: bool
    """Show mistakes on the commits of pull requests and pushes that touch the file, and what the change would do."""
    preview: Duration
    """Over which time back from today the preview tells what the configuration would have posted."""


class Policy(Part):
    """The configuration of Switchback."""

    switchback: Switch
    """`off`: Switchback is silent here, whatever else is configured."""
    extends: Literal["organisation", "none"]
    """What a repository's file is laid over: `organisation`, the file in the organisation's `.github` repository, or
    `none`, only the defaults."""
    language: Annotated[str, StringConstraints(pattern=LANGUAGE)]
    """The language to write in: a directory of `config/messages/`."""
    no_bot_label: Label
    """A thread with this label is left alone. Upper and lower case are the same."""
    people: People
    links: Links
    calls: tuple[Call, ...]
    """Calls that newcomers are welcome to join. The welcome names the next one."""
    came_with: CameWith
    levels: Levels
    areas: tuple[Area, ...]
    """Fields of work. Files that are in none of them count for the folder that they are in."""
    activity: Activity
    welcome: Welcome
    commands: Commands
    advice: Advice
    readiness: Readiness
    ramp: Ramp
    offers: Offers
    next_steps: NextSteps
    claims: Claims
    invitation: Invitation
    need_help: NeedHelp
    digest: Digest
    triage: Triage
    community: Community
    mentoring: Mentoring
    cohorts: Cohorts
    team: Team
    check_ins: CheckIns
    farewell: Farewell
    thanks: Thanks
    returns: Returns
    succession: Succession
    working_time: WorkingTime
    messages: Annotated[Mapping[str, str], Field(examples=[{"welcome-issue": "Welcome, {{ author }}!"}])]
    """Words of your own instead of the shipped ones: the name of a message in `config/messages/`, and its text in
    Markdown. The note that a bot wrote it, and how to stop it, comes by itself."""
    limits: Limits
    configuration: Configuration

    @model_validator(mode="after")
    def _areas_are_different(self) -> Self:
        seen: dict[str, int] = {}
        for index, area in enumerate(self.areas):
            first = seen.setdefault(area.name.casefold(), index)
            if first != index:
                what = f"two areas cannot have the same name, {area.name}: write its labels and paths in one"
                raise cannot_be(what, ("areas", index))
        return self

    def mode(self, feature: str) -> Mode:
        """Whether a feature speaks. What is no feature of its own (answers to commands) does, unless all is off."""
        if self.switchback == "off":
            return Mode.OFF
        section = getattr(self, feature, None)
        return section.mode if isinstance(section, Feature) else Mode.ON

    def is_bot(self, person: Person) -> bool:
        return person.is_bot or person.login.casefold() in {login.casefold() for login in self.people.bots}

    def is_maintainer(self, person: Person, *, belongs: bool | None, groups: Collection[str]) -> bool | None:
        """Whether somebody may steer the bot; None if that depends on whether they belong, which nobody knows yet.
        `groups`: their teams, as `organisation/team` in lower case."""
        if not self.people.maintainers:
            return belongs
        named = {name.casefold() for name in self.people.maintainers}
        return person.login.casefold() in named or not named.isdisjoint(groups)

    def may(
        self, command: str, person: Person, *, belongs: bool | None, groups: Collection[str], involved: bool
    ) -> bool | None:
        """Whether somebody may use a command (its name with `_`); None if that depends on whether they belong.
        `involved`: they opened the thread, are assigned or have claimed it."""
        who = Who(getattr(self.commands, command))
        match who:
            case Who.EVERYBODY:
                return True
            case Who.NOBODY:
                return False
            case Who.MEMBERS:
                return belongs
            case Who.MAINTAINERS:
                return self.is_maintainer(person, belongs=belongs, groups=groups)
            case Who.INVOLVED:
                return involved or self.is_maintainer(person, belongs=belongs, groups=groups)
            case _:
                assert_never(who)

    def leaves_alone(self, person: Person) -> bool:
        return person.login.casefold() in {login.casefold() for login in self.people.leave_alone}

    def excludes(self, repo: str, paths: Collection[str] | None) -> bool:
        """Whether a change of these files (None: they are not known) in the repository of that name is no activity:
        each is a team file, or one that does not count."""
        team = {file.path for file in self.team.files if file.repo.casefold() == repo.casefold()}
        return bool(paths) and all(path in team or self.activity.excludes([path]) for path in paths or ())

    def areas_of(self, labels: frozenset[str], paths: Collection[str] | None, repo: str = "") -> frozenset[str]:
        """The areas that labels, changed files (None: they are not known) and the repository's name tell of."""
        names = {label.casefold() for label in labels}
        found = {
            area.name
            for area in self.areas
            if names & {label.casefold() for label in area.labels} or (repo and area.has(repo))
        }
        for path in paths or ():
            within = [area.name for area in self.areas if any(fnmatchcase(path, glob) for glob in area.paths)]
            folder, slash, _ = path.partition("/")
            found.update(within or ([folder] if slash else []))
        return frozenset(found)

    def next_call(self, now: datetime) -> tuple[Call, datetime] | None:
        """The call that is on next, and when (UTC)."""
        coming = [(at, index) for index, call in enumerate(self.calls) if (at := call.next_after(now))]
        if not coming:
            return None
        at, index = min(coming)
        return self.calls[index], at


FEATURES: Final = tuple(
    name
    for name, field in Policy.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Feature)
)
