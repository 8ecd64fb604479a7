"""Lists and searches: pages, filters, ETags, and an index that lags behind."""

from datetime import timedelta

import pytest

from bot.sandbox import ChangedFile, Running
from bot.sandbox.rest.search import in_range
from tests.sandbox.conftest import MORNING, Client, Place

REPO = "/repos/alpine-tools/trail-maps"


def links(header: str) -> dict[str, str]:
    """The addresses of a Link header by their names."""
    found = {}
    for part in header.split(", "):
        address, _, name = part.partition("; ")
        found[name.removeprefix('rel="').rstrip('"')] = address.strip("<>")
    return found


async def test_long_lists_come_in_pages(place: Place, bot: Client) -> None:
    for index in range(5):
        place.world.open_issue(place.repo, by=place.ada, title=f"Issue {index}")
    first = await bot.get(f"{REPO}/issues?per_page=2&state=all")
    assert [issue["number"] for issue in first.data] == [5, 4]
    around = links(first.headers["Link"])
    assert set(around) == {"next", "last"}
    # GitHub names the repository by its id there.
    assert around["next"] == f"{bot.url}/repositories/{place.repo.id}/issues?per_page=2&state=all&page=2"
    second = await bot.get(around["next"])
    assert set(links(second.headers["Link"])) == {"prev", "first", "next", "last"}
    last = await bot.get(links(second.headers["Link"])["next"])
    assert [issue["number"] for issue in last.data] == [1]
    assert set(links(last.headers["Link"])) == {"prev", "first"}
    beyond = await bot.get(f"{REPO}/issues?per_page=2&page=9")
    assert beyond.data == []
    assert "Link" not in (await bot.get(f"{REPO}/issues?per_page=100")).headers


