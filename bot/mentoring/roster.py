"""Who agreed to mentor, wherever that is needed: in their own word, and in the organisation's file."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.inforce import InForce, Policies
from bot.memory import mentors
from bot.mentors import Listed, Mentor
from bot.model import OwnerId
from bot.policy import Policy


def roster(
    connection: Connection, owner_id: OwnerId, policies: Policies, policy: Policy, now: datetime
) -> tuple[Mentor, ...]:
    """`policy`: the organisation's."""
    return mentors.roster(connection, owner_id, listed(connection, owner_id, policies), policy, now)


def listed(connection: Connection, owner_id: OwnerId, policies: Policies) -> Sequence[Listed]:
    """Whom the organisation's file names; with a configuration that is only tried out nobody."""
    return policies.mentors(connection, owner_id) if isinstance(policies, InForce) else ()
