"""What happens to threads besides words is taken down with its time and who did it, once, also in odd forms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.memory import schema
from bot.model import GHOST
from bot.sandbox import ChangedFile
from bot.sandbox.model import Discussion, Issue, PullRequest, Thread, Verdict
from tests.memory.conftest import Known, Village
from tests.stage import BEGIN

HOUR = BEGIN + timedelta(hours=1)
LATER = BEGIN + timedelta(hours=2)


def issue(v: Village) -> Issue:
    return v.world.open_issue(v.maps, by=v.ada, title="A")


def pull(v: Village) -> PullRequest:
    return v.world.open_pull_request(v.maps, by=v.ada, title="A", files=[ChangedFile(filename="a.py")])


def draft(v: Village) -> PullRequest:
    return v.world.open_pull_request(v.maps, by=v.ada, title="A", files=[ChangedFile(filename="a.py")], draft=True)


def discussion(v: Village) -> Discussion:
    return v.world.open_discussion(v.maps, by=v.ada, title="A")


def reopened(v: Village, thread: Thread) -> None:
    v.world.close(thread, by=v.linus)
    v.later(hours=1)
    v.world.reopen(thread, by=v.ada)


def passed_on(v: Village, thread: Issue) -> None:
    v.world.assign(thread, v.linus, by=v.grace)
    v.later(hours=1)
    v.world.unassign(thread, v.linus, by=v.linus)


def labelled_twice(v: Village, thread: Thread) -> None:
    v.world.label(thread, "bug", by=v.grace)
    v.later(hours=1)
    v.world.unlabel(thread, "bug", by=v.linus)


@dataclass(frozen=True)
class Case:
    """What happens to a thread an hour after it was opened; then the steps, and what else its row holds."""

    id: str
    opened: Callable[[Village], Thread]
    then: Callable[[Village, Any], object]
    steps: list[tuple[object, ...]]
    row: dict[str, object]


CASES = [
    Case("opened", issue, lambda v, t: None, [], {"assignees": []}),
    Case("edited", issue, lambda v, t: v.world.edit(t, by=v.ada, title="B"), [], {}),
    Case("labelled", issue, lambda v, t: v.world.label(t, "bug", "docs", by=v.grace),
         [("labeled", "bug", "grace", HOUR), ("labeled", "docs", "grace", HOUR)], {"labels": ["bug", "docs"]}),
    Case("unlabelled by another", issue, labelled_twice,
         [("labeled", "bug", "grace", HOUR), ("unlabeled", "bug", "linus", LATER)], {"labels": []}),
    Case("a talk labelled", discussion, lambda v, t: v.world.label(t, "bug", by=v.grace),
         [("labeled", "bug", "grace", HOUR)], {"labels": ["bug"]}),
    Case("assigned", issue, lambda v, t: v.world.assign(t, v.linus, by=v.grace),
         [("assigned", "LINUS", "grace", HOUR)], {"assignees": ["LINUS"]}),
    Case("passed on", issue, passed_on,
         [("assigned", "LINUS", "grace", HOUR), ("unassigned", "LINUS", "linus", LATER)], {"assignees": []}),
    Case("closed", issue, lambda v, t: v.world.close(t, by=v.linus), [("closed", "", "linus", HOUR)], {}),
    Case("a talk closed", discussion, lambda v, t: v.world.close(t, by=v.linus), [("closed", "", "linus", HOUR)], {}),
    Case("reopened", issue, reopened, [("closed", "", "linus", HOUR), ("reopened", "", "ada", LATER)], {}),
    Case("declined", pull, lambda v, t: v.world.close(t, by=v.grace), [("closed", "", "grace", HOUR)], {}),
    Case("merged", pull, lambda v, t: v.world.merge(t, by=v.grace), [("merged", "", "grace", HOUR)], {}),
    Case("ready", draft, lambda v, t: v.world.ready_for_review(t, by=v.ada),
         [("ready_for_review", "", "ada", HOUR)], {"ready_at": HOUR}),
    Case("made a draft", pull, lambda v, t: v.world.convert_to_draft(t, by=v.ada), [], {"draft": True}),
    Case("new commits", pull, lambda v, t: v.world.synchronize(t, by=v.ada), [("pushed", "", "ada", HOUR)], {}),
    Case("new commits by another", pull, lambda v, t: v.world.synchronize(t, by=v.grace),
         [("pushed", "", "grace", HOUR)], {}),
    Case("locked", issue, lambda v, t: v.world.lock(t, by=v.grace), [], {"locked": True}),
    Case("a review asked for", pull, lambda v, t: v.world.request_review(t, v.grace, by=v.ada), [], {}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_step_is_taken_down_once(known: Known, case: Case) -> None:
    v = known.village
    thread = case.opened(v)
    v.later(hours=1)
    case.then(v, thread)
    known.hear()
    known.hear(HOUR)
    names: dict[int, str] = dict(known.all(schema.people, "id", "login"))
    ids: dict[object, object] = {"LINUS": v.linus.id}
    found = [
        (step, about, names[who], at)
        for step, about, who, at in known.all(schema.happenings, "step", "about", "person_id", "at")
    ]
    assert found == [(step, str(ids.get(about, about)), who, at) for step, about, who, at in case.steps]
    row = known.thread(thread)
    expected = {
        name: [ids.get(one, one) for one in value] if isinstance(value, list) else value
        for name, value in case.row.items()
    }
    assert {name: row[name] for name in expected} == expected


def test_what_a_review_says_is_kept_and_a_dismissed_one_stays_dismissed(known: Known) -> None:
    v = known.village
    proposed = pull(v)
    kinds: tuple[Verdict, ...] = ("APPROVED", "CHANGES_REQUESTED", "COMMENTED")
    reviews = [v.world.review(proposed, by=v.grace, state=kind, body="Hm.") for kind in kinds]
    v.later(hours=1)
    v.world.edit_review(reviews[0], by=v.grace, body="Hm?")
    v.world.dismiss_review(reviews[1], by=v.linus)
    known.hear()
    v.world.edit_review(reviews[1], by=v.grace, body="Hm!")
    known.hear(HOUR)
    told = [("review", verdict, at) for verdict, at in known.all(schema.activity, "verdict", "at")]
    assert told == [("review", word, BEGIN) for word in ("approved", "dismissed", "commented")]


Change = Callable[[dict[str, Any]], object]
ODD: list[tuple[str, str, Change, list[tuple[object, ...]]]] = [
    ("a deleted sender", "labeled", lambda d: d.update(sender=None), [("labeled", "bug", GHOST.id)]),
    ("no label", "labeled", lambda d: d.pop("label"), [("labeled", "", "GRACE")]),
    ("a label that is null", "labeled", lambda d: d.update(label=None), [("labeled", "", "GRACE")]),
    ("null among the labels", "labeled", lambda d: d["issue"]["labels"].append(None), [("labeled", "bug", "GRACE")]),
    ("a label without an id", "labeled", lambda d: d["issue"]["labels"][0].pop("id"), [("labeled", "bug", "GRACE")]),
    ("a long label", "labeled", lambda d: d["label"].update(name="x" * 300), [("labeled", "x" * 100, "GRACE")]),
    ("nobody assigned", "assigned", lambda d: d.update(assignee=None), [("assigned", str(GHOST.id), "GRACE")]),
    ("no assignee", "assigned", lambda d: d.pop("assignee"), [("assigned", str(GHOST.id), "GRACE")]),
    ("null among those assigned", "assigned", lambda d: d["issue"]["assignees"].append(None),
     [("assigned", "ADA", "GRACE")]),
    ("no time of closing", "closed", lambda d: d["issue"].update(closed_at=None), [("closed", "", "GRACE")]),
    ("an action of the future", "labeled", lambda d: d.update(action="embroidered"), []),
    ("no action", "labeled", lambda d: d.pop("action"), []),
]  # fmt: skip


@pytest.mark.parametrize(("action", "change", "steps"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_odd_forms_are_understood(known: Known, action: str, change: Change, steps: list[tuple[object, ...]]) -> None:
    v = known.village
    thread = issue(v)
    acts: dict[str, Callable[[], object]] = {
        "labeled": lambda: v.world.label(thread, "bug", by=v.grace),
        "assigned": lambda: v.world.assign(thread, v.ada, by=v.grace),
        "closed": lambda: v.world.close(thread, by=v.grace),
    }
    acts[action]()
    data = v.deliveries[-1].payload
    change(data)
    known.hear_payload("issues", data)
    who: dict[object, object] = {"GRACE": v.grace.id, "ADA": str(v.ada.id)}
    told = [(step, who.get(about, about), who.get(person, person)) for step, about, person in steps]
    assert known.all(schema.happenings, "step", "about", "person_id") == told
    assert known.thread(thread)["author_id"] == v.ada.id
