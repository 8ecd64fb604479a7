"""Whether an issue is something for somebody: what speaks for it, and what against it.

Recommending a next step, offering an issue and claiming one all ask here. It advises and never refuses: whoever wants
to take an issue that does not fit may do so, and is told what to think of first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.model import Level
from bot.pathway import Opening
from bot.pathway import Seeker as Seeker
from bot.policy import Policy
from bot.policytypes import duration_text

_RUNGS: Final = tuple(Level)  # from the lowest


class About(StrEnum):
    """What a reason is about."""

    OPEN = "open"
    READY = "ready"
    FREE = "free"
    ANSWERS = "answers"
    LEVEL = "level"
    AREA = "area"
    OWN = "own"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Reason:
    """`why` is for those who run the bot and for `explain`; what people read is made from `about`."""

    about: About
    speaks_for: bool
    why: str


@dataclass(frozen=True, slots=True)
class Advice:
    reasons: tuple[Reason, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against

    @property
    def against(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.speaks_for)

    def warns_of(self, about: About) -> bool:
        return any(reason.about is about for reason in self.against)


def eligible(person: Seeker, opening: Opening, policy: Policy, now: datetime) -> Advice:
    """`policy` is that of the place where it is asked."""
    return Advice(tuple(_reasons(person, opening, policy, now)))


def _reasons(person: Seeker, opening: Opening, policy: Policy, now: datetime) -> Iterator[Reason]:
    yield _told(About.OPEN, opening.is_open, "it is open", "it is closed")
    yield _told(About.READY, opening.ready, "all is there to begin with", "something is missing to begin with")
    yield _told(About.FREE, not opening.taken, "nobody has taken it", "somebody has taken it")
    yield _answers(opening, policy)
    yield _level(person, opening)
    yield _area(person, opening)
    login = person.person.login
    yield _told(
        About.OWN, opening.author != person.person.id, "somebody else reported it", f"{login} reported it themselves"
    )
    days = (now - opening.since).days
    yield _told(
        About.OFFERED, opening.ref not in person.offered, f"it is new to {login}, at its level for {days} days",
        f"it was offered to {login} before",
    )  # fmt: skip


def _told(about: About, speaks_for: bool, good: str, bad: str) -> Reason:
    return Reason(about, speaks_for, good if speaks_for else bad)


def _answers(opening: Opening, policy: Policy) -> Reason:
    within, name = policy.next_steps.answers_within, opening.repo.full_name
    if opening.answer_minutes is None:
        return Reason(About.ANSWERS, False, f"nobody can tell how long an answer takes in {name}")
    quick = timedelta(minutes=opening.answer_minutes) <= within
    limit = f"{duration_text(within)} (next_steps.answers_within)"
    return _told(About.ANSWERS, quick, f"{name} answers within {limit}", f"{name} takes longer to answer than {limit}")


def rung(level: Level) -> int:
    return _RUNGS.index(level)


def reached(person: Seeker) -> int:
    """The rung that somebody stands on, -1: on none yet. Who asked for issues has the first one: they know best."""
    done = -1 if person.highest is None else rung(person.highest)
    return done if person.interests is None else max(done, rung(Level.STARTER))


def _level(person: Seeker, opening: Opening) -> Reason:
    steps, login = rung(opening.level) - reached(person), person.person.login
    return _told(
        About.LEVEL, steps <= 1, f"{opening.level} is no more than one step up for {login}",
        f"{opening.level} is {steps} steps up for {login}",
    )  # fmt: skip


def asked_for(person: Seeker, opening: Opening) -> bool:
    """Whether they said that they would like to hear of such an issue."""
    wanted = person.interests
    return wanted is not None and (not wanted or not opening.areas.isdisjoint(wanted))


def _area(person: Seeker, opening: Opening) -> Reason:
    login, repo = person.person.login, opening.repo.full_name
    if asked_for(person, opening):
        return Reason(About.AREA, True, f"{login} asked for such issues")
    if both := sorted(opening.areas & person.areas):
        return Reason(About.AREA, True, f"{login} knows {', '.join(both)}")
    if opening.repo.id in person.repos:
        return Reason(About.AREA, True, f"{login} was active in {repo}")
    if both := sorted(opening.nearby & person.areas):
        return Reason(About.AREA, True, f"{login} knows {', '.join(both)}, which {repo} is about too")
    return Reason(About.AREA, False, f"{login} did nothing in its areas or in {repo} yet")


def steps_for(person: Seeker, openings: Sequence[Opening], policy: Policy, now: datetime) -> list[Opening]:
    """What fits, the best next step first: one level up in an area they know, else one level up in a neighbouring
    repository, else their own level; what is below it is left to those who come after them. Of two alike the one that
    has waited longer for somebody."""

    def place(opening: Opening) -> tuple[int, datetime, str]:
        up = rung(opening.level) - reached(person) == 1
        known = asked_for(person, opening) or not opening.areas.isdisjoint(person.areas)
        return (0 if up and known else 1 if up else 2), opening.since, opening.name

    fitting = [one for one in openings if eligible(person, one, policy, now).fits]
    return sorted((one for one in fitting if rung(one.level) >= reached(person)), key=place)
