"""How people of the team want to be asked in check-ins: theirs, and told to nobody."""

from sqlalchemy import Connection, select

from bot.effects import SetCare
from bot.memory import rows, schema
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, PersonId
from bot.team import Care


def set_(connection: Connection, owner_id: OwnerId, order: SetCare) -> None:
    """Each of the two has its own time of saying so: the later counts."""
    if Forgotten(connection).has_id(order.person.id):
        return
    key = {"owner_id": owner_id, "person_id": order.person.id}
    known = rows.get(connection, schema.care, **key) or {}
    told: dict[str, object] = {}
    for name, said in (("asked", order.asked), ("together", order.together)):
        before = known.get(f"{name}_as_of")
        if said is not None and (before is None or before <= order.as_of):
            told |= {name: said, f"{name}_as_of": order.as_of}
    if told:
        rows.put(connection, schema.care, told, **key)


def of_owner(connection: Connection, owner_id: OwnerId) -> dict[PersonId, Care]:
    """Of those who said something."""
    table = schema.care
    found = connection.execute(select(table).where(table.c.owner_id == owner_id))
    return {PersonId(row.person_id): Care(asked=row.asked, together=row.together) for row in found}
