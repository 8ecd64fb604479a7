"""Who agreed to mentor, in their own word."""

from sqlalchemy import Connection

from bot.effects import JoinMentors
from bot.memory import schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put_newer
from bot.mentors import Terms
from bot.model import OwnerId


def join(connection: Connection, owner_id: OwnerId, order: JoinMentors) -> None:
    """Their last word counts. Whoever says it is there, and not released."""
    if Forgotten(connection).has_id(order.person.id):
        return
    terms = order.terms or Terms()
    told = {
        "joined": order.terms is not None,
        "areas": list(terms.areas),
        "up_to": terms.up_to,
        "zone": terms.zone,
        "languages": list(terms.languages),
        "wants": terms.wants.value,
        "mentored": terms.mentored,
        "repo_id": order.thread.repo_id,
        "number": order.thread.number,
        "asked_at": None,
        "asked_repo_id": None,
        "asked_number": None,
        "released_at": None,
    }
    key = {"owner_id": owner_id, "person_id": order.person.id}
    put_newer(connection, schema.mentors, told, order.as_of, "as_of", **key)
