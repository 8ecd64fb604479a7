"""Looks for names in a configuration file that nobody here has: of labels, people and teams.

Memory knows the repository's labels, the organisation's teams and whoever was ever active. Of whom it does not know
GitHub is asked, up to a number of people: somebody may be named before they do anything here.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.github.read import Reader
from bot.memory import known_names
from bot.memory.store import Store
from bot.model import InstallationId, Repo
from bot.policy import KnownNames
from bot.policyfile import Problem, Source, unknown_names

_ASKED: Final = 10  # people of one file; the others are taken as they are


class NameFinder:
    def __init__(self, store: Store, reader: Reader) -> None:
        self._store = store
        self._reader = reader

    async def unknown(self, where: Repo, installation: InstallationId, source: Source) -> list[Problem]:
        """Each with its place. Raises CallFailed."""
        known = await self._store.read(lambda db: known_names.known_names(db, where))
        asked = _Asked(known)
        problems = unknown_names(source, replace(known, people=asked))
        if not asked.strangers:
            return problems
        found = {login: await self._reader.exists(installation, login) for login in list(asked.strangers)[:_ASKED]}
        return unknown_names(source, replace(known, people=_Answered(known, found)))


class _Asked:
    """Notes whom memory does not know."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known
        self.strangers: dict[str, None] = {}

    def __call__(self, login: str) -> bool | None:
        if not (answer := self._known.people(login)):
            self.strangers[login] = None
        return answer


class _Answered:
    """Memory's answer, and else GitHub's; None for whom nobody was asked."""

    def __init__(self, known: KnownNames, found: Mapping[str, bool]) -> None:
        self._known = known
        self._found = found

    def __call__(self, login: str) -> bool | None:
        return self._known.people(login) or self._found.get(login)
