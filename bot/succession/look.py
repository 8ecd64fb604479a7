"""The look at `succession/OWNER`: each Monday, what rests on one person who does less and less is told to the admins.

It is told in one private issue, and nowhere else. Nobody is mentioned there. It is opened when there is an alarm, kept
up to date, and closed when all is well again. If somebody closes it, they know: only what is new opens another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.clock import Clock
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.inforce import Policies
from bot.memory import alarms, boards, homes, recall
from bot.memory.alarms import NAME, Key
from bot.memory.boards import Board
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, RepoId, Subject
from bot.outcomes import not_given_up
from bot.policytypes import Mode
from bot.rules import succession
from bot.stewards import Alarm, Told
from bot.succession.gathering import Entry, Seen, overview
from bot.succession.page import page

_AT: Final = time(7)  # UTC
_WEEK: Final = timedelta(days=7)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """`standing`: the issue that is open, if one is. `others`: those that are open in other places."""

    home: Home
    entries: Sequence[Entry]
    told: Mapping[Key, Told]
    standing: Board | None
    others: Sequence[Board]


class Succession:
    def __init__(self, store: Store, boards: Boards, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        found = await self._store.read(lambda db: self._found(db, owner_id, now))
        if isinstance(found, str):
            return Finished(next_monday(now), found)
        if found.home.paused_until is not None:
            return Finished(found.home.paused_until, "the bot is paused there")
        try:
            await self._tell(owner_id, found, now)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(next_monday(now), f"a message cannot be written: {error}")
        return Finished(next_monday(now), None if found.entries else "nothing rests on one person who does less")

    def _found(self, db: Connection, owner_id: OwnerId, now: datetime) -> _Found | str:
        """Or why nothing is told."""
        policy = homes.policy(db, owner_id, self._policies)
        if policy is None:
            return "the app is in no repository"
        if policy.mode(NAME) is Mode.OFF:
            return f"{NAME}.mode is off"
        home, why = homes.private(db, owner_id, self._policies, now)
        if home is None:
            return why or "there is no private place"
        seen = Seen(seen_from=home.repo.id)
        all_ = overview(db, owner_id, self._policies, policy, now, seen, without=home.repo.id)
        standing = [one for one in boards.still_open(db, owner_id, f"{NAME}/") if not boards.is_closed(db, one)]
        here = [one for one in standing if one.repo_id == home.repo.id]
        return _Found(
            home=home,
            entries=[one for one in all_ if one.alarm is not None],
            told=alarms.of_owner(db, owner_id),
            standing=here[-1] if here else None,
            others=[one for one in standing if one.repo_id != home.repo.id and _is_private(db, one)],
        )

    async def _tell(self, owner_id: OwnerId, found: _Found, now: datetime) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        home, standing = found.home, found.standing
        every = home.policy.succession.every
        which = [one.alarm for one in found.entries if one.alarm is not None]
        shown = succession.shown(which, found.told, standing.name if standing else None, every, now)
        if home.policy.mode(NAME) is Mode.SHADOW:
            if shown:
                await self._boards.record(self._page(owner_id, found, shown, _name(home.repo.id)), home.installation)
            return
        if shown or standing is not None:
            name = standing.name if standing else await self._free_name(owner_id, home.repo.id, now)
            await self._boards.keep(self._page(owner_id, found, shown, name), home.installation)
            await self._store.write(partial(_written, owner_id=owner_id, found=found, shown=shown, name=name, now=now))
        if standing is not None and not shown:
            await self._boards.close(owner_id, standing, rule=NAME)
        for other in found.others:
            await self._boards.close(owner_id, other, rule=NAME)

    async def _free_name(self, owner_id: OwnerId, repo_id: RepoId, now: datetime) -> str:
        """An issue that we closed is opened again. One that somebody closed is left alone: a new one is begun."""
        known = await self._store.read(lambda db: boards.find(db, owner_id, _name(repo_id)))
        by_somebody = known is not None and known.closed_at is None
        return f"{_name(repo_id)}/{now:%Y-%m-%d}" if by_somebody else _name(repo_id)

    def _page(self, owner_id: OwnerId, found: _Found, shown: Sequence[Alarm], name: str) -> Page:
        """Raises WordsError."""
        home, keys = found.home, {one.key for one in shown}
        entries = [one for one in found.entries if one.alarm is not None and one.alarm.key in keys]
        title, body = page(entries, home.policy, organisation=home.repo.owner)
        why = f"{len(entries)} repositories or areas rest on one person each"
        return Page(
            rule=NAME, name=name, owner_id=owner_id, repo=home.repo, why=why, title=title, body=body, for_few=True
        )


def _written(
    db: Connection, *, owner_id: OwnerId, found: _Found, shown: Sequence[Alarm], name: str, now: datetime
) -> None:
    """What was told before in the same issue keeps its time, unless it is told anew."""
    every = found.home.policy.succession.every
    for one in shown:
        before = found.told.get(one.key)
        if before is None or before.board != name or before.at + every <= now:
            alarms.tell(db, owner_id, one, Told(at=now, board=name))
            log.info("tells", place=one.place.key)
    alarms.drop(db, owner_id, now - every, but={one.alarm.key for one in found.entries if one.alarm is not None})


def _is_private(db: Connection, board: Board) -> bool:
    """Where it stands. What has become public meanwhile is touched no more."""
    where = recall.repo(db, board.repo_id)
    return where is not None and where.private


def _name(repo_id: RepoId) -> str:
    return f"{NAME}/{repo_id}"


def next_monday(now: datetime) -> datetime:
    monday = datetime.combine((now - timedelta(days=now.weekday())).date(), _AT, UTC)
    return monday if now < monday else monday + _WEEK
