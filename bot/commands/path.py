"""`/path`: where somebody stands on the skills map, and what the next plateau is, from what they have done.

It is for the person who asked, and for nobody to compare: no counts, no rank, nothing about how long ago. Of the areas
that they touched it tells the three that they touched last; who has done nothing yet is shown where to begin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from bot.effects import Value
from bot.model import Doing, PersonLook, Tally
from bot.skills import Area, Plateau, Reached, SkillsMap

NAME: Final = "path"
TEMPLATE: Final = "answer-path"
_TOLD: Final = 3  # areas
_TO_BEGIN: Final = 2  # areas
_NEXT: Final = dict(pairwise(Plateau))
_DOINGS: Final = {
    "reviews": (Doing.REVIEW,),
    "comments": (Doing.COMMENT,),
    "issues": (Doing.ISSUE, Doing.DISCUSSION),
    "triage": (Doing.TRIAGE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where somebody stands in an area. `plateau` None: they have not been there yet. `next` None: there is none above,
    and `what_next` tells what there is to do on the last one."""

    area: str
    plateau: Plateau | None
    next: Plateau | None
    what_next: str
    links: Mapping[str, str]


def stands(done: PersonLook, skills: SkillsMap) -> tuple[Stand, ...]:
    """`done` is told apart by the areas of the map: `person_look` is given `skills.over(policy)`."""
    touched = [(_last(done.in_areas[area.name]), area) for area in skills.areas if done.in_areas.get(area.name)]
    if not touched:
        return tuple(_stand(area, None) for area in skills.areas[:_TO_BEGIN])
    touched.sort(key=lambda one: one[0], reverse=True)
    return tuple(_stand(area, _reached(done, area, skills)) for _, area in touched[:_TOLD])


def values(found: Sequence[Stand], skills: SkillsMap) -> dict[str, Value]:
    """What the template `answer-path` is given, besides `author`."""
    return {
        "begun": any(stand.plateau is not None for stand in found),
        "map": skills.url,
        "stands": {
            str(number): {
                "area": stand.area,
                "plateau": stand.plateau and stand.plateau.value,
                "next": stand.next and stand.next.value,
                "what_next": stand.what_next,
                "links": {
                    str(place): {"name": name, "url": url} for place, (name, url) in enumerate(stand.links.items())
                },
            }
            for number, stand in enumerate(found)
        },
    }


def _stand(area: Area, plateau: Plateau | None) -> Stand:
    above = Plateau.NOVICE if plateau is None else _NEXT.get(plateau)
    stage = area.stage(above or Plateau.MASTERY)
    return Stand(area=area.name, plateau=plateau, next=above, what_next=stage.do, links=stage.links)


def _reached(done: PersonLook, area: Area, skills: SkillsMap) -> Plateau:
    """The highest plateau for which they have done enough."""
    times = _times(done, area.name)
    heights = [plateau for plateau, reached in skills.reached(area) if _is_enough(times, reached)]
    return heights[-1] if heights else Plateau.NOVICE


def _is_enough(times: Mapping[str, int], reached: Reached) -> bool:
    return any(wanted is not None and times[kind] >= wanted for kind, wanted in reached)


def _times(done: PersonLook, area: str) -> dict[str, int]:
    """How often they did what counts for a plateau, by the names of the settings."""
    counts = {tally.doing: tally.count for tally in done.in_areas[area]}
    times = {kind: sum(counts.get(doing, 0) for doing in doings) for kind, doings in _DOINGS.items()}
    return times | {"merged": done.landed.get(area, 0)}


def _last(tallies: Sequence[Tally]) -> datetime:
    return max(tally.last for tally in tallies)
