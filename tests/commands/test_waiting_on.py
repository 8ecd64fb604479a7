"""`/waiting-on`: what is read from it, and what comes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import words
from bot.commands.waiting_on import Mistake, Why, Wish, read
from bot.effects import CorrectWaiting, Effect, React, Say
from bot.looking import Asker
from bot.model import Person, PersonId, Request, ThreadKind
from bot.rules import answers
from bot.waiting import On
from tests.rules.scenes import ADA, DEFAULTS, GRACE, NOW, look

ISSUE, PULL, TALK = ThreadKind.ISSUE, ThreadKind.PULL_REQUEST, ThreadKind.DISCUSSION
ASKED_AT = NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("args", "kind", "wish"),
    [
        ("team", ISSUE, Wish(On.TEAM)),
        ("the team", ISSUE, Wish(On.TEAM)),
        ("author", PULL, Wish(On.AUTHOR)),
        ("the author, please!", TALK, Wish(On.AUTHOR)),
        ("Review", PULL, Wish(On.REVIEW)),
        ("a review", PULL, Wish(On.REVIEW)),
        ("for a decision", TALK, Wish(On.DECISION)),
        ("nobody.", ISSUE, Wish(On.NOBODY)),
        ("auto", ISSUE, Wish(None)),
        ("review", ISSUE, Mistake(Why.REVIEW)),
        ("review", TALK, Mistake(Why.REVIEW)),
        ("", ISSUE, Mistake(Why.WHOM)),
        ("the", ISSUE, Mistake(Why.WHOM)),
        ("triage", ISSUE, Mistake(Why.WHOM)),
        ("in progress", ISSUE, Mistake(Why.WHOM)),
        ("grace", PULL, Mistake(Why.WHOM)),
        ("team or author", PULL, Mistake(Why.WHOM)),
    ],
)
def test_whom_it_names(args: str, kind: ThreadKind, wish: Wish | Mistake) -> None:
    assert read(args, kind) == wish


def answered(args: str, by: Person = ADA, kind: ThreadKind = ISSUE) -> list[Effect]:
    asked = Request("waiting-on", args, by, ASKED_AT, "issue_comment", 50, "NODE", to_us=True)
    scene = look(requests=(asked,), askers={by.id: Asker(belongs=by == GRACE)}, kind=kind)
    seen, *effects = answers.decide(scene, DEFAULTS, NOW)
    assert isinstance(seen, React)
    assert seen.content == "eyes"
    return effects


@pytest.mark.parametrize(("args", "on"), [("team", On.TEAM), ("auto", None)])
@pytest.mark.parametrize("by", [ADA, GRACE])  # its author, and somebody who maintains
def test_it_is_noted(args: str, on: On | None, by: Person) -> None:
    order, react = answered(args, by)
    assert isinstance(order, CorrectWaiting)
    assert (order.on, order.person, order.as_of, order.rule) == (on, by, ASKED_AT, "answers")
    assert isinstance(react, React)
    assert react.content == "+1"


@pytest.mark.parametrize("language", words.languages())
@pytest.mark.parametrize(
    ("args", "kind", "mistake", "offers_review"),
    [("grace", ISSUE, "whom", False), ("", PULL, "whom", True), ("review", TALK, "review", False)],
)
def test_a_mistake_is_told_with_what_works(
    args: str, kind: ThreadKind, mistake: str, offers_review: bool, language: str
) -> None:
    say, react = answered(args, kind=kind)
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (say.template, say.mention, react.content) == ("answer-waiting-on-mistake", False, "confused")
    assert say.values == {"command": "waiting-on", "mistake": mistake, "review": offers_review}
    assert ("`/waiting-on review`" in words.render(replace(say, language=language))) is offers_review


def test_who_has_nothing_to_do_with_it_is_told_whom_to_ask() -> None:
    say, react = answered("team", Person(PersonId(77), "mary"))
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (say.template, react.content) == ("answer-not-you", "confused")
