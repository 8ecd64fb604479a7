"""Writes what is known of places: owners, installations, repositories with their labels, teams on GitHub.

As in `rows`: news may come late, twice or in any order. What GitHub stamps with a time is ordered by that; the rest
(names of labels and teams, who is in a team) by when we heard it.
"""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Text, cast, delete, select

from bot.memory import schema
from bot.memory.rows import get, put, put_newer
from bot.model import InstallationId, OwnerId, PersonId, Repo
from bot.policy import FEATURES


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

    `updated_at` is GitHub's time, if the news has one. `everywhere`: on all of the owner's repositories. `live`: if it
    is new, all features that there are today speak there at once, and nobody has to be told how to switch them on.
    """
    table = schema.installations
    row = get(connection, table, id=id_)
    if row is None:
        if connection.execute(select(table.c.id).where(table.c.owner_id == owner_id).limit(1)).first():
            listening_again(connection, owner_id, heard_at)
        values = {"owner_id": owner_id, "state": state or InstallationState.ACTIVE, "heard_at": heard_at}
        speaks = {"live": list(FEATURES) if live else [], "introduced_at": heard_at if live else None}
        put(connection, table, {**values, **speaks, "updated_at": updated_at, "everywhere": everywhere}, id=id_)
        return
    if state is InstallationState.DELETED and row["state"] != state:
        put(connection, table, {"state": state, "heard_at": heard_at}, id=id_)
    over = InstallationState.DELETED in {state, row["state"]}
    if _older(row, state, updated_at, heard_at):
        return
    told = {"everywhere": everywhere, "updated_at": updated_at, "state": None if over else state}
    changed = {name: value for name, value in told.items() if value is not None and row[name] != value}
    if "state" in changed:
        changed["heard_at"] = heard_at
    if changed:
        put(connection, table, changed, id=id_)
    if (
        changed.get("everywhere") is False
    ):  # what happens elsewhere we do not hear: those who come are asked about again
        put(connection, schema.owners, {"past_read_at": None}, id=owner_id)
    if changed.get("state") == InstallationState.ACTIVE:
        listening_again(connection, owner_id, heard_at)


def _older(
    row: Mapping[str, Any], state: InstallationState | None, updated_at: datetime | None, heard_at: datetime
) -> bool:
    """Whether this is older news than what stands there: by GitHub's time, else by when it was heard.

    GitHub sets its time when it suspends an installation, and leaves it when that ends.
    """
    if updated_at is None or row["updated_at"] is None:
        return bool(heard_at < row["heard_at"])
    ended = row["state"] == InstallationState.ACTIVE and state is InstallationState.SUSPENDED
    return bool(updated_at < row["updated_at"] or (updated_at == row["updated_at"] and ended))


def is_over(connection: Connection, id_: InstallationId) -> bool:
    """Whether an installation was removed."""
    row = get(connection, schema.installations, id=id_)
    return row is not None and row["state"] == InstallationState.DELETED


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
    if not row["covered"] and heard_at >= (row["covered_as_of"] or _LONG_AGO) + _LATEST:  # its return went unheard
        put(connection, table, {"covered": True, "covered_as_of": heard_at}, id=where.id)
    if bool(row["gone"]) != (gone or still_gone):
        put(connection, table, {"gone": gone or still_gone, "heard_at": max(heard_at, row["heard_at"])}, id=where.id)
    known, told = row["updated_at"] or _LONG_AGO, updated_at or _LONG_AGO
    if told > known or (told == known and heard_at >= row["heard_at"]):
        changed = {name: value for name, value in shown.items() if row[name] != value}
        if changed or told > known:
            put(connection, table, {**changed, **stamps}, id=where.id)
        if "name" in changed:
            _renamed(connection, where.owner_id, row["name"], where.name)


def _renamed(connection: Connection, owner_id: OwnerId, was: str, name: str) -> None:
    """Whoever stepped back from a repository did so whatever it is called."""
    table = schema.leaves
    for row in connection.execute(select(table).where(table.c.owner_id == owner_id, table.c.back_at.is_(None))).all():
        repos = [name if each.casefold() == was.casefold() else each for each in row.repos]
        if repos != row.repos:
            put(connection, table, {"repos": repos}, owner_id=owner_id, person_id=row.person_id, at=row.at)


def covered(
    connection: Connection, where: Repo, as_of: datetime, heard_at: datetime, *, by_us: bool, over: bool = False
) -> None:
    """Whether an installation has a repository; `as_of` is when the installation was changed. Of two at the same moment
    the one that has it counts (a repository changes hands), unless the installation is `over`."""
    row = get(connection, schema.repos, id=where.id)
    told = {"covered": by_us, "covered_as_of": as_of}
    if row is None:
        repo(connection, where, heard_at)
        put(connection, schema.repos, told, id=where.id)
        return
    known = row["covered_as_of"] or _LONG_AGO
    if as_of > known or (as_of == known and (by_us or over)):
        if as_of > (row["updated_at"] or _LONG_AGO):
            told |= {"name": where.name, "private": where.private}
        put(connection, schema.repos, told, id=where.id)


def label(
    connection: Connection, repo_id: int, told: Mapping[str, Any], heard_at: datetime,
    *, created: bool = False, gone: bool = False, before: str | None = None,
) -> None:  # fmt: skip
    """A repository's label, from GitHub's JSON. Once gone it stays gone: ids are not used again.

    `before` is the name that an edit took from it. GitHub does not tell of the threads that carry it.
    """
    key = {"repo_id": repo_id, "label_id": told["id"]}
    row = get(connection, schema.labels, **key)
    if created and row is not None:  # it is made before it is changed
        return
    over = gone or (row is not None and row["gone"])
    names = {told["name"], before, row and row["name"]} - {None}
    if row is None or not (row["gone"] or (row["name"], row["gone"]) == (told["name"], gone)):
        put(connection, schema.labels, {"name": told["name"], "gone": gone, "heard_at": heard_at}, **key)
    for old in names if over else names - {told["name"]}:
        _relabel(connection, repo_id, old, None if over else told["name"])


def _relabel(connection: Connection, repo_id: int, old: str, new: str | None) -> None:
    """Gives a label on all threads of a repository its new name, or takes it off (None)."""
    labels, threads = schema.labels, schema.threads
    another = select(labels.c.label_id).where(labels.c.repo_id == repo_id, labels.c.name == old, ~labels.c.gone)
    if connection.execute(another).first() is not None:  # it has the name by now
        return
    written = cast(threads.c.labels, Text).contains(json.dumps(old), autoescape=True)
    carry = select(threads.c.number, threads.c.labels).where(threads.c.repo_id == repo_id, written)
    for number, names in connection.execute(carry).all():
        if old in names:
            kept = {*names} - {old} | ({new} if new else set())
            put(connection, threads, {"labels": sorted(kept)}, repo_id=repo_id, number=number)


def label_names(
    connection: Connection, repo_id: int, labels: Mapping[str, int | None], updated_at: datetime
) -> tuple[str, ...]:
    """What a thread's labels are called now; the payload that shows them, by name with their ids, may be an old one."""
    table = schema.labels
    ids = [id_ for id_ in labels.values() if id_ is not None]
    query = select(table).where(table.c.repo_id == repo_id, table.c.label_id.in_(ids))
    known = {row["label_id"]: row for row in connection.execute(query).mappings()} if ids else {}
    names = set()
    for name, id_ in labels.items():
        row = known.get(id_)
        if row is None or not row["gone"]:
            names.add(name if row is None or row["heard_at"] <= updated_at else row["name"])
    return tuple(sorted(names))


def group(
    connection: Connection, owner_id: OwnerId, told: Mapping[str, Any], heard_at: datetime,
    *, created: bool = False, gone: bool = False,
) -> None:  # fmt: skip
    """A team on GitHub, from its JSON. One that was deleted may be shown by its id alone."""
    row = get(connection, schema.teams, id=told["id"])
    names = {"slug": told.get("slug") or "", "name": told.get("name") or ""}
    if row is not None and (not names["slug"] or (created and row["slug"])):  # it is made before it is renamed
        names = {"slug": row["slug"], "name": row["name"]}
    values = {"owner_id": owner_id, **names, "gone": gone or bool(row and row["gone"])}
    if row is not None and row["gone"] != values["gone"]:
        put(connection, schema.teams, {"gone": True}, id=told["id"])
    put_newer(connection, schema.teams, values, heard_at, "heard_at", id=told["id"])


def group_member(connection: Connection, team_id: int, person_id: PersonId, as_of: datetime, *, belongs: bool) -> None:
    values = {"belongs": belongs}
    put_newer(connection, schema.team_members, values, as_of, "as_of", team_id=team_id, person_id=person_id)
