"""What people say to have mentors, and to being asked to be one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import AnswerAsk, Effect, EndMentoring, Learn, MeetMentee, React, Say, SeekMentors
from bot.looking import Asker, ThreadLook
from bot.mentors import Because, Mentoring, Part, Prospects, Said, State
from bot.model import Person, Request
from bot.pathway import Acted, Claim
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers
from tests.rules.scenes import ADA, GRACE, NOW, look, policy
from tests.rules.test_mentoring_running import LEAD, LINUS, act, ask
from tests.rules.test_mentoring_running import mentoring as made

AT: Final = NOW - timedelta(minutes=1)
ON: Final = policy(mentoring={"mode": Mode.ON}, digest={"mode": Mode.ON}, commands={"undo": "everybody"})
ANYBODY: Final = Prospects(anybody=True)
SLOW: Final = Prospects(anybody=True, review=timedelta(days=40))
OPEN: Final = ask(ADA, Part.LEAD, said=Said.OPEN)


def scene(
    name: str, args: str = "", *, by: Person = ADA, did: tuple[str, ...] = (), belongs: bool | None = False,
    **changes: Any,
) -> ThreadLook:  # fmt: skip
    request = Request(name, args, by, AT, "issue_comment", 50, "NODE", to_us=True)
    done = frozenset(f"answers/{name}/{what}/issue_comment/50" for what in did)
    usual: dict[str, Any] = {"prospects": ANYBODY, "askers": {by.id: Asker(belongs=belongs)}, "said_here": done}
    return look(requests=(request,), **usual | changes)


def effects(where: ThreadLook, chosen: Policy = ON) -> list[Effect]:
    return answers.decide(where, chosen, NOW)


def order(where: ThreadLook, chosen: Policy = ON) -> Effect | None:
    return next((one for one in effects(where, chosen) if isinstance(one, SeekMentors | MeetMentee | EndMentoring |
                                                                     AnswerAsk)), None)  # fmt: skip


def outcome(where: ThreadLook, chosen: Policy = ON) -> object:
    said = [one for one in effects(where, chosen) if isinstance(one, Say)]
    return said[0].values.get("outcome", said[0].template) if said else None


def thumb(where: ThreadLook, chosen: Policy = ON) -> str:
    return [one.content for one in effects(where, chosen) if isinstance(one, React)][-1]


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        pytest.param({}, Because.ASKED, id="asked for"),
        pytest.param({"acted": (act("invitation/1", template="invitation"),)}, Because.INVITED, id="invited"),
        pytest.param({"mentoring": made(state=State.ENDED)}, Because.ASKED, id="once more"),
    ],
)
def test_whoever_asks_is_to_be_mentored(changes: dict[str, Any], because: Because) -> None:
    wish = order(scene("need-mentor", **changes))
    assert isinstance(wish, SeekMentors)
    assert (wish.mentee, wish.because, wish.as_of) == (ADA, because, AT)


def test_who_asks_where_somebody_is_waited_for_is_that_one() -> None:
    wish = order(scene("need-mentor", mentoring=made(state=State.WAITING, mentee=None)))
    assert isinstance(wish, MeetMentee)
    assert wish.person == ADA


SEEKS: Final = made(state=State.SEEKING)
NOBODY_YET: Final = replace(SEEKS, asks=())


@pytest.mark.parametrize("name", ["need-mentor", "mentor-this"])
@pytest.mark.parametrize(
    ("known", "prospects", "said"),
    [
        pytest.param(NOBODY_YET, ANYBODY, "asks", id="there is somebody"),
        pytest.param(NOBODY_YET, Prospects(), "nobody", id="there is nobody"),
        pytest.param(NOBODY_YET, SLOW, "held", id="reviews are slow"),
        pytest.param(SEEKS, Prospects(), "asks", id="somebody is asked"),
        pytest.param(made(), ANYBODY, "running", id="two agreed"),
        pytest.param(made(state=State.HELD), SLOW, "held", id="held"),
        pytest.param(made(state=State.UNFILLED), ANYBODY, "nobody", id="unfilled"),
        pytest.param(made(state=State.ENDED), ANYBODY, "over", id="over"),
    ],
)
def test_what_happens_next_is_told(name: str, known: Mentoring, prospects: Prospects, said: str) -> None:
    where = scene(name, did=("order",), belongs=True, mentoring=known, prospects=prospects)
    assert outcome(where) == said
    if known.is_open:
        assert outcome(scene(name, belongs=True, mentoring=known, prospects=prospects)) == said


@pytest.mark.parametrize("name", ["need-mentor", "mentor-this"])
@pytest.mark.parametrize(
    ("changes", "chosen", "said", "reaction"),
    [
        pytest.param({}, policy(), "shadow", "+1", id="it does not speak"),
        pytest.param({"is_open": False}, ON, "over", "confused", id="closed"),
        pytest.param({"locked": True}, ON, "over", "confused", id="locked"),
    ],
)
def test_nothing_is_promised(name: str, changes: dict[str, Any], chosen: Policy, said: str, reaction: str) -> None:
    where = scene(name, belongs=True, **changes)
    assert (order(where, chosen), outcome(where, chosen), thumb(where, chosen)) == (None, said, reaction)


def test_one_is_mentored_at_a_time() -> None:
    where = scene("need-mentor", mentoring=made(mentee=LINUS))
    assert (order(where), outcome(where), thumb(where)) == (None, "other", "confused")


CLAIM: Final = Claim(person=LINUS, at=AT, last_sign=AT)


@pytest.mark.parametrize(
    ("changes", "mentee"),
    [
        pytest.param({}, ADA, id="its author"),
        pytest.param({"claims": (CLAIM,)}, LINUS, id="who has claimed it"),
        pytest.param({"author": GRACE}, None, id="nobody yet"),
        pytest.param({"opted_out": True}, None, id="its author is left alone"),
        pytest.param({"assigned": (GRACE,)}, None, id="a member has it"),
    ],
)
def test_a_maintainer_asks_for_whoever_works_on_it(changes: dict[str, Any], mentee: Person | None) -> None:
    helpers = frozenset({GRACE.id})
    wish = order(scene("mentor-this", by=GRACE, belongs=True, helpers=helpers, **changes))
    assert isinstance(wish, SeekMentors)
    assert (wish.mentee, wish.because) == (mentee, Because.MAINTAINER)


@pytest.mark.parametrize("changes", [{}, {"claims": (replace(CLAIM, person=ADA),)}], ids=["author", "claimed"])
def test_who_belongs_is_found_out_first(changes: dict[str, Any]) -> None:
    where = scene("mentor-this", by=GRACE, belongs=True, is_team=None, **changes)
    assert [type(one) for one in effects(where)] == [Learn]


def test_that_nobody_has_it_yet_is_told() -> None:
    known = made(state=State.WAITING, mentee=None, asks=())
    assert outcome(scene("mentor-this", by=GRACE, belongs=True, did=("order",), mentoring=known)) == "waiting"


def test_it_ends_for_whom_it_is() -> None:
    wish = order(scene("need-mentor", "off", mentoring=made()))
    assert isinstance(wish, EndMentoring)
    assert wish.state is State.ENDED
    assert outcome(scene("need-mentor", "off", did=("order",))) == "answer-need-mentor-over"


@pytest.mark.parametrize("known", [None, made(mentee=LINUS)], ids=["nothing", "somebody else's"])
def test_there_is_nothing_to_end(known: Mentoring | None) -> None:
    where = scene("need-mentor", "off", mentoring=known)
    assert (order(where), outcome(where), thumb(where)) == (None, None, "+1")


@pytest.mark.parametrize(
    ("name", "before", "said"),
    [
        ("accept", Said.OPEN, Said.ACCEPTED),
        ("decline", Said.OPEN, Said.DECLINED),
        ("later", Said.OPEN, Said.LATER),
        ("decline", Said.ACCEPTED, Said.LEFT),
    ],
)
def test_an_answer_counts(name: str, before: Said, said: Said) -> None:
    where = scene(name, mentoring=made(replace(OPEN, said=before), mentee=LINUS))
    wish = order(where)
    assert isinstance(wish, AnswerAsk)
    assert (wish.said, wish.person) == (said, ADA)
    assert wish.checks == (NOW + timedelta(days=7), NOW + timedelta(days=21))
    assert outcome(where) is None, "a reaction is all that is seen of it"
    assert thumb(scene(name, did=("order",), mentoring=made(replace(OPEN, said=said), mentee=LINUS))) == "+1"


@pytest.mark.parametrize(
    ("name", "known", "how"),
    [
        pytest.param("accept", None, "never", id="nobody is asked"),
        pytest.param("decline", made(mentee=LINUS), "never", id="others are"),
        pytest.param("later", made(replace(OPEN, said=Said.ACCEPTED)), "mentor", id="they mentor"),
        pytest.param("accept", made(replace(OPEN, said=Said.LAPSED)), "late", id="too late"),
        pytest.param("accept", made(OPEN, state=State.ENDED), "late", id="it is over"),
        pytest.param("accept", made(replace(OPEN, said=Said.ACCEPTED)), None, id="said already"),
        pytest.param("decline", made(replace(OPEN, said=Said.LAPSED)), None, id="no, too late"),
    ],
)
def test_what_is_no_answer_is_told_kindly_and_once(name: str, known: Mentoring | None, how: str | None) -> None:
    where = scene(name, mentoring=known)
    assert order(where) is None
    said = [one for one in effects(where) if isinstance(one, Say)]
    assert [one.values["how"] for one in said] == ([how] if how else [])
    assert thumb(where) == ("confused" if how else "+1")
    again = replace(where, said_here=frozenset({one.key for one in said}))
    assert [one for one in effects(again) if isinstance(one, Say)] == []


def undone(done: Acted, known: Mentoring | None) -> Effect | None:
    return order(scene("undo", acted=(done,), mentoring=known))


def did(kind: str, **detail: Any) -> Acted:
    return act(f"answers/{kind}/order/issue_comment/40", rule="answers", effect=kind, template=None, detail=detail)


SOUGHT: Final = did("seek_mentors", began_at=made().began_at.isoformat())
AGREED: Final = did("answer_ask", on=True, began_at="", chosen_at=OPEN.chosen_at.isoformat())


def test_asking_for_mentors_is_taken_back() -> None:
    back = undone(SOUGHT, made())
    assert isinstance(back, EndMentoring)
    assert back.state is State.ENDED


@pytest.mark.parametrize("known", [None, made(state=State.DONE), made(began_at=NOW)], ids=["none", "over", "another"])
def test_what_is_over_is_not_taken_back(known: Mentoring | None) -> None:
    assert undone(SOUGHT, known) is None


def test_a_yes_is_taken_back() -> None:
    back = undone(AGREED, made(replace(OPEN, said=Said.ACCEPTED), mentee=LINUS))
    assert isinstance(back, AnswerAsk)
    assert (back.said, back.person) == (Said.LEFT, ADA)


@pytest.mark.parametrize(
    "known",
    [None, made(), made(OPEN), made(replace(OPEN, said=Said.ACCEPTED, chosen_at=NOW)), made(OPEN, state=State.DONE)],
    ids=["none", "not theirs", "not a yes", "another", "over"],
)
def test_a_yes_that_does_not_hold_is_not_taken_back(known: Mentoring | None) -> None:
    assert undone(AGREED, known) is None


def test_a_no_is_nobodys_to_take_back() -> None:
    no = replace(AGREED, detail={"on": False}, person_id=GRACE.id)
    assert undone(no, made(LEAD)) is None
