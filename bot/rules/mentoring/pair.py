"""Who of those who agreed does what in a mentoring, and what all of it is keyed by."""

from dataclasses import dataclass
from typing import Final

from bot.mentors import Mentoring, Part
from bot.model import Person

NAME: Final = "mentoring"

_IN_ORDER: Final = (Part.LEAD, Part.PEER, Part.CO_MENTOR)  # who has mentored more comes first


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """`reviews`: who has mentored before, or the first of two peers; `answers`: the other, day to day. It is one and
    the same while there is only one, and nobody if there is none."""

    reviews: Person | None = None
    answers: Person | None = None
    guide: Person | None = None

    @property
    def people(self) -> tuple[Person, ...]:
        """Who answers day to day comes first."""
        both = (self.answers, self.reviews)
        return tuple(dict.fromkeys(one for one in both if one is not None))

    def on_check(self, number: int) -> Person | None:
        """Who looks how it goes on a day of the plan: they alternate."""
        return self.people[number % len(self.people)] if self.people else None

    def beside(self, person: Person) -> Person | None:
        return next((one for one in self.people if one != person), None)


def pair(mentoring: Mentoring) -> Pair:
    them = [ask.person for part in _IN_ORDER for ask in mentoring.with_part(part)]
    guides = [ask.person for ask in mentoring.with_part(Part.GUIDE)]
    if not them:
        return Pair(guide=next(iter(guides), None))
    return Pair(reviews=them[0], answers=them[-1], guide=next(iter(guides), None))


def key(what: str, mentoring: Mentoring) -> str:
    """Once for each mentoring: "plan", "end" …"""
    ref = mentoring.ref
    return f"{NAME}/{what}/{ref.repo_id}/{ref.number}/{int(mentoring.began_at.timestamp())}"
