"""Whose turn it is in a thread, as a table; and who answered when."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.memory.pulse import pulse
from bot.model import GHOST, Answer, Happening, Person, PersonId, Step, Thread, ThreadKind, Verdict, Waits
from tests.rules.scenes import ADA, GOAT, GRACE, ISSUE

BEGIN = ISSUE.created_at
LINUS = Person(PersonId(10), "linus")
ROBOT = Person(PersonId(11), "Bump-O-Matic")  # acts like a bot, though GitHub calls it a user
TEAM, AUTHOR, NOBODY = Waits.FOR_TEAM, Waits.FOR_AUTHOR, Waits.FOR_NOBODY
PULL = {"kind": ThreadKind.PULL_REQUEST}


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def says(who: Person, hours: float, verdict: Verdict | None = None) -> Answer:
    return Answer(who, at(hours), by_team=who in {GRACE, GOAT, ROBOT}, verdict=verdict)


def does(who: Person, step: Step, hours: float) -> Happening:
    return Happening(step, at(hours), who, by_team=who == GRACE)


@dataclass(frozen=True)
class Case:
    """What was said and done in Ada's thread; whose turn it is then, and for how many hours after the opening."""

    id: str
    events: tuple[Answer | Happening, ...]
    waits: Waits
    since: float
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def thread(self) -> Thread:
        answers = tuple(one for one in self.events if isinstance(one, Answer))
        history = tuple(one for one in self.events if isinstance(one, Happening))
        return replace(ISSUE, answers=answers, history=history, **self.changes)


