"""Files at any commit: of branches, of pull requests and their forks, of the past; and what a push says of them."""

import base64
from typing import Any

import pytest

from bot.sandbox import ChangedFile, RefusedError
from bot.sandbox.model import PullRequest
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"
RAW = "application/vnd.github.raw+json"


async def read(client: Client, path: str, ref: str = "", repo: str = REPO) -> Any:
    """The text of a file, by its base64; the status where there is none."""
    told = await client.get(f"{repo}/contents/{path}" + (f"?ref={ref}" if ref else ""))
    return base64.b64decode(told.data["content"]).decode() if told.status == 200 else told.status


def from_a_fork(place: Place, **texts: str | None) -> PullRequest:
    wanted = {f"{name}.md": text for name, text in texts.items()}
    return place.world.open_pull_request(place.repo, by=place.ada, title="A legend", texts=wanted)


async def test_a_file_has_the_name_that_git_gives_it(place: Place, bot: Client) -> None:
    text = "Grüße vom Berg\n"
    place.world.write_file(place.repo, "a folder/grüße.md", text)
    told = (await bot.get(f"{REPO}/contents/a%20folder/gr%C3%BC%C3%9Fe.md")).data
    data = text.encode()
    assert told["sha"] == "64bd45fd0f93f0a9c1dd43fb3f8e0488a9c8842b"  # as `git hash-object` says
    assert (told["size"], told["encoding"], base64.b64decode(told["content"])) == (17, "base64", data)
    assert (told["name"], told["path"]) == ("grüße.md", "a folder/grüße.md")
    (entry,) = (await bot.get(f"{REPO}/contents/a%20folder")).data
    assert {name: told[name] for name in entry} == entry
    assert entry["html_url"].endswith("/blob/main/a%20folder/gr%C3%BC%C3%9Fe.md")


async def test_the_past_stays_readable(place: Place, bot: Client) -> None:
    world, repo = place.world, place.repo
    first = repo.branches["main"].sha
    world.write_file(repo, "legend.md", "Blue is water\n")
    second = repo.branches["main"].sha
    world.write_file(repo, "legend.md", "Blue is ice\n")
    world.delete_file(repo, "README.md")
    assert [await read(bot, "legend.md", ref) for ref in ("", "main", "refs/heads/main")] == ["Blue is ice\n"] * 3
    assert [await read(bot, "legend.md", ref) for ref in (first, second)] == [404, "Blue is water\n"]
    assert [await read(bot, "README.md", ref) for ref in (first, second, "")] == ["# trail-maps\n"] * 2 + [404]
    assert [each["name"] for each in (await bot.get(f"{REPO}/contents/?ref={second}")).data] == [
        "README.md",
        "legend.md",
    ]
    unknown = await bot.get(f"{REPO}/contents/README.md?ref={'f' * 40}")
    assert (unknown.status, unknown.data["message"]) == (404, f"No commit found for the ref {'f' * 40}")


async def test_the_files_of_a_fork_are_read_at_the_repository_it_is_of(place: Place, bot: Client) -> None:
    pull = from_a_fork(place, legend="Blue is water\n", README=None)
    assert pull.head_repo.full_name == "ada/trail-maps"
    assert [(each.filename, each.status) for each in pull.files] == [("README.md", "removed"), ("legend.md", "added")]
    for ref in (pull.head_sha, f"refs/pull/{pull.number}/head", f"pull/{pull.number}/head"):
        assert await read(bot, "legend.md", ref) == "Blue is water\n"
        assert await read(bot, "README.md", ref) == 404
    raw = await bot.get(f"{REPO}/contents/legend.md?ref={pull.head_sha}", Accept=RAW)
    assert (raw.data, raw.headers["Content-Type"]) == ("Blue is water\n", f"{RAW}; charset=utf-8")
    assert await read(bot, "legend.md") == 404
    assert await read(bot, "legend.md", pull.head_ref) == 404  # a branch of the fork
    assert await read(bot, "legend.md", pull.head_ref, repo="/repos/ada/trail-maps") == "Blue is water\n"
    assert await read(bot, "legend.md", "refs/pull/99/head") == 404


async def test_what_is_pushed_to_a_fork_comes_into_its_pull_request(place: Place, bot: Client) -> None:
    world = place.world
    pull = from_a_fork(place, legend="Blue is water\n")
    before = pull.head_sha
    world.write_file(pull.head_repo, "legend.md", "Blue is ice\n", branch=pull.head_ref, by=place.ada)
    told = world.deliveries[-1]
    assert (told.name, told.payload["before"], told.payload["after"]) == (
        "pull_request.synchronize",
        before,
        pull.head_sha,
    )
    assert await read(bot, "legend.md", pull.head_sha) == "Blue is ice\n"
    assert await read(bot, "legend.md", before) == "Blue is water\n"
    world.synchronize(pull, by=place.ada, files=[ChangedFile(filename="index.md", status="added")])
    assert await read(bot, "index.md", pull.head_sha) != 404
    assert [each.payload["repository"]["full_name"] for each in world.deliveries if each.event == "push"] == []


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
async def test_what_is_merged_is_on_the_base(place: Place, bot: Client, method: str) -> None:
    pull = from_a_fork(place, legend="Blue is water\n")
    plain = place.world.open_pull_request(place.repo, by=place.ada, title="Lake", files=[ChangedFile(filename="lake")])
    for each in (pull, plain):
        assert (await bot("PUT", f"{REPO}/pulls/{each.number}/merge", {"merge_method": method})).status == 200
    main = place.repo.branches["main"]
    assert main.files == {"README.md": "# trail-maps\n", "legend.md": "Blue is water\n", "lake": "Lake\n"}
    place.world.write_file(place.repo, "README.md", "Later\n")
    assert place.world.tree(place.repo, plain.merge_sha or "") == {**main.files, "README.md": "# trail-maps\n"}


