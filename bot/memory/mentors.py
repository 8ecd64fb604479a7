"""Who agreed to mentor, in their own word."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bot.effects import JoinMentors
from bot.memory import schema, threads
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put_newer
from bot.mentors import Listed, Mentor, Terms, Wants
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.policy import Policy


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


def roster(
    connection: Connection, owner_id: OwnerId, listed: Sequence[Listed], policy: Policy, now: datetime
) -> list[Mentor]:
    """Who can be asked, and is not released."""
    table = schema.mentors
    theirs = select(table).where(table.c.owner_id == owner_id, table.c.joined, table.c.released_at.is_(None))
    return [
        Mentor(
            person=threads.person(connection, PersonId(row["person_id"])),
            areas=tuple(row["areas"]),
            up_to=row["up_to"],
            zone=row["zone"],
            languages=tuple(row["languages"]),
            wants=Wants(row["wants"]),
            mentored=row["mentored"],
            of_their_own=True,
            zone_is_told=row["zone"] is not None,
            since=row["as_of"],
            place=ThreadRef(RepoId(row["repo_id"]), row["number"]),
        )
        for row in connection.execute(theirs.order_by(table.c.person_id)).mappings()
    ]
