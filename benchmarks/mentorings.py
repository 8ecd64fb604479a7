"""How evenly a year of mentoring is shared: 200 newcomers, twelve people who agreed to mentor, each with little time.

The rule that chooses (`bot/rules/pairing.py`) is set against one that always takes whoever knows most and is free. Both
live through the same year: the same newcomers come on the same days, and people answer each question the same way, if
they are asked it. Nothing but the rule is real here: no memory, no GitHub.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean
from typing import Final

from benchmarks.report import Line
from bot import policyfile
from bot.mentors import (
    Ask,
    Because,
    Candidate,
    Chosen,
    Mentor,
    Mentoring,
    Need,
    Part,
    Reasons,
    Said,
    State,
    Wants,
    Weighed,
)
from bot.model import Person, PersonId, RepoId, ThreadRef
from bot.policy import Policy
from bot.rules import pairing

BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS: Final = 365
MENTORINGS: Final = 200  # more than the twelve have time for
FEWER: Final = 60  # they have time for all, so there is a choice
AREAS: Final = ("auth", "docs", "deploy", "ui")
MOST_EQUAL: Final = 0.25  # Gini of asks, among equally able

_DAY: Final = timedelta(days=1)
_YEARS: Final = 5  # of each kind
_ASKED_BY: Final = Person(PersonId(900), "maintainer")
_ANSWERS: Final = {Said.ACCEPTED: 0.70, Said.DECLINED: 0.15, Said.LATER: 0.05, Said.LAPSED: 0.10}
_PATIENCE: Final = 30 * _DAY  # then a newcomer whom nobody has time for is gone
_LEFT_ALONE: Final = 14 * _DAY  # then who agreed, and found nobody beside them, is free again
_A_DAY, _A_WEEK = 1, 2  # how often somebody is mentioned at most

Choose = Callable[[Need, Sequence[Candidate], Mentoring, Policy, datetime], Chosen | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Somebody of the roster, as they are all year. `kind`: those of one kind are equally able."""

    mentor: Mentor
    kind: str
    knows: Mapping[str, float]
    team: str


def _able(number: int, kind: str, knows: float, areas: Sequence[int], **terms: object) -> Able:
    zones = ("Europe/Berlin", "America/New_York", None, "Asia/Kolkata", "America/Sao_Paulo", "Europe/Lisbon")
    mentor = Mentor(
        person=Person(PersonId(number), f"mentor-{number}"),
        zone=zones[number % len(zones)],
        languages=("en", "es") if number % 3 == 0 else ("en",),
        affiliation=f"lab {number % 4}",
    )
    told = {AREAS[area % len(AREAS)]: knows for area in areas}
    return Able(mentor=replace(mentor, **terms), kind=kind, knows=told, team=f"team {number // 4}")  # type: ignore[arg-type] # terms are a mentor's


ROSTER: Final = (
    *(_able(n, "knows much, 2 places", 0.8, (n, n + 1), up_to=2, mentored=True) for n in range(4)),
    *(_able(n, "knows some, 3 places", 0.5, (n,), up_to=3) for n in range(4, 7)),
    *(_able(n, "knows some, 1 place", 0.5, (n,), up_to=1) for n in range(7, 9)),
    *(_able(n, "knows little, 2 places", 0.1, (n,), up_to=2) for n in range(9, 11)),
    _able(11, "only alongside", 0.1, (3,), up_to=2, wants=Wants.CO_MENTOR),
)


@dataclass(slots=True)
class _Running:
    """A mentoring with what only the simulation knows."""

    mentoring: Mentoring
    need: Need
    answers_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(slots=True)
