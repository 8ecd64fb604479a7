"""Whom a thread waits for, and since when: the policy of triage, as tables. Ada's thread began at hour 0."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import GHOST, Answer, Happening, Person, PersonId, Step, Thread, ThreadKind, Verdict
from bot.rules.waits import allowed, derive
from bot.waiting import Because, Checks, Correction, Facts, On, Result, Waiting
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, ISSUE, policy

LINUS: Final = Person(PersonId(10), "linus")
MARY: Final = Person(PersonId(12), "mary")  # of the team too
ROBOT: Final = Person(PersonId(11), "Bump-O-Matic")  # acts like a bot, though GitHub calls it a user
TEAM: Final = frozenset({GRACE, MARY, GOAT, ROBOT})
POLICY: Final = policy(
    people={"bots": ("bump-o-matic",)},
    triage={"expect": DEFAULTS.triage.expect.model_copy(update={"reply": 11, "merge": 12})},
)
PULL: Final[dict[str, Any]] = {"kind": ThreadKind.PULL_REQUEST}
NO_FACTS: Final = Facts()
TALK: Final[dict[str, Any]] = {"kind": ThreadKind.DISCUSSION}
CHANGES, APPROVES, DISMISSED, REMARKS = (
    Verdict.CHANGES_REQUESTED, Verdict.APPROVED, Verdict.DISMISSED, Verdict.COMMENTED,
)  # fmt: skip


def at(hours: float) -> datetime:
    return ISSUE.created_at + timedelta(hours=hours)


def says(
    who: Person, hours: float, verdict: Verdict | None = None, *, asks: bool | None = False, says: bool | None = True
) -> Answer:
    return Answer(who, at(hours), by_team=who in TEAM, verdict=verdict, asks=asks, says=says)


def commands(who: Person, hours: float, *, asks: bool | None = False) -> Answer:
    """The bot, and nobody else."""
    return says(who, hours, asks=asks, says=False)


def asks(who: Person, hours: float) -> Answer:
    return says(who, hours, asks=True)


def does(who: Person, step: Step, hours: float, about: str = "") -> Happening:
    return Happening(step, at(hours), who, about=about, by_team=who in TEAM)


def labels(who: Person, hours: float, name: str) -> Happening:
    return does(who, Step.LABELED, hours, name)


def pushes(hours: float, who: Person = ADA) -> Happening:
    return does(who, Step.PUSHED, hours)


def told(on: On | None, hours: float) -> Facts:
    return Facts(correction=Correction(on=on, at=at(hours)))


def checks(result: Result, hours: float) -> Facts:
    return Facts(checks=Checks(result=result, at=at(hours)))


Event = Answer | Happening


@dataclass(frozen=True)
class Case:
    """What was said and done in Ada's thread, and what follows."""

    id: str
    events: tuple[Event, ...]
    on: On
    because: Because
    since: float
    changes: dict[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)

    @property
    def thread(self) -> Thread:
        answers = tuple(one for one in self.events if isinstance(one, Answer))
        history = tuple(one for one in self.events if isinstance(one, Happening))
        changes = dict(self.changes)
        if names := changes.pop("has", None):
            changes["labels"] = frozenset([names] if isinstance(names, str) else names)
        return replace(ISSUE, answers=answers, history=history, **changes)


def case(
    id_: str, *events: Event, on: On, why: Because, since: float, facts: Facts = NO_FACTS, **changes: Any
) -> Case:  # fmt: skip
    return Case(id_, events, on, why, since, changes, facts)


NOBODY, AUTHOR, TRIAGE, REVIEW = On.NOBODY, On.AUTHOR, On.TRIAGE, On.REVIEW

