"""The promises of a year are checked: each of them on a year that breaks it, and on one that does not."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from benchmarks.year.flow import BEGIN, Act, Event, Flow, Role, Thread, Wish, people
from benchmarks.year.promises import most_mentioned, promises
from benchmarks.year.said import Lived, Said, mentions
from benchmarks.year.scripts import QUESTION

PEOPLE = replace(
    people(BEGIN),
    wishes=(
        Wish(who="warden-3", at=BEGIN, command="/budget 1 per week", a_week=1),
        Wish(who="warden-5", at=BEGIN, command="/away", away_until=BEGIN + timedelta(days=30)),
        Wish(who="warden-6", at=BEGIN, command="/quiet-hours", zone="America/Los_Angeles"),
    ),
)
NUMBERS = {("maps", 7): 1, ("huts", 1): 2} | {("maps", number): 2 for number in range(1, 7)}
"""The thread that it is about is maps#7. The others wait for the team."""


def at(day: float, hour: float = 12) -> datetime:
    return BEGIN + timedelta(days=day, hours=hour)


def flow(*events: tuple[float, Act, str, str], role: Role = Role.NEW) -> Flow:
    return Flow(
        begin=BEGIN, end=at(360), repos=("maps",), people=PEOPLE,
        threads={
            1: Thread(number=1, repo=0, author="ada", role=role),
            2: Thread(number=2, repo=0, author="linus", role=Role.NEW),
        },
        events=(
            Event(at=at(0), thread=2, act=Act.ISSUE, by="linus"),
            *(Event(at=at(day), thread=1, act=act, by=by, what=what) for day, act, by, what in events),
        ),
    )  # fmt: skip


ISSUE = flow((0, Act.ISSUE, "ada", ""))
ASKED = flow(
    (0, Act.ISSUE, "ada", ""), (1, Act.COMMENT, "warden-1", QUESTION), (1, Act.LABEL, "warden-1", "needs-info")
)
REPLIED = flow(
    (0, Act.ISSUE, "ada", ""), (1, Act.COMMENT, "warden-1", QUESTION), (1, Act.LABEL, "warden-1", "needs-info"),
    (2, Act.COMMENT, "ada", "4.2"),
)  # fmt: skip
DRAFT = flow((0, Act.DRAFT, "ada", ""))
READY = flow((0, Act.DRAFT, "ada", ""), (1, Act.READY, "ada", ""))
FAILING = flow((0, Act.PULL, "ada", ""), (0, Act.CHECKS, "", "failure"))
MENDED = flow((0, Act.PULL, "ada", ""), (0, Act.CHECKS, "", "failure"), (1, Act.PUSH, "ada", ""))
CHANGES = flow((0, Act.PULL, "ada", ""), (1, Act.REVIEW, "warden-1", "CHANGES_REQUESTED"))
APPROVED = flow((0, Act.PULL, "ada", ""), (1, Act.REVIEW, "warden-1", "APPROVED"))
CLOSED = flow((0, Act.ISSUE, "ada", ""), (1, Act.CLOSE, "ada", ""))
ON_HOLD = flow((0, Act.ISSUE, "ada", ""), (1, Act.LABEL, "warden-1", "on hold"))
OF_TEAM = flow((0, Act.ISSUE, "ada", ""), role=Role.TEAM)


def said(when: datetime, *called: str, template: str = "triage-nudge", body: str = "", number: int = 9) -> Said:
    repo = ".github" if number == 9 else "maps"
    return Said(
        at=when, repo=repo, number=number, body=body, mentions=frozenset(called), rule="triage", template=template
    )


def nudge(day: float, *threads: str, to: str = "warden-1") -> Said:
    return said(at(day), to, body=", ".join(threads))


def sentence(day: float) -> Said:
    return said(at(day), "ada", template="triage-sentence", number=7)


def question(day: float) -> Said:
    return said(at(day), "ada", template="triage-question", number=7)


@dataclass(frozen=True)
class Case:
    """`broken`: the beginning of the promise that is; "": none is."""

    id: str
    said: tuple[Said, ...]
    broken: str = ""
    flow: Flow = field(default=ISSUE)


TOO_OFTEN, DISTURBED, UNINVITED = "nobody is mentioned more", "nobody is mentioned who", "nobody of the team"
TWICE, MANY, UNKIND = "no thread is", "somebody is reminded", "while the team"
IN_VAIN = "nobody is reminded of"

