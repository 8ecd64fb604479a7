"""Who is asked, and what becomes of a question as time goes by."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.checkin import choosing
from bot.checkin.choosing import Facts
from bot.checkins import Because, CheckIn, State
from bot.model import Person, PersonId
from bot.presence import Asked, Presence
from bot.team import Member, Source
from tests.rules.scenes import ADA, DEFAULTS, GRACE, NOW

DAY: Final = timedelta(days=1)
SETTINGS: Final = DEFAULTS.check_ins
LINUS: Final = Person(PersonId(10), "linus")
BEGUN: Final = NOW - 60 * DAY


def member(person: Person) -> Member:
    return Member(person=person, source=Source.ORGANISATION)


def seen(at: datetime | None) -> Presence:
    return Presence(since=NOW - 3000 * DAY, last=at)


def check_in(state: State = State.ASKED, **changes: Any) -> CheckIn:
    one = CheckIn(person=ADA, begun_at=BEGUN, because=Because.SILENCE, state=state, state_at=BEGUN)
    return replace(one, **changes)


def test_whoever_was_not_seen_for_longest_comes_first() -> None:
    people = [ADA, GRACE, LINUS]
    last = {ADA.id: NOW - 200 * DAY, GRACE.id: NOW - 5 * DAY, LINUS.id: NOW - 900 * DAY}
    due = check_in(State.DUE)
    found = choosing.due(
        [member(one) for one in people], {id_: seen(at) for id_, at in last.items()},
        {one.id: Asked() for one in people}, {ADA.id: due, LINUS.id: check_in(State.OVER, person=LINUS)}, SETTINGS, NOW,
    )  # fmt: skip
    assert [(one.person, one.because, one.known) for one in found] == [
        (LINUS, Because.SILENCE, None), (ADA, Because.SILENCE, due)
    ]  # fmt: skip


def test_whoever_cannot_read_the_place_keeps_nobody_waiting() -> None:
    known = {LINUS.id: check_in(State.UNREACHABLE, person=LINUS)}
    found = choosing.due(
        [member(LINUS), member(ADA)], {LINUS.id: seen(None), ADA.id: seen(NOW - 200 * DAY)},
        {LINUS.id: Asked(), ADA.id: Asked()}, known, SETTINGS, NOW,
    )  # fmt: skip
    assert [one.person for one in found] == [ADA, LINUS]


def facts(**changes: Any) -> Facts:
    usual = Facts(asked=Asked(), presence=seen(BEGUN - 200 * DAY), question_at=BEGUN)
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("one", "known", "state"),
    [
        pytest.param(check_in(), facts(), None, id="nothing happened"),
        pytest.param(check_in(), facts(presence=seen(BEGUN + DAY)), State.OVER, id="seen since"),
        pytest.param(check_in(), facts(presence=seen(BEGUN)), None, id="seen when it began"),
        pytest.param(check_in(), facts(presence=seen(None)), None, id="never seen"),
        pytest.param(check_in(), facts(asked=Asked(never=True)), State.OVER, id="never to be asked"),
        pytest.param(check_in(), facts(asked=Asked(opted_out=True)), State.OVER, id="left alone"),
        pytest.param(check_in(), facts(asked=Asked(stepped_back=True)), State.OVER, id="stepped back"),
        pytest.param(check_in(), facts(asked=Asked(away=True)), None, id="away"),
        pytest.param(check_in(), facts(closed=True), State.OVER, id="closed"),
        pytest.param(check_in(), facts(spoke=True, presence=seen(BEGUN + DAY)), State.ANSWERED, id="in words"),
        pytest.param(check_in(State.HANDED), facts(spoke=True), State.ANSWERED, id="in words, later"),
        pytest.param(check_in(handed_to=GRACE.id), facts(spoke=True), State.OVER, id="in words, to a human"),
        pytest.param(check_in(), facts(on_team=False), State.OVER, id="left the team when asked"),
        pytest.param(check_in(State.HANDED), facts(on_team=False), None, id="left the team, and a human has it"),
        pytest.param(check_in(State.DUE), facts(on_team=False), State.OVER, id="left the team before"),
        pytest.param(check_in(State.UNREACHABLE), facts(on_team=False), State.OVER, id="left it, unreachable"),
        pytest.param(check_in(State.DUE), facts(), None, id="due"),
    ],
)
def test_what_ends_it_without_a_word(one: CheckIn, known: Facts, state: State | None) -> None:
    assert choosing.ends(one, known) is state


@pytest.mark.parametrize(
    ("days", "reminded", "held", "expected"),
    [
        pytest.param(13, [], 0, (False, False), id="too early"),
        pytest.param(14, [], 0, (True, False), id="the first"),
        pytest.param(20, [14], 0, (False, False), id="once"),
        pytest.param(30, [14], 0, (True, False), id="the second"),
        pytest.param(30, [], 0, (True, False), id="both at once are one"),
        pytest.param(31, [29], 0, (False, False), id="not two at once"),
        pytest.param(43, [14, 30], 0, (False, False), id="then no more"),
        pytest.param(44, [14, 30], 0, (False, True), id="handed over"),
        pytest.param(20, [], 7, (False, False), id="a vacation stops the clock"),
        pytest.param(21, [], 7, (True, False), id="and it goes on"),
        pytest.param(50, [14, 30], 7, (False, False), id="for the hand-over too"),
        pytest.param(90, [], 0, (True, True), id="a pause: they are reminded first"),
        pytest.param(91, [90], 0, (False, False), id="and have their time after it"),
        pytest.param(106, [90], 0, (True, True), id="also after the second"),
        pytest.param(107, [90, 106], 0, (False, False), id="which is the last"),
        pytest.param(120, [90, 106], 0, (False, True), id="then it is handed over"),
    ],
)
def test_reminders_and_the_end(days: int, reminded: list[int], held: int, expected: tuple[bool, bool]) -> None:
    at = [BEGUN + day * DAY for day in reminded]
    now, known = BEGUN + days * DAY, facts(held=held * DAY, reminded_at=max(at, default=None))
    assert choosing.to_remind(known, at, SETTINGS, now) is expected[0]
    assert choosing.to_hand_over(known, SETTINGS, now) is expected[1]


@pytest.mark.parametrize("known", [facts(question_at=None), facts(asked=Asked(away=True))], ids=["not asked", "away"])
def test_nothing_follows_before_they_could_answer(known: Facts) -> None:
    assert not choosing.to_remind(known, [], SETTINGS, NOW)
    assert not choosing.to_hand_over(known, SETTINGS, NOW)


def test_humans_take_turns() -> None:
    humans = [GRACE, LINUS, ADA]
    assert choosing.in_turn(humans, [], check_in()) == [GRACE, LINUS]
    took = check_in(State.HANDED, person=Person(PersonId(70), "mary"), handed_to=GRACE.id)
    assert choosing.in_turn(humans, [took], check_in()) == [LINUS, GRACE]
    again = replace(took, handed_to=LINUS.id, state_at=NOW)
    assert choosing.in_turn(humans, [again, took], check_in()) == [GRACE, LINUS]
