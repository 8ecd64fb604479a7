"""The local engine keeps an engine's promises, with looks that do what the test says, on real tables."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, select

from bot.engine import TRIES, Failed, Finished, Lost, Postponed, backoff, local
from bot.memory import looks, migrations, schema
from bot.memory.looks import DeadLetter
from bot.memory.store import Store, StoreUnavailable
from bot.model import Subject
from tests import postgres
from tests.engine.conftest import Scene
from tests.stage import BEGIN

A, B = Subject("thread/1/1"), Subject("thread/1/2")
MINUTE: Final = timedelta(minutes=1)


async def test_a_subject_with_news_is_looked_at_once(scene: Scene) -> None:
    async with scene.running() as engine:
        scene.tell(A, A, B, A)
        await engine.settled()
        assert sorted(scene.look.seen) == [(A, 0), (B, 0)]
        scene.tell(A)
        await engine.settled()
        assert scene.look.times == 3
    assert await scene.due_in() is None


async def test_news_during_a_look_is_another_look_and_never_beside_the_first(scene: Scene) -> None:
    scene.look.gate.clear()
    async with scene.running() as engine:
        scene.tell(A)
        await scene.look.begun.get()
        for _ in range(3):
            scene.tell(A)
            await scene.pause()
        assert scene.look.times == 1
        scene.look.gate.set()
        await engine.settled()
        assert scene.look.seen == [(A, 0), (A, 0)]
        assert scene.look.most_of_one == 1


async def test_sixteen_subjects_are_looked_at_at_once_and_the_others_after_them(scene: Scene) -> None:
    subjects = [Subject(f"thread/1/{number}") for number in range(40)]
    scene.look.gate.clear()
    async with scene.running() as engine:
        scene.tell(*subjects, *subjects)
        for _ in range(16):
            await scene.look.begun.get()
        await scene.pause()
        assert scene.look.times == 16
        scene.look.gate.set()
        await engine.settled()
    assert {subject for subject, _ in scene.look.seen} == set(subjects)
    assert (scene.look.most_at_once, scene.look.most_of_one) == (16, 1)


async def test_what_is_finished_rests_until_its_time_or_until_there_is_news(scene: Scene) -> None:
    scene.look.will(A, Finished(BEGIN + MINUTE, "the team may answer first"), Finished(BEGIN + MINUTE * 9))
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        assert await scene.due_in() == MINUTE
        scene.clock.advance(MINUTE)
        await engine.settled()
        assert (scene.look.times, await scene.due_in()) == (2, MINUTE * 8)
        scene.tell(A)
        await engine.settled()
        assert (scene.look.times, await scene.due_in()) == (3, None)


async def test_what_is_postponed_comes_again_and_it_was_no_try(scene: Scene) -> None:
    scene.look.will(A, Failed("HTTP 502"), Postponed(BEGIN + MINUTE, "GitHub asked to wait"))
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        scene.clock.advance(backoff(0))
        await engine.settled()
        assert await scene.due_in() == MINUTE - backoff(0)
        scene.clock.advance(MINUTE)
        await engine.settled()
    assert scene.look.seen == [(A, 0), (A, 1), (A, 1)]


async def test_what_fails_is_tried_again_later_each_time_and_in_the_end_goes_to_the_dead_letters(scene: Scene) -> None:
    scene.look.will(A, *(Failed(f"HTTP 502, {number}") for number in range(TRIES)))
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        for attempts in range(TRIES - 1):
            assert await scene.due_in() == backoff(attempts)
            scene.clock.advance(backoff(attempts))
            await engine.settled()
        assert scene.look.seen == [(A, attempts) for attempts in range(TRIES)]
        assert await scene.due_in() is None
        assert await scene.store.read(looks.dead) == [DeadLetter(A, TRIES, f"HTTP 502, {TRIES - 1}")]
        scene.tell(A)
        await engine.settled()
        assert scene.look.seen[-1] == (A, 0)
        assert await scene.store.read(looks.dead) == []


async def test_a_failure_may_name_its_time(scene: Scene) -> None:
    scene.look.will(A, Failed("come back", at=BEGIN + MINUTE * 7), Finished())
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        assert await scene.due_in() == MINUTE * 7
        scene.clock.advance(MINUTE * 7)
        await engine.settled()
        assert scene.look.seen == [(A, 0), (A, 1)]


async def test_news_waits_behind_a_look_that_backs_off(scene: Scene) -> None:
    scene.look.will(A, Failed("HTTP 502"))
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        scene.tell(A)
        await engine.settled()
        assert (scene.look.times, await scene.due_in()) == (1, backoff(0))
        scene.clock.advance(backoff(0))
        await engine.settled()
        assert (scene.look.times, await scene.due_in()) == (2, None)


async def test_what_is_lost_is_not_tried_again(scene: Scene) -> None:
    scene.look.will(A, Lost("the app lacks a permission"))
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        scene.clock.advance(MINUTE * 1000)
        await engine.settled()
    assert scene.look.times == 1
    assert await scene.store.read(looks.dead) == [DeadLetter(A, 1, "the app lacks a permission")]


async def test_a_look_that_breaks_is_tried_again_and_disturbs_nobody(scene: Scene) -> None:
    scene.look.will(A, KeyError("a secret"), Finished())
    async with scene.running() as engine:
        scene.tell(A, B)
        await engine.settled()
        assert await scene.due_in() == backoff(0)
        assert await scene.store.read(lambda db: why(db, A)) == "KeyError in the look; the log has more"
        scene.clock.advance(backoff(0))
        await engine.settled()
        assert engine.running()
    assert Counter(scene.look.seen) == {(A, 0): 1, (A, 1): 1, (B, 0): 1}


def why(db: Connection, subject: Subject) -> str | None:
    return db.scalar(select(schema.looks.c.why).where(schema.looks.c.subject == subject))


async def test_when_the_database_is_away_in_a_look_the_look_stays_due(scene: Scene) -> None:
    scene.look.will(A, StoreUnavailable("it is away"), Finished())
    async with scene.running() as engine:
        scene.tell(A)
        await engine.settled()
        assert engine.running()
    assert scene.look.seen == [(A, 0), (A, 0)]


async def test_when_the_database_is_away_at_intake_it_is_tried_again(scene: Scene) -> None:
    async with scene.running() as engine:
        await engine.settled()
        scene.unavailable = 3
        scene.tell(A)
        await engine.settled()
        assert engine.running()
    assert scene.look.seen == [(A, 0)]


async def test_it_outlives_a_database_that_goes_and_comes_back(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "_STORE_PAUSE", 0.01)
    with postgres.database("postgresql", request.config, tmp_path) as url:
        store = Store(url)
        migrations.upgrade(store)
        scene = Scene(store)
        scene.look.gate.clear()
        async with scene.running() as engine:
            scene.tell(A)
            await scene.look.begun.get()
            with postgres.server(request.config).away():
                scene.look.gate.set()
                scene.tell(B)
                with pytest.raises(StoreUnavailable):
                    await scene.due_in()
            await engine.settled()
            assert engine.running()
        assert {subject for subject, _ in scene.look.seen} == {A, B}
        assert await scene.due_in() is None
        store.close()


async def test_a_new_engine_finds_again_what_an_earlier_one_lost(scene: Scene) -> None:
    scene.look.gate.clear()
    async with scene.running():
        scene.tell(A)
        await scene.look.begun.get()
    assert scene.look.under_way.total() == 0
    scene.told.append(B)  # recorded, and nobody lived to say so
    scene.look.gate.set()
    async with scene.running() as engine:
        await engine.settled()
    assert scene.look.seen == [(A, 0), (A, 0), (B, 0)] or scene.look.seen == [(A, 0), (B, 0), (A, 0)]


async def test_what_another_process_recorded_is_swept_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_SWEEP", 0.01)
    async with scene.running() as engine:
        await engine.settled()
        scene.told.append(A)
        assert await scene.look.begun.get() == A


async def test_settled_waits_for_what_is_due_and_under_way_and_for_nothing_planned(scene: Scene) -> None:
    scene.look.gate.clear()
    scene.look.will(A, Finished(BEGIN + MINUTE))
    async with scene.running() as engine:
        await engine.settled()
        scene.tell(A)
        settled = asyncio.create_task(engine.settled())
        await scene.look.begun.get()
        await scene.pause()
        assert not settled.done()
        scene.look.gate.set()
        await settled
        assert (scene.look.times, await scene.due_in()) == (1, MINUTE)


async def test_it_says_whether_it_is_at_work(scene: Scene) -> None:
    engine = scene.engine()
    assert not engine.running()
    async with scene.running(engine):
        await engine.settled()
        assert engine.running()
    assert not engine.running()


async def test_looks_are_counted_by_how_they_ended(scene: Scene) -> None:
    scene.look.will(A, Failed("HTTP 502"))
    async with scene.running() as engine:
        scene.tell(A, B)
        await engine.settled()
    counted = {
        outcome: scene.metrics.registry.get_sample_value("switchback_looks_total", {"outcome": outcome})
        for outcome in ("failed", "finished", "lost")
    }
    assert counted == {"failed": 1, "finished": 1, "lost": None}


def test_the_wait_doubles_up_to_half_an_hour() -> None:
    waits = [backoff(attempts).total_seconds() for attempts in (0, 1, 2, 3, 8, 9, 100, 10**6)]
    assert waits == [5, 10, 20, 40, 1280, 1800, 1800, 1800]
