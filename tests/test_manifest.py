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

README: Final = (Path(bot.__file__).parent.parent / "README.md").read_text("utf-8")
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


def test_the_readme_asks_for_the_same() -> None:
    asked = " ".join(README.partition("Permissions: ")[2].partition(".\n2. ")[0].split())
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
