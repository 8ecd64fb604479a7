"""Notes of meetings: who was there, and when."""

from datetime import date
from typing import Final

import pytest

from bot.teamfile import meetings, notes
from bot.teamfile.meetings import Seen
from tests.test_hostile_files import bounded

NOTES: Final = """\
# Notes of 2026

- someone@alpine.example keeps them, ask @nobody

## 2026-05-19

### Check-in

- Ada Lovelace / @ada / Alpine University
- Grace/@Grace/ `@nobody`
- (after the fact) Linus (he/him) / @linus
- @ada

### Agenda

- what @nobody asked, see https://github.com/@nobody
- Get reviews
#### Breakout
- @nobody will write

## April 21st, 2026

| Name | Login |
|------|-------|
| Ada  | @ada  |

@nobody could not come.

## Appendix

* @edsger
"""


def test_those_who_were_there_are_known_by_the_day() -> None:
    may, april = date(2026, 5, 19), date(2026, 4, 21)
    assert meetings.seen("docs/meetings/2026.md", NOTES) == [
        Seen("ada", may), Seen("Grace", may), Seen("linus", may), Seen("ada", april)
    ]  # fmt: skip


def test_the_day_in_the_name_counts_for_all_of_it() -> None:
    found = meetings.seen(
        "notes/2026-03-05-hub.md", "# Hub, 2020-01-01\n- @ada\n# Next on March 19, 2026\n- @ada\n- @linus"
    )
    assert found == [Seen("ada", date(2026, 3, 5)), Seen("linus", date(2026, 3, 5))]
    assert meetings.seen("notes.md", "- \n*  \n-\n|\n- @ada") == [Seen("ada", None)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/03/05: the hub", date(2026, 3, 5)),
        ("hub_2026_03_05.md", date(2026, 3, 5)),
        ("Thursday, March 5, 2026", date(2026, 3, 5)),
        ("mar. 5th 2026", date(2026, 3, 5)),
        ("5 March 2026", date(2026, 3, 5)),
        ("2026-02-30, 2026-03-01", date(2026, 3, 1)),
        ("March 2026", None),
        ("12026-03-051", None),
        ("notes", None),
    ],
)
def test_a_day_is_written_in_many_ways(text: str, day: date | None) -> None:
    assert meetings.day_in(text) == day


def test_the_newest_notes_are_read_first() -> None:
    paths = ["m/2025-01-01.md", "m/index.md", "m/2026-01-01.md", "m/2026-02-01.png", "other/2026-03-01.md"]
    assert notes.newest(paths, ["m/*"]) == ["m/2026-01-01.md", "m/2025-01-01.md", "m/index.md"]


@pytest.mark.parametrize(
    "line", ["- " + "@" * 900_000, "- @a " * 180_000, "# " + "5 march " * 110_000, "- `" * 300_000]
)
def test_notes_that_are_meant_to_do_harm_take_no_time(line: str) -> None:
    with bounded():
        assert len(meetings.seen("x.md", f"{line}\n- @ada\n" + "- @ada\n" * 10_000)) <= 2
