"""What check suites say of commits: kept for the newest commits of open pull requests, and for a while of others, since
a suite may be heard of before its pull request.

Of a suite its own `updated_at` orders the news. GitHub tells every app of the suites that are over; that one begins it
tells only the app whose suite it is. Ours is left out: it is about our configuration.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, delete, select, text, tuple_

from bot.memory import schema
from bot.memory.news import News
from bot.memory.payloads import Json, Malformed, instant
from bot.memory.rows import get, put
from bot.model import Repo, RepoId, ThreadRef
from bot.waiting import Checks, Result

KEEP: Final = timedelta(days=30)
_SLICE: Final = 1_000
_LONGEST_SHA: Final = 64
_ABORTED: Final = "aborted"  # by somebody, or by something newer: that tells nothing of the commit
_STATES: Final[Mapping[str, str]] = {
    "success": Result.PASSED,
    "neutral": Result.PASSED,
    "skipped": Result.PASSED,
    "failure": Result.FAILED,
    "timed_out": Result.FAILED,
    "startup_failure": Result.FAILED,
    "action_required": Result.HELD,
    "cancelled": _ABORTED,
    "stale": _ABORTED,
}
_DECIDES: Final = (Result.FAILED, Result.HELD, Result.PENDING, Result.PASSED)
# As literals, without "= 1": only then does SQLite see that it is the condition of the partial index.
_OPEN: Final = and_(text("threads.is_open"), text("NOT threads.gone"))


def heard(news: News) -> Iterator[ThreadRef]:
    """A check suite. Returns the open pull requests that its commit is the newest of, if it changes what is known of
    that one."""
    told = news.data.get("check_suite")
    if not told or news.where is None:
        return
    repo_id, sha = news.where.id, _sha(told)
    before = _of_commit(news.connection, repo_id, sha)
    if not take(news, news.where, told):
        return
    after = _of_commit(news.connection, repo_id, sha)
    if (before and before.result) != (after and after.result):
        table = schema.threads
        heads = select(table.c.number).where(table.c.repo_id == repo_id, _OPEN, table.c.head_sha == sha)
        for number in news.connection.scalars(heads):
            yield ThreadRef(repo_id, number)


def take(news: News, where: Repo, told: Json) -> bool:
    """A suite as GitHub shows it. Whether it is news; ours never is. Raises Malformed."""
    slug = str((told.get("app") or {}).get("slug") or "").lower()
    if slug and slug == news.app:
        return False
    at = instant(told.get("updated_at")) or instant(told.get("created_at"))
    if at is None:
        raise Malformed("check_suite without a time")
    state = _STATES.get(told.get("conclusion") or "", Result.PENDING)
    return _write(news.connection, {"repo_id": where.id, "sha": _sha(told), "suite_id": int(told["id"])}, state, at)


def _sha(told: Json) -> str:
    return str(told["head_sha"])[:_LONGEST_SHA]


def _write(connection: Connection, key: dict[str, object], state: str, at: datetime) -> bool:
    """Whether it is news. Of one second that counts which is further along."""
    row = get(connection, schema.check_suites, **key)
    if row is not None and (at, _along(state)) <= (row["at"], _along(row["state"])):
        return False
    put(connection, schema.check_suites, {"state": state, "at": at}, **key)
    return True


def _along(state: str) -> tuple[bool, str]:
    return state != Result.PENDING, state


def _of_commit(connection: Connection, repo_id: RepoId, sha: str) -> Checks | None:
    table = schema.check_suites
    return _together(connection.execute(_suites().where(table.c.repo_id == repo_id, table.c.sha == sha)))


def _suites() -> Select[tuple[str, datetime]]:
    return select(schema.check_suites.c.state, schema.check_suites.c.at)


def of_pull(connection: Connection, ref: ThreadRef) -> Checks | None:
    """What is known of the newest commit of a pull request."""
    pull = schema.threads
    here = (pull.c.repo_id == ref.repo_id, pull.c.number == ref.number)
    return _together(connection.execute(_suites().join(pull, _is_head()).where(*here)))


def of_pulls(connection: Connection, repo_id: RepoId) -> dict[int, Checks]:
    """The same of all open pull requests of a repository, by number."""
    found = dict[int, list[Row[tuple[str, datetime]]]]()
    for row in connection.execute(_of_open_pulls(), {"repo_id": repo_id}):
        found.setdefault(row.number, []).append(row)
    checks = {number: _together(suites) for number, suites in found.items()}
    return {number: one for number, one in checks.items() if one is not None}


@cache
def _of_open_pulls() -> Select[Any]:
    pull = schema.threads
    suites = _suites().add_columns(pull.c.number).join(pull, _is_head())
    return suites.where(pull.c.repo_id == bindparam("repo_id"), _OPEN)


def _is_head() -> ColumnElement[bool]:
    pull, table = schema.threads, schema.check_suites
    return and_(table.c.repo_id == pull.c.repo_id, table.c.sha == pull.c.head_sha)


def _together(suites: Iterable[Row[tuple[str, datetime]]]) -> Checks | None:
    """One that failed decides, before one that is held, and that before one that is not over. All have passed when the
    last one has; all else is so since the first one is."""
    times: dict[str, list[datetime]] = {}
    for row in suites:
        times.setdefault(row.state, []).append(row.at)
    for result in _DECIDES:
        if at := times.get(result):
            return Checks(result=result, at=max(at) if result is Result.PASSED else min(at))
    return None


def forget(connection: Connection, before: datetime) -> int:
    """Takes out some of the suites that were over before then, and are of no open pull request's newest commit. Returns
    how many."""
    table, pull = schema.check_suites, schema.threads
    key = (table.c.repo_id, table.c.sha, table.c.suite_id)
    heads = select(pull.c.repo_id, pull.c.head_sha).where(_OPEN, pull.c.head_sha.is_not(None))
    old = select(*key).where(table.c.at < before, tuple_(table.c.repo_id, table.c.sha).not_in(heads)).limit(_SLICE)
    found = [{f"key_{name}": value for name, value in row.items()} for row in connection.execute(old).mappings()]
    if found:
        connection.execute(delete(table).where(*(column == bindparam(f"key_{column.name}") for column in key)), found)
    return len(found)
