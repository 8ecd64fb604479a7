"""Stories of newcomers, told through HTTP into the real application."""

from datetime import timedelta

from bot.sandbox import ChangedFile
from tests.conftest import Play
from tests.stage import Manner

DAY = timedelta(days=1)
DOCS = [ChangedFile(filename="docs/index.md", additions=3)]
CODE = [ChangedFile(filename="maps/draw.py", additions=12, deletions=3)]


async def test_ada_opens_her_first_issue_and_is_welcomed_once(play: Play, manner: Manner) -> None:
    stage, cast = await play(manner)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", labels=["bug"])
    await stage.settle()
    [welcome] = stage.said(issue)
    assert welcome.startswith("Welcome, @ada, and thank you for taking the time to report this problem.")

    # A second issue, in another repository: she is known by now.
    second = stage.world.open_issue(cast.huts, by=cast.ada, title="The hut is closed")
    await stage.later(minutes=5)
    assert stage.said(second) == []
    assert len(stage.said(issue)) == 1


async def test_ada_opens_an_issue_a_discussion_and_a_pull_request_which_is_merged(play: Play, manner: Manner) -> None:
    stage, cast = await play(manner)
    discussion = stage.world.open_discussion(cast.maps, by=cast.ada, title="Hello from the valley")
    await stage.settle()
    stage.clock.advance(DAY)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="How do I rotate a map?")
    await stage.settle()
    stage.clock.advance(DAY)
    pull = stage.world.open_pull_request(cast.huts, by=cast.ada, title="Rotate maps", files=CODE)
    await stage.settle()
    assert [len(stage.said(thread)) for thread in (discussion, issue, pull)] == [1, 1, 1]

    stage.clock.advance(DAY)
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert [len(stage.said(thread)) for thread in (discussion, issue, pull)] == [1, 1, 2]
    assert "your first pull request in alpine-tools is merged" in stage.said(pull)[-1]
