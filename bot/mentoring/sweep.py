"""What becomes of all open mentorings of an organisation, in memory: questions lapse, and somebody else is chosen.

Whatever ends a question looks the same to everybody else. In shadow mode nobody is asked: it is recorded whom the bot
would ask first, and that is the end of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.effects import AnswerAsk, EndMentoring
from bot.inforce import Policies
from bot.memory import attention, candidates, homes, ledger, mentorings, recall, rows, schema, stops
from bot.memory.answer_time import review_time
from bot.mentoring.roster import roster
from bot.mentors import Ask, Chosen, Mentor, Mentoring, Said, State
from bot.model import OwnerId, PersonId, Repo
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import pairing
from bot.rules.mentoring import asking
from bot.rules.mentoring.pair import NAME

_HOURLY: Final = timedelta(hours=1)  # while a question is open, or nobody is free just now
_DAILY: Final = timedelta(days=1)
_NEVER_SAID: Final = timedelta(days=3)  # what could not be asked until then is not asked any more
_PATIENCE: Final = timedelta(days=7)  # for somebody to be free

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A question that stands in a thread, as the comment `node_id`."""

    mentoring: Mentoring
    ask: Ask
    node_id: str


def open_asks(connection: Connection, owner_id: OwnerId, policies: Policies) -> list[Open]:
    """Those whose comments somebody may have answered with a thumb, where the bot may read them."""
    found = []
    for mentoring in mentorings.of_owner(connection, owner_id):
        ask = mentoring.open_ask
        made = ledger.made(connection, ask.key(mentoring.ref)) if ask is not None else None
        where = recall.repo(connection, mentoring.ref.repo_id)
        if ask is None or made is None or where is None or policies(connection, where).mode(NAME) is Mode.OFF:
            continue
        if recall.installation(connection, where) is not None:
            found.append(Open(mentoring=mentoring, ask=ask, node_id=made[2]))
    return found


