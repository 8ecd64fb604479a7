"""The triage rota: whose week it is, weeks that were swapped, and who agreed to be asked about areas.

Who agreed to take turns stands in the configuration (`triage.rota`), by login, as do people with areas of theirs
(`triage.people`). Whoever is not known by that login here, is a bot or wants to be left alone is left out. What
somebody said themselves (`/triage-rota join`, `leave`) counts more than what the configuration says of them.

Whose turn it is follows from the number of the week alone, so nothing has to be kept of the past. Where somebody of the
configuration is left out, the others share these weeks, and keep their own. Who is away is on the rota as ever: that
they are is nobody's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from bot.effects import JoinTriage
from bot.memory import on_call, schema
from bot.memory.forgotten import Forgotten
from bot.memory.rows import put_newer
from bot.model import OwnerId, Person, PersonId
from bot.pathpolicy import Who
from bot.policy import Policy
from bot.waiting import OnDuty, Rota

_FIRST: Final = date(2024, 1, 1)  # a Monday: its week is the first's of the rota
_WEEK: Final = timedelta(days=7)
_ALL: Final = ""  # stands for all areas

# Each day's looks ask these again and again, so they are made once.
_OWNER: Final[BindParameter[Any]] = bindparam("owner_id")
_LEFT: Final = select(schema.team.c.person_id).where(schema.team.c.owner_id == _OWNER, ~schema.team.c.belongs)
_SAID: Final = select(schema.triagers).where(schema.triagers.c.owner_id == _OWNER)
_SWAPS: Final = schema.rota_swaps
_SWAPPED: Final = select(_SWAPS).where(_SWAPS.c.owner_id == _OWNER, _SWAPS.c.week >= bindparam("since"))

_Said = Mapping[PersonId, tuple[str, ...] | None]


def rota(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime, weeks: int = 4) -> Rota:
    """As it stands from this week's Monday on. `policy` is the organisation's."""
    said = _said(connection, owner_id)
    logins = [*policy.triage.rota, *(one.login for one in policy.triage.people)]
    known = {
        person.login.casefold(): person
        for person in on_call.by_login(connection, owner_id, logins).values()
        if _agrees(person, policy, said)
    }
    own = on_call.by_id(connection, owner_id, [id_ for id_, areas in said.items() if areas is not None])
    gone = set() if policy.commands.triage_rota is Who.EVERYBODY else _left(connection, owner_id)
    joined = sorted(
        (one for one in own.values() if _agrees(one, policy, said) and one.id not in gone), key=lambda one: one.id
    )
    turns = [known.get(login.casefold()) for login in policy.triage.rota]
    members = tuple(dict.fromkeys(person for person in turns if person is not None))
    agreed = Rota(areas=_areas(policy, known, joined, said), members=members)
    if not members:
        return agreed
    this_week = now.date() - timedelta(days=now.weekday())
    taken = _taken(connection, owner_id, this_week, {person.id: person for person in agreed.willing})
    mondays = (this_week + many * _WEEK for many in range(weeks))
    return replace(agreed, weeks=tuple(_on_duty(monday, turns, members, taken) for monday in mondays))


def _left(connection: Connection, owner_id: OwnerId) -> set[int]:
    """Who does not belong to the organisation, as far as memory knows. Whom the configuration names agreed in another
    way; but who joined as a member and is none any more has left."""
    return {*connection.scalars(_LEFT, {"owner_id": owner_id})}


def _said(connection: Connection, owner_id: OwnerId) -> _Said:
    """About which areas people agreed to be asked, in their own word; None: about nothing."""
    found = connection.execute(_SAID, {"owner_id": owner_id})
    return {PersonId(row.person_id): tuple(row.areas) if row.joined else None for row in found}


def _agrees(person: Person, policy: Policy, said: _Said) -> bool:
    left = person.id in said and said[person.id] is None
    return not (left or policy.is_bot(person) or policy.leaves_alone(person))


def _areas(
    policy: Policy, known: Mapping[str, Person], joined: Sequence[Person], said: _Said
) -> dict[str, tuple[Person, ...]]:
    """As they are called in the configuration, whether in capitals or not. Those whom it names come first."""
    named = ((known.get(one.login.casefold()), one.areas) for one in policy.triage.people)
    agreed = [(person, areas) for person, areas in named if person is not None and person.id not in said]
    agreed += [(person, said[person.id] or ()) for person in joined]
    names = {area.name.casefold(): area.name for area in policy.areas}
    found: dict[str, dict[PersonId, Person]] = {}
    for person, areas in agreed:
        for area in areas or (_ALL,):
            found.setdefault(names.get(area.casefold(), area), {})[person.id] = person
    return {area: tuple(found[area].values()) for area in sorted(found)}


def _taken(
    connection: Connection, owner_id: OwnerId, since: date, willing: Mapping[PersonId, Person]
) -> dict[date, tuple[Person, datetime]]:
    """Whose weeks are by somebody's word, and when it was said. Who does not look after triage any more has none."""
    return {
        date.fromisoformat(row.week): (willing[PersonId(row.person_id)], row.as_of)
        for row in connection.execute(_SWAPPED, {"owner_id": owner_id, "since": since.isoformat()})
        if row.person_id in willing
    }


def _on_duty(
    monday: date, turns: Sequence[Person | None], members: Sequence[Person],
    taken: Mapping[date, tuple[Person, datetime]],
) -> OnDuty:  # fmt: skip
    times, place = divmod((monday - _FIRST) // _WEEK, len(turns))
    turn = turns[place] or members[times % len(members)]
    person, since = taken.get(monday, (turn, None))
    return OnDuty(week=monday, person=person, stands_in=person != turn, since=since)


def take(connection: Connection, owner_id: OwnerId, week: date, to: PersonId | None, as_of: datetime) -> None:
    """Somebody looks after triage in the week from this Monday; None: as the rota has it."""
    if to is not None and Forgotten(connection).has_id(to):
        return
    key = {"owner_id": owner_id, "week": week.isoformat()}
    put_newer(connection, schema.rota_swaps, {"person_id": to}, as_of, "as_of", **key)


def join(connection: Connection, owner_id: OwnerId, order: JoinTriage) -> None:
    if Forgotten(connection).has_id(order.person.id):
        return
    told = {"joined": order.areas is not None, "areas": list(order.areas or ())}
    key = {"owner_id": owner_id, "person_id": order.person.id}
    put_newer(connection, schema.triagers, told, order.as_of, "as_of", **key)
