"""What speaks against asking somebody of the team how they are, besides what they do. Private."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from bot.checkins import Because, State
from bot.farewells import Leave
from bot.memory import care, checkins, leaves, preferences, schema
from bot.model import OwnerId, Person, PersonId
from bot.policy import Policy
from bot.presence import Asked
from bot.team import Care

_ONLY_DUE: Final = frozenset({State.DUE, State.UNREACHABLE})
_WAITS: Final = frozenset({State.ASKED, State.HANDED})
_SAID: Final = frozenset({State.ANSWERED, State.OVER})


def asked_of(
    connection: Connection, owner_id: OwnerId, people: Iterable[Person], policy: Policy, now: datetime
) -> dict[PersonId, Asked]:
    """Of each of these. A check-in that is only due is none yet, nor is a word that nobody asked for; that is an
    answer, though. `policy`: the organisation's."""
    logins = {one.id: one.login.casefold() for one in people}
    away = preferences.of_all(connection, owner_id, list(logins))
    cares, latest = care.of_owner(connection, owner_id), checkins.of_owner(connection, owner_id)
    whole = [one for one in leaves.of_owner(connection, owner_id) if one.is_whole]
    left = {one.person.id for one in whole if one.holds(now)}
    came_back = {one.person.id: _ended(one, now) for one in whole if one.person.id not in left}
    table = schema.optouts
    out = set(connection.scalars(select(table.c.person_id).where(table.c.owner_id == owner_id, table.c.opted_out)))
    never = {login.casefold() for login in policy.check_ins.never_ask}
    found = {}
    for id_, login in logins.items():
        last, until = latest.get(id_), away[id_].away_until
        found[id_] = Asked(
            never=login in never or cares.get(id_, Care()).asked is False,
            opted_out=id_ in out,
            away=until is not None and until > now,
            stepped_back=id_ in left,
            asked_at=last.begun_at
            if last and last.because is not Because.ASKED and last.state not in _ONLY_DUE
            else None,
            is_open=last is not None and last.state in _WAITS,
            answered_at=_later(last.state_at if last and last.state in _SAID else None, came_back.get(id_)),
            again_at=last.again_at if last else None,
            back_at=until if until is not None and until <= now else away[id_].back_at,
        )
    return found


def _ended(one: Leave, now: datetime) -> datetime | None:
    """When somebody who stepped back was back."""
    return min((at for at in (one.back_at, one.until) if at is not None and at <= now), default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
