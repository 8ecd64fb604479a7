"""The courier: carries deliveries to the apps' webhooks as GitHub does, once each, and keeps a log of it.

docs.github.com: Handling failed webhook deliveries. GitHub waits ten seconds for an answer and never tries again by
itself; whoever wants a delivery again asks for it.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

import aiohttp

from bot.sandbox.events import Attempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from bot.sandbox.events import Delivery
    from bot.sandbox.model import App
    from bot.sandbox.world import World

PATIENCE = 10.0  # seconds
KEPT = 2_000  # characters of an answer
NOBODY = "http://127.0.0.1:9/"  # where nobody listens


class Courier:
    """Use it as an async context manager: it listens to the world from then on until it is left.

    Deliveries go out in the order in which they happened, `at_once` at a time; with more than one they overtake each
    other, as on GitHub. `webhook_url` goes before the apps' own. What an app without any url is sent gets lost.
    """

    def __init__(
        self, world: World, *, webhook_url: str | None = None, at_once: int = 1, patience: float = PATIENCE
    ) -> None:
        self.world = world
        self.webhook_url = webhook_url
        self._at_once = at_once
        self._timeout = aiohttp.ClientTimeout(total=patience)
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout, trust_env=False)
        self._workers = [asyncio.create_task(self._work(), name="courier") for _ in range(self._at_once)]
        self.world.listeners.append(self._waiting.put_nowait)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.listeners.remove(self._waiting.put_nowait)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._session.close()

    async def drained(self) -> None:
        """Waits until everything so far has been delivered, or tried to be."""
        everything = asyncio.create_task(self._waiting.join())
        done, _ = await asyncio.wait({everything, *self._workers}, return_when=asyncio.FIRST_COMPLETED)
        everything.cancel()
        for task in done:
            task.result()

    @asynccontextmanager
    async def nobody_there(self) -> AsyncIterator[None]:
        """Meanwhile the webhooks are down: what happens is posted to where nobody listens, and logged as failed.

        What happened before is delivered first. What failed comes again only to whoever asks for it.
        """
        await self.drained()
        before, self.webhook_url = self.webhook_url, NOBODY
        try:
            yield
            await self.drained()
        finally:
            self.webhook_url = before

    def redeliver(self, guid: str) -> None:
        """Sends what had this GUID once more. Raises LookupError where nothing had."""
        for delivery in reversed(self.world.deliveries):
            if delivery.guid == guid:
                self.world.redeliver(delivery)
                return
        raise LookupError(f"no delivery {guid}")

    async def _work(self) -> None:
        while True:
            delivery = await self._waiting.get()
            app = self.world.apps[delivery.app_id or 0]
            url = self.webhook_url or app.webhook_url
            if url:
                self.world.attempts.append(await self._try(delivery, app, url))
            self._waiting.task_done()

    async def _try(self, delivery: Delivery, app: App, url: str) -> Attempt:
        headers = delivery.headers(app.webhook_secret)
        began = time.monotonic()
        answer_headers: dict[str, str] = {}
        text = ""
        try:
            async with self._session.post(url, data=delivery.body, headers=headers, allow_redirects=False) as response:
                text = (await response.text(errors="replace"))[:KEPT]
                code, answer_headers = response.status, dict(response.headers)
                status = "OK" if code < 400 else f"Invalid HTTP Response: {code}"
        except TimeoutError:
            code, status = 504, "timed out"
        except aiohttp.ClientError:
            code, status = 502, "failed to connect to host"
        return Attempt(
            id=self.world.new_id(),
            delivery=delivery,
            at=self.world.now(),
            duration=time.monotonic() - began,
            status=status,
            status_code=code,
            url=url,
            request_headers=headers,
            response_headers=answer_headers,
            response_body=text,
        )
