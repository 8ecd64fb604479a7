"""The few of GitHub's web pages that setting up an app leads through: making one from a manifest, and installing it.

They are served beside the API, for a browser or a client that posts forms. Who is looking at them is the world's
`signed_in`; a page about something that this person may not do is not found, as on GitHub.

docs.github.com: Registering a GitHub App from a manifest; About the setup URL.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.sandbox.manifests import ManifestError, problem_of_name, read, slug_of
from bot.sandbox.model import Account, App, Organization, Repo
from bot.sandbox.world import World

INVALID = "Invalid GitHub App configuration"
NOT_A_MANIFEST = "The configuration does not appear to be a valid GitHub App manifest."
TAKEN = "Name has already been taken"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}

FOR_ORGANIZATION = "/organizations/{org}/settings/apps/new"
FOR_PERSON = "/settings/apps/new"
INSTALL = "/apps/{slug}/installations/new"
PATHS = frozenset({FOR_ORGANIZATION, FOR_PERSON, INSTALL})  # GitHub's API description knows nothing of these

Form = Mapping[str, list[str]]
Page = Callable[[web.Request, Account], Awaitable[web.Response]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account that the app may be installed on, and whether it is."""

    account: Account
    repos: list[Repo]
    installed: bool


class NothingHere(Exception):
    """There is no such page, or not for this person."""


