"""What is known of how present somebody of the team is, and whether and why they would be asked: for admins, at the
terminal. Nothing of it is ever posted.

That somebody is away, or wishes not to be asked, is theirs: no more is told than that nothing is to be asked of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from bot.checkins import CheckIn
from bot.memory import checkins, courtesy, export, homes, members, migrations, schema
from bot.memory.homes import Policies
from bot.memory.presence import presence_of
from bot.memory.store import StoreUnavailable
from bot.model import OwnerId, Person
from bot.policytypes import Mode
from bot.presence import Asked, Month, Presence, Signal, month_begins, month_of
from bot.rules import presence as rule
from bot.team import Member
from bot.teampolicy import CheckIns

Json = dict[str, object]

_AROUND: Final = "they are seen as often as ever, or often enough"


class NotKnown(Exception):
    """Memory knows nobody of that name, or nothing of them there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Somebody in an organisation. `member` None: they are not on its team. `signal`: what their doings alone tell.
    `left_alone`: why they are not asked whatever they do. `no_place`: why nobody can be asked there."""

    owner: str
    person: Person
    now: datetime
    settings: CheckIns
    member: Member | None
    presence: Presence
    asked: Asked
    signal: Signal | None
    left_alone: str | None
    no_place: str | None
    check_ins: tuple[CheckIn, ...]

    @property
    def why_not(self) -> str | None:
        """Why they would not be asked; None: they would."""
        if self.member is None:
            return "they are not on the team"
        if self.member.inactive:
            return "they are inactive, as the team file has it"
        if self.settings.mode is Mode.OFF:
            return "check_ins.mode is off"
        return self.left_alone or (None if self.signal else self._around())

    def _around(self) -> str:
        known, last = self.presence.known_from, self.presence.last
        if known is not None and (last is None or last < known):
            return f"their past has not been read, so silence counts from {known:%Y-%m-%d} on"
        return _AROUND

    @property
    def next_at(self) -> datetime | None:
        """When silence would ask them next, if it does not now."""
        at = rule.next_at(self.presence, self.asked, self.settings)
        return at if self.member is not None and not self.member.inactive and at and at > self.now else None

    def as_json(self) -> Json:
        signal, known, member = self.signal, self.presence, self.member
        return {
            "owner": self.owner,
            "person": self.person.login,
            "team": member and {"by": member.source.value, "since": _day(member.since), "inactive": member.inactive},
            "known_from": _day(known.known_from),
            "last": _day(known.last),
            "months": {_month(month): days for month, days in sorted(known.months.items())},
            "doings": {
                doing.value: {_month(month): days for month, days in sorted(months.items())}
                for doing, months in known.doings.items()
            },
            "signs": {sign.value: _day(at) for sign, at in sorted(known.signs.items())},
            "signal": signal and {"because": signal.because.value, "why": rule.reason(signal)},
            "would_be_asked": self.why_not is None,
            "why_not": self.why_not,
            "mode": self.settings.mode.value,
            "no_place": self.no_place,
            "next_at": _day(self.next_at),
            "check_ins": [_check_in(one) for one in self.check_ins],
        }

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield self._team()
        yield from self._chart()
        for sign, at in sorted(self.presence.signs.items()):
            yield f"{sign.value} on {at:%Y-%m-%d}, which stands nowhere else"
        yield f"{self.signal.because.value}: {rule.reason(self.signal)}" if self.signal else "no silence, no decline"
        yield from self._would()
        for one in self.check_ins:
            yield _told(one)

    def _team(self) -> str:
        known = (
            f"; last seen on {self.presence.last:%Y-%m-%d}"
            if self.presence.last
            else "; nothing that they did is known"
        )
        if self.member is None:
            return f"not on the team of {self.owner}{known}"
        since = f"since {self.member.since:%Y-%m-%d}" if self.member.since else "longer than is known"
        inactive = ", inactive" if self.member.inactive else ""
        return f"on the team of {self.owner} {since}, as the {self.member.source.value} has it{inactive}{known}"

    def _chart(self) -> Iterator[str]:
        """A line for each month from the first on: a mark for each active day, and of what kinds they were."""
        months = self.presence.months
        for month in range(min(months, default=0), month_of(self.now) + 1) if months else ():
            days = months.get(Month(month), 0)
            kinds = [
                f"{doing.value.replace('_', ' ')} {counted[Month(month)]}"
                for doing, counted in self.presence.doings.items()
                if Month(month) in counted
            ]
            yield f"{_month(Month(month))}  {'#' * days:<31}  {days:>2}  {', '.join(kinds)}".rstrip()

    def _would(self) -> Iterator[str]:
        if self.why_not is not None:
            yield f"would not be asked now: {self.why_not}"
        elif self.settings.mode is Mode.SHADOW:
            yield "would be asked now, if check-ins were switched on"
        else:
            yield "would be asked now"
        if self.no_place is not None:
            yield f"nobody can be asked: {self.no_place}"
        if self.next_at is not None:
            yield f"if nothing more is heard of them, they would be asked from {self.next_at:%Y-%m-%d} on"


def explained(
    connection: Connection, name: str, owner: str | None, policies: Policies, now: datetime
) -> list[Explained]:
    """In the organisation `owner`; None: in each on whose team they are, or else in which they did anything. Raises
    NotKnown, and StoreUnavailable if the database is none of ours."""
    if migrations.revision(connection) != migrations.HEAD:
        raise StoreUnavailable("it is not a database of Switchback, or not yet upgraded: `serve` does that")
    who = export.find(connection, name)
    if who is None:
        raise NotKnown(f"nothing is known of {name}")
    table = schema.owners
    query = select(table.c.id, table.c.login).order_by(table.c.login)
    if owner is not None:
        query = query.where(func.lower(table.c.login) == owner.lower())
    found = [
        _explained(connection, OwnerId(id_), login, who, policies, now) for id_, login in connection.execute(query)
    ]
    known = [one for one in found if one is not None]
    on_team = [one for one in known if one.member is not None]
    seen = [one for one in known if one.presence.last is not None]
    chosen = known if owner is not None else on_team or seen
    if not chosen:
        raise NotKnown(f"nothing is known of {who.login} in {owner or 'any organisation'}")
    return chosen


def _explained(
    connection: Connection, owner_id: OwnerId, owner: str, who: Person, policies: Policies, now: datetime
) -> Explained | None:
    """None where the app may work in none of the repositories."""
    policy = homes.policy(connection, owner_id, policies)
    if policy is None:
        return None
    presence = presence_of(connection, owner_id, [who.id], policy, now)[who.id]
    asked = courtesy.asked_of(connection, owner_id, [who], policy, now)[who.id]
    _, no_place = homes.private(connection, owner_id, policies, now)
    return Explained(
        owner=owner,
        person=who,
        now=now,
        settings=policy.check_ins,
        member=members.member(connection, owner_id, who.id, policy, now),
        presence=presence,
        asked=asked,
        signal=rule.noticed(presence, asked, policy.check_ins, now),
        left_alone=rule.left_alone(presence, asked, policy.check_ins, now),
        no_place=no_place,
        check_ins=tuple(checkins.of_person(connection, owner_id, who.id)),
    )


def _check_in(one: CheckIn) -> Json:
    return {
        "at": _day(one.begun_at),
        "because": one.because.value,
        "state": one.state.value,
        "since": _day(one.state_at),
        "said": one.said and one.said.value,
        "again_at": _day(one.again_at),
    }


def _told(one: CheckIn) -> str:
    said = f": {one.said.value}" if one.said else ""
    again = f"; not again before {one.again_at:%Y-%m-%d}" if one.again_at else ""
    asked = f"check-in of {one.begun_at:%Y-%m-%d} ({one.because.value})"
    return f"{asked}: {one.state.value} on {one.state_at:%Y-%m-%d}{said}{again}"


def _month(month: Month) -> str:
    return f"{month_begins(month):%Y-%m}"


def _day(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d}"
