"""The checker itself: what it lets pass, and what it does not."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox import application
from tests.github_spec import RestSpec, SpecError, WebhookSpec
from tests.sandbox.conftest import Place

COMMENTS = "/repos/alpine-tools/trail-maps/issues/1/comments"


def test_good_requests_pass(spec: RestSpec) -> None:
    spec.check_request("POST", COMMENTS, {"body": "Hello"}, app=True)
    spec.check_request("GET", "/repositories/5/issues?state=all&per_page=100&labels=a,b")
    spec.check_request("GET", "/repos/a/b/contents/.github/workflows/test.yml?ref=main")
    spec.check_request("GET", "/repos/a/b/git/ref/heads/feature/one")
    spec.check_request("PUT", "/repos/a/b/issues/1/lock")


@pytest.mark.parametrize(
    ("method", "url", "body", "says"),
    [
        ("GET", "/repos/a/b/nonsense", None, "GitHub has no operation GET /repos/a/b/nonsense"),
        ("PATCH", COMMENTS, None, "GitHub has no operation PATCH"),
        ("POST", COMMENTS, None, "the body is missing"),
        ("POST", COMMENTS, {}, '"body" is a required property'),
        ("POST", COMMENTS, {"body": 5}, 'body/body: 5 is not of type "string"'),
        ("POST", COMMENTS, {"body": "Hello", "mood": "good"}, "GitHub knows no field mood"),
        ("GET", "/repos/a/b/issues?mood=good", None, "GitHub knows no query parameter mood"),
        ("GET", "/repos/a/b/issues?state=happy", None, "state=happy"),
        ("GET", "/repos/a/b/issues?per_page=many", None, "per_page=many"),
        ("GET", "/search/issues", None, "the query lacks q"),
        ("GET", "/app", {"a": 1}, "the operation takes no body"),
    ],
)
def test_bad_requests_do_not(spec: RestSpec, method: str, url: str, body: object, says: str) -> None:
    with pytest.raises(SpecError) as caught:
        spec.check_request(method, url, body)
    assert says in str(caught.value)


def test_apps_must_keep_to_what_is_theirs(spec: RestSpec) -> None:
    spec.check_request("GET", "/user")
    with pytest.raises(SpecError, match="not for apps"):
        spec.check_request("GET", "/user", app=True)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (201, {"id": 5}, '"node_id" is a required property'),
        (418, {}, "GitHub does not answer 418"),
        (502, {}, "an error without a message"),
    ],
)
def test_bad_answers_do_not_pass(spec: RestSpec, status: int, body: object, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        spec.check_response("POST", COMMENTS, status, body)
    spec.check_response("POST", COMMENTS, 502, {"message": "Server Error"})
    with pytest.raises(SpecError, match="a body where GitHub sends none"):
        spec.check_response("PUT", "/repos/a/b/issues/1/lock", 204, {"a": 1})


def test_bad_webhooks_do_not_pass(place: Place, hooks: WebhookSpec) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    payload = place.world.deliveries[-1].payload
    hooks.check("issues", payload)
    del payload["issue"]["user"]["login"]
    with pytest.raises(SpecError, match=r'issues/opened: .*"login" is a required property'):
        hooks.check("issues", payload)
    with pytest.raises(SpecError, match="GitHub has no webhook issues/applauded"):
        hooks.check("issues", {"action": "applauded"})


async def test_the_middleware_collects_what_is_wrong(place: Place, spec: RestSpec) -> None:
    @web.middleware
    async def meddle(request: web.Request, handler: object) -> web.StreamResponse:
        return web.json_response({"login": "nobody"})

    app = application(place.world, middlewares=[spec.watch, meddle])
    async with TestClient(TestServer(app)) as client:
        await client.get("/users/ada")
        await client.get("/users/ada/mood")
    assert len(spec.violations) == 2
    assert spec.violations[0].startswith("GET /users/{username} 200: ")
    assert spec.violations[1] == "GitHub has no operation GET /users/ada/mood"
