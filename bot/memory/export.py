"""All that is stored about a person, for the person: every table, every row. Nothing is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, Text, and_, cast, func, or_, select

from bot.memory import forgetting, inbox, schema
from bot.model import Person, PersonId

Rows = dict[str, list[dict[str, Any]]]

_BY_PERSON: Final = (
    schema.acquaintances,
    schema.activity,
    schema.alarms,
    schema.applicants,
    schema.care,
    schema.check_ins,
    schema.claims,
    schema.cohort_notes,
    schema.contributions,
    schema.interests,
    schema.leaves,
    schema.ledger,
    schema.members,
    schema.mentor_asks,
    schema.mentors,
    schema.notes,
    schema.nudges,
    schema.offers,
    schema.optouts,
    schema.preferences,
    schema.requests,
    schema.reviewers,
    schema.rota_swaps,
    schema.team,
    schema.team_members,
    schema.triagers,
)


@dataclass(frozen=True, slots=True)
class Exported:
    """`rows` by the table's name. `names`: what the ids in them stand for, by "repos" and "owners" and their ids."""

    person: Person
    rows: Rows
    names: Mapping[str, Mapping[int, str]]

    def as_json(self) -> dict[str, Any]:
        about = {"id": self.person.id, "login": self.person.login, "bot": self.person.is_bot}
        return {"person": about, "stored": _plain(self.rows), "names": self.names}


def find(connection: Connection, name: str) -> Person | None:
    """Somebody whom memory knows, by login (upper and lower case are the same, an @ in front does not matter) or id.

    A login that several had at some time is that of the one last heard of.
    """
    table = schema.people
    login = name.removeprefix("@").lower()
    query = select(table).where(func.lower(table.c.login) == login).order_by(table.c.heard_at.desc())
    found = connection.execute(query).mappings().first()
    if found is None and re.fullmatch(r"[0-9]{1,18}", name):
        found = connection.execute(select(table).where(table.c.id == int(name))).mappings().first()
    return Person(PersonId(found["id"]), found["login"], is_bot=found["is_bot"]) if found else None


def export(connection: Connection, who: Person) -> Exported:
    rows: Rows = {}
    for table, theirs in _theirs(who).items():
        found = connection.execute(select(table).where(theirs).order_by(*table.primary_key.columns))
        rows[table.name] = [dict(row) for row in found.mappings()]
    rows["threads"] = [row for row in rows["threads"] if _is_in(row, who)]  # a number may only look like the id
    rows["deliveries"] = [*_deliveries(connection, who)]
    return Exported(who, {name: found for name, found in sorted(rows.items()) if found}, _names(connection, rows))


def _theirs(who: Person) -> dict[Table, ColumnElement[bool]]:
    thread, did, commit, mentoring = schema.threads, schema.happenings, schema.commits, schema.mentorings
    said = schema.presence
    assigned = cast(thread.c.assignees, Text).contains(str(who.id))
    by_login = and_(commit.c.person_id.is_(None), commit.c.login == who.login.lower())
    return {table: table.c.person_id == who.id for table in _BY_PERSON} | {
        schema.people: schema.people.c.id == who.id,
        schema.owners: schema.owners.c.id == who.id,
        schema.pointers: schema.pointers.c.ask_id == who.id,
        said: or_(said.c.person_id == who.id, said.c.by_id == who.id),
        mentoring: or_(mentoring.c.mentee_id == who.id, mentoring.c.asked_by_id == who.id),
        thread: or_(thread.c.author_id == who.id, thread.c.opened_by == who.id, assigned),
        did: or_(did.c.person_id == who.id, did.c.about == str(who.id)),
        commit: or_(commit.c.person_id == who.id, by_login),
    }


def _deliveries(connection: Connection, who: Person) -> Iterator[dict[str, Any]]:
    """Those that could not be processed, and so still have their text: where they name the person."""
    table = schema.deliveries
    for seq in inbox.failures(connection):
        row = connection.execute(select(table).where(table.c.seq == seq)).mappings().one()
        if row["payload"] and forgetting.is_in(row["payload"], who, {who.login.lower()}):
            yield {**row, "payload": row["payload"].decode(errors="replace")}


def _is_in(row: Mapping[str, Any], who: Person) -> bool:
    return who.id in {row["author_id"], row["opened_by"], *row["assignees"]}


def _names(connection: Connection, rows: Rows) -> dict[str, dict[int, str]]:
    """Numbers tell nobody anything."""
    repo, owner = schema.repos, schema.owners
    repo_ids = {row["repo_id"] for found in rows.values() for row in found if row.get("repo_id")}
    owner_ids = {row["owner_id"] for found in rows.values() for row in found if row.get("owner_id")}
    repos = (
        select(repo.c.id, owner.c.login, repo.c.name)
        .join(owner, owner.c.id == repo.c.owner_id)
        .where(repo.c.id.in_(repo_ids))
    )
    owners = select(owner.c.id, owner.c.login).where(owner.c.id.in_(owner_ids))
    return {
        "repos": {id_: f"{login}/{name}" for id_, login, name in connection.execute(repos)},
        "owners": {row.id: row.login for row in connection.execute(owners)},
    }


def _plain(value: Any) -> Any:
    """For JSON: times as ISO 8601, in UTC."""
    match value:
        case datetime():
            return value.isoformat()
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case _:
            return value
