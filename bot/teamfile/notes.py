"""Reads notes of meetings on GitHub: the newest ones once, and from then on each that a push touches."""

from collections.abc import Collection
from datetime import UTC, datetime, time
from fnmatch import fnmatchcase
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.github.errors import CallFailed
from bot.github.read import Reader
from bot.memory import evidence, watched
from bot.memory.evidence import Met
from bot.memory.store import Store
from bot.memory.watched import State
from bot.model import Repo
from bot.teamfile import meetings
from bot.teamfile.work import Place, Work

_MOST: Final = 40  # files of a repository that are read in one look


class Notes:
    def __init__(self, store: Store, reader: Reader, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock

    async def read(self, this: Work, state: State) -> None:
        for place, globs in this.notes().values():
            try:
                await self._of(this, place, globs, state)
            except CallFailed as failed:
                this.failed_at(f"{place.repo.full_name}: notes of meetings", failed)

    async def _of(self, this: Work, place: Place, globs: Collection[str], state: State) -> None:
        """Raises CallFailed."""
        repo = place.repo
        pushed = {path: at for (repo_id, path), at in state.changed.items() if repo_id == repo.id}
        wanted = sorted(pushed, key=lambda path: pushed[path], reverse=True)
        if repo.id not in state.listed:
            wanted += newest(await self._reader.tree(place.installation, repo), globs)
        for path in list(dict.fromkeys(wanted))[:_MOST]:
            await self._file(this, place, path, pushed.get(path))
        read = {(repo.id, path): at for path, at in pushed.items()}
        await self._store.write(lambda db: watched.read(db, this.owner_id, read, [repo.id]))

    async def _file(self, this: Work, place: Place, path: str, pushed_at: datetime | None) -> None:
        if not meetings.is_text(path):
            return
        file = await self._reader.file(place.installation, place.repo, path)
        if file is not None and file.data is not None:
            text = file.data.decode("utf-8", "replace")
            write = partial(_write, this=this, repo=place.repo, path=path, text=text, pushed_at=pushed_at)
            await self._store.write(partial(write, now=self._clock()))


def newest(paths: Collection[str], globs: Collection[str]) -> list[str]:
    """Those of the files that are notes, with the latest day in their name first."""
    those = [path for path in paths if meetings.is_text(path) and any(fnmatchcase(path, glob) for glob in globs)]
    return sorted(those, key=lambda path: (str(meetings.day_of(path) or ""), path), reverse=True)


def _write(
    db: Connection, *, this: Work, repo: Repo, path: str, text: str, pushed_at: datetime | None, now: datetime
) -> None:
    met = [
        Met(one.login, None if one.day is None else datetime.combine(one.day, time(), UTC))
        for one in meetings.seen(path, text)
    ]
    url = f"{repo.url}/blob/HEAD/{path}"
    evidence.met(db, repo, url, met, pushed_at=pushed_at, now=now, is_bot=this.policy.is_bot)
