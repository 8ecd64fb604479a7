"""`python -m bot play`: the real service, and instead of github.com the sandbox, in one process.

The sample organisation starts afresh each time, and so does the database: the file is there for `explain` and for the
curious.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

from sqlalchemy import Connection

from bot.app import PARTS, build
from bot.clock import WallClock
from bot.memory.project import project
from bot.memory.schema import owners
from bot.policy import Policy
from bot.sandbox import Delivery, running
from bot.sandbox.acts.apps import new_private_key
from bot.sandbox.sample import sample
from bot.serving import run, until_stopped
from bot.settings import Secret, Serving, Settings
from bot.web.playground import Playground

DATABASE: Final = Path("switchback-play.db")
_PERMISSIONS: Final = {
    "contents": "read", "discussions": "write", "issues": "write", "members": "read", "pull_requests": "write",
}  # fmt: skip
_EVENTS: Final = (
    "discussion", "discussion_comment", "issue_comment", "issues", "member", "organization", "pull_request",
    "pull_request_review", "repository",
)  # fmt: skip
_SPACING: Final = timedelta(milliseconds=100)  # the sandbox is not GitHub; nobody wants to wait on a page


def play(serving: Serving, policy: Policy, database: Path = DATABASE) -> None:
    """Runs until it is told to stop. Raises StoreUnavailable, and OSError if it cannot listen there."""
    for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        file.unlink(missing_ok=True)
    run(_playing(serving, policy, database))


async def _playing(serving: Serving, policy: Policy, database: Path) -> None:
    clock = WallClock()
    town = sample(clock)
    secret, key = token_hex(32), new_private_key()
    app = town.world.app(
        slug="switchback", owner=town.organization, private_key=key, webhook_secret=secret,
        permissions=_PERMISSIONS, events=_EVENTS,
    )  # fmt: skip
    town.world.install(app, town.organization, by=town.people["gentian"])
    async with running(town.world) as github:
        settings = Settings(
            app_id=str(app.id),
            private_key=Secret(key),
            webhook_secrets=(Secret(secret),),
            api_url=github.url,
            database_url=f"sqlite:///{database}",
            start_live=True,
            serving=serving,
        )
        service = build(settings, lambda _: policy, clock=clock, spacing=_SPACING)
        parts = service[PARTS]
        now, past = clock(), tuple(town.world.past)
        await parts.store.write(lambda db: _read_past(db, past, now))
        Playground(parts, github, town, app.bot).routes(service)

        def ready(url: str) -> None:
            github.courier.webhook_url = f"{url}/webhook"
            print(f"\nSwitchback is at {url}\nCtrl-C ends it. What it knows is in {database}.\n", flush=True)

        await until_stopped(service, serving.host, serving.port, ready)


def _read_past(connection: Connection, past: Sequence[Delivery], now: datetime) -> None:
    """Tells memory what was before the bot came, so that it need not ask GitHub about everybody."""
    for delivery in past:
        project(connection, delivery.event, delivery.payload, now, live=False)
    connection.execute(owners.update().values(past_read_at=now))
