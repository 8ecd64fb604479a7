"""The app signs as GitHub asks, and an installation's token is fetched once for all who want it, in time."""

import asyncio
from datetime import datetime, timedelta

import jwt
import pytest

from bot.github.auth import AppKey, Token, TokenCache
from bot.github.errors import CallFailed, RetryAt
from bot.model import InstallationId
from bot.sandbox.acts.apps import public_half
from bot.settings import Secret
from tests.stage import BEGIN, StageClock

ONE, TWO = InstallationId(1), InstallationId(2)
MINUTE = timedelta(minutes=1)


class Fetch:
    """Gives out token-1, token-2 … that are valid for an hour; while the gate is shut it takes its time."""

    def __init__(self, clock: StageClock) -> None:
        self.clock = clock
        self.asked: list[InstallationId] = []
        self.fails = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, installation: InstallationId) -> Token:
        self.asked.append(installation)
        name = f"token-{len(self.asked)}"
        await self.gate.wait()
        if self.fails:
            self.fails -= 1
            raise CallFailed(RetryAt("GitHub is not well"), 502)
        return Token(Secret(name), self.clock() + MINUTE * 60)


@pytest.fixture
def fetch(clock: StageClock) -> Fetch:
    return Fetch(clock)


@pytest.fixture
def cache(fetch: Fetch, clock: StageClock) -> TokenCache:
    return TokenCache(fetch, clock)


async def asking(cache: TokenCache, times: int) -> list[asyncio.Task[str]]:
    """So many who have all asked by now."""
    tasks = [asyncio.create_task(cache.get(ONE)) for _ in range(times)]
    await asyncio.sleep(0)
    return tasks


def test_the_app_signs_for_less_than_ten_minutes_by_a_clock_that_may_be_ahead(
    private_key: str, clock: StageClock
) -> None:
    signed = AppKey("123", Secret(private_key), clock).jwt()
    claims = jwt.decode(
        signed, public_half(private_key), algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
    )
    assert claims == {"iss": "123", "iat": (BEGIN - MINUTE).timestamp(), "exp": (BEGIN + MINUTE * 9).timestamp()}


async def test_a_token_is_kept_until_a_minute_before_its_end(
    cache: TokenCache, fetch: Fetch, clock: StageClock
) -> None:
    assert await cache.get(ONE) == "token-1"
    clock.advance(MINUTE * 59 - timedelta(seconds=1))
    assert await cache.get(ONE) == "token-1"
    clock.advance(timedelta(seconds=1))
    assert await cache.get(ONE) == "token-2"
    assert fetch.asked == [ONE, ONE]


async def test_each_installation_has_its_own(cache: TokenCache) -> None:
    assert [await cache.get(which) for which in (ONE, TWO, ONE, TWO)] == ["token-1", "token-2", "token-1", "token-2"]


async def test_a_hundred_who_ask_at_once_cost_one_request(cache: TokenCache, fetch: Fetch) -> None:
    fetch.gate.clear()
    tasks = await asking(cache, 100)
    fetch.gate.set()
    assert set(await asyncio.gather(*tasks)) == {"token-1"}
    assert fetch.asked == [ONE]


async def test_a_failure_reaches_all_who_asked_and_the_next_try_works(cache: TokenCache, fetch: Fetch) -> None:
    fetch.gate.clear()
    fetch.fails = 1
    tasks = await asking(cache, 10)
    fetch.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [CallFailed] * 10
    assert await cache.get(ONE) == "token-2"
    assert len(fetch.asked) == 2


@pytest.mark.parametrize("who", range(3), ids=["the first", "the second", "the last"])
async def test_who_stops_waiting_takes_the_token_from_nobody(cache: TokenCache, fetch: Fetch, who: int) -> None:
    fetch.gate.clear()
    tasks = await asking(cache, 3)
    tasks.pop(who).cancel()
    await asyncio.sleep(0)
    fetch.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert not [result for result in results if isinstance(result, BaseException)]
    assert len(fetch.asked) <= 2


async def test_if_all_stop_waiting_the_next_try_works(cache: TokenCache, fetch: Fetch) -> None:
    fetch.gate.clear()
    tasks = await asking(cache, 3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    fetch.gate.set()
    assert (await cache.get(ONE)).startswith("token-")


async def test_a_token_that_github_refused_is_forgotten_but_not_a_newer_one(cache: TokenCache, fetch: Fetch) -> None:
    cache.forget(ONE, "token-0")
    assert await cache.get(ONE) == "token-1"
    cache.forget(ONE, "token-1")
    assert await cache.get(ONE) == "token-2"
    cache.forget(ONE, "token-1")
    assert await cache.get(ONE) == "token-2"


async def test_a_token_that_is_nearly_over_when_it_comes_is_used_and_not_kept(clock: StageClock) -> None:
    ends: list[datetime] = []

    async def fetch(installation: InstallationId) -> Token:
        ends.append(clock() + timedelta(seconds=30))
        return Token(Secret(f"token-{len(ends)}"), ends[-1])

    cache = TokenCache(fetch, clock)
    assert [await cache.get(ONE), await cache.get(ONE)] == ["token-1", "token-2"]


async def test_a_token_does_not_show_itself() -> None:
    assert "ghs_" not in repr(Token(Secret("ghs_secret"), BEGIN))
