"""The page of `python -m bot play`: a sample organisation to act in, and what Switchback makes of it, with the reasons.

What the visitor does is done in the sandbox, as people do it on GitHub: it posts signed webhooks to the service, which
answers through the sandbox's API. The page only looks on.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot import explain
from bot.app import Parts
from bot.model import RepoId, ThreadRef
from bot.sandbox import ChangedFile, Delivery, RefusedError, Running
from bot.sandbox.model import Account, PullRequest, Repo, Thread
from bot.sandbox.sample import Sample
from bot.web import playview

_PATIENCE: Final = 5.0  # seconds for the bot to finish before the page is shown without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something a visitor may come with: what GitHub's forms and templates would make of it."""

    name: str
    what: str
    title: str
    body: str = ""
    labels: tuple[str, ...] = ()
    file: str = ""


KINDS: Final[Mapping[str, Kind]] = {
    "problem": Kind(
        name="a problem", what="issue", title="The map will not load", labels=("bug",),
        body="### Bug description\n\nThe page stays empty.",
    ),
    "question": Kind(name="a question", what="issue", title="How do I rotate a map?", labels=("support",)),
    "wish": Kind(
        name="a wish", what="issue", title="Show the height of the huts", labels=("enhancement",),
        body="### Proposed change\n\nHeights beside the names.",
    ),
    "code": Kind(name="a code change", what="pull request", title="Draw contour lines", file="src/contours.py"),
    "docs": Kind(name="a documentation fix", what="pull request", title="Fix a typo", file="docs/guide.md"),
    "draft": Kind(name="unfinished work", what="draft", title="Another projection", file="src/project.py"),
    "talk": Kind(name="a topic", what="discussion", title="Hello from the valley", body="What are you working on?"),
}  # fmt: skip
_STYLE: Final = (files("bot.web") / "pages" / "playground.css").read_text("utf-8")
_NAMES: Final = ("ada", "linus", "margaret", "alan", "hedy", "ken", "radia", "edsger", "barbara", "dennis")


