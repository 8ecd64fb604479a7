"""The words of who looks after what: a repository or an area, and what each did there. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.model import Doing, Person, PersonId, Repo, ThreadRef

CARE: Final = (Doing.REVIEW, Doing.MERGE, Doing.TRIAGE, Doing.COMMIT)
"""What keeps a place going."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What somebody may look after: a repository, or an area over all of them, by its name."""

    repo: Repo | None = None
    area: str = ""

    @property
    def key(self) -> str:
        """It stays when the repository gets another name."""
        return f"repo/{self.repo.id}" if self.repo is not None else f"area/{self.area}"

    @property
    def name(self) -> str:
        return self.repo.full_name if self.repo is not None else self.area


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What somebody did in a place within the time that is looked at: `counts` by kind, a thread once for each kind.
    `lately`: all of `CARE` in its last part. `landed`: their own pull requests that were merged. `last`: of `CARE`."""

    person: Person
    counts: Mapping[Doing, int] = field(default_factory=dict)
    lately: int = 0
    landed: int = 0
    last: datetime | None = None

    @property
    def total(self) -> int:
        """All of `CARE`."""
        return sum(self.counts.get(doing, 0) for doing in CARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A place, and who did what there, most first. `last`: when anything was done or opened there by a human."""

    place: Place
    deeds: tuple[Deeds, ...] = ()
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Who is around. Private: only for the bot's own manners, and never told as it is.

    `active`: whoever did anything of late, anywhere. `fading`: nothing was heard of them for a while, or lastingly
    much less. `stepped_back`: from all, or from `stepped_back_from` some repositories, by their names in lower case.
    `away`: now; `long_away`: for long. `not_named`: they asked to be left alone, or the team file says that they are
    inactive.
    """

    active: frozenset[PersonId] = frozenset()
    fading: frozenset[PersonId] = frozenset()
    stepped_back: frozenset[PersonId] = frozenset()
    stepped_back_from: Mapping[PersonId, frozenset[str]] = field(default_factory=dict)
    away: frozenset[PersonId] = frozenset()
    long_away: frozenset[PersonId] = frozenset()
    not_named: frozenset[PersonId] = frozenset()

    def leaves(self, who: PersonId, place: Place) -> bool:
        """Whether somebody has stepped back from it."""
        some = self.stepped_back_from.get(who, frozenset())
        return who in self.stepped_back or (place.repo is not None and place.repo.name.casefold() in some)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What else tells that somebody could grow into something: medium and harder issues that they finished in the
    organisation, how many they mentored, and the areas of which they would like to hear."""

    medium: int = 0
    mentored: int = 0
    interests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A place that rests on somebody who does less and less (`fewer`), or will not be there."""

    place: Place
    person: Person
    fewer: bool

    @property
    def key(self) -> tuple[str, PersonId]:
        return self.place.key, self.person.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That an alarm was told, when, and in which issue of ours (its name among the boards)."""

    at: datetime
    board: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heir:
    """Somebody who could grow into a place."""

    deeds: Deeds
    grown: Grown
    interested: bool

    @property
    def person(self) -> Person:
        return self.deeds.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """An issue that would train somebody. `ready`: it is medium and one could begin; else it looks medium."""

    ref: ThreadRef
    name: str
    ready: bool
