"""Which configuration holds in a repository: the files that count there, laid over each other.

From the bottom: the shipped defaults; the features that speak in this installation since before they could be switched
on; the file that whoever runs the service gave it; the areas of the organisation's skills map; the organisation's file;
the repository's own. Only files of default branches are in memory, and only such as could be used.

Where neither of the two has a file, the words of the welcome bot that was there before hold, if it left its file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from threading import Lock
from typing import Final

from cachetools import LRUCache
from sqlalchemy import Connection

from bot import cohortsfile, legacy, mentorsfile, policyfile, skillsfile
from bot.cohorts import Cohort
from bot.github.read import File
from bot.homefiles import HOME_FILES
from bot.looking import Origin
from bot.memory import configs, recall
from bot.mentors import Listed
from bot.model import OwnerId, Repo, RepoId
from bot.policy import FEATURES, Policy
from bot.policyfile import ConfigError, Problem, Source
from bot.policytypes import Mode
from bot.skills import SkillsMap

Policies = Callable[[Connection, Repo], Policy]  # the configuration that holds for a repository

_MAPS: Final = 64  # skills maps that need not be read again
_KEPT: Final = 1024  # policies that need not be made again; an organisation has a few


class _Place(Enum):
    """In whose place a candidate stands: of the organisation's file, of the repository's own, or of none."""

    ORGANISATION = auto()
    OWN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a policy is made of. `skills`: the organisation's map. `old`: files of the old welcome bot, where they
    count; the repository's own first."""

    live: tuple[str, ...]
    skills: str | None
    org: str | None
    own: str | None
    old: tuple[str, ...]


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

    def _texts(self, connection: Connection, where: Repo, *, without: _Place = _Place.NONE) -> _Texts:
        live = configs.live_features(connection, where.owner_id)
        home = configs.home(connection, where.owner_id)
        org = None if without is _Place.ORGANISATION else _text(connection, home, configs.PATH)
        own = None if without is _Place.OWN or where.id == home else _text(connection, where.id, configs.PATH)
        places = (where.id, home) if org is None and own is None else ()
        old = (_text(connection, repo_id, configs.OLD_PATH) for repo_id in places)
        skills = _text(connection, home, configs.SKILLS_PATH)
        return _Texts(live, skills, org, own, tuple(text for text in old if text is not None))

    def _make(self, texts: _Texts) -> Policy:
        layers = self._layers(texts, _usable(texts.org), _usable(texts.own))
        return policyfile.laid_over(_with_old_words(layers, texts.old))

    def _layers(self, texts: _Texts, org: Source | None, own: Source | None) -> list[Source]:
        layers = self._below(texts)
        for source in (org, own):
            layers = self._over(layers, source, texts.live)
        return layers

    def origin(self, connection: Connection, where: Repo, setting: str) -> Origin:
        """Where a setting ("welcome.mode") has the value from that holds in a repository."""
        texts, path = self._texts(connection, where), setting.split(".")
        org, own = _usable(texts.org), _usable(texts.own)
        for source in reversed(self._layers(texts, org, own)):
            if (line := policyfile.line(source, path)) is None:
                continue
            if source is own:
                return _in_file(where, line)
            if source is org:
                home = configs.home(connection, where.owner_id)
                return _in_file(recall.repo(connection, home) if home else None, line)
            return Origin(given="operator", line=line) if source is self._operator else Origin(given="service")
        return Origin(given="defaults")

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

    def usable(self, connection: Connection, where: Repo, file: File, path: str = configs.PATH) -> str:
        """The text of a file, if it can be used as a repository's own. Raises ConfigError."""
        if file.data is None:
            what = "is larger than 1 MB" if file.what == "file" else f"is a {file.what}, not a file"
            raise ConfigError([Problem(path, 1, 1, what)])
        if path in HOME_FILES:
            HOME_FILES[path].parse(path, file.data)
            return file.data.decode("utf-8")
        self._laid(connection, where, policyfile.parse(configs.PATH, file.data))
        return file.data.decode("utf-8")

    def without_effect(self, connection: Connection, where: Repo, text: str) -> list[Problem]:
        """What a repository's own file, which can be used, wants in vain."""
        source = policyfile.parse(configs.PATH, text.encode())
        return [*policyfile.without_effect(self._laid(connection, where, source), source)]

    def _laid(self, connection: Connection, where: Repo, source: Source) -> Policy:
        """What would hold in a repository with this file. Raises ConfigError."""
        texts = self._texts(connection, where)
        layers = self.below(texts.live)
        if configs.home(connection, where.owner_id) != where.id:
            layers = self._over(layers, _usable(texts.org), texts.live)
        return policyfile.laid_over(self._on_top(layers, source, texts.live))

    def broken_by(self, connection: Connection, home: Repo, text: str) -> Iterator[tuple[Repo, Problem]]:
        """The repositories whose own files could not be used any more over this one in an owner's `.github`, which is
        right in itself; each with the first mistake."""
        live = self._texts(connection, home).live
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

    def _below(self, texts: _Texts) -> list[Source]:
        """The same, and the areas of the organisation's skills map."""
        skills = _usable_map(texts.skills)
        return self.below(texts.live) + ([skillsfile.areas(skills)] if skills else [])

    def skills(self, connection: Connection, owner_id: OwnerId) -> SkillsMap:
        """The skills map of an organisation: its own, that of whoever runs the service, or the shipped one."""
        own = _usable_map(_text(connection, configs.home(connection, owner_id), configs.SKILLS_PATH))
        return own or (self._operator.skills if self._operator else None) or skillsfile.default()

    def mentors(self, connection: Connection, owner_id: OwnerId) -> tuple[Listed, ...]:
        """Whom an organisation's file names as mentors."""
        return _usable_mentors(_text(connection, configs.home(connection, owner_id), configs.MENTORS_PATH))

    def cohorts(self, connection: Connection, owner_id: OwnerId) -> tuple[Cohort, ...]:
        """The cohorts in an organisation's file."""
        return _usable_cohorts(_text(connection, configs.home(connection, owner_id), configs.COHORTS_PATH))

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

    def _with(self, file: Source | None, stands: Callable[[RepoId | None, Repo], _Place]) -> Policies:
        made: dict[tuple[_Place, _Texts], Policy] = {}

        def policies(connection: Connection, where: Repo) -> Policy:
            place = stands(configs.home(connection, where.owner_id), where)
            if place is _Place.NONE:
                return self(connection, where)
            texts = self._texts(connection, where, without=place)
            if (place, texts) not in made:
                made[place, texts] = self._make_with(file, place, texts)
            return made[place, texts]

        return policies

    def _make_with(self, file: Source | None, place: _Place, texts: _Texts) -> Policy:
        layers = self._below(texts)
        if place is _Place.OWN:
            layers = self._over(layers, _usable(texts.org), texts.live)
        if file is not None:
            layers = self._on_top(layers, file, texts.live)
            policyfile.laid_over(layers)
        if place is _Place.ORGANISATION:
            layers = self._over(layers, _usable(texts.own), texts.live)
        return policyfile.laid_over(layers if file is not None else _with_old_words(layers, texts.old))