async def test_no_page_is_longer_than_a_hundred(place: Place, nobody: Client, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Popular")
    for index in range(101):
        place.world.comment(issue, by=place.ada, body=f"Comment {index}")
    url = f"{REPO}/issues/{issue.number}/comments"
    assert len((await bot.get(url)).data) == 30
    assert len((await bot.get(f"{url}?per_page=1000")).data) == 100


async def test_issues_are_chosen_by_state_label_date_and_people(place: Place, bot: Client) -> None:
    world = place.world
    old = world.open_issue(place.repo, by=place.ada, title="old", labels=["bug", "needs: triage"])
    place.clock.forward(timedelta(days=1))
    bot.token = place.installation_token()
    new = world.open_issue(place.repo, by=place.maintainer, title="new", labels=["bug"], assignees=[place.helper])
    pull = world.open_pull_request(place.repo, by=place.ada, title="pull")
    world.open_discussion(place.repo, by=place.ada, title="no issue at all")
    world.close(new, by=place.maintainer)

    async def found(query: str) -> list[int]:
        return [each["number"] for each in (await bot.get(f"{REPO}/issues?{query}")).data]

    assert await found("") == [pull.number, old.number]
    assert await found("state=closed") == [new.number]
    assert await found("state=all&direction=asc") == [1, 2, 3]
    assert await found("state=all&labels=bug,Needs:%20Triage") == [old.number]
    assert await found("state=all&creator=ADA") == [pull.number, old.number]
    assert await found("state=all&assignee=hal") == [new.number]
    assert await found("state=all&assignee=*") == [new.number]
    assert await found("assignee=none") == [pull.number, old.number]
    assert await found("state=all&since=2025-03-04T09:00:00Z") == [pull.number, new.number]
    world.comment(old, by=place.ada, body="Still there")
    assert await found("sort=comments") == [old.number, pull.number]
    assert await found("sort=updated&direction=asc") == [old.number, pull.number]
    assert (await bot.get(f"{REPO}/issues?since=yesterday")).status == 422
    as_issue = (await bot.get(f"{REPO}/issues/{pull.number}")).data
    as_pull = (await bot.get(f"{REPO}/pulls/{pull.number}")).data
    assert as_issue["pull_request"]["url"] == as_pull["url"]
    assert as_issue["id"] != as_pull["id"]
    assert as_issue["node_id"] == as_pull["node_id"]


async def test_comments_are_listed_from_a_date_on(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    first = place.world.comment(issue, by=place.ada, body="first")
    place.clock.forward(timedelta(hours=1))
    second = place.world.comment(issue, by=place.ada, body="second")
    bot.token = place.installation_token()
    since = "since=2025-03-03T09:30:00Z"
    for url in (f"{REPO}/issues/{issue.number}/comments", f"{REPO}/issues/comments"):
        assert [each["id"] for each in (await bot.get(url)).data] == [first.id, second.id]
        assert [each["id"] for each in (await bot.get(f"{url}?{since}")).data] == [second.id]
    newest = await bot.get(f"{REPO}/issues/comments?sort=created&direction=desc")
    assert [each["id"] for each in newest.data] == [second.id, first.id]
    place.clock.forward(timedelta(minutes=59))
    place.world.edit_comment(first, by=place.ada, body="first, edited")
    assert len((await bot.get(f"{REPO}/issues/comments?{since}")).data) == 2


async def test_the_timeline_tells_what_happened(place: Place, bot: Client) -> None:
    world, mira = place.world, place.maintainer
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down", labels=["needs: triage"])
    world.unlabel(issue, "needs: triage", by=mira)
    world.assign(issue, place.helper, by=mira)
    world.edit(issue, by=mira, title="The map is upside down")
    world.close(issue, by=mira, reason="not_planned")
    events = (await bot.get(f"{REPO}/issues/{issue.number}/events")).data
    assert [each["event"] for each in events] == ["labeled", "unlabeled", "assigned", "renamed", "closed"]
    assert events[1]["label"]["name"] == "needs: triage"
    assert (events[2]["assignee"]["login"], events[2]["assigner"]["login"]) == ("hal", "mira")
    assert events[3]["rename"] == {"from": "Upside down", "to": "The map is upside down"}
    everything = (await bot.get(f"{REPO}/issues/events")).data
    assert [each["event"] for each in everything] == [each["event"] for each in reversed(events)]
    assert everything[0]["issue"]["number"] == issue.number


async def test_what_has_not_changed_costs_nothing(place: Place, bot: Client, nobody: Client) -> None:
    first = await bot.get(f"{REPO}/issues")
    again = await bot.get(f"{REPO}/issues", If_None_Match=first.headers["Etag"])
    assert (again.status, again.data) == (304, None)
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]
    place.world.open_issue(place.repo, by=place.ada, title="Something new")
    changed = await bot.get(f"{REPO}/issues", If_None_Match=first.headers["Etag"])
    assert changed.status == 200
    assert changed.headers["Etag"] != first.headers["Etag"]
    free = await nobody.get(REPO)
    same = await nobody.get(REPO, If_None_Match=free.headers["Etag"])
    assert same.status == 304
    assert int(same.headers["X-RateLimit-Remaining"]) == int(free.headers["X-RateLimit-Remaining"]) - 1


async def test_files_are_read_as_json_as_text_and_as_folders(place: Place, bot: Client) -> None:
    place.world.write_file(place.repo, ".github/switchback.yml", "greet: true\n")
    told = await bot.get(f"{REPO}/contents/.github/switchback.yml")
    assert (told.data["type"], told.data["content"]) == ("file", "Z3JlZXQ6IHRydWUK\n")
    raw = await bot.get(f"{REPO}/contents/.github/switchback.yml", Accept="application/vnd.github.raw+json")
    assert raw.data == "greet: true\n"
    top = await bot.get(f"{REPO}/contents/")
    assert [(each["name"], each["type"]) for each in top.data] == [(".github", "dir"), ("README.md", "file")]
    assert (await bot.get(f"{REPO}/contents/nothing.txt")).status == 404
    assert (await bot.get(f"{REPO}/contents/README.md?ref=nothing")).status == 404
    place.world.delete_file(place.repo, "README.md")
    assert (await bot.get(f"{REPO}/contents/README.md")).status == 404


async def test_a_file_is_not_replaced_unseen(place: Place, bot: Client, ada: Client) -> None:
    body = {"message": "Change", "content": "Y2hhbmdlZAo="}
    url = f"{REPO}/contents/README.md"
    assert (await bot("PUT", url, body)).status == 422
    assert (await bot("PUT", url, {**body, "sha": "0" * 40})).status == 409
    assert (await bot("PUT", url, {**body, "content": "?"})).status == 422
    assert (await ada("PUT", url, body)).status == 403
    sha = (await bot.get(url)).data["sha"]
    assert (await bot("PUT", url, {**body, "sha": sha})).status == 200
    assert place.repo.branches["main"].files["README.md"] == "changed\n"


async def test_a_pull_request_must_bring_something_new(place: Place, bot: Client) -> None:
    main = (await bot.get(f"{REPO}/git/ref/heads/main")).data["object"]["sha"]
    assert (await bot.post(f"{REPO}/git/refs", {"ref": "refs/heads/team", "sha": main})).status == 201
    for body in (
        {"ref": "refs/heads/team", "sha": main},
        {"ref": "team", "sha": main},
        {"ref": "refs/heads/x", "sha": "0"},
    ):
        assert (await bot.post(f"{REPO}/git/refs", body)).status == 422
    pull = {"title": "Team", "head": "team", "base": "main"}
    told = await bot.post(f"{REPO}/pulls", pull)
    assert told.data["errors"][0]["message"] == "No commits between main and team"
    place.world.write_file(place.repo, "team.yml", "- mira\n", branch="team")
    assert (await bot.post(f"{REPO}/pulls", pull)).status == 201
    told = await bot.post(f"{REPO}/pulls", pull)
    assert told.data["errors"][0]["message"] == "A pull request already exists for alpine-tools:team."
    for wrong in ({**pull, "head": "nothing"}, {**pull, "base": "nothing"}):
        assert (await bot.post(f"{REPO}/pulls", wrong)).status == 422
    assert [each["number"] for each in (await bot.get(f"{REPO}/pulls?head=alpine-tools:team")).data] == [1]


async def test_merging_and_reviewing_have_their_rules(
    place: Place, bot: Client, ada: Client, maintainer: Client
) -> None:
    files = [ChangedFile(filename="map.py")]
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=files, draft=True)
    url = f"{REPO}/pulls/{pull.number}"
    assert (await maintainer("PUT", f"{url}/merge")).status == 405
    place.world.ready_for_review(pull, by=place.ada)
    assert (await ada("PUT", f"{url}/merge")).status == 403
    told = await ada.post(f"{url}/reviews", {"event": "APPROVE"})
    assert (told.status, told.data["errors"]) == (422, ["Can not approve your own pull request"])
    assert (await maintainer.post(f"{url}/reviews", {"event": "REQUEST_CHANGES"})).status == 422
    assert (await maintainer.post(f"{url}/reviews", {"event": "APPROVE"})).data["state"] == "APPROVED"
    assert (await maintainer("PUT", f"{url}/merge")).status == 200
    assert (await bot("PATCH", url, {"state": "open"})).status == 422
    assert (await bot.get(f"{REPO}/issues/{pull.number}")).data["pull_request"]["merged_at"] == "2025-03-03T09:00:00Z"


