"""What memory knows of a cohort, as it may be told in the repository of its evaluation sheet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from bot.cohort.choosing import reading, unread, until
from bot.cohortnotes import About, Note, Told, Unread
from bot.cohorts import Applicant, Cohort, Contribution
from bot.inforce import InForce, Policies
from bot.memory import (
    attention,
    cohort_notes,
    cohorts,
    homes,
    ramp,
    recall,
    reviewers,
    rows,
    schema,
    switches,
    threads,
)
from bot.model import Level, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.policy import Policy
from bot.rules.cohort_notes import NAME
from bot.rules.eligible import steps_for
from bot.rules.reviewers import Pairs, assigned

_LONG: Final = timedelta(days=7)  # who is away for longer does not review
_BACK: Final = timedelta(days=30)  # a note is not said later than this


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`mentors`: those who are known and want to hear from us, in the file's order. `reviewers`: as they were told."""

    cohort: Cohort
    applicants: Sequence[Applicant]
    mentors: Mapping[PersonId, Person]
    reviewers: Pairs
    notes: Sequence[Note]

    @property
    def turns(self) -> Mapping[ThreadRef, PersonId]:
        return reading(self.applicants, self.reviewers)

    def unread(self, since: datetime, after: timedelta, now: datetime) -> dict[PersonId, tuple[Unread, ...]]:
        """What waits for each mentor."""
        return unread(self.applicants, self.turns, since, after=after, now=now)


def standing(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, policy: Policy, seen_from: RepoId | None
) -> Standing:
    """`seen_from`: where the evaluation sheet stands."""
    found = cohorts.applicants(connection, owner_id, cohort, bots=policy.people.bots)
    hidden = _hidden(connection, owner_id, seen_from)
    return Standing(
        cohort=cohort,
        applicants=[_visible(one, hidden) for one in found],
        mentors=cohorts.mentors(connection, owner_id, cohort),
        reviewers=reviewers.of_cohort(connection, owner_id, cohort.id),
        notes=cohort_notes.of_cohort(connection, owner_id, cohort.id),
    )


def told_to_review(connection: Connection, owner_id: OwnerId, now: Standing, at: datetime) -> Pairs:
    """Who are the reviewers from now on."""
    here = [
        one
        for one in now.mentors
        if (away := attention.away_until(connection, owner_id, one, at)) is None or away < at + _LONG
    ]
    return assigned([one.person.id for one in now.applicants], here, now.reviewers)


def _hidden(connection: Connection, owner_id: OwnerId, seen_from: RepoId | None) -> frozenset[str]:
    """The private repositories of which nothing is told there, as `organisation/repository`."""
    table = schema.repos
    query = select(table.c.id).where(table.c.owner_id == owner_id, table.c.private)
    repos = (recall.repo(connection, RepoId(id_)) for id_ in connection.scalars(query) if id_ != seen_from)
    return frozenset(repo.full_name for repo in repos if repo is not None)


def _visible(applicant: Applicant, hidden: Collection[str]) -> Applicant:
    def is_hidden(name: str) -> bool:
        return name.partition("#")[0] in hidden

    def shown(one: Contribution) -> Contribution:
        return replace(one, name="", pull=False, waits_since=None) if is_hidden(one.name) else one

    return replace(
        applicant,
        contributions=tuple(shown(one) for one in applicant.contributions),
        tasks=tuple(name for name in applicant.tasks if not is_hidden(name)),
    )


def told(connection: Connection, where: Repo, ref: ThreadRef, policies: Policies, now: datetime) -> tuple[Told, ...]:
    """What people are to be told in a thread, with what there is to tell now."""
    notes = cohort_notes.told_in(connection, ref, now - _BACK)
    if not notes or not isinstance(policies, InForce):
        return ()
    known = {one.id: one for one in policies.cohorts(connection, where.owner_id)}
    chosen = homes.policy(connection, where.owner_id, policies) or policies(connection, where)
    these = [(note, known[note.cohort]) for note in notes if note.cohort in known]
    return tuple(_told(connection, where, note, cohort, policies, chosen, now) for note, cohort in these)


def _told(
    connection: Connection, where: Repo, note: Note, cohort: Cohort, policies: Policies, chosen: Policy, now: datetime
) -> Told:
    owner_id, late = where.owner_id, until(note, cohort)
    person = threads.person(connection, note.person)
    one = Told(note=note, person=person, cohort=cohort.name, until=late)
    if now >= late:
        return one
    match note.about:
        case About.SYNC:
            others = tuple(name for name in cohort.mentors if name.casefold() != person.login.casefold())
            return replace(one, talk=cohort.sync, others=others)
        case About.REVIEWS:
            then = standing(connection, owner_id, cohort, chosen, where.id)
            since = switches.on_since(connection, NAME, owner_id) or note.at
            waits = then.unread(since, chosen.cohorts.review_after, now)
            return replace(one, unread=waits.get(note.person, ()) if note.person in then.mentors else ())
        case About.THANKS:
            seeker = ramp.seeker(connection, owner_id, note.person, chosen, seen_from=where.id)
            openings = ramp.openings(connection, owner_id, policies, now, seen_from=where.id)
            medium = [opening for opening in openings if opening.level is Level.MEDIUM]
            out = rows.get(connection, schema.optouts, owner_id=owner_id, person_id=note.person)
            steps = tuple(steps_for(seeker, medium, chosen, now))
            return replace(one, steps=steps, opted_out=out is not None and bool(out["opted_out"]))
