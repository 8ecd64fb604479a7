"""`/need-help`: which requests count, and until when."""

from datetime import datetime, timedelta
from typing import Final

from bot.model import Request

NAME: Final = "need-help"
# Whoever could not be asked within this time after the wait is not asked any more: the thread has moved on.
COUNTS_FOR: Final = timedelta(days=7)
# For a person somebody is asked at most once in this time, over all threads.
EVERY: Final = timedelta(days=7)


def counts(request: Request, wait: timedelta, now: datetime) -> bool:
    return request.name == NAME and now < request.at + wait + COUNTS_FOR
