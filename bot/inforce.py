"""Which configuration holds in a repository: the files that count there, laid over each other.

From the bottom: the shipped defaults; the features that speak in this installation since before they could be switched
on; the file that whoever runs the service gave it; the organisation's file; the repository's own. Only files of default
branches are in memory, and only such as could be used.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from threading import Lock
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from bot import policyfile
from bot.github.read import File
from bot.memory import configs
from bot.model import OwnerId, Repo, RepoId
from bot.policy import FEATURES, Mode, Policy
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
        layers = self.below(live)
        for source in (_usable(org), _usable(own)):
            layers = self._over(layers, source, live)
        return policyfile.laid_over(layers)

    def _over(self, layers: list[Source], source: Source | None, live: tuple[str, ...]) -> list[Source]:
        """These with the file on top, if there is one and it can be used."""
        if source is None:
            return layers
        over = self._on_top(layers, source, live)
        try:
            policyfile.laid_over(over)
        except ConfigError:
            return layers
        return over

    def _on_top(self, layers: list[Source], source: Source, live: tuple[str, ...]) -> list[Source]:
        return [*(self.below(live) if policyfile.stands_alone(source) else layers), source]

    def usable(self, connection: Connection, where: Repo, file: File) -> str:
        """The text of a file, if it can be used as a repository's own. Raises ConfigError."""
        if file.data is None:
            what = "is larger than 1 MB" if file.what == "file" else f"is a {file.what}, not a file"
            raise ConfigError([Problem(configs.PATH, 1, 1, what)])
        source = policyfile.parse(configs.PATH, file.data)
        live, org, _ = self._texts(connection, where)
        at_home = configs.home(connection, where.owner_id) == where.id
        layers = self.below(live) if at_home else self._over(self.below(live), _usable(org), live)
        policyfile.laid_over(self._on_top(layers, source, live))
        return file.data.decode("utf-8")

    def broken_by(self, connection: Connection, home: Repo, text: str) -> Iterator[tuple[Repo, Problem]]:
        """The repositories whose own files could not be used any more over this one in an owner's `.github`, which is
        right in itself; each with the first mistake."""
        live, _, _ = self._texts(connection, home)
        layers = self._over(self.below(live), _usable(text), live)
        for other, own in configs.files(connection, home.owner_id):
            source = _usable(own.text) if other.id != home.id else None
            if source is None:
                continue
            try:
                policyfile.laid_over(self._on_top(layers, source, live))
            except ConfigError as error:
                yield other, error.problems[0]

    def below(self, live: tuple[str, ...]) -> list[Source]:
        """What the files of the organisation and the repository are laid over."""
        layers = [policyfile.speaking(live)] if live else []
        return layers + ([self._operator] if self._operator else [])

    def candidate(self, where: RepoId, file: Source | None) -> Policies:
        """The same, with this file (None: with none) in the place of the one that a repository has. In the place of the
        organisation's, which holds in all of its repositories, if that repository is the owner's `.github`.

        What is returned raises ConfigError with the file's mistakes where the file counts: some show only over what it
        is laid over.
        """

        def stands(home: RepoId | None, repo: Repo) -> _Place:
            if home == where:
                return _Place.ORGANISATION
            return _Place.OWN if repo.id == where else _Place.NONE

        return self._with(file, stands)

    def candidate_of(self, owner_id: OwnerId, file: Source | None) -> Policies:
        """The same with this file in the place of an owner's, also where there is no repository `.github`."""
        return self._with(file, lambda _home, repo: _Place.ORGANISATION if repo.owner_id == owner_id else _Place.NONE)

    def _with(self, file: Source | None, stands: Callable[[RepoId | None, Repo], "_Place"]) -> Policies:
        made: dict[tuple[object, ...], Policy] = {}

        def policies(connection: Connection, where: Repo) -> Policy:
            place = stands(configs.home(connection, where.owner_id), where)
            if place is _Place.NONE:
                return self(connection, where)
            live, org, own = self._texts(connection, where)
            key = (live, None if place is _Place.ORGANISATION else org, None if place is _Place.OWN else own, place)
            if key not in made:
                made[key] = self._make_with(file, place, live, org, own)
            return made[key]

        return policies

    def _make_with(
        self, file: Source | None, place: "_Place", live: tuple[str, ...], org: str | None, own: str | None
    ) -> Policy:
        layers = self.below(live)
        if place is _Place.OWN:
            layers = self._over(layers, _usable(org), live)
        if file is not None:
            layers = self._on_top(layers, file, live)
            policyfile.laid_over(layers)
        if place is _Place.ORGANISATION:
            layers = self._over(layers, _usable(own), live)
        return policyfile.laid_over(layers)


class _Place(Enum):
    """In whose place a candidate stands: of the organisation's file, of the repository's own, or of none."""

    ORGANISATION = auto()
    OWN = auto()
    NONE = auto()


def _usable(text: str | None) -> Source | None:
    try:
        return None if text is None else policyfile.parse(configs.PATH, text.encode())
    except ConfigError:
        return None


def all_on(policies: Policies) -> Policies:
    """The same as if every feature were switched on. Where all of Switchback is switched off it stays so."""

    def switched_on(connection: Connection, where: Repo) -> Policy:
        policy = policies(connection, where)
        sections = {name: getattr(policy, name).model_copy(update={"mode": Mode.ON}) for name in FEATURES}
        return policy.model_copy(update=sections)

    return switched_on
