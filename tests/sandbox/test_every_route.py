"""Every route of the API, called at least once and answered as GitHub describes it.

What is checked here is the form: the `github` fixture compares each request and each answer with GitHub's document.
That the answers are right is the matter of the other tests.
"""

import base64

from bot.sandbox import ChangedFile, Running
from bot.sandbox.model import Comment, Discussion, Issue, PullRequest
from bot.sandbox.server import ROUTES
from tests.sandbox.conftest import Client, Place

REPO = "/repos/alpine-tools/trail-maps"


async def test_every_route_answers_in_githubs_form(
    github: Running, place: Place, as_app: Client, bot: Client, maintainer: Client, nobody: Client
) -> None:
    world = place.world
    github.limits.anonymous = 1000
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down", body="The map is.", labels=["bug"])
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it", files=[ChangedFile(filename="map.py")])
    discussion = world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    comment = world.comment(issue, by=place.ada, body="Still is.")
    world.release(place.repo, "2.0", by=place.maintainer)
    team = world.team(place.organization, "Mappers")
    world.join_team(team, place.helper)
    for caller in (bot, maintainer, nobody):
        await reads(caller, place, issue, pull, comment)
    world.review(pull, by=place.maintainer, state="COMMENTED", body="Nice")
    for path in (REPO, f"/repositories/{place.repo.id}"):
        await writes_of_issues(bot, path, issue, comment)
    await writes_of_pulls(bot, maintainer, place, pull)
    await checks(bot, place)
    await graphql(bot, discussion)
    await people(maintainer, bot)
    await app_routes(as_app, bot, place, github)

    called = {(seen.method, seen.route) for seen in github.requests}
    assert {(route.method, route.path) for route in ROUTES} - called == set()
    assert [seen for seen in github.requests if seen.status >= 500 or seen.route is None] == []


async def reads(caller: Client, place: Place, issue: Issue, pull: PullRequest, comment: Comment) -> None:
    for path in (REPO, f"/repositories/{place.repo.id}"):
        for rest in (
            "",
            "/issues?state=all&per_page=2&sort=updated&direction=asc",
            "/issues/events",
            f"/issues/{issue.number}",
            f"/issues/{pull.number}",
            f"/issues/{issue.number}/events",
            f"/issues/{issue.number}/comments?since=2024-01-01T00:00:00Z",
            f"/issues/{issue.number}/labels",
            f"/issues/{issue.number}/reactions",
            "/issues/comments?sort=updated",
            f"/issues/comments/{comment.id}",
            f"/issues/comments/{comment.id}/reactions",
            "/labels",
            "/labels/needs:%20triage",
            "/assignees",
            "/assignees/mira",
            "/pulls?state=all",
            f"/pulls/{pull.number}",
            f"/pulls/{pull.number}/files",
            f"/pulls/{pull.number}/commits",
            f"/pulls/{pull.number}/reviews",
            f"/pulls/{pull.number}/comments",
            "/pulls/comments",
            "/contents/README.md",
            "/contents/",
            "/git/ref/heads/main",
            "/git/trees/main?recursive=1",
            "/releases?per_page=5",
            "/commits?path=README.md&author=nobody&since=2024-01-01T00:00:00Z&until=2030-01-01T00:00:00Z&per_page=5",
            "/commits/main",
        ):
            told = await caller.get(path + rest)
            assert told.status == 200 or (rest == "/assignees/mira" and told.status == 204), (rest, told)
        assert (await caller.get(f"{path}/pulls/{pull.number}/merge")).status == 404
        for rest, status in (
            ("/collaborators", 200),
            ("/collaborators/mira", 204),
            ("/collaborators/ada", 404),
            ("/collaborators/ada/permission", 200),
        ):
            assert (await caller.get(path + rest)).status == (status if caller.token else 401)
    for path in (
        "/orgs/alpine-tools",
        "/orgs/alpine-tools/repos",
        "/orgs/alpine-tools/members",
        "/orgs/alpine-tools/public_members",
        "/users/ada",
        "/users/switchback%5Bbot%5D",
        f"/user/{place.ada.id}",
        "/rate_limit",
        "/search/issues?q=is:issue+org:alpine-tools&per_page=5",
    ):
        assert (await caller.get(path)).status == 200, path
    assert (await caller.get("/orgs/alpine-tools/public_members/mira")).status == 204
    assert (await caller.get("/orgs/alpine-tools/public_members/hal")).status == 404


