"""The app's manifest is the one truth about what it asks of GitHub."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

import bot
from bot import manifest, shipped
from bot.memory import project
from bot.sandbox import World
from tests.stage import StageClock

RUNNING: Final = (Path(bot.__file__).parent.parent / "docs" / "running.md").read_text("utf-8")
# docs.github.com: «Registering a GitHub App from a manifest»; GitHub refuses others.
KEYS: Final = {
    "name", "url", "hook_attributes", "redirect_url", "callback_urls", "setup_url", "description", "public",
    "default_events", "default_permissions", "request_oauth_on_install", "setup_on_update",
}  # fmt: skip


def test_each_permission_and_event_has_its_reason() -> None:
    asked = manifest.read()
    assert set(manifest.WHY_PERMISSION) == set(asked.permissions)
    assert set(manifest.WHY_EVENT) == set(asked.events)


def test_every_event_that_is_asked_for_is_understood() -> None:
    assert set(manifest.read().events) <= project.EVENTS


def test_who_registers_it_by_hand_asks_for_the_same() -> None:
    asked = " ".join(RUNNING.partition("Permissions: ")[2].partition(".\n2. ")[0].split())
    permissions, _, events = asked.partition(" Events: ")
    permissions = permissions.replace(" if you use them", "").replace("(organisation) ", "")
    assert {
        name.replace(" ", "_"): level
        for names, level in re.findall(r"([\w ,]+?) \*(?:read and )?(\w+)\*", permissions)
        for name in re.split(", | and ", names.removeprefix(", "))
    } == manifest.read().permissions
    assert sorted(events.replace(" ", "_").split(",_")) == sorted(manifest.read().events)


def test_github_makes_an_app_of_it(clock: StageClock) -> None:
    told = json.loads(shipped.MANIFEST.read_text("utf-8"))
    assert set(told) <= KEYS
    world = World(now=clock)
    world.app_from_manifest(told, owner=world.organization("alpine-tools"))
    [app] = world.apps.values()
    assert (app.permissions, set(app.events)) == (manifest.read().permissions, set(manifest.read().events))
    assert app.webhook_url == "https://YOUR-SERVER/webhook"


@pytest.mark.parametrize("discussions", [True, False])
@pytest.mark.parametrize("proposes", [True, False])
def test_what_is_chosen_is_asked_for(proposes: bool, discussions: bool) -> None:
    told = manifest.build("Name", "https://bot.example.org/x", proposes=proposes, discussions=discussions)
    assert set(told) <= KEYS
    assert (told["name"], told["url"], told["public"]) == ("Name", "https://bot.example.org/x", False)
    assert told["hook_attributes"]["url"] == "https://bot.example.org/x/webhook"
    assert told["redirect_url"] == "https://bot.example.org/x/setup/created"
    asked = dict(manifest.read().permissions) | ({"contents": "write"} if proposes else {})
    left_out = {*asked, *manifest.read().events} - {*told["default_permissions"], *told["default_events"]}
    assert left_out == (set() if discussions else manifest.OPTIONAL)
    assert told["default_permissions"].items() <= asked.items()


@pytest.mark.parametrize(
    ("granted", "lacks"),
    [
        ({"issues": "write", "members": "read"}, {}),
        ({"issues": "admin", "members": "write", "more": "read"}, {}),
        ({"issues": "read", "members": "read"}, {"issues": "write"}),
        ({"issues": "write"}, {"members": "read"}),
    ],
    ids=["as asked", "more than asked", "not so far", "not at all"],
)
def test_what_is_lacking(granted: dict[str, str], lacks: dict[str, str]) -> None:
    assert manifest.lacking({"issues": "write", "members": "read"}, granted) == lacks
