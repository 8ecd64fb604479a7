"""A year of mentoring, lived through: it is shared evenly, and who learns it comes to lead.

Two years are busy, as 200 newcomers for twelve people are, and two are calm, so that there is always a choice.
"""

from statistics import mean

import pytest

from benchmarks.mentorings import FEWER, MENTORINGS, MOST_EQUAL, Lived, best_knowing, gini, live
from bot import policyfile

YEARS = [(MENTORINGS, 1), (MENTORINGS, 2), (FEWER, 1), (FEWER, 2)]


@pytest.fixture(scope="module")
def years() -> dict[tuple[int, int], Lived]:
    return {(many, seed): live(seed, many=many) for many, seed in YEARS}


@pytest.mark.parametrize(("many", "seed"), YEARS, ids=lambda number: str(number))
def test_a_year_is_shared(years: dict[tuple[int, int], Lived], many: int, seed: int) -> None:
    year = years[many, seed]
    uneven = {kind: round(share, 3) for kind, share in year.uneven().items()}
    print(f"{many} newcomers, {len(year.pairs)} pairs; Gini {uneven}, for each place {year.uneven_in_all():.3f};")
    print(f"in one team {year.within_team():.3f}, by chance {year.within_team_by_chance():.3f}")
    assert year.over <= 0, "nobody has more than their number"
    assert year.most_asked <= policyfile.defaults().mentoring.asks
    assert max(uneven.values()) < MOST_EQUAL
    assert year.never_led() == [], "who learns it and would lead has led"
    assert len(year.asks) == 12, "nobody is forgotten"


def test_pairs_mix_at_least_as_they_would_by_lot(years: dict[tuple[int, int], Lived]) -> None:
    assert mean(y.within_team() for y in years.values()) <= mean(y.within_team_by_chance() for y in years.values())


def test_who_knows_most_is_not_asked_again_and_again(years: dict[tuple[int, int], Lived]) -> None:
    """What would come of it without a rule, where there is a choice: ours gives up little knowledge for it."""
    ours, naive = years[FEWER, 1], live(1, best_knowing, FEWER)
    assert ours.uneven_in_all() < naive.uneven_in_all() / 2
    assert naive.never_led()
    assert mean(ours.known) > 0.8 * mean(naive.known)


@pytest.mark.parametrize(
    ("asks", "unequal"), [([3, 3, 3], 0.0), ([0, 0], 0.0), ([0, 4], 0.5), ([1, 3], 0.25), ([0, 0, 0, 4], 0.75)],
    ids=["the same", "none", "one has all of two", "one has more", "one has all of four"],
)  # fmt: skip
def test_gini(asks: list[float], unequal: float) -> None:
    assert gini(asks) == pytest.approx(unequal)
