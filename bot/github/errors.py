"""Every call that fails becomes one of four values, which say what to do about it.

Sorted by status and headers: GitHub answers its secondary limits with 403 or 429 and sometimes without `Retry-After`
(docs.github.com: «Rate limits for the REST API», «Best practices»).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDARY_WAIT: Final = timedelta(minutes=1)  # GitHub: "wait for at least one minute", where no header says more
_LONGEST_WAIT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Drop:
    """It cannot be done, now or later: the thread is gone or locked, the repository archived, we are blocked."""

    why: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Not now. `when` None: a little later, and longer with each try.

    `unsure`: a write may have happened all the same. `slow_down`: nothing else of this installation should be tried
    before `when` either. `patience`: after so many tries in a row it counts as Drop.
    """

    why: str
    when: datetime | None = None
    unsure: bool = False
    slow_down: bool = False
    patience: int | None = None


@dataclass(frozen=True, slots=True)
class NeedsPermission:
    """The app lacks a permission. Somebody who administers the organisation has to grant it."""

    why: str


@dataclass(frozen=True, slots=True)
class Bug:
    """GitHub understood us and says that what we asked makes no sense."""

    why: str


Failure = Drop | RetryAt | NeedsPermission | Bug


class CallFailed(Exception):
    """A call to GitHub failed; `failure` says what to do about it, `status` is the HTTP status (0: no answer)."""

    def __init__(self, failure: Failure, status: int = 0) -> None:
        super().__init__(f"{failure.why} (HTTP {status})" if status else failure.why)
        self.failure = failure
        self.status = status


def classify(status: int, headers: Mapping[str, str], message: str, now: datetime) -> Failure:
    """What an answer with an error status means. `headers` have lower-case names; `message` is GitHub's own."""
    text = message.lower()
    if status in {403, 429} and (limited := _limited(status, headers, text, now)):
        return limited
    if status == 401:
        return RetryAt(f"GitHub does not accept our credentials: {message}")
    if status == 403:
        return _forbidden(text, message, now)
    if status == 404:
        # What was made a moment ago is not there yet on every one of GitHub's servers.
        return RetryAt("GitHub does not show it to us: it is gone, or we may not see it", patience=3)
    if status == 410:
        return Drop("it is deleted")
    if status == 451:
        return Drop("it is not available for legal reasons")
    if status == 422 and "could not resolve to a node" in text:  # as for 404
        return RetryAt(message, patience=3)
    if status == 422:
        return (
            RetryAt(message, now + _SECONDARY_WAIT) if "too quickly" in text else Drop(f"GitHub refuses it: {message}")
        )
    if status >= 500:
        return RetryAt(f"GitHub is not well (HTTP {status})", unsure=True)
    return Bug(f"HTTP {status}: {message}")


def _limited(status: int, headers: Mapping[str, str], text: str, now: datetime) -> RetryAt | None:
    if when := _retry_after(headers.get("retry-after", ""), now):
        return RetryAt("GitHub asks to wait", when, slow_down=True)
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        when = datetime.fromtimestamp(reset, UTC)
        return RetryAt("the rate limit is used up", _within_reason(when, now), slow_down=True)
    if status == 429 or "rate limit" in text or "abuse" in text:
        return RetryAt("GitHub asks to slow down", now + _SECONDARY_WAIT, slow_down=True)
    return None


def _retry_after(value: str, now: datetime) -> datetime | None:
    """Seconds, or an HTTP date (RFC 9110, 10.2.3)."""
    seconds = _number(value)
    if seconds is not None:
        return _within_reason(now + min(timedelta(seconds=seconds), _LONGEST_WAIT), now)
    try:
        when = parsedate_to_datetime(value)
        return _within_reason(when if when.tzinfo else when.replace(tzinfo=UTC), now)
    except (ValueError, OverflowError):
        return None


def _number(value: str) -> int | None:
    """A whole number, if it is one of seconds that can be reckoned with."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 11 else None


def _within_reason(when: datetime, now: datetime) -> datetime:
    return max(now + timedelta(seconds=1), min(when, now + _LONGEST_WAIT))


def _forbidden(text: str, message: str, now: datetime) -> Failure:
    if "not accessible by integration" in text:
        return NeedsPermission(message)
    if "suspended" in text:
        return RetryAt("the installation is suspended", now + _LONGEST_WAIT, slow_down=True)
    if "archived" in text or "read-only" in text:
        return Drop("the repository is archived")
    if "blocked" in text:  # before "locked", which is in it
        return Drop("the author has blocked us")
    if "locked" in text:
        return Drop("the thread is locked")
    return Drop(f"GitHub forbids it: {message}")