class Lived:
    """What came of a year. `over`: how many more than their number somebody had at most. `pairs`: who mentored
    together. `learnt` and `led`: who has been co-mentor and lead, to the end. `known`: how much the lead, or else the
    best of the two, knew of the area, of each pair."""

    asks: Counter[PersonId] = field(default_factory=Counter)
    most_asked: int = 0
    over: int = 0
    pairs: list[tuple[PersonId, PersonId]] = field(default_factory=list)
    led: Counter[PersonId] = field(default_factory=Counter)
    learnt: Counter[PersonId] = field(default_factory=Counter)
    known: list[float] = field(default_factory=list)

    def uneven(self) -> dict[str, float]:
        """The Gini of asks among those who are equally able, where there are several."""
        kinds: dict[str, list[int]] = {}
        for able in ROSTER:
            kinds.setdefault(able.kind, []).append(self.asks[able.mentor.person.id])
        return {kind: gini(asks) for kind, asks in kinds.items() if len(asks) > 1}

    def uneven_in_all(self) -> float:
        """Over the whole roster, for each place."""
        return gini([self.asks[one.mentor.person.id] / one.mentor.up_to for one in ROSTER])

    def never_led(self) -> list[PersonId]:
        """Who would lead, and did not in this year."""
        would = [one.mentor.person.id for one in ROSTER if one.mentor.wants is not Wants.CO_MENTOR]
        return [id_ for id_ in would if not self.led[id_]]

    def within_team(self) -> float:
        """The share of pairs who are in one team."""
        return mean(_same_team(one, other) for one, other in self.pairs)

    def within_team_by_chance(self) -> float:
        """The same if those who mentored had been put together by lot, each as often as they did it."""
        times = Counter(id_ for pair in self.pairs for id_ in pair)
        both = [(one, other, times[one] * times[other]) for one in times for other in times if one < other]
        return sum(many for one, other, many in both if _same_team(one, other)) / sum(many for _, _, many in both)


def gini(numbers: Sequence[float]) -> float:
    """0: all have the same; nearly 1: one has all."""
    total = sum(numbers)
    if not total:
        return 0.0
    apart = sum(abs(one - other) for one in numbers for other in numbers)
    return apart / (2 * len(numbers) * total)


def _same_team(one: PersonId, other: PersonId) -> bool:
    return ROSTER[one].team == ROSTER[other].team


def live(seed: int, choose: Choose = pairing.choose, many: int = MENTORINGS) -> Lived:
    """One year in which so many are to be mentored, with a rule that chooses."""
    return _Year(seed, choose, many).lived()


