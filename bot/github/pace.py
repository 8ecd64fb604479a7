"""When the next write may be made for an installation.

GitHub wants a second between writes, and at most 80 a minute and 500 an hour of those that make content
(docs.github.com: «Best practices for using the REST API», «About secondary rate limits»). Nobody waits here: whoever
comes too early is told when to come back, and its place in the queue is kept.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.model import InstallationId, Subject

SPACING: Final = timedelta(seconds=1)
AN_HOUR: Final = 450  # writes; a little under what GitHub allows, for others who write with this app

_EVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Queue:
    last_write: datetime = _EVER
    free_at: datetime = _EVER  # the first moment that nobody has yet
    held_until: datetime = _EVER
    places: dict[Subject, datetime] = field(default_factory=dict)


class Pace:
    def __init__(self, spacing: timedelta = SPACING) -> None:
        self._spacing = spacing
        self._queues: dict[InstallationId, _Queue] = {}

    def take(self, installation: InstallationId, subject: Subject, now: datetime) -> datetime | None:
        """None: write now. Otherwise when to come back; the place is kept for the subject until it writes or leaves."""
        queue = self._queues.setdefault(installation, _Queue())
        place = queue.places.get(subject)
        if place is None:
            place = queue.places[subject] = max(now, queue.free_at, queue.held_until)
            queue.free_at = place + self._spacing
        earliest = max(place, queue.last_write + self._spacing, queue.held_until)
        if earliest > now:
            return earliest
        del queue.places[subject]
        queue.last_write = now
        queue.free_at = max(queue.free_at, now + self._spacing)
        return None

    def leave(self, subject: Subject) -> None:
        """The subject has nothing to write any more."""
        for queue in self._queues.values():
            if queue.places.pop(subject, None) is not None:
                queue.free_at = max((*queue.places.values(), queue.last_write)) + self._spacing

    def hold(self, installation: InstallationId, until: datetime, now: datetime) -> None:
        """GitHub asked to leave this installation in peace until then."""
        queue = self._queues.setdefault(installation, _Queue())
        queue.held_until = max(queue.held_until, until)
        first = min(queue.places.values(), default=queue.held_until)
        shift = queue.held_until - max(first, now)  # who is late already does not make the others later
        if shift > timedelta():  # all places move together, so that they keep their order and their distance
            queue.places = {subject: place + shift for subject, place in queue.places.items()}
            queue.free_at = max(queue.places.values()) + self._spacing

    def held(self, installation: InstallationId, now: datetime) -> datetime | None:
        """Until when GitHub wants to be left in peace, if that is still to come."""
        queue = self._queues.get(installation)
        return queue.held_until if queue and queue.held_until > now else None
