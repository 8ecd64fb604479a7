"""What the weekly digest tells, as tables, and what it reads like."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from bot import words
from bot.digest.contents import Contents, contents, values
from bot.digest.look import Told, body, week_of
from bot.memory.backlog import OpenIssue
from bot.memory.homes import Home
from bot.model import Came, InstallationId, Level, ThreadRef
from bot.pathway import Opening, Suggested
from bot.policy import Area
from tests.rules.scenes import ADA, DEFAULTS, MAPS, NOW, policy

DAY: Final = timedelta(days=1)
ISSUE: Final = OpenIssue(
    ref=ThreadRef(MAPS.id, 5), repo=MAPS, created_at=NOW - DAY, labels=frozenset(), traits=frozenset({"steps"}),
    came=Came.PROBLEM, taken=False,
)  # fmt: skip
MEDIUM: Final = Suggested(
    rung="medium", level=Level.MEDIUM, area="documentation", confidence=0.8, why=("it is one page", "the text is there")
)
OPENING: Final = Opening(
    ref=ThreadRef(MAPS.id, 9), repo=MAPS, level=Level.MEDIUM, areas=frozenset({"documentation"}), since=NOW - DAY,
    ready=True, taken=False,
)  # fmt: skip
READY_IN_BOTH: Final = [OPENING, replace(OPENING, ref=ThreadRef(MAPS.id, 10), areas=frozenset({"automation"}))]


def issue(number: int = 5, **changes: Any) -> OpenIssue:
    return replace(ISSUE, ref=ThreadRef(MAPS.id, number), **changes)


def looking(rung: str = "medium", **changes: Any) -> Suggested:
    level = Level(rung) if rung in set(Level) else None
    return replace(MEDIUM, rung=rung, level=level, **changes)


def told(*judged: tuple[OpenIssue, Suggested | None], openings: list[Opening] | None = None) -> Contents:
    there = READY_IN_BOTH if openings is None else openings
    return contents(judged, there, {MAPS.id: DEFAULTS}, DEFAULTS, NOW)


def test_without_anything_to_tell_there_is_nothing() -> None:
    assert told().is_empty
    assert told((issue(), None)).is_empty


def test_levels_are_suggested_for_new_issues_and_for_older_ones_the_surest_first() -> None:
    found = told(
        (issue(1), looking(confidence=0.7)),
        (issue(2), looking("starter", confidence=0.9)),
        (issue(3, created_at=NOW - 15 * DAY), looking("advanced")),
    )
    assert [one.ref.number for one, _ in found.new] == [2, 1]
    assert [one.ref.number for one, _ in found.older] == [3]


def test_there_are_ten_of_each_at_most() -> None:
    found = told(*((issue(number), looking()) for number in range(1, 30)))
    assert len(found.new) == 10


def test_what_lacks_information_and_what_is_a_question_is_told_apart_while_it_is_new() -> None:
    found = told(
        (issue(1), looking("needs-info")),
        (issue(2), looking("question")),
        (issue(3, created_at=NOW - 15 * DAY), looking("question")),
    )
    assert ([one.ref.number for one in found.unclear], [one.ref.number for one in found.questions]) == ([1], [2])
    assert found.new == found.older == ()


def test_what_people_suggest_is_told_until_there_is_a_level() -> None:
    wish = ((ADA, "medium"), (ADA, "starter docs"))
    found = told((issue(1, wishes=wish), None), (issue(2, wishes=wish, labels=frozenset({"medium"})), None))
    assert [(one.ref.number, what) for one, what in found.wished] == [(1, "starter docs")]


@pytest.mark.parametrize(
    ("changes", "ready", "short"),
    [
        pytest.param({}, 1, False, id="one-to-take"),
        pytest.param({"taken": True}, 0, True, id="taken"),
        pytest.param({"ready": False}, 0, True, id="nobody-says-how-to-begin"),
        pytest.param({"level": Level.STARTER}, 0, True, id="another-level"),
        pytest.param({"since": NOW - 181 * DAY}, 1, True, id="old"),
        pytest.param({"areas": frozenset({"automation"})}, 0, True, id="another-area"),
    ],
)
def test_an_area_is_short_of_medium_issues(changes: dict[str, Any], ready: int, short: bool) -> None:
    openings = [replace(OPENING, **changes), READY_IN_BOTH[1]]
    candidates = ((issue(number), looking(confidence=number / 10)) for number in range(1, 8))
    found = told(*candidates, openings=openings)
    assert bool(found.short) is short
    if short:
        [supply] = found.short
        assert (supply.area, supply.ready) == ("documentation", ready)
        assert [one.ref.number for one, _ in supply.candidates] == [7, 6, 5, 4, 3]
        assert [one.ref.number for one in supply.unready] == ([9] if changes.get("ready") is False else [])


def test_an_area_is_told_by_labels_too() -> None:
    found = told((issue(1, labels=frozenset({"ci"})), looking(area=None)), openings=[OPENING])
    [supply] = found.short
    assert (supply.area, [one.ref.number for one, _ in supply.candidates]) == ("automation", [1])


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_reads_well(language: str) -> None:
    found = told(
        (issue(1), looking()),
        (issue(2, created_at=NOW - 20 * DAY), looking("starter", area=None)),
        (issue(3), looking("needs-info")),
        (issue(4), looking("question")),
        (issue(6, wishes=((ADA, "medium @ada"),)), None),
        openings=[replace(OPENING, ready=False), replace(READY_IN_BOTH[1], since=NOW - 200 * DAY)],
    )
    text = words.document("digest", language, values(found, None, organisation="alpine-tools", day=NOW))
    for number in (1, 2, 3, 4, 6, 9):
        assert f"alpine-tools/trail-maps#{number}" in text
    assert "it is one page; the text is there" in text
    assert "2026-05-07" in text
    assert "`medium @ada`" in text  # in code, so nobody is mentioned
    assert "<sub>" in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("when", "now", "begun", "coming"),
    [
        pytest.param("every Monday", (2026, 11, 25, 12), (2026, 11, 23, 6), (2026, 11, 30, 6), id="in-the-week"),
        pytest.param("every Monday", (2026, 11, 23, 6), (2026, 11, 23, 6), (2026, 11, 30, 6), id="as-it-begins"),
        pytest.param("every Monday", (2026, 11, 23, 5), (2026, 11, 16, 6), (2026, 11, 23, 6), id="just-before"),
        pytest.param("last Friday", (2026, 11, 25, 12), (2026, 10, 30, 6), (2026, 11, 27, 6), id="monthly"),
    ],
)
def test_when_a_digest_begins(
    when: str, now: tuple[int, int, int, int], begun: tuple[int, int, int, int], coming: tuple[int, int, int, int]
) -> None:
    def at(moment: tuple[int, int, int, int]) -> datetime:
        year, month, day, hour = moment
        return datetime(year, month, day, hour, tzinfo=UTC)

    assert week_of(when, at(now)) == (at(begun), at(coming))


def test_the_number_of_candidates_is_a_setting() -> None:
    fewer = policy(digest={"candidates": 0})
    found = contents([(issue(), looking())], [], {MAPS.id: fewer}, fewer, NOW)
    assert [supply.candidates for supply in found.short] == [(), ()]


def test_where_names_are_long_and_areas_many_there_is_less_of_each() -> None:
    areas = tuple(Area(name=f"area {number}") for number in range(40))
    many = DEFAULTS.model_copy(update={"areas": areas})
    judged = [(issue(number), looking(area=areas[number].name)) for number in range(40)]
    found = contents(judged, [], {MAPS.id: many}, many, NOW)
    half = found.halved()
    assert (len(found.short), len(half.short), half.more_short, half.halved().more_short) == (40, 20, 20, 30)
    assert (len(found.new), len(half.new)) == (10, 5)
    text = words.document("digest", "en", values(half.halved(), None, organisation="alpine-tools", day=NOW))
    assert "And in 30 more areas." in text
    while not half.is_empty:
        half = half.halved()
    assert half.more_short + len(half.short) == 40


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_always_fits_in_an_issue(language: str) -> None:
    areas = tuple(Area(name=f"area {number} " + "x" * 70) for number in range(40))
    long = replace(MAPS, owner="o" * 39, name="n" * 100)
    many = policy(digest={"candidates": 20}).model_copy(update={"areas": areas, "language": language})
    judged = [
        (replace(issue(number), repo=long), looking(area=areas[number % 40].name, why=("because of this" * 4,) * 5))
        for number in range(1000)
    ]
    found = contents(judged, [], {MAPS.id: many}, many, NOW)
    home = Home(MAPS, many, InstallationId(1), None)
    assert len(body(Told(home, found), NOW)) < 60_000


@pytest.mark.parametrize(
    ("language", "says"), [("en", "`ada`, `grace`: I ask only"), ("es", "`ada`, `grace`: solo pregunto")]
)
def test_whose_check_ins_are_due_is_told(language: str, says: str) -> None:
    """Where the digest stands in private: that is decided before."""
    given = values(Contents(), None, organisation="alpine-tools", day=NOW, due=["ada", "grace"])
    assert says in words.document("digest", language, given)
