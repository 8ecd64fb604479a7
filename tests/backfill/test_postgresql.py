"""The past once more, with the memory in PostgreSQL."""

from pathlib import Path

import pytest

from tests import postgres
from tests.backfill import test_reading as reading
from tests.backfill.conftest import MakeUrl


@pytest.fixture
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> MakeUrl:
    return lambda stack: stack.enter_context(postgres.made("postgresql", request.config, tmp_path))


test_all_of_it = reading.test_lists_tell_what_deliveries_would_have_told
test_second_time = reading.test_the_second_time_costs_next_to_nothing
test_meanwhile = reading.test_what_happened_meanwhile_is_read_the_second_time
test_a_list_that_may_not_be_read = reading.test_a_list_that_may_not_be_read_is_told_and_the_others_are_read
