"""Time, as something that is passed in: the program asks a `Clock`, and tests hold the hands."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, as aware UTC."""
        ...

    async def until(self, when: datetime, /) -> None:
        """Returns once it is `when`, or at once if it was."""
        ...


class WallClock:
    """The real time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    async def until(self, when: datetime) -> None:
        await asyncio.sleep(max(0.0, (when - self()).total_seconds()))
