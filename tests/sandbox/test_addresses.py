"""Things that have moved, closed their doors, or are no more: what their old addresses answer."""

import pytest

from bot.sandbox import RefusedError
from tests.github_spec import RestSpec
from tests.sandbox.conftest import Client, Place, Told

REPO = "/repos/alpine-tools/trail-maps"


def message(told: Told) -> tuple[int, str]:
    return told.status, told.data["message"]


async def test_an_old_name_leads_to_the_repository_by_its_id(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.rename_repository(place.repo, "maps", by=place.maintainer)
    told = await bot.get(f"{REPO}/issues?state=all")
    assert message(told) == (301, "Moved Permanently")
    assert told.headers["Location"] == f"{bot.url}/repositories/{place.repo.id}/issues?state=all"
    assert (await bot.get(told.headers["Location"])).data[0]["number"] == issue.number
    told = await bot.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Hello"})
    assert message(told) == (307, "Moved Permanently")
    assert (await bot.post(told.headers["Location"], {"body": "Hello"})).status == 201
    assert (await bot.get("/repos/Alpine-Tools/MAPS")).data["name"] == "maps"  # names have no case
    changes = place.world.deliveries[-2].payload["changes"]
    assert changes == {"repository": {"name": {"from": "trail-maps"}}}


async def test_a_client_that_follows_redirects_does_not_notice(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.rename_repository(place.repo, "maps")
    headers = {"Authorization": f"Bearer {bot.token}"}
    url = f"{bot.url}{REPO}/issues/{issue.number}/comments"
    async with bot.session.post(url, json={"body": "Hello"}, headers=headers) as response:
        assert response.status == 201
    assert [comment.body for comment in issue.comments] == ["Hello"]


async def test_a_new_repository_takes_over_an_old_name(place: Place, bot: Client) -> None:
    place.world.rename_repository(place.repo, "maps")
    again = place.world.repository(place.organization, "trail-maps")
    assert (await bot.get(REPO)).data["id"] == again.id
    with pytest.raises(RefusedError, match="name already exists"):
        place.world.rename_repository(again, "Maps")


async def test_an_organisations_old_name_leads_on_too(place: Place, bot: Client) -> None:
    place.world.rename_organization(place.organization, "alpine-works", by=place.maintainer)
    told = await bot.get(REPO)
    assert told.headers["Location"] == f"{bot.url}/repositories/{place.repo.id}"
    assert [each.name for each in place.world.deliveries[-2:]] == [
        "organization.renamed",
        "installation_target.renamed",
    ]


async def test_a_transferred_issue_has_a_new_address_and_two_events(place: Place, bot: Client) -> None:
    world = place.world
    there = world.repository(place.organization, "elsewhere", labels={"bug": "d73a4a"})
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down", labels=["bug", "needs: triage"])
    world.comment(issue, by=place.ada, body="Still")
    moved = world.transfer(issue, there, by=place.maintainer)
    assert (moved.author, [label.name for label in moved.labels]) == (place.ada, ["bug"])
    assert (moved.created_at, len(moved.comments)) == (issue.created_at, 1)
    assert moved.id != issue.id

    left, came = place.world.deliveries[-2:]
    assert (left.name, left.repository_id) == ("issues.transferred", place.repo.id)
    assert left.payload["changes"]["new_issue"]["id"] == moved.id
    assert left.payload["changes"]["new_repository"]["id"] == there.id
    assert (came.name, came.repository_id) == ("issues.opened", there.id)
    assert came.payload["changes"]["old_issue"]["id"] == issue.id
    assert came.payload["changes"]["old_repository"]["id"] == place.repo.id
    assert came.payload["sender"]["login"] == "mira"

    told = await bot.get(f"{REPO}/issues/{issue.number}")
    assert told.status == 301
    assert told.headers["Location"] == f"{bot.url}/repositories/{there.id}/issues/{moved.number}"
    assert (await bot.get(told.headers["Location"])).data["id"] == moved.id
    told = await bot.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Hello"})
    assert told.headers["Location"] == f"{bot.url}/repositories/{there.id}/issues/{moved.number}/comments"
    assert (await bot.get(f"{REPO}/issues")).data == []


async def test_an_issue_transferred_out_of_sight_is_not_found(place: Place, bot: Client, nobody: Client) -> None:
    secret = place.world.repository(place.organization, "secret", private=True)
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.transfer(issue, secret, by=place.maintainer)
    assert (await bot.get(f"{REPO}/issues/{issue.number}")).status == 301
    assert (await nobody.get(f"{REPO}/issues/{issue.number}")).status == 404


async def test_a_deleted_issue_is_gone_and_its_number_is_not_given_again(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Spam")
    place.world.delete(issue, by=place.maintainer)
    assert message(await bot.get(f"{REPO}/issues/1")) == (410, "This issue was deleted")
    assert message(await bot.post(f"{REPO}/issues/1/comments", {"body": "Hi"})) == (410, "This issue was deleted")
    assert place.world.open_issue(place.repo, by=place.ada, title="Real").number == 2
    assert (await bot.get(f"{REPO}/issues/99")).status == 404
    assert (await bot.get(f"{REPO}/issues/none")).status == 404


async def test_an_archived_repository_can_be_read_only(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    comment = place.world.comment(issue, by=place.app.bot, body="Hello")
    place.world.archive(place.repo, by=place.maintainer)
    one = f"{REPO}/issues/{issue.number}"
    assert (await bot.get(one)).status == 200
    for method, path, body in (
        ("POST", f"{one}/comments", {"body": "Hello"}),
        ("PATCH", f"{REPO}/issues/comments/{comment.id}", {"body": "Hello"}),
        ("POST", f"{one}/labels", {"labels": ["bug"]}),
        ("POST", f"{one}/reactions", {"content": "heart"}),
        ("PATCH", one, {"state": "closed"}),
        ("POST", f"{REPO}/issues", {"title": "One more"}),
        ("PUT", f"{one}/lock", None),
        ("PUT", f"{REPO}/contents/a", {"message": "a", "content": "YQ=="}),
    ):
        assert message(await bot(method, path, body)) == (403, "Repository was archived so is read-only."), path
    place.world.unarchive(place.repo)
    assert (await bot.post(f"{one}/comments", {"body": "Hello"})).status == 201


async def test_in_a_locked_thread_only_people_with_write_access_speak(
    place: Place, bot: Client, ada: Client, maintainer: Client
) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Heated")
    place.world.lock(issue, by=place.maintainer, reason="too heated")
    path = f"{REPO}/issues/{issue.number}/comments"
    for caller in (bot, ada):
        refused = await caller.post(path, {"body": "But"})
        assert message(refused) == (403, "Unable to create comment because issue is locked.")
    assert (await maintainer.post(path, {"body": "Let us be kind."})).status == 201
    # What is no comment an app may still do: its permission is to manage issues.
    assert (await bot.post(f"{REPO}/issues/{issue.number}/labels", {"labels": ["bug"]})).status == 200


async def test_an_issue_that_became_a_discussion_stays_behind_locked(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Just a thought")
    place.world.comment(issue, by=place.maintainer, body="Let us discuss it")
    discussion = place.world.convert_to_discussion(issue, by=place.maintainer, category="ideas")
    assert (discussion.author, discussion.number, len(discussion.comments)) == (place.ada, 2, 1)
    names = [delivery.name for delivery in place.world.deliveries[-3:]]
    assert names == ["discussion.created", "issues.closed", "issues.locked"]
    assert place.world.deliveries[-3].payload["discussion"]["state"] == "converting"
    told = await bot.get(f"{REPO}/issues/{issue.number}")
    assert (told.data["state"], told.data["locked"]) == ("closed", True)
    with pytest.raises(RefusedError):
        place.world.comment(issue, by=place.maintainer, body="Too late")


async def test_a_deleted_repository_takes_everything_with_it(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.delete_repository(place.repo, by=place.maintainer)
    assert place.world.deliveries[-1].name == "repository.deleted"
    assert (await bot.get(f"{REPO}/issues/{issue.number}")).status == 404
    assert (await bot.get(f"/repositories/{place.repo.id}")).status == 404
    assert (await bot.get("/installation/repositories")).data["total_count"] == 0


@pytest.mark.parametrize("by_whom", ["author", "organisation"])
async def test_whoever_is_blocked_cannot_speak(place: Place, bot: Client, by_whom: str) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    if by_whom == "author":
        place.world.block(place.app.bot, by=place.ada)
    else:
        place.world.block(place.app.bot, by=place.maintainer, organization=place.organization)
    told = await bot.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Hello"})
    assert message(told) == (422, "Validation Failed")
    problem = {"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": "User is blocked"}
    assert told.data["errors"] == [problem]


async def test_texts_must_be_there_and_fit(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    path = f"{REPO}/issues/{issue.number}/comments"
    assert (await bot.post(path, {"body": "x" * 65_536})).status == 201
    long = await bot.post(path, {"body": "x" * 65_537})
    assert long.data["errors"][0]["message"] == "Body is too long (maximum is 65536 characters)"
    assert (await bot.post(path, {"body": " \n"})).data["errors"][0]["message"] == "Body cannot be blank"
    assert message(await bot.post(path, {})) == (422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    assert (await bot.post(path, {"body": 5})).status == 422
    assert (await bot.post(f"{REPO}/issues", {"title": ""})).data["errors"][0]["code"] == "missing_field"
    assert (await bot.post(f"{REPO}/issues", {"title": "x" * 257})).status == 422
    assert (await bot.post(f"{REPO}/issues/{issue.number}/reactions", {"content": "love"})).status == 422
    assert (await bot.post(f"{REPO}/labels", {"name": "BUG"})).data["errors"][0]["code"] == "already_exists"
    assert (await bot.post(f"{REPO}/labels", {"name": " "})).data["errors"][0]["code"] == "missing_field"
    other = {"new_name": "bug"}
    assert (await bot("PATCH", f"{REPO}/labels/needs:%20triage", other)).data["errors"][0]["code"] == "already_exists"
    assert (await bot.get(f"{REPO}/labels/nothing")).status == 404
    assert (await bot.post(f"{REPO}/issues/{issue.number}/labels", {})).status == 422
    comment = f"{REPO}/issues/comments/{issue.comments[0].id}"
    assert (await bot("PATCH", comment, {"body": " "})).data["errors"][0]["message"] == "Body cannot be blank"
    assert (await bot("DELETE", f"{comment}/reactions/1")).status == 404
    gone = await bot("DELETE", f"{REPO}/issues/{issue.number}/labels/bug")
    assert message(gone) == (404, "Label does not exist")


async def test_comments_on_lines_follow_the_rules_of_reviews(place: Place, bot: Client, ada: Client) -> None:
    world = place.world
    pull, other = (world.open_pull_request(place.repo, by=place.ada, title=title) for title in ("Turn it", "And back"))
    said = world.review_comment(pull, by=place.maintainer, body="Why?", path="map.py", line=3)
    comments = f"{REPO}/pulls/{pull.number}/comments"
    line = {"body": "Why?", "path": "map.py", "commit_id": pull.head_sha}
    assert (await bot.post(comments, line)).data["errors"][0]["code"] == "missing_field"
    assert (await bot.post(comments, {**line, "line": 1, "body": " "})).status == 422
    assert (await bot.post(comments, {**line, "line": 1, "body": "x" * 65_537})).status == 422
    assert (await ada.post(f"{REPO}/pulls/{other.number}/comments/{said.id}/replies", {"body": "?"})).status == 404
    assert (await ada("PATCH", f"{REPO}/pulls/comments/{said.id}", {"body": "Rude"})).status == 403
    assert (await bot.get(f"{REPO}/pulls/comments/1")).status == 404
    world.lock(pull, by=place.maintainer)
    refused = await bot.post(comments, {**line, "line": 1})
    assert message(refused) == (403, "Unable to create comment because issue is locked.")
    world.unlock(pull, by=place.maintainer)
    world.block(place.app.bot, by=place.ada)
    assert (await bot.post(comments, {**line, "line": 1})).data["errors"][0]["message"] == "User is blocked"
    review = await bot.post(f"{REPO}/pulls/{pull.number}/reviews", {"event": "COMMENT", "body": "Hm"})
    assert message(review) == (422, "Validation Failed")
    assert review.data["errors"] == ["User is blocked"]
    too_long = {"event": "COMMENT", "body": "x" * 65_537}
    assert (await ada.post(f"{REPO}/pulls/{pull.number}/reviews", too_long)).status == 422


async def test_unknown_addresses_are_not_found(bot: Client, spec: RestSpec) -> None:
    assert message(await bot.get("/repos/alpine-tools/trail-maps/nonsense")) == (404, "Not Found")
    assert message(await bot.get("/users/nobody-at-all")) == (404, "Not Found")
    assert message(await bot("DELETE", "/orgs/alpine-tools")) == (404, "Not Found")
    assert spec.violations == ["GitHub has no operation GET /repos/alpine-tools/trail-maps/nonsense"]
    spec.violations.clear()
