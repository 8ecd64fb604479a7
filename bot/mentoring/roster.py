"""Who agreed to mentor, wherever that is needed: in their own word, and in the organisation's file."""

from datetime import datetime

from sqlalchemy import Connection

from bot.memory import mentors
from bot.mentors import Mentor
from bot.model import OwnerId
from bot.policy import Policy


def roster(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> tuple[Mentor, ...]:
    return mentors.roster(connection, owner_id, (), policy, now)
