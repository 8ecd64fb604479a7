"""What `/stepping-down` and `/welcome-back` make of the words behind them, and what is kept of these."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import stepping_down, welcome_back
from bot.commands.stepping_down import Back, Wish, Wrong, read

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MARCH = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("args", "wish", "kept"),
    [
        ("", Wish(), ""),
        ("now, please", Wish(), ""),
        ("for now", Wish(), ""),
        ("for a while", Wish(), ""),
        ("from everything", Wish(), ""),
        ("from all repos", Wish(), ""),
        ("from huts", Wish(repos=("huts",)), "from huts"),
        ("from huts because I am ill", Wish(repos=("huts",)), "from huts"),
        ("from the huts repo and trail-maps, thanks", Wish(repos=("huts", "trail-maps")), "from huts, trail-maps"),
        ("From alpine-tools/Huts & .github.", Wish(repos=("huts", ".github")), "from huts, .github"),
        ("from huts until 2027-03-01", Wish(repos=("huts",), until=MARCH), "from huts until 2027-03-01"),
        ("until 2027-03, from huts", Wish(repos=("huts",), until=MARCH), "from huts until 2027-03"),
        ("for 3 months", Wish(until=NOW + timedelta(days=90)), "for 3 months"),
        ("for a year from huts", Wish(repos=("huts",), until=NOW + timedelta(days=365)), "from huts for a year"),
        ("because of life, for good", Wish(for_good=True), "for good"),
        ("forever", Wish(for_good=True), "forever"),
        ("on behalf of @Ada-L from huts", Wish(login="ada-l", repos=("huts",)), "@ada-l from huts"),
        ("for @ada for 3 weeks", Wish(login="ada", until=NOW + timedelta(days=21)), "@ada for 3 weeks"),
        ("because I am ill", Wrong.WORDS, "?"),
        ("huts", Wrong.WORDS, "?"),
        ("from", Wrong.WORDS, "?"),
        ("from @ada", Wrong.WORDS, "?"),
        ("@ada off", Wrong.WORDS, "?"),
        ("until spring", Wrong.DURATION, "until"),
        ("until 2027-02-30", Wrong.DURATION, "until 2027-02-30"),
        ("for 3 fortnights", Wrong.DURATION, "until"),
        ("for a bit", Wrong.DURATION, "until"),
        ("until 2020-01-01", Wrong.PAST, "until 2020-01-01"),
        ("for 9000 days", Wrong.LONG, "for 9000 days"),
        ("for 9999 years", Wrong.LONG, "for 9999 years"),
    ],
)
def test_what_somebody_wishes_and_what_is_kept_of_it(args: str, wish: Wish | Wrong, kept: str) -> None:
    assert read(args, NOW) == wish
    assert stepping_down.usable(args) == kept
    assert read(kept, NOW) == wish


def test_they_are_back() -> None:
    assert isinstance(read("Off, please.", NOW), Back)
    assert stepping_down.usable("off") == "off"


@pytest.mark.parametrize(
    ("args", "login"),
    [("@Ada", "ada"), ("ada!", "ada"), ("dear @ada, we missed you", "ada"), ("", None), ("¡bravo!", None)],
)
def test_who_is_back(args: str, login: str | None) -> None:
    assert welcome_back.read(args) == login
