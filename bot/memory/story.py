"""Rows into what somebody's thank-you tells. A handful of queries, each by an index that begins with the person: of
what others did only the threads are read in which they took part.

Nothing of it is from a private repository: a thank-you may be posted, and is to say the same then.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from sqlalchemy import Connection, Select, and_, func, or_, select

from bot.gratitude import Deeds, Landmark, Work
from bot.memory import portrait, recall, schema
from bot.memory.recall import visible_repos
from bot.mentors import Said, State
from bot.model import GHOST, Doing, OwnerId, PersonId, PersonLook, RepoId, Tally, ThreadKind
from bot.policy import Policy
from bot.team import Sign

_MANY_WORDS: Final = 3  # by others, in a thread that is worth naming for them
_OFTEN: Final = 3  # then it is something that somebody does
_AREAS: Final = 3
_PAGES: Final = {ThreadKind.ISSUE: "issues", ThreadKind.PULL_REQUEST: "pull", ThreadKind.DISCUSSION: "discussions"}

Key = TypeVar("Key", RepoId, str)


def deeds(connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy) -> Deeds:
    """What they did in an organisation, in public."""
    told = portrait.person_look(connection, owner_id, who, policy, seen_from=None)
    if told.first_seen is None:
        return Deeds()
    read = _Read(connection, owner_id, who, policy)
    return Deeds(
        since=told.first_seen,
        repos=tuple(read.names(_most(told.in_repos))),
        areas=tuple(_most(told.in_areas)[:_AREAS]),
        did=_did(told),
        works=read.works(),
        welcomed=read.welcomed(),
        mentored=read.mentored(),
        first=read.first(),
        discussed=read.discussed(),
    )


def _most(tallies: Mapping[Key, tuple[Tally, ...]]) -> list[Key]:
    """Where they did most comes first."""
    return sorted(tallies, key=lambda key: (-sum(tally.count for tally in tallies[key]), key))


def _did(told: PersonLook) -> frozenset[Doing]:
    """What they did often; if that is nothing, whatever they did."""
    counts = {doing: told.count(doing) for doing in Doing}
    often = frozenset(doing for doing, count in counts.items() if count >= _OFTEN)
    return often or frozenset(doing for doing, count in counts.items() if count)


class _Read:
    def __init__(self, connection: Connection, owner_id: OwnerId, who: PersonId, policy: Policy) -> None:
        self._connection = connection
        self._owner_id = owner_id
        self._who = who
        self._visible = visible_repos(owner_id, None)
        people = schema.people
        marked = select(people.c.id).where(people.c.is_bot)
        self._bots = or_(
            schema.activity.c.person_id.in_(marked),
            schema.activity.c.person_id.in_(recall.accounts(policy.people.bots)),
        )

    def names(self, ids: list[RepoId]) -> list[str]:
        repos = (recall.repo(self._connection, id_) for id_ in ids)
        return [repo.name for repo in repos if repo is not None]

    def works(self) -> frozenset[Work]:
        table = schema.presence
        query = select(table.c.about).distinct().where(
            table.c.owner_id == self._owner_id, table.c.person_id == self._who, table.c.sign == Sign.THANKS.value,
            table.c.repo_id.in_(self._visible),
        )  # fmt: skip
        return frozenset(map(Work, self._connection.scalars(query)))

    def welcomed(self) -> int:
        """How many people had the first answer to their first thread from them."""
        mine, thread, author = schema.activity.alias("mine"), schema.threads, schema.people
        before, opened = schema.activity, schema.threads.alias("opened")
        earlier = select(before.c.at).where(
            before.c.repo_id == mine.c.repo_id, before.c.number == mine.c.number, before.c.at < mine.c.at,
            before.c.person_id != thread.c.author_id, ~before.c.gone, ~self._bots,
        )  # fmt: skip
        not_first = select(opened.c.number).where(
            opened.c.author_id == thread.c.author_id, opened.c.repo_id.in_(self._visible),
            opened.c.created_at < thread.c.created_at,
        )  # fmt: skip
        query = (
            select(func.count(thread.c.author_id.distinct()))
            .select_from(mine)
            .join(thread, and_(thread.c.repo_id == mine.c.repo_id, thread.c.number == mine.c.number))
            .join(author, author.c.id == thread.c.author_id)
            .where(mine.c.person_id == self._who, ~mine.c.gone, thread.c.repo_id.in_(self._visible), ~thread.c.gone)
            .where(thread.c.author_id.not_in([self._who, GHOST.id]), ~author.c.is_bot)
            .where(~earlier.exists(), ~not_first.exists())
        )
        return self._connection.scalar(query) or 0

    def mentored(self) -> int:
        asked, those = schema.mentor_asks, schema.mentorings
        same = and_(*(asked.c[name] == those.c[name] for name in ("repo_id", "number", "began_at")))
        query = select(func.count(those.c.mentee_id.distinct())).join(asked, same).where(
            asked.c.person_id == self._who, asked.c.owner_id == self._owner_id, asked.c.said == Said.ACCEPTED.value,
            those.c.state == State.DONE.value, those.c.repo_id.in_(self._visible),
        )  # fmt: skip
        return self._connection.scalar(query) or 0

    def first(self) -> Landmark | None:
        """What they opened first."""
        thread = schema.threads
        return self._landmark(self._opened().order_by(thread.c.created_at, thread.c.repo_id, thread.c.number))

    def discussed(self) -> Landmark | None:
        """Where others said most."""
        thread, said = schema.threads, schema.activity
        words = func.count(said.c.source_id)
        query = (
            self._opened()
            .join(said, and_(said.c.repo_id == thread.c.repo_id, said.c.number == thread.c.number))
            .where(~said.c.gone, said.c.person_id.not_in([self._who, GHOST.id]), ~self._bots)
            .group_by(thread.c.repo_id, thread.c.number, thread.c.kind, thread.c.created_at)
            .having(words >= _MANY_WORDS)
            .order_by(words.desc(), thread.c.created_at, thread.c.repo_id, thread.c.number)
        )
        return self._landmark(query)

    def _opened(self) -> Select[tuple[int, int, str]]:
        """Their threads; one that had to be locked is nothing to be remembered by."""
        thread = schema.threads
        return select(thread.c.repo_id, thread.c.number, thread.c.kind).where(
            thread.c.author_id == self._who, thread.c.repo_id.in_(self._visible), ~thread.c.gone, ~thread.c.locked
        )

    def _landmark(self, query: Select[tuple[int, int, str]]) -> Landmark | None:
        row = self._connection.execute(query.limit(1)).first()
        repo = None if row is None else recall.repo(self._connection, RepoId(row.repo_id))
        if row is None or repo is None:
            return None
        url = f"{repo.url}/{_PAGES[ThreadKind(row.kind)]}/{row.number}" if repo.url else ""
        return Landmark(name=f"{repo.full_name}#{row.number}", url=url)
