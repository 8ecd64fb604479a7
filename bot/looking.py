"""All that the rules may know when they look at a thread. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.model import PersonId, Pulse, Standing, Thread
from bot.pathway import Acted, Claim, Link, Pointers


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody who steers the bot with a command.

    `belongs`: to the organisation (None: nobody has found out yet). `groups`: their teams there, as
    `organisation/team` in lower case.
    """

    belongs: bool | None = None
    groups: frozenset[str] = frozenset()


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
    did in the thread (all three are told only where there are askers). `claims`: of an issue, all there ever were;
    `links`: the pull requests that name it. `pointers`: what is known of how to begin with it. `origins`: of the
    settings, by their names ("welcome.mode"), that somebody asks for with `/why`.
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
    origins: Mapping[str, Origin] = field(default_factory=dict)
