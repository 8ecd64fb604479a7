"""Bad weather: every ready-made fault does what it says, once, and to the right request."""

from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox import Fault, Running, weather
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"


@pytest.fixture
def comments(place: Place) -> str:
    """Where one comments on an issue."""
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    return f"{REPO}/issues/{issue.number}/comments"


def written(place: Place) -> int:
    return sum(len(thread.comments) for thread in place.repo.threads.values())


@pytest.mark.parametrize(
    ("fault", "status", "says", "headers"),
    [
        (weather.expired_token(), 401, "Bad credentials", {}),
        (weather.secondary_limit(), 403, "You have exceeded a secondary rate limit", {"Retry-After": "60"}),
        (weather.secondary_limit(retry_after=None, status=429), 429, "You have exceeded a secondary rate limit", {}),
        (weather.not_found_first(), 404, "Not Found", {}),
        (weather.gone(), 410, "This issue was deleted", {}),
        (weather.locked(), 403, "Unable to create comment because issue is locked.", {}),
        (weather.unprocessable(), 422, "Validation Failed", {}),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else None,
)
async def test_a_fault_refuses_one_request_and_then_the_sky_is_blue(
    github: Running,
    place: Place,
    bot: Client,
    comments: str,
    fault: Fault,
    status: int,
    says: str,
    headers: dict[str, str],
) -> None:
    github.weather.next(fault)
    refused = await bot.post(comments, {"body": "Hello"})
    assert refused.status == status
    assert refused.data["message"].startswith(says)
    assert headers.items() <= refused.headers.items()
    assert ("Retry-After" in refused.headers) == ("Retry-After" in headers)
    assert written(place) == 0
    assert (await bot.post(comments, {"body": "Hello"})).status == 201
    assert [each.fault for each in github.weather.happened] == [fault]


async def test_the_primary_limit_says_when_it_ends(github: Running, place: Place, bot: Client) -> None:
    reset = place.clock() + timedelta(minutes=20)
    github.weather.next(weather.primary_limit(reset_at=reset))
    refused = await bot.get(REPO)
    assert refused.status == 403
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Reset"] == str(int(reset.timestamp()))


@pytest.mark.parametrize("after", [False, True])
async def test_a_bad_gateway_answers_with_a_page(
    github: Running, place: Place, bot: Client, comments: str, after: bool
) -> None:
    github.weather.next(weather.bad_gateway(after=after))
    told = await bot.post(comments, {"body": "Hello"})
    assert told.status == 502
    assert "Unicorn" in told.data
    assert written(place) == (1 if after else 0)


@pytest.mark.parametrize(("fault", "done"), [(weather.cut_before_write(), 0), (weather.cut_after_write(), 1)])
async def test_the_connection_breaks(
    github: Running, place: Place, bot: Client, comments: str, fault: Fault, done: int
) -> None:
    github.weather.next(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.post(comments, {"body": "Hello"})
    assert written(place) == done
    assert github.requests[-1].status == 0
    assert len(place.world.deliveries[-1:]) == 1


async def test_a_late_answer_comes_after_the_deed(github: Running, place: Place, bot: Client, comments: str) -> None:
    github.weather.next(weather.slow(seconds=0.2))
    headers = {"Authorization": f"Bearer {bot.token}"}
    patience = aiohttp.ClientTimeout(total=0.05)
    with pytest.raises(TimeoutError):
        await bot.session.post(bot.url + comments, json={"body": "Hello"}, headers=headers, timeout=patience)
    assert written(place) == 1


async def test_faults_wait_for_their_request_in_order(github: Running, bot: Client, comments: str) -> None:
    github.weather.next(
        weather.bad_gateway(match=("GET", "/rate_limit")),
        Fault(match=weather.COMMENTS, status=410, body={"message": "Not here"}, times=2),
        Fault(match=weather.COMMENTS, delay=0.001),
    )
    assert github.weather.waiting == 4
    statuses = [(await bot.post(comments, {"body": "Hello"})).status for _ in range(4)]
    assert statuses == [410, 410, 201, 201]
    assert (await bot.get("/rate_limit")).status == 502
    assert github.weather.waiting == 0
    github.weather.next(weather.gone())
    github.weather.clear()
    assert (await bot.post(comments, {"body": "Hello"})).status == 201
