"""Who reads what an applicant of a cohort does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import PersonId, RepoId, ThreadRef
from bot.rules.reviewers import EACH, assigned, turns

A, B, C, D = (PersonId(id_) for id_ in (1, 2, 3, 4))


def people(*ids: int) -> list[PersonId]:
    return [PersonId(id_) for id_ in ids]


def loads(told: dict[PersonId, tuple[PersonId, ...]], mentors: list[PersonId]) -> list[int]:
    load = Counter(one for those in told.values() for one in those)
    return [load[one] for one in mentors]


@pytest.mark.parametrize(
    ("mentors", "given_before", "expected"),
    [
        pytest.param([A, B, C], {}, (A, B), id="two of several"),
        pytest.param([A], {}, (A,), id="as many as there are"),
        pytest.param([], {}, (), id="nobody"),
        pytest.param([A, B, C], {100: (B, C)}, (B, C), id="what was told stays"),
        pytest.param([A, C], {100: (B, C)}, (C, A), id="who left is replaced"),
        pytest.param([C], {100: (B, C)}, (C,), id="nobody is left to replace them"),
        pytest.param([A, PersonId(100), B], {}, (A, B), id="nobody reviews themselves"),
        pytest.param([A, PersonId(100)], {100: (PersonId(100), A)}, (A,), id="nor did before"),
    ],
)
def test_reviewers_of_an_applicant(
    mentors: list[PersonId], given_before: dict[int, tuple[PersonId, ...]], expected: tuple[PersonId, ...]
) -> None:
    told = {PersonId(who): those for who, those in given_before.items()}
    assert assigned(people(100), mentors, told) == {100: expected}


def test_pairs_vary() -> None:
    told = assigned(people(*range(100, 106)), [A, B, C, D], {})
    assert len({frozenset(those) for those in told.values()}) == 6


@given(
    mentors=st.integers(0, 9),
    rounds=st.lists(st.integers(0, 9), max_size=6),
)
def test_applicants_who_come_one_after_the_other_are_spread_evenly(mentors: int, rounds: list[int]) -> None:
    who, there = people(*range(1, mentors + 1)), people()
    told: dict[PersonId, tuple[PersonId, ...]] = {}
    for more in rounds:
        there += people(*range(100 + len(there), 100 + len(there) + more))
        before, told = told, assigned(there, who, told)
        assert all(told[one] == before[one] for one in before)
        assert all(len(set(those)) == min(EACH, mentors) for those in told.values())
    spread = loads(told, who)
    assert not spread or max(spread) - min(spread) <= 1


@given(
    applicants=st.integers(1, 30),
    mentors=st.integers(2, 8),
    gone=st.sets(st.integers(1, 8), max_size=8),
    late=st.integers(0, 8),
)
def test_who_is_gone_is_replaced_and_all_else_stays(applicants: int, mentors: int, gone: set[int], late: int) -> None:
    there, who = people(*range(100, 100 + applicants)), people(*range(1, mentors + 1))
    before = assigned(there, who, {})
    left = [one for one in who if one not in gone] + people(*range(50, 50 + late))
    told = assigned(there, left, before)
    for one in there:
        assert set(told[one]) <= set(left)
        assert len(set(told[one])) == len(told[one]) == min(EACH, len(left))
        assert [each for each in before[one] if each in left] == list(told[one])[: len(set(before[one]) & set(left))]


def pull(number: int) -> ThreadRef:
    return ThreadRef(RepoId(1), number)


def test_pull_requests_are_reviewed_in_turn() -> None:
    pulls = [(pull(1), PersonId(100)), (pull(2), PersonId(100)), (pull(2), PersonId(100)), (pull(3), PersonId(101))]
    found = turns(pulls, {PersonId(100): (A, B), PersonId(102): (C,)})
    assert found == {pull(1): A, pull(2): B}


@given(
    pairs=st.lists(st.sampled_from([(A, B), (A, C), (B, C)]), min_size=1, max_size=10),
    picks=st.lists(st.integers(0, 9), max_size=60),
)
def test_both_of_a_pair_review(pairs: list[tuple[PersonId, PersonId]], picks: list[int]) -> None:
    """Whoever has only one pair has no other way to be even."""
    reviewers = dict(zip(people(*range(100, 100 + len(pairs))), pairs, strict=True))
    pulls = [(pull(at), PersonId(100 + pick % len(pairs))) for at, pick in enumerate(picks)]
    found = turns(pulls, reviewers)
    assert len(found) == len(pulls)
    for ref, who in pulls:
        assert found[ref] in reviewers[who]
    if len(set(pairs)) == 1:
        load = Counter(found.values())
        assert abs(load[pairs[0][0]] - load[pairs[0][1]]) <= 1
