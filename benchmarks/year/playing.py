"""Lets the year happen: the sandbox, the real application in front of it, and a clock that goes from event to event.

What the bot does is taken down from the outside, by what GitHub would tell others of it. Besides, each look is watched
for the calls that it makes.
"""

import json
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, select

from benchmarks.year.config import config
from benchmarks.year.flow import Flow
from benchmarks.year.said import Lived, Said, mentions
from benchmarks.year.scene import Scene
from bot import policyfile
from bot.app import PARTS, Parts, build
from bot.backfill import Backfill
from bot.backfill.telling import ToldByLog
from bot.engine import Finished, Outcome
from bot.github.client import Client
from bot.github.written import mark
from bot.memory import looks, schema
from bot.model import Subject
from bot.sandbox import Delivery, Running, running
from bot.settings import Secret, Settings
from tests.stage import SECRET, SLUG

_BOT: Final = f"{SLUG}[bot]"
STEP: Final = timedelta(hours=1)  # what is due within it happens together, at its end
_SOON: Final = timedelta(minutes=5)
_KEPT: Final = 2_000  # deliveries in GitHub's log
_READ_AGAIN: Final = 2  # times that a configuration is read, at first and a minute later
_OUTSIDE: Final = "outside of looks"


async def live(
    flow: Flow, private_key: str, tell: Callable[[str], None] = lambda _: None, *, step: timedelta = STEP
) -> Lived:
    """`step` is how long the clock stands still at most, where nobody does anything. Raises AssertionError if something
    was given up."""
    scene = Scene(flow, private_key)
    tell(f"{len(flow.past):,} things have happened before")
    lived = Lived()
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        async with _staged(scene, Path(folder)) as (parts, github):
            with _watched(parts, lived, repos=len(scene.repos)):
                await _Year(scene, parts, github, lived, step, tell).go()
                _complete(lived, await parts.store.read(_templates))
                dead = await parts.store.read(looks.dead)
                assert not dead, f"given up: {dead[:3]}"
    names = {number: (thread.repo.name, thread.number) for number, thread in scene.threads.items()}
    lived.numbers = {place: number for number, place in names.items()}
    return lived


@asynccontextmanager
async def _staged(scene: Scene, folder: Path) -> AsyncIterator[tuple[Parts, Running]]:
    file = folder / "config.yml"
    file.write_text(config(scene.flow))
    source = policyfile.source(file)
    policyfile.laid_over([source])  # it is right
    app = scene.install()
    assert app.private_key is not None
    async with running(scene.world) as github:
        settings = Settings(
            app_id=str(app.id), private_key=Secret(app.private_key), webhook_secrets=(Secret(SECRET),),
            api_url=github.url, database_url=f"sqlite:///{folder / 'switchback.db'}", backfill_share=0,
            start_live=True,
        )  # fmt: skip
        service = build(settings, source, clock=scene.clock, spacing=timedelta())
        async with TestServer(service, host="127.0.0.1") as server:
            github.courier.webhook_url = f"{server.make_url('/webhook')}"
            yield service[PARTS], github


class _Year:
    def __init__(
        self,
        scene: Scene,
        parts: Parts,
        github: Running,
        lived: Lived,
        step: timedelta,
        tell: Callable[[str], None],
    ) -> None:
        self._scene, self._parts, self._github, self._lived = scene, parts, github, lived
        self._step, self._tell = step, tell
        self._recorder = _Recorder(lived)

    async def go(self) -> None:
        begun = time.perf_counter()
        world, flow = self._scene.world, self._scene.flow
        world.listeners.append(self._recorder.heard)
        await self._read_past()
        self._tell(f"the past is read after {time.perf_counter() - begun:.0f} s")
        month = flow.begin.month
        for event in flow.year:
            await self._until(event.at)
            self._scene.perform(event)
            await self._calm()
            if event.at.month != month:
                month = event.at.month
                told = f"{len(self._lived.said)} comments, {time.perf_counter() - begun:.0f} s"
                self._tell(f"{event.at:%B}: {told}")
        await self._until(flow.end)
        await self._calm()
        self._lived.seconds = time.perf_counter() - begun

    async def _read_past(self) -> None:
        """In one go. The service would read it by itself, and then look every minute of the year whether there is
        more."""
        parts = self._parts
        await parts.installations.known.wait()
        backfill = Backfill(parts.store, parts.client, parts.clock, share=1, policies=parts.policies)
        await backfill.run(ToldByLog())
        assert await parts.store.read(_past_is_read), "the past is not read"
        self._pass(timedelta())
        await self._calm()

    async def _until(self, when: datetime) -> None:
        """Whatever is due until then happens on the way."""
        while True:
            due = await self._parts.store.read(lambda db: looks.next_due(db, ()))
            now = self._scene.clock()
            if due is None or due >= when:
                break
            soon = due < now + _SOON  # what waits for a moment only is not made to wait for hours
            self._pass(min(due if soon else max(due, now + self._step), when) - now)
            await self._calm()
        self._pass(max(when - self._scene.clock(), timedelta()))

    def _pass(self, by: timedelta) -> None:
        self._scene.clock.advance(by)
        self._parts.inbox.arrived.set()  # the engine looks again what is due, instead of every half a minute

    async def _calm(self) -> None:
        """All is delivered and nothing is under way."""
        world = self._scene.world
        while True:
            before = len(world.deliveries)
            await self._github.courier.drained()
            await self._parts.engine.settled()
            if len(world.deliveries) == before:
                break
        self._lived.deliveries += len(world.deliveries)
        world.deliveries.clear()
        del world.attempts[:-_KEPT]


