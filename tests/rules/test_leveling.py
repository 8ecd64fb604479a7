"""`/level`, `/create-labels`, `/pointers`: who may, what comes of it, and what is answered."""

from datetime import timedelta
from typing import Any

import pytest

from bot.effects import Effect, GivePointers, Label, Learn, MakeLabel, Question, React, Say
from bot.looking import Asker, ThreadLook
from bot.model import GHOST, Happening, Person, PersonId, Request, Step, ThreadKind
from bot.pathpolicy import Who
from bot.pathway import Acted
from bot.policy import Area, Policy
from bot.rules import answers
from tests.rules.scenes import ADA, DEFAULTS, GOAT, GRACE, MAPS, NOW, look, policy

ASKED_AT = NOW - timedelta(minutes=5)
LATER = NOW - timedelta(minutes=1)
HERE = "issue_comment/50"
ORDER = f"answers/level/order/{HERE}"
HAS = frozenset({"Medium", "good first issue", "docs", "bug"})


def asked(args: str, *, name: str = "level", by: Person = GRACE, **other: Any) -> Request:
    values: dict[str, Any] = {"at": ASKED_AT, "place": "issue_comment", "place_id": 50, "node_id": "N"} | other
    return Request(name=name, args=args, person=by, to_us=True, **values)


def scene(args: str = "medium", *, name: str = "level", by: Person = GRACE, **changes: Any) -> ThreadLook:
    askers = {GRACE.id: Asker(belongs=True), ADA.id: Asker(belongs=False)}
    values: dict[str, Any] = {"requests": (asked(args, name=name, by=by),), "askers": askers, "repo_labels": HAS}
    return look(**values | changes)


def wished(where: ThreadLook, configured: Policy = DEFAULTS) -> list[Effect]:
    """Without the 👀."""
    effects = answers.decide(where, configured, NOW)
    return [effect for effect in effects if not isinstance(effect, React) or effect.content != "eyes"]


def ended(effects: list[Effect], content: str) -> list[Effect]:
    """What comes before the reaction that ends it."""
    [*before, react] = effects
    assert isinstance(react, React)
    assert react.content == content
    return before


def mistake(effects: list[Effect]) -> Say:
    [say] = ended(effects, "confused")
    assert isinstance(say, Say)
    assert (say.template, say.to, say.mention, say.asked_for) == ("answer-level-mistake", GRACE, False, True)
    return say


@pytest.mark.parametrize(
    ("args", "carried", "add", "remove"),
    [
        pytest.param("medium", (), ("Medium",), (), id="as the repository writes it"),
        pytest.param("medium", ("bug", "Good First Issue"), ("Medium",), ("Good First Issue",), id="one level only"),
        pytest.param("starter", ("medium", "bug"), ("good first issue",), ("medium",), id="the way down"),
        pytest.param("none", ("medium", "good first issue"), (), ("good first issue", "medium"), id="none"),
        pytest.param("medium documentation", (), ("Medium", "docs"), (), id="the area's label that is there"),
        pytest.param("medium docs", ("documentation",), ("Medium",), (), id="the area is labeled already"),
        pytest.param("medium docs", ("medium",), ("docs",), (), id="only the area is new"),
        pytest.param("none documentation", (), ("docs",), (), id="only an area"),
    ],
)
def test_a_maintainer_sets_a_level(
    args: str, carried: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...]
) -> None:
    [label] = ended(wished(scene(args, labels=frozenset(carried))), "+1")
    assert isinstance(label, Label)
    assert (label.add, label.remove, label.to, label.key) == (add, remove, GRACE, ORDER)
    assert label.why == "grace wrote /level"


@pytest.mark.parametrize(("args", "carried"), [("medium", {"medium"}), ("none", {"bug"}), ("none docs", {"docs"})])
def test_what_is_so_already_is_only_acknowledged(args: str, carried: set[str]) -> None:
    assert ended(wished(scene(args, labels=frozenset(carried))), "+1") == []


def test_the_first_label_that_the_repository_has_is_taken() -> None:
    other = policy(levels={"medium": ("intermediate", "medium")})
    [label] = ended(wished(scene("intermediate"), other), "+1")
    assert isinstance(label, Label)
    assert label.add == ("Medium",)


def test_what_is_done_is_done() -> None:
    done = Acted(key=ORDER, rule="answers", effect="label", template=None, why="", at=NOW, person_id=GRACE.id,
                 external_id=0, node_id="", url="")  # fmt: skip
    assert ended(wished(scene(said_here=frozenset({ORDER}), acted=(done,))), "+1") == []


