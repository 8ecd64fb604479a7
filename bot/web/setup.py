"""`/setup`, while there is no app yet: from an empty server to an app on GitHub, without a look at GitHub's settings.

Whoever starts the service reads a token in the terminal; it opens the page, once, and keeps strangers out. The form
leads to GitHub, which makes the app and sends the browser back with a code; the code is exchanged for what the app is
known by. With SECRET_KEY that is kept in the database, and the service begins; without it it is shown, once.
"""

import asyncio
import hmac
import json
from collections import OrderedDict
from collections.abc import AsyncIterator
from enum import Enum, auto
from secrets import token_urlsafe
from typing import Final

import structlog
from aiohttp import web
from sqlalchemy import Connection

from bot import credentials, manifest
from bot.clock import Clock
from bot.github.manifest import CodeRefused, Created, NoAnswer, convert
from bot.memory import app as stored
from bot.memory import migrations
from bot.memory.app import SetUp
from bot.memory.store import Store, StoreUnavailable
from bot.settings import Credentials, Surroundings
from bot.web import sheets
from bot.web.setupform import Form, filled_in, is_out_of_reach, same_site, told_address
from bot.web.sheets import COOKIE, Sheets

_DAY: Final = 24 * 60 * 60  # seconds
_STATES: Final = 20  # of forms that were sent off; the oldest go

log = structlog.get_logger()


class Stage(Enum):
    OPEN = auto()
    KEPT = auto()  # the database has the credentials
    SHOWN = auto()  # they were shown, and nobody has them here


