"""Who has to be told yet what was installed on their account, and how it is switched on."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, update

from bot.memory import configs, looks, readings, schema
from bot.memory.overview import covered_repos
from bot.memory.places import InstallationState
from bot.model import OwnerId, Subject

_PATIENCE: Final = timedelta(hours=2)
_FILES: Final = (configs.PATH, configs.OLD_PATH)  # what has to be known, each read after the other


def subject(owner_id: OwnerId) -> Subject:
    return Subject(f"arrival/{owner_id}")


def owner_of(subject: Subject) -> OwnerId:
    return OwnerId(int(subject.split("/")[1]))


def awaited(connection: Connection, owner_id: OwnerId) -> bool:
    """Whether there is an installation of which nobody was told."""
    table = schema.installations
    untold = table.c.introduced_at.is_(None) & (table.c.state == InstallationState.ACTIVE)
    query = select(table.c.id).where(table.c.owner_id == owner_id, untold)
    return connection.execute(query.limit(1)).first() is not None


def unread_files(connection: Connection, owner_id: OwnerId, now: datetime) -> bool:
    """Whether there are repositories whose configuration has not been read, in the first hours at least: what cannot be
    read for longer is not waited for. They are read now."""
    table = schema.installations
    heard_at = connection.scalar(select(func.max(table.c.heard_at)).where(table.c.owner_id == owner_id))
    missing = [
        repo_id
        for repo_id in covered_repos(connection, owner_id)
        if any(configs.stored(connection, repo_id, path) is None for path in _FILES)
    ]
    if not missing or heard_at is None or now > heard_at + _PATIENCE:
        return False
    for repo_id in missing:
        looks.plan(connection, configs.subject(repo_id), now)
    return True


def plan(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    """Somebody is told soon, if they have to be."""
    if awaited(connection, owner_id):
        looks.plan(connection, subject(owner_id), now)


def news(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    """There may be more repositories: a look that is under way may have found no place to tell it."""
    looks.news(connection, subject(owner_id), now)


def settled(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    """They were told, or need not be."""
    table = schema.installations
    query = update(table).where(table.c.owner_id == owner_id, table.c.introduced_at.is_(None))
    connection.execute(query.values(introduced_at=now))


def unread(connection: Connection, owner_id: OwnerId, now: datetime) -> bool:
    """Whether there is a past that is still to be read."""
    accounts = (account for account in readings.accounts(connection) if account.id == owner_id)
    return any(readings.unfinished(connection, account, now) for account in accounts)
