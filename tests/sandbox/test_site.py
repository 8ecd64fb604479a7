"""The pages of the set-up: an app is made from a manifest and installed, by somebody with a browser."""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.sandbox import Running, manifests, running
from bot.sandbox.model import Account
from tests import github_spec
from tests.sandbox.conftest import Client, Place, Told

MANIFEST: dict[str, Any] = {
    "name": "Trail Bot",
    "url": "https://bot.example.org",
    "redirect_url": "https://bot.example.org/setup/done?from=github",
    "setup_url": "https://bot.example.org/setup/installed",
    "public": False,
    "hook_attributes": {"url": "https://bot.example.org/webhook"},
    "default_permissions": {"issues": "write", "contents": "read"},
    "default_events": ["issues", "push"],
}
ORGANIZATION = "/organizations/alpine-tools/settings/apps/new?state=s3"
PERSON = "/settings/apps/new?state=s3"
INSTALL = "/apps/switchback/installations/new"


class Browser:
    """Posts forms and does not follow where it is sent."""

    def __init__(self, session: aiohttp.ClientSession, url: str, place: Place) -> None:
        self.session, self.url, self.place = session, url, place

    def sign_in(self, who: Account | None) -> None:
        self.place.world.signed_in = who

    async def __call__(self, method: str, path: str, form: object = None) -> Told:
        more: dict[str, Any] = {} if form is None else {"data": form}
        async with self.session.request(method, self.url + path, allow_redirects=False, **more) as told:
            return Told(told.status, dict(told.headers), await told.text())

    async def get(self, path: str) -> Told:
        return await self("GET", path)

    async def post(self, path: str, form: object) -> Told:
        return await self("POST", path, form)


@pytest.fixture
def browser(github: Running, session: aiohttp.ClientSession, place: Place) -> Browser:
    browser = Browser(session, github.url, place)
    browser.sign_in(place.maintainer)
    return browser


def form(typed: str | None = None, /, **changes: object) -> dict[str, str]:
    """What the set-up page of the app posts; with a name, what the page of the sandbox posts then."""
    filled = {"manifest": json.dumps({key: v for key, v in {**MANIFEST, **changes}.items() if v is not None})}
    return filled if typed is None else filled | {"name": typed, "create": "1"}


def sent_to(told: Told) -> tuple[str, dict[str, str]]:
    """The address without its query, and the query."""
    assert told.status == 302, told.data
    parts = urlsplit(told.headers["Location"])
    return parts._replace(query="").geturl(), {name: values[0] for name, values in parse_qs(parts.query).items()}


