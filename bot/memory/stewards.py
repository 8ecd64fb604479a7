"""Rows into who looks after what: what each did in each repository and area, and who is around.

A few queries for all of it, however many people and repositories there are. What bots do is left out, and so are
changes of files that do not count (activity.excluded_paths), what happens to issues that bots opened, and reviews and
triage of one's own threads.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, and_, func, select

from bot.memory import leaves, schema
from bot.memory.recall import visible_repos
from bot.model import GHOST, Doing, OwnerId, Person, PersonId, Repo, RepoId, Step, ThreadKind
from bot.policy import Policy
from bot.stewards import Around, Deeds, Kept, Place

_REVIEWS: Final = ("review", "review_comment")
_TRIAGE: Final = (Step.LABELED, Step.UNLABELED, Step.ASSIGNED, Step.UNASSIGNED, Step.CLOSED, Step.REOPENED)

Ref = tuple[int, int]  # repository and number


@dataclass(frozen=True, slots=True)
class _Thread:
    kind: str
    author: PersonId
    at: datetime
    merged_at: datetime | None
    areas: frozenset[str]
    excluded: bool


@dataclass(slots=True)
class _Did:
    counts: Counter[Doing] = field(default_factory=Counter)
    lately: int = 0
    landed: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    """`doing` PULL_REQUEST: one of their own was merged."""

    doing: Doing
    who: PersonId
    repo_id: RepoId
    at: datetime
    areas: frozenset[str]


def places(
    connection: Connection, owner_id: OwnerId, *, seen_from: RepoId | None = None, with_private: bool = False
) -> dict[RepoId, Repo]:
    """The repositories that the app works in and that are not archived: the public ones and `seen_from`, or all."""
    table, owner = schema.repos, schema.owners
    query = (
        select(table, owner.c.login)
        .join(owner, owner.c.id == table.c.owner_id)
        .where(table.c.owner_id == owner_id, table.c.covered, ~table.c.archived, ~table.c.gone)
        .order_by(table.c.id)
    )
    if not with_private:
        query = query.where(table.c.id.in_(visible_repos(owner_id, seen_from)))
    return {
        RepoId(row["id"]): Repo(
            RepoId(row["id"]), owner_id, row["login"], row["name"], row["url"], private=row["private"],
            default_branch=row["default_branch"],
        )
        for row in connection.execute(query).mappings()
    }  # fmt: skip


def kept(
    connection: Connection, where: Mapping[RepoId, Repo], policy: Policy, now: datetime, *, lately: timedelta,
    alive: timedelta,
) -> list[Kept]:  # fmt: skip
    """Each of these repositories, and each area of the settings over them, with what was done there in the time that
    `succession.over` says. `lately`: its last part. `alive`: how far back to look for when anything happened."""
    return _Keeping(connection, where, policy, now, lately, alive).kept()


class _Keeping:
    def __init__(
        self, connection: Connection, where: Mapping[RepoId, Repo], policy: Policy, now: datetime, lately: timedelta,
        alive: timedelta,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._where = where
        self._policy = policy
        self._now = now
        self._since = now - policy.succession.over
        self._lately = now - lately
        self._earliest = min(self._since, now - alive)
        self._of_repo = {repo.id: Place(repo=repo).key for repo in where.values()}
        self._of_area = {area.name: Place(area=area.name).key for area in policy.areas}
        all_ = [*(Place(repo=repo) for repo in where.values()), *(Place(area=name) for name in self._of_area)]
        self._places = {place.key: place for place in all_}
        self._areas_of = cache(policy.areas_of)
        self._excludes = cache(policy.excludes)
        self._people = self._humans()
        self._threads = self._read_threads()

    def kept(self) -> list[Kept]:
        did: defaultdict[str, defaultdict[PersonId, _Did]] = defaultdict(lambda: defaultdict(_Did))
        last: dict[str, datetime] = {}
        for ref, thread in self._threads.items():
            if thread.author in self._people:
                for key in self._keys(RepoId(ref[0]), thread.areas):
                    last[key] = max(thread.at, last.get(key, thread.at))
        for act in self._acts():
            for key in self._keys(act.repo_id, act.areas):
                last[key] = max(act.at, last.get(key, act.at))
                if act.at >= self._since:
                    self._count(did[key][act.who], act)
        return [
            Kept(place=place, deeds=self._deeds(did.get(key, {})), last=last.get(key))
            for key, place in self._places.items()
        ]

    def _keys(self, repo_id: RepoId, areas: frozenset[str]) -> list[str]:
        return [self._of_repo[repo_id], *(self._of_area[area] for area in areas)]

    def _count(self, theirs: _Did, act: _Act) -> None:
        if act.doing is Doing.PULL_REQUEST:
            theirs.landed += 1
            return
        theirs.counts[act.doing] += 1
        theirs.lately += act.at >= self._lately
        theirs.last = max(act.at, theirs.last or act.at)

    def _deeds(self, theirs: Mapping[PersonId, _Did]) -> tuple[Deeds, ...]:
        made = [
            Deeds(
                person=self._people[id_], counts=dict(one.counts), lately=one.lately, landed=one.landed, last=one.last
            )
            for id_, one in theirs.items()
        ]
        return tuple(sorted(made, key=lambda one: (-one.total, one.person.login)))

    # Rows

    def _humans(self) -> dict[PersonId, Person]:
        table = schema.people
        rows = self._connection.execute(select(table.c.id, table.c.login).where(~table.c.is_bot))
        found = (Person(PersonId(id_), login) for id_, login in rows)
        bots = {login.casefold() for login in self._policy.people.bots}
        return {who.id: who for who in found if who.login.casefold() not in bots and who.id != GHOST.id}

    def _read_threads(self) -> dict[Ref, _Thread]:
        table = schema.threads
        columns = (table.c.repo_id, table.c.number, table.c.kind, table.c.author_id, table.c.created_at,
                   table.c.merged_at, table.c.labels, table.c.paths)  # fmt: skip
        query = select(*columns).where(
            table.c.repo_id.in_(self._where), ~table.c.gone, table.c.updated_at >= self._earliest
        )
        return {
            (row.repo_id, row.number): _Thread(
                row.kind, PersonId(row.author_id), row.created_at, row.merged_at,
                self._areas(row.repo_id, row.labels, row.paths), self._leaves_out(row.repo_id, row.paths),
            )
            for row in self._connection.execute(query)
        }  # fmt: skip

    def _areas(self, repo_id: int, labels: Collection[str], paths: Collection[str] | None) -> frozenset[str]:
        """Those that have a name in the settings; folders have none."""
        if not self._of_area:
            return frozenset()
        shown = None if paths is None else tuple(paths)
        return self._areas_of(frozenset(labels), shown, self._where[RepoId(repo_id)].name) & self._of_area.keys()

    def _leaves_out(self, repo_id: int, paths: Collection[str] | None) -> bool:
        return bool(paths) and self._excludes(self._where[RepoId(repo_id)].name, tuple(paths or ()))

    def _acts(self) -> Iterator[_Act]:
        for (repo_id, _), thread in self._threads.items():
            if thread.merged_at is not None and thread.author in self._people and not thread.excluded:
                yield _Act(Doing.PULL_REQUEST, thread.author, RepoId(repo_id), thread.merged_at, thread.areas)
        said, did = schema.activity, schema.happenings
        reviews = and_(~said.c.gone, said.c.kind.in_(_REVIEWS))
        yield from self._in_threads(said, reviews, Doing.REVIEW)
        yield from self._in_threads(did, did.c.step == Step.MERGED, Doing.MERGE)
        yield from self._in_threads(did, did.c.step.in_(_TRIAGE), Doing.TRIAGE)
        yield from self._commits()

    def _in_threads(self, table: Any, which: Any, doing: Doing) -> Iterator[_Act]:
        """A thread counts once, however much was done there."""
        query = (
            select(table.c.person_id, table.c.repo_id, table.c.number, func.max(table.c.at).label("at"))
            .where(table.c.repo_id.in_(self._where), table.c.at >= self._earliest, which)
            .group_by(table.c.person_id, table.c.repo_id, table.c.number)
        )
        for row in self._connection.execute(query):
            thread, who = self._threads.get((row.repo_id, row.number)), PersonId(row.person_id)
            if thread is None or thread.excluded or who not in self._people:
                continue
            by_a_bot = thread.kind == ThreadKind.ISSUE and thread.author not in self._people
            own = thread.author == who and doing is not Doing.MERGE
            if not by_a_bot and not own:
                yield _Act(doing, who, RepoId(row.repo_id), row.at, thread.areas)

    def _commits(self) -> Iterator[_Act]:
        table = schema.commits
        by_login = {who.login.lower(): id_ for id_, who in self._people.items()}
        query = select(table.c.person_id, table.c.login, table.c.repo_id, table.c.at, table.c.paths).where(
            table.c.repo_id.in_(self._where), table.c.at >= self._earliest
        )
        for row in self._connection.execute(query):
            who = PersonId(row.person_id) if row.person_id is not None else by_login.get(row.login or "")
            if who is not None and who in self._people and not self._leaves_out(row.repo_id, row.paths):
                yield _Act(Doing.COMMIT, who, RepoId(row.repo_id), row.at, self._areas(row.repo_id, (), row.paths))


def around(connection: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> Around:
    """Who is around, but for `fading`. Long away is whoever will be for as long as `returns.away_for` says."""
    whole: set[PersonId] = set()
    some: defaultdict[PersonId, frozenset[str]] = defaultdict(frozenset)
    for one in leaves.of_owner(connection, owner_id):
        if one.back_at is not None or (one.until is not None and one.until <= now):
            continue
        if one.is_whole:
            whole.add(one.person.id)
        else:
            some[one.person.id] |= {name.casefold() for name in one.repos}
    wishes, out, member = schema.preferences, schema.optouts, schema.members
    until = select(wishes.c.person_id, wishes.c.away_until).where(
        wishes.c.owner_id == owner_id, wishes.c.away_until > now
    )
    away = {PersonId(id_): at for id_, at in connection.execute(until)}
    alone = select(out.c.person_id).where(out.c.owner_id == owner_id, out.c.opted_out)
    inactive = select(member.c.person_id).where(
        member.c.owner_id == owner_id, member.c.inactive, ~member.c.gone, member.c.person_id.is_not(None)
    )
    quiet = {PersonId(id_) for query in (alone, inactive) for id_ in connection.scalars(query)}
    return Around(
        stepped_back=frozenset(whole),
        stepped_back_from=dict(some),
        away=frozenset(away),
        long_away=frozenset(id_ for id_, at in away.items() if at - now >= policy.returns.away_for),
        not_named=frozenset(quiet),
    )
