"""Rows into what people did together in an organisation in a time: who came, what was merged, whom there is to thank.

A few queries for all of it, which take about two seconds for 250,000 threads with a million answers.
Whether somebody is new goes by all that may be told of, archived repositories too; what is told is what happened in the
places given.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select

from bot.memory import mentorings, rows, schema
from bot.memory.recall import visible_repos
from bot.model import GHOST, OwnerId, Person, PersonId, Repo, RepoId, Step, ThreadKind, ThreadRef
from bot.policy import Policy

_REVIEWS: Final = ("review", "review_comment")
_TRIAGE: Final = (Step.LABELED, Step.UNLABELED, Step.ASSIGNED, Step.UNASSIGNED, Step.CLOSED, Step.REOPENED)
_TENTH: Final = 10
_FIFTIETH: Final = 50


class Help(StrEnum):
    """What somebody can be thanked for."""

    REVIEWS = "reviews"  # and merges
    ANSWERS = "answers"  # in what others opened
    TALKS = "talks"  # the same in discussions
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A thread, as far as it is linked."""

    ref: ThreadRef
    kind: ThreadKind
    repo: Repo
    labels: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.repo.full_name}#{self.ref.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Somebody's first review (`number` 0), or so manieth merged pull request."""

    person: Person
    number: int
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A whole month of the calendar, in UTC: how many people opened something for the first time, and how many pull
    requests were merged."""

    first: datetime
    came: int = 0
    merged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """`came`: who opened something for the first time, with the first thing, oldest first. `unnamed` lists those of all
    these people who are not to be named. `merged`: pull requests, `by` so many people. `months`: the oldest first."""

    came: tuple[tuple[Person, Place], ...] = ()
    merged: int = 0
    merged_by: int = 0
    milestones: tuple[Milestone, ...] = ()
    helped: Mapping[Help, tuple[Person, ...]] = field(default_factory=dict)
    months: tuple[Month, ...] = ()
    unnamed: frozenset[PersonId] = frozenset()
    mentorings_begun: int = 0
    mentorings_done: int = 0


def knows(connection: Connection, owner_id: OwnerId, since: datetime) -> bool:
    """Whether memory goes back that far."""
    account = rows.get(connection, schema.owners, id=owner_id)
    return account is not None and (account["past_read_at"] is not None or account["witnessed_since"] <= since)


def happened(
    connection: Connection, owner_id: OwnerId, policies: Mapping[RepoId, Policy], places: Mapping[RepoId, Repo],
    span: tuple[datetime, datetime], *, months: Sequence[datetime], seen_from: RepoId | None,
) -> Happened:  # fmt: skip
    """What was in a time, from its first to before its last instant, in these `places`. `months`: the first instants of
    those to count, and behind them that of the next one."""
    return _Span(connection, owner_id, policies, places, span, seen_from).happened(months)


def steps_of(before: int, after: int) -> Iterator[int]:
    """Which merged pull requests are something to celebrate: the 1st, 10th, 50th, and every 100th. `before`, `after`:
    how many there were."""
    for number in range(before + 1, after + 1):
        if number in {1, _TENTH, _FIFTIETH} or number % (2 * _FIFTIETH) == 0:
            yield number


class _Span:
    def __init__(
        self, connection: Connection, owner_id: OwnerId, policies: Mapping[RepoId, Policy],
        places: Mapping[RepoId, Repo], span: tuple[datetime, datetime], seen_from: RepoId | None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._owner_id = owner_id
        self._places = places
        self._since, self._until = span
        self._visible = visible_repos(owner_id, seen_from)
        account = rows.get(connection, schema.owners, id=owner_id)
        assert account is not None, "whoever asks has read of its repositories"
        self._past_is_known = account["past_read_at"] is not None
        self._witnessed = account["witnessed_since"]
        self._bots = {login.casefold() for policy in policies.values() for login in policy.people.bots}
        self._leave_alone = {login.casefold() for policy in policies.values() for login in policy.people.leave_alone}
        self._people: dict[PersonId, Person] = {}

    def happened(self, months: Sequence[datetime]) -> Happened:
        whole = [month for month in months if self._past_is_known or month >= self._witnessed]
        begin = min([*whole, self._since])
        first = self._first_threads(begin)
        merges = self._merges(begin)
        acts = self._acts()
        now_merged = [row for row in merges if self._since <= row["merged_at"] < self._until]
        came = self._came(first)
        milestones = [*self._merge_milestones(now_merged), *self._first_reviews(acts)]
        helped = self._helped(acts, now_merged)
        begun, done = mentorings.counts(self._connection, [*self._places], self._since, self._until)
        return Happened(
            came=came,
            merged=len(now_merged),
            merged_by=len({row["author_id"] for row in now_merged}),
            milestones=tuple(milestones),
            helped=helped,
            months=tuple(self._months(whole, first, merges)),
            unnamed=self._unnamed({who.id for who in self._people.values()}),
            mentorings_begun=begun,
            mentorings_done=done,
        )

    def _first_threads(self, begin: datetime) -> dict[PersonId, datetime]:
        """When people from outside opened their first thread here, of those who opened one in this time."""
        table, who, team, known = schema.threads, schema.people, schema.team, schema.acquaintances
        earlier = table.alias("earlier")
        lately = (
            select(table.c.author_id, func.min(table.c.created_at).label("first"))
            .where(table.c.repo_id.in_(self._visible), ~table.c.gone)
            .where(table.c.created_at >= begin, table.c.created_at < self._until)
            .group_by(table.c.author_id)
            .subquery()
        )
        before = select(earlier.c.number).where(
            earlier.c.author_id == lately.c.author_id, earlier.c.created_at < begin, ~earlier.c.gone,
            earlier.c.repo_id.in_(self._visible),
        )  # fmt: skip
        members = select(team.c.person_id).where(team.c.owner_id == self._owner_id, team.c.belongs)
        query = (
            select(lately.c.author_id, who.c.login, lately.c.first)
            .join(who, who.c.id == lately.c.author_id)
            .where(~who.c.is_bot, who.c.id.not_in([self._owner_id, GHOST.id]), who.c.id.not_in(members))
            .where(~before.exists())
        )
        if not self._past_is_known:  # then a search has told
            new = select(known.c.person_id).where(known.c.owner_id == self._owner_id, known.c.has_past.is_(False))
            query = query.where(who.c.id.in_(new))
        found = {}
        for row in self._connection.execute(query):
            if self._is_person(PersonId(row.author_id), row.login):
                found[PersonId(row.author_id)] = row.first
        return found

    def _is_person(self, id_: PersonId, login: str) -> bool:
        if login.casefold() in self._bots:
            return False
        self._people[id_] = Person(id_, login)
        return True

    def _came(self, first: Mapping[PersonId, datetime]) -> tuple[tuple[Person, Place], ...]:
        """With what: only what is in these places."""
        table = schema.threads
        columns = (table.c.author_id, table.c.created_at, *_PLACE)
        query = (
            select(*columns)
            .where(table.c.repo_id.in_(self._places), ~table.c.gone)
            .where(table.c.created_at >= self._since, table.c.created_at < self._until)
            .order_by(table.c.created_at, table.c.repo_id, table.c.number)
        )
        found: dict[PersonId, tuple[Person, Place]] = {}
        for row in self._connection.execute(query).mappings():
            id_ = PersonId(row["author_id"])
            if first.get(id_) == row["created_at"]:
                found.setdefault(id_, (self._people[id_], self._place(row)))
        return tuple(found.values())

    def _place(self, row: RowMapping) -> Place:
        ref = ThreadRef(RepoId(row["repo_id"]), row["number"])
        return Place(ref=ref, kind=ThreadKind(row["kind"]), repo=self._places[ref.repo_id],
                     labels=frozenset(row["labels"]))  # fmt: skip

    def _merges(self, begin: datetime) -> list[RowMapping]:
        """Pull requests by people that were merged in these places, in their order. Nothing finds them by that time, so
        all rows are read one after the other; by their repositories it would take ten times as long."""
        table, who = schema.threads, schema.people
        query = (
            select(table.c.author_id, who.c.login, table.c.merged_at, *_PLACE)
            .join(who, who.c.id == table.c.author_id)
            .where(table.c.merged_at >= begin, table.c.merged_at < self._until)
            .where(~table.c.gone, ~who.c.is_bot, who.c.id != GHOST.id)
            .order_by(table.c.merged_at, table.c.repo_id, table.c.number)
        )
        found = [row for row in self._connection.execute(query).mappings() if row["repo_id"] in self._places]
        return [row for row in found if self._is_person(PersonId(row["author_id"]), row["login"])]

    def _merge_milestones(self, merged: Sequence[RowMapping]) -> Iterator[Milestone]:
        before = self._merged_before({row["author_id"] for row in merged})
        theirs: defaultdict[int, list[RowMapping]] = defaultdict(list)
        for row in merged:
            theirs[row["author_id"]].append(row)
        for id_, those in theirs.items():
            if (count := before.get(id_)) is None:
                continue
            for number in steps_of(count, count + len(those)):
                place = self._place(those[number - count - 1])
                yield Milestone(person=self._people[PersonId(id_)], number=number, place=place)

    def _merged_before(self, authors: Collection[int]) -> Mapping[int, int]:
        """How many pull requests of theirs were merged before; of nobody whose past is not known."""
        if not self._past_is_known:
            table = schema.acquaintances
            none = and_(table.c.owner_id == self._owner_id, table.c.merged_before.is_(False))
            authors = set(
                self._connection.scalars(select(table.c.person_id).where(none, table.c.person_id.in_(authors)))
            )
        pull = schema.threads
        query = (
            select(pull.c.author_id, func.count())
            .where(pull.c.author_id.in_(authors), pull.c.repo_id.in_(self._visible), ~pull.c.gone)
            .where(pull.c.merged_at < self._since)
            .group_by(pull.c.author_id)
        )
        found = Counter(dict.fromkeys(authors, 0))
        found.update(dict(tuple(row) for row in self._connection.execute(query)))
        return found

    def _acts(self) -> list[RowMapping]:
        """What people wrote in what others opened."""
        act, who, thread = schema.activity, schema.people, schema.threads
        query = (
            select(act.c.person_id, who.c.login, act.c.kind.label("act"), act.c.at, *_PLACE)
            .join(act, act.c.person_id == who.c.id)
            .join(thread, _of(act))
            .where(act.c.at >= self._since, act.c.at < self._until, ~act.c.gone, ~who.c.is_bot, who.c.id != GHOST.id)
            .where(thread.c.repo_id.in_(self._places), ~thread.c.gone, thread.c.author_id != act.c.person_id)
            .order_by(act.c.at, act.c.kind, act.c.source_id)
        )
        found = self._connection.execute(query).mappings()
        return [row for row in found if self._is_person(PersonId(row["person_id"]), row["login"])]

    def _first_reviews(self, acts: Sequence[RowMapping]) -> Iterator[Milestone]:
        reviews: dict[int, RowMapping] = {}
        for row in acts:
            if row["act"] in _REVIEWS:
                reviews.setdefault(row["person_id"], row)
        if not reviews or not self._past_is_known:
            return
        act, thread = schema.activity, schema.threads
        earlier = (
            select(act.c.person_id)
            .distinct()
            .join(thread, _of(act))
            .where(act.c.person_id.in_(reviews), act.c.at < self._since, act.c.kind.in_(_REVIEWS))
            .where(act.c.repo_id.in_(self._visible), thread.c.author_id != act.c.person_id)
        )
        old = set(self._connection.scalars(earlier))
        for id_, row in reviews.items():
            if id_ not in old:
                yield Milestone(person=self._people[PersonId(id_)], number=0, place=self._place(row))

    def _helped(self, acts: Sequence[RowMapping], merged: Sequence[RowMapping]) -> dict[Help, tuple[Person, ...]]:
        found: defaultdict[Help, set[PersonId]] = defaultdict(set)
        for row in acts:
            help_ = Help.TALKS if row["kind"] == ThreadKind.DISCUSSION else Help.ANSWERS
            found[Help.REVIEWS if row["act"] in _REVIEWS else help_].add(PersonId(row["person_id"]))
        for row in self._steps():
            if self._is_person(PersonId(row["person_id"]), row["login"]):
                help_ = Help.REVIEWS if row["step"] == Step.MERGED else Help.TRIAGE
                found[help_].add(PersonId(row["person_id"]))
        return {
            help_: tuple(sorted((self._people[id_] for id_ in found[help_]), key=lambda who: who.login.casefold()))
            for help_ in Help
            if found[help_]
        }

    def _steps(self) -> Sequence[RowMapping]:
        """Who labelled, assigned, closed, reopened or merged what others opened."""
        did, who, thread = schema.happenings, schema.people, schema.threads
        query = (
            select(did.c.person_id, who.c.login, did.c.step)
            .distinct()
            .join(did, did.c.person_id == who.c.id)
            .join(thread, _of(did))
            .where(did.c.at >= self._since, did.c.at < self._until, did.c.step.in_([*_TRIAGE, Step.MERGED]))
            .where(thread.c.repo_id.in_(self._places), ~thread.c.gone, thread.c.author_id != did.c.person_id)
            .where(~who.c.is_bot, who.c.id != GHOST.id)
        )
        return self._connection.execute(query).mappings().all()

    def _months(
        self, months: Sequence[datetime], first: Mapping[PersonId, datetime], merges: Sequence[RowMapping]
    ) -> Iterator[Month]:
        came = Counter(_month(at) for at in first.values())
        merged = Counter(_month(row["merged_at"]) for row in merges)
        for month in months[:-1]:
            yield Month(first=month, came=came[month], merged=merged[month])

    def _unnamed(self, ids: Collection[PersonId]) -> frozenset[PersonId]:
        """Who asked to be left alone, here or in the configuration."""
        table = schema.optouts
        query = select(table.c.person_id).where(table.c.owner_id == self._owner_id, table.c.opted_out)
        out = {PersonId(id_) for id_ in self._connection.scalars(query)}
        alone = {id_ for id_, who in self._people.items() if who.login.casefold() in self._leave_alone}
        return frozenset((out & set(ids)) | alone)


_THREADS: Final = schema.threads
_PLACE: Final = (_THREADS.c.repo_id, _THREADS.c.number, _THREADS.c.kind, _THREADS.c.labels)


def _of(table: Any) -> ColumnElement[bool]:
    """The thread in which it was."""
    return and_(_THREADS.c.repo_id == table.c.repo_id, _THREADS.c.number == table.c.number)


def _month(at: datetime) -> datetime:
    return datetime(at.year, at.month, 1, tzinfo=UTC)