async def test_a_pull_request_without_known_texts_has_some(place: Place, bot: Client) -> None:
    files = [ChangedFile(filename="lake.py", status="added"), ChangedFile(filename="README.md")]
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Draw the lake", files=files, commits=2)
    assert await read(bot, "lake.py", pull.head_sha) == "Draw the lake\n"
    assert await read(bot, "README.md", pull.head_sha) == "# trail-maps\n"


async def test_a_large_file_comes_raw_only(place: Place, bot: Client) -> None:
    text = "x" * (1024 * 1024 + 1)
    place.world.write_file(place.repo, "large.csv", text)
    told = (await bot.get(f"{REPO}/contents/large.csv")).data
    assert (told["content"], told["encoding"], told["size"]) == ("", "none", len(text))
    assert (await bot.get(f"{REPO}/contents/large.csv", Accept=RAW)).data == text


async def test_a_push_to_any_branch_tells_the_files_of_each_commit(place: Place) -> None:
    world, repo, mira = place.world, place.repo, place.maintainer
    branch = world.create_branch(repo, "legend", by=mira)
    before = branch.sha
    world.write_file(repo, "legend.md", "Blue is water\n", branch="legend", by=mira)
    world.write_file(repo, "legend.md", "Blue is ice\n", branch="legend", by=mira)
    world.delete_file(repo, "legend.md", branch="legend", by=mira)
    told = [each.payload for each in world.deliveries if each.event == "push"][1:]
    assert {each["ref"] for each in told} == {"refs/heads/legend"}
    assert [each["before"] for each in told] == [before, *(each["after"] for each in told[:2])]
    assert [[each["commits"][0][what] for what in ("added", "modified", "removed")] for each in told] == [
        [["legend.md"], [], []],
        [[], ["legend.md"], []],
        [[], [], ["legend.md"]],
    ]


async def test_the_author_of_a_fork_opens_the_pull_request(place: Place, ada: Client, bot: Client) -> None:
    world = place.world
    fork = world.fork(place.repo, by=place.ada)
    assert world.fork(place.repo, by=place.ada) is fork
    assert (await ada.post(f"{REPO}/pulls", {"title": "x", "head": "ada:legend", "base": "main"})).status == 422
    world.create_branch(fork, "legend", by=place.ada)
    body = {"title": "A legend", "head": "ada:legend", "base": "main"}
    empty = await ada.post(f"{REPO}/pulls", body)
    assert (empty.status, empty.data["errors"][0]["message"]) == (422, "No commits between main and ada:legend")
    world.write_file(fork, "legend.md", "Blue is water\n", branch="legend", by=place.ada)
    opened = await ada.post(f"{REPO}/pulls", body)
    assert (opened.status, opened.data["head"]["label"]) == (201, "ada:legend")
    again = await ada.post(f"{REPO}/pulls", body)
    assert again.data["errors"][0]["message"] == "A pull request already exists for ada:legend."
    assert len((await bot.get(f"{REPO}/pulls?head=ada:legend&state=open")).data) == 1
    assert (await bot.get(f"{REPO}/pulls?head=alpine-tools:legend&state=open")).data == []


async def test_a_branch_may_begin_at_any_commit(place: Place, bot: Client) -> None:
    first = place.repo.branches["main"].sha
    place.world.write_file(place.repo, "legend.md", "Blue is water\n")
    assert (await bot.post(f"{REPO}/git/refs", {"ref": "refs/heads/old", "sha": first})).status == 201
    assert await read(bot, "legend.md", "old") == 404
    missing = await bot("PUT", f"{REPO}/contents/a.md", {"message": "a", "content": "", "branch": "none"})
    assert (missing.status, missing.data["message"]) == (404, "Branch none not found")
    with pytest.raises(RefusedError, match="Object does not exist"):
        place.world.create_branch(place.repo, "lost", sha="f" * 40)


async def test_a_second_fork_of_a_name_gets_another(place: Place) -> None:
    place.world.repository(place.ada, "trail-maps")
    assert place.world.fork(place.repo, by=place.ada).full_name == "ada/trail-maps-1"


async def test_who_may_write_proposes_texts_from_a_branch_of_the_repository(place: Place, bot: Client) -> None:
    world = place.world
    pull = world.open_pull_request(place.repo, by=place.maintainer, title="A legend", texts={"legend.md": "Blue\n"})
    assert (pull.head_repo, pull.head_ref in place.repo.branches) == (place.repo, True)
    assert [each.name for each in world.deliveries[-3:]] == ["push", "push", "pull_request.opened"]
    assert await read(bot, "legend.md", pull.head_ref) == "Blue\n"
    with pytest.raises(RefusedError, match="Validation Failed"):
        world.open_pull_request(
            place.repo, by=place.maintainer, title="The same", texts={"README.md": "# trail-maps\n"}
        )


async def test_a_tree_tells_all_files_with_their_folders(place: Place, bot: Client) -> None:
    place.world.write_file(place.repo, "docs/a/b.md", "b", by=place.maintainer)
    told = (await bot.get(f"{REPO}/git/trees/HEAD?recursive=1")).data
    found = [(one["path"], one["type"]) for one in told["tree"] if one["path"].startswith("docs")]
    assert found == [("docs", "tree"), ("docs/a", "tree"), ("docs/a/b.md", "blob")]
    top = (await bot.get(f"{REPO}/git/trees/main")).data["tree"]
    assert [one["path"] for one in top] == ["README.md", "docs"]
    assert (await bot.get(f"{REPO}/git/trees/{'f' * 40}")).status == 404
