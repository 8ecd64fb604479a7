"""What stands behind `/switchback`: every form, and what is wrong with the others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.switchback import Mistake, Mute, Pause, Resume, Status, Unmute, Why, Wish, read
from bot.commands.until import LONGEST

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("pause 2 weeks", Pause(NOW + 2 * WEEK)),
        ("pause 1 week", Pause(NOW + WEEK)),
        ("pause a week", Pause(NOW + WEEK)),
        ("pause one day", Pause(NOW + DAY)),
        ("pause an hour", Pause(NOW + HOUR)),
        ("pause 3 days", Pause(NOW + 3 * DAY)),
        ("pause for 12 hours", Pause(NOW + 12 * HOUR)),
        ("Pause  2\tWeeks.", Pause(NOW + 2 * WEEK)),
        ("pause 2 weeks, please!", Pause(NOW + 2 * WEEK)),
        ("pause 26 weeks", Pause(NOW + LONGEST)),
        ("pause until 2026-12-24", Pause(datetime(2026, 12, 24, tzinfo=UTC))),
        ("pause 2026-12-24", Pause(datetime(2026, 12, 24, tzinfo=UTC))),
        ("resume", Resume()),
        ("Resume. Thank you!", Resume()),
        ("status", Status()),
        ("mute welcome-issue", Mute("welcome-issue")),
        ("mute `welcome-issue`", Mute("welcome-issue")),
        ("mute welcome-issue.md", Mute("welcome-issue")),
        ("unmute welcome-merge, thanks", Unmute("welcome-merge")),
    ],
)
def test_what_can_be_wished_for(args: str, wish: Wish) -> None:
    assert read(args, NOW) == wish


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ("", Why.UNKNOWN),
        ("please", Why.UNKNOWN),
        ("stop", Why.UNKNOWN),
        ("resume everything", Why.UNKNOWN),
        ("status of things", Why.UNKNOWN),
        ("is a bot", Why.UNKNOWN),
        ("pause", Why.DURATION),
        ("pause 2", Why.DURATION),
        ("pause weeks", Why.DURATION),
        ("pause 2 years", Why.DURATION),
        ("pause 2.5 weeks", Why.DURATION),
        ("pause -2 weeks", Why.DURATION),
        ("pause ² weeks", Why.DURATION),
        ("pause 123456 weeks", Why.DURATION),
        ("pause until Christmas", Why.DURATION),
        ("pause until 2026-02-30", Why.DURATION),
        ("pause until 24.12.2026", Why.DURATION),
        ("pause 0 days", Why.PAST),
        ("pause until 2026-11-23", Why.PAST),
        ("pause until 0001-01-01", Why.PAST),
        ("pause 27 weeks", Why.LONG),
        ("pause 99999 weeks", Why.LONG),
        ("pause until 9999-12-31", Why.LONG),
        ("mute", Why.KIND),
        ("mute ``", Why.KIND),
        ("unmute", Why.KIND),
    ],
)
def test_what_cannot_be_understood(args: str, why: Why) -> None:
    assert read(args, NOW) == Mistake(why)


@given(st.text(max_size=200), st.sampled_from(["", "pause ", "pause until ", "mute ", "resume "]))
def test_any_words_are_read(args: str, before: str) -> None:
    wish = read(before + args, NOW)
    assert not isinstance(wish, Pause) or NOW < wish.until <= NOW + LONGEST
