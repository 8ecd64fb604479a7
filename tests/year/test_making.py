"""A year that is made up: the same for the same seed, as busy as was measured, and nothing happens that cannot."""

from collections import Counter
from datetime import timedelta

import pytest

from benchmarks.year import rates
from benchmarks.year.flow import BEGIN, ENDINGS, OPENINGS, Act, Flow, Role, Size
from benchmarks.year.making import make

YEAR = Size(before=26)


@pytest.fixture(scope="module")
def flow() -> Flow:
    return make(YEAR)


def test_the_same_seed_makes_the_same_year(flow: Flow) -> None:
    assert make(YEAR).events == flow.events
    assert make(YEAR, seed=2).events != flow.events


def test_the_past_ends_where_the_year_begins(flow: Flow) -> None:
    assert flow.past[-1].at < BEGIN <= flow.year[0].at
    assert flow.year[-1].at < flow.end == BEGIN + timedelta(weeks=52)
    assert [*flow.past, *flow.year] == sorted(flow.events, key=lambda event: (event.at, event.thread))


def test_it_is_as_busy_as_was_measured(flow: Flow) -> None:
    opened = Counter(event.act for event in flow.year)
    issues, pulls = opened[Act.ISSUE] / 52, (opened[Act.PULL] + opened[Act.DRAFT]) / 52
    assert issues == pytest.approx(rates.ISSUES_A_WEEK, rel=0.1)
    assert pulls == pytest.approx(rates.PULLS_A_WEEK + rates.BOT_PULLS_A_WEEK, rel=0.1)


def test_pull_requests_are_opened_and_merged_by_whom_it_was_measured(flow: Flow) -> None:
    pulls = [flow.threads[event.thread] for event in flow.year if event.act in {Act.PULL, Act.DRAFT}]
    merged = {event.thread for event in flow.events if event.act is Act.MERGE}
    of_people = [pull for pull in pulls if pull.role is not Role.BOT]
    roles = Counter(pull.role for pull in of_people)
    assert roles[Role.TEAM] / len(of_people) == pytest.approx(rates.PULLS_BY_TEAM, abs=0.05)
    assert roles[Role.NEW] / len(of_people) == pytest.approx(rates.PULLS_BY_NEW, abs=0.03)
    assert sum(pull.number in merged for pull in of_people) / len(of_people) == pytest.approx(0.88, abs=0.05)


def test_a_thread_begins_with_its_opening_and_ends_once(flow: Flow) -> None:
    seen: dict[int, bool] = {}  # whether it has ended
    for event in flow.events:
        assert (event.thread in seen) is (event.act not in OPENINGS), event
        assert not seen.get(event.thread) or event.act is Act.COMMENT, event
        seen[event.thread] = seen.get(event.thread, False) or event.act in ENDINGS
    assert set(seen) == {number for number in flow.threads if number in seen}


def test_nobody_reviews_or_approves_what_is_theirs(flow: Flow) -> None:
    assert [one for one in flow.events if one.act is Act.REVIEW and one.by == flow.threads[one.thread].author] == []


def test_the_team_says_how_it_wants_to_be_reached(flow: Flow) -> None:
    said = {(event.by, event.what) for event in flow.year if event.act is Act.COMMENT}
    assert flow.people.wishes
    assert {(wish.who, wish.command) for wish in flow.people.wishes} <= said
    assert all(flow.is_team(who) for who in (*flow.people.rota, *flow.people.areas))


def test_a_small_one_is_small() -> None:
    small = make(Size(repos=2, weeks=3, before=4, pace=0.2))
    assert {thread.repo for thread in small.threads.values()} <= {0, 1}
    assert len(small.threads) < 100
