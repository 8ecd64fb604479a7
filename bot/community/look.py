"""The look at `community/OWNER`: writes the digest of the community on its day, and closes the one before.

It is a report: it stays as it was written. If nobody did anything in its time, there is none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.clock import Clock
from bot.community.contents import Contents, Setting, values
from bot.community.gathering import Gathering
from bot.community.span import Span, latest
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.inforce import Policies
from bot.memory import boards, community, homes, ledger
from bot.memory.boards import Board
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, Subject
from bot.outcomes import not_given_up
from bot.policytypes import Mode

NAME: Final = "community"

_DAILY: Final = timedelta(days=1)
_LATE: Final = timedelta(days=7)  # after its day it is still written, if that was not possible before


def subject(owner_id: OwnerId) -> Subject:
    return Subject(f"{NAME}/{owner_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What memory tells of the latest digest. `told`: what is to be written; None: nothing, and `why`. `old`: those
    before it that are open."""

    home: Home
    name: str
    told: Contents | None
    why: str
    old: tuple[Board, ...] = ()


class Community:
    def __init__(self, store: Store, boards: Boards, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        home = await self._store.read(
            lambda db: homes.find(db, owner_id, self._policies, lambda policy: policy.community.repo, now)
        )
        if home is None:
            return Finished(now + _DAILY, "there is no place for the community's digest")
        if home.policy.mode(NAME) is Mode.OFF:
            return Finished(now + _DAILY, f"{NAME}.mode is off")
        if home.paused_until is not None:
            return Finished(min(home.paused_until, now + _DAILY), "the bot is paused there")
        span, coming = latest(home.policy.community.when, now)
        again = min(now + _DAILY, coming)
        known = await self._store.read(lambda db: self._known(db, owner_id, home, span, now))
        try:
            await self._write(owner_id, known, now, coming)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(again, f"a message cannot be written: {error}")
        return Finished(again, known.why or None)

    def _known(self, db: Connection, owner_id: OwnerId, home: Home, span: Span, now: datetime) -> _Known:
        name = f"{NAME}/{span.until:%Y-%m-%d}"
        told, why = self._told(db, owner_id, home, span, now)
        written = told is not None or boards.find(db, owner_id, name) is not None
        known = boards.still_open(db, owner_id, f"{NAME}/") if written else ()
        old = tuple(board for board in known if board.name < name)
        return _Known(home=home, name=name, told=told, why=why, old=old)

    def _told(
        self, db: Connection, owner_id: OwnerId, home: Home, span: Span, now: datetime
    ) -> tuple[Contents | None, str]:
        name = f"{NAME}/{span.until:%Y-%m-%d}"
        if boards.find(db, owner_id, name) is not None:
            return None, "it is written"
        if home.policy.mode(NAME) is Mode.SHADOW and ledger.knows(db, f"{NAME}/{owner_id}/{name}/shadow"):
            return None, "it is recorded"
        if now > span.until + _LATE:
            return None, "it is not the day for it"
        if not community.knows(db, owner_id, span.since):
            return None, "memory does not go back that far"
        told = Gathering(db, owner_id, self._policies, now, home.repo.id).contents(span)
        return (None, "nothing to tell") if told.is_empty else (told, "")

    async def _write(self, owner_id: OwnerId, known: _Known, now: datetime, coming: datetime) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        home = known.home
        if known.told is not None:
            shown = values(known.told, Setting(home=home.repo, policy=home.policy, now=now, next_due=coming))
            page = Page(
                rule=NAME,
                name=known.name,
                owner_id=owner_id,
                repo=home.repo,
                why=f"{shown['since']} to {shown['until']}",
                title=words.document("community-title", home.policy.language, shown).strip(),
                body=words.document("community", home.policy.language, shown),
            )
            if home.policy.mode(NAME) is Mode.SHADOW:
                await self._boards.record(page, home.installation)
                return
            await self._boards.keep(page, home.installation)
        if home.policy.mode(NAME) is Mode.ON:
            for board in known.old:
                await self._boards.close(owner_id, board, rule=NAME)
