"""The things of this small GitHub: accounts, repositories, threads, apps.

They change, as things on GitHub do, so they are plain mutable dataclasses, told apart by identity; what never changes
once it is written is frozen. Only the acts (see `acts`) change them. Texts, names and times are kept; urls and the
fields that follow from others are made by `shapes` when somebody asks. Files, commits and branches are in `git`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.git import Branch, ChangedFile, Commit

AccountType = Literal["User", "Bot", "Organization"]
Role = Literal["admin", "maintain", "write", "triage", "read", "none"]  # what one may do in a repository, most first
ReactionContent = Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]
Verdict = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]  # as a review is handed in
ReviewState = Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]
MergeMethod = Literal["merge", "squash", "rebase"]
CloseReason = Literal["completed", "not_planned", "duplicate"]
Classifier = Literal["ABUSE", "DUPLICATE", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM"]  # why a comment is hidden
CheckStatus = Literal["queued", "in_progress", "completed"]  # as apps set it; what only Actions may set is left out
Conclusion = Literal["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"]
SuiteStatus = Literal["queued", "in_progress", "completed"]
SuiteConclusion = Literal[
    "action_required", "cancelled", "failure", "neutral", "skipped", "stale", "startup_failure", "success", "timed_out"
]
AnnotationLevel = Literal["notice", "warning", "failure"]


@dataclass(eq=False, kw_only=True)
class Account:
    id: int
    node_id: str
    login: str
    type: AccountType
    created_at: datetime
    name: str | None = None
    app: App | None = None  # the app whose hands this bot account is
    deleted: bool = False
    flagged: bool = False  # GitHub takes it for a nuisance: no profile, and not to be searched for
    blocked: set[int] = field(default_factory=set)  # ids of accounts that this one has blocked


@dataclass(eq=False, kw_only=True)
class Organization(Account):
    description: str | None = None
    members: dict[int, Member] = field(default_factory=dict)  # by account id
    teams: dict[str, Team] = field(default_factory=dict)  # by slug


@dataclass(kw_only=True)
class Member:
    account: Account
    role: Literal["admin", "member"]
    public: bool


@dataclass(eq=False, kw_only=True)
class Team:
    id: int
    node_id: str
    name: str
    slug: str
    organization: Organization
    description: str | None = None
    members: dict[int, Account] = field(default_factory=dict)
    repos: dict[int, Role] = field(default_factory=dict)  # what its members may do, by repository id


@dataclass(eq=False, kw_only=True)
class Label:
    id: int
    node_id: str
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category of discussions."""

    id: int
    node_id: str
    name: str
    slug: str
    emoji: str
    description: str
    is_answerable: bool
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class Release:
    id: int
    node_id: str
    tag: str
    name: str
    author: Account
    published_at: datetime
    prerelease: bool = False


@dataclass(eq=False, kw_only=True)
class Repo:
    id: int
    node_id: str
    owner: Account
    name: str
    created_at: datetime
    updated_at: datetime
    pushed_at: datetime
    description: str | None = None
    private: bool = False
    archived: bool = False
    deleted: bool = False
    default_branch: str = "main"
    language: str | None = "Python"
    topics: list[str] = field(default_factory=list)
    parent: Repo | None = None  # what this is a fork of
    forks: dict[int, Repo] = field(default_factory=dict)  # by their owner's id
    has_discussions: bool = True
    labels: dict[str, Label] = field(default_factory=dict)  # by name in lower case
    categories: dict[str, Category] = field(default_factory=dict)  # by slug
    branches: dict[str, Branch] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)  # by sha; a fork has the new ones only
    collaborators: dict[int, tuple[Account, Role]] = field(default_factory=dict)
    contributors: set[int] = field(default_factory=set)  # ids of accounts with commits on the default branch
    threads: dict[int, Thread] = field(default_factory=dict)  # by number
    comments: dict[int, Comment] = field(default_factory=dict)  # on its issues and pull requests, by id
    review_comments: dict[int, ReviewComment] = field(default_factory=dict)  # by id
    check_runs: dict[int, CheckRun] = field(default_factory=dict)  # by id, oldest first
    check_suites: dict[int, CheckSuite] = field(default_factory=dict)  # by id, oldest first
    gone: dict[int, Thread | None] = field(default_factory=dict)  # numbers of deleted (None) and transferred threads
    releases: list[Release] = field(default_factory=list)  # oldest first
    happenings: list[Happening] = field(default_factory=list)
    last_number: int = 0

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"


@dataclass(frozen=True, kw_only=True)
class Reaction:
    id: int
    node_id: str
    account: Account
    content: ReactionContent
    created_at: datetime


@dataclass(eq=False, kw_only=True)
class Comment:
    """A comment on an issue, a pull request or a discussion; there it may answer another comment (`parent`)."""

    id: int
    node_id: str
    thread: Thread
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    parent: Comment | None = None
    deleted: bool = False
    minimized: Classifier | None = None  # it is hidden, and why; as reactions of reviews, GraphQL alone shows it
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def repo(self) -> Repo:
        return self.thread.repo


