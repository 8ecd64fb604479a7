"""Rows into what somebody does in an organisation: kinds of activity, in which repositories, in which areas.

What a bot does is no activity, and neither are changes of files that do not count (activity.excluded_paths) and of team
files (team.files). What happens in a private repository is known there, and nowhere else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Connection, Select, and_, or_, select

from bot.memory import rows, schema
from bot.memory.recall import visible_repos
from bot.model import GHOST, Doing, OwnerId, Person, PersonId, PersonLook, RepoId, Step, Tally
from bot.policy import Policy

_OPENED: Final = {
    "issue": Doing.ISSUE, "pull_request": Doing.PULL_REQUEST, "discussion": Doing.DISCUSSION,
}  # fmt: skip
_SAID: Final = {"review": Doing.REVIEW, "review_comment": Doing.REVIEW}  # everything else is a comment
_TRIAGE: Final = frozenset({Step.LABELED, Step.UNLABELED, Step.ASSIGNED, Step.UNASSIGNED, Step.CLOSED, Step.REOPENED})


@dataclass(frozen=True, slots=True)
class _Act:
    doing: Doing
    repo_id: RepoId
    at: datetime
    labels: frozenset[str]
    paths: tuple[str, ...] | None
    landed: bool  # their own pull request, which was merged


def _act(
    doing: Doing, repo_id: int, at: datetime, labels: list[str] | None, paths: list[str] | None, *, landed: bool = False
) -> _Act:
    shown = None if paths is None else tuple(paths)
    return _Act(doing, RepoId(repo_id), at, frozenset(labels or ()), shown, landed)


def person_look(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, policy: Policy, *, seen_from: RepoId | None
) -> PersonLook:
    """`seen_from` is the repository where this is told; None: in none, so nothing private is in it."""
    row = rows.get(connection, schema.people, id=person_id)
    who = Person(person_id, row["login"], is_bot=row["is_bot"]) if row else GHOST
    belongs = rows.get(connection, schema.team, owner_id=owner_id, person_id=person_id)
    areas_of = cache(policy.areas_of)
    in_repos: defaultdict[RepoId, list[_Act]] = defaultdict(list)
    in_areas: defaultdict[str, list[_Act]] = defaultdict(list)
    landed: Counter[str] = Counter()
    names = _names(connection, owner_id)
    if who != GHOST and not policy.is_bot(who):
        for act in _acts(connection, who, visible_repos(owner_id, seen_from)):
            if policy.excludes(names.get(act.repo_id, ""), act.paths):
                continue
            in_repos[act.repo_id].append(act)
            for area in areas_of(act.labels, act.paths, names.get(act.repo_id, "")):
                in_areas[area].append(act)
                landed[area] += act.landed
    return PersonLook(
        person=who,
        is_team=bool(belongs and belongs["belongs"]) or int(person_id) == int(owner_id),
        in_repos={repo_id: _tallies(acts) for repo_id, acts in sorted(in_repos.items())},
        in_areas={area: _tallies(acts) for area, acts in sorted(in_areas.items())},
        landed={area: times for area, times in sorted(landed.items()) if times},
    )


def _names(connection: Connection, owner_id: OwnerId) -> dict[RepoId, str]:
    """What an owner's repositories are called."""
    table = schema.repos
    named = connection.execute(select(table.c.id, table.c.name).where(table.c.owner_id == owner_id))
    return {RepoId(repo_id): name for repo_id, name in named}


def _acts(connection: Connection, who: Person, visible: Select[tuple[int]]) -> Iterator[_Act]:
    thread, act, did, commit = schema.threads, schema.activity, schema.happenings, schema.commits
    shown = (thread.c.labels, thread.c.paths)
    opened = select(thread.c.kind, thread.c.repo_id, thread.c.created_at, thread.c.merged_at, *shown).where(
        thread.c.author_id == who.id, thread.c.repo_id.in_(visible), ~thread.c.gone
    )
    for kind, repo_id, at, merged_at, labels, paths in connection.execute(opened):
        yield _act(_OPENED[kind], repo_id, at, labels, paths, landed=merged_at is not None)
    of_act = and_(thread.c.repo_id == act.c.repo_id, thread.c.number == act.c.number)
    said = (
        select(act.c.kind, act.c.repo_id, act.c.at, *shown)
        .outerjoin(thread, of_act)
        .where(act.c.person_id == who.id, act.c.repo_id.in_(visible), ~act.c.gone)
    )
    for kind, repo_id, at, labels, paths in connection.execute(said):
        yield _act(_SAID.get(kind, Doing.COMMENT), repo_id, at, labels, paths)
    of_step = and_(thread.c.repo_id == did.c.repo_id, thread.c.number == did.c.number)
    done = (
        select(did.c.step, did.c.repo_id, did.c.at, thread.c.author_id, *shown)
        .join(thread, of_step)
        .where(did.c.person_id == who.id, did.c.repo_id.in_(visible), ~thread.c.gone)
    )
    for step, repo_id, at, author_id, labels, paths in connection.execute(done):
        if step == Step.MERGED:
            yield _act(Doing.MERGE, repo_id, at, labels, paths)
        elif step in _TRIAGE and author_id != who.id:
            yield _act(Doing.TRIAGE, repo_id, at, labels, paths)
    theirs = or_(commit.c.person_id == who.id, and_(commit.c.person_id.is_(None), commit.c.login == who.login.lower()))
    written = select(commit.c.repo_id, commit.c.at, commit.c.paths).where(theirs, commit.c.repo_id.in_(visible))
    for repo_id, at, paths in connection.execute(written):
        yield _act(Doing.COMMIT, repo_id, at, None, paths)


def _tallies(acts: Sequence[_Act]) -> tuple[Tally, ...]:
    by_doing: defaultdict[Doing, list[datetime]] = defaultdict(list)
    for act in acts:
        by_doing[act.doing].append(act.at)
    return tuple(
        Tally(doing=doing, count=len(times), first=min(times), last=max(times))
        for doing, times in sorted(by_doing.items())
    )
