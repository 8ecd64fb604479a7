"""The look at `cohort/OWNER`: keeps the guide and the evaluation sheet of each cohort, tells each applicant's
reviewers, and chooses who is reminded or thanked.

It comes once a day, and a while after somebody took, brought or recorded something. What is decided here is said by a
rule (bot/rules/cohort_notes.py). The evaluation sheet is written nowhere but in a repository that memory knows to be
private. A round that was over when cohorts were switched on is left alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import words
from bot.boards import Boards, Page
from bot.clock import Clock
from bot.cohort import choosing, rounds
from bot.cohort.gathering import Standing, standing, told_to_review
from bot.cohort.guide import guide
from bot.cohort.rounds import GUIDE, board
from bot.cohort.sheet import Reading, sheet
from bot.cohortnotes import About, Note, Told
from bot.cohorts import Cohort, Task
from bot.engine import Finished, Outcome, Postponed
from bot.github.errors import CallFailed
from bot.inforce import InForce
from bot.memory import attention, boards, cohort_notes, cohorts, homes, ledger, looks, reviewers, switches, threads
from bot.memory.boards import Board
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, Subject, ThreadRef
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import cohort_notes as rule
from bot.worktime import Calendar

NAME: Final = rule.NAME
SHEET: Final = "cohort-sheet"

_AT: Final = time(8)  # UTC
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_STAYS: Final = timedelta(days=7)  # the guide, after the end

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """A cohort, and where its guide and its sheet stand. `sheet`: None where it cannot be written, `no_sheet` says
    why. `place`: the sheet's issue, if it is there and open."""

    standing: Standing
    policy: Policy
    guide: Home | None
    tasks: Sequence[Task]
    sheet: Home | None
    no_sheet: str | None
    place: ThreadRef | None

    @property
    def cohort(self) -> Cohort:
        return self.standing.cohort


