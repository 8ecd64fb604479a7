"""A mentor of whom nothing was heard for long: asked once, in words that tell nobody why."""

from datetime import timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.effects import LookAgain, Quiet, Say
from bot.mentors import StillThere
from bot.rules.mentoring import still_there
from tests.rules.scenes import DEFAULTS, GRACE, ISSUE, NOW, look, policy

ASKED: Final = StillThere(person=GRACE, asked_at=NOW - timedelta(hours=1))


def test_they_are_asked_and_nothing_is_said_of_why() -> None:
    [say] = still_there.decide(look(still_there=ASKED, reachable=frozenset({GRACE.id})), DEFAULTS, NOW)
    assert isinstance(say, Say)
    assert say.must_reach, "nobody is let go for not answering what they never heard"
    assert (say.to, say.template, say.key) == (GRACE, "mentoring-still-there", ASKED.key(ISSUE.ref))
    text = words.render(say).lower()
    assert not [word for word in ("inactiv", "absen", "away", "60", "days", "long") if word in text]


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param({}, id="nobody is to be asked"),
        pytest.param({"still_there": ASKED, "said_here": frozenset({ASKED.key(ISSUE.ref)})}, id="they were asked"),
    ],
)
def test_nothing_is_to_be_said(scene: dict[str, Any]) -> None:
    assert still_there.decide(look(**scene), DEFAULTS, NOW) == []


@pytest.mark.parametrize("scene", [{"is_open": False}, {"locked": True}], ids=["closed", "locked"])
def test_nobody_is_asked_where_nothing_is_said(scene: dict[str, Any]) -> None:
    [quiet] = still_there.decide(look(still_there=ASKED, **scene), DEFAULTS, NOW)
    assert isinstance(quiet, Quiet)


def test_the_question_waits_until_they_may_be_mentioned() -> None:
    [again] = still_there.decide(look(still_there=ASKED), DEFAULTS, NOW)
    assert isinstance(again, LookAgain)


def test_whom_the_configuration_leaves_alone_is_not_asked() -> None:
    alone = policy(people={"leave_alone": ("grace",)})
    [quiet] = still_there.decide(look(still_there=ASKED, reachable=frozenset({GRACE.id})), alone, NOW)
    assert isinstance(quiet, Quiet)
