"""Large worlds: made without telling anybody, and read like any other."""

from datetime import timedelta

import pytest

from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"


async def test_what_is_unheard_has_happened_all_the_same(place: Place, bot: Client) -> None:
    world = place.world
    elsewhere = world.repository(world.organization("lowland-tools"), "canals")
    heard, past = len(world.deliveries), len(world.past)
    with world.unheard():
        for repo in (place.repo, elsewhere):
            issue = world.open_issue(repo, by=place.ada, title="Upside down", labels=["bug"], assignees=[place.ada])
            world.comment(issue, by=place.maintainer, body="So it is")
            pull = world.open_pull_request(repo, by=place.ada, title="Turn it", body="Fixes #1")
            world.merge(pull, by=place.maintainer)
        world.team(place.organization, "Mappers")
        world.rename_repository(elsewhere, "locks")
    assert (len(world.deliveries), len(world.past)) == (heard, past)
    assert [each["number"] for each in (await bot.get(f"{REPO}/issues?state=closed")).data] == [2, 1]
    assert len((await bot.get(f"{REPO}/commits")).data) == 3
    for repo in (elsewhere, place.repo):
        world.comment(repo.threads[1], by=place.ada, body="Thanks")
    assert (world.past[-1].name, world.deliveries[-1].name) == ("issue_comment.created",) * 2


def test_silence_ends_where_it_began(place: Place) -> None:
    world = place.world
    before = len(world.deliveries)
    with pytest.raises(ValueError, match="taken"), world.unheard():  # noqa: PT012  # what fails is inside the silence
        with world.unheard():
            world.open_issue(place.repo, by=place.ada, title="One")
        world.open_issue(place.repo, by=place.ada, title="Two")
        world.user("ada")
    world.open_issue(place.repo, by=place.ada, title="Three")
    assert [each.payload["issue"]["title"] for each in world.deliveries[before:]] == ["Three"]


async def test_the_pages_of_a_large_repository_hold_everything_once(place: Place, bot: Client) -> None:
    world = place.world
    with world.unheard():
        for index in range(1000):
            issue = world.open_issue(place.repo, by=place.ada, title=f"Issue {index}")
            place.clock.forward(timedelta(seconds=1))
            world.comment(issue, by=place.maintainer, body="Thank you!")
    for path in (f"{REPO}/issues?state=all&per_page=100", f"{REPO}/issues/comments?per_page=100"):
        pages = [(await bot.get(f"{path}&page={number}")).data for number in range(1, 12)]
        assert [len(page) for page in pages] == [100] * 10 + [0]
        assert len({each["id"] for page in pages for each in page}) == 1000