OUT_OF_THE_WAY = [
    case("it is closed", is_open=False, closed_at=at(5), on=NOBODY, why=Because.CLOSED, since=5),
    case("it is merged", is_open=False, merged_at=at(5), **PULL, on=NOBODY, why=Because.CLOSED, since=5),
    case("closed, nobody knows when", is_open=False, on=NOBODY, why=Because.CLOSED, since=0),
    case("to be left alone", has="No-Bot", on=NOBODY, why=Because.LEFT_ALONE, since=0),
    case("left alone since", labels(ADA, 2, "no-bot"), has="no-bot", on=NOBODY, why=Because.LEFT_ALONE, since=2),
    case("even by a bot", labels(GOAT, 2, "no-bot"), has="no-bot", on=NOBODY, why=Because.LEFT_ALONE, since=2),
    case("locked", locked=True, on=NOBODY, why=Because.LOCKED, since=0),
    case("of nobody", author=GHOST, on=NOBODY, why=Because.BY_BOT, since=0),
    case("of a bot", author=GOAT, **PULL, on=NOBODY, why=Because.BY_BOT, since=0),
    case("of what acts like one", author=ROBOT, on=NOBODY, why=Because.BY_BOT, since=0),
    case("on hold", labels(GRACE, 3, "Blocked"), has="blocked", on=NOBODY, why=Because.ON_HOLD, since=3),
    case("on hold comes first", has=("blocked", "needs decision"), on=NOBODY, why=Because.ON_HOLD, since=0),
    case("on hold, whatever was said since", says(ADA, 9), has="blocked", facts=told(On.TEAM, 8),
         on=NOBODY, why=Because.ON_HOLD, since=0),
]  # fmt: skip

