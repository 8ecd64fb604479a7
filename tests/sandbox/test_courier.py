"""The courier: signed deliveries, once each, a log of them, and redelivery on request."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from gidgethub.sansio import Event

from bot.sandbox import Courier, Running
from tests.sandbox.conftest import Client, Place

SECRET = "a secret for tests"


@dataclass
class Hook:
    """A webhook that takes down what it gets. `statuses` are its next answers; then it says 202."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    wait: float = 0


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()

    async def take(request: web.Request) -> web.Response:
        hook.got.append((dict(request.headers), await request.read()))
        await asyncio.sleep(hook.wait)
        return web.Response(status=hook.statuses.pop(0) if hook.statuses else 202, text="taken")

    app = web.Application()
    app.router.add_post("/webhook", take)
    async with TestServer(app) as server:
        hook.url = str(server.make_url("/webhook"))
        yield hook


async def test_each_event_comes_once_signed_and_in_order(github: Running, place: Place, hook: Hook) -> None:
    github.courier.webhook_url = hook.url
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down", labels=["bug"])
    place.world.comment(issue, by=place.ada, body="Grüße aus den Bergen ⛰")
    await github.courier.drained()

    names = [(headers["X-GitHub-Event"], json.loads(body)["action"]) for headers, body in hook.got]
    assert names == [("issues", "opened"), ("issues", "labeled"), ("issue_comment", "created")]
    assert len({headers["X-GitHub-Delivery"] for headers, _ in hook.got}) == 3
    for headers, body in hook.got:
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature-256"] == f"sha256={signature}"
        assert headers["User-Agent"].startswith("GitHub-Hookshot/")
        assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(place.app.id)
        assert Event.from_http({k.lower(): v for k, v in headers.items()}, body, secret=SECRET).data["sender"]
    payload = json.loads(hook.got[-1][1])
    assert payload["comment"]["body"] == "Grüße aus den Bergen ⛰"
    assert payload["installation"]["id"] == place.installation.id
    assert payload["issue"]["comments_url"].startswith(github.url)  # what it names can be called


async def test_a_delivery_is_a_snapshot(place: Place) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    delivery = place.world.deliveries[-1]
    before = delivery.body
    delivery.payload["issue"]["title"] = "Forged"
    place.world.edit(issue, by=place.ada, title="Right side up")
    assert delivery.body == before
    assert delivery.payload["issue"]["title"] == "Upside down"
    assert delivery.headers(SECRET) == delivery.headers(SECRET)


async def test_a_failed_delivery_is_not_tried_again_until_asked_for(
    github: Running, place: Place, hook: Hook, as_app: Client
) -> None:
    github.courier.webhook_url = hook.url
    hook.statuses = [500]
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    await github.courier.drained()
    assert len(hook.got) == 1

    (entry,) = (await as_app.get("/app/hook/deliveries?status=failure")).data
    assert (entry["status"], entry["status_code"], entry["redelivery"]) == ("Invalid HTTP Response: 500", 500, False)
    assert (entry["event"], entry["action"], entry["repository_id"]) == ("issues", "opened", place.repo.id)
    detail = (await as_app.get(f"/app/hook/deliveries/{entry['id']}")).data
    assert detail["request"]["payload"] == place.world.deliveries[-1].payload
    assert detail["response"]["payload"] == "taken"

    assert (await as_app.post(f"/app/hook/deliveries/{entry['id']}/attempts")).status == 202
    await github.courier.drained()
    (first, body), (second, again) = hook.got
    assert first["X-GitHub-Delivery"] == second["X-GitHub-Delivery"] == entry["guid"]
    assert body == again
    log = (await as_app.get("/app/hook/deliveries")).data
    assert [(each["guid"], each["redelivery"], each["status_code"]) for each in log] == [
        (entry["guid"], True, 202),
        (entry["guid"], False, 500),
    ]
    good = (await as_app.get("/app/hook/deliveries?status=success")).data
    assert [(each["status"], each["redelivery"]) for each in good] == [("OK", True)]


