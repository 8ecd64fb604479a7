"""What GitHub answered to the rules' questions, written down so that it is asked once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.memory import places, readings, rows, schema
from bot.memory.forgotten import Forgotten
from bot.memory.past import labels_are
from bot.memory.readings import Key, Part
from bot.model import OwnerId, Person, PersonId, Repo, ThreadRef


def team(connection: Connection, owner_id: OwnerId, people: Sequence[Person], now: datetime) -> None:
    """Some of those who belong to an organisation. Who is not among them may do so all the same (a collaborator whom we
    may not list), so nobody is taken out here."""
    belong = and_(schema.team.c.owner_id == owner_id, schema.team.c.belongs)
    known = set(connection.scalars(select(schema.team.c.person_id).where(belong)))
    forgotten = Forgotten(connection)
    for one in people:
        if one.id not in known and not forgotten.has(one):
            rows.person(connection, one, now)
            rows.team(connection, owner_id, one.id, now, belongs=True)


def team_read(connection: Connection, owner_id: OwnerId, now: datetime) -> None:
    """That was the whole list."""
    rows.put(connection, schema.owners, {"team_read_at": now}, id=owner_id)


def past(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime,
    *, has_past: bool | None, merged_before: bool | None,
) -> None:  # fmt: skip
    """What a search told about a person. None: GitHub would not tell."""
    if Forgotten(connection).has_id(person_id):  # they asked for it while the search was under way
        return
    told = {"has_past": has_past, "merged_before": merged_before, "asked_at": now}
    rows.put(connection, schema.acquaintances, told, owner_id=owner_id, person_id=person_id)


def paths(connection: Connection, ref: ThreadRef, files: Sequence[str]) -> None:
    """The files that a pull request changes."""
    rows.put(connection, schema.threads, {"paths": list(files)}, **asdict(ref))


def greeted(connection: Connection, ref: ThreadRef, *, by_another: bool) -> None:
    """Whether another bot's welcome stands in a thread."""
    rows.put(connection, schema.threads, {"greeted": by_another}, **asdict(ref))


def labels(connection: Connection, where: Repo, told: Sequence[Mapping[str, Any]], asked_at: datetime) -> None:
    """The labels of a repository, the whole list: as if `backfill` had read it."""
    key = Key(where.owner_id, where.id, Part.LABELS)
    readings.begin(connection, key, asked_at)
    for label in told:
        places.label(connection, where.id, label, asked_at)
    labels_are(connection, where, [label["id"] for label in told], asked_at)
    readings.finish(connection, key, asked_at)
