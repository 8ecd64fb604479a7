"""`/need-help`: what is answered at once, whom the bot asks later, and who is never asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import Effect, LookAgain, Quiet, React, Say
from bot.looking import ThreadLook
from bot.model import GHOST, Answer, Person, PersonId, Request
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers, need_help
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINUS: Final = Person(PersonId(10), "linus")
MARY: Final = Person(PersonId(11), "mary")
ASKED_AT: Final = NOW - 2 * DAY
HERE: Final = "issue_comment/50"
ON: Final = policy(need_help={"mode": Mode.ON})


def asked(by: Person = ADA, *, name: str = "need-help", args: str = "", **changes: Any) -> Request:
    return replace(Request(name, args, by, ASKED_AT, "issue_comment", 50, "NODE", to_us=True), **changes)


def scene(*more: Request, **changes: Any) -> ThreadLook:
    """Ada asked for help two days ago, and Grace and Mary can be asked."""
    usual = {"created_at": ASKED_AT - 20 * DAY, "requests": (asked(), *more), "on_call": (GRACE, MARY)}
    return look(**usual | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> Effect:
    [effect] = need_help.decide(where, configured, NOW)
    return effect


def test_a_human_is_asked_after_the_wait() -> None:
    say = wished(scene(answer_time=timedelta(hours=5)))
    assert isinstance(say, Say)
    assert (say.template, say.to, say.key, say.mention, say.asked_for) == (
        "need-help", GRACE, f"need_help/{HERE}", True, False,
    )  # fmt: skip
    assert say.values == {
        "organisation": "alpine-tools", "repository": "trail-maps", "asker": "ada", "waited_minutes": 2880,
        "answer_minutes": 300,
    }  # fmt: skip


def test_the_others_have_time_to_answer_first() -> None:
    again = wished(scene(), policy(need_help={"wait": 3 * DAY}))
    assert isinstance(again, LookAgain)
    assert again.at == NOW + DAY


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        pytest.param({"author": GRACE}, MARY, id="not the author of the thread"),
        pytest.param({"requests": (asked(GRACE),)}, MARY, id="not who asks"),
        pytest.param({"answers": (Answer(GRACE, ASKED_AT - DAY),)}, MARY, id="not who was here of late"),
        pytest.param({"answers": (Answer(GRACE, NOW - 7 * DAY),)}, GRACE, id="but who was here long ago"),
        pytest.param({"on_call": (GOAT, MARY)}, MARY, id="not a bot"),
    ],
)
def test_who_is_asked(changes: dict[str, Any], to: Person) -> None:
    say = wished(scene(**changes))
    assert isinstance(say, Say)
    assert say.to == to


def test_whoever_is_to_be_left_alone_is_not_asked() -> None:
    say = wished(scene(), policy(people={"leave_alone": ("Grace",)}))
    assert isinstance(say, Say)
    assert say.to == MARY


AFTER: Final = ASKED_AT + HOUR


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"is_open": False}, "closed", id="closed"),
        pytest.param({"labels": frozenset({"No-Bot"})}, "label", id="the label"),
        pytest.param({"locked": True}, "locked", id="locked"),
        pytest.param({"repo": replace(MAPS, archived=True)}, "archived", id="archived"),
        pytest.param({"answers": (Answer(LINUS, AFTER),)}, "somebody has answered ada", id="somebody answered"),
        pytest.param({"opted_out": True}, "ada asked to be left alone", id="wants none any more"),
        pytest.param({"requests": (asked(), asked(name="no-bot", at=AFTER))}, "left alone", id="said so here"),
        pytest.param({"requests": (asked(GHOST),)}, "no person", id="nobody"),
        pytest.param({"requests": (asked(GOAT),)}, "no person", id="a bot"),
        pytest.param({"helped": frozenset({ADA.id})}, "within a week", id="asked for of late"),
        pytest.param({"on_call": ()}, "nobody to ask", id="no roster"),
    ],
)
def test_when_nobody_is_asked(changes: dict[str, Any], says: str) -> None:
    quiet = wished(scene(**changes))
    assert isinstance(quiet, Quiet)
    assert says in quiet.why


def test_whoever_asked_and_is_on_the_list_is_left_alone() -> None:
    assert isinstance(wished(scene(), policy(people={"leave_alone": ("ada",)})), Quiet)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"answers": (Answer(ADA, AFTER), Answer(GOAT, AFTER))}, id="the author and bots"),
        pytest.param({"answers": (Answer(LINUS, ASKED_AT - HOUR),)}, id="somebody before that"),
        pytest.param({"requests": (asked(), asked(LINUS, name="no-bot", at=AFTER))}, id="another wants no bot"),
        pytest.param({"requests": (asked(), asked(name="no-bot", args="off", at=AFTER))}, id="no-bot off"),
        pytest.param({"requests": (asked(), asked(name="no-bot", at=ASKED_AT - HOUR))}, id="before that"),
        pytest.param({"requests": (asked(LINUS),), "opted_out": True}, id="the author wants none, another asks"),
        pytest.param({"is_team": True}, id="a member asks too"),
        pytest.param({"helped": frozenset({LINUS.id})}, id="asked for another"),
    ],
)
def test_what_does_not_count_as_an_answer(changes: dict[str, Any]) -> None:
    assert isinstance(wished(scene(**changes)), Say)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"requests": ()}, id="nobody asked"),
        pytest.param({"requests": (asked(name="help"),)}, id="another command"),
        pytest.param({"requests": (asked(at=NOW - 9 * DAY),)}, id="too late"),
        pytest.param({"said_here": frozenset({"need_help/issue/5"})}, id="somebody was asked here"),
    ],
)
def test_when_there_is_nothing_to_say(changes: dict[str, Any]) -> None:
    assert need_help.decide(scene(**changes), DEFAULTS, NOW) == []


def answered(where: ThreadLook, configured: Policy = ON) -> Say:
    eyes, say, thumb = answers.decide(where, configured, NOW)
    assert isinstance(eyes, React)
    assert isinstance(say, Say)
    assert isinstance(thumb, React)
    assert (eyes.content, thumb.content) == ("eyes", "+1")
    return say


def test_whoever_asks_is_told_what_happens_next() -> None:
    links = {"chat": "https://chat.org/{repo}", "contributing": None}
    configured = ON.model_copy(update={"links": ON.links.model_copy(update=links)})
    say = answered(scene(answer_time=timedelta(hours=5)), configured)
    assert (say.template, say.to, say.mention, say.asked_for) == ("answer-need-help-heard", ADA, False, True)
    assert say.values == {
        "command": "need-help", "asks": True, "wait_minutes": 2880, "answer_minutes": 300,
        "links": {"chat": "https://chat.org/trail-maps", "contributing": None},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "configured"),
    [
        pytest.param({"on_call": ()}, ON, id="no roster"),
        pytest.param({"on_call": (ADA,)}, ON, id="only herself"),
        pytest.param({"helped": frozenset({ADA.id})}, ON, id="somebody was asked within a week"),
        pytest.param({"said_here": frozenset({"need_help/issue/5"})}, ON, id="somebody was asked here"),
        pytest.param({}, DEFAULTS, id="shadow"),
        pytest.param({}, policy(need_help={"mode": Mode.OFF}), id="off"),
    ],
)
def test_nothing_is_promised_that_will_not_happen(changes: dict[str, Any], configured: Policy) -> None:
    assert answered(scene(**changes), configured).values["asks"] is False


def test_it_begins_in_shadow() -> None:
    assert DEFAULTS.mode("need_help") is Mode.SHADOW
