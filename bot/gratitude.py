"""For what somebody can be thanked, and what a thank-you tells. Frozen, no I/O.

The words in which somebody thanked somebody are not kept, only which kinds of work they speak of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.farewells import Leave
from bot.model import Doing, Person, PersonId, ThreadRef

MOST_AT_ONCE: Final = 5  # people whom one command thanks
MOST_A_DAY: Final = 5  # people whom somebody thanks in a day


class Work(StrEnum):
    CALLS = "calls"  # runs or attends calls and meetings
    SUPPORT = "support"  # answers questions, in a forum or a chat
    DOCS = "docs"
    TRANSLATION = "translation"
    DESIGN = "design"
    EVENTS = "events"  # organises workshops, sprints, talks
    MENTORING = "mentoring"
    REVIEWS = "reviews"
    TRIAGE = "triage"
    TESTING = "testing"
    RELEASES = "releases"
    SECURITY = "security"
    INFRASTRUCTURE = "infrastructure"
    COMMUNITY = "community"  # welcomes people, looks after how they are with each other
    FUNDING = "funding"
    CODE = "code"
    OTHER = "other"


class Size(StrEnum):
    """How many people, as a story tells it: nobody is counted."""

    FEW = "few"
    DOZEN = "dozen"
    DOZENS = "dozens"
    HUNDREDS = "hundreds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A thread of somebody's that their story names: `OWNER/REPO#12`, and its page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What somebody did, of which their story tells; only what is public. `since`: their first act. `repos`: by name.
    `did`: the kinds of it. `works`: for what others thanked them. `welcomed`: how many people had their first answer
    from them; `mentored`: how many they mentored to the end. `first`: what they opened first; `discussed`: which of
    their threads drew most words from others."""

    since: datetime | None = None
    repos: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    did: frozenset[Doing] = frozenset()
    works: frozenset[Work] = frozenset()
    welcomed: int = 0
    mentored: int = 0
    first: Landmark | None = None
    discussed: Landmark | None = None

    @property
    def is_empty(self) -> bool:
        return self.since is None or not self.did


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Somebody who stepped back is to read the thank-you for them in their private issue, `place`. `digest`: whether
    there is a digest of the community in which it could stand."""

    leave: Leave
    place: ThreadRef
    deeds: Deeds
    opted_out: bool = False
    digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules may know of thanks, in a thread. `able`: who of those named behind `/thank` can be thanked, by
    login in lower case; `given`: how many people its writers have thanked of late. `merges`: the how manieth merged
    pull request of its author this is (None: nobody knows, or it does not matter); `since`: since when they are thanked
    for those. `draft`: what is to be read here; `honoured`: who has a thank-you here, and `digest`: whether it
    could stand in one."""

    able: Mapping[str, Person] = field(default_factory=dict)
    given: Mapping[PersonId, int] = field(default_factory=dict)
    merges: int | None = None
    since: datetime | None = None
    draft: Draft | None = None
    honoured: Leave | None = None
    digest: bool = False
