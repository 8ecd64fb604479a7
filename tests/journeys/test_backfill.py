"""The service reads the past by itself: at the installation, when a repository comes, and after it was away."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.memory import schema
from bot.sandbox import ChangedFile, World
from tests.conftest import Play
from tests.stage import Cast, Stage

SEARCH = "GET /search/issues"


async def read(stage: Stage) -> None:
    """Waits until the past is read. It is looked for every minute."""
    async with asyncio.timeout(30):
        while stage.parts.store.read_now(lambda db: db.scalar(select(schema.owners.c.past_read_at))) is None:
            await asyncio.sleep(0.01)
            stage.clock.advance(timedelta(seconds=5))


def ada_was_here(world: World, cast: Cast) -> None:
    issue = world.open_issue(cast.huts, by=cast.linus, title="The door is stuck")
    world.comment(issue, by=cast.ada, body="Mine too")


async def test_who_was_here_before_is_known_without_asking(play: Play) -> None:
    """Ada commented on an issue before the app came. Nobody welcomes her, and no search is needed to tell."""
    stage, cast = await play(before=ada_was_here, past_is_read=False, reads_past=True)
    await read(stage)
    stage.forget_calls()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="A bridge is missing")
    stranger = stage.world.user("sonya")
    first = stage.world.open_issue(cast.maps, by=stranger, title="And another one")
    await stage.settle()
    assert stage.said(issue) == []
    assert len(stage.said(first)) == 1
    assert SEARCH not in stage.calls()


async def test_reading_the_past_says_nothing(play: Play) -> None:
    stage, _ = await play(before=ada_was_here, past_is_read=False, reads_past=True)
    await read(stage)
    await stage.later(days=1)
    assert [comment for thread in stage.world.threads() for comment in stage.comments(thread)] == []
    assert "POST /repos/{owner}/{repo}/issues/{issue_number}/comments" not in stage.calls()


async def test_a_repository_that_comes_later_is_read_too(play: Play) -> None:
    """The organisation takes in a repository in which Linus has been at home for years."""
    stage, cast = await play(past_is_read=False, reads_past=True)
    await read(stage)
    other = stage.world.organization("hut-friends")
    keys = stage.world.repository(other, "keys")
    stage.world.open_pull_request(keys, by=cast.linus, title="A key", files=[ChangedFile(filename="a.py")])
    await stage.later(hours=1)
    stage.world.transfer_repository(keys, cast.organisation)
    await stage.settle()
    await read(stage)
    stage.forget_calls()
    issue = stage.world.open_issue(cast.maps, by=cast.linus, title="A lock")
    await stage.settle()
    assert stage.said(issue) == []
    assert SEARCH not in stage.calls()


async def test_a_first_thing_that_happens_while_the_past_is_read_is_welcomed_once(play: Play) -> None:
    stage, cast = await play(past_is_read=False, reads_past=True)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="How do I rotate a map?")
    await stage.settle()
    await read(stage)
    await stage.settle()
    assert len(stage.said(issue)) == 1


async def test_a_service_that_died_before_it_could_say_so_says_it_later(play: Play) -> None:
    stage, _ = await play(past_is_read=False, reads_past=True)
    await read(stage)
    stage.parts.store.write_now(lambda db: db.execute(schema.owners.update().values(past_read_at=None)))
    stage.forget_calls()
    await read(stage)
    assert [call for call in stage.calls() if "/repos/" in call or "graphql" in call] == []