async def test_search_finds_by_qualifiers(place: Place, bot: Client) -> None:
    world = place.world
    old = world.open_issue(place.repo, by=place.ada, title="The map is upside down", labels=["needs: triage"])
    place.clock.forward(timedelta(days=2))
    bot.token = place.installation_token()
    other = world.repository(world.organization("lowland-tools"), "canals")
    world.open_issue(other, by=place.ada, title="elsewhere")
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    world.merge(pull, by=place.maintainer)
    world.comment(old, by=place.maintainer, body="Thanks")

    async def found(query: str) -> list[str]:
        told = await bot.get(f"/search/issues?q={query.replace(' ', '+')}")
        assert told.status == 200, told
        assert told.data["total_count"] == len(told.data["items"])
        return [each["title"] for each in told.data["items"]]

    assert await found("is:issue author:ada") == ["elsewhere", "The map is upside down"]
    assert await found("is:pr org:alpine-tools author:Ada") == ["Turn it"]
    assert await found("type:issue repo:alpine-tools/trail-maps") == ["The map is upside down"]
    assert await found("is:issue org:alpine-tools -author:ada") == []
    assert await found("is:issue -org:lowland-tools") == ["The map is upside down"]
    assert await found("is:issue repo:lowland-tools/canals user:alpine-tools") == [
        "elsewhere",
        "The map is upside down",
    ]
    assert await found("is:issue org:alpine-tools created:<2025-03-04") == ["The map is upside down"]
    assert await found("is:issue created:>=2025-03-05 author:ada") == ["elsewhere"]
    assert await found("is:issue created:2025-03-01..2025-03-03") == ["The map is upside down"]
    assert await found("is:pr merged:>2025-03-04") == ["Turn it"]
    assert await found("is:pr is:merged is:closed -is:draft") == ["Turn it"]
    assert await found("is:pr is:unmerged") == []
    assert await found('is:issue label:"needs: triage" state:open') == ["The map is upside down"]
    assert await found("is:issue UPSIDE map") == ["The map is upside down"]
    assert await found("is:issue no:label") == ["elsewhere"]
    assert await found("is:issue commenter:mira no:assignee updated:2025-03-05") == ["The map is upside down"]
    assert await found("is:pr author:app/switchback") == []
    assert await found("is:issue closed:>2025-01-01") == []
    assert await found("is:issue author:ada&sort=created&order=asc") == ["The map is upside down", "elsewhere"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("author:ada", "Query must include 'is:issue' or 'is:pull-request'"),
        ("-is:issue author:ada", "Query must include 'is:issue' or 'is:pull-request'"),
        ("", "Validation Failed"),
        ("is:issue author:who-is-this", "Validation Failed"),
        ("is:issue org:who-is-this", "Validation Failed"),
        ("is:issue repo:alpine-tools/nothing", "Validation Failed"),
        ("is:issue created:yesterday", "Validation Failed"),
        ("is:issue is:lovely", "The sandbox does not know is:lovely"),
        ("is:issue mood:lovely", "The sandbox does not know the qualifier mood:"),
    ],
)
async def test_search_refuses_in_githubs_words(place: Place, bot: Client, query: str, says: str) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    told = await bot.get(f"/search/issues?q={query.replace(' ', '+')}")
    assert (told.status, told.data["message"]) == (422, says)
    if "author:who" in query:
        assert told.data["errors"][0]["message"].startswith("The listed users cannot be searched either because")


