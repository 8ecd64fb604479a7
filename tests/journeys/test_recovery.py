"""Stories of outages: what GitHub could not deliver, or the database lost, is heard after all, and told once."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import pytest
from sqlalchemy import event as events

from bot.memory import recall
from bot.sandbox import ChangedFile, Fault, running
from bot.sandbox.weather import bad_gateway, cut_before_write, not_found_first
from tests import github_spec
from tests.outages import FragileFile, read_only
from tests.outpost import Outpost
from tests.stage import StageClock, prepare, source_with

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py")]
LOG: Final = ("GET", "/app/hook/deliveries")
AGAIN: Final = ("POST", r"/app/hook/deliveries/\d+/attempts")


class Build(Protocol):
    async def __call__(self, config: str = "", *, reads_the_past: bool = False) -> Outpost: ...


@pytest.fixture
async def build(clock: StageClock, private_key: str, tmp_path: Path) -> AsyncIterator[Build]:
    spec = github_spec.rest()
    async with AsyncExitStack() as stack:

        async def build(config: str = "", *, reads_the_past: bool = False) -> Outpost:
            world, cast = prepare(clock, private_key)
            github = await stack.enter_async_context(running(world, middlewares=[spec.watch]))
            source = source_with(tmp_path / "config.yml", config)
            return Outpost(world, cast, github, clock, tmp_path, source, reads_the_past=reads_the_past)

        yield build
    assert spec.violations == []


@pytest.fixture
async def outpost(build: Build) -> Outpost:
    return await build()


async def test_what_happened_while_the_service_was_away_is_heard_at_its_start(outpost: Outpost) -> None:
    async with outpost.open():
        pass
    issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
    await outpost.away(hours=2)
    async with outpost.open():
        await outpost.later(minutes=5)
        assert len(outpost.said(issue)) == 1
        assert await outpost.heard_until() == outpost.clock() - timedelta(minutes=5)
        await outpost.later(hours=5)
    async with outpost.open():
        await outpost.later(hours=1)
    assert len(outpost.said(issue)) == 1
    assert [(one.status_code, one.delivery.redelivery) for one in outpost.world.attempts[:2]] == [
        (502, False),
        (202, True),
    ]
    assert len(outpost.tries(outpost.world.attempts[0].delivery.guid)) == 2


async def test_all_that_was_missed_is_heard_before_anything_is_said(outpost: Outpost) -> None:
    async with outpost.open():
        pass
    closed, locked, silent, open_ = (
        outpost.world.open_issue(outpost.cast.maps, by=outpost.world.user(f"newcomer-{number}"), title="Hello")
        for number in range(4)
    )
    await outpost.away(hours=1)
    outpost.world.close(closed, by=outpost.cast.grace)
    outpost.world.lock(locked, by=outpost.cast.grace)
    outpost.world.comment(silent, by=silent.author, body="/no-bot")
    async with outpost.open():
        await outpost.later(minutes=5)
    assert [len(outpost.said(issue)) for issue in (closed, locked, silent, open_)] == [0, 0, 0, 1]


async def test_what_is_lost_on_its_way_is_heard_within_the_hour(outpost: Outpost) -> None:
    async with outpost.open():
        async with outpost.github.courier.nobody_there():
            issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
        await outpost.later(minutes=30)
        assert outpost.said(issue) == []
        await outpost.later(minutes=32)
        assert len(outpost.said(issue)) == 1


async def test_what_was_refused_while_the_database_was_away_is_heard_within_the_hour(outpost: Outpost) -> None:
    async with outpost.open() as parts:
        file = FragileFile(outpost.database, parts.store, [])
        events.listen(
            parts.store.engine, "connect", lambda db, _: [db.execute(f"PRAGMA {pragma}") for pragma in file.pragmas]
        )
        with read_only(file):
            issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
            await outpost.github.courier.drained()
        assert outpost.world.attempts[-1].status_code == 503
        await outpost.later(minutes=62)
        assert len(outpost.said(issue)) == 1


async def test_a_database_restored_from_a_backup_learns_again_and_repeats_nothing(build: Build, tmp_path: Path) -> None:
    outpost = await build("welcome: {hold: 1 hours}")
    backup = tmp_path / "backup.db"
    async with outpost.open():
        before = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.linus, title="Before the backup")
        await outpost.later(minutes=5)
    shutil.copy(outpost.database, backup)
    async with outpost.open():
        after = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="After the backup")
        talk = outpost.world.open_discussion(outpost.cast.maps, by=outpost.cast.ada, title="A topic")
        await outpost.later(hours=2)
        outpost.world.comment(before, by=outpost.cast.linus, body="/no-bot")
        await outpost.later(hours=20)
    told = [outpost.said(thread) for thread in (before, after, talk)]
    assert [len(comments) for comments in told] == [1, 1, 1]

    shutil.copy(backup, outpost.database)
    async with outpost.open() as parts:
        await outpost.later(hours=2)
        assert [outpost.said(thread) for thread in (before, after, talk)] == told
        assert await parts.store.read(lambda db: recall.find_thread(db, "alpine-tools", "trail-maps", after.number))
        pulls = [
            outpost.world.open_pull_request(outpost.cast.huts, by=by, title="A fix", files=CODE)
            for by in (outpost.cast.ada, outpost.cast.linus)
        ]
        await outpost.later(hours=2)
    assert [len(outpost.said(pull)) for pull in pulls] == [1, 0]


async def test_an_outage_longer_than_the_log_greets_nobody_for_what_was_in_the_gap(outpost: Outpost) -> None:
    async with outpost.open():
        issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.grace, title="Release 2")
        await outpost.later(hours=1)
        witnessed_since = await outpost.witnessed_since()
    await outpost.away(days=1)
    in_the_gap = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
    await outpost.away(days=3)
    in_the_log = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.linus, title="Hello")
    await outpost.away(days=1)
    async with outpost.open():
        back_at = outpost.clock()
        assert await outpost.witnessed_since() == back_at > witnessed_since
        await outpost.later(hours=1)
        outpost.world.comment(in_the_gap, by=outpost.cast.grace, body="Thank you, and sorry for the wait.")
        again = outpost.world.open_issue(outpost.cast.huts, by=outpost.cast.ada, title="One more")
        await outpost.later(hours=1)
        heard_until = await outpost.heard_until()
        assert heard_until is not None
        assert heard_until > back_at + HOUR
    async with outpost.open():
        await outpost.later(hours=1)
        assert await outpost.witnessed_since() == back_at  # one gap counts once
    said = [len(outpost.said(thread)) for thread in (issue, in_the_gap, in_the_log, again)]
    assert said == [0, 0, 1, 0]


async def test_a_gap_is_filled_from_the_lists_and_no_more_than_the_gap(build: Build) -> None:
    outpost = await build(reads_the_past=True)
    async with outpost.open() as parts:
        await outpost.later(hours=1)
        heard_until = await outpost.heard_until()
        assert heard_until is not None
    await outpost.away(days=1)
    in_the_gap = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
    await outpost.away(days=4)
    outpost.github.requests.clear()
    async with outpost.open() as parts:
        await outpost.later(minutes=5)
        number = in_the_gap.number
        assert await parts.store.read(lambda db: recall.find_thread(db, "alpine-tools", "trail-maps", number))
        merge = outpost.world.open_pull_request(outpost.cast.huts, by=outpost.cast.ada, title="A fix", files=CODE)
        newcomer = outpost.world.open_issue(outpost.cast.huts, by=outpost.cast.linus, title="Hello")
        await outpost.later(hours=1)
    assert [len(outpost.said(thread)) for thread in (in_the_gap, merge, newcomer)] == [0, 0, 1]
    asked = [seen for seen in outpost.github.requests if seen.route == "/repos/{owner}/{repo}/issues"]
    assert {seen.query["since"] for seen in asked} == {f"{heard_until - HOUR:%Y-%m-%dT%H:%M:%SZ}"}
    assert "/search/issues" not in {seen.route for seen in outpost.github.requests}


async def test_an_outage_that_the_log_covers_is_no_gap(outpost: Outpost) -> None:
    async with outpost.open():
        witnessed_since = await outpost.witnessed_since()
    await outpost.away(hours=70)
    async with outpost.open():
        issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
        await outpost.later(hours=3)
        assert await outpost.witnessed_since() == witnessed_since
    assert len(outpost.said(issue)) == 1


async def test_nothing_is_said_later_than_configured(build: Build) -> None:
    outpost = await build("welcome: {too_late: 1 days}")
    async with outpost.open():
        pass
    late = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
    await outpost.away(days=1)
    in_time = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.linus, title="Hello")
    await outpost.away(hours=23)
    async with outpost.open():
        await outpost.later(hours=1)
    assert (outpost.said(late), len(outpost.said(in_time))) == ([], 1)


async def test_what_can_never_be_taken_is_asked_for_a_few_times_and_no_more(outpost: Outpost) -> None:
    async with outpost.open():
        odd = replace(outpost.world.deliveries[-1], guid="odd", event="No event!")
        for listener in outpost.world.listeners:
            listener(odd)
        await outpost.later(hours=12)
        assert len(outpost.tries("odd")) == 4
        assert await outpost.heard_until() is not None
        outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
        await outpost.later(days=3)
    async with outpost.open():
        await outpost.later(hours=12)
    assert len(outpost.tries("odd")) == 4


async def test_what_is_of_no_use_to_us_is_heard_too(outpost: Outpost) -> None:
    async with outpost.open():
        pass
    ping = replace(outpost.world.deliveries[-1], guid="ping", event="ping", body=b'{"zen": "Speak like a human."}')
    for listener in outpost.world.listeners:
        listener(ping)
    await outpost.away(hours=1)
    async with outpost.open() as parts:
        await outpost.later(minutes=5)
        assert [attempt.status_code for attempt in outpost.tries("ping")] == [502, 202]
        counted = parts.metrics.registry.get_sample_value
        assert counted("switchback_redeliveries_total") == 1
        assert counted("switchback_deliveries_missing") == 0
        heard_until = await outpost.heard_until()
        assert heard_until is not None
        assert counted("switchback_heard_until_seconds") == heard_until.timestamp()


async def test_nothing_is_given_up_because_nobody_could_reach_us_for_a_night(outpost: Outpost) -> None:
    async with outpost.open():
        async with outpost.github.courier.nobody_there():
            issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
            await outpost.later(hours=10)
        assert len(outpost.tries(outpost.world.deliveries[-1].guid)) > 4
        await outpost.later(hours=1, minutes=2)
    assert len(outpost.said(issue)) == 1


@pytest.mark.parametrize(
    "fault",
    [bad_gateway(match=LOG), not_found_first(match=LOG), bad_gateway(match=AGAIN), cut_before_write(match=AGAIN)],
    ids=["the log fails", "there is no log", "asking fails", "asking breaks off"],
)
async def test_when_github_fails_the_rest_goes_on_and_the_next_comparison_finds_it(
    outpost: Outpost, fault: Fault
) -> None:
    async with outpost.open():
        pass
    issues = [
        outpost.world.open_issue(outpost.cast.maps, by=outpost.world.user(f"newcomer-{number}"), title="Hello")
        for number in range(3)
    ]
    await outpost.away(hours=1)
    outpost.github.weather.next(fault)
    async with outpost.open():
        meanwhile = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.linus, title="Hello")
        await outpost.later(minutes=2)
        assert len(outpost.said(meanwhile)) == 1
        await outpost.later(minutes=62)
    assert [len(outpost.said(issue)) for issue in issues] == [1, 1, 1]


async def test_a_long_log_is_read_to_its_end_and_asked_for_from_the_oldest_on(outpost: Outpost) -> None:
    async with outpost.open():
        issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.ada, title="Hello")
        await outpost.later(minutes=5)
    for number in range(230):
        outpost.world.comment(issue, by=outpost.cast.ada, body=f"And {number}.")
    await outpost.away(hours=1)
    async with outpost.open():
        await outpost.later(minutes=5)
    again = [attempt.delivery.guid for attempt in outpost.world.attempts if attempt.delivery.redelivery]
    assert again == [delivery.guid for delivery in outpost.world.deliveries[-230:]]
