"""What the app hears about itself: its log of deliveries, where they go, what it asked for and what it was granted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.github.hooks import KEPT, Attempt, HookConfig, Hooks
from bot.sandbox import Fault
from bot.sandbox import events as sandbox
from tests.github.conftest import Place
from tests.stage import StageClock

HOUR = timedelta(hours=1)


def tried(place: Place, *, status: str = "OK", code: int = 202, guid: str | None = None) -> sandbox.Attempt:
    """An attempt that GitHub made now."""
    delivery = place.world.deliveries[-1]
    attempt = sandbox.Attempt(
        id=place.world.new_id(), delivery=replace(delivery, guid=guid or delivery.guid), at=place.world.now(),
        duration=0.1, status=status, status_code=code, url="https://example.org/webhook", request_headers={},
        response_headers={}, response_body="",
    )  # fmt: skip
    place.world.attempts.append(attempt)
    return attempt


async def test_the_log_is_read_newest_first_and_as_far_back_as_it_is_wanted(place: Place, clock: StageClock) -> None:
    made = []
    for number in range(250):
        made.append(tried(place, guid=f"{number}"))
        clock.advance(timedelta(minutes=1))
    hooks = Hooks(place.client)
    since = made[0].at
    assert [one.guid async for one in hooks.attempts(since)] == [f"{number}" for number in reversed(range(250))]
    assert place.calls() == ["GET /app/hook/deliveries"] * 3
    place.github.requests.clear()
    found = [one.guid async for one in hooks.attempts(made[180].at)]
    assert (len(found), found[-1]) == (70, "180")
    assert len(place.calls()) == 1


async def test_an_attempt_is_told_as_it_was(place: Place) -> None:
    place.world.open_issue(place.cast.maps, by=place.cast.ada, title="Hello")
    made = tried(place, status="Invalid HTTP Response: 500", code=500)
    [one] = [one async for one in Hooks(place.client).attempts(place.world.now() - KEPT)]
    assert one == Attempt(
        id=made.id, guid=made.delivery.guid, at=made.at, event="issues", status="Invalid HTTP Response: 500",
        status_code=500, redelivery=False, repo_id=one.repo_id,
    )  # fmt: skip
    assert one.repo_id == place.cast.maps.id


@pytest.mark.parametrize(
    ("status", "code", "got_through", "answered"),
    [
        ("OK", 202, True, True),
        ("OK", 200, True, True),
        ("Invalid HTTP Response: 302", 302, False, True),
        ("Invalid HTTP Response: 502", 502, False, True),
        ("failed to connect to host", 502, False, False),
        ("timed out", 504, False, False),
        ("failed to connect to network", 0, False, False),
    ],
)
async def test_what_became_of_an_attempt(
    place: Place, status: str, code: int, got_through: bool, answered: bool
) -> None:
    tried(place, status=status, code=code)
    [one] = [one async for one in Hooks(place.client).attempts(place.world.now() - KEPT)]
    assert (one.got_through, one.answered) == (got_through, answered)


async def test_a_delivery_can_be_asked_for_again(place: Place) -> None:
    heard: list[sandbox.Delivery] = []
    place.world.listeners.append(heard.append)
    made, hooks = tried(place), Hooks(place.client)
    [one] = [one async for one in hooks.attempts(place.world.now() - KEPT)]
    await hooks.redeliver(one)
    assert [(delivery.guid, delivery.redelivery) for delivery in heard] == [(made.delivery.guid, True)]


CONFIG = ("GET", "/app/hook/config")


@pytest.mark.parametrize(
    ("told", "config"),
    [
        ({}, HookConfig("", "form", has_secret=False, verifies_tls=True)),
        (
            {"url": "https://x/webhook", "content_type": "json", "insecure_ssl": "0", "secret": "********"},
            HookConfig("https://x/webhook", "json", has_secret=True, verifies_tls=True),
        ),
        ({"content_type": "form", "insecure_ssl": "1"}, HookConfig("", "form", has_secret=False, verifies_tls=False)),
        ({"content_type": "json", "insecure_ssl": 1}, HookConfig("", "json", has_secret=False, verifies_tls=False)),
    ],
    ids=["nothing", "as it should be", "insecure", "insecure as a number"],
)
async def test_where_deliveries_go(place: Place, told: dict[str, Any], config: HookConfig) -> None:
    place.weather.next(Fault(match=CONFIG, status=200, body=told))
    assert await Hooks(place.client).config() == config


async def test_what_the_app_asks_for_and_what_it_was_granted(place: Place) -> None:
    hooks, app = Hooks(place.client), place.cast.app
    registration = await hooks.registration()
    assert registration.slug == "switchback"
    assert registration.settings_url == (
        "https://github.com/organizations/alpine-tools/settings/apps/switchback/permissions"
    )
    assert registration.permissions == app.permissions
    assert registration.events == set(app.events)
    app.permissions["administration"] = "read"
    place.world.suspend(place.world.install(app, place.cast.linus))
    first, second = await hooks.grants()
    assert (first.id, first.account, first.suspended) == (place.installation, "alpine-tools", False)
    assert first.url == f"https://github.com/organizations/alpine-tools/settings/installations/{first.id}"
    assert (first.permissions, first.events) == (registration.permissions, registration.events)
    assert (second.account, second.suspended, second.permissions["administration"]) == ("linus", True, "read")
    app.owner = place.cast.linus
    assert (await hooks.registration()).settings_url == "https://github.com/settings/apps/switchback/permissions"
