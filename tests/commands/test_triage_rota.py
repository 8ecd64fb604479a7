"""`/triage-rota`: what is read from it, who may do what with whose week, and what is answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.commands.triage_rota import SHOWN, WEEKS, Join, Show, Swap, Take, Wrong, read
from bot.effects import Effect, JoinMentors, JoinTriage, Learn, React, Say, TakeWeek
from bot.looking import Asker
from bot.model import Person, PersonId, Request
from bot.pathway import Acted
from bot.policy import Area
from bot.rules import answers
from bot.waiting import OnDuty, Rota
from tests.rules.scenes import ADA, DEFAULTS, GRACE, NOW, look

AREAS: Final = (Area(name="documentation", labels=("docs",)), Area(name="user interface"))
ASKED_AT: Final = NOW - timedelta(minutes=1)
MONDAY: Final = date(2026, 11, 23)
WEEK: Final = timedelta(days=7)
MARY: Final = Person(PersonId(77), "Mary")  # agreed to be asked about an area
LINUS: Final = Person(PersonId(78), "linus")  # agreed to nothing
ROTA: Final = Rota(
    weeks=tuple(OnDuty(week=MONDAY + many * WEEK, person=(ADA, GRACE)[many % 2]) for many in range(WEEKS)),
    members=(ADA, GRACE),
    areas={"documentation": (MARY, ADA), "": (GRACE,)},
)
HERS: Final = "2026-11-27"  # a day of Ada's week, and of Grace's
GRACES: Final = "2026-12-06"


@pytest.mark.parametrize(
    ("args", "wish"),
    [
        ("", Show()),
        ("show, please", Show()),
        ("swap 2026-12-07 @Grace", Swap(date(2026, 12, 7), "grace")),
        ("swap the week of 2026-12-07 with grace!", Swap(date(2026, 12, 7), "grace")),
        ("swap 2026-12-07", Wrong.WORDS),
        ("swap 2026-13-07 @grace", Wrong.DAY),
        ("swap next week @grace", Wrong.WORDS),
        ("Take 2026-12-07, thanks", Take(date(2026, 12, 7))),
        ("take 2026-02-30", Wrong.DAY),
        ("take 2026-12-07 @grace", Wrong.WORDS),
        ("join", Join(())),
        ("join all", Join(())),
        ("join docs", Join(("documentation",))),
        ("join for Documentation, user interface", Join(("documentation", "user interface"))),
        ("join rockets", Wrong.AREA),
        ("leave", Join(None)),
        ("join off", Join(None)),
        ("joint", Wrong.WORDS),
        ("dance", Wrong.WORDS),
    ],
)
def test_what_is_asked_for(args: str, wish: Show | Swap | Take | Join | Wrong) -> None:
    assert read(args, AREAS) == wish


def answered(args: str, by: Person = ADA, *, belongs: bool | None = False, **changes: Any) -> list[Effect]:
    asked = Request("triage-rota", args, by, ASKED_AT, "issue_comment", 50, "NODE", to_us=True)
    everybody = DEFAULTS.model_copy(
        update={"commands": DEFAULTS.commands.model_copy(update={"triage_rota": "everybody"}), "areas": AREAS}
    )
    scene = look(**{"requests": (asked,), "askers": {by.id: Asker(belongs=belongs)}, "rota": ROTA} | changes)
    return answers.decide(scene, everybody, NOW)


def order(effects: list[Effect]) -> Effect:
    """What is done between 👀 and 👍."""
    seen, done, react = effects
    assert isinstance(seen, React)
    assert isinstance(react, React)
    assert (seen.content, react.content) == ("eyes", "+1")
    return done


def mistake(effects: list[Effect]) -> Mapping[str, Any]:
    """What the only reply is given, before 😕."""
    seen, say, react = effects
    assert isinstance(seen, React)
    assert isinstance(say, Say)
    assert isinstance(react, React)
    assert (react.content, say.template, say.mention) == ("confused", "answer-triage-rota-mistake", False)
    assert "@" not in words.render(say)
    return say.values


def test_it_is_shown_without_mentioning_anybody() -> None:
    taken = replace(ROTA.weeks[1], person=MARY, stands_in=True)
    say = order(answered("", rota=replace(ROTA, weeks=(ROTA.weeks[0], taken, *ROTA.weeks[2:]))))
    assert isinstance(say, Say)
    assert (say.template, say.mention, say.asked_for) == ("answer-triage-rota-shown", False, True)
    text = words.render(say)
    for line in ("- 2026-11-23: `ada`\n", "- 2026-11-30: `Mary`, who stands in\n", "- documentation: `Mary`, `ada`\n",
                 "- all: `grace`\n"):  # fmt: skip
        assert line in text
    assert "@" not in text
    assert text.count("- 2026-") == SHOWN


def test_it_is_shown_as_well_once_that_was_said() -> None:
    [react] = answered("", said_here=keys("seen", "reply"))
    assert isinstance(react, React)
    assert react.content == "+1"


@pytest.mark.parametrize("rota", [None, Rota()])
def test_where_nobody_is_on_it_it_tells_how_to_put_people_on_it(rota: Rota | None) -> None:
    say = order(answered("", rota=rota))
    assert isinstance(say, Say)
    assert "`triage.rota`" in words.render(say)


def keys(*done: str) -> frozenset[str]:
    return frozenset(f"answers/triage-rota/{what}/issue_comment/50" for what in done)


@pytest.mark.parametrize(
    ("args", "by", "belongs", "week", "to"),
    [
        pytest.param(f"swap {HERS} @grace", ADA, False, MONDAY, GRACE, id="her own week"),
        pytest.param(f"swap {HERS} @grace", ADA, None, MONDAY, GRACE, id="nobody has to know who she is"),
        pytest.param(f"swap {HERS} mary", ADA, False, MONDAY, MARY, id="to somebody with an area"),
        pytest.param(f"swap {HERS} @grace", LINUS, True, MONDAY, GRACE, id="a maintainer, somebody's week"),
        pytest.param(f"take {GRACES}", ADA, False, MONDAY + WEEK, ADA, id="takes somebody's week"),
        pytest.param(f"take {GRACES}", MARY, False, MONDAY + WEEK, MARY, id="with an area, takes a week"),
    ],
)
def test_a_week_goes_to_somebody_who_agreed(
    args: str, by: Person, belongs: bool | None, week: date, to: Person
) -> None:
    take = order(answered(args, by, belongs=belongs))
    assert isinstance(take, TakeWeek)
    assert (take.week, take.to, take.person, take.as_of, take.rule) == (week, to.id, by, ASKED_AT, "answers")


@pytest.mark.parametrize(
    ("args", "by", "changes", "why"),
    [
        pytest.param(f"swap {HERS} @grace", LINUS, {}, "theirs", id="somebody else's week"),
        pytest.param(f"swap {HERS} @linus", ADA, {}, "other", id="to somebody who has not agreed"),
        pytest.param(f"take {HERS}", LINUS, {}, "you", id="has not agreed"),
        pytest.param("swap 2026-11-22 @grace", ADA, {}, "past", id="over"),
        pytest.param("take 2028-01-01", ADA, {}, "far", id="far away"),
        pytest.param(f"take {HERS}", ADA, {"rota": Rota()}, "empty", id="nobody is on it"),
        pytest.param(f"take {HERS}", ADA, {"rota": None}, "empty", id="nothing is known of it"),
        pytest.param("take 2026-02-30", ADA, {}, "day", id="no day"),
        pytest.param("join rockets", ADA, {}, "area", id="no area"),
        pytest.param("dance", ADA, {}, "words", id="none of all that"),
    ],
)
def test_a_mistake_is_answered_with_what_works(args: str, by: Person, changes: dict[str, Any], why: str) -> None:
    told = mistake(answered(args, by, **changes))
    assert told["mistake"] == why
    assert told["whose"] == ("ada" if why == "theirs" else None)
    assert told["day"] == "2026-11-30"


def test_whether_somebody_maintains_has_to_be_known_only_for_the_weeks_of_others() -> None:
    [learn] = answered(f"swap {HERS} @grace", LINUS, belongs=None)
    assert isinstance(learn, Learn)


@pytest.mark.parametrize(("args", "areas"), [("join", ()), ("join docs", ("documentation",)), ("leave", None)])
def test_somebody_agrees_to_be_asked_or_does_not_any_more(args: str, areas: tuple[str, ...] | None) -> None:
    join = order(answered(args, LINUS))
    assert isinstance(join, JoinTriage)
    assert (join.person, join.areas, join.as_of) == (LINUS, areas, ASKED_AT)


@pytest.mark.parametrize(("done", "content"), [("order", "+1"), ("reply", "confused")])
def test_what_came_of_it_stands_whatever_happens_meanwhile(done: str, content: str) -> None:
    [react] = answered(f"swap {HERS} @grace", said_here=keys("seen", done), rota=Rota())
    assert isinstance(react, React)
    assert react.content == content


def undone(effect: str, rota: Rota | None, **detail: Any) -> Effect:
    """Grace takes back what Ada's command has done."""
    asked = Request("triage-rota", "", ADA, ASKED_AT, "issue_comment", 40, "NODE", to_us=True)
    undo = Request("undo", "", GRACE, NOW, "issue_comment", 50, "NODE", to_us=True)
    act = Acted(
        key="answers/triage-rota/order/issue_comment/40", rule="answers", effect=effect, template=None, why="",
        at=NOW - timedelta(seconds=50), person_id=ADA.id, external_id=None, node_id="", url="", detail=detail,
    )  # fmt: skip
    answered_ = frozenset({"answers/triage-rota/issue_comment/40"})
    scene = look(requests=(asked, undo), askers={GRACE.id: Asker(belongs=True)}, acted=(act,), rota=rota,
                 said_here=answered_)  # fmt: skip
    _, effect_, _ = answers.decide(scene, DEFAULTS, NOW)
    return effect_


