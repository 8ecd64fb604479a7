"""The change of the team files for one person: read on GitHub at that time, and proposed or shown as a diff.

A pull request in a public repository is public. So it is only made there if they said in public themselves that they
step back; else the diff stands in their private issue, for whoever may make it. A human merges it either way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot import words
from bot.effects import ProposeFile
from bot.farewells import Change, Leave
from bot.github.errors import CallFailed, RetryAt
from bot.github.read import Reader
from bot.github.write import Writer
from bot.github.written import Done, mark
from bot.memory import homes, ledger, recall, returning, stops
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Repo
from bot.policy import Policy
from bot.rules.farewell import NAME, key
from bot.team import Format
from bot.teamfile import change
from bot.teamfile.reading import format_of
from bot.teampolicy import TeamFile

Edit = Callable[[str, Format, str, str], str | None]  # of bot/teamfile/change.py

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _File:
    file: TeamFile
    where: Repo
    installation: InstallationId
    may_be_proposed: bool


class TeamFiles:
    def __init__(self, store: Store, reader: Reader, writer: Writer) -> None:
        self._store = store
        self._reader = reader
        self._writer = writer

    async def leaving(self, owner_id: OwnerId, leave: Leave, policy: Policy, now: datetime) -> tuple[Change, ...]:
        """They are noted as inactive. Raises CallFailed, WordsError and StoreUnavailable."""
        return await self._changes(owner_id, leave, policy, change.step_back, now, proposes=True)

    async def coming(self, owner_id: OwnerId, leave: Leave, policy: Policy, now: datetime) -> tuple[Change, ...]:
        """They are noted as active. Raises the same."""
        return await self._changes(owner_id, leave, policy, change.come_back, now, proposes=False)

    async def _changes(
        self, owner_id: OwnerId, leave: Leave, policy: Policy, edit: Edit, now: datetime, *, proposes: bool
    ) -> tuple[Change, ...]:
        made: list[Change] = []
        for one in await self._store.read(lambda db: list(_files(db, owner_id, leave, policy, now))):
            before = await self._text(one)
            if before is None:
                continue
            after = edit(before, format_of(one.file.path, one.file.format), leave.person.login, f"{now:%Y-%m}")
            if after is None:
                continue
            diff = change.diff(one.file.path, before, after)
            pull = await self._proposed(owner_id, leave, one, after, policy, now) if proposes else ""
            made.append(Change(file=f"{one.where.full_name}: {one.file.path}", diff=diff, pull=pull))
        return tuple(made)

    async def _text(self, one: _File) -> str | None:
        """None: there is no such file, or the app may not read it."""
        try:
            found = await self._reader.file(one.installation, one.where, one.file.path)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt):
                raise
            return None
        return _text(found.data) if found is not None else None

    async def _proposed(
        self, owner_id: OwnerId, leave: Leave, one: _File, text: str, policy: Policy, now: datetime
    ) -> str:
        """The address of the pull request; "": there is none. What cannot be proposed is shown instead, and so is what
        could not be for a day."""
        if not one.may_be_proposed or not await self._may_write(one.installation):
            return ""
        try:
            return await self._propose(owner_id, leave, one, text, policy)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt) and now < leave.at + _DAY:
                raise
            return ""

    async def _propose(self, owner_id: OwnerId, leave: Leave, one: _File, text: str, policy: Policy) -> str:
        values, where = {"login": leave.person.login, "path": one.file.path}, one.where
        if not where.default_branch:
            where = replace(where, default_branch=await self._reader.default_branch(one.installation, where))
        once = key(f"pull/{where.id}/{one.file.path}", leave, owner_id)
        deed = ProposeFile(
            rule=NAME,
            key=once,
            why=f"{leave.person.login} steps back",
            repo=where,
            branch=f"switchback/{leave.person.login}-steps-back-{mark(once)[:8]}",  # for each file and time its own
            path=one.file.path,
            text=text,
            title=" ".join(words.document("farewell-pull-title", policy.language, values).split()),
            body=words.document("farewell-pull", policy.language, values),
            for_few=where.private,
        )
        done = await self._writer.carry_out(deed, one.installation)
        if isinstance(done, Done):
            return done.url
        made = await self._store.read(partial(ledger.made, key=deed.key))
        return made[1] if made is not None else ""

    async def _may_write(self, installation: InstallationId) -> bool:
        told = await self._reader.installation(installation)
        return told is not None and told.permissions.get("contents") == "write"


def _files(db: Connection, owner_id: OwnerId, leave: Leave, policy: Policy, now: datetime) -> Iterator[_File]:
    """Those that name the team of what they step back from."""
    in_public = leave.by == leave.person.id and returning.is_public(db, leave.said_in.repo_id)
    for file in policy.team.files:
        where = homes.named(db, owner_id, file.repo)
        installation = recall.installation(db, where) if where is not None else None
        if where is None or installation is None or not _concerns(file, leave):
            continue
        stopped = where.archived or stops.hush(db, where, now).paused_until is not None
        yield _File(file, where, installation, may_be_proposed=not stopped and (in_public or where.private))


def _concerns(file: TeamFile, leave: Leave) -> bool:
    if leave.is_whole:
        return True
    is_everybodys = not file.covers and format_of(file.path, file.format) is Format.CONTRIBUTORS
    covers = file.covers or (file.repo,)
    return not is_everybodys and all(leave.is_from(name) for name in covers)


def _text(data: bytes | None) -> str | None:
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None
