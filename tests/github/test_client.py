"""Calls to GitHub: signed, bounded, sent where they belong, and every way of failing told as a `CallFailed`."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

import bot.github.client
from bot.github import client as under_test
from bot.github.client import Client
from bot.github.errors import Bug, CallFailed, Drop, Failure, NeedsPermission, RetryAt
from bot.metrics import Metrics
from bot.sandbox import weather
from bot.sandbox.weather import UNICORN
from tests.github.conftest import OURS, Place, Reply, Script, client_of, cuts, says, scripted
from tests.stage import StageClock

MINUTE = timedelta(minutes=1)
BAD_CREDENTIALS = says({"message": "Bad credentials"}, 401)


async def failure(call: Callable[[], Awaitable[object]]) -> CallFailed:
    """How the call fails; with no token in any word of it."""
    with pytest.raises(CallFailed) as caught:
        await call()
    told = "".join(traceback.format_exception(caught.value))
    assert "token-" not in told
    return caught.value


def get(client: Client) -> Callable[[], Awaitable[object]]:
    return lambda: client.call(OURS, "GET", "/repos/{owner}/{repo}", {"owner": "a b", "repo": "c/d"})


def post(client: Client) -> Callable[[], Awaitable[object]]:
    return lambda: client.call(OURS, "POST", "/x", data={"body": "Hello"})


async def test_a_call_is_addressed_signed_and_understood(client: Client, script: Script, metrics: Metrics) -> None:
    script.then(says({"id": 1}), says({"id": 2}, 201))
    assert await client.call(OURS, "GET", "/repos/{owner}/{repo}", {"owner": "a b", "repo": "c/d"}) == {"id": 1}
    assert await client.call(OURS, "POST", "/x", data={"body": "Hé"}) == {"id": 2}
    first, second = script.calls
    assert (first.method, first.path, first.token, first.body) == ("GET", "/repos/a%20b/c%2Fd", "token-1", None)
    assert (second.method, second.path, second.token, second.body) == ("POST", "/x", "token-1", {"body": "Hé"})
    counted = metrics.registry.get_sample_value
    assert counted("switchback_github_requests_total", {"method": "GET", "status": "200"}) == 1
    assert counted("switchback_github_requests_total", {"method": "POST", "status": "201"}) == 2


async def test_it_calls_as_the_app_itself_as_well(place: Place) -> None:
    assert (await place.client.as_app("GET", "/app"))["slug"] == "switchback"
    [installed] = await place.client.list_as_app("/app/installations?per_page=1")
    assert installed["id"] == place.installation


async def test_a_list_is_read_as_far_as_it_is_wanted(place: Place) -> None:
    for number in range(3):
        place.world.install(place.cast.app, place.world.user(f"user-{number}"))
    path = "/app/installations?per_page=1"
    async for page in place.client.pages_as_app(path):
        assert [one["id"] for one in page] == [place.installation]
        break
    assert len(place.calls()) == 1
    assert [len(page) async for page in place.client.pages_as_app(path)] == [1, 1, 1, 1]
    assert len(await place.client.list_as_app(path)) == 4


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_it_tells_how_far_githubs_clock_is_ahead(client: Client, script: Script, status: int) -> None:
    assert client.ahead is None
    script.then(
        says({"id": 1}, status, Date="Mon, 23 Nov 2026 09:01:30 GMT"),
        says({"id": 1}, status, Date="Mon, 23 Nov 2026 08:59:00 GMT"),
        says({"id": 1}, status, Date="yesterday"),
    )
    for ahead in (MINUTE * 1.5, -MINUTE, None):
        with suppress(CallFailed):
            await client.as_app("GET", "/app")
        assert client.ahead == ahead


async def test_a_token_that_ended_early_is_renewed_once(client: Client, script: Script) -> None:
    script.then(BAD_CREDENTIALS, says({"id": 1}))
    assert await client.call(OURS, "GET", "/x") == {"id": 1}
    assert [heard.token for heard in script.calls] == ["token-1", "token-2"]
    script.then(BAD_CREDENTIALS, BAD_CREDENTIALS)
    failed = await failure(post(client))
    assert failed.status == 401
    assert isinstance(failed.failure, RetryAt)
    assert not failed.failure.unsure


async def test_a_list_renews_a_token_that_ended_early_too(client: Client, script: Script) -> None:
    script.then(BAD_CREDENTIALS, says([1]))
    assert await client.pages(OURS, "/x") == [1]


async def test_after_a_failed_list_the_old_token_is_not_shown_for_ever(client: Client, script: Script) -> None:
    script.then(BAD_CREDENTIALS, BAD_CREDENTIALS)
    await failure(lambda: client.pages(OURS, "/x"))
    script.then(says([1]))
    assert await client.pages(OURS, "/x") == [1]
    assert script.calls[-1].token != "token-1"


async def test_a_permission_that_was_granted_since_counts_for_the_next_call(client: Client, script: Script) -> None:
    script.then(says({"message": "Resource not accessible by integration"}, 403), says({"id": 1}))
    assert isinstance((await failure(post(client))).failure, NeedsPermission)
    await client.call(OURS, "GET", "/x")
    assert [heard.token for heard in script.calls] == ["token-1", "token-2"]


async def test_a_token_that_cannot_be_had_leaves_no_doubt_about_the_write(client: Client, script: Script) -> None:
    script.token_replies += [cuts]
    failed = (await failure(post(client))).failure
    assert isinstance(failed, RetryAt)
    assert not failed.unsure
    assert script.calls == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_what_has_moved_is_followed_with_method_and_body(
    client: Client, script: Script, status: int, method: str
) -> None:
    script.then(says({"message": "Moved"}, status, Location="/repositories/1/x"), says({"id": 1}))
    data = None if method == "GET" else {"body": "Hello"}
    assert await client.call(OURS, method, "/x?page=2", data=data) == {"id": 1}
    assert [(h.method, h.token, h.body) for h in script.calls] == [(method, "token-1", data)] * 2
    assert script.calls[1].path == "/repositories/1/x"


async def test_a_renamed_repository_is_found_and_written_to(place: Place) -> None:
    issue = place.world.open_issue(place.cast.maps, by=place.cast.ada, title="A")
    place.world.rename_repository(place.cast.maps, "atlas")
    path = f"/repos/alpine-tools/trail-maps/issues/{issue.number}/comments"
    await place.client.call(place.installation, "POST", path, data={"body": "Hello"})
    assert len(await place.client.pages(place.installation, path)) == 1


async def test_our_token_goes_to_no_other_host(client: Client, script: Script, clock: StageClock) -> None:
    async with scripted(clock) as other:
        script.then(says({"message": "Moved"}, 307, Location=f"{other.url}/x"))
        assert isinstance((await failure(post(client))).failure, Bug)
        assert other.heard == []


async def test_our_token_goes_to_no_other_host_for_the_next_page(
    client: Client, script: Script, clock: StageClock
) -> None:
    async with scripted(clock) as other:
        script.then(says([1], Link=f'<{other.url}/x?page=2>; rel="next"'))
        other.then(says([2]))
        assert isinstance((await failure(lambda: client.pages(OURS, "/x"))).failure, Bug)
        assert other.heard == []


async def test_who_is_sent_in_a_circle_gives_up(client: Client, script: Script) -> None:
    script.then(*[says({"message": "Moved"}, 301, Location="/x")] * 10)
    assert isinstance((await failure(get(client))).failure, Bug)
    assert len(script.calls) < 6


@dataclass(frozen=True)
class Case:
    """An answer to a GET or a POST, and what is made of it. `unsure`: for a POST, which may have been done."""

    id: str
    reply: Reply
    kind: type[Failure]
    word: str = ""
    unsure: bool = False


async def _hangs(request: web.Request) -> web.Response:
    await asyncio.sleep(30)
    raise AssertionError("nobody waits so long")


def _said(message: str) -> dict[str, object]:
    problem = {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message}
    return {"message": "Validation Failed", "errors": [problem]}


JSON = "application/json; charset=utf-8"
CASES = [
    Case("cut", cuts, RetryAt, "reached", unsure=True),
    Case("too slow", _hangs, RetryAt, "Timeout", unsure=True),
    Case("a page with 502", says(UNICORN.encode(), 502), RetryAt, "502", unsure=True),
    Case("a page with 404", says(UNICORN.encode(), 404), RetryAt, "not show"),
    Case("half of an answer", says(b'{"id": ', 200, Content_Type=JSON), RetryAt, unsure=True),
    Case("no letters", says(b'{"id": "\xff"}', 200, Content_Type=JSON), RetryAt, unsure=True),
    Case("a page in place of an answer", says(UNICORN.encode()), RetryAt, unsure=True),
    Case("absurd counters", says({}, 200, X_RateLimit_Limit="1", X_RateLimit_Remaining="1", X_RateLimit_Reset="9" * 30),
         RetryAt, unsure=True),
    Case("an error that is no object", says(["?"], 400), Bug, "no explanation"),
    Case("a secondary limit", says({"message": "secondary rate limit"}, 403, Retry_After="7"), RetryAt, "wait"),
    Case("gone", says({"message": "This issue was deleted"}, 410), Drop, "deleted"),
    Case("blocked", says(_said("User is blocked"), 422), Drop, "User is blocked"),
    Case("too quickly", says(_said("was submitted too quickly"), 422), RetryAt, "too quickly"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_answer_means(
    client: Client, script: Script, monkeypatch: pytest.MonkeyPatch, case: Case, method: str
) -> None:
    monkeypatch.setattr(bot.github.client, "_TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    script.then(says({}))
    await client.call(OURS, "GET", "/")
    script.then(case.reply, case.reply)  # aiohttp itself repeats a GET once that was cut
    failed = (await failure((get if method == "GET" else post)(client))).failure
    assert isinstance(failed, case.kind)
    assert case.word in failed.why
    if isinstance(failed, RetryAt) and method == "POST":
        assert failed.unsure is case.unsure


async def test_what_was_never_sent_has_not_happened(private_key: str, clock: StageClock, metrics: Metrics) -> None:
    async with scripted(clock) as gone:
        url = gone.url
    async with client_of(url, "1", private_key, clock, metrics) as client:
        failed = await failure(lambda: client.as_app("POST", "/x"))
    assert failed.status == 0
    assert isinstance(failed.failure, RetryAt)
    assert not failed.failure.unsure
    counted = metrics.registry.get_sample_value
    assert counted("switchback_github_requests_total", {"method": "POST", "status": "none"}) == 1


LOST = [
    ("cut before", weather.cut_before_write(), 0),
    ("cut after", weather.cut_after_write(), 1),
    ("502 after", weather.bad_gateway(after=True, match=weather.COMMENTS), 1),
]


@pytest.mark.parametrize(("fault", "comments"), [row[1:] for row in LOST], ids=[row[0] for row in LOST])
async def test_a_write_whose_answer_is_lost_is_in_doubt(place: Place, fault: weather.Fault, comments: int) -> None:
    issue = place.world.open_issue(place.cast.maps, by=place.cast.ada, title="A")
    place.weather.next(fault)
    path = f"/repos/alpine-tools/trail-maps/issues/{issue.number}/comments"
    failed = (await failure(lambda: place.client.call(place.installation, "POST", path, data={"body": "A"}))).failure
    assert isinstance(failed, RetryAt)
    assert failed.unsure
    assert len(issue.comments) == comments


async def test_nothing_to_say_is_an_answer(client: Client, script: Script) -> None:
    async def nothing(request: web.Request) -> web.Response:
        return web.Response(status=204)

    script.then(nothing)
    assert await client.call(OURS, "DELETE", "/x") is None


async def test_a_long_list_is_read_to_its_end_and_an_endless_one_is_not(
    client: Client, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(number: int, *, last: bool = False) -> Reply:
        link = f'<{script.url}/x?page={number + 1}>; rel="next", <{script.url}/x>; rel="first"'
        return says([number]) if last else says([number], Link=link)

    script.then(page(1), page(2), page(3, last=True))
    assert await client.pages(OURS, "/x{?page}", {"page": 1}) == [1, 2, 3]
    assert [heard.path for heard in script.calls] == ["/x?page=1", "/x?page=2", "/x?page=3"]
    monkeypatch.setattr(under_test, "_LONGEST_LIST", 20)
    script.then(*(page(number) for number in range(30)))
    assert isinstance((await failure(lambda: client.pages(OURS, "/x"))).failure, Bug)
