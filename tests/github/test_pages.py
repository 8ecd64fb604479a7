"""Lists, a page at a time: where the next one is, what has not changed, and how much of the hour's calls is left."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.github.client import Client, Page, Rate
from bot.github.errors import CallFailed
from bot.model import InstallationId
from tests.github.conftest import OURS, Place, Script, says

ISSUES = "/repos/{owner}/{repo}/issues{?per_page}"


def where(place: Place) -> dict[str, str | int | bool]:
    return {"owner": place.cast.organisation.login, "repo": place.cast.maps.name, "per_page": 2}


async def test_a_list_is_read_page_by_page(place: Place) -> None:
    for number in range(5):
        place.world.open_issue(place.cast.maps, by=place.cast.ada, title=f"{number}")
    first = await place.client.page(place.installation, ISSUES, where(place))
    assert first.next is not None
    assert first.next.startswith("/repositories/")
    second = await place.client.page(place.installation, first.next)
    assert (first.last, second.last) == (3, 3)
    assert second.next is not None
    third = await place.client.page(place.installation, second.next)
    assert third.next is None
    assert [len(page.items) for page in (first, second, third)] == [2, 2, 1]


async def test_what_has_not_changed_is_said_to_be_so_and_costs_nothing(place: Place) -> None:
    issue = place.world.open_issue(place.cast.maps, by=place.cast.ada, title="A")
    page = await place.client.page(place.installation, ISSUES, where(place))
    left = place.client.rate(place.installation, "core")
    again = await place.client.page(place.installation, ISSUES, where(place), etag=page.etag)
    assert again == Page([], etag=page.etag, unchanged=True)
    assert place.client.rate(place.installation, "core") == left
    place.world.close(issue, by=place.cast.grace)
    place.world.open_issue(place.cast.maps, by=place.cast.ada, title="B")
    changed = await place.client.page(place.installation, ISSUES, where(place), etag=page.etag)
    assert [one["title"] for one in changed.items] == ["B"]
    assert changed.etag != page.etag


async def test_the_list_may_stand_within_an_object(place: Place) -> None:
    page = await place.client.page(place.installation, "/installation/repositories?per_page=1")
    assert len(page.items) == 1
    assert page.next is not None


async def test_each_kind_of_call_has_a_limit_of_its_own(place: Place) -> None:
    assert place.client.rate(place.installation, "core") is None
    await place.client.page(place.installation, ISSUES, where(place))
    await place.client.graphql(place.installation, "query { viewer { login } }")
    core = place.client.rate(place.installation, "core")
    graphql = place.client.rate(place.installation, "graphql")
    assert core is not None
    assert graphql is not None
    assert (core.limit, core.remaining) == (5000, 4999)
    assert (graphql.limit, graphql.remaining) == (5000, 4999)
    assert place.client.rate(InstallationId(4711), "core") is None


async def test_what_is_left_is_known_from_a_failure_too(script: Script, client: Client) -> None:
    counted = {"X_RateLimit_Limit": "5000", "X_RateLimit_Remaining": "7", "X_RateLimit_Reset": "1700000000"}
    script.then(says({"message": "Not Found"}, 404, **counted))
    with pytest.raises(CallFailed):
        await client.page(OURS, "/x")
    assert client.rate(OURS, "core") == Rate(5000, 7, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))


@pytest.mark.parametrize("value", ["many", "", "-", "9" * 30])
async def test_a_limit_that_makes_no_sense_is_no_limit(script: Script, client: Client, value: str) -> None:
    counted = {"X_RateLimit_Limit": "5000", "X_RateLimit_Remaining": "7", "X_RateLimit_Reset": value}
    script.then(says([{"id": 1}], 200, **counted))
    with suppress(CallFailed):
        await client.page(OURS, "/x")
    assert client.rate(OURS, "core") is None


async def test_our_token_goes_to_no_other_host(script: Script, client: Client) -> None:
    script.then(says([{"id": 1}], 200, Link='<http://elsewhere.example/x?page=2>; rel="next"'))
    with pytest.raises(CallFailed, match=r"another host, elsewhere\.example"):
        await client.page(OURS, "/x")
    assert len(script.calls) == 1


@pytest.mark.parametrize("link", ['<https://x.example/?page=many>; rel="last"', "nonsense", '<>; rel="last"'])
async def test_where_github_does_not_say_how_many_pages_there_are_nobody_knows(
    script: Script, client: Client, link: str
) -> None:
    script.then(says([{"id": 1}], 200, Link=link))
    try:
        page = await client.page(OURS, "/x")
    except CallFailed:  # a link that cannot be read at all
        return
    assert page.last is None
