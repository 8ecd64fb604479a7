"""Who belongs where, and whose commits are pushed, become the rows that they should, also in odd forms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.memory import schema
from bot.model import GHOST
from bot.sandbox.model import Team
from tests.memory.conftest import Known, Village
from tests.stage import BEGIN

HOUR = timedelta(hours=1)
NEVER = BEGIN + timedelta(days=365)


def commits(known: Known) -> list[tuple[Any, ...]]:
    return sorted(known.all(schema.commits, "login", "paths", "person_id"))


@dataclass(frozen=True)
class PushCase:
    """What is pushed to main, and which commits are known then: of whom, with which files."""

    id: str
    does: Callable[[Village], object]
    commits: list[tuple[str, list[str]]]


def several(v: Village) -> None:
    for who, path in ((v.ada, "b/c.py"), (v.ada, "a.py"), (v.grace, "a.py")):
        v.world.push(v.maps, by=v.grace, author=who, files=[path])


def on_a_branch(v: Village) -> None:
    v.world.create_branch(v.maps, "try")
    v.world.push(v.maps, by=v.ada, files=["a.py"], branch="try")


def own(v: Village) -> None:
    v.world.push(v.maps, by=v.ada, files=["b.py", "a.py"])


def anothers(v: Village) -> None:
    v.world.push(v.maps, by=v.grace, author=v.ada, files=["a.py"])


def nobodys(v: Village) -> None:
    v.world.push(v.maps, by=v.grace, author="Nobody Known", files=["a.py"])


def without_a_file(v: Village) -> None:
    v.world.delete_file(v.maps, "README.md", by=v.ada)


PUSHES = [
    PushCase("one's own", own, [("ada", ["a.py", "b.py"])]),
    PushCase("another's", anothers, [("ada", ["a.py"])]),
    PushCase("of somebody without an account", nobodys, []),
    PushCase("several", several, [("ada", ["a.py"]), ("ada", ["b/c.py"]), ("grace", ["a.py"])]),
    PushCase("on a branch", on_a_branch, []),
    PushCase("a file taken away", without_a_file, [("ada", ["README.md"])]),
]


@pytest.mark.parametrize("case", PUSHES, ids=lambda case: case.id)
def test_commits_on_the_default_branch_are_kept_without_their_words(known: Known, case: PushCase) -> None:
    case.does(known.village)
    known.hear()
    known.hear(NEVER)
    assert commits(known) == [(login, paths, None) for login, paths in case.commits]


def test_a_merge_brings_the_commits_of_the_pull_request_and_not_itself(known: Known) -> None:
    v = known.village
    v.world.create_branch(v.maps, "try")
    v.world.push(v.maps, by=v.ada, files=["a.py"], branch="try")
    pull = v.world.open_pull_request(v.maps, by=v.ada, title="A", head="try")
    v.world.merge(pull, by=v.grace)
    known.hear()
    assert commits(known) == [("ada", ["a.py"], None)]


def one_commit(known: Known) -> dict[str, Any]:
    v = known.village
    v.world.push(v.maps, by=v.ada, files=["a.py"], message="Turn it")
    return v.deliveries[-1].payload


Change = Callable[[dict[str, Any]], object]
ODD_PUSHES: list[tuple[str, Change, list[Any]]] = [
    ("as it is", lambda d: None, [BEGIN]),
    ("a tag", lambda d: d.update(ref="refs/tags/main"), []),
    ("a branch of a similar name", lambda d: d.update(ref="refs/heads/main/main"), []),
    ("the branch deleted", lambda d: d.update(deleted=True, commits=[], head_commit=None), []),
    ("forced", lambda d: d.update(forced=True), [BEGIN]),
    ("no commits", lambda d: d.pop("commits"), []),
    ("no default branch", lambda d: d["repository"].update(default_branch=None), []),
    ("no repository", lambda d: d.pop("repository"), []),
    ("no author", lambda d: d["commits"][0].update(author=None), []),
    ("an author without a login", lambda d: d["commits"][0]["author"].pop("username"), []),
    ("no files", lambda d: [d["commits"][0].pop(name) for name in ("added", "removed", "modified")], [BEGIN]),
    ("no message", lambda d: d["commits"][0].update(message=None), [BEGIN]),
    ("merged by hand", lambda d: d["commits"][0].update(message="Merge branch 'main' into try"), []),
    ("a clock that is slow", lambda d: d["commits"][0].update(timestamp="2020-02-02T02:02:02+02:00"),
     [BEGIN.replace(year=2020, month=2, day=2, hour=0, minute=2, second=2)]),
    ("a clock that is fast", lambda d: d["commits"][0].update(timestamp="2099-02-02T02:02:02Z"), [BEGIN]),
    ("a clock that is broken", lambda d: d["commits"][0].update(timestamp="0001-01-01T00:00:00+14:00"), [BEGIN]),
    ("no clock", lambda d: d["commits"][0].pop("timestamp"), [BEGIN]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "times"), [row[1:] for row in ODD_PUSHES], ids=[row[0] for row in ODD_PUSHES])
def test_odd_pushes(known: Known, change: Change, times: list[Any]) -> None:
    data = one_commit(known)
    change(data)
    known.hear_payload("push", data)
    assert known.all(schema.commits, "login", "at") == [("ada", at) for at in times]


def test_who_takes_another_login_keeps_the_commits_that_were_told_of_by_the_old_one(known: Known) -> None:
    v = known.village
    known.hear_payload("push", one_commit(known))
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.rename_user(v.ada, "countess")
    v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.rename_user(v.linus, "ada")
    v.world.open_issue(v.maps, by=v.linus, title="A")
    known.hear()
    assert known.all(schema.commits, "login", "person_id") == [("ada", v.ada.id)]


def guides(v: Village) -> Team:
    team = v.world.team(v.organisation, "Guides")
    for who in (v.ada, v.linus):
        v.world.join_team(team, who)
    return team


@dataclass(frozen=True)
class TeamCase:
    """What happens to a team that Ada and Linus are in; its slug, whether it is gone, and who is in it then."""

    id: str
    does: Callable[[Village, Team], object]
    team: tuple[str, str, bool]
    members: dict[str, bool]


def left_and_joined(v: Village, team: Team) -> None:
    v.world.leave_team(team, v.ada)
    v.world.join_team(team, v.ada)


BOTH = {"ada": True, "linus": True}
TEAMS = [
    TeamCase("made", lambda v, t: None, ("guides", "Guides", False), BOTH),
    TeamCase("renamed", lambda v, t: v.world.edit_team(t, name="Path finders"), ("path-finders", "Path finders", False),
             BOTH),
    TeamCase("deleted", lambda v, t: v.world.delete_team(t), ("guides", "Guides", True), BOTH),
    TeamCase("left", lambda v, t: v.world.leave_team(t, v.ada), ("guides", "Guides", False), BOTH | {"ada": False}),
    TeamCase("left and joined again", left_and_joined, ("guides", "Guides", False), BOTH),
    TeamCase("given a repository", lambda v, t: v.world.give_team(t, v.maps, role="write"), ("guides", "Guides", False),
             BOTH),
]  # fmt: skip


@pytest.mark.parametrize("case", TEAMS, ids=lambda case: case.id)
def test_teams_and_who_is_in_them(known: Known, case: TeamCase) -> None:
    v = known.village
    case.does(v, guides(v))
    known.hear()
    assert known.all(schema.teams, "slug", "name", "gone") == [case.team]
    logins: dict[int, str] = dict(known.all(schema.people, "id", "login"))
    members = {logins[who]: belongs for who, belongs in known.all(schema.team_members, "person_id", "belongs")}
    assert members == case.members
    for who in (v.ada, v.linus):  # and so they belong to the organisation
        assert known.row(schema.team, owner_id=v.organisation.id, person_id=who.id) is not None


ODD_TEAMS: list[tuple[str, str, Change, list[str], int]] = [
    ("a team without a slug", "team", lambda d: d["team"].pop("slug"), [""], 0),
    ("no team", "team", lambda d: d.pop("team"), [], 0),
    ("a team that is null", "membership", lambda d: d.update(team=None), [], 0),
    ("no organisation", "membership", lambda d: d.pop("organization"), [], 0),
    ("no member", "membership", lambda d: d.update(member=None), ["guides"], 0),
    ("a member without a name", "membership", lambda d: d.update(member={"id": 5}), ["guides"], 0),
    ("a team that is deleted by now", "membership",
     lambda d: d.update(action="removed", team={"id": d["team"]["id"], "name": "Guides", "deleted": True}), [""], 1),
    ("an action of the future", "membership", lambda d: d.update(action="knighted"), [], 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "change", "slugs", "members"), [row[1:] for row in ODD_TEAMS], ids=[row[0] for row in ODD_TEAMS]
)
def test_odd_news_of_teams(known: Known, event: str, change: Change, slugs: list[str], members: int) -> None:
    guides(known.village)
    data = next(each.payload for each in known.village.deliveries if each.event == event)
    change(data)
    known.hear_payload(event, data)
    assert [slug for (slug,) in known.all(schema.teams, "slug")] == slugs
    assert len(known.all(schema.team_members, "person_id")) == members


def test_a_team_that_was_heard_of_without_its_slug_gets_it_later_and_keeps_it(known: Known) -> None:
    v = known.village
    team = guides(v)
    made = next(each.payload for each in v.deliveries if each.name == "team.created")
    simple = {"id": team.id, "name": "Guides"}
    for data in (made | {"team": simple}, made, made | {"team": simple}):
        known.hear_payload("team", data)
    assert known.all(schema.teams, "slug", "name") == [("guides", "Guides")]


def test_who_belongs_comes_and_goes(known: Known) -> None:
    v = known.village
    v.world.add_member(v.organisation, v.ada)
    v.world.add_collaborator(v.maps, v.linus)
    known.hear()
    v.world.remove_member(v.organisation, v.ada)
    v.world.remove_collaborator(v.maps, v.linus)  # from this repository; of others it says nothing
    known.hear(BEGIN + HOUR)
    belongs: dict[int, bool] = dict(known.all(schema.team, "person_id", "belongs"))
    assert belongs == {v.ada.id: False, v.linus.id: True}


def test_a_deleted_account_belongs_nowhere_whatever_is_said_of_it(known: Known) -> None:
    v = known.village
    thread = v.world.open_issue(v.maps, by=v.ada, title="A")
    v.world.comment(thread, by=v.grace, body="Hello")
    data = v.deliveries[-1].payload
    data["comment"] |= {"user": None, "author_association": "MEMBER"}
    data["issue"] |= {"user": None, "author_association": "OWNER"}
    known.hear_payload("issue_comment", data)
    assert known.all(schema.team, "person_id") == []
    assert known.all(schema.activity, "person_id") == [(GHOST.id,)]
