"""Who somebody is: the association that GitHub shows, roles, ghosts, and names that change."""

from datetime import UTC, datetime

import pytest

from bot.sandbox import ChangedFile, Clock, RefusedError, World
from bot.sandbox.standing import association, role
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"
ONE_FILE = [ChangedFile(filename="map.py")]


def shown(place: Place) -> str:
    """The author's association in the newest event."""
    payload = place.world.deliveries[-1].payload
    thread = payload.get("issue") or payload.get("pull_request") or payload["discussion"]
    told: str = thread["author_association"]
    return told


def test_a_first_contribution_shows_none_and_a_merged_one_makes_a_contributor(place: Place) -> None:
    world = place.world
    world.open_issue(place.repo, by=place.ada, title="Upside down")
    assert shown(place) == "NONE"
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=ONE_FILE)
    assert shown(place) == "NONE"
    world.merge(pull, by=place.maintainer)
    assert shown(place) == "CONTRIBUTOR"
    other = world.repository(place.organization, "other")
    world.open_issue(other, by=place.ada, title="New here")
    assert shown(place) == "NONE"  # it is per repository


def test_private_members_do_not_show_as_members(place: Place) -> None:
    world = place.world
    world.open_issue(place.repo, by=place.maintainer, title="Public")
    assert shown(place) == "MEMBER"
    world.open_issue(place.repo, by=place.helper, title="Private")
    assert shown(place) == "NONE"
    world.merge(world.open_pull_request(place.repo, by=place.helper, title="Turn it"), by=place.maintainer)
    assert shown(place) == "CONTRIBUTOR"
    world.show_membership(place.organization, place.helper, public=True)
    assert association(place.repo, place.helper) == "MEMBER"


def test_collaborators_and_owners(place: Place) -> None:
    place.world.add_collaborator(place.repo, place.ada, role="triage")
    assert association(place.repo, place.ada) == "COLLABORATOR"
    own = place.world.repository(place.ada, "my-maps")
    assert association(own, place.ada) == "OWNER"


def test_a_role_is_the_strongest_of_what_one_has(place: Place) -> None:
    world = place.world
    assert role(place.repo, place.ada) == "none"
    assert role(place.repo, place.helper) == "read"
    assert role(place.repo, place.maintainer) == "admin"
    team = world.team(place.organization, "Mappers")
    world.give_team(team, place.repo, role="maintain")
    world.join_team(team, place.helper)
    world.add_collaborator(place.repo, place.helper, role="triage")
    assert role(place.repo, place.helper) == "maintain"
    world.remove_member(place.organization, place.helper)
    assert role(place.repo, place.helper) == "triage"
    with pytest.raises(LookupError):
        world.remove_member(place.organization, place.helper)


async def test_the_level_of_a_role_in_old_words(place: Place, bot: Client) -> None:
    async def level(login: str) -> tuple[str, str]:
        told = (await bot.get(f"{REPO}/collaborators/{login}/permission")).data
        return told["permission"], told["role_name"]

    place.world.add_collaborator(place.repo, place.helper, role="maintain")
    assert await level("mira") == ("admin", "admin")
    assert await level("hal") == ("write", "maintain")
    assert await level("ada") == ("read", "read")
    assert (await bot.get(f"{REPO}/collaborators/nobody/permission")).status == 404


async def test_outside_collaborators_are_invited_and_do_not_belong(place: Place, bot: Client, ada: Client) -> None:
    world, url = place.world, "/orgs/alpine-tools/outside_collaborators?per_page=2"
    huts, attic = (world.repository(place.organization, name) for name in ("huts", "attic"))
    bob, cy, dora, eve = (world.user(login) for login in ("bob", "cy", "dora", "eve"))
    for repo, account in ((place.repo, place.ada), (huts, place.ada), (huts, bob), (huts, place.helper), (huts, cy)):
        world.add_collaborator(repo, account, role="triage")
    world.add_collaborator(attic, dora)
    world.delete_repository(attic)
    world.add_collaborator(world.repository(place.ada, "my-maps"), eve)

    first = await bot.get(url)
    assert [each["login"] for each in first.data] == ["ada", "bob"]
    assert f'{bot.url}{url}&page=2>; rel="next"' in first.headers["Link"]
    assert [each["login"] for each in (await bot.get(f"{url}&page=2")).data] == ["cy"]

    world.add_member(place.organization, bob, public=False)
    world.remove_collaborator(huts, cy)
    world.remove_member(place.organization, place.helper)
    assert [each["login"] for each in (await bot.get(url)).data] == ["ada", "hal"]
    world.delete_user(place.helper)
    assert [each["login"] for each in (await bot.get(url)).data] == ["ada"]

    assert (await ada.get(url)).status == 404  # invited, but no member
    bot.token = world.installation_token(place.installation, permissions={"issues": "write"}).value
    refused = await bot.get(url)
    assert (refused.status, refused.headers["X-Accepted-GitHub-Permissions"]) == (403, "members=read")


