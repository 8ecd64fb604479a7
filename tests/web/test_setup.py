"""`/setup`, told as stories: who may, what GitHub is asked, where its answer goes, and that the page is closed then."""

import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from bot import credentials, manifest
from bot.app import PARTS
from bot.app import build as build_service
from bot.backfill.telling import ToldByLog
from bot.memory import app as stored
from bot.memory import schema
from bot.memory.store import Store
from bot.sandbox import Fault, Running, World, running
from bot.sandbox.model import App, Organization
from bot.settings import Credentials, Secret, Surroundings, github_pages, surroundings
from bot.web.setup import Setup, build
from bot.web.setupform import Form, is_out_of_reach, same_site, told_address
from tests.stage import StageClock

KEY: Final = Secret("a key for the tests, which is long enough")
PUBLIC: Final = "https://bot.example.org"
BEHIND: Final = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bot.example.org"}


@dataclass
class Page:
    status: int
    html: str
    headers: Any
    url: str

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", self.html)).split())

    @property
    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.html)
        return {name: unescape(value) for name, value in found}

    @property
    def action(self) -> str:
        [action] = re.findall(r'<form method="post" action="([^"]*)"', self.html)
        return unescape(action)

    def link(self, words: str) -> str:
        [link] = re.findall(rf'<a class="button" href="([^"]*)">{words}', self.html)
        return unescape(link)


