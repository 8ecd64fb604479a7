"""`/record`, and `/claim` on a task of a cohort: what comes of them, and what is answered."""

from dataclasses import replace
from typing import Any, Final, TypeVar

import pytest

from bot.cohorts import Round
from bot.effects import Assign, Effect, Learn, React, RecordWork, Say, TakeClaim
from bot.looking import Asker, ThreadLook
from bot.model import Person, PersonId, RepoId, Request, ThreadKind, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers
from tests.rules.scenes import ADA, DEFAULTS, GRACE, ISSUE, NOW, look
from tests.rules.test_claiming import ASKED_AT, HERE, of
from tests.rules.test_cohorts import NAMED, ON, OTHERS, OVER, RUNS, TASK, WINTER

T = TypeVar("T")
LINUS: Final = Person(PersonId(10), "linus")
HUT: Final = ThreadRef(RepoId(101), 12)
TAKES: Final = replace(RUNS, task=TASK)
GUIDED: Final = replace(TAKES, guide=True)
FULL: Final = replace(TAKES, task=replace(TASK, takers=2))
LATER: Final = replace(WINTER, id="later", name="Later", first=WINTER.last.replace(year=2027),
                       last=WINTER.last.replace(year=2027))  # fmt: skip
PAST: Final = replace(WINTER, name="Past", first=WINTER.first.replace(year=2025), last=WINTER.last.replace(year=2025))


def scene(name: str, args: str = "", *, belongs: bool | None = False, did: tuple[str, ...] = (), **changes: Any
          ) -> ThreadLook:  # fmt: skip
    request = Request(name, args, changes.pop("by", ADA), ASKED_AT, "issue_comment", 50, "NODE", to_us=True)
    askers = {request.person.id: Asker(belongs=belongs, merged=True)}
    said = frozenset(f"answers/{name}/{what}/{HERE}" for what in did)
    return look(**{"requests": (request,), "askers": askers, "said_here": said, "author": GRACE} | changes)


def wished(where: ThreadLook, configured: Policy = ON) -> list[Effect]:
    return answers.decide(where, configured, NOW)


def one(effects: list[Effect], kind: type[T]) -> T:
    [found] = [effect for effect in effects if isinstance(effect, kind)]
    return found


def thumb(effects: list[Effect]) -> str:
    last = effects[-1]
    assert isinstance(last, React)
    return last.content


@pytest.mark.parametrize(
    ("args", "changes", "work", "url", "task"),
    [
        pytest.param("", {"rounds": (RUNS,)}, ISSUE.ref, "", None, id="here"),
        pytest.param("", {"rounds": (RUNS, NAMED)}, ISSUE.ref, "", NAMED.named[0], id="here, on a task"),
        pytest.param("huts#12", {"rounds": (NAMED,), "named_threads": {"huts#12": HUT}}, HUT, "", None, id="another"),
        pytest.param("https://example.org/x", {"rounds": (RUNS,)}, None, "https://example.org/x", None, id="elsewhere"),
        pytest.param("https://github.com/a/b/pull/1", {"rounds": (RUNS,)}, None, "https://github.com/a/b/pull/1", None,
                     id="a thread that is not known"),
        pytest.param("", {"rounds": (OVER, RUNS)}, ISSUE.ref, "", None, id="one of several runs"),
        pytest.param("", {"rounds": (OVER,)}, ISSUE.ref, "", None, id="written in time, and it is over by now"),
    ],
)  # fmt: skip
def test_what_is_recorded(
    args: str, changes: dict[str, Any], work: ThreadRef | None, url: str, task: ThreadRef | None
) -> None:
    effects = wished(scene("record", args, **changes))
    order = one(effects, RecordWork)
    assert (order.work, order.url, order.task) == (work, url, task)
    assert (order.person, order.cohort, order.as_of) == (ADA, "winter", ASKED_AT)
    assert thumb(effects) == "+1"
    after = wished(scene("record", args, did=("order", "seen"), **changes))
    assert [type(effect) for effect in after] == [React]
    assert thumb(after) == "+1"


