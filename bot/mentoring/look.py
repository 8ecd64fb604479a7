"""The look at `mentoring/OWNER`: who is asked next to mentor somebody, and what came of asking.

GitHub tells nobody of reactions, so it looks, every hour while a question is open: a hundred comments with one call.
All else it reads from memory. A thread's own look says what is chosen here (bot/rules/mentoring/asking.py).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.engine import Finished, Outcome, Postponed
from bot.github.errors import CallFailed, RetryAt
from bot.github.pace import Pace
from bot.github.read import Reader, Thumbs
from bot.inforce import Policies
from bot.memory import homes, reception, signs
from bot.memory.store import Store
from bot.mentoring import releasing
from bot.mentoring.roster import listed
from bot.mentoring.sweep import Open, Sweep, open_asks
from bot.mentors import Said
from bot.model import InstallationId, OwnerId, PersonId, Subject
from bot.outcomes import not_given_up

_AT_ONCE: Final = 100  # GitHub's limit for `nodes`
_SELDOM: Final = timedelta(hours=6)

log = structlog.get_logger()


class MentorsLook:
    def __init__(self, store: Store, reader: Reader, *, policies: Policies, pace: Pace, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._policies = policies
        self._pace = pace
        self._clock = clock

    async def look(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        installation = await self._store.read(lambda db: reception.installation(db, owner_id))
        if installation is None:
            return Finished(now + _SELDOM, "the app is not installed there, or suspended")
        asked = await self._store.read(lambda db: open_asks(db, owner_id, self._policies))
        still = await self._store.read(lambda db: signs.open_questions(db, owner_id))
        if (asked or still) and (until := self._pace.held(installation, now)):
            return Postponed(until, "GitHub asked to wait")
        try:
            answers = await self._answers(asked, installation)
            stays = await self._stays(still, installation)
        except CallFailed as failed:
            return self._not_now(failed, installation)
        again = await self._store.write(lambda db: self._tend(db, owner_id, answers, stays))
        return Finished(again)

    async def _answers(self, asked: Sequence[Open], installation: InstallationId) -> list[tuple[Open, Said]]:
        """What they said with their thumbs. Both is no answer yet."""
        found: list[tuple[Open, Said]] = []
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            thumbs = await self._reader.thumbs(installation, [one.node_id for one in some])
            told = [(one, _said(one, given)) for one, given in zip(some, thumbs, strict=True)]
            found += [(one, said) for one, said in told if said is not None]
        return found

    async def _stays(
        self, still: Sequence[signs.Asked], installation: InstallationId
    ) -> list[tuple[PersonId, bool]]:  # fmt: skip
        """Who answered with a thumb whether they would still like to be asked, and whether with yes."""
        found: list[tuple[PersonId, bool]] = []
        for start in range(0, len(still), _AT_ONCE):
            some = still[start : start + _AT_ONCE]
            thumbs = await self._reader.thumbs(installation, [one.node_id for one in some])
            for one, given in zip(some, thumbs, strict=True):
                yes, no = one.person in given.up, one.person in given.down
                if yes is not no:
                    found.append((one.person, yes))
        return found

    def _tend(
        self, db: Connection, owner_id: OwnerId, answers: Sequence[tuple[Open, Said]],
        stays: Sequence[tuple[PersonId, bool]],
    ) -> datetime:  # fmt: skip
        now = self._clock()
        for person_id, yes in stays:
            if yes:
                signs.keep(db, owner_id, person_id, now)
            else:
                signs.release(db, owner_id, person_id, now)
        policy = homes.policy(db, owner_id, self._policies)
        if policy is not None:
            releasing.go_round(db, owner_id, policy, listed(db, owner_id, self._policies), now)
        sweep = Sweep(db, owner_id, self._policies, now)
        for one, said in answers:
            sweep.answered(one, said)
        return sweep.tend()

    def _not_now(self, failed: CallFailed, installation: InstallationId) -> Outcome:
        now = self._clock()
        if isinstance(failed.failure, RetryAt) and failed.failure.slow_down and failed.failure.when is not None:
            self._pace.hold(installation, failed.failure.when, now)
        return not_given_up(failed, now, otherwise=_SELDOM)


def _said(asked: Open, thumbs: Thumbs) -> Said | None:
    person_id = asked.ask.person.id
    yes, no = person_id in thumbs.up, person_id in thumbs.down
    if yes is no:
        return None
    return Said.ACCEPTED if yes else Said.DECLINED
