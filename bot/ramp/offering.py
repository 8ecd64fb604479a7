"""Chooses to whom an issue is offered that is ready to be taken; what is said to them is the rule's (bot/rules/offers).

Asked are those who wrote `/interested`, and those who finished a first step within the last days: a first pull request,
or one for a starter issue. Who heard of an issue a short while ago, has taken one, or belongs to the team is not asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.inforce import Policies
from bot.memory import offers, ramp, recall, stops
from bot.memory.offers import Possible
from bot.model import Level, OwnerId, Person, RepoId
from bot.pathway import Hopeful, Opening
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.offers import NAME
from bot.rules.sharing import share

_JUST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Place:
    """A repository where something may be offered, or said."""

    policy: Policy
    silent: bool


class Offering:
    """One round of it. `openings` are all of an owner's, those in private repositories too."""

    def __init__(self, connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime) -> None:
        self._connection = connection
        self._owner_id = owner_id
        self._policies = policies
        self._now = now
        self._places: dict[RepoId, _Place | None] = {}

    def chosen(self, openings: Sequence[Opening]) -> list[tuple[Hopeful, Opening]]:
        """Who is to hear of what. Writes nothing."""
        ready = [one for one in openings if one.level is Level.MEDIUM and one.ready and not one.taken]
        policies = {one.ref.repo_id: place.policy for one in ready if (place := self._place(one.ref.repo_id))}
        free = [one for one in ready if one.ref.repo_id in policies]
        if not free:
            return []
        people = list(self._hopeful())
        given = offers.given(self._connection, [one.ref for one in free])
        return share(free, people, given=given, policies=policies, now=self._now)

    def _place(self, repo_id: RepoId) -> _Place | None:
        """None if nothing is offered there."""
        if repo_id not in self._places:
            where = recall.repo(self._connection, repo_id)
            policy = self._policies(self._connection, where) if where else None
            if where is None or policy is None or policy.mode(NAME) is Mode.OFF:
                self._places[repo_id] = None
            else:
                hush = stops.hush(self._connection, where, self._now)
                self._places[repo_id] = _Place(policy, hush.paused_until is not None or NAME in hush.muted)
        return self._places[repo_id]

    def _hopeful(self) -> Iterator[Hopeful]:
        for one in offers.possible(self._connection, self._owner_id, self._now - _JUST):
            place = self._place(one.thread.repo_id)
            if place is None or place.silent:
                continue
            hopeful = self._wait(one, place.policy)
            if hopeful is not None:
                yield hopeful

    def _wait(self, one: Possible, policy: Policy) -> Hopeful | None:
        """None if they heard of one a short while ago, or have neither asked nor just begun."""
        who, last = Person(one.id, one.login), max(one.offers, default=None)
        if policy.is_bot(who) or policy.leaves_alone(who):
            return None
        if last is not None and self._now < last + policy.offers.every:
            return None
        finished = self._finished(one, policy)
        since = one.asked or finished
        if since is None:
            return None
        seen_from = one.thread.repo_id
        return Hopeful(
            seeker=ramp.seeker(self._connection, self._owner_id, one.id, policy, seen_from=seen_from),
            thread=one.thread,
            asked=one.asked is not None,
            finished=finished,
            offers=len(one.offers),
            last_offer=last,
            waits_since=last or since,
        )

    def _finished(self, one: Possible, policy: Policy) -> datetime | None:
        """When they finished a first step of late."""
        of_late = [(at, ref) for at, ref in one.merged if at > self._now - _JUST]
        first = [at for at, ref in of_late if (at, ref) == one.merged[0]]
        starters = ramp.starters(self._connection, [ref for _, ref in of_late], policy) if of_late else ()
        return max([*first, *(at for at, ref in of_late if ref in starters)], default=None)
