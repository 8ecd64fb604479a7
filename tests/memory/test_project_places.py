"""Deliveries about places become the rows that they should, also in odd forms: labels, repositories, installations."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.memory import schema
from bot.sandbox.model import Issue
from tests.memory.conftest import Known, Village, build_village
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
NEVER = BEGIN + timedelta(days=365)


def issue(v: Village) -> Issue:
    return v.world.open_issue(v.maps, by=v.ada, title="A", labels=["bug", "docs"])


@dataclass(frozen=True)
class LabelCase:
    """What is done to the labels of a repository in which an issue carries bug and docs; what they and it hold then."""

    id: str
    does: Callable[[Village, Issue], object]
    labels: set[tuple[str, bool]]
    carried: list[str]


def rename(v: Village, old: str, new: str) -> None:
    v.later(hours=1)
    v.world.edit_label(v.maps, v.maps.labels[old], name=new)


def delete(v: Village, name: str) -> None:
    v.later(hours=1)
    v.world.delete_label(v.maps, v.maps.labels[name])


def renamed_twice(v: Village, thread: Issue) -> None:
    rename(v, "bug", "größe")
    rename(v, "größe", "size")


def made_again(v: Village, thread: Issue) -> None:
    delete(v, "bug")
    v.world.create_label(v.maps, "bug")


LABELS = [
    LabelCase("nothing", lambda v, i: None, set(), ["bug", "docs"]),
    LabelCase("made", lambda v, i: v.world.create_label(v.maps, "new"), {("new", False)}, ["bug", "docs"]),
    LabelCase("renamed", lambda v, i: rename(v, "bug", "defect"), {("defect", False)}, ["defect", "docs"]),
    LabelCase("renamed with signs", lambda v, i: rename(v, "bug", 'größe: "50%_\\"'), {('größe: "50%_\\"', False)},
              ["docs", 'größe: "50%_\\"']),
    LabelCase("renamed twice", renamed_twice, {("size", False)}, ["docs", "size"]),
    LabelCase("in another case", lambda v, i: rename(v, "bug", "Bug"), {("Bug", False)}, ["Bug", "docs"]),
    LabelCase("another colour", lambda v, i: v.world.edit_label(v.maps, v.maps.labels["bug"], color="ffffff"),
              {("bug", False)}, ["bug", "docs"]),
    LabelCase("deleted", lambda v, i: delete(v, "bug"), {("bug", True)}, ["docs"]),
    LabelCase("of another repository", lambda v, i: v.world.delete_label(v.huts, v.huts.labels["bug"]), {("bug", True)},
              ["bug", "docs"]),
    LabelCase("deleted, and made again", made_again, {("bug", True), ("bug", False)}, ["docs"]),
]  # fmt: skip


@pytest.mark.parametrize("case", LABELS, ids=lambda case: case.id)
def test_labels_are_known_by_their_ids_and_threads_carry_their_names_of_today(known: Known, case: LabelCase) -> None:
    thread = issue(known.village)
    case.does(known.village, thread)
    known.hear(NEVER)
    assert set(known.all(schema.labels, "name", "gone")) == case.labels
    assert known.thread(thread)["labels"] == case.carried


@pytest.mark.parametrize(
    ("does", "carried"),
    [
        pytest.param(lambda v: rename(v, "bug", "defect"), ["defect", "docs"], id="renamed"),
        pytest.param(lambda v: delete(v, "bug"), ["docs"], id="deleted"),
    ],
)
def test_old_news_of_a_thread_does_not_bring_old_labels_back(
    known: Known, does: Callable[[Village], None], carried: list[str]
) -> None:
    thread = issue(known.village)
    does(known.village)
    known.village.deliveries.reverse()
    known.hear(NEVER)
    assert known.thread(thread)["labels"] == carried


@pytest.mark.parametrize("change", [{"label": None}, {"label": {}}, {"repository": None}, {"changes": None}], ids=str)
def test_odd_news_of_labels_does_no_harm(known: Known, change: dict[str, Any]) -> None:
    v = known.village
    v.world.edit_label(v.maps, v.maps.labels["bug"], name="defect")
    known.hear_payload("label", v.deliveries[-1].payload | change)
    assert len(known.all(schema.labels, "name")) <= 1


def test_a_repository_is_known_through_all_its_changes(known: Known) -> None:
    v = known.village
    seen = []
    acts: list[Callable[[], object]] = [
        lambda: issue(v),
        lambda: v.world.privatize(v.maps),
        lambda: v.world.rename_repository(v.maps, "atlas"),
        lambda: v.world.archive(v.maps),
        lambda: v.world.unarchive(v.maps),
        lambda: v.world.publicize(v.maps),
    ]
    for hour, act in enumerate(acts):
        v.later(hours=1)
        act()
        known.hear(BEGIN + HOUR * hour)
        row = known.row(schema.repos, id=v.maps.id)
        assert row is not None
        seen.append((row["name"], row["private"], row["archived"]))
        assert row["default_branch"] == "main"
    assert seen == [
        ("maps", False, False),
        ("maps", True, False),
        ("atlas", True, False),
        ("atlas", True, True),
        ("atlas", True, False),
        ("atlas", False, False),
    ]


def test_a_repository_that_changes_hands_is_its_new_owners_and_what_was_there_is_the_past(known: Known) -> None:
    v = known.village
    issue(v)
    [app] = v.world.apps.values()
    other = v.world.organization("valley-tools")
    v.world.install(app, other)
    known.hear()
    v.later(hours=1)
    v.world.transfer_repository(v.maps, other)
    known.hear(BEGIN + HOUR)
    row = known.row(schema.repos, id=v.maps.id)
    assert row is not None
    assert (row["owner_id"], row["covered"], row["gone"]) == (other.id, True, False)
    owner = known.row(schema.owners, id=other.id)
    assert owner is not None
    assert owner["witnessed_since"] >= BEGIN + HOUR


@dataclass(frozen=True)
class CoverCase:
    """What is done to an installation on chosen repositories; whether maps is covered then, and whether all are."""

    id: str
    does: Callable[[Village], object]
    covered: bool
    everywhere: bool


def taken_and_given(v: Village) -> None:
    for act in (v.world.remove_repositories, v.world.add_repositories):
        v.later(hours=1)
        act(v.installation, v.maps)


def again_on_huts(v: Village) -> None:
    v.later(hours=1)
    v.world.uninstall(v.installation)
    v.later(hours=1)
    v.world.install(v.installation.app, v.organisation, repositories=[v.huts])


def again_everywhere(v: Village) -> None:
    v.later(hours=1)
    v.world.uninstall(v.installation)
    v.later(hours=1)
    v.world.install(v.installation.app, v.organisation)


def taken(v: Village) -> None:
    v.later(hours=1)
    v.world.remove_repositories(v.installation, v.maps)


COVERS = [
    CoverCase("nothing", lambda v: None, True, False),
    CoverCase("taken", taken, False, False),
    CoverCase("taken and given again", taken_and_given, True, False),
    CoverCase("removed", lambda v: v.world.uninstall(v.installation), False, False),
    CoverCase("installed again on another", again_on_huts, False, False),
    CoverCase("installed again on all", again_everywhere, True, True),
]


@pytest.mark.parametrize("late", [False, True], ids=["in order", "the first comes last"])
@pytest.mark.parametrize("case", COVERS, ids=lambda case: case.id)
def test_which_repositories_the_app_has(known: Known, case: CoverCase, late: bool) -> None:
    v = build_village(chosen=True)
    case.does(v)
    if late:
        v.deliveries.append(v.deliveries.pop(0))
    replace(known, village=v).hear()
    row = known.row(schema.repos, id=v.maps.id)
    assert row is not None
    assert row["covered"] is case.covered
    newest = max(v.world.installations)
    installed = known.row(schema.installations, id=newest)
    assert installed is not None
    assert installed["everywhere"] is case.everywhere


def test_what_came_to_the_app_under_a_new_name_is_known_by_it(known: Known) -> None:
    v = build_village(chosen=True)
    taken(v)
    v.later(hours=1)
    v.world.rename_repository(v.maps, "atlas")
    v.world.privatize(v.maps)
    v.later(hours=1)
    v.world.add_repositories(v.installation, v.maps)
    replace(known, village=v).hear()
    row = known.row(schema.repos, id=v.maps.id)
    assert row is not None
    assert (row["name"], row["private"], row["covered"]) == ("atlas", True, True)


@pytest.mark.parametrize("late", [False, True], ids=["in order", "the suspension comes last"])
def test_a_suspension_ends(known: Known, late: bool) -> None:
    v = known.village
    v.later(hours=1)
    v.world.suspend(v.installation)
    ended = v.installation.updated_at
    v.later(hours=1)
    v.world.unsuspend(v.installation)
    v.installation.updated_at = ended
    told = [each.payload for each in v.deliveries if each.event == "installation"]
    told[-1]["installation"]["updated_at"] = told[-2]["installation"]["updated_at"]  # GitHub leaves it as it was
    for data in [told[0], *reversed(told[1:])] if late else told:
        known.hear_payload("installation", data)
    assert known.all(schema.installations, "state") == [("active",)]


def test_an_installation_says_itself_that_it_is_suspended(known: Known) -> None:
    v = known.village
    v.later(hours=1)
    v.world.accept_permissions(v.installation)
    data = v.deliveries[-1].payload
    data["installation"]["suspended_at"] = "2026-11-23T09:30:00Z"
    known.hear_payload("installation", data)
    assert known.all(schema.installations, "state") == [("suspended",)]


ODD_PLACES: list[tuple[str, str, dict[str, Any]]] = [
    ("an enterprise", "installation",
     {"action": "created", "installation": {"id": 5, "account": {"slug": "x", "id": 6}}}),
    ("no account", "installation", {"action": "created", "installation": {"id": 5, "account": None}}),
    ("no installation", "installation", {"action": "created"}),
    ("a target without a name", "installation_target", {"action": "renamed", "account": {"id": 5}}),
    ("a member of nothing", "member", {"action": "added", "member": {"id": 5, "login": "x"}}),
    ("nobody", "member", {"action": "added"}),
    ("a repository without one", "repository", {"action": "deleted"}),
    ("a label of nothing", "label", {"action": "deleted", "label": {"id": 5, "name": "x"}}),
    ("a team of nothing", "team", {"action": "created", "team": {"id": 5, "name": "x"}}),
    ("a push to nothing", "push", {"ref": "refs/heads/main"}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "data"), [row[1:] for row in ODD_PLACES], ids=[row[0] for row in ODD_PLACES])
def test_what_is_about_nothing_does_nothing(known: Known, event: str, data: dict[str, Any]) -> None:
    assert known.hear_payload(event, data) == set()
    for table in (schema.installations, schema.repos, schema.team, schema.teams, schema.labels, schema.commits):
        assert known.all(table, *(column.name for column in table.primary_key.columns)) == []
