"""`/interested`: what is read from it, and what is answered."""

from datetime import timedelta

import pytest

from bot.commands.interested import In, Off, Unknown, read
from bot.effects import Effect, React, Say, TakeInterest
from bot.looking import Asker
from bot.model import Person, Request
from bot.policy import Area, Policy
from bot.policytypes import Mode
from bot.rules import answers
from tests.rules.scenes import ADA, DEFAULTS, GRACE, NOW, look, policy

AREAS = (
    Area(name="documentation", labels=("docs", "auth")),
    Area(name="auth", labels=("tag: oauth",)),
    Area(name="user interface"),
)
ASKED_AT = NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("", In(())),
        ("please", In(())),
        ("all", In(())),
        ("off", Off()),
        ("Off, thanks!", Off()),
        ("documentation", In(("documentation",))),
        ("Docs, auth", In(("documentation", "auth"))),
        ("docs auth docs", In(("documentation", "auth"))),
        ("auth and user interface", In(("auth", "user interface"))),
        ("in user interface, tag: oauth", In(("user interface", "auth"))),
        ("rockets", Unknown()),
        ("docs, rockets", Unknown()),
        (",", In(())),
        ("; ,;", Unknown()),
    ],
)
def test_what_is_asked_for(args: str, wish: In | Off | Unknown) -> None:
    assert read(args, AREAS) == wish


def answered(
    args: str, by: Person = ADA, *, configured: Policy = DEFAULTS, belongs: bool | None = False
) -> list[Effect]:
    asked = Request("interested", args, by, ASKED_AT, "issue_comment", 50, "NODE", to_us=True)
    scene = look(requests=(asked,), askers={by.id: Asker(belongs=belongs)})
    effects = answers.decide(scene, configured, NOW)
    assert isinstance(effects[0], React)
    assert effects[0].content == "eyes"
    return effects[1:]


@pytest.mark.parametrize(("args", "areas"), [("", ()), ("docs", ("documentation",))])
@pytest.mark.parametrize("by", [ADA, GRACE])
@pytest.mark.parametrize("mode", [Mode.ON, Mode.SHADOW])
def test_it_is_noted_and_told_what_comes_of_it(args: str, areas: tuple[str, ...], by: Person, mode: Mode) -> None:
    order, say, react = answered(args, by, configured=policy(offers={"mode": mode}))
    assert isinstance(order, TakeInterest)
    assert (order.person, order.areas, order.as_of, order.rule) == (by, areas, ASKED_AT, "answers")
    assert isinstance(say, Say)
    assert (say.template, say.mention, say.asked_for) == ("answer-interested-noted", False, True)
    assert say.values == {
        "command": "interested", "areas": ", ".join(areas) or None, "own": by == ADA, "days": 7,
        "speaks": mode is Mode.ON,
    }  # fmt: skip
    assert isinstance(react, React)
    assert react.content == "+1"


def test_it_is_taken_back() -> None:
    order, react = answered("off")
    assert isinstance(order, TakeInterest)
    assert isinstance(react, React)
    assert (order.areas, react.content) == (None, "+1")


def test_an_unknown_area_is_told_which_there_are() -> None:
    say, react = answered("rockets")
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (say.template, react.content) == ("answer-interested-areas", "confused")
    assert say.values["areas"] == "documentation, automation"
    say, _ = answered("rockets", configured=DEFAULTS.model_copy(update={"areas": ()}))
    assert isinstance(say, Say)
    assert say.values["areas"] is None


def test_whoever_belongs_is_told_that_it_is_not_for_them() -> None:
    say, react = answered("", GRACE, belongs=True)
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (say.template, react.content) == ("answer-interested-team", "confused")
