"""The words of the team: who belongs to it, and what is known of somebody besides what they did on GitHub. Frozen, no
I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef


class Format(StrEnum):
    """How a team file is written."""

    AUTO = "auto"  # by its name
    CONTRIBUTORS = "contributors"
    CODEOWNERS = "codeowners"
    MAINTAINERS = "maintainers"


class Source(StrEnum):
    """What tells that somebody belongs to the team."""

    FILE = "file"
    GROUP = "group"  # of the organisation, on GitHub
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the team. `repos`: of whose team, by their names (none: of the whole organisation's). `since`: from
    when on they are known to be in it (None: longer than anybody remembers). `given_name`: as the team file has it.
    `inactive`: the file says so. `last_check_in`: as the file has it, 2026-03."""

    person: Person
    source: Source
    repos: tuple[str, ...] = ()
    since: datetime | None = None
    given_name: str = ""
    groups: tuple[str, ...] = ()
    inactive: bool = False
    last_check_in: str = ""


class Sign(StrEnum):
    """Evidence of somebody that stands nowhere else."""

    MEETING = "meeting"  # they were there
    THANKS = "thanks"  # somebody thanked them for something
    VOUCH = "vouch"  # somebody said that they are there


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`by`: who said so (None: a file). `about`: of thanks, for what (bot/gratitude.py). `place`: where (None: in a
    file), in a repository (`repo_id`), with its `url`."""

    person: PersonId
    sign: Sign
    at: datetime
    by: PersonId | None = None
    about: str = ""
    repo_id: RepoId | None = None
    place: ThreadRef | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How somebody of the team wants to be asked. `asked`: whether, `together`: in one issue with others. None: they
    have not said."""

    asked: bool | None = None
    together: bool | None = None


class About(StrEnum):
    """What somebody is told in a thread, by a note."""

    QUESTION = "question"  # a check-in begins: it brings the issue to whom it is for
    REMINDER = "reminder"
    HANDED = "handed"  # to the human who takes it from here
    SEEN = "seen"  # there was a sign of them, so the question is over
    CHECKLIST = "checklist"  # of whoever steps back
    STORY = "story"  # the draft of a thank-you
    MERGE = "merge"  # thanks for a tenth merged pull request
    RETURN = "return"  # good to see you
    STANDING = "standing"  # what somebody had who comes back, for owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Somebody is to be told something in that thread, chosen then. `matter`: when what it is about began (a check-in,
    stepping back)."""

    owner_id: OwnerId
    about: About
    person: PersonId
    at: datetime
    matter: datetime
    place: ThreadRef
