"""Stories of newcomers, told through HTTP into the real application."""

from datetime import timedelta
from typing import Final

from bot.sandbox import ChangedFile, World
from tests.conftest import Play
from tests.stage import Cast, Manner

DAY: Final = timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py", additions=12, deletions=3)]
DOCS: Final = [ChangedFile(filename="docs/index.md", additions=3)]


async def test_ada_opens_her_first_issue_and_is_welcomed_once(play: Play, manner: Manner) -> None:
    stage, cast = await play(manner)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", labels=["bug"])
    await stage.settle()
    [welcome] = stage.said(issue)
    assert welcome.startswith("Welcome, @ada, and thank you for taking the time to report this problem.")

    # A second issue, in another repository: she is known by now.
    second = stage.world.open_issue(cast.huts, by=cast.ada, title="The hut is closed")
    await stage.later(minutes=5)
    assert (len(stage.said(issue)), stage.said(second)) == (1, [])


async def test_ada_comes_with_a_topic_a_question_and_a_change_that_is_merged(play: Play, manner: Manner) -> None:
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
    assert stage.said(pull)[0].startswith("Good to see you again")

    stage.clock.advance(DAY)
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert [len(stage.said(thread)) for thread in (discussion, issue, pull)] == [1, 1, 2]
    assert "your first pull request in alpine-tools is merged" in stage.said(pull)[-1]

    # Her second pull request is merged without more ado, and her next issue is just an issue.
    stage.clock.advance(DAY)
    again = stage.world.open_pull_request(cast.huts, by=cast.ada, title="Rotate huts", files=CODE)
    stage.world.merge(again, by=cast.grace)
    late = stage.world.open_issue(cast.huts, by=cast.ada, title="The key is lost")
    await stage.settle()
    assert (stage.said(again), stage.said(late)) == ([], [])


async def test_a_draft_is_welcomed_when_it_is_ready(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Guide", files=DOCS, draft=True)
    await stage.settle()
    assert stage.said(pull) == []

    stage.clock.advance(9 * DAY)
    stage.world.ready_for_review(pull, by=cast.ada)
    await stage.settle()
    [welcome] = stage.said(pull)
    assert "thank you for improving the documentation" in welcome


async def test_two_newcomers_and_a_member_at_the_same_moment(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough)
    ada = [stage.world.open_issue(repo, by=cast.ada, title="Both at once") for repo in (cast.maps, cast.huts)]
    linus = stage.world.open_issue(cast.maps, by=cast.linus, title="Me too")
    grace = stage.world.open_issue(cast.maps, by=cast.grace, title="Release 2")
    goat = stage.world.open_issue(cast.maps, by=stage.world.bot("goat"), title="Bump everything")
    await stage.settle()
    assert sorted(len(stage.said(issue)) for issue in ada) == [0, 1]
    assert len(stage.said(linus)) == 1
    assert (stage.said(grace), stage.said(goat)) == ([], [])


async def test_who_was_here_before_the_bot_is_recognised_by_one_search(play: Play, manner: Manner) -> None:
    def long_ago(world: World, cast: Cast) -> None:
        world.open_issue(cast.huts, by=cast.linus, title="Long ago")

    stage, cast = await play(manner, past_is_read=False, before=long_ago)
    stage.clock.advance(DAY)
    known = stage.world.open_pull_request(cast.maps, by=cast.linus, title="I am back", files=CODE)
    new = stage.world.open_issue(cast.maps, by=cast.ada, title="I am new")
    await stage.settle()
    assert stage.said(known) == []
    assert len(stage.said(new)) == 1

    # The answers are remembered: nobody is searched for again.
    stage.forget_calls()
    stage.clock.advance(DAY)
    stage.world.open_issue(cast.maps, by=cast.linus, title="Back again")
    ada = stage.world.open_pull_request(cast.maps, by=cast.ada, title="A fix", files=CODE)
    await stage.settle()
    assert len(stage.said(ada)) == 1
    assert "GET /search/issues" not in stage.calls()


async def test_no_bot_is_heard_everywhere_in_the_organisation(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    comment = stage.world.comment(issue, by=cast.ada, body="Thanks, but:\n\n/no-bot\n")
    await stage.settle()
    assert [(each.account.login, each.content) for each in comment.reactions] == [("switchback[bot]", "+1")]

    stage.clock.advance(DAY)
    pull = stage.world.open_pull_request(cast.huts, by=cast.ada, title="A fix", files=CODE)
    await stage.settle()
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert stage.said(pull) == []

    # And she may change her mind.
    stage.clock.advance(DAY)
    stage.world.comment(issue, by=cast.ada, body="/no-bot off")
    discussion = stage.world.open_discussion(cast.maps, by=cast.ada, title="A topic")
    await stage.settle()
    assert (len(stage.said(issue)), stage.said(discussion)) == (1, [])  # merged work: she is no newcomer any more
