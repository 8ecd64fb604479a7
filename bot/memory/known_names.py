"""Which labels, people and teams there are in a repository, as far as memory knows: to find names in a file that are
not."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, func, select

from bot.memory import configs, schema
from bot.memory.readings import OF_OWNER, OwnerPart, Part
from bot.memory.recall import repo
from bot.memory.rows import get
from bot.model import OwnerId, Repo, RepoId
from bot.policy import KnownNames


def known_names(connection: Connection, where: Repo) -> KnownNames:
    """What a configuration file in this repository may name. In the owner's repository `.github`, whose file holds
    everywhere, these are the labels of all repositories, of private ones only if it is private itself.

    Lists that have not been read to their end tell nothing: what is not in memory may be there all the same.
    """
    home = configs.home(connection, where.owner_id) == where.id
    repos = _repos(connection, where) if home else [where.id]
    labels, threads, teams, owners = schema.labels, schema.threads, schema.teams, schema.owners
    slugs = select(owners.c.login, teams.c.slug).join(teams, teams.c.owner_id == owners.c.id)
    slugs = slugs.where(owners.c.id == where.owner_id, ~teams.c.gone)
    categories = select(threads.c.category).where(threads.c.repo_id.in_(repos), threads.c.category != "").distinct()
    return KnownNames(
        labels=_names(connection, labels.c.name, labels.c.repo_id.in_(repos), ~labels.c.gone)
        if all(_is_read(connection, where.owner_id, repo_id, Part.LABELS) for repo_id in repos)
        else None,
        categories=frozenset(connection.scalars(categories)),
        people=_people(connection),
        teams=frozenset(f"{login}/{slug}" for login, slug in connection.execute(slugs))
        if _is_read(connection, where.owner_id, OF_OWNER, OwnerPart.TEAM)
        else None,
    )


def labels(connection: Connection, where: Repo) -> frozenset[str] | None:
    """The labels that a repository has; None if nobody has read its list to the end."""
    if not _is_read(connection, where.owner_id, where.id, Part.LABELS):
        return None
    table = schema.labels
    return _names(connection, table.c.name, table.c.repo_id == where.id, ~table.c.gone)


def _is_read(connection: Connection, owner_id: OwnerId, repo_id: int, part: str) -> bool:
    row = get(connection, schema.readings, owner_id=owner_id, repo_id=repo_id, part=part)
    return row is not None and row["since"] is not None


def find(connection: Connection, full_name: str) -> Repo | None:
    """The repository of this name (`OWNER/REPO`, in any case); None: there is none that the app covers."""
    owner, _, name = full_name.partition("/")
    repos, owners = schema.repos, schema.owners
    query = select(repos.c.id).join(owners, owners.c.id == repos.c.owner_id)
    query = query.where(
        func.lower(owners.c.login) == owner.lower(), func.lower(repos.c.name) == name.lower(), ~repos.c.gone
    )
    found = connection.scalar(query.order_by(repos.c.heard_at.desc()).limit(1))
    return None if found is None else repo(connection, RepoId(found))


def _repos(connection: Connection, home: Repo) -> list[int]:
    table = schema.repos
    query = select(table.c.id).where(table.c.owner_id == home.owner_id, table.c.covered, ~table.c.gone)
    return list(connection.scalars(query if home.private else query.where(~table.c.private)))


def _names(connection: Connection, column: ColumnElement[str], *where: ColumnElement[bool]) -> frozenset[str]:
    return frozenset(connection.scalars(select(column).where(*where).distinct()))


def _people(connection: Connection) -> Callable[[str], bool | None]:
    logins = {login.casefold() for login in connection.scalars(select(schema.people.c.login))}
    return lambda login: login.casefold() in logins