async def test_a_renamed_person_keeps_the_id(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.rename_user(place.ada, "countess")
    told = (await bot.get(f"{REPO}/issues/{issue.number}")).data["user"]
    assert (told["login"], told["id"]) == ("countess", place.ada.id)
    assert (await bot.get("/users/ada")).status == 404
    with pytest.raises(ValueError, match="taken"):
        place.world.rename_user(place.ada, "MIRA")


async def test_what_a_deleted_person_wrote_is_the_ghosts(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.helper, title="Upside down")
    token = place.world.token_for(place.helper)
    place.world.delete_user(place.helper)
    told = (await bot.get(f"{REPO}/issues/{issue.number}")).data["user"]
    assert (told["login"], told["id"]) == ("ghost", 10137)
    assert (await bot.get("/users/hal")).status == 404
    bot.token = token
    assert (await bot.get(REPO)).status == 401


async def test_apps_have_a_face_of_their_own(place: Place, bot: Client) -> None:
    told = (await bot.get("/users/switchback[bot]")).data
    assert (told["type"], told["id"]) == ("Bot", place.app.bot.id)
    assert told["html_url"] == "https://github.com/apps/switchback"


async def test_only_whoever_has_to_do_with_it_can_be_assigned(place: Place, bot: Client) -> None:
    stranger = place.world.user("stranger")
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    url = f"{REPO}/issues/{issue.number}/assignees"
    told = await bot.post(url, {"assignees": ["ada", "stranger", "mira"]})
    assert [each["login"] for each in told.data["assignees"]] == ["ada", "mira"]
    place.world.comment(issue, by=stranger, body="I would like to help")
    told = await bot.post(url, {"assignees": ["stranger"]})
    assert [each["login"] for each in told.data["assignees"]] == ["ada", "mira", "stranger"]
    assert (await bot.post(url, {"assignees": ["nobody-at-all"]})).status == 422
    assert (await bot.get(f"{REPO}/assignees/ada")).status == 404


def test_merging_closes_what_the_text_promises(place: Place) -> None:
    world = place.world
    first, second, third = (world.open_issue(place.repo, by=place.ada, title=f"Issue {n}") for n in range(3))
    pull = world.open_pull_request(
        place.repo, by=place.ada, title="Turn it", body=f"Fixes #{first.number}, see #{second.number}. Closes: #99"
    )
    world.merge(pull, by=place.maintainer)
    assert [first.open, second.open, third.open] == [False, True, True]
    assert (first.closed_by, first.state_reason) == (place.maintainer, "completed")
    assert [each.name for each in world.deliveries[-2:]] == ["pull_request.closed", "issues.closed"]


def test_a_stranger_works_in_a_fork(place: Place) -> None:
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=ONE_FILE)
    assert (pull.head_repo.full_name, pull.head_repo.parent) == ("ada/trail-maps", place.repo)
    again = place.world.open_pull_request(place.repo, by=place.ada, title="And again", files=ONE_FILE)
    assert again.head_repo is pull.head_repo
    own = place.world.open_pull_request(place.repo, by=place.maintainer, title="Mine", files=ONE_FILE)
    assert own.head_repo is place.repo


def test_two_worlds_with_the_same_history_are_the_same() -> None:
    def bodies(seed: str) -> list[tuple[str, bytes]]:
        world = World(now=Clock(datetime(2025, 1, 1, tzinfo=UTC)), seed=seed)
        repo = world.repository(world.organization("alpine-tools"), "trail-maps")
        ada = world.user("ada")
        world.comment(world.open_issue(repo, by=ada, title="Hello"), by=ada, body="Again")
        return [(delivery.guid, delivery.body) for delivery in world.past]

    assert bodies("one") == bodies("one")
    assert {guid for guid, _ in bodies("one")}.isdisjoint(guid for guid, _ in bodies("two"))


def test_what_is_so_already_is_not_told_again(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    issue = world.open_issue(place.repo, by=ada, title="Upside down", labels=["bug"], assignees=[mira])
    told = len(world.deliveries)
    world.reopen(issue, by=mira)
    world.label(issue, "BUG", by=mira)
    world.assign(issue, mira, by=mira)
    world.unassign(issue, ada, by=mira)
    world.edit(issue, by=ada, title="Upside down", body="")
    assert len(world.deliveries) == told
    world.close(issue, by=mira)
    world.close(issue, by=mira)
    assert [each.name for each in world.deliveries[told:]] == ["issues.closed"]


def test_what_cannot_be_is_refused(place: Place) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    pull = world.open_pull_request(place.repo, by=ada, title="Turn it")
    discussion = world.open_discussion(place.repo, by=ada, title="How?")
    comment = world.comment(discussion, by=ada, body="Like so?")
    reply = world.comment(discussion, by=mira, body="Yes", reply_to=comment)
    with pytest.raises(RefusedError):
        world.comment(discussion, by=mira, body="Deeper", reply_to=reply)
    with pytest.raises(RefusedError):
        world.request_review(pull, ada, by=ada)
    with pytest.raises(RefusedError):
        world.lock(pull, by=mira, reason="because")
    for nonsense in (
        lambda: world.transfer(pull, place.repo, by=mira),
        lambda: world.delete(pull, by=mira),
        lambda: world.convert_to_discussion(pull, by=mira),
        lambda: world.choose_answer(comment, by=mira),
        lambda: world.install(place.app, place.organization),
        lambda: world.add_repositories(place.installation, place.repo),
        lambda: world.remove_repositories(place.installation, place.repo),
        lambda: world.user("ADA"),
        lambda: world.repository(place.organization, "Trail-Maps"),
        lambda: place.clock.set(datetime(2020, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(ValueError):  # noqa: PT011  # each says it in its own words
            nonsense()
    for missing in (lambda: world.account("nobody"), lambda: world.repo("alpine-tools/nothing")):
        with pytest.raises(LookupError):
            missing()
