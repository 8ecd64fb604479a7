"""A thank-you is told as a story, in words that count nobody and say nothing of whether somebody is still there."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.gratitude import Deeds
from bot.model import Doing
from bot.rules import story
from bot.words import Shown
from tests.rules.scenes import ADA, NOW
from tests.rules.test_thanks import BARE, DEEDS, MARK

CROWDED: Final = replace(
    DEEDS, repos=tuple("gfedcba"), areas=("auth", "docs"), did=frozenset(Doing), welcomed=3, mentored=200
)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, None), (1, None), (2, "few"), (7, "few"), (8, "dozen"), (19, "dozen"), (20, "dozens"), (100, "hundreds")],
)
def test_people_are_not_counted(count: int, told: str | None) -> None:
    assert story.size(count) == told


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        pytest.param(CROWDED, {"repos": "c, d, e, f, g", "more_repos": True}, id="where-most-was-done-by-the-alphabet"),
        pytest.param(DEEDS, {"repos": "huts, trail-maps", "more_repos": False, "areas": "documentation"}, id="few"),
        pytest.param(BARE, {"areas": None, "welcomed": None, "mentored": None, "first": None}, id="little"),
        pytest.param(replace(DEEDS, discussed=MARK), {"discussed": None}, id="nothing-twice"),
    ],
)
def test_what_is_told(deeds: Deeds, expected: dict[str, Any]) -> None:
    assert story.values(ADA, deeds).items() >= expected.items()


@pytest.mark.parametrize(
    ("url", "plain", "end"),
    [
        ("https://github.com/a/b/issues/3", False, "https://redirect.github.com/a/b/issues/3"),
        ("https://github.com/a/b/issues/3", True, "https://github.com/a/b/issues/3"),
        ("https://ghe.example.org/a/b/issues/3", False, "https://ghe.example.org/a/b/issues/3"),
    ],
)
def test_a_link_leaves_no_mark(url: str, plain: bool, end: str) -> None:
    deeds = replace(DEEDS, first=replace(MARK, url=url))
    assert story.values(ADA, deeds, plain=plain)["first"] == {"name": MARK.name, "url": end}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("deeds", [DEEDS, CROWDED, BARE], ids=["full", "crowded", "bare"])
def test_it_reads_well_and_says_nothing_of_leaving(language: str, deeds: Deeds) -> None:
    shown: dict[str, Shown] = {"story": story.values(ADA, deeds), "organisation": "alpine-tools"}
    text = words.document("story-post", language, shown)
    told = text.partition("<sub>")[0]
    assert "`ada`" in told
    assert f"{deeds.since:%Y}" in told
    assert not re.search(r"@|\n\n\n|None|  | [.,]", text)
    assert not re.search(
        r"step|left|leav|farewell|goodbye|inactiv|used to|dej[aó]|despedi|adiós|antes", told, re.IGNORECASE
    )
    assert words.document("story-title", language, {"name": "linus_acme"}).strip().endswith("`linus_acme`")


def test_nothing_is_told_of_who_did_nothing() -> None:
    assert Deeds().is_empty
    assert replace(BARE, did=frozenset()).is_empty
    assert not replace(BARE, since=NOW - timedelta(days=9)).is_empty