LABELS = [
    case("a bot put it on hold", labels(GOAT, 1, "blocked"), has="blocked", on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("so did what acts like one", labels(ROBOT, 1, "blocked"), has="blocked",
         on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("a form set it", labels(ADA, 0, "needs: discussion"), has="needs: discussion",
         on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("its author did, who belongs here", labels(ADA, 0, "needs: discussion"), has="needs: discussion",
         facts=Facts(by_team=True), on=On.DECISION, why=Because.DECISION, since=0),
    case("somebody took it off, a bot put it back", labels(GRACE, 1, "blocked"),
         does(GRACE, Step.UNLABELED, 2, "blocked"), labels(GOAT, 3, "blocked"), has="blocked",
         on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("a bot took it off and put it back", labels(GRACE, 1, "blocked"), does(GOAT, Step.UNLABELED, 2, "blocked"),
         labels(GOAT, 3, "blocked"), has="blocked", on=NOBODY, why=Because.ON_HOLD, since=1),
    case("to be decided", labels(GRACE, 3, "needs decision"), has="needs decision",
         on=On.DECISION, why=Because.DECISION, since=3),
    case("to be decided for longest", labels(GRACE, 3, "needs decision"), labels(GRACE, 2, "needs-discussion"),
         has=("needs decision", "needs-discussion"), on=On.DECISION, why=Because.DECISION, since=2),
    case("something is missing", says(GRACE, 2), labels(GRACE, 3, "needs-info"), has="needs-info",
         on=AUTHOR, why=Because.NEEDS_INFO, since=3),
    case("the author adds it", labels(GRACE, 3, "needs-info"), says(ADA, 4), says(ADA, 5), has="needs-info",
         on=On.TEAM, why=Because.AUTHOR_SPOKE, since=4),
    case("in a pull request", labels(GRACE, 3, "needs-info"), pushes(4), has="needs-info", **PULL,
         on=REVIEW, why=Because.AUTHOR_SPOKE, since=4),
    case("in a draft", labels(GRACE, 3, "needs-info"), pushes(4), has="needs-info", draft=True, **PULL,
         on=On.PROGRESS, why=Because.DRAFT, since=0),
    case("it is still not enough", labels(GRACE, 3, "needs-info"), says(ADA, 4), says(GRACE, 5), says(GRACE, 6),
         has="needs-info", on=AUTHOR, why=Because.NEEDS_INFO, since=5),
    case("others say nothing for the author", labels(GRACE, 3, "needs-info"), says(LINUS, 4), has="needs-info",
         on=AUTHOR, why=Because.NEEDS_INFO, since=3),
]  # fmt: skip

SAID = [
    case("for the author", facts=told(On.AUTHOR, 2), on=AUTHOR, why=Because.SAID, since=2),
    case("the author replied", says(ADA, 3), facts=told(On.AUTHOR, 2), on=On.TEAM, why=Because.AUTHOR_SPOKE, since=3),
    case("the author pushed", pushes(3), facts=told(On.AUTHOR, 2), **PULL,
         on=REVIEW, why=Because.AUTHOR_SPOKE, since=3),
    case("the author replied, and the team", says(ADA, 3), says(GRACE, 4), facts=told(On.AUTHOR, 2),
         on=NOBODY, why=Because.TEAM_ANSWERED, since=4),
    case("the author had replied before", asks(GRACE, 1), says(ADA, 2), facts=told(On.AUTHOR, 3),
         on=AUTHOR, why=Because.SAID, since=3),
    case("for the team", asks(GRACE, 1), facts=told(On.TEAM, 2), on=On.TEAM, why=Because.SAID, since=2),
    case("the author goes on", asks(GRACE, 1), says(ADA, 3), facts=told(On.TEAM, 2),
         on=On.TEAM, why=Because.SAID, since=2),
    case("the team answered", asks(GRACE, 3), facts=told(On.TEAM, 2), on=AUTHOR, why=Because.TEAM_ASKED, since=3),
    case("for a review", facts=told(REVIEW, 2), **PULL, on=REVIEW, why=Because.SAID, since=2),
    case("it was reviewed", says(GRACE, 3, APPROVES), facts=told(REVIEW, 2), **PULL,
         on=On.TEAM, why=Because.APPROVED, since=3),
    case("for a decision", says(GRACE, 3), says(ADA, 4), facts=told(On.DECISION, 2),
         on=On.DECISION, why=Because.SAID, since=2),
    case("for nobody", says(ADA, 4), facts=told(NOBODY, 2), on=NOBODY, why=Because.SAID, since=2),
    case("reopened", does(ADA, Step.REOPENED, 3), facts=told(NOBODY, 2), on=TRIAGE, why=Because.UNANSWERED, since=3),
    case("reopened by a bot", does(GOAT, Step.REOPENED, 3), facts=told(NOBODY, 2),
         on=NOBODY, why=Because.SAID, since=2),
    case("it counts more than labels", has="needs decision", facts=told(On.TEAM, 2),
         on=On.TEAM, why=Because.SAID, since=2),
    case("to be derived again", facts=told(None, 2), on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("what is said to the bot alone is no answer", commands(GRACE, 2), commands(GRACE, 3), facts=told(None, 3),
         on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("a question in it is one", commands(GRACE, 2, asks=True), facts=told(None, 2),
         on=AUTHOR, why=Because.TEAM_ASKED, since=2),
    case("so is what another says in that second", commands(GRACE, 2), says(MARY, 2),
         on=NOBODY, why=Because.TEAM_ANSWERED, since=2),
    case("so is what nobody has looked at", says(GRACE, 2, says=None), on=NOBODY, why=Because.TEAM_ANSWERED, since=2),
    case("nor does it add what is missing", labels(GRACE, 1, "needs-info"), commands(ADA, 2), has="needs-info",
         on=AUTHOR, why=Because.NEEDS_INFO, since=1),
    case("what nobody has looked at may add it", labels(GRACE, 1, "needs-info"), says(ADA, 2, says=None),
         has="needs-info", on=On.TEAM, why=Because.AUTHOR_SPOKE, since=2),
]  # fmt: skip

ISSUES = [
    case("nobody answered", on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("its author alone", says(ADA, 1), on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("others answered", says(LINUS, 1), on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("bots answered", says(GOAT, 1), says(ROBOT, 2), on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("opened again", does(LINUS, Step.REOPENED, 4), on=TRIAGE, why=Because.UNANSWERED, since=4),
    case("it has a level", labels(GRACE, 2, "medium"), has="medium", on=NOBODY, why=Because.LEVELLED, since=2),
    case("the bot set the level", labels(GOAT, 2, "medium"), has="Medium", on=NOBODY, why=Because.LEVELLED, since=2),
    case("a level, and an answer", says(GRACE, 1), has="medium", on=NOBODY, why=Because.LEVELLED, since=0),
    case("a level, and perhaps a question", says(GRACE, 1, asks=None), has="medium",
         on=NOBODY, why=Because.LEVELLED, since=0),
    case("a level, and a question", asks(GRACE, 1), has="medium", on=AUTHOR, why=Because.TEAM_ASKED, since=1),
    case("a level, and a reply", asks(GRACE, 1), says(ADA, 2), has="medium",
         on=On.TEAM, why=Because.AUTHOR_SPOKE, since=2),
    case("the team asked", asks(GRACE, 1), on=AUTHOR, why=Because.TEAM_ASKED, since=1),
    case("the team asked and went on", says(GRACE, 1), asks(GRACE, 2), says(MARY, 3),
         on=AUTHOR, why=Because.TEAM_ASKED, since=2),
    case("the team answered", says(GRACE, 1), says(GRACE, 2), on=NOBODY, why=Because.TEAM_ANSWERED, since=1),
    case("nobody knows whether it asked", says(GRACE, 1, asks=None), says(GRACE, 2),
         on=AUTHOR, why=Because.TEAM_ANSWERED, since=1),
    case("the author replied", asks(GRACE, 1), says(ADA, 2), says(ADA, 3),
         on=On.TEAM, why=Because.AUTHOR_SPOKE, since=2),
    case("others do not reply for them", asks(GRACE, 1), asks(LINUS, 2), on=AUTHOR, why=Because.TEAM_ASKED, since=1),
    case("the author opened it again", says(GRACE, 1), does(ADA, Step.REOPENED, 3),
         on=On.TEAM, why=Because.AUTHOR_SPOKE, since=3),
    case("to and fro", asks(GRACE, 1), says(ADA, 2), says(GRACE, 3), on=NOBODY, why=Because.TEAM_ANSWERED, since=3),
    case("the team's own", facts=Facts(by_team=True), on=NOBODY, why=Because.BY_TEAM, since=0),
    case("the team's own, as an answer shows", says(GRACE, 1), author=GRACE, on=NOBODY, why=Because.BY_TEAM, since=0),
    case("the team's own, as a step shows", labels(GRACE, 1, "bug"), author=GRACE,
         on=NOBODY, why=Because.BY_TEAM, since=0),
    case("somebody has taken it", facts=Facts(claimed=at(3)), on=On.PROGRESS, why=Because.CLAIMED, since=3),
    case("a pull request names it", facts=Facts(linked=at(3)), on=On.PROGRESS, why=Because.LINKED, since=3),
    case("somebody is assigned", does(GRACE, Step.ASSIGNED, 2, "10"), does(GOAT, Step.ASSIGNED, 3, "10"),
         assignees=frozenset({LINUS.id}), on=On.PROGRESS, why=Because.ASSIGNED, since=2),
    case("the bot assigned them", does(GOAT, Step.ASSIGNED, 3, "10"), assignees=frozenset({LINUS.id}),
         on=On.PROGRESS, why=Because.ASSIGNED, since=3),
    case("assigned, nobody knows when", does(GRACE, Step.ASSIGNED, 3, "12"), assignees=frozenset({LINUS.id}),
         on=On.PROGRESS, why=Because.ASSIGNED, since=0),
    case("a bot is assigned", says(GOAT, 1), assignees=frozenset({GOAT.id}),
         on=TRIAGE, why=Because.UNANSWERED, since=0),
]  # fmt: skip

DISCUSSIONS = [
    case("nobody answered", **TALK, on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("anybody's answer will do", says(LINUS, 1), **TALK, on=NOBODY, why=Because.ANSWERED, since=1),
    case("not a bot's", says(GOAT, 1), **TALK, on=TRIAGE, why=Because.UNANSWERED, since=0),
    case("the team's will too", says(GRACE, 1), **TALK, on=NOBODY, why=Because.TEAM_ANSWERED, since=1),
    case("the author replied", says(GRACE, 1), says(ADA, 2), **TALK, on=On.TEAM, why=Because.AUTHOR_SPOKE, since=2),
]

REVIEWED = (asks(GRACE, 1), pushes(2))
PULL_REQUESTS = [
    case("a draft", says(GRACE, 1), draft=True, on=On.PROGRESS, why=Because.DRAFT, since=0),
    case("nobody reviewed", says(LINUS, 1, APPROVES), on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("made ready", says(GRACE, 1), does(ADA, Step.READY, 2), ready_at=at(2),
         on=REVIEW, why=Because.UNREVIEWED, since=2),
    case("opened again", does(ADA, Step.REOPENED, 2), on=REVIEW, why=Because.UNREVIEWED, since=2),
    case("the team's own", facts=Facts(by_team=True), on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("who reviews their own", says(GRACE, 1), author=GRACE, on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("its checks fail", facts=checks(Result.FAILED, 1), on=AUTHOR, why=Because.CHECKS_FAILED, since=1),
    case("they failed before it was ready", facts=checks(Result.FAILED, 1), ready_at=at(2),
         on=AUTHOR, why=Because.CHECKS_FAILED, since=2),
    case("its author says why they fail", says(ADA, 2), facts=checks(Result.FAILED, 1),
         on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("they are held, and changes are asked for", says(GRACE, 2, verdict=CHANGES),
         facts=checks(Result.HELD, 1), on=On.AUTHOR, why=Because.CHANGES_REQUESTED, since=2),
    case("they are held", facts=checks(Result.HELD, 1), on=On.TEAM, why=Because.CHECKS_HELD, since=1),
    case("they passed", facts=checks(Result.PASSED, 1), on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("they run", facts=checks(Result.PENDING, 1), on=REVIEW, why=Because.UNREVIEWED, since=0),
    case("changes asked for", says(GRACE, 1, CHANGES), on=AUTHOR, why=Because.CHANGES_REQUESTED, since=1),
    case("and remarks since", says(GRACE, 1, CHANGES), says(GRACE, 2, REMARKS),
         on=AUTHOR, why=Because.CHANGES_REQUESTED, since=1),
    case("changed", says(GRACE, 1, CHANGES), pushes(2), pushes(3), on=REVIEW, why=Because.AUTHOR_SPOKE, since=2),
    case("changed by another", says(GRACE, 1, CHANGES), pushes(2, MARY),
         on=AUTHOR, why=Because.CHANGES_REQUESTED, since=1),
    case("changed, and remarks since", says(GRACE, 1, CHANGES), pushes(2), says(GRACE, 3),
         on=AUTHOR, why=Because.TEAM_ANSWERED, since=3),
    case("the request was dismissed", says(GRACE, 1, DISMISSED), on=AUTHOR, why=Because.TEAM_ANSWERED, since=1),
    case("a remark", says(GRACE, 1, REMARKS), on=AUTHOR, why=Because.TEAM_ANSWERED, since=1),
    case("a question", *REVIEWED[:1], on=AUTHOR, why=Because.TEAM_ASKED, since=1),
    case("a question, and new commits", *REVIEWED, on=REVIEW, why=Because.AUTHOR_SPOKE, since=2),
    case("approved", says(GRACE, 1, APPROVES), on=On.TEAM, why=Because.APPROVED, since=1),
    case("approved by two", says(GRACE, 1, APPROVES), says(MARY, 2, APPROVES),
         on=On.TEAM, why=Because.APPROVED, since=1),
    case("approved, and new commits", says(GRACE, 1, APPROVES), pushes(2), on=On.TEAM, why=Because.APPROVED, since=1),
    case("approved as a draft", says(GRACE, 1, APPROVES), ready_at=at(2), on=On.TEAM, why=Because.APPROVED, since=2),
    case("approved, then asked", says(GRACE, 1, APPROVES), asks(GRACE, 2),
         on=AUTHOR, why=Because.TEAM_ASKED, since=2),
    case("approved with a question", says(GRACE, 1, APPROVES, asks=True), on=On.TEAM, why=Because.APPROVED, since=1),
    case("approved, asked and answered", says(GRACE, 1, APPROVES), asks(GRACE, 2), asks(ADA, 3),
         on=On.TEAM, why=Because.APPROVED, since=1),
    case("approved after changes", says(GRACE, 1, CHANGES), pushes(2), says(GRACE, 3, APPROVES),
         on=On.TEAM, why=Because.APPROVED, since=3),
    case("approved over another's wish", says(MARY, 1, CHANGES), says(GRACE, 3, APPROVES),
         on=On.TEAM, why=Because.APPROVED, since=3),
    case("another wishes for changes", says(GRACE, 1, APPROVES), says(MARY, 3, CHANGES),
         on=AUTHOR, why=Because.CHANGES_REQUESTED, since=3),
    case("the approval was dismissed", says(GRACE, 1, DISMISSED), pushes(2),
         on=REVIEW, why=Because.AUTHOR_SPOKE, since=2),
    case("approved in the second of a remark", says(GRACE, 1, APPROVES), asks(GRACE, 1),
         on=On.TEAM, why=Because.APPROVED, since=1),
    case("assignments say nothing", assignees=frozenset({LINUS.id}), on=REVIEW, why=Because.UNREVIEWED, since=0),
]  # fmt: skip

CASES = [
    *OUT_OF_THE_WAY, *LABELS, *SAID, *ISSUES, *DISCUSSIONS,
    *(replace(one, changes=PULL | one.changes) for one in PULL_REQUESTS),
]  # fmt: skip
IDS = [
    f"{part}: {one.id}"
    for part, those in (
        ("out of the way", OUT_OF_THE_WAY), ("labels", LABELS), ("said", SAID), ("issues", ISSUES),
        ("discussions", DISCUSSIONS), ("pull requests", PULL_REQUESTS),
    )
    for one in those
]  # fmt: skip


def derived(one: Case) -> Waiting:
    return derive(one.thread, one.facts, POLICY)


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_whom_it_waits_for(one: Case) -> None:
    found = derived(one)
    assert (found.on, found.because, found.since) == (one.on, one.because, at(one.since))


# What else tells so


@pytest.mark.parametrize(
    ("events", "changes", "evidence"),
    [
        pytest.param(
            (asks(GRACE, 1), says(ADA, 2)), {"has": "medium"},
            [(Because.AUTHOR_SPOKE, 2, "ada", ""), (Because.TEAM_ANSWERED, 1, "grace", ""),
             (Because.LEVELLED, 0, "", "medium")],
            id="the author's reply",
        ),
        pytest.param(
            (labels(GRACE, 1, "needs-info"), says(ADA, 2)), {"has": "needs-info"},
            [(Because.AUTHOR_SPOKE, 2, "ada", ""), (Because.NEEDS_INFO, 1, "grace", "needs-info")],
            id="what was missing",
        ),
        pytest.param(
            (says(GRACE, 1, CHANGES), pushes(2)), PULL,
            [(Because.AUTHOR_SPOKE, 2, "ada", ""), (Because.CHANGES_REQUESTED, 1, "grace", "")],
            id="what was to be changed",
        ),
        pytest.param(
            (says(GRACE, 1), pushes(2)), PULL,
            [(Because.AUTHOR_SPOKE, 2, "ada", ""), (Because.TEAM_ANSWERED, 1, "grace", "")],
            id="a review without a verdict",
        ),
        pytest.param(
            (says(GRACE, 1, APPROVES), pushes(2)), PULL,
            [(Because.APPROVED, 1, "grace", ""), (Because.AUTHOR_SPOKE, 2, "ada", "")],
            id="new commits in what is approved",
        ),
        pytest.param(
            (does(GRACE, Step.ASSIGNED, 2, "10"),),
            {"assignees": frozenset({LINUS.id}), "facts": Facts(claimed=at(1), linked=at(3))},
            [(Because.CLAIMED, 1, "", ""), (Because.ASSIGNED, 2, "", ""), (Because.LINKED, 3, "", "")],
            id="who is at it",
        ),
        pytest.param(
            (says(GRACE, 1),), {"has": "medium"},
            [(Because.LEVELLED, 0, "", "medium"), (Because.TEAM_ANSWERED, 1, "grace", "")],
            id="a level, and an answer",
        ),
    ],
)  # fmt: skip
def test_the_evidence(
    events: tuple[Event, ...], changes: dict[str, Any], evidence: list[tuple[Because, float, str, str]]
) -> None:
    found = derived(case("", *events, on=NOBODY, why=Because.CLOSED, since=0, **changes))
    assert [(one.because, one.at, one.who, one.about) for one in found.evidence] == [
        (because, at(hours), who, about) for because, hours, who, about in evidence
    ]


# What changes nothing

_LATER = st.floats(min_value=-1, max_value=20, allow_nan=False)
_BOTS = st.sampled_from([GOAT, ROBOT])
_NOISE = st.one_of(
    st.builds(says, _BOTS, _LATER, st.sampled_from([None, *Verdict]), asks=st.sampled_from([None, True, False])),
    st.builds(does, _BOTS, st.sampled_from([*Step]), _LATER, st.just("area: maps")),
    st.builds(does, st.sampled_from([ADA, GRACE, LINUS, GOAT]),
              st.sampled_from([Step.LABELED, Step.UNLABELED, Step.UNASSIGNED]), _LATER, st.just("area: maps")),
)  # fmt: skip


@given(
    one=st.sampled_from(CASES), noise=st.lists(_NOISE, max_size=5), more=st.sampled_from([(), ("area: maps", "bug")])
)
def test_bots_and_labels_that_are_no_signs_change_nothing(one: Case, noise: list[Event], more: tuple[str, ...]) -> None:
    if one.thread.author in {GOAT, ROBOT}:
        return
    noisy = replace(one, events=tuple(sorted((*one.events, *noise), key=lambda event: event.at)))
    thread = replace(noisy.thread, labels=noisy.thread.labels | set(more))
    if one.facts.by_team or all(event.person != one.thread.author for event in noise if event.by_team):
        assert derive(thread, one.facts, POLICY) == derived(one)


# Expectations

NEW = True
EXPECTED = [
    ("a newcomer's first answer", case("", on=TRIAGE, why=Because.UNANSWERED, since=0), NEW, 4),
    ("anybody's first answer", case("", on=TRIAGE, why=Because.UNANSWERED, since=0), False, 7),
    ("a bot is nobody", case("", says(GOAT, 1), on=TRIAGE, why=Because.UNANSWERED, since=0), False, 7),
    ("others have answered", case("", says(LINUS, 1), on=TRIAGE, why=Because.UNANSWERED, since=0), False, 14),
    ("others have answered a newcomer", case("", says(LINUS, 1), on=TRIAGE, why=Because.UNANSWERED, since=0), NEW, 14),
    ("a review", case("", **PULL, on=REVIEW, why=Because.UNREVIEWED, since=0), False, 10),
    ("a newcomer's review", case("", **PULL, on=REVIEW, why=Because.UNREVIEWED, since=0), NEW, 4),
    ("a review that somebody wishes for", case("", facts=told(REVIEW, 1), **PULL, on=REVIEW, why=Because.SAID, since=0),
     NEW, 10),
    ("another review", case("", *REVIEWED, **PULL, on=REVIEW, why=Because.AUTHOR_SPOKE, since=0), NEW, 11),
    ("a reply", case("", asks(GRACE, 1), says(ADA, 2), on=On.TEAM, why=Because.AUTHOR_SPOKE, since=0), NEW, 11),
    ("what the team has to do", case("", facts=told(On.TEAM, 1), on=On.TEAM, why=Because.SAID, since=0), False, 11),
    ("a merge", case("", says(GRACE, 1, APPROVES), **PULL, on=On.TEAM, why=Because.APPROVED, since=0), NEW, 12),
    ("held checks", case("", facts=checks(Result.HELD, 1), **PULL, on=On.TEAM, why=Because.CHECKS_HELD, since=0),
     False, 7),
    ("a newcomer's held checks", case("", facts=checks(Result.HELD, 1), **PULL, on=On.TEAM, why=Because.CHECKS_HELD,
                                      since=0), NEW, 4),
    ("a decision", case("", has="needs decision", on=On.DECISION, why=Because.DECISION, since=0), NEW, 20),
    ("an author", case("", asks(GRACE, 1), on=AUTHOR, why=Because.TEAM_ASKED, since=0), NEW, None),
    ("nobody", case("", has="blocked", on=NOBODY, why=Because.ON_HOLD, since=0), NEW, None),
    ("whoever is at it", case("", draft=True, **PULL, on=On.PROGRESS, why=Because.DRAFT, since=0), NEW, None),
]  # fmt: skip


@pytest.mark.parametrize(("one", "newcomer", "days"), [row[1:] for row in EXPECTED], ids=[row[0] for row in EXPECTED])
def test_after_how_many_working_days_it_is_late(one: Case, newcomer: bool, days: int | None) -> None:
    waiting = derived(one)
    assert (waiting.on, waiting.because) == (one.on, one.because)
    assert allowed(waiting, one.thread, POLICY, newcomer=newcomer) == days