async def test_somebody_makes_an_app_for_the_organisation(place: Place, browser: Browser, nobody: Client) -> None:
    page = await browser.post(ORGANIZATION, form())
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Create GitHub App for alpine-tools" in page.data
    assert 'value="Trail Bot"' in page.data
    assert "issues: write" in page.data
    kept = re.search(r'name="manifest" value="([^"]*)"', page.data)
    assert kept is not None
    assert json.loads(html.unescape(kept[1])) == MANIFEST
    assert [app.slug for app in place.world.apps.values()] == ["switchback"]

    made = await browser.post(ORGANIZATION, form("Trail Bot of the Alps"))
    where, query = sent_to(made)
    assert where == "https://bot.example.org/setup/done"
    assert (query["from"], query["state"]) == ("github", "s3")
    told = (await nobody.post(f"/app-manifests/{query['code']}/conversions")).data
    assert (told["slug"], told["name"], told["owner"]["login"]) == (
        "trail-bot-of-the-alps",
        "Trail Bot of the Alps",
        "alpine-tools",
    )
    assert (told["external_url"], told["permissions"]["issues"]) == (MANIFEST["url"], "write")
    assert told["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    app = place.world.apps[told["id"]]
    assert (app.setup_url, app.public, app.active) == (MANIFEST["setup_url"], False, True)
    assert (app.webhook_url, app.webhook_secret) == (MANIFEST["hook_attributes"]["url"], told["webhook_secret"])


async def test_somebody_makes_an_app_for_themselves(place: Place, browser: Browser) -> None:
    browser.sign_in(place.ada)
    assert "Create GitHub App for ada" in (await browser.post(PERSON, form())).data
    _, query = sent_to(await browser.post(PERSON, form("Trail Bot")))
    app = place.world.redeem(query["code"])
    assert app is not None
    assert app.owner is place.ada
    said = await browser.post(PERSON, form("Another", redirect_url=None))
    assert (said.status, "names no page" in said.data) == (200, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": None}, '"name" wasn\'t supplied.'),
        ({"url": None}, '"url" wasn\'t supplied.'),
        ({"url": "javascript:alert(1)"}, '"url" must be a valid URL.'),
        ({"redirect_url": "//nowhere"}, '"redirect_url" must be a valid URL.'),
        ({"setup_url": 5}, '"setup_url" must be a valid URL.'),
        ({"hook_attributes": {"active": False}}, '"url" wasn\'t supplied.'),
        ({"hook_attributes": {"url": "http://["}}, "Hook url must be a valid URL."),
        ({"homepage": "x"}, '"homepage" is not a permitted key.'),
        ({"default_permissions": {"weather": "read"}}, "Default permission records resource is not included"),
        ({"default_permissions": {"issues": ["write"]}}, "Default permission records action is not included"),
        ({"default_permissions": ["issues"]}, "Default permissions must be an object."),
        ({"default_events": ["issues", "pull_request", "team", "member"]}, "pull_request, team, and member"),
        ({"default_events": ["push", "discussion"]}, "not supported by permissions: discussion"),
        ({"default_events": ["installation"]}, "Default events unsupported: installation"),
        ({"default_events": "issues"}, "Default events must be a list."),
    ],
)
async def test_a_manifest_that_is_wrong_says_so(place: Place, browser: Browser, change: Any, says: str) -> None:
    for name in (None, "Trail Bot"):
        told = await browser.post(ORGANIZATION, form(name, **change))
        assert told.status == 422
        assert "Invalid GitHub App configuration" in told.data
        assert says in html.unescape(told.data)
    assert len(place.world.apps) == 1


@pytest.mark.parametrize("text", ["", "{", "[]"])
async def test_what_is_no_manifest_says_so(browser: Browser, text: str) -> None:
    told = await browser.post(ORGANIZATION, {"manifest": text})
    assert (told.status, "Manifest is not" in told.data) == (422, True)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Switchback", "Name has already been taken"),
        ("switchback!", "Name has already been taken"),
        ("Dependency Goat", "Name has already been taken"),
        (" ", "Name can't be blank"),
        ("x" * 35, "Name is too long"),
    ],
)
async def test_a_name_that_cannot_be_can_be_changed(place: Place, browser: Browser, name: str, says: str) -> None:
    place.world.bot("dependency-goat")
    told = await browser.post(ORGANIZATION, form(name))
    assert told.status == 422
    assert says in html.unescape(told.data)
    assert "Create GitHub App for alpine-tools" in told.data
    assert len(place.world.apps) == 1


async def test_whatever_is_shown_is_escaped(browser: Browser) -> None:
    told = await browser.post(ORGANIZATION, form(name='<script>"', redirect_url="https://x.example/?a='><b>"))
    assert (told.status, "&lt;script&gt;" in told.data) == (200, True)
    assert "<script>" not in told.data
    assert "<b>" not in told.data
    assert "default-src 'none'" in told.headers["Content-Security-Policy"]


async def test_pages_are_for_who_may_use_them(place: Place, browser: Browser) -> None:
    for who, says in ((None, "Sign in first"), (place.helper, "Not found"), (place.ada, "Not found")):
        browser.sign_in(who)
        for told in (await browser.post(ORGANIZATION, form()), await browser.post(ORGANIZATION, form("Trail Bot"))):
            assert (told.status, says in told.data) == (404, True)
    browser.sign_in(place.maintainer)
    assert (await browser.post(ORGANIZATION.replace("alpine-tools", "ada"), form())).status == 404
    assert (await browser.get("/apps/nothing/installations/new")).status == 404
    assert len(place.world.apps) == 1


