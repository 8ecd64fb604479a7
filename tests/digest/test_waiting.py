"""What the weekly digest tells of triage, as tables, and what it reads like."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.digest.contents import Contents, values
from bot.digest.waiting import Backlog, Short, backlog
from bot.memory.deeds_of_week import Deeds
from bot.model import ThreadKind, ThreadRef
from bot.waiting import Because, Case, Evidence, On, Waiting
from tests.rules.scenes import ISSUE, MAPS, NOW

LANGUAGES: Final = pytest.mark.parametrize("language", ["en", "es"])
CHART: Final = re.compile(r"""
```mermaid
pie showData
    title [^\n"#;%]+
((?:    "[^"\n#;]+" : [1-9]\d*
)+)```
""")
THANKS: Final = Deeds(people=("ada", "Grace", "under_score"), answered=3, merged=1)
USUAL: Final = {
    On.TRIAGE: Because.UNANSWERED, On.TEAM: Because.AUTHOR_SPOKE, On.REVIEW: Because.UNREVIEWED,
    On.DECISION: Because.DECISION, On.AUTHOR: Because.NEEDS_INFO, On.PROGRESS: Because.CLAIMED,
    On.NOBODY: Because.ON_HOLD,
}  # fmt: skip


def case(number: int, on: On = On.TRIAGE, because: Because | None = None, *, days: int = 20, **changes: Any) -> Case:
    since = NOW - timedelta(days=days * 7 / 5)
    waiting = Waiting(on=on, since=since, evidence=(Evidence(because=because or USUAL[on], at=since),))
    allowed = 7 if on.is_team else None
    thread = replace(ISSUE, ref=ThreadRef(MAPS.id, number))
    usual: dict[str, Any] = {"thread": thread, "waiting": waiting, "waited": days, "allowed": allowed}
    return Case(**usual | changes)


def told(
    *cases: Case, longest: int = 10, unanswered: Collection[int] = (), quiet: Mapping[int, str] | None = None
) -> Backlog:
    return backlog(
        cases,
        longest=longest,
        unanswered={ThreadRef(MAPS.id, number) for number in unanswered},
        quiet={ThreadRef(MAPS.id, number): name for number, name in (quiet or {}).items()},
    )


def numbers(those: Collection[Case]) -> list[int]:
    return [one.thread.ref.number for one in those]


def names(*numbers: int) -> tuple[str, ...]:
    return tuple(f"alpine-tools/trail-maps#{number}" for number in numbers)


def written(backlog: Backlog | None, language: str = "en", told: Contents | None = None) -> str:
    given = values(told or Contents(), backlog, organisation="alpine-tools", day=NOW)
    return words.document("digest", language, given)


@pytest.mark.parametrize(
    ("one", "late"),
    [
        pytest.param(case(1), True, id="late"),
        pytest.param(case(1, days=7), True, id="late-since-today"),
        pytest.param(case(1, days=6), False, id="in-time"),
        pytest.param(case(1, asleep=True), False, id="asleep"),
        pytest.param(case(1, allowed=None), False, id="never-late"),
        pytest.param(case(1, On.AUTHOR, allowed=7), False, id="of-its-author"),
        pytest.param(case(1, On.NOBODY), False, id="of-nobody"),
        pytest.param(case(1, On.DECISION), True, id="a-decision"),
    ],
)
def test_what_waits_longer_than_it_should(one: Case, late: bool) -> None:
    assert bool(told(one).late) is late


def test_newcomers_come_first_then_what_waits_longest_and_what_is_ancient_at_the_end() -> None:
    found = told(
        case(1, days=30),
        case(2, days=40),
        case(3, days=12, newcomer=True),
        case(4, days=900),
        case(5, days=800, newcomer=True),
        case(6, On.REVIEW, days=40, allowed=20),
    )
    assert numbers(found.late) == [3, 5, 2, 6, 1, 4]


def test_of_the_others_it_says_how_many_there_are_and_what_they_wait_for() -> None:
    kinds = [On.TRIAGE, On.REVIEW, On.REVIEW, On.TEAM]
    cases = [case(number, kinds[number % 4], days=40 - number) for number in range(12)]
    approved = case(20, On.TEAM, Because.APPROVED, days=8)
    found = told(*cases, approved, case(30, days=500), longest=4)
    assert numbers(found.late) == [0, 1, 2, 3]
    assert (dict(found.more), found.ancient) == ({"TRIAGE": 3, "TEAM": 2, "REVIEW": 4, "MERGE": 1}, 1)
    assert sum(found.more.values()) + len(found.late) == 14


def test_short_lists_name_what_is_not_named_above() -> None:
    found = told(
        case(1, On.DECISION, days=50),
        case(2, On.DECISION, days=3),
        case(3, On.DECISION, days=5),
        case(4, On.TEAM, Because.APPROVED, days=2),
        case(5, On.TEAM, Because.CHECKS_HELD, days=2),
        case(6, On.DECISION, days=2, asleep=True),
        case(7, On.NOBODY, Because.APPROVED),
        longest=1,
    )
    assert numbers(found.late) == [1]
    assert (found.decisions.names, found.approved.names, found.held.names) == (names(3, 2), names(4), names(5))


def test_a_list_says_how_many_more_there_are() -> None:
    found = told(*(case(number, On.DECISION, days=3) for number in range(1, 20)))
    assert (len(found.decisions.names), found.decisions.more) == (10, 9)


@pytest.mark.parametrize(
    ("one", "closable"),
    [
        pytest.param(case(1, On.AUTHOR), True, id="still-waits"),
        pytest.param(case(2, On.AUTHOR), False, id="was-not-asked-again"),
        pytest.param(case(1, On.TEAM), False, id="its-author-has-answered"),
        pytest.param(case(1, On.AUTHOR, asleep=True), False, id="asleep"),
    ],
)
def test_what_somebody_might_close(one: Case, closable: bool) -> None:
    assert bool(told(one, unanswered=[1]).closable.names) is closable


def test_what_was_said_quietly_is_named_whatever_waits_for_the_team_first() -> None:
    found = told(
        case(1, On.NOBODY), case(2, days=30), case(3, days=9, newcomer=True), case(4),
        quiet={9: "a/b#9", 1: "a/b#1", 2: "a/b#2", 3: "a/b#3"},
    )  # fmt: skip
    assert found.quiet == Short(names=(*names(3, 2, 1), "a/b#9"))


def test_all_that_is_open_is_counted_by_what_it_waits_for() -> None:
    found = told(case(1), case(2, asleep=True), case(3, On.NOBODY), case(4, On.TEAM, Because.APPROVED))
    assert dict(found.open) == {"TRIAGE": 2, "MERGE": 1, "NOBODY": 1}


@pytest.mark.parametrize(
    ("found", "is_empty"),
    [
        pytest.param(told(), True, id="nothing"),
        pytest.param(told(case(1, days=1), case(2, On.AUTHOR)), True, id="all-in-time"),
        pytest.param(backlog([], longest=10, thanks=THANKS, on_duty="ada"), True, id="thanks-alone-are-no-news"),
        pytest.param(told(case(1)), False, id="late"),
        pytest.param(told(case(1), longest=0), False, id="late-and-not-named"),
        pytest.param(told(case(1, On.DECISION, days=1)), False, id="a-decision"),
        pytest.param(told(case(1, On.AUTHOR), unanswered=[1]), False, id="closable"),
        pytest.param(told(quiet={1: "a/b#1"}), False, id="quiet"),
    ],
)
def test_whether_there_is_something_to_tell(found: Backlog, is_empty: bool) -> None:
    assert found.is_empty is is_empty


def everything() -> Backlog:
    cases = [
        case(1, days=23, newcomer=True), case(2, On.TEAM, days=9), case(3, On.REVIEW, days=1, newcomer=True),
        case(4, On.TEAM, Because.APPROVED, days=2), case(5, On.TEAM, Because.CHECKS_HELD, days=1),
        case(6, On.DECISION, days=1), case(7, On.AUTHOR), case(8, On.NOBODY), case(9, On.PROGRESS),
        case(10, days=400), case(11, On.REVIEW, days=8),
        *(case(number, On.DECISION, days=1) for number in range(20, 34)),
    ]  # fmt: skip
    ref = ThreadRef(MAPS.id, 7)
    return backlog(cases, longest=2, unanswered={ref}, quiet={ref: "-"}, on_duty="under_score", thanks=THANKS)


@LANGUAGES
def test_it_thanks_before_it_asks_and_tells_everything(language: str) -> None:
    text = written(everything(), language)
    thanks = {"en": "**Thank you,** `ada`, `Grace` and `under_score`, for ", "es": "**Gracias,** `ada`, `Grace` y "}
    assert text.startswith(thanks[language])
    for number in (1, 2, 4, 5, 6, 7):
        assert f"alpine-tools/trail-maps#{number}" in text
    assert "@" not in text
    assert "/triage-rota" in text
    assert not re.search(r"\n{3,}|[ \t]\n|\S  |[^\n]\n#|\bNone\b|\\_|\.\.|,\.", text), text


def test_reasons_stand_in_a_line_each() -> None:
    text = written(everything())
    assert (
        "- alpine-tools/trail-maps#1 waits for a first look for 23 working days: nobody of the team has answered yet. "
        "Its author is new here\n"
        "- alpine-tools/trail-maps#2 waits for an answer for 9 working days: its author answered\n\n"
        "And 2 more wait longer than they should: 1 for a first look, 1 for a review. Of these, 1 has waited for most "
        "of a year or more; a few weeks more make no difference there, so what is newer comes first.\n"
    ) in text
    assert "trail-maps#27, alpine-tools/trail-maps#28 and 5 more\n" in text
    assert " In all: 3 threads got an answer, 1 pull request was merged.\n" in text


@LANGUAGES
def test_the_chart_says_the_same_as_the_sentence_below_it(language: str) -> None:
    text = written(everything(), language)
    chart = CHART.search(text)
    assert chart is not None
    slices = re.findall(r'"([^"]+)" : (\d+)', chart[1])
    assert [int(number) for _, number in slices] == [2, 2, 2, 1, 15, 1, 1, 1]
    sentence = text[chart.end() :].strip().split("\n")[0]
    assert all(re.search(rf"\b{number} \w+ (for )?{what}", sentence) for what, number in slices)


@LANGUAGES
def test_it_reads_well_where_nothing_waits(language: str) -> None:
    text = written(told(), language)
    assert {"en": "Nothing waits longer than it should.", "es": "Nada espera más"}[language] in text
    assert "mermaid" not in text
    assert "\n\n\n" not in text


def test_where_triage_is_off_nothing_of_it_is_told() -> None:
    assert "team" not in written(None)


@LANGUAGES
@pytest.mark.parametrize("kind", list(ThreadKind))
def test_a_backlog_of_years_fits_in_an_issue(language: str, kind: ThreadKind) -> None:
    long = replace(MAPS, owner="o" * 39, name="n" * 100)
    cases = []
    for number in range(3000):
        on = list(On)[number % 7]
        because = [USUAL[on], Because.APPROVED, Because.CHECKS_HELD][number % 3] if on is On.TEAM else USUAL[on]
        thread = replace(ISSUE, kind=kind, repo=long, ref=ThreadRef(long.id, 1_000_000 + number))
        cases.append(case(0, on, because, days=number, newcomer=True, thread=thread))
    found = backlog(
        cases,
        longest=50,
        unanswered={one.thread.ref for one in cases},
        quiet={one.thread.ref: one.thread.name for one in cases},
        thanks=Deeds(people=tuple(f"{number:039}" for number in range(3000)), answered=3000),
    )
    text = written(found, language)
    assert len(text) < 40_000
    late = [one for one in cases if one.waiting.on.is_team and one.is_late]
    assert sum(found.more.values()) + 50 == len(late)
    assert str(len(late) - 50) in text
    assert re.search(r"2900 (others|personas más)", text)