class _Year:
    def __init__(self, seed: int, choose: Choose, many: int) -> None:
        self._seed, self._choose, self._many = seed, choose, many
        self._policy = policyfile.defaults()
        self._asked: defaultdict[PersonId, list[datetime]] = defaultdict(list)
        self._later: dict[PersonId, datetime] = {}
        self._pairs: defaultdict[PersonId, Counter[PersonId]] = defaultdict(Counter)
        self._open: list[_Running] = []
        self._lived = Lived()
        self._away = {one.mentor.person.id: self._breaks(one) for one in ROSTER}

    def _breaks(self, one: Able) -> list[tuple[datetime, datetime]]:
        """Two times of two or three weeks."""
        random = self._random("away", one.mentor.person.id)
        begins = [BEGIN + random.randrange(DAYS) * _DAY for _ in range(2)]
        return [(begin, begin + random.randint(14, 21) * _DAY) for begin in begins]

    def lived(self) -> Lived:
        """Day by day."""
        random = self._random("days")
        comes = Counter(random.randrange(DAYS) for _ in range(self._many))
        number = 0
        for day in range(DAYS):
            now = BEGIN + day * _DAY
            for _ in range(comes[day]):
                number += 1
                self._open.append(self._comes(number, now))
            for one in self._open:
                self._passes(one, now)
            self._open = [one for one in self._open if one.mentoring.is_open]
            self._check()
        return self._lived

    def _comes(self, number: int, now: datetime) -> _Running:
        random = self._random("comes", number)
        mentee, ref = Person(PersonId(1000 + number), f"newcomer-{number}"), ThreadRef(RepoId(1), number)
        areas = frozenset(random.sample(AREAS, random.choice((1, 1, 2))))
        zone = random.choice((None, None, "Europe/Paris", "America/Bogota", "Africa/Lagos", "Asia/Manila"))
        need = Need(ref=ref, repo_id=ref.repo_id, areas=areas, mentee=mentee, zone=zone, languages=("en",))
        mentoring = Mentoring(
            ref=ref, began_at=now, because=Because.ASKED, state=State.SEEKING, state_at=now, mentee=mentee,
            asked_by=_ASKED_BY,
        )  # fmt: skip
        return _Running(mentoring, need)

    def _passes(self, one: _Running, now: datetime) -> None:
        known = one.mentoring
        if known.state is State.RUNNING and one.ends_at is not None and one.ends_at <= now:
            self._ends(one, now)
        elif (ask := known.open_ask) is not None and one.answers_at is not None and one.answers_at <= now:
            self._answers(one, ask, now)
        elif known.state is State.UNFILLED and now - known.state_at >= _LEFT_ALONE:
            one.mentoring = replace(known, state=State.ENDED)
        elif known.state is State.SEEKING and ask is None:
            self._seeks(one, now)

    def _seeks(self, one: _Running, now: datetime) -> None:
        chosen = self._choose(one.need, self._candidates(now), one.mentoring, self._policy, now)
        if chosen is None:
            if pairing.asks_left(one.mentoring, self._policy) <= 0:
                one.mentoring = replace(one.mentoring, state=State.UNFILLED, state_at=now)
            elif now - one.mentoring.began_at >= _PATIENCE:
                one.mentoring = replace(one.mentoring, state=State.ENDED)
            return
        ask = Ask(person=chosen.first.person, part=chosen.first.part, chosen_at=now, asked_at=now)
        one.mentoring = replace(one.mentoring, asks=(*one.mentoring.asks, ask))
        one.answers_at = now + self._of(one, ask).randint(1, 4) * _DAY
        self._asked[ask.person.id].append(now)
        self._lived.asks[ask.person.id] += 1
        self._lived.most_asked = max(self._lived.most_asked, len(one.mentoring.asks))

    def _answers(self, one: _Running, ask: Ask, now: datetime) -> None:
        random = self._of(one, ask)
        said = random.choices([*_ANSWERS], [*_ANSWERS.values()])[0]
        if said is Said.LAPSED and now - ask.chosen_at < self._policy.mentoring.answer_within:
            return
        if said is Said.LATER:
            self._later[ask.person.id] = now + self._policy.mentoring.later
        settled = replace(ask, said=said, said_at=now)
        one.mentoring = replace(one.mentoring, asks=(*one.mentoring.asks[:-1], settled))
        if one.mentoring.is_complete:
            one.mentoring = replace(one.mentoring, state=State.RUNNING, state_at=now)
            one.ends_at = now + self._random("lasts", one.mentoring.ref.number).randint(14, 35) * _DAY
            first, second = (each.person.id for each in one.mentoring.mentors)
            self._pairs[first][second] += 1
            self._pairs[second][first] += 1
            self._lived.pairs.append((first, second))
            self._lived.known.append(max(_knows(ROSTER[id_].knows, one.need) for id_ in (first, second)))

    def _of(self, one: _Running, ask: Ask) -> Random:
        """How somebody answers depends on nothing but who is asked for which newcomer."""
        return self._random("answers", one.mentoring.ref.number, ask.person.id)

    def _random(self, *about: object) -> Random:
        return Random(f"{self._seed}/{about}")  # noqa: S311 (the same year each time, no secret)

    def _ends(self, one: _Running, now: datetime) -> None:
        one.mentoring = replace(one.mentoring, state=State.DONE, state_at=now)
        for ask in one.mentoring.mentors:
            (self._lived.learnt if ask.part is Part.CO_MENTOR else self._lived.led)[ask.person.id] += 1

    def _has(self) -> Counter[PersonId]:
        held = (ask for one in self._open for ask in one.mentoring.asks if ask.said in {Said.ACCEPTED, Said.OPEN})
        return Counter(ask.person.id for ask in held)

    def _check(self) -> None:
        has = self._has()
        over = max(has[able.mentor.person.id] - able.mentor.up_to for able in ROSTER)
        self._lived.over = max(self._lived.over, over)

    def _candidates(self, now: datetime) -> list[Candidate]:
        has = self._has()
        return [self._candidate(able, has[able.mentor.person.id], now) for able in ROSTER]

    def _candidate(self, able: Able, has: int, now: datetime) -> Candidate:
        id_, room = able.mentor.person.id, able.mentor.up_to - has
        asked = self._asked[id_]
        away = any(begin <= now < end for begin, end in self._away[id_])
        of_late = [sum(at > now - days * _DAY for at in asked[-_A_WEEK:]) for days in (1, 7)]
        rests = id_ in self._later and now < self._later[id_]
        return Candidate(
            mentor=able.mentor,
            is_free=room > 0 and not away and not rests and of_late[0] < _A_DAY and of_late[1] < _A_WEEK,
            room=room,
            knows=able.knows,
            led=self._lived.led[id_],
            beside=self._lived.learnt[id_],
            asks=len(asked),
            last_asked=asked[-1] if asked else None,
            groups=frozenset({able.team}),
            pairs=self._pairs[id_],
        )


