"""Where something is told that is for a whole organisation: in a repository that it chose, or in `.github`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from bot.memory import configs, recall, schema, stops
from bot.memory.snapshot import once
from bot.model import InstallationId, OwnerId, Repo, RepoId
from bot.policy import Policy

Policies = Callable[[Connection, Repo], Policy]

_REPOS: Final = schema.repos.c
_ANY: Final = select(func.min(_REPOS.id)).where(
    _REPOS.owner_id == bindparam("owner_id"), _REPOS.covered, ~_REPOS.gone
)  # fmt: skip
_NAMED: Final = (
    select(_REPOS.id)
    .where(_REPOS.owner_id == bindparam("owner_id"), func.lower(_REPOS.name) == bindparam("name"), ~_REPOS.gone)
    .order_by(_REPOS.heard_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Home:
    """`policy` is the organisation's: the one of `.github`, or of the chosen repository where there is no `.github`."""

    repo: Repo
    policy: Policy
    installation: InstallationId
    paused_until: datetime | None


def find(
    connection: Connection, owner_id: OwnerId, policies: Policies, chosen: Callable[[Policy], str | None], now: datetime
) -> Home | None:
    """None where there is no such repository that the app may work in."""
    home = _home(connection, owner_id)
    if home is None:
        return None
    policy = policies(connection, home)
    name = chosen(policy)
    repo = named(connection, owner_id, configs.HOME if name is None else name)
    if repo is None or repo.archived:
        return None
    installation = recall.installation(connection, repo)
    if installation is None:
        return None
    return Home(repo, policy, installation, stops.hush(connection, repo, now).paused_until)


def private(
    connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime
) -> tuple[Home | None, str | None]:
    """Where what is between the bot, somebody of the team and the admins stands (`team.place`), or why nowhere."""
    home = _home(connection, owner_id)
    name = policies(connection, home).team.place if home is not None else None
    if name is None:
        return None, "no private place is named (team.place)"
    found = find(connection, owner_id, policies, lambda _: name, now)
    if found is None:
        return None, f"the app cannot work in {name}, which team.place names"
    if not found.repo.private:
        return None, f"{found.repo.full_name}, which team.place names, is not private"
    return found, None


def policy(connection: Connection, owner_id: OwnerId, policies: Policies) -> Policy | None:
    """The organisation's; None where the app may work in none of its repositories."""
    home = _home(connection, owner_id)
    return None if home is None else policies(connection, home)


def _home(connection: Connection, owner_id: OwnerId) -> Repo | None:
    """`.github`; where there is none, any repository: what whoever runs the service configured holds there too."""
    home_id = configs.home(connection, owner_id)
    found = home_id if home_id is not None else connection.scalar(_ANY, {"owner_id": owner_id})
    return None if found is None else recall.repo(connection, RepoId(found))


@once
def named(connection: Connection, owner_id: OwnerId, name: str) -> Repo | None:
    """An owner's repository by its name, unless it is gone. Upper and lower case are the same."""
    found = connection.scalar(_NAMED, {"owner_id": owner_id, "name": name.lower()})
    return None if found is None else recall.repo(connection, RepoId(found))
