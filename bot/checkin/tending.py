"""What is decided on the check-ins of an organisation, in memory: what is over, who is reminded, who takes over, and
who is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.checkin import choosing, gathering
from bot.checkin.choosing import Due, Facts
from bot.checkin.gathering import Standing
from bot.checkinnotes import Told
from bot.checkins import CheckIn, Said, State
from bot.effects import AnswerCheckIn
from bot.memory import attention, checkins, courtesy, evidence, ledger, notes, presence, switches, threads
from bot.memory.homes import Home
from bot.model import OwnerId, Person, PersonId, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import checkins as rule
from bot.team import About, Evidence, Note, Sign
from bot.worktime import Calendar

AT: Final = time(8)  # UTC
_DAY: Final = timedelta(days=1)
_APART: Final = timedelta(milliseconds=1)  # notes of the same moment to the same human

log = structlog.get_logger()


def switched(db: Connection, owner_id: OwnerId, mode: Mode, now: datetime) -> datetime:
    """Since when check-ins have been switched on without a break. What is only recorded may be about any time."""
    since = switches.found(db, checkins.NAME, owner_id, now, on=mode is Mode.ON)
    return since or datetime.min.replace(tzinfo=UTC)


def next_day(now: datetime) -> datetime:
    today = datetime.combine(now.date(), AT, UTC)
    return today if now < today else today + _DAY


def works(policy: Policy, now: datetime) -> bool:
    """Whether people may be asked and reminded now: nobody is on a Sunday, or before the day begins."""
    return now.time() >= AT and Calendar(policy.working_time).works(now)


def liked(
    db: Connection, owner_id: OwnerId, one: CheckIn, people: Collection[PersonId], policy: Policy, now: datetime
) -> None:
    """A 👍 or a ❤️ at the question: their own is an answer, another's a word for them."""
    for id_ in sorted(people):
        if threads.person(db, id_).is_bot or one.place is None:
            continue
        if id_ == one.person.id:
            order = AnswerCheckIn(
                rule=rule.NAME, key="", why="", thread=one.place, person=one.person, as_of=now, said=Said.HERE,
                again_at=now + policy.check_ins.again,
            )  # fmt: skip
            checkins.answer(db, owner_id, order)
        else:
            word = Evidence(person=one.person.id, sign=Sign.VOUCH, at=now, by=id_, place=one.place)
            evidence.keep(db, owner_id, word)


