"""A level as a suggestion to maintainers, in one folded comment, where that is configured."""

from datetime import timedelta
from typing import Any

import pytest

from bot.effects import Quiet, Say
from bot.looking import ThreadLook
from bot.model import Level, ThreadKind
from bot.pathway import Suggested
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import advice
from tests.rules.scenes import ADA, DEFAULTS, MAPS, NOW, look, policy

COMMENTS = policy(advice={"mode": Mode.ON, "where": "comment"})
MEDIUM = Suggested(rung="medium", level=Level.MEDIUM, area="documentation", confidence=0.8, why=("a", "b"))
QUESTION = Suggested(rung="question", level=None, area=None, confidence=0.9, why=("a",))


def scene(**changes: Any) -> ThreadLook:
    return look(**{"suggested": MEDIUM} | changes)


def test_it_is_said_to_nobody_in_particular_and_names_the_label() -> None:
    [say] = advice.decide(scene(), COMMENTS, NOW)
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.asked_for) == ("advice", ADA, False, False)
    assert say.values == {"level": "medium", "area": "documentation", "reasons": "a; b", "label": "medium"}
    assert say.why == "it looks like medium (80%)"


def test_a_level_may_have_no_label() -> None:
    advanced = Suggested(rung="advanced", level=Level.ADVANCED, area=None, confidence=0.7, why=())
    [say] = advice.decide(scene(suggested=advanced), COMMENTS, NOW)
    assert isinstance(say, Say)
    assert say.values["label"] is None


@pytest.mark.parametrize(
    ("changes", "configured", "why"),
    [
        pytest.param({"is_open": False}, COMMENTS, "the issue is closed", id="closed"),
        pytest.param({"is_team": True}, COMMENTS, "ada belongs to the organisation", id="of-the-team"),
        pytest.param(
            {"said_here": frozenset({f"advice/{MAPS.id}/5"})}, COMMENTS, "it was suggested", id="said-already"
        ),
        pytest.param({"opened_by": None}, COMMENTS, "the issue is not new", id="of-the-past"),
        pytest.param({"created_at": NOW - timedelta(days=8)}, COMMENTS, "the issue is not new", id="old"),
        pytest.param({"labels": frozenset({"Medium"})}, COMMENTS, "it has a level", id="a-person-said-so"),
        pytest.param({"suggested": None}, COMMENTS, "no level to suggest", id="not-sure"),
        pytest.param({"suggested": QUESTION}, COMMENTS, "no level to suggest", id="a-question"),
    ],
)
def test_who_is_left_alone(changes: dict[str, Any], configured: Policy, why: str) -> None:
    [quiet] = advice.decide(scene(**changes), configured, NOW)
    assert isinstance(quiet, Quiet)
    assert quiet.why == why


def test_elsewhere_it_has_nothing_to_say() -> None:
    assert advice.decide(scene(), DEFAULTS, NOW) == []
    assert advice.decide(scene(kind=ThreadKind.PULL_REQUEST), COMMENTS, NOW) == []


def test_it_concerns_what_it_would_be_said_of() -> None:
    assert advice.concerns(scene(suggested=None), COMMENTS, NOW)
    assert not advice.concerns(scene(), DEFAULTS, NOW)
