"""`/handover` and `/mentor-done`: what comes of them, and what is answered."""

from dataclasses import replace
from typing import Any, Final

import pytest

from bot.commands import handover
from bot.effects import Effect, EndMentoring, HandOver, Learn, React, Retract, Say
from bot.looking import Asker, ThreadLook
from bot.mentors import Mentoring, Part, Said, State
from bot.model import Person, Request
from bot.rules import answers
from tests.rules.scenes import ADA, DEFAULTS, GRACE, NOW, look, policy
from tests.rules.test_mentoring_running import CO_MENTOR, GUIDE, LEAD, LINUS, MARY, PLAN, act, ask, mentoring

HERE: Final = "issue_comment/50"


def scene(
    name: str, args: str = "", by: Person = GRACE, *, did: tuple[str, ...] = (), belongs: bool | None = False,
    **changes: Any,
) -> ThreadLook:  # fmt: skip
    asked = Request(name, args, by, NOW, "issue_comment", 50, "NODE", to_us=True)
    said = frozenset(f"answers/{name}/{what}/{HERE}" for what in did)
    them = {"mentoring": mentoring(), "can_mentor": (MARY, ADA)}
    return look(**{"requests": (asked,), "askers": {by.id: Asker(belongs=belongs)}, "said_here": said} | them | changes)


def wished(where: ThreadLook, chosen: Any = DEFAULTS) -> list[Effect]:
    return answers.decide(where, chosen, NOW)


@pytest.mark.parametrize(
    ("args", "login"),
    [
        ("@grace", "grace"), ("to @grace", "grace"), ("grace", "grace"), ("to Grace, please.", "grace"),
        ("this over to grace-h", "grace-h"), ("my part to my friend @grace thanks", "grace"), ("@grace @mary", "grace"),
        ("", None), ("to", None), ("to a_b", None), ("please", None),
    ],
)  # fmt: skip
def test_whatever_stands_around_the_name(args: str, login: str | None) -> None:
    assert handover.read(args) == login


@pytest.mark.parametrize(
    ("args", "by", "to"),
    [
        pytest.param("@Linus", GRACE, LINUS, id="to the other mentor"),
        pytest.param("@grace", LINUS, GRACE, id="the other way"),
        pytest.param("to mary please", GRACE, MARY, id="to somebody who agreed to mentor"),
    ],
)
def test_a_part_is_passed_on(args: str, by: Person, to: Person) -> None:
    eyes, order, thumb = wished(scene("handover", args, by))
    assert isinstance(order, HandOver)
    assert (order.key, order.person, order.to, order.as_of) == (f"answers/handover/order/{HERE}", by, to, NOW)
    assert [one.content for one in (eyes, thumb) if isinstance(one, React)] == ["eyes", "+1"]


@pytest.mark.parametrize(("args", "changed"), [("@linus", True), ("@mary", False)], ids=["changed", "asked"])
def test_what_follows_is_told(args: str, changed: bool) -> None:
    say, thumb = wished(scene("handover", args, did=("seen", "order")))
    assert isinstance(say, Say)
    assert (say.template, say.mention, say.values["changed"]) == ("answer-handover-noted", False, changed)
    assert isinstance(thumb, React)


@pytest.mark.parametrize(
    ("where", "mistake"),
    [
        pytest.param(scene("handover", "@mary", ADA), "not-mentor", id="who is mentored"),
        pytest.param(scene("handover", "@mary", mentoring=None), "not-mentor", id="no mentoring"),
        pytest.param(scene("handover", "@mary", mentoring=mentoring(state=State.DONE)), "not-mentor", id="over"),
        pytest.param(scene("handover"), "words", id="nobody named"),
        pytest.param(scene("handover", "@grace"), "words", id="themselves"),
        pytest.param(
            scene("handover", "@mary", mentoring=mentoring(LEAD, CO_MENTOR, ask(MARY, Part.GUIDE, said=Said.OPEN))),
            "asking", id="somebody is asked",
        ),
        pytest.param(scene("handover", "@nobody"), "not-available", id="unknown"),
        pytest.param(scene("handover", "@ada"), "not-available", id="whom they mentor"),
    ],
)  # fmt: skip
def test_a_part_is_not_passed_on(where: ThreadLook, mistake: str) -> None:
    _, say, thumb = wished(where)
    assert isinstance(say, Say)
    assert isinstance(thumb, React)
    assert (say.template, say.values["mistake"], thumb.content) == ("answer-handover-mistake", mistake, "confused")


