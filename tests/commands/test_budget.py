"""`/budget`: how often somebody wants to be mentioned at most, as people write it."""

import pytest

from bot.commands.budget import Budget, read


@pytest.mark.parametrize(
    ("args", "budget"),
    [
        ("1 per week", Budget(a_week=1)),
        ("1 a week", Budget(a_week=1)),
        ("1 per day", Budget(a_day=1)),
        ("1/day", Budget(a_day=1)),
        ("At most 2 times per week, please!", Budget(a_week=2)),
        ("once each week", Budget(a_week=1)),
        ("Twice a day.", Budget(a_day=2)),
        ("three every week", Budget(a_week=3)),
        ("one in a week", Budget(a_week=1)),
        ("0 per day", Budget(a_day=0)),
        ("999 per week", Budget(a_week=999)),  # more than the settings say changes nothing, and is no mistake
        ("none", Budget(a_day=0, a_week=0)),
        ("never", Budget(a_day=0, a_week=0)),
        ("0", Budget(a_day=0, a_week=0)),
        ("usual", Budget()),
        ("as usual, thanks", Budget()),
        ("default", Budget()),
        ("", None),
        ("1", None),
        ("off", None),
        ("1 per month", None),
        ("-1 per week", None),
        ("1000 per week", None),
        ("1 per week and 1 per day", None),
        ("a lot", None),
    ],
)
def test_what_is_asked_for(args: str, budget: Budget | None) -> None:
    assert read(args) == budget
