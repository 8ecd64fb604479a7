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
