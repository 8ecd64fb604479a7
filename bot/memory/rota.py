"""The triage rota: weeks that were swapped, and who agreed to be asked about areas."""

from datetime import date, datetime

from sqlalchemy import Connection

from bot.effects import JoinTriage
from bot.memory import schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put_newer
from bot.model import OwnerId, PersonId


def take(connection: Connection, owner_id: OwnerId, week: date, to: PersonId | None, as_of: datetime) -> None:
    """Somebody looks after triage in the week from this Monday; None: as the rota has it."""
    if to is not None and Forgotten(connection).has_id(to):
        return
    key = {"owner_id": owner_id, "week": week.isoformat()}
    put_newer(connection, schema.rota_swaps, {"person_id": to}, as_of, "as_of", **key)


def join(connection: Connection, owner_id: OwnerId, order: JoinTriage) -> None:
    if Forgotten(connection).has_id(order.person.id):
        return
    told = {"joined": order.areas is not None, "areas": list(order.areas or ())}
    key = {"owner_id": owner_id, "person_id": order.person.id}
    put_newer(connection, schema.triagers, told, order.as_of, "as_of", **key)
