"""One look at a thread: recall what is known, ask the rules, find out what they do not know, and do what they wish.

All that can go wrong comes back as an `Outcome` for the engine.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

import structlog
from sqlalchemy import Connection

from bot import budget, rules, words
from bot.clock import Clock
from bot.configs.reading import ConfigReader
from bot.effects import Act, Effect, Learn, LookAgain, Order, Question, Quiet, React, Say, whom
from bot.engine import Finished, Lost, Outcome, Postponed
from bot.github import pace
from bot.github.errors import CallFailed, RetryAt
from bot.github.pace import Pace
from bot.github.read import Reader, by_login
from bot.github.write import Writer
from bot.github.written import Done, Dropped, Taken
from bot.inforce import Policies
from bot.looking import ThreadLook
from bot.memory import learned, ledger, orders, recall
from bot.memory.store import Store
from bot.metrics import Metrics
from bot.model import InstallationId, Subject, ThreadRef
from bot.outcomes import after
from bot.policy import Policy
from bot.roster import Roster
from bot.seeing import Seen, see

_BREAKER_PAUSE: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)
_WAIT_FOR_INSTALLATION: Final = timedelta(days=7)

log = structlog.get_logger()


class Looker:
    def __init__(
        self,
        store: Store,
        reader: Reader,
        writer: Writer,
        *,
        roster: Roster,
        policies: Policies,
        configs: ConfigReader,
        pace: Pace,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._reader = reader
        self._writer = writer
        self._roster = roster
        self._policies = policies
        self._configs = configs
        self._pace = pace
        self._clock = clock
        self._metrics = metrics

    async def __call__(self, subject: Subject, attempts: int) -> Outcome:
        """The engine's `Look`. Raises StoreUnavailable."""
        outcome = await self._look(ThreadRef.of(subject), attempts)
        if not isinstance(outcome, Postponed):
            self._pace.leave(subject)
        return outcome

    async def _look(self, ref: ThreadRef, attempts: int) -> Outcome:
        seen = await self._see(ref)
        if seen is None:
            return Finished(why="the thread is unknown or gone")
        if seen.installation is None:
            return self._not_installed(seen)
        if until := self._pace.held(seen.installation, self._clock()):
            return Postponed(until, "GitHub asked to wait")
        try:
            if seen.unread:
                await self._configs.make_sure(seen.unread, seen.installation)
                return Finished(self._clock(), "the configuration is known now")
            if until := await self._writer.find_out(seen.look.thread, seen.installation):
                return Postponed(until, "something may have been written here that nobody knows of")
            return await self._decide(ref, seen, seen.installation)
        except CallFailed as failed:
            return self._after(failed, seen.installation, attempts)
        except words.WordsError as error:
            return Lost(f"a message cannot be written: {error}")

    def _not_installed(self, seen: Seen) -> Outcome:
        """It may be suspended for a while only; but nobody waits for us for ever."""
        now, why = self._clock(), "the app is not installed there any more, or suspended"
        if now < seen.look.thread.heard_at + _WAIT_FOR_INSTALLATION:
            return Postponed(now + _HOUR, why)
        return Finished(why=why)

    async def _see(self, ref: ThreadRef) -> Seen | None:
        """What is to be done in memory is done at once, before anything that may have to wait for GitHub."""
        now = self._clock()
        seen = await self._store.read(lambda db: see(db, ref, now, self._policies))
        while seen is not None and _may_order(seen.look) and await self._obey(seen, now):
            seen = await self._store.read(lambda db: see(db, ref, now, self._policies))
        return seen

    async def _obey(self, seen: Seen, now: datetime) -> bool:
        """Does what memory can do by itself. Whether anything has changed."""
        effects = rules.decide(seen.look, seen.policy, now)
        wished = [effect for effect in effects if isinstance(effect, Order)]
        if not wished:
            return False
        where = seen.look.thread.repo
        done = await self._store.write(
            lambda db: [order for order in wished if orders.obey(db, order, where, seen.installation, now)]
        )
        for order in done:
            self._metrics.acts.labels(order.rule, order.kind, "done").inc()
            number = seen.look.thread.ref.number
            log.info("obeyed", rule=order.rule, effect=order.kind, repo=where.full_name, number=number, why=order.why)
        return bool(done)

    async def _decide(self, ref: ThreadRef, seen: Seen, installation: InstallationId) -> Outcome:
        """Asks the rules until they have no question left, then does what they wish for."""
        asked: set[Question] = set()
        effects = rules.decide(seen.look, seen.policy, self._clock())
        while questions := {effect.question for effect in effects if isinstance(effect, Learn)} - asked:
            for question in (one for one in Question if one in questions):
                await self._find_out(question, seen, installation)
            asked |= questions
            again = await self._see(ref)
            if again is None:
                return Finished(why="the thread is gone")
            seen = again
            effects = rules.decide(seen.look, seen.policy, self._clock())
        acts = [effect for effect in effects if isinstance(effect, Act)]
        for number, act in enumerate(acts, 1):
            match await self._perform(act, seen, installation):
                case Postponed() as later:
                    return later
                case Done() | Dropped() if number < len(acts):
                    return Finished(self._clock(), "there is more to do here")  # but on what is known then
                case Done() | Dropped() | Taken():
                    pass
        return _rest(effects)

    async def speak(self, say: Say, ref: ThreadRef) -> Postponed | Done | Dropped | Taken:
        """Says something that is for no rule to wish for. Raises CallFailed, WordsError and StoreUnavailable."""
        seen = await self._see(ref)
        if seen is None or seen.installation is None:
            return Dropped("the thread is gone, or out of reach")
        if until := await self._writer.find_out(seen.look.thread, seen.installation):
            return Postponed(until, "something may have been written here that nobody knows of")
        result = await self._perform(say, seen, seen.installation)
        if not isinstance(result, Postponed):
            self._pace.leave(ref.subject)
        return result

    async def _perform(self, act: Act, seen: Seen, installation: InstallationId) -> Postponed | Done | Dropped | Taken:
        """Does one thing, if it is time for it."""
        now = self._clock()
        if isinstance(act, Say | React) and not act.aloud:
            return await self._take_down(act, seen, installation, now)
        if stop := await self._store.read(lambda db: self._brake(db, act, seen.policy, installation, now)):
            return stop
        if later := self._pace.take(installation, act.thread.subject, now):
            return Postponed(later, "keeps GitHub's pace for writes")
        owner_id = seen.look.thread.repo.owner_id
        result = await self._writer.perform(
            act,
            seen.look.thread,
            installation,
            allow=lambda db, say: budget.within(db, owner_id, say, seen.policy.limits, now),
            render=words.render,
        )
        self._tell(act, seen, result)
        return result

    async def _take_down(self, act: Say | React, seen: Seen, installation: InstallationId, now: datetime) -> Taken:
        """Records what would have been said, as if it had been: so that it is not said late, once somebody switches it
        on. It is rendered too, so that a broken message is noticed now."""
        if isinstance(act, Say):
            words.render(act)
        where = seen.look.thread.repo
        if await self._store.write(lambda db: ledger.shadow(db, act, whom(act).id, where, installation, now)):
            self._metrics.acts.labels(act.rule, act.kind, "shadow").inc()
            number = seen.look.thread.ref.number
            log.info("not said: shadow mode", rule=act.rule, repo=where.full_name, number=number, why=act.why)
        return Taken()

    def _brake(
        self, db: Connection, act: Act, policy: Policy, installation: InstallationId, now: datetime
    ) -> Postponed | None:
        """The circuit breaker for one rule, and GitHub's limit for all of them together."""
        if ledger.written_since(db, installation, now - _HOUR, act.rule) >= policy.limits.comments_an_hour:
            self._metrics.breaker.labels(act.rule).inc()
            log.error("rule stopped: too much in an hour", rule=act.rule, limit=policy.limits.comments_an_hour)
            return Postponed(now + _BREAKER_PAUSE, "the rule did too much in an hour (limits.comments_an_hour)")
        if ledger.written_since(db, installation, now - _HOUR, None) >= pace.AN_HOUR:
            return Postponed(now + _BREAKER_PAUSE, "GitHub allows no more writes in this hour")
        return None

    def _tell(self, act: Act, seen: Seen, result: Done | Taken | Dropped) -> None:
        outcome = type(result).__name__.lower()
        self._metrics.acts.labels(act.rule, act.kind, outcome).inc()
        thread = seen.look.thread
        why = result.why if isinstance(result, Dropped) else act.why
        log.info(outcome, rule=act.rule, effect=act.kind, repo=thread.repo.full_name, number=thread.ref.number, why=why)

    async def _find_out(self, question: Question, seen: Seen, installation: InstallationId) -> None:
        """Asks GitHub and writes the answer down. Raises CallFailed."""
        thread, now = seen.look.thread, self._clock()
        owner_id = thread.repo.owner_id
        match question:
            case Question.TEAM:
                await self._roster.read(
                    thread.repo, installation, lambda db: self._is_team_unknown(db, thread.ref, now)
                )
            case Question.PAST:
                witnessed = await self._store.read(lambda db: recall.witnessed(db, owner_id, thread.author.id))
                told = await self._reader.past(
                    installation,
                    thread,
                    seen.witnessed_since,
                    in_organisation=seen.in_organisation,
                    witnessed=witnessed,
                )
                await self._store.write(
                    lambda db: learned.past(
                        db, owner_id, thread.author.id, now, has_past=told.has_past, merged_before=told.merged_before
                    )
                )
            case Question.PATHS:
                files = await self._reader.paths(installation, thread.repo, thread.ref.number)
                await self._store.write(lambda db: learned.paths(db, thread.ref, files))
            case Question.GREETED:
                comments = await self._reader.comments(installation, thread)
                greeted = by_login(comments, seen.policy.welcome.other_greeters)
                await self._store.write(lambda db: learned.greeted(db, thread.ref, by_another=greeted))
            case Question.LABELS:
                labels = await self._reader.labels(installation, thread.repo)
                await self._store.write(lambda db: learned.labels(db, thread.repo, labels, now))
            case _:
                assert_never(question)

    def _is_team_unknown(self, db: Connection, ref: ThreadRef, now: datetime) -> bool:
        """Whether it is unknown if somebody belongs: the author, or whoever gave the bot a command."""
        again = see(db, ref, now, self._policies)
        if again is None:
            return False
        return None in {again.look.author.is_team, *(asker.belongs for asker in again.look.askers.values())}

    def _after(self, failed: CallFailed, installation: InstallationId, attempts: int) -> Outcome:
        """What a failed call means for the look."""
        match failed.failure:
            case RetryAt(_, datetime() as when, _, True, _):
                self._pace.hold(installation, when, self._clock())
            case _:
                pass
        return after(failed, attempts)


def _may_order(look: ThreadLook) -> bool:
    """Whether there is anything here of which rules order something in memory."""
    return bool(look.askers or look.claims or look.mentoring or look.rounds)


def _rest(effects: Sequence[Effect]) -> Finished:
    """When to look again, and why nothing else is to be done now."""
    again = [(effect.at, effect.why) for effect in effects if isinstance(effect, LookAgain)]
    if again:
        return Finished(*min(again))
    return Finished(why="; ".join(effect.why for effect in effects if isinstance(effect, Quiet)) or None)
