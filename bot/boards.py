"""Keeps an issue of our own up to date: opens it once, edits it when it says something else, pins and closes it."""

from dataclasses import dataclass
from functools import partial

import structlog

from bot.clock import Clock
from bot.effects import EditIssue, OpenIssue, PinIssue
from bot.github.errors import CallFailed, RetryAt
from bot.github.write import Writer
from bot.github.written import Done
from bot.memory import boards, ledger
from bot.memory.boards import Board
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, PersonId, Repo

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an issue is to say. `name` tells it from others of the same owner, and is part of its key."""

    rule: str
    name: str
    owner_id: OwnerId
    repo: Repo
    why: str
    title: str
    body: str

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
        elif known.closed_at is not None or await self._store.read(lambda db: boards.is_closed(db, known)):
            log.info("left alone: it is closed", rule=page.rule, repo=page.repo.full_name, number=known.number)
        elif not known.says(page.body):
            await self._edit(page, known, installation)

    async def _open(self, page: Page, installation: InstallationId, *, pin: bool) -> None:
        deed = OpenIssue(rule=page.rule, key=page.key, why=page.why, repo=page.repo, title=page.title, body=page.body)
        done = await self._writer.carry_out(deed, installation)
        text = page.body
        if not isinstance(done, Done):  # we may have died before it was noted here
            made = await self._store.read(lambda db: ledger.made(db, page.key))
            if made is None:
                return
            done, text = Done(0, *made), ""
        opened = partial(
            boards.opened, owner_id=page.owner_id, name=page.name, repo_id=page.repo.id, number=number_of(done),
            node_id=done.node_id, text=text, now=self._clock(),
        )  # fmt: skip
        if pin:
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
            made_by=page.key, body=page.body, title=page.title,
        )  # fmt: skip
        await self._writer.carry_out(deed, installation)
        changed = partial(boards.changed, owner_id=page.owner_id, name=page.name, text=page.body, now=self._clock())
        await self._store.write(changed)

    async def close(
        self, owner_id: OwnerId, known: Board, repo: Repo, installation: InstallationId, *, rule: str
    ) -> None:
        """An issue of ours is over."""
        key = f"{rule}/{owner_id}/{known.name}"
        deed = EditIssue(
            rule=rule, key=f"{key}/over", why="a new one has begun", repo=repo, number=known.number, made_by=key,
            close=True,
        )  # fmt: skip
        await self._writer.carry_out(deed, installation)
        over = partial(boards.closed, owner_id=owner_id, name=known.name, now=self._clock())
        await self._store.write(over)


def number_of(done: Done) -> int:
    """GitHub's address of an issue ends with its number."""
    return int(done.url.rpartition("/")[2])
