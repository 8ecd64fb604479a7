"""What happened of late in an owner's repositories, and what has to be known of those who did it: enough to live
through it again (`bot/preview/`).

Whoever no rule speaks to is left out: members, bots and deleted accounts. Of the threads of the others those are told
that were opened, made ready or merged of late; if it is asked for, also the first ones of each kind in each repository:
what was said to somebody once was said there. All of it in a few queries that do not grow with the age of the
organisation, but for one: merges have no index of their own, so that the threads are gone through for them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Connection, Subquery, and_, case, func, literal_column, or_, select

from bot.memory import recall, schema
from bot.memory.threads import answer_of, answers_query, happening_of, history_query, thread_of
from bot.model import GHOST, Answer, Happening, OwnerId, Person, PersonId, Repo, RepoId, Thread, ThreadKind, ThreadRef

_PORTION: Final = 500  # values in one query
# Written so that no index serves: those that there are would go through the whole table too, in a worse order.
_SOMEWHERE: Final[ColumnElement[int]] = literal_column("+threads.repo_id", BigInteger)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """Orders what somebody opened; between two of one second the repository and number decide."""

    at: datetime
    repo_id: RepoId
    number: int
    kind: ThreadKind


@dataclass(slots=True, kw_only=True)
class Author:
    """Somebody in an organisation, as known today. `openings`: the first of each kind in each repository.

    `has_past`: did anything there before the bot is taken to have come; None: GitHub would not say.
    `merged_once`: a search found an earlier merge that memory does not know. `issues`: all that they opened.
    """

    person: Person
    openings: list[Opening] = field(default_factory=list)
    issues: list[tuple[datetime, RepoId]] = field(default_factory=list)
    first_merge: datetime | None = None
    merged_once: bool = False
    has_past: bool | None = False
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """`threads`: as they are today, with all that was said and done in them. `greeters`: since when each bot that
    welcomes people is around, by its login in lower case. `private`: all private repositories of the owner. `traits`:
    what title and text of an issue show."""

    threads: Sequence[Thread]
    greeted: Collection[ThreadRef]
    authors: Mapping[PersonId, Author]
    greeters: Mapping[str, datetime]
    private: frozenset[RepoId]
    traits: Mapping[ThreadRef, frozenset[str]]


def owners(connection: Connection) -> list[tuple[OwnerId, str]]:
    """Whoever has repositories that the app may work in, by login."""
    table, repo = schema.owners, schema.repos
    covered = select(repo.c.owner_id).where(repo.c.covered, ~repo.c.gone)
    query = select(table.c.id, table.c.login).where(table.c.id.in_(covered)).order_by(func.lower(table.c.login))
    return [(OwnerId(id_), login) for id_, login in connection.execute(query)]


def lately(
    connection: Connection,
    owner_id: OwnerId,
    where: Mapping[RepoId, Repo],
    *,
    since: datetime,
    start: datetime,
    greeters: Collection[str],
    from_the_first: bool,
) -> Lately:
    """What happened in these repositories since then. `start`: since when the bot is taken to have been there.
    `from_the_first`: with the first threads of those who did it, however long ago."""
    telling = _Telling(connection, owner_id, where, start)
    rows = telling.recent(since)
    authors = {
        PersonId(row["author_id"]): Author(person=Person(PersonId(row["author_id"]), row["login"]))
        for row in rows.values()
    }
    for some in _portions(sorted(authors)):
        firsts = telling.firsts(some, authors)
        if from_the_first:
            for row in telling.rows(firsts):
                rows.setdefault(ThreadRef(row["repo_id"], row["number"]), row)
        telling.standings(some, authors)
        telling.issues(some, authors)
    return Lately(
        threads=list(telling.threads(rows, authors)),
        greeted={ref for ref, row in rows.items() if row["greeted"]},
        authors=authors,
        greeters=telling.greeters(greeters),
        private=telling.private(),
        traits={ref: frozenset(row["traits"]) for ref, row in rows.items() if row["traits"]},
    )


class _Telling:
    def __init__(
        self, connection: Connection, owner_id: OwnerId, where: Mapping[RepoId, Repo], start: datetime
    ) -> None:
        self._connection = connection
        self._owner_id = owner_id
        self._where = where
        self._start = start
        owner = schema.owners
        self._past_is_read = (
            connection.scalar(select(owner.c.past_read_at).where(owner.c.id == owner_id)) is not None
        )  # otherwise what memory does not know may still have been

    def recent(self, since: datetime) -> dict[ThreadRef, Mapping[str, Any]]:
        """The threads of people from outside that were opened, made ready or merged since then."""
        table, who, team = schema.threads, schema.people, schema.team
        theirs = and_(team.c.owner_id == self._owner_id, team.c.person_id == table.c.author_id)
        query = (
            select(table, who.c.login)
            .join(who, who.c.id == table.c.author_id)
            .outerjoin(team, theirs)
            .where(~table.c.gone, ~who.c.is_bot, table.c.author_id.not_in([GHOST.id, self._owner_id]))
            .where(func.coalesce(team.c.belongs, False).is_(False))
        )
        rest = or_(table.c.ready_at >= since, table.c.merged_at >= since)
        opened = query.where(table.c.repo_id.in_(self._where), table.c.created_at >= since)
        later = query.where(_SOMEWHERE.in_(self._where), table.c.created_at < since, rest)
        return {
            ThreadRef(row["repo_id"], row["number"]): dict(row)
            for each in (opened, later)
            for row in self._connection.execute(each).mappings()
        }

    def firsts(self, some: Collection[PersonId], authors: Mapping[PersonId, Author]) -> Subquery:
        """Takes down what these people opened first, of each kind in each of the owner's repositories, and when
        something of theirs was first merged. Returns the query of these firsts."""
        table = schema.threads
        past = case((and_(table.c.opened_by.is_(None), table.c.created_at < self._start), 1), else_=0)
        group = (table.c.author_id, table.c.repo_id, table.c.kind)
        first = (
            select(
                *group,
                func.min(table.c.created_at).label("opened"),
                func.min(table.c.merged_at).label("merged"),
                func.max(past).label("past"),
            )
            .where(table.c.author_id.in_(some), self._within(table.c.repo_id))
            .group_by(*group)
            .subquery()
        )
        opened = and_(_same(first), first.c.opened == table.c.created_at)
        query = select(first, table.c.number).join(table, opened)  # several of one second are all told
        for row in self._connection.execute(query):
            author = authors[PersonId(row.author_id)]
            author.openings.append(Opening(row.opened, RepoId(row.repo_id), row.number, ThreadKind(row.kind)))
            author.first_merge = min(filter(None, [author.first_merge, row.merged]), default=None)
            author.has_past = author.has_past or bool(row.past)
        return first

    def rows(self, first: Subquery) -> Iterator[Mapping[str, Any]]:
        """The threads that were opened or merged first, where the bot was there."""
        table = schema.threads
        one_of_them = or_(first.c.opened == table.c.created_at, first.c.merged == table.c.merged_at)
        there = func.coalesce(table.c.merged_at, table.c.created_at) >= self._start
        query = (
            select(table)
            .join(first, and_(_same(first), one_of_them))
            .where(~table.c.gone, or_(table.c.opened_by.is_not(None), there))
        )
        return (dict(row) for row in self._connection.execute(query).mappings() if row["repo_id"] in self._where)

    def standings(self, some: Collection[PersonId], authors: Mapping[PersonId, Author]) -> None:
        """Takes down what else is known of these people."""
        for id_ in self._connection.scalars(self._answered(some)):
            authors[PersonId(id_)].has_past = True
        optouts, known = schema.optouts, schema.acquaintances
        out = select(optouts.c.person_id).where(
            optouts.c.owner_id == self._owner_id, optouts.c.person_id.in_(some), optouts.c.opted_out
        )
        for id_ in self._connection.scalars(out):
            authors[PersonId(id_)].opted_out = True
        if self._past_is_read:
            return
        told = select(known).where(known.c.owner_id == self._owner_id, known.c.person_id.in_(some))
        for row in self._connection.execute(told).mappings():
            author = authors[row["person_id"]]
            author.has_past = author.has_past or row["has_past"]
            author.merged_once = bool(row["merged_before"])

    def issues(self, some: Collection[PersonId], authors: Mapping[PersonId, Author]) -> None:
        """Takes down when these people opened issues, and where."""
        table, repo = schema.threads, schema.repos
        there = select(repo.c.id).where(repo.c.owner_id == self._owner_id, ~repo.c.gone)
        query = select(table.c.author_id, table.c.created_at, table.c.repo_id).where(
            table.c.author_id.in_(some), table.c.repo_id.in_(there), table.c.kind == ThreadKind.ISSUE.value
        )
        for author_id, at, repo_id in self._connection.execute(query):
            authors[PersonId(author_id)].issues.append((at, RepoId(repo_id)))

    def _answered(self, some: Collection[PersonId]) -> Any:
        """Those of these people who said something before the start; in a thread of theirs that was witnessed it is
        not the past."""
        table, act, who = schema.threads, schema.activity, schema.people
        own = select(table.c.number).where(
            table.c.repo_id == act.c.repo_id, table.c.number == act.c.number, table.c.opened_by == act.c.person_id
        )
        said = (
            select(act.c.source_id)
            .where(act.c.person_id == who.c.id, act.c.at < self._start, self._within(act.c.repo_id))
            .where(~own.correlate(act).exists())
        )
        return select(who.c.id).where(who.c.id.in_(some), said.correlate(who).exists())

    def threads(
        self, rows: Mapping[ThreadRef, Mapping[str, Any]], authors: Mapping[PersonId, Author]
    ) -> Iterator[Thread]:
        numbers: defaultdict[RepoId, list[int]] = defaultdict(list)
        for ref in rows:
            numbers[ref.repo_id].append(ref.number)
        for repo_id, all_ in numbers.items():
            for some in _portions(all_):
                answers, history = self._answers(repo_id, some), self._history(repo_id, some)
                for number in some:
                    row = rows[ThreadRef(repo_id, number)]
                    yield thread_of(
                        row, self._where[repo_id], authors[row["author_id"]].person,
                        answers=tuple(answers[number]), history=tuple(history[number]),
                    )  # fmt: skip

    def _answers(self, repo_id: RepoId, some: Collection[int]) -> Mapping[int, list[Answer]]:
        act = schema.activity
        found: defaultdict[int, list[Answer]] = defaultdict(list)
        query = answers_query().where(act.c.repo_id == repo_id, act.c.number.in_(some))
        for row in self._connection.execute(query, {"owner_id": self._owner_id}):
            found[row.number].append(answer_of(row))
        return found

    def _history(self, repo_id: RepoId, some: Collection[int]) -> Mapping[int, list[Happening]]:
        did = schema.happenings
        found: defaultdict[int, list[Happening]] = defaultdict(list)
        query = history_query().where(did.c.repo_id == repo_id, did.c.number.in_(some))
        for row in self._connection.execute(query, {"owner_id": self._owner_id}):
            found[row.number].append(happening_of(row))
        return found

    def greeters(self, logins: Collection[str]) -> Mapping[str, datetime]:
        act, who = schema.activity, schema.people
        query = (
            select(func.lower(who.c.login), func.min(act.c.at))
            .join(act, act.c.person_id == who.c.id)
            .where(who.c.id.in_(recall.accounts(logins)), self._within(act.c.repo_id))
            .group_by(func.lower(who.c.login))
        )
        return dict(tuple(row) for row in self._connection.execute(query))

    def private(self) -> frozenset[RepoId]:
        table = schema.repos
        query = select(table.c.id).where(table.c.owner_id == self._owner_id, table.c.private)
        return frozenset(RepoId(id_) for id_ in self._connection.scalars(query))

    def _within(self, repo_id: ColumnElement[int]) -> ColumnElement[bool]:
        """In the repositories that the owner has now."""
        return repo_id.in_(select(schema.repos.c.id).where(schema.repos.c.owner_id == self._owner_id))


def _same(first: Subquery) -> ColumnElement[bool]:
    """A thread of the same person, place and kind."""
    table = schema.threads
    return and_(*(first.c[name] == table.c[name] for name in ("author_id", "repo_id", "kind")))


def _portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _PORTION] for start in range(0, len(values), _PORTION))
