"""Check runs: who may make and change them, on which commits, and what they say about lines."""

from typing import Any

import pytest

from bot.sandbox import ChangedFile
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"
RUNS = f"{REPO}/check-runs"


def head(place: Place) -> str:
    return place.repo.branches["main"].sha


def remark(line: int, **more: object) -> dict[str, Any]:
    return {
        "path": "trails/a b.yml",
        "start_line": line,
        "end_line": line,
        "annotation_level": "failure",
        "message": "No such trail",
        **more,
    }


async def test_an_app_checks_a_commit(place: Place, bot: Client, nobody: Client) -> None:
    body = {
        "name": "Trails",
        "head_sha": head(place),
        "status": "in_progress",
        "external_id": "trails/1",
        "details_url": "https://example.org/trails",
        "output": {"title": "Looking", "summary": "One moment", "annotations": [remark(1)]},
    }
    made = await bot.post(RUNS, body)
    assert made.status == 201
    assert (made.data["status"], made.data["conclusion"], made.data["completed_at"]) == ("in_progress", None, None)
    assert (made.data["external_id"], made.data["app"]["slug"]) == ("trails/1", "switchback")

    more = {"title": "Two are wrong", "summary": "See below", "text": "Really", "annotations": [remark(7, title="Hm")]}
    told = await bot("PATCH", f"{RUNS}/{made.data['id']}", {"conclusion": "failure", "output": more})
    assert (told.data["status"], told.data["conclusion"]) == ("completed", "failure")
    assert told.data["completed_at"] == "2025-03-03T09:00:00Z"
    assert (told.data["output"]["title"], told.data["output"]["annotations_count"]) == ("Two are wrong", 2)
    assert (await nobody.get(f"{RUNS}/{made.data['id']}")).data == told.data
    lines = (await nobody.get(f"{RUNS}/{made.data['id']}/annotations")).data
    assert [(each["start_line"], each["title"]) for each in lines] == [(1, None), (7, "Hm")]
    assert lines[0]["blob_href"].endswith(f"/blob/{head(place)}/trails/a%20b.yml")

    again = await bot("PATCH", f"{RUNS}/{made.data['id']}", {"status": "queued", "name": "All trails"})
    assert (again.data["status"], again.data["conclusion"], again.data["name"]) == ("queued", None, "All trails")
    assert again.data["output"]["title"] == "Two are wrong"


async def test_the_checks_of_a_commit_are_listed(place: Place, bot: Client) -> None:
    other = place.world.app(
        slug="weather", owner=place.organization, permissions={"checks": "write"}, webhook_secret="x", public_key="x"
    )
    sha = head(place)
    for name in ("Trails", "Huts", "Trails"):
        await bot.post(RUNS, {"name": name, "head_sha": sha, "conclusion": "success"})
    place.world.start_check(place.repo, app=other, name="Trails", sha=sha)

    async def listed(query: str = "", ref: str = "main") -> list[str]:
        told = await bot.get(f"{REPO}/commits/{ref}/check-runs{query}")
        assert told.data["total_count"] == len(told.data["check_runs"])
        return [f"{each['app']['slug']} {each['name']}" for each in told.data["check_runs"]]

    latest = ["weather Trails", "switchback Trails", "switchback Huts"]
    assert await listed() == await listed(ref=sha) == latest
    assert await listed("?filter=all") == [*latest, "switchback Trails"]
    assert await listed("?check_name=Huts") == ["switchback Huts"]
    assert await listed("?status=queued") == ["weather Trails"]
    assert await listed(f"?app_id={place.app.id}&check_name=Trails") == ["switchback Trails"]
    ids = {each.suite_id for each in place.repo.check_runs.values()}
    assert len(ids) == 2  # one for each app
    assert (await bot.get(f"{REPO}/commits/nothing/check-runs")).status == 422


async def test_the_suites_of_a_commit_are_listed(place: Place, bot: Client, nobody: Client) -> None:
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn", files=[ChangedFile(filename="a.py")])
    place.world.check_suite(pull, conclusion="failure")
    place.world.check_suite(pull, app=place.app)

    async def listed(query: str = "") -> list[tuple[str, str, str | None]]:
        told = await nobody.get(f"{REPO}/commits/{pull.head_sha}/check-suites{query}")
        assert told.data["total_count"] == len(told.data["check_suites"])
        return [(each["app"]["slug"], each["status"], each["conclusion"]) for each in told.data["check_suites"]]

    ours, others = ("switchback", "queued", None), ("github-actions", "completed", "failure")
    assert await listed() == [ours, others]
    assert await listed(f"?app_id={place.app.id}") == [ours]
    assert (await bot.get(f"{REPO}/commits/nothing/check-suites")).status == 422


async def test_a_check_on_the_head_of_a_pull_request(place: Place, bot: Client) -> None:
    world = place.world
    from_a_fork = world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=[ChangedFile(filename="a")])
    world.create_branch(place.repo, "legend")
    world.write_file(place.repo, "legend.md", "Blue is water\n", branch="legend")
    own = world.open_pull_request(place.repo, by=place.maintainer, title="A legend", head="legend")
    numbers = []
    for pull in (from_a_fork, own):
        told = await bot.post(RUNS, {"name": "Trails", "head_sha": pull.head_sha, "conclusion": "neutral"})
        assert told.status == 201
        numbers.append([each["number"] for each in told.data["pull_requests"]])
    assert numbers == [[], [own.number]]  # GitHub names no pull request from a fork


