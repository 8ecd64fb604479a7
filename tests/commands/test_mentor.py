"""`/mentor`: what is read from it, however people write it, and what is answered."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.commands.mentor import Off, On, Show, Wrong, is_off, read
from bot.effects import Effect, JoinMentors, React, Say
from bot.looking import Asker
from bot.mentors import Terms, Wants
from bot.model import PersonId, Request
from bot.policy import Area
from bot.rules import answers
from tests.rules.scenes import ADA, DEFAULTS, NOW, look

AREAS: Final = (Area(name="auth", labels=("area: auth",)), Area(name="documentation", labels=("docs",)))
BEFORE: Final = Terms(areas=("auth",), up_to=2, zone="Europe/Berlin", languages=("es",), mentored=True)


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("", Show()),
        ("show", Show()),
        ("off", Off()),
        ("stop, please", Off()),
        ("on", On({})),
        (
            "on areas: auth, docs; up to 2; tz: Europe/Berlin; languages: en, es; part: co-mentor; mentored before",
            On({"areas": ("auth", "documentation"), "up_to": 2, "zone": "Europe/Berlin", "languages": ("en", "es"),
                "wants": Wants.CO_MENTOR, "mentored": True}),
        ),
        ("on languages: en; areas: auth", On({"languages": ("en",), "areas": ("auth",)})),
        ("ON\nmax 2\ntz europe/berlin", On({"up_to": 2, "zone": "Europe/Berlin"})),
        ("on auth", On({"areas": ("auth",)})),
        ("on up to two people at a time", On({"up_to": 2})),
        ("on mentored: no", On({"mentored": False})),
        ("on never mentored", On({"mentored": False})),
        ("on part: lead", On({"wants": Wants.LEAD})),
        ("on areas: cooking", Wrong.AREA),
        ("on up to 0", Wrong.NUMBER),
        ("on up to 99", Wrong.NUMBER),
        ("on up to many", Wrong.NUMBER),
        ("on tz: Atlantis", Wrong.ZONE),
        ("on languages: english", Wrong.LANGUAGE),
        ("on part: boss", Wrong.PART),
        ("on mentored: perhaps", Wrong.WORDS),
        ("on never mentored perhaps", Wrong.WORDS),
    ],
)  # fmt: skip
def test_what_is_read(args: str, wish: object) -> None:
    assert read(args, AREAS) == wish


def test_where_there_are_no_areas_words_that_are_none_are_not_called_one() -> None:
    assert read("on cooking", ()) is Wrong.WORDS


@given(st.text(max_size=200))
def test_whatever_is_written_is_read(text: str) -> None:
    wish = read(text, AREAS)
    assert isinstance(wish, Show | Off | On | Wrong)
    assert is_off(text) == isinstance(wish, Off)


@given(st.permutations(["areas: auth", "up to 3", "tz: UTC", "languages: en", "part: lead", "mentored before"]),
       st.sampled_from(["; ", ", ", "\n", " "]))  # fmt: skip
def test_the_order_and_what_stands_between_do_not_matter(pieces: list[str], between: str) -> None:
    wish = read(f"on {between.join(pieces)}", AREAS)
    assert isinstance(wish, On)
    assert wish.over(None) == Terms(
        areas=("auth",), up_to=3, zone="UTC", languages=("en",), wants=Wants.LEAD, mentored=True
    )  # fmt: skip


def answered(
    args: str, known: Terms | None = None, *, belongs: bool | None = True, released: frozenset[PersonId] = frozenset()
) -> list[Effect]:
    asked = Request("mentor", args, ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
    scene: dict[str, Any] = {"requests": (asked,), "askers": {ADA.id: Asker(belongs=belongs)}}
    chosen = DEFAULTS.model_copy(update={"areas": AREAS})
    return answers.decide(look(**scene, mentors={ADA.id: known}, released=released), chosen, NOW)


def test_what_is_named_changes_and_the_rest_stays() -> None:
    _, order, say, react = answered("on up to 1", BEFORE)
    assert isinstance(order, JoinMentors)
    assert isinstance(react, React)
    assert order.terms == Terms(
        areas=("auth",), up_to=1, zone="Europe/Berlin", languages=("es",), mentored=True
    )  # fmt: skip
    assert isinstance(say, Say)
    assert react.content == "+1"


@pytest.mark.parametrize("language", words.languages())
def test_who_is_not_asked_just_now_is_told_so_and_not_why(language: str) -> None:
    """They were let go: anybody can read it."""
    texts = []
    for released in (frozenset({ADA.id}), frozenset[PersonId]()):
        [say] = [one for one in answered("", BEFORE, released=released) if isinstance(one, Say)]
        texts.append(words.render(replace(say, language=language)))
    now = {"en": "Just now you are not asked: `/mentor on`", "es": "Ahora mismo no te pregunto: `/mentor on`"}[language]
    assert [now in text for text in texts] == [True, False]


@pytest.mark.parametrize("args", ["", "on languages: en"], ids=["shown", "noted"])
def test_how_many_and_where_on_earth_is_told_to_nobody(args: str) -> None:
    [say] = [one for one in answered(args, BEFORE) if isinstance(one, Say)]
    text = words.render(say)
    assert "auth" in text
    assert not [secret for secret in ("Berlin", "up to", "2", "@") if secret in text]


def test_whoever_left_may_still_end_it() -> None:
    _, order, react = answered("off", BEFORE, belongs=False)
    assert isinstance(order, JoinMentors)
    assert isinstance(react, React)
    assert (order.terms, react.content) == (None, "+1")


def test_only_members_may_begin() -> None:
    assert not [one for one in answered("on", belongs=False) if isinstance(one, JoinMentors)]


@pytest.mark.parametrize("args", ["on up to 99", "on areas: cooking", "on tz: Atlantis", "on part: boss"])
def test_a_mistake_changes_nothing_and_gets_a_reply(args: str) -> None:
    _, say, react = answered(args, BEFORE)
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (react.content, say.template) == ("confused", "answer-mentor-mistake")
    assert "Nothing was changed" in words.render(say)
