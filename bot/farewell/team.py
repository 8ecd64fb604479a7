"""What has to be known of those who step back."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.commands import stepping_down
from bot.farewells import InTeam
from bot.looking import ThreadLook
from bot.memory import checkins, rows, schema
from bot.model import OwnerId, PersonId
from bot.policy import Policy


def with_team(
    connection: Connection, look: ThreadLook, writers: Collection[PersonId], policy: Policy, now: datetime
) -> ThreadLook:
    """With what is known of those who write `/stepping-down`, and of those for whom they do. The names of repositories
    are told with it: who belongs to the team may know which there are."""
    owner_id = look.thread.repo.owner_id
    wishes = [stepping_down.read(one.args, one.at) for one in look.thread.requests if one.name == stepping_down.NAME]
    named = {wish.login for wish in wishes if isinstance(wish, stepping_down.Wish) and wish.login}
    people = {*writers, *(id_ for login, id_ in look.named.items() if login in named)}
    return replace(
        look,
        team={id_: _of(connection, owner_id, id_, look) for id_ in people},
        repos=_repos(connection, owner_id),
    )


def _of(connection: Connection, owner_id: OwnerId, id_: PersonId, look: ThreadLook) -> InTeam:
    check_in = checkins.latest(connection, owner_id, id_)
    asked = check_in is not None and check_in.is_open
    asker, row = look.askers.get(id_), rows.get(connection, schema.team, owner_id=owner_id, person_id=id_)
    known = asker.belongs if asker else bool(row and row["belongs"])
    return InTeam(belongs=asked or _is_listed(connection, owner_id, id_) or known, asked=asked)


def _is_listed(connection: Connection, owner_id: OwnerId, id_: PersonId) -> bool:
    """Whether a team file names them."""
    table = schema.members
    query = select(table.c.login).where(table.c.owner_id == owner_id, table.c.person_id == id_, ~table.c.gone)
    return connection.execute(query.limit(1)).first() is not None


def _repos(connection: Connection, owner_id: OwnerId) -> Mapping[str, str]:
    table = schema.repos
    found = connection.scalars(select(table.c.name).where(table.c.owner_id == owner_id, ~table.c.gone))
    return {name.lower(): name for name in found}
