"""Reads the configuration files of a repository from its default branch and takes them up.

The look at `config/REPO` does it: after a push that touches them, once a minute later (GitHub's servers may lag behind
a push), and once a day in case nobody told. A file that cannot be used changes nothing: the last good one stays in
force, and the commit that broke it is told so, once.
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.configs.telling import Found, Teller
from bot.effects import CheckRun
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.github.read import File, Reader
from bot.memory import configs, looks, recall, watched
from bot.memory.configs import OLD_PATH, PATH
from bot.memory.store import Store
from bot.model import InstallationId, Repo, RepoId, Subject
from bot.outcomes import after
from bot.policyfile import MAX_SIZE

_DAILY: Final = timedelta(days=1)
_SOON: Final = timedelta(minutes=1)  # GitHub's servers agree by then
_HOUR: Final = timedelta(hours=1)
_TEAM: Final = re.compile(r"^[\"']?team[\"']?\s*:", re.MULTILINE)

log = structlog.get_logger()


class ConfigReader:
    """`teller` says on commits what is wrong, and what a change does."""

    def __init__(self, store: Store, reader: Reader, teller: Teller, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._teller = teller
        self._clock = clock
        self._untold: dict[tuple[RepoId, str], CheckRun] = {}  # what GitHub would not take just now
        self._missed: dict[tuple[RepoId, str], datetime] = {}  # since when GitHub says that a file is gone
        self._under_way: dict[RepoId, asyncio.Task[None]] = {}

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look` at `config/REPO`. Raises StoreUnavailable."""
        repo_id = configs.repo_of(subject)
        where, installation = await self._store.read(lambda db: place(db, repo_id))
        now = self._clock()
        if where is None:
            return Finished(why="the repository is unknown or gone")
        if installation is None:
            return Finished(now + _DAILY, "the app is not installed there any more, or suspended")
        known = await self._store.read(lambda db: configs.stored(db, repo_id, PATH))
        try:
            await self._take_up(where, installation)
        except CallFailed as failed:
            return after(failed, attempts)
        missed = any((repo_id, path) in self._missed for path in configs.told(where))
        lately = known is not None and now < known.read_at + _SOON * 5 and not missed
        return Finished(now + (_DAILY if lately else _SOON))

    async def make_sure(self, unread: Iterable[Repo], installation: InstallationId) -> None:
        """Reads these, which nobody has read yet; once, however many want to know. Raises CallFailed and
        StoreUnavailable."""
        for each in unread:
            task = self._under_way.get(each.id)
            if task is None:
                task = self._under_way[each.id] = asyncio.create_task(self._first(each, installation))
                task.add_done_callback(partial(self._over, each.id))
            await asyncio.shield(task)

    def _over(self, repo_id: RepoId, task: asyncio.Task[None]) -> None:
        self._under_way.pop(repo_id)
        if not task.cancelled():
            task.exception()  # whoever waits gets it too

    async def _first(self, where: Repo, installation: InstallationId) -> None:
        await self._take_up(where, installation)
        again = self._clock() + _SOON
        await self._store.write(lambda db: looks.plan(db, configs.subject(where.id), again))

    async def _take_up(self, where: Repo, installation: InstallationId) -> None:
        for path in configs.told(where):
            await self._own(where, installation, path)
        await self._old(where, installation)

    async def _own(self, where: Repo, installation: InstallationId, path: str) -> None:
        """A file of ours. It is taken up before anything is said about it, which may fail."""
        known = await self._store.read(lambda db: configs.stored(db, where.id, path))
        file = await self._reader.file(installation, where, path)
        if known and known.blob and not self._certain(where, file, path):
            return
        changed = known is None or known.blob != (file.blob if file else None)
        deed = self._untold.pop((where.id, path), None)
        if changed or (known and known.problems):  # a crash may have kept us from telling of these
            found = await self._teller.found(where, installation, file, path)
            if known is not None or not found.usable:
                deed = await self._teller.on_default_branch(where, installation, found)
            await self._store.write(lambda db: self._keep(db, where, path, file, found))
        else:
            await self._store.write(lambda db: configs.seen(db, where.id, path, self._clock()))
        if deed is not None:
            try:
                await self._teller.tell(deed, installation)
            except CallFailed:
                self._untold[where.id, path] = deed
                raise

    def _certain(self, where: Repo, file: File | None, path: str) -> bool:
        """A file that was there is gone only if GitHub says so twice: one of its servers may not have it yet, and
        nothing should fall silent, or begin to speak, because of that."""
        now = self._clock()
        if file is None and now < self._missed.setdefault((where.id, path), now) + _SOON / 2:
            return False
        self._missed.pop((where.id, path), None)
        return True

    def _keep(self, db: Connection, where: Repo, path: str, file: File | None, found: Found) -> None:
        """An unknown name is told, and does not keep the rest from being in force."""
        told = [str(problem) for problem in found.problems if problem.blocks]
        blob = file.blob if file else None
        before = configs.stored(db, where.id, path)
        configs.store(db, where.id, path, self._clock(), blob=blob, text=found.text, problems=told)
        if path == PATH and _names_team(before.text if before else None, found.text):
            looks.news(db, watched.subject(where.owner_id), self._clock())
        if told:
            log.warning("configuration not taken up", repo=where.full_name, why=told[0])
        elif file is not None:
            log.info("configuration taken up", repo=where.full_name)

    async def _old(self, where: Repo, installation: InstallationId) -> None:
        """`.github/config.yml`, which may be other bots' too. Nobody is told what is wrong with it."""
        file = await self._reader.file(installation, where, OLD_PATH)
        text = None
        if file is not None and file.data is not None and len(file.data) <= MAX_SIZE:
            text = file.data.decode("utf-8", "replace").replace("\0", "")
        blob = file.blob if file else None
        await self._store.write(lambda db: configs.store(db, where.id, OLD_PATH, self._clock(), blob=blob, text=text))


def _names_team(*texts: str | None) -> bool:
    """Whether who the team is may stand in one of these files: then team files are to be read now."""
    return any(_TEAM.search(text or "") for text in texts)


def place(db: Connection, repo_id: RepoId) -> tuple[Repo | None, InstallationId | None]:
    """A repository and the installation through which to act there."""
    where = recall.repo(db, repo_id)
    return where, recall.installation(db, where) if where else None
