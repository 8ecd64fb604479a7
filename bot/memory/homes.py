"""Where something is told that is for a whole organisation: in a repository that it chose, or in `.github`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.memory import configs, recall, schema, stops
from bot.memory.snapshot import once
from bot.model import InstallationId, OwnerId, Repo, RepoId
from bot.policy import Policy

Policies = Callable[[Connection, Repo], Policy]


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


def policy(connection: Connection, owner_id: OwnerId, policies: Policies) -> Policy | None:
    """The organisation's; None where the app may work in none of its repositories."""
    home = _home(connection, owner_id)
    return None if home is None else policies(connection, home)


def _home(connection: Connection, owner_id: OwnerId) -> Repo | None:
    """`.github`; where there is none, any repository: what whoever runs the service configured holds there too."""
    home_id = configs.home(connection, owner_id)
    table = schema.repos
    any_ = select(func.min(table.c.id)).where(table.c.owner_id == owner_id, table.c.covered, ~table.c.gone)
    found = home_id if home_id is not None else connection.scalar(any_)
    return None if found is None else recall.repo(connection, RepoId(found))


@once
def named(connection: Connection, owner_id: OwnerId, name: str) -> Repo | None:
    """An owner's repository by its name, unless it is gone. Upper and lower case are the same."""
    table = schema.repos
    query = select(table.c.id).where(
        table.c.owner_id == owner_id, func.lower(table.c.name) == name.lower(), ~table.c.gone
    )
    found = connection.scalar(query.order_by(table.c.heard_at.desc()).limit(1))
    return None if found is None else recall.repo(connection, RepoId(found))
