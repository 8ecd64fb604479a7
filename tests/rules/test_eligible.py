"""What speaks for an issue and what against it, as a table; and in which order next steps are named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.model import Level, PersonId, Repo, RepoId, ThreadRef
from bot.pathway import Opening, Seeker
from bot.rules.eligible import About, asked_for, eligible, reached, steps_for
from tests.rules.scenes import ADA, DEFAULTS, MAPS, NOW

DOCS: Final = "documentation"
HUTS: Final = Repo(RepoId(101), MAPS.owner_id, "alpine-tools", "huts")
FITS: Final = Opening(
    ref=ThreadRef(MAPS.id, 12),
    repo=MAPS,
    level=Level.MEDIUM,
    areas=frozenset({DOCS}),
    since=NOW - timedelta(days=3),
    ready=True,
    taken=False,
    answer_minutes=60,
    author=PersonId(99),
    nearby=frozenset({DOCS}),
)
MARY: Final = Seeker(person=ADA, merged=1, highest=Level.STARTER, areas=frozenset({DOCS}))


def opening(number: int = 12, **changes: Any) -> Opening:
    return replace(FITS, ref=ThreadRef(changes.get("repo", MAPS).id, number), **changes)


@pytest.mark.parametrize(
    ("changes", "about", "why"),
    [
        pytest.param({"is_open": False}, About.OPEN, "it is closed", id="closed"),
        pytest.param({"ready": False}, About.READY, "something is missing to begin with", id="not-ready"),
        pytest.param({"taken": True}, About.FREE, "somebody has taken it", id="taken"),
        pytest.param({"answer_minutes": 50_000}, About.ANSWERS, "takes longer to answer than 30 days", id="slow"),
        pytest.param({"answer_minutes": None}, About.ANSWERS, "nobody can tell how long", id="no-answers"),
        pytest.param({"level": Level.ADVANCED}, About.LEVEL, "advanced is 2 steps up for ada", id="too-high"),
        pytest.param(
            {"areas": frozenset(), "nearby": frozenset()}, About.AREA, "ada did nothing in its areas", id="elsewhere"
        ),
        pytest.param({"author": ADA.id}, About.OWN, "ada reported it themselves", id="own"),
    ],
)
def test_one_thing_speaks_against_it(changes: dict[str, Any], about: About, why: str) -> None:
    advice = eligible(MARY, opening(**changes), DEFAULTS, NOW)
    [against] = advice.against
    assert (against.about, advice.fits, advice.warns_of(about)) == (about, False, True)
    assert why in against.why


def test_nothing_speaks_against_it() -> None:
    advice = eligible(MARY, FITS, DEFAULTS, NOW)
    assert advice.fits
    assert {reason.about for reason in advice.reasons} == set(About)
    assert not advice.warns_of(About.AREA)


def test_what_was_offered_before_is_not_offered_again() -> None:
    advice = eligible(replace(MARY, offered=frozenset({FITS.ref})), FITS, DEFAULTS, NOW)
    assert [reason.why for reason in advice.against] == ["it was offered to ada before"]


@pytest.mark.parametrize(
    ("person", "changes", "why"),
    [
        pytest.param(MARY, {}, "ada knows documentation", id="knows-the-area"),
        pytest.param(replace(MARY, interests=(DOCS,)), {}, "ada asked for such issues", id="asked-for-the-area"),
        pytest.param(replace(MARY, interests=()), {"areas": frozenset()}, "ada asked for such", id="asked-for-all"),
        pytest.param(
            replace(MARY, interests=("auth",), areas=frozenset(), repos=frozenset({MAPS.id})), {},
            "ada was active in alpine-tools/trail-maps", id="was-in-the-repository",
        ),
        pytest.param(
            MARY, {"areas": frozenset({"auth"})}, "ada knows documentation, which alpine-tools/trail-maps is about too",
            id="neighbouring-repository",
        ),
    ],
)  # fmt: skip
def test_why_it_is_near(person: Seeker, changes: dict[str, Any], why: str) -> None:
    [near] = [one for one in eligible(person, opening(**changes), DEFAULTS, NOW).reasons if one.about is About.AREA]
    assert near.speaks_for
    assert near.why.startswith(why)


@pytest.mark.parametrize(
    ("person", "rung"),
    [
        pytest.param(Seeker(person=ADA), -1, id="nothing-done"),
        pytest.param(Seeker(person=ADA, interests=()), 0, id="asked-for-issues"),
        pytest.param(replace(MARY, highest=Level.MEDIUM, interests=()), 1, id="has-done-more-and-asked"),
        pytest.param(MARY, 0, id="a-first-step"),
    ],
)
def test_on_which_rung_somebody_stands(person: Seeker, rung: int) -> None:
    assert reached(person) == rung
    assert person.is_new == (person.merged == 0)


def test_who_did_not_ask_asked_for_nothing() -> None:
    assert not asked_for(MARY, FITS)


@pytest.mark.parametrize(
    ("person", "order"),
    [
        pytest.param(MARY, [2, 1, 3, 5, 4], id="a-starter-done"),
        pytest.param(replace(MARY, highest=Level.MEDIUM), [6, 2, 1, 3, 5], id="a-medium-done"),
        pytest.param(Seeker(person=ADA, repos=frozenset({MAPS.id})), [4], id="nothing-done"),
    ],
)
def test_the_best_next_step_comes_first(person: Seeker, order: Sequence[int]) -> None:
    openings = [
        opening(1),
        opening(2, since=NOW - timedelta(days=9)),
        opening(3, areas=frozenset({"auth"})),
        opening(4, level=Level.STARTER),
        opening(5, repo=HUTS, areas=frozenset({"auth"}), since=NOW),
        opening(6, level=Level.ADVANCED),
        opening(7, taken=True),
    ]
    assert [step.ref.number for step in steps_for(person, openings, DEFAULTS, NOW)] == order
