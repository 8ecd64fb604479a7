"""`python -m bot backfill`: reads the past and shows how it goes, beside a running service or without one."""

import signal
from asyncio import CancelledError, current_task, get_running_loop
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.backfill import Backfill
from bot.backfill.telling import GaveUp, Report
from bot.clock import WallClock
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.errors import CallFailed
from bot.github.read import Reader
from bot.inforce import InForce
from bot.installations import Installations
from bot.memory import migrations, readings
from bot.memory.readings import Account, Part
from bot.memory.store import Store
from bot.metrics import Metrics
from bot.model import Repo, RepoId
from bot.policyfile import Source
from bot.settings import Settings

_AGAIN: Final = "Run the same command again: it goes on where it stopped."


class CannotRead(Exception):
    """The past cannot be read at all. The message says why."""


async def backfill(settings: Settings, config: Source | None, owner: str | None, share: float | None) -> bool:
    """Whether all of it could be read. `owner`: only this one's. Raises CannotRead and StoreUnavailable."""
    clock = WallClock()
    store = Store(settings.database_url)
    try:
        migrations.upgrade(store)
        client = Client(settings.api_url, AppKey(settings.app_id, settings.private_key, clock), clock, Metrics())
        async with client:
            await Installations(store, Reader(client), clock, start_live=settings.start_live).ask()
            accounts = await store.read(readings.accounts)
            if not any(owner is None or account.login.lower() == owner.lower() for account in accounts):
                raise CannotRead(_not_installed(owner, [account.login for account in accounts]))
            part = share or settings.backfill_share or 1
            reader = Backfill(store, client, clock, share=part, policies=InForce(config))
            return await _shown(reader, owner, Console(stderr=True, highlight=False))
    except CallFailed as failed:
        raise CannotRead(f"GitHub does not let us in: {failed}. `python -m bot doctor` says more") from failed
    finally:
        store.close()


def _not_installed(owner: str | None, known: Sequence[str]) -> str:
    if owner is None:
        return "the app is installed nowhere: install it on your organisation first"
    where = f"; it is on {', '.join(known)}" if known else ""
    return f"the app is not installed on {owner}{where}"


async def _shown(reader: Backfill, owner: str | None, console: Console) -> bool:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"), TimeRemainingColumn(),
    )  # fmt: skip
    task = current_task()
    assert task is not None, "it runs in one"
    for name in (signal.SIGTERM, signal.SIGINT):
        get_running_loop().add_signal_handler(name, task.cancel)
    try:
        with Progress(*columns, console=console) as progress:
            report = await reader.run(ToldOnTerminal(progress, console), only=owner, again=True)
    except CancelledError:
        task.uncancel()
        console.print(f"Stopped. Everything up to here is kept. {_AGAIN}")
        return False
    console.print(_summary(report))
    return not report.gave_up


def _summary(report: Report) -> str:
    told = f"{report.repos} repositories read in {report.calls} pages: {report.items} things were new or had changed."
    if report.complete:
        told += f"\nThe whole past of {', '.join(report.complete)} is known: newcomers are told from memory alone."
    if report.gave_up:
        told += f"\n{len(report.gave_up)} lists could not be read (see above). {_AGAIN}"
    return told


class ToldOnTerminal:
    """A bar for the repository that is being read, and one for all of them."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._total: TaskID | None = None
        self._bar: TaskID | None = None
        self._ahead: dict[RepoId, int] = {}  # guessed pages of the repositories that have not begun
        self._behind = 0  # pages of those that are done
        self._began_with = 0  # pages of this repository that an earlier run has read

    def owner(self, account: Account, expected: Mapping[RepoId, int]) -> None:
        self._ahead, self._behind = dict(expected), 0
        total = sum(expected.values()) or None
        self._total = self._progress.add_task(f"[bold]{escape(account.login)}[/bold]", total=total)

    def repo(self, where: Repo, read: int) -> None:
        self._began_with = read
        self._bar = self._progress.add_task(escape(where.name), total=self._ahead.pop(where.id, 0) or None)

    def page(self, where: Repo, part: Part, read: int, expected: int) -> None:
        assert self._bar is not None, "its bar was made when it was begun"
        guessed = self._progress.tasks[-1].total or 0
        total = max(expected, guessed)
        self._progress.update(self._bar, completed=read, total=total, description=f"{escape(where.name)}: {part}")
        self._show_total(read - self._began_with, int(total) - self._began_with)

    def repo_done(self, where: Repo, read: int) -> None:
        assert self._bar is not None, "its bar was made when it was begun"
        self._progress.remove_task(self._bar)
        self._behind += read - self._began_with
        self._show_total(0, 0)
        self._progress.console.print(f"  {escape(where.full_name)}: {read} pages")

    def _show_total(self, read: int, expected: int) -> None:
        if self._total is not None:
            total = self._behind + expected + sum(self._ahead.values())
            self._progress.update(self._total, completed=self._behind + read, total=total)

    def waiting(self, until: datetime, why: str) -> None:
        self._progress.console.print(f"  waits until {until.astimezone():%H:%M:%S}: {escape(why)}")

    def gave_up(self, what: GaveUp) -> None:
        self._progress.console.print(f"  [red]{escape(what.place)}: {what.part} not read[/red]: {escape(what.why)}")
