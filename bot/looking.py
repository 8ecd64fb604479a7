"""All that the rules may know when they look at a thread. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.checkinnotes import Told as ToldOfCheckIn
from bot.checkins import CheckIn
from bot.cohortnotes import Told as ToldOfCohort
from bot.cohorts import Cohort, Round
from bot.farewells import InTeam
from bot.gratitude import Known as KnownOfThanks
from bot.mentors import Mentoring, Prospects, StillThere, Terms
from bot.model import Person, PersonId, Pulse, Standing, Thread, ThreadRef
from bot.pathway import Acted, Claim, Link, Opening, Pointers, Seeker, Suggested
from bot.team import Care
from bot.waiting import Nudge, Rota, Told, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who steers the bot with a command.

    `belongs`: to the organisation (None: nobody has found out yet). `groups`: their teams there, as
    `organisation/team` in lower case. Of who wrote `/claim`: `merged`, whether a pull request of theirs was merged in
    the organisation (None: nobody knows), and how many other issues they have taken there.
    """

    belongs: bool | None = None
    groups: frozenset[str] = frozenset()
    merged: bool | None = None
    other_claims: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """What maintainers have stopped in a repository: everything until a time, or kinds of comments, by the names of
    their templates. `snoozed_until`: what is not asked for waits in this thread."""

    paused_until: datetime | None = None
    snoozed_until: datetime | None = None
    muted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a setting has its value from. `repository`: the one whose file says so, with `url` of the place in it."""

    given: Literal["file", "operator", "service", "defaults"]  # operator: the file of whoever runs the service
    line: int = 0
    repository: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLook:
    """All that the rules may know when they look at a thread.

    `answer_time`: median until a first human answer in this repository, None if there is too little to tell.
    `greeted`: whether another bot's welcome stands in the thread; `greeter_around`: whether such a bot is at work in
    the organisation. `said`: the ledger's keys about the thread's author; `done`: those of them that were carried out;
    `said_here`: those about this thread. `askers`: who wrote a command of late. `kinds`: the kinds
    of comments that can be muted; `files`: the repositories whose configuration files hold here; `acted`: what the bot
    did in the thread (all three are told only where there are askers, `acted` where there are claims too). `claims`: of
    an issue, all there ever were; `links`: the pull requests that name it. `pointers`: what is known of how to begin
    with it. `assigned`: who is, told only where there are askers. `suggested`: what an issue without a level looks
    like, where that may be told. `traits`: what an issue's title and text show. `reports`: how many issues its author
    has opened here before, as far as it matters. `on_call`: whom to ask for help, the next one first, and `helped`: for
    whom somebody was asked of late (both only where somebody wrote /need-help). `repo_labels`: the labels that the
    repository has (None: nobody has read them, or no command here needs them). `named`: the accounts that `/pointers`
    or `/vouch` here names, by login in lower case. `left_alone`: who of those who set labels here,
    or are part of its mentoring, asked to be left alone.
    `helpers`: who of the assignees belongs to the organisation. `offered`: the issues that are to be offered to the
    author here; `openings`: what there is to take, told after a merge; `seeker`: the author, told with either of them.
    `origins`: of the settings, by their names ("welcome.mode"), that somebody asks for with `/why`. `opening`: the
    issue itself, if it has a level, and `seekers`: those who want to take it, both told where somebody writes `/claim`.
    `stands`: where those who wrote `/path` stand on the skills map, as `bot/commands/path.py` puts it.
    `reminders`: those of late that are to be given in this thread, and `waiting`: whom it waits for, told with them.
    `told_here`: those that are to be told in this one, a digest, with the threads as they are now. `rota`: the triage
    rota, where somebody asks for it. `mentoring`: the last one of this thread. `still_there`: a mentor who is to
    be asked here whether they would still like to be asked. `reachable`: who of its mentors, and
    whoever is asked, may be mentioned now.
    `can_mentor`: who can be asked to take over, where somebody writes `/handover`. `prospects`: of finding mentors,
    where somebody asks for them.
    `mentors`: on which terms those who wrote `/mentor` do
    so far (None: they do not), and `released`: who of them is not asked until they say so again. `stepped_back`: who of
    those who have claims here stepped back from this repository, and until when (None: they did not say). `team`: what
    is known of those who write `/stepping-down`, and `repos`: the names of the organisation's repositories, by name in
    lower case, told with it. `cohort_told`: what people of a cohort are to be told here. `rounds`: the cohorts in
    their contribution period to which this thread or its author may belong; `cohorts`: all of the organisation's, and
    `named_threads`: those that are named by a web address or a short name, both told where somebody writes `/record`.
    `check_ins`: those that are asked in this thread, and `check_in_told`: what people are to be told of them here, in a
    private issue of ours only. `cares`: how those who wrote `/check-ins` want to be asked.
    `thanks`: what is known of thanks.
    """

    thread: Thread
    author: Standing = field(default_factory=Standing)
    pulse: Pulse | None = None
    answer_time: timedelta | None = None
    greeted: bool | None = None
    greeter_around: bool | None = None
    said: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    said_here: frozenset[str] = frozenset()
    hush: Hush = field(default_factory=Hush)
    askers: Mapping[PersonId, Asker] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    acted: tuple[Acted, ...] = ()
    claims: tuple[Claim, ...] = ()
    links: tuple[Link, ...] = ()
    pointers: Pointers = field(default_factory=Pointers)
    suggested: Suggested | None = None
    traits: frozenset[str] = frozenset()
    reports: int = 0
    on_call: tuple[Person, ...] = ()
    helped: frozenset[PersonId] = frozenset()
    assigned: tuple[Person, ...] = ()
    repo_labels: frozenset[str] | None = None
    named: Mapping[str, PersonId] = field(default_factory=dict)
    left_alone: frozenset[PersonId] = frozenset()
    helpers: frozenset[PersonId] = frozenset()
    offered: tuple[Opening, ...] = ()
    openings: tuple[Opening, ...] = ()
    seeker: Seeker | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    opening: Opening | None = None
    seekers: Mapping[PersonId, Seeker] = field(default_factory=dict)
    stands: Mapping[PersonId, Mapping[str, Any]] = field(default_factory=dict)
    waiting: Waiting | None = None
    reminders: tuple[Nudge, ...] = ()
    told_here: tuple[Told, ...] = ()
    rota: Rota | None = None
    mentoring: Mentoring | None = None
    mentors: Mapping[PersonId, Terms | None] = field(default_factory=dict)
    released: frozenset[PersonId] = frozenset()
    still_there: StillThere | None = None
    reachable: frozenset[PersonId] = frozenset()
    can_mentor: tuple[Person, ...] = ()
    prospects: Prospects = field(default_factory=Prospects)
    stepped_back: Mapping[PersonId, datetime | None] = field(default_factory=dict)
    team: Mapping[PersonId, InTeam] = field(default_factory=dict)
    repos: Mapping[str, str] = field(default_factory=dict)
    cohort_told: tuple[ToldOfCohort, ...] = ()
    rounds: tuple[Round, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    named_threads: Mapping[str, ThreadRef] = field(default_factory=dict)
    check_ins: tuple[CheckIn, ...] = ()
    check_in_told: tuple[ToldOfCheckIn, ...] = ()
    cares: Mapping[PersonId, Care] = field(default_factory=dict)
    thanks: KnownOfThanks = field(default_factory=KnownOfThanks)
