"""How far a mentoring is, and whom it would ask next and why, for whoever runs the service.

Of who is not free nothing is told but that: whether they are away, have enough to do or were asked before is theirs. So
is where people live: points that tell of it are told in one number with those for languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.memory import candidates
from bot.mentors import Ask, Chosen, Mentor, Mentoring, Said, State, Weighed
from bot.model import OwnerId, Person
from bot.policy import Policy
from bot.rules import pairing

_MEETING: Final = ("hours", "languages", "together")

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """`chosen`: whom it would ask next (None: nobody), if whoever is being asked did not agree. `unavailable`: who
    could have taken that part, and is not free."""

    mentoring: Mentoring
    left: int
    chosen: Chosen | None = None
    unavailable: tuple[Person, ...] = ()

    def as_json(self) -> Json:
        known, asked = self.mentoring, self.mentoring.open_ask
        return {
            "state": known.state.value,
            "since": known.state_at.isoformat(),
            "because": known.because.value,
            "mentee": known.mentee and known.mentee.login,
            "agreed": [_part(ask) for ask in known.mentors],
            "asked": None if asked is None else _part(asked),
            "asks_left": self.left,
            "next": None if self.chosen is None else [_whom(one) for one in _both(self.chosen)],
            "weighed": [] if self.chosen is None else [_points(one) for one in self.chosen.weighed],
            "not_available": [person.login for person in self.unavailable],
        }

    def lines(self) -> list[str]:
        """For a person: how far it is, whom it would ask, and each who was weighed."""
        told = [self._state()]
        if self.chosen is not None:
            first, other = self.chosen.first, self.chosen.other
            beside = f", beside {other.person.login} ({other.part.value})" if other is not None else ""
            otherwise = "otherwise" if self.mentoring.open_ask else "next"
            told.append(f"mentoring would {otherwise} ask {first.person.login} ({first.part.value}){beside}")
            told += [f"mentoring weighs {_sum(one)}" for one in self.chosen.weighed]
        told += [f"mentoring weighs {person.login}: not available" for person in self.unavailable]
        return told

    def _state(self) -> str:
        known, asked = self.mentoring, self.mentoring.open_ask
        parts = [f"mentoring is {known.state.value} since {known.state_at:%Y-%m-%d}"]
        parts += [f"{ask.person.login} agreed ({ask.part.value})" for ask in known.mentors]
        if asked is not None:
            parts.append(f"{asked.person.login} is being asked ({asked.part.value})")
        return "; ".join([*parts, f"asks left: {max(self.left, 0)}"])


def explained(
    connection: Connection, owner_id: OwnerId, mentoring: Mentoring, roster: Sequence[Mentor], policy: Policy,
    now: datetime,
) -> Explained:  # fmt: skip
    """`roster`: who agreed to mentor in the organisation."""
    left = pairing.asks_left(mentoring, policy)
    if mentoring.state in {State.WAITING, State.DONE, State.ENDED}:
        return Explained(mentoring=mentoring, left=left)
    sought = _as_if_over(mentoring, now)
    need = candidates.need(connection, mentoring, policy, now)
    known = candidates.candidates(connection, owner_id, need, roster, policy, now)
    chosen = pairing.choose(need, known, sought, policy, now)
    unavailable = pairing.not_free(need, known, sought, policy)
    return Explained(mentoring=mentoring, left=left, chosen=chosen, unavailable=unavailable)


def _as_if_over(mentoring: Mentoring, now: datetime) -> Mentoring:
    """If whoever is being asked did not answer."""
    asks = (replace(ask, said=Said.LAPSED, said_at=now) if ask.said is Said.OPEN else ask for ask in mentoring.asks)
    return replace(mentoring, asks=tuple(asks))


def _part(ask: Ask) -> Json:
    return {"person": ask.person.login, "part": ask.part.value}


def _both(chosen: Chosen) -> list[Weighed]:
    return [one for one in (chosen.first, chosen.other) if one is not None]


def _whom(one: Weighed) -> Json:
    return {"person": one.person.login, "part": one.part.value}


def _points(one: Weighed) -> Json:
    return {**_whom(one), "score": round(one.score, 2), "points": _told(one.points)}


def _told(points: Mapping[str, float]) -> dict[str, float]:
    told = {name: round(value, 2) for name, value in points.items() if name not in _MEETING}
    meeting = round(sum(points.get(name, 0.0) for name in _MEETING), 2)
    return told | {"meeting": meeting} if meeting else told


def _sum(one: Weighed) -> str:
    points = ", ".join(f"{name} {value:+.2f}" for name, value in _told(one.points).items()) or "nothing"
    return f"{one.person.login} ({one.part.value}): {one.score:.2f} of {points}"
