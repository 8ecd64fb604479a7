"""What an answer with an error status means, by its status, headers and GitHub's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.errors import Bug, CallFailed, Drop, Failure, NeedsPermission, RetryAt, classify
from bot.sandbox import refusal
from bot.sandbox.limits import SECONDARY
from tests.stage import BEGIN as NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RESET: Final = str(int((NOW + MINUTE * 20).timestamp()))
SPENT: Final = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}
LEFT: Final = {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": RESET}
INTEGRATION: Final = "Resource not accessible by integration"


@dataclass(frozen=True)
class Case:
    """An answer, and what it means: when to come back, with `slow_down`; or a kind of failure and a word of its why."""

    id: str
    status: int
    message: str = "no explanation"
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: type[Failure] = RetryAt
    word: str = ""
    wait: timedelta | None = None
    slow_down: bool = False
    unsure: bool = False
    patience: int | None = None


def limited(id_: str, status: int, wait: timedelta, message: str = SECONDARY, **headers: str) -> Case:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Case(id_, status, message, names, wait=wait, slow_down=True)


CASES = [
    Case("401", 401, "Bad credentials", word="Bad credentials"),
    limited("403 secondary", 403, MINUTE),
    limited("403 secondary, with the seconds", 403, timedelta(seconds=30), retry_after="30"),
    limited("403 secondary, with a date", 403, MINUTE * 5, retry_after=format_datetime(NOW + MINUTE * 5, usegmt=True)),
    limited("403 secondary, with a date in the past", 403, timedelta(seconds=1),
            retry_after=format_datetime(NOW - HOUR, usegmt=True)),
    limited("403 secondary, with a date beyond all reason", 403, HOUR, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
    limited("403 secondary, with a date before all dates", 403, timedelta(seconds=1),
            retry_after="Mon, 01 Jan 0001 00:00:00 +1400"),
    limited("403 secondary, while some are left", 403, MINUTE, **{k.replace("-", "_"): v for k, v in LEFT.items()}),
    limited("403 in the words of old", 403, MINUTE, "You have triggered an abuse detection mechanism."),
    Case("403 nothing remaining", 403, "API rate limit exceeded for installation.", SPENT,
         wait=MINUTE * 20, slow_down=True),
    Case("429 nothing remaining", 429, "API rate limit exceeded", SPENT, wait=MINUTE * 20, slow_down=True),
    limited("429 secondary", 429, MINUTE),
    limited("429 in a page", 429, MINUTE, "no explanation"),
    limited("429 with the seconds", 429, timedelta(seconds=5), retry_after="5"),
    limited("no wait is longer than an hour", 429, HOUR, retry_after="86400"),
    limited("no wait is shorter than a second", 429, timedelta(seconds=1), retry_after="0"),
    Case("a reset in the past", 403, "rate limit", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000"},
         wait=timedelta(seconds=1), slow_down=True),
    Case("403 no permission", 403, INTEGRATION, kind=NeedsPermission, word=INTEGRATION),
    Case("403 no permission, with counters", 403, INTEGRATION, LEFT, kind=NeedsPermission, word=INTEGRATION),
    Case("403 archived", 403, refusal.archived().message, kind=Drop, word="archived"),
    Case("403 locked", 403, refusal.locked().message, kind=Drop, word="locked"),
    limited("403 suspended", 403, HOUR, "This installation has been suspended"),
    Case("403 blocked", 403, "User is blocked", kind=Drop, word="blocked us"),
    Case("403 for reasons of its own", 403, "Not today", kind=Drop, word="Not today"),
    Case("404", 404, "Not Found", patience=3, word="gone"),
    Case("410", 410, "This issue was deleted", kind=Drop, word="deleted"),
    Case("451", 451, "Repository access blocked", kind=Drop, word="legal"),
    Case("422 invalid", 422, "Validation Failed", kind=Drop, word="Validation Failed"),
    Case("422 too quickly", 422, "Validation Failed: was submitted too quickly", wait=MINUTE, word="too quickly"),
    Case("500", 500, unsure=True, word="500"),
    Case("502 in a page", 502, unsure=True, word="502"),
    Case("503", 503, unsure=True, word="503"),
    Case("504", 504, unsure=True, word="504"),
    Case("400", 400, "Problems parsing JSON", kind=Bug, word="Problems parsing JSON"),
    Case("405", 405, "Method not allowed", kind=Bug, word="405"),
    Case("415", 415, "Unsupported", kind=Bug, word="415"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_answer_means(case: Case) -> None:
    failure = classify(case.status, case.headers, case.message, NOW)
    assert isinstance(failure, case.kind)
    assert case.word in failure.why
    if isinstance(failure, RetryAt):
        wait = None if failure.when is None else failure.when - NOW
        shown = (wait, failure.slow_down, failure.unsure, failure.patience)
        assert shown == (case.wait, case.slow_down, case.unsure, case.patience)


ABSURD = ["", " ", "-5", "soon", "²", "٣", "1e3", "NaN", "9" * 30, "9" * 5000, "Mon, 99 Foo 2026 99:99:99 GMT",
          "1 Jan 2026 00:00:00 +9999", "\0", "None"]  # fmt: skip


@pytest.mark.parametrize("value", ABSURD, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", ["retry-after", "x-ratelimit-reset"])
def test_absurd_headers_are_as_good_as_none(name: str, value: str) -> None:
    others = {"x-ratelimit-remaining": "0"}
    assert classify(403, {**others, name: value}, SECONDARY, NOW) == classify(403, others, SECONDARY, NOW)


headers = st.dictionaries(
    st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "x-github-request-id"]),
    st.text(max_size=40)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.datetimes(timezones=st.just(UTC)).map(lambda at: format_datetime(at, usegmt=True)),
)


@given(st.integers(100, 999), headers, st.text() | st.sampled_from([SECONDARY, INTEGRATION]))
def test_whatever_comes_it_means_something_and_no_wait_is_out_of_reason(
    status: int, names: dict[str, str], message: str
) -> None:
    sane(classify(status, names, message, NOW))


def sane(failure: Failure) -> None:
    if isinstance(failure, RetryAt) and failure.when is not None:
        assert timedelta(seconds=1) <= failure.when - NOW <= HOUR
    assert not (isinstance(failure, RetryAt) and failure.slow_down and failure.when is None)


def test_what_failed_says_so_in_words() -> None:
    assert str(CallFailed(Drop("it is deleted"), 410)) == "it is deleted (HTTP 410)"
    assert str(CallFailed(RetryAt("GitHub cannot be reached"))) == "GitHub cannot be reached"