async def writes_of_issues(bot: Client, repo: str, issue: Issue, comment: Comment) -> None:
    one = f"{repo}/issues/{issue.number}"

    async def told(status: int, method: str, path: str, body: object = None) -> int:
        answer = await bot(method, path, body)
        assert answer.status == status, (method, path, answer)
        number = answer.data.get("id", 0) if isinstance(answer.data, dict) else 0
        assert isinstance(number, int)
        return number

    await told(201, "POST", f"{repo}/issues", {"title": "By the bot", "labels": ["bug", "odd"], "assignees": ["mira"]})
    await told(200, "PATCH", one, {"title": "Really upside down", "labels": ["bug"], "assignees": ["hal"]})
    await told(200, "PATCH", one, {"state": "closed", "state_reason": "not_planned"})
    await told(200, "PATCH", one, {"state": "open"})
    await told(201, "POST", f"{one}/assignees", {"assignees": ["mira"]})
    await told(200, "DELETE", f"{one}/assignees", {"assignees": ["mira", "hal"]})
    await told(204, "PUT", f"{one}/lock", {"lock_reason": "resolved"})
    await told(204, "DELETE", f"{one}/lock")
    written = await told(201, "POST", f"{one}/comments", {"body": "Hello"})
    await told(200, "PATCH", f"{repo}/issues/comments/{written}", {"body": "Hello, Ada"})
    await told(204, "DELETE", f"{repo}/issues/comments/{written}")
    for subject in (one, f"{repo}/issues/comments/{comment.id}"):
        given = await told(201, "POST", f"{subject}/reactions", {"content": "heart"})
        assert await told(200, "POST", f"{subject}/reactions", {"content": "heart"}) == given
        await told(200, "GET", f"{subject}/reactions?content=heart")
        await told(204, "DELETE", f"{subject}/reactions/{given}")
    await told(200, "POST", f"{one}/labels", {"labels": ["good first issue"]})
    await told(200, "PUT", f"{one}/labels", {"labels": ["bug", "needs: triage"]})
    await told(200, "DELETE", f"{one}/labels/needs:%20triage")
    await told(204, "DELETE", f"{one}/labels")
    await told(201, "POST", f"{repo}/labels", {"name": "new", "color": "00ff00", "description": "Quite new"})
    await told(200, "PATCH", f"{repo}/labels/new", {"new_name": "newer", "color": "00ee00"})
    await told(204, "DELETE", f"{repo}/labels/newer")


async def writes_of_pulls(bot: Client, maintainer: Client, place: Place, pull: PullRequest) -> None:
    main = await bot.get(f"{REPO}/git/ref/heads/main")
    made = await bot.post(f"{REPO}/git/refs", {"ref": "refs/heads/roster", "sha": main.data["object"]["sha"]})
    assert made.status == 201
    content = base64.b64encode(b"- mira\n- hal\n").decode()
    body = {"message": "List the team", "content": content, "branch": "roster"}
    put = await bot("PUT", f"{REPO}/contents/team.yaml", body)
    assert put.status == 201
    again = await bot("PUT", f"{REPO}/contents/team.yaml", {**body, "sha": put.data["content"]["sha"]})
    assert again.status == 200
    opened = await bot.post(f"{REPO}/pulls", {"title": "Team", "head": "roster", "base": "main", "body": "As asked"})
    assert opened.status == 201
    assert opened.data["changed_files"] == 1
    own = f"{REPO}/pulls/{opened.data['number']}"
    assert (await bot("PATCH", own, {"title": "The team"})).status == 200
    assert (await bot("PATCH", own, {"state": "closed"})).data["state"] == "closed"
    assert (await bot("PATCH", own, {"state": "open"})).data["state"] == "open"
    assert (await bot("PUT", f"{own}/merge", {"sha": put.data["commit"]["sha"]})).status == 409
    assert (await bot("PUT", f"{own}/merge")).data["merged"] is True
    assert (await bot.get(f"{own}/merge")).status == 204
    assert (await bot.get(f"{REPO}/contents/team.yaml")).data["encoding"] == "base64"
    line = {"body": "Why?", "path": "map.py", "line": 3, "commit_id": pull.head_sha}
    said = await bot.post(f"{REPO}/pulls/{pull.number}/comments", line)
    assert said.status == 201
    above = f"{REPO}/pulls/comments/{said.data['id']}"
    answers = f"{REPO}/pulls/{pull.number}/comments/{said.data['id']}/replies"
    replied = await maintainer.post(answers, {"body": "Ah"})
    assert replied.data["in_reply_to_id"] == said.data["id"]
    given = await bot.post(f"{above}/reactions", {"content": "eyes"})
    assert (await bot.get(f"{above}/reactions")).data[0]["content"] == "eyes"
    assert (await bot("DELETE", f"{above}/reactions/{given.data['id']}")).status == 204
    assert (await bot("PATCH", above, {"body": "Why so green?"})).data["body"] == "Why so green?"
    assert (await bot.get(above)).data["pull_request_review_id"] == pull.reviews[-2].id
    assert (await bot("DELETE", above)).status == 204
    reviews = f"{REPO}/pulls/{pull.number}/reviews"
    wish = (await bot.post(reviews, {"event": "REQUEST_CHANGES", "body": "Thank you!"})).data
    assert (await bot("PUT", f"{reviews}/{wish['id']}", {"body": "Thanks!"})).data["body"] == "Thanks!"
    dismissed = await bot("PUT", f"{reviews}/{wish['id']}/dismissals", {"message": "Never mind"})
    assert dismissed.data["state"] == "DISMISSED"
    assert place.repo.branches["main"].files["team.yaml"] == "- mira\n- hal\n"


