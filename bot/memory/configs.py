"""The configuration files that repositories have, and which of them count where.

A row tells of one file on a default branch: what was read last, and the last text that could be used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.memory import schema
from bot.memory.places import InstallationState
from bot.memory.rows import get, put
from bot.model import OwnerId, Repo, RepoId

PATH: Final = ".github/switchback.yml"
OLD_PATH: Final = ".github/config.yml"  # of the welcome bot that many had before
HOME: Final = ".github"  # the repository whose files hold for all of an owner's


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it was read last. `blob` is git's name for its text, None: there is no file. `text` is in force (None:
    there is none), and differs from the newest if that has `problems`."""

    blob: str | None
    text: str | None
    problems: tuple[str, ...]
    read_at: datetime


def stored(connection: Connection, repo_id: RepoId, path: str) -> Stored | None:
    """None: nobody has read it yet."""
    row = get(connection, schema.configs, repo_id=repo_id, path=path)
    return Stored(row["blob"], row["text"], tuple(row["problems"] or ()), row["read_at"]) if row else None


def store(
    connection: Connection, repo_id: RepoId, path: str, now: datetime,
    *, blob: str | None, text: str | None, problems: Sequence[str] = (),
) -> None:  # fmt: skip
    """Takes a file up: `text` is in force from now on, unless there are `problems`; then the one before stays."""
    values: dict[str, Any] = {"blob": blob, "problems": list(problems) or None, "read_at": now}
    if not problems:
        values["text"] = text
    put(connection, schema.configs, values, repo_id=repo_id, path=path)


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


def home(connection: Connection, owner_id: OwnerId) -> RepoId | None:
    """The owner's repository `.github`, if there is one that the app may read."""
    table = schema.repos
    query = select(table.c.id).where(
        table.c.owner_id == owner_id, func.lower(table.c.name) == HOME, table.c.covered, ~table.c.gone
    )
    found = connection.scalar(query.order_by(table.c.heard_at.desc()).limit(1))
    return None if found is None else RepoId(found)


def live_features(connection: Connection, owner_id: OwnerId) -> tuple[str, ...]:
    """The features that speak at an owner's though nobody has switched them on."""
    table = schema.installations
    query = (
        select(table.c.live)
        .where(table.c.owner_id == owner_id)
        .order_by(table.c.state != InstallationState.ACTIVE, table.c.heard_at.desc())
    )
    return tuple(connection.scalar(query.limit(1)) or ())