def _in_file(where: Repo | None, line: int) -> Origin:
    """In the file of a repository."""
    assert where is not None, "its file is in memory"
    url = f"{where.url}/blob/HEAD/{configs.PATH}#L{line}" if where.url else ""
    return Origin(given="file", line=line, repository=where.full_name, url=url)


def _text(connection: Connection, repo_id: RepoId | None, path: str) -> str | None:
    found = configs.stored(connection, repo_id, path) if repo_id is not None else None
    return found.text if found else None


def _usable(text: str | None) -> Source | None:
    try:
        return None if text is None else policyfile.parse(configs.PATH, text.encode())
    except ConfigError:
        return None


@lru_cache(_MAPS)
def _usable_map(text: str | None) -> SkillsMap | None:
    try:
        return None if text is None else skillsfile.parse(configs.SKILLS_PATH, text.encode())
    except ConfigError:
        return None


@lru_cache(_MAPS)
def _usable_mentors(text: str | None) -> tuple[Listed, ...]:
    try:
        return () if text is None else mentorsfile.parse(configs.MENTORS_PATH, text.encode())
    except ConfigError:
        return ()


@lru_cache(_MAPS)
def _usable_cohorts(text: str | None) -> tuple[Cohort, ...]:
    try:
        return () if text is None else cohortsfile.parse(configs.COHORTS_PATH, text.encode())
    except ConfigError:
        return ()


def _with_old_words(layers: list[Source], old: Sequence[str]) -> list[Source]:
    """With the words of the first of these files that has some; one that cannot be used as a message is left out."""
    for text in old:
        over = list(layers)
        for source in legacy.layers(legacy.read(configs.OLD_PATH, text.encode())):
            try:
                policyfile.laid_over([*over, source])
            except ConfigError:
                continue
            over.append(source)
        if len(over) > len(layers):
            return over
    return layers


def all_on(policies: Policies) -> Policies:
    """The same as if every feature were switched on. Where all of Switchback is switched off it stays so."""

    def switched_on(connection: Connection, where: Repo) -> Policy:
        policy = policies(connection, where)
        sections = {name: getattr(policy, name).model_copy(update={"mode": Mode.ON}) for name in FEATURES}
        return policy.model_copy(update=sections)

    return switched_on