CASES = [
    Case("silence", ()),
    Case("two mentions in a week", (said(at(1), "warden-1"), said(at(3), "warden-1"))),
    Case("two in a day", (said(at(1), "warden-1"), said(at(1.9), "warden-1")), TOO_OFTEN),
    Case("of two people", (said(at(1), "warden-1"), said(at(1.9), "warden-2"))),
    Case("three in a week", tuple(said(at(day), "warden-1") for day in (1, 3, 7.9)), TOO_OFTEN),
    Case("three in eight days", tuple(said(at(day), "warden-1") for day in (1, 3, 8))),
    Case("more than somebody allows", (said(at(1), "warden-3"), said(at(3), "warden-3")), TOO_OFTEN),
    Case("as often as they allow", (said(at(1), "warden-3"), said(at(8), "warden-3"))),
    Case("somebody who is away", (said(at(20), "warden-5"),), DISTURBED),
    Case("who is back", (said(at(31), "warden-5"),)),
    Case("somebody's night", (said(at(1, hour=12), "warden-6"),), DISTURBED),
    Case("somebody's weekend", (said(at(5, hour=20), "warden-6"),), DISTURBED),
    Case("somebody's day", (said(at(1, hour=20), "warden-6"),)),
    Case("somebody who never agreed", (said(at(1), "warden-20"),), UNINVITED),
    Case("somebody from outside may be", (said(at(1), "ada"),)),
    Case("who takes part", (said(at(2), "warden-20", number=7),),
         flow=flow((0, Act.ISSUE, "ada", ""), (1, Act.COMMENT, "warden-20", "Yes."))),
    Case("a thread after thirteen days", (nudge(1, "a/maps#1"), nudge(14, "a/maps#1", to="warden-2")), TWICE),
    Case("after fourteen", (nudge(1, "a/maps#1"), nudge(15, "a/maps#1"))),
    Case("the same number elsewhere", (nudge(1, "a/maps#1"), nudge(3, "a/huts#1"))),
    Case("five in a day", (nudge(1, *(f"a/maps#{n}" for n in range(1, 6))),)),
    Case("six in a day", (nudge(1, *(f"a/maps#{n}" for n in range(1, 6))), nudge(1, "a/maps#6", to="warden-2")), MANY),
    Case("of what waits for the team", (nudge(20, "a/maps#7"),)),
    Case("of what waits for its author", (nudge(20, "a/maps#7"),), IN_VAIN, ASKED),
    Case("of what is over", (nudge(20, "a/maps#7"),), IN_VAIN, CLOSED),
    Case("of what is on hold", (nudge(20, "a/maps#7"),), IN_VAIN, ON_HOLD),
    Case("of nobody's thread", (nudge(20, "a/maps#8"),), IN_VAIN),
    Case("the honest sentence", (sentence(20),)),
    Case("twice", (sentence(20), sentence(40)), UNKIND),
    Case("to the team", (sentence(20),), UNKIND, OF_TEAM),
    Case("where the author was asked", (sentence(20),), UNKIND, ASKED),
    Case("where the author has replied", (sentence(20),), flow=REPLIED),
    Case("in a draft", (sentence(20),), UNKIND, DRAFT),
    Case("in what was one", (sentence(20),), flow=READY),
    Case("where the checks fail", (sentence(20),), UNKIND, FAILING),
    Case("where they were mended", (sentence(20),), flow=MENDED),
    Case("where changes were asked for", (sentence(20),), UNKIND, CHANGES),
    Case("where all is approved", (sentence(20),), flow=APPROVED),
    Case("a question", (question(40),), flow=ASKED),
    Case("too early", (question(30),), UNKIND, ASKED),
    Case("that nobody asked", (question(40),), UNKIND),
    Case("that was answered", (question(40),), UNKIND, REPLIED),
    Case("something else", (said(at(20), "ada", template="triage-nag", number=7),), UNKIND),
    Case("in nobody's thread", (said(at(20), "ada", template="triage-sentence", number=8),), UNKIND),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_said_keeps_the_promises(case: Case) -> None:
    broken = [one.what for one in promises(case.flow, Lived(said=list(case.said), numbers=dict(NUMBERS))) if one.broken]
    assert len(broken) == bool(case.broken)
    assert all(one.startswith(case.broken) for one in broken)


def reads(lived: Lived) -> None:
    lived.calls["triage", "reads"] += 1


def closes(lived: Lived) -> None:
    lived.ended.append(("The map is upside down", False))


def closes_its_own(lived: Lived) -> None:
    lived.ended.append(("2027-01-04: the week", True))


@pytest.mark.parametrize(("does", "broken"), [(reads, 1), (closes, 1), (closes_its_own, 0)])
def test_what_is_done_keeps_them_too(does: Callable[[Lived], None], broken: int) -> None:
    lived = Lived()
    does(lived)
    assert sum(bool(one.broken) for one in promises(ISSUE, lived)) == broken


def test_it_counts_how_often_people_are_called() -> None:
    called = most_mentioned([said(at(day), "warden-1") for day in (1, 1.5, 6, 20)])["warden-1"]
    assert (called.all, called.a_day, called.a_week) == (4, 2, 3)


@pytest.mark.parametrize(
    ("body", "called"),
    [
        ("Hello @Ada, and @linus-2.", {"ada", "linus-2"}),
        ("`@ada` did it", set()),
        ("```\n@ada\n```", set()),
        ("<!-- @ada --> write to ada@example.org", set()),
        ("(@ada) alpine-tools/@ada @ada/x", {"ada"}),
    ],
)
def test_it_knows_whom_github_would_call(body: str, called: set[str]) -> None:
    assert mentions(body) == called
