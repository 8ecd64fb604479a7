"""Every journey is told in several manners: calm, with repeated and shuffled deliveries, and in bad weather.

The stories of a welcome, the arrival and the configuration are told in all of them (`manner`), the main story of each
other capability in one of each sort (`rough`), those around it in calm weather and when all goes wrong at once
(`mixed`): the way of a write is the same for all of them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import Fault
from bot.sandbox.weather import (
    bad_gateway,
    cut_after_write,
    cut_before_write,
    expired_token,
    not_found_first,
    primary_limit,
    secondary_limit,
)
from tests import postgres
from tests.stage import CALM, Manner

_WRITES = ("POST", r"/.*/issues/\d+/comments|/graphql")
_READS = ("GET", r"/search/issues|/orgs/.*|/repos/.*")


def _manner(name: str, *faults: Fault) -> Manner:
    return Manner(name=name, faults=lambda _now: faults)


def _limited(now: datetime) -> list[Fault]:
    return [primary_limit(reset_at=now + timedelta(minutes=2), match=_WRITES)]


MANNERS = [
    CALM,
    Manner(name="every delivery twice", copies=2),
    Manner(name="shuffled", shuffled=1),
    Manner(name="shuffled and thrice", copies=3, shuffled=2),
    _manner("401 expired token", expired_token(match=_WRITES)),
    _manner("403 with Retry-After", secondary_limit(retry_after=30, match=_WRITES)),
    _manner("403 without Retry-After", secondary_limit(retry_after=None, match=_WRITES)),
    _manner("429 with Retry-After", secondary_limit(retry_after=30, status=429, match=_WRITES)),
    _manner("429 without Retry-After", secondary_limit(retry_after=None, status=429, match=_WRITES)),
    Manner(name="403 rate limit used up", faults=_limited),
    _manner("404 at first", not_found_first(match=_WRITES)),
    _manner("502 before the write", bad_gateway(match=_WRITES)),
    _manner("502 after the write", bad_gateway(after=True, match=_WRITES)),
    _manner("503 three times", bad_gateway(status=503, match=_WRITES, times=3)),
    _manner("cut before the write", cut_before_write(match=_WRITES)),
    _manner("cut after the write", cut_after_write(match=_WRITES)),
    _manner("cut after, then 502 on looking", cut_after_write(match=_WRITES), bad_gateway(match=("GET", r"/.*"))),
    _manner("401 on reads", expired_token(match=_READS)),
    _manner("429 on reads", secondary_limit(retry_after=5, status=429, match=_READS)),
    _manner("502 on reads", bad_gateway(match=_READS, times=2)),
    _manner("404 on reads", not_found_first(match=_READS)),
    _manner("cut on reads", cut_before_write(match=_READS)),
]  # fmt: skip


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with postgres.made("sqlite", request.config, tmp_path) as url:
        yield url


@pytest.fixture(params=MANNERS, ids=lambda manner: manner.name.replace(" ", "-"))
def manner(request: pytest.FixtureRequest) -> Manner:
    chosen: Manner = request.param
    return chosen


# One of each sort in one story: each of the first writes meets what comes next, often several in a row.
CHAOS = Manner(
    name="all at once",
    copies=3,
    shuffled=2,
    faults=lambda _now: (
        secondary_limit(retry_after=30, status=429, match=_WRITES),
        expired_token(match=_WRITES),
        not_found_first(match=_WRITES),
        bad_gateway(after=True, match=_WRITES),
        cut_after_write(match=_WRITES),
        secondary_limit(retry_after=5, status=429, match=_READS),
    ),
)

# Where every manner would show the same again: one of each sort.
ROUGH = [
    each
    for each in MANNERS
    if each.name
    in {"calm", "shuffled and thrice", "401 expired token", "429 with Retry-After", "404 at first",
        "502 after the write", "cut after the write"}
]  # fmt: skip


@pytest.fixture(params=ROUGH, ids=lambda manner: manner.name.replace(" ", "-"))
def rough(request: pytest.FixtureRequest) -> Manner:
    chosen: Manner = request.param
    return chosen


@pytest.fixture(params=[CALM, CHAOS], ids=lambda manner: manner.name.replace(" ", "-"))
def mixed(request: pytest.FixtureRequest) -> Manner:
    chosen: Manner = request.param
    return chosen
