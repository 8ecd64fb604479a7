"""A clinic: an organisation whose service has run and is well, and every way to make it ill, for the doctor's tests."""

from contextlib import AsyncExitStack, closing
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Table

from bot import doctor
from bot.doctor import Examination
from bot.memory import inbox, looks, schema
from bot.memory.inbox import Delivery
from bot.memory.store import Store
from bot.model import RepoId, Subject, ThreadRef
from bot.sandbox import World, running
from bot.sandbox import events as sandbox
from bot.sandbox.model import Installation
from tests.outpost import Outpost
from tests.stage import SECRET, Cast, StageClock, prepare

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL: Final = "https://switchback.example.org/webhook"
NOWHERE: Final = "http://127.0.0.1:9"  # nobody answers there
ODD: Final = b'{"issue": 5}'


@dataclass
class Clinic:
    """An outpost whose service has run and is well, and what the doctor is given."""

    outpost: Outpost
    environ: dict[str, str]
    store: Store
    skew: timedelta = timedelta()
    config: Path | None = None

    @property
    def now(self) -> datetime:
        return self.outpost.clock()

    @property
    def installation(self) -> Installation:
        [installation] = self.outpost.world.installations.values()
        return installation

    async def examine(self, *, retry: bool = False) -> Examination:
        clock = StageClock(self.now + self.skew)
        return await doctor.examine(self.environ, self.config, clock, retry=retry)

    def write(self, work: Any) -> Any:
        return self.store.write_now(work)

    def set(self, table: Table, **values: object) -> None:
        self.write(lambda db: db.execute(table.update().values(**values)))

    def forget(self, table: Table) -> None:
        self.write(lambda db: db.execute(table.delete()))

    def receive(self, guid: str, *, age: timedelta = timedelta(), error: str | None = None) -> None:
        """A delivery is in the inbox; `error`: it could not be projected."""
        self.write(lambda db: inbox.insert(db, [Delivery(guid, "issues", ODD, self.now - age)]))
        if error is not None:
            [(seq, _)] = self.store.read_now(lambda db: inbox.next_new(db, 1))
            self.write(lambda db: inbox.settle(db, [], [(seq, error)]))

    def tried(
        self, guid: str, *, age: timedelta = HOUR, status: str = "OK", code: int = 202, received: bool = True,
        redelivery: bool = False,
    ) -> None:  # fmt: skip
        """GitHub made this attempt; `received`: the inbox has the delivery."""
        world = self.outpost.world
        opened = next(delivery for delivery in world.deliveries if delivery.event == "issues")
        delivery = replace(opened, guid=guid, redelivery=redelivery)
        world.attempts.append(
            sandbox.Attempt(
                id=world.new_id(), delivery=delivery, at=self.now - age, duration=0.1, status=status, status_code=code,
                url=URL, request_headers={}, response_headers={}, response_body="",
            )
        )  # fmt: skip
        if received:
            self.receive(guid, age=age)
            self.settle_all()

    def failed(self, status: str, code: int, *, times: int = 1) -> None:
        """The latest deliveries failed so, at first, though they are here by now."""
        for number in range(times):
            self.tried(f"{code}-{number}", age=HOUR * (times - number), status=status, code=code)

    def refused(self, code: int) -> None:
        self.failed(f"Invalid HTTP Response: {code}", code, times=2)

    def poisoned(self) -> None:
        """A delivery was refused four times, while others got through."""
        for tries in range(4):
            self.tried(
                "poison", age=HOUR * (8 - tries), code=400, status="Invalid HTTP Response: 400", received=False,
                redelivery=tries > 0,
            )  # fmt: skip
        self.tried("good", age=HOUR / 2)

    def named_only(self) -> None:
        """There is a repository of which nothing but the installation told."""
        told = {
            "id": 9,
            "owner_id": self.outpost.cast.organisation.id,
            "name": "larder",
            "url": "",
            "heard_at": self.now,
        }
        state = {"private": False, "archived": False, "gone": False, "covered": True, "default_branch": ""}
        self.write(lambda db: db.execute(schema.repos.insert().values(**told, **state)))

    def settle_all(self) -> None:
        waiting = self.store.read_now(lambda db: inbox.next_new(db, 100))
        self.write(lambda db: inbox.settle(db, [seq for seq, _ in waiting], []))

    def look(self, subject: Subject, *, due: timedelta, dead: str | None = None) -> None:
        self.write(lambda db: looks.touch(db, [subject], self.now + due))
        if dead is not None:
            [look] = self.store.read_now(lambda db: looks.due(db, self.now, 1, ()))
            self.write(lambda db: looks.died(db, look, dead))

    @property
    def thread(self) -> Subject:
        return ThreadRef(RepoId(self.outpost.cast.maps.id), 1).subject


@dataclass(frozen=True)
class Well:
    """What a service that has run for an hour leaves behind: made once for all clinics, each of which gets a copy."""

    clock: StageClock
    world: World
    cast: Cast
    database: bytes


_WELL: Final[dict[tuple[datetime, str], Well]] = {}


async def _has_run(clock: StageClock, private_key: str) -> Well:
    world, cast = prepare(clock, private_key)
    cast.app.webhook_url = URL
    with TemporaryDirectory(prefix="switchback-clinic-") as name:
        async with running(world) as github:
            outpost = Outpost(world, cast, github, clock, Path(name), None, reads_the_past=True)
            async with outpost.open():
                for repo in (cast.maps, cast.huts):
                    world.open_issue(repo, by=cast.ada, title="Hello")
                await outpost.later(minutes=62)
        return Well(clock, world, cast, outpost.database.read_bytes())


async def clinic_at(clock: StageClock, private_key: str, folder: Path, stack: AsyncExitStack) -> Clinic:
    well = _WELL.get((clock(), private_key))
    if well is None:
        well = _WELL[clock(), private_key] = await _has_run(StageClock(clock()), private_key)
    world, cast = deepcopy((well.world, well.cast), {id(well.clock): clock})
    clock.advance(well.clock() - clock())
    github = await stack.enter_async_context(running(world))
    outpost = Outpost(world, cast, github, clock, folder, None, reads_the_past=True)
    outpost.database.write_bytes(well.database)
    environ = {
        "GITHUB_APP_ID": str(cast.app.id),
        "GITHUB_APP_PRIVATE_KEY": private_key,
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "GITHUB_API_URL": github.url,
        "DATABASE_URL": f"sqlite:///{outpost.database}",
    }
    store = stack.enter_context(closing(Store(environ["DATABASE_URL"])))
    return Clinic(outpost, environ, store)
