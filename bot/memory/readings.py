"""How far the past has been read: for each list of each repository the page to go on with, and where to begin next.

A pass over a list is done once its last page is written down. Whoever is interrupted goes on at the page where they
stopped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from bot.memory import schema
from bot.memory.overview import covered_repos
from bot.memory.places import InstallationState
from bot.memory.recall import repo
from bot.memory.rows import get, put
from bot.model import InstallationId, OwnerId, Repo, RepoId

OF_OWNER: Final = RepoId(0)
_TRY_AGAIN: Final = timedelta(days=1)
_OVERLAP: Final = timedelta(minutes=2)  # GitHub's clock and ours may differ; what is read twice does no harm


class Part(StrEnum):
    """What is read of a repository, in this order: first what tells who was there before."""

    ISSUES = "issues"  # pull requests are among them
    COMMENTS = "comments"
    REVIEW_COMMENTS = "review comments"
    PULLS = "pull requests"  # their reviews, files and history
    DISCUSSIONS = "discussions"
    STEPS = "open issues"  # their history
    CHECKS = "check suites"  # of the newest commits of open pull requests
    COMMITS = "commits"
    EXCLUDED = "excluded files"  # which commits touch them
    LABELS = "labels"


# Without the permission for these the app does not hear of them either, so the past is known without them.
OPTIONAL: Final = frozenset({Part.DISCUSSIONS, Part.CHECKS})


class OwnerPart(StrEnum):
    REPOS = "repositories"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Key:
    """A list: of a repository (a Part), or of the owner (an OwnerPart; `repo_id` is OF_OWNER)."""

    owner_id: OwnerId
    repo_id: RepoId
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A pass over a list, under way or done. `since`: what it asks for; None: everything there ever was."""

    cursor: str | None
    since: datetime | None
    began_at: datetime
    done_at: datetime | None
    etag: str | None
    pages: int
    expected: int | None
    items: int
    why: str | None

    @property
    def first(self) -> bool:
        """Whether this list has never been read to its end."""
        return self.since is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An owner whose past can be read. `everywhere`: the app is on all their repositories."""

    id: OwnerId
    login: str
    is_organisation: bool
    installation: InstallationId
    everywhere: bool
    witnessed_since: datetime
    past_is_known: bool


def accounts(connection: Connection) -> list[Account]:
    """Those with an active installation, by name."""
    owner, installation = schema.owners, schema.installations
    query = (
        select(owner, installation.c.id.label("installation_id"), installation.c.everywhere)
        .join(installation, installation.c.owner_id == owner.c.id)
        .where(installation.c.state == InstallationState.ACTIVE)
        .order_by(func.lower(owner.c.login), installation.c.heard_at)
    )
    found = {
        row["id"]: Account(
            id=OwnerId(row["id"]),
            login=row["login"],
            is_organisation=row["is_organisation"],
            installation=InstallationId(row["installation_id"]),
            everywhere=bool(row["everywhere"]),
            witnessed_since=row["witnessed_since"],
            past_is_known=row["past_read_at"] is not None,
        )
        for row in connection.execute(query).mappings()
    }
    return list(found.values())


def find(connection: Connection, key: Key) -> Reading | None:
    row = get(connection, schema.readings, **asdict(key))
    if row is None:
        return None
    return _reading(row)


def _reading(row: Mapping[str, Any]) -> Reading:
    return Reading(**{name: value for name, value in row.items() if name not in {"owner_id", "repo_id", "part"}})


def begin(connection: Connection, key: Key, now: datetime) -> Reading:
    """The pass to go on with, or a new one if the last is done."""
    known = find(connection, key)
    if known is not None and known.done_at is None:
        put(connection, schema.readings, {"why": None}, **asdict(key))
    else:
        nothing = {"cursor": None, "done_at": None, "expected": None, "why": None}
        fresh = {**nothing, "began_at": now, "pages": 0, "items": 0}
        put(connection, schema.readings, fresh, **asdict(key))
    begun = find(connection, key)
    assert begun is not None, "it has just been written"
    return begun


def turned(
    connection: Connection, key: Key,
    *, cursor: str | None, items: int, expected: int | None,
) -> None:  # fmt: skip
    """A page was read; `cursor` is the next one. Where there is none, `finish` follows."""
    table = schema.readings
    told = {"cursor": cursor, "pages": table.c.pages + 1, "items": table.c["items"] + items, "expected": expected}
    here = (table.c.owner_id == key.owner_id, table.c.repo_id == key.repo_id, table.c.part == key.part)
    connection.execute(update(table).where(*here).values(told))


def finish(
    connection: Connection, key: Key, now: datetime,
    *, etag: str | None = None, unchanged: bool = False,
) -> None:  # fmt: skip
    """The pass is done. If nothing had changed the next one asks for the same, and so gets it for nothing."""
    known = find(connection, key)
    assert known is not None, "nothing is finished that was not begun"
    since = known.since if unchanged and known.since is not None else known.began_at - _OVERLAP
    told = {"cursor": None, "done_at": now, "since": since, "etag": etag}
    put(connection, schema.readings, told, **asdict(key))


def give_up(connection: Connection, key: Key, why: str, *, over_at: datetime | None) -> None:
    """It cannot be read. `over_at`: it never will be, so the pass is over."""
    told = {"why": why, "done_at": over_at}
    put(connection, schema.readings, told, **asdict(key))


def due(connection: Connection, account: Account, repo_id: RepoId, now: datetime) -> list[Part]:
    """What of a repository was not read to its end since we have been listening there without a gap."""
    return [part for part in Part if not _read(find(connection, Key(account.id, repo_id, part)), account, now)]


def due_of_owner(connection: Connection, account: Account, now: datetime) -> list[OwnerPart]:
    return [part for part in OwnerPart if not _read(find(connection, Key(account.id, OF_OWNER, part)), account, now)]


def _read(reading: Reading | None, account: Account, now: datetime) -> bool:
    """What could not be read is tried again the next day: somebody may have granted a permission."""
    if reading is None or reading.done_at is None or reading.began_at < account.witnessed_since:
        return False
    return reading.why is None or now < reading.done_at + _TRY_AGAIN


def unread(connection: Connection, account: Account, now: datetime) -> bool:
    """Whether there is anything to read of an owner: one look at all of it."""
    table = schema.readings
    query = select(table).where(table.c.owner_id == account.id)
    read = {
        (row["repo_id"], row["part"])
        for row in connection.execute(query).mappings()
        if _read(_reading(dict(row)), account, now)
    }
    wanted = {(int(OF_OWNER), str(part)) for part in OwnerPart}
    wanted |= {(int(repo_id), str(part)) for repo_id in covered_repos(connection, account.id) for part in Part}
    return not wanted <= read


def unfinished(connection: Connection, account: Account, now: datetime) -> bool:
    """Whether there is anything to do: to read, or just to note that all is read (the power went out in between)."""
    return unread(connection, account, now) or (account.everywhere and not account.past_is_known)


def progress(connection: Connection, account: Account, repo_id: RepoId, started: datetime) -> tuple[int, int]:
    """How many pages of a repository's lists have been read since a pass was started, and how many there are as far as
    is known."""
    table = schema.readings
    query = select(table.c.pages, table.c.expected, table.c.done_at).where(
        table.c.owner_id == account.id, table.c.repo_id == repo_id, table.c.began_at >= started
    )
    read = expected = 0
    for pages, told, done_at in connection.execute(query):
        read += pages
        expected += pages if done_at is not None else max(told or 0, pages)
    return read, expected


def repos(connection: Connection, owner_id: OwnerId) -> Iterator[Repo]:
    """The repositories that the app may read."""
    for repo_id in covered_repos(connection, owner_id):
        where = repo(connection, repo_id)
        if where is not None:
            yield where


def past_is_read(connection: Connection, account: Account, now: datetime) -> bool:
    """Notes that the whole past of an owner is known now, if it is: then nobody has to be searched for any more.

    It is not while the app does not see all repositories, or one of them could not be read.
    """
    row = get(connection, schema.owners, id=account.id)
    assert row is not None, "an account is an owner"
    table = schema.readings
    given_up = select(table.c.part).where(
        table.c.owner_id == account.id, table.c.why.is_not(None), table.c.part.not_in(OPTIONAL)
    )
    complete = (
        account.everywhere
        and row["witnessed_since"] == account.witnessed_since
        and not unread(connection, account, now)
        and connection.execute(given_up.limit(1)).first() is None
    )
    if complete and row["past_read_at"] is None:
        put(connection, schema.owners, {"past_read_at": now}, id=account.id)
    return complete
