"""Who may call, and what they may do: JWTs, tokens, permissions, rate limits."""

from datetime import timedelta

import jwt
import pytest

from bot.sandbox import Limits, Running
from bot.sandbox.acts.apps import new_private_key
from tests.github_spec import RestSpec
from tests.sandbox.conftest import Client, Place, Told

REPO = "/repos/alpine-tools/trail-maps"


def message(told: Told) -> tuple[int, str]:
    return told.status, told.data["message"]


async def test_an_app_calls_with_its_id_or_its_client_id(place: Place, as_app: Client) -> None:
    assert (await as_app.get("/app")).data["slug"] == "switchback"
    as_app.token = place.app_token(iss=place.app.client_id)
    assert (await as_app.get("/app")).data["installations_count"] == 1


@pytest.mark.parametrize(
    ("claims", "status", "says"),
    [
        ({"lives": -1}, 401, "'Expiration time' claim ('exp') must be a numeric value representing the future time"),
        ({"exp": "soon"}, 401, "'Expiration time' claim ('exp') must be a numeric value representing the future time"),
        ({"lives": 601}, 401, "'Expiration time' claim ('exp') is too far in the future"),
        ({"issued": 60}, 401, "'Issued at' claim ('iat') must be an Integer"),
        ({"iss": None}, 401, "Missing 'issuer' claim ('iss') in assertion"),
        ({"iss": "1"}, 404, "Integration not found"),
    ],
)
async def test_a_wrong_jwt_is_refused_in_githubs_words(
    place: Place, as_app: Client, claims: dict[str, float], status: int, says: str
) -> None:
    as_app.token = place.app_token(**claims)
    told = await as_app.get("/app")
    assert told.status == status
    assert told.data["message"].startswith(says)


async def test_a_jwt_of_another_key_and_no_jwt_at_all_cannot_be_decoded(
    place: Place, as_app: Client, bot: Client, nobody: Client
) -> None:
    real = place.app.private_key
    place.app.private_key = new_private_key()
    as_app.token = place.app_token()
    place.app.private_key = real
    unreadable = (401, "A JSON web token could not be decoded")
    for caller in (as_app, bot, nobody):
        assert message(await caller.get("/app")) == unreadable
    as_app.token = "what.is.this"
    assert message(await as_app.get("/app")) == unreadable


async def test_an_app_with_its_jwt_sees_no_repositories(as_app: Client) -> None:
    assert message(await as_app.get(f"{REPO}/issues")) == (401, "Bad credentials")


async def test_an_installation_token_lives_one_hour(place: Place, as_app: Client, nobody: Client) -> None:
    told = await as_app.post(f"/app/installations/{place.installation.id}/access_tokens")
    assert told.data["expires_at"] == "2025-03-03T10:00:00Z"
    assert told.data["token"].startswith("ghs_")
    nobody.token = told.data["token"]
    place.clock.forward(timedelta(minutes=59, seconds=59))
    assert (await nobody.get("/installation/repositories")).status == 200
    place.clock.forward(timedelta(seconds=1))
    assert message(await nobody.get("/installation/repositories")) == (401, "Bad credentials")


async def test_only_an_installation_has_repositories_and_a_token_to_revoke(
    place: Place, ada: Client, as_app: Client
) -> None:
    own = "Resource not accessible by personal access token"
    assert message(await ada.get("/installation/repositories")) == (403, own)
    assert message(await ada("DELETE", "/installation/token")) == (403, own)
    assert (await as_app.get("/users/ada/installation")).status == 404
    assert (await as_app.get("/app/installations/1")).status == 404
    assert (await as_app.get("/app/installations?since=2025-03-04T00:00:00Z")).data == []
    selected = place.world.repository(place.ada, "own")
    place.world.install(place.app, place.ada, repositories=[])
    assert (await as_app.get(f"/repos/{selected.full_name}/installation")).status == 404


async def test_unknown_and_revoked_tokens_are_bad_credentials(place: Place, bot: Client, nobody: Client) -> None:
    assert (await bot("DELETE", "/installation/token")).status == 204
    for token in (bot.token, "ghs_unknown"):
        nobody.token = token
        assert message(await nobody.get(REPO)) == (401, "Bad credentials")
    nobody.token = None
    assert message(await nobody.get(REPO, Authorization="Digest no")) == (401, "Bad credentials")


async def test_a_suspended_installation_is_locked_out_until_it_is_not(
    place: Place, as_app: Client, bot: Client
) -> None:
    place.world.suspend(place.installation)
    suspended = (403, "This installation has been suspended")
    tokens = f"/app/installations/{place.installation.id}/access_tokens"
    assert message(await bot.get(REPO)) == suspended
    assert message(await as_app.post(tokens)) == suspended
    before = len(place.world.deliveries)
    place.world.open_issue(place.repo, by=place.ada, title="Nobody hears this")
    assert len(place.world.deliveries) == before
    place.world.unsuspend(place.installation)
    assert (await bot.get(REPO)).status == 200


