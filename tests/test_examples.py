"""The 329 real payloads of `@octokit/webhooks-examples`, signed, through the real endpoint.

None may break anything, and those that open threads have the right effect: nothing for their authors, who own the
repositories; a welcome if somebody from outside had been the author.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from sqlalchemy import Connection, select

from bot.explain import explain, sentence
from bot.memory import inbox, looks, schema
from bot.model import RepoId, ThreadRef
from bot.sandbox import Delivery
from tests import npm
from tests.conftest import Play
from tests.stage import Stage


def examples() -> list[tuple[str, dict[str, Any]]]:
    """Event and payload of each. `installation` is added where it is missing, as GitHub adds it for apps."""
    described = json.loads(npm.file("@octokit/webhooks-examples", "api.github.com/index.json").read_text("utf-8"))
    return [
        (event["name"], {"installation": {"id": 2, "node_id": "MDIz"}} | payload)
        for event in described
        for payload in event["examples"]
    ]


def deliveries(stage: Stage) -> list[Delivery]:
    return [
        Delivery(
            guid=f"example-{number}",
            event=event,
            action=payload.get("action"),
            body=json.dumps(payload).encode(),
            at=stage.clock(),
            installation_id=2,
        )
        for number, (event, payload) in enumerate(examples())
    ]


async def test_every_example_is_taken_and_none_breaks_anything(play: Play) -> None:
    stage, _ = await play()
    sent = deliveries(stage)
    assert len(sent) == 329
    async with aiohttp.ClientSession() as session:
        assert {await stage.post(session, delivery) for delivery in sent} == {202}
        assert {await stage.post(session, delivery) for delivery in sent} == {200}
    await stage.parts.engine.settled()
    backlog = stage.parts.store.read_now(inbox.backlog)
    assert (backlog.waiting, backlog.failed) == (0, 0)
    assert stage.parts.store.read_now(looks.dead) == []


OPENINGS = {"issues": "opened", "pull_request": "opened", "discussion": "created"}


async def told_after_openings(stage: Stage, *, by_newcomer: bool) -> dict[str, list[str]]:
    """What the rules say of each thread that the examples open; with its author replaced by somebody from outside."""
    async with aiohttp.ClientSession() as session:
        for delivery in deliveries(stage):
            payload = delivery.payload
            transferred = "changes" in payload
            if delivery.event in OPENINGS and OPENINGS[delivery.event] == delivery.action and not transferred:
                if by_newcomer:
                    _replace_author(payload)
                await stage.post(session, replace(delivery, body=json.dumps(payload).encode()))
    await stage.parts.engine.settled()
    stage.parts.store.write_now(all_is_known)
    return stage.parts.store.read_now(lambda db: _told(db, stage))


def _replace_author(payload: dict[str, Any]) -> None:
    newcomer = {"id": 70, "login": "newcomer", "type": "User"}
    thread = payload.get("issue") or payload.get("pull_request") or payload["discussion"]
    today = "2026-11-24T08:00:00Z"  # what was opened long ago is left alone
    thread |= {"user": newcomer, "author_association": "NONE", "created_at": today, "updated_at": today}
    payload["sender"] = newcomer


def all_is_known(connection: Connection) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    connection.execute(schema.owners.update().values(past_read_at=now, team_read_at=now))
    connection.execute(schema.threads.update().values(paths=["README.md"]))


def _told(connection: Connection, stage: Stage) -> dict[str, list[str]]:
    told = {}
    for repo_id, number in connection.execute(select(schema.threads.c.repo_id, schema.threads.c.number)):
        found = explain(connection, ThreadRef(RepoId(repo_id), number), stage.clock(), stage.parts.policies)
        assert found is not None
        told[found.thread] = [sentence(effect) for effect in found.effects]
    return told


async def test_their_authors_own_the_repositories_so_nothing_is_said(play: Play) -> None:
    stage, _ = await play()
    told = await told_after_openings(stage, by_newcomer=False)
    alone = ["stays silent: Codertocat belongs to the organisation"]
    assert told == {
        "Codertocat/Hello-World#1": [*alone, "stays silent: it is older than 14 days"],  # for an invitation
        "Codertocat/Hello-World#2": alone,
        "Codertocat/Hello-World#4": alone,
        "octo-org/octo-repo#90": alone,
    }
    assert set(stage.calls("POST")) <= {"POST /app/installations/{installation_id}/access_tokens"}


async def test_the_same_by_a_newcomer_would_be_welcomed(play: Play) -> None:
    stage, _ = await play()
    told = await told_after_openings(stage, by_newcomer=True)
    assert {thread: said[0].partition(":")[0] for thread, said in told.items()} == {
        "Codertocat/Hello-World#1": "would write welcome-issue to newcomer",
        "Codertocat/Hello-World#2": "would write welcome-pull-request to newcomer",
        "Codertocat/Hello-World#4": "stays silent",  # it is being converted
        "octo-org/octo-repo#90": "would write welcome-discussion to newcomer",
    }