def _past_is_read(db: Connection) -> bool:
    return db.scalar(select(schema.owners.c.past_read_at)) is not None


# -- what it says


_MARKER: Final = re.compile(r"<!-- switchback (\S+) (\S+) -->")


class _Recorder:
    """Takes down what the bot says and closes, from what everybody is told of it."""

    def __init__(self, lived: Lived) -> None:
        self._lived = lived
        self._called: dict[str, frozenset[str]] = {}  # by node id

    def heard(self, delivery: Delivery) -> None:
        if delivery.event not in {"issues", "issue_comment", "pull_request"}:
            return
        told = json.loads(delivery.body)
        if told["sender"]["login"] != _BOT:
            return
        thread = told.get("issue") or told["pull_request"]
        said = told.get("comment") or thread
        if told["action"] == "closed":
            self._lived.ended.append((thread["title"], thread["user"]["login"] == _BOT))
        elif told["action"] in {"created", "opened", "edited"} and said["user"]["login"] == _BOT:
            self._said(delivery, told, thread, said)

    def _said(self, delivery: Delivery, told: Any, thread: Any, said: Any) -> None:
        body = said["body"] or ""
        before = self._called.get(said["node_id"], frozenset())
        called = mentions(f"{thread['title'] if said is thread else ''} {body}")
        self._called[said["node_id"]] = before | called
        marker = _MARKER.search(body)
        self._lived.said.append(
            Said(
                at=delivery.at,
                repo=told["repository"]["name"],
                number=thread["number"] if "comment" in told else 0,
                body=body,
                mentions=called - before,
                rule=marker[1] if marker else "",
                template=marker[2] if marker else "",
                is_edit=told["action"] == "edited",
            )
        )


def _templates(db: Connection) -> dict[str, str]:
    """The templates by the marks of their comments."""
    table = schema.ledger
    query = select(table.c.key, table.c.template).where(table.c.template.is_not(None))
    return {mark(key): template for key, template in db.execute(query)}


def _complete(lived: Lived, templates: dict[str, str]) -> None:
    lived.said = [replace(one, template=templates.get(one.template, "")) for one in lived.said]


# -- what it asks


_LOOKED_AT: Final[ContextVar[str]] = ContextVar("looked_at", default=_OUTSIDE)


@contextmanager
def _watched(parts: Parts, lived: Lived, *, repos: int) -> Iterator[None]:
    """Counts the calls to GitHub by the kind of look that makes them. That no repository has a configuration of its own
    is read once and not again each day."""
    look: Callable[[Subject, int], Awaitable[Outcome]] = vars(parts.engine)["_look"]

    async def watched(subject: Subject, attempts: int) -> Outcome:
        kind = subject.partition("/")[0]
        if kind == "config" and lived.looks[kind] > _READ_AGAIN * repos:
            return Finished()
        lived.looks[kind] += 1
        token = _LOOKED_AT.set(kind)
        try:
            return await look(subject, attempts)
        finally:
            _LOOKED_AT.reset(token)

    def counted(name: str) -> Callable[..., Any]:
        real = getattr(Client, name)

        def call(self: Client, *given: Any, **named: Any) -> Any:
            lived.calls[_LOOKED_AT.get(), _way(name, given, named)] += 1
            return real(self, *given, **named)

        return call

    with ExitStack() as stack:
        stack.enter_context(patch.object(parts.engine, "_look", watched))
        for name in ("as_app", "list_as_app", "pages_as_app", "call", "pages", "page"):
            stack.enter_context(patch.object(Client, name, counted(name)))
        yield


def _way(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> str:
    """Whether a call reads or writes. GraphQL posts its questions too."""
    if name not in {"as_app", "call"}:
        return "reads"
    method, path = given[:2] if name == "as_app" else given[1:3]
    if path.endswith("/access_tokens"):
        return "tokens"
    asked = named.get("data") or {}
    if isinstance(asked, dict) and "query" in asked:
        return "writes" if asked["query"].lstrip().startswith("mutation") else "reads"
    return "reads" if method == "GET" else "writes"
