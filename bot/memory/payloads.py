"""Reads GitHub's JSON into small values that name only what we use.

Deleted accounts become GHOST and missing texts become "" here, and nowhere else. Payloads are described at
https://docs.github.com/webhooks/webhook-events-and-payloads.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot.commands import references
from bot.commands.asks import Said, said
from bot.commands.grammar import Command, read
from bot.commands.references import Reference
from bot.levelling.traits import traits
from bot.model import GHOST, Came, OwnerId, Person, PersonId, Repo, RepoId, ThreadKind, ThreadRef, Verdict

Json = Mapping[str, Any]

_VERDICTS: Final = {verdict.value: verdict for verdict in Verdict}
_TEAM: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})

# Headings of issue templates, in the words of those that are widespread (GitHub's own, JupyterHub's).
_HEADINGS: Final = {
    Came.PROBLEM: (
        "bug description",
        "describe the bug",
        "how to reproduce",
        "to reproduce",
        "steps to reproduce",
        "expected behaviour",
        "expected behavior",
        "actual behaviour",
        "actual behavior",
        "your personal set up",
    ),
    Came.WISH: (
        "proposed change",
        "alternative options",
        "who would use this feature?",
        "describe the solution you'd like",
        "is your feature request related to a problem?",
        "feature request",
    ),
    Came.QUESTION: ("question", "your question", "what is your question?"),
}
_LONGEST_HEADING: Final = 100  # characters
_ASKS: Final = re.compile(
    r".*\?\s*|\s*(?:how (?:do|can|to|should)|what (?:is|are)|where (?:is|are|can|do)|is it possible|is there"
    r"|can (?:i|we|you)) .*",
    re.IGNORECASE,
)
_DOCS_TITLE: Final = re.compile(r"^\s*(?:\[docs?\]|docs?(?:\([^)]*\))?:|\[documentation\])", re.IGNORECASE)


class Malformed(ValueError):
    """A payload lacks what GitHub documents for it."""


def instant(value: str | None) -> datetime | None:
    """GitHub's ISO 8601 times, as aware UTC. Some servers add milliseconds."""
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def stamp(value: str | int | None) -> datetime | None:
    """When an installation or a repository was changed: a few events tell it in seconds since 1970."""
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int) else instant(value)


def person(user: Json | None) -> Person:
    if not user:
        return GHOST
    return Person(PersonId(user["id"]), user["login"], is_bot=user.get("type") in {"Bot", "Mannequin"})


def is_team(thing: Json) -> bool:
    """Whether GitHub says of this thing's author that they belong here. The reverse it does not tell reliably:
    private members show as CONTRIBUTOR or NONE (rust-lang/triagebot#2094)."""
    return thing.get("author_association") in _TEAM


def repo(repository: Json) -> Repo:
    owner = repository["owner"]
    return Repo(
        id=RepoId(repository["id"]),
        owner_id=OwnerId(owner["id"]),
        owner=owner["login"],
        name=repository["name"],
        url=repository.get("html_url") or "",
        private=bool(repository.get("private")),
        archived=bool(repository.get("archived")),
        default_branch=repository.get("default_branch") or "",
    )