class Sweep:
    """One look at all of them, in one transaction."""

    def __init__(self, connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime) -> None:
        self._db = connection
        self._owner_id = owner_id
        self._policies = policies
        self._now = now

    def answered(self, asked: Open, said: Said) -> None:
        """Somebody answered with a thumb."""
        where = recall.repo(self._db, asked.mentoring.ref.repo_id)
        checks = () if where is None else self._policies(self._db, where).mentoring.checks
        order = AnswerAsk(
            rule=NAME, key="", why="", thread=asked.mentoring.ref, person=asked.ask.person,
            began_at=asked.mentoring.began_at, chosen_at=asked.ask.chosen_at, said=said, as_of=self._now,
            checks=tuple(self._now + after for after in checks),
        )  # fmt: skip
        mentorings.answer(self._db, order)

    def tend(self) -> datetime:
        """When to look again."""
        again = self._now + _DAILY
        for mentoring in mentorings.of_owner(self._db, self._owner_id):
            where = recall.repo(self._db, mentoring.ref.repo_id)
            if where is None or self._is_over(mentoring):
                self._end(mentoring)
                continue
            policy = self._policies(self._db, where)
            if policy.mode(NAME) is not Mode.OFF:
                again = min(again, self._tended(mentoring, where, policy))
        return again

    def _is_over(self, mentoring: Mentoring) -> bool:
        """All else that ends it is told by the thread's own look, which is not to be had if it is gone."""
        thread = rows.get(self._db, schema.threads, repo_id=mentoring.ref.repo_id, number=mentoring.ref.number)
        return thread is None or thread["gone"] or (thread["locked"] and mentoring.state is not State.RUNNING)

    def _end(self, mentoring: Mentoring) -> None:
        order = EndMentoring(
            rule=NAME, key="", why="", thread=mentoring.ref, person=mentoring.asked_by, as_of=self._now,
            began_at=mentoring.began_at, state=State.ENDED,
        )  # fmt: skip
        mentorings.end(self._db, order)

    def _tended(self, mentoring: Mentoring, where: Repo, policy: Policy) -> datetime:
        ask = mentoring.open_ask
        if ask is not None and (said := self._came_of(ask, mentoring, policy)) is not None:
            mentorings.settle(self._db, mentoring, ask, said, self._now)
            log.info("a question to a mentor is over", repo=where.full_name, number=mentoring.ref.number)
            mentoring = _with(mentoring, replace(ask, said=said, said_at=self._now))
        elif ask is not None:
            return self._now + _HOURLY
        return self._sought(mentoring, where, policy)

    def _came_of(self, ask: Ask, mentoring: Mentoring, policy: Policy) -> Said | None:
        """None: it stays open. Whoever went away, or does not mentor any more, need not answer."""
        id_ = ask.person.id
        if ask.asked_at is not None and self._now >= ask.asked_at + policy.mentoring.answer_within:
            return Said.LAPSED
        if ask.asked_at is None and self._now >= ask.chosen_at + _NEVER_SAID:
            return Said.WITHDRAWN
        if ledger.is_taken_back(self._db, mentoring.ref, ask.key(mentoring.ref)):
            return Said.WITHDRAWN
        if attention.away(self._db, self._owner_id, id_, self._now, mentoring.ref) or policy.leaves_alone(ask.person):
            return Said.WITHDRAWN
        optout = rows.get(self._db, schema.optouts, owner_id=self._owner_id, person_id=id_)
        if optout is not None and optout["opted_out"]:
            return Said.WITHDRAWN
        them = {one.person.id: one for one in self._roster(policy)}
        if id_ not in them:
            return Said.WITHDRAWN
        return Said.WITHDRAWN if ask.by is None and self._has()[id_] >= them[id_].up_to else None

    def _roster(self, policy: Policy) -> Sequence[Mentor]:
        chosen = homes.policy(self._db, self._owner_id, self._policies) or policy
        return roster(self._db, self._owner_id, self._policies, chosen, self._now)

    def _has(self) -> Counter[PersonId]:
        """How many everybody mentors now."""
        open_ = mentorings.of_owner(self._db, self._owner_id)
        return Counter(ask.person.id for one in open_ for ask in one.mentors)

    def _sought(self, mentoring: Mentoring, where: Repo, policy: Policy) -> datetime:
        """Chooses who is asked next, if anybody is to be."""
        if mentoring.state is State.WAITING or self._is_quiet(mentoring, where):
            return self._now + _DAILY
        if policy.mode(NAME) is Mode.SHADOW:
            return self._in_shadow(mentoring, where, policy)
        if mentoring.state is not State.RUNNING and not mentoring.mentors:
            review = review_time(self._db, where.id, self._now, policy.people.bots)
            if review is not None and review > policy.mentoring.review_within:
                self._to(mentoring, State.HELD)
                return self._now + _DAILY
        chosen = self._chosen(mentoring, policy)
        if chosen is not None:
            if mentoring.state is not State.RUNNING:
                self._to(mentoring, State.SEEKING)
            mentorings.choose(self._db, self._owner_id, mentoring, _ask(chosen, mentoring, self._now))
            log.info("asks a mentor", repo=where.full_name, number=mentoring.ref.number)
            return self._now + _HOURLY
        if mentoring.state is State.RUNNING:
            return self._now + _DAILY
        if pairing.asks_left(mentoring, policy) <= 0 or not self._roster(policy) or self._in_vain(mentoring):
            self._to(mentoring, State.UNFILLED)
            return self._now + _DAILY
        self._to(mentoring, State.SEEKING)
        return self._now + _HOURLY

    def _is_quiet(self, mentoring: Mentoring, where: Repo) -> bool:
        """Nobody is chosen whom the bot would not ask: their time would run."""
        hush = stops.hush(self._db, where, self._now)
        snoozed = stops.snoozed_until(self._db, mentoring.ref, self._now)
        return hush.paused_until is not None or snoozed is not None or asking.ASK in hush.muted

    def _chosen(self, mentoring: Mentoring, policy: Policy) -> Chosen | None:
        need = candidates.need(self._db, mentoring, policy, self._now)
        found = candidates.candidates(self._db, self._owner_id, need, self._roster(policy), policy, self._now)
        return pairing.choose(need, found, mentoring, policy, self._now)

    def _in_vain(self, mentoring: Mentoring) -> bool:
        """Nobody was free for long."""
        since = max([mentoring.state_at, *(ask.said_at for ask in mentoring.asks if ask.said_at is not None)])
        return mentoring.state is State.UNFILLED or self._now >= since + _PATIENCE

    def _to(self, mentoring: Mentoring, state: State) -> None:
        if mentoring.state is not state:
            mentorings.to(self._db, mentoring.ref, mentoring.began_at, state, self._now)

    def _in_shadow(self, mentoring: Mentoring, where: Repo, policy: Policy) -> datetime:
        """What was begun while it spoke goes on when it speaks again."""
        if mentoring.asks or mentoring.state is State.RUNNING:
            return self._now + _DAILY
        chosen, installation = self._chosen(mentoring, policy), recall.installation(self._db, where)
        if chosen is not None and installation is not None:
            say = asking.say(_ask(chosen, mentoring, self._now), mentoring, where.owner, policy)
            ledger.shadow(self._db, say, chosen.first.person.id, where, installation, self._now)
        self._end(mentoring)
        return self._now + _DAILY


def _with(mentoring: Mentoring, ask: Ask) -> Mentoring:
    """With what came of an ask."""
    same = [ask if (one.person, one.chosen_at) == (ask.person, ask.chosen_at) else one for one in mentoring.asks]
    return replace(mentoring, asks=tuple(same))


def _ask(chosen: Chosen, mentoring: Mentoring, now: datetime) -> Ask:
    other = chosen.other
    ask = Ask(person=chosen.first.person, part=chosen.first.part, chosen_at=now, reasons=chosen.first.reasons)
    return ask if other is None else replace(ask, beside=other.person, beside_reasons=other.reasons)