def humans(db: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> list[Person]:
    """Who could take over, if there is anything to take over now."""
    found = gathering.standing(db, owner_id, policy, now)
    told = gathering.facts(db, owner_id, found, policy, now)
    due = (one for one in found.open if one.state is State.ASKED)
    if not any(choosing.to_hand_over(told[one.person.id], policy.check_ins, now) for one in due):
        return []
    return gathering.humans(db, owner_id, policy.check_ins.hand_to, policy, now)


def tend(
    db: Connection, owner_id: OwnerId, policy: Policy, home: Home | None, humans: Sequence[Person], now: datetime
) -> Standing:
    """What is over ends; who is due a reminder gets one, if there is a private place; what nobody answered is handed
    over to one of these. How it stands after that."""
    found = gathering.standing(db, owner_id, policy, now)
    told = gathering.facts(db, owner_id, found, policy, now)
    taken = 0
    for one in found.open:
        facts = told[one.person.id]
        if (state := choosing.ends(one, facts)) is not None:
            _end(db, owner_id, one, state, facts, policy, home, now)
        elif (state := _lost(one, policy, home, now)) is not None:
            checkins.becomes(db, owner_id, one, state, now)
        elif one.state is State.ASKED and home is not None and _is_in(one, home) and works(policy, now):
            taken += _go_on(db, owner_id, one, facts, humans, policy, now + taken * _APART)
    return gathering.standing(db, owner_id, policy, now)


def _lost(one: CheckIn, policy: Policy, home: Home | None, now: datetime) -> State | None:
    """What becomes of a question that nobody could read: it is due again. Of one in another place than today's, where
    nothing more is said, nothing is expected after a while. None: it is neither."""
    if one.state is not State.ASKED:
        return None
    if one.place is None:
        return State.DUE if home is None or one.state_at + choosing.WEEK <= now else None
    elsewhere = home is not None and not _is_in(one, home)
    return State.OVER if elsewhere and one.state_at + policy.check_ins.hand_over_after <= now else None


def _is_in(one: CheckIn, home: Home) -> bool:
    return one.place is not None and one.place.repo_id == home.repo.id


def _end(
    db: Connection, owner_id: OwnerId, one: CheckIn, state: State, facts: Facts, policy: Policy, home: Home | None,
    now: datetime,
) -> None:  # fmt: skip
    """Whoever closes the issue answers by that, or by any word in it. Whoever was seen hears so, unless a human has it
    by now."""
    again_at = now + policy.check_ins.again if facts.closed or facts.spoke else None
    checkins.becomes(db, owner_id, one, state, now, again_at=again_at)
    log.info("check-in is over", state=one.state.value)
    told = one.state is State.ASKED and facts.question_at is not None
    told = told and not (facts.closed or facts.spoke or choosing.wants_none(facts))
    if told and home is not None and _is_in(one, home) and choosing.is_seen(one, facts):
        _note(db, owner_id, About.SEEN, one.person.id, one, now)


def _go_on(
    db: Connection, owner_id: OwnerId, one: CheckIn, facts: Facts, humans: Sequence[Person], policy: Policy,
    now: datetime,
) -> int:  # fmt: skip
    """Reminds, or hands over. How many were handed over."""
    settings = policy.check_ins
    if choosing.to_remind(facts, gathering.reminders(db, owner_id, one, now), settings, now):
        _note(db, owner_id, About.REMINDER, one.person.id, one, now)
        return 0
    if not choosing.to_hand_over(facts, settings, now):
        return 0
    turn = choosing.in_turn(humans, list(checkins.of_owner(db, owner_id).values()), one)
    if not turn:  # nobody is told; it is left standing
        checkins.becomes(db, owner_id, one, State.HANDED, now)
        return 0
    free = [human for human in turn if attention.free(db, owner_id, human.id, policy.limits, now)]
    if not free:  # somebody has had enough for now
        return 0
    checkins.becomes(db, owner_id, one, State.HANDED, now, handed_to=free[0].id)
    _note(db, owner_id, About.HANDED, free[0].id, one, now)
    return 1


def _note(db: Connection, owner_id: OwnerId, about: About, who: PersonId, one: CheckIn, now: datetime) -> None:
    assert one.place is not None, "nothing is said of a check-in that has no issue"
    note = Note(owner_id=owner_id, about=about, person=who, at=now, matter=one.begun_at, place=one.place)
    notes.write(db, note)
    log.info("tells of a check-in", about=about.value)


def due(db: Connection, owner_id: OwnerId, found: Standing, policy: Policy, now: datetime) -> list[Due]:
    """Who of the team may be asked now, whoever was not seen for longest first."""
    people = [one.person for one in found.team.values()]
    return choosing.due(
        list(found.team.values()),
        presence.presence_of(db, owner_id, [one.id for one in people], policy, now),
        courtesy.asked_of(db, owner_id, people, policy, now),
        found.known,
        policy.check_ins,
        now,
    )


def room(db: Connection, owner_id: OwnerId, policy: Policy, now: datetime, *, shadow: bool = False) -> int:
    """How many more may be asked this week; or would be, in shadow mode. Those count whose issue could not be opened
    yet."""
    asked = notes.of_owner(db, owner_id, now - choosing.WEEK, About.QUESTION)
    free = policy.check_ins.a_week - sum((note.place == notes.NOWHERE) is shadow for note in asked)
    if shadow:
        return free
    latest = checkins.of_owner(db, owner_id).values()
    return free - sum(one.state is State.ASKED and one.place is None for one in latest)


def begin(db: Connection, owner_id: OwnerId, one: Due, state: State, now: datetime) -> None:
    if one.known is None:
        checkins.begin(db, owner_id, one.person.id, one.because, state, now)
    elif one.known.state is not state:
        checkins.becomes(db, owner_id, one.known, state, now)


def record(db: Connection, owner_id: OwnerId, home: Home | None, policy: Policy, now: datetime) -> None:
    """In shadow mode it is only noted who would be asked."""
    found = gathering.standing(db, owner_id, policy, now)
    free = room(db, owner_id, policy, now, shadow=True)
    before = {note.person for note in notes.of_owner(db, owner_id, now - policy.check_ins.again, About.QUESTION)}
    those = [one for one in due(db, owner_id, found, policy, now) if one.person.id not in before]
    for one in those[: max(0, free)]:
        note = Note(
            owner_id=owner_id, about=About.QUESTION, person=one.person.id, at=now, matter=now, place=notes.NOWHERE
        )
        notes.write(db, note)
        if home is not None:
            say = rule.speech(Told(note=note, person=one.person, about=()), policy, organisation=home.repo.owner)
            ledger.shadow(db, say, one.person.id, home.repo, home.installation, now)


def placed(db: Connection, owner_id: OwnerId, one: CheckIn, place: ThreadRef, now: datetime) -> None:
    """The issue is there: the question can come to whom it is for."""
    checkins.at(db, owner_id, one.person.id, one.begun_at, place)
    about, who = About.QUESTION, one.person.id
    notes.write(db, Note(owner_id=owner_id, about=about, person=who, at=now, matter=one.begun_at, place=place))


def first_names(found: Standing, those: Sequence[CheckIn]) -> Mapping[PersonId, str]:
    return {one.person.id: member.given_name for one in those if (member := found.team.get(one.person.id))}
