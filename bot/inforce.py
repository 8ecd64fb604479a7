"""Which configuration holds in a repository: the files that count there, laid over each other.

From the bottom: the shipped defaults; the features that speak in this installation since before they could be switched
on; the file that whoever runs the service gave it; the organisation's file; the repository's own. Only files of default
branches are in memory, and only such as could be used.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from bot import policyfile
from bot.github.read import File
from bot.memory import configs
from bot.model import Repo
from bot.policy import Policy
from bot.policyfile import ConfigError, Problem, Source

Policies = Callable[[Connection, Repo], Policy]  # the configuration that holds for a repository

_KEPT: Final = 1024  # policies that need not be made again; an organisation has a few


class InForce:
    """`operator` is the file of whoever runs the service."""

    def __init__(self, operator: Source | None = None) -> None:
        self._operator = operator
        self._made: LRUCache[tuple[object, ...], Policy] = LRUCache(_KEPT)
        self._lock = Lock()  # it is asked by several threads

    def __call__(self, connection: Connection, where: Repo) -> Policy:
        """The engine's `Policies`. A file that cannot be used any more, since a newer version of Switchback knows a
        setting no longer, does not count."""
        live, org, own = self._texts(connection, where)
        key = (live, org, own)
        with self._lock:
            if (made := self._made.get(key)) is None:
                made = self._made[key] = self._make(live, org, own)
            return made

    def _texts(self, connection: Connection, where: Repo) -> tuple[tuple[str, ...], str | None, str | None]:
        live = configs.live_features(connection, where.owner_id)
        home = configs.home(connection, where.owner_id)
        org = configs.stored(connection, home, configs.PATH) if home is not None else None
        own = configs.stored(connection, where.id, configs.PATH) if where.id != home else None
        return live, org.text if org else None, own.text if own else None

    def _make(self, live: tuple[str, ...], org: str | None, own: str | None) -> Policy:
        return policyfile.laid_over(self._layers(live, [org, own]))

    def _layers(self, live: tuple[str, ...], texts: Iterable[str | None]) -> list[Source]:
        """With those of the texts, from the bottom, that can be used."""
        layers = self.below(live)
        for text in texts:
            if text is None:
                continue
            try:
                source = policyfile.parse(configs.PATH, text.encode())
                over = [*(self.below(live) if policyfile.stands_alone(source) else layers), source]
                policyfile.laid_over(over)
            except ConfigError:
                continue
            layers = over
        return layers

    def usable(self, connection: Connection, where: Repo, name: str, file: File) -> str:
        """The text of a file, if it can be used as a repository's. Raises ConfigError."""
        if file.data is None:
            what = f"is a {file.what}, not a file" if file.what != "file" else "is larger than 1 MB"
            raise ConfigError([Problem(name, 1, 1, what)])
        source = policyfile.parse(name, file.data)
        live, org, _ = self._texts(connection, where)
        under = [] if policyfile.stands_alone(source) or configs.home(connection, where.owner_id) == where.id else [org]
        policyfile.laid_over([*self._layers(live, under), source])
        return file.data.decode("utf-8")

    def below(self, live: tuple[str, ...]) -> list[Source]:
        """What the files of the organisation and the repository are laid over."""
        layers = [policyfile.speaking(live)] if live else []
        return layers + ([self._operator] if self._operator else [])
