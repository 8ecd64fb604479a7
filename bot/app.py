"""Puts the program together: the aiohttp application, what lives as long as it does, and its routes. Nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from aiohttp import web

from bot.arrival.look import Arrival
from bot.backfill import Backfill
from bot.boards import Boards
from bot.checkin.look import CheckInsLook
from bot.clock import Clock
from bot.cohort.look import Cohorts
from bot.community.look import Community
from bot.configs.reading import ConfigReader
from bot.configs.telling import Teller
from bot.digest.look import Digest
from bot.engine import Engine, Look, Outcome, Postponed
from bot.engine.local import LocalEngine
from bot.farewell.look import Farewell
from bot.farewell.rosterfile import TeamFiles
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.discover import Discoverer
from bot.github.hooks import Hooks
from bot.github.pace import SPACING, Pace
from bot.github.read import Reader
from bot.github.write import Writer
from bot.homefiles import HOME_FILES
from bot.inforce import InForce
from bot.installations import Installations
from bot.look import Looker
from bot.memory import asked, checks, inbox, intake, migrations
from bot.memory.inbox import Inbox
from bot.memory.store import Store, StoreUnavailable
from bot.mentoring.look import MentorsLook
from bot.metrics import Metrics
from bot.model import Subject
from bot.policyfile import Source
from bot.ramp.look import Ramp
from bot.reception import Reception
from bot.recovery import Recovery
from bot.roster import Roster
from bot.settings import Settings
from bot.succession.look import Succession
from bot.teamfile.look import TeamLook
from bot.thanking.look import ThanksLook
from bot.thanking.posting import Poster
from bot.triage.look import Triage
from bot.web import sheets
from bot.web.health import Health
from bot.web.installed import Installed
from bot.web.schema import home_schema, schema
from bot.webhook import MAX_SIZE, Webhook

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_RESTART_AFTER: Final = 1.0  # seconds, when the engine has broken

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the service is made of, for pages and tests."""

    settings: Settings
    policies: InForce
    clock: Clock
    metrics: Metrics
    store: Store
    inbox: Inbox
    client: Client
    installations: Installations
    recovery: Recovery
    backfill: Backfill
    engine: Engine


PARTS: Final = web.AppKey("parts", Parts)


def build(
    settings: Settings,
    config: Source | None = None,
    *,
    clock: Clock,
    spacing: timedelta = SPACING,
) -> web.Application:
    """The service. `config` is laid over the defaults, below what organisations configure; `spacing` is the time
    between two writes of an installation.

    Opens the database: raises StoreUnavailable.
    """
    app = web.Application(client_max_size=MAX_SIZE + 1)
    app[PARTS] = parts = _assemble(settings, InForce(config), clock, spacing)
    app.cleanup_ctx.append(_alive)
    health = Health(parts.store, parts.engine, clock, parts.metrics)
    webhook = Webhook(parts.inbox, settings.webhook_secrets, clock, parts.metrics)
    app.router.add_post("/webhook", webhook.receive)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    app.router.add_get("/metrics", health.metrics)
    app.router.add_get("/schema.json", schema)
    for file in HOME_FILES.values():
        app.router.add_get(f"/{file.short}.schema.json", home_schema(file))
    installed = Installed(settings, parts.store, parts.installations, clock)
    app.router.add_get("/setup", installed.setup)
    app.router.add_get("/setup/created", installed.setup)
    app.router.add_get("/setup/installed", installed.installed)
    app.router.add_get("/setup/setup.css", sheets.style)
    return app


