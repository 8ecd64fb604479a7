"""All open threads of an organisation, with whom each waits for, and for how long. Reads memory, and asks nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select

from bot.inforce import Policies
from bot.memory import newcomers, overview, recall, schema, stops, waits
from bot.memory.recall import visible_repos
from bot.model import OpenThread, OwnerId, PersonId, Repo, RepoId, Thread, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules.waits import allowed, derive
from bot.waiting import Case, Facts
from bot.worktime import Calendar

NAME: Final = "triage"

_AROUND: Final = timedelta(days=7)  # then somebody has the thread before their eyes

_OWNER: Final[BindParameter[Any]] = bindparam("owner_id")
_OUT: Final = schema.optouts.c
_SILENT: Final = select(_OUT.person_id).where(_OUT.owner_id == _OWNER, _OUT.opted_out)
_TEAM: Final = select(schema.team.c.person_id).where(schema.team.c.owner_id == _OWNER, schema.team.c.belongs)
_SNOOZES: Final = schema.snoozes.c
_ASLEEP: Final = select(_SNOOZES.repo_id, _SNOOZES.number).where(_SNOOZES.until > bindparam("now"))


@dataclass(frozen=True, slots=True)
class _Place:
    repo: Repo
    policy: Policy
    calendar: Calendar
    is_paused: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What is told of many threads at once: their facts, who belongs to the team, which authors are new, which want to
    be left alone, and which threads are snoozed."""

    facts: Mapping[ThreadRef, Facts]
    team: frozenset[PersonId]
    new: frozenset[PersonId]
    silent: frozenset[PersonId]
    snoozed: frozenset[ThreadRef]


def cases(
    connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime, *, seen_from: RepoId | None,
    with_private: bool = False,
) -> list[Case]:  # fmt: skip
    """Every open thread of the repositories in which triage is not switched off, by repository and number. Only of
    those that may be told of in `seen_from`, unless `with_private`: then the caller has to take care."""
    repo = schema.repos.c.id
    seen = set(connection.scalars(select(repo).where(repo.in_(visible_repos(owner_id, seen_from)))))
    places = [
        place
        for repo_id in overview.covered_repos(connection, owner_id)
        if (with_private or repo_id in seen) and (place := _place(connection, repo_id, policies, now)) is not None
    ]
    found = [(place, one) for place in places for one in overview.open_threads(connection, place.repo.id, place.policy)]
    known = _known(connection, owner_id, found, now)
    return [_case(place, one.thread, known, now) for place, one in found]


def case(connection: Connection, ref: ThreadRef, policies: Policies, now: datetime) -> Case | None:
    """One of them; None if it is closed or gone, or triage is switched off there."""
    place = _place(connection, ref.repo_id, policies, now)
    if place is None:
        return None
    found = [(place, one) for one in overview.open_threads(connection, ref.repo_id, place.policy, only=ref.number)]
    known = _known(connection, place.repo.owner_id, found, now)
    return next((_case(place, one.thread, known, now) for place, one in found), None)


def _place(connection: Connection, repo_id: RepoId, policies: Policies, now: datetime) -> _Place | None:
    where = recall.repo(connection, repo_id)
    if where is None or where.archived:
        return None
    policy = policies(connection, where)
    if policy.mode(NAME) is Mode.OFF:
        return None
    calendar = Calendar(policy.working_time, stops.pauses(connection, where))
    return _Place(where, policy, calendar, stops.hush(connection, where, now).paused_until is not None)


def _known(connection: Connection, owner_id: OwnerId, found: list[tuple[_Place, OpenThread]], now: datetime) -> _Known:
    facts: dict[ThreadRef, Facts] = {}
    for where, those in groupby(found, key=lambda one: one[0].repo):
        facts |= waits.facts_of(connection, where, [one.thread for _, one in those])
    authors = {one.thread.author.id for _, one in found}
    owner = {"owner_id": owner_id}
    return _Known(
        facts=facts,
        team=frozenset({PersonId(owner_id), *map(PersonId, connection.scalars(_TEAM, owner))}),
        new=newcomers.newcomers(connection, owner_id, authors, now),
        silent=frozenset(PersonId(id_) for id_ in connection.scalars(_SILENT, owner)),
        snoozed=frozenset(
            ThreadRef(RepoId(repo_id), number) for repo_id, number in connection.execute(_ASLEEP, {"now": now})
        ),
    )


def _case(place: _Place, thread: Thread, known: _Known, now: datetime) -> Case:
    is_new = thread.author.id in known.new
    facts = replace(known.facts.get(thread.ref, Facts()), by_team=thread.author.id in known.team)
    waiting = derive(thread, facts, place.policy)
    return Case(
        thread=thread,
        waiting=waiting,
        areas=place.policy.areas_of(thread.labels, thread.paths, place.repo.name),
        newcomer=is_new,
        waited=place.calendar.days(waiting.since, now),
        allowed=allowed(waiting, thread, place.policy, newcomer=is_new),
        around=frozenset(_around(thread, now)),
        by_team=thread.author.id in known.team,
        opted_out=thread.author.id in known.silent or place.policy.leaves_alone(thread.author),
        asleep=place.is_paused or thread.ref in known.snoozed,
    )


def _around(thread: Thread, now: datetime) -> Iterator[PersonId]:
    """Who opened it, or said or did something there of late."""
    yield thread.author.id
    yield from (one.person.id for one in thread.history if one.at > now - _AROUND)
    yield from (answer.person.id for answer in thread.answers if answer.at > now - _AROUND)
