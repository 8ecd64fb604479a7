"""Writes what is known of places: owners, installations, repositories with their labels, teams on GitHub.

As in `rows`: news may come late, twice or in any order. What GitHub stamps with a time is ordered by that; the rest
(names of labels and teams, who is in a team) by when we heard it.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from bot.memory import schema
from bot.memory.rows import get, put, put_newer
from bot.model import InstallationId, OwnerId, PersonId, Repo


class InstallationState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"  # for ever: a new installation has a new id


_LATEST: Final = timedelta(days=4)  # GitHub redelivers for 3 days
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def owner(connection: Connection, account: Mapping[str, Any], heard_at: datetime) -> None:
    """An account that owns repositories, from GitHub's JSON. We witness what happens there from now on.

    GitHub's times are whole seconds, so what happens within this one has been witnessed.
    """
    row = get(connection, schema.owners, id=account["id"])
    names = {"login": account["login"], "is_organisation": account.get("type") == "Organization"}
    if row is None:
        put(connection, schema.owners, {**names, "witnessed_since": heard_at.replace(microsecond=0)}, id=account["id"])
    elif row["login"] != names["login"]:
        put(connection, schema.owners, {"login": names["login"]}, id=account["id"])


def installation(
    connection: Connection, id_: InstallationId, owner_id: OwnerId, heard_at: datetime,
    *, state: InstallationState | None, live: bool, updated_at: datetime | None = None, everywhere: bool | None = None,
) -> None:  # fmt: skip
    """Where the app is installed. `state` None: just heard of it, which makes it active if it is new.

    `updated_at` is GitHub's time, if the news has one. `everywhere`: on all of the owner's repositories.
    """
    row = get(connection, schema.installations, id=id_)
    table = schema.installations
    if row is None:
        if connection.execute(select(table.c.id).where(table.c.owner_id == owner_id).limit(1)).first():
            listening_again(connection, owner_id, heard_at)
        values = {"owner_id": owner_id, "state": state or InstallationState.ACTIVE, "live": live, "heard_at": heard_at}
        put(connection, table, {**values, "updated_at": updated_at, "everywhere": everywhere}, id=id_)
        return
    if _older(row, updated_at, heard_at):
        return
    if everywhere is not None and row["everywhere"] != everywhere:
        put(connection, table, {"everywhere": everywhere}, id=id_)
        if not everywhere:  # what happens elsewhere we do not hear: those who come have to be asked about again
            put(connection, schema.owners, {"past_read_at": None}, id=owner_id)
    if state is None or row["state"] == InstallationState.DELETED:
        return
    if row["state"] != state:
        put(connection, table, {"state": state, "heard_at": heard_at}, id=id_)
        if state is InstallationState.ACTIVE:
            listening_again(connection, owner_id, heard_at)
    if updated_at is not None:
        put(connection, table, {"updated_at": updated_at}, id=id_)


def _older(row: Mapping[str, Any], updated_at: datetime | None, heard_at: datetime) -> bool:
    """Whether this is older news than what stands there: by GitHub's time, else by when it was heard."""
    if updated_at is not None and row["updated_at"] is not None and updated_at != row["updated_at"]:
        return bool(updated_at < row["updated_at"])
    return bool(heard_at < row["heard_at"])


def missing_installations(connection: Connection, found: Collection[int], asked_at: datetime) -> None:
    """GitHub knows only these, so the others are suspended at best: the news of it was lost."""
    table = schema.installations
    query = select(table.c.id).where(table.c.state == InstallationState.ACTIVE, table.c.heard_at < asked_at)
    for id_ in connection.scalars(query).all():
        if id_ not in found:
            put(connection, table, {"state": InstallationState.SUSPENDED, "heard_at": asked_at}, id=id_)


