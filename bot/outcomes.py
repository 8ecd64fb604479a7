"""What a failed call to GitHub means for a look."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.engine import Failed, Finished, Lost, Outcome, Postponed
from bot.github.errors import Bug, CallFailed, Drop, NeedsPermission, RetryAt

_AGAIN: Final = timedelta(minutes=10)
_DAILY: Final = timedelta(days=1)


def not_given_up(failed: CallFailed, now: datetime, *, otherwise: timedelta = _DAILY) -> Postponed | Finished:
    """The same for what is looked at again and again for a whole organisation: nobody would notice that nobody looks
    any more. `otherwise`: after how long, where trying again soon would be of no use."""
    match after(failed, 0):
        case Postponed() as later:
            return later
        case Failed(why, at):
            return Postponed(at or now + _AGAIN, why)
        case other:
            return Finished(now + otherwise, other.why)


def after(failed: CallFailed, attempts: int) -> Outcome:
    """`attempts`: how many looks have failed before."""
    match failed.failure:
        case Drop(why):
            return Finished(why=why)
        case RetryAt(why, when, _, slow_down, patience):
            if slow_down and when is not None:
                return Postponed(when, why)
            if patience is not None and attempts + 1 >= patience:
                return Finished(why=why)
            return Failed(why, when)
        case NeedsPermission(why):
            return Lost(f"the app lacks a permission: {why}")
        case Bug(why):
            return Lost(why)
        case _:
            assert_never(failed.failure)