def test_what_github_would_not_do_is_told() -> None:
    other = Acted(key="another", rule="answers", effect="react", template=None, why="", at=NOW, person_id=GRACE.id,
                  external_id=0, node_id="", url="")  # fmt: skip
    assert mistake(wished(scene(said_here=frozenset({ORDER}), acted=(other,)))).values["mistake"] == "refused"


def test_which_labels_there_are_is_asked_first() -> None:
    for name in ("level", "create-labels"):
        [learn] = wished(scene(name=name, repo_labels=None))
        assert isinstance(learn, Learn)
        assert learn.question is Question.LABELS


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("kitchen", {"mistake": "level", "levels": "starter, medium, advanced, none",
                     "areas": "documentation, automation"}),
        ("medium kitchen", {"mistake": "area", "areas": "documentation, automation"}),
        ("advanced", {"mistake": "unconfigured", "name": "advanced"}),
        ("medium automation", {"mistake": "no-area", "name": "automation", "label": "ci"}),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_what_would_work(args: str, told: dict[str, object]) -> None:
    values = mistake(wished(scene(args))).values
    assert {name: values[name] for name in told} == told


def test_a_level_whose_label_is_missing_is_not_set() -> None:
    values = mistake(wished(scene("medium", repo_labels=frozenset({"bug"})))).values
    assert (values["mistake"], values["name"], values["label"]) == ("missing", "medium", "medium")


def test_an_area_without_labels_cannot_be_set_and_none_may_be_configured() -> None:
    bare = DEFAULTS.model_copy(update={"areas": (Area(name="kitchen"),)})
    values = mistake(wished(scene("medium kitchen"), bare)).values
    assert (values["mistake"], values["name"], values["label"]) == ("no-area", "kitchen", None)
    nothing = DEFAULTS.model_copy(update={"areas": ()})
    assert mistake(wished(scene("medium kitchen"), nothing)).values["areas"] is None


def happened(step: Step = Step.LABELED, about: str = "good first issue", by: Person = ADA, **other: Any) -> Happening:
    return Happening(step, other.get("at", LATER), by, about=about)


@pytest.mark.parametrize(
    ("happening", "set_all_the_same"),
    [
        pytest.param(happened(), False, id="a human labeled it"),
        pytest.param(happened(Step.UNLABELED, "Medium"), False, id="a human took a label off"),
        pytest.param(happened(by=GOAT), True, id="a bot did"),
        pytest.param(happened(about="bug"), True, id="no label of a level"),
        pytest.param(happened(Step.ASSIGNED, "7"), True, id="no label at all"),
        pytest.param(happened(at=ASKED_AT), True, id="before the command"),
    ],
)
def test_a_humans_label_always_wins(happening: Happening, set_all_the_same: bool) -> None:
    before = ended(wished(scene(history=(happening,))), "+1")
    assert bool(before) == set_all_the_same


NEXT: dict[str, Any] = {"at": LATER, "place_id": 51}


@pytest.mark.parametrize(
    ("later", "overtaken"),
    [
        pytest.param(asked("starter", **NEXT), True, id="by a maintainer"),
        pytest.param(asked("starter", place_id=49), False, id="earlier, in the same second"),
        pytest.param(asked("starter", by=ADA, **NEXT), False, id="a suggestion"),
        pytest.param(asked("starter", by=Person(PersonId(77), "mary"), **NEXT), False, id="by nobody knows whom"),
        pytest.param(asked("kitchen", **NEXT), False, id="a mistake"),
        pytest.param(asked("starter", by=GOAT, **NEXT), False, id="by a bot"),
        pytest.param(asked("starter", by=GHOST, **NEXT), False, id="by a deleted account"),
        pytest.param(asked("", name="claim", **NEXT), False, id="another command"),
    ],
)
def test_who_speaks_later_counts(later: Request, overtaken: bool) -> None:
    effects = wished(scene(requests=tuple(sorted([asked("medium"), later], key=lambda one: (one.at, one.place_id)))))
    first = [effect for effect in effects if getattr(effect, "key", None) == ORDER]
    assert bool(first) != overtaken


def test_whoever_may_not_set_it_suggests_it_once() -> None:
    key = f"answers/level/suggested/{MAPS.id}/5/{ADA.id}"
    [say] = ended(wished(scene("medium docs", by=ADA)), "+1")
    assert isinstance(say, Say)
    assert (say.key, say.template, say.to, say.mention) == (key, "answer-level-suggested", ADA, False)
    assert say.values["confirm"] == "/level medium documentation"
    assert ended(wished(scene("starter", by=ADA, said_here=frozenset({key}))), "+1") == []


