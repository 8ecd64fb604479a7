"""The stories of newcomers once more, with the memory in PostgreSQL: in calm weather, and all at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.journeys import test_forgetting as forgetting
from tests.journeys import test_left_alone as alone
from tests.journeys import test_welcome as welcome
from tests.journeys.conftest import CHAOS
from tests.stage import CALM, Manner


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with postgres.made("postgresql", request.config, tmp_path) as url:
        yield url


@pytest.fixture(params=[CALM, CHAOS], ids=lambda manner: manner.name.replace(" ", "-"))
def manner(request: pytest.FixtureRequest) -> Manner:
    chosen: Manner = request.param
    return chosen


@pytest.fixture
def mixed(manner: Manner) -> Manner:
    return manner


@pytest.fixture
def rough(manner: Manner) -> Manner:
    return manner


test_first_issue = welcome.test_ada_opens_her_first_issue_and_is_welcomed_once
test_first_of_each = welcome.test_ada_comes_with_a_topic_a_question_and_a_change_that_is_merged
test_draft = welcome.test_a_draft_is_welcomed_when_it_is_ready
test_at_the_same_moment = welcome.test_two_newcomers_and_a_member_at_the_same_moment
test_past_unread = welcome.test_who_was_here_before_the_bot_is_recognised_by_one_search
test_no_bot = welcome.test_no_bot_is_heard_everywhere_in_the_organisation
test_forgotten = forgetting.test_ada_asks_to_be_forgotten_and_is
test_budget = alone.test_nobody_is_mentioned_more_often_than_the_budget_allows
test_pace = alone.test_writes_keep_a_second_apart_and_each_newcomer_has_a_turn
test_breaker = alone.test_the_circuit_breaker_stops_the_rule_for_the_hour
