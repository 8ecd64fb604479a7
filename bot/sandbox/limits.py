"""Rate limits: how many requests a caller has left in this hour, and how much one may write.

docs.github.com: Rate limits for the REST API. The defaults are GitHub's; a test may set its own.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.sandbox.access import Actor
from bot.sandbox.refusal import RefusedError
from bot.sandbox.shapes.view import Json

Resource = Literal["core", "search", "graphql"]

WINDOW = {"core": timedelta(hours=1), "search": timedelta(minutes=1), "graphql": timedelta(hours=1)}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SUPPORT = "If you reach out to GitHub Support for help, please include the request ID"
SECONDARY = f"You have exceeded a secondary rate limit. Please wait a few minutes before you try again. {SUPPORT}."
DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass
class Budget:
    """What one caller has used of one resource, until it is reset."""

    limit: int
    reset: datetime
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def shape(self) -> Json:
        reset = int(self.reset.timestamp())
        return {"limit": self.limit, "remaining": self.remaining, "reset": reset, "used": min(self.used, self.limit)}

    def headers(self, resource: Resource) -> dict[str, str]:
        shown = {f"X-RateLimit-{name.title()}": str(value) for name, value in self.shape().items()}
        return shown | {"X-RateLimit-Resource": resource}


@dataclass(kw_only=True)
class Limits:
    """Requests an hour (`core`, `graphql`, `anonymous`) or a minute (`search`), per token.

    `writes_a_minute` and `writes_an_hour` are GitHub's secondary limit on requests that create content (80 and 500);
    they are off (None) until set, since a test's clock often stands still.
    """

    core: int = 5000
    search: int = 30
    graphql: int = 5000
    anonymous: int = 60
    writes_a_minute: int | None = None
    writes_an_hour: int | None = None
    _budgets: dict[tuple[str, Resource], Budget] = field(default_factory=dict)
    _writes: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def budget(self, actor: Actor, resource: Resource, *, now: datetime) -> Budget:
        """What this caller has of the resource now. A window begins with the first request in it."""
        key = (self._key(actor), resource)
        budget = self._budgets.get(key)
        if budget is None or now >= budget.reset:
            limit = {"core": self.core, "search": self.search, "graphql": self.graphql}[resource]
            if actor.login is None:
                limit = min(limit, self.anonymous)
            budget = self._budgets[key] = Budget(limit=limit, reset=now + WINDOW[resource])
        return budget

    def spend(self, actor: Actor, resource: Resource, *, now: datetime, points: int = 1) -> Budget:
        """Counts one request, or a query's points. Raises SpentError (403) where less is left."""
        budget = self.budget(actor, resource, now=now)
        if budget.remaining < points:
            raise spent(actor, budget, resource)
        budget.used += points
        return budget

    def refund(self, budget: Budget) -> None:
        """A conditional request that was answered with 304 costs nothing."""
        budget.used -= 1

    def write(self, actor: Actor, *, now: datetime) -> None:
        """Counts one request that creates content. Raises RefusedError (403 with Retry-After) beyond the limit."""
        writes = self._writes[self._key(actor)]
        while writes and now - writes[0] >= HOUR:
            writes.popleft()
        for most, span in ((self.writes_a_minute, MINUTE), (self.writes_an_hour, HOUR)):
            recent = [moment for moment in writes if now - moment < span]
            if most is not None and len(recent) >= most:
                wait = int((recent[0] + span - now).total_seconds()) + 1
                raise RefusedError(403, SECONDARY, docs=DOCS, headers={"Retry-After": str(wait)})
        writes.append(now)

    def _key(self, actor: Actor) -> str:
        if actor.installation is not None:
            return f"installation {actor.installation.id}"
        return actor.login or "nobody"


class SpentError(RefusedError):
    """The primary limit: 403 with nothing remaining, and the time of the reset in the headers."""


def spent(actor: Actor, budget: Budget, resource: Resource) -> SpentError:
    who = f"installation ID {actor.installation.id}" if actor.installation else f"user {actor.login or '127.0.0.1'}"
    message = f"API rate limit exceeded for {who}. {SUPPORT}."
    return SpentError(403, message, docs=DOCS, headers=budget.headers(resource))
