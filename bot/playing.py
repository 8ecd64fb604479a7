"""`python -m bot play`: the real service, and instead of github.com the sandbox, in one process.

The sample organisation starts afresh each time, and so does the database: the file is there for `explain` and for the
curious.
"""

import shlex
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

from bot import manifest
from bot.app import PARTS, build
from bot.clock import WallClock
from bot.memory.store import StoreUnavailable
from bot.policyfile import Source
from bot.sandbox import running
from bot.sandbox.acts.apps import new_private_key
from bot.sandbox.sample import sample
from bot.serving import run, until_stopped
from bot.settings import Secret, Serving, Settings
from bot.web.playground import Playground

DATABASE: Final = Path("switchback-play.db")
PERMISSIONS: Final = dict(manifest.read().permissions)
EVENTS: Final = manifest.read().events
_SPACING: Final = timedelta()  # the sandbox is not GitHub; nobody wants to wait on a page


class CannotPlay(Exception):
    """The playground's database cannot be made anew. The message says why."""


def play(serving: Serving, source: Source, config: Path, database: Path = DATABASE) -> None:
    """Runs until it is told to stop. `config` is the file that the source is from, for the command that the page tells.

    Raises CannotPlay, and CannotListen.
    """
    _clear(database)
    try:
        run(_playing(serving, source, config, database))
    except StoreUnavailable as error:
        raise CannotPlay(f"{database} cannot be used: {error}") from error


def _clear(database: Path) -> None:
    """Removes what an earlier playground left, unless it still runs. Raises CannotPlay."""
    try:
        if _in_use(database):
            raise CannotPlay(
                f"another playground is using {database} here: stop it first, or start this one in another directory"
            )
        for file in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
            file.unlink(missing_ok=True)
        database.touch()
    except OSError as error:
        raise CannotPlay(f"{database} cannot be made anew: {error.strerror}") from error


def _in_use(database: Path) -> bool:
    """Whether somebody has it open: SQLite leaves the mode that we use only when nobody else is there."""
    if not database.is_file():
        return False
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:  # anything else is wrong with the file itself, and it goes anyway
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


async def _playing(serving: Serving, source: Source, config: Path, database: Path) -> None:
    clock = WallClock()
    town = sample(clock)
    secret, key = token_hex(32), new_private_key()
    app = town.world.app(
        slug="switchback", owner=town.organization, private_key=key, webhook_secret=secret,
        permissions=PERMISSIONS, events=EVENTS,
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
            backfill_share=1,
            serving=serving,
        )
        service = build(settings, source, clock=clock, spacing=_SPACING)
        parts = service[PARTS]
        Playground(parts, github, town, app.bot, explain=_command(config, database)).routes(service)

        def ready(url: str) -> None:
            github.courier.webhook_url = f"{url}/webhook"
            print(f"\nSwitchback is at {url}\nCtrl-C ends it. What it knows is in {database}.\n", flush=True)

        await until_stopped(service, serving.host, serving.port, ready)


def _command(config: Path, database: Path) -> str:
    """How `explain` is called from the directory that this was started in. The thread's name comes last."""
    python, file = shlex.quote(_from_here(Path(sys.executable))), shlex.quote(_from_here(config))
    return f"DATABASE_URL=sqlite:///{shlex.quote(str(database))} {python} -m bot explain --config {file}"


def _from_here(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
