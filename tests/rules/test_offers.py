"""An issue is offered, as a table."""

from dataclasses import replace

import pytest

from bot.effects import Effect, Learn, Question, Quiet, Say
from bot.looking import ThreadLook
from bot.pathway import Seeker
from bot.policytypes import Mode
from bot.rules import decide, offers
from tests.rules.scenes import ADA, DEFAULTS, GOAT, NOW, look, policy
from tests.rules.test_eligible import FITS

HERE = {"offered": (FITS,), "seeker": Seeker(person=ADA, interests=())}
KEY = "offers/100/12/7"


def wished(scene: ThreadLook) -> Effect:
    [effect] = offers.decide(scene, DEFAULTS, NOW)
    return effect


@pytest.mark.parametrize("asked", [True, False])
def test_it_is_offered(asked: bool) -> None:
    say = wished(look(**HERE | {"seeker": Seeker(person=ADA, interests=() if asked else None)}))
    assert isinstance(say, Say)
    assert (say.key, say.to, say.mention) == (KEY, ADA, True)
    assert say.values == {
        "issue": "alpine-tools/trail-maps#12", "areas": "documentation", "asked": asked, "claims": True, "days": 7,
    }  # fmt: skip


def test_without_claims_and_areas_it_says_so() -> None:
    scene = look(**HERE | {"offered": (replace(FITS, areas=frozenset()),)})
    [say] = offers.decide(scene, policy(claims={"mode": Mode.OFF}), NOW)
    assert isinstance(say, Say)
    assert (say.values["areas"], say.values["claims"]) == (None, False)


@pytest.mark.parametrize(
    ("scene", "why"),
    [
        pytest.param(look(**HERE, author=GOAT), "is a bot", id="a-bot"),
        pytest.param(look(**HERE, is_team=True), "belongs to the organisation", id="a-member"),
        pytest.param(look(**HERE, opted_out=True), "asked to be left alone", id="opted-out"),
        pytest.param(look(**HERE, locked=True), "is locked", id="locked"),
        pytest.param(look(**HERE, said_here=frozenset({KEY})), "was offered here", id="said"),
        pytest.param(look(**HERE | {"offered": (replace(FITS, taken=True),)}), "not there to be", id="taken"),
        pytest.param(look(**HERE | {"offered": (replace(FITS, is_open=False),)}), "not there to be", id="closed"),
        pytest.param(look(**HERE | {"offered": (replace(FITS, ready=False),)}), "not there to be", id="not-ready"),
    ],
)
def test_otherwise_nothing_is_said(scene: ThreadLook, why: str) -> None:
    quiet = wished(scene)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


def test_where_nothing_is_to_be_offered_it_has_nothing_to_say() -> None:
    assert offers.decide(look(), DEFAULTS, NOW) == []


def test_members_who_look_like_strangers_are_asked_for_first() -> None:
    learn = wished(look(**HERE, is_team=None))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


def test_it_is_only_recorded_until_somebody_switches_it_on() -> None:
    said = [effect for effect in decide(look(**HERE, opened_by=None), DEFAULTS, NOW) if isinstance(effect, Say)]
    assert [(say.rule, say.aloud) for say in said] == [("offers", False)]
