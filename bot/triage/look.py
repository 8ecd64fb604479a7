"""The look at `triage/OWNER`: once on each working day it chooses of which threads somebody is reminded, and whom.

The first sweep after it is switched on only leaves a mark: the digest shows what there is, and nobody is reminded of a
backlog of years at once. In shadow mode what would have been said is recorded. It asks GitHub nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.digest.look import NAME as DIGEST
from bot.engine import Finished, Outcome
from bot.inforce import Policies
from bot.memory import attention, boards, homes, leaves, ledger, nudges, recall, rota, stops, threads
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, RepoId, Subject, ThreadRef
from bot.policytypes import Mode
from bot.rules import triage
from bot.triage.choosing import Round, chosen, is_on_duty
from bot.triage.sweep import NAME, cases
from bot.waiting import Case, Nudge, Reminder, Rota, Told
from bot.worktime import Calendar

_AT: Final = time(7)  # UTC, an hour after the digest
_DAY: Final = timedelta(days=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Chosen:
    """`place`: the digest in which the team is reminded, if there is one. `again`: when somebody can be asked who could
    not be now."""

    reminders: Sequence[tuple[Nudge, Case]]
    place: ThreadRef | None
    rota: Rota
    again: datetime | None


class Triage:
    def __init__(self, store: Store, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        home = await self._store.read(lambda db: self._home(db, owner_id, now))
        if home is None:
            return Finished(now + _DAY, "there is no place for a digest")
        if home.policy.mode(NAME) is Mode.OFF:
            return Finished(now + _DAY, f"{NAME}.mode is off")
        if home.paused_until is not None:
            return Finished(home.paused_until, "the bot is paused there")
        tomorrow = _next(now)
        if not Calendar(home.policy.working_time).works(now) or now.time() < _AT:
            return Finished(tomorrow, "the team does not work now")
        if home.policy.mode(NAME) is Mode.ON and not await self._store.read(lambda db: nudges.begun(db, owner_id)):
            await self._store.write(lambda db: nudges.begin(db, owner_id, now))
            return Finished(tomorrow, "at first only the digest is filled")
        found = await self._store.read(lambda db: self._choose(db, owner_id, home, now))
        await self._store.write(lambda db: self._write(db, owner_id, home, found, now))
        for nudge, case in found.reminders:
            log.info("reminds", reminder=nudge.reminder.value, repo=case.thread.repo.full_name, number=nudge.ref.number)
        return Finished(min(tomorrow, found.again or tomorrow))

    def _home(self, db: Connection, owner_id: OwnerId, now: datetime) -> Home | None:
        return homes.find(db, owner_id, self._policies, lambda policy: policy.digest.repo, now)

    def _choose(self, db: Connection, owner_id: OwnerId, home: Home, now: datetime) -> _Chosen:
        policy, in_shadow = home.policy, home.policy.mode(NAME) is Mode.SHADOW
        place = nudges.NOWHERE if in_shadow else self._digest(db, owner_id, home, now)
        on_duty = rota.rota(db, owner_id, policy, now)
        room = policy.triage.nudges_a_day - nudges.chosen_since(db, owner_id, _midnight(now))
        if room <= 0:
            return _Chosen((), place, on_duty, None)

        @cache
        def is_free(person_id: PersonId) -> bool:
            return attention.free(db, owner_id, person_id, policy.limits, now)

        def is_free_today(person_id: PersonId) -> bool:
            at = attention.free_from(db, owner_id, person_id, policy.limits, now)
            return at is not None and at < _next(now)

        found = cases(db, owner_id, self._policies, now, seen_from=None, with_private=True)
        asked = Round(
            rota=on_duty, is_free=is_free, is_free_today=is_free_today,
            may_be_told=self._may_be_told(db, home, place), may_be_asked=self._may_be_asked(db, home),
            policy=policy, now=now, left=_left(db, owner_id, on_duty, found, now),
        )  # fmt: skip
        past = nudges.of_owner(db, owner_id, shadow=in_shadow)
        by_ref = {case.thread.ref: case for case in found}
        reminders = [(nudge, by_ref[nudge.ref]) for nudge in chosen(found, past, asked, room)]
        again = None if len(reminders) >= room else _free_later(db, owner_id, home, on_duty, now)
        return _Chosen(reminders, place, on_duty, again)

    def _may_be_told(self, db: Connection, home: Home, place: ThreadRef | None) -> Callable[[Case], bool]:
        """What is in a private repository is told nowhere else."""
        speaks = self._speaks(db, home)

        def told(case: Case) -> bool:
            where = case.thread.repo
            return place is not None and (not where.private or where.id == home.repo.id) and speaks(where.id)

        return told

    def _may_be_asked(self, db: Connection, home: Home) -> Callable[[Case], bool]:
        """Only where a digest can tell what came of it, though there may be none just now."""
        speaks, is_told = self._speaks(db, home), home.policy.mode(DIGEST) is Mode.ON
        return lambda case: (is_told or home.policy.mode(NAME) is Mode.SHADOW) and speaks(case.thread.repo.id)

    def _speaks(self, db: Connection, home: Home) -> Callable[[RepoId], bool]:
        @cache
        def speaks(repo_id: RepoId) -> bool:
            where = recall.repo(db, repo_id)
            return where is not None and self._policies(db, where).mode(NAME) is home.policy.mode(NAME)

        return speaks

    def _digest(self, db: Connection, owner_id: OwnerId, home: Home, now: datetime) -> ThreadRef | None:
        """The digest of this week, if it is written, nobody has closed it, and reminders can be said where it is."""
        there = self._policies(db, home.repo)
        if home.policy.mode(DIGEST) is not Mode.ON or there.mode(NAME) is not Mode.ON:
            return None
        if triage.NUDGE in stops.hush(db, home.repo, now).muted:
            return None
        known = [one for one in boards.still_open(db, owner_id, f"{DIGEST}/") if one.repo_id == home.repo.id]
        if not known or boards.is_closed(db, known[-1]):
            return None
        return ThreadRef(known[-1].repo_id, known[-1].number)

    def _write(self, db: Connection, owner_id: OwnerId, home: Home, found: _Chosen, now: datetime) -> None:
        for nudge, case in found.reminders:
            nudges.write(db, owner_id, nudge, found.place or nudge.ref)
            if found.place == nudges.NOWHERE and nudge.reminder is Reminder.NUDGE:
                _record(db, home, found.rota, nudge, case, now)


def _record(db: Connection, home: Home, on_duty: Rota, nudge: Nudge, case: Case, now: datetime) -> None:
    """In shadow mode it is only noted that somebody would be reminded."""
    person = threads.person(db, nudge.person)
    told = Told(nudge=nudge, person=person, case=case, on_duty=is_on_duty(on_duty, person.id))
    key = f"{NAME}/shadow/{nudge.ref.repo_id}/{nudge.ref.number}/{nudge.at:%Y-%m-%d}"
    say = triage.nudge([told], nudge.ref, key=key, language=home.policy.language)
    ledger.shadow(db, say, person.id, case.thread.repo, home.installation, now)


def _left(
    db: Connection, owner_id: OwnerId, on_duty: Rota, found: Sequence[Case], now: datetime
) -> frozenset[tuple[PersonId, RepoId]]:
    """Who of those who look after triage stepped back from the repositories of which there is something to tell."""
    gone = leaves.of_people(db, owner_id, [one.id for one in on_duty.willing], now)
    places = {case.thread.repo.id: case.thread.repo.name for case in found} if gone else {}
    return frozenset(
        (id_, repo_id)
        for id_, theirs in gone.items()
        for repo_id, name in places.items()
        if any(one.is_from(name) for one in theirs)
    )


def _free_later(db: Connection, owner_id: OwnerId, home: Home, on_duty: Rota, now: datetime) -> datetime | None:
    """When somebody can be asked who has quiet hours now."""
    them = {one.person.id for one in on_duty.weeks[:1]} | {
        one.id for people in on_duty.areas.values() for one in people
    }
    found = (attention.free_from(db, owner_id, one, home.policy.limits, now) for one in them)
    return min((at for at in found if at is not None), default=None)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(), UTC)


def _next(now: datetime) -> datetime:
    today = datetime.combine(now.date(), _AT, UTC)
    return today if now < today else today + _DAY
