"""Reads from memory what a community digest is made of. Asks nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.community.contents import Contents
from bot.community.span import Span
from bot.inforce import Policies
from bot.memory import backlog, community, homes, ramp
from bot.memory.celebrated import Celebrated, celebrated
from bot.model import OwnerId, Repo, RepoId
from bot.policytypes import Mode
from bot.triage import sweep


@dataclass(frozen=True, slots=True)
class Gathering:
    """What there is to tell in the repository `seen_from` (None: nothing that is private anywhere)."""

    connection: Connection
    owner_id: OwnerId
    policies: Policies
    now: datetime
    seen_from: RepoId | None

    def contents(self, span: Span) -> Contents:
        """Of a time. Repositories in which Switchback is switched off are left out."""
        places = backlog.places(self.connection, self.owner_id, self.seen_from)
        policies = {id_: self.policies(self.connection, where) for id_, where in places.items()}
        spoken = {id_: where for id_, where in places.items() if policies[id_].switchback == "on"}
        happened = community.happened(
            self.connection, self.owner_id, policies, spoken, (span.since, span.until), months=span.months(),
            seen_from=self.seen_from,
        )  # fmt: skip
        told = Contents(span=span, happened=happened, celebrated=self._celebrated(span, spoken))
        if told.is_empty:
            return told
        openings = ramp.openings(self.connection, self.owner_id, self.policies, self.now, seen_from=self.seen_from)
        waiting = sweep.cases(self.connection, self.owner_id, self.policies, self.now, seen_from=self.seen_from)
        return Contents(
            span=span,
            happened=happened,
            celebrated=told.celebrated,
            openings=[one for one in openings if one.repo.id in spoken],
            waiting=[one for one in waiting if one.thread.repo.id in spoken],
        )

    def _celebrated(self, span: Span, spoken: Mapping[RepoId, Repo]) -> Celebrated:
        policy = homes.policy(self.connection, self.owner_id, self.policies)
        if policy is None or policy.mode("thanks") is not Mode.ON:
            return Celebrated()
        time = (span.since, span.until)
        return celebrated(self.connection, self.owner_id, policy, spoken, time, seen_from=self.seen_from)
