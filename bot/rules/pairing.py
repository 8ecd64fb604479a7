"""Who is asked next for a mentoring, for which part, and who the other would be. Pure.

First it is seen which part is sought. A lead has mentored before; a co-mentor learns it alongside. Where nobody who
agreed has, two peers begin, and afterwards a guide may be asked who knows the area best. As long as somebody could
lead, though not now, nobody is asked to begin without them: they are waited for.

Some things nobody gets around: who is not free, was asked here before, is the mentee, a bot or wants to be left alone
is not asked, and nobody is asked for a part that they do not want. Among the others points decide, each with a name:

| points    | at most | what for, and why so much                                                         |
|-----------|---------|-----------------------------------------------------------------------------------|
| area      |       1 | they named the thread's areas; as much less if they named others only             |
| knows     |       3 | what they did in these areas, of which nobody reaches all: more than their word   |
| here      |     0.5 | what they did in the repository: areas tell more                                  |
| turn      |     3.5 | a former co-mentor who would lead and never has: more than all they can know      |
| new to it |       2 | a co-mentor who has not mentored; half as much after one time, then a third       |
| hours     |       1 | of a day in which they and the mentee are awake: 14 give all, 8 nothing, 4 -0.7   |
| languages |     0.5 | they share one with whom they would mentor; none: as much less; not told: nothing |
| rotation  |       3 | how often they were asked within a year, for each place, next to the others       |
| rested    |      -1 | asked just now; forgotten after 30 days                                           |
| together  |    0.75 | hours and languages, shared with the other mentor: half of the above              |
| mixing    |      -3 | the other is of their team, affiliation, or was paired with them (twice at most)  |

As a co-mentor, whoever waits for a turn to lead has a point less: they are kept free for it.

Rotation alone has no bottom: twice as many asks as the average cost nearly 3, three times as many nearly 6. So whoever
knows an area best is asked more often than others there, and not again and again. A year of mentoring, lived through
with these numbers (`benchmarks/mentorings.py`), is shared evenly and costs little knowledge.

For a co-mentor, what they know counts half: they are there to learn. For a guide it counts threefold: it is what they
are asked for. Nothing else is different between the parts, so being asked for one counts when the other is sought.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.mentors import PAIR, Ask, Candidate, Chosen, Mentoring, Need, Part, Reasons, Said, Wants, Weighed
from bot.model import Person, PersonId
from bot.policy import Policy

AREA: Final = 1.0
KNOWS: Final = 3.0
HERE: Final = 0.5
TURN: Final = 3.5
KEPT_FREE: Final = 1.0
NEW_TO_IT: Final = 2.0
HOURS: Final = 1.0
LANGUAGES: Final = 0.5
ROTATION: Final = 3.0
RESTED: Final = 1.0
SAME_TEAM: Final = 1.0
SAME_AFFILIATION: Final = 1.0
PAIRED: Final = 0.5
MOST_PAIRED: Final = 2  # times that count

_OTHER: Final = {Part.LEAD: Part.CO_MENTOR, Part.PEER: Part.PEER}  # who is beside whom
_KNOWLEDGE: Final = {Part.LEAD: 1.0, Part.CO_MENTOR: 0.5, Part.PEER: 1.0, Part.GUIDE: 3.0}
_WITH_THE_OTHER: Final = 0.5  # of what hours and languages count with the mentee
_REST: Final = timedelta(days=30)
_AWAKE: Final = 14.0  # hours of a day, from 8 to 22
_ENOUGH: Final = 8.0  # hours that speak neither for nor against somebody
_DAY: Final = 24.0
_SAID_SO: Final = 2  # times that somebody is taken to have mentored who says that they have
_TELLING: Final = 0.25  # from here on what somebody did is worth telling


@dataclass(frozen=True, slots=True)
class _Round:
    """What is the same for all who are weighed. `average`: asks within a year, for each place that mentors have."""

    need: Need
    now: datetime
    average: float


def choose(
    need: Need, candidates: Sequence[Candidate], mentoring: Mentoring, policy: Policy, now: datetime
) -> Chosen | None:
    """Who is asked next. None: nobody is sought or free, somebody is being asked, or enough have been (`asks_left`).
    `candidates`: all who agreed to be asked, free or not. The other is whoever has agreed already, if somebody has."""
    if mentoring.open_ask is not None or asks_left(mentoring, policy) <= 0:
        return None
    able = [one for one in candidates if _may_be_asked(one, need, mentoring, policy)]
    part = sought(able, mentoring)
    if part is None:
        return None
    everybody = {one.person.id: one for one in candidates}
    this = _Round(need, now, _average(candidates))
    there = next(iter(mentoring.mentors), None)
    known = everybody.get(there.person.id) if there else None
    weighed = _weighed(able, part, known, this)
    if not weighed:
        return None
    first = weighed[0]
    if there is not None:
        return Chosen(first=first, other=_agreed(there), weighed=tuple(weighed))
    rest = [one for one in able if one.person.id != first.person.id]
    others = _weighed(rest, _OTHER[part], everybody[first.person.id], this)
    return Chosen(first=first, other=others[0] if others else None, weighed=(*weighed, *others))


def not_free(need: Need, candidates: Sequence[Candidate], mentoring: Mentoring, policy: Policy) -> tuple[Person, ...]:
    """Who could take the part that is sought, and is not to be asked now, or not here again: why is told to nobody."""
    able = [one for one in candidates if _may_be_asked(one, need, mentoring, policy)]
    part = sought(able, mentoring)
    could = [
        one for one in candidates if part is not None and takes(one, part) and not _is_mentee(one, need, mentoring)
    ]
    there = {ask.person.id for ask in mentoring.mentors}
    free = {one.person.id for one in able if _is_free(one)}
    return tuple(one.person for one in could if one.person.id not in there | free)


def asks_left(mentoring: Mentoring, policy: Policy) -> int:
    """How many more may be asked. Handing over does not count, nor who was chosen and never heard of it."""
    unheard = [ask for ask in mentoring.asks if ask.said is Said.WITHDRAWN and ask.asked_at is None]
    counted = [ask for ask in mentoring.asks if ask.by is None and ask not in unheard]
    return policy.mentoring.asks - len(counted)


def sought(able: Iterable[Candidate], mentoring: Mentoring) -> Part | None:
    """For which part somebody is sought. `able`: who could be asked, now or later. None: for none."""
    if mentoring.is_complete:
        two_peers = len(mentoring.with_part(Part.PEER)) == PAIR
        return Part.GUIDE if two_peers and not mentoring.with_part(Part.GUIDE) else None
    if mentoring.with_part(Part.LEAD):
        return Part.CO_MENTOR
    if mentoring.with_part(Part.PEER):
        return Part.PEER
    return Part.LEAD if any(takes(one, Part.LEAD) for one in able) else Part.PEER


def _may_be_asked(one: Candidate, need: Need, mentoring: Mentoring, policy: Policy) -> bool:
    """Now, or at another time."""
    if _is_mentee(one, need, mentoring) or mentoring.latest(one.person.id) is not None:
        return False
    return not (policy.is_bot(one.person) or policy.leaves_alone(one.person))


def _is_mentee(one: Candidate, need: Need, mentoring: Mentoring) -> bool:
    return one.person in {need.mentee, mentoring.mentee}


def _is_free(one: Candidate) -> bool:
    return one.is_free and one.room > 0


def takes(one: Candidate, part: Part) -> bool:
    """Whether it is a part for them, and one that they want. Whoever would only learn alongside somebody who has
    mentored before is no peer."""
    wants = one.mentor.wants
    match part:
        case Part.LEAD:
            return one.has_mentored and wants is not Wants.CO_MENTOR
        case Part.CO_MENTOR:
            return wants is not Wants.LEAD
        case Part.PEER:
            return wants is not Wants.CO_MENTOR
        case Part.GUIDE:
            return True
        case _:
            assert_never(part)


def _knows_something(one: Candidate, need: Need) -> bool:
    return bool(_in_both(one.mentor.areas, need.areas)) or _known(one, need.areas) + one.here > 0


def _weighed(able: Iterable[Candidate], part: Part, other: Candidate | None, this: _Round) -> list[Weighed]:
    """Those who are free for a part, the best first. Where points do not decide, who was asked less, and longer ago."""
    free = [one for one in able if _is_free(one) and takes(one, part)]
    if part is Part.GUIDE:  # peers can do without one who knows no more than they do
        free = [one for one in free if _knows_something(one, this.need)]
    made = [(one, _weigh(one, part, other, this)) for one in free]
    made.sort(key=lambda pair: (-round(pair[1].score, 6), pair[0].asks, _since(pair[0]), pair[0].person.id))
    return [weighed for _, weighed in made]


def _since(one: Candidate) -> float:
    return one.last_asked.timestamp() if one.last_asked else 0.0


def _weigh(one: Candidate, part: Part, other: Candidate | None, this: _Round) -> Weighed:
    points = {
        "area": AREA * _KNOWLEDGE[part] * _named(one, this.need.areas),
        "knows": KNOWS * _KNOWLEDGE[part] * _known(one, this.need.areas),
        "here": HERE * _KNOWLEDGE[part] * one.here,
        "turn": _turn(one, part),
        "new to it": NEW_TO_IT / (1 + _times(one)) if part is Part.CO_MENTOR else 0.0,
        "hours": HOURS * _awake(one.mentor.zone, this.need.zone, this.now),
        "languages": LANGUAGES * _speak(one.mentor.languages, this.need.languages),
        "rotation": ROTATION * _rotation(one, this.average),
        "rested": -RESTED * _just_asked(one, this.now),
    }
    if other is not None:
        awake = HOURS * _awake(one.mentor.zone, other.mentor.zone, this.now)
        speak = LANGUAGES * _speak(one.mentor.languages, other.mentor.languages)
        points["together"] = _WITH_THE_OTHER * (awake + speak)
        points["mixing"] = -_alike(one, other)
    told = {name: value for name, value in points.items() if value}
    return Weighed(person=one.person, part=part, points=told, reasons=_reasons(one, other, this))


def _turn(one: Candidate, part: Part) -> float:
    """Whoever waits for their first time as lead is kept free for it."""
    waits = one.beside > 0 and not one.led and one.mentor.wants is not Wants.CO_MENTOR
    return {Part.LEAD: TURN, Part.CO_MENTOR: -KEPT_FREE}.get(part, 0.0) if waits else 0.0


def _agreed(ask: Ask) -> Weighed:
    """Whoever has agreed is not weighed again."""
    return Weighed(person=ask.person, part=ask.part, points={}, reasons=ask.reasons)


def _named(one: Candidate, areas: frozenset[str]) -> float:
    """From -1 to 1; nothing where they named no area, or the thread has none."""
    if not one.mentor.areas or not areas:
        return 0.0
    share = len(_in_both(one.mentor.areas, areas)) / len(areas)
    return share or -1.0


def _known(one: Candidate, areas: frozenset[str]) -> float:
    """From 0 to 1, on average over the areas."""
    return sum(one.knows.get(area, 0.0) for area in areas) / len(areas) if areas else 0.0


def _in_both(ones: Iterable[str], others: Iterable[str]) -> list[str]:
    """As the latter have it; upper and lower case are the same."""
    names = {name.casefold() for name in ones}
    return sorted(name for name in others if name.casefold() in names)


def _times(one: Candidate) -> int:
    """How often they have mentored."""
    return max(one.led + one.beside, _SAID_SO if one.mentor.mentored else 0)


def _average(candidates: Sequence[Candidate]) -> float:
    places = sum(one.mentor.up_to for one in candidates)
    return sum(one.asks for one in candidates) / places if places else 0.0


def _rotation(one: Candidate, average: float) -> float:
    """At most 1, and the less the more often they were asked."""
    own = one.asks / max(one.mentor.up_to, 1)
    return (average - own) / (average + 1)


def _just_asked(one: Candidate, now: datetime) -> float:
    """From 1 (just now) to 0 (30 days ago, or never)."""
    return max(0.0, 1 - (now - one.last_asked) / _REST) if one.last_asked else 0.0


def shared_hours(zone: str | None, other: str | None, now: datetime) -> float | None:
    """Hours of a day in which two are usually awake, from 4 to 14. None: it is not known where both are."""
    theirs, others = _offset(zone, now), _offset(other, now)
    if theirs is None or others is None:
        return None
    apart = abs(theirs - others) / timedelta(hours=1) % _DAY
    apart = min(apart, _DAY - apart)
    return _AWAKE - apart + max(0.0, apart - (_DAY - _AWAKE))


def _offset(zone: str | None, now: datetime) -> timedelta | None:
    if zone is None:
        return None
    try:
        return now.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):  # it was known where they told it; this machine has older tables
        return None


def _awake(zone: str | None, other: str | None, now: datetime) -> float:
    hours = shared_hours(zone, other, now)
    return 0.0 if hours is None else (hours - _ENOUGH) / (_AWAKE - _ENOUGH)


def _speak(languages: Sequence[str], others: Sequence[str]) -> float:
    if not languages or not others:
        return 0.0
    return 1.0 if _in_both(languages, others) else -1.0


def _alike(one: Candidate, other: Candidate) -> float:
    """What speaks against pairing them: others would meet otherwise."""
    same_team = SAME_TEAM if one.groups & other.groups else 0.0
    theirs, others = one.mentor.affiliation, other.mentor.affiliation
    same_affiliation = SAME_AFFILIATION if theirs and others and theirs.casefold() == others.casefold() else 0.0
    return same_team + same_affiliation + PAIRED * min(_paired(one.pairs, other.person.id), MOST_PAIRED)


def _paired(pairs: Mapping[PersonId, int], person_id: PersonId) -> int:
    return pairs.get(person_id, 0)


def _reasons(one: Candidate, other: Candidate | None, this: _Round) -> Reasons:
    """Only what they told themselves, or did in the open."""
    did = {area for area in this.need.areas if one.knows.get(area, 0.0) >= _TELLING}
    speak = {*_in_both(one.mentor.languages, this.need.languages)}
    hours = None
    if other is not None:
        speak |= {*_in_both(one.mentor.languages, other.mentor.languages)}
        if one.mentor.zone_is_told and other.mentor.zone_is_told:
            hours = shared_hours(one.mentor.zone, other.mentor.zone, this.now)
    return Reasons(
        areas=tuple(sorted(did | {*_in_both(one.mentor.areas, this.need.areas)})),
        here=one.here >= _TELLING,
        mentored=one.has_mentored,
        hours=None if hours is None else int(hours),
        languages=tuple(sorted(speak)),
    )
