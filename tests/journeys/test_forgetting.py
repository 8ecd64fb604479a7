"""Stories of people who ask to be forgotten, told through HTTP into the real application, in rough weather too."""

from datetime import timedelta
from typing import Final

import pytest

from bot.memory import looks
from bot.sandbox import ChangedFile, Fault
from bot.sandbox.model import Account, Comment, Review, Thread
from bot.sandbox.weather import COMMENTS, cut_after_write, cut_before_write
from tests.conftest import Play
from tests.stage import SLUG, Manner, Stage
from tests.traces import traces

DAY: Final = timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py")]
ASKS: Final = "Thank you all, and good bye.\n\n/forget-me"


def known(stage: Stage, who: Account) -> list[str]:
    """Where something of them stands in the database."""
    return stage.parts.store.read_now(lambda db: traces(db, who.id, who.login))


def thumbs(said: Comment | Thread | Review) -> int:
    return [(each.account.login, each.content) for each in said.reactions].count((f"{SLUG}[bot]", "+1"))


async def test_ada_asks_to_be_forgotten_and_is(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down")
    await stage.settle()
    assert len(stage.said(issue)) == 1
    stage.clock.advance(DAY)
    stage.world.comment(issue, by=cast.grace, body="Thank you, mended.")
    stage.world.assign(issue, cast.ada, by=cast.grace)
    asks = stage.world.comment(issue, by=cast.ada, body=ASKS)
    await stage.settle()
    assert (thumbs(asks), known(stage, cast.ada)) == (1, [])

    # She goes on, and others go on in her thread; she is nobody in particular.
    stage.clock.advance(DAY)
    pull = stage.world.open_pull_request(cast.huts, by=cast.ada, title="Rotate maps", files=CODE)
    talk = stage.world.open_discussion(cast.maps, by=cast.ada, title="Hello")
    stage.world.close(issue, by=cast.ada)
    stage.world.add_member(cast.organisation, cast.ada)
    wish = stage.world.comment(issue, by=cast.linus, body="/no-bot")
    await stage.settle()
    stage.clock.advance(DAY)
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert (len(stage.said(issue)), stage.said(pull), stage.said(talk)) == (1, [], [])
    assert (thumbs(wish), thumbs(asks), known(stage, cast.ada)) == (1, 1, [])
    assert known(stage, cast.linus)


async def test_all_of_it_at_once(play: Play, mixed: Manner) -> None:
    """What she did before she asked may be heard after."""
    stage, cast = await play(mixed)
    first = stage.world.open_issue(cast.huts, by=cast.ada, title="The hut is closed")
    stage.clock.advance(timedelta(seconds=1))
    asks = stage.world.open_issue(cast.maps, by=cast.ada, title="Good bye", body=ASKS)
    stage.clock.advance(timedelta(seconds=1))
    later = stage.world.open_issue(cast.maps, by=cast.ada, title="One thing more")
    await stage.settle()
    assert (thumbs(asks), known(stage, cast.ada)) == (1, [])
    assert sum(len(stage.said(thread)) for thread in (first, asks, later)) <= 1
    await stage.later(days=1)
    assert known(stage, cast.ada) == []


async def test_she_thinks_of_it_later_and_edits_what_she_wrote(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    issue = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    said = stage.world.comment(issue, by=cast.ada, body="Me too")
    await stage.settle()
    assert known(stage, cast.ada)
    stage.clock.advance(DAY)
    stage.world.edit_comment(said, by=cast.ada, body=ASKS)
    await stage.settle()
    assert (thumbs(said), known(stage, cast.ada)) == (1, [])
    assert len(stage.said(issue)) == 1  # Linus was welcomed as ever


@pytest.mark.parametrize("place", ["issue", "pull request", "discussion", "comment", "talk", "review", "line"])
async def test_wherever_she_asks_she_sees_that_it_was_heard(play: Play, place: str) -> None:
    stage, cast = await play()
    world = stage.world
    pull = world.open_pull_request(cast.maps, by=cast.grace, title="A", files=CODE)
    talk = world.open_discussion(cast.maps, by=cast.grace, title="B")
    asks: Thread | Comment | Review
    match place:
        case "issue":
            asks = world.open_issue(cast.maps, by=cast.ada, title="C", body=ASKS)
        case "pull request":
            asks = world.open_pull_request(cast.maps, by=cast.ada, title="C", body=ASKS, files=CODE)
        case "discussion":
            asks = world.open_discussion(cast.maps, by=cast.ada, title="C", body=ASKS)
        case "comment":
            asks = world.comment(pull, by=cast.ada, body=ASKS)
        case "talk":
            asks = world.comment(talk, by=cast.ada, body=ASKS)
        case "review":
            asks = world.review(pull, by=cast.ada, body=ASKS)
        case _:
            asks = world.review_comment(pull, by=cast.ada, body=ASKS, path="maps/draw.py")
    await stage.settle()
    assert (thumbs(asks), known(stage, cast.ada)) == (1, [])


@pytest.mark.parametrize("quiet", ["> /forget-me", "```\n/forget-me\n```", "`/forget-me`", "Comment /forget-me to go"])
async def test_who_only_speaks_of_it_is_not_forgotten(play: Play, quiet: str) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    said = stage.world.comment(issue, by=cast.ada, body=quiet)
    await stage.settle()
    assert (thumbs(said), len(stage.said(issue))) == (0, 1)
    assert known(stage, cast.ada)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(cut_before_write(match=COMMENTS), id="that was not written"),
        pytest.param(cut_after_write(match=COMMENTS), id="that was written"),
    ],
)
async def test_she_asks_while_nobody_knows_what_became_of_her_welcome(play: Play, fault: Fault) -> None:
    stage, cast = await play(Manner(name="lost", faults=lambda _: [fault]))
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta(seconds=1))
    before = len(stage.said(issue))
    assert known(stage, cast.ada)
    asks = stage.world.comment(issue, by=cast.ada, body=ASKS)
    await stage.settle()
    await stage.later(days=1)
    assert (len(stage.said(issue)), thumbs(asks), known(stage, cast.ada)) == (before, 1, [])


async def test_what_was_planned_and_what_was_given_up_ends(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 2 hours}")
    [installation] = stage.world.installations.values()
    waiting = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta())
    installation.permissions["issues"] = installation.permissions["pull_requests"] = "read"
    await stage.later(hours=2)
    assert stage.parts.store.read_now(looks.dead)
    installation.permissions["issues"] = installation.permissions["pull_requests"] = "write"
    again = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello again", body=ASKS)
    await stage.settle()
    await stage.later(hours=3)
    assert (stage.said(waiting), stage.said(again), thumbs(again), known(stage, cast.ada)) == ([], [], 1, [])
