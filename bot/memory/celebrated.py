"""Rows into what there is to celebrate of people besides what was done in a month: whom others thanked, who has been
there for years, who has mentored somebody to the end for the first time, and whose story may be told.

Years are told only of people who are there: of nobody who did nothing of late, of whom the list would tell by leaving
them out. Neither is anybody named who asked to be left alone, or who stepped back and does not share it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, exists, func, or_, select

from bot.farewells import Leave, Story, Where
from bot.gratitude import Deeds, Work
from bot.memory import evidence, leaves, rows, schema, story, threads
from bot.memory.recall import visible_repos
from bot.mentors import Said, State
from bot.model import GHOST, OwnerId, Person, PersonId, Repo, RepoId
from bot.policy import Policy
from bot.team import Sign

_OF_LATE: Final = timedelta(days=90)
_YEARS: Final = (1, 2, 5, *range(10, 100, 5))
_LEAP_DAY: Final = (2, 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanked:
    """Somebody thanked somebody, with the words at `url`."""

    by: Person
    whom: Person
    work: Work
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Celebrated:
    """`years`: how many somebody has been there for. `stories`: what somebody did, who lets it be told."""

    thanked: tuple[Thanked, ...] = ()
    years: tuple[tuple[Person, int], ...] = ()
    mentored: tuple[Person, ...] = ()
    stories: tuple[tuple[Person, Deeds], ...] = ()


def celebrated(
    connection: Connection, owner_id: OwnerId, policy: Policy, places: Mapping[RepoId, Repo],
    span: tuple[datetime, datetime], *, seen_from: RepoId | None,
) -> Celebrated:  # fmt: skip
    """What was in a time, from its first to before its last instant, here (`places`). `policy`: the organisation's."""
    read = _Span(connection, owner_id, policy, places, span, seen_from)
    return Celebrated(
        thanked=tuple(read.thanked()),
        years=tuple(read.years()) if policy.thanks.anniversaries else (),
        mentored=tuple(read.mentored()),
        stories=tuple(read.stories()),
    )


def years_between(first: datetime, since: datetime, until: datetime) -> int | None:
    """Which anniversary that is celebrated falls into this time, for who came first then."""
    return next((years for years in _YEARS if since <= _later(first, years) < until), None)


def _later(at: datetime, years: int) -> datetime:
    day = 28 if (at.month, at.day) == _LEAP_DAY else at.day
    return at.replace(year=at.year + years, day=day)


class _Span:
    def __init__(
        self, connection: Connection, owner_id: OwnerId, policy: Policy, places: Mapping[RepoId, Repo],
        span: tuple[datetime, datetime], seen_from: RepoId | None,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._owner_id = owner_id
        self._policy = policy
        self._places = places
        self._since, self._until = span
        self._visible = visible_repos(owner_id, seen_from)
        self._leaves = leaves.of_owner(connection, owner_id)
        self._unnamed = self._left_out()

    def _left_out(self) -> frozenset[PersonId]:
        table = schema.optouts
        out = select(table.c.person_id).where(table.c.owner_id == self._owner_id, table.c.opted_out)
        gone = [one for one in self._leaves if self._is_gone(one) and one.story is not Story.SHARED]
        return frozenset(map(PersonId, self._connection.scalars(out))) | {one.person.id for one in gone}

    def _is_gone(self, one: Leave) -> bool:
        return one.is_whole and one.back_at is None and (one.until is None or one.until > self._until)

    def _may_be_named(self, who: Person) -> bool:
        nobody = who.id in {GHOST.id, PersonId(self._owner_id)} or who.id in self._unnamed
        return not (nobody or self._policy.is_bot(who) or self._policy.leaves_alone(who))

    def thanked(self) -> Iterator[Thanked]:
        """The same thanks by the same person once."""
        found: dict[tuple[Person, Person, Work], Thanked] = {}
        for one in evidence.since(self._connection, self._owner_id, self._since, Sign.THANKS):
            if one.at >= self._until or one.by is None or one.repo_id not in self._places:
                continue
            by, whom = (threads.person(self._connection, id_) for id_ in (one.by, one.person))
            if self._may_be_named(by) and self._may_be_named(whom):
                told = Thanked(by=by, whom=whom, work=Work(one.about), url=one.url)
                found.setdefault((by, whom, told.work), told)
        yield from found.values()

    def years(self) -> Iterator[tuple[Person, int]]:
        """By the first thing that anybody could see of them here; while the past is not read, nobody knows that."""
        account = rows.get(self._connection, schema.owners, id=self._owner_id)
        if account is None or account["past_read_at"] is None:
            return
        who, act, opened = schema.people, schema.activity, schema.threads
        said = and_(act.c.person_id == who.c.id, act.c.repo_id.in_(self._visible), ~act.c.gone)
        theirs = and_(opened.c.author_id == who.c.id, opened.c.repo_id.in_(self._visible), ~opened.c.gone)
        lately = self._until - _OF_LATE
        here = or_(
            exists().where(said, act.c.at >= lately, act.c.at < self._until),
            exists().where(theirs, opened.c.created_at >= lately, opened.c.created_at < self._until),
        )
        first_words = select(act.c.at).where(said).order_by(act.c.at).limit(1).scalar_subquery()
        first_thread = select(func.min(opened.c.created_at)).where(theirs).scalar_subquery()
        query = select(who.c.id, who.c.login, first_words.label("words"), first_thread.label("thread"))
        for row in self._connection.execute(query.where(~who.c.is_bot, here)):
            person = Person(PersonId(row.id), row.login)
            first = min(at for at in (row.words, row.thread) if at is not None)
            years = years_between(first, self._since, self._until)
            if years is not None and self._may_be_named(person):
                yield person, years

    def mentored(self) -> Iterator[Person]:
        """Who has mentored somebody to the end, and never before."""
        asked, those = schema.mentor_asks, schema.mentorings
        same = and_(*(asked.c[name] == those.c[name] for name in ("repo_id", "number", "began_at")))
        first = func.min(those.c.state_at)
        query = (
            select(asked.c.person_id)
            .join(those, same)
            .where(asked.c.owner_id == self._owner_id, asked.c.said == Said.ACCEPTED.value)
            .where(those.c.state == State.DONE.value, those.c.repo_id.in_(self._visible))
            .group_by(asked.c.person_id)
            .having(and_(first >= self._since, first < self._until))
        )
        people = (threads.person(self._connection, id_) for id_ in self._connection.scalars(query).all())
        return (one for one in people if self._may_be_named(one))

    def stories(self) -> Iterator[tuple[Person, Deeds]]:
        for one in self._leaves:
            wished = one.story is Story.SHARED and one.story_where is Where.DIGEST and one.story_at is not None
            if wished and self._since <= (one.story_at or self._until) < self._until and self._may_be_named(one.person):
                deeds = story.deeds(self._connection, self._owner_id, one.person.id, self._policy)
                if not deeds.is_empty:
                    yield one.person, deeds
