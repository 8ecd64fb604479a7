"""What the guide of a cohort says to everybody who would like to take part."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import words
from bot.cohorts import Cohort, Program, Task
from bot.model import Level
from bot.policy import Policy

_MOST: Final = 100  # tasks
_TOLD_BY_PROGRAM: Final = (Program.OUTREACHY, Program.GSOC)


def guide(
    cohort: Cohort, tasks: Sequence[Task], policy: Policy, now: datetime, *, organisation: str
) -> tuple[str, str]:
    """Title and body. `tasks`: those that may be told of there. Raises WordsError."""
    free = [one for one in tasks if one.left]
    levels: list[words.Shown] = [
        {"level": level.value, "tasks": [{"thread": one.name, "left": one.left} for one in these]}
        for level in Level
        if (these := [one for one in free[:_MOST] if one.level is level])
    ]
    links: list[words.Shown] = [{"name": name, "url": url} for name, url in cohort.links.items()]
    values: dict[str, words.Shown] = {
        "cohort": cohort.name,
        "organisation": organisation,
        "first": f"{cohort.first:%Y-%m-%d}",
        "last": f"{cohort.last:%Y-%m-%d}",
        "over": now >= cohort.ends,
        "channel": cohort.channel,
        "links": links,
        "levels": levels,
        "more": max(len(free) - _MOST, 0),
        "full": len([one for one in tasks if one.is_open]) - len(free),
        "takers": cohort.takers,
        "mentors": list(cohort.mentors),
        "sync": f"{cohort.sync:%Y-%m-%d}",
        "program": cohort.program in _TOLD_BY_PROGRAM,
    }
    title = words.document("cohort-guide-title", policy.language, {"cohort": cohort.name})
    return title, words.document("cohort-guide", policy.language, values)
