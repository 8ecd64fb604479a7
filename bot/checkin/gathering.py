"""What memory knows of the check-ins of an organisation: for those who decide, and for a look at a thread."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from bot.checkin.choosing import Facts
from bot.checkinnotes import Told
from bot.checkins import CheckIn, State
from bot.looking import ThreadLook
from bot.memory import attention, boards, care, checkins, courtesy, ledger, members, notes, presence, schema, threads
from bot.model import OwnerId, Person, PersonId, ThreadRef
from bot.policy import Policy
from bot.rules.checkins import ABOUTS, key_of
from bot.team import About, Member, Note

_BACK: Final = timedelta(days=120)  # a note is not said later than this


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`known`: the latest check-in of each. `team`: by id."""

    known: Mapping[PersonId, CheckIn]
    team: Mapping[PersonId, Member]

    @property
    def open(self) -> list[CheckIn]:
        return [one for one in self.known.values() if one.is_open]


def standing(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> Standing:
    team = members.team_of(connection, owner_id, policy, now)
    return Standing(
        known=checkins.of_owner(connection, owner_id),
        team={one.person.id: one for one in team if not policy.is_bot(one.person)},
    )


def facts(
    connection: Connection, owner_id: OwnerId, found: Standing, policy: Policy, now: datetime
) -> dict[PersonId, Facts]:
    """Of those who have an open check-in. Where nobody is on the team its files could not be read yet."""
    people = [one.person for one in found.open]
    asked = courtesy.asked_of(connection, owner_id, people, policy, now)
    present = presence.presence_of(connection, owner_id, [person.id for person in people], policy, now)
    told = {}
    for one in found.open:
        id_, question_at = one.person.id, question_said_at(connection, owner_id, one)
        held = checkins.held(connection, owner_id, id_, question_at, now) if question_at else timedelta()
        told[id_] = Facts(
            asked=asked[id_], presence=present[id_], on_team=id_ in found.team or not found.team,
            question_at=question_at, held=held,
            closed=one.place is not None and _closed_by_hand(connection, owner_id, one.place),
            spoke=one.place is not None and checkins.spoke(connection, one.person.id, one.place, one.begun_at),
            reminded_at=max((note.at for note in _reminders(connection, owner_id, one)), default=None),
        )  # fmt: skip
    return told


def together(connection: Connection, owner_id: OwnerId, found: Standing) -> frozenset[PersonId]:
    """Who agreed to be asked together with others, and has a first name to be called by."""
    named = {id_ for id_, member in found.team.items() if member.given_name}
    return frozenset(id_ for id_, one in care.of_owner(connection, owner_id).items() if one.together and id_ in named)


def question(connection: Connection, owner_id: OwnerId, one: CheckIn) -> Note | None:
    """The note that brings a check-in to whom it is for."""
    found = notes.of_person(connection, owner_id, one.person.id, About.QUESTION)
    return next((note for note in found if note.matter == one.begun_at and note.place != notes.NOWHERE), None)


def asking(connection: Connection, owner_id: OwnerId, one: CheckIn) -> list[Note]:
    """The question, and the reminders of it: what somebody may have a 👍 at."""
    found = notes.of_person(connection, owner_id, one.person.id, About.QUESTION, About.REMINDER)
    return [note for note in found if note.matter == one.begun_at and note.place != notes.NOWHERE]


def question_said_at(connection: Connection, owner_id: OwnerId, one: CheckIn) -> datetime | None:
    note = question(connection, owner_id, one)
    return None if note is None else ledger.done_at(connection, [key_of(note)]).get(key_of(note))


def reminders(connection: Connection, owner_id: OwnerId, one: CheckIn, now: datetime) -> list[datetime]:
    """When they were reminded; now, where that waits until they may be mentioned."""
    keys = [key_of(note) for note in _reminders(connection, owner_id, one)]
    said = ledger.done_at(connection, keys)
    return [said.get(key, now) for key in keys]


def _reminders(connection: Connection, owner_id: OwnerId, one: CheckIn) -> list[Note]:
    found = notes.of_person(connection, owner_id, one.person.id, About.REMINDER)
    return [note for note in found if note.matter == one.begun_at]


def _closed_by_hand(connection: Connection, owner_id: OwnerId, place: ThreadRef) -> bool:
    board = boards.at(connection, owner_id, place)
    return board is not None and board.closed_at is None and boards.is_closed(connection, board)


def humans(
    connection: Connection, owner_id: OwnerId, logins: Iterable[str], policy: Policy, now: datetime
) -> list[Person]:
    """Those of these who are known, and have not asked to be left alone. Whoever is away may be back before long."""
    names = [login.casefold() for login in logins]
    table = schema.people
    query = select(table.c.id, func.lower(table.c.login)).where(func.lower(table.c.login).in_(names))
    ids = {login: id_ for id_, login in connection.execute(query.order_by(table.c.heard_at))}
    people = [threads.person(connection, ids[name]) for name in names if name in ids]
    told = courtesy.asked_of(connection, owner_id, people, policy, now)
    return [one for one in people if not told[one.id].opted_out and not policy.leaves_alone(one)]


def with_check_ins(connection: Connection, look: ThreadLook, policy: Policy, now: datetime) -> ThreadLook:
    """With what is asked in an issue of ours, and what people are to be told there."""
    ref, owner_id = look.thread.ref, look.thread.repo.owner_id
    here = checkins.in_thread(connection, ref)
    if not here:
        return look
    told = tuple(_told(connection, ref, here, now))
    free = attention.free_of(connection, owner_id, {one.person.id for one in told}, policy.limits, now)
    return replace(look, check_ins=tuple(here), check_in_told=told, reachable=look.reachable | free)


def _told(connection: Connection, ref: ThreadRef, here: Collection[CheckIn], now: datetime) -> Iterable[Told]:
    """Of several reminders of the same the last."""
    found = notes.told_in(connection, ref, now - _BACK, *ABOUTS)
    kept: dict[object, Note] = {}
    again = set[object]()
    for note in found:
        key: object = (note.person, note.matter) if note.about is About.REMINDER else note
        if key in kept:
            again.add(key)
        kept[key] = note
    for key, note in kept.items():
        about = tuple(one for one in here if _is_about(note, one))
        yield Told(note=note, person=threads.person(connection, note.person), about=about, again=key in again)


def _is_about(note: Note, one: CheckIn) -> bool:
    if note.about is About.HANDED:
        return one.state is State.HANDED and (one.handed_to, one.state_at) == (note.person, note.at)
    return (one.person.id, one.begun_at) == (note.person, note.matter)
