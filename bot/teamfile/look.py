"""The look at `team/OWNER`: reads the team files and the notes of meetings, and writes down whom they name.

It comes once a day, and soon after a push that touches one of them. A file that cannot be read, or is wrong, changes
nothing in memory: it is logged, and admins are told (`python -m bot doctor`).
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Final

import structlog

from bot.clock import Clock
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.github.read import File, Reader
from bot.inforce import InForce
from bot.memory import members, watched
from bot.memory.store import Store
from bot.model import OwnerId, Repo, Subject
from bot.outcomes import not_given_up
from bot.problems import ConfigError, Problem
from bot.team import Format
from bot.teamfile import reading, work
from bot.teamfile.notes import Notes
from bot.teamfile.work import Place, Work
from bot.teampolicy import TeamFile

_AT: Final = time(6)  # UTC
_DAY: Final = timedelta(days=1)
_ACCOUNTS: Final = 30  # people about whom GitHub is asked in one look
_TOLD: Final = 5  # problems of a file

log = structlog.get_logger()


class TeamLook:
    def __init__(self, store: Store, reader: Reader, policies: InForce, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._notes = Notes(store, reader, clock)
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        this = await self._store.read(lambda db: work.plan(db, self._policies, owner_id))
        if this is None:
            return Finished(_next(now), "there is no repository in which the app may work")
        state = await self._store.write(lambda db: work.begin(db, this))
        for file, place in this.files():
            await self._file(this, file, place)
        await self._accounts(this)
        await self._notes.read(this, state)
        await self._store.write(lambda db: watched.wrong(db, owner_id, this.problems))
        for problem in this.problems:
            log.warning("a team file, or notes of a meeting", why=problem)
        return Finished(_next(now)) if this.failed is None else not_given_up(this.failed, now)

    async def _file(self, this: Work, file: TeamFile, place: Place) -> None:
        """What can be read of it is taken up; what is odd is told."""
        if ".." in PurePosixPath(file.path).parts:
            this.problems.append(f"{place.repo.full_name}:{file.path}: is no path within a repository")
            return
        try:
            found = await self._reader.file(place.installation, place.repo, file.path)
        except CallFailed as failed:
            this.failed_at(f"{place.repo.full_name}:{file.path}", failed)
            return
        try:
            roster = reading.read(file.path, _data(file.path, found), file.format)
        except ConfigError as error:
            this.problems += _told(place.repo, error.problems)
            return
        this.problems += _told(place.repo, roster.problems)
        repos, now = _covered(file, place.repo), self._clock()
        await self._store.write(lambda db: members.keep(db, place.repo, file.path, roster.listed, repos, now))

    async def _accounts(self, this: Work) -> None:
        """GitHub is asked who those are of whom nothing was heard yet."""
        place = next(iter(this.places.values()), None)
        logins = await self._store.read(lambda db: members.unknown(db, this.owner_id, _ACCOUNTS)) if place else []
        found = []
        for login in logins:
            assert place is not None, "without a place there are no logins"
            try:
                who = await self._reader.somebody(place.installation, login)
            except CallFailed as failed:
                this.failed_at(f"who {login} is", failed)
                break
            if who is None:
                this.problems.append(f"{login}, whom a team file names, is not known on GitHub")
            else:
                found.append(who)
        now = self._clock()
        if found:
            await self._store.write(lambda db: members.are(db, this.owner_id, found, now))


def _data(path: str, found: File | None) -> bytes:
    """Raises ConfigError where there is nothing to read."""
    if found is None:
        raise ConfigError([Problem(path, 0, 0, "there is no such file on the default branch")])
    if found.data is None:
        what = "is larger than 1 MB" if found.what == "file" else f"is a {found.what}, not a file"
        raise ConfigError([Problem(path, 0, 0, what)])
    return found.data


def _covered(file: TeamFile, where: Repo) -> tuple[str, ...]:
    """Of which repositories' team a file tells; none: of the organisation's."""
    if file.covers:
        return file.covers
    return () if reading.format_of(file.path, file.format) is Format.CONTRIBUTORS else (where.name,)


def _told(where: Repo, problems: tuple[Problem, ...]) -> list[str]:
    left_out = len(problems) - _TOLD
    more = [f"{where.full_name}:{problems[0].file}: and {left_out} more"] if left_out > 0 else []
    return [f"{where.full_name}:{problem}" for problem in problems[:_TOLD]] + more


def _next(now: datetime) -> datetime:
    today = datetime.combine(now.date(), _AT, UTC)
    return today if now < today else today + _DAY
