"""The file of mentors: the examples are right, and of every mistake it is told where it stands."""

from pathlib import Path
from typing import Final

import pytest

from bot import mentorsfile, shipped
from bot.mentors import Listed, Terms
from bot.problems import ConfigError

WHOLE: Final = """\
mentors:
  - login: grace
    areas: [auth]
    up_to: 2
    timezone: Europe/Berlin
    languages: [en, pt-BR]
    part: lead
  - login: linus
"""


def test_what_is_left_out_has_a_value() -> None:
    grace, linus = mentorsfile.parse("mentors.yml", WHOLE.encode())
    assert (grace.terms.areas, grace.terms.up_to, grace.terms.zone) == (("auth",), 2, "Europe/Berlin")
    assert linus == Listed(login="linus", terms=Terms())


@pytest.mark.parametrize("file", [shipped.MENTORS, shipped.EXAMPLES / "mentors.yml"], ids=["default", "example"])
def test_a_shipped_file_can_be_used(file: Path) -> None:
    mentorsfile.parse(file.name, file.read_bytes())


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what"),
    [
        pytest.param("login: linus", "login: Grace", 8, "stands here twice", id="twice"),
        pytest.param("login: grace", "login: gr ace", 2, "", id="login"),
        pytest.param("up_to: 2", "up_to: 0", 4, "", id="nobody at a time"),
        pytest.param("Europe/Berlin", "Europe/Nowhere", 5, "", id="zone"),
        pytest.param("[en, pt-BR]", "[English]", 6, "named by its code", id="language"),
        pytest.param("part: lead", "part: leader", 7, "", id="part"),
        pytest.param("part: lead", "prt: lead", 7, "", id="setting"),
    ],
)
def test_of_a_mistake_it_is_told_where_it_stands(right: str, wrong: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        mentorsfile.parse("mentors.yml", WHOLE.replace(right, wrong).encode())
    [problem] = caught.value.problems
    assert (problem.line, what in str(problem)) == (line, True)