async def test_what_was_lost_while_nobody_was_there_comes_again(
    github: Running, place: Place, hook: Hook, as_app: Client
) -> None:
    github.courier.webhook_url = hook.url
    place.world.open_issue(place.repo, by=place.ada, title="Heard")
    async with github.courier.nobody_there():
        place.world.open_issue(place.repo, by=place.ada, title="Lost")
        place.world.push(place.repo, by=place.maintainer, files=["map.py"])
        place.world.add_member(place.organization, place.ada)
    hook.statuses = [500, 503]
    for title in ("Broken", "Busy"):
        place.world.open_issue(place.repo, by=place.ada, title=title)
    await github.courier.drained()
    assert len(hook.got) == 3

    failed, url = [], "/app/hook/deliveries?status=failure&per_page=2"
    while url:
        page = await as_app.get(url)
        failed += page.data
        url = page.headers["Link"].partition(">")[0].lstrip("<") if "Link" in page.headers else ""
    shown = [(each["event"], each["action"], each["status"], each["status_code"]) for each in failed]
    assert shown == [
        ("issues", "opened", "Invalid HTTP Response: 503", 503),
        ("issues", "opened", "Invalid HTTP Response: 500", 500),
        ("organization", "member_added", "failed to connect to host", 502),
        ("push", None, "failed to connect to host", 502),
        ("issues", "opened", "failed to connect to host", 502),
    ]
    assert {each["installation_id"] for each in failed} == {place.installation.id}
    assert [each["repository_id"] for each in failed[2:]] == [None, place.repo.id, place.repo.id]
    assert {each["throttled_at"] for each in failed} == {None}

    for each in reversed(failed):
        assert (await as_app.post(f"/app/hook/deliveries/{each['id']}/attempts")).status == 202
    await github.courier.drained()
    assert [headers["X-GitHub-Delivery"] for headers, _ in hook.got[3:]] == [each["guid"] for each in reversed(failed)]
    log = (await as_app.get("/app/hook/deliveries?per_page=100")).data
    assert [each["redelivery"] for each in log] == [True] * 5 + [False] * 6
    assert [each["guid"] for each in log[:5]] == [each["guid"] for each in failed]
    assert [each["status"] for each in log[:5]] == ["OK"] * 5


async def test_a_delivery_can_be_sent_again_by_its_guid(github: Running, place: Place, hook: Hook) -> None:
    github.courier.webhook_url = hook.url
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    guid = place.world.deliveries[-1].guid
    github.courier.redeliver(guid)
    await github.courier.drained()
    assert [headers["X-GitHub-Delivery"] for headers, _ in hook.got] == [guid, guid]
    assert len([each for each in place.world.deliveries if each.guid == guid]) == 1
    with pytest.raises(LookupError):
        github.courier.redeliver("nothing")


async def test_nobody_there_and_too_slow_are_told_apart(place: Place, hook: Hook) -> None:
    hook.wait = 1
    async with Courier(place.world, webhook_url=hook.url, patience=0.05) as courier:
        place.world.open_issue(place.repo, by=place.ada, title="Slow")
        await courier.drained()
        courier.webhook_url = "http://127.0.0.1:9/"
        place.world.open_issue(place.repo, by=place.ada, title="Nobody")
        await courier.drained()
    assert [attempt.status for attempt in place.world.attempts] == ["timed out", "failed to connect to host"]
    assert place.world.listeners == []


async def test_the_log_is_paged_by_a_cursor_and_forgets_after_three_days(
    github: Running, place: Place, hook: Hook, as_app: Client
) -> None:
    github.courier.webhook_url = hook.url
    for index in range(3):
        place.world.open_issue(place.repo, by=place.ada, title=f"Issue {index}")
    await github.courier.drained()
    first = await as_app.get("/app/hook/deliveries?per_page=2")
    following = first.headers["Link"].partition(">")[0].lstrip("<")
    second = await as_app.get(following)
    assert [len(first.data), len(second.data)] == [2, 1]
    assert "Link" not in second.headers
    place.clock.forward(timedelta(days=3, seconds=1))
    as_app.token = place.app_token()
    assert (await as_app.get("/app/hook/deliveries")).data == []
    assert (await as_app.get(f"/app/hook/deliveries/{first.data[0]['id']}")).status == 404


async def test_an_app_hears_only_what_it_asked_for_where_it_is_installed(place: Place) -> None:
    world = place.world
    narrow = world.app(
        slug="narrow",
        owner=place.organization,
        permissions={"issues": "read"},
        events=["issues"],
        webhook_secret="x",
        private_key=place.app.private_key,
    )
    other = world.repository(place.organization, "other")
    elsewhere = world.repository(world.organization("lowland-tools"), "canals")
    installation = world.install(narrow, place.organization, repositories=[other])
    heard: list[tuple[str, str]] = []
    slugs = {app.id: app.slug for app in world.apps.values()}
    world.listeners.append(lambda delivery: heard.append((slugs[delivery.app_id or 0], delivery.name)))
    world.comment(world.open_issue(place.repo, by=place.ada, title="Here"), by=place.ada, body="Hello")
    world.comment(world.open_issue(other, by=place.ada, title="There"), by=place.ada, body="Hello")
    world.open_issue(elsewhere, by=place.ada, title="Far away")
    assert [name for slug, name in heard if slug == "narrow"] == ["issues.opened"]
    assert [name for slug, name in heard if slug == "switchback"] == ["issues.opened", "issue_comment.created"] * 2
    assert world.past[-1].payload["issue"]["title"] == "Far away"
    assert (world.past[-1].app_id, "installation" in world.past[-1].payload) == (None, False)
    world.add_repositories(installation, place.repo)
    assert heard[-1] == ("narrow", "installation_repositories.added")


async def test_an_app_without_a_webhook_gets_nothing(github: Running, place: Place) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    await github.courier.drained()
    assert place.world.attempts == []
