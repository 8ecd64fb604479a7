"""What stands behind `/level` and `/pointers`: every form, and what is wrong with the others."""

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from bot.commands import given
from bot.commands.given import Given
from bot.commands.level import Mistake, Why, Wish, read
from bot.model import Level
from bot.policy import Area, Levels

LEVELS = Levels(
    starter=("good first issue", "Beginner friendly"), medium=("difficulty: medium",), advanced=("needs expertise",)
)
AREAS = (
    Area(name="documentation", labels=("docs",)),
    Area(name="Log in", labels=("area: auth", "docs, old")),
    Area(name="tests"),
    Area(name="another", labels=("tests",)),
)


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("medium", Wish(Level.MEDIUM)),
        ("Medium.", Wish(Level.MEDIUM)),
        ("MEDIUM, please!", Wish(Level.MEDIUM)),
        ("mediums", Wish(Level.MEDIUM)),
        ("medium issue", Wish(Level.MEDIUM)),
        ("starters", Wish(Level.STARTER)),
        ("advanced", Wish(Level.ADVANCED)),
        ("none", Wish(None)),
        ("None, thanks.", Wish(None)),
        ("good first", Wish(Level.STARTER)),
        ("good first issues", Wish(Level.STARTER)),
        ('"good first issue"', Wish(Level.STARTER)),
        ("`difficulty: medium`", Wish(Level.MEDIUM)),
        ("beginner  friendly", Wish(Level.STARTER)),
        ("needs expertise", Wish(Level.ADVANCED)),
        ("medium documentation", Wish(Level.MEDIUM, ("documentation",))),
        ("medium docs", Wish(Level.MEDIUM, ("documentation",))),
        ("medium log in", Wish(Level.MEDIUM, ("Log in",))),
        ("medium area: auth", Wish(Level.MEDIUM, ("Log in",))),
        ("medium docs, old", Wish(Level.MEDIUM, ("Log in",))),
        ("medium docs, log in", Wish(Level.MEDIUM, ("documentation", "Log in"))),
        ("good first issue docs documentation", Wish(Level.STARTER, ("documentation",))),
        ("medium in area docs and log in", Wish(Level.MEDIUM, ("documentation", "Log in"))),
        ("none tests", Wish(None, ("tests",))),
    ],
)
def test_what_can_be_wished_for(args: str, wish: Wish) -> None:
    assert read(args, LEVELS, AREAS) == wish


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ("", Why.LEVEL),
        ("please", Why.LEVEL),
        ("hard", Why.LEVEL),
        ("documentation", Why.LEVEL),
        ("the level is medium", Why.LEVEL),
        ("medium or so", Why.AREA),
        ("medium kitchen", Why.AREA),
        ("medium docs kitchen", Why.AREA),
        ("medium starter", Why.AREA),
    ],
)
def test_what_is_no_wish(args: str, why: Why) -> None:
    assert read(args, LEVELS, AREAS) == Mistake(why)


def test_the_name_of_a_level_counts_more_than_a_label() -> None:
    odd = Levels(starter=("advanced",), medium=("none",), advanced=())
    assert read("advanced", odd, ()) == Wish(Level.ADVANCED)
    assert read("none", odd, ()) == Wish(None)


@pytest.mark.parametrize(
    ("wish", "written"),
    [
        (Wish(Level.MEDIUM), "/level medium"),
        (Wish(None), "/level none"),
        (Wish(Level.STARTER, ("documentation", "Log in")), "/level starter documentation, Log in"),
    ],
)
def test_how_somebody_else_wishes_for_the_same(wish: Wish, written: str) -> None:
    assert wish.written() == written
    assert read(written.removeprefix("/level "), LEVELS, AREAS) == wish


@supposing(args=st.text())
def test_anything_can_be_read(args: str) -> None:
    assert isinstance(read(args, LEVELS, AREAS), Wish | Mistake)
    assert isinstance(given.read(args), Given)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("outcome where try ask=ada", Given(("outcome", "where", "try", "ask"), "ada")),
        ("try outcome", Given(("outcome", "try"))),
        ("ask=Ada-L", Given(("ask",), "ada-l")),
        ("ask", Given(("ask",))),
        ("where where=x", Given(("where",))),
        ("", Given(())),
        ("something else", Given(())),
    ],
)
def test_which_pointers_are_given(args: str, told: Given) -> None:
    assert given.read(args) == told
