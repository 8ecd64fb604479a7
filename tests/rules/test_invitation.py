"""The invitation: who is invited to try their own report with a co-mentor, when, and who never is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from bot.effects import Effect, Learn, LookAgain, Question, Quiet, Say
from bot.looking import ThreadLook
from bot.mentors import Prospects
from bot.model import Answer, Came, Happening, Person, PersonId, Step, ThreadKind, ThreadRef
from bot.pathpolicy import Who
from bot.pathway import Claim, Link
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import invitation
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, ISSUE, MAPS, NOW, look, policy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINUS: Final = Person(PersonId(10), "linus")
OPENED: Final = NOW - 2 * DAY
KNOWS: Final = frozenset({"version", "traceback", "steps"})
ANSWERED: Final = Answer(GRACE, OPENED + HOUR, by_team=True)
LABELLED: Final = Happening(Step.LABELED, OPENED + HOUR, GRACE, "bug", by_team=True)
TOOK_IT: Final = Happening(Step.ASSIGNED, OPENED + HOUR, GRACE, str(GRACE.id), by_team=True)
LINK: Final = Link(pull=ThreadRef(MAPS.id, 9), author=LINUS, closes=True, is_open=True, merged_at=None, last_sign=NOW)
CLAIM: Final = Claim(person=LINUS, at=OPENED, last_sign=OPENED)
QUARTER: Final = "invitation/1/7/2026-q4"


def scene(**changes: Any) -> ThreadLook:
    """Ada's precise report, two days old, which Grace has answered."""
    usual = {"created_at": OPENED, "hint": Came.PROBLEM, "traits": KNOWS, "answers": (ANSWERED,)}
    return look(**usual | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS, now: datetime = NOW) -> Effect:
    [effect] = invitation.decide(where, configured, now)
    return effect


def test_who_knows_the_system_is_invited_once_the_team_has_answered() -> None:
    say = wished(scene())
    assert isinstance(say, Say)
    assert (say.template, say.to, say.key, say.asked_for) == ("invitation", ADA, QUARTER, False)
    assert say.values == {
        "organisation": "alpine-tools", "repository": "trail-maps", "maintainer": "grace", "assigned": False,
        "claim": True,
        "mentors": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mentoring", "anybody", "named"),
    [
        pytest.param({"mode": Mode.ON}, True, True, id="there are mentors"),
        pytest.param({"mode": Mode.ON}, False, False, id="nobody can be asked"),
        pytest.param({"mode": Mode.SHADOW}, True, False, id="not switched on"),
        pytest.param({"mode": Mode.ON, "invitation": False}, True, False, id="not for who is invited"),
    ],
)
def test_mentors_are_named_where_there_are_some(mentoring: dict[str, Any], anybody: bool, named: bool) -> None:
    say = wished(scene(prospects=Prospects(anybody=anybody)), policy(mentoring=mentoring))
    assert isinstance(say, Say)
    assert say.values["mentors"] is named


@pytest.mark.parametrize(
    ("changes", "sections", "needed"),
    [
        pytest.param({}, {}, True, id="somebody is invited"),
        pytest.param({"is_open": False}, {}, False, id="nobody is"),
        pytest.param({}, {"invitation": {"mode": Mode.OFF}}, False, id="it is switched off"),
        pytest.param({}, {"mentoring": {"mode": Mode.OFF}}, False, id="mentoring is"),
    ],
)
def test_whether_there_are_mentors_matters_only_then(
    changes: dict[str, Any], sections: dict[str, Any], needed: bool
) -> None:
    chosen = policy(**{"mentoring": {"mode": Mode.ON}, "invitation": {"mode": Mode.ON}} | sections)
    assert invitation.needs_prospects(scene(**changes), chosen, NOW) is needed