def named_repo(told: Json, account: Json) -> Repo:
    """A repository as installations tell of it: by its id and name, and whether it is private."""
    return Repo(
        id=RepoId(told["id"]),
        owner_id=OwnerId(account["id"]),
        owner=account["login"],
        name=told["name"],
        private=bool(told.get("private")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitNews:
    """A commit as a push tells of it: its author by login, if GitHub knows whose it is."""

    sha: str
    at: datetime
    login: str | None
    paths: tuple[str, ...]


def commits(push: Json) -> Iterator[CommitNews]:
    """What a push brings; merges bring what is there already. Raises Malformed.

    A commit's time is what the clock of its author said, which may be anything: none is later than the push.
    """
    pushed_at = stamp((push.get("repository") or {}).get("pushed_at"))
    for one in push.get("commits") or ():
        at = min((time for time in (_readable(one.get("timestamp")), pushed_at) if time is not None), default=None)
        if at is None:
            raise Malformed("push: a commit without a time")
        if not is_merge(one.get("message") or ""):
            files = (path for kind in ("added", "removed", "modified") for path in one.get(kind) or ())
            login = (one.get("author") or {}).get("username")
            yield CommitNews(sha=one["id"], at=at, login=login, paths=tuple(files))


def _readable(value: str | None) -> datetime | None:
    try:
        return instant(value)
    except (ValueError, OverflowError):
        return None


def is_merge(message: str) -> bool:
    """By the words that git and GitHub put there: a push does not tell a commit's parents."""
    return message.startswith(("Merge pull request #", "Merge branch ", "Merge remote-tracking branch "))


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """How much a pull request changes. `lines`: added and removed. `head`: the newest of the commits that do."""

    files: int
    lines: int
    head: str = ""


def size(pull: Json) -> Size | None:
    """Only the whole form of a pull request tells it: not its form as an issue, nor that in reviews and lists."""
    if "changed_files" not in pull:
        return None
    head = (pull.get("head") or {}).get("sha") or ""
    return Size(int(pull["changed_files"]), int(pull["additions"]) + int(pull["deletions"]), head)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadNews:
    """A thread as one payload shows it. `updated_at` orders the payloads of a thread. `traits`: what an issue's title
    and text show (bot/levelling), None of others. `names`: the issues that a pull request names; None: the payload does
    not show its text."""

    ref: ThreadRef
    owner_id: OwnerId
    kind: ThreadKind
    node_id: str
    place_id: int
    author: Person
    author_is_team: bool
    created_at: datetime
    updated_at: datetime
    is_open: bool
    locked: bool
    draft: bool
    closed_at: datetime | None
    merged_at: datetime | None
    labels: Mapping[str, int | None]  # their names, with the ids if they are told
    assignees: tuple[int, ...]
    category: str
    hint: Came
    commands: tuple[Command, ...]
    traits: tuple[str, ...] | None = None
    size: Size | None = None
    names: tuple[Reference, ...] | None = None


def thread(thing: Json, kind: ThreadKind, where: Repo) -> ThreadNews:
    """An issue, pull request or discussion object. Raises Malformed."""
    try:
        created_at = instant(thing["created_at"])
        updated_at = instant(thing.get("updated_at")) or created_at
        if created_at is None or updated_at is None:
            raise Malformed(f"{kind} without created_at")
        title, body = thing.get("title") or "", thing.get("body") or ""
        pull_request = thing.get("pull_request") or {}
        return ThreadNews(
            ref=ThreadRef(where.id, int(thing["number"])),
            owner_id=where.owner_id,
            kind=kind,
            node_id=thing.get("node_id") or "",
            place_id=int(thing["id"]),
            author=person(thing.get("user")),
            author_is_team=is_team(thing),
            created_at=created_at,
            updated_at=updated_at,
            is_open=thing.get("state") not in {"closed", "converting", "transferring"},
            locked=bool(thing.get("locked")) or thing.get("state") == "locked",
            draft=bool(thing.get("draft")),
            closed_at=instant(thing.get("closed_at")),
            merged_at=instant(thing.get("merged_at") or pull_request.get("merged_at")),
            labels={label["name"]: label.get("id") for label in thing.get("labels") or () if label is not None},
            assignees=tuple(sorted(user["id"] for user in thing.get("assignees") or () if user)),
            category=(thing.get("category") or {}).get("name") or "",
            hint=hint(title, body),
            commands=read(body),
            traits=tuple(sorted(traits(title, body))) if kind is ThreadKind.ISSUE else None,
            size=size(thing) if kind is ThreadKind.PULL_REQUEST else None,
            names=_names(thing, where) if kind is ThreadKind.PULL_REQUEST else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"{kind}: {type(error).__name__} {error}") from error


def _names(pull: Json, where: Repo) -> tuple[Reference, ...] | None:
    if "body" not in pull:
        return None
    title, body = pull.get("title") or "", pull["body"] or ""
    found = references.read(title, body, here=where.full_name, host=urlsplit(where.url).netloc)
    return tuple(one for one in found if (one.repo, one.number) != ("", pull["number"]))


def issue_kind(issue: Json) -> ThreadKind:
    """Comments on pull requests come with the pull request in the form of an issue."""
    return ThreadKind.PULL_REQUEST if issue.get("pull_request") else ThreadKind.ISSUE


def hint(title: str, body: str) -> Came:
    """What template and title tell, in our own few words; the texts themselves go no further."""
    headings = set(_headings(body[:20_000]))
    for came, known in _HEADINGS.items():
        if headings.intersection(known):
            return came
    if _DOCS_TITLE.match(title):
        return Came.DOCS
    return Came.QUESTION if _ASKS.fullmatch(title) else Came.UNKNOWN


def _headings(body: str) -> Iterator[str]:
    """The lines that stand out, without what makes them. By hand: what strangers write can make a pattern take for
    ever."""
    for line in body.splitlines():
        if len(line) <= _LONGEST_HEADING and line.startswith(("#", "**")):
            yield line.lstrip("#").strip(" \t*:").casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNews:
    """A comment or review as one payload shows it. `said`: what kind of words it has; None: the payload does not show
    them, or a bot wrote it."""

    kind: str
    source_id: int
    node_id: str
    person: Person
    is_team: bool
    at: datetime
    updated_at: datetime
    commands: tuple[Command, ...]
    verdict: Verdict | None = None
    said: Said | None = None


def answer(thing: Json, kind: str, for_us: Callable[[tuple[Command, ...]], tuple[Command, ...]]) -> AnswerNews:
    """A comment, review or discussion comment object. `for_us`: which of its commands are. Raises Malformed."""
    try:
        at = instant(thing.get("submitted_at") or thing.get("created_at"))
        if at is None:
            raise Malformed(f"{kind} without a time")
        who, body = person(thing.get("user")), thing.get("body") or ""
        commands = read(body)
        return AnswerNews(
            kind=kind,
            source_id=int(thing["id"]),
            node_id=thing.get("node_id") or "",
            person=who,
            is_team=is_team(thing),
            at=at,
            updated_at=instant(thing.get("updated_at")) or at,
            commands=commands,
            said=said(body, for_us(commands)) if "body" in thing and not who.is_bot else None,
            verdict=_VERDICTS.get(str(thing.get("state") or "").lower()) if kind == "review" else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"{kind}: {type(error).__name__} {error}") from error
