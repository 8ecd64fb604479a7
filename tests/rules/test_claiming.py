"""`/claim`, `/unclaim`, `/working`: what comes of them, and what is answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.effects import Assign, Effect, EndClaim, Learn, Question, React, Say, TakeClaim, Work
from bot.looking import Asker, ThreadLook
from bot.model import Happening, Level, Person, PersonId, RepoId, Request, Step, ThreadRef
from bot.pathway import Acted, Claim, Ended, Link, Pointers, Seeker
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import answers
from bot.rules.taken import is_taken
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, NOW, look, policy
from tests.rules.test_eligible import opening

LINUS: Final = Person(PersonId(10), "linus")
ASKED_AT: Final = NOW - timedelta(minutes=1)
DAY: Final = timedelta(days=1)
HERE: Final = "issue_comment/50"


def asked(name: str) -> Request:
    return Request(name, "", ADA, ASKED_AT, "issue_comment", 50, "NODE", to_us=True)


def scene(name: str, *, did: tuple[str, ...] = (), asker: Asker | None = None, **changes: Any) -> ThreadLook:
    """Ada wrote it; `did`: what the command has done by now."""
    said = frozenset(f"answers/{name}/{what}/{HERE}" for what in did)
    askers = {ADA.id: asker or Asker(belongs=False, merged=True)}
    return look(**{"requests": (asked(name),), "askers": askers, "said_here": said, "author": GRACE} | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    return answers.decide(where, configured, NOW)


def of(person: Person, *, ended: Ended | None = None) -> Claim:
    at = NOW - 3 * DAY
    return Claim(person=person, at=at, last_sign=at, ended=ended, ended_at=NOW if ended else None)


def link(author: Person, **changes: Any) -> Link:
    here = Link(
        pull=ThreadRef(RepoId(100), 12), author=author, closes=True, is_open=True, merged_at=None, last_sign=NOW,
        name="#12", url="https://github.com/alpine-tools/trail-maps/pull/12",
    )  # fmt: skip
    return replace(here, **changes)


def step(step: Step, by: Person, *, at: timedelta = DAY, about: Person = ADA) -> Happening:
    return Happening(step, NOW - at, by, about=str(about.id))


def assigned_by_bot(*, assigned: bool = True) -> Acted:
    return Acted(
        key="answers/claim/assign/issue_comment/1", rule="answers", effect="assign", template=None, why="",
        at=NOW - DAY, person_id=ADA.id, external_id=None, node_id="", url="", detail={"assigned": assigned},
    )  # fmt: skip


def test_memory_is_asked_first_and_then_thumbs_are_up() -> None:
    eyes, order, thumb = wished(scene("claim"))
    assert isinstance(order, TakeClaim)
    assert (order.key, order.person, order.as_of) == (f"answers/claim/order/{HERE}", ADA, ASKED_AT)
    assert [one.content for one in (eyes, thumb) if isinstance(one, React)] == ["eyes", "+1"]


def test_who_has_it_is_told_what_helps_and_assigned() -> None:
    where = scene("claim", did=("order", "seen"), claims=(of(ADA),), answer_time=timedelta(hours=2),
                  pointers=Pointers(url="https://github.com/a/b/issues/5#issuecomment-1"))  # fmt: skip
    say, assign, thumb = wished(where)
    assert isinstance(say, Say)
    assert (say.template, say.mention, say.asked_for, say.to) == ("answer-claim-yours", False, True, ADA)
    assert say.values == {
        "command": "claim", "answer_minutes": 120, "pointers": "https://github.com/a/b/issues/5#issuecomment-1",
        "many": None, "steep": False, "unready": False,
    }  # fmt: skip
    assert isinstance(assign, Assign)
    assert (assign.to, assign.assigned, assign.key) == (ADA, True, f"answers/claim/assign/{HERE}")
    assert isinstance(thumb, React)
    assert thumb.content == "+1"


@pytest.mark.parametrize(
    ("configured", "changes", "assigns"),
    [
        pytest.param(DEFAULTS, {}, True, id="as configured"),
        pytest.param(policy(claims={"assign": False}), {}, False, id="nobody is to be assigned"),
        pytest.param(DEFAULTS, {"assignees": frozenset({ADA.id})}, False, id="she is"),
        pytest.param(DEFAULTS, {"history": (step(Step.UNASSIGNED, GRACE),)}, False, id="a human has taken it off her"),
        pytest.param(DEFAULTS, {"history": (step(Step.UNASSIGNED, ADA),)}, True, id="she had given it back herself"),
        pytest.param(DEFAULTS, {"history": (step(Step.UNASSIGNED, GOAT),)}, True, id="a bot has taken it off her"),
        pytest.param(DEFAULTS, {"history": (step(Step.UNASSIGNED, GRACE, about=LINUS),)}, True, id="of another"),
        pytest.param(DEFAULTS, {"history": (step(Step.ASSIGNED, GRACE),)}, True, id="only assigning is known"),
    ],
)
def test_a_human_is_never_fought(configured: Policy, changes: dict[str, Any], assigns: bool) -> None:
    effects = wished(scene("claim", did=("order", "seen", "reply"), claims=(of(ADA),), **changes), configured)
    assert any(isinstance(effect, Assign) for effect in effects) is assigns


NEW: Final = Seeker(person=ADA)
STARTED: Final = Seeker(person=ADA, merged=1, highest=Level.STARTER)


@pytest.mark.parametrize(
    ("asker", "seeker", "changes", "advice"),
    [
        pytest.param(Asker(belongs=False, merged=False), NEW, {}, {"steep"}, id="new, and it is medium"),
        pytest.param(Asker(belongs=False, merged=False, other_claims=1), STARTED, {}, {"many"}, id="with another"),
        pytest.param(Asker(belongs=False, merged=False, other_claims=1), NEW, {}, {"many", "steep"}, id="both"),
        pytest.param(Asker(belongs=False, merged=False), NEW, {"level": Level.STARTER}, set(), id="the first one"),
        pytest.param(Asker(belongs=False, merged=True), STARTED, {"level": Level.ADVANCED}, {"steep"}, id="two up"),
        pytest.param(Asker(belongs=False, merged=True), STARTED, {"ready": False}, {"unready"}, id="not ready"),
        pytest.param(Asker(belongs=False, merged=True, other_claims=4), STARTED, {}, set(), id="not new"),
        pytest.param(Asker(belongs=False, other_claims=4), STARTED, {}, set(), id="nobody knows whether new"),
        pytest.param(Asker(belongs=True, merged=False, other_claims=4), NEW, {"ready": False}, set(), id="of the team"),
        pytest.param(Asker(merged=True, other_claims=4), STARTED, {}, set(), id="no matter whether of the team"),
        pytest.param(Asker(belongs=False, merged=False), NEW, None, set(), id="without a level"),
    ],
)
def test_who_takes_it_gets_advice_and_the_issue(
    asker: Asker, seeker: Seeker, changes: dict[str, Any] | None, advice: set[str]
) -> None:
    this = None if changes is None else opening(5, taken=True, **changes)
    where = scene(
        "claim", did=("order", "seen"), claims=(of(ADA),), asker=asker, opening=this, seekers={ADA.id: seeker}
    )
    say, _, thumb = wished(where)
    assert isinstance(say, Say)
    assert {name for name in ("many", "steep", "unready") if say.values[name]} == advice
    assert say.values["many"] == (asker.other_claims + 1 if "many" in advice else None)
    assert isinstance(thumb, React)
    assert thumb.content == "+1"


def test_whether_somebody_is_new_is_found_out_before_advice_and_after_it_is_theirs() -> None:
    unknown = Asker(merged=False, other_claims=1)
    assert isinstance(wished(scene("claim", asker=unknown))[1], TakeClaim)
    [learn] = wished(scene("claim", did=("order",), asker=unknown))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM
    assert not any(isinstance(one, Learn) for one in wished(scene("claim", did=("order", "reply"), asker=unknown)))


def test_who_has_it_already_gets_a_thumb_and_no_words() -> None:
    effects = wished(scene("claim", claims=(of(LINUS, ended=Ended.FREED), of(ADA))))
    assert [effect.content for effect in effects if isinstance(effect, React)] == ["eyes", "+1"]
    assert len(effects) == 2


@pytest.mark.parametrize(
    ("changes", "about", "values"),
    [
        pytest.param({"is_open": False}, "over", {"locked": False}, id="closed"),
        pytest.param({"locked": True}, "over", {"locked": True}, id="locked"),
        pytest.param({"is_open": False, "locked": True}, "over", {"locked": False}, id="closed and locked"),
        pytest.param({"claims": (of(LINUS),)}, "taken",
                     {"by": "linus", "how": "claim", "since": "2026-11-20", "pull": None}, id="another has it"),
        pytest.param({"assignees": frozenset({GRACE.id}), "assigned": (GRACE,)}, "taken",
                     {"by": "grace", "how": "assigned", "since": None, "pull": None}, id="another is assigned"),
        pytest.param({"links": (link(LINUS),)}, "taken",
                     {"by": "linus", "how": "pull", "since": None, "pull": "#12"}, id="another's pull request"),
    ],
)  # fmt: skip
def test_what_is_not_to_be_had_is_told_with_what_would_help(
    changes: dict[str, Any], about: str, values: dict[str, Any]
) -> None:
    eyes, say, confused = wished(scene("claim", **changes))
    assert isinstance(say, Say)
    assert say.template == f"answer-claim-{about}"
    assert say.values == {"command": "claim", "offers": True, **values}
    assert [one.content for one in (eyes, confused) if isinstance(one, React)] == ["eyes", "confused"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"claims": (of(LINUS, ended=Ended.GIVEN_BACK),)}, id="it was given back"),
        pytest.param({"assignees": frozenset({GOAT.id}), "assigned": (GOAT,)}, id="a bot is assigned"),
        pytest.param({"assignees": frozenset({ADA.id, GRACE.id}), "assigned": (ADA, GRACE)}, id="she is assigned too"),
        pytest.param({"links": (link(LINUS, is_open=False),)}, id="a pull request that was closed"),
        pytest.param({"links": (link(LINUS, closes=False),)}, id="one that only names it"),
        pytest.param({"links": (link(ADA),)}, id="her own pull request"),
    ],
)  # fmt: skip
def test_nothing_else_is_in_the_way(changes: dict[str, Any]) -> None:
    assert isinstance(wished(scene("claim", **changes))[1], TakeClaim)


def test_nobody_is_sent_to_offers_where_there_are_none() -> None:
    say = wished(scene("claim", is_open=False), policy(offers={"mode": Mode.OFF}))[1]
    assert isinstance(say, Say)
    assert say.values["offers"] is False


@pytest.mark.parametrize("name", ["claim", "unclaim", "working"])
def test_a_refusal_stands_once_it_is_said(name: str) -> None:
    """Though it may be free by now: another /claim takes it."""
    [confused] = wished(scene(name, did=("reply", "seen"), claims=(of(ADA),)))
    assert isinstance(confused, React)
    assert confused.content == "confused"


@pytest.mark.parametrize("name", ["claim", "unclaim", "working"])
def test_what_memory_obeyed_stands(name: str) -> None:
    """Though the claim may be over by now."""
    *_, thumb = wished(scene(name, did=("order", "reply", "seen", "assign")))
    assert isinstance(thumb, React)
    assert thumb.content == "+1"


def test_giving_back_ends_the_claim() -> None:
    _, order, _ = wished(scene("unclaim", claims=(of(ADA),)))
    assert isinstance(order, EndClaim)
    assert (order.person, order.ended, order.as_of) == (ADA, Ended.GIVEN_BACK, ASKED_AT)


@pytest.mark.parametrize(
    ("acted", "history", "takes_off"),
    [
        pytest.param((assigned_by_bot(),), (), True, id="the bot did it, and GitHub has not told yet"),
        pytest.param((assigned_by_bot(),), (step(Step.ASSIGNED, GOAT),), True, id="the bot did it"),
        pytest.param((assigned_by_bot(),), (step(Step.ASSIGNED, GRACE, at=2 * DAY),), True, id="a human did it before"),
        pytest.param((assigned_by_bot(),), (step(Step.ASSIGNED, GRACE),), False, id="a human did it again"),
        pytest.param((assigned_by_bot(),), (step(Step.UNASSIGNED, GRACE),), False, id="a human took it back"),
        pytest.param((assigned_by_bot(), assigned_by_bot(assigned=False)), (), False, id="the bot took it back"),
        pytest.param((), (step(Step.ASSIGNED, GRACE),), False, id="a human did it"),
        pytest.param((replace(assigned_by_bot(), person_id=LINUS.id),), (), False, id="the bot assigned another"),
    ],
)
def test_an_assignment_is_taken_back_only_if_the_bot_made_it(
    acted: tuple[Acted, ...], history: tuple[Happening, ...], takes_off: bool
) -> None:
    thanks, *others, thumb = wished(scene("unclaim", did=("order", "seen"), acted=acted, history=history))
    assert isinstance(thanks, Say)
    assert thanks.template == "answer-unclaim-done"
    assert [(one.to, one.assigned) for one in others if isinstance(one, Assign)] == [(ADA, False)] * takes_off
    assert isinstance(thumb, React)


@pytest.mark.parametrize("assigned", [False, True])
def test_what_one_does_not_have_one_cannot_give_back(assigned: bool) -> None:
    """Others cannot give back what is mine, either: maintainers unassign me."""
    assignees = frozenset({ADA.id} if assigned else ())
    _, say, confused = wished(scene("unclaim", claims=(of(LINUS),), assignees=assignees))
    assert isinstance(say, Say)
    assert (say.template, say.values["assigned"]) == ("answer-unclaim-none", assigned)
    assert isinstance(confused, React)


def test_being_at_it_is_taken_down() -> None:
    _, order, thumb = wished(scene("working", claims=(of(ADA),)))
    assert isinstance(order, Work)
    assert (order.person, order.as_of) == (ADA, ASKED_AT)
    assert isinstance(thumb, React)


def test_who_has_not_taken_it_is_told_how_to() -> None:
    _, say, confused = wished(scene("working"))
    assert isinstance(say, Say)
    assert say.template == "answer-working-none"
    assert isinstance(confused, React)
    assert confused.content == "confused"


@pytest.mark.parametrize(
    ("claims", "assignees", "links", "taken"),
    [
        ((), (), (), False),
        ((of(ADA),), (), (), True),
        ((of(ADA, ended=Ended.FREED),), (), (), False),
        ((), (GRACE.id,), (), True),
        ((), (), (link(LINUS),), True),
        ((), (), (link(LINUS, closes=False), link(LINUS, is_open=False)), False),
    ],
)
def test_what_is_taken(claims: Any, assignees: Any, links: Any, taken: bool) -> None:
    assert is_taken(claims, assignees, links) is taken