async def test_whom_github_has_flagged_cannot_be_searched_for(place: Place, bot: Client) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    place.world.flag(place.ada)
    told = await bot.get("/search/issues?q=is:issue+author:ada")
    assert told.status == 422
    assert told.data["errors"][0]["message"].startswith("The listed users cannot be searched either because")
    assert (await bot.get("/users/ada")).status == 404
    assert (await bot.get(f"{REPO}/issues/1")).data["user"]["login"] == "ada"


async def test_the_search_index_lags_behind(place: Place, bot: Client) -> None:
    place.world.search_lag = timedelta(minutes=2)
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    url = "/search/issues?q=is:issue+author:ada"
    assert (await bot.get(url)).data["total_count"] == 0
    place.clock.forward(timedelta(minutes=2))
    assert (await bot.get(url)).data["total_count"] == 1


def test_a_bare_day_in_a_search_means_all_of_it() -> None:
    assert in_range(MORNING, "2025-03-03")
    assert in_range(MORNING, "<=2025-03-03")
    assert not in_range(MORNING, ">2025-03-03")
    assert in_range(MORNING, "*..2025-03-03")
    assert in_range(MORNING, "2025-03-03..*")
    assert in_range(MORNING, ">=2025-03-03T09:00:00Z")


async def test_the_log_of_requests_tells_who_asked_what(
    github: Running, place: Place, bot: Client, nobody: Client
) -> None:
    await nobody.get(f"{REPO}/issues?state=all")
    await bot.post(f"{REPO}/issues", {"title": "Hello"})
    read, wrote = github.requests
    assert (read.method, read.path, read.query, read.actor) == ("GET", f"{REPO}/issues", {"state": "all"}, None)
    assert (wrote.body, wrote.status, wrote.actor) == ({"title": "Hello"}, 201, "switchback[bot]")
    assert wrote.route == "/repos/{owner}/{repo}/issues"


async def test_what_an_app_has_opened_is_found_by_its_name(place: Place, bot: Client) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    own = (await bot.post(f"{REPO}/issues", {"title": "How things are", "body": "Well"})).data["number"]
    for creator in ("app%2Fswitchback", "switchback%5Bbot%5D", "Switchback%5Bbot%5D"):
        found = (await bot.get(f"{REPO}/issues?creator={creator}")).data
        assert [each["number"] for each in found] == [own]
    edited = await bot("PATCH", f"{REPO}/issues/{own}", {"body": "Better", "state": "closed"})
    assert (edited.data["body"], edited.data["state"]) == ("Better", "closed")


async def test_a_maintainer_takes_a_comment_away(place: Place, bot: Client, maintainer: Client, ada: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    said = (await bot.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Welcome"})).data["id"]
    assert (await ada("DELETE", f"{REPO}/issues/comments/{said}")).status == 403
    assert (await maintainer("DELETE", f"{REPO}/issues/comments/{said}")).status == 204
    told = place.world.deliveries[-1]
    assert (told.name, told.payload["sender"]["login"]) == ("issue_comment.deleted", "mira")
    assert (told.payload["comment"]["id"], told.payload["comment"]["user"]["login"]) == (said, "switchback[bot]")
