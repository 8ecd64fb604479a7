"""Of which threads somebody is reminded, and who: few in a day, the most valuable first, and nobody in vain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from bot.model import Answer, Person, PersonId, Thread, ThreadRef
from bot.triage.choosing import Round, candidates, chosen, is_on_duty, unanswered
from bot.waiting import Because, Case, Evidence, Nudge, On, OnDuty, Reminder, Rota, Waiting
from tests.rules.scenes import ADA, GRACE, ISSUE, NOW, policy

LINUS: Final = Person(PersonId(10), "linus")
MARY: Final = Person(PersonId(11), "mary")
ROTA: Final = Rota(weeks=(OnDuty(week=date(2026, 11, 23), person=GRACE),), areas={"auth": (LINUS,), "": (MARY,)})
DAY: Final = timedelta(days=1)


def waiting(on: On, because: Because, days: float) -> Waiting:
    since = NOW - days * DAY
    return Waiting(on=on, since=since, evidence=(Evidence(because=because, at=since),))


def case(number: int = 5, *, days: float = 20, **changes: Any) -> Case:
    """A thread that has waited for a first look for so many days, half of them working days."""
    thread = replace(ISSUE, ref=ThreadRef(ISSUE.repo.id, number))
    known: dict[str, Any] = {
        "waiting": waiting(On.TRIAGE, Because.UNANSWERED, days), "waited": int(days / 2), "allowed": 7,
        "around": frozenset({ADA.id}),
    }  # fmt: skip
    return Case(thread=thread, **(known | changes))


def asked(*, free: Sequence[Person] = (GRACE, LINUS, MARY), later: Sequence[Person] = (), rota: Rota = ROTA,
          told: bool = True) -> Round:  # fmt: skip
    """`later`: who has quiet hours that end today."""
    ids, ids_later = {person.id for person in free}, {person.id for person in later}
    return Round(
        rota=rota, is_free=lambda one: one in ids, is_free_today=lambda one: one in ids_later,
        may_be_told=lambda _case: told, may_be_asked=lambda _case: told, policy=policy(), now=NOW,
    )  # fmt: skip


def before(about: Case, reminder: Reminder = Reminder.NUDGE, *, days: float, **changes: Any) -> Nudge:
    """A reminder of it, so many days ago."""
    nudge = Nudge(
        ref=about.thread.ref, reminder=reminder, person=GRACE.id, because=about.waiting.because,
        since=about.waiting.since, at=NOW - days * DAY,
    )  # fmt: skip
    return replace(nudge, **changes)


def reminded(
    cases: Sequence[Case], past: Sequence[Nudge] = (), round_: Round | None = None, room: int = 5
) -> list[str]:
    """What was chosen, as one reads it."""
    refs = {nudge.ref for nudge in past}
    by_ref = {ref: [nudge for nudge in past if nudge.ref == ref] for ref in refs}
    names = {one.id: one.login for one in (ADA, GRACE, LINUS, MARY)}
    found = chosen(cases, by_ref, round_ or asked(), room)
    return [f"{nudge.reminder.value} {names[nudge.person]} #{nudge.ref.number}" for nudge in found]


LATE: Final = case()
NEW: Final = case(6, days=40, newcomer=True, allowed=4)
BOT: Final = Person(PersonId(12), "helper[bot]", is_bot=True)


def answered(by: Person, days: int = 3) -> Thread:
    return replace(NEW.thread, answers=(Answer(person=by, at=NOW - days * DAY),))


@pytest.mark.parametrize(
    ("round_", "areas", "expected"),
    [
        pytest.param(asked(), {"auth"}, ["nudge grace #5"], id="whoever looks after triage this week"),
        pytest.param(
            asked(free=(LINUS, MARY)), {"auth"}, ["nudge linus #5"], id="who agreed to its area, before those of all"
        ),
        pytest.param(asked(free=(MARY,)), {"auth"}, ["nudge mary #5"], id="who agreed to all areas"),
        pytest.param(
            asked(free=(LINUS, MARY), later=(GRACE,)), {"auth"}, [], id="nobody yet: her quiet hours end today"
        ),
        pytest.param(
            asked(free=(MARY,), later=(LINUS,)), {"auth"}, ["nudge mary #5"], id="only for who is on duty it waits"
        ),
        pytest.param(asked(free=(LINUS,)), {"docs"}, [], id="nobody for another area: it stands in the digest"),
        pytest.param(asked(free=()), {"auth"}, [], id="nobody is free: it stands in the digest"),
        pytest.param(asked(rota=Rota()), {"auth"}, [], id="nobody agreed to be asked"),
        pytest.param(asked(told=False), {"auth"}, [], id="it may not be told of in the digest"),
    ],
)
def test_who_is_reminded(round_: Round, areas: set[str], expected: list[str]) -> None:
    assert reminded([case(areas=frozenset(areas))], round_=round_) == expected


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"waited": 6}, id="it is in time"),
        pytest.param({"allowed": None}, id="nothing is expected"),
        pytest.param({"asleep": True}, id="it is snoozed, or its repository paused"),
        pytest.param({"waiting": waiting(On.AUTHOR, Because.TEAM_ASKED, 90)}, id="its author has the ball"),
        pytest.param({"waiting": waiting(On.NOBODY, Because.ON_HOLD, 90)}, id="it is on hold"),
        pytest.param({"around": frozenset({GRACE.id, LINUS.id, MARY.id})}, id="all are in the thread already"),
    ],
)
def test_of_what_nobody_is_reminded(changes: dict[str, Any]) -> None:
    assert reminded([case(**changes)]) == []


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        pytest.param([before(LATE, days=13)], [], id="less than 14 days ago"),
        pytest.param([before(LATE, days=14)], ["nudge grace #5"], id="14 days ago, and nothing has happened"),
        pytest.param([before(LATE, days=30), before(LATE, days=15)], [], id="twice in vain"),
        pytest.param([before(LATE, days=90, since=NOW - 99 * DAY)], [], id="it was cleared for the same reason"),
        pytest.param(
            [before(LATE, days=90, since=NOW - 99 * DAY, because=Because.AUTHOR_SPOKE)], ["nudge grace #5"],
            id="it was cleared for another reason",
        ),
        pytest.param(
            [before(LATE, days=days, since=NOW - 99 * DAY, because=Because.AUTHOR_SPOKE) for days in (90, 70)],
            ["nudge grace #5"], id="twice in vain, but for what is over",
        ),
        pytest.param([before(LATE, Reminder.QUESTION, days=3)], ["nudge grace #5"], id="something else was said"),
    ],
)  # fmt: skip
def test_never_again_and_again(past: list[Nudge], expected: list[str]) -> None:
    assert reminded([LATE], past) == expected


# A newcomer who was left waiting hears of it, once, three working days after the team could have.


@pytest.mark.parametrize(
    ("changes", "past", "said"),
    [
        pytest.param({}, [], True, id="left waiting"),
        pytest.param({"waited": 6}, [], False, id="the team has three days after it is late"),
        pytest.param({"newcomer": False}, [], False, id="not new"),
        pytest.param({"opted_out": True}, [], False, id="wants to be left alone"),
        pytest.param({"asleep": True}, [], False, id="snoozed"),
        pytest.param({"waiting": waiting(On.AUTHOR, Because.TEAM_ASKED, 40)}, [], False, id="has the ball"),
        pytest.param({"waiting": waiting(On.REVIEW, Because.UNREVIEWED, 61)}, [], False, id="too late for an apology"),
        pytest.param({}, [before(NEW, Reminder.SENTENCE, days=300)], False, id="was told before"),
        pytest.param({"thread": answered(LINUS)}, [], False, id="somebody has answered, of the team or not"),
        pytest.param({"thread": answered(ADA)}, [], True, id="said more"),
        pytest.param({"thread": answered(BOT)}, [], True, id="only a bot has answered"),
        pytest.param({"thread": answered(LINUS, days=41)}, [], True, id="was answered, and waits again"),
    ],
)
def test_a_newcomer_is_told_once(changes: dict[str, Any], past: list[Nudge], *, said: bool) -> None:
    found = reminded([replace(NEW, **changes)], past, asked(free=()))
    assert found == (["sentence ada #6"] if said else [])


def test_a_newcomer_is_not_told_of_a_list_that_does_not_have_it() -> None:
    assert reminded([NEW], round_=asked(told=False)) == []


NEEDS: Final = waiting(On.AUTHOR, Because.NEEDS_INFO, 30)


@pytest.mark.parametrize(
    ("changes", "past", "said"),
    [
        pytest.param({}, [], True, id="for 30 days"),
        pytest.param({"waiting": waiting(On.AUTHOR, Because.NEEDS_INFO, 29)}, [], False, id="for 29 days"),
        pytest.param({"waiting": waiting(On.AUTHOR, Because.TEAM_ASKED, 90)}, [], False, id="no label says so"),
        pytest.param({"opted_out": True}, [], False, id="wants to be left alone"),
        pytest.param({"asleep": True}, [], False, id="snoozed"),
        pytest.param({"by_team": True}, [], False, id="of the team"),
        pytest.param({}, [before(LATE, Reminder.QUESTION, days=300)], False, id="was asked before"),
    ],
)
def test_an_author_is_asked_once(changes: dict[str, Any], past: list[Nudge], *, said: bool) -> None:
    found = reminded([replace(case(waiting=NEEDS, allowed=None), **changes)], past)
    assert found == (["question ada #5"] if said else [])


def test_no_author_is_asked_while_nobody_of_the_team_can_read_what_comes_of_it() -> None:
    assert reminded([case(waiting=NEEDS, allowed=None)], round_=asked(told=False)) == []


def test_newcomers_come_first_the_oldest_of_them_before_the_others() -> None:
    newer, older = case(7, days=16, newcomer=True, allowed=4), case(8, days=24, newcomer=True, allowed=4)
    ages_ago, late = case(9, days=1000), case(10, days=30)
    found = reminded([ages_ago, newer, late, older], room=9)
    assert found == ["nudge grace #8", "sentence ada #8", "nudge grace #7", "sentence ada #7", "nudge grace #10",
                     "nudge grace #9"]  # fmt: skip
    assert reminded([ages_ago, newer, late, older], room=1) == ["nudge grace #8"]
    assert reminded([ages_ago, newer, late, older], room=-1) == []


def test_who_is_asked_about_a_thread_comes_in_an_order() -> None:
    assert [*candidates(case(areas=frozenset({"auth"})), ROTA)] == [GRACE, LINUS, MARY]
    assert (is_on_duty(ROTA, GRACE.id), is_on_duty(ROTA, LINUS.id), is_on_duty(Rota(), GRACE.id)) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("about", "days", "listed"),
    [
        pytest.param(case(waiting=NEEDS), None, False, id="the bot never asked"),
        pytest.param(case(waiting=NEEDS), 13, False, id="asked 13 days ago"),
        pytest.param(case(waiting=NEEDS), 14, True, id="asked 14 days ago"),
        pytest.param(case(waiting=NEEDS), 31, False, id="asked, answered, missing anew"),
        pytest.param(case(), 20, False, id="its author has answered"),
    ],
)
def test_what_somebody_might_close(about: Case, days: int | None, *, listed: bool) -> None:
    asked_at = {} if days is None else {about.thread.ref: NOW - days * DAY}
    assert unanswered([about], asked_at, policy(), NOW) == ([about] if listed else [])