def test_who_is_to_be_left_alone_is_not_available() -> None:
    _, say, _ = wished(scene("handover", "@mary"), policy(people={"leave_alone": ("mary",)}))
    assert isinstance(say, Say)
    assert say.values["mistake"] == "not-available"


@pytest.mark.parametrize("name", ["handover", "mentor-done"])
def test_a_refusal_stands(name: str) -> None:
    [thumb] = wished(scene(name, "@linus", did=("seen", "reply")))
    assert isinstance(thumb, React)
    assert thumb.content == "confused"


@pytest.mark.parametrize(
    ("by", "belongs", "it", "state"),
    [
        pytest.param(GRACE, False, mentoring(), State.DONE, id="a mentor"),
        pytest.param(ADA, False, mentoring(), State.DONE, id="who is mentored"),
        pytest.param(MARY, True, mentoring(), State.DONE, id="a maintainer"),
        pytest.param(MARY, False, mentoring(LEAD, CO_MENTOR, GUIDE), State.DONE, id="the guide"),
        pytest.param(
            ADA, False, mentoring(LEAD, state=State.SEEKING, running_since=None), State.ENDED, id="before it began"
        ),
    ],
)  # fmt: skip
def test_it_is_done(by: Person, belongs: bool, it: Mentoring, state: State) -> None:
    _, order, thumb = wished(scene("mentor-done", by=by, belongs=belongs, mentoring=it))
    assert isinstance(order, EndMentoring)
    assert (order.key, order.person, order.state) == (f"answers/mentor-done/order/{HERE}", by, state)
    assert isinstance(thumb, React)


def test_once_it_is_over_there_is_no_more_to_say() -> None:
    over = mentoring(state=State.DONE)
    [thumb] = wished(scene("mentor-done", did=("seen", "order"), mentoring=over))
    assert isinstance(thumb, React)
    assert thumb.content == "+1"


@pytest.mark.parametrize(
    ("by", "it", "mistake"),
    [
        pytest.param(MARY, mentoring(), "not-yours", id="somebody else"),
        pytest.param(GRACE, None, "nothing", id="no mentoring"),
        pytest.param(GRACE, mentoring(state=State.ENDED), "nothing", id="over"),
    ],
)
def test_it_is_not_for_everybody_to_end(by: Person, it: Mentoring | None, mistake: str) -> None:
    _, say, _ = wished(scene("mentor-done", by=by, mentoring=it))
    assert isinstance(say, Say)
    assert (say.template, say.values["mistake"]) == ("answer-mentor-done-mistake", mistake)


def test_of_somebody_else_it_is_found_out_whether_they_maintain() -> None:
    [learn] = wished(scene("mentor-done", by=MARY, belongs=None))
    assert isinstance(learn, Learn)


def test_undo_leaves_what_mentors_did_and_passes_over_what_nobody_did() -> None:
    done = act(f"answers/mentor-done/order/{HERE}", rule="answers", effect="end_mentoring", person_id=GRACE.id)
    _, sorry, _ = wished(scene("undo", belongs=True, acted=(done,)))
    assert isinstance(sorry, Say)
    assert (sorry.values["about"], sorry.values["what"]) == ("stays", "end_mentoring")
    by_itself = replace(done, key="mentoring/end/1", rule="mentoring", at=NOW)
    plan = act(PLAN, person_id=GRACE.id)
    _, back, _ = wished(scene("undo", belongs=True, acted=(plan, by_itself)))
    assert isinstance(back, Retract)
