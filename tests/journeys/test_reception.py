"""Stories in which maintainers do not want what the bot says: it takes the hint."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.memory import looks
from bot.sandbox import World
from bot.sandbox.model import Issue
from tests.conftest import Play
from tests.journeys.conftest import CHAOS, ROUGH
from tests.stage import CALM, Cast, Manner, Stage

DAY = timedelta(days=1)


def she_may_write(world: World, cast: Cast) -> None:
    """Only who may write may hide."""
    world.add_collaborator(cast.maps, cast.grace, role="maintain")


async def welcomed(stage: Stage, cast: Cast, count: int = 3, *, name: str = "newcomer") -> list[Issue]:
    """Issues of newcomers, each with a welcome."""
    issues = [
        stage.world.open_issue(cast.maps, by=stage.world.user(f"{name}-{number}"), title="Hello")
        for number in range(count)
    ]
    await stage.settle()
    assert [len(stage.said(issue)) for issue in issues] == [1] * count
    return issues


async def hears(stage: Stage, cast: Cast, name: str) -> int:
    """How many comments the next newcomer gets."""
    issue = stage.world.open_issue(cast.maps, by=stage.world.user(name), title="Hello")
    await stage.settle()
    return len(stage.said(issue))


def asked(stage: Stage) -> int:
    """How often GitHub was asked how comments are received."""
    return sum("graphql" in call for call in stage.calls("POST"))


def hides(stage: Stage, cast: Cast, issue: Issue) -> None:
    stage.world.minimize(stage.comments(issue)[0], by=cast.grace)


def dislikes(stage: Stage, cast: Cast, issue: Issue) -> None:
    stage.world.react(stage.comments(issue)[0], "-1", by=cast.grace)


def deletes(stage: Stage, cast: Cast, issue: Issue) -> None:
    stage.world.delete_comment(stage.comments(issue)[0], by=cast.grace)


Rejects = Callable[[Stage, Cast, Issue], None]


@pytest.mark.parametrize(
    ("rejects", "manner"),
    [(hides, each) for each in ROUGH] + [(rejects, each) for rejects in (dislikes, deletes) for each in (CALM, CHAOS)],
    ids=lambda value: value.name.replace(" ", "-") if isinstance(value, Manner) else value.__name__,
)
async def test_what_is_rejected_three_times_is_muted_and_told_once(
    play: Play, manner: Manner, rejects: Rejects
) -> None:
    stage, cast = await play(manner, before=she_may_write)
    issues = await welcomed(stage, cast)
    for issue in issues[:2]:
        rejects(stage, cast, issue)
    await stage.later(hours=2)
    assert await hears(stage, cast, "mary") == 1

    rejects(stage, cast, issues[2])
    await stage.later(hours=2)
    await stage.settle()
    told = [text for issue in issues for text in stage.said(issue) if "/switchback unmute welcome-issue" in text]
    assert len(told) == 1
    assert "were not wanted 3 times in trail-maps" in told[0]
    assert "@" not in told[0]
    assert await hears(stage, cast, "emmy") == 0

    stage.world.comment(issues[0], by=cast.grace, body="/switchback unmute welcome-issue")
    await stage.settle()
    await stage.later(days=1)
    assert await hears(stage, cast, "sofia") == 1
    assert sum("/switchback unmute" in text for issue in issues for text in stage.said(issue)) == 1


async def test_after_it_was_brought_back_it_takes_three_times_again(play: Play) -> None:
    stage, cast = await play(before=she_may_write)
    for issue in (issues := await welcomed(stage, cast)):
        hides(stage, cast, issue)
    await stage.later(hours=2)
    stage.world.comment(issues[0], by=cast.grace, body="/switchback unmute welcome-issue")
    await stage.settle()
    more = await welcomed(stage, cast, name="guest")
    for issue in more[:2]:
        dislikes(stage, cast, issue)
    await stage.later(hours=2)
    assert await hears(stage, cast, "mary") == 1
    dislikes(stage, cast, more[2])
    await stage.later(hours=2)
    assert await hears(stage, cast, "emmy") == 0
    assert [len(stage.said(issue)) for issue in more] == [1, 1, 2]


async def test_a_thumb_of_somebody_else_is_no_stop(play: Play) -> None:
    stage, cast = await play(before=she_may_write)
    for issue in await welcomed(stage, cast):
        for who in (issue.author, cast.linus):
            stage.world.react(stage.comments(issue)[0], "-1", by=who)
    await stage.later(hours=2)
    await stage.later(hours=2)
    assert await hears(stage, cast, "mary") == 1


async def test_only_those_count_who_are_configured(play: Play) -> None:
    stage, cast = await play(config="people: {maintainers: [linus]}\nlimits: {mute_after: 1}")
    [issue] = await welcomed(stage, cast, 1)
    dislikes(stage, cast, issue)
    await stage.later(hours=2)
    assert await hears(stage, cast, "mary") == 1
    stage.world.react(stage.comments(issue)[0], "-1", by=cast.linus)
    await stage.later(hours=2)
    assert await hears(stage, cast, "emmy") == 0


@pytest.mark.parametrize("config", ["limits: {mute_after: 0}", "limits: {mute_after: 4}"])
async def test_how_often_is_too_often_can_be_configured(play: Play, config: str) -> None:
    stage, cast = await play(config=config, before=she_may_write)
    for issue in await welcomed(stage, cast):
        hides(stage, cast, issue)
    await stage.later(hours=2)
    assert await hears(stage, cast, "mary") == 1


async def test_another_repository_goes_on(play: Play) -> None:
    stage, cast = await play(before=she_may_write)
    for issue in await welcomed(stage, cast):
        hides(stage, cast, issue)
    await stage.later(hours=2)
    elsewhere = stage.world.open_issue(cast.huts, by=cast.linus, title="Hello")
    await stage.settle()
    assert len(stage.said(elsewhere)) == 1


async def test_looking_costs_one_call_an_hour_then_less_and_ends(play: Play) -> None:
    stage, cast = await play(before=she_may_write)
    await welcomed(stage, cast)
    stage.forget_calls()
    for _ in range(2 * 24):
        await stage.later(hours=1)
    often = asked(stage)
    assert 46 <= often <= 48
    for _ in range(13 * 24):
        await stage.later(hours=1)
    assert 47 <= asked(stage) - often <= 49
    stage.forget_calls()
    await stage.later(days=3)
    assert asked(stage) == 0
    assert stage.parts.store.read_now(looks.dead) == []


async def test_while_the_app_is_suspended_nobody_looks(play: Play) -> None:
    stage, cast = await play(before=she_may_write)
    [installation] = stage.world.installations.values()
    issues = await welcomed(stage, cast)
    stage.world.suspend(installation, by=cast.grace)
    await stage.settle()
    stage.forget_calls()
    await stage.later(hours=10)
    assert not asked(stage)
    for issue in issues:
        hides(stage, cast, issue)
    stage.world.unsuspend(installation, by=cast.grace)
    await stage.settle()
    await stage.later(hours=7)
    assert await hears(stage, cast, "mary") == 0
