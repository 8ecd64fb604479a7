"""The configuration files that repositories have, and which of them count where.

A row tells of one file on a default branch: what was read last, and the last text that could be used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, func, or_, select, update

from bot.memory import looks, recall, schema
from bot.memory.places import InstallationState
from bot.memory.rows import Row, get, put
from bot.memory.snapshot import once
from bot.model import OwnerId, Repo, RepoId, Subject

PATH: Final = ".github/switchback.yml"
OLD_PATH: Final = ".github/config.yml"  # of the welcome bot that many had before
SKILLS_PATH: Final = ".github/skills.yml"
MENTORS_PATH: Final = "config/mentors.yml"
COHORTS_PATH: Final = "config/cohorts.yml"
OF_HOME: Final = (SKILLS_PATH, MENTORS_PATH, COHORTS_PATH)  # in HOME alone: an organisation has one of each
FILES: Final = (PATH, OLD_PATH, *OF_HOME)
HOME: Final = ".github"  # the repository whose files hold for all of an owner's

_FRESH: Final = timedelta(hours=1)
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Asked at every look, and made once: making them takes longer than the database takes to answer.
_REPOS: Final = schema.repos.c
_HOME_OF: Final = (
    select(_REPOS.id)
    .where(_REPOS.owner_id == bindparam("owner_id"), func.lower(_REPOS.name) == HOME, _REPOS.covered, ~_REPOS.gone)
    .order_by(_REPOS.heard_at.desc())
    .limit(1)
)
_INSTALLED: Final = schema.installations.c
_LIVE_AT: Final = (
    select(_INSTALLED.live)
    .where(_INSTALLED.owner_id == bindparam("owner_id"))
    .order_by(_INSTALLED.state != InstallationState.ACTIVE, _INSTALLED.heard_at.desc())
    .limit(1)
)


def told(where: Repo) -> tuple[str, ...]:
    """The files of ours that count in a repository, of which it is told what is wrong with them."""
    return (PATH, *OF_HOME) if where.is_home else (PATH,)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit whose configuration is to be looked at; `number`: it is the head of this pull request."""

    repo_id: RepoId
    sha: str
    number: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject("/".join(["check", str(self.repo_id), self.sha, *([str(self.number)] if self.number else [])]))

    @classmethod
    def of(cls, subject: Subject) -> "Commit":
        _, repo_id, sha, *number = subject.split("/")
        return cls(RepoId(int(repo_id)), sha, int(number[0]) if number else None)


def subject(repo_id: RepoId) -> Subject:
    """The configuration of a repository, as something to look at."""
    return Subject(f"config/{repo_id}")


def repo_of(subject: Subject) -> RepoId:
    return RepoId(int(subject.split("/")[1]))


def touch(connection: Connection, repo_ids: Iterable[RepoId], now: datetime) -> None:
    """Have these read now: they may have changed, so what was read before is no news."""
    repo_ids = tuple(repo_ids)
    stale = schema.configs.c.repo_id.in_(repo_ids)
    connection.execute(update(schema.configs).where(stale).values(read_at=_LONG_AGO))
    looks.touch(connection, [subject(repo_id) for repo_id in repo_ids], now)


def touch_unread(connection: Connection, repo_ids: Iterable[RepoId], now: datetime) -> None:
    """The same, but for those that have been read a short while ago."""
    for repo_id in repo_ids:
        known = stored(connection, repo_id, PATH)
        if known is None:
            looks.plan(connection, subject(repo_id), now)
        elif known.read_at < now - _FRESH:
            touch(connection, [repo_id], now)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it was read last. `blob` is git's name for its text, None: there is no file. `text` is in force (None:
    there is none), and differs from the newest if that has `problems`."""

    blob: str | None
    text: str | None
    problems: tuple[str, ...]
    read_at: datetime


@once
def stored(connection: Connection, repo_id: RepoId, path: str) -> Stored | None:
    """None: nobody has read it yet."""
    row = get(connection, schema.configs, repo_id=repo_id, path=path)
    return _stored(row) if row else None


def _stored(row: RowMapping | Row) -> Stored:
    return Stored(row["blob"], row["text"], tuple(row["problems"] or ()), row["read_at"])


def store(
    connection: Connection, repo_id: RepoId, path: str, now: datetime,
    *, blob: str | None, text: str | None, problems: Sequence[str] = (),
) -> None:  # fmt: skip
    """Takes a file up: `text` is in force from now on, unless there are `problems`; then the one before stays."""
    values: dict[str, Any] = {"blob": blob, "problems": list(problems) or None, "read_at": now}
    if not problems:
        values["text"] = text
    put(connection, schema.configs, values, repo_id=repo_id, path=path)


def seen(connection: Connection, repo_id: RepoId, path: str, now: datetime) -> None:
    """A file is still what it was."""
    put(connection, schema.configs, {"read_at": now}, repo_id=repo_id, path=path)


def files(connection: Connection, owner_id: OwnerId) -> list[tuple[Repo, Stored]]:
    """Of all repositories of an owner that have a `switchback.yml`, or had one that still holds."""
    table, repos = schema.configs, schema.repos
    query = (
        select(table)
        .join(repos, repos.c.id == table.c.repo_id)
        .where(repos.c.owner_id == owner_id, repos.c.covered, ~repos.c.gone)
        .where(table.c.path == PATH, or_(table.c.text.is_not(None), table.c.blob.is_not(None)))
        .order_by(table.c.repo_id)
    )
    found = [(recall.repo(connection, row["repo_id"]), _stored(row)) for row in connection.execute(query).mappings()]
    return [(where, one) for where, one in found if where is not None]


def in_force(connection: Connection, where: Repo) -> tuple[str, ...]:
    """The repositories whose file holds in this one, by their full names, the organisation's first."""
    repos, files = schema.repos, schema.configs
    home_id = home(connection, where.owner_id)
    query = (
        select(repos.c.id, repos.c.name)
        .join(files, files.c.repo_id == repos.c.id)
        .where(repos.c.id.in_([where.id, home_id]), files.c.path == PATH, files.c.text.is_not(None))
    )
    found = sorted(connection.execute(query).all(), key=lambda row: row.id != home_id)
    return tuple(f"{where.owner}/{row.name}" for row in found)


@once
def home(connection: Connection, owner_id: OwnerId) -> RepoId | None:
    """The owner's repository `.github`, if there is one that the app may read."""
    found = connection.scalar(_HOME_OF, {"owner_id": owner_id})
    return None if found is None else RepoId(found)


def unread(connection: Connection, where: Repo) -> tuple[Repo, ...]:
    """Whose files have to be read before anybody knows what holds in a repository: its own, and its owner's."""
    at_home = home(connection, where.owner_id)
    ids = [where.id] if at_home is None or at_home == where.id else [at_home, where.id]
    missing = [id_ for id_ in ids if stored(connection, id_, PATH) is None]
    found = (recall.repo(connection, id_) for id_ in missing)
    return tuple(each for each in found if each is not None)


@once
def live_features(connection: Connection, owner_id: OwnerId) -> tuple[str, ...]:
    """The features that speak at an owner's though nobody has switched them on."""
    return tuple(connection.scalar(_LIVE_AT, {"owner_id": owner_id}) or ())