async def checks(bot: Client, place: Place) -> None:
    sha = place.repo.branches["main"].sha
    made = await bot.post(f"{REPO}/check-runs", {"name": "Trails", "head_sha": sha, "status": "in_progress"})
    assert made.status == 201
    one = f"{REPO}/check-runs/{made.data['id']}"
    output = {"title": "Good", "summary": "All of them"}
    assert (await bot("PATCH", one, {"conclusion": "success", "output": output})).data["status"] == "completed"
    for path in (one, f"{one}/annotations", f"{REPO}/commits/{sha}/check-runs", f"{REPO}/commits/{sha}/check-suites"):
        assert (await bot.get(path)).status == 200


async def graphql(bot: Client, discussion: Discussion) -> None:
    query = "query ($id: ID!) { viewer { login } node(id: $id) { ... on Discussion { title } } }"
    for path in ("/graphql", "/api/graphql"):
        told = await bot.post(path, {"query": query, "variables": {"id": discussion.node_id}})
        assert told.data["data"]["node"] == {"title": "Which way is up?"}


async def people(maintainer: Client, bot: Client) -> None:
    assert (await maintainer.get("/user")).data["login"] == "mira"
    for caller in (maintainer, bot):
        assert (await caller.get("/orgs/alpine-tools/members/hal")).status == 204
        assert (await caller.get("/orgs/alpine-tools/members/ada")).status == 404
        assert (await caller.get("/orgs/alpine-tools/memberships/hal")).data["role"] == "member"
        assert (await caller.get("/orgs/alpine-tools/teams")).data[0]["slug"] == "mappers"
        members = await caller.get("/orgs/alpine-tools/teams/mappers/members")
        assert [each["login"] for each in members.data] == ["hal"]
        assert (await caller.get("/orgs/alpine-tools/outside_collaborators")).data == []


async def app_routes(as_app: Client, bot: Client, place: Place, github: Running) -> None:
    github.courier.webhook_url = "http://127.0.0.1:9/nobody-is-there"
    place.world.open_issue(place.repo, by=place.ada, title="One more")
    await github.courier.drained()
    installation = f"/app/installations/{place.installation.id}"
    for path in (
        "/app",
        "/app/installations",
        installation,
        "/orgs/alpine-tools/installation",
        "/users/alpine-tools/installation",
        f"{REPO}/installation",
        f"/repositories/{place.repo.id}/installation",
        "/app/hook/config",
        "/app/hook/deliveries?per_page=10&status=failure",
    ):
        assert (await as_app.get(path)).status == 200, path
    config = {"url": "http://127.0.0.1:9/elsewhere", "secret": "a new secret"}
    assert (await as_app("PATCH", "/app/hook/config", config)).data["url"] == config["url"]
    log = (await as_app.get("/app/hook/deliveries")).data
    assert log[0]["status"] == "failed to connect to host"
    assert (await as_app.get(f"/app/hook/deliveries/{log[0]['id']}")).data["request"]["payload"]["action"] == "opened"
    assert (await as_app.post(f"/app/hook/deliveries/{log[0]['id']}/attempts")).status == 202
    assert (await as_app.post(f"{installation}/access_tokens", {"permissions": {"issues": "read"}})).status == 201
    code = place.world.app_from_manifest({"name": "Another bot"}, owner=place.organization)
    assert (await as_app.post(f"/app-manifests/{code}/conversions")).data["slug"] == "another-bot"
    assert (await bot.get("/installation/repositories")).data["total_count"] == 1
    assert (await bot("DELETE", "/installation/token")).status == 204
    assert (await as_app("PUT", f"{installation}/suspended")).status == 204
    assert (await as_app("DELETE", f"{installation}/suspended")).status == 204
    assert (await as_app("DELETE", installation)).status == 204