class Playground:
    """`ours` is the account that Switchback writes with; `explain` is the command to type before a thread's name."""

    def __init__(self, parts: Parts, github: Running, sample: Sample, ours: Account, *, explain: str) -> None:
        self._parts = parts
        self._github = github
        self._world = github.world
        self._ours = ours
        self._explain = explain
        self._organization = sample.organization
        self._repos = tuple(sample.repos.values())
        self._maintainer, self._member = sample.people["gentian"], sample.people["larch"]
        self._returning, self._bot = sample.people["marmot-dev"], sample.people["dependency-goat[bot]"]
        self._last_newcomer: Account | None = None
        self._last_thread: Thread | None = None
        environment = Environment(
            loader=PackageLoader("bot.web", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._page = environment.get_template("playground.html")

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/", self.page)
        app.router.add_get("/playground.css", self.style)
        app.router.add_post("/play/open", self.open)
        app.router.add_post("/play/act", self.act)

    async def style(self, request: web.Request) -> web.Response:
        return web.Response(text=_STYLE, content_type="text/css")

    async def page(self, request: web.Request) -> web.Response:
        address = request.query.get("thread", "")
        thread = self._find(address)
        if address and thread is None:
            return await self._shown(request.query, problem="There is no such thread.", status=404)
        return await self._shown(request.query, thread)

    async def open(self, request: web.Request) -> web.Response:
        """Somebody opens an issue, a pull request or a discussion."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        who, kind, repo = form.get("who", ""), KINDS.get(form.get("kind", "")), self._repo(form.get("repo", ""))
        if kind is None or repo is None or who not in dict(self._people()):
            raise web.HTTPBadRequest(text="The form came back incomplete: go back and choose again.")
        account = self._account(who)
        try:
            thread = self._opened(kind, repo, account, form.get("title", "").strip(), form.get("body", "").strip())
        except RefusedError as refused:
            return await self._shown(form, problem=_in_words(refused), status=422)
        if who == "newcomer":
            self._last_newcomer = account
            form["who"] = "again"
        return await self._done(form, thread)

    async def act(self, request: web.Request) -> web.Response:
        """Somebody does something in a thread."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        thread = self._find(form.get("thread", ""))
        if thread is None:
            raise web.HTTPBadRequest(text="That thread does not exist: go back to the page.")
        try:
            self._do(form.get("act", ""), thread)
        except RefusedError as refused:
            return await self._shown(form, thread, problem=_in_words(refused), status=422)
        except ValueError as error:
            return await self._shown(form, thread, problem=f"{error}.", status=422)
        return await self._done(form, thread)

    async def _done(self, form: Mapping[str, str], thread: Thread) -> web.Response:
        """Back to the page, when Switchback has had its say."""
        self._github.requests.clear()  # Switchback has not heard of the step yet: what comes now is its doing
        self._last_thread = thread
        await self._settled()
        query = _chosen(form) | {"thread": playview.address(thread)}
        return web.Response(status=303, headers={"Location": f"/?{urlencode(query)}#thread"})

    async def _shown(
        self, form: Mapping[str, str], thread: Thread | None = None, *, problem: str = "", status: int = 200
    ) -> web.Response:
        """The page, with the form as it was filled in."""
        ours, now = self._ours, self._world.now()
        text = self._page.render(
            organisation=self._organization.login,
            problem=problem,
            people=self._people(),
            kinds=KINDS,
            chosen=_chosen(form),
            title=form.get("title", ""),
            body=form.get("body", ""),
            repos=[playview.place(repo, ours, now) for repo in self._repos],
            shown=await self._view(thread) if thread else None,
            command=f"{self._explain} {f'{thread.repo.full_name}#{thread.number}' if thread else 'OWNER/REPO#N'}",
        )
        return web.Response(text=text, content_type="text/html", status=status)

    async def _view(self, thread: Thread) -> playview.Shown:
        now = self._parts.clock()
        ref = ThreadRef(RepoId(thread.repo.id), thread.number)
        told = await self._parts.store.read(lambda db: explain.explain(db, ref, now, self._parts.policies))
        calls = None
        if thread is self._last_thread:
            calls = [f"{one.method} {one.path} → {one.status or 'cut'}" for one in self._github.requests]
        return playview.shown(thread, self._ours, told, calls, self._world.now())

    def _people(self) -> list[tuple[str, str]]:
        """Whom the visitor may act as."""
        people = [("newcomer", "a newcomer")]
        if self._last_newcomer is not None:
            people.append(("again", f"{self._last_newcomer.login} again"))
        return [
            *people,
            ("returning", f"{self._returning.login}, here before"),
            ("member", f"{self._member.login}, a member"),
            ("bot", f"{self._bot.login}, a bot"),
        ]

    def _account(self, who: str) -> Account:
        match who:
            case "again" if self._last_newcomer is not None:
                return self._last_newcomer
            case "returning":
                return self._returning
            case "member":
                return self._member
            case "bot":
                return self._bot
            case _:
                return self._world.user(self._new_name())

    def _new_name(self) -> str:
        names = (f"{name}{round_ or ''}" for round_ in range(1000) for name in _NAMES)
        return next(name for name in names if self._world.find_account(name) is None)

    def _opened(self, kind: Kind, repo: Repo, by: Account, title: str, body: str) -> Thread:
        title, body = title or kind.title, body.replace("\r\n", "\n") or kind.body
        match kind.what:
            case "issue":
                return self._world.open_issue(repo, by=by, title=title, body=body, labels=kind.labels)
            case "discussion":
                return self._world.open_discussion(repo, by=by, title=title, body=body)
            case _:
                files = [ChangedFile(filename=kind.file)]
                draft = kind.what == "draft"
                return self._world.open_pull_request(repo, by=by, title=title, body=body, files=files, draft=draft)

    def _repo(self, name: str) -> Repo | None:
        return next((repo for repo in self._repos if repo.name == name), None)

    def _find(self, address: str) -> Thread | None:
        name, _, number = address.partition("/")
        repo = self._repo(name)
        return repo.threads.get(int(number)) if repo and re.fullmatch(r"[0-9]{1,18}", number) else None

    async def _settled(self) -> None:
        """Waits for the bot to have its say, but not for ever."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._github.courier.drained()
                await self._parts.engine.settled()
        except TimeoutError:
            pass  # the page shows what there is by now; it can be loaded again

    def _do(self, act: str, thread: Thread) -> None:
        """What the buttons under a thread do. Raises RefusedError, and ValueError for an act that does not fit."""
        maintainer = self._maintainer
        match act, thread:
            case "answer", _:
                self._world.comment(thread, by=thread.author, body="Thank you, I will try that.")
            case "maintain", _:
                self._world.comment(thread, by=maintainer, body="Thanks! I will have a look.")
            case "no-bot", _:
                self._world.comment(thread, by=thread.author, body="/no-bot")
            case "ready", PullRequest():
                self._world.ready_for_review(thread, by=thread.author)
            case "merge", PullRequest():
                self._world.merge(thread, by=maintainer)
            case "close", _:
                self._world.close(thread, by=maintainer)
            case "again", _:  # GitHub redelivers only when asked, with the same GUIDs: nothing may come of it
                for delivery in [one for one in self._world.deliveries if is_about(one, thread)]:
                    self._github.courier.redeliver(delivery.guid)
            case _:
                raise ValueError(f"{act} does not go with {thread.title}")


def _chosen(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "") for name in ("who", "kind", "repo")}


def _in_words(refused: RefusedError) -> str:
    problems = [one if isinstance(one, str) else one.get("message") or one["code"] for one in refused.errors or ()]
    return f"GitHub would refuse this: {', '.join(map(str, problems)) or refused.message}."


def is_about(delivery: Delivery, thread: Thread) -> bool:
    """Whether a delivery, in its first copy, is about this thread, by the objects that its payload shows."""
    if delivery.redelivery or delivery.repository_id != thread.repo.id:
        return False
    shown = (delivery.payload.get(name) for name in ("issue", "pull_request", "discussion"))
    return any(thing and thing["number"] == thread.number for thing in shown)
