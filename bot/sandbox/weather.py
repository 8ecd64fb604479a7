"""Bad weather: the ways in which calling GitHub goes wrong, for tests and for `play`.

A `Fault` says which requests it meets, how often, and what happens to them: before the effect (nothing was done), after
it (it was done, but the caller does not learn so), or that the connection is cut instead of an answer. The ready-made
ones answer with GitHub's own words (docs.github.com: Rate limits; Troubleshooting the REST API).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.sandbox import refusal
from bot.sandbox.limits import DOCS, SECONDARY, SUPPORT

ANY = ("*", r".*")
WRITES = ("POST|PATCH|PUT|DELETE", r"/(repos|repositories)/.*|/graphql")
COMMENTS = ("POST", r"/.*/issues/\d+/comments")

Match = tuple[str, str]  # the method (a pattern; * for all) and a pattern that the whole path must fit
When = Literal["before", "after"]

UNICORN = (
    "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body>"
    "<p><strong>We had issues producing the response to your request.</strong></p></body></html>\n"
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What befalls the next `times` requests that match. With neither `status` nor `cut` there is only the delay.

    `body` is JSON, or the text of a page. `delay` is in seconds and is really waited, so keep it small.
    """

    match: Match = ANY
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | str = field(default_factory=dict)
    when: When = "before"
    cut: bool = False
    delay: float = 0
    times: int = 1
    name: str = ""

    def meets(self, method: str, path: str) -> bool:
        wanted_method, wanted_path = self.match
        fits = wanted_method == "*" or re.fullmatch(wanted_method, method) is not None
        return fits and re.fullmatch(wanted_path, path) is not None


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A request that met a fault."""

    fault: Fault
    method: str
    path: str


class Weather:
    """The faults to come, first come first served, and what they did (`happened`)."""

    def __init__(self, *faults: Fault) -> None:
        self.happened: list[Happened] = []
        self._coming: list[tuple[Fault, int]] = []
        self.next(*faults)

    def next(self, *faults: Fault) -> None:
        """Adds faults behind those that are waiting."""
        self._coming += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Blue sky: forgets what is still to come."""
        self._coming = []

    @property
    def waiting(self) -> int:
        """How many requests are still to be met."""
        return sum(left for _, left in self._coming)

    def meet(self, method: str, path: str) -> Fault | None:
        """The fault that this request runs into, if any; one fewer is to come then."""
        for index, (fault, left) in enumerate(self._coming):
            if fault.meets(method, path):
                self._coming[index : index + 1] = [(fault, left - 1)] if left > 1 else []
                self.happened.append(Happened(fault=fault, method=method, path=path))
                return fault
        return None


def _refused(name: str, error: refusal.RefusedError, *, match: Match, times: int) -> Fault:
    return Fault(name=name, match=match, times=times, status=error.status, headers=error.headers, body=error.body())


def expired_token(*, match: Match = ANY, times: int = 1) -> Fault:
    """401: the token has run out before its time (GitHub's clock is not ours)."""
    return _refused("expired token", refusal.bad_credentials(), match=match, times=times)


def secondary_limit(
    *, retry_after: int | None = 60, status: Literal[403, 429] = 403, match: Match = WRITES, times: int = 1
) -> Fault:
    """403 or 429: too much at once. `retry_after` is in seconds; GitHub does not always say it."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    error = refusal.RefusedError(status, SECONDARY, docs=DOCS, headers=headers)
    return _refused("secondary limit", error, match=match, times=times)


def primary_limit(*, reset_at: datetime, match: Match = ANY, times: int = 1) -> Fault:
    """403: the hour's requests are used up until `reset_at`."""
    headers = {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Used": "5000",
        "X-RateLimit-Reset": str(int(reset_at.timestamp())),
        "X-RateLimit-Resource": "core",
    }
    error = refusal.RefusedError(
        403, f"API rate limit exceeded for installation. {SUPPORT}.", docs=DOCS, headers=headers
    )
    return _refused("primary limit", error, match=match, times=times)


def not_found_first(*, match: Match = WRITES, times: int = 1) -> Fault:
    """404: the webhook came before GitHub's own replicas knew of the thing."""
    return _refused("not found at first", refusal.not_found(), match=match, times=times)


def gone(*, match: Match = COMMENTS, times: int = 1) -> Fault:
    """410: deleted meanwhile."""
    return _refused("gone", refusal.gone(), match=match, times=times)


def locked(*, match: Match = COMMENTS, times: int = 1) -> Fault:
    """403: locked meanwhile."""
    return _refused("locked", refusal.locked(), match=match, times=times)


def unprocessable(*, match: Match = COMMENTS, times: int = 1) -> Fault:
    """422: the person has blocked the bot."""
    return _refused("unprocessable", refusal.blocked("IssueComment"), match=match, times=times)


def bad_gateway(
    *, after: bool = False, status: Literal[500, 502, 503, 504] = 502, match: Match = ANY, times: int = 1
) -> Fault:
    """502 with GitHub's page in place of JSON; with `after`, what was asked for has been done all the same."""
    headers = {"Content-Type": "text/html; charset=utf-8"}
    when: When = "after" if after else "before"
    return Fault(name="bad gateway", match=match, times=times, status=status, headers=headers, body=UNICORN, when=when)


def cut_before_write(*, match: Match = WRITES, times: int = 1) -> Fault:
    """The connection breaks, and nothing was done."""
    return Fault(name="cut before", match=match, times=times, cut=True)


def cut_after_write(*, match: Match = WRITES, times: int = 1) -> Fault:
    """The connection breaks when it was done already: the caller cannot know."""
    return Fault(name="cut after", match=match, times=times, cut=True, when="after")


def slow(*, seconds: float, match: Match = ANY, times: int = 1) -> Fault:
    """The answer comes late; with a timeout below `seconds` the caller never sees it, though it was done."""
    return Fault(name="slow", match=match, times=times, delay=seconds, when="after")
