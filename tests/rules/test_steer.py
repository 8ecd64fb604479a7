"""`/switchback`: who may steer the bot, what comes of it, and what is answered."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.effects import Effect, Learn, MuteKind, PauseRepo, Question, React, Say
from bot.looking import Asker, Hush, ThreadLook
from bot.model import GHOST, Person, Request
from bot.policy import FEATURES, Policy
from bot.policytypes import Mode
from bot.rules import decide, steer
from tests.rules.scenes import DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy

ASKED_AT = NOW - timedelta(minutes=1)
KINDS = frozenset({"welcome-issue", "welcome-merge"})
HERE = "issue_comment/50"


def asked(args: str, by: Person = GRACE, *, at: datetime = ASKED_AT, name: str = "switchback") -> Request:
    return Request(name, args, by, at, "issue_comment", 50, "NODE")


def scene(args: str = "status", asker: Asker | None = None, **changes: Any) -> ThreadLook:
    askers = {GRACE.id: asker or Asker(belongs=True)}
    return look(**{"requests": (asked(args),), "askers": askers, "kinds": KINDS} | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    return steer.decide(where, configured, NOW)


@pytest.mark.parametrize(
    ("args", "until"),
    [("pause 2 weeks", ASKED_AT + timedelta(weeks=2)), ("resume", None)],
)
@pytest.mark.parametrize(("name", "everywhere"), [("trail-maps", False), (".github", True)])
def test_a_pause_and_its_end(args: str, until: datetime | None, name: str, everywhere: bool) -> None:
    order, react = wished(scene(args, repo=replace(MAPS, name=name)))
    assert isinstance(order, PauseRepo)
    assert (order.until, order.everywhere, order.as_of, order.person) == (until, everywhere, ASKED_AT, GRACE)
    assert isinstance(react, React)
    assert (order.key, react.key, react.content) == (f"steer/order/{HERE}", f"steer/{HERE}", "+1")
    assert order.why == react.why == "grace asked for it with /switchback"


@pytest.mark.parametrize(("args", "muted"), [("mute welcome-issue", True), ("unmute welcome-issue", False)])
def test_a_kind_is_muted_and_brought_back(args: str, muted: bool) -> None:
    order, react = wished(scene(args))
    assert isinstance(order, MuteKind)
    assert (order.template, order.muted, order.as_of) == ("welcome-issue", muted, ASKED_AT)
    assert isinstance(react, React)


def test_a_muted_kind_that_there_is_no_more_can_be_brought_back() -> None:
    [order, _] = wished(scene("unmute old-kind", hush=Hush(muted=frozenset({"old-kind"}))))
    assert isinstance(order, MuteKind)


def test_what_was_done_is_acknowledged_only_and_then_nothing() -> None:
    [react] = wished(scene("resume", said_here=frozenset({f"steer/order/{HERE}"})))
    assert isinstance(react, React)
    assert wished(scene("resume", said_here=frozenset({f"steer/order/{HERE}", f"steer/{HERE}"}))) == []


@pytest.mark.parametrize(
    ("args", "mistake"),
    [("pause", "duration"), ("mute nothing", "kind"), ("unmute nothing", "kind"), ("dance", "unknown")],
)
def test_a_mistake_is_answered_with_what_would_work(args: str, mistake: str) -> None:
    say, react = wished(scene(args))
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.asked_for) == ("switchback-mistake", GRACE, False, True)
    assert say.values == {"mistake": mistake, "kinds": "welcome-issue, welcome-merge", "day": "2026-12-07"}
    assert isinstance(react, React)
    assert react.content == "confused"
    [again] = wished(scene(args, said_here=frozenset({say.key})))
    assert again == react


def test_how_things_stand() -> None:
    hush = Hush(paused_until=NOW + timedelta(days=1), muted=frozenset({"b", "a"}))
    files = ("alpine-tools/.github", "alpine-tools/trail-maps")
    say, react = wished(scene(hush=hush, files=files))
    assert isinstance(say, Say)
    assert say.template == "switchback-status"
    assert say.values == {
        "repository": "trail-maps",
        "features": {name: DEFAULTS.mode(name).value for name in FEATURES},
        "paused_until": "2026-11-24 09:00 UTC",
        "muted": "a, b",
        "files": "alpine-tools/.github, alpine-tools/trail-maps",
    }
    assert isinstance(react, React)
    assert react.content == "+1"
    assert wished(scene(said_here=frozenset({say.key}))) == [react]


def test_how_things_stand_where_nothing_is_configured() -> None:
    say, _ = wished(scene())
    assert isinstance(say, Say)
    assert (say.values["paused_until"], say.values["muted"], say.values["files"]) == (None, None, None)
    alone = DEFAULTS.model_copy(update={"extends": "none"})
    say, _ = wished(scene(files=("alpine-tools/.github", "alpine-tools/trail-maps")), alone)
    assert isinstance(say, Say)
    assert say.values["files"] == "alpine-tools/trail-maps"


@pytest.mark.parametrize(
    ("maintainers", "asker", "may"),
    [
        pytest.param((), Asker(belongs=True), True, id="a member"),
        pytest.param((), Asker(belongs=False), False, id="somebody from outside"),
        pytest.param(("Grace",), Asker(), True, id="is listed"),
        pytest.param(("ada",), Asker(belongs=True), False, id="a member who is not listed"),
        pytest.param(("Alpine-Tools/Guides",), Asker(groups=frozenset({"alpine-tools/guides"})), True, id="by a team"),
        pytest.param(("alpine-tools/guides",), Asker(groups=frozenset({"alpine-tools/cooks"})), False,
                     id="by another team"),
    ],
)  # fmt: skip
def test_who_may_steer(maintainers: tuple[str, ...], asker: Asker, may: bool) -> None:
    effects = wished(scene("resume", asker), policy(people={"maintainers": maintainers}))
    assert isinstance(effects[0], PauseRepo) is may
    if not may:
        say, react = effects
        assert isinstance(say, Say)
        assert (say.template, say.key) == ("switchback-not-you", "steer/not-you/100/5/8")
        assert say.values == {"organisation": "alpine-tools", "maintainers": ", ".join(maintainers) or None}
        assert isinstance(react, React)
        assert react.content == "confused"


def test_others_are_told_once_in_a_thread() -> None:
    [react] = wished(scene("resume", Asker(belongs=False), said_here=frozenset({"steer/not-you/100/5/8"})))
    assert isinstance(react, React)


@pytest.mark.parametrize("askers", [{}, {GRACE.id: Asker()}])
def test_github_is_asked_who_belongs(askers: dict[Any, Asker]) -> None:
    [learn] = wished(scene("resume", askers=askers))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(asked("resume", name="no-bot"), id="another command"),
        pytest.param(asked("resume", by=GOAT), id="a bot"),
        pytest.param(asked("resume", by=GHOST), id="nobody"),
        pytest.param(asked("resume", at=NOW - timedelta(days=7)), id="a week ago"),
    ],
)
def test_what_does_not_count(request_: Request) -> None:
    assert wished(scene(requests=(request_,))) == []


def test_answers_are_given_in_a_pause_and_in_shadow_but_not_when_all_is_off() -> None:
    hush = Hush(paused_until=NOW + timedelta(days=1), muted=frozenset({"switchback-status"}))
    words = DEFAULTS.model_copy(update={"messages": {"switchback-status": "Hi"}})
    assert words.mode("welcome") is Mode.SHADOW
    [say] = [effect for effect in decide(scene(hush=hush), words, NOW) if isinstance(effect, Say) and effect.aloud]
    assert (say.template, say.words) == ("switchback-status", "Hi")
    off = DEFAULTS.model_copy(update={"switchback": "off"})
    assert not [effect for effect in decide(scene(), off, NOW) if isinstance(effect, Say | React | PauseRepo)]
