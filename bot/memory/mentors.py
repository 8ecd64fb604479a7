"""Who agreed to mentor: in their own word, or as the organisation's file names them.

A person's own word counts more than the file. Whoever is not known by the login in the file, is a bot, wants to be left
alone, has left the organisation or was released because nothing was heard of them is left out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from bot.effects import JoinMentors
from bot.memory import on_call, rows, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import Row
from bot.mentors import Listed, Mentor, Terms, Wants
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.pathpolicy import Who
from bot.policy import Policy

# Each day's looks ask these again and again, so they are made once.
_OWNER: Final[BindParameter[Any]] = bindparam("owner_id")
_SAID: Final = select(schema.mentors).where(schema.mentors.c.owner_id == _OWNER)
_LEFT: Final = select(schema.team.c.person_id).where(schema.team.c.owner_id == _OWNER, ~schema.team.c.belongs)

_NOBODY_ASKED: Final = {"asked_at": None, "asked_repo_id": None, "asked_number": None, "released_at": None}


def join(connection: Connection, owner_id: OwnerId, order: JoinMentors) -> None:
    """Their last word counts. Whoever says it is there, and not released."""
    if Forgotten(connection).has_id(order.person.id):
        return
    key = {"owner_id": owner_id, "person_id": order.person.id}
    known = rows.get(connection, schema.mentors, **key)
    if known is not None and known["as_of"] is not None and known["as_of"] > order.as_of:
        return
    place = {"repo_id": order.thread.repo_id, "number": order.thread.number, "as_of": order.as_of}
    told = {"joined": order.terms is not None, **_columns(order.terms or Terms())}
    rows.put(connection, schema.mentors, {**told, **place, **_NOBODY_ASKED}, **key)


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "areas": list(terms.areas),
        "up_to": terms.up_to,
        "zone": terms.zone,
        "languages": list(terms.languages),
        "wants": terms.wants.value,
        "mentored": terms.mentored,
    }


def terms_of(
    connection: Connection, owner_id: OwnerId, person: Person, listed: Sequence[Listed]
) -> Terms | None:  # fmt: skip
    """On which terms somebody mentors: as they said, else as the file says; None: they do not."""
    row = rows.get(connection, schema.mentors, owner_id=owner_id, person_id=person.id)
    if row is not None and row["joined"] is not None:
        return _terms(row) if row["joined"] else None
    return next((one.terms for one in listed if one.login.casefold() == person.login.casefold()), None)


def released(connection: Connection, owner_id: OwnerId, people: Collection[PersonId]) -> frozenset[PersonId]:
    """Who of these is not asked, because nothing was heard of them, until they say otherwise."""
    table = schema.mentors
    query = select(table.c.person_id).where(
        table.c.owner_id == owner_id, table.c.person_id.in_(people), table.c.released_at.is_not(None)
    )
    return frozenset(PersonId(id_) for id_ in connection.scalars(query))


def _terms(row: Row) -> Terms:
    return Terms(
        areas=tuple(row["areas"]),
        up_to=row["up_to"] or 1,
        zone=row["zone"],
        languages=tuple(row["languages"]),
        wants=Wants(row["wants"] or Wants.EITHER),
        mentored=row["mentored"],
    )


def roster(
    connection: Connection, owner_id: OwnerId, listed: Sequence[Listed], policy: Policy, now: datetime
) -> tuple[Mentor, ...]:
    """Those who can be asked, by id. `policy`: the organisation's."""
    said = connection.execute(_SAID, {"owner_id": owner_id}).mappings()
    own = {PersonId(row["person_id"]): dict(row) for row in said}
    named = {one.login.casefold(): one for one in listed}
    people = on_call.by_id(connection, owner_id, [id_ for id_, row in own.items() if row["joined"]])
    by_file = on_call.by_login(connection, owner_id, [one.login for one in listed])
    gone = set() if policy.commands.mentor is Who.EVERYBODY else _left(connection, owner_id)
    found = []
    for id_, person in sorted({**by_file, **people}.items()):
        row = own.get(id_)
        if _is_out(row) or policy.is_bot(person) or policy.leaves_alone(person) or id_ in gone:
            continue
        entry = named.get(person.login.casefold())
        found.append(_mentor(person, row, entry))
    return tuple(found)


def _is_out(row: Row | None) -> bool:
    return row is not None and (row["joined"] is False or row["released_at"] is not None)


def _mentor(person: Person, row: Row | None, entry: Listed | None) -> Mentor:
    """A person's own word as a whole; where they work is told by the file alone."""
    affiliation = entry.affiliation if entry else None
    if row is None or row["joined"] is None:
        assert entry is not None, "who said nothing themselves stands in the file"
        return _on(entry.terms, person, affiliation)
    return replace(
        _on(_terms(row), person, affiliation),
        of_their_own=True,
        since=row["as_of"],
        place=ThreadRef(RepoId(row["repo_id"]), row["number"]),
    )


def _on(terms: Terms, person: Person, affiliation: str | None) -> Mentor:
    return Mentor(
        person=person,
        areas=terms.areas,
        up_to=terms.up_to,
        zone=terms.zone,
        zone_is_told=terms.zone is not None,
        languages=terms.languages,
        wants=terms.wants,
        mentored=terms.mentored,
        affiliation=affiliation,
    )


def _left(connection: Connection, owner_id: OwnerId) -> set[int]:
    """Who joined as a member and is none any more."""
    return {*connection.scalars(_LEFT, {"owner_id": owner_id})}


def names(mentors: Sequence[Mentor]) -> Mapping[str, Mentor]:
    """By login, in lower case."""
    return {one.person.login.casefold(): one for one in mentors}