@pytest.mark.parametrize(
    ("args", "changes", "about", "cohort"),
    [
        pytest.param("", {}, "when", None, id="no cohort"),
        pytest.param(
            "",
            {"rounds": (Round(cohort=PAST, runs=False, intern=ADA),), "cohorts": (PAST,)},
            "when",
            "Past",
            id="an intern, and it is over",
        ),
        pytest.param("", {"cohorts": (LATER, PAST)}, "when", "Later", id="the next one"),
        pytest.param("", {"rounds": (RUNS,), "belongs": True}, "team", "Outreachy, winter", id="the team"),
        pytest.param("", {"rounds": (RUNS,), "by": GRACE}, "team", "Outreachy, winter", id="a mentor"),
        pytest.param("huts#13", {"rounds": (RUNS,)}, "what", "Outreachy, winter", id="nobody knows that thread"),
        pytest.param("my work", {"rounds": (RUNS,)}, "what", "Outreachy, winter", id="words"),
    ],
)
def test_nothing_is_recorded(args: str, changes: dict[str, Any], about: str, cohort: str | None) -> None:
    effects = wished(scene("record", args, **changes))
    say = one(effects, Say)
    assert (say.template, say.values["about"], say.values["cohort"]) == ("answer-record-sorry", about, cohort)
    assert thumb(effects) == "confused"


def test_who_belongs_is_found_out_first() -> None:
    one(wished(scene("record", belongs=None, rounds=(RUNS,))), Learn)


@pytest.mark.parametrize(
    ("configured", "this", "most"),
    [
        pytest.param(ON, TAKES, 2, id="a task"),
        pytest.param(ON, RUNS, 1, id="no task"),
        pytest.param(ON, OVER, 1, id="an intern's issue"),
        pytest.param(DEFAULTS, TAKES, 1, id="cohorts are not switched on"),
    ],
)
def test_how_many_may_take_it(configured: Policy, this: Round, most: int) -> None:
    assert one(wished(scene("claim", rounds=(this,)), configured), TakeClaim).most == most


def test_a_task_is_open_to_a_second() -> None:
    one(wished(scene("claim", rounds=(TAKES,), claims=(of(LINUS),), assigned=(LINUS,))), TakeClaim)
    refused = one(wished(scene("claim", rounds=(TAKES,), claims=(of(LINUS),)), DEFAULTS), Say)
    assert refused.template == "answer-claim-taken"


@pytest.mark.parametrize(
    ("others", "named"),
    [(OTHERS, [task.name for task in OTHERS]), (OTHERS[:1], [OTHERS[0].name, None, None]), ((), [None] * 3)],
    ids=["three", "one", "none"],
)
def test_a_full_task_points_to_others(others: Any, named: list[str | None]) -> None:
    effects = wished(scene("claim", rounds=(replace(FULL, others=others),)))
    say = one(effects, Say)
    assert say.template == "answer-claim-full"
    assert [say.values[name] for name in ("first", "second", "third")] == named
    assert thumb(effects) == "confused"


def test_who_is_assigned_may_take_a_full_task() -> None:
    one(wished(scene("claim", rounds=(FULL,), assignees=frozenset({ADA.id}))), TakeClaim)


def test_a_closed_task_is_over() -> None:
    assert one(wished(scene("claim", rounds=(TAKES,), is_open=False)), Say).template == "answer-claim-over"


def test_where_the_guide_stands_a_thumb_is_all_and_they_apply() -> None:
    effects = wished(scene("claim", rounds=(GUIDED,), did=("order", "seen"), claims=(of(ADA),)))
    order = one(effects, RecordWork)
    assert (order.work, order.url, order.cohort) == (None, "", "winter")
    one(effects, Assign)
    assert not any(isinstance(effect, Say) for effect in effects)
    assert thumb(effects) == "+1"
    one(wished(scene("claim", rounds=(TAKES,), did=("order",), claims=(of(ADA),))), Say)


@pytest.mark.parametrize("changes", [{"belongs": True}, {"by": GRACE}], ids=["the team", "a mentor"])
def test_members_take_tasks_and_do_not_apply(changes: dict[str, Any]) -> None:
    effects = wished(scene("claim", rounds=(GUIDED,), did=("order",), **changes))
    assert not any(isinstance(effect, RecordWork) for effect in effects)


def test_who_took_a_task_is_found_out() -> None:
    one(wished(scene("claim", rounds=(GUIDED,), did=("order",), belongs=None)), Learn)


def test_a_pull_request_is_recorded_by_hand_too() -> None:
    where = scene("record", rounds=(NAMED,), kind=ThreadKind.PULL_REQUEST, said_here=frozenset(), is_team=True)
    assert one(wished(where), RecordWork).task == NAMED.named[0]


def test_switched_off_it_is_no_command() -> None:
    off = ON.model_copy(update={"cohorts": ON.cohorts.model_copy(update={"mode": Mode.OFF})})
    assert not any(isinstance(effect, RecordWork) for effect in wished(scene("record", rounds=(RUNS,)), off))
