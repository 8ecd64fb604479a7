"""The words of stepping back, and of coming back. Frozen, no I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Person, PersonId, ThreadRef


class Story(StrEnum):
    """What becomes of a thank-you."""

    DRAFTED = "drafted"  # whoever it honours has not said
    SHARED = "shared"
    KEPT = "kept"  # they wish it to stay private


class Where(StrEnum):
    """Where a story can stand."""

    DIGEST = "digest"
    ISSUE = "issue"
    DISCUSSION = "discussion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody alone knows: a repository, or (`is_area`) an area or a folder of one."""

    name: str
    is_area: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A thread that is in somebody's hands. `areas`: what it is about."""

    ref: ThreadRef
    name: str
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to hand over. `about`: a thread's name, or what is known. `next`: the login of somebody who agreed to
    be asked for such things and could take it ("": nobody did)."""

    about: str
    next: str = ""
    is_area: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change of a team file, as a diff. `file`: its name, with its repository. `pull`: the address of the pull
    request that proposes it ("": there is none)."""

    file: str
    diff: str
    pull: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """All that somebody who steps back may want to hand over."""

    knows: tuple[Task, ...] = ()
    claims: tuple[Task, ...] = ()
    reviews: tuple[Task, ...] = ()
    pulls: tuple[Task, ...] = ()
    mentors: tuple[Task, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What may be told to somebody who is here again. `release`: the newest one's name, with its `url`. `merged`: how
    many pull requests were merged in `repository` meanwhile. `ask`: the login of somebody there who agreed to be asked.
    """

    repository: str = ""
    release: str = ""
    url: str = ""
    merged: int = 0
    ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InTeam:
    """Whether somebody is of the team (None: nobody knows yet), and asked in a check-in now."""

    belongs: bool | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Somebody steps back. `repos`: from these, by name (none: from all). `until`: None if they did not say; `for_good`
    if they said that. `by`: who wrote it. `said_in`: where. `place`: the private issue about it (None: there is none
    yet). `standing`: the GitHub teams in which they were then, by slug. `back_at`: when they came back."""

    person: Person
    at: datetime
    repos: tuple[str, ...] = ()
    until: datetime | None = None
    for_good: bool = False
    by: PersonId
    said_in: ThreadRef
    place: ThreadRef | None = None
    standing: tuple[str, ...] = ()
    back_at: datetime | None = None
    story: Story | None = None
    story_at: datetime | None = None
    story_where: Where | None = None

    @property
    def is_whole(self) -> bool:
        """Whether from everything, not from some repositories only."""
        return not self.repos

    def holds(self, now: datetime) -> bool:
        """Whether they are not back then, by their word, somebody else's, or because that time is over."""
        ends = [at for at in (self.back_at, self.until) if at is not None]
        return self.at <= now and all(now < at for at in ends)

    def is_from(self, repository: str) -> bool:
        """Whether they stepped back from the repository of this name."""
        return self.is_whole or repository.casefold() in {name.casefold() for name in self.repos}
