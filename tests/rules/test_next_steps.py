"""Thanks for a later merge, and next steps, as a table."""

from datetime import timedelta
from typing import Any

import pytest

from bot.effects import Effect, Learn, Question, Quiet, Say
from bot.looking import ThreadLook
from bot.model import ThreadKind
from bot.policytypes import Mode
from bot.rules import decide, next_steps
from tests.rules.scenes import ADA, DEFAULTS, GOAT, NOW, look, policy
from tests.rules.test_eligible import MARY, opening

MERGED: dict[str, Any] = {
    "kind": ThreadKind.PULL_REQUEST,
    "is_open": False,
    "merged_at": NOW - timedelta(days=1),
    "merged_before": True,
    "seeker": MARY,
    "openings": (opening(), opening(13)),
}


def scene(**changes: Any) -> ThreadLook:
    return look(**MERGED | changes)


def wished(where: ThreadLook) -> Effect:
    [effect] = next_steps.decide(where, DEFAULTS, NOW)
    return effect


def test_next_steps_are_named() -> None:
    say = wished(scene())
    assert isinstance(say, Say)
    assert (say.key, say.template, say.to) == ("next_steps/1/7/2026-11-22", "next-steps", ADA)
    assert say.values == {
        "organisation": "alpine-tools",
        "first": {"issue": "alpine-tools/trail-maps#12", "level": "medium"},
        "second": {"issue": "alpine-tools/trail-maps#13", "level": "medium"},
        "third": None,
        "fourth": None,
        "fifth": None,
        "claims": True,
        "days": 30,
    }


@pytest.mark.parametrize("most", [1, 3, 5])
def test_no_more_than_configured(most: int) -> None:
    where = scene(openings=tuple(opening(number) for number in range(12, 20)))
    [say] = next_steps.decide(where, policy(next_steps={"most": most}, claims={"mode": Mode.OFF}), NOW)
    assert isinstance(say, Say)
    assert sum(isinstance(value, dict) for value in say.values.values()) == most
    assert not say.values["claims"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"author": GOAT}, "is a bot", id="a-bot"),
        pytest.param({"is_team": True}, "belongs to the organisation", id="a-member"),
        pytest.param({"opted_out": True}, "asked to be left alone", id="opted-out"),
        pytest.param({"merged_at": NOW - timedelta(days=8)}, "later than 1 week after", id="late"),
        pytest.param({"merged_before": False}, "is the first merged", id="first-merge"),
        pytest.param({"said_here": frozenset({"next_steps/1/7/2026-11-22"})}, "were told here", id="said"),
        pytest.param({"said": frozenset({"next_steps/1/7/2026-11-22"})}, "told within 30 days", id="same-day"),
        pytest.param({"said": frozenset({"next_steps/1/7/2026-11-01"})}, "told within 30 days", id="of-late"),
        pytest.param({"seeker": None}, "no issue fits ada", id="nobody-knows-what-there-is"),
        pytest.param({"openings": (opening(taken=True),)}, "no issue fits ada", id="nothing-fits"),
        pytest.param({"merged_before": None, "past_hidden": True}, "GitHub does not tell", id="hidden-past"),
    ],
)
def test_otherwise_nothing_is_said(changes: dict[str, Any], why: str) -> None:
    quiet = wished(scene(**changes))
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


def test_what_is_not_merged_does_not_concern_it() -> None:
    assert next_steps.decide(scene(merged_at=None), DEFAULTS, NOW) == []


def test_after_a_while_they_are_told_again() -> None:
    assert isinstance(wished(scene(said=frozenset({"next_steps/1/7/2026-10-01", "next_steps/2/7/2026-11-22"}))), Say)
    thanked = frozenset({"thanks/merge/1/7/2026-11-20"})
    assert isinstance(wished(scene(said=thanked)), Say)  # it was not really said
    assert isinstance(wished(scene(said=thanked, done=thanked)), Quiet)


@pytest.mark.parametrize(
    ("changes", "question"), [({"is_team": None}, Question.TEAM), ({"merged_before": None}, Question.PAST)]
)
def test_what_is_not_known_is_asked_for(changes: dict[str, Any], question: Question) -> None:
    learn = wished(scene(**changes))
    assert isinstance(learn, Learn)
    assert learn.question is question


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, True),
        ({"is_team": None, "merged_before": None}, True),
        ({"merged_at": None}, False),
        ({"merged_at": NOW - timedelta(days=8)}, False),
        ({"said_here": frozenset({"next_steps/1/7/2026-11-22"})}, False),
        ({"is_team": True}, False),
        ({"merged_before": False}, False),
    ],
)
def test_what_there_is_has_to_be_known_only_after_a_later_merge(changes: dict[str, Any], needed: bool) -> None:
    assert next_steps.concerns(scene(**changes), NOW) is needed


def test_it_is_only_recorded_until_somebody_switches_it_on() -> None:
    said = [effect for effect in decide(scene(), DEFAULTS, NOW) if isinstance(effect, Say)]
    assert [(say.rule, say.aloud) for say in said] == [("next_steps", False)]
