"""The look at `farewell/OWNER`: prepares a hand-over for whoever steps back, and greets who is here again.

It comes once a day, soon after somebody stepped back or was taken back, and every hour while somebody may return. The
private issue is opened here, and what has to be asked of GitHub for it, the team files and releases, is read then; so
what is said is said from here, too, each once (bot/rules/farewell.py, bot/rules/returns.py). Without a private place
nothing is prepared.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.clock import Clock
from bot.effects import Say
from bot.engine import Finished, Outcome, Postponed
from bot.farewell import choosing, gathering
from bot.farewell.choosing import Return
from bot.farewell.rosterfile import TeamFiles
from bot.farewells import Leave
from bot.github.errors import CallFailed, RetryAt
from bot.github.read import Reader, Release
from bot.inforce import Policies
from bot.look import Looker
from bot.memory import attention, boards, homes, leaves, ledger, notes, recall, returning, stops
from bot.memory.boards import Board
from bot.memory.forgotten import Forgotten
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, Repo, Subject, ThreadRef
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import farewell, returns
from bot.team import About, Note

NAME: Final = farewell.NAME

_AT: Final = time(8)  # UTC
_SOON: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_PATIENCE: Final = timedelta(days=3)  # for somebody to be reachable; then their name stands there without its @

log = structlog.get_logger()


class Farewell:
    def __init__(
        self, store: Store, reader: Reader, looker: Looker, boards: Boards, files: TeamFiles, *, policies: Policies,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._store = store
        self._reader = reader
        self._looker = looker
        self._boards = boards
        self._files = files
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        tomorrow = _next(now)
        policy = await self._store.read(lambda db: homes.policy(db, owner_id, self._policies))
        if policy is None:
            return Finished(tomorrow, "the app can work in none of its repositories")
        if policy.mode(NAME) is Mode.OFF and policy.mode(returns.NAME) is Mode.OFF:
            return Finished(tomorrow, f"{NAME}.mode and {returns.NAME}.mode are off")
        home, why = await self._store.read(lambda db: homes.private(db, owner_id, self._policies, now))
        if home is not None and home.paused_until is not None:
            return Finished(min(home.paused_until, tomorrow), "the bot is paused there")
        again = [tomorrow]
        try:
            if home is not None:
                await self._tidy(owner_id, home)
                again += await self._hand_overs(owner_id, home)
            again += await self._returns(owner_id, home, policy)
            if home is not None:
                again += await self._standings(owner_id, home)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(tomorrow, f"a message cannot be written: {error}")
        return Finished(min(again), why)

    # Who steps back

    async def _hand_overs(self, owner_id: OwnerId, home: Home) -> list[datetime]:
        """When to look again."""
        policy, now = home.policy, self._clock()
        if policy.mode(NAME) is Mode.OFF:
            return []
        waits = await self._store.read(lambda db: choosing.leaving(db, owner_id, policy, now))
        if policy.mode(NAME) is Mode.SHADOW:
            for one in waits:
                await self._record(owner_id, one, home, now)
            return []
        return [at for one in waits if (at := await self._hands_over(owner_id, one, home)) is not None]

    async def _record(self, owner_id: OwnerId, leave: Leave, home: Home, now: datetime) -> None:
        """In shadow mode it is only noted that there would be a list. Team files are not read for it."""
        told = await self._store.read(lambda db: gathering.hand_over(db, owner_id, leave, home, self._policies, now))
        say = farewell.checklist(
            leave, notes.NOWHERE, told, home.policy, owner_id=owner_id, organisation=home.repo.owner
        )  # fmt: skip

        def record(db: Connection) -> None:
            _note(db, owner_id, About.CHECKLIST, leave.person.id, leave.at, notes.NOWHERE, now)
            ledger.shadow(db, say, leave.person.id, home.repo, home.installation, now)

        await self._store.write(record)

    async def _hands_over(self, owner_id: OwnerId, leave: Leave, home: Home) -> datetime | None:
        """When to try again; None: it is done."""
        now, policy = self._clock(), home.policy
        here = leave.place is not None and leave.place.repo_id == home.repo.id  # an earlier place may be public by now
        place = leave.place if here else await self._placed(owner_id, leave, home)
        if place is None:
            return now + _DAY
        if not await self._store.read(lambda db: choosing.is_known(db, place)):
            return now + _SOON  # GitHub has not told us of it yet
        free = await self._store.read(
            lambda db: attention.free(db, owner_id, leave.person.id, policy.limits, now, place)
        )
        if not free and now < leave.at + _PATIENCE:
            return now + _HOUR
        told = await self._store.read(lambda db: gathering.hand_over(db, owner_id, leave, home, self._policies, now))
        changes = await self._files.leaving(owner_id, leave, policy, now)
        say = farewell.checklist(
            leave, place, choosing.with_changes(told, changes), policy, owner_id=owner_id, organisation=home.repo.owner
        )  # fmt: skip
        return await self._say(owner_id, say, About.CHECKLIST, leave.at, private=True)

    async def _placed(self, owner_id: OwnerId, leave: Leave, home: Home) -> ThreadRef | None:
        """Their issue in the private place: where they said so, if they were asked there; one that they have; else a
        new one."""
        place = await self._store.read(lambda db: choosing.place(db, owner_id, leave, home))
        if place is None:
            policy, name = home.policy, choosing.board(leave, home)
            values = {"login": leave.person.login, "organisation": home.repo.owner}
            page = Page(
                rule=NAME, name=name, owner_id=owner_id, repo=home.repo, why=f"{leave.person.login} steps back",
                title=words.document("farewell-title", policy.language, values).strip(),
                body=words.document("farewell", policy.language, values), for_few=True,
            )  # fmt: skip
            await self._boards.keep(page, home.installation)
            made = await self._store.read(lambda db: boards.find(db, owner_id, name))
            place = ThreadRef(made.repo_id, made.number) if made is not None else None
        if place is not None:
            await self._store.write(partial(leaves.placed, owner_id=owner_id, one=leave, place=place))
        return place

    async def _tidy(self, owner_id: OwnerId, home: Home) -> None:
        """Whoever asked to be forgotten is not named in their issue any more, and it is closed."""
        for board in await self._store.read(lambda db: _forgotten(db, owner_id, home)):
            values = {"organisation": home.repo.owner}
            page = Page(
                rule=NAME, name=board.name, owner_id=owner_id, repo=home.repo, why="somebody asked to be forgotten",
                title=words.document("farewell-forgotten-title", home.policy.language, values).strip(),
                body=words.document("farewell-forgotten", home.policy.language, values),
            )  # fmt: skip
            await self._boards.keep(page, home.installation)
            await self._boards.close(owner_id, board, rule=NAME)

    # Who is here again

    async def _returns(self, owner_id: OwnerId, home: Home | None, policy: Policy) -> list[datetime]:
        """When to look again."""
        now, mode = self._clock(), policy.mode(returns.NAME)
        if mode is Mode.OFF:
            return []
        found, again = await self._store.read(
            lambda db: choosing.returned(db, owner_id, home, policy, self._policies, now)
        )
        when = [again]
        for one in found:
            if one.place is None or mode is Mode.SHADOW:
                await self._store.write(partial(self._noted, owner_id=owner_id, one=one, policy=policy))
            else:
                when.append(await self._greet(owner_id, one, one.place, policy))
        return [at for at in when if at is not None]

    def _noted(self, db: Connection, owner_id: OwnerId, one: Return, policy: Policy) -> None:
        """Nothing is said: in shadow mode, or because there is no place for it."""
        now = self._clock()
        _note(db, owner_id, About.RETURN, one.person.id, one.since, notes.NOWHERE, now)
        if one.place is not None and one.where is not None and one.installation is not None:
            told = gathering.meanwhile(db, owner_id, one.person, one.since, policy, now)
            say = returns.greeting(
                one.person, one.since, one.place, told.news, policy, owner_id=owner_id, private=one.private,
                stepped_back=one.stepped_back,
            )  # fmt: skip
            ledger.shadow(db, say, one.person.id, one.where, one.installation, now)

    async def _greet(self, owner_id: OwnerId, one: Return, place: ThreadRef, policy: Policy) -> datetime | None:
        """When to try again; None: it is done."""
        now = self._clock()
        told = await self._store.read(lambda db: gathering.meanwhile(db, owner_id, one.person, one.since, policy, now))
        news = choosing.with_release(told.news, await self._release(one, told.repo))
        if not one.private and not (news.release or news.ask):  # a greeting alone is not worth a comment in public
            nowhere = partial(_note, owner_id=owner_id, about=About.RETURN, who=one.person.id, matter=one.since)
            await self._store.write(partial(nowhere, place=notes.NOWHERE, now=now))
            return None
        say = returns.greeting(
            one.person, one.since, place, news, policy, owner_id=owner_id, private=one.private,
            stepped_back=one.stepped_back,
        )  # fmt: skip
        return await self._say(owner_id, say, About.RETURN, one.since, private=one.private)

    async def _release(self, one: Return, where: Repo | None) -> Release | None:
        """What cannot be read there is left out."""
        if where is None or one.installation is None:
            return None
        try:
            return await self._reader.newest_release(one.installation, where, one.since)
        except CallFailed as failed:
            if isinstance(failed.failure, RetryAt) and failed.status != 404:  # trying again would not find it
                raise
            return None

    async def _standings(self, owner_id: OwnerId, home: Home) -> list[datetime]:
        """Tells owners what those had who are back, or seem to be."""
        policy, now = home.policy, self._clock()
        if policy.mode(returns.NAME) is not Mode.ON:
            return []
        again: list[datetime | None] = []
        for leave, place in await self._store.read(lambda db: choosing.to_give_back(db, owner_id, home, now)):
            teams = await self._store.read(partial(_teams_to_give, owner_id=owner_id, leave=leave))
            changes = await self._files.coming(owner_id, leave, policy, now)
            if leave.back_at is None and not teams and not changes:  # they have all that they had
                note = partial(_note, owner_id=owner_id, about=About.STANDING, who=leave.person.id, matter=leave.at)
                await self._store.write(partial(note, place=notes.NOWHERE, now=now))
                continue
            say = farewell.standing(
                leave, place, teams, changes, policy, owner_id=owner_id, organisation=home.repo.owner
            )  # fmt: skip
            again.append(await self._say(owner_id, say, About.STANDING, leave.back_at or leave.at, private=True))
        return [at for at in again if at is not None]

    async def _say(
        self, owner_id: OwnerId, say: Say, about: About, matter: datetime, *, private: bool
    ) -> datetime | None:
        """When to try again; None: it is said, or never will be. `private`: it is for a private repository only."""
        now = self._clock()
        if private and await self._store.read(lambda db: returning.is_public(db, say.thread.repo_id)):
            return now + _HOUR
        muted = await self._store.read(lambda db: _is_muted(db, say, now))
        if not muted:
            result = await self._looker.speak(say, say.thread)
            if isinstance(result, Postponed):
                return result.until
        await self._store.write(
            partial(
                _note, owner_id=owner_id, about=about, who=say.to.id, matter=matter, place=say.thread, now=now
            )
        )  # fmt: skip
        log.info("told", about=about.value)
        return None


def _note(
    db: Connection, owner_id: OwnerId, about: About, who: PersonId, matter: datetime, place: ThreadRef, now: datetime
) -> None:
    notes.write(db, Note(owner_id=owner_id, about=about, person=who, at=now, matter=matter, place=place))


def _is_muted(db: Connection, say: Say, now: datetime) -> bool:
    where = recall.repo(db, say.thread.repo_id)
    if where is None:
        return True
    hush = stops.hush(db, where, now)
    snoozed = say.template == returns.GREETING and stops.snoozed_until(db, say.thread, now) is not None
    return snoozed or hush.paused_until is not None or say.template in hush.muted


def _teams_to_give(db: Connection, owner_id: OwnerId, leave: Leave) -> Sequence[str]:
    return gathering.teams_to_give(leave, leaves.groups(db, owner_id, leave.person.id))


def _forgotten(db: Connection, owner_id: OwnerId, home: Home) -> list[Board]:
    """The issues of those who asked to be forgotten, that are still open."""
    forgotten = Forgotten(db)
    ours = [one for one in boards.still_open(db, owner_id, f"{NAME}/") if one.repo_id == home.repo.id]
    theirs = [one for one in ours if forgotten.has_id(PersonId(int(one.name.split("/")[1])))]
    return [one for one in theirs if not boards.is_closed(db, one)]


def _next(now: datetime) -> datetime:
    today = datetime.combine(now.date(), _AT, UTC)
    return today if now < today else today + _DAY