async def test_an_app_is_installed_on_all_or_on_some_repositories(place: Place, browser: Browser) -> None:
    world, mira = place.world, place.maintainer
    place.app.setup_url = "https://bot.example.org/setup/installed"
    huts = world.repository(mira, "huts")
    tarns = world.repository(mira, "tarns")
    lowland = world.organization("lowland-tools")
    world.add_member(lowland, mira, admin=True)
    canals = world.repository(lowland, "canals")
    page = (await browser.get(INSTALL)).data
    assert "alpine-tools (it is installed here)" in page
    assert re.findall(r'name="repository_ids" value="(\d+)"', page) == [str(each.id) for each in (huts, tarns, canals)]
    assert f'value="{mira.id}" required checked' in page
    suggested = (await browser.get(f"{INSTALL}?target_id={lowland.id}")).data
    assert f'value="{lowland.id}" required checked' in suggested

    where, query = sent_to(
        await browser.post(f"{INSTALL}?state=s4", {"target_id": str(lowland.id), "repository_selection": "all"})
    )
    (everywhere,) = world.installations_on(lowland)
    assert where == place.app.setup_url
    assert query == {"installation_id": str(everywhere.id), "setup_action": "install", "state": "s4"}
    assert everywhere.selected is None
    told = world.deliveries[-1]
    assert (told.name, told.payload["sender"]["login"]) == ("installation.created", "mira")

    some = {"target_id": str(mira.id), "repository_selection": "selected", "repository_ids": str(tarns.id)}
    sent_to(await browser.post(INSTALL, some))
    (selected,) = world.installations_on(mira)
    assert selected.selected == {tarns.id: tarns}


async def test_an_app_without_a_setup_page_says_that_it_is_installed(place: Place, browser: Browser) -> None:
    form = {"target_id": str(place.maintainer.id), "repository_selection": "all"}
    told = await browser.post(INSTALL, form)
    assert (told.status, "It is installed on mira." in told.data) == (200, True)


async def test_an_installation_that_cannot_be_is_refused(place: Place, browser: Browser) -> None:
    world, mira = place.world, place.maintainer
    huts = world.repository(mira, "huts")
    own, theirs = {"target_id": str(mira.id)}, {"target_id": str(place.organization.id)}
    some = {"repository_selection": "selected"}
    wrong = [{"repository_ids": str(place.repo.id)}, {"repository_ids": "x"}, {}]
    for form, says in (
        ({}, "Choose where"),
        ({"target_id": str(place.ada.id)}, "Choose where"),
        (theirs, "It is installed on alpine-tools."),
        *(({**own, **some, **each}, "Choose at least one repository") for each in wrong),
    ):
        told = await browser.post(INSTALL, form)
        assert (told.status, says in told.data) == (422, True), form
    both = [*own.items(), *some.items(), ("repository_ids", str(huts.id)), ("repository_ids", str(place.repo.id))]
    kept = await browser.post(INSTALL, both)
    assert kept.status == 422
    assert f'value="{huts.id}" checked' in kept.data
    assert len(world.installations) == 1


async def test_a_private_app_is_for_its_owner_only(place: Place, browser: Browser) -> None:
    place.app.public = False
    browser.sign_in(place.ada)
    assert (await browser.get(INSTALL)).status == 404
    browser.sign_in(place.maintainer)
    page = await browser.get(INSTALL)
    assert page.status == 200
    assert "mira</label>" not in page.data
    assert "Repositories of mira" not in page.data


def test_the_permissions_are_those_that_github_knows() -> None:
    known = github_spec.rest_document().root["components"]["schemas"]["app-permissions"]["properties"]
    assert set(known) == manifests.PERMISSIONS


async def test_pages_may_be_where_the_api_is(place: Place) -> None:
    async with running(place.world, pages_here=True) as github:
        assert place.world.html_url == github.url
    assert place.world.html_url == "https://github.com"
