"""Stories of levels: who sets them, what is still missing to begin, and what becomes of labels."""

from typing import Final

import pytest

from bot.commands import grammar
from bot.sandbox.model import Comment, Issue, Thread
from tests.conftest import Play
from tests.journeys.test_left_alone import entries
from tests.journeys.test_steering import reactions
from tests.stage import Cast, Manner, Stage

QUIET: Final = "welcome: {mode: off}\n"
POINTERS: Final = "It is in one file.\n\n/pointers\nwhere: `maps/draw.py`\ntry: make preview"


def pointers() -> str:
    """As somebody writes them; or, while the grammar reads single lines, what it will make of them."""
    [read] = grammar.read(POINTERS)
    return POINTERS if read.args else "/pointers where try"


def labels(thread: Thread) -> list[str]:
    return sorted(label.name for label in thread.labels)


async def says(stage: Stage, issue: Issue, text: str, cast: Cast) -> Comment:
    comment = stage.world.comment(issue, by=cast.grace, body=text)
    await stage.settle()
    return comment


async def test_an_issue_becomes_medium_and_ready(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config=QUIET)
    stage.world.create_label(cast.maps, "medium")
    stage.world.create_label(cast.maps, "good first issue")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Show the height of the huts")
    stage.world.label(issue, "good first issue", by=cast.grace)
    await stage.settle()
    assert stage.said(issue) == []

    level = await says(stage, issue, "More than one evening.\n\n/level medium docs", cast)
    assert labels(issue) == ["documentation", "medium"]
    assert reactions(level) == ["eyes", "+1"]
    [checklist] = stage.comments(issue)
    first = checklist.body
    assert "@grace" in first
    assert "- where in the code to look\n- how to try it\n" in first

    half = await says(stage, issue, pointers(), cast)
    assert reactions(half) == ["eyes", "+1"]
    assert stage.comments(issue) == [checklist]
    assert "where in the code" not in checklist.body
    assert "- what should come out of it\n\n" in checklist.body

    rest = await says(stage, issue, pointers().replace("where", "outcome"), cast)
    assert reactions(rest) == ["eyes", "+1"]
    assert stage.comments(issue) == []
    stage.world.label(issue, "bug", by=cast.grace)
    await stage.settle()
    assert stage.comments(issue) == []
    assert [entry.state for entry in entries(stage, issue) if entry.rule == "readiness"] == ["done"] * 3


async def test_a_newcomer_suggests_a_level_and_a_maintainer_confirms_it(play: Play) -> None:
    stage, cast = await play(config=QUIET + "readiness: {mode: off}")
    stage.world.create_label(cast.maps, "medium")
    issue = stage.world.open_issue(cast.maps, by=cast.linus, title="Show the height of the huts")
    suggestion = stage.world.comment(issue, by=cast.ada, body="/level medium")
    await stage.settle()
    assert (reactions(suggestion), labels(issue)) == (["eyes", "+1"], [])
    [thanks] = stage.said(issue)
    assert "A maintainer can confirm it with `/level medium`." in thanks
    assert "@" not in thanks
    again = stage.world.comment(issue, by=cast.ada, body="/level medium documentation")
    await stage.settle()
    assert (reactions(again), len(stage.said(issue))) == (["eyes", "+1"], 1)

    await says(stage, issue, "/level medium", cast)
    assert (labels(issue), len(stage.said(issue))) == (["medium"], 1)


async def test_a_label_that_is_missing_is_made_when_a_maintainer_asks_for_it(play: Play) -> None:
    stage, cast = await play(config=QUIET + "readiness: {mode: off}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Show the height of the huts")
    before = set(cast.maps.labels)
    in_vain = await says(stage, issue, "/level medium", cast)
    assert (reactions(in_vain), labels(issue), set(cast.maps.labels)) == (["eyes", "confused"], [], before)
    [reply] = stage.said(issue)
    assert "`/create-labels` makes it" in reply
    assert stage.calls().count("GET /repos/{owner}/{repo}/labels") == 1

    both = await says(stage, issue, "/create-labels", cast)
    made = set(cast.maps.labels) - before
    assert (reactions(both), made) == (["eyes", "+1"], {"good first issue", "medium"})
    assert cast.maps.labels["medium"].description == "The step between a first issue and expert work"
    await says(stage, issue, "/create-labels\n\n/level medium", cast)
    assert (labels(issue), set(cast.maps.labels) - before, len(stage.said(issue))) == (["medium"], made, 1)


async def test_labels_can_be_made_and_set_in_one_breath(play: Play) -> None:
    stage, cast = await play(config=QUIET + "readiness: {mode: off}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Show the height of the huts")
    await says(stage, issue, "/create-labels\n\n/level medium", cast)
    assert (labels(issue), stage.said(issue)) == (["medium"], [])


@pytest.mark.parametrize("by_hand", ["good first issue", "medium"])
async def test_what_a_human_labels_meanwhile_stays(play: Play, by_hand: str) -> None:
    stage, cast = await play(config=QUIET + "readiness: {mode: off}")
    for name in ("medium", "good first issue"):
        stage.world.create_label(cast.maps, name)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Show the height of the huts")
    order = stage.world.comment(issue, by=cast.grace, body="/level medium")
    late = stage.hold_back(lambda delivery: delivery.event == "issue_comment")
    await stage.later(minutes=5)
    stage.world.label(issue, by_hand, by=cast.linus)
    await stage.settle()
    stage.world.deliveries.extend(late)
    await stage.settle()
    assert (labels(issue), reactions(order), stage.said(issue)) == ([by_hand], ["eyes", "+1"], [])

    await stage.later(minutes=5)  # and what is changed by hand afterwards stays too
    stage.world.unlabel(issue, by_hand, by=cast.grace)
    await stage.settle()
    assert labels(issue) == []


async def test_in_shadow_mode_what_is_missing_is_only_recorded(play: Play) -> None:
    stage, cast = await play(live=False)
    stage.world.create_label(cast.maps, "medium")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Show the height of the huts")
    stage.world.label(issue, "medium", by=cast.grace)
    await stage.settle()
    await says(stage, issue, pointers(), cast)
    assert stage.said(issue) == []
    assert [entry.state for entry in entries(stage, issue) if entry.rule == "readiness"] == ["shadow"]
