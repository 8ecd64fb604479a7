"""`POST /webhook`: verify, record, acknowledge. No policy, no call to GitHub, nothing that can wait.

GitHub waits 10 s for an answer and never redelivers by itself, so a delivery is acknowledged only when it is on disk,
and a failure is told in time, for GitHub to list it and for us to ask for it again.
"""

import hmac
import re
from collections.abc import Sequence
from http import HTTPStatus
from time import monotonic
from typing import Final

import structlog
from aiohttp import web
from pydantic import BaseModel

from bot.clock import Clock
from bot.memory.inbox import Delivery, Inbox
from bot.memory.store import StoreUnavailable
from bot.metrics import Metrics
from bot.settings import Secret

MAX_SIZE: Final = 25 * 1024 * 1024  # bytes; GitHub caps payloads at 25 MB
_GUID: Final = re.compile(r"[0-9A-Za-z-]{1,100}")
_EVENT: Final = re.compile(r"[a-z0-9_]{1,60}")

log = structlog.get_logger()


class _AnyObject(BaseModel):
    """Any JSON object: its text is read to the end, but nothing is made of it, which takes a fifth of the time."""


class Refused(Exception):
    """A request that is not taken; `why` is told to the caller."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Webhook:
    """Several secrets are accepted while one is being rotated; none of them is empty (see settings)."""

    def __init__(self, inbox: Inbox, secrets: Sequence[Secret], clock: Clock, metrics: Metrics) -> None:
        if not secrets or not all(secret.reveal() for secret in secrets):
            raise ValueError("a webhook without a secret would let anybody in")
        self._inbox = inbox
        self._secrets = [secret.reveal().encode() for secret in secrets]
        self._clock = clock
        self._metrics = metrics

    async def receive(self, request: web.Request) -> web.Response:
        try:
            status, text = await self._taken(request)
        except Refused as refused:
            status, text = refused.status, refused.why
            log.warning(
                "delivery refused", status=int(status), why=text, delivery=request.headers.get("X-GitHub-Delivery")
            )
        self._metrics.deliveries.labels(int(status)).inc()
        return web.Response(status=status, text=f"{text}\n")

    async def _taken(self, request: web.Request) -> tuple[HTTPStatus, str]:
        body = await _body(request)
        self._verify(body, request.headers.get("X-Hub-Signature-256", ""))
        guid, event = request.headers.get("X-GitHub-Delivery", ""), request.headers.get("X-GitHub-Event", "")
        if not _GUID.fullmatch(guid) or not _EVENT.fullmatch(event):
            raise Refused(HTTPStatus.BAD_REQUEST, "the headers X-GitHub-Delivery and X-GitHub-Event are needed")
        try:
            _AnyObject.model_validate_json(body)
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "the body is not a JSON object") from None
        if await self._record(Delivery(guid, event, body, self._clock())):
            return HTTPStatus.ACCEPTED, "recorded"
        return HTTPStatus.OK, "known already"

    def _verify(self, body: bytes, signature: str) -> None:
        """docs.github.com: «Validating webhook deliveries». The older SHA-1 header alone does not count."""
        if not signature:
            raise Refused(
                HTTPStatus.UNAUTHORIZED, "the header X-Hub-Signature-256 is missing: set a secret for the webhook"
            )
        given = signature.encode("ascii", "replace")
        for secret in self._secrets:
            expected = b"sha256=" + hmac.digest(secret, body, "sha256").hex().encode()
            if hmac.compare_digest(given, expected):
                return
        raise Refused(
            HTTPStatus.UNAUTHORIZED, "the signature does not fit: is the webhook's secret the same here and there?"
        )

    async def _record(self, delivery: Delivery) -> bool:
        began = monotonic()
        try:
            return await self._inbox.record(delivery)
        except StoreUnavailable as error:
            log.error("delivery not recorded", delivery=delivery.id, why=str(error))
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE, "not recorded: the database is away; redeliver later"
            ) from error
        finally:
            self._metrics.recording.observe(monotonic() - began)


async def _body(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "set the webhook's content type to application/json")
    if (request.content_length or 0) > MAX_SIZE:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "more than 25 MiB")
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "more than 25 MiB") from None
    if len(body) > MAX_SIZE:  # aiohttp lets one byte more through, and versions differ in it
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "more than 25 MiB")
    return body