CASES = [
    Case("nobody said anything", (), TEAM, 0),
    Case("the team answered", (says(GRACE, 1),), AUTHOR, 1),
    Case("the team went on", (says(GRACE, 1), says(GRACE, 2)), AUTHOR, 1),
    Case("the author answered", (says(GRACE, 1), says(ADA, 2)), TEAM, 2),
    Case("the author went on", (says(GRACE, 1), says(ADA, 2), says(ADA, 3)), TEAM, 2),
    Case("the author went on at once", (says(ADA, 1),), TEAM, 0),
    Case("to and fro", (says(GRACE, 1), says(ADA, 2), says(GRACE, 3)), AUTHOR, 3),
    Case("another asked", (says(LINUS, 1),), TEAM, 0),
    Case("another answered", (says(GRACE, 1), says(LINUS, 2)), AUTHOR, 1),
    Case("a bot of the team", (says(GOAT, 1),), TEAM, 0),
    Case("an account like a bot", (says(ROBOT, 1),), TEAM, 0),
    Case("told in another order", (says(ADA, 2), says(GRACE, 1)), TEAM, 2),
    Case("changes asked for", (says(GRACE, 1, Verdict.CHANGES_REQUESTED),), AUTHOR, 1, PULL),
    Case("a review without a verdict", (says(GRACE, 1, Verdict.COMMENTED),), AUTHOR, 1, PULL),
    Case("approved", (says(GRACE, 1, Verdict.APPROVED),), TEAM, 1, PULL),
    Case("approved with remarks in the same second", (says(GRACE, 1, Verdict.APPROVED), says(GRACE, 1)), TEAM, 1, PULL),
    Case("approved, then asked", (says(GRACE, 1, Verdict.APPROVED), says(GRACE, 2)), AUTHOR, 2, PULL),
    Case("approved by another", (says(GRACE, 1), says(LINUS, 2, Verdict.APPROVED)), AUTHOR, 1, PULL),
    Case("an approval taken back", (says(GRACE, 1, Verdict.DISMISSED),), AUTHOR, 1, PULL),
    Case("new commits", (says(GRACE, 1), does(ADA, Step.PUSHED, 2)), TEAM, 2, PULL),
    Case("new commits by another", (says(GRACE, 1), does(GRACE, Step.PUSHED, 2)), AUTHOR, 1, PULL),
    Case("a label changes nothing", (says(GRACE, 1), does(ADA, Step.LABELED, 2)), AUTHOR, 1),
    Case("opened again", (says(GRACE, 1), does(ADA, Step.CLOSED, 2), does(ADA, Step.REOPENED, 3)), TEAM, 3),
    Case("opened again by the team", (says(GRACE, 1), does(GRACE, Step.REOPENED, 3)), AUTHOR, 1),
    Case("a draft", (says(GRACE, 1),), NOBODY, 0, PULL | {"draft": True}),
    Case("made ready", (says(GRACE, 1), does(ADA, Step.READY, 2)), TEAM, 2, PULL | {"ready_at": at(2)}),
    Case("made ready by the team", (says(GRACE, 1), does(GRACE, Step.READY, 2)), TEAM, 2, PULL | {"ready_at": at(2)}),
    Case("ready and answered", (says(GRACE, 3),), AUTHOR, 3, PULL | {"ready_at": at(2)}),
    Case("locked", (says(GRACE, 1),), NOBODY, 0, {"locked": True}),
    Case("closed", (says(GRACE, 1),), NOBODY, 5, {"is_open": False, "closed_at": at(5)}),
    Case("closed, nobody knows when", (says(GRACE, 1),), NOBODY, 0, {"is_open": False}),
    Case("merged", (), NOBODY, 5, PULL | {"is_open": False, "closed_at": at(5), "merged_at": at(5)}),
    Case("of the team's own", (), TEAM, 0, {"author": GRACE}),
    Case("of a deleted account", (says(GRACE, 1),), TEAM, 0, {"author": GHOST}),
    Case("of a deleted account, approved", (says(GRACE, 1, Verdict.APPROVED),), TEAM, 1, PULL | {"author": GHOST}),
    Case("of a bot", (says(GRACE, 1),), TEAM, 0, {"author": GOAT}),
    Case("of an account like a bot", (says(GRACE, 1),), TEAM, 0, {"author": ROBOT}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_whose_turn_it_is(case: Case) -> None:
    found = pulse(case.thread, bots=("bump-o-matic",))
    assert (found.waits, found.waits_since) == (case.waits, at(case.since))


ANSWERS: list[tuple[str, Case, tuple[float | None, float | None, float]]] = [  # first and last answer, last word
    (case.id, case, times) for case, times in (
        (Case("nobody", (), TEAM, 0), (None, None, 0)),
        (Case("the author alone", (says(ADA, 1),), TEAM, 0), (None, None, 1)),
        (Case("bots", (says(GOAT, 1), says(ROBOT, 2)), TEAM, 0), (None, None, 0)),
        (Case("anybody", (says(LINUS, 1), says(GRACE, 2), says(ADA, 3)), TEAM, 0), (1, 2, 3)),
        (Case("new commits", (says(GRACE, 1), does(ADA, Step.PUSHED, 2)), TEAM, 0), (1, 1, 2)),
        (Case("merged", (), TEAM, 0, {"merged_at": at(4)}), (4, 4, 0)),
        (Case("merged by the team", (does(GRACE, Step.MERGED, 4),), TEAM, 0, {"merged_at": at(4)}), (4, 4, 0)),
        (Case("merged by the author", (does(ADA, Step.MERGED, 4),), TEAM, 0, {"merged_at": at(4)}), (None, None, 0)),
        (Case("merged by a bot", (does(GOAT, Step.MERGED, 4),), TEAM, 0, {"merged_at": at(4)}), (None, None, 0)),
    )
]  # fmt: skip


@pytest.mark.parametrize(("case", "times"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_who_answered_when(case: Case, times: tuple[float | None, float | None, float]) -> None:
    found = pulse(case.thread, bots=("bump-o-matic",))
    expected = tuple(None if hours is None else at(hours) for hours in times)
    assert (found.first_answer, found.last_answer, found.last_word) == expected
