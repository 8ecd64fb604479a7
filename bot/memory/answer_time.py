"""How long a first human answer usually takes in a repository, a first review, and a merge.

Threads that still wait are part of the truth: leaving them out would promise too much. So the median is Kaplan and
Meier's, where a waiting thread counts as "longer than it has waited until now" (J. Am. Stat. Assoc. 53 (1958) 457).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, select, true

from bot.memory import schema
from bot.model import RepoId, ThreadKind

OVER: Final = timedelta(days=90)
_REVIEWS: Final = ("review", "review_comment")
NEEDED: Final = 5  # answered threads; from fewer nothing can be told


def answer_time(connection: Connection, repo_id: RepoId, now: datetime, bots: Collection[str]) -> timedelta | None:
    """The median over threads of the last 90 days that people from outside opened; None if there is too little to tell.

    Anybody's comment or review but the author's own counts as an answer, and so does a merge. `bots` are logins that
    are not people besides GitHub's bot accounts.
    """
    return answer_times(connection, [repo_id], now, bots)[repo_id]


def answer_times(
    connection: Connection, repo_ids: Collection[RepoId], now: datetime, bots: Collection[str]
) -> dict[RepoId, timedelta | None]:
    """The same for many repositories, in one query."""
    waits: dict[RepoId, list[tuple[timedelta, bool]]] = {repo_id: [] for repo_id in repo_ids}
    for thread in _threads(connection, repo_ids, now, bots, None):
        waits[RepoId(thread.repo_id)].append(_wait(thread, now, ended=[thread.answered_at, thread.merged_at]))
    return {repo_id: median_wait(its) for repo_id, its in waits.items()}


def review_time(connection: Connection, repo_id: RepoId, now: datetime, bots: Collection[str]) -> timedelta | None:
    """The same for pull requests until their first review, or their merge without one."""
    return median_wait(
        [
            _wait(thread, now, ended=[thread.answered_at, thread.merged_at])
            for thread in _threads(connection, [repo_id], now, bots, _REVIEWS)
            if thread.kind == ThreadKind.PULL_REQUEST
        ]
    )


def merge_time(connection: Connection, repo_id: RepoId, now: datetime, bots: Collection[str]) -> timedelta | None:
    """The same for pull requests until they are merged. What is closed without has waited until then."""
    return median_wait(
        [
            _wait(thread, now, ended=[thread.merged_at])
            for thread in _threads(connection, [repo_id], now, bots, _REVIEWS)
            if thread.kind == ThreadKind.PULL_REQUEST
        ]
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    repo_id: int
    kind: str
    created_at: datetime
    ready_at: datetime | None
    closed_at: datetime | None
    merged_at: datetime | None
    answered_at: datetime | None


def _wait(thread: _Waiting, now: datetime, *, ended: Sequence[datetime | None]) -> tuple[timedelta, bool]:
    """How long, and whether it came to its end."""
    begun = thread.ready_at or thread.created_at
    over = min((at for at in ended if at is not None), default=None)
    return max((over or thread.closed_at or now) - begun, timedelta()), over is not None


def _threads(
    connection: Connection, repo_ids: Collection[RepoId], now: datetime, bots: Collection[str],
    kinds: tuple[str, ...] | None,
) -> list[_Waiting]:  # fmt: skip
    """What people from outside opened in the last 90 days, with the first answer of these kinds (None: of any)."""
    key = {
        "repo_ids": [*repo_ids], "since": now - OVER, "now": now, "not_people": [login.lower() for login in bots]
    }  # fmt: skip
    return [_Waiting(*row) for row in connection.execute(_opened(kinds), key)]


@cache  # making it takes longer than the database takes to answer
def _opened(kinds: tuple[str, ...] | None) -> Select[Any]:
    thread, act, team, repo = schema.threads, schema.activity, schema.team, schema.repos
    author, answerer = schema.people.alias("author"), schema.people.alias("answerer")
    not_people: BindParameter[Any] = bindparam("not_people", expanding=True)
    answered_at = (  # asked for each thread: a join would read all that was ever said in the repository
        select(func.min(act.c.at))
        .join(answerer, answerer.c.id == act.c.person_id)
        .where(act.c.repo_id == thread.c.repo_id, act.c.number == thread.c.number)
        .where(act.c.person_id != thread.c.author_id, ~act.c.gone, ~answerer.c.is_bot)
        .where(func.lower(answerer.c.login).not_in(not_people))
        .where(true() if kinds is None else act.c.kind.in_(kinds))
        .correlate(thread)
        .scalar_subquery()
    )
    columns = (
        thread.c.repo_id,
        thread.c.kind,
        thread.c.created_at,
        thread.c.ready_at,
        thread.c.closed_at,
        thread.c.merged_at,
    )
    return (
        select(*columns, answered_at)
        .join(author, author.c.id == thread.c.author_id)
        .join(repo, repo.c.id == thread.c.repo_id)
        .outerjoin(team, and_(team.c.owner_id == repo.c.owner_id, team.c.person_id == thread.c.author_id))
        .where(thread.c.repo_id.in_(bindparam("repo_ids", expanding=True)))
        .where(thread.c.created_at > bindparam("since"), thread.c.created_at <= bindparam("now"))
        .where(~thread.c.gone, ~author.c.is_bot, func.lower(author.c.login).not_in(not_people))
        .where(func.coalesce(team.c.belongs, False).is_(False))
    )


def median_wait(waits: Sequence[tuple[timedelta, bool]]) -> timedelta | None:
    """The median of waits, each with whether it ended in an answer. None if too few did, or more than half wait on."""
    if sum(answered for _, answered in waits) < NEEDED:
        return None
    left, still_waiting, half_at = len(waits), 1.0, None
    for wait, answered in sorted(waits, key=lambda one: (one[0], not one[1])):
        if half_at is not None and answered:  # exactly half had an answer by then: the middle of the two, as ever
            return (half_at + wait) / 2
        if answered:
            still_waiting *= 1 - 1 / left
        left -= 1
        if half_at is None and abs(still_waiting - 0.5) < 1e-9:
            half_at = wait
        elif half_at is None and still_waiting < 0.5:
            return wait
    return half_at