def _knows(knows: Mapping[str, float], need: Need) -> float:
    return mean(knows.get(area, 0.0) for area in sorted(need.areas))


def best_knowing(
    need: Need, candidates: Sequence[Candidate], mentoring: Mentoring, policy: Policy, now: datetime
) -> Chosen | None:
    """What one would do without a rule: always the one who knows most, of those who are free for the part. The parts
    are the same as ours."""
    if mentoring.open_ask is not None or pairing.asks_left(mentoring, policy) <= 0:
        return None
    able = [one for one in candidates if mentoring.latest(one.person.id) is None]
    part = pairing.sought(able, mentoring)
    free = [one for one in able if one.is_free and part is not None and pairing.takes(one, part)]
    if part is None or not free:
        return None
    best = max(free, key=lambda one: (_knows(one.knows, need), -one.person.id))
    return Chosen(first=Weighed(person=best.person, part=part, points={}, reasons=Reasons()), other=None)


def measure() -> list[Line]:
    """Both rules, in calm years and in busy ones."""
    return [line for many in (FEWER, MENTORINGS) for line in _lines(many)]


def _lines(many: int) -> list[Line]:
    ours = [live(seed, many=many) for seed in range(_YEARS)]
    theirs = [live(seed, best_knowing, many) for seed in range(_YEARS)]
    worst = max(max(year.uneven().values()) for year in ours)
    over, never = max(year.over for year in ours), sum(len(year.never_led()) for year in ours)
    apart = mean(year.within_team() for year in ours), mean(year.within_team_by_chance() for year in ours)
    return [
        _line(
            f"mentoring: Gini of asks among equally able, {many} newcomers a year", ours, theirs,
            lambda year: max(year.uneven().values()), aim=f"at most {MOST_EQUAL} in every year",
            met=worst <= MOST_EQUAL,
        ),
        _line("  over the whole roster, for each place", ours, theirs, Lived.uneven_in_all),
        _line(
            "  people who would lead, and never did", ours, theirs, lambda year: float(len(year.never_led())),
            aim="nobody", met=never == 0,
        ),
        _line("  knowledge of the area, of the better one of a pair", ours, theirs, lambda year: mean(year.known)),
        _line(
            "  pairs within a team", ours, theirs, Lived.within_team,
            aim=f"no more than by chance, {apart[1]:.2f}", met=apart[0] <= apart[1],
        ),
        _line("  pairs that began", ours, theirs, lambda year: float(len(year.pairs))),
        Line(what="  more at a time than somebody's number", ours=f"{over}", aim="never", met=over <= 0),
    ]  # fmt: skip


def _line(
    what: str, ours: Sequence[Lived], theirs: Sequence[Lived], number: Callable[[Lived], float], *, aim: str = "",
    met: bool | None = None,
) -> Line:  # fmt: skip
    """`theirs`: always the one who knows most. Means over the years."""
    one, other = mean(map(number, ours)), mean(map(number, theirs))
    return Line(
        what=what, ours=f"{one:.2f}", theirs=f"{other:.2f} (whoever knows most)", ratio=one / other if other else None,
        aim=aim, met=met,
    )  # fmt: skip
