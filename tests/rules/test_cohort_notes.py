"""What people of a cohort are told: once, where it belongs, and only while it holds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from bot.cohortnotes import About, Note, Told, Unread
from bot.effects import Quiet, Say
from bot.model import GHOST, OwnerId, Person
from bot.policytypes import Mode
from bot.rules import cohort_notes
from tests.rules.scenes import ADA, GOAT, GRACE, ISSUE, MAPS, NOW, look, policy
from tests.rules.test_eligible import opening

PRIVATE: Final = replace(MAPS, private=True)
SHEET: Final[dict[str, Any]] = {"author": GOAT, "repo": PRIVATE}
WAITS: Final = Unread(thread="alpine-tools/trail-maps#12", by="ada", days=4)


def told(about: About, to: Person = GRACE, **changes: Any) -> Told:
    note = Note(
        owner_id=OwnerId(1), cohort="winter", about=about, person=to.id, at=NOW - timedelta(hours=1), place=ISSUE.ref
    )
    until = NOW + timedelta(days=1)
    return replace(Told(note=note, person=to, cohort="Outreachy", until=until), **changes)


REVIEWS: Final = told(About.REVIEWS, unread=(WAITS,))
SYNC: Final = told(About.SYNC, talk=date(2026, 11, 24), others=("linus", "mary"))
THANKS: Final = told(About.THANKS, ADA)


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        pytest.param(SHEET | {"cohort_told": (REVIEWS,)}, "cohort-reviews", id="a review"),
        pytest.param(SHEET | {"cohort_told": (SYNC,)}, "cohort-sync", id="a talk"),
        pytest.param({"cohort_told": (THANKS,)}, "cohort-thanks", id="thanks"),
        pytest.param(
            {"cohort_told": (THANKS,), "author": GRACE}, "cohort-thanks", id="thanks where they said something"
        ),
        pytest.param({"cohort_told": (THANKS,), "is_open": False}, "cohort-thanks", id="thanks where it is over"),
        pytest.param({"cohort_told": (THANKS,), "is_team": True}, "cohort-thanks", id="thanks to who belongs by now"),
        pytest.param({"cohort_told": (THANKS,), "is_team": None}, "cohort-thanks", id="thanks, whoever they are"),
    ],
)
def test_it_is_said(scene: dict[str, Any], expected: str) -> None:
    [say] = cohort_notes.decide(look(**scene), policy(), NOW)
    assert isinstance(say, Say)
    assert (say.template, say.to, say.rule) == (expected, scene["cohort_told"][0].person, "cohorts")
    [quiet] = cohort_notes.decide(look(**scene, said_here=frozenset({say.key})), policy(), NOW)
    assert isinstance(quiet, Quiet)


@pytest.mark.parametrize(
    ("scene", "why"),
    [
        pytest.param(SHEET | {"cohort_told": (replace(REVIEWS, until=NOW),)}, "too late", id="late"),
        pytest.param({"cohort_told": (replace(THANKS, until=NOW),)}, "too late", id="late thanks"),
        pytest.param(SHEET | {"cohort_told": (replace(REVIEWS, unread=()),)}, "nothing of it waits", id="reviewed"),
        pytest.param(SHEET | {"cohort_told": (REVIEWS,), "is_open": False}, "is closed", id="closed sheet"),
        pytest.param({"author": GOAT, "cohort_told": (REVIEWS,)}, "not in a private", id="public sheet"),
        pytest.param(SHEET | {"cohort_told": (SYNC,), "locked": True}, "is locked", id="locked sheet"),
        pytest.param({"cohort_told": (THANKS,), "locked": True}, "is locked", id="locked"),
        pytest.param({"cohort_told": (told(About.THANKS, GHOST),), "author": GHOST}, "is deleted", id="forgotten"),
        pytest.param({"cohort_told": (replace(THANKS, opted_out=True),)}, "to be left alone", id="no-bot"),
    ],
)
def test_it_is_not_said(scene: dict[str, Any], why: str) -> None:
    [quiet] = cohort_notes.decide(look(**scene), policy(), NOW)
    assert isinstance(quiet, Quiet)
    assert why in quiet.why


def test_whom_the_configuration_leaves_alone_is_not_thanked() -> None:
    [quiet] = cohort_notes.decide(look(cohort_told=(THANKS,)), policy(people={"leave_alone": ("ada",)}), NOW)
    assert isinstance(quiet, Quiet)


def test_five_are_named_and_the_others_counted() -> None:
    waits = tuple(replace(WAITS, thread=f"alpine-tools/trail-maps#{number}") for number in range(1, 8))
    say = cohort_notes.speech(replace(REVIEWS, unread=waits), policy(), organisation="alpine-tools")
    assert say.values["fifth"] == {"thread": "alpine-tools/trail-maps#5", "by": "ada", "days": 4}
    assert say.values["more"] == 2


def test_thanks_name_what_would_fit() -> None:
    steps = tuple(opening(number) for number in range(11, 16))
    say = cohort_notes.speech(replace(THANKS, steps=steps), policy(), organisation="alpine-tools")
    named = [say.values[name] for name in ("first", "second", "third")]
    assert named == [f"alpine-tools/trail-maps#{number}" for number in (11, 12, 13)]
    assert "fourth" not in say.values


def test_a_talk_of_one() -> None:
    say = cohort_notes.speech(replace(SYNC, others=(), talk=None), policy(), organisation="alpine-tools")
    assert (say.values["others"], say.values["day"]) == (None, None)


def test_everything_has_a_key_of_its_own() -> None:
    other = replace(REVIEWS, note=replace(REVIEWS.note, at=NOW))
    keys = {cohort_notes.key_of(one) for one in (REVIEWS, other, SYNC, THANKS)}
    assert len(keys) == 4


def every_message() -> list[Say]:
    """In every combination that there can be."""
    unread = [(WAITS,), (WAITS, replace(WAITS, days=1)), (WAITS,) * 8]
    steps: list[Any] = [(), (opening(),), (opening(), opening(13), opening(14))]
    offers = [policy(), policy(offers={"mode": Mode.OFF}), policy(claims={"mode": Mode.OFF})]
    these = [
        *(replace(REVIEWS, unread=some) for some in unread),
        SYNC,
        replace(SYNC, others=()),
        *(replace(THANKS, steps=some) for some in steps),
    ]
    return [
        cohort_notes.speech(replace(one, person=ADA), chosen, organisation="alpine-tools")
        for one in these
        for chosen in [*offers, policy(offers={"mode": Mode.OFF}, claims={"mode": Mode.OFF})]
    ]
