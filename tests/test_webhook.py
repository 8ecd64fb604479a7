"""The webhook through HTTP, in front of a real database: what is taken, what is refused, and what is on disk when."""

import asyncio
import hmac
import sqlite3
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.memory import inbox
from bot.memory.inbox import Inbox
from bot.metrics import Metrics
from bot.settings import Secret
from bot.webhook import MAX_SIZE, Webhook
from tests.outages import EVERY_OUTAGE, FragileFile, Outage, fragile
from tests.stage import StageClock

DELIVERY, EVENT, SIGNATURE = "X-GitHub-Delivery", "X-GitHub-Event", "X-Hub-Signature-256"
NEW_SECRET: Final = "the secret of today"
OLD_SECRET: Final = "the secret of yesterday"
BODY: Final = b'{"action": "opened", "issue": {"number": 5}}'
GUID: Final = str(UUID(int=5))
PATIENCE: Final = 5.0  # seconds, in which even an answer that has to wait must be there


Headers = Mapping[str, str | None]


@dataclass
class Place:
    """A webhook at its database."""

    client: TestClient[web.Request, web.Application]
    file: FragileFile
    inbox: Inbox
    metrics: Metrics

    async def post(
        self, body: bytes = BODY, headers: Headers | None = None, *, chunked: bool = False
    ) -> tuple[int, str]:
        """Sends it as GitHub would, with these headers changed, or left out where they are None."""
        sent: dict[str, str | None] = {
            "Content-Type": "application/json",
            DELIVERY: GUID,
            EVENT: "issues",
            SIGNATURE: signed(body),
        }
        given = {name: value for name, value in (sent | dict(headers or {})).items() if value is not None}
        skipped = [] if "Content-Type" in given else ["Content-Type"]
        data = chunks(body) if chunked else BytesIO(body)
        async with self.client.post("/webhook", data=data, headers=given, skip_auto_headers=skipped) as answer:
            return answer.status, await answer.text()

    def rows(self) -> list[tuple[Any, ...]]:
        """What is on disk, as another program sees it."""
        with closing(sqlite3.connect(self.file.path)) as other:
            return other.execute(
                "SELECT id, event, payload, received_at, state FROM deliveries ORDER BY seq"
            ).fetchall()

    def counted(self) -> dict[str, float]:
        samples = [sample for metric in self.metrics.registry.collect() for sample in metric.samples]
        return {s.labels["status"]: s.value for s in samples if s.name == "switchback_deliveries_total"}


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1 << 20):
        yield body[start : start + (1 << 20)]


def signed(body: bytes, secret: str = NEW_SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, 'sha256').hexdigest()}"


SHA_1: Final = f"sha1={hmac.new(NEW_SECRET.encode(), BODY, 'sha1').hexdigest()}"


@pytest.fixture
async def place(tmp_path: Path, clock: StageClock) -> AsyncIterator[Place]:
    with fragile(tmp_path) as file:
        box, metrics = Inbox(file.store), Metrics()
        hook = Webhook(box, [Secret(NEW_SECRET), Secret(OLD_SECRET)], clock, metrics)
        app = web.Application(client_max_size=MAX_SIZE + 1)
        app.router.add_post("/webhook", hook.receive)
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            yield Place(client, file, box, metrics)


async def test_a_new_delivery_is_recorded_and_a_known_one_is_known(place: Place, clock: StageClock) -> None:
    assert await place.post() == (202, "recorded\n")
    assert await place.post() == (200, "known already\n")
    assert await place.post(b"{}") == (200, "known already\n")  # the GUID counts, and what came first stays
    [row] = place.rows()
    assert row == (GUID, "issues", BODY, round(clock().timestamp() * 1000), inbox.NEW)
    assert place.counted() == {"202": 1, "200": 2}
    assert place.metrics.registry.get_sample_value("switchback_recording_seconds_count") == 3


async def test_it_is_on_disk_before_it_is_acknowledged(place: Place) -> None:
    for number in range(1, 30):
        status, _ = await place.post(BODY, {DELIVERY: str(uuid4())})
        assert (status, len(place.rows())) == (202, number)


async def test_of_fifty_copies_at_once_one_is_new(place: Place) -> None:
    answers = await asyncio.gather(*(place.post() for _ in range(50)))
    assert sorted(status for status, _ in answers) == [200] * 49 + [202]
    assert len(place.rows()) == 1
    assert place.counted() == {"202": 1, "200": 49}


async def test_many_deliveries_at_once_are_all_recorded(place: Place) -> None:
    guids = [str(uuid4()) for _ in range(60)]
    answers = await asyncio.gather(*(place.post(BODY, {DELIVERY: guid}) for guid in guids * 2))
    assert sorted(status for status, _ in answers) == [200] * 60 + [202] * 60
    assert {row[0] for row in place.rows()} == set(guids)


