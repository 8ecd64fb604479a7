"""What a platform and its people ask to see whether all is well: `/healthz`, `/readyz` and `/metrics`."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot.engine import Finished
from bot.engine.local import LocalEngine
from bot.memory import inbox, looks
from bot.memory.inbox import Delivery, Inbox
from bot.memory.looks import Due
from bot.metrics import Metrics
from bot.model import Subject
from bot.web import health as under_test
from bot.web.health import Health
from tests.outages import EVERY_OUTAGE, FragileFile, Outage, fragile, gone
from tests.stage import StageClock

PATIENCE: Final = 5.0  # seconds, in which even an answer that has to wait must be there
ONE: Final = Subject("thread/100/5")


@dataclass
class Place:
    """The pages, and what they tell of."""

    client: TestClient[web.Request, web.Application]
    file: FragileFile
    engine: LocalEngine
    metrics: Metrics
    clock: StageClock

    async def ready(self) -> tuple[int, dict[str, Any]]:
        async with self.client.get("/readyz") as answer:
            assert answer.content_type == "application/json"
            return answer.status, await answer.json()

    async def told(self) -> dict[str, float]:
        """The numbers on /metrics that have no labels."""
        async with self.client.get("/metrics") as answer:
            assert answer.status == 200
            text = await answer.text()
        families = text_string_to_metric_families(text)
        return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}

    async def receive(self, *guids: str) -> None:
        for guid in guids:
            await Inbox(self.file.store).record(Delivery(guid, "issues", b"{}", self.clock()))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        work = asyncio.ensure_future(self.engine.run())
        while not self.engine.running():
            await asyncio.sleep(0)
        try:
            yield
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


@pytest.fixture
async def place(tmp_path: Path, clock: StageClock) -> AsyncIterator[Place]:
    with fragile(tmp_path) as file:

        async def take_in() -> bool:
            return False

        async def look(subject: Subject, attempts: int) -> Finished:
            return Finished()

        metrics = Metrics()
        engine = LocalEngine(file.store, asyncio.Event(), intake=take_in, look=look, clock=clock, metrics=metrics)
        pages = Health(file.store, engine, clock, metrics)
        app = web.Application()
        for path, handler in {"/healthz": pages.healthz, "/readyz": pages.readyz, "/metrics": pages.metrics}.items():
            app.router.add_get(path, handler)
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            yield Place(client, file, engine, metrics, clock)


async def test_the_process_answers_whatever_else_is_wrong(place: Place) -> None:
    with gone(place.file):
        async with place.client.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_it_is_ready_when_deliveries_are_recorded_and_worked_on(place: Place) -> None:
    async with place.running():
        assert await place.ready() == (
            200,
            {"ready": True, "database": "writable", "engine": "running", "oldest_unprocessed_seconds": None},
        )


async def test_it_is_not_ready_before_and_after_the_engine_runs(place: Place) -> None:
    stopped = {"ready": False, "database": "writable", "engine": "stopped", "oldest_unprocessed_seconds": None}
    assert await place.ready() == (503, stopped)
    async with place.running():
        assert (await place.ready())[0] == 200
    assert await place.ready() == (503, stopped)


@EVERY_OUTAGE
async def test_it_is_not_ready_while_nothing_can_be_recorded(outage: Outage, place: Place) -> None:
    async with place.running():
        with outage(place.file):
            began = monotonic()
            assert await place.ready() == (
                503,
                {"ready": False, "database": "away", "engine": "running", "oldest_unprocessed_seconds": None},
            )
            assert monotonic() - began < PATIENCE
        assert (await place.ready())[0] == 200


async def test_a_database_that_never_answers_is_away(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "_PATIENCE", 0.05)
    answered = threading.Event()
    busy = asyncio.ensure_future(place.file.store.write(lambda db: answered.wait()))
    began = monotonic()
    status, says = await place.ready()
    assert (status, says["database"]) == (503, "away")
    assert monotonic() - began < PATIENCE
    answered.set()
    await busy


async def test_how_long_the_oldest_delivery_waits_is_told(place: Place) -> None:
    await place.receive("guid-1")
    place.clock.advance(timedelta(seconds=90))
    await place.receive("guid-2")
    place.clock.advance(timedelta(seconds=1.5))
    assert (await place.ready())[1]["oldest_unprocessed_seconds"] == 91.5

    [first, second] = await place.file.store.read(lambda db: inbox.next_new(db, 5))
    await place.file.store.write(lambda db: inbox.settle(db, [first[0]], []))
    assert (await place.ready())[1]["oldest_unprocessed_seconds"] == 1.5

    await place.file.store.write(lambda db: inbox.settle(db, [], [(second[0], "KeyError: 'id'")]))
    assert (await place.ready())[1]["oldest_unprocessed_seconds"] is None


async def test_the_numbers_tell_what_waits_and_what_failed(place: Place) -> None:
    quiet = {"inbox_waiting": 0, "inbox_failed": 0, "inbox_oldest_seconds": 0, "looks_planned": 0, "looks_dead": 0}
    assert quiet.items() <= {name.removeprefix("switchback_"): n for name, n in (await place.told()).items()}.items()

    await place.receive("guid-1", "guid-2", "guid-3")
    place.clock.advance(timedelta(minutes=2))
    [(seq, _)] = await place.file.store.read(lambda db: inbox.next_new(db, 1))
    await place.file.store.write(lambda db: inbox.settle(db, [], [(seq, "KeyError: 'id'")]))
    subjects = [ONE, Subject("thread/100/6"), Subject("thread/100/7")]
    await place.file.store.write(lambda db: looks.touch(db, subjects, place.clock()))
    await place.file.store.write(lambda db: looks.died(db, Due(ONE, 1, 11), "gave up"))
    busy = {"inbox_waiting": 2, "inbox_failed": 1, "inbox_oldest_seconds": 120, "looks_planned": 2, "looks_dead": 1}
    assert busy.items() <= {name.removeprefix("switchback_"): n for name, n in (await place.told()).items()}.items()


async def test_the_numbers_are_in_the_words_of_prometheus(place: Place) -> None:
    place.metrics.deliveries.labels(202).inc()
    async with place.client.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        families = {family.name: family for family in text_string_to_metric_families(await answer.text())}
    assert {sample.labels["status"] for sample in families["switchback_deliveries"].samples} == {"202"}
    assert all(name.startswith("switchback_") for name in families)
    assert all(family.documentation for family in families.values())


async def test_the_counters_are_shown_while_the_database_is_away(place: Place) -> None:
    place.metrics.recording.observe(0.01)
    with gone(place.file):
        assert (await place.told())["switchback_recording_seconds_count"] == 1
