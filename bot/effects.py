"""What the rules may ask for. Values only: `bot/github/write.py` performs them, `explain` prints them.

Each has a `kind`, by which the ledger and `explain` name it, the rule it comes from and a why, one sentence that can be
shown to a person. Those that change something, on GitHub or in memory, have a key: the ledger lets one key happen once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from bot.model import Person, Repo, Request, ThreadRef

Value = str | int | bool | None | Mapping[str, "Value"]  # what a message's template may be given


class Question(StrEnum):
    """What only GitHub can tell. Whoever looks finds it out, memory keeps it, and the rules are asked again."""

    TEAM = "who belongs to the organisation"
    PAST = "whether the author did anything here before"
    PATHS = "which files the pull request changes"
    GREETED = "whether another bot has welcomed the author here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A comment in a thread, from the template `config/messages/<language>/<template>.md`."""

    kind: ClassVar[str] = "say"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    template: str
    language: str
    values: Mapping[str, Value] = field(default_factory=dict)
    to: Person
    mention: bool = True  # False: the name stands there without its @, because the attention budget is spent
    aloud: bool = True  # False: it is recorded and not posted, in shadow mode and during a pause
    words: str | None = None  # the organisation's own, instead of the shipped template's
    asked_for: bool = False  # it answers a command: so it is posted in a pause too, and cannot be muted


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """A reaction to somebody's command."""

    kind: ClassVar[str] = "react"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    request: Request
    content: Literal["+1", "confused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRepo:
    """Memory: the bot says nothing by itself until then (None: it speaks again) in the thread's repository, or
    `everywhere` in its owner's. `as_of`: when `person` said so; who spoke later counts."""

    kind: ClassVar[str] = "pause"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    person: Person
    everywhere: bool
    until: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteKind:
    """Memory: comments from this template are not wanted any more in the thread's repository, or wanted again."""

    kind: ClassVar[str] = "mute"
    rule: str
    key: str
    why: str
    thread: ThreadRef
    person: Person
    template: str
    muted: bool
    as_of: datetime


class _OnRepo:
    """What is about a whole repository, and no thread of it."""

    __slots__ = ()
    repo: Repo

    @property
    def thread(self) -> ThreadRef:
        """For the ledger: no thread has the number 0."""
        return ThreadRef(self.repo.id, 0)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on a line of a file. Lines and columns count from 1."""

    path: str
    line: int
    level: Literal["failure", "warning", "notice"]
    message: str
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun(_OnRepo):
    """The result of looking at a commit. `summary` is Markdown."""

    kind: ClassVar[str] = "check_run"
    rule: str
    key: str
    why: str
    repo: Repo
    sha: str
    name: str
    conclusion: Literal["success", "failure", "neutral"]
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssue(_OnRepo):
    """A new issue. `body` is Markdown."""

    kind: ClassVar[str] = "open_issue"
    rule: str
    key: str
    why: str
    repo: Repo
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeFile(_OnRepo):
    """A pull request that adds or replaces one file, from a branch of ours. `title` is the commit's message too."""

    kind: ClassVar[str] = "propose_file"
    rule: str
    key: str
    why: str
    repo: Repo
    branch: str
    path: str
    text: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """Find this out, then ask the rules again."""

    kind: ClassVar[str] = "learn"
    rule: str
    why: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Look at the subject again at this time, if nothing happens before."""

    kind: ClassVar[str] = "look_again"
    rule: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Say nothing, for this reason."""

    kind: ClassVar[str] = "quiet"
    rule: str
    why: str


Act = Say | React
Order = PauseRepo | MuteKind
Deed = CheckRun | OpenIssue | ProposeFile
Effect = Act | Order | Learn | LookAgain | Quiet
