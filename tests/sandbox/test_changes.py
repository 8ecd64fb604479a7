"""What changes about repositories, teams, installations and reviews, and where it is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import RefusedError
from bot.sandbox.model import Team
from tests.sandbox.conftest import MORNING, Client, Place

REPO = "/repos/alpine-tools/trail-maps"
LATER = "2025-03-03T10:00:00Z"


def told(place: Place, since: int = 0) -> list[str]:
    return [each.name for each in place.world.deliveries[since:]]


def given_away(place: Place) -> None:
    """Ada gives the organisation a repository."""
    place.world.transfer_repository(place.world.repository(place.ada, "gift"), place.organization)


# -- repositories


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (lambda place: place.world.rename_repository(place.repo, "maps"), "renamed"),
        (lambda place: place.world.archive(place.repo), "archived"),
        (lambda place: place.world.unarchive(place.repo), "unarchived"),
        (lambda place: place.world.privatize(place.repo), "privatized"),
        (
            lambda place: place.world.transfer_repository(
                place.world.repository(place.ada, "gift"), place.organization
            ),
            "transferred",
        ),
    ],
    ids=["renamed", "archived", "unarchived", "privatized", "transferred"],
)
def test_each_change_of_a_repository_has_its_date(place: Place, change: Callable[[Place], None], event: str) -> None:
    place.clock.forward(timedelta(hours=1))
    change(place)
    payload = place.world.deliveries[-1].payload
    assert (payload["action"], payload["repository"]["updated_at"]) == (event, LATER)


def test_who_may_see_a_repository_is_told_when_it_changes(place: Place) -> None:
    world = place.world
    before = len(world.deliveries)
    world.publicize(place.repo)
    world.privatize(place.repo, by=place.maintainer)
    world.privatize(place.repo)
    world.publicize(place.repo)
    assert told(place, before) == ["repository.privatized", "repository.publicized"]
    private, public = (each.payload["repository"] for each in world.deliveries[before:])
    assert (private["private"], private["visibility"]) == (True, "private")
    assert (public["private"], public["visibility"]) == (False, "public")


async def test_the_default_branch_is_renamed_or_another_one(place: Place, bot: Client) -> None:
    world, repo = place.world, place.repo
    old = world.open_pull_request(repo, by=place.ada, title="Turn it", texts={"map.md": "This way up\n"})
    world.merge(old, by=place.maintainer)
    pull = world.open_pull_request(repo, by=place.ada, title="Fold it", texts={"map.md": "Folded\n"})
    before = len(world.deliveries)
    world.change_default_branch(repo, "trunk", by=place.maintainer)
    world.change_default_branch(repo, "trunk")
    (payload,) = (each.payload for each in world.deliveries[before:])
    assert (payload["action"], payload["changes"]) == ("edited", {"default_branch": {"from": "main"}})
    assert (payload["repository"]["default_branch"], payload["sender"]["login"]) == ("trunk", "mira")
    assert (pull.base_ref, list(repo.branches)) == ("trunk", ["trunk"])
    assert (await bot.get(f"{REPO}/contents/map.md")).status == 200
    assert (await bot.get(f"{REPO}/contents/map.md?ref=main")).status == 404

    assert place.ada.id in repo.contributors
    first = world.history(repo, repo.branches["trunk"].sha)[-1]
    world.create_branch(repo, "fresh", sha=first.sha)
    world.change_default_branch(repo, "fresh", by=place.maintainer)
    assert (await bot.get(REPO)).data["default_branch"] == "fresh"
    assert (await bot.get(f"{REPO}/contents/map.md")).status == 404
    assert pull.base_ref == "trunk"
    assert repo.contributors == {place.maintainer.id}


async def test_a_transferred_repository_is_lost_to_one_owner_and_gained_by_another(
    place: Place, bot: Client, nobody: Client
) -> None:
    world = place.world
    lowland = world.organization("lowland-tools")
    theirs = world.install(place.app, lowland)
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down")
    team = world.team(place.organization, "Mappers")
    world.give_team(team, place.repo, role="write")
    before = len(world.deliveries)
    world.transfer_repository(place.repo, lowland, by=place.maintainer)

    assert told(place, before) == [
        "installation_repositories.removed",
        "installation_repositories.added",
        "repository.transferred",
    ]
    lost, gained, moved = (each.payload for each in world.deliveries[before:])
    assert (lost["installation"]["id"], gained["installation"]["id"]) == (place.installation.id, theirs.id)
    assert [each["id"] for each in (*lost["repositories_removed"], *gained["repositories_added"])] == [
        place.repo.id
    ] * 2
    assert moved["changes"]["owner"]["from"]["organization"]["login"] == "alpine-tools"
    assert (moved["repository"]["full_name"], moved["organization"]["id"]) == ("lowland-tools/trail-maps", lowland.id)
    assert moved["installation"]["id"] == theirs.id
    assert team.repos == {}

    old = await bot.get(f"{REPO}/issues/{issue.number}")
    assert old.headers["Location"] == f"{bot.url}/repositories/{place.repo.id}/issues/{issue.number}"
    assert (await bot.get("/installation/repositories")).data["total_count"] == 0
    refused = await bot.post(f"/repos/lowland-tools/trail-maps/issues/{issue.number}/comments", {"body": "Hello"})
    assert refused.status == 403
    nobody.token = world.installation_token(theirs).value
    assert (await nobody.get("/installation/repositories")).data["repositories"][0]["id"] == place.repo.id


def test_a_selected_repository_that_is_given_away_is_selected_no_more(place: Place) -> None:
    world = place.world
    world.uninstall(place.installation)
    ours = world.install(place.app, place.organization, repositories=[place.repo])
    theirs = world.install(place.app, place.ada, repositories=[])
    before = len(world.deliveries)
    world.transfer_repository(place.repo, place.ada)
    assert told(place, before) == ["installation_repositories.removed"]  # Ada selects for herself
    assert (ours.selected, theirs.selected) == ({}, {})


def test_a_repository_cannot_be_given_where_it_is_or_where_its_name_is_taken(place: Place) -> None:
    place.world.repository(place.ada, "trail-maps")
    for owner in (place.organization, place.ada):
        with pytest.raises(RefusedError, match="Validation Failed"):
            place.world.transfer_repository(place.repo, owner)


# -- installations


async def test_each_change_of_an_installation_has_its_date(place: Place, as_app: Client) -> None:
    world, clock = place.world, place.clock
    installation = place.installation

    async def changed() -> str:
        as_app.token = place.app_token()
        date: str = (await as_app.get("/app/installations")).data[0]["updated_at"]
        return date

    changes: list[Callable[[], Any]] = [
        lambda: world.suspend(installation),
        lambda: world.unsuspend(installation),
        lambda: world.accept_permissions(installation),
        lambda: world.repository(place.organization, "huts"),
        lambda: world.transfer_repository(place.repo, place.ada),
    ]
    for hours, change in enumerate(changes, start=1):
        clock.forward(timedelta(hours=1))
        change()
        assert await changed() == (MORNING + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    since = "2025-03-03T14:00:00Z"
    assert len((await as_app.get(f"/app/installations?since={since}")).data) == 1
    world.uninstall(installation)
    selected = world.install(place.app, place.organization, repositories=[])
    clock.forward(timedelta(hours=1))
    world.add_repositories(selected, world.repository(place.organization, "tarns"))
    assert selected.updated_at == clock()
    clock.forward(timedelta(hours=1))
    world.remove_repositories(selected, world.repo("alpine-tools/tarns"))
    assert selected.updated_at == clock()


# -- teams


@pytest.fixture
def team(place: Place) -> Team:
    team = place.world.team(place.organization, "Map makers")
    place.world.join_team(team, place.helper)
    return team


async def test_a_team_takes_another_name(place: Place, bot: Client, team: Team) -> None:
    world, orgs = place.world, "/orgs/alpine-tools/teams"
    before = len(world.deliveries)
    world.edit_team(team, by=place.maintainer, name="Map makers")
    world.edit_team(team, by=place.maintainer, name="Cartographers", description="They draw")
    assert told(place, before) == ["team.edited"]
    payload = world.deliveries[-1].payload
    assert payload["changes"] == {"name": {"from": "Map makers"}, "description": {"from": ""}}
    assert (payload["team"]["id"], payload["team"]["slug"]) == (team.id, "cartographers")
    assert (await bot.get(f"{orgs}/map-makers/members")).status == 404
    assert [each["login"] for each in (await bot.get(f"{orgs}/Cartographers/members")).data] == ["hal"]


async def test_a_deleted_team_gives_nobody_a_role(place: Place, bot: Client, team: Team) -> None:
    world = place.world
    world.give_team(team, place.repo, role="maintain")
    permission = f"{REPO}/collaborators/hal/permission"
    assert (await bot.get(permission)).data["role_name"] == "maintain"
    before = len(world.deliveries)
    world.delete_team(team, by=place.maintainer)
    assert told(place, before) == ["team.deleted"]
    assert (await bot.get(permission)).data["role_name"] == "read"
    assert (await bot.get("/orgs/alpine-tools/teams")).data == []


def test_what_a_team_may_do_changes_and_ends(place: Place, team: Team) -> None:
    world = place.world
    before = len(world.deliveries)
    for role in ("write", "write", "admin"):
        world.give_team(team, place.repo, role=role)
    world.take_from_team(team, place.repo)
    assert told(place, before) == ["team.added_to_repository", "team.edited", "team.removed_from_repository"]
    changed = world.deliveries[before + 1].payload
    assert changed["changes"]["repository"]["permissions"]["from"] == {"admin": False, "pull": True, "push": True}
    assert changed["repository"]["id"] == place.repo.id


async def test_teams_and_their_members_come_in_pages(place: Place, bot: Client, team: Team) -> None:
    world = place.world
    for index in range(3):
        world.team(place.organization, f"Team {index}")
        world.join_team(team, world.user(f"walker-{index}"))
    orgs = "/orgs/alpine-tools/teams"
    for url, names in (
        (orgs, ["map-makers", "team-0", "team-1", "team-2"]),
        (f"{orgs}/map-makers/members", ["hal", "walker-0", "walker-1", "walker-2"]),
    ):
        first, second = [await bot.get(f"{url}?per_page=3&page={page}") for page in (1, 2)]
        assert f'{url}?per_page=3&page=2>; rel="next"' in first.headers["Link"]
        assert [each.get("slug") or each["login"] for each in (*first.data, *second.data)] == names


# -- reviews


async def test_a_review_is_edited_and_dismissed(place: Place, maintainer: Client, ada: Client) -> None:
    world = place.world
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    asked = world.review(pull, by=place.maintainer, state="CHANGES_REQUESTED", body="Brighter!")
    url = f"{REPO}/pulls/{pull.number}/reviews/{asked.id}"
    place.clock.forward(timedelta(hours=1))
    before = len(world.deliveries)
    assert (await ada("PUT", url, {"body": "Lovely!"})).status == 403
    assert (await maintainer("PUT", url, {"body": "Brighter, please"})).data["body"] == "Brighter, please"
    assert (await maintainer("PUT", url, {"body": "Brighter, please"})).status == 200
    assert (await ada("PUT", f"{url}/dismissals", {"message": "No"})).status == 403
    assert (await maintainer("PUT", f"{url}/dismissals", {"message": "Fine"})).data["state"] == "DISMISSED"

    assert told(place, before) == ["pull_request_review.edited", "pull_request_review.dismissed"]
    edited, dismissed = (each.payload for each in world.deliveries[before:])
    assert edited["changes"] == {"body": {"from": "Brighter!"}}
    assert (edited["review"]["state"], edited["review"]["updated_at"]) == ("changes_requested", LATER)
    assert edited["review"]["submitted_at"] == "2025-03-03T09:00:00Z"
    assert (dismissed["review"]["state"], dismissed["review"]["id"]) == ("dismissed", asked.id)
    assert dismissed["pull_request"]["updated_at"] == LATER
    listed = (await maintainer.get(f"{REPO}/pulls/{pull.number}/reviews")).data
    assert [each["state"] for each in listed] == ["DISMISSED"]

    again = await maintainer("PUT", f"{url}/dismissals", {"message": "Fine"})
    assert (again.status, again.data["message"]) == (422, "Can not dismiss a dismissed pull request review")
    assert (await maintainer("PUT", f"{REPO}/pulls/{pull.number}/reviews/1", {"body": "What?"})).status == 404
    assert (await maintainer("PUT", url, {"body": " "})).status == 422


async def test_comments_on_lines_are_listed_for_the_whole_repository(place: Place, bot: Client) -> None:
    world = place.world
    pulls = [world.open_pull_request(place.repo, by=place.ada, title=f"Pull {index}") for index in range(2)]
    first = world.review_comment(pulls[1], by=place.maintainer, body="one", path="a.py")
    place.clock.forward(timedelta(minutes=10))
    second = world.review_comment(pulls[0], by=place.maintainer, body="two", path="a.py")
    place.clock.forward(timedelta(minutes=10))
    world.edit_comment(first, by=place.maintainer, body="one, edited")
    deleted = world.review_comment(pulls[0], by=place.ada, body="three", path="a.py")
    world.delete_comment(deleted, by=place.ada)

    async def found(query: str) -> list[int]:
        return [each["id"] for each in (await bot.get(f"{REPO}/pulls/comments{query}")).data]

    assert await found("") == [first.id, second.id]
    assert await found("?direction=desc") == [first.id, second.id]  # means nothing without `sort`
    assert await found("?sort=created&direction=desc") == [second.id, first.id]
    assert await found("?sort=updated&direction=asc") == [second.id, first.id]
    assert await found("?since=2025-03-03T09:15:00Z") == [first.id]
    assert await found("?per_page=1&page=2") == [second.id]
    assert (await bot.get(f"{REPO}/pulls/comments?since=soon")).status == 422
