"""How the reading of the past goes on, for whoever wants to know: the log here, the terminal in `terminal.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.memory.readings import Account, Part
from bot.model import Repo, RepoId

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class GaveUp:
    """What could not be read: of a repository, or of an owner."""

    place: str
    part: str
    why: str


@dataclass(slots=True)
class Report:
    """What a pass did. `calls`: pages asked for. `complete`: the owners of whom everything is known now."""

    repos: int = 0
    items: int = 0
    calls: int = 0
    gave_up: list[GaveUp] = field(default_factory=list)
    complete: list[str] = field(default_factory=list)


class Telling(Protocol):
    """Who wants to know how it goes on."""

    def owner(self, account: Account, expected: Mapping[RepoId, int]) -> None:
        """Now an owner's repositories are read, each of about so many pages (0: GitHub would not say)."""

    def repo(self, where: Repo, read: int) -> None:
        """Now this repository's lists are; so many pages of them were read before."""

    def page(self, where: Repo, part: Part, read: int, expected: int) -> None:
        """A page was written down; how many pages of the repository were by now, and how many there are."""

    def repo_done(self, where: Repo, read: int) -> None: ...

    def waiting(self, until: datetime, why: str) -> None: ...

    def gave_up(self, what: GaveUp) -> None: ...


class ToldByLog:
    """How it goes on when it runs by itself."""

    def owner(self, account: Account, expected: Mapping[RepoId, int]) -> None:
        log.info("reading the past", owner=account.login, repos=len(expected), pages=sum(expected.values()))

    def repo(self, where: Repo, read: int) -> None:
        pass

    def page(self, where: Repo, part: Part, read: int, expected: int) -> None:
        pass

    def repo_done(self, where: Repo, read: int) -> None:
        log.info("read", repo=where.full_name, pages=read)

    def waiting(self, until: datetime, why: str) -> None:
        log.info("reading the past waits", until=until.isoformat(), why=why)

    def gave_up(self, what: GaveUp) -> None:
        log.warning("the past is not read", place=what.place, part=what.part, why=what.why)
