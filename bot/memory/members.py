"""Who belongs to the team of an organisation: by its team files, by teams on GitHub, or else everybody who belongs.

What a file tells is a row for each whom it names. Whoever it names no more, or as inactive, stays known as such.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, select, update

from bot.memory import rows, schema, watched
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, Person, PersonId, Repo, RepoId
from bot.policy import Policy
from bot.team import Member, Source
from bot.teamfile.roster import Listed

_AT_ONCE: Final = 500  # people that are asked for in one query


@dataclass(frozen=True, slots=True)
class _Place:
    """Somebody stands in one place as of the team. `repos`: of which repositories' (none: the organisation's)."""

    person: Person
    source: Source
    repos: tuple[str, ...]
    since: datetime | None = None
    given_name: str = ""
    groups: tuple[str, ...] = ()
    inactive: bool = False
    last_check_in: str = ""


# What files tell


def keep(
    connection: Connection, where: Repo, path: str, listed: Sequence[Listed], repos: Sequence[str], now: datetime
) -> None:
    """A team file names these people, of these repositories' team. Nothing of those who asked to be forgotten."""
    file = {"owner_id": where.owner_id, "repo_id": where.id, "path": path}
    known = {row["login"]: row for row in _rows(connection, file)}
    ids = _ids(connection, [one.login for one in listed])
    forgotten, told = Forgotten(connection), set()
    for one in listed:
        login = one.login.lower()
        before = known.get(login)
        person_id = (before["person_id"] if before else None) or ids.get(login)
        if forgotten.has_login(login) or (person_id is not None and forgotten.has_id(person_id)):
            continue
        told.add(login)
        values: dict[str, Any] = {
            "person_id": person_id, "repos": list(repos), "given_name": one.given_name, "groups": list(one.groups),
            "inactive": one.inactive, "last_check_in": one.last_check_in, "gone": False,
        }  # fmt: skip
        if before is None or before["gone"]:
            values["since"] = now if known else None
        if before is None or any(before[name] != value for name, value in values.items()):
            rows.put(connection, schema.members, {**values, "as_of": now}, **file, login=login)
    for login, row in known.items():
        if login not in told and not row["gone"]:
            rows.put(connection, schema.members, {"gone": True, "as_of": now}, **file, login=login)


def keep_only(connection: Connection, owner_id: OwnerId, files: Collection[tuple[RepoId, str]]) -> None:
    """Other files than these are not the team's any more."""
    table = schema.members
    there = select(table.c.repo_id, table.c.path).where(table.c.owner_id == owner_id).distinct()
    for repo_id, path in connection.execute(there).all():
        if (repo_id, path) not in files:
            connection.execute(
                delete(table).where(table.c.owner_id == owner_id, table.c.repo_id == repo_id, table.c.path == path)
            )


def unknown(connection: Connection, owner_id: OwnerId, most: int) -> list[str]:
    """Logins of active people in the files, of whom nobody knows who they are, in the order of the alphabet."""
    table, people = schema.members, schema.people
    known = select(people.c.id).where(func.lower(people.c.login) == table.c.login).exists()
    query = (
        select(table.c.login)
        .where(table.c.owner_id == owner_id, table.c.person_id.is_(None), ~table.c.gone, ~table.c.inactive, ~known)
        .where(~table.c.login.contains("/"))
        .distinct()
        .order_by(table.c.login)
    )
    return list(connection.scalars(query.limit(most)))


def are(connection: Connection, owner_id: OwnerId, found: Iterable[Person], now: datetime) -> None:
    """GitHub told who these are."""
    forgotten, table = Forgotten(connection), schema.members
    for who in found:
        mine = and_(table.c.owner_id == owner_id, table.c.login == who.login.lower(), table.c.person_id.is_(None))
        if forgotten.has(who):
            connection.execute(delete(table).where(mine))
        else:
            rows.person(connection, who, now)
            connection.execute(update(table).where(mine).values(person_id=who.id))


def problems(connection: Connection, owner_id: OwnerId) -> tuple[str, ...]:
    """What is wrong with the team files and the notes of meetings, each in a line, for admins."""
    return watched.state(connection, owner_id).problems


# Who it is


