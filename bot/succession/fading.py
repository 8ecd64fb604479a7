"""Of whom there is less and less, as check-ins notice it, but after half the time: an early word helps, a late one
does not. It is told to nobody as it is."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.memory import courtesy, presence
from bot.model import OwnerId, Person, PersonId
from bot.policy import Policy
from bot.rules.presence import noticed


def fading(
    connection: Connection, owner_id: OwnerId, people: Collection[Person], policy: Policy, now: datetime
) -> frozenset[PersonId]:
    """Whoever answered a check-in was there then."""
    early = policy.check_ins.model_copy(update={"silence": policy.check_ins.silence / 2})
    asked = courtesy.asked_of(connection, owner_id, people, policy, now)
    seen = presence.presence_of(connection, owner_id, [one.id for one in people], policy, now)
    return frozenset(id_ for id_, theirs in seen.items() if noticed(theirs, asked[id_], early, now))