class Cohorts:
    def __init__(self, store: Store, boards: Boards, policies: InForce, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        tomorrow = _next(now)
        policy = await self._store.read(lambda db: homes.policy(db, owner_id, self._policies))
        if policy is None:
            return Finished(tomorrow, "there is no place for a cohort")
        since = await self._store.write(lambda db: _switched(db, owner_id, policy.mode(NAME), now))
        if policy.mode(NAME) is Mode.OFF:
            return Finished(tomorrow, f"{NAME}.mode is off")
        all_ = await self._store.read(lambda db: self._policies.cohorts(db, owner_id))
        await self._store.write(lambda db: _wake_interns(db, owner_id, all_, now))
        those = list(choosing.tells(all_, since, now))
        if not those:
            return Finished(_soonest([one.begins for one in all_], now, tomorrow), "there is no cohort now")
        outcomes = [await self._look_at(owner_id, cohort, policy, since, now) for cohort in those]
        late = [outcome for outcome in outcomes if isinstance(outcome, Postponed)]
        if late:
            return min(late, key=lambda outcome: outcome.until)
        again = [outcome.again_at for outcome in outcomes if isinstance(outcome, Finished)]
        whys = [outcome.why for outcome in outcomes if isinstance(outcome, Finished) and outcome.why]
        return Finished(_soonest([*again, *(one.begins for one in all_)], now, tomorrow), "; ".join(whys) or None)

    async def _look_at(
        self, owner_id: OwnerId, cohort: Cohort, policy: Policy, since: datetime, now: datetime
    ) -> Outcome:
        """What is to be done in memory is done first: it does not wait for GitHub."""
        found, again = await self._store.write(lambda db: self._choose(db, owner_id, cohort, policy, since, now))
        if found.no_sheet is not None:
            log.warning("no evaluation sheet", cohort=cohort.id, why=found.no_sheet)
        try:
            await self._keep(owner_id, found, now)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(again, f"a message cannot be written: {error}")
        return Finished(again, found.no_sheet)

    def _round(self, db: Connection, owner_id: OwnerId, cohort: Cohort, policy: Policy, now: datetime) -> _Round:
        place = homes.find(db, owner_id, self._policies, lambda _: cohort.guide_repo, now)
        home, why = self._home_of_sheet(db, owner_id, cohort, now)
        known = None if home is None else boards.find(db, owner_id, board(SHEET, cohort, home.repo.id))
        stands = known is not None and known.closed_at is None and not boards.is_closed(db, known)
        return _Round(
            standing=standing(db, owner_id, cohort, policy, home.repo.id if home else None),
            policy=policy,
            guide=place,
            tasks=() if place is None else cohorts.tasks(
                db, owner_id, cohort, self._policies, seen_from=place.repo.id
            ),
            sheet=home,
            no_sheet=why,
            place=ThreadRef(known.repo_id, known.number) if known is not None and stands else None,
        )  # fmt: skip

    def _home_of_sheet(
        self, db: Connection, owner_id: OwnerId, cohort: Cohort, now: datetime
    ) -> tuple[Home | None, str | None]:
        """Where the sheet may be written, or why it may not: what people are told of each other there is private."""
        if cohort.sheet_repo is None:
            return None, None
        home = homes.find(db, owner_id, self._policies, lambda _: cohort.sheet_repo, now)
        if home is None:
            return None, f"the app cannot work in {cohort.sheet_repo}, where the evaluation sheet is to stand"
        if not home.repo.private:
            return None, f"{home.repo.full_name} is not private, so no evaluation sheet is written there"
        return home, None

    # What is decided

    def _choose(
        self, db: Connection, owner_id: OwnerId, cohort: Cohort, policy: Policy, since: datetime, now: datetime
    ) -> tuple[_Round, datetime]:
        """Writes down who reviews and who is to be told something. How it stands, and when to look again."""
        found, again = self._round(db, owner_id, cohort, policy, now), _next(now)
        told = told_to_review(db, owner_id, found.standing, now)
        reviewers.keep(db, owner_id, cohort.id, told, now)
        known = replace(found.standing, reviewers=told)
        found = replace(found, standing=known)
        for one in choosing.to_thank(cohort, known.applicants, known.notes, since, now):
            if one.place is not None:
                _note(db, owner_id, cohort, About.THANKS, one.person.id, one.place, now)
                again = now + _HOUR
        calendar = Calendar(policy.working_time)
        if found.sheet is None or not calendar.works(now) or now.time() < _AT or now >= cohort.ends + choosing.LATE:
            return found, again
        return found, min(again, self._remind(db, owner_id, found, since, calendar, now))

    def _remind(
        self, db: Connection, owner_id: OwnerId, found: _Round, since: datetime, calendar: Calendar, now: datetime
    ) -> datetime:
        """Reminds mentors, where the sheet stands. When somebody can be asked who cannot be now."""
        known, limits, again = found.standing, found.policy.limits, [_next(now)]
        if known.applicants and choosing.talks_next(known.cohort, calendar, known.notes, now):
            free = [one for one in known.mentors if attention.free(db, owner_id, one, limits, now)]
            for one in [*free, *known.mentors][:1]:
                self._tell(db, owner_id, found, About.SYNC, one, now)
        waits = known.unread(since, found.policy.cohorts.review_after, now)
        for one in choosing.to_remind(waits.keys() & known.mentors.keys(), known.notes, now):
            if attention.free(db, owner_id, one, limits, now):
                self._tell(db, owner_id, found, About.REVIEWS, one, now)
            elif (at := attention.free_from(db, owner_id, one, limits, now)) is not None:
                again.append(at)
        return min(again)

    def _tell(
        self, db: Connection, owner_id: OwnerId, found: _Round, about: About, who: PersonId, now: datetime
    ) -> None:
        """In shadow mode there is no sheet: it is only noted that somebody would be told."""
        if found.place is not None and found.policy.mode(NAME) is Mode.ON:
            _note(db, owner_id, found.cohort, about, who, found.place, now)
        elif found.policy.mode(NAME) is Mode.SHADOW and found.sheet is not None:
            note = _note(db, owner_id, found.cohort, about, who, cohort_notes.NOWHERE, now)
            there, person = found.sheet, threads.person(db, who)
            told = Told(note=note, person=person, cohort=found.cohort.name, until=now, talk=found.cohort.sync)
            say = rule.speech(told, found.policy, organisation=there.repo.owner)
            ledger.shadow(db, say, who, there.repo, there.installation, now)

    # What is written

    async def _keep(self, owner_id: OwnerId, found: _Round, now: datetime) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        cohort = found.cohort
        if found.guide is not None and found.guide.paused_until is None:
            here = board(GUIDE, cohort, found.guide.repo.id)
            if now < cohort.ends + _STAYS:
                await self._guide(owner_id, found, found.guide, here, now)
            for other in await self._others(owner_id, GUIDE, cohort):
                if other.name != here or now >= cohort.ends + _STAYS:
                    await self._boards.close(owner_id, other, rule=NAME)
        if found.sheet is not None and found.sheet.paused_until is None and found.standing.applicants:
            await self._sheet(owner_id, found, found.sheet)

    async def _others(self, owner_id: OwnerId, kind: str, cohort: Cohort) -> list[Board]:
        prefix = board(kind, cohort, None)
        return await self._store.read(lambda db: boards.still_open(db, owner_id, prefix))

    async def _guide(self, owner_id: OwnerId, found: _Round, home: Home, name: str, now: datetime) -> None:
        cohort = found.cohort
        title, body = guide(cohort, found.tasks, found.policy, now, organisation=home.repo.owner)
        why = f"it is the contribution period of {cohort.name}"
        page = Page(rule=NAME, name=name, owner_id=owner_id, repo=home.repo, why=why, title=title, body=body)
        known = await self._store.read(lambda db: boards.find(db, owner_id, name))
        if known is None and not cohort.takes_place(now):
            return
        await self._write(page, home, found.policy, pin=True)

    async def _sheet(self, owner_id: OwnerId, found: _Round, home: Home) -> None:
        known = found.standing
        logins = await self._store.read(lambda db: _logins(db, known.reviewers.values()))
        read = Reading(reviewers=known.reviewers, turns=known.turns, logins=logins)
        title, body = sheet(known.cohort, known.applicants, read, found.policy, organisation=home.repo.owner)
        why = f"{len(known.applicants)} people apply in {known.cohort.name}"
        name = board(SHEET, known.cohort, home.repo.id)
        page = Page(rule=NAME, name=name, owner_id=owner_id, repo=home.repo, why=why, title=title, body=body)
        await self._write(page, home, found.policy, pin=False)

    async def _write(self, page: Page, home: Home, policy: Policy, *, pin: bool) -> None:
        if policy.mode(NAME) is Mode.SHADOW:
            await self._boards.record(page, home.installation)
        else:
            await self._boards.keep(page, home.installation, pin=pin)


def _wake_interns(db: Connection, owner_id: OwnerId, all_: Sequence[Cohort], now: datetime) -> None:
    """Mentors are sought in the threads of interns, where nothing else may happen."""
    for cohort in all_:
        if now < cohort.ends + rounds.INTERNSHIP:
            refs = cohorts.intern_threads(db, owner_id, cohort)
            looks.touch(db, [ref.subject for ref in refs], now)


def _switched(db: Connection, owner_id: OwnerId, mode: Mode, now: datetime) -> datetime:
    """Since when cohorts have been switched on without a break. What is only recorded may be about any time."""
    since = switches.found(db, NAME, owner_id, now, on=mode is Mode.ON)
    return since or datetime.min.replace(tzinfo=UTC)


def _note(
    db: Connection, owner_id: OwnerId, cohort: Cohort, about: About, who: PersonId, place: ThreadRef, now: datetime
) -> Note:
    note = Note(owner_id=owner_id, cohort=cohort.id, about=about, person=who, at=now, place=place)
    cohort_notes.write(db, note)
    log.info("tells", cohort=cohort.id, about=about.value)
    return note


def _logins(db: Connection, those: Iterable[Sequence[PersonId]]) -> dict[PersonId, str]:
    return {one: threads.person(db, one).login for pair in those for one in pair}


def _soonest(times: Iterable[datetime | None], now: datetime, tomorrow: datetime) -> datetime:
    return min([tomorrow, *(at for at in times if at is not None and at > now)])


def _next(now: datetime) -> datetime:
    today = datetime.combine(now.date(), _AT, UTC)
    return today if now < today else today + _DAY
