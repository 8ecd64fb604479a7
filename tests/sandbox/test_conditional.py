"""What every answer has: a date by the world's clock, and for lists an ETag, so that to ask again costs nothing."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from bot.sandbox import ChangedFile, Running, weather
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"


@pytest.fixture
def full(place: Place) -> Place:
    """A place where there is something of everything."""
    world = place.world
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down", labels=["bug"])
    world.comment(issue, by=place.ada, body="Still is")
    files = [ChangedFile(filename="map.py")]
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=files)
    world.review_comment(pull, by=place.maintainer, body="Why?", path="map.py")
    world.join_team(world.team(place.organization, "Mappers"), place.helper)
    return place


def _comment(place: Place) -> None:
    place.world.comment(place.repo.threads[1], by=place.ada, body="And again")


def _join(place: Place) -> None:
    place.world.join_team(place.organization.teams["mappers"], place.maintainer)


def _review(place: Place) -> None:
    pull = next(iter(place.repo.review_comments.values())).pull
    place.world.review_comment(pull, by=place.maintainer, body="And this?", path="map.py")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{REPO}/issues?state=all&per_page=100", _comment),
        (f"{REPO}/issues/comments?per_page=100&sort=updated&direction=asc", _comment),
        (f"{REPO}/issues/1/comments", _comment),
        (f"{REPO}/issues/events", lambda place: place.world.close(place.repo.threads[1], by=place.ada)),
        (f"{REPO}/labels", lambda place: place.world.create_label(place.repo, "new")),
        (f"{REPO}/pulls?state=all", lambda place: place.world.synchronize(place.repo.threads[2], by=place.ada)),
        (f"{REPO}/pulls/comments", _review),
        (f"{REPO}/pulls/2/reviews", _review),
        (f"{REPO}/pulls/2/files", lambda place: place.world.synchronize(place.repo.threads[2], by=place.ada)),
        (f"{REPO}/commits", lambda place: place.world.push(place.repo, by=place.ada, files=["a.py"])),
        (f"{REPO}/commits/main", lambda place: place.world.push(place.repo, by=place.ada, files=["a.py"])),
        ("/orgs/alpine-tools/members", lambda place: place.world.add_member(place.organization, place.ada)),
        ("/orgs/alpine-tools/teams", lambda place: place.world.team(place.organization, "New")),
        ("/orgs/alpine-tools/teams/mappers/members", _join),
        ("/orgs/alpine-tools/repos", lambda place: place.world.archive(place.repo)),
        ("/installation/repositories", lambda place: place.world.rename_repository(place.repo, "maps")),
    ],
)
async def test_a_list_that_has_not_changed_is_free(
    full: Place, bot: Client, path: str, change: Callable[[Place], object]
) -> None:
    first = await bot.get(path)
    assert (first.status, first.headers["Etag"][:3]) == (200, 'W/"')
    for _ in range(2):
        same = await bot.get(path, If_None_Match=first.headers["Etag"])
        assert (same.status, same.data) == (304, None)
        for name in ("X-RateLimit-Used", "X-RateLimit-Remaining", "Etag"):
            assert same.headers[name] == first.headers[name]
    full.clock.forward(timedelta(minutes=1))
    change(full)
    changed = await bot.get(path, If_None_Match=first.headers["Etag"])
    assert changed.status in (200, 301)
    assert changed.headers.get("Etag") != first.headers["Etag"]
    assert int(changed.headers["X-RateLimit-Used"]) == int(first.headers["X-RateLimit-Used"]) + 1


async def test_every_answer_is_dated_by_the_worlds_clock(
    github: Running, full: Place, bot: Client, nobody: Client
) -> None:
    full.clock.forward(timedelta(minutes=7))
    first = await bot.get(REPO)
    github.weather.next(weather.bad_gateway(match=("GET", REPO)))
    answers = [
        first,
        await bot.get(REPO),
        await bot.get(REPO, If_None_Match=first.headers["Etag"]),
        await bot.get(f"{REPO}/issues/99"),
        await bot("PUT", f"{REPO}/issues/1/lock"),
        await bot.post("/graphql", {"query": "{ viewer { login } }"}),
        await nobody.get("/user"),
    ]
    assert [each.status for each in answers] == [200, 502, 304, 404, 204, 200, 401]
    assert {each.headers["Date"] for each in answers} == {"Mon, 03 Mar 2025 09:07:00 GMT"}
    assert parsedate_to_datetime(first.headers["Date"]) == full.clock()


async def test_there_is_one_date_only(github: Running, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{github.url}/rate_limit") as response:
        assert len(response.headers.getall("Date")) == 1