def test_a_week_that_was_taken_is_given_back() -> None:
    taken = replace(ROTA.weeks[0], person=GRACE, stands_in=True, since=ASKED_AT)
    take = undone("take_week", replace(ROTA, weeks=(taken,)), on=True, week="2026-11-23")
    assert isinstance(take, TakeWeek)
    assert (take.week, take.to, take.person, take.as_of) == (MONDAY, None, GRACE, NOW)


@pytest.mark.parametrize(
    "rota",
    [
        pytest.param(None, id="nothing is known of it"),
        pytest.param(Rota(), id="nobody is on it"),
        pytest.param(ROTA, id="it has been given back"),
        pytest.param(replace(ROTA, weeks=(replace(ROTA.weeks[0], since=NOW),)), id="somebody has taken it since"),
    ],
)
def test_a_week_that_is_somebody_elses_by_now_is_left_to_them(rota: Rota | None) -> None:
    say = undone("take_week", rota, on=True, week="2026-11-23")
    assert isinstance(say, Say)
    assert say.values["about"] == "changed"


def test_what_somebody_agreed_to_is_taken_back() -> None:
    join = undone("join_triage", None, on=True)
    assert isinstance(join, JoinTriage)
    assert (join.person, join.areas) == (ADA, None)
    mentor = undone("mentor", None, on=True)
    assert isinstance(mentor, JoinMentors)
    assert (mentor.person, mentor.terms) == (ADA, None)
    say = undone("join_triage", None, on=False)
    assert isinstance(say, Say)
    assert say.values["about"] == "nothing"
