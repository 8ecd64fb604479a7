"""How much may be asked of a person's attention: the one place that knows, over all rules and repositories.

The settings `limits` say how often somebody is mentioned at most. Everybody can lower that for themselves, tell when
not to be mentioned, and that they are away for a while (`preferences.py`). The answers here are yes or no, and never
why: that somebody is away, or has had enough, is told to nobody.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from bot.memory import ledger, preferences, rows, schema
from bot.memory.preferences import Preferences
from bot.model import OwnerId, PersonId
from bot.policy import Limits
from bot.quiethours import QuietHours


def free(connection: Connection, owner_id: OwnerId, person_id: PersonId, limits: Limits, now: datetime) -> bool:
    """Whether somebody may be mentioned now."""
    theirs = preferences.of(connection, owner_id, person_id)
    if _is_away(theirs, now) or _left_alone(connection, owner_id, person_id):
        return False
    quiet = _quiet_hours(theirs, limits)
    return not (quiet and quiet.has(now)) and _has_some_left(connection, person_id, theirs, limits, now)


def away(connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime) -> bool:
    """Whether nobody should be sent to them."""
    return _is_away(preferences.of(connection, owner_id, person_id), now)


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


def _left_alone(connection: Connection, owner_id: OwnerId, person_id: PersonId) -> bool:
    row = rows.get(connection, schema.optouts, owner_id=owner_id, person_id=person_id)
    return row is not None and row["opted_out"]


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


def _has_some_left(
    connection: Connection, person_id: PersonId, theirs: Preferences, limits: Limits, now: datetime
) -> bool:
    """They can lower the limits, and not raise them."""
    a_day, a_week = _lower(theirs.a_day, limits.mentions_a_day), _lower(theirs.a_week, limits.mentions_a_week)
    day = ledger.mentions_since(connection, person_id, now - timedelta(days=1))
    week = ledger.mentions_since(connection, person_id, now - timedelta(days=7))
    return day < a_day and week < a_week


def _lower(own: int | None, setting: int) -> int:
    return setting if own is None else min(own, setting)
