"""Keeps an issue of our own up to date: opens it once, edits it when it says something else, pins and closes it.

Where it is to stand may change. An issue is only ever touched in the repository in which it was opened.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.effects import EditIssue, OpenIssue, PinIssue
from bot.github.errors import CallFailed, RetryAt
from bot.github.write import Writer
from bot.github.written import Done
from bot.memory import boards, ledger, recall, stops
from bot.memory.boards import Board
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, PersonId, Repo

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an issue is to say. `name` tells it from others of the same owner, and is part of its key. If it may come to
    stand in another repository, where a new one is begun, the name says in which it is. `for_few`: as in effects."""

    rule: str
    name: str
    owner_id: OwnerId
    repo: Repo
    why: str
    title: str
    body: str
    for_few: bool = False

    @property
    def key(self) -> str:
        return f"{self.rule}/{self.owner_id}/{self.name}"


class Boards:
    def __init__(self, store: Store, writer: Writer, clock: Clock) -> None:
        self._store = store
        self._writer = writer
        self._clock = clock

    async def record(self, page: Page, installation: InstallationId) -> None:
        """In shadow mode it is only noted that there would be something to say."""
        deed = OpenIssue(
            rule=page.rule, key=f"{page.key}/shadow", why=page.why, repo=page.repo, title=page.title, body=page.body
        )
        nobody, now = PersonId(0), self._clock()
        await self._store.write(lambda db: ledger.shadow(db, deed, nobody, page.repo, installation, now))

    async def keep(self, page: Page, installation: InstallationId, *, pin: bool = False) -> None:
        """The issue says this. Raises CallFailed and StoreUnavailable."""
        known = await self._store.read(lambda db: boards.find(db, page.owner_id, page.name))
        if known is None:
            await self._open(page, installation, pin=pin)
        elif known.repo_id != page.repo.id:
            log.warning("left alone: it is in another repository", rule=page.rule, repo=page.repo.full_name)
        elif known.closed_at is not None:  # by ourselves, because it was to stand elsewhere for a while
            await self._reopen(page, known, installation)
        elif await self._store.read(lambda db: boards.is_closed(db, known)):
            log.info("left alone: it is closed", rule=page.rule, repo=page.repo.full_name, number=known.number)
        elif not known.says(page.body):
            await self._edit(page, known, installation)

    async def _open(self, page: Page, installation: InstallationId, *, pin: bool) -> None:
        deed = OpenIssue(
            rule=page.rule, key=page.key, why=page.why, repo=page.repo, title=page.title, body=page.body,
            for_few=page.for_few,
        )  # fmt: skip
        done = await self._writer.carry_out(deed, installation)
        repo_id, text = page.repo.id, page.body
        if not isinstance(done, Done):  # we may have died before it was noted here
            made = await self._store.read(lambda db: ledger.made(db, page.key))
            if made is None:
                return
            repo_id, url, node_id = made  # it stands where it was to stand then
            done, text = Done(0, url, node_id), ""
        opened = partial(
            boards.opened, owner_id=page.owner_id, name=page.name, repo_id=repo_id, number=number_of(done),
            node_id=done.node_id, text=text, now=self._clock(),
        )  # fmt: skip
        if pin and repo_id == page.repo.id:
            await self._pin(page, done, installation)
        await self._store.write(opened)

    async def _pin(self, page: Page, done: Done, installation: InstallationId) -> None:
        """If there is room for it: a repository has three."""
        deed = PinIssue(
            rule=page.rule, key=f"{page.key}/pin", why=page.why, repo=page.repo, number=number_of(done),
            node_id=done.node_id,
        )  # fmt: skip
        try:
            await self._writer.carry_out(deed, installation)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt):
                raise
            log.warning("cannot be pinned", rule=page.rule, repo=page.repo.full_name, why=failed.failure.why)

    async def _edit(self, page: Page, known: Board, installation: InstallationId) -> None:
        at = round(self._clock().timestamp())
        deed = EditIssue(
            rule=page.rule, key=f"{page.key}/{at}", why=page.why, repo=page.repo, number=known.number,
            made_by=page.key, body=page.body, title=page.title, for_few=page.for_few,
        )  # fmt: skip
        await self._writer.carry_out(deed, installation)
        changed = partial(boards.changed, owner_id=page.owner_id, name=page.name, text=page.body, now=self._clock())
        await self._store.write(changed)

    async def _reopen(self, page: Page, known: Board, installation: InstallationId) -> None:
        """Before anything else is done to it: of all that happens in one second memory believes that it is closed."""
        at = round(self._clock().timestamp())
        deed = EditIssue(
            rule=page.rule, key=f"{page.key}/again/{at}", why="it is to stand here again", repo=page.repo,
            number=known.number, made_by=page.key, state="open",
        )  # fmt: skip
        await self._writer.carry_out(deed, installation)
        await self._store.write(partial(boards.reopened, owner_id=page.owner_id, name=page.name))
        if not known.says(page.body):
            await self._edit(page, known, installation)

    async def close(
        self, owner_id: OwnerId, known: Board, *, rule: str, title: str | None = None, body: str | None = None
    ) -> None:
        """An issue of ours is over, and says this then; None: what it said. While the app may not write where it
        stands, it stays open.

        Raises CallFailed and StoreUnavailable.
        """
        now = self._clock()
        place = await self._store.read(lambda db: place_of(db, owner_id, known, now))
        if place is None:
            log.info("left open: nothing is written there now", rule=rule, repo_id=known.repo_id, number=known.number)
            return
        key = f"{rule}/{owner_id}/{known.name}"
        deed = EditIssue(
            rule=rule, key=f"{key}/over/{round(now.timestamp())}", why="it is over", repo=place[0],
            number=known.number, made_by=key, state="closed", title=title, body=body,
        )  # fmt: skip
        await self._writer.carry_out(deed, place[1])
        if body is not None:
            changed = partial(boards.changed, owner_id=owner_id, name=known.name, text=body, now=self._clock())
            await self._store.write(changed)
        over = partial(boards.closed, owner_id=owner_id, name=known.name, now=self._clock())
        await self._store.write(over)


def place_of(db: Connection, owner_id: OwnerId, known: Board, now: datetime) -> tuple[Repo, InstallationId] | None:
    """Where an issue of ours stands, and by which installation it can be closed; None: not now."""
    repo = recall.repo(db, known.repo_id)
    if repo is None or repo.owner_id != owner_id or repo.archived or stops.hush(db, repo, now).paused_until is not None:
        return None
    installation = recall.installation(db, repo)
    return None if installation is None else (repo, installation)


def number_of(done: Done) -> int:
    """GitHub's address of an issue ends with its number."""
    return int(done.url.rpartition("/")[2])
