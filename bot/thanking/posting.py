"""Posts a thank-you where whoever it honours wishes, once, and takes it down again: as an issue of its own, or as a
discussion, where there are discussions."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from bot import words
from bot.boards import Boards, Page, number_of, place_of
from bot.clock import Clock
from bot.effects import OpenDiscussion, TakeDownDiscussion
from bot.github.errors import CallFailed, Drop, NeedsPermission
from bot.github.write import Writer
from bot.github.written import Done
from bot.gratitude import Deeds
from bot.memory import boards, ledger
from bot.memory.boards import Board
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, Person
from bot.rules import story
from bot.rules.thanks import NAME
from bot.words import Shown

PREFIX: Final = "story/"  # of the names of boards
_ISSUE: Final = "issue"
_DISCUSSION: Final = "discussion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`mark` tells it from others. `discussed`: it is to be a discussion, if there can be one."""

    owner_id: OwnerId
    mark: str
    home: Home
    person: Person
    deeds: Deeds
    discussed: bool

    def name(self, kind: str) -> str:
        return f"{PREFIX}{self.mark}/{kind}"


def mark_in(name: str) -> str:
    """Of a board."""
    return name.split("/")[1]


class Poster:
    def __init__(self, store: Store, boards: Boards, writer: Writer, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._writer = writer
        self._clock = clock

    async def post(self, post: Post, *, aloud: bool) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        if not aloud:
            await self._boards.record(_page(post), post.home.installation)
        elif not post.discussed or not await self._discuss(post):
            await self._boards.keep(_page(post), post.home.installation)

    async def _discuss(self, post: Post) -> bool:
        """Whether it stands in a discussion. Where there are none, or the app may not open one, it does not."""
        page, name = _page(post), post.name(_DISCUSSION)
        if await self._store.read(lambda db: boards.find(db, post.owner_id, name)) is not None:
            return True
        deed = OpenDiscussion(
            rule=NAME, key=f"{NAME}/{post.owner_id}/{name}", why=page.why, repo=page.repo, title=page.title,
            body=page.body, category=post.home.policy.thanks.category,
        )  # fmt: skip
        try:
            done = await self._writer.carry_out(deed, post.home.installation)
        except CallFailed as failed:
            if isinstance(failed.failure, NeedsPermission | Drop):
                return False
            raise
        if not isinstance(done, Done):  # we may have died before it was noted here
            made = await self._store.read(lambda db: ledger.made(db, deed.key))
            if made is None:
                return False
            done = Done(0, made[1], made[2])
        opened = partial(
            boards.opened, owner_id=post.owner_id, name=name, repo_id=page.repo.id, number=number_of(done),
            node_id=done.node_id, text=page.body, now=self._clock(),
        )  # fmt: skip
        await self._store.write(opened)
        return True

    async def take_down(self, owner_id: OwnerId, known: Board, language: str) -> None:
        """What was posted says no more what it said. Raises CallFailed, WordsError and StoreUnavailable."""
        title, body = (words.document("story-gone", language, {"title": is_title}) for is_title in (True, False))
        if known.name.endswith(_ISSUE):
            await self._boards.close(owner_id, known, rule=NAME, title=title.strip(), body=body)
            return
        now = self._clock()
        place = await self._store.read(lambda db: place_of(db, owner_id, known, now))
        if place is None:
            return
        key = f"{NAME}/{owner_id}/{known.name}"
        deed = TakeDownDiscussion(
            rule=NAME, key=f"{key}/over/{round(now.timestamp())}", why="it is over", repo=place[0], made_by=key,
            node_id=known.node_id, title=title.strip(), body=body,
        )  # fmt: skip
        await self._writer.carry_out(deed, place[1])
        await self._store.write(partial(boards.closed, owner_id=owner_id, name=known.name, now=self._clock()))


def _page(post: Post) -> Page:
    language = post.home.policy.language
    told = story.values(post.person, post.deeds)
    shown: dict[str, Shown] = {"story": told, "organisation": post.home.repo.owner}
    return Page(
        rule=NAME,
        name=post.name(_ISSUE),
        owner_id=post.owner_id,
        repo=post.home.repo,
        why="whoever it thanks wished it to be read",
        title=words.document("story-title", language, {"name": post.person.login}).strip(),
        body=words.document("story-post", language, shown),
    )