@pytest.mark.parametrize(
    ("traits", "reports", "at_least", "invited"),
    [
        pytest.param({"version", "traceback", "steps"}, 0, 3, True, id="three signs"),
        pytest.param({"version", "traceback"}, 0, 3, False, id="two signs"),
        pytest.param({"version", "traceback"}, 0, 2, True, id="two are enough"),
        pytest.param({"long-text", "version", "steps"}, 0, 3, True, id="a long report"),
        pytest.param({"version", "proposes", "links-code"}, 0, 3, False, id="a fix and its place are one sign"),
        pytest.param({"version", "traceback", "links-code"}, 0, 3, True, id="the place in the code"),
        pytest.param({"version", "traceback"}, 3, 3, True, id="several earlier reports"),
        pytest.param({"version", "traceback"}, 2, 3, False, id="a few earlier reports"),
        pytest.param({"version", "expected", "names-file"}, 5, 3, False, id="what shows nothing"),
    ],
)
def test_signs_that_somebody_knows_the_system(traits: set[str], reports: int, at_least: int, invited: bool) -> None:
    effect = wished(scene(traits=frozenset(traits), reports=reports), policy(invitation={"at_least": at_least}))
    assert isinstance(effect, Say) is invited
    if isinstance(effect, Quiet):
        assert "signs that its author knows the system" in effect.why


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"is_open": False}, "closed", id="closed"),
        pytest.param({"opened_by": None}, "before Switchback listened", id="from the past"),
        pytest.param({"moved": True}, "moved or made", id="moved"),
        pytest.param({"opened_by": GRACE.id}, "moved or made", id="opened by another"),
        pytest.param({"created_at": NOW - 15 * DAY}, "older than 14 days", id="old"),
        pytest.param({"hint": Came.QUESTION}, "neither a problem nor a wish", id="a question"),
        pytest.param({"labels": frozenset({"support"})}, "neither a problem", id="support"),
        pytest.param({"hint": Came.UNKNOWN, "traits": frozenset({"long-text", "version"}), "reports": 3},
                     "neither a problem", id="nobody knows what"),
        pytest.param({"labels": frozenset({"Security fix"})}, "security", id="labelled as security"),
        pytest.param({"traits": KNOWS | {"security"}}, "security", id="it names security"),
        pytest.param({"is_team": True}, "belongs to the organisation", id="a member"),
        pytest.param({"author": GOAT}, "moved or made", id="a bot's"),
        pytest.param({"opted_out": True}, "left alone", id="wants none"),
        pytest.param({"labels": frozenset({"no-bot"})}, "no-bot", id="the label"),
        pytest.param({"said_here": frozenset({"invitation/1/7/2025-q1"})}, "invited of late", id="invited here"),
        pytest.param({"said": frozenset({QUARTER})}, "invited of late", id="invited in this quarter"),
        pytest.param({"said": frozenset({"invitation/1/7/2026-q3"})}, "invited of late", id="and in the last one"),
        pytest.param({"links": (LINK,)}, "somebody is at it", id="a pull request is linked"),
        pytest.param({"claims": (CLAIM,)}, "somebody is at it", id="claimed"),
        pytest.param({"assignees": frozenset({LINUS.id})}, "somebody has it", id="assigned to another"),
        pytest.param({"assignees": frozenset({GRACE.id, ADA.id}), "history": (TOOK_IT,)}, "somebody has it",
                     id="assigned to two"),
        pytest.param({"answers": ()}, "nobody of the team", id="nobody answered"),
        pytest.param({"answers": (replace(ANSWERED, person=LINUS, by_team=False),)}, "nobody of the team",
                     id="another guest answered"),
        pytest.param({"answers": (replace(ANSWERED, person=GOAT),)}, "nobody of the team", id="a bot answered"),
        pytest.param({"answers": (), "history": (replace(LABELLED, step=Step.REOPENED),)}, "nobody of the team",
                     id="another step"),
    ],
)  # fmt: skip
def test_who_is_not_invited(changes: dict[str, Any], says: str) -> None:
    quiet = wished(scene(**changes))
    assert isinstance(quiet, Quiet)
    assert says in quiet.why


def test_what_is_no_issue_does_not_concern_it() -> None:
    assert invitation.decide(scene(kind=ThreadKind.PULL_REQUEST), DEFAULTS, NOW) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"hint": Came.WISH}, id="a wish"),
        pytest.param({"hint": Came.UNKNOWN}, id="its traits show a problem"),
        pytest.param({"labels": frozenset({"bug"}), "hint": Came.QUESTION}, id="a label says so"),
        pytest.param({"said": frozenset({"invitation/1/7/2026-q2"})}, id="invited half a year ago"),
        pytest.param({"claims": (replace(CLAIM, ended_at=NOW),)}, id="given back"),
        pytest.param({"answers": (), "history": (LABELLED,)}, id="labelled by the team"),
    ],
)
def test_who_is_invited_too(changes: dict[str, Any]) -> None:
    assert isinstance(wished(scene(**changes)), Say)


def test_the_team_has_a_day_to_answer() -> None:
    again = wished(scene(created_at=NOW - HOUR, answers=(Answer(GRACE, NOW, by_team=True),)))
    assert isinstance(again, LookAgain)
    assert again.at == NOW + DAY - HOUR


def test_a_maintainer_who_takes_it_is_not_waited_for() -> None:
    took = replace(TOOK_IT, at=NOW)
    others = (replace(took, person=LINUS, by_team=False), replace(took, about=str(LINUS.id)), took)
    say = wished(scene(created_at=NOW - HOUR, assignees=frozenset({GRACE.id}), history=others, answers=()))
    assert isinstance(say, Say)
    assert (say.values["maintainer"], say.values["assigned"]) == ("grace", True)


def test_whoever_spoke_last_is_named() -> None:
    mary = Person(PersonId(11), "mary")
    say = wished(scene(history=(replace(LABELLED, person=mary, at=NOW - HOUR),)))
    assert isinstance(say, Say)
    assert say.values["maintainer"] == "mary"


def test_github_is_asked_who_belongs_before_anybody_is_invited() -> None:
    learn = wished(scene(is_team=None))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


@pytest.mark.parametrize(
    ("configured", "claim"),
    [
        pytest.param(policy(claims={"mode": Mode.OFF}), False, id="claims are off"),
        pytest.param(policy(commands={"claim": Who.MEMBERS}), False, id="only for members"),
        pytest.param(policy(claims={"mode": Mode.ON}), True, id="for everybody"),
    ],
)
def test_claim_is_offered_where_the_author_can_use_it(configured: Policy, claim: bool) -> None:
    say = wished(scene(), configured)
    assert isinstance(say, Say)
    assert say.values["claim"] is claim


def test_a_quarter_ends_with_the_year() -> None:
    now = datetime(2027, 1, 2, tzinfo=NOW.tzinfo)
    fresh = scene(created_at=now - 2 * DAY, said=frozenset({"invitation/1/7/2026-q3"}))
    say = wished(fresh, now=now)
    assert isinstance(say, Say)
    assert say.key == "invitation/1/7/2027-q1"
    assert isinstance(wished(replace(fresh, said=frozenset({QUARTER})), now=now), Quiet)


def test_it_begins_in_shadow() -> None:
    assert DEFAULTS.mode("invitation") is Mode.SHADOW
    assert ISSUE.author == ADA
