"""The look at `digest/OWNER`: begins the week's digest, keeps it up to date, and closes the one before.

If it is to stand in another repository, a new one begins there, and the one before is closed where it stands. If there
is nothing to tell, nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import words
from bot.advising import suggested
from bot.boards import Boards, Page
from bot.checkin import printing
from bot.clock import Clock
from bot.digest import mentored
from bot.digest.contents import Contents, contents, values
from bot.digest.mentored import Mentored
from bot.digest.waiting import Backlog, backlog
from bot.engine import Finished, Outcome
from bot.github.errors import CallFailed
from bot.inforce import Policies
from bot.memory import backlog as issues
from bot.memory import boards, deeds_of_week, homes, ledger, nudges, ramp, rota
from bot.memory.homes import Home
from bot.memory.store import Store
from bot.mentoring.roster import roster
from bot.model import OwnerId, Repo, RepoId, Subject
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.policytypes import Mode
from bot.recurrence import Recurrence
from bot.rules import checkins, triage
from bot.triage import sweep
from bot.triage.choosing import unanswered
from bot.waiting import Reminder

NAME: Final = "digest"

_AT: Final = time(6)  # UTC
_DAILY: Final = timedelta(days=1)
_SELDOM: Final = timedelta(days=7)
_LATELY: Final = timedelta(days=7)  # whom it thanks, and what was said quietly
_LONGEST: Final = 60_000  # characters; GitHub takes 65,536
_BACK: Final = timedelta(days=70)  # within which there is a last such day, however rare they are


def subject(owner_id: OwnerId) -> Subject:
    return Subject(f"{NAME}/{owner_id}")


@dataclass(frozen=True, slots=True)
class Told:
    """`backlog`, `mentored` None: nothing is told of triage, or of mentoring. `due`: whose check-ins are, by
    login; told in a private repository only."""

    home: Home
    contents: Contents
    backlog: Backlog | None = None
    mentored: Mentored | None = None
    due: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        parts = (self.contents, self.backlog, self.mentored)
        return not self.due and all(part is None or part.is_empty for part in parts)


class Digest:
    def __init__(self, store: Store, boards: Boards, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._boards = boards
        self._policies = policies
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        told = await self._store.read(lambda db: self._told(db, owner_id, now))
        if told is None:
            return Finished(now + _DAILY, "there is no place for a digest")
        policy = told.home.policy
        if policy.mode(NAME) is Mode.OFF:
            return Finished(now + _DAILY, f"{NAME}.mode is off")
        begun, coming = week_of(policy.digest.when, now)
        if told.home.paused_until is not None:
            return Finished(told.home.paused_until, "the bot is paused there")
        again = min(now + _DAILY, coming)
        try:
            await self._write(owner_id, told, begun)
        except CallFailed as failed:
            return not_given_up(failed, now)
        except words.WordsError as error:
            return Finished(again, f"a message cannot be written: {error}")
        return Finished(again, "nothing to tell" if told.is_empty else None)

    def _told(self, db: Connection, owner_id: OwnerId, now: datetime) -> Told | None:
        home = homes.find(db, owner_id, self._policies, lambda policy: policy.digest.repo, now)
        if home is None:
            return None
        if home.policy.mode(NAME) is Mode.OFF or home.paused_until is not None:
            return Told(home, Contents())
        places = issues.places(db, owner_id, home.repo.id)
        policies = {id_: self._policies(db, where) for id_, where in places.items()}
        spoken = {id_: where for id_, where in places.items() if policies[id_].switchback == "on"}
        size = issues.similar(db, owner_id, spoken, home.policy, now)
        judged = [
            (
                issue,
                None
                if policies[issue.repo.id].mode("advice") is Mode.OFF
                else suggested(
                    traits=issue.traits, labels=issue.labels, repo=issue.repo.full_name, came=issue.came,
                    similar=size, policy=policies[issue.repo.id],
                ),
            )
            for issue in issues.open_issues(db, spoken, home.policy.people.bots)
            if policies[issue.repo.id].no_bot_label.casefold() not in {label.casefold() for label in issue.labels}
        ]  # fmt: skip
        openings = [
            opening
            for opening in ramp.openings(db, owner_id, self._policies, now, seen_from=home.repo.id)
            if opening.repo.id in spoken
        ]
        of_levels = contents(judged, openings, policies, home.policy, now)
        waits = self._backlog(db, owner_id, home, places, policies, now)
        told = Told(home, of_levels, waits, self._mentored(db, owner_id, home, places, policies, now))
        return replace(told, due=self._due(db, owner_id, home, now))

    def _due(self, db: Connection, owner_id: OwnerId, home: Home, now: datetime) -> tuple[str, ...]:
        """Of whom it is known that they may be asked, where nobody can be: it is told in private, or not at all."""
        if not home.repo.private or home.policy.mode(checkins.NAME) is not Mode.ON:
            return ()
        logins, why_not = printing.due(db, owner_id, self._policies, now)
        return tuple(logins) if why_not is not None else ()

    def _mentored(
        self, db: Connection, owner_id: OwnerId, home: Home, places: Mapping[RepoId, Repo],
        policies: Mapping[RepoId, Policy], now: datetime,
    ) -> Mentored | None:  # fmt: skip
        """None where mentoring is not switched on."""
        if home.policy.mode(mentored.FEATURE) is not Mode.ON:
            return None
        anybody = bool(roster(db, owner_id, self._policies, home.policy, now))
        return mentored.mentored(db, owner_id, places, policies, now, anybody=anybody)

    def _backlog(
        self, db: Connection, owner_id: OwnerId, home: Home, places: Mapping[RepoId, Repo],
        policies: Mapping[RepoId, Policy], now: datetime,
    ) -> Backlog | None:  # fmt: skip
        """None where triage is not switched on: the digest may have been there before."""
        if home.policy.mode(sweep.NAME) is not Mode.ON:
            return None
        where = {id_: repo for id_, repo in places.items() if policies[id_].mode(sweep.NAME) is Mode.ON}
        cases = [
            case
            for case in sweep.cases(db, owner_id, self._policies, now, seen_from=home.repo.id)
            if case.thread.ref.repo_id in where
        ]
        chosen = (one for those in nudges.of_owner(db, owner_id, shadow=False).values() for one in those)
        keys = {triage.key_of(one): one.ref for one in chosen if one.reminder is Reminder.QUESTION}
        asked = {keys[key]: at for key, at in ledger.done_at(db, keys).items()}
        closable = unanswered(cases, asked, home.policy, now)
        quiet = {
            one.thread: f"{where[one.thread.repo_id].full_name}#{one.thread.number}"
            for one in ledger.folded_since(db, owner_id, now - _LATELY)
            if one.thread.repo_id in where and not one.to_author and one.rule != sweep.NAME
        }  # authors hear of it anyway, and reminders stand below the digest
        weeks = rota.rota(db, owner_id, home.policy, now).weeks
        return backlog(
            cases,
            longest=home.policy.digest.longest,
            unanswered={case.thread.ref for case in closable},
            quiet=quiet,
            on_duty=weeks[0].person.login if weeks else None,
            thanks=deeds_of_week.deeds(db, owner_id, where, policies, now - _LATELY),
        )

    async def _write(self, owner_id: OwnerId, told: Told, begun: datetime) -> None:
        """Raises CallFailed, WordsError and StoreUnavailable."""
        home, name = told.home, _name(begun, told.home.repo.id)
        known = await self._store.read(lambda db: boards.find(db, owner_id, name))
        if known is not None or not told.is_empty:
            await self._keep(owner_id, told, begun, name)
        if home.policy.mode(NAME) is Mode.ON:
            for other in await self._store.read(lambda db: boards.still_open(db, owner_id, f"{NAME}/")):
                if other.name != name:
                    await self._boards.close(owner_id, other, rule=NAME)

    async def _keep(self, owner_id: OwnerId, told: Told, begun: datetime, name: str) -> None:
        home = told.home
        page = Page(
            rule=NAME,
            name=name,
            owner_id=owner_id,
            repo=home.repo,
            why=f"the week of {begun:%Y-%m-%d}",
            title=words.document("digest-title", home.policy.language, {"day": f"{begun:%Y-%m-%d}"}).strip(),
            body=body(told, begun),
        )
        if home.policy.mode(NAME) is Mode.SHADOW:
            await self._boards.record(page, home.installation)
        else:
            await self._boards.keep(page, home.installation)


def _name(begun: datetime, repo_id: RepoId) -> str:
    """Of a week's digest in a repository: by their names they are in the order of their weeks."""
    return f"{NAME}/{begun:%Y-%m-%d}/{repo_id}"


def body(told: Told, begun: datetime) -> str:
    """Lists are bounded. But names may be long, and areas many: then there is less of each. Raises WordsError."""
    shown, home = told.contents, told.home
    while True:
        given = values(shown, told.backlog, told.mentored, organisation=home.repo.owner, day=begun, due=told.due)
        text = words.document("digest", home.policy.language, given)
        if len(text) <= _LONGEST or shown.is_empty:
            return text
        shown = shown.halved()


def week_of(when: str, now: datetime) -> tuple[datetime, datetime]:
    """When the current digest began, and when the next one does, in UTC."""
    days, zone = Recurrence.parse(when), ZoneInfo("UTC")
    begun = coming = datetime.combine((now - _BACK).date(), _AT, UTC)
    while coming <= now:
        begun = coming
        coming = days.next_after(begun, at=_AT, zone=zone) or now + _SELDOM
    return begun, coming