def listening_again(connection: Connection, owner_id: OwnerId, heard_at: datetime) -> None:
    """For a time we did not hear all that happened at an owner's. So everything until now is the past, and whoever was
    not known to have one is asked about again: it is better to miss a newcomer than to welcome an old hand."""
    row = get(connection, schema.owners, id=owner_id)
    if row is not None and row["witnessed_since"] < heard_at:
        since = {"witnessed_since": heard_at.replace(microsecond=0), "past_read_at": None}
        put(connection, schema.owners, since, id=owner_id)
        table = schema.acquaintances
        connection.execute(
            delete(table).where(table.c.owner_id == owner_id, ~(table.c.has_past & table.c.merged_before))
        )


def repo(
    connection: Connection, where: Repo, heard_at: datetime, updated_at: datetime | None = None, *, gone: bool = False
) -> None:
    """Once gone it stays gone, whatever arrives late. But deleted repositories can be restored: one that is heard of
    when nothing can be late any more is there again."""
    table = schema.repos
    row = get(connection, table, id=where.id)
    still_gone = row is not None and row["gone"] and heard_at < row["heard_at"] + _LATEST
    shown = {
        "owner_id": where.owner_id,
        "name": where.name,
        "url": where.url,
        "private": where.private,
        "archived": where.archived,
        "default_branch": where.default_branch,
    }
    stamps = {"heard_at": heard_at, "updated_at": updated_at}
    if row is None:
        put(connection, table, {**shown, **stamps, "gone": gone, "covered": True}, id=where.id)
        return
    if bool(row["gone"]) != (gone or still_gone):
        put(connection, table, {"gone": gone or still_gone, "heard_at": max(heard_at, row["heard_at"])}, id=where.id)
    known, told = row["updated_at"] or _LONG_AGO, updated_at or _LONG_AGO
    if told > known or (told == known and heard_at >= row["heard_at"]):
        changed = {name: value for name, value in shown.items() if row[name] != value}
        if changed or told > known:
            put(connection, table, {**changed, **stamps}, id=where.id)


def covered(connection: Connection, where: Repo, as_of: datetime, heard_at: datetime, *, by_us: bool) -> None:
    """Whether the installation has a repository; `as_of` is when the installation was changed."""
    row = get(connection, schema.repos, id=where.id)
    if row is None:
        repo(connection, where, heard_at)
        put(connection, schema.repos, {"covered": by_us, "covered_as_of": as_of}, id=where.id)
    elif row["covered_as_of"] is None or row["covered_as_of"] <= as_of:
        put(connection, schema.repos, {"covered": by_us, "covered_as_of": as_of}, id=where.id)


def label(
    connection: Connection, repo_id: int, told: Mapping[str, Any], heard_at: datetime, *, gone: bool = False
) -> None:
    """A repository's label, from GitHub's JSON. Once gone it stays gone: ids are not used again."""
    key = {"repo_id": repo_id, "label_id": told["id"]}
    row = get(connection, schema.labels, **key)
    values = {"name": told["name"], "gone": gone or bool(row and row["gone"])}
    if row is not None and row["gone"] != values["gone"]:
        put(connection, schema.labels, {"gone": True}, **key)
    put_newer(connection, schema.labels, values, heard_at, "heard_at", **key)


def group(
    connection: Connection, owner_id: OwnerId, told: Mapping[str, Any], heard_at: datetime, *, gone: bool = False
) -> None:
    """A team on GitHub, from its JSON. One that was deleted may be shown by its id alone."""
    row = get(connection, schema.teams, id=told["id"])
    names = {"slug": told.get("slug") or "", "name": told.get("name") or ""}
    if not names["slug"] and row is not None:
        names = {"slug": row["slug"], "name": row["name"]}
    values = {"owner_id": owner_id, **names, "gone": gone or bool(row and row["gone"])}
    if row is not None and row["gone"] != values["gone"]:
        put(connection, schema.teams, {"gone": True}, id=told["id"])
    put_newer(connection, schema.teams, values, heard_at, "heard_at", id=told["id"])


def group_member(connection: Connection, team_id: int, person_id: PersonId, as_of: datetime, *, belongs: bool) -> None:
    values = {"belongs": belongs}
    put_newer(connection, schema.team_members, values, as_of, "as_of", team_id=team_id, person_id=person_id)
