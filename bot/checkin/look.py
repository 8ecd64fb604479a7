"""The look at `check-in/OWNER`: who of the team is asked how things are, and what came of asking.

Once on each working day it is chosen who is asked. While a question is open it looks every hour, for what people say
with a reaction, and soon after whatever else they say. All of it stands in `team.place`, which has to be private:
without it nothing is written anywhere, and admins see at the terminal who would be asked. What is said there a rule
says (bot/rules/checkins.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.checkin import choosing, gathering, page, tending
from bot.checkin.choosing import Due
from bot.checkin.gathering import Standing
from bot.checkins import CheckIn, Said, State
from bot.clock import Clock
from bot.engine import Finished, Outcome, Postponed
from bot.github.errors import CallFailed, RetryAt
from bot.github.pace import Pace
from bot.github.read import Reader
from bot.inforce import Policies
from bot.memory import boards, checkins, homes, ledger
from bot.memory.boards import Board
from bot.memory.forgotten import Forgotten
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, Person, PersonId, Subject, ThreadRef
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.checkins import NAME, key_of

_HOUR: Final = timedelta(hours=1)
_AT_ONCE: Final = 100  # GitHub's limit for `nodes`
_TRIES: Final = 20  # people of whom it is asked in a day whether they may read the place
_ROUND: Final = f"{checkins.NAME}/round/"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue:
    """An issue of ours in the place, or one that is to be. `board` None: it is to be opened under this name."""

    name: str
    those: Sequence[CheckIn]
    board: Board | None = None

    @property
    def is_round(self) -> bool:
        return self.name.startswith(_ROUND)

    def is_done(self, now: datetime) -> bool:
        """Whether nothing is left to do in it: not where a human has taken over, or somebody steps back in it, or
        answered in words."""
        stays = any(map(_is_for_humans, self.those))
        over = all(not one.is_open and one.state_at + choosing.LINGERS <= now for one in self.those)
        return over and not stays


def _is_for_humans(one: CheckIn) -> bool:
    in_words = one.state is State.ANSWERED and one.said is None
    return one.handed_to is not None or one.said is Said.STEPS_BACK or in_words


class CheckInsLook:
    def __init__(
        self, store: Store, boards: Boards, reader: Reader, *, policies: Policies, pace: Pace, clock: Clock
    ) -> None:
        self._store = store
        self._boards = boards
        self._reader = reader
        self._policies = policies
        self._pace = pace
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        tomorrow = tending.next_day(now)
        policy = await self._store.read(lambda db: homes.policy(db, owner_id, self._policies))
        if policy is None:
            return Finished(tomorrow, "the app can work in none of its repositories")
        mode = policy.mode(NAME)
        since = await self._store.write(lambda db: tending.switched(db, owner_id, mode, now))
        home, why = await self._store.read(lambda db: homes.private(db, owner_id, self._policies, now))
        if home is not None and home.paused_until is not None:
            return Finished(min(home.paused_until, tomorrow), "the bot is paused there")
        if mode is Mode.SHADOW and tending.works(policy, now):
            await self._store.write(lambda db: tending.record(db, owner_id, home, policy, now))
        try:
            if mode is not Mode.ON:
                if home is not None:
                    await self._forget(owner_id, home, policy)
                return Finished(tomorrow, f"{NAME}.mode is {mode}")
            return await self._asks(owner_id, policy, home, why, since)
        except CallFailed as failed:
            return self._not_now(failed, home)
        except words.WordsError as error:
            return Finished(tomorrow, f"a message cannot be written: {error}")

    async def _asks(
        self, owner_id: OwnerId, policy: Policy, home: Home | None, why: str | None, since: datetime
    ) -> Outcome:
        now = self._clock()
        if home is not None and (until := self._pace.held(home.installation, now)):
            return Postponed(until, "GitHub asked to wait")
        if home is not None:
            await self._hear(owner_id, home, policy)
        humans = await self._humans(owner_id, policy, home, now)
        found = await self._store.write(lambda db: tending.tend(db, owner_id, policy, home, humans, now))
        if tending.works(policy, now) and now >= since + choosing.FIRST and await self._is_first_today(owner_id, now):
            await self._choose(owner_id, found, policy, home, now)
        if home is None:
            return Finished(tending.next_day(now), why)
        await self._keep(owner_id, home, policy)
        latest = await self._store.read(lambda db: checkins.of_owner(db, owner_id))
        asks = any(one.state is State.ASKED for one in latest.values())
        return Finished(min(now + _HOUR, tending.next_day(now)) if asks else tending.next_day(now))

    def _not_now(self, failed: CallFailed, home: Home | None) -> Outcome:
        now = self._clock()
        match failed.failure:
            case RetryAt(_, datetime() as when, _, True, _) if home is not None:
                self._pace.hold(home.installation, when, now)
            case _:
                pass
        return not_given_up(failed, now)

    # What people say with a reaction

    async def _hear(self, owner_id: OwnerId, home: Home, policy: Policy) -> None:
        """Of reactions GitHub tells nobody."""
        asked = await self._store.read(lambda db: list(_questions(db, owner_id, home)))
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            likes = await self._reader.likes(home.installation, [node_id for _, node_id in some])
            now = self._clock()
            for (one, _), people in zip(some, likes, strict=True):
                if people:
                    heard = partial(tending.liked, owner_id=owner_id, one=one, people=people, policy=policy, now=now)
                    await self._store.write(heard)

    # Who takes over

    async def _humans(self, owner_id: OwnerId, policy: Policy, home: Home | None, now: datetime) -> Sequence[Person]:
        """Those who can, if somebody has to: a mention reaches nobody who may not read it."""
        if home is None or not tending.works(policy, now):
            return ()
        those = await self._store.read(lambda db: tending.humans(db, owner_id, policy, now))
        return [one for one in those if await self._reader.may_read(home.installation, home.repo, one.login)]

    # Who is asked

    async def _is_first_today(self, owner_id: OwnerId, now: datetime) -> bool:
        chosen = await self._store.read(lambda db: checkins.chosen_at(db, owner_id))
        return chosen is None or chosen.date() < now.date()

    async def _choose(
        self, owner_id: OwnerId, found: Standing, policy: Policy, home: Home | None, now: datetime
    ) -> None:
        those = await self._store.read(lambda db: tending.due(db, owner_id, found, policy, now))
        room = await self._store.read(lambda db: tending.room(db, owner_id, policy, now))
        states: list[tuple[Due, State]] = []
        for number, one in enumerate(those):
            if home is None:
                states.append((one, State.DUE))
            elif room <= 0 or number >= _TRIES:
                break
            elif await self._reader.may_read(home.installation, home.repo, one.person.login):
                states.append((one, State.ASKED))
                room -= 1
            else:
                states.append((one, State.UNREACHABLE))
        await self._store.write(lambda db: _begin(db, owner_id, states, now))

    # What is written

    async def _forget(self, owner_id: OwnerId, home: Home, policy: Policy) -> None:
        """Whoever asked to be forgotten is named no longer, also where they were asked long ago, or nobody is any more.
        The same errors."""
        title, body = page.of_nobody(policy)
        for board in await self._store.read(lambda db: _of_the_forgotten(db, owner_id, home)):
            if not board.says(body):
                await self._boards.close(owner_id, board, rule=NAME, title=title, body=body)

    async def _keep(self, owner_id: OwnerId, home: Home, policy: Policy) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        now = self._clock()
        await self._forget(owner_id, home, policy)
        found = await self._store.read(lambda db: gathering.standing(db, owner_id, policy, now))
        for issue in await self._store.read(lambda db: _issues(db, owner_id, found, home, policy)):
            title, body = _text(issue, found, policy, home)
            here = Page(
                rule=NAME, name=issue.name, owner_id=owner_id, repo=home.repo, why="a check-in is asked there",
                title=title, body=body, for_few=True,
            )  # fmt: skip
            await self._boards.keep(here, home.installation)
            board = await self._store.read(partial(boards.find, owner_id=owner_id, name=issue.name))
            if board is None:
                continue
            if issue.board is None:
                await self._store.write(partial(_placed, owner_id=owner_id, issue=issue, board=board, now=now))
            if not issue.those or issue.is_done(now):
                await self._boards.close(owner_id, board, rule=NAME)


def _begin(db: Connection, owner_id: OwnerId, states: Iterable[tuple[Due, State]], now: datetime) -> None:
    checkins.chosen(db, owner_id, now)
    for one, state in states:
        tending.begin(db, owner_id, one, state, now)
        log.info("check-in", state=state.value, because=one.because.value)


def _of_the_forgotten(db: Connection, owner_id: OwnerId, home: Home) -> list[Board]:
    """The issues about them. Of one about several it is not known any more whose it was."""
    forgotten, found = Forgotten(db), []
    for board in boards.ever(db, owner_id, f"{checkins.NAME}/"):
        id_ = board.name.split("/")[1]
        if board.repo_id == home.repo.id and id_.isdecimal() and forgotten.has_id(PersonId(int(id_))):
            found.append(board)
    return [board for board in found if not boards.is_gone(db, board)]


def _questions(db: Connection, owner_id: OwnerId, home: Home) -> Iterable[tuple[CheckIn, str]]:
    """Those that wait for an answer, each with what may have a reaction: comments, and the issue if it is theirs."""
    for one in checkins.of_owner(db, owner_id).values():
        if one.state is not State.ASKED or one.place is None or one.place.repo_id != home.repo.id:
            continue
        for note in gathering.asking(db, owner_id, one):
            made = ledger.made(db, key_of(note))
            if made is not None and made[2]:
                yield one, made[2]
        board = boards.at(db, owner_id, one.place)
        if board is not None and not board.name.startswith(_ROUND):
            yield one, board.node_id


def _issues(db: Connection, owner_id: OwnerId, found: Standing, home: Home, policy: Policy) -> list[_Issue]:
    """Those that stand in the place and are ours to keep, and those that are to be opened. Of whom nothing is known any
    more, nothing is left in theirs."""
    new = list(_new(db, owner_id, found, home, policy))
    begun = {issue.name for issue in new}  # one may be there already, if we died before it was noted whose it is
    kept = []
    for board in boards.still_open(db, owner_id, f"{checkins.NAME}/"):
        those = checkins.in_thread(db, ThreadRef(board.repo_id, board.number))
        is_here = board.repo_id == home.repo.id and board.name not in begun and not boards.is_closed(db, board)
        if is_here and not (those and all(map(_is_a_humans, those))):
            kept.append(_Issue(name=board.name, those=those, board=board))
    return [*kept, *new]


def _new(db: Connection, owner_id: OwnerId, found: Standing, home: Home, policy: Policy) -> Iterator[_Issue]:
    by_day: dict[str, list[CheckIn]] = {}
    for one in found.known.values():
        if one.state is State.ASKED and one.place is None:
            by_day.setdefault(f"{one.state_at:%Y-%m-%d}", []).append(one)
    together = gathering.together(db, owner_id, found) if policy.check_ins.form == "round" else frozenset()
    for day, those in by_day.items():
        round_ = [one for one in those if one.person.id in together]
        if len(round_) > 1:
            yield _Issue(name=f"{_ROUND}{day}/{home.repo.id}", those=round_)
        for one in those:
            if one not in round_ or len(round_) == 1:
                yield _Issue(name=f"{checkins.NAME}/{one.person.id}/{day}/{home.repo.id}", those=[one])


def _is_a_humans(one: CheckIn) -> bool:
    """Whether a human has it by now, and there was no answer: the bot does nothing more with it."""
    return one.state is State.HANDED or (one.state is State.OVER and one.handed_to is not None)


def _text(issue: _Issue, found: Standing, policy: Policy, home: Home) -> page.Text:
    if not issue.those:
        return page.of_nobody(policy)
    if issue.is_round:
        return page.of_round(issue.those, tending.first_names(found, issue.those), policy, home.repo)
    return page.of_person(issue.those[0], policy, home.repo)


def _placed(db: Connection, owner_id: OwnerId, issue: _Issue, board: Board, now: datetime) -> None:
    for one in issue.those:
        tending.placed(db, owner_id, one, ThreadRef(board.repo_id, board.number), now)
