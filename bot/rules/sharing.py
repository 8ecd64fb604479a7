"""Who hears of which issue: not the same few people each time.

Whoever was offered the fewest comes first, then whoever has waited longest. Each person hears of one issue at a time,
and each issue is offered to a few people at most, so that they do not run into each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model import Level, RepoId, ThreadRef
from bot.pathway import Hopeful, Opening
from bot.policy import Policy
from bot.rules.eligible import asked_for, eligible


def share(
    openings: Sequence[Opening], people: Sequence[Hopeful], *, given: Mapping[ThreadRef, int],
    policies: Mapping[RepoId, Policy], now: datetime,
) -> list[tuple[Hopeful, Opening]]:  # fmt: skip
    """`given`: to how many people an issue was offered so far. `people` are those who may hear of one now. `policies`
    are those of the openings' repositories."""
    waiting = sorted(people, key=lambda one: (one.offers, one.waits_since, one.seeker.person.id))
    chosen: list[tuple[Hopeful, Opening]] = []
    for opening in sorted(openings, key=lambda one: (given.get(one.ref, 0), one.since, one.ref)):
        policy = policies[opening.ref.repo_id]
        room = policy.offers.people_per_issue - given.get(opening.ref, 0)
        them = [one for one in waiting if _suits(one, opening, policy, now)][: max(room, 0)]
        chosen += [(one, opening) for one in them]
        waiting = [one for one in waiting if one not in them]
    return chosen


def _suits(hopeful: Hopeful, opening: Opening, policy: Policy, now: datetime) -> bool:
    """Of private repositories nothing is told elsewhere. Who did not ask hears of what has become ready since they
    finished, once: they may have other plans."""
    if opening.repo.private and opening.ref.repo_id != hopeful.thread.repo_id:
        return False
    if opening.level is not Level.MEDIUM or not eligible(hopeful.seeker, opening, policy, now).fits:
        return False
    if hopeful.asked:
        return asked_for(hopeful.seeker, opening)
    ready_since = max(opening.since, opening.pointed_at or opening.since)
    if hopeful.finished is None or ready_since <= hopeful.finished:
        return False
    return hopeful.last_offer is None or hopeful.last_offer < hopeful.finished
