"""What is kept of the words behind a command reads the same as all of them, and tells no more."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.commands import budget, quiet_hours, until
from bot.commands.catalog import CATALOG
from bot.commands.usable import READ, usable

NOW = datetime(2026, 11, 23, tzinfo=UTC)
READERS: dict[str, Callable[[str], object]] = {
    "away": lambda args: until.read(until.plain(args), NOW),
    "budget": budget.read,
    "quiet-hours": quiet_hours.read,
}


@pytest.mark.parametrize(
    ("name", "args", "kept"),
    [
        ("away", "2 weeks, please", "2 weeks"),
        ("away", "Until 2026-12-24", "until 2026-12-24"),
        ("away", "until 2020-01-01", "until 2020-01-01"),
        ("away", "until 2026-02-30", "until 2026-02-30"),
        ("away", "17000 days", "17000 days"),
        ("away", "Off.", "off"),
        ("away", "2 weeks because my mother is in hospital", ""),
        ("budget", "1 per week", "1 per week"),
        ("budget", "none, thanks", "none"),
        ("budget", "I am ill", ""),
        ("quiet-hours", "19:00 to 09:00 Europe/Berlin", "19:00 to 09:00 europe/berlin"),
        ("quiet-hours", "in America/New York", "in america/new york"),
        ("quiet-hours", "off", "off"),
        ("quiet-hours", "I am ill", ""),
        ("quiet-hours", "19:00 to 09:00 at my mother's", ""),
        ("quiet-hours", "25:00 to 09:00 Europe/Berlin", "0"),
        ("quiet-hours", "9 o'clock, when I am ill", "0"),
        ("claim", "because I am at home", ""),
        ("forget-me", "please", ""),
        ("need-mentor", "Off.", "off"),
        ("need-mentor", "because I am new to this", ""),
        ("decline", "I am ill", ""),
        ("level", "medium", "medium"),
        ("stepping-down", "from huts because I am ill", "from huts"),
        ("welcome-back", "dear @Ada, we missed you", "@ada"),
        ("welcome-back", "", ""),
        ("no-bot", "OFF.", "OFF."),
    ],
)
def test_what_is_kept(name: str, args: str, kept: str) -> None:
    assert usable(name, args) == kept
    if read := READERS.get(name):
        assert read(kept) == read(args)


def test_commands_that_are_shown_with_words_can_use_them() -> None:
    assert {name for name, entry in CATALOG.items() if any(" " in example for example in entry.examples)} <= READ
