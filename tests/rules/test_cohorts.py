"""Cohorts in threads: pull requests that name a task are recorded, interns get mentors, and the guide welcomes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from bot.cohorts import Cohort, Program, Round, Task
from bot.effects import Effect, Learn, Quiet, RecordWork, Say, SeekMentors
from bot.mentors import Because
from bot.model import GHOST, Level, RepoId, ThreadKind, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import cohorts, welcome
from tests.rules.scenes import ADA, GOAT, GRACE, ISSUE, NOW, look, policy
from tests.rules.test_mentoring_running import mentoring

WINTER: Final = Cohort(
    id="winter", name="Outreachy, winter", program=Program.OUTREACHY, first=date(2026, 11, 16),
    last=date(2026, 12, 11), mentors=("grace",), label="outreachy", levels=frozenset({Level.STARTER}), takers=2,
    channel="https://example.org/chat", sync=date(2026, 11, 30),
)  # fmt: skip
TASK: Final = Task(ref=ISSUE.ref, name="alpine-tools/trail-maps#5", level=Level.STARTER, takers=0, most=2)
OTHERS: Final = tuple(
    replace(TASK, ref=ThreadRef(RepoId(100), number), name=f"alpine-tools/trail-maps#{number}") for number in (6, 7, 8)
)
RUNS: Final = Round(cohort=WINTER, mentors=frozenset({GRACE.id}))
NAMED: Final = replace(RUNS, named=(ThreadRef(RepoId(100), 3), ThreadRef(RepoId(100), 4)))
OVER: Final = Round(cohort=WINTER, runs=False, intern=ADA)
ON: Final = policy(cohorts={"mode": Mode.ON}, mentoring={"mode": Mode.ON})
PULL: Final = ThreadKind.PULL_REQUEST


def wished(*rounds: Round, configured: Policy = ON, **changes: Any) -> list[Effect]:
    return cohorts.decide(look(rounds=rounds, **changes), configured, NOW)


def test_a_pull_request_that_names_a_task_is_recorded() -> None:
    [order] = wished(NAMED, kind=PULL)
    assert isinstance(order, RecordWork)
    assert (order.person, order.cohort, order.work, order.task) == (ADA, "winter", ISSUE.ref, NAMED.named[0])
    assert order.key == "cohorts/record/winter/7/100/5"
    assert order.as_of == ISSUE.created_at


@pytest.mark.parametrize(
    ("one", "changes"),
    [
        pytest.param(RUNS, {"kind": PULL}, id="it names none"),
        pytest.param(NAMED, {}, id="an issue"),
        pytest.param(replace(NAMED, runs=False), {"kind": PULL}, id="it is over"),
        pytest.param(NAMED, {"kind": PULL, "author": GHOST}, id="an account that is deleted"),
        pytest.param(NAMED, {"kind": PULL, "author": GOAT}, id="a bot"),
        pytest.param(NAMED, {"kind": PULL, "author": GRACE}, id="a mentor"),
        pytest.param(NAMED, {"kind": PULL, "is_team": True}, id="the team"),
        pytest.param(replace(NAMED, recorded=frozenset({ADA.id})), {"kind": PULL}, id="it is recorded"),
    ],
)
def test_nothing_is_recorded(one: Round, changes: dict[str, Any]) -> None:
    assert wished(one, **changes) == []


def test_who_belongs_is_found_out_before_anything_is_recorded() -> None:
    [learn] = wished(NAMED, kind=PULL, is_team=None)
    assert isinstance(learn, Learn)


@pytest.mark.parametrize("one", [OVER, replace(RUNS, intern=ADA)], ids=["after the period", "within it"])
def test_mentors_are_sought_for_an_intern_once(one: Round) -> None:
    [order] = wished(one)
    assert isinstance(order, SeekMentors)
    assert (order.mentee, order.because, order.cohort) == (ADA, Because.COHORT, "winter")
    assert wished(one, said_here=frozenset({order.key})) == []


@pytest.mark.parametrize(
    ("configured", "changes", "quiet"),
    [
        pytest.param(policy(mentoring={"mode": Mode.SHADOW}), {}, False, id="mentoring is not switched on"),
        pytest.param(ON, {"is_open": False}, True, id="closed"),
        pytest.param(ON, {"locked": True}, True, id="locked"),
        pytest.param(ON, {"mentoring": mentoring()}, True, id="somebody mentors already"),
    ],
)
def test_no_mentors_are_sought(configured: Policy, changes: dict[str, Any], *, quiet: bool) -> None:
    effects = wished(OVER, configured=configured, **changes)
    assert len(effects) == quiet
    assert all(isinstance(one, Quiet) for one in effects)


@pytest.mark.parametrize(
    ("one", "speaks"),
    [
        pytest.param(replace(NAMED, guide=True), False, id="on a task"),
        pytest.param(replace(RUNS, guide=True, applies=True), False, id="who applies"),
        pytest.param(replace(RUNS, guide=True), True, id="somebody else"),
        pytest.param(replace(NAMED, applies=True), True, id="no guide stands"),
        pytest.param(OVER, True, id="an intern, after the period"),
    ],
)
def test_the_guide_welcomes_instead(one: Round, *, speaks: bool) -> None:
    effects = welcome.decide(look(rounds=(one,)), policy(welcome={"mode": Mode.ON, "hold": timedelta()}), NOW)
    assert any(isinstance(effect, Say) for effect in effects) is speaks


@pytest.mark.parametrize(
    ("labels", "level", "is_task"),
    [
        ({"Outreachy"}, Level.STARTER, True),
        ({"outreachy"}, Level.MEDIUM, False),
        ({"outreachy"}, None, False),
        ({"bug"}, Level.STARTER, False),
    ],
)
def test_what_is_a_task(labels: set[str], level: Level | None, *, is_task: bool) -> None:
    assert WINTER.is_task(frozenset(labels), level) is is_task


def test_a_closed_task_has_no_places() -> None:
    assert (TASK.left, replace(TASK, takers=3).left, replace(TASK, is_open=False).left) == (2, 0, 0)