def team_of(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> tuple[Member, ...]:
    """Everybody of the team, by login; without bots, and without those who are inactive by a file."""
    return tuple(one for one in _members(connection, owner_id, policy, now) if not one.inactive)


def member(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, policy: Policy, now: datetime
) -> Member | None:
    """One of them; also somebody who is inactive by a file."""
    found = _members(connection, owner_id, policy, now)
    return next((one for one in found if one.person.id == person_id), None)


def _members(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> list[Member]:
    places = [*_in_files(connection, owner_id, policy), *_in_groups(connection, owner_id, policy.team.groups)]
    if not policy.team.files and not policy.team.groups:
        places = [*_in_organisation(connection, owner_id)]
    by_person: dict[PersonId, list[_Place]] = {}
    for one in places:
        if not policy.is_bot(one.person) and (one.since is None or one.since <= now):
            by_person.setdefault(one.person.id, []).append(one)
    forgotten = Forgotten(connection)
    made = [_merged(those) for who, those in by_person.items() if not forgotten.has_id(who)]
    return sorted(made, key=lambda one: (one.person.login.lower(), one.person.id))


def _merged(places: Sequence[_Place]) -> Member:
    """Somebody who stands in several places. Where one says that they are inactive, they are for what it covers."""
    over = [one for one in places if one.inactive]
    everywhere = any(not one.repos for one in over)
    gone = {repo.casefold() for one in over for repo in one.repos}
    active = [left for one in places if not one.inactive and not everywhere and (left := _without(one, gone))]
    those = active or places
    return Member(
        person=places[0].person,
        source=those[0].source,
        repos=() if any(not one.repos for one in those) else tuple(_once(repo for one in those for repo in one.repos)),
        since=None if any(one.since is None for one in those) else min(one.since for one in those if one.since),
        given_name=next((one.given_name for one in places if one.given_name), ""),
        groups=tuple(_once(group for one in those for group in one.groups)),
        inactive=not active,
        last_check_in=max(one.last_check_in for one in places),
    )


def _without(one: _Place, gone: Collection[str]) -> _Place | None:
    """Their place in what is left of it."""
    if not one.repos:
        return one
    left = tuple(repo for repo in one.repos if repo.casefold() not in gone)
    return replace(one, repos=left) if left else None


def _in_files(connection: Connection, owner_id: OwnerId, policy: Policy) -> Iterator[_Place]:
    """Those whom the files name; of a team on GitHub that one names, its people."""
    table, repos = schema.members, schema.repos
    files = {(file.repo.lower(), file.path) for file in policy.team.files}
    query = (
        select(table, repos.c.name)
        .join(repos, repos.c.id == table.c.repo_id)
        .where(table.c.owner_id == owner_id, ~table.c.gone)
        .order_by(table.c.repo_id, table.c.path, table.c.login)
    )
    found = [row for row in connection.execute(query).mappings() if (row["name"].lower(), row["path"]) in files]
    ids = _ids(connection, [row["login"] for row in found if row["person_id"] is None])
    people = _people(connection, {row["person_id"] for row in found} - {None} | set(ids.values()))
    for row in found:
        place = {"repos": tuple(row["repos"]), "since": row["since"]}
        if "/" in row["login"]:
            for person in _of_group(connection, owner_id, row["login"]):
                yield _Place(person, Source.FILE, **place, groups=(row["login"].partition("/")[2],))
        elif (who := people.get(PersonId(row["person_id"] or ids.get(row["login"], 0)))) is not None:
            told = {name: row[name] for name in ("given_name", "inactive", "last_check_in")}
            yield _Place(who, Source.FILE, **place, **told, groups=tuple(row["groups"]))


def _in_groups(connection: Connection, owner_id: OwnerId, names: Sequence[str]) -> Iterator[_Place]:
    """Those in teams on GitHub, and people who are named by their login. Since when they are, GitHub does not tell."""
    for name in names:
        if "/" in name:
            for person in _of_group(connection, owner_id, name):
                yield _Place(person, Source.GROUP, (), groups=(name.partition("/")[2],))
        else:
            ids = _ids(connection, [name])
            for person in _people(connection, set(ids.values())).values():
                yield _Place(person, Source.GROUP, ())


def _of_group(connection: Connection, owner_id: OwnerId, name: str) -> list[Person]:
    """Those in a team on GitHub, `organisation/team`. Whoever left the organisation left its teams too."""
    organisation, _, slug = name.lower().partition("/")
    owners, teams, within, belong = schema.owners, schema.teams, schema.team_members, schema.team
    query = (
        select(within.c.person_id)
        .join(teams, teams.c.id == within.c.team_id)
        .join(owners, owners.c.id == teams.c.owner_id)
        .outerjoin(belong, and_(belong.c.owner_id == teams.c.owner_id, belong.c.person_id == within.c.person_id))
        .where(teams.c.owner_id == owner_id, func.lower(owners.c.login) == organisation)
        .where(func.lower(teams.c.slug) == slug, ~teams.c.gone, within.c.belongs, func.coalesce(belong.c.belongs, True))
    )
    return list(_people(connection, set(connection.scalars(query))).values())


def _in_organisation(connection: Connection, owner_id: OwnerId) -> Iterator[_Place]:
    """Everybody who belongs, and the owner of an account. Since when, GitHub does not tell."""
    table = schema.team
    ids = set(connection.scalars(select(table.c.person_id).where(table.c.owner_id == owner_id, table.c.belongs)))
    for person in _people(connection, ids | {int(owner_id)}).values():
        yield _Place(person, Source.ORGANISATION, ())


def _rows(connection: Connection, file: dict[str, Any]) -> list[rows.Row]:
    table = schema.members
    which = and_(*(table.c[name] == value for name, value in file.items()))
    return [dict(row) for row in connection.execute(select(table).where(which)).mappings()]


def _ids(connection: Connection, logins: Sequence[str]) -> dict[str, PersonId]:
    """Who has these logins, in lower case. Of two who had one after the other the later one has it."""
    table, found = schema.people, {}
    for start in range(0, len(logins), _AT_ONCE):
        some = [login.lower() for login in logins[start : start + _AT_ONCE]]
        query = select(table.c.id, table.c.login).where(func.lower(table.c.login).in_(some))
        for id_, login in connection.execute(query.order_by(table.c.heard_at, table.c.id)):
            found[login.lower()] = PersonId(id_)
    return found


def _people(connection: Connection, ids: Collection[int]) -> dict[PersonId, Person]:
    table, found, wanted = schema.people, {}, sorted(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(table).where(table.c.id.in_(wanted[start : start + _AT_ONCE]), ~table.c.is_bot)
        for row in connection.execute(query.order_by(table.c.id)):
            found[PersonId(row.id)] = Person(PersonId(row.id), row.login)
    return found


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
