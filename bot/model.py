"""The words of the domain. Frozen, typed, no I/O.

People, repositories and threads are known by GitHub's numeric ids: logins and names change. All times are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

PersonId = NewType("PersonId", int)
OwnerId = NewType("OwnerId", int)  # the account that owns repositories: an organisation or a user
RepoId = NewType("RepoId", int)
InstallationId = NewType("InstallationId", int)
Subject = NewType("Subject", str)  # what the engine looks at, as a key: "thread/REPO_ID/NUMBER"


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    login: str
    is_bot: bool = False  # by GitHub's account type; accounts that merely act like bots are in the configuration


# GitHub shows deleted accounts as this one: https://github.com/ghost
GHOST: Final = Person(PersonId(10137), "ghost")


@dataclass(frozen=True, slots=True)
class Repo:
    id: RepoId
    owner_id: OwnerId
    owner: str
    name: str
    url: str = ""  # of its page
    private: bool = False
    archived: bool = False

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class ThreadRef:
    """A thread's identity. Issues, pull requests and discussions of a repository share one sequence of numbers."""

    repo_id: RepoId
    number: int

    @property
    def subject(self) -> Subject:
        return Subject(f"thread/{self.repo_id}/{self.number}")

    @classmethod
    def of(cls, subject: Subject) -> "ThreadRef":
        """The thread behind a subject's key. Raises ValueError if it is not a thread's."""
        kind, repo_id, number = subject.split("/")
        if kind != "thread":
            raise ValueError(f"{subject} is not a thread")
        return cls(RepoId(int(repo_id)), int(number))


class ThreadKind(StrEnum):
    ISSUE = "issue"
    PULL_REQUEST = "pull_request"
    DISCUSSION = "discussion"


class Came(StrEnum):
    """What somebody came with, as far as labels, template and changed paths tell."""

    PROBLEM = "problem"
    QUESTION = "question"
    WISH = "wish"
    CODE = "code"
    DOCS = "docs"
    TALK = "talk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """A comment or a review: who and when, never what."""

    person: Person
    at: datetime
    by_team: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody wrote in a thread.

    `place` says where it stands ("issue", "issue_comment", "review", "review_comment", "discussion",
    "discussion_comment") and `place_id` which one.
    """

    name: str
    args: str
    person: Person
    at: datetime
    place: str
    place_id: int
    node_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """An issue, a pull request or a discussion, as memory has it.

    `opened_by` is who set off GitHub's "opened" event (None: it was not witnessed); somebody else than the author when
    the thread was transferred or converted. `paths` are a pull request's changed files, None while nobody has asked.
    `hint` is what the template's headings and the title tell, from a fixed vocabulary.
    """

    ref: ThreadRef
    kind: ThreadKind
    repo: Repo
    author: Person
    node_id: str = ""
    created_at: datetime
    heard_at: datetime
    opened_by: PersonId | None = None
    moved: bool = False
    is_open: bool = True
    locked: bool = False
    draft: bool = False
    ready_at: datetime | None = None
    merged_at: datetime | None = None
    labels: frozenset[str] = frozenset()
    category: str = ""
    hint: Came = Came.UNKNOWN
    paths: tuple[str, ...] | None = None
    answers: tuple[Answer, ...] = ()
    requests: tuple[Request, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.repo.full_name}#{self.ref.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person in an organisation. None means: nobody has found out yet.

    `has_past`: did anything here before the bot came; `past_hidden`: GitHub was asked and would not say.
    `merged_before`: had another pull request merged before this thread (before its merge, if it is merged).
    `earlier`: the kinds of threads that they opened before this one. `met_in`: the repositories of those.
    """

    is_team: bool | None = None
    has_past: bool | None = None
    past_hidden: bool = False
    merged_before: bool | None = None
    opted_out: bool = False
    earlier: frozenset[ThreadKind] = frozenset()
    met_in: frozenset[RepoId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLook:
    """All that the rules may know when they look at a thread.

    `answer_time`: median until a first human answer in this repository, None if there is too little to tell.
    `greeted`: whether another bot's welcome stands in the thread; `greeter_around`: whether such a bot is at work in
    the organisation. `said`: the ledger's keys about the thread's author; `done`: those of them that were carried out;
    `said_here`: those about this thread.
    """

    thread: Thread
    author: Standing = field(default_factory=Standing)
    answer_time: timedelta | None = None
    greeted: bool | None = None
    greeter_around: bool | None = None
    said: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    said_here: frozenset[str] = frozenset()
