"""`/no-bot` and `/forget-me` are acknowledged, once for each time that somebody wrote them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.effects import Effect, React, Say
from bot.model import GHOST, Person, Request
from bot.rules import decide, stop
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, NOW, look


def asked(name: str = "no-bot", by: Person = ADA, place: str = "issue_comment", place_id: int = 50) -> Request:
    return Request(name, "", by, NOW - timedelta(minutes=1), place, place_id, "NODE")


@pytest.mark.parametrize(
    ("requests", "keys"),
    [
        pytest.param((), [], id="nobody asked"),
        pytest.param((asked(),), ["stop/issue_comment/50"], id="in a comment"),
        pytest.param((asked(place="issue", place_id=5),), ["stop/issue/5"], id="in the issue itself"),
        pytest.param((asked(), asked(by=GRACE, place_id=51)), ["stop/issue_comment/50", "stop/issue_comment/51"],
                     id="two people"),
        pytest.param((asked(by=GOAT),), [], id="a bot"),
        pytest.param((asked(name="help"),), [], id="another command"),
        pytest.param((asked("forget-me", by=GHOST),), ["stop/issue_comment/50"], id="forget-me"),
        pytest.param((asked("forget-me", by=GHOST), asked("forget-me", by=GHOST, place="review")),
                     ["stop/issue_comment/50", "stop/review/50"], id="forget-me twice"),
        pytest.param((asked(place="review"),), ["stop/review/50"], id="in a review"),
    ],
)  # fmt: skip
def test_acknowledged_with_a_thumbs_up(requests: tuple[Request, ...], keys: list[str]) -> None:
    effects = stop.decide(look(requests=requests), DEFAULTS, NOW)
    assert [effect.key for effect in effects if isinstance(effect, React)] == keys
    assert len(effects) == len(keys)


@pytest.mark.parametrize("args", ["", "off"])
def test_why_says_what_they_wrote(args: str) -> None:
    [effect] = stop.decide(look(requests=(replace(asked(), args=args),)), DEFAULTS, NOW)
    assert effect.why == f"ada asked with /no-bot {args}".strip()


def test_why_does_not_name_somebody_who_wants_to_be_forgotten() -> None:
    [effect] = stop.decide(look(requests=(asked("forget-me"),)), DEFAULTS, NOW)
    assert effect.why == "somebody asked with /forget-me"


def test_what_was_acknowledged_is_not_acknowledged_again() -> None:
    here = frozenset({"stop/issue_comment/50"})
    assert stop.decide(look(requests=(asked("forget-me"), asked()), said_here=here), DEFAULTS, NOW) == []


def test_who_is_forgotten_is_answered_but_not_welcomed() -> None:
    effects: list[Effect] = decide(look(author=GHOST, requests=(asked("forget-me", by=GHOST),)), DEFAULTS, NOW)
    assert isinstance(effects[0], React)
    assert not [effect for effect in effects if isinstance(effect, Say)]


def test_who_opted_out_is_answered_but_not_welcomed() -> None:
    effects: list[Effect] = decide(look(requests=(asked(),), opted_out=True), DEFAULTS, NOW)
    assert isinstance(effects[0], React)
    assert not [effect for effect in effects if isinstance(effect, Say)]