async def test_a_check_of_no_commit_is_refused(place: Place, bot: Client) -> None:
    told = await bot.post(RUNS, {"name": "Trails", "head_sha": "f" * 40})
    assert (told.status, told.data["message"]) == (422, f"No commit found for SHA: {'f' * 40}")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": None}, '"name" wasn\'t supplied'),
        ({"head_sha": None}, '"head_sha" wasn\'t supplied'),
        ({"status": "done"}, "not a member"),
        ({"status": "completed"}, '"conclusion" wasn\'t supplied'),
        ({"conclusion": "stale"}, "not a member"),
        ({"output": []}, "not an object"),
        ({"output": {"title": "So"}}, '"summary" wasn\'t supplied'),
        ({"output": {"title": "So", "summary": 5}}, "not a string"),
        ({"output": {"title": "So", "summary": "x" * 65_536}}, "65536 were supplied"),
        ({"output": {"title": "So", "summary": "", "annotations": [remark(1)] * 51}}, "No more than 50 items"),
        ({"output": {"title": "So", "summary": "", "annotations": [remark(1, message=None)]}}, '"message" wasn\'t'),
        ({"output": {"title": "So", "summary": "", "annotations": [remark(1, annotation_level="bad")]}}, "'bad'"),
        ({"output": {"title": "So", "summary": "", "annotations": [remark(0)]}}, "Validation Failed"),
        (
            {"output": {"title": "", "summary": "", "annotations": [remark(2, end_line=3, start_column=1)]}},
            "Validation",
        ),
    ],
)
async def test_a_check_that_is_not_whole_is_refused(place: Place, bot: Client, change: object, says: str) -> None:
    assert isinstance(change, dict)
    told = await bot.post(RUNS, {"name": "Trails", "head_sha": head(place), **change})
    assert told.status == 422
    assert says in told.data["message"]
    assert place.repo.check_runs == {}


async def test_only_an_app_may_check_and_only_its_own_may_change(place: Place, bot: Client, maintainer: Client) -> None:
    body = {"name": "Trails", "head_sha": head(place)}
    told = await maintainer.post(RUNS, body)
    assert (told.status, told.data["message"]) == (403, "You must authenticate via a GitHub App.")
    number = (await bot.post(RUNS, body)).data["id"]
    world, bot_token = place.world, bot.token
    for slug, permissions in (("weather", {"checks": "write"}), ("curious", {"checks": "read"})):
        app = world.app(
            slug=slug, owner=place.organization, permissions=permissions, webhook_secret="x", public_key="x"
        )
        bot.token = world.installation_token(world.install(app, place.organization)).value
        refused = await bot("PATCH", f"{RUNS}/{number}", {"conclusion": "success"})
        assert refused.status == 403
        assert ("can only be modified by the GitHub App" in refused.data["message"]) == (slug == "weather")
    bot.token = bot_token
    assert (await bot("PATCH", f"{RUNS}/{number + 1}", {"conclusion": "success"})).status == 404
    place.world.archive(place.repo)
    assert (await bot("PATCH", f"{RUNS}/{number}", {"conclusion": "success"})).status == 403


def told(place: Place) -> list[tuple[str | None, str, str | None]]:
    """What webhooks told of suites: the action, whose it is, and what has come of it."""
    suites = [
        (each.action, each.payload["check_suite"]) for each in place.world.deliveries if each.event == "check_suite"
    ]
    return [(action, suite["app"]["slug"], suite["conclusion"]) for action, suite in suites]


def test_all_apps_hear_of_a_suite_that_is_over_and_only_its_own_that_it_is_asked_for(place: Place) -> None:
    world = place.world
    pull = world.open_pull_request(place.repo, by=place.ada, title="Huts", files=[ChangedFile(filename="huts.yml")])
    first = world.check_suite(pull)
    world.conclude(first, "action_required")
    world.rerequest(first, by=place.maintainer)
    world.conclude(first, "success")
    ours = world.check_suite(pull, app=place.app, conclusion="failure")
    world.rerequest(ours, by=place.ada)
    actions = "github-actions"
    assert told(place) == [
        ("completed", actions, "action_required"), ("completed", actions, "success"),
        ("requested", "switchback", None), ("completed", "switchback", "failure"), ("rerequested", "switchback", None),
    ]  # fmt: skip
    assert first.head_sha == pull.head_sha
    assert len({each.app.id for each in place.repo.check_suites.values()}) == 2


async def test_a_suite_is_over_when_its_runs_are_and_as_bad_as_the_worst(place: Place, bot: Client) -> None:
    body = {"name": "Trails", "head_sha": head(place)}
    trails = (await bot.post(RUNS, body)).data["id"]
    huts = (await bot.post(RUNS, {**body, "name": "Huts", "status": "in_progress"})).data["id"]
    await bot("PATCH", f"{RUNS}/{trails}", {"conclusion": "failure"})
    assert told(place) == []
    await bot("PATCH", f"{RUNS}/{huts}", {"conclusion": "skipped"})
    await bot.post(RUNS, {**body, "conclusion": "skipped"})
    assert told(place) == [("completed", "switchback", "failure"), ("completed", "switchback", "skipped")]
    [suite] = place.repo.check_suites.values()
    assert suite.conclusion == "skipped"
