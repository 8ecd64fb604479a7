"""The skills map, as types: the roles and areas of an organisation, and four plateaus in each area.

A path is a smooth ramp with plateaus on which one may stay, not a wall. `config/skills.schema.json` is made from these
types, the values come from a file `skills.yml` that `bot/skillsfile.py` reads, and `/path` tells a person where they
stand. Nobody is ranked: a map knows what there is to do and learn, and no people.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from bot import policytypes
from bot.policy import Area as PolicyArea
from bot.policy import Policy
from bot.policytypes import Name, Part

MOST_AREAS: Final = 12  # what a picture can show, and a person can look over

_SENTENCE: Final = r"^[^\n\[\]<>@`]+$"
_ADDRESS: Final = r"^https?://[^\s()<>{}]+$"
PATTERNS: Final = policytypes.PATTERNS | {  # in words
    _SENTENCE: "write one line without brackets, @ and `",
    _ADDRESS: "a link starts with https:// and has no blanks or brackets in it",
}


def _without_stop(value: str) -> str:
    """The page and the answers put the sentence together, and its end."""
    return value.strip().removesuffix(".")


Sentence = Annotated[
    str,
    StringConstraints(min_length=1, max_length=140, pattern=_SENTENCE),
    AfterValidator(_without_stop),
    Field(examples=["Mend a sentence that did not help you"]),
]
Address = Annotated[str, StringConstraints(pattern=_ADDRESS, max_length=300), Field(examples=["https://example.org"])]
Links = Annotated[Mapping[Name, Address], Field(max_length=5, examples=[{"Guide": "https://example.org/guide"}])]
Times = Annotated[int, Field(ge=1, le=10_000, examples=[3])]


class Plateau(StrEnum):
    """Places on a trail where one can stay, from the first to the last."""

    NOVICE = "novice"
    INTERMEDIATE = "intermediate"
    EXPERT = "expert"
    MASTERY = "mastery"


class Role(Part):
    """A way to take part."""

    name: Name
    """What it is called, for example: documentation."""
    about: Sentence
    """What somebody does in it."""


class Reached(Part):
    """What is enough to have reached a plateau: any one of these, done so often in the area. What is left out does not
    tell."""

    merged: Times | None = None
    """Own pull requests that were merged."""
    reviews: Times | None = None
    """Reviews of pull requests by others."""
    comments: Times | None = None
    """Comments."""
    issues: Times | None = None
    """Issues and discussions that were opened."""
    triage: Times | None = None
    """Issues and pull requests by others that were labelled, assigned, closed or reopened."""


class Foot(Part):
    """The plateau where everybody begins: whoever did anything in an area is there."""

    about: Sentence
    """What it is like to be there."""


class Height(Part):
    """A plateau further up."""

    about: Sentence
    """What it is like to be there."""
    reached: Reached
    """When somebody is there."""


class Plateaus(Part):
    """What the four plateaus mean, whatever the area."""

    novice: Foot
    intermediate: Height
    expert: Height
    mastery: Height


class OwnHeights(Part):
    """When somebody has reached the plateaus of one area, instead of what holds for all."""

    intermediate: Reached | None = None
    expert: Reached | None = None
    mastery: Reached | None = None


class Stage(Part):
    """What one plateau of one area is about."""

    do: Annotated[Sentence, Field(examples=["Mend a sentence that did not help you"])]
    """What one does there, so that it can be said to somebody: Mend a sentence that did not help you."""
    learn: Annotated[Sentence, Field(examples=["how the pages are built"])]
    """What one learns by that: how the pages are built."""
    links: Links = Field(default={})
    """Where to read on: names with their addresses."""


class Area(PolicyArea):
    """A field of work with its four plateaus. Labels, paths and repositories tell what belongs to it."""

    role: Name
    """The role that it belongs to, by its name."""
    words: tuple[Name, ...] = ()
    """Other words for it that people use."""
    novice: Stage
    intermediate: Stage
    expert: Stage
    mastery: Stage
    reached: OwnHeights = OwnHeights()
    """When somebody has reached the plateaus of this area, where `plateaus` does not fit it."""

    def stage(self, plateau: Plateau) -> Stage:
        """What one plateau of it is about."""
        stages = {
            Plateau.NOVICE: self.novice,
            Plateau.INTERMEDIATE: self.intermediate,
            Plateau.EXPERT: self.expert,
            Plateau.MASTERY: self.mastery,
        }
        return stages[plateau]


class SkillsMap(Part):
    """The skills map of an organisation."""

    name: Annotated[Name, Field(examples=["Skills map"])]
    """What it is called."""
    about: Sentence
    """What it is for, in a sentence."""
    url: Address | None = None
    """Where people can read it. Answers to `/path` link it."""
    plateaus: Plateaus
    roles: Annotated[tuple[Role, ...], Field(max_length=MOST_AREAS)]
    """Ways to take part."""
    areas: Annotated[tuple[Area, ...], Field(max_length=MOST_AREAS)]
    """Fields of work. Who has done nothing yet is shown the first two: begin with those that are easiest to enter."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for what, path in self._mistakes():
            raise PydanticCustomError("together", "{what}", {"what": what, "settings": [path]})
        return self

    def _mistakes(self) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """What cannot stand together, and where it stands."""
        for kind, names in (("role", [role.name for role in self.roles]), ("area", [one.name for one in self.areas])):
            if not names:
                yield f"a map has at least one {kind}", (f"{kind}s",)
            seen = [name.casefold() for name in names]
            for index, name in enumerate(seen):
                if name in seen[:index]:
                    yield f"two {kind}s cannot have the same name, {names[index]}", (f"{kind}s", index)
        roles = {role.name for role in self.roles}
        for index, area in enumerate(self.areas):
            if area.role not in roles:
                what = f"there is no role {area.role}; there are: {', '.join(sorted(roles))}"
                yield what, ("areas", index, "role")
        if found := _not_rising(self._reached(OwnHeights())):
            yield found[0], ("plateaus", found[1])
        for index, area in enumerate(self.areas):
            if found := _not_rising(self._reached(area.reached)):
                yield f"{area.name}: {found[0]}", ("areas", index, "reached")

    def _reached(self, own: OwnHeights) -> list[tuple[Plateau, Reached]]:
        """When each plateau above the first is reached, the lowest first."""
        usual = self.plateaus
        return [
            (Plateau.INTERMEDIATE, own.intermediate or usual.intermediate.reached),
            (Plateau.EXPERT, own.expert or usual.expert.reached),
            (Plateau.MASTERY, own.mastery or usual.mastery.reached),
        ]

    def reached(self, area: Area) -> list[tuple[Plateau, Reached]]:
        """When each plateau of an area above the first is reached, the lowest first."""
        return self._reached(area.reached)

    def about_plateau(self, plateau: Plateau) -> str:
        """What it is like to be on a plateau, whatever the area."""
        meaning: Foot | Height = getattr(self.plateaus, plateau.value)
        return meaning.about

    def area(self, called: str) -> Area | None:
        """The area of this name, or for which people use this word. Upper and lower case are the same."""
        wanted = " ".join(called.casefold().split())
        by_name = {area.name.casefold(): area for area in self.areas}
        by_word = {word.casefold(): area for area in reversed(self.areas) for word in area.words}
        return by_name.get(wanted) or by_word.get(wanted)

    def policy_areas(self) -> tuple[PolicyArea, ...]:
        """The areas as the policy has them."""
        return tuple(
            PolicyArea(name=one.name, labels=one.labels, paths=one.paths, repos=one.repos) for one in self.areas
        )

    def over(self, below: Policy) -> Policy:
        """The configuration with the areas of the map, so that what somebody does is told apart as the map does."""
        return below.model_copy(update={"areas": self.policy_areas()})


def _not_rising(heights: list[tuple[Plateau, Reached]]) -> tuple[str, str] | None:
    """Where a plateau is reached by less than the one below it, and which one that is."""
    for (lower, below), (upper, above) in pairwise(heights):
        for kind, times in above:
            least = getattr(below, kind)
            if times is not None and least is not None and times <= least:
                return f"{upper} needs more {kind} than {lower}: {times} is not more than {least}", upper.value
    return None
