"""The words of the ramp: claims, links from pull requests, pointers, issues that one could take. Frozen, no I/O."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model import Level, Person, PersonId, Repo, RepoId, ThreadRef, Waits


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
    """An issue with a level, and what tells whether somebody could take it. `ready`: nothing is missing that one needs
    to begin. `taken`: it is assigned, claimed, or a pull request closes it. `nearby`: the areas of all openings in its
    repository. `since`: when it got its level; `pointed_at`: when somebody last said how to begin. `lacks`: what is
    missing, by the names of `readiness.needs`."""

    ref: ThreadRef
    repo: Repo
    level: Level
    areas: frozenset[str]
    since: datetime
    ready: bool
    taken: bool
    answer_minutes: int | None = None  # until a first answer in its repository, usually
    is_open: bool = True
    author: PersonId | None = None
    nearby: frozenset[str] = frozenset()
    pointed_at: datetime | None = None
    lacks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.repo.full_name}#{self.ref.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeker:
    """Somebody who may look for an issue, and what they did here: how many pull requests were merged, the highest level
    of those, and in which areas and repositories they were active. `interests`: the areas that they asked for (none
    named: all); None: they did not ask. `offered`: what was offered to them before."""

    person: Person
    merged: int = 0
    highest: Level | None = None
    areas: frozenset[str] = frozenset()
    repos: frozenset[RepoId] = frozenset()
    interests: tuple[str, ...] | None = None
    offered: frozenset[ThreadRef] = frozenset()

    @property
    def is_new(self) -> bool:
        return self.merged == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopeful:
    """Somebody to whom an issue may be offered now, in a thread of their own. `asked`: with /interested; otherwise they
    have just `finished` a first step. `offers`: how many there were so far, `last_offer` when; `waits_since`: the last
    offer, or when they asked or finished."""

    seeker: Seeker
    thread: ThreadRef
    asked: bool
    finished: datetime | None
    offers: int
    last_offer: datetime | None
    waits_since: datetime
