"""The words of the domain. Frozen, typed, no I/O.

People, repositories and threads are known by GitHub's numeric ids: logins and names change. All times are aware UTC.
"""

from collections.abc import Mapping
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
    default_branch: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def is_home(self) -> bool:
        """Whether what maintainers say there holds for all repositories of its owner."""
        return self.name.lower() == ".github"


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


class Level(StrEnum):
    """How much one has to know to do it."""

    STARTER = "starter"
    MEDIUM = "medium"
    ADVANCED = "advanced"


class Verdict(StrEnum):
    """What a review says of the pull request."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Answer:
    """A comment or a review (then with its `verdict`): who and when, never what. `asks`: whether there is a question in
    it; `says`: whether it says anything to people, or is to the bot alone. None: nobody has looked."""

    person: Person
    at: datetime
    by_team: bool = False
    verdict: Verdict | None = None
    asks: bool | None = None
    says: bool | None = None


class Step(StrEnum):
    """What happens to a thread besides words. `PUSHED`: new commits in a pull request."""

    LABELED = "labeled"
    UNLABELED = "unlabeled"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    READY = "ready_for_review"
    PUSHED = "pushed"


@dataclass(frozen=True, slots=True)
class Happening:
    """A step in a thread's history, and who took it. `about`: the label's name, or the id of who was assigned."""

    step: Step
    at: datetime
    person: Person
    about: str = ""
    by_team: bool = False


class Waits(StrEnum):
    """Whose turn it is in a thread."""

    FOR_TEAM = "for the team"
    FOR_AUTHOR = "for the author"
    FOR_NOBODY = "for nobody"  # it is over, or not ready to be looked at


TICK: Final = "tick"  # where a request stands that is no text: a box in an issue of ours


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody wrote in a thread.

    `place` says where it stands ("issue", "issue_comment", "review", "review_comment", "discussion",
    "discussion_comment", or TICK) and `place_id` which one. `turn`: it was the how manieth in its thread that we heard
    of, from 1. `to_us`: the app's name stood in front of it.
    """

    name: str
    args: str
    person: Person
    at: datetime
    place: str
    place_id: int
    node_id: str
    turn: int = 0
    to_us: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """An issue, a pull request or a discussion, as memory has it.

    `opened_by` is who set off GitHub's "opened" event (None: it was not witnessed); somebody else than the author when
    the thread was transferred or converted. `paths` are a pull request's changed files, None while nobody has asked.
    `hint` is what the template's headings and the title tell, from a fixed vocabulary. `answers` and `history` are in
    the order of time.
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
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    labels: frozenset[str] = frozenset()
    assignees: frozenset[PersonId] = frozenset()
    category: str = ""
    hint: Came = Came.UNKNOWN
    paths: tuple[str, ...] | None = None
    answers: tuple[Answer, ...] = ()
    requests: tuple[Request, ...] = ()
    history: tuple[Happening, ...] = ()

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
class Pulse:
    """How the conversation of a thread stands.

    `first_answer` and `last_answer`: by a human who is not the author. `last_word`: of any human, the author's too.
    `waits_since`: when the one whose turn it is got it.
    """

    first_answer: datetime | None = None
    last_answer: datetime | None = None
    last_word: datetime
    waits: Waits
    waits_since: datetime


class Doing(StrEnum):
    """Kinds of activity."""

    ISSUE = "issue"
    PULL_REQUEST = "pull_request"
    DISCUSSION = "discussion"
    COMMENT = "comment"
    REVIEW = "review"
    COMMIT = "commit"
    MERGE = "merge"  # of somebody's pull request
    TRIAGE = "triage"  # labels, assigns, closes or reopens what others opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often somebody did a kind of thing, and when first and last."""

    doing: Doing
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLook:
    """What somebody does in an organisation: in each repository, and in each area over all of them.

    Something in two areas counts in both. A bot has done nothing. `landed`: how many of their own pull requests were
    merged, by area. `first_seen` and `last_seen` are None for somebody who did nothing yet. Private: for the person,
    for those who decide, and for the bot's own manners.
    """

    person: Person
    is_team: bool
    in_repos: Mapping[RepoId, tuple[Tally, ...]]
    in_areas: Mapping[str, tuple[Tally, ...]]
    landed: Mapping[str, int] = field(default_factory=dict)

    @property
    def first_seen(self) -> datetime | None:
        return min((tally.first for tallies in self.in_repos.values() for tally in tallies), default=None)

    @property
    def last_seen(self) -> datetime | None:
        return max((tally.last for tallies in self.in_repos.values() for tally in tallies), default=None)

    def count(self, *doings: Doing) -> int:
        """How often, over all repositories; of these kinds, or of all."""
        tallies = (tally for tallies in self.in_repos.values() for tally in tallies)
        return sum(tally.count for tally in tallies if not doings or tally.doing in doings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoLook:
    """A repository. The medians are over what people from outside opened within 90 days (None: too little to tell);
    what still waits counts as longer than it has waited. `supply`: open issues that nobody has taken, by level.
    """

    repo: Repo
    first_answer: timedelta | None
    first_review: timedelta | None
    merge: timedelta | None
    open_issues: int
    open_pull_requests: int
    supply: Mapping[Level, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """An open thread, and how its conversation stands."""

    thread: Thread
    pulse: Pulse


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A team in an organisation on GitHub."""

    slug: str
    name: str
    members: frozenset[PersonId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Everybody who belongs to an organisation: its members, and the collaborators on its repositories that we know of;
    no bots. `read_at`: when the list of members was last read in full, None if never.
    """

    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    read_at: datetime | None
