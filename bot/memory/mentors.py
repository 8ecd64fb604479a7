"""Who agreed to mentor, in their own word."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from bot.effects import JoinMentors
from bot.memory import on_call, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put_newer
from bot.mentors import Listed, Mentor, Terms, Wants
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
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
) -> tuple[Mentor, ...]:
    """Who agreed to mentor. What somebody says themselves counts, whatever the file says."""
    table = schema.mentors
    query = select(table).where(table.c.owner_id == owner_id, table.c.joined.is_not(None)).order_by(table.c.person_id)
    rows = connection.execute(query).mappings().all()
    theirs = {PersonId(row["person_id"]): row for row in rows}
    by_file = {one.login.lower(): one for one in listed}
    known = on_call.by_id(connection, owner_id, [*theirs]) | on_call.by_login(connection, owner_id, [*by_file])
    made = []
    for id_, person in known.items():
        row, named = theirs.get(id_), by_file.get(person.login.lower())
        if policy.is_bot(person) or policy.leaves_alone(person):
            continue
        if row is not None and row["joined"] and row["released_at"] is None:
            made.append(_of_their_own(person, row))
        elif row is None and named is not None:
            terms = asdict(named.terms)
            made.append(Mentor(person=person, affiliation=named.affiliation, **terms))
    return tuple(made)


def _of_their_own(person: Person, row: RowMapping) -> Mentor:
    return Mentor(
        person=person, areas=tuple(row["areas"]), up_to=row["up_to"], zone=row["zone"], wants=Wants(row["wants"]),
        languages=tuple(row["languages"]), mentored=row["mentored"], of_their_own=True, since=row["as_of"],
        place=ThreadRef(RepoId(row["repo_id"]), row["number"]),
    )  # fmt: skip