@pytest.mark.parametrize(
    ("args", "carried", "said"),
    [
        ("medium", {"medium"}, False),
        ("none", {"bug"}, False),
        ("medium documentation", {"medium", "docs"}, False),
        ("medium documentation", {"medium"}, True),
        ("starter", {"medium"}, True),
    ],
)
def test_a_suggestion_of_what_is_so_is_only_acknowledged(args: str, carried: set[str], said: bool) -> None:
    assert bool(ended(wished(scene(args, by=ADA, labels=frozenset(carried))), "+1")) == said


def test_a_suggestion_can_be_mistaken() -> None:
    [say] = ended(wished(scene("kitchen", by=ADA)), "confused")
    assert isinstance(say, Say)
    assert say.template == "answer-level-mistake"


def test_who_may_set_it_is_a_setting() -> None:
    [label] = ended(wished(scene(by=ADA), policy(commands={"level": Who.EVERYBODY})), "+1")
    assert isinstance(label, Label)
    [say] = ended(wished(scene(), policy(commands={"level": Who.NOBODY})), "confused")
    assert isinstance(say, Say)
    assert say.template == "answer-off"
    [learn] = wished(scene(askers={}))
    assert isinstance(learn, Learn)
    assert learn.question is Question.TEAM


def test_labels_that_are_missing_are_made_for_a_maintainer() -> None:
    made = ended(wished(scene("", name="create-labels", repo_labels=frozenset({"bug"}))), "+1")
    assert [(one.name, one.color, one.about, one.key) for one in made if isinstance(one, MakeLabel)] == [
        ("good first issue", "7057ff", "label-starter", f"answers/create-labels/starter/{HERE}"),
        ("medium", "1d76db", "label-medium", f"answers/create-labels/medium/{HERE}"),
    ]
    assert ended(wished(scene("", name="create-labels")), "+1") == []


def test_a_label_that_github_would_not_make_is_told() -> None:
    key = f"answers/create-labels/starter/{HERE}"
    where = scene("", name="create-labels", repo_labels=frozenset({"bug"}), said_here=frozenset({key}))
    values = mistake(wished(where)).values
    assert (values["mistake"], values["name"], values["label"]) == ("unmade", "starter", "good first issue")


def test_labels_that_were_made_a_moment_ago_are_there() -> None:
    made = Acted(key="x", rule="answers", effect="make_label", template=None, why="", at=NOW, person_id=GRACE.id,
                 external_id=0, node_id="", url="", detail={"name": "medium"})  # fmt: skip
    [label] = ended(wished(scene(repo_labels=frozenset({"bug"}), acted=(made,))), "+1")
    assert isinstance(label, Label)
    assert label.add == ("medium",)


def test_nobody_else_makes_labels() -> None:
    [say] = ended(wished(scene("", name="create-labels", by=ADA)), "confused")
    assert isinstance(say, Say)
    assert say.template == "answer-not-you"


@pytest.mark.parametrize(
    ("args", "named", "given", "ask"),
    [
        ("outcome where try ask=ada", {"ada": ADA.id}, ("outcome", "where", "try", "ask"), ADA.id),
        ("ask=nobody", {"ada": ADA.id}, ("ask",), None),
        ("where", {}, ("where",), None),
    ],
)
def test_pointers_are_noted_down(
    args: str, named: dict[str, PersonId], given: tuple[str, ...], ask: PersonId | None
) -> None:
    [order] = ended(wished(scene(args, name="pointers", named=named)), "+1")
    assert isinstance(order, GivePointers)
    assert (order.given, order.ask, order.person, order.as_of) == (given, ask, GRACE, ASKED_AT)
    assert order.url == "https://github.com/alpine-tools/trail-maps/issues/5#issuecomment-50"


def test_pointers_may_stand_in_the_issue_itself() -> None:
    own = asked("where", name="pointers", place="issue", place_id=5)
    [order] = ended(wished(scene(requests=(own,))), "+1")
    assert isinstance(order, GivePointers)
    assert order.url == "https://github.com/alpine-tools/trail-maps/issues/5"


def test_empty_pointers_are_answered_with_an_example() -> None:
    [say] = ended(wished(scene("", name="pointers")), "confused")
    assert isinstance(say, Say)
    assert say.template == "answer-pointers-example"


def test_a_pull_request_has_no_level() -> None:
    [say] = ended(wished(scene(kind=ThreadKind.PULL_REQUEST)), "confused")
    assert isinstance(say, Say)
    assert say.template == "answer-place"
