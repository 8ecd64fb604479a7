"""Whether somebody of the team may like to be asked how they are: after silence, or after a lasting decline.

Silence is simple: nothing for so many days. A decline is a change-point in somebody's active days a month, against
their own past of at most three years. For each month in which it could have begun, the months before and since are
compared by the likelihood ratio of two Poisson rates against one (Chen and Gupta, *Parametric Statistical Change Point
Analysis*, 2nd edition, 2012):

    G = 2 (B ln(b / r) + A ln(a / r))    B, A: days in all; b, a, r: days a month before, since, and over both

People work in waves, so months scatter more than Poisson's law has it, and G is divided by how much more: Pearson's
statistic by its degrees of freedom (McCullagh and Nelder, *Generalized Linear Models*, 1989), of the months before and
of their quarters, at least 1. The months since have no part in it, so that doing something never makes a question
likelier. Since the month is searched for, G has to exceed what the *largest* of all exceeds in one case of a hundred:
12.16 (Andrews, *Econometrica* 61 (1993) 821 and 71 (2003) 395; one parameter, 15 % left out at each end).

That a rate has fallen for sure is not enough to ask. It also has to be

- lasting: as many whole months as silence would take, and four at least;
- large: no more than a quarter of the *median* month before, which a busy release does not lift, and of the same months
  of earlier years, so that nobody is asked about their summers;
- low: at most one active day a month. Whoever did twenty and does six is around, as everybody can see;
- and not over: nothing in the last 30 days, and nobody's word for them, or a meeting, for as long as silence takes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from math import log
from statistics import mean, median
from typing import Final

from bot.checkins import Because
from bot.presence import PAST, Asked, Month, Presence, Signal, month_begins, month_of
from bot.teampolicy import CheckIns

USUAL: Final = 6  # months before, at least
LASTING: Final = 4  # months since, at least
SMALL: Final = 0.25  # of what was usual
LOW: Final = 1.0  # active days a month
SURE: Final = 12.16
FRESH: Final = timedelta(days=30)

_YEAR: Final = 12
_QUARTER: Final = 3
_MONTH: Final = timedelta(days=30)


def signal(presence: Presence, asked: Asked, settings: CheckIns, now: datetime) -> Signal | None:
    """What tells that somebody is to be asked now; None: they are not."""
    return None if left_alone(presence, asked, settings, now) else noticed(presence, asked, settings, now)


def left_alone(presence: Presence, asked: Asked, settings: CheckIns, now: datetime) -> str | None:
    """Why somebody is not asked, whatever they do; None: there is no reason. What they wish is theirs: of that no more
    is told."""
    if asked.never or asked.opted_out or asked.away:
        return "nothing is to be asked of them now"
    if asked.stepped_back:
        return "they stepped back"
    if asked.is_open:
        return "they were asked, and have not answered yet"
    if asked.again_at is not None and asked.again_at > now:
        return f"they are not asked again before {asked.again_at:%Y-%m-%d}"
    if asked.asked_at is not None and asked.asked_at + settings.again > now:
        return f"they were asked on {asked.asked_at:%Y-%m-%d}"
    since = presence.since or presence.first
    if since is not None and since + settings.joined > now:
        return f"they are there since {since:%Y-%m-%d} only"
    return None


def next_at(presence: Presence, asked: Asked, settings: CheckIns) -> datetime | None:
    """When silence would ask them next, if nothing more were heard of them; None: that cannot be told."""
    if asked.never or asked.opted_out or asked.away or asked.stepped_back or asked.is_open:
        return None
    heard, since = _heard(presence, asked), presence.since or presence.first
    times = [
        heard and heard + settings.silence,
        since and since + settings.joined,
        asked.asked_at and asked.asked_at + settings.again,
        asked.again_at,
    ]
    return max(filter(None, times), default=None)


def noticed(presence: Presence, asked: Asked, settings: CheckIns, now: datetime) -> Signal | None:
    """What their doings alone tell. An answer counts as having been there, and a decline is measured from then on. Who
    had said that they would be away was not silent until that was over."""
    heard = _heard(presence, asked)
    if heard is None or heard + settings.silence <= now:
        return _silence(presence, heard, now)
    if not settings.decline or heard + FRESH > now:
        return None
    if any(at + settings.silence > now for at in presence.signs.values()):
        return None
    return _decline(presence, asked.answered_at, lasting(settings.silence), month_of(now))


def reason(signal: Signal) -> str:
    """One line for admins: what tells it, in numbers."""
    if signal.because is Because.DECLINE:
        return (
            f"{signal.after:.1f} active days a month since {_shown(signal.from_month)} ({signal.months_after} months), "
            f"{signal.before:.1f} in the {signal.months_before} months before"
        )
    if signal.last is None:
        return "nothing is known of them"
    return f"nothing since {signal.last:%Y-%m-%d}, {signal.before:.1f} active days a month in the year before"


def _shown(month: Month) -> str:
    return f"{month_begins(month):%Y-%m}"


def lasting(silence: timedelta) -> int:
    """For how many whole months somebody has to do less, where silence takes this long."""
    return max(LASTING, round(silence / _MONTH))


def _heard(presence: Presence, asked: Asked) -> datetime | None:
    times = (presence.last, presence.since, presence.known_from, asked.answered_at, asked.back_at)
    return max(filter(None, times), default=None)


def _silence(presence: Presence, heard: datetime | None, now: datetime) -> Signal:
    """Before is the year up to the month in which something was heard of them."""
    this = month_of(now)
    begun = Month(min(month_of(heard) + 1, this)) if heard is not None else this
    before = [presence.months.get(Month(month), 0) for month in range(begun - _YEAR, begun)]
    return Signal(
        because=Because.SILENCE, last=presence.last, from_month=begun,
        before=mean(before), months_before=_YEAR, after=0.0, months_after=this - begun,
    )  # fmt: skip


def _decline(presence: Presence, answered_at: datetime | None, at_least: int, this: Month) -> Signal | None:
    """Of whole months: this one is not judged. The first ones, of which a part is known, are not either."""
    known = [at for at in (presence.first, presence.known_from, answered_at) if at is not None]
    first = Month(max([this - PAST, *(month_of(at) + 1 for at in known)]))
    days = [presence.months.get(Month(month), 0) for month in range(first, this)]
    found = max(_falls(days, at_least), default=None)
    if found is None:
        return None
    split = found[1]
    before, after = days[:split], days[split:]
    return Signal(
        because=Because.DECLINE, last=presence.last, from_month=Month(first + split),
        before=mean(before), months_before=len(before), after=mean(after), months_after=len(after),
    )  # fmt: skip


def _falls(days: Sequence[int], at_least: int) -> Iterator[tuple[float, int]]:
    """How sure each fall is that is large and low enough, and the index of its first month. `days`: of each month,
    oldest first."""
    until = [0, *accumulate(days)]
    for split in range(USUAL, len(days) - at_least + 1):
        months = len(days) - split
        after = until[-1] - until[split]
        if after > LOW * months:
            continue
        before = days[:split]
        if after > SMALL * median(before) * months or not _is_low_for_the_season(days, split):
            continue
        sure = likelihood_ratio(until[split], split, after, months) / dispersion(before)
        if sure > SURE:
            yield sure, split


def _is_low_for_the_season(days: Sequence[int], split: int) -> bool:
    """Whether the months from the split on are low beside the same months of the years before it. Months that were not
    seen before it say nothing."""
    same = ((days[month], days[month % _YEAR : split : _YEAR]) for month in range(split, len(days)))
    seen = [(now, mean(then)) for now, then in same if then]
    usual = sum(then for _, then in seen)
    return not seen or (usual > 0 and sum(now for now, _ in seen) <= SMALL * usual)


def likelihood_ratio(before: int, months_before: int, after: int, months_after: int) -> float:
    """G of two rates against one, where the rate fell; 0 where it did not."""
    both = (before + after) / (months_before + months_after)
    if after / months_after >= both:
        return 0.0
    return 2 * sum(
        days * log(days / months / both) for days, months in ((before, months_before), (after, months_after)) if days
    )


def dispersion(days: Sequence[int]) -> float:
    """How many times more months scatter than Poisson's law has it, or their quarters, if they come in waves; 1 at
    least."""
    whole = len(days) // _QUARTER * _QUARTER
    recent = days[len(days) - whole :]
    quarters = [sum(recent[at : at + _QUARTER]) for at in range(0, whole, _QUARTER)]
    return max(1.0, _scatter(days), _scatter(quarters))


def _scatter(days: Sequence[int]) -> float:
    """Pearson's statistic for each degree of freedom, where there are three at least."""
    usual = mean(days)
    if len(days) <= _QUARTER or usual == 0:
        return 0.0
    return sum((one - usual) ** 2 for one in days) / usual / (len(days) - 1)
