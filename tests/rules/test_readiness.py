"""What somebody still needs to know to begin with a medium issue: who is told, when, and how it goes away."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.effects import Effect, LookAgain, Quiet, Retract, Revise, Say
from bot.looking import Hush, ThreadLook
from bot.model import GHOST, Happening, Person, Request, Step, ThreadKind, ThreadRef
from bot.pathway import Acted, Claim, Link, Pointers
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import decide, readiness
from bot.rules.ready import missing
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy

ON = policy(readiness={"mode": Mode.ON})
KEY = f"readiness/{MAPS.id}/5"
ORDER = "answers/level/order/issue_comment/50"
ALL = ("outcome", "where", "try", "ask")


def labeled(by: Person = GRACE, *, at: datetime = NOW, about: str = "medium", by_team: bool = True) -> Happening:
    return Happening(Step.LABELED, at, by, about=about, by_team=by_team)


def scene(**changes: Any) -> ThreadLook:
    return look(**{"labels": frozenset({"medium"}), "history": (labeled(),)} | changes)


def effect(where: ThreadLook, configured: Policy = ON, now: datetime = NOW) -> Effect:
    [one] = readiness.decide(where, configured, now)
    return one


def silent(where: ThreadLook, configured: Policy = ON, now: datetime = NOW) -> str:
    quiet = effect(where, configured, now)
    assert isinstance(quiet, Quiet)
    return quiet.why


@pytest.mark.parametrize(
    ("given", "traits", "someone", "lacks"),
    [
        ((), (), False, ALL),
        ((), (), True, ("outcome", "where", "try")),
        (ALL, (), False, ()),
        (("where",), ("expected",), True, ("try",)),
        ((), ("expected", "links-code", "steps"), True, ()),
        ((), ("names-file", "has_version"), False, ("outcome", "try", "ask")),
    ],
)
def test_what_is_missing(
    given: tuple[str, ...], traits: tuple[str, ...], someone: bool, lacks: tuple[str, ...]
) -> None:  # fmt: skip
    found = missing(given=frozenset(given), traits=frozenset(traits), someone_to_ask=someone, policy=DEFAULTS)
    assert found == lacks


def test_what_has_to_be_there_is_a_setting() -> None:
    only = policy(readiness={"needs": ("ask", "where")})
    nothing = frozenset[str]()
    assert missing(given=nothing, traits=nothing, someone_to_ask=False, policy=only) == ("ask", "where")


def test_whoever_called_it_medium_is_told_what_is_missing() -> None:
    say = effect(scene(traits=frozenset({"steps"})))
    assert isinstance(say, Say)
    assert (say.key, say.template, say.to, say.mention, say.asked_for) == (KEY, "readiness", GRACE, True, False)
    assert say.values == {"lacks": {"outcome": True, "where": True, "try": False, "ask": False}}
    assert say.why == "it is medium, and lacks outcome, where"


def level(args: str = "medium", by: Person = GRACE, place_id: int = 50) -> Request:
    return Request("level", args, by, NOW, "issue_comment", place_id, "N", to_us=True)


@pytest.mark.parametrize(
    ("changes", "whom"),
    [
        pytest.param({"history": (labeled(by_team=False),)}, GRACE, id="who may label belongs here somehow"),
        pytest.param({"author": GRACE}, GRACE, id="of their own issue"),
        pytest.param({"history": (labeled(ADA, by_team=True), labeled())}, GRACE, id="the last"),
        pytest.param({"history": (labeled(), labeled(ADA, about="bug"))}, GRACE, id="another label"),
        pytest.param({"history": (labeled(), labeled(GOAT))}, GRACE, id="a bot did it again"),
        pytest.param({"history": (labeled(), labeled(ADA, by_team=False))}, GRACE, id="a form did it again"),
        pytest.param({"history": (labeled(), labeled(GHOST))}, GRACE, id="a deleted account did it again"),
        pytest.param(
            {"history": (labeled(GOAT),), "requests": (level(),), "said_here": frozenset({ORDER})},
            GRACE,
            id="with a command",
        ),
        pytest.param(
            {
                "history": (labeled(GOAT),),
                "requests": (level(), level(by=ADA, place_id=51), level("dance", ADA, 50), level("starter", ADA)),
                "said_here": frozenset({ORDER}),
            },
            GRACE,
            id="with a command, among others",
        ),
    ],
)
def test_who_called_it_medium(changes: dict[str, Any], whom: Person) -> None:
    say = effect(scene(**changes))
    assert isinstance(say, Say)
    assert say.to == whom


CLAIM = Claim(person=ADA, at=NOW, last_sign=NOW)
LINK = Link(pull=ThreadRef(MAPS.id, 6), author=ADA, closes=True, is_open=True, merged_at=None, last_sign=NOW)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"locked": True}, "locked", id="locked"),
        pytest.param({"labels": frozenset({"medium", "no-bot"})}, "has the label no-bot", id="no bots"),
        pytest.param({"traits": frozenset({"steps", "expected", "links-code"})}, "nothing is", id="complete"),
        pytest.param({"pointers": Pointers(given=frozenset(ALL))}, "nothing is", id="complete by pointers"),
        pytest.param({"said_here": frozenset({KEY})}, "there once", id="said, and gone"),
        pytest.param({"claims": (CLAIM,)}, "taken", id="claimed"),
        pytest.param({"assignees": frozenset({ADA.id})}, "assigned", id="assigned to somebody from outside"),
        pytest.param({"links": (LINK,)}, "closes it", id="a pull request"),
        pytest.param({"links": (replace(LINK, is_open=False, merged_at=NOW),)}, "closes it", id="a merged one"),
        pytest.param({"left_alone": frozenset({GRACE.id})}, "grace asked", id="the maintainer opted out"),
        pytest.param({"history": ()}, "nobody knows", id="labeled before we listened"),
        pytest.param({"history": (labeled(GOAT),)}, "nobody knows", id="by a bot"),
        pytest.param({"history": (labeled(ADA, by_team=False),)}, "nobody knows", id="by a form"),
        pytest.param({"history": (labeled(at=NOW - timedelta(days=7)),)}, "long ago", id="long ago"),
    ],
)
def test_who_hears_nothing(changes: dict[str, Any], why: str) -> None:
    assert why in silent(scene(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": ThreadKind.PULL_REQUEST}, id="a pull request"),
        pytest.param({"is_open": False}, id="closed"),
        pytest.param({"labels": frozenset({"bug"})}, id="no level"),
        pytest.param({"labels": frozenset({"medium", "good first issue"})}, id="a starter too"),
    ],
)
def test_what_is_no_medium_issue_does_not_concern_it(changes: dict[str, Any]) -> None:
    assert readiness.decide(scene(**changes), DEFAULTS, NOW) == []


def test_people_who_want_to_be_left_alone_are() -> None:
    assert silent(scene(opted_out=True)) == "ada asked to be left alone"
    for login in ("ada", "grace"):
        alone = policy(readiness={"mode": Mode.ON}, people={"leave_alone": (login,)})
        assert silent(scene(), alone) == f"{login} asked to be left alone"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"claims": (replace(CLAIM, ended_at=NOW),)}, id="a claim that is over"),
        pytest.param({"assignees": frozenset({GRACE.id}), "helpers": frozenset({GRACE.id})}, id="a helper is assigned"),
        pytest.param({"links": (replace(LINK, closes=False),)}, id="a pull request that only names it"),
        pytest.param({"links": (replace(LINK, is_open=False),)}, id="a pull request that was given up"),
        pytest.param({"history": (labeled(at=NOW - timedelta(days=6)),)}, id="some days ago"),
    ],
)
def test_who_is_told_all_the_same(changes: dict[str, Any]) -> None:
    assert isinstance(effect(scene(**changes)), Say)


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        pytest.param({"history": ()}, ("where", "ask"), id="nobody"),
        pytest.param({"history": (), "helpers": frozenset({GRACE.id})}, ("where",), id="a helper is assigned"),
        pytest.param({"history": (), "pointers": Pointers(ask=ADA.id)}, ("where",), id="somebody is named"),
        pytest.param({}, ("where",), id="whoever called it medium"),
    ],
)
def test_a_person_to_ask(changes: dict[str, Any], lacks: tuple[str, ...]) -> None:
    told = scene(traits=frozenset({"steps", "expected"}), **changes)
    assert readiness.missing_here(told, ON) == lacks


def act(key: str = KEY, why: str = "it is medium, and lacks outcome, where, try", **other: Any) -> Acted:
    values: dict[str, Any] = {
        "key": key, "rule": "readiness", "effect": "say", "template": "readiness", "why": why, "at": NOW,
        "person_id": GRACE.id, "external_id": 77, "node_id": "N77", "url": "u",
    }  # fmt: skip
    return Acted(**values | other)


def standing(*more: Acted, **changes: Any) -> ThreadLook:
    acted = (act(), *more)
    return scene(
        acted=acted, said_here=frozenset(one.key for one in acted) | changes.pop("tried", frozenset()), **changes
    )


def test_the_list_stays_as_it_is_while_nothing_changes() -> None:
    assert "stands there" in silent(standing())


def test_the_list_is_brought_up_to_date_where_it_stands() -> None:
    own = ON.model_copy(update={"messages": {"readiness": "Hm."}})
    first = effect(standing(pointers=Pointers(given=frozenset({"where"}))), own)
    assert isinstance(first, Revise)
    assert (first.key, first.comment_id, first.node_id) == (f"{KEY}/1", 77, "N77")
    assert (first.say.key, first.say.to, first.say.words) == (KEY, GRACE, "Hm.")
    assert first.say.values == {"lacks": {"outcome": True, "where": False, "try": True, "ask": False}}
    changed = act(first.key, first.why, effect="revise", template=None)
    assert "stands there" in silent(standing(changed, pointers=Pointers(given=frozenset({"where"}))))
    second = effect(standing(changed, pointers=Pointers(given=frozenset({"where", "try"}))))
    assert isinstance(second, Revise)
    assert second.key == f"{KEY}/2"


@pytest.mark.parametrize("folded", [True, False])
def test_a_change_of_the_list_mentions_nobody_who_was_not(folded: bool) -> None:
    said = act(detail={"folded": True} if folded else {})
    told = scene(acted=(said,), said_here=frozenset({KEY}), pointers=Pointers(given=frozenset({"where"})))
    change = effect(told)
    assert isinstance(change, Revise)
    assert change.say.mention is not folded


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"pointers": Pointers(given=frozenset(ALL))}, id="complete"),
        pytest.param({"labels": frozenset({"bug"})}, id="not medium any more"),
    ],
)
def test_the_list_goes_when_nothing_is_missing_any_more(changes: dict[str, Any]) -> None:
    gone = effect(standing(**changes))
    assert isinstance(gone, Retract)
    assert (gone.key, gone.said, gone.comment_id, gone.node_id, gone.to) == (f"{KEY}/gone", KEY, 77, "N77", GRACE)


def test_the_list_comes_only_once() -> None:
    retracted = act(f"{KEY}/gone", effect="retract", template=None, external_id=77, detail={"said": KEY})
    assert "there once" in silent(standing(retracted))


def test_what_github_would_not_do_is_not_tried_again() -> None:
    told = Pointers(given=frozenset({"where"}))
    assert "did not let" in silent(standing(pointers=told, tried=frozenset({f"{KEY}/1"})))


def test_who_is_known_no_more_is_not_named() -> None:
    gone = effect(standing(labels=frozenset(), history=(), requests=()))
    assert isinstance(gone, Retract)
    assert gone.to == Person(GRACE.id, "ghost")


@pytest.mark.parametrize("hush", [Hush(snoozed_until=NOW + timedelta(1)), Hush(paused_until=NOW + timedelta(1))])
def test_the_list_waits_while_it_is_quiet(hush: Hush) -> None:
    changed = standing(pointers=Pointers(given=frozenset({"where"})), hush=hush)
    again = effect(changed)
    assert isinstance(again, LookAgain)
    assert again.at == NOW + timedelta(1)
    assert isinstance(effect(changed, now=NOW + timedelta(1)), Revise)


def test_what_is_switched_off_is_not_kept_up() -> None:
    changed = standing(pointers=Pointers(given=frozenset({"where"})))
    assert silent(changed, DEFAULTS) == "readiness.mode is not on"


def test_it_begins_in_shadow_and_can_be_snoozed() -> None:
    [say] = [one for one in decide(scene(), DEFAULTS, NOW) if one.rule == "readiness"]
    assert isinstance(say, Say)
    assert not say.aloud
    snoozed = scene(hush=Hush(snoozed_until=NOW + timedelta(1)))
    [again] = [one for one in decide(snoozed, ON, NOW) if one.rule == "readiness"]
    assert isinstance(again, LookAgain)


def test_a_comment_without_a_number_was_never_posted() -> None:
    unposted = scene(acted=(act(external_id=None),), said_here=frozenset({KEY}))
    assert "there once" in silent(unposted)