async def test_an_uninstalled_app_has_no_token_and_no_installation(place: Place, as_app: Client, bot: Client) -> None:
    place.world.uninstall(place.installation)
    assert message(await bot.get(REPO)) == (401, "Bad credentials")
    assert (await as_app.get(f"/app/installations/{place.installation.id}")).status == 404
    assert (await as_app.get(f"{REPO}/installation")).status == 404
    assert place.world.deliveries[-1].name == "installation.deleted"


async def test_a_token_can_be_narrowed_but_not_widened(place: Place, as_app: Client, nobody: Client) -> None:
    secret = place.world.repository(place.organization, "secret", private=True)
    tokens = f"/app/installations/{place.installation.id}/access_tokens"
    told = await as_app.post(tokens, {"repositories": ["trail-maps"], "permissions": {"issues": "read"}})
    assert told.data["repository_selection"] == "selected"
    nobody.token = told.data["token"]
    assert (await nobody.get("/installation/repositories")).data["total_count"] == 1
    assert (await nobody.get(f"/repos/{secret.full_name}")).status == 404
    refused = await nobody.post(f"{REPO}/issues", {"title": "No"})
    assert message(refused) == (403, "Resource not accessible by integration")
    assert refused.headers["X-Accepted-GitHub-Permissions"] == "issues=write"
    for body in ({"repositories": ["nothing"]}, {"permissions": {"administration": "write"}}):
        assert (await as_app.post(tokens, body)).status == 422


async def test_an_installation_sees_its_own_private_repositories_only(
    place: Place, bot: Client, nobody: Client
) -> None:
    world = place.world
    others = world.organization("lowland-tools")
    mine, theirs = (world.repository(owner, "secret", private=True) for owner in (place.organization, others))
    public = world.repository(others, "open")
    assert (await bot.get(f"/repos/{mine.full_name}")).status == 200
    assert (await bot.get(f"/repos/{theirs.full_name}")).status == 404
    assert (await nobody.get(f"/repos/{mine.full_name}")).status == 404
    world.open_issue(public, by=place.ada, title="Hello")
    assert (await bot.get(f"/repos/{public.full_name}/issues/1")).status == 200
    told = await bot.post(f"/repos/{public.full_name}/issues/1/comments", {"body": "Hello"})
    assert message(told) == (403, "Resource not accessible by integration")


