"""Which configuration holds in a repository: the files that count there, laid over each other.

From the bottom: the shipped defaults; the features that speak in this installation since before they could be switched
on; the file that whoever runs the service gave it; the organisation's file; the repository's own. Only files of default
branches are in memory, and only such as could be used.

Where neither of the two has a file, the words of the welcome bot that was there before hold, if it left its file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from bot import legacy, policyfile
from bot.memory import configs
from bot.model import Repo, RepoId
from bot.policy import Policy
from bot.policyfile import ConfigError, Source

Policies = Callable[[Connection, Repo], Policy]  # the configuration that holds for a repository

_KEPT: Final = 1024  # policies that need not be made again; an organisation has a few


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a policy is made of. `old`: files of the old welcome bot, the repository's own first."""

    live: tuple[str, ...]
    org: str | None
    own: str | None
    old: tuple[str, ...] = ()


class InForce:
    """`operator` is the file of whoever runs the service."""

    def __init__(self, operator: Source | None = None) -> None:
        self._operator = operator
        self._made: LRUCache[_Texts, Policy] = LRUCache(_KEPT)
        self._lock = Lock()  # it is asked by several threads

    def __call__(self, connection: Connection, where: Repo) -> Policy:
        """The engine's `Policies`. A file that cannot be used any more, since a newer version of Switchback knows a
        setting no longer, does not count."""
        texts = self._texts(connection, where)
        with self._lock:
            if (made := self._made.get(texts)) is None:
                made = self._made[texts] = self._make(texts)
            return made

    def _texts(self, connection: Connection, where: Repo) -> _Texts:
        live = configs.live_features(connection, where.owner_id)
        home = configs.home(connection, where.owner_id)
        org = _text(connection, home, configs.PATH)
        own = _text(connection, where.id, configs.PATH) if where.id != home else None
        if org is not None or own is not None:
            return _Texts(live, org, own)
        old = [_text(connection, repo_id, configs.OLD_PATH) for repo_id in (where.id, home)]
        return _Texts(live, None, None, tuple(text for text in old if text is not None))

    def _make(self, texts: _Texts) -> Policy:
        layers = self.below(texts.live)
        for text in (texts.org, texts.own):
            if text is None:
                continue
            try:
                source = policyfile.parse(configs.PATH, text.encode())
                over = [*(self.below(texts.live) if policyfile.stands_alone(source) else layers), source]
                policyfile.laid_over(over)
            except ConfigError:
                continue
            layers = over
        return policyfile.laid_over([*layers, *_old_words(layers, texts.old)])

    def below(self, live: tuple[str, ...]) -> list[Source]:
        """What the files of the organisation and the repository are laid over."""
        layers = [policyfile.speaking(live)] if live else []
        return layers + ([self._operator] if self._operator else [])


def _text(connection: Connection, repo_id: RepoId | None, path: str) -> str | None:
    found = configs.stored(connection, repo_id, path) if repo_id is not None else None
    return found.text if found else None


def _old_words(below: Sequence[Source], old: Sequence[str]) -> list[Source]:
    """The words of the first of the files that has some. One that cannot be used as a message does not count."""
    for text in old:
        usable = []
        for source in legacy.layers(legacy.read(configs.OLD_PATH, text.encode())):
            try:
                policyfile.laid_over([*below, source])
            except ConfigError:
                continue
            usable.append(source)
        if usable:
            return usable
    return []