class Site:
    def __init__(self, world: World) -> None:
        self._world = world
        self._templates = Environment(
            loader=PackageLoader("bot.sandbox", "html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self, app: web.Application) -> None:
        for path in (FOR_ORGANIZATION, FOR_PERSON):
            app.router.add_post(path, self._signed_in(self.register))
        app.router.add_get(INSTALL, self._signed_in(self.choose), allow_head=False)
        app.router.add_post(INSTALL, self._signed_in(self.install))

    def _signed_in(self, page: Page) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The page as a handler: for whoever is signed in, or none."""

        async def handler(request: web.Request) -> web.Response:
            who = self._world.signed_in
            if who is None:
                return self._says("Sign in first", "Nobody is signed in to this sandbox.", status=404)
            try:
                return await page(request, who)
            except NothingHere:
                return self._says("Not found", "There is no such page, or it is not for you.", status=404)

        return handler

    # -- making an app

    async def register(self, request: web.Request, who: Account) -> web.Response:
        """Shows what a manifest asks for; with `create` in the form it makes the app, under the name that was typed."""
        owner = self._owner(request.match_info.get("org"), who)
        form = await _form(request)
        text = _first(form, "manifest")
        try:
            manifest = read(text)
        except ManifestError as error:
            return self._says(INVALID, NOT_A_MANIFEST, problems=error.problems, status=422)
        name = (_first(form, "name") if "create" in form else manifest["name"]).strip()
        problem = problem_of_name(name) or (TAKEN if self._is_taken(name) else None)
        if problem is not None or "create" not in form:
            return self._html(
                "register.html",
                title="Create GitHub App",
                problems=[problem] if problem else [],
                status=422 if problem else 200,
                manifest=text,
                name=name,
                owner=owner.login,
                permissions=sorted({"metadata": "read", **(manifest.get("default_permissions") or {})}.items()),
                events=manifest.get("default_events") or [],
            )
        code = self._world.app_from_manifest({**manifest, "name": name}, owner=owner)
        if not manifest.get("redirect_url"):
            return self._says(name, "The app is there. Its manifest names no page to go on with.")
        return _go(manifest["redirect_url"], code=code, state=request.query.get("state"))

    def _owner(self, organization: str | None, who: Account) -> Account:
        """Whose the app will be. Raises NothingHere unless the person may make apps there."""
        if organization is None:
            return who
        owner = self._world.find_account(organization)
        if not isinstance(owner, Organization) or not _administers(owner, who):
            raise NothingHere
        return owner

    def _is_taken(self, name: str) -> bool:
        slug = slug_of(name)
        return any(slug in (each.slug, slug_of(each.name)) for each in self._world.apps.values()) or (
            self._world.find_account(f"{slug}[bot]") is not None
        )

    # -- installing it

    async def choose(self, request: web.Request, who: Account) -> web.Response:
        """The accounts and repositories to choose from. `target_id` in the query suggests one."""
        app = self._app(request, who)
        return self._choice(app, who, target=request.query.get("target_id", ""))

    async def install(self, request: web.Request, who: Account) -> web.Response:
        """Takes `target_id`, `repository_selection` (all or selected), and for selected ones their `repository_ids`."""
        app, form = self._app(request, who), await _form(request)
        target, numbers = _first(form, "target_id"), form.get("repository_ids", [])
        place = next((each for each in self._places(app, who) if str(each.account.id) == target), None)
        chosen = None
        if _first(form, "repository_selection") == "selected":
            chosen = [each for each in (place.repos if place else ()) if str(each.id) in numbers]
        problem = _refusal(place, chosen, asked=len(numbers))
        if place is None or problem is not None:
            return self._choice(app, who, target=target, selected=numbers, problem=problem)
        installation = self._world.install(app, place.account, by=who, repositories=chosen)
        if app.setup_url is None:
            return self._says(app.name, f"It is installed on {place.account.login}.")
        state = request.query.get("state")
        return _go(app.setup_url, installation_id=str(installation.id), setup_action="install", state=state)

    def _app(self, request: web.Request, who: Account) -> App:
        """The app of the path. Raises NothingHere where there is none, or it is not for others."""
        app = next((each for each in self._world.apps.values() if each.slug == request.match_info["slug"]), None)
        if app is None or not self._places(app, who):
            raise NothingHere
        return app

    def _places(self, app: App, who: Account) -> list[Place]:
        """Where the person may install it; an app that is not public goes nowhere but to its owner."""
        accounts = [who, *(each for each in self._world.accounts.values() if _administers(each, who))]
        return [
            Place(
                account=each,
                repos=self._world.repos_of(each),
                installed=any(known.app is app for known in self._world.installations_on(each)),
            )
            for each in accounts
            if app.public or each is app.owner
        ]

    def _choice(
        self, app: App, who: Account, *, target: str, selected: Iterable[str] = (), problem: str | None = None
    ) -> web.Response:
        places = self._places(app, who)
        free = [each.account.id for each in places if not each.installed]
        wanted = int(target) if target.isdecimal() else None
        return self._html(
            "install.html",
            title=f"Install {app.name}",
            problems=[problem] if problem else [],
            status=422 if problem else 200,
            places=places,
            target=wanted if wanted in free else next(iter(free), None),
            selected={int(each) for each in selected if each.isdecimal()},
            permissions=sorted(app.permissions.items()),
        )

    # -- answering

    def _says(self, title: str, text: str, *, problems: Iterable[str] = (), status: int = 200) -> web.Response:
        return self._html("says.html", title=title, problems=list(problems), status=status, text=text)

    def _html(self, template: str, *, status: int, **values: Any) -> web.Response:
        who = self._world.signed_in
        text = self._templates.get_template(template).render(who=who.login if who else None, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def _administers(account: Account, who: Account) -> bool:
    if not isinstance(account, Organization) or account.deleted:
        return False
    member = account.members.get(who.id)
    return member is not None and member.role == "admin"


def _refusal(place: Place | None, chosen: list[Repo] | None, *, asked: int) -> str | None:
    """Why it cannot be installed there; None where it can."""
    if place is None:
        return "Choose where to install it."
    if place.installed:
        return f"It is installed on {place.account.login}."
    if chosen is not None and (not chosen or len(chosen) < asked):
        return f"Choose at least one repository, and only some of {place.account.login}."
    return None


async def _form(request: web.Request) -> Form:
    fields = await request.post()
    return {name: [str(value) for value in fields.getall(name)] for name in fields}


def _first(form: Form, name: str) -> str:
    return form[name][0] if form.get(name) else ""


def _go(url: str, **more: str | None) -> web.Response:
    """Sends the browser on, with these parameters on top of those that the address has."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *((k, v) for k, v in more.items() if v is not None)]
    return web.Response(status=302, headers={**HEADERS, "Location": parts._replace(query=urlencode(query)).geturl()})
