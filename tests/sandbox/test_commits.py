"""Commits: who made which of them, how they are listed, and the pushes that tell of them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import ChangedFile, RefusedError
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"
ZEROS = "0" * 40


def pushes(place: Place) -> list[dict[str, Any]]:
    return [each.payload for each in place.world.deliveries if each.name == "push"]


async def listed(client: Client, query: str = "") -> list[str]:
    """The messages of the commits, as they are listed."""
    return [each["commit"]["message"] for each in (await client.get(f"{REPO}/commits{query}")).data]


async def test_a_repository_begins_with_a_commit(place: Place, bot: Client) -> None:
    (first,) = (await bot.get(f"{REPO}/commits")).data
    assert (first["commit"]["message"], first["author"]["login"], first["parents"]) == ("Initial commit", "mira", [])
    assert pushes(place) == []


async def test_where_nobody_is_known_to_have_begun_it_the_author_is_no_account(place: Place, nobody: Client) -> None:
    world = place.world
    canals = world.repository(world.organization("lowland-tools"), "canals")
    world.write_file(canals, "locks.md", "Twelve\n")
    for commit in (await nobody.get("/repos/lowland-tools/canals/commits")).data:
        assert (commit["author"], commit["commit"]["author"]["name"]) == (None, "lowland-tools")
    assert world.past[-1].payload["sender"]["login"] == "lowland-tools"


async def test_what_is_pushed_is_listed_newest_first_and_told(place: Place, bot: Client) -> None:
    world, mira, hal = place.world, place.maintainer, place.helper
    before = place.repo.branches["main"].sha
    world.write_file(place.repo, "docs/index.md", "one\n", by=mira, message="Begin the docs")
    place.clock.forward(timedelta(minutes=1))
    commit = world.push(place.repo, by=hal, files=["docs/index.md", "map.py"], message="Maps", removed=["README.md"])
    bot.token = place.installation_token()

    assert await listed(bot) == ["Maps", "Begin the docs", "Initial commit"]
    told = (await bot.get(f"{REPO}/commits/{commit.sha}")).data
    assert [(each["filename"], each["status"]) for each in told["files"]] == [
        ("README.md", "removed"),
        ("docs/index.md", "modified"),
        ("map.py", "added"),
    ]
    assert told["stats"]["total"] == told["stats"]["additions"] + told["stats"]["deletions"]
    assert (await bot.get(f"{REPO}/commits/main")).data["sha"] == commit.sha

    first, second = pushes(place)
    assert (first["ref"], first["before"], first["after"]) == ("refs/heads/main", before, second["before"])
    (shown,) = second["commits"]
    assert second["head_commit"] == shown
    assert (shown["added"], shown["removed"], shown["modified"]) == (["map.py"], ["README.md"], ["docs/index.md"])
    assert shown["author"]["username"] == second["pusher"]["name"] == second["sender"]["login"] == "hal"
    assert shown["author"]["email"] == f"{hal.id}+hal@users.noreply.github.com"
    assert second["repository"]["pushed_at"] == int(place.clock().timestamp())
    assert isinstance(second["repository"]["created_at"], int)
    assert (second["repository"]["owner"]["name"], second["repository"]["organization"]) == ("alpine-tools",) * 2
    assert second["organization"]["login"] == "alpine-tools"
    assert second["installation"]["id"] == place.installation.id


async def test_commits_are_chosen_by_branch_path_author_and_date(place: Place, bot: Client) -> None:
    world, mira, hal = place.world, place.maintainer, place.helper
    world.create_branch(place.repo, "legend", by=mira)
    world.push(place.repo, by=mira, files=["docs/a.md"], message="one")
    place.clock.forward(timedelta(days=1))
    world.push(place.repo, by=hal, files=["docs.md"], message="two", branch="legend")
    place.clock.forward(timedelta(days=1))
    last = world.push(place.repo, by=hal, files=["docs/a.md", "b.py"], message="three", author="Jane Doe")
    bot.token = place.installation_token()

    assert await listed(bot) == ["three", "one", "Initial commit"]
    assert await listed(bot, "?sha=legend") == ["two", "Initial commit"]
    assert await listed(bot, f"?sha={last.parents[0]}") == ["one", "Initial commit"]
    assert await listed(bot, "?path=docs") == ["three", "one"]
    assert await listed(bot, "?path=docs/a.md&author=MIRA") == ["one"]
    assert await listed(bot, "?author=hal") == []
    assert await listed(bot, "?author=jane.doe@example.org") == ["three"]
    assert await listed(bot, "?committer=jane.doe@example.org&per_page=1") == ["three"]
    assert await listed(bot, "?since=2025-03-05T09:00:00Z") == ["three"]
    assert await listed(bot, "?until=2025-03-05T08:59:59Z&per_page=1&page=2") == ["Initial commit"]
    assert (await bot.get(f"{REPO}/commits?since=yesterday")).status == 422
    assert (await bot.get(f"{REPO}/commits?sha=nothing")).status == 404
    missing = await bot.get(f"{REPO}/commits/nothing")
    assert (missing.status, missing.data["message"]) == (422, "No commit found for SHA: nothing")


async def test_an_author_may_be_nobody_that_github_knows(place: Place, bot: Client) -> None:
    world = place.world
    by_hand = world.push(place.repo, by=place.maintainer, files=["a.py"], author="Jane Doe")
    by_helper = world.push(place.repo, by=place.maintainer, files=["b.py"], author=place.helper)
    world.delete_user(place.helper)
    for commit, name in ((by_hand, "Jane Doe"), (by_helper, "hal")):
        told = (await bot.get(f"{REPO}/commits/{commit.sha}")).data
        assert (told["author"], told["commit"]["author"]["name"]) == (None, name)
    shown = pushes(place)[0]["commits"][0]["author"]
    assert shown == {"name": "Jane Doe", "email": "jane.doe@example.org"}


@pytest.mark.parametrize(
    ("method", "parents", "messages"),
    [
        (
            "merge",
            [1, 1, 2],
            ["Draw the lake", "Draw the lake", "Merge pull request #1 from ada/patch-{}\n\nDraw the lake"],
        ),
        ("squash", [1], ["Draw the lake (#1)"]),
        ("rebase", [1, 1], ["Draw the lake", "Draw the lake"]),
    ],
)
async def test_merging_brings_the_authors_commits(
    place: Place, bot: Client, method: str, parents: list[int], messages: list[str]
) -> None:
    files = [ChangedFile(filename="lake.py", status="added"), ChangedFile(filename="shore.py", status="added")]
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Draw the lake", files=files, commits=2)
    place.clock.forward(timedelta(minutes=30))
    before = place.repo.branches["main"].sha
    merged = (await bot("PUT", f"{REPO}/pulls/{pull.number}/merge", {"merge_method": method})).data

    names = [each.name for each in place.world.deliveries[-2:]]
    assert names == ["push", "pull_request.closed"]
    (push,) = pushes(place)
    assert (push["before"], push["after"]) == (before, merged["sha"])
    assert [each["message"] for each in push["commits"]] == [each.format(pull.head_ref[6:]) for each in messages]
    own = [each for each in push["commits"] if not each["message"].startswith("Merge")]
    assert {each["author"]["username"] for each in own} == {"ada"}
    assert sorted(path for each in own for path in each["added"]) == ["lake.py", "shore.py"]
    assert all(each["distinct"] for each in push["commits"])
    found = (await bot.get(f"{REPO}/commits?per_page={len(messages)}")).data
    assert [len(each["parents"]) for each in reversed(found)] == parents
    assert (found[0]["sha"], place.repo.branches["main"].sha) == (merged["sha"], merged["sha"])
    assert found[0]["committer"]["login"] == {"rebase": "switchback[bot]"}.get(method, "web-flow")
    assert len((await bot.get(f"{REPO}/commits?author=ada&path=lake.py")).data) == 1
    assert sorted(place.repo.branches["main"].files) == ["README.md", "lake.py", "shore.py"]
    assert place.ada.id in place.repo.contributors


async def test_a_pull_request_follows_its_branch(place: Place, bot: Client) -> None:
    world, mira = place.world, place.maintainer
    world.create_branch(place.repo, "legend", by=mira)
    world.write_file(place.repo, "legend.md", "Blue is water\n", branch="legend", by=mira)
    pull = world.open_pull_request(place.repo, by=mira, title="A legend", head="legend")
    before = pull.head_sha
    world.push(place.repo, by=place.helper, files=["index.md"], branch="legend")
    assert [each.name for each in world.deliveries[-2:]] == ["push", "pull_request.synchronize"]
    payload = world.deliveries[-1].payload
    assert (payload["before"], payload["after"]) == (before, pull.head_sha)
    assert (payload["pull_request"]["head"]["sha"], payload["pull_request"]["commits"]) == (pull.head_sha, 2)
    shown = [each["filename"] for each in (await bot.get(f"{REPO}/pulls/{pull.number}/files")).data]
    assert shown == ["index.md", "legend.md"]

    world.synchronize(pull, by=mira, files=[ChangedFile(filename="index.md", status="removed")])
    assert [each.filename for each in pull.files] == ["legend.md"]
    world.push(place.repo, by=mira, files=["elsewhere.py"])
    world.merge(pull, by=mira)
    assert sorted(place.repo.branches["main"].files) == ["README.md", "elsewhere.py", "legend.md"]
    assert place.repo.branches["main"].files["legend.md"] == "Blue is water\n"
    assert [each["distinct"] for each in pushes(place)[-1]["commits"]] == [False, False, False, True]
    world.push(place.repo, by=mira, files=["more.md"], branch="legend")
    assert world.deliveries[-1].name == "push"  # a merged pull request stays as it was


async def test_a_pull_request_from_a_fork_gets_new_commits(place: Place, bot: Client) -> None:
    world = place.world
    one, two = (ChangedFile(filename=name) for name in ("one.py", "two.py"))
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=[one])
    first = pull.head_sha
    commit = world.synchronize(pull, by=place.ada, files=[one, two], message="And another")
    assert [each.filename for each in commit.files] == ["two.py"]
    shas = [each["sha"] for each in (await bot.get(f"{REPO}/pulls/{pull.number}/commits")).data]
    assert shas == [first, commit.sha] == [first, pull.head_sha]
    again = world.synchronize(pull, by=place.ada)
    assert [each.filename for each in again.files] == ["one.py", "two.py"]
    assert (await bot.get(f"{REPO}/commits/{first}")).data["author"]["login"] == "ada"  # GitHub knows it here too
    assert [each.name for each in world.deliveries if each.name == "push"] == []  # nobody hears of the fork's pushes
    assert await listed(bot) == ["Initial commit"]
    fork = (await bot.get("/repos/ada/trail-maps/commits")).data
    assert [each["commit"]["message"] for each in fork] == ["Initial commit"]


async def test_a_new_branch_is_pushed_too(place: Place) -> None:
    branch = place.world.create_branch(place.repo, "legend", by=place.maintainer)
    (push,) = pushes(place)
    assert (push["created"], push["before"], push["after"]) == (True, ZEROS, branch.sha)
    assert (push["commits"], push["head_commit"]["id"]) == ([], branch.sha)
    place.world.archive(place.repo)
    with pytest.raises(RefusedError, match="archived"):
        place.world.push(place.repo, by=place.maintainer, files=["a.py"])


async def test_a_file_written_over_the_api_is_a_commit_by_the_caller(place: Place, bot: Client) -> None:
    body = {"message": "List the team", "content": "LSBtaXJhCg=="}
    told = await bot("PUT", f"{REPO}/contents/team.yml", body)
    commit = (await bot.get(f"{REPO}/commits/{told.data['commit']['sha']}")).data
    assert (commit["commit"]["message"], commit["author"]["login"]) == ("List the team", "switchback[bot]")
    assert pushes(place)[-1]["pusher"]["name"] == "switchback[bot]"
