"""Stories of threads that pass from hand to hand: whom each waits for, as `explain` tells it."""

from bot.explain import Explanation, explain
from bot.model import RepoId, ThreadRef
from bot.sandbox.model import Thread
from bot.waiting import Because, On
from tests.conftest import Play
from tests.journeys.test_commands import ANSWERED, CANNOT, writes
from tests.journeys.test_steering import reactions
from tests.stage import Manner, Stage


async def told(stage: Stage, thread: Thread) -> Explanation:
    ref = ThreadRef(RepoId(thread.repo.id), thread.number)
    found = await stage.parts.store.read(lambda db: explain(db, ref, stage.clock(), stage.parts.policies))
    assert found is not None
    return found


async def waits(stage: Stage, thread: Thread) -> On | None:
    """For whom, after an hour."""
    await stage.later(hours=1)
    waiting = (await told(stage, thread)).waiting
    return waiting.on if waiting else None


async def test_an_issue_passes_from_hand_to_hand_and_people_put_it_right(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config="claims: {mode: on}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down")
    await stage.settle()
    assert len(stage.said(issue)) == 1  # the welcome gives nobody the ball
    assert await waits(stage, issue) is On.TRIAGE
    await writes(stage, issue, "It is here, too.", cast.linus)
    assert await waits(stage, issue) is On.TRIAGE
    await writes(stage, issue, "Which map is it?", cast.grace)
    assert await waits(stage, issue) is On.AUTHOR
    await writes(stage, issue, "The one of the huts.", cast.ada)
    assert await waits(stage, issue) is On.TEAM
    stage.world.label(issue, "bug", by=cast.grace)
    await stage.settle()
    assert await waits(stage, issue) is On.TEAM

    said = await writes(stage, issue, "/waiting-on decision", cast.grace)
    assert reactions(said) == ANSWERED
    assert await waits(stage, issue) is On.DECISION
    found = await told(stage, issue)
    assert (found.waiting and found.waiting.because, found.late_after) == (Because.SAID, 20)
    await writes(stage, issue, "I would like that.", cast.ada)
    assert await waits(stage, issue) is On.DECISION
    undo = await writes(stage, issue, "/undo", cast.grace)
    assert reactions(undo) == ANSWERED
    assert await waits(stage, issue) is On.TEAM

    stage.world.close(issue, by=cast.grace)
    await stage.settle()
    assert await waits(stage, issue) is None
    assert len(stage.said(issue)) == 1


async def test_what_it_cannot_wait_for_is_told_with_what_works(play: Play) -> None:
    stage, cast = await play(config="claims: {mode: on}")
    issue = stage.world.open_issue(cast.maps, by=cast.grace, title="Draw the huts")
    wrong = await writes(stage, issue, "/waiting-on review", cast.grace)
    stranger = await writes(stage, issue, "/waiting-on team", cast.linus)
    assert (reactions(wrong), reactions(stranger)) == (CANNOT, CANNOT)
    mistake, kindly = stage.said(issue)
    assert "`/waiting-on team`, `/waiting-on author`, `/waiting-on decision`" in mistake
    assert "Please ask somebody who belongs to alpine-tools." in kindly
    right = await writes(stage, issue, "/waiting-on team", cast.grace)
    assert reactions(right) == ANSWERED
    assert await waits(stage, issue) is On.TEAM


async def test_a_pull_request_is_reviewed_changed_and_approved(play: Play) -> None:
    stage, cast = await play(live=False)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Draw it", texts={"huts.py": "1"}, draft=True)
    await stage.settle()
    assert await waits(stage, pull) is On.PROGRESS
    stage.world.ready_for_review(pull, by=cast.ada)
    await stage.settle()
    assert await waits(stage, pull) is On.REVIEW
    assert (await told(stage, pull)).late_after == 4  # she is new
    stage.world.review(pull, by=cast.grace, state="CHANGES_REQUESTED", body="Please draw the door, too.")
    await stage.settle()
    assert await waits(stage, pull) is On.AUTHOR
    await writes(stage, pull, "There it is.", cast.ada)
    assert await waits(stage, pull) is On.REVIEW
    stage.world.review(pull, by=cast.grace, state="APPROVED")
    await stage.settle()
    assert await waits(stage, pull) is On.TEAM
    assert (await told(stage, pull)).late_after == 10
