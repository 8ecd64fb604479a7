"""What memory knows of what somebody may want to hand over, and who could be next. Only people who agreed to be asked
about such things are named, while they are there; the bot mentions none of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.farewells import HandOver, Held, Leave, News, Task
from bot.inforce import Policies
from bot.memory import attention, checkins, handover, leaves, mentorings, on_call, recall, returning, rota, rows, schema
from bot.memory import candidates as able
from bot.memory.homes import Home
from bot.mentoring.roster import roster
from bot.mentors import Mentoring, State
from bot.model import OwnerId, Person, PersonId, Repo, ThreadRef
from bot.policy import Policy
from bot.waiting import Rota

_ACTIVE: Final = timedelta(days=90)  # who said something within this time can be asked
_YEARS: Final = timedelta(days=730)  # in which it shows where somebody mostly was


@dataclass(frozen=True, slots=True)
class _Next:
    """Finds who could be next."""

    db: Connection
    owner_id: OwnerId
    who: PersonId
    on_duty: Rota
    now: datetime

    def of(self, areas: Collection[str], ref: ThreadRef | None = None) -> str:
        """The login of somebody who agreed to be asked about one of these areas, or about all; "": nobody did."""
        for area in (*sorted(areas), ""):
            for one in self.on_duty.areas.get(area, ()):
                if one.id != self.who and not attention.away(self.db, self.owner_id, one.id, self.now, ref):
                    return one.login
        return ""


def hand_over(
    db: Connection, owner_id: OwnerId, leave: Leave, home: Home, policies: Policies, now: datetime
) -> HandOver:
    """All that is known but for the team file. Of somebody who steps back from some repositories only, what
    is there."""
    who, policy, place = leave.person.id, home.policy, home.repo.id
    then = _Next(db, owner_id, who, rota.rota(db, owner_id, policy, now), now)
    held = [find(db, owner_id, who, policy, place) for find in (handover.claims, handover.reviews, handover.pulls)]
    claims, reviews, pulls = ([_task(one, then) for one in found if _is_left(one.name, leave)] for found in held)
    return HandOver(
        knows=tuple(_known(db, owner_id, leave, home, then)),
        claims=tuple(claims),
        reviews=tuple(reviews),
        pulls=tuple(pulls),
        mentors=tuple(_mentored(db, owner_id, leave, home, policies, now)),
    )


def _task(one: Held, then: _Next) -> Task:
    return Task(about=one.name, next=then.of(one.areas, one.ref))


def _is_left(name: str, leave: Leave) -> bool:
    """`name`: of a thread, as `organisation/repository#12`."""
    return leave.is_from(name.partition("#")[0].partition("/")[2])


def _known(db: Connection, owner_id: OwnerId, leave: Leave, home: Home, then: _Next) -> Iterable[Task]:
    policy = home.policy
    for one in handover.known(db, owner_id, leave.person.id, policy, then.now, home.repo.id):
        if one.is_area and leave.is_whole:
            yield Task(about=one.name, next=then.of([one.name]), is_area=True)
        elif not one.is_area and leave.is_from(one.name):
            yield Task(about=one.name, next=then.of([area.name for area in policy.areas if area.has(one.name)]))


def _mentored(
    db: Connection, owner_id: OwnerId, leave: Leave, home: Home, policies: Policies, now: datetime
) -> Iterable[Task]:
    """Where they mentor somebody, with a mentor who is free and knows most of it."""
    for one in mentorings.of_owner(db, owner_id, (State.RUNNING,)):
        where = recall.repo(db, one.ref.repo_id)
        if leave.person.id not in {ask.person.id for ask in one.mentors} or where is None:
            continue
        if leave.is_from(where.name) and (not where.private or where.id == home.repo.id):
            yield Task(
                about=f"{where.full_name}#{one.ref.number}", next=_mentor(db, owner_id, one, home, policies, now)
            )


def _mentor(db: Connection, owner_id: OwnerId, one: Mentoring, home: Home, policies: Policies, now: datetime) -> str:
    busy = {ask.person.id for ask in one.mentors} | ({one.mentee.id} if one.mentee else set())
    need = able.need(db, one, home.policy, now)
    them = roster(db, owner_id, policies, home.policy, now)
    found = able.candidates(db, owner_id, need, them, home.policy, now)
    free = [each for each in found if each.is_free and each.person.id not in busy]
    best = max(free, key=lambda each: (sum(each.knows.values()) + each.here, -each.person.id), default=None)
    return best.person.login if best is not None else ""


# Who is here again


def place_of(db: Connection, owner_id: OwnerId, who: PersonId, home: Home | None) -> ThreadRef | None:
    """The last issue of somebody's own in the private place, if there is one in which something can be said."""
    if home is None:
        return None
    own = [one.place for one in leaves.of_person(db, owner_id, who)]
    own += [one.place for one in checkins.of_person(db, owner_id, who) if _is_own(db, one.place)]
    for ref in reversed(own):
        if ref is not None and ref.repo_id == home.repo.id and _can_be_told(db, ref):
            return ref
    return None


def _is_own(db: Connection, ref: ThreadRef | None) -> bool:
    """Whether a check-in stands there alone, not with others."""
    return ref is not None and len({one.person.id for one in checkins.in_thread(db, ref)}) == 1


def _can_be_told(db: Connection, ref: ThreadRef) -> bool:
    row = rows.get(db, schema.threads, repo_id=ref.repo_id, number=ref.number)
    return row is not None and not row["gone"] and not row["locked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What memory knows of it; `repo`: where somebody mostly was before, whose releases have to be asked for."""

    news: News
    repo: Repo | None


def meanwhile(
    db: Connection, owner_id: OwnerId, who: Person, since: datetime, policy: Policy, now: datetime
) -> Meanwhile:
    id_ = handover.main_repo(db, owner_id, who.id, since - _YEARS)
    where = None if id_ is None else recall.repo(db, id_)
    if where is None:
        return Meanwhile(news=News(), repo=None)
    news = News(
        repository=where.name,
        merged=returning.merged(db, where.id, since),
        ask=_whom_to_ask(db, owner_id, who.id, where, policy, now),
    )
    return Meanwhile(news=news, repo=where)


def _whom_to_ask(db: Connection, owner_id: OwnerId, who: PersonId, where: Repo, policy: Policy, now: datetime) -> str:
    """Somebody who agreed to be asked, about what the repository is about first, and was there of late."""
    on_duty = rota.rota(db, owner_id, policy, now)
    areas = [area.name for area in policy.areas if area.has(where.name)]
    willing = [one for area in (*areas, "") for one in on_duty.areas.get(area, ())]
    willing += [*on_duty.members, *on_call.by_login(db, owner_id, policy.need_help.roster).values()]
    here = returning.were_here(db, where.id, [one.id for one in willing], now - _ACTIVE)
    there = ThreadRef(where.id, 0)
    able_ = (one for one in willing if one.id in here and one.id != who)
    return next((one.login for one in able_ if not attention.away(db, owner_id, one.id, now, there)), "")


def teams_to_give(leave: Leave, now_in: Sequence[str]) -> tuple[str, ...]:
    """The teams in which they were then and are not now."""
    return tuple(slug for slug in leave.standing if slug not in now_in)
