"""What `python -m bot preview` is asked for, looked up in memory: whose repositories, and which configurations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot import policyfile
from bot.inforce import InForce, Policies, all_on
from bot.memory import configs, lately, migrations, overview, recall
from bot.memory.store import StoreUnavailable
from bot.model import OwnerId, RepoId
from bot.policyfile import Source
from bot.preview import Preview, Sight, preview


class NotKnown(Exception):
    """There is no such organisation or repository here; the message says which."""


class NotARepository(Exception):
    """That is not how a repository is written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a repository: write OWNER/REPO, for example jupyterhub/jupyterhub")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`file`: the candidate's. `operator`: what the service is started with. `repo` and `org` as people write them."""

    file: Path | None
    operator: Source | None
    days: int
    repo: str | None
    org: str | None
    all_on: bool


def answered(connection: Connection, wish: Asked, now: datetime) -> list[tuple[Preview, Preview | None]]:
    """For each organisation what today's configuration would have posted, and what the candidate.

    Raises NotKnown, NotARepository, ConfigError with the mistakes of the candidate, and StoreUnavailable if the
    database is none of ours.
    """
    file = policyfile.source(wish.file) if wish.file else None
    if migrations.revision(connection) != migrations.HEAD:
        raise StoreUnavailable("it is not a database of Switchback, or not yet upgraded: `serve` does that")
    inforce = InForce(wish.operator)
    told = []
    for owner_id, repo_id in _places(connection, wish):
        tried: list[Policies] = [inforce]
        if file is not None and repo_id is not None:
            tried.append(inforce.candidate(repo_id, file))
        elif file is not None:
            tried.append(inforce.candidate_of(owner_id, file))
        shown = _repos(connection, owner_id, repo_id, wish)
        today, *candidate = [
            preview(
                connection, owner_id, all_on(each) if wish.all_on else each, now,
                since=timedelta(days=wish.days), repos=shown, seen_from=Sight.OPERATOR,
            )
            for each in tried
        ]  # fmt: skip
        told.append((today, candidate[0] if candidate else None))
    return told


def _repos(connection: Connection, owner_id: OwnerId, repo_id: RepoId | None, wish: Asked) -> list[RepoId] | None:
    """Which to tell of. A candidate for the repository `.github` counts in all of them."""
    home = configs.home(connection, owner_id)
    return None if repo_id is None or (wish.file is not None and repo_id == home) else [repo_id]


def _places(connection: Connection, wish: Asked) -> Iterator[tuple[OwnerId, RepoId | None]]:
    owners = lately.owners(connection)
    login, slash, name = (wish.repo or "").partition("/")
    if wish.repo is not None:
        if not (login and slash and name) or "/" in name:
            raise NotARepository(wish.repo)
        if wish.org is not None and wish.org.lower() != login.lower():
            raise NotKnown(f"{wish.repo} is not a repository of {wish.org}")
    which = wish.org or login
    found = [owner_id for owner_id, of in owners if not which or of.lower() == which.lower()]
    if not found:
        what = f"{wish.repo or wish.org} is not known here" if which else "no repository is known here yet"
        raise NotKnown(f"{what}: the app is not installed there, or nothing has been heard of it")
    for owner_id in found:
        yield owner_id, _repo(connection, owner_id, name, wish.repo) if wish.repo else None


def _repo(connection: Connection, owner_id: OwnerId, name: str, written: str) -> RepoId:
    for repo_id in overview.covered_repos(connection, owner_id):
        where = recall.repo(connection, repo_id)
        if where is not None and where.name.lower() == name.lower():
            return repo_id
    raise NotKnown(f"{written} is not known here: the app is not installed there, or nothing has been heard of it")