async def test_a_pull_request_needs_another_permission_than_an_issue(place: Place, nobody: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    nobody.token = place.world.installation_token(place.installation, permissions={"issues": "write"}).value
    assert (await nobody.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Hello"})).status == 201
    told = await nobody.post(f"{REPO}/issues/{pull.number}/comments", {"body": "Hello"})
    assert message(told) == (403, "Resource not accessible by integration")


async def test_what_the_bot_writes_is_the_bots(place: Place, bot: Client, spec: RestSpec) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    told = await bot.post(f"{REPO}/issues/{issue.number}/comments", {"body": "Hello"})
    assert told.data["user"]["login"] == "switchback[bot]"
    assert told.data["user"]["type"] == "Bot"
    assert told.data["performed_via_github_app"]["slug"] == "switchback"
    event = place.world.deliveries[-1]
    assert (event.name, event.payload["sender"]["login"]) == ("issue_comment.created", "switchback[bot]")
    assert message(await bot.get("/user")) == (403, "Resource not accessible by integration")
    assert spec.violations == ["GET /user: not for apps"]
    spec.violations.clear()


async def test_a_stranger_may_speak_but_not_manage(place: Place, ada: Client, nobody: Client) -> None:
    told = await ada.post(f"{REPO}/issues", {"title": "Upside down", "labels": ["bug"], "assignees": ["mira"]})
    assert told.status == 201
    assert (told.data["labels"], told.data["assignees"]) == ([], [])
    one = f"{REPO}/issues/{told.data['number']}"
    assert (await ada("PATCH", one, {"title": "Still upside down", "state": "closed"})).data["state"] == "closed"
    for method, path, body in (
        ("POST", f"{one}/labels", {"labels": ["bug"]}),
        ("POST", f"{one}/assignees", {"assignees": ["ada"]}),
        ("PUT", f"{one}/lock", None),
        ("PATCH", one, {"labels": ["bug"]}),
        ("POST", f"{REPO}/labels", {"name": "mine"}),
    ):
        assert message(await ada(method, path, body)) == (403, "Must have admin rights to Repository.")
    assert message(await nobody.post(f"{one}/comments", {"body": "Hi"})) == (401, "Requires authentication")
    refused = await ada.get(f"{REPO}/collaborators")
    assert message(refused) == (403, "Must have push access to view repository collaborators.")


async def test_only_the_author_and_maintainers_change_a_comment(
    place: Place, ada: Client, maintainer: Client, nobody: Client
) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    comment = place.world.comment(issue, by=place.maintainer, body="Thank you!")
    path = f"{REPO}/issues/comments/{comment.id}"
    assert (await ada("PATCH", path, {"body": "Rude"})).status == 403
    assert (await maintainer("PATCH", path, {"body": "Thanks!"})).data["body"] == "Thanks!"
    assert (await maintainer("DELETE", path)).status == 204
    assert (await nobody.get(path)).status == 404


async def test_members_are_seen_by_members_and_by_apps_that_may(
    place: Place, bot: Client, ada: Client, nobody: Client
) -> None:
    async def seen(caller: Client) -> list[str]:
        return [each["login"] for each in (await caller.get("/orgs/alpine-tools/members")).data]

    assert await seen(bot) == ["mira", "hal"]
    assert await seen(ada) == await seen(nobody) == ["mira"]
    hidden = await ada.get("/orgs/alpine-tools/members/hal")
    assert hidden.status == 302
    assert (await ada.get(hidden.headers["Location"])).status == 404
    bot.token = place.world.installation_token(place.installation, permissions={"issues": "write"}).value
    assert await seen(bot) == ["mira"]
    assert message(await bot.get("/orgs/alpine-tools/teams")) == (403, "Resource not accessible by integration")
    assert message(await ada.get("/orgs/alpine-tools/memberships/hal"))[0] == 403
    assert (await nobody.get("/orgs/alpine-tools/teams")).status == 401


async def test_requests_are_counted_until_none_are_left(place: Place, github: Running, bot: Client) -> None:
    github.limits.core = 2
    first = await bot.get(REPO)
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    assert (await bot.get(REPO)).headers["X-RateLimit-Remaining"] == "0"
    spent = await bot.get(REPO)
    assert spent.status == 403
    assert spent.data["message"].startswith(f"API rate limit exceeded for installation ID {place.installation.id}.")
    assert spent.headers["X-RateLimit-Remaining"] == "0"
    assert spent.headers["X-RateLimit-Reset"] == str(int((place.clock() + timedelta(hours=1)).timestamp()))
    assert (await bot.get("/rate_limit")).data["resources"]["core"]["remaining"] == 0
    assert (await bot.get("/search/issues?q=is:issue")).headers["X-RateLimit-Resource"] == "search"
    place.clock.forward(timedelta(minutes=59))
    bot.token = place.installation_token()
    assert (await bot.get(REPO)).status == 403  # the limit is the installation's, not the token's
    place.clock.forward(timedelta(minutes=1))
    assert (await bot.get(REPO)).status == 200


async def test_too_many_writes_meet_the_secondary_limit(place: Place, github: Running, bot: Client) -> None:
    github.limits.writes_a_minute = 2
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    path = f"{REPO}/issues/{issue.number}/comments"
    for _ in range(2):
        assert (await bot.post(path, {"body": "Hello"})).status == 201
    refused = await bot.post(path, {"body": "Hello"})
    assert refused.status == 403
    assert refused.data["message"].startswith("You have exceeded a secondary rate limit")
    assert refused.headers["Retry-After"] == "61"
    place.clock.forward(timedelta(seconds=60))
    assert (await bot.post(path, {"body": "Hello"})).status == 201


async def test_requests_without_a_user_agent_and_bad_json_are_refused(nobody: Client, ada: Client) -> None:
    async with nobody.session.get(nobody.url, skip_auto_headers=["User-Agent"], headers={"User-Agent": ""}) as response:
        assert response.status == 403
    for text, says in (("{", "Problems parsing JSON"), ("5", "Body should be a JSON object")):
        headers = {"Authorization": f"Bearer {ada.token}"}
        async with ada.session.post(f"{ada.url}{REPO}/issues", data=text, headers=headers) as response:
            assert (response.status, (await response.json())["message"]) == (400, says)


async def test_an_app_made_of_a_manifest_gets_its_secrets_once(place: Place, nobody: Client, as_app: Client) -> None:
    manifest = {
        "name": "Trail Bot",
        "url": "https://example.org",
        "hook_attributes": {"url": "https://example.org/webhook"},
        "default_permissions": {"issues": "write"},
        "default_events": ["issues"],
    }
    code = place.world.app_from_manifest(manifest, owner=place.organization)
    told = await nobody.post(f"/app-manifests/{code}/conversions")
    assert (told.status, told.data["slug"], told.data["events"]) == (201, "trail-bot", ["issues"])
    as_app.token = jwt.encode(
        {"iss": told.data["client_id"], "iat": place.clock(), "exp": place.clock() + timedelta(minutes=5)},
        told.data["pem"],
        algorithm="RS256",
    )
    assert (await as_app.get("/app")).data["id"] == told.data["id"]
    assert (await as_app.get("/app/hook/config")).data["url"] == "https://example.org/webhook"
    assert (await nobody.post(f"/app-manifests/{code}/conversions")).status == 404
    late = place.world.app_from_manifest({"name": "Late Bot"}, owner=place.organization)
    place.clock.forward(timedelta(hours=1))
    assert (await nobody.post(f"/app-manifests/{late}/conversions")).status == 404


def test_githubs_limits_are_the_default() -> None:
    limits = Limits()
    assert (limits.core, limits.search, limits.anonymous) == (5000, 30, 60)


def test_an_app_cannot_subscribe_to_what_it_may_not_read(place: Place) -> None:
    with pytest.raises(ValueError, match="needs one of the permissions issues"):
        place.world.app(
            slug="nosy", owner=place.organization, permissions={}, events=["issues"], webhook_secret="x", public_key="x"
        )