@dataclass
class Browser:
    """Somebody's browser, which comes through the proxy."""

    client: TestClient[web.Request, web.Application]
    headers: dict[str, str] = field(default_factory=lambda: dict(BEHIND))
    cookie: str = ""  # by hand: the browser thinks that it is at the proxy's address

    async def get(self, path: str) -> Page:
        return await self._page("GET", path)

    async def post(self, path: str, **form: str) -> Page:
        return await self._page("POST", path, form)

    async def _page(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        headers = self.headers | ({"Cookie": self.cookie} if self.cookie else {})
        async with self.client.request(method, path, data=form, headers=headers, allow_redirects=False) as answer:
            if "Set-Cookie" in answer.headers:
                self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
            return Page(answer.status, await answer.text(), answer.headers, str(answer.url))


@dataclass
class Server:
    """A fresh server in set-up mode, GitHub, and whoever looks at the page."""

    setup: Setup
    client: TestClient[web.Request, web.Application]
    github: Running
    organisation: Organization
    around: Surroundings
    admin: Browser
    stranger: Browser

    async def enter(self) -> Page:
        """The admin opens the address that was printed."""
        page = await self.admin.get(f"/setup?token={self.setup.token}")
        assert (page.status, page.headers["Location"]) == (303, "setup")
        return await self.admin.get("/setup")

    async def sends(self, **form: str) -> Page:
        """The admin enters and fills in the form."""
        page = await self.enter()
        filled = {"whose": "organisation", "organisation": "alpine-tools", "address": PUBLIC, "discussions": "on"}
        return await self.admin.post("/setup", csrf=page.hidden["csrf"], **filled | form)

    def agree(self, page: Page) -> str:
        """They agree on GitHub's page; the address that GitHub sends them back to."""
        told = json.loads(page.hidden["manifest"])
        code = self.github.world.app_from_manifest(told, owner=self.organisation)
        [state] = parse_qs(urlsplit(page.action).query)["state"]
        return f"{urlsplit(told['redirect_url']).path}?code={code}&state={state}"

    @property
    def app(self) -> App:
        [app] = self.github.world.apps.values()
        return app

    def secrets(self) -> list[str]:
        app = self.app
        assert app.private_key is not None
        return [app.webhook_secret, app.private_key.splitlines()[3]]


Begin = Callable[..., Any]


@pytest.fixture
async def begin(clock: StageClock, database_url: str) -> AsyncIterator[Begin]:
    async with AsyncExitStack() as stack:

        async def start(**changes: Any) -> Server:
            world = World(now=clock)
            organisation = world.organization("alpine-tools")
            github = await stack.enter_async_context(running(world))
            around = Surroundings(
                api_url=github.url, github_url="https://github.com", database_url=database_url, secret_key=KEY
            )
            around = replace(around, **changes)
            app, setup = build(around, clock)
            server = TestServer(app, host="127.0.0.1")
            await server.start_server(access_log=None)  # as the service does: addresses tell too much
            client = await stack.enter_async_context(TestClient(server, cookie_jar=CookieJar(unsafe=True)))
            admin, stranger = Browser(client), Browser(client)
            return Server(setup, client, github, organisation, around, admin, stranger)

        yield start


async def test_from_nothing_to_an_app(begin: Begin, database_url: str) -> None:
    server = await begin()
    off = await server.sends()
    assert off.status == 200
    assert off.action.startswith("https://github.com/organizations/alpine-tools/settings/apps/new?state=")
    told = json.loads(off.hidden["manifest"])
    assert told["name"] == "Switchback alpine-tools"
    assert told["redirect_url"] == f"{PUBLIC}/setup/created"
    assert told["setup_url"] == f"{PUBLIC}/setup/installed"
    assert told["hook_attributes"] == {"url": f"{PUBLIC}/webhook", "active": True}
    assert told["default_permissions"] == manifest.read().permissions
    created = await server.admin.get(server.agree(off))
    assert (created.status, "The app is made" in created.text) == (200, True)
    assert created.link("Install it") == f"{server.setup._app_url}/installations/new"
    assert server.setup.kept.is_set()
    with closing(Store(database_url)) as store:
        sealed = store.read_now(stored.sealed)
    assert sealed is not None
    kept = credentials.unseal(sealed, KEY)
    assert kept == server.setup.app
    assert (kept.app_id, kept.webhook_secrets) == (str(server.app.id), (Secret(server.app.webhook_secret),))
    for secret in server.secrets():
        assert secret not in created.html
        assert secret.encode() not in sealed


async def test_only_who_has_the_token_gets_in_and_it_works_once(begin: Begin) -> None:
    server = await begin()
    token = server.setup.token
    for path in (
        "/setup",
        "/setup?token=",
        "/setup?token=guess",
        "/setup?token=%C3%A9",
        "/setup/created?code=1&state=2",
    ):
        page = await server.stranger.get(path)
        assert (page.status, server.stranger.cookie) == (403, "")
        assert "the address that it printed" in page.text
        assert "alpine" not in page.html
    async with server.client.head(f"/setup?token={token}") as answer:  # a preview of the link
        assert answer.status == 405
    assert (await server.enter()).status == 200
    again = await server.stranger.get(f"/setup?token={token}")
    assert (again.status, server.stranger.cookie) == (403, "")
    assert (await server.stranger.post("/setup", csrf="", whose="person", address=PUBLIC)).status == 403
    assert (await server.admin.get("/setup")).status == 200


async def test_the_cookie_is_safe(begin: Begin) -> None:
    server = await begin()
    page = await server.admin.get(f"/setup?token={server.setup.token}")
    cookie = page.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert page.headers["Cache-Control"] == "no-store"
    assert "Path" not in cookie  # so that it counts below a proxy's prefix, and only there


async def test_without_tls_the_cookie_comes_back_all_the_same(begin: Begin) -> None:
    server = await begin()
    server.admin.headers = {}
    page = await server.admin.get(f"/setup?token={server.setup.token}")
    assert "Secure" not in page.headers["Set-Cookie"]


async def test_a_form_from_elsewhere_is_not_taken(begin: Begin) -> None:
    server = await begin()
    await server.enter()
    for csrf in ("", "guess", "é"):
        assert (await server.admin.post("/setup", csrf=csrf, whose="person", address=PUBLIC)).status == 403


async def test_every_page_has_the_headers_that_keep_it_safe(begin: Begin) -> None:
    server = await begin()
    pages = [await server.stranger.get("/setup"), await server.stranger.get("/setup/installed"), await server.sends()]
    pages += [await server.admin.get("/setup"), await server.admin.get("/setup/created?state=1")]
    off = pages[2]
    pages.append(await server.admin.get(server.agree(off)))
    for page in pages:
        policy = dict(part.strip().partition(" ")[::2] for part in page.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["style-src"] == "'self'"
        assert policy["form-action"] == "'self' https://github.com"
        assert (page.headers["X-Frame-Options"], page.headers["Cache-Control"]) == ("DENY", "no-store")
        assert ("script-src" in policy) == (page is off)
        assert page.headers["Referrer-Policy"] == ("strict-origin" if page is off else "no-referrer")


async def test_every_permission_and_event_stands_there_with_its_reason(begin: Begin) -> None:
    server = await begin()
    page = await server.enter()
    for reason in (*manifest.WHY_PERMISSION.values(), *manifest.WHY_EVENT.values()):
        assert reason in page.text
    assert 'name="proposes">' in page.html  # not checked
    assert 'name="discussions" checked>' in page.html


@pytest.mark.parametrize(
    ("form", "contents", "discussions"),
    [
        ({}, "read", True),
        ({"proposes": "on"}, "write", True),
    ],
    ids=["as suggested", "may propose"],
)
async def test_it_asks_for_what_was_chosen(
    begin: Begin, form: dict[str, str], contents: str, discussions: bool
) -> None:
    server = await begin()
    told = json.loads((await server.sends(**form)).hidden["manifest"])
    assert told["default_permissions"]["contents"] == contents
    assert ("discussions" in told["default_permissions"]) == discussions


async def test_where_nobody_discusses_nothing_is_asked_about_discussions(begin: Begin) -> None:
    server = await begin()
    page = await server.enter()
    off = await server.admin.post("/setup", csrf=page.hidden["csrf"], whose="person", address=PUBLIC)
    assert off.action.startswith("https://github.com/settings/apps/new?state=")
    told = json.loads(off.hidden["manifest"])
    assert re.fullmatch("Switchback [0-9a-f]{4}", told["name"])
    assert not manifest.OPTIONAL & {*told["default_permissions"], *told["default_events"]}
    assert server.agree(off)  # GitHub makes an app of it


PROXIES: Final = [
    pytest.param({}, "http://10.0.0.5:8000", id="none"),
    pytest.param({"X-Forwarded-Proto": "https"}, "https://10.0.0.5:8000", id="one that keeps the host"),
    pytest.param(BEHIND, "https://bot.example.org", id="the usual two"),
    pytest.param({"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "bot.example.org, inner"},
                 "https://bot.example.org", id="two proxies"),
    pytest.param({"X-Forwarded-Proto": "HTTPS", "X-Forwarded-Host": "bot.example.org:8443"},
                 "https://bot.example.org:8443", id="a port"),
    pytest.param(BEHIND | {"X-Forwarded-Prefix": "/switchback"}, "https://bot.example.org/switchback", id="a prefix"),
    pytest.param({"Forwarded": 'for=192.0.2.1;proto=https;host="bot.example.org"'},
                 "https://bot.example.org", id="RFC 7239"),
    pytest.param({"Forwarded": "For=192.0.2.1; Proto=https; Host=bot.example.org, for=10.0.0.1;host=inner"},
                 "https://bot.example.org", id="RFC 7239, twice"),
    pytest.param({"Forwarded": "proto=https;host=bot.example.org", "X-Forwarded-Host": "other.example.org"},
                 "https://bot.example.org", id="the standard goes first"),
    pytest.param({"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "x"}, "http://10.0.0.5:8000", id="nonsense"),
    pytest.param({"X-Forwarded-Host": 'evil"><script>'}, "http://10.0.0.5:8000", id="no host"),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "address"), PROXIES)
def test_behind_a_proxy_it_knows_its_address(headers: dict[str, str], address: str) -> None:
    assert told_address(make_mocked_request("GET", "/setup", headers={"Host": "10.0.0.5:8000"} | headers)) == address


async def test_the_address_is_suggested(begin: Begin) -> None:
    assert 'value="https://bot.example.org"' in (await (await begin()).enter()).html
    server = await begin(public_url="https://other.example.org/bot")
    assert 'value="https://other.example.org/bot"' in (await server.enter()).html


ENTERPRISE: Final = [
    pytest.param({}, "https://api.github.com", "https://github.com", id="github.com"),
    pytest.param({"GITHUB_API_URL": "https://ghe.example.org/api/v3/"}, "https://ghe.example.org/api/v3",
                 "https://ghe.example.org", id="Enterprise Server"),
    pytest.param({"GITHUB_API_URL": "http://10.1.2.3:8080/api/v3"}, "http://10.1.2.3:8080/api/v3",
                 "http://10.1.2.3:8080", id="with a port"),
    pytest.param({"GITHUB_API_URL": "https://api.octo.ghe.com", "GITHUB_URL": "https://octo.ghe.com/"},
                 "https://api.octo.ghe.com", "https://octo.ghe.com", id="Enterprise Cloud with its own domain"),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "api", "pages"), ENTERPRISE)
def test_github_enterprise_has_other_addresses(environ: dict[str, str], api: str, pages: str) -> None:
    around = surroundings(environ)
    assert (around.api_url, around.github_url) == (api, pages)
    assert Form(organisation="alpine-tools").goes_to(pages) == f"{pages}/organizations/alpine-tools/settings/apps/new"
    assert Form(whose="person").goes_to(pages) == f"{pages}/settings/apps/new"
    assert github_pages(api) == pages or "GITHUB_URL" in environ


async def test_on_enterprise_server_the_form_goes_there(begin: Begin) -> None:
    server = await begin(github_url="https://ghe.example.org")
    off = await server.sends()
    assert off.action.startswith("https://ghe.example.org/organizations/alpine-tools/settings/apps/new?state=")
    assert "form-action 'self' https://ghe.example.org;" in off.headers["Content-Security-Policy"]


WRONG: Final = [
    pytest.param({"organisation": ""}, "The short name", id="no organisation"),
    pytest.param({"organisation": "alpine/tools"}, "The short name", id="a path"),
    pytest.param({"organisation": "../../x"}, "The short name", id="up"),
    pytest.param({"organisation": "a" * 41}, "The short name", id="a long organisation"),
    pytest.param({"organisation": '"><script>'}, "The short name", id="markup"),
    pytest.param({"address": "bot.example.org"}, "It has to begin with https://", id="no scheme"),
    pytest.param({"address": "ftp://bot.example.org"}, "It has to begin with https://", id="another scheme"),
    pytest.param({"address": "https://bot.example.org/?a=b"}, "It has to begin with https://", id="a query"),
    pytest.param({"address": "https://ada:hunter2@bot.example.org"}, "It has to begin with https://", id="a password"),
    pytest.param({"address": "https://"}, "It has to begin with https://", id="no host"),
    pytest.param({"name": "x" * 35}, "At most 34 characters", id="a long name"),
    pytest.param({"whose": "everybody"}, "what is marked", id="nobody"),
]


@pytest.mark.parametrize(("form", "says"), WRONG)
async def test_what_cannot_be_used_is_said_at_its_place(begin: Begin, form: dict[str, str], says: str) -> None:
    server = await begin()
    page = await server.sends(**form)
    assert page.status == 422
    assert says in page.text
    assert "<script>" not in page.html
    assert server.setup._states == {}


@pytest.mark.parametrize(
    ("address", "github", "warns"),
    [
        ("http://127.0.0.1:8000", "https://github.com", True),
        ("http://localhost:8000", "https://github.com", True),
        ("http://192.168.1.5", "https://github.com", True),
        ("http://[::1]:8000", "https://github.com", True),
        ("http://bot.local", "https://github.com", True),
        ("https://bot.example.org", "https://github.com", False),
        ("http://192.168.1.5", "https://ghe.internal", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000", False),
    ],
)
def test_an_address_that_github_cannot_reach_is_warned_of(address: str, github: str, warns: bool) -> None:
    assert is_out_of_reach(address, github) == warns


async def test_nobody_is_sent_off_with_such_an_address_without_a_word(begin: Begin) -> None:
    server = await begin()
    server.admin.headers = {}
    off = await server.sends(address=str(server.client.make_url("")))
    assert "can hardly reach" in off.text
    assert "<script" not in off.html


def test_names_fit() -> None:
    assert Form(organisation="a" * 39).app_name == f"Switchback {'a' * 23}"
    assert Form(organisation=f"{'a' * 22}-b").app_name == f"Switchback {'a' * 22}"
    assert Form(name="Alpine helper").app_name == "Alpine helper"


async def test_who_came_to_another_address_goes_to_the_public_one_first(begin: Begin) -> None:
    server = await begin()
    server.admin.headers = {}
    page = await server.sends(name="Alpine helper")
    assert "Go on at your public address" in page.text
    link = page.link("Open")
    assert link == f"{PUBLIC}/setup?token={server.setup.token}"
    old = server.admin.cookie
    server.admin.headers = dict(BEHIND)
    page = await server.enter()
    assert 'value="Alpine helper"' in page.html
    server.stranger.cookie = old
    assert (await server.stranger.get("/setup")).status == 403


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000", True),
        ("http://127.0.0.1:8000", "http://localhost:8000", False),
        ("https://bot.example.org/a", "https://bot.example.org/b", False),
    ],
)
def test_where_a_cookie_counts(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) == same


async def test_the_state_must_be_ours_and_works_once(begin: Begin) -> None:
    server = await begin()
    off = await server.sends()
    back = server.agree(off)
    code = parse_qs(urlsplit(back).query)["code"][0]
    for query in (f"code={code}", f"code={code}&state=", f"code={code}&state=guess"):
        page = await server.admin.get(f"/setup/created?{query}")
        assert (page.status, "not an answer to a form" in page.text) == (400, True)
    assert (await server.stranger.get(back)).status == 403
    assert not server.github.requests
    assert (await server.admin.get(back)).status == 200
    assert len(server.github.requests) == 1
    assert "The app is made" in (await server.admin.get(back)).text  # loaded again
    assert len(server.github.requests) == 1


@pytest.mark.parametrize("code", ["", "no-such-code", "..", "a/b", "x" * 300])
async def test_a_code_that_github_does_not_know_can_be_tried_again(begin: Begin, code: str) -> None:
    server = await begin()
    state = parse_qs(urlsplit((await server.sends()).action).query)["state"][0]
    page = await server.admin.get(f"/setup/created?code={code}&state={state}")
    assert (page.status, "does not know this code" in page.text) == (400, True)
    assert page.link("Try again from") == "../setup"
    assert not server.setup.kept.is_set()


async def test_a_code_that_is_too_old(begin: Begin, clock: StageClock) -> None:
    server = await begin()
    back = server.agree(await server.sends())
    clock.advance(timedelta(hours=2))
    assert "does not know this code" in (await server.admin.get(back)).text


@pytest.mark.parametrize("fault", [Fault(status=502), Fault(status=503)], ids=["502", "503"])
async def test_when_github_is_not_well_the_same_code_is_tried_again(begin: Begin, fault: Fault) -> None:
    server = await begin()
    back = server.agree(await server.sends())
    server.github.weather.next(fault)
    page = await server.admin.get(back)
    assert (page.status, "its key can still be fetched" in page.text) == (502, True)
    again = await server.admin.get(f"/setup/created{page.link('Try again')}")
    assert (again.status, server.setup.kept.is_set()) == (200, True)


async def test_an_api_that_is_none_of_githubs(begin: Begin) -> None:
    server = await begin(api_url="http://127.0.0.1:9")
    back = server.agree(await server.sends())
    page = await server.admin.get(back)
    assert (page.status, "ClientConnectorError" in page.text) == (502, True)


async def test_without_a_key_the_values_are_shown_once(begin: Begin, database_url: str) -> None:
    server = await begin(secret_key=None)
    off = await server.sends()
    assert "shown to you once" in (await server.admin.get("/setup")).text
    back = server.agree(off)
    page = await server.admin.get(back)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    lines = unescape(re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.html, re.DOTALL)[0]).splitlines()
    environ = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    app = credentials.settings_with_app(environ)
    assert (app.app_id, app.webhook_secrets) == (str(server.app.id), (Secret(server.app.webhook_secret),))
    assert app.private_key.reveal().strip() == (server.app.private_key or "").strip()
    for path in (back, "/setup", "/setup/installed"):
        later = await server.admin.get(path)
        assert (later.status, "Restart the service" in later.text) == (200, True)
        assert not any(secret in later.html for secret in server.secrets())
    for path in (back, "/setup"):
        assert (await server.stranger.get(path)).status == 403
    assert not server.setup.kept.is_set()
    with closing(Store(database_url)) as store:
        assert store.read_now(stored.sealed) is None


async def test_what_the_database_cannot_take_is_not_lost(begin: Begin) -> None:
    server = await begin()
    back = server.agree(await server.sends())
    server.setup._store.close()
    page = await server.admin.get(back)
    assert "The database could not take" in page.text
    assert server.app.webhook_secret in page.html


async def test_an_app_that_is_kept_already_stays(begin: Begin, clock: StageClock, private_key: str) -> None:
    server = await begin()
    other = Credentials(app_id="1", private_key=Secret(private_key), webhook_secrets=(Secret("x"),))
    await server.setup._store.write(lambda db: credentials.keep(db, other, KEY, clock()))
    page = await server.admin.get(server.agree(await server.sends()))
    assert "keeps another app already" in page.text
    sealed = await server.setup._store.read(stored.sealed)
    assert credentials.unseal(sealed, KEY) == other


async def test_meanwhile_platforms_and_github_get_their_answers(begin: Begin) -> None:
    server = await begin()
    for method, path, status, text in (
        ("GET", "/healthz", 200, "ok"), ("GET", "/readyz", 503, "not set up yet"),
        ("POST", "/webhook", 503, "not set up"), ("GET", "/setup/setup.css", 200, ":root"),
    ):  # fmt: skip
        async with server.client.request(method, path) as answer:
            assert answer.status == status
            assert text in await answer.text()
    page = await server.stranger.get("/")
    assert (page.status, page.headers["Location"]) == (303, "setup")
    assert "nothing more to do here" in (await server.stranger.get("/setup/installed")).text
    await server.enter()
    assert (await server.admin.get("/setup/installed")).headers["Location"] == "../setup"


async def test_no_secret_is_logged(
    begin: Begin, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logged:
        server = await begin()
        token = server.setup.token
        await server.admin.get(server.agree(await server.sends()))
    told = f"{logged}{caplog.text}{capsys.readouterr()}"
    assert "the app is set up" in told
    for secret in (*server.secrets(), token, server.admin.cookie.partition("=")[2], KEY.reveal()):
        assert secret not in told


@dataclass
class After:
    """The service, after the set-up."""

    server: Server
    client: TestClient[web.Request, web.Application]
    admin: Browser
    stranger: Browser


@pytest.fixture
async def after(begin: Begin, clock: StageClock) -> AsyncIterator[After]:
    server = await begin()
    await server.admin.get(server.agree(await server.sends()))
    settings = server.around.with_app(server.setup.app)
    app = build_service(settings, clock=clock)
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        await app[PARTS].installations.known.wait()
        yield After(server, client, Browser(client, cookie=server.admin.cookie), Browser(client))


async def test_then_the_page_is_closed(after: After) -> None:
    for path in ("/setup", "/setup?token=x", "/setup/created?code=1&state=2"):
        for browser, leads_on in ((after.admin, True), (after.stranger, False)):
            page = await browser.get(path)
            assert (page.status, "This is set up" in page.text) == (410, True)
            assert not any(secret in page.html for secret in after.server.secrets())
            assert ("Install it" in page.text) == leads_on
    assert (await after.stranger.post("/setup", whose="person")).status == 405
    assert "installations/new" not in (await after.stranger.get("/setup")).html


async def test_whoever_set_it_up_sees_how_far_it_is(after: After, clock: StageClock) -> None:
    world, app = after.server.github.world, after.client.app
    assert app is not None
    page = await after.admin.get("/setup/installed?installation_id=1&setup_action=install")
    assert ("Waiting for GitHub" in page.text, 'http-equiv="refresh" content="3"' in page.html) == (True, True)
    grace = world.user("grace")
    world.add_member(after.server.organisation, grace)
    for name in ("trail-maps", "huts"):
        world.open_issue(world.repository(after.server.organisation, name), by=grace, title="Hello")
    world.install(after.server.app, after.server.organisation)
    page = await after.admin.get("/setup/installed")
    assert "Waiting for GitHub" in page.text  # GitHub is not asked with every look
    clock.advance(timedelta(seconds=10))
    page = await after.admin.get("/setup/installed")
    assert "alpine-tools" in page.text
    assert "Switchback reads what was here before" in page.text
    stranger = await after.stranger.get("/setup/installed")
    assert (stranger.status, "alpine" in stranger.html, "trail-maps" in stranger.html) == (200, False, False)
    await app[PARTS].backfill.run(ToldByLog())
    page = await after.admin.get("/setup/installed")
    assert "The past is read: 2 things in 2 repositories" in page.text
    assert 'http-equiv="refresh"' not in page.html
    assert ("trail-maps" in page.text, "alpine-tools/.github" in page.text) == (True, True)


async def test_after_a_day_the_cookie_counts_no_more(after: After, clock: StageClock) -> None:
    assert "Waiting" in (await after.admin.get("/setup/installed")).text
    clock.advance(timedelta(days=1))
    assert "nothing more to do here" in (await after.admin.get("/setup/installed")).text
    assert "Install it" not in (await after.admin.get("/setup")).text


async def test_only_a_hash_of_the_cookie_is_kept(after: After, database_url: str) -> None:
    with closing(Store(database_url)) as store:
        marks = store.read_now(lambda db: db.execute(schema.marks.select()).all())
    assert "set_up" in str(marks)
    assert after.admin.cookie.partition("=")[2] not in str(marks)
