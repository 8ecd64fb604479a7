"""When mentors are sought without being asked for, and how the question to them comes and goes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import Effect, Learn, LookAgain, MeetMentee, Quiet, Revise, Say, SeekMentors
from bot.looking import Asker, Hush
from bot.mentors import Because, Part, Reasons, Said, State
from bot.model import GHOST, Level, Person, ThreadKind
from bot.pathway import Claim, Seeker
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import mentoring
from bot.rules.mentoring import asking, beginning
from tests.rules.scenes import ADA, GOAT, GRACE, MAPS, NOW, look, policy
from tests.rules.test_mentoring_running import CO_MENTOR, LEAD, LINUS, act, ask
from tests.rules.test_mentoring_running import mentoring as made

HOUR: Final = timedelta(hours=1)
ON: Final = policy(mentoring={"mode": Mode.ON})
MEDIUM: Final = frozenset({"medium"})
CLAIM: Final = Claim(person=ADA, at=NOW - HOUR, last_sign=NOW - HOUR)
OPEN: Final = ask(LINUS, Part.CO_MENTOR, said=Said.OPEN, asked_at=None, beside=GRACE, reasons=Reasons(hours=6))
KEY: Final = OPEN.key(made().ref)


def begins(chosen: Policy = ON, **changes: Any) -> list[Effect]:
    usual: dict[str, Any] = {
        "claims": (CLAIM,), "labels": MEDIUM, "seekers": {ADA.id: Seeker(person=ADA, highest=Level.STARTER)},
        "askers": {ADA.id: Asker(belongs=False)},
    }  # fmt: skip
    return beginning.decide(look(**usual | changes), chosen, NOW)


def test_a_first_medium_issue_begins_it() -> None:
    [order] = begins()
    assert isinstance(order, SeekMentors)
    assert (order.because, order.mentee, order.as_of) == (Because.FIRST_MEDIUM, ADA, NOW)
    assert order.key == f"mentoring/seek/100/5/7/{int(CLAIM.at.timestamp())}"


INVITED: Final = act("invitation/1/7/2026-q4", template="invitation", at=NOW - 2 * HOUR)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        pytest.param({"labels": frozenset()}, None, id="no level"),
        pytest.param({"labels": frozenset({"good first issue"})}, None, id="a starter"),
        pytest.param({"seekers": {ADA.id: Seeker(person=ADA)}}, Because.FIRST_MEDIUM, id="nothing done yet"),
        pytest.param({"seekers": {ADA.id: Seeker(person=ADA, highest=Level.MEDIUM)}}, None, id="has done one"),
        pytest.param({"seekers": {}}, None, id="nobody knows"),
        pytest.param({"claims": ()}, None, id="nobody has it"),
        pytest.param({"claims": (replace(CLAIM, ended_at=NOW),)}, None, id="given back"),
        pytest.param({"claims": (replace(CLAIM, at=NOW - timedelta(days=8)),)}, None, id="taken long ago"),
        pytest.param({"kind": ThreadKind.PULL_REQUEST}, None, id="a pull request"),
        pytest.param({"mentoring": made()}, None, id="somebody is mentored"),
        pytest.param({"labels": frozenset(), "acted": (INVITED,)}, Because.INVITED, id="invited"),
        pytest.param({"labels": frozenset(), "acted": (replace(INVITED, at=NOW),)}, None, id="invited later"),
        pytest.param({"labels": frozenset(), "acted": (INVITED,), "author": GRACE}, None, id="others invited"),
        pytest.param({"mentoring": made(state=State.ENDED, mentee=LINUS)}, Because.FIRST_MEDIUM, id="another one"),
    ],
)
def test_what_begins_it(changes: dict[str, Any], because: Because | None) -> None:
    orders = [one for one in begins(**changes) if isinstance(one, SeekMentors)]
    assert [one.because for one in orders] == ([because] if because else [])


@pytest.mark.parametrize("setting", ["first_medium", "invitation"])
def test_each_can_be_switched_off(setting: str) -> None:
    labels = MEDIUM if setting == "first_medium" else frozenset()
    off = policy(mentoring={"mode": Mode.ON, setting: False})
    assert begins(off, labels=labels, acted=() if setting == "first_medium" else (INVITED,)) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"is_open": False}, "the issue is closed", id="closed"),
        pytest.param({"locked": True}, "the thread is locked", id="locked"),
        pytest.param({"labels": MEDIUM | {"no-bot"}}, "the thread has the label no-bot", id="no-bot"),
        pytest.param({"claims": (replace(CLAIM, opted_out=True),)}, "ada asked to be left alone", id="opted out"),
        pytest.param({"is_team": True}, "ada belongs to the organisation", id="a member"),
        pytest.param(
            {"mentoring": made(state=State.ENDED)}, "mentors were sought for ada here before", id="for them before"
        ),
    ],
)
def test_it_does_not_begin(changes: dict[str, Any], why: str) -> None:
    assert begins(**changes) == [Quiet(rule="mentoring", why=why)]


def test_it_waits_for_a_pause_and_for_who_belongs() -> None:
    until = NOW + HOUR
    [again] = begins(hush=Hush(paused_until=until))
    assert isinstance(again, LookAgain)
    assert again.at == until
    assert begins(is_team=None, askers={}) == [beginning.unknown()]


OTHER: Final = replace(CLAIM, person=LINUS)


@pytest.mark.parametrize(
    ("changes", "mentee"),
    [
        pytest.param({"claims": (CLAIM,)}, ADA, id="who has claimed it"),
        pytest.param({"assigned": (LINUS,)}, LINUS, id="who is assigned"),
        pytest.param({"assigned": (GRACE, LINUS), "helpers": frozenset({GRACE.id})}, LINUS, id="not a member"),
        pytest.param({"assigned": (GOAT, GHOST)}, None, id="no people"),
        pytest.param({"claims": (OTHER,), "askers": {LINUS.id: Asker(belongs=False)}}, LINUS, id="from outside"),
        pytest.param({"claims": (OTHER,), "askers": {LINUS.id: Asker(belongs=True)}}, None, id="from inside"),
        pytest.param({"claims": (replace(CLAIM, opted_out=True),)}, None, id="left alone"),
    ],
)
def test_it_meets_whoever_takes_the_issue(changes: dict[str, Any], mentee: Person | None) -> None:
    waits = made(state=State.WAITING, mentee=None)
    effects = beginning.decide(look(mentoring=waits, **changes), ON, NOW)
    assert [one.person for one in effects if isinstance(one, MeetMentee)] == ([mentee] if mentee else [])
    assert effects


def test_it_asks_who_belongs_before_it_meets_somebody() -> None:
    waits = made(state=State.WAITING, mentee=None)
    scene = look(mentoring=waits, claims=(OTHER,), askers={LINUS.id: Asker(belongs=None)})
    assert [type(one) for one in beginning.decide(scene, ON, NOW)] == [Learn]


def asks(chosen: Policy = ON, **changes: Any) -> list[Effect]:
    it = changes.pop("it", made(LEAD, OPEN, state=State.SEEKING))
    usual: dict[str, Any] = {"mentoring": it, "reachable": frozenset({LINUS.id})}
    return asking.decide(look(**usual | changes), chosen, NOW)


def test_who_was_chosen_is_asked() -> None:
    [say] = asks()
    assert isinstance(say, Say)
    assert (say.template, say.key, say.to, say.mention, say.must_reach) == ("mentoring-ask", KEY, LINUS, True, True)
    told = ("mentee", "part", "other", "agreed", "by", "days", "may_end")
    assert [say.values[name] for name in told] == ["ada", "co-mentor", "grace", True, None, 5, False]


def test_nobody_is_asked_where_there_is_no_mentoring() -> None:
    assert asking.decide(look(), ON, NOW) == []
    assert mentoring.decide(look(), ON, NOW) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"said_here": frozenset({KEY})}, id="asked"),
        pytest.param({"is_open": False}, id="closed"),
        pytest.param({"locked": True}, id="locked"),
        pytest.param({"it": made(LEAD, OPEN)}, id="it runs"),
        pytest.param({"it": made(OPEN, state=State.HELD)}, id="held"),
        pytest.param({"it": made(OPEN, state=State.SEEKING, mentee=GHOST)}, id="the mentee is forgotten"),
        pytest.param({"it": made(replace(OPEN, person=GOAT), state=State.SEEKING)}, id="a bot"),
        pytest.param({"chosen": policy(people={"leave_alone": ("linus",)})}, id="left alone"),
    ],
)
def test_nobody_is_asked(changes: dict[str, Any]) -> None:
    assert [type(one) for one in asks(**changes)] == [Quiet]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        pytest.param({"reachable": frozenset()}, NOW + HOUR, id="not to be mentioned now"),
        pytest.param({"hush": Hush(snoozed_until=NOW + 2 * HOUR)}, NOW + 2 * HOUR, id="snoozed"),
    ],
)
def test_the_question_waits(changes: dict[str, Any], at: object) -> None:
    [again] = asks(**changes)
    assert isinstance(again, LookAgain)
    assert again.at == at


@pytest.mark.parametrize("one", [replace(OPEN, part=Part.GUIDE), replace(OPEN, by=GRACE.id)], ids=["guide", "handover"])
def test_a_guide_and_who_takes_over_are_asked_while_it_runs(one: Any) -> None:
    [say] = asks(it=made(LEAD, CO_MENTOR, one, because=Because.MAINTAINER))
    assert isinstance(say, Say)
    assert say.values["by"] == ("grace" if one.by else None)


@pytest.mark.parametrize("state", [State.UNFILLED, State.HELD, State.SEEKING], ids=str)
def test_who_takes_over_is_asked_also_where_nobody_else_is_sought(state: State) -> None:
    [say] = asks(it=made(LEAD, replace(OPEN, by=GRACE.id), state=state))
    assert isinstance(say, Say)


POSTED: Final = act(KEY, template="mentoring-ask")


@pytest.mark.parametrize(
    ("said", "template"),
    [*((said, "mentoring-settled") for said in Said if said not in {Said.OPEN, Said.ACCEPTED}),
     (Said.ACCEPTED, "mentoring-accepted")],
)  # fmt: skip
def test_what_was_asked_is_taken_back_without_a_trace(said: Said, template: str) -> None:
    [revise] = asks(it=made(replace(OPEN, said=said)), acted=(POSTED,))
    assert isinstance(revise, Revise)
    assert (revise.say.template, revise.comment_id, revise.say.mention) == (template, 77, False)
    assert revise.key == f"{KEY}/{template}"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"acted": ()}, id="never said"),
        pytest.param({"acted": (POSTED, act("undo", effect="retract", detail={"said": KEY}))}, id="taken back"),
        pytest.param({"said_here": frozenset({f"{KEY}/mentoring-settled"})}, id="done"),
        pytest.param({"repo": replace(MAPS, archived=True)}, id="archived"),
    ],
)
def test_nothing_is_left_to_take_back(changes: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"acted": (POSTED,)}
    assert asks(it=made(replace(OPEN, said=Said.LAPSED)), **usual | changes) == []


def test_it_is_taken_back_after_a_pause() -> None:
    it = made(replace(OPEN, said=Said.ACCEPTED), mentee=None)
    [again] = asks(it=it, acted=(POSTED,), hush=Hush(paused_until=NOW + HOUR))
    assert isinstance(again, LookAgain)
    [revise] = asks(it=it, acted=(POSTED,))
    assert isinstance(revise, Revise)
