"""`/budget`, `/away` and `/quiet-hours`: a 👍 is all that others see of it, and `/undo` is for whoever wrote it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest

from bot import explain, words
from bot.effects import GoAway, KeepQuiet, LimitMentions, Order, Retract, Say
from bot.model import Person
from bot.pathway import Acted
from tests.rules.scenes import ADA, GRACE
from tests.rules.test_answers import AT, HERE, WELCOME, act, by_command, did, reply, scene, undone, wished

DAY: Final = timedelta(days=1)
A_YEAR: Final = timedelta(days=366)


def ordered(name: str, args: str) -> Any:
    [order] = did(wished(scene(name, args)))
    assert isinstance(order, Order)
    assert (order.key, order.why) == (f"answers/{name}/order/{HERE}", f"ada wrote /{name}")
    assert explain.sentence(order) == f"would note down {order.kind}: ada wrote /{name}"
    told = explain.Explanation("x", (), (order,)).as_json()["now"]
    assert told == [{"rule": "answers", "effect": order.kind, "why": order.why, "key": order.key, "by": "ada"}]
    return order


@pytest.mark.parametrize(
    ("args", "a_day", "a_week"),
    [("1 per week", None, 1), ("1 per day", 1, None), ("none", 0, 0), ("usual", None, None)],
)
def test_how_often_somebody_is_mentioned(args: str, a_day: int | None, a_week: int | None) -> None:
    order = ordered("budget", args)
    assert isinstance(order, LimitMentions)
    assert (order.a_day, order.a_week, order.person, order.as_of) == (a_day, a_week, ADA, AT)


@pytest.mark.parametrize(
    ("args", "until"),
    [
        ("2 weeks", AT + 14 * DAY),
        ("until 2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("366 days", AT + A_YEAR),
        ("off", None),
        ("Off, please.", None),
    ],
)
def test_somebody_is_away(args: str, until: datetime | None) -> None:
    order = ordered("away", args)
    assert isinstance(order, GoAway)
    assert (order.until, order.person, order.as_of) == (until, ADA, AT)


@pytest.mark.parametrize(
    ("args", "zone", "begins", "ends"),
    [
        ("19:00 to 09:00 Europe/Berlin", "Europe/Berlin", time(19), time(9)),
        ("Europe/Berlin", "Europe/Berlin", None, None),
        ("off", None, None, None),
    ],
)
def test_when_somebody_is_not_mentioned(args: str, zone: str | None, begins: time | None, ends: time | None) -> None:
    order = ordered("quiet-hours", args)
    assert isinstance(order, KeepQuiet)
    assert (order.zone, order.begins, order.ends, order.person, order.as_of) == (zone, begins, ends, ADA, AT)


@pytest.mark.parametrize(
    ("name", "args", "values"),
    [
        ("budget", "17 per fortnight", {}),
        ("away", "17 fortnights", {"mistake": "duration", "day": "2026-12-07"}),
        ("away", "until 2017-01-01", {"mistake": "past", "day": "2026-12-07"}),
        ("away", "17000 days", {"mistake": "long", "day": "2026-12-07"}),
        ("quiet-hours", "17 Europe/Vienna", {"mistake": "times"}),
        ("quiet-hours", "17:17 to 7:17 Vienna", {"mistake": "zone"}),
    ],
)
@pytest.mark.parametrize("language", words.languages())
def test_a_mistake_is_answered_with_an_example_and_not_repeated(
    name: str, args: str, values: dict[str, str], language: str
) -> None:
    effects = wished(scene(name, args))
    assert reply(effects, f"{name}-mistake") == {"command": name} | values
    say = effects[1]
    assert isinstance(say, Say)
    text = words.render(replace(say, language=language))
    assert f"`/{name} " in text
    for told in (text, say.why, *map(explain.sentence, effects)):
        assert [word for word in ("17", "fortnight", "Vienna") if word in told] == []


@pytest.mark.parametrize("name", ["budget", "away", "quiet-hours"])
def test_who_was_obeyed_gets_their_thumb_when_what_they_wrote_is_gone(name: str) -> None:
    effects = wished(scene(name, "", said_here=frozenset({f"answers/{name}/order/{HERE}"})))
    assert [effect.kind for effect in effects] == ["react", "react"]
    assert did(effects) == []


KINDS: Final = [("budget", LimitMentions), ("away", GoAway), ("quiet-hours", KeepQuiet)]


def wrote(name: str, kind: type[Any], by: Person = ADA, *, on: bool = True) -> Acted:
    return by_command(kind.kind, name, to=by, on=on)


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("budget", LimitMentions, {"a_day": None, "a_week": None}),
        ("away", GoAway, {"until": None}),
        ("quiet-hours", KeepQuiet, {"zone": None, "begins": None, "ends": None}),
    ],
)
def test_whoever_wrote_it_can_take_it_back(name: str, kind: type[Any], values: dict[str, Any]) -> None:
    [order] = did(undone(wrote(name, kind), by=ADA))
    assert isinstance(order, kind)
    assert order == kind(rule="answers", key=order.key, why="ada wrote /undo", thread=order.thread, person=ADA,
                         as_of=AT, **values)  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_nobody_else_can_nor_learns_that_it_is_there(name: str, kind: type[Any]) -> None:
    assert reply(undone(wrote(name, kind), by=GRACE), "undo-sorry")["about"] == "nothing"
    [retract] = did(undone(WELCOME, wrote(name, kind), by=GRACE))
    assert isinstance(retract, Retract)


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_what_ended_it_is_not_taken_back(name: str, kind: type[Any]) -> None:
    effects = undone(act(to=GRACE), wrote(name, kind, on=False), by=ADA)
    assert reply(effects, "undo-sorry")["about"] == "not-yours"