def _assemble(settings: Settings, policies: InForce, clock: Clock, spacing: timedelta) -> Parts:
    metrics = Metrics()
    store = Store(settings.database_url)
    migrations.upgrade(store)
    box = Inbox(store)
    client = Client(settings.api_url, AppKey(settings.app_id, settings.private_key, clock), clock, metrics)
    reader = Reader(client)
    writer = Writer(client, reader, store, clock)
    roster, pace = Roster(store, reader, clock), Pace(spacing)
    teller = Teller(store, reader, writer, policies, clock)
    config_reader = ConfigReader(store, reader, teller, clock)
    looker = Looker(
        store,
        reader,
        writer,
        roster=roster,
        policies=policies,
        configs=config_reader,
        pace=pace,
        clock=clock,
        metrics=metrics,
    )
    reception = Reception(store, reader, looker, roster=roster, policies=policies, pace=pace, clock=clock)
    arriving = Arrival(
        store, reader, Discoverer(client), writer, policies, clock, reads_past=bool(settings.backfill_share)
    )
    boards = Boards(store, writer, clock)
    ramp = Ramp(store, boards, policies, clock)
    digest = Digest(store, boards, policies, clock)
    looks: Mapping[str, Look] = {
        "thread": looker, "config": config_reader.look, "check": teller.look, "arrival": arriving.look,
        "reception": reception, "ramp": ramp.look, "digest": digest.look, "triage": Triage(store, policies, clock).look,
        "community": Community(store, boards, policies, clock).look,
        "mentoring": MentorsLook(store, reader, policies=policies, pace=pace, clock=clock).look,
        "cohort": Cohorts(store, boards, policies, clock).look,
        "succession": Succession(store, boards, policies, clock).look,
        "farewell": Farewell(
            store, reader, looker, boards, TeamFiles(store, reader, writer), policies=policies, clock=clock
        ).look,
        "check-in": CheckInsLook(store, boards, reader, policies=policies, pace=pace, clock=clock).look,
        "team": TeamLook(store, reader, policies, clock).look,
        "thanks": ThanksLook(store, Poster(store, boards, writer, clock), policies, clock).look,
    }  # fmt: skip
    recovery = Recovery(store, box, Hooks(client), clock, metrics)

    async def look(subject: Subject, attempts: int) -> Outcome:
        await box.lull()
        if (until := await recovery.caught_up()) is not None:
            return Postponed(until, "hears first what was missed")
        return await looks[subject.partition("/")[0]](subject, attempts)

    async def take_in() -> bool:
        await box.lull()
        now = clock()
        return await store.write(lambda db: intake.take_in(db, now, start_live=settings.start_live))

    return Parts(
        settings=settings,
        policies=policies,
        clock=clock,
        metrics=metrics,
        store=store,
        inbox=box,
        client=client,
        installations=Installations(store, reader, clock, start_live=settings.start_live),
        recovery=recovery,
        backfill=Backfill(store, client, clock, share=settings.backfill_share, policies=policies),
        engine=LocalEngine(store, box.arrived, intake=take_in, look=look, clock=clock, metrics=metrics),
    )


async def _alive(app: web.Application) -> AsyncIterator[None]:
    """What runs while the application does."""
    parts = app[PARTS]
    try:
        async with parts.client, asyncio.TaskGroup() as tasks:
            filled = parts.backfill.keep_filled(parts.installations.known, parts.inbox.lull)
            work = [
                tasks.create_task(_keep_running(parts.engine), name="engine"),
                tasks.create_task(parts.installations.keep_known(), name="installations"),
                tasks.create_task(parts.recovery.keep_recovered(), name="recovery"),
                tasks.create_task(filled, name="backfill"),
                tasks.create_task(_forget_what_is_old(parts), name="forget"),
            ]
            yield
            for task in work:
                task.cancel()
    finally:
        parts.store.close()


async def _forget_what_is_old(parts: Parts) -> None:
    """Once a day, and at the start. A delivery that could not be projected is kept with its text until then, and no
    longer."""
    while True:
        now, pause = parts.clock(), _HOUR
        try:
            for forget in (
                partial(inbox.forget, before=now - parts.settings.keep_deliveries),
                partial(checks.forget, before=now - checks.KEEP),
                partial(asked.forget, before=now - asked.KEEP),
            ):
                while await parts.store.write(forget):
                    pass
            pause = _DAY
        except StoreUnavailable as error:
            log.warning("what is old was not forgotten", why=str(error))
        except Exception:
            log.exception("what is old was not forgotten")
        await parts.clock.until(parts.clock() + pause)


async def _keep_running(engine: Engine) -> None:
    """An engine that breaks is started again; while it stands still /readyz says so."""
    while True:
        try:
            await engine.run()
        except Exception:
            log.exception("the engine broke, and is started again")
        await asyncio.sleep(_RESTART_AFTER)
