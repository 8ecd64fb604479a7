"""How much may be asked of a person's attention: the one place that knows, over all rules and repositories.

The settings `limits` say how often somebody is mentioned at most. Everybody can lower that for themselves, tell when
not to be mentioned, that they are away for a while (`preferences.py`), and that they step back (`leaves.py`). The
answers here are yes or no, and never why: that somebody is away, or has had enough, is told to nobody.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, bindparam, select

from bot.memory import leaves, ledger, preferences, schema
from bot.memory.preferences import Preferences
from bot.model import OwnerId, PersonId, ThreadRef
from bot.policy import Limits
from bot.quiethours import QuietHours

NEVER: Final = datetime.max.replace(tzinfo=UTC)  # they did not say until when

_ALONE: Final = (
    select(schema.optouts.c.person_id)
    .where(schema.optouts.c.owner_id == bindparam("owner_id"), schema.optouts.c.opted_out)
    .where(schema.optouts.c.person_id.in_(bindparam("ids", expanding=True)))
)


def free(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, limits: Limits, now: datetime,
    about: ThreadRef | None = None,
) -> bool:  # fmt: skip
    """Whether somebody may be mentioned now. `about`: what they would be asked about (None: nothing of one thread)."""
    return person_id in free_of(connection, owner_id, [person_id], limits, now, about)


def free_of(
    connection: Connection, owner_id: OwnerId, ids: Collection[PersonId], limits: Limits, now: datetime,
    about: ThreadRef | None = None,
) -> frozenset[PersonId]:  # fmt: skip
    """Who of these may be mentioned now."""
    told = preferences.of_all(connection, owner_id, ids)
    gone = _gone(connection, owner_id, ids, now, about)
    there = [
        id_
        for id_, theirs in told.items()
        if not (_is_away(theirs, now) or id_ in gone or _is_quiet(theirs, limits, now))
    ]
    alone = _left_alone(connection, owner_id, there)
    day = ledger.mentions_of(connection, there, now - timedelta(days=1))
    week = ledger.mentions_of(connection, there, now - timedelta(days=7))
    return frozenset(
        id_
        for id_ in there
        if id_ not in alone
        and day[id_] < _lower(told[id_].a_day, limits.mentions_a_day)
        and week[id_] < _lower(told[id_].a_week, limits.mentions_a_week)
    )


def away(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime, about: ThreadRef | None = None
) -> bool:
    """Whether nobody should be sent to them, with something about that thread: they are away, or stepped back."""
    return away_until(connection, owner_id, person_id, now, about) is not None


def away_until(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime, about: ThreadRef | None = None
) -> datetime | None:
    """Until when that is so. None: it is not."""
    theirs = preferences.of(connection, owner_id, person_id)
    gone = _gone(connection, owner_id, [person_id], now, about)
    ends = [gone[person_id]] if person_id in gone else []
    return max([*ends, *([theirs.away_until] if theirs.away_until and _is_away(theirs, now) else [])], default=None)


def _gone(
    connection: Connection, owner_id: OwnerId, ids: Collection[PersonId], now: datetime, about: ThreadRef | None
) -> dict[PersonId, datetime]:
    """Who of these stepped back, from all or from the repository that it is about, and until when. In their own private
    issue, where they are told what is prepared for them, that is no reason not to mention them."""
    found = leaves.of_people(connection, owner_id, ids, now)
    if not found:
        return {}
    name = _name(connection, about)
    ends = {
        id_: [one.until or NEVER for one in theirs if one.is_from(name) and (about is None or one.place != about)]
        for id_, theirs in found.items()
    }
    return {id_: max(theirs) for id_, theirs in ends.items() if theirs}


def _name(connection: Connection, about: ThreadRef | None) -> str:
    if about is None:
        return ""
    return str(connection.scalar(select(schema.repos.c.name).where(schema.repos.c.id == about.repo_id)) or "")


def free_from(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, limits: Limits, now: datetime
) -> datetime | None:
    """When their night or weekend is over, if they may be mentioned then. None: it is neither for them, or waiting for
    its end is no use."""
    quiet = _quiet_hours(preferences.of(connection, owner_id, person_id), limits)
    if quiet is None or not quiet.has(now):
        return None
    end = quiet.end(now)
    return end if free(connection, owner_id, person_id, limits, end) else None


def _is_away(theirs: Preferences, now: datetime) -> bool:
    return theirs.away_until is not None and now < theirs.away_until


def _left_alone(connection: Connection, owner_id: OwnerId, ids: Collection[PersonId]) -> set[int]:
    return {*connection.scalars(_ALONE, {"owner_id": owner_id, "ids": [*ids]})} if ids else set()


def _is_quiet(theirs: Preferences, limits: Limits, now: datetime) -> bool:
    quiet = _quiet_hours(theirs, limits)
    return quiet is not None and quiet.has(now)


def _quiet_hours(theirs: Preferences, limits: Limits) -> QuietHours | None:
    """Nothing is guessed about who did not tell their time zone."""
    if theirs.zone is None:
        return None
    try:
        zone = ZoneInfo(theirs.zone)
    except ZoneInfoNotFoundError:  # it was known where they told it; this machine has older tables
        return None
    begins, ends = theirs.quiet_from or limits.quiet_from, theirs.quiet_to or limits.quiet_to
    return QuietHours(zone, begins, ends)


def _lower(own: int | None, setting: int) -> int:
    """They can lower the limits, and not raise them."""
    return setting if own is None else min(own, setting)