@dataclass(eq=False, kw_only=True)
class ReviewComment(Comment):
    """A comment on a line of a pull request, part of a review; `parent` is the first comment on that line."""

    pull: PullRequest
    review: Review
    path: str
    line: int


@dataclass(eq=False, kw_only=True)
class Thread:
    """What issues, pull requests and discussions have in common."""

    id: int
    node_id: str
    repo: Repo
    number: int
    author: Account
    title: str
    body: str
    created_at: datetime
    updated_at: datetime
    open: bool = True
    locked: bool = False
    lock_reason: str | None = None
    closed_at: datetime | None = None
    state_reason: str | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Issue(Thread):
    assignees: list[Account] = field(default_factory=list)
    closed_by: Account | None = None
    timeline: list[Happening] = field(default_factory=list)  # oldest first
    pinned: bool = False
    converting: bool = False  # it has become a discussion: locked, and no longer to be commented on


@dataclass(eq=False, kw_only=True)
class PullRequest(Issue):
    """For GitHub a pull request is an issue, with an issue's id (`id`) and one of its own (`pull_id`)."""

    pull_id: int
    head_repo: Repo
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    files: tuple[ChangedFile, ...]
    commits: list[Commit]
    draft: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_sha: str | None = None
    reviews: list[Review] = field(default_factory=list)
    review_comments: list[ReviewComment] = field(default_factory=list)
    reviewers: list[Account] = field(default_factory=list)  # whose review was asked for and has not come


@dataclass(eq=False, kw_only=True)
class Discussion(Thread):
    category: Category
    answer: Comment | None = None
    answered_at: datetime | None = None
    answered_by: Account | None = None
    converting: bool = False  # it is just being made out of an issue


@dataclass(eq=False, kw_only=True)
class Review:
    id: int
    node_id: str
    pull: PullRequest
    author: Account
    state: ReviewState
    body: str
    commit: str
    submitted_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)  # GitHub shows them in GraphQL only
    minimized: Classifier | None = None

    @property
    def repo(self) -> Repo:
        return self.pull.repo


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry of an issue's timeline, as the issue events API tells it."""

    id: int
    node_id: str
    thread: Issue
    event: str
    actor: Account
    created_at: datetime
    label: Label | None = None
    assignee: Account | None = None
    rename: tuple[str, str] | None = None
    lock_reason: str | None = None
    state_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """What a check says about some lines of a file, both ends included."""

    path: str
    start_line: int
    end_line: int
    level: AnnotationLevel
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(eq=False, kw_only=True)
class CheckSuite:
    """All that an app has found out about a commit at one go. GitHub Actions has one for each workflow."""

    id: int
    node_id: str
    repo: Repo
    app: App
    head_sha: str
    head_branch: str | None
    created_at: datetime
    updated_at: datetime
    status: SuiteStatus = "queued"
    conclusion: SuiteConclusion | None = None


@dataclass(eq=False, kw_only=True)
class CheckRun:
    """What an app has found out about a commit. Only the app that made it may change it."""

    id: int
    node_id: str
    suite: CheckSuite
    repo: Repo
    app: App
    name: str
    head_sha: str
    status: CheckStatus
    conclusion: Conclusion | None
    started_at: datetime
    completed_at: datetime | None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def suite_id(self) -> int:
        return self.suite.id


@dataclass(eq=False, kw_only=True)
class App:
    id: int
    node_id: str
    slug: str
    name: str
    client_id: str
    owner: Account
    bot: Account
    public_key: str  # PEM
    private_key: str | None  # PEM; None where only the public half was given
    webhook_secret: str
    permissions: dict[str, str]
    events: list[str]
    hook_id: int
    created_at: datetime
    description: str | None = None
    url: str | None = None  # its homepage
    setup_url: str | None = None  # where whoever has installed it is sent
    public: bool = True  # others than its owner may install it
    webhook_url: str | None = None
    active: bool = True


@dataclass(eq=False, kw_only=True)
class Installation:
    id: int
    node_id: str
    app: App
    account: Account
    permissions: dict[str, str]
    events: list[str]
    created_at: datetime
    updated_at: datetime
    selected: dict[int, Repo] | None = None  # by id; None: all of the account's repositories
    suspended_at: datetime | None = None
    suspended_by: Account | None = None
    deleted: bool = False

    def covers(self, repo: Repo) -> bool:
        if self.deleted or repo.deleted:
            return False
        return repo.owner is self.account if self.selected is None else repo.id in self.selected


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a caller shows: an installation's token (one hour, narrowed perhaps) or a person's."""

    value: str
    account: Account
    created_at: datetime
    installation: Installation | None = None
    expires_at: datetime | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    only: frozenset[int] | None = None  # ids of the repositories it was narrowed to
