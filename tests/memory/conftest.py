"""The tests of the memory run on both databases: on SQLite, and on a PostgreSQL of their own (`tests/postgres.py`)."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import pytest
from sqlalchemy import Connection, Table, select

from bot import sandbox
from bot.memory import inbox, intake, migrations, rows, schema
from bot.memory.project import project
from bot.memory.store import Store
from bot.model import RepoId, ThreadRef
from bot.playing import EVENTS as _EVENTS
from bot.playing import PERMISSIONS
from bot.sandbox import World
from bot.sandbox.model import Account, Installation, Organization, Repo, Thread
from tests import postgres
from tests.stage import BEGIN


@pytest.fixture(params=postgres.KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database with all tables and nothing in them."""
    with postgres.made(request.param, request.config, tmp_path) as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open database with all its tables."""
    with opened(database_url) as store:
        yield store


@pytest.fixture
def at_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[postgres.Server, Store]]:
    """For what only a server can do: PostgreSQL, and the store of a database there."""
    with postgres.database("postgresql", request.config, tmp_path) as url, opened(url) as store:
        yield postgres.server(request.config), store


@contextmanager
def opened(database_url: str) -> Iterator[Store]:
    """An empty database gets its tables."""
    store = Store(database_url)
    migrations.upgrade(store)
    yield store
    store.close()


@dataclass(frozen=True, kw_only=True)
class Village:
    """A small organisation with our app on it. Grace is a member, Ada and Linus are not."""

    clock: sandbox.Clock
    world: World
    organisation: Organization
    maps: Repo
    huts: Repo
    installation: Installation
    grace: Account
    ada: Account
    linus: Account

    @property
    def deliveries(self) -> list[sandbox.Delivery]:
        """All that was told so far, oldest first."""
        return self.world.deliveries

    def later(self, **delta: float) -> datetime:
        """Time passes; what time it is then."""
        return self.clock.forward(timedelta(**delta))


EVENTS: Final = tuple(sorted({*_EVENTS, "label", "membership", "push", "team"}))


def build_village(*, chosen: bool = False) -> Village:
    """`chosen`: the app is on these two repositories, not on whatever the organisation has."""
    clock = sandbox.Clock(BEGIN)
    world = World(now=clock)
    organisation = world.organization("alpine-tools")
    grace = world.user("grace")
    world.add_member(organisation, grace)
    maps, huts = (
        world.repository(organisation, name, labels={"bug": "d73a4a", "docs": "0075ca"}) for name in ("maps", "huts")
    )
    app = world.app(
        slug="switchback", owner=organisation, permissions=PERMISSIONS, events=EVENTS, webhook_secret="-",
        public_key="nobody signs here",
    )  # fmt: skip
    return Village(
        clock=clock,
        world=world,
        organisation=organisation,
        maps=maps,
        huts=huts,
        installation=world.install(app, organisation, repositories=[maps, huts] if chosen else None),
        grace=grace,
        ada=world.user("ada"),
        linus=world.user("linus"),
    )


@pytest.fixture
def village() -> Village:
    return build_village()


def tell(db: Connection, deliveries: Iterable[sandbox.Delivery], at: datetime = BEGIN) -> None:
    """Lets memory hear them in this order, a second apart, through inbox and intake."""
    batch = [
        inbox.Delivery(id=each.guid, event=each.event, payload=each.body, received_at=at + timedelta(seconds=n))
        for n, each in enumerate(deliveries)
    ]
    inbox.insert(db, batch)
    while intake.take_in(db, at + timedelta(seconds=len(batch)), start_live=True):
        pass


OWNER, REPO, ANOTHER_REPO = 1, 11, 12
ADA, GRACE, LINUS, BOT, GREETER = 101, 102, 103, 104, 105
LOGINS = {ADA: "ada", GRACE: "grace", LINUS: "linus", BOT: "renovate[bot]", GREETER: "Welcome-Robot"}


class Archive:
    """Memory, filled by hand: an organisation that we have listened to since BEGIN, two repositories, five accounts.

    What puts something in returns the archive, to go on with.
    """

    def __init__(self, store: Store, *, past_read: bool = True) -> None:
        self.store = store
        since = {"login": "alpine-tools", "is_organisation": True, "witnessed_since": BEGIN}
        people = [{"id": id_, "login": login, "is_bot": id_ == BOT, "heard_at": BEGIN} for id_, login in LOGINS.items()]
        with store.engine.begin() as db:  # at one stroke: each write by itself waits for the disk
            db.execute(schema.owners.insert().values(id=OWNER, **since, past_read_at=BEGIN if past_read else None))
            db.execute(schema.people.insert(), people)
            for id_, name in ((REPO, "maps"), (ANOTHER_REPO, "huts")):
                db.execute(schema.repos.insert().values(_repo(id_, name)))
        self.team(GRACE)

    def put(self, table: Table, **values: object) -> Self:
        self.store.write_now(lambda db: db.execute(table.insert().values(**values)))
        return self

    def set(self, table: Table, **values: object) -> Self:
        """In all rows."""
        self.store.write_now(lambda db: db.execute(table.update().values(**values)))
        return self

    def repo(self, id_: int, name: str, *, owner: int = OWNER, **more: object) -> Self:
        return self.put(schema.repos, **_repo(id_, name) | {"owner_id": owner} | more)

    def team(self, person: int, *, belongs: bool = True, at: datetime = BEGIN) -> Self:
        return self.put(schema.team, owner_id=OWNER, person_id=person, belongs=belongs, as_of=at)

    def thread(
        self, number: int, *, by: int = ADA, at: datetime = BEGIN, kind: str = "issue", repo: int = REPO, **more: object
    ) -> ThreadRef:
        values: dict[str, object] = {
            "repo_id": repo, "number": number, "kind": kind, "node_id": f"N{number}",
            "author_id": by, "opened_by": by, "created_at": at, "updated_at": at, "heard_at": at, "moved": False,
            "is_open": True, "locked": False, "draft": False, "gone": False, "labels": [], "assignees": [],
            "category": "", "hint": "unknown",
        }  # fmt: skip
        self.put(schema.threads, **values | more)
        return ThreadRef(RepoId(repo), number)

    def answer(self, number: int, *, by: int, at: datetime, repo: int = REPO, gone: bool = False) -> Self:
        place = {"repo_id": repo, "number": number}
        source = next(_sources)
        return self.put(
            schema.activity, kind="issue_comment", source_id=source, **place, person_id=by, at=at, gone=gone
        )

    def said(self, key: str, number: int, *, to: int = ADA, state: str = "done", owner: int = OWNER) -> Self:
        about = {"owner_id": owner, "installation_id": 1, "repo_id": REPO, "number": number, "person_id": to}
        act = {"rule": key.split("/")[0], "effect": "say", "mention": True, "why": "because"}
        return self.put(schema.ledger, key=key, **act, **about, state=state, claimed_at=BEGIN)


def _repo(id_: int, name: str) -> dict[str, object]:
    return {
        "id": id_, "owner_id": OWNER, "name": name, "url": f"https://github.com/{name}", "default_branch": "main",
        "private": False, "archived": False, "gone": False, "covered": True, "heard_at": BEGIN,
    }  # fmt: skip


_sources = itertools.count(1)


@dataclass(frozen=True)
class Known:
    """What memory holds after it heard everything, read back."""

    store: Store
    village: Village

    def hear(self, at: datetime = BEGIN) -> None:
        self.store.write_now(lambda db: tell(db, self.village.deliveries, at))

    def hear_payload(self, event: str, data: dict[str, Any], *, live: bool = True) -> set[ThreadRef]:
        return self.store.write_now(lambda db: project(db, event, data, BEGIN, live=live))

    def row(self, table: Table, **key: object) -> dict[str, Any] | None:
        return self.store.read_now(lambda db: rows.get(db, table, **key))

    def thread(self, thread: Thread) -> dict[str, Any]:
        found = self.row(schema.threads, repo_id=thread.repo.id, number=thread.number)
        assert found is not None
        return found

    def all(self, table: Table, *columns: str) -> list[tuple[Any, ...]]:
        query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
        return self.store.read_now(lambda db: [tuple(row) for row in db.execute(query)])


@pytest.fixture
def known(store: Store, village: Village) -> Known:
    return Known(store, village)
