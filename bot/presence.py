"""Words for how present somebody is: what they did month by month, and what tells that they may like to be asked.

An *active day* is one (in UTC) on which somebody did anything that counts, however much: two hundred labels on one day
are one. All of this is private: it is told to admins and, in part, to the person, and never in public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, NewType

from bot.checkins import Because
from bot.model import Doing
from bot.team import Sign

Month = NewType("Month", int)  # months since the year 0, so that they can be counted

PAST: Final = 36  # whole months of anybody's past that are looked at


def month_of(at: date) -> Month:
    """Of a day, or of an instant (aware UTC)."""
    return Month(at.year * 12 + at.month - 1)


def month_begins(month: Month) -> datetime:
    """Aware UTC."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What is known of somebody on the team.

    `since`: from when on they are known to be on it (None: longer than anybody remembers). `known_from`: from when on
    anything is known of the organisation (None: from its beginning). `first`, `last`: of all that is known of them, in
    the months that are looked at; `last` perhaps from before. `months`: active days of each month, of all kinds
    together and with signs; months without any are left out. `doings`: the same for each kind. `signs`: the newest of
    each kind. Times are aware UTC.
    """

    since: datetime | None = None
    known_from: datetime | None = None
    first: datetime | None = None
    last: datetime | None = None
    months: Mapping[Month, int] = field(default_factory=dict)
    doings: Mapping[Doing, Mapping[Month, int]] = field(default_factory=dict)
    signs: Mapping[Sign, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was said between them and the bot so far, and what they wish. `never`: they, or the settings, say that they
    are not to be asked. `is_open`: they were asked at `asked_at`, and there is no answer yet. `answered_at`: when they
    answered last, or came back: what they did before is no measure for them any more. `again_at`: until then they are
    not to be asked again. `stepped_back`: from everything, and they are not back."""

    never: bool = False
    opted_out: bool = False
    away: bool = False
    stepped_back: bool = False
    asked_at: datetime | None = None
    is_open: bool = False
    answered_at: datetime | None = None
    again_at: datetime | None = None
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What tells that somebody may like to be asked. `last`: when anything was heard of them (None: never). `before`
    and `after`: active days a month, on average, in the `months_before` months before `from_month` and the
    `months_after` from it on."""

    because: Because
    last: datetime | None
    from_month: Month
    before: float
    months_before: int
    after: float
    months_after: int
