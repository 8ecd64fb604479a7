"""What rests on one person, which of that is an alarm, and who could grow into it.

The *bus factor* of a place is the size of the smallest set of people who did more than half of what was done there
(CHAOSS calls it contributor absence factor, chaoss.community/kb/metric-contributor-absence-factor; Avelino and others,
*A novel approach for estimating truck factors*, ICPC 2016, compare ways to measure it). What is done is care: reviews,
merges, triage and commits, a thread once for each kind.

That is about the past. A place *rests* on one person if they did more than `succession.share` of it, and nobody else
was active there within the last 180 days and still is around. That alone is no alarm: many small repositories are well
in one pair of hands. It is one if those hands do less and less, or will not be there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.model import Doing, PersonId
from bot.policy import Policy
from bot.stewards import Alarm, Around, Deeds, Grown, Heir, Kept, Place, Told

LATELY: Final = timedelta(days=180)
ALIVE: Final = timedelta(days=365)  # nothing happens any more in a place where nothing did for so long
ENOUGH: Final = 10  # acts: of fewer nothing can be told
FEW: Final = 5  # acts lately: whoever did so many could go on

_HALF: Final = 8.0  # so many acts are half of what they can tell: each further one tells less
_WEIGHTS: Final[Mapping[Doing, float]] = {
    Doing.REVIEW: 3.0, Doing.MERGE: 3.0, Doing.COMMIT: 2.0, Doing.TRIAGE: 1.0,
}  # fmt: skip
_LANDED: Final = 2.0
_MEDIUM: Final = 1.0
_MENTORED: Final = 0.5
_INTERESTED: Final = 0.5


def is_alive(kept: Kept, now: datetime) -> bool:
    return kept.last is not None and kept.last > now - ALIVE


def bus_factor(kept: Kept) -> int:
    """0 where nothing was done."""
    total, done = sum(one.total for one in kept.deeds), 0
    for number, deeds in enumerate(sorted((one.total for one in kept.deeds), reverse=True), 1):
        done += deeds
        if 2 * done > total:
            return number
    return 0


def rests_on(kept: Kept, around: Around, share: float) -> Deeds | None:
    """The one person without whom a place would be nobody's; None: there are others, or too little is known."""
    first = most_by(kept, share)
    if first is None:
        return None
    others = could_go_on(kept, first)
    return None if any(_stays(one.person.id, kept.place, around) for one in others) else first


def most_by(kept: Kept, share: float) -> Deeds | None:
    """Whoever did more than that part of it; None: nobody, or too little is known."""
    total = sum(one.total for one in kept.deeds)
    if total < ENOUGH:
        return None
    first = max(kept.deeds, key=lambda one: one.total)
    return first if first.total > share * total else None


def could_go_on(kept: Kept, first: Deeds) -> list[Deeds]:
    """The others who were active there of late."""
    return [one for one in kept.deeds if one is not first and one.lately >= FEW]


def _stays(who: PersonId, place: Place, around: Around) -> bool:
    return who not in around.fading and not _will_not_be_there(who, place, around)


def _will_not_be_there(who: PersonId, place: Place, around: Around) -> bool:
    return who in around.long_away or around.leaves(who, place)


def alarms(known: Iterable[Kept], around: Around, share: float, now: datetime) -> Iterator[Alarm]:
    """What the admins should hear of, in the order of what is known. `fewer` is said of those alone who are neither
    away nor stepped back: why somebody will not be there is theirs to tell."""
    for kept in known:
        first = rests_on(kept, around, share) if is_alive(kept, now) else None
        if first is None or _stays(first.person.id, kept.place, around):
            continue
        yield Alarm(
            place=kept.place,
            person=first.person,
            fewer=not _will_not_be_there(first.person.id, kept.place, around),
        )


def heirs(
    kept: Kept, without: PersonId, around: Around, grown: Mapping[PersonId, Grown], policy: Policy, *,
    named: Mapping[PersonId, int],
) -> list[Heir]:  # fmt: skip
    """Who could grow into a place instead of somebody, the nearest first, as many as `succession.people` says. `named`:
    how often each was named already: it should not always be the same few. They did something there, and were active of
    late, there or elsewhere."""
    made = [
        Heir(deeds=one, grown=grown.get(one.person.id, Grown()), interested=_wants(kept.place, one, grown))
        for one in kept.deeds
        if one.person.id != without
        and one.person.id in around.active
        and _may_be_named(one, kept.place, around, policy)
    ]
    ranked = sorted(made, key=lambda one: (-_nearness(one) / (1 + named.get(one.person.id, 0)), one.person.login))
    return ranked[: policy.succession.people]


def _wants(place: Place, one: Deeds, grown: Mapping[PersonId, Grown]) -> bool:
    return place.area in grown.get(one.person.id, Grown()).interests


def _may_be_named(one: Deeds, place: Place, around: Around, policy: Policy) -> bool:
    who = one.person
    quiet = who.id in around.not_named or who.id in around.away or policy.leaves_alone(who)
    return not quiet and _stays(who.id, place, around)


def _nearness(one: Heir) -> float:
    here = sum(weight * _part(one.deeds.counts.get(doing, 0)) for doing, weight in _WEIGHTS.items())
    elsewhere = _MEDIUM * _part(one.grown.medium) + _MENTORED * bool(one.grown.mentored)
    return here + _LANDED * _part(one.deeds.landed) + elsewhere + _INTERESTED * one.interested


def _part(number: int) -> float:
    """From 0 to 1: each further one tells less than the one before."""
    return number / (number + _HALF)


def shown(
    found: Sequence[Alarm],
    told: Mapping[tuple[str, PersonId], Told],
    board: str | None,
    every: timedelta,
    now: datetime,
) -> list[Alarm]:
    """Which alarms the issue lists. `board`: the issue that stands (None: none does, and one is opened for these).

    What was told within `every` opens no issue, and stands in none but the one in which it was told: if somebody closed
    that, they know.
    """

    def is_new(one: Alarm) -> bool:
        return one.key not in told or told[one.key].at + every <= now

    return [one for one in found if is_new(one) or (board is not None and told[one.key].board == board)]
