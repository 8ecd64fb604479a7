"""`python -m bot check-ins`: how the check-ins of an organisation stand, for its admins at the terminal. It is about
people who trust them, and is written nowhere else."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from bot.checkin import choosing
from bot.checkins import CheckIn, State
from bot.inforce import Policies
from bot.memory import checkins, homes, leaves, members, notes, readings, threads
from bot.model import OwnerId, PersonId
from bot.policytypes import Mode
from bot.rules.checkins import NAME
from bot.team import About

_SAYS: Final = {
    State.DUE: "is due since",
    State.UNREACHABLE: "is due, and cannot read the place since",
    State.ASKED: "has been asked, since",
    State.ANSWERED: "answered on",
    State.HANDED: "has not answered, as of",
    State.OVER: "need not be asked any more, since",
}
_WOULD: Final = "would be asked"
_LEFT: Final = "stepped back, and nothing could be prepared"
_OTHERS: Final = {_WOULD: "would have been asked on", _LEFT: "stepped back, and no list could be prepared, on"}
_ORDER: Final = list(_SAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody, how it is with them, and since when. `to`: the human who has it now."""

    login: str
    state: str
    since: datetime
    to: str = ""

    def text(self) -> str:
        words = (_OTHERS | {state.value: says for state, says in _SAYS.items()})[self.state]
        human = f"; {self.to} was told" if self.to else ""
        return f"{self.login} {words} {self.since:%Y-%m-%d}{human}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`why_not`: why nobody can be asked; None: they can. `left`: who stepped back where nothing could be prepared."""

    organisation: str
    mode: str
    place: str | None
    why_not: str | None
    lines: Sequence[Line]
    left: Sequence[Line]

    def text(self) -> Iterator[str]:
        where = f"in {self.place}" if self.place else self.why_not
        yield f"{self.organisation}: check-ins are {_MODES[self.mode]}; {where}"
        yield from (f"  {line.text()}" for line in (*self.lines, *self.left))
        if not self.lines and not self.left:
            yield "  nobody is due, or was asked of late"

    def as_json(self) -> dict[str, Any]:
        lines = [
            {"person": line.login, "state": line.state, "since": line.since.isoformat(), "handed_to": line.to or None}
            for line in (*self.lines, *self.left)
        ]
        told = {"organisation": self.organisation, "mode": self.mode, "place": self.place, "why_not": self.why_not}
        return {**told, "people": lines}


_MODES: Final = {"on": "switched on", "shadow": "in shadow mode: nobody is asked", "off": "switched off"}


class NothingKnown(Exception):
    """No organisation of this name is known here."""


def printed(connection: Connection, name: str | None, policies: Policies, now: datetime) -> list[Told]:
    """Of this organisation, or of all. Raises NothingKnown."""
    accounts = readings.accounts(connection)
    those = [one for one in accounts if name is None or one.login.casefold() == name.casefold()]
    if not those:
        raise NothingKnown(f"{name} is not known here" if name else "no organisation is known here")
    return [_told(connection, one.id, one.login, policies, now) for one in those]


def due(connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime) -> tuple[list[str], str | None]:
    """Who would be asked if there were a private place, by login, and why there is none (None: there is one)."""
    _, why_not = homes.private(connection, owner_id, policies, now)
    known = checkins.of_owner(connection, owner_id).values()
    return sorted(one.person.login for one in known if one.state is State.DUE), why_not


def _told(connection: Connection, owner_id: OwnerId, login: str, policies: Policies, now: datetime) -> Told:
    home, why_not = homes.private(connection, owner_id, policies, now)
    policy = homes.policy(connection, owner_id, policies)
    mode = Mode.OFF if policy is None else policy.mode(NAME)
    known = [one for one in checkins.of_owner(connection, owner_id).values() if _is_of_late(one, now)]
    known.sort(key=lambda one: (_ORDER.index(one.state), one.state_at, one.person.login))
    lines = [_line(connection, one) for one in known]
    if policy is not None and mode is Mode.SHADOW:
        team = members.team_of(connection, owner_id, policy, now)
        lines += _would_be(connection, owner_id, {one.person.id for one in team}, now)
    left = [
        Line(login=one.person.login, state=_LEFT, since=one.at)
        for one in leaves.of_owner(connection, owner_id)
        if one.back_at is None and one.place is None
    ]
    place = home.repo.full_name if home else None
    return Told(organisation=login, mode=mode.value, place=place, why_not=why_not, lines=lines, left=left)


def _is_of_late(one: CheckIn, now: datetime) -> bool:
    return one.is_open or one.state_at > now - 4 * choosing.WEEK


def _line(connection: Connection, one: CheckIn) -> Line:
    human = threads.person(connection, one.handed_to).login if one.handed_to else ""
    return Line(login=one.person.login, state=one.state.value, since=one.state_at, to=human)


def _would_be(connection: Connection, owner_id: OwnerId, team: Container[PersonId], now: datetime) -> Iterator[Line]:
    """Of those who are of the team still."""
    for note in notes.of_owner(connection, owner_id, now - 4 * choosing.WEEK, About.QUESTION):
        if note.place == notes.NOWHERE and note.person in team:
            person = threads.person(connection, note.person)
            yield Line(login=person.login, state=_WOULD, since=note.at)
