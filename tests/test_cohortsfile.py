"""The file of cohorts: the examples are right, and of every mistake it is told where it stands."""

from datetime import date
from typing import Final

import pytest

from bot import cohortsfile, shipped
from bot.cohorts import Intern, Program
from bot.model import Level
from bot.problems import ConfigError

WHOLE: Final = """\
cohorts:
  - id: winter
    name: Winter
    program: outreachy
    contributions: {first: 2026-11-16, last: 2026-12-11}
    mentors: [grace]
    tasks: {label: outreachy}
    channel: https://example.org/chat
    interns:
      - {login: ada, issue: hub#12}
"""


def test_what_is_left_out_has_a_value() -> None:
    [winter] = cohortsfile.parse("cohorts.yml", WHOLE.encode())
    assert (winter.takers, winter.levels, winter.program) == (
        3,
        frozenset({Level.STARTER, Level.MEDIUM}),
        Program.OUTREACHY,
    )
    assert (winter.sync, winter.sheet_repo, winter.guide_repo) == (date(2026, 11, 30), None, None)
    assert winter.interns == (Intern(login="ada", repo="hub", number=12),)


def test_a_short_round_talks_on_its_last_day() -> None:
    [short] = cohortsfile.parse("cohorts.yml", WHOLE.replace("2026-12-11", "2026-11-18").encode())
    assert short.sync == date(2026, 11, 18)


@pytest.mark.parametrize("file", [shipped.COHORTS, shipped.EXAMPLES / "cohorts.yml"], ids=["default", "example"])
def test_a_shipped_file_can_be_used(file: object) -> None:
    cohortsfile.parse(str(file), shipped.COHORTS.parent.joinpath(str(file)).read_bytes())


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        pytest.param("id: winter", "id: The Winter", 2, "small letters, digits and hyphens", id="id"),
        pytest.param("program: outreachy", "program: camp", 4, "", id="program"),
        pytest.param("first: 2026-11-16", "first: 2026-12-16", 5, "cannot come after the last", id="days"),
        pytest.param("mentors: [grace]", "mentors: []", 6, "", id="nobody mentors"),
        pytest.param("label: outreachy", "label: outreachy, takers: 0", 7, "", id="no takers"),
        pytest.param("https://example.org/chat", "chat", 8, "", id="no address"),
        pytest.param("hub#12", "hub-12", 10, "named like hub#12", id="issue"),
        pytest.param("    interns:", "    sync: 2027-01-01\n    interns:", 9, "within the contribution", id="sync"),
    ],
)
def test_where_a_mistake_stands(right: str, wrong: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as error:
        cohortsfile.parse("cohorts.yml", WHOLE.replace(right, wrong).encode())
    problem = error.value.problems[0]
    assert problem.line == line
    assert what in problem.what


def test_ids_are_told_apart() -> None:
    with pytest.raises(ConfigError, match=r"cohorts\.yml:11:.*the same id, winter"):
        cohortsfile.parse("cohorts.yml", (WHOLE + WHOLE.partition("\n")[2]).encode())
