"""Claims that nothing is heard of: one question, then the issue is open to others; and what ends a claim."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.effects import Assign, Effect, EndClaim, Learn, LookAgain, Question, Quiet, Say
from bot.looking import Hush, ThreadLook
from bot.model import Answer, Happening, Person, PersonId, Step
from bot.pathpolicy import Who
from bot.pathway import Acted, Claim, Ended
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import claims
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy
from tests.rules.test_claiming import assigned_by_bot, link, step

DAY: Final = timedelta(days=1)
TAKEN: Final = NOW - 60 * DAY
LONG: Final = policy(claims={"ask_after": 40 * DAY})


def key(what: str, *more: datetime) -> str:
    return "/".join([f"claims/{what}/100/5/7", *(str(int(at.timestamp())) for at in (TAKEN, *more))])


def claim(*, silent: timedelta = 20 * DAY, **changes: Any) -> Claim:
    """Ada has it; nothing was heard of her for some time."""
    return replace(Claim(person=ADA, at=TAKEN, last_sign=NOW - silent), **changes)


def acted(what: str, at: timedelta, *more: datetime, effect: str = "say", **detail: Any) -> Acted:
    return Acted(
        key=key(what, *more), rule="claims", effect=effect, template=None, why="", at=NOW - at, person_id=ADA.id,
        external_id=1, node_id="", url="", detail=detail,
    )  # fmt: skip


def asked(at: timedelta, *, about: timedelta = 60 * DAY) -> Acted:
    """The question was posted so long ago, when the last sign was that long ago."""
    return acted("question", at, NOW - about)


def scene(*claims: Claim, **changes: Any) -> ThreadLook:
    return look(**{"author": GRACE, "claims": claims or (claim(),)} | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    return claims.decide(where, configured, NOW)


def test_one_question_to_who_has_it() -> None:
    [say] = wished(scene())
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.asked_for) == ("claims-question", ADA, True, False)
    assert say.values == {"since": "2026-09-24", "help": False}
    assert say.key == key("question", NOW - 20 * DAY)


@pytest.mark.parametrize(
    ("mode", "roster", "who", "helps"),
    [
        (Mode.ON, ("grace",), Who.EVERYBODY, True), (Mode.ON, (), Who.EVERYBODY, False),
        (Mode.SHADOW, ("grace",), Who.EVERYBODY, False), (Mode.ON, ("grace",), Who.MEMBERS, False),
    ],
)  # fmt: skip
def test_the_question_sends_for_help_only_where_somebody_helps(
    mode: Mode, roster: Sequence[str], who: Who, *, helps: bool
) -> None:
    [say] = wished(scene(), policy(need_help={"mode": mode, "roster": roster}, commands={"need_help": who}))
    assert isinstance(say, Say)
    assert say.values["help"] is helps


@pytest.mark.parametrize(
    ("where", "configured", "at"),
    [
        pytest.param(scene(claim(silent=10 * DAY)), DEFAULTS, 4 * DAY, id="a sign of late"),
        pytest.param(scene(claim(silent=20 * DAY)), LONG, 20 * DAY, id="as configured"),
        pytest.param(scene(claim(waits_for_team=True)), DEFAULTS, 14 * DAY, id="a pull request waits for the team"),
        pytest.param(scene(hush=Hush(paused_until=NOW + DAY)), DEFAULTS, DAY, id="a pause"),
        pytest.param(scene(hush=Hush(snoozed_until=NOW + 2 * DAY)), DEFAULTS, 2 * DAY, id="snoozed"),
        pytest.param(scene(hush=Hush(paused_until=NOW + 3 * DAY, snoozed_until=NOW + DAY)), DEFAULTS, 3 * DAY,
                     id="both"),
        pytest.param(scene(claim(silent=30 * DAY), acted=(asked(3 * DAY, about=30 * DAY),)), DEFAULTS, 4 * DAY,
                     id="asked three days ago"),
        pytest.param(scene(claim(silent=15 * DAY), acted=(asked(16 * DAY),)), DEFAULTS, 14 * DAY,
                     id="one question a month"),
        pytest.param(scene(claim(silent=10 * DAY), acted=(asked(29 * DAY),)), DEFAULTS, 4 * DAY,
                     id="a sign after the question"),
    ],
)  # fmt: skip
def test_it_is_not_time_yet(where: ThreadLook, configured: Policy, at: timedelta) -> None:
    [again] = wished(where, configured)
    assert isinstance(again, LookAgain)
    assert again.at == NOW + at


def test_where_nobody_has_taken_it_there_is_nothing_to_tell() -> None:
    assert wished(look()) == []


@pytest.mark.parametrize(
    ("where", "configured", "why"),
    [
        pytest.param(scene(claim(opted_out=True)), DEFAULTS, "asked to be left alone", id="opted out"),
        pytest.param(scene(), policy(people={"leave_alone": ("ada",)}), "left alone", id="as configured"),
        pytest.param(scene(stepped_back={ADA.id: None}), DEFAULTS, "nothing is asked of ada", id="stepped back"),
        pytest.param(scene(labels=frozenset({"No-Bot"})), DEFAULTS, "the label no-bot", id="the label"),
        pytest.param(scene(locked=True), DEFAULTS, "is locked", id="locked"),
        pytest.param(scene(repo=replace(MAPS, archived=True)), DEFAULTS, "is archived", id="archived"),
        pytest.param(scene(said_here=frozenset({key("question", NOW - 20 * DAY)})), DEFAULTS, "was not posted",
                     id="the question was only recorded"),
        pytest.param(scene(claim(ended=Ended.DONE, ended_at=NOW)), DEFAULTS, "not with ada any more", id="over"),
    ],
)  # fmt: skip
def test_who_hears_nothing(where: ThreadLook, configured: Policy, why: str) -> None:
    [quiet] = wished(where, configured)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


def test_who_stepped_back_for_a_time_is_not_asked_before_it_is_over() -> None:
    [later] = wished(scene(claim(silent=20 * DAY), stepped_back={ADA.id: NOW + 40 * DAY}))
    assert isinstance(later, LookAgain)
    assert later.at == NOW + 40 * DAY


def test_who_belongs_is_found_out_before_anything_waits_for_the_team() -> None:
    [learn] = wished(scene(claim(waits_for_team=True), is_team=None))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


def test_a_second_silence_after_a_sign_is_asked_about_again_a_month_later() -> None:
    [say] = wished(scene(claim(silent=20 * DAY), acted=(asked(31 * DAY),)))
    assert isinstance(say, Say)
    assert (say.template, say.key) == ("claims-question", key("question", NOW - 20 * DAY))


def test_a_question_that_was_taken_back_counts_for_nothing() -> None:
    question = asked(8 * DAY, about=20 * DAY)
    undone = acted("undo", DAY, effect="retract", said=question.key)
    [quiet] = wished(scene(acted=(question, undone), said_here=frozenset({question.key})))
    assert isinstance(quiet, Quiet)


WAITED: Final[dict[str, Any]] = {"acted": (asked(8 * DAY, about=30 * DAY),)}


@pytest.mark.parametrize(
    ("changes", "values"),
    [
        pytest.param({}, {"pulls": None, "spoke": False}, id="nothing was found"),
        pytest.param({"links": (link(ADA), link(GRACE, name="#9"), link(ADA, name="alpine-tools/huts#3"))},
                     {"pulls": "#12, alpine-tools/huts#3", "spoke": False}, id="pull requests"),
        pytest.param({"answers": (Answer(ADA, TAKEN + DAY), Answer(GRACE, TAKEN))}, {"pulls": None, "spoke": True},
                     id="comments"),
        pytest.param({"answers": (Answer(ADA, TAKEN), Answer(GRACE, TAKEN + DAY))}, {"pulls": None, "spoke": False},
                     id="the /claim itself, and another's"),
    ],
)  # fmt: skip
def test_then_it_is_open_to_others_with_what_was_found(changes: dict[str, Any], values: dict[str, Any]) -> None:
    say, again = wished(scene(claim(silent=30 * DAY), **WAITED, **changes))
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.key) == ("claims-free", ADA, False, key("free"))
    assert say.values == values
    assert isinstance(again, LookAgain)
    assert NOW < again.at <= NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"said_here": frozenset({key("free")})}, id="it was only recorded"),
        pytest.param({"hush": Hush(muted=frozenset({"claims-free"}))}, id="it is muted"),
    ],
)
def test_nobody_loses_an_issue_without_a_word(changes: dict[str, Any]) -> None:
    [quiet] = wished(scene(claim(silent=30 * DAY), **WAITED, **changes))
    assert isinstance(quiet, Quiet)
    assert "nothing follows from it" in quiet.why


@pytest.mark.parametrize(
    ("where", "ended"),
    [
        pytest.param(scene(is_open=False), Ended.DONE, id="the issue is closed"),
        pytest.param(scene(history=(step(Step.UNASSIGNED, GRACE),)), Ended.UNASSIGNED, id="a human unassigned her"),
        pytest.param(scene(history=(step(Step.UNASSIGNED, ADA),)), Ended.UNASSIGNED, id="she did"),
        pytest.param(scene(acted=(acted("free", DAY),)), Ended.FREED, id="it was said that others may take it"),
        pytest.param(scene(claim(opted_out=True), is_open=False), Ended.DONE, id="opted out"),
    ],
)
def test_a_claim_ends(where: ThreadLook, ended: Ended) -> None:
    [order] = wished(where)
    assert isinstance(order, EndClaim)
    assert (order.person, order.ended, order.as_of, order.key) == (ADA, ended, NOW, key(ended.name.lower()))


@pytest.mark.parametrize(
    "history",
    [
        pytest.param((step(Step.UNASSIGNED, GRACE, at=61 * DAY),), id="unassigned before she took it"),
        pytest.param((step(Step.UNASSIGNED, GOAT),), id="by a bot"),
        pytest.param((step(Step.UNASSIGNED, GRACE, at=2 * DAY), step(Step.ASSIGNED, GRACE)), id="assigned again"),
        pytest.param((step(Step.UNASSIGNED, GRACE, about=Person(PersonId(77), "mary")),), id="another"),
    ],
)
def test_a_claim_goes_on(history: tuple[Happening, ...]) -> None:
    [say] = wished(scene(history=history))
    assert isinstance(say, Say)


def test_who_is_assigned_after_all_keeps_it() -> None:
    [say] = wished(scene(history=(step(Step.UNASSIGNED, GRACE),), assignees=frozenset({ADA.id})))
    assert isinstance(say, Say)


FREED: Final = claim(ended=Ended.FREED, ended_at=NOW)


def test_the_assignment_goes_with_it_if_the_bot_made_it() -> None:
    [assign] = wished(scene(FREED, acted=(assigned_by_bot(),)))
    assert isinstance(assign, Assign)
    assert (assign.to, assign.assigned, assign.key) == (ADA, False, key("unassign"))


@pytest.mark.parametrize(
    ("it", "changes"),
    [
        pytest.param(FREED, {}, id="the bot assigned nobody"),
        pytest.param(FREED, {"acted": (assigned_by_bot(),), "said_here": frozenset({key("unassign")})}, id="done"),
        pytest.param(replace(FREED, ended=Ended.DONE), {"acted": (assigned_by_bot(),)}, id="the issue was closed"),
    ],
)
def test_nothing_else_is_taken_back(it: Claim, changes: dict[str, Any]) -> None:
    [quiet] = wished(scene(it, **changes))
    assert isinstance(quiet, Quiet)


def test_whoever_took_it_next_is_asked_too() -> None:
    other = Person(PersonId(10), "linus")
    quiet, say = wished(scene(FREED, claim(person=other)))
    assert isinstance(quiet, Quiet)
    assert isinstance(say, Say)
    assert say.to == other
