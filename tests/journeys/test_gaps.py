"""Stories of a time in which the app was not there, or not everywhere, and of what moved meanwhile."""

from datetime import timedelta
from typing import Any, Final

import pytest

from bot.memory import recall
from bot.model import OwnerId, Repo, RepoId
from bot.sandbox import ChangedFile, World
from bot.sandbox.model import Installation, PullRequest
from tests.conftest import Play
from tests.stage import Cast, Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py")]


def installed(stage: Stage) -> Installation:
    [installation] = stage.world.installations.values()
    return installation


def merged(world: World, cast: Cast, title: str = "Work") -> PullRequest:
    pull = world.open_pull_request(cast.huts, by=cast.linus, title=title, files=CODE)
    world.merge(pull, by=cast.grace)
    return pull


async def test_who_was_active_where_the_app_was_not_is_no_newcomer(play: Play) -> None:
    stage, cast = await play(past_is_read=False)
    installed(stage).selected = {cast.maps.id: cast.maps}
    stage.clock.advance(DAY * 30)
    merged(stage.world, cast)
    await stage.settle()
    stage.clock.advance(DAY * 30)
    stage.world.add_repositories(installed(stage), cast.huts, by=cast.grace)
    await stage.settle()
    stage.clock.advance(DAY)
    issue, pull = stage.world.open_issue(cast.huts, by=cast.linus, title="As ever"), merged(stage.world, cast, "Again")
    newcomer = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello")
    await stage.settle()
    assert (stage.said(issue), stage.said(pull), len(stage.said(newcomer))) == ([], [], 1)


async def test_who_was_active_while_the_app_was_not_installed_is_no_newcomer(play: Play) -> None:
    stage, cast = await play(past_is_read=False)
    stage.world.uninstall(installed(stage), by=cast.grace)
    await stage.settle()
    stage.clock.advance(DAY * 30)
    merged(stage.world, cast)
    stage.clock.advance(DAY * 30)
    stage.world.install(cast.app, cast.organisation)
    await stage.settle()
    stage.clock.advance(DAY)
    issue = stage.world.open_issue(cast.huts, by=cast.linus, title="As ever")
    newcomer = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello")
    await stage.settle()
    assert (stage.said(issue), len(stage.said(newcomer))) == ([], 1)


@pytest.mark.parametrize("gap", ["suspended", "a repository is added"])
async def test_who_was_seen_to_come_before_a_gap_is_a_newcomer_still(play: Play, gap: str) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}", past_is_read=False)
    installed(stage).selected = {cast.maps.id: cast.maps}
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="A fix", files=CODE)
    stage.clock.advance(timedelta(minutes=1))
    stage.world.comment(issue, by=cast.ada, body="One more detail.")
    await stage.settle(patience=timedelta())
    stage.clock.advance(timedelta(minutes=10))
    if gap == "suspended":
        stage.world.suspend(installed(stage), by=cast.grace)
        stage.clock.advance(timedelta(minutes=10))
        stage.world.unsuspend(installed(stage), by=cast.grace)
    else:
        stage.world.add_repositories(installed(stage), cast.huts, by=cast.grace)
    await stage.settle(patience=timedelta())
    await stage.later(hours=2)
    assert (len(stage.said(issue)), len(stage.said(pull))) == (1, 1)


async def through(stage: Stage, cast: Cast) -> int | None:
    """The installation by which the bot would act in trail-maps."""
    where = Repo(RepoId(cast.maps.id), OwnerId(cast.organisation.id), "alpine-tools", "trail-maps")
    return await stage.parts.store.read(lambda db: recall.installation(db, where))


async def test_nothing_is_said_in_a_repository_that_was_taken_from_the_app(play: Play) -> None:
    """Linus comes, and before the team had its hour to answer the app loses the repository; Ada is in another one."""
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    installed(stage).selected = {repo.id: repo for repo in (cast.maps, cast.huts)}
    here = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    there = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello")
    await stage.later(minutes=5)
    stage.world.remove_repositories(installed(stage), cast.maps, by=cast.grace)
    await stage.settle(patience=timedelta())
    await stage.later(hours=2)
    assert (len(stage.said(here)), len(stage.said(there))) == (0, 1)
    stage.world.add_repositories(installed(stage), cast.maps, by=cast.grace)
    await stage.settle(patience=timedelta())
    await stage.later(hours=2)
    assert len(stage.said(here)) == 1


async def test_an_installation_that_a_list_leaves_out_is_asked_for(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.grace, title="So that the place is known")
    await stage.settle()

    async def nothing(path: str) -> list[Any]:
        return []

    monkeypatch.setattr(stage.parts.client, "list_as_app", nothing)
    stage.clock.advance(HOUR)
    await stage.parts.installations.ask()
    assert await through(stage, cast) == installed(stage).id


async def test_an_installation_that_is_gone_without_our_hearing_of_it_is_noticed(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.grace, title="So that the place is known")
    await stage.settle()
    stage.world.uninstall(installed(stage), by=cast.grace)
    stage.lose(event="installation")
    stage.clock.advance(HOUR)
    await stage.parts.installations.ask()
    assert await through(stage, cast) is None


async def test_who_comes_while_the_app_is_suspended_is_welcomed_afterwards(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta())
    stage.world.suspend(installed(stage), by=cast.grace)
    await stage.later(hours=2)
    assert stage.said(issue) == []
    stage.world.unsuspend(installed(stage), by=cast.grace)
    await stage.settle()
    await stage.later(hours=1)
    assert len(stage.said(issue)) == 1


async def test_a_suspension_that_we_first_hear_of_by_a_refusal_loses_nobody(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.linus, title="The token is warm")
    await stage.settle()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.suspend(installed(stage), by=cast.grace)
    stage.lose(event="installation")
    await stage.settle()
    stage.world.unsuspend(installed(stage), by=cast.grace)
    await stage.later(hours=2)
    assert len(stage.said(issue)) == 1


async def test_a_suspension_told_a_day_late_is_put_right(play: Play) -> None:
    stage, cast = await play()
    stage.world.suspend(installed(stage), by=cast.grace)
    late = stage.hold_back(lambda delivery: delivery.event == "installation")
    stage.world.unsuspend(installed(stage), by=cast.grace)
    await stage.settle()
    stage.clock.advance(DAY)
    stage.world.deliveries.extend(late)
    await stage.settle(patience=timedelta(minutes=1))
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta(minutes=1))
    stage.clock.advance(HOUR)
    await stage.parts.installations.ask()  # as every hour
    await stage.settle()
    await stage.later(hours=1)
    assert len(stage.said(issue)) == 1


async def test_a_thread_that_moves_to_another_organisation_is_not_welcomed_again(play: Play) -> None:
    stage, cast = await play(past_is_read=False)
    other = stage.world.organization("other-org")
    stage.world.add_member(other, cast.grace)
    stage.world.install(cast.app, other)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    stage.clock.advance(DAY)
    cast.maps.owner = other  # its repository was transferred
    stage.world.comment(issue, by=cast.ada, body="Any news?")
    await stage.settle()
    assert len(stage.said(issue)) == 1


async def test_an_organisation_renamed_during_the_hold(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta())
    stage.world.rename_organization(cast.organisation, "alps", by=cast.grace)
    await stage.later(hours=2)
    assert len(stage.said(issue)) == 1
