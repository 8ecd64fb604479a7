"""Who is asked, and what becomes of a question as time goes by. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.checkins import Because, CheckIn, State
from bot.model import Person, PersonId
from bot.presence import Asked, Presence
from bot.rules import presence as rule
from bot.team import Member
from bot.teampolicy import CheckIns

FIRST: Final = timedelta(days=7)  # in which nobody is asked, after check-ins are switched on
WEEK: Final = timedelta(days=7)
LINGERS: Final = timedelta(days=3)  # an issue of ours, when all in it is over

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Somebody may be asked. `known`: the check-in that was only due so far, if there is one."""

    person: Person
    because: Because
    last: datetime | None
    known: CheckIn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of somebody who is asked. `question_at`: when they really were (None: not yet). `held`: for how
    long of the time since then they were away. `closed`: somebody closed the issue. `spoke`: they wrote something
    there, to people. `reminded_at`: when it was last decided to remind them."""

    asked: Asked
    presence: Presence
    on_team: bool = True
    question_at: datetime | None = None
    held: timedelta = timedelta()
    closed: bool = False
    spoke: bool = False
    reminded_at: datetime | None = None


def due(
    team: Sequence[Member], presences: Mapping[PersonId, Presence], asked: Mapping[PersonId, Asked],
    known: Mapping[PersonId, CheckIn], settings: CheckIns, now: datetime,
) -> list[Due]:  # fmt: skip
    """Those of whom there was no sign for longest come first, and last those who could not read the place so far."""
    found = []
    for one in team:
        id_, before = one.person.id, known.get(one.person.id)
        told = rule.signal(presences[id_], asked[id_], settings, now)
        only_due = before is not None and before.state in {State.DUE, State.UNREACHABLE}
        if told is not None:
            found.append(
                Due(person=one.person, because=told.because, last=told.last, known=before if only_due else None)
            )
    return sorted(found, key=_turn)


def _turn(one: Due) -> tuple[bool, datetime, PersonId]:
    return one.known is not None and one.known.state is State.UNREACHABLE, one.last or _NEVER, one.person.id


def ends(one: CheckIn, facts: Facts) -> State | None:
    """Whether a check-in is over without a command, and as what. Whatever they write there is an answer, for people to
    read. A sign of them counts if it came since it began."""
    if wants_none(facts) or facts.closed:
        return State.OVER
    if facts.spoke:
        return State.ANSWERED if one.handed_to is None else State.OVER
    if is_seen(one, facts):
        return State.OVER
    return State.OVER if not facts.on_team and one.state is not State.HANDED else None


def wants_none(facts: Facts) -> bool:
    return facts.asked.never or facts.asked.opted_out or facts.asked.stepped_back


def is_seen(one: CheckIn, facts: Facts) -> bool:
    last = facts.presence.last
    return last is not None and last > one.begun_at


def to_remind(facts: Facts, reminded: Sequence[datetime], settings: CheckIns, now: datetime) -> bool:
    """Each reminder once, and as far apart as the settings have them, also where one could not be given in time."""
    begun, number = _begun(facts), len(reminded)
    if begun is None or number >= len(settings.remind) or begun + settings.remind[number] > now:
        return False
    return number == 0 or max(reminded) + settings.remind[number] - settings.remind[number - 1] <= now


def to_hand_over(facts: Facts, settings: CheckIns, now: datetime) -> bool:
    """Also after a long break in which nothing could be said, they have as long as usual after the last reminder."""
    begun = _begun(facts)
    if begun is None or begun + settings.hand_over_after > now:
        return False
    left = settings.hand_over_after - settings.remind[-1] if settings.remind else timedelta()
    return facts.reminded_at is None or facts.reminded_at + left <= now


def _begun(facts: Facts) -> datetime | None:
    """From when on the days are counted. While somebody is away they are not."""
    if facts.question_at is None or facts.asked.away:
        return None
    return facts.question_at + facts.held


def in_turn(humans: Sequence[Person], known: Sequence[CheckIn], one: CheckIn) -> list[Person]:
    """Who could take a check-in over, whoever did so longest ago first."""
    took: dict[PersonId, datetime] = {}
    for other in known:
        if other.handed_to is not None:
            took[other.handed_to] = max(other.state_at, took.get(other.handed_to, _NEVER))
    others = [human for human in humans if human.id != one.person.id]
    return sorted(others, key=lambda human: took.get(human.id, _NEVER))
