"""What rests on one person, what of that is an alarm, who could come after, and what is told when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.model import Doing, Person, PersonId
from bot.rules import succession
from bot.stewards import Alarm, Around, Deeds, Grown, Kept, Place, Told
from tests.rules.scenes import DEFAULTS, MAPS, NOW, policy

DAY: Final = timedelta(days=1)
ADA, GRACE, LINUS, MARY = (Person(PersonId(100 + n), name) for n, name in enumerate(("ada", "grace", "linus", "mary")))
HERE: Final = Place(repo=MAPS)
DOCS: Final = Place(area="docs")
HALF: Final = 0.5


def did(who: Person, number: int = 0, *, lately: int = 0, landed: int = 0, **counts: int) -> Deeds:
    """So many reviews, and whatever else."""
    all_ = {Doing.REVIEW: number} | {Doing(name): count for name, count in counts.items()}
    return Deeds(person=who, counts=all_, lately=lately, landed=landed, last=NOW - 30 * DAY)


def kept(*deeds: Deeds, place: Place = HERE, days: int = 30) -> Kept:
    return Kept(place=place, deeds=deeds, last=NOW - days * DAY)


def ids(*who: Person) -> frozenset[PersonId]:
    return frozenset(one.id for one in who)


@pytest.mark.parametrize(
    ("numbers", "factor"),
    [
        pytest.param([], 0, id="nobody"),
        pytest.param([0, 0], 0, id="nothing"),
        pytest.param([10], 1, id="one"),
        pytest.param([5, 5], 2, id="half is not more than half"),
        pytest.param([4, 6], 1, id="the order does not matter"),
        pytest.param([3, 3, 3, 1], 2, id="two of four"),
        pytest.param([1] * 9, 5, id="nine alike"),
    ],
)
def test_the_bus_factor_is_the_size_of_the_smallest_set_with_more_than_half(numbers: list[int], factor: int) -> None:
    people = [Person(PersonId(n + 1), f"p{n}") for n in range(len(numbers))]
    assert succession.bus_factor(kept(*map(did, people, numbers))) == factor


@given(some.lists(some.integers(0, 50), max_size=8))
def test_whoever_works_on_more_never_makes_the_bus_factor_larger_for_the_first(numbers: list[int]) -> None:
    people = [Person(PersonId(n + 1), f"p{n}") for n in range(len(numbers) + 1)]
    before = succession.bus_factor(kept(*map(did, people, [10, *numbers])))
    after = succession.bus_factor(kept(*map(did, people, [10 + sum(numbers) + 1, *numbers])))
    assert 1 == after <= before


RESTING: Final = [
    pytest.param([did(ADA, 10)], {}, "ada", id="all is hers"),
    pytest.param([did(ADA, 9)], {}, None, id="too little to tell"),
    pytest.param([did(ADA, 4, merge=3, triage=2, commit=1)], {}, "ada", id="of all kinds"),
    pytest.param([did(ADA, comment=99)], {}, None, id="comments keep nothing going"),
    pytest.param([did(ADA, 10), did(GRACE, 10)], {}, None, id="half is not more than half"),
    pytest.param([did(GRACE, 9), did(ADA, 12)], {}, "ada", id="the larger part"),
    pytest.param([did(ADA, 90), did(GRACE, 10, lately=5)], {}, None, id="another could go on"),
    pytest.param([did(ADA, 90), did(GRACE, 10, lately=4)], {}, "ada", id="another did too little of late"),
    pytest.param([did(ADA, 90), did(GRACE, 10, lately=5)], {"fading": ids(GRACE)}, "ada", id="who fades as well"),
    pytest.param([did(ADA, 90), did(GRACE, 10, lately=5)], {"long_away": ids(GRACE)}, "ada", id="who is away for long"),
    pytest.param([did(ADA, 90), did(GRACE, 10, lately=5)], {"away": ids(GRACE)}, None, id="who is away for a week"),
    pytest.param(
        [did(ADA, 90), did(GRACE, 10, lately=5)], {"stepped_back": ids(GRACE)}, "ada", id="who has stepped back"
    ),
    pytest.param(
        [did(ADA, 90), did(GRACE, 10, lately=5)], {"stepped_back_from": {GRACE.id: frozenset({"trail-maps"})}}, "ada",
        id="who has stepped back from here",
    ),
    pytest.param(
        [did(ADA, 90), did(GRACE, 10, lately=5)], {"stepped_back_from": {GRACE.id: frozenset({"huts"})}}, None,
        id="who has stepped back elsewhere",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("deeds", "around", "who"), RESTING)
def test_what_rests_on_one_person(deeds: list[Deeds], around: dict[str, Any], who: str | None) -> None:
    found = succession.rests_on(kept(*deeds), Around(**around), HALF)
    assert (found.person.login if found else None) == who


@pytest.mark.parametrize(
    ("around", "days", "told"),
    [
        pytest.param({}, 30, None, id="whoever carries it and is well is no alarm"),
        pytest.param({"fading": ids(ADA)}, 30, "fewer", id="there is less and less"),
        pytest.param({"fading": ids(ADA)}, 365, None, id="nothing happens there any more"),
        pytest.param({"stepped_back": ids(ADA)}, 30, "soon", id="stepped back"),
        pytest.param({"stepped_back_from": {ADA.id: frozenset({"trail-maps"})}}, 30, "soon", id="from here"),
        pytest.param({"away": ids(ADA)}, 30, None, id="a holiday"),
        pytest.param({"long_away": ids(ADA)}, 30, "soon", id="away for long"),
        pytest.param({"long_away": ids(ADA), "fading": ids(ADA)}, 30, "soon", id="that they are away is not told"),
        pytest.param({"fading": ids(GRACE)}, 30, None, id="somebody else fades"),
    ],
)
def test_what_is_an_alarm(around: dict[str, Any], days: int, told: str | None) -> None:
    found = [*succession.alarms([kept(did(ADA, 20), did(GRACE, 5), days=days)], Around(**around), HALF, NOW)]
    assert [("fewer" if one.fewer else "soon") for one in found] == ([told] if told else [])
    assert all(one.person == ADA for one in found)


def test_nobody_steps_back_from_an_area_by_stepping_back_from_a_repository() -> None:
    around = Around(stepped_back_from={ADA.id: frozenset({"docs"})})
    assert [*succession.alarms([kept(did(ADA, 20), place=DOCS)], around, HALF, NOW)] == []


def test_a_place_of_which_nothing_is_known_is_no_alarm() -> None:
    assert [*succession.alarms([Kept(place=HERE)], Around(fading=ids(ADA)), HALF, NOW)] == []


ALL: Final = kept(did(ADA, 90), did(GRACE, 5, lately=2), did(LINUS, 1, landed=9), did(MARY, triage=3))


def chosen(known: Kept = ALL, grown: Any = None, named: Any = None, by: Any = DEFAULTS, **around: Any) -> list[str]:
    there = {"active": ids(ADA, GRACE, LINUS, MARY)} | around
    found = succession.heirs(known, ADA.id, Around(**there), grown or {}, by, named=named or {})
    return [one.person.login for one in found]


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        pytest.param({}, ["linus", "grace", "mary"], id="the nearest first"),
        pytest.param({"active": ids(ADA, GRACE)}, ["grace"], id="only who was active of late"),
        pytest.param({"away": ids(LINUS)}, ["grace", "mary"], id="nobody who is away"),
        pytest.param({"not_named": ids(LINUS)}, ["grace", "mary"], id="nobody who wants to be left alone"),
        pytest.param({"stepped_back": ids(LINUS)}, ["grace", "mary"], id="nobody who stepped back"),
        pytest.param({"fading": ids(LINUS)}, ["grace", "mary"], id="nobody of whom there is less"),
        pytest.param({"by": policy(people={"leave_alone": ("Linus",)})}, ["grace", "mary"], id="nor by the settings"),
        pytest.param({"by": policy(succession={"people": 1})}, ["linus"], id="as many as the settings say"),
        pytest.param({"named": {LINUS.id: 1}}, ["grace", "linus", "mary"], id="whoever was named comes later"),
        pytest.param({"grown": {GRACE.id: Grown(medium=8)}}, ["grace", "linus", "mary"], id="medium issues"),
        pytest.param({"grown": {GRACE.id: Grown(mentored=1)}}, ["grace", "linus", "mary"], id="mentoring"),
    ],
)
def test_who_could_grow_into_it(asked: dict[str, Any], who: list[str]) -> None:
    assert chosen(**asked) == who


def test_whoever_would_like_to_hear_of_an_area_is_nearer_to_it() -> None:
    grown = {MARY.id: Grown(interests=frozenset({"docs"}))}
    two = kept(did(ADA, 90), did(GRACE, triage=3), did(MARY, triage=3), place=DOCS)
    assert chosen(two) == ["grace", "mary"]
    assert chosen(two, grown=grown) == ["mary", "grace"]
    assert chosen(replace(two, place=HERE), grown=grown) == ["grace", "mary"]


ALARM: Final = Alarm(place=HERE, person=ADA, fewer=True)
OTHER: Final = Alarm(place=DOCS, person=ADA, fewer=True)
EVERY: Final = 90 * DAY


def told(days: int, board: str = "one") -> Told:
    return Told(at=NOW - days * DAY, board=board)


@pytest.mark.parametrize(
    ("known", "board", "shown"),
    [
        pytest.param({}, None, [ALARM, OTHER], id="new ones open an issue"),
        pytest.param({}, "one", [ALARM, OTHER], id="new ones stand in the one that is there"),
        pytest.param({ALARM.key: told(7), OTHER.key: told(7)}, "one", [ALARM, OTHER], id="they stay there"),
        pytest.param({ALARM.key: told(7), OTHER.key: told(7)}, None, [], id="whoever closed it knows"),
        pytest.param({ALARM.key: told(7)}, None, [OTHER], id="only what is new opens another one"),
        pytest.param({ALARM.key: told(7)}, "two", [OTHER], id="and stands there alone"),
        pytest.param({ALARM.key: told(90), OTHER.key: told(89)}, None, [ALARM], id="after its time it is told again"),
    ],
)
def test_what_is_told_when(known: dict[Any, Told], board: str | None, shown: list[Alarm]) -> None:
    assert succession.shown([ALARM, OTHER], known, board, EVERY, NOW) == shown