class Setup:
    """One for a start of the service. `token` opens the page once; `kept` is set with the credentials in `app`."""

    def __init__(self, around: Surroundings, store: Store, clock: Clock) -> None:
        self.token: str | None = token_urlsafe(32)
        self.kept = asyncio.Event()
        self.app: Credentials | None = None
        self._around = around
        self._store = store
        self._clock = clock
        self._sheets = Sheets(around.github_url)
        self._stage = Stage.OPEN
        self._session: str | None = None  # the digest of its cookie
        self._csrf = ""
        self._form: Form | None = None
        self._states: OrderedDict[str, Form] = OrderedDict()
        self._app_url = ""

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/", self.root)
        # Who asks for the head only (a preview of the link, say) must not use up the token.
        app.router.add_get("/setup", self.page, allow_head=False)
        app.router.add_post("/setup", self.send)
        app.router.add_get("/setup/created", self.created, allow_head=False)
        app.router.add_get("/setup/installed", self.installed)
        app.router.add_get("/setup/setup.css", sheets.style)
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_post("/webhook", self.webhook)

    async def root(self, request: web.Request) -> web.Response:
        return _to("setup")

    async def page(self, request: web.Request) -> web.Response:
        if (token := request.query.get("token")) is not None and self._opens(token):
            return self._entered(request)
        if not self._is_in(request):
            return self._stranger(request)
        return self._form_page(request) if self._stage is Stage.OPEN else self._over(request)

    def _opens(self, token: str) -> bool:
        if self.token is None or not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        self.token = None
        return True

    def _entered(self, request: web.Request) -> web.Response:
        """The token becomes a cookie, so that it stands neither in the address nor in the history."""
        cookie, self._csrf = token_urlsafe(32), token_urlsafe(32)
        self._session = sheets.digest(cookie)
        response = _to("setup")
        secure = told_address(request).startswith("https:")
        # Without a path the cookie counts for where the page is, also below a proxy's prefix.
        response.headers.add(
            "Set-Cookie", f"{COOKIE}={cookie}; Max-Age={_DAY}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
        )
        return response

    async def send(self, request: web.Request) -> web.Response:
        """The form was filled in: on to GitHub, by a form of its own, since GitHub wants the manifest posted."""
        sent = await request.post()
        if not self._is_in(request) or not hmac.compare_digest(str(sent.get("csrf", "")).encode(), self._csrf.encode()):
            return self._stranger(request)
        if self._stage is not Stage.OPEN:
            return self._over(request)
        self._form = form = filled_in(sent)
        if problems := form.problems():
            return self._form_page(request, problems)
        if not same_site(told_address(request), form.address):
            return self._moves(request, form)
        state = token_urlsafe(32)
        self._states[state] = form
        while len(self._states) > _STATES:
            self._states.popitem(last=False)
        asked = manifest.build(
            form.app_name, form.address, proposes=form.proposes, discussions=form.discussions
        )  # fmt: skip
        out_of_reach = is_out_of_reach(form.address, self._around.github_url)
        return self._sheets.show(
            request, "off", leaves=True, action=form.goes_to(self._around.github_url), state=state, form=form,
            manifest=json.dumps(asked), name=asked["name"], out_of_reach=out_of_reach,
        )  # fmt: skip

    def _moves(self, request: web.Request, form: Form) -> web.Response:
        """GitHub will send the browser to another address than it has come to, where it has no cookie: it goes there
        first, with a new token."""
        self.token = token_urlsafe(32)
        return self._sheets.show(
            request, "moves", address=form.address, link=f"{form.address}/setup?token={self.token}"
        )  # fmt: skip

    async def created(self, request: web.Request) -> web.Response:
        """GitHub sends the browser here when the app is made."""
        if not self._is_in(request):
            return self._stranger(request)
        if self._stage is not Stage.OPEN:
            return self._over(request)
        form = self._states.pop(request.query.get("state", ""), None)
        if form is None:
            return self._trouble(request, "state")
        try:
            made = await convert(self._around.api_url, request.query.get("code", ""))
        except CodeRefused:
            return self._trouble(request, "code")
        except NoAnswer as error:
            self._states[request.query["state"]] = form  # the code may still be good
            log.warning("the app's credentials could not be fetched", why=str(error))
            return self._trouble(request, "answer", why=str(error), again=str(request.rel_url.query_string))
        return await self._made(request, made)

    async def _made(self, request: web.Request, made: Created) -> web.Response:
        self._app_url = made.url
        self._states.clear()
        why = await self._kept(made)
        if why is None:
            self._stage, self.app = Stage.KEPT, made.app
            response = self._over(request)
            self.kept.set()
            log.info("the app is set up", app=made.app.app_id, url=made.url)
        else:
            self._stage = Stage.SHOWN
            response = self._sheets.show(request, "shown", lines=_lines(made.app), name=made.name, why=why,
                                         install=_installs(made.url))  # fmt: skip
            log.info("the app is made; its credentials were shown, to be put into the environment", url=made.url)
        response.force_close()  # the service that takes over meets a new connection
        return response

    async def _kept(self, made: Created) -> str | None:
        """None, or why the database does not have them."""
        key, now = self._around.secret_key, self._clock()
        who = SetUp(self._session or "", made.url)

        def write(db: Connection) -> bool:
            if key is not None and not credentials.keep(db, made.app, key, now):
                return False
            stored.set_up_by(db, who, now)
            return True

        try:
            kept = await self._store.write(write)
        except StoreUnavailable as error:  # GitHub tells them once, so somebody has to get them
            log.warning("the app's credentials could not be kept", why=str(error))
            return "key" if key is None else "database"
        return "key" if key is None else None if kept else "taken"

    async def installed(self, request: web.Request) -> web.Response:
        """GitHub sends the browser here when the app is installed; by then the service should have begun."""
        if not self._is_in(request):
            return self._sheets.show(request, "elsewhere")
        return self._over(request) if self._stage is not Stage.OPEN else _to("../setup")

    async def healthz(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(self, request: web.Request) -> web.Response:
        return web.json_response({"ready": False, "why": "not set up yet"}, status=503)

    async def webhook(self, request: web.Request) -> web.Response:
        """GitHub logs the delivery as failed; the service asks for it when it has begun."""
        return web.Response(text="not set up yet\n", status=503)

    def _is_in(self, request: web.Request) -> bool:
        return sheets.is_session(request, self._session)

    def _form_page(self, request: web.Request, problems: frozenset[str] = frozenset()) -> web.Response:
        asked = manifest.read()
        form = self._form or Form(address=self._around.public_url or told_address(request))
        return self._sheets.show(
            request, "form", status=422 if problems else 200, form=form, problems=problems, csrf=self._csrf,
            keeps=self._around.secret_key is not None, permissions=asked.permissions, events=asked.events,
            why_permission=manifest.WHY_PERMISSION, why_event=manifest.WHY_EVENT, optional=manifest.OPTIONAL,
            out_of_reach=is_out_of_reach(form.address, self._around.github_url) if not problems else False,
        )  # fmt: skip

    def _over(self, request: web.Request) -> web.Response:
        name = "created" if self._stage is Stage.KEPT else "restart"
        return self._sheets.show(
            request, name, install=_installs(self._app_url), app_url=self._app_url, live=self._around.start_live
        )

    def _stranger(self, request: web.Request) -> web.Response:
        return self._sheets.show(request, "stranger", status=403)

    def _trouble(self, request: web.Request, what: str, *, why: str = "", again: str = "") -> web.Response:
        return self._sheets.show(request, "trouble", status=502 if again else 400, what=what, why=why, again=again)


def build(around: Surroundings, clock: Clock) -> tuple[web.Application, Setup]:
    """The application that serves until there is an app. Opens the database: raises StoreUnavailable."""
    store = Store(around.database_url)
    migrations.upgrade(store)
    setup = Setup(around, store, clock)
    app = web.Application()
    setup.routes(app)

    async def alive(app: web.Application) -> AsyncIterator[None]:
        yield
        store.close()

    app.cleanup_ctx.append(alive)
    return app, setup


def _to(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


def _installs(app_url: str) -> str:
    return f"{app_url}/installations/new"


def _lines(app: Credentials) -> list[str]:
    """As they are put into a file of the environment. What has line breaks is written with \\n."""
    key = app.private_key.reveal().strip().replace("\n", "\\n")
    [secret] = app.webhook_secrets
    return [
        f"GITHUB_APP_ID={app.app_id}", f'GITHUB_APP_PRIVATE_KEY="{key}"', f"GITHUB_WEBHOOK_SECRET={secret.reveal()}",
    ]  # fmt: skip