@pytest.mark.parametrize("secret", [NEW_SECRET, OLD_SECRET], ids=["new", "old"])
async def test_both_secrets_count_while_one_is_rotated(secret: str, place: Place) -> None:
    assert await place.post(BODY, {SIGNATURE: signed(BODY, secret)}) == (202, "recorded\n")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({SIGNATURE: None}, id="no-signature"),
        pytest.param({SIGNATURE: ""}, id="empty-signature"),
        pytest.param({SIGNATURE: "sha256="}, id="half-a-signature"),
        pytest.param({SIGNATURE: signed(BODY)[7:]}, id="without-its-name"),
        pytest.param({SIGNATURE: signed(BODY).upper()}, id="in-capitals"),
        pytest.param({SIGNATURE: signed(BODY + b" ")}, id="of-another-body"),
        pytest.param({SIGNATURE: signed(BODY, "guessed")}, id="with-another-secret"),
        pytest.param({SIGNATURE: signed(BODY, "")}, id="with-an-empty-secret"),
        pytest.param({SIGNATURE: "sha256=ü\xff"}, id="no-letters"),
        pytest.param({SIGNATURE: SHA_1}, id="SHA-1-in-its-place"),
        pytest.param({SIGNATURE: None, "X-Hub-Signature": SHA_1}, id="SHA-1-only"),
    ],
)
async def test_nobody_else_gets_in(headers: Headers, place: Place) -> None:
    status, why = await place.post(BODY, headers)
    assert status == 401
    assert "secret" in why
    assert NEW_SECRET not in why
    assert place.rows() == []
    assert place.counted() == {"401": 1}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({DELIVERY: None}, id="no-guid"),
        pytest.param({DELIVERY: "a b"}, id="odd-guid"),
        pytest.param({DELIVERY: "a" * 101}, id="long-guid"),
        pytest.param({EVENT: None}, id="no-event"),
        pytest.param({EVENT: "Issues!"}, id="odd-event"),
        pytest.param({EVENT: "e" * 61}, id="long-event"),
    ],
)
async def test_a_delivery_says_which_and_of_what_it_is(headers: Headers, place: Place) -> None:
    status, why = await place.post(BODY, headers)
    assert (status, "X-GitHub-Delivery" in why, place.rows()) == (400, True, [])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half-an-object"),
        pytest.param(b"[{}]", id="a-list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"title": "gr\xfcn"}', id="not-utf-8"),
        pytest.param(b"{} {}", id="two-objects"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="very-deep"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(body: bytes, place: Place) -> None:
    assert await place.post(body) == (400, "the body is not a JSON object\n")
    assert (place.rows(), place.counted()) == ([], {"400": 1})


def of_size(size: int) -> bytes:
    return b'{"body": "' + b"x" * (size - 12) + b'"}'


@pytest.mark.parametrize("chunked", [False, True], ids=["with-its-length", "in-chunks"])
async def test_25_mib_are_taken_and_not_a_byte_more(chunked: bool, place: Place) -> None:
    for size, status in ((MAX_SIZE, 202), (MAX_SIZE + 1, 413), (MAX_SIZE + (3 << 20), 413)):
        assert (await place.post(of_size(size), {DELIVERY: f"of-{size}"}, chunked=chunked))[0] == status
    [row] = place.rows()
    assert len(row[2]) == MAX_SIZE


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "application/jsonp", None], ids=str
)
async def test_only_json_is_taken(kind: str | None, place: Place) -> None:
    status, why = await place.post(BODY, {"Content-Type": kind})
    assert (status, why, place.rows()) == (415, "set the webhook's content type to application/json\n", [])


async def test_json_may_name_its_letters(place: Place) -> None:
    assert (await place.post(BODY, {"Content-Type": "application/json; charset=utf-8"}))[0] == 202


@EVERY_OUTAGE
async def test_what_cannot_be_recorded_is_not_acknowledged(outage: Outage, place: Place) -> None:
    body = of_size(200_000)
    with outage(place.file):
        began = monotonic()
        status, why = await place.post(body)
        assert (status, why) == (503, "not recorded: the database is away; redeliver later\n")
        assert monotonic() - began < PATIENCE
    assert place.rows() == []
    assert await place.post(body) == (202, "recorded\n")  # GitHub redelivers it with the same GUID
    assert place.counted() == {"503": 1, "202": 1}


async def test_a_database_that_never_answers_is_not_waited_for(place: Place) -> None:
    assert inbox.PATIENCE <= 8  # seconds; GitHub waits 10
    place.inbox.patience = 0.05
    answered = threading.Event()
    busy = asyncio.ensure_future(place.file.store.write(lambda db: answered.wait()))
    began = monotonic()
    assert (await place.post())[0] == 503
    assert monotonic() - began < PATIENCE
    answered.set()
    await busy
    place.inbox.patience = inbox.PATIENCE
    assert (await place.post())[0] in {200, 202}  # it may have got there after all, and counts once
    assert len(place.rows()) == 1


@pytest.mark.parametrize(
    "secrets", [[], [Secret("")], [Secret(NEW_SECRET), Secret("")]], ids=["none", "an-empty-one", "an-empty-one-too"]
)
async def test_there_is_no_webhook_without_a_secret(secrets: list[Secret], place: Place, clock: StageClock) -> None:
    with pytest.raises(ValueError, match="without a secret"):
        Webhook(Inbox(place.file.store), secrets, clock, place.metrics)
