"""The words of the ramp: claims, links from pull requests, pointers, issues that one could take. Frozen, no I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import Level, Person, PersonId, Repo, ThreadRef, Waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """Something that the bot did in a thread, from the ledger: newest last. `detail` is what the effect changed."""

    key: str
    rule: str
    effect: str
    template: str | None
    why: str
    at: datetime
    person_id: PersonId
    external_id: int | None
    node_id: str
    url: str
    detail: dict[str, Any] = field(default_factory=dict)


class Ended(StrEnum):
    """Why a claim is over."""

    GIVEN_BACK = "given back"  # with /unclaim
    UNASSIGNED = "unassigned"  # by a human
    FREED = "freed"  # nothing was heard for long
    DONE = "done"  # the issue is closed
    UNDONE = "undone"  # with /undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody has taken an issue. `last_sign`: of work, on it or in a linked pull request. `waits_for_team`: a linked
    pull request of theirs does. `opted_out`: they asked to be left alone."""

    person: Person
    at: datetime
    last_sign: datetime
    ended_at: datetime | None = None
    ended: Ended | None = None
    waits_for_team: bool = False
    opted_out: bool = False

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pull request that names an issue. `closes`: it says that merging it closes the issue. `last_sign`: of its
    author, or when the team gave it back to them. `name`: as one writes it in the issue's repository."""

    pull: ThreadRef
    author: Person
    closes: bool
    is_open: bool
    merged_at: datetime | None
    last_sign: datetime
    waits: Waits | None = None
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """What is known of how to begin with an issue, by the names of `readiness.needs`; never the words. `url`: of the
    comment that says it. `ask`: whom to ask."""

    given: frozenset[str] = frozenset()
    ask: PersonId | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What an issue looks like (bot/levelling): a level, or else a "question" or one that "needs-info". `confidence`
    is from 0 to 1, `why` are short reasons in words."""

    rung: str
    level: Level | None
    area: str | None
    confidence: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An open issue with a level, and what tells whether somebody could take it. `ready`: nothing is missing that one
    needs to begin. `taken`: it is assigned, claimed, or a pull request closes it."""

    ref: ThreadRef
    repo: Repo
    level: Level
    areas: frozenset[str]
    since: datetime
    ready: bool
    taken: bool
    answer_minutes: int | None = None  # until a first answer in its repository, usually

    @property
    def name(self) -> str:
        return f"{self.repo.full_name}#{self.ref.number}"
