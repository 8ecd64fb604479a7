"""The look at `ramp/OWNER`: keeps the list of what there is to take, and chooses to whom something is offered.

It comes a while after anything changed that may concern it, and once a day. The list is opened once there is something
to put on it; from then on it stays, also while it is empty. Somebody who unpins or closes it has their way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.clock import Clock
from bot.cohort import rounds
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.inforce import Policies
from bot.memory import boards, homes, offers, ramp
from bot.memory.boards import Board
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import Level, OwnerId, RepoId, Subject
from bot.outcomes import not_given_up
from bot.pathway import Opening
from bot.policytypes import Mode
from bot.ramp.listing import listing
from bot.ramp.offering import Offering

NAME: Final = "ramp"

_DAILY: Final = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Told:
    """Where the list stands, what is on it, and lists of ours in other places."""

    home: Home | None
    shown: Sequence[Opening]
    begun: bool
    elsewhere: Sequence[Board]


class Ramp:
    def __init__(self, store: Store, boards: Boards, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = ramp.owner_of(subject), self._clock()
        openings = await self._store.read(
            lambda db: rounds.without_tasks(
                db,
                owner_id,
                ramp.openings(db, owner_id, self._policies, now, with_private=True),
                self._policies,
                now,
            )
        )
        await self._offer(owner_id, openings, now)
        told = await self._store.read(lambda db: self._told(db, owner_id, openings, now))
        if told.home is None:
            return Finished(now + _DAILY, "there is no place for the list")
        if told.home.paused_until is not None:
            return Finished(min(told.home.paused_until, now + _DAILY), "the bot is paused there")
        try:
            return Finished(now + _DAILY, await self._list(owner_id, told.home, told))
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(now + _DAILY, f"a message cannot be written: {error}")

    async def _offer(self, owner_id: OwnerId, openings: Sequence[Opening], now: datetime) -> None:
        chosen = await self._store.read(lambda db: Offering(db, owner_id, self._policies, now).chosen(openings))
        for hopeful, opening in chosen:
            write = partial(
                offers.write, issue=opening.ref, person_id=hopeful.seeker.person.id, thread=hopeful.thread, now=now
            )
            await self._store.write(write)
            log.info("offered", repo=opening.repo.full_name, number=opening.ref.number)

    def _told(self, db: Connection, owner_id: OwnerId, openings: Sequence[Opening], now: datetime) -> _Told:
        """Of private repositories only the list's own is on it, and none that switched it off for itself."""
        home = homes.find(db, owner_id, self._policies, lambda policy: policy.ramp.repo, now)
        if home is None:
            return _Told(None, (), begun=False, elsewhere=())
        repos = {one.repo.id: one.repo for one in openings}
        silent = {id_ for id_, repo in repos.items() if self._policies(db, repo).mode(NAME) is Mode.OFF}
        shown = [
            one for one in openings
            if one.level is Level.MEDIUM and one.ready and not one.taken and one.repo.id not in silent
            if not one.repo.private or one.repo.id == home.repo.id
        ]  # fmt: skip
        others = [board for board in boards.still_open(db, owner_id, f"{NAME}/") if board.repo_id != home.repo.id]
        begun = boards.find(db, owner_id, _name(home.repo.id)) is not None
        return _Told(home, shown, begun, others)

    async def _list(self, owner_id: OwnerId, home: Home, told: _Told) -> str | None:
        """Why nothing was written, if so. Raises CallFailed, WordsError and StoreUnavailable."""
        mode = home.policy.mode(NAME)
        if mode is Mode.OFF:
            return f"{NAME}.mode is off"
        if not told.shown and not told.begun:
            return "there is nothing to put on the list yet"
        title, body = listing(told.shown, home.policy, organisation=home.repo.owner)
        page = Page(
            rule=NAME, name=_name(home.repo.id), owner_id=owner_id, repo=home.repo, title=title, body=body,
            why=f"{len(told.shown)} issues are ready to be taken",
        )  # fmt: skip
        if mode is Mode.SHADOW:
            await self._boards.record(page, home.installation)
            return "the list is in shadow mode"
        await self._boards.keep(page, home.installation, pin=home.policy.ramp.pin)
        for board in told.elsewhere:
            await self._boards.close(owner_id, board, rule=NAME)
        return None


def _name(repo_id: RepoId) -> str:
    """Of the list in a repository: where it is to stand may change."""
    return f"{NAME}/{repo_id}"
