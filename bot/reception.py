"""How what the bot said is received: kinds of comments that maintainers do not want are not posted any more.

GitHub tells nobody of reactions and of hiding, so the bot looks: at its comments of the last days, every hour, a
hundred with one call. Who deletes a comment is told, and memory marks it (bot/memory/reception.py).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot import words
from bot.clock import Clock
from bot.effects import Say
from bot.engine import Finished, Outcome, Postponed
from bot.github.errors import CallFailed, RetryAt
from bot.github.pace import Pace
from bot.github.read import Reader
from bot.inforce import Policies
from bot.look import Looker
from bot.memory import recall, reception, stops
from bot.memory.reception import Comment, Unwanted
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Subject
from bot.outcomes import not_given_up
from bot.policy import Policy
from bot.roster import Roster

NAME: Final = "reception"

_AT_ONCE: Final = 100  # GitHub's limit for `nodes`
_OFTEN: Final = timedelta(hours=1)
_SELDOM: Final = timedelta(hours=6)
_FRESH: Final = timedelta(days=2)  # while there are comments this young it is looked often
_NOBODY: Final = Person(PersonId(0), "nobody")  # a comment for no one in particular

Disliked = Sequence[tuple[Comment, tuple[Person, ...]]]


class Reception:
    def __init__(
        self,
        store: Store,
        reader: Reader,
        looker: Looker,
        *,
        roster: Roster,
        policies: Policies,
        pace: Pace,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reader = reader
        self._looker = looker
        self._roster = roster
        self._policies = policies
        self._pace = pace
        self._clock = clock

    async def __call__(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`, at an owner's. Raises StoreUnavailable."""
        owner_id, now = OwnerId(int(subject.partition("/")[2])), self._clock()
        comments = await self._store.read(lambda db: reception.watched(db, owner_id, words.kinds(), now))
        installation = await self._store.read(lambda db: reception.installation(db, owner_id))
        if installation is None:
            return Finished(now + _SELDOM, "the app is not installed there, or suspended")
        if until := self._pace.held(installation, now):
            return Postponed(until, "GitHub asked to wait")
        try:
            for start in range(0, len(comments), _AT_ONCE):
                await self._find_out(comments[start : start + _AT_ONCE], installation)
            if later := await self._mute(owner_id, now):
                return later
        except CallFailed as failed:
            return self._not_now(failed, installation)
        except words.WordsError as error:
            return Finished(now + _SELDOM, f"a message cannot be written: {error}")
        return Finished(_next(comments, now))

    def _not_now(self, failed: CallFailed, installation: InstallationId) -> Outcome:
        now = self._clock()
        if isinstance(failed.failure, RetryAt) and failed.failure.slow_down and failed.failure.when is not None:
            self._pace.hold(installation, failed.failure.when, now)
        return not_given_up(failed, now, otherwise=_SELDOM)

    async def _find_out(self, comments: Sequence[Comment], installation: InstallationId) -> None:
        """Marks those that are hidden, which only people with write access can do, or that a maintainer disliked."""
        received = await self._reader.received(installation, [comment.node_id for comment in comments])
        told = [(comment, how) for comment, how in zip(comments, received, strict=True) if how is not None]
        hidden = [comment.key for comment, how in told if how.hidden]
        disliked = [(comment, how.disliked_by) for comment, how in told if how.disliked_by and not how.hidden]
        unknown = bool(disliked) and await self._store.read(lambda db: self._is_team_unknown(db, disliked))
        if unknown:
            where = disliked[0][0].where
            await self._roster.read(where, installation, lambda db: self._is_team_unknown(db, disliked))
        keys = hidden + await self._store.read(lambda db: self._rejected(db, disliked))
        if keys:
            await self._store.write(lambda db: reception.unwanted(db, keys, self._clock()))

    def _rejected(self, db: Connection, disliked: Disliked) -> list[str]:
        return [comment.key for comment, by in disliked if True in self._may(db, comment, by)]

    def _is_team_unknown(self, db: Connection, disliked: Disliked) -> bool:
        return any(None in self._may(db, comment, by) for comment, by in disliked)

    def _may(self, db: Connection, comment: Comment, people: Sequence[Person]) -> set[bool | None]:
        """Whether these people are maintainers where the comment stands; None: of some nobody knows."""
        policy, now = self._policies(db, comment.where), self._clock()
        askers = {who: recall.asker(db, comment.where.owner_id, who.id, now) for who in people}
        return {
            policy.is_maintainer(who, belongs=asker.belongs, groups=asker.groups)
            for who, asker in askers.items()
            if not policy.is_bot(who)
        }

    async def _mute(self, owner_id: OwnerId, now: datetime) -> Postponed | None:
        """Mutes what was not wanted too often. It is told first, so that nothing falls silent without a word."""
        for one, policy in await self._store.read(lambda db: self._too_often(db, owner_id, now)):
            match await self._looker.speak(telling(one, policy), one.last):
                case Postponed() as later:
                    return later
                case _:
                    mute = partial(stops.mute, repo_id=one.where.id, kind=one.kind, as_of=now, muted=True)
                    await self._store.write(mute)
        return None

    def _too_often(self, db: Connection, owner_id: OwnerId, now: datetime) -> list[tuple[Unwanted, Policy]]:
        found = []
        for one in reception.tally(db, owner_id, words.kinds()):
            policy = self._policies(db, one.where)
            limit = policy.limits.mute_after
            muted = one.kind in stops.hush(db, one.where, now).muted
            if policy.switchback == "on" and 0 < limit <= one.times and not muted:
                found.append((one, policy))
        return found


def telling(one: Unwanted, policy: Policy) -> Say:
    """What maintainers are told when a kind is muted."""
    since = 0 if one.since is None else round(one.since.timestamp())
    return Say(
        rule=NAME,
        key=f"muted/{one.where.id}/{one.kind}/{since}",  # once for each time that it is muted
        why=f"{one.kind} was not wanted {one.times} times in {one.where.full_name}",
        thread=one.last,
        template="muted",
        language=policy.language,
        values={"kind": one.kind, "times": one.times, "repository": one.where.name},
        to=_NOBODY,
        mention=False,
        asked_for=True,
        words=policy.messages.get("muted"),
    )


def _next(comments: Sequence[Comment], now: datetime) -> datetime | None:
    if not comments:
        return None
    return now + (_OFTEN if comments[-1].said_at > now - _FRESH else _SELDOM)
