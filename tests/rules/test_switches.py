"""What holds for all rules alike: whether a feature speaks, what is muted or paused, and words of one's own."""

from datetime import timedelta

import pytest

from bot.effects import Effect, LookAgain, Quiet, Revise, Say
from bot.looking import Hush, ThreadLook
from bot.model import Request
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import Rule, decide
from tests.rules.scenes import ADA, DEFAULTS, NOW, look, policy

ON = policy(welcome={"mode": Mode.ON})
HOUR = timedelta(hours=1)


def of_the_welcome(scene: ThreadLook, configured: Policy) -> Effect:
    [effect] = [effect for effect in decide(scene, configured, NOW) if effect.rule == "welcome"]
    return effect


@pytest.mark.parametrize(
    ("configured", "hush", "aloud"),
    [
        pytest.param(ON, Hush(), True, id="on"),
        pytest.param(policy(welcome={"mode": Mode.SHADOW}), Hush(), False, id="shadow"),
        pytest.param(ON, Hush(paused_until=NOW + HOUR), False, id="in a pause"),
        pytest.param(ON, Hush(paused_until=NOW), True, id="the pause is over"),
        pytest.param(ON, Hush(muted=frozenset({"welcome-merge"})), True, id="another kind is muted"),
    ],
)
def test_what_a_rule_wishes_to_say_is_posted_or_only_recorded(configured: Policy, hush: Hush, aloud: bool) -> None:
    say = of_the_welcome(look(hush=hush), configured)
    assert isinstance(say, Say)
    assert (say.template, say.aloud) == ("welcome-issue", aloud)


@pytest.mark.parametrize(
    ("configured", "why"),
    [
        pytest.param(policy(welcome={"mode": Mode.OFF}), "welcome.mode is off", id="the feature"),
        pytest.param(ON.model_copy(update={"switchback": "off"}), "switchback is off", id="everything"),
    ],
)
def test_what_is_switched_off_is_not_even_asked(configured: Policy, why: str) -> None:
    quiet = of_the_welcome(look(), configured)
    assert isinstance(quiet, Quiet)
    assert quiet.why == why


def test_in_a_thread_that_is_snoozed_what_is_not_asked_for_waits() -> None:
    asked = Request("why", "", ADA, NOW, "issue_comment", 50, "NODE", to_us=True)
    scene = look(hush=Hush(snoozed_until=NOW + HOUR), requests=(asked,))
    again = of_the_welcome(scene, ON)
    assert isinstance(again, LookAgain)
    assert (again.at, again.why) == (NOW + HOUR, "the thread is snoozed")
    kinds = [effect.kind for effect in decide(scene, ON, NOW) if not isinstance(effect, Quiet)]
    assert kinds == ["react", "say", "react", "look_again"]


@pytest.mark.parametrize(
    ("configured", "hush", "kind"),
    [
        pytest.param(ON, Hush(), "revise", id="on"),
        pytest.param(policy(welcome={"mode": Mode.SHADOW}), Hush(), "quiet", id="shadow"),
        pytest.param(ON, Hush(paused_until=NOW + HOUR), "quiet", id="in a pause"),
        pytest.param(ON, Hush(snoozed_until=NOW + HOUR), "look_again", id="snoozed"),
        pytest.param(ON, Hush(muted=frozenset({"welcome-issue"})), "quiet", id="muted"),
    ],
)
def test_what_may_not_be_said_is_not_changed_either(
    monkeypatch: pytest.MonkeyPatch, configured: Policy, hush: Hush, kind: str
) -> None:
    say = of_the_welcome(look(), ON)
    assert isinstance(say, Say)
    revise = Revise(
        rule="welcome", key="again", why="there is more", thread=say.thread, say=say, comment_id=7, node_id="C7"
    )
    monkeypatch.setattr("bot.rules.RULES", [Rule("welcome", "", lambda *_: [revise])])
    configured = configured.model_copy(update={"messages": {"welcome-issue": "Hi"}})
    effect = of_the_welcome(look(hush=hush), configured)
    assert effect.kind == kind
    assert not isinstance(effect, Revise) or effect.say.words == "Hi"


def test_what_is_muted_is_not_said_and_tells_how_to_bring_it_back() -> None:
    quiet = of_the_welcome(look(hush=Hush(muted=frozenset({"welcome-issue"}))), ON)
    assert isinstance(quiet, Quiet)
    assert quiet.why == "welcome-issue is muted here: /switchback unmute welcome-issue"


@pytest.mark.parametrize(("messages", "words"), [({}, None), ({"welcome-issue": "Hi"}, "Hi"), ({"other": "Ho"}, None)])
def test_an_organisation_may_have_words_of_its_own(messages: dict[str, str], words: str | None) -> None:
    say = of_the_welcome(look(), ON.model_copy(update={"messages": messages}))
    assert isinstance(say, Say)
    assert say.words == words


def test_the_welcome_begins_in_shadow() -> None:
    assert DEFAULTS.mode("welcome") is Mode.SHADOW
