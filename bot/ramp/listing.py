"""What the list of the ramp says: the medium issues that are ready and that nobody has taken, by area."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from bot import words
from bot.pathway import Opening
from bot.policy import Policy
from bot.policytypes import Mode

_MOST: Final = 200  # issues; GitHub takes 65,536 characters


def listing(openings: Sequence[Opening], policy: Policy, *, organisation: str) -> tuple[str, str]:
    """Title and body. `openings` are those that are shown, in their order. Raises WordsError."""
    by_area: defaultdict[str, list[Opening]] = defaultdict(list)
    order = [area.name for area in policy.areas]
    for opening in openings[:_MOST]:
        by_area[next((name for name in order if name in opening.areas), "")].append(opening)
    areas: list[words.Shown] = [
        {"name": name or None, "issues": [opening.name for opening in by_area[name]]}
        for name in [*order, ""]
        if by_area.get(name)
    ]
    values: dict[str, words.Shown] = {
        "organisation": organisation,
        "areas": areas,
        "more": max(len(openings) - _MOST, 0),
        "claims": policy.mode("claims") is not Mode.OFF,
        "example": policy.areas[0].name if policy.areas else None,
        "offers": policy.mode("offers") is not Mode.OFF,
    }
    title = words.document("ramp-title", policy.language, {"organisation": organisation})
    return title, words.document("ramp", policy.language, values)
