"""Reminders: said once, to whom it concerns, and only if the thread still waits as it did."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import Learn, Quiet, Say
from bot.model import Answer, Person, PersonId, ThreadRef
from bot.policytypes import Mode
from bot.rules import triage
from bot.waiting import Because, Case, Evidence, Nudge, On, Reminder, Told, Waiting
from tests.rules.scenes import ADA, GOAT, GRACE, ISSUE, NOW, look, policy

SINCE: Final = NOW - timedelta(days=20)
LINUS: Final = Person(PersonId(10), "linus")
UNANSWERED: Final = Evidence(because=Because.UNANSWERED, at=SINCE)
WAITS: Final = Waiting(on=On.TRIAGE, since=SINCE, evidence=(UNANSWERED,))
ANSWERED: Final = Waiting(on=On.NOBODY, since=NOW, evidence=(Evidence(because=Because.TEAM_ANSWERED, at=NOW),))
ASKED: Final = Waiting(on=On.AUTHOR, since=SINCE, evidence=(Evidence(because=Because.NEEDS_INFO, at=SINCE),))
DIGEST: Final[dict[str, Any]] = {"author": GOAT, "ref": ThreadRef(ISSUE.repo.id, 90)}
CASE: Final = Case(thread=ISSUE, waiting=WAITS, waited=14, allowed=7, around=frozenset({ADA.id}))


def nudge(reminder: Reminder = Reminder.NUDGE, to: Person = GRACE, waiting: Waiting = WAITS) -> Nudge:
    return Nudge(
        ref=ISSUE.ref, reminder=reminder, person=to.id, because=waiting.because, since=waiting.since,
        at=NOW - timedelta(hours=1),
    )  # fmt: skip


def told(to: Person = GRACE, *, on_duty: bool = True, number: int = 5, **changes: Any) -> Told:
    thread = replace(ISSUE, ref=ThreadRef(ISSUE.repo.id, number))
    case = replace(CASE, thread=thread, **changes)
    return Told(nudge=replace(nudge(to=to), ref=thread.ref), person=to, case=case, on_duty=on_duty)


# Whoever looks after triage gets one comment in the digest, with all that is for them.


def test_one_person_gets_one_comment() -> None:
    scene = look(**DIGEST, told_here=(told(), told(number=6), told(LINUS, number=7, on_duty=False)))
    to_grace, to_linus = triage.decide(scene, policy(), NOW)
    assert isinstance(to_grace, Say)
    assert isinstance(to_linus, Say)
    assert (to_grace.to, to_grace.values["on_duty"]) == (GRACE, True)
    assert to_grace.values["first"] == {
        "thread": "alpine-tools/trail-maps#5", "on": "TRIAGE", "because": "UNANSWERED", "days": 14, "newcomer": False,
    }  # fmt: skip
    assert (names(to_grace), to_grace.values["more"]) == ([5, 6], 0)
    assert (to_linus.to, to_linus.values["on_duty"]) == (LINUS, False)
    assert to_grace.key != to_linus.key


def names(say: Say) -> list[int]:
    """The numbers of the threads that are named."""
    shown = [say.values[name] for name in ("first", "second", "third", "fourth", "fifth")]
    return [int(str(one["thread"]).partition("#")[2]) for one in shown if isinstance(one, dict)]


def test_five_are_named_and_the_others_counted() -> None:
    scene = look(**DIGEST, told_here=tuple(told(number=number) for number in range(1, 9)))
    [say] = triage.decide(scene, policy(), NOW)
    assert isinstance(say, Say)
    assert (names(say), say.values["more"]) == ([1, 2, 3, 4, 5], 3)


def test_it_is_said_once() -> None:
    scene = look(**DIGEST, told_here=(told(),))
    [say] = triage.decide(scene, policy(), NOW)
    assert isinstance(say, Say)
    [quiet] = triage.decide(replace(scene, said_here=frozenset({say.key})), policy(), NOW)
    assert isinstance(quiet, Quiet)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"told_here": (told(waiting=ANSWERED),)}, "nothing of it waits", id="somebody has answered"),
        pytest.param({"told_here": (told(asleep=True),)}, "nothing of it waits", id="it was snoozed"),
        pytest.param({"told_here": (told(around=frozenset({GRACE.id})),)}, "nothing of it waits", id="she is there"),
        pytest.param({"told_here": (told(),), "is_open": False}, "the digest is closed", id="the digest is closed"),
        pytest.param({"told_here": (told(),), "locked": True}, "locked", id="the digest is locked"),
    ],
)
def test_nobody_is_reminded_in_vain(changes: dict[str, Any], why: str) -> None:
    [effect] = triage.decide(look(**DIGEST | changes), policy(), NOW)
    assert isinstance(effect, Quiet)
    assert why in effect.why


# In the thread itself.


@pytest.mark.parametrize(
    ("reminder", "waiting", "template"),
    [
        pytest.param(Reminder.SENTENCE, WAITS, "triage-sentence", id="a newcomer was left waiting"),
        pytest.param(Reminder.QUESTION, ASKED, "triage-question", id="an author was asked for something"),
    ],
)
def test_its_author_hears_of_it_once(reminder: Reminder, waiting: Waiting, template: str) -> None:
    scene = look(reminders=(nudge(reminder, ADA, waiting),), waiting=waiting)
    [say] = triage.decide(scene, policy(), NOW)
    assert isinstance(say, Say)
    assert (say.template, say.to, say.values["since"]) == (template, ADA, "2026-11-03")
    [quiet] = triage.decide(replace(scene, said_here=frozenset({say.key})), policy(), NOW)
    assert isinstance(quiet, Quiet)


def test_what_a_newcomer_can_do_meanwhile_is_what_there_is() -> None:
    scene = look(reminders=(nudge(Reminder.SENTENCE, ADA),), waiting=WAITS)
    links = {"chat": "https://chat.example.org/{repo}"}
    for roster, helps in (((), False), (("grace",), True)):
        [say] = triage.decide(scene, policy(links=links, need_help={"mode": Mode.ON, "roster": roster}), NOW)
        assert isinstance(say, Say)
        assert (say.values["chat"], say.values["help"]) == ("https://chat.example.org/trail-maps", helps)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"waiting": ANSWERED}, "something has happened", id="somebody has answered"),
        pytest.param({"waiting": None}, "something has happened", id="it is closed"),
        pytest.param({"waiting": replace(WAITS, since=NOW)}, "something has happened", id="it waits anew"),
        pytest.param({"labels": frozenset({"no-bot"})}, "no-bot", id="it is to be left alone"),
        pytest.param({"opted_out": True}, "left alone", id="she wants to be left alone"),
        pytest.param({"is_team": True}, "belongs", id="she belongs to the team by now"),
        pytest.param({"merged_before": True}, "not new", id="she is not new"),
        pytest.param({"answers": (Answer(person=GRACE, at=NOW),)}, "has answered", id="somebody else has answered"),
    ],
)
def test_nothing_is_said_in_the_thread(changes: dict[str, Any], why: str) -> None:
    scene = look(**{"reminders": (nudge(Reminder.SENTENCE, ADA),), "waiting": WAITS} | changes)
    [effect] = triage.decide(scene, policy(), NOW)
    assert isinstance(effect, Quiet)
    assert why in effect.why


def test_whether_they_belong_is_found_out_first() -> None:
    [effect] = triage.decide(
        look(reminders=(nudge(Reminder.QUESTION, ADA, ASKED),), waiting=ASKED, is_team=None), policy(), NOW
    )
    assert isinstance(effect, Learn)


def test_where_nobody_is_to_be_reminded_there_is_nothing_to_explain() -> None:
    assert triage.decide(look(waiting=WAITS), policy(), NOW) == []
