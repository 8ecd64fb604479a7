"""Writes down what lists tell of the past: the same rows as deliveries make, but nobody witnessed it.

So nothing here is a first thing that somebody would be greeted for, and nobody is looked at because of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection, and_, select

from bot.memory import checks, configs, places, rows, schema, wishes
from bot.memory.news import News
from bot.memory.payloads import Json, Malformed, answer, instant, issue_kind, person, repo, size, stamp
from bot.model import OwnerId, Repo, RepoId, Step, ThreadKind, ThreadRef

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one page of a list tells, in the shapes of GitHub's REST API.

    `answers`: the kind of activity, the thread's number, and the comment or review. `steps`: the thread's number and
    the entry of its timeline. `paths`: of pull requests, by number; `sizes`: the number, and how much it changes.
    `commits`: merges are left out. `suites`: check suites that are over.
    """

    threads: Sequence[Json] = ()
    discussions: Sequence[Json] = ()
    answers: Sequence[tuple[str, int, Json]] = ()
    steps: Sequence[tuple[int, Json]] = ()
    paths: Mapping[int, Sequence[str]] = field(default_factory=dict)
    sizes: Sequence[tuple[int, Json]] = ()
    commits: Sequence[Json] = ()
    labels: Sequence[Json] = ()
    suites: Sequence[Json] = ()

    def slices(self, size: int) -> "Iterator[Told]":
        """The same in small portions."""
        longest = max(len(getattr(self, each.name)) for each in fields(self))
        paths = list(self.paths.items())
        for start in range(0, longest, size):
            some = slice(start, start + size)
            yield Told(
                threads=self.threads[some],
                discussions=self.discussions[some],
                answers=self.answers[some],
                steps=self.steps[some],
                paths=dict(paths[some]),
                sizes=self.sizes[some],
                commits=self.commits[some],
                labels=self.labels[some],
                suites=self.suites[some],
            )


def write(connection: Connection, where: Repo, told: Told, now: datetime) -> int:
    """Returns how much of it was new or has changed. What is not as GitHub documents it is left out, and logged."""
    news = News.of_the_past(connection, where, now)
    written = [
        *(_written(where, partial(_thread, news, one, issue_kind(one))) for one in told.threads),
        *(_written(where, partial(_thread, news, one, ThreadKind.DISCUSSION)) for one in told.discussions),
        *(_written(where, partial(_answer, news, where, *one)) for one in told.answers),
        *(_written(where, partial(_step, news, ThreadRef(where.id, number), one)) for number, one in told.steps),
        *(_written(where, partial(_size, connection, ThreadRef(where.id, number), one)) for number, one in told.sizes),
        *(_written(where, partial(_commit, news, where, one)) for one in told.commits),
        *(_written(where, partial(places.label, connection, where.id, one, now)) for one in told.labels),
        *(_written(where, partial(checks.take, news, where, one)) for one in told.suites),
    ]
    for number, paths in told.paths.items():
        _paths(connection, ThreadRef(where.id, number), paths)
    return sum(written)


def _written(where: Repo, write: Callable[[], object]) -> bool:
    """Writes one thing. Whether it was written, and was not known."""
    try:
        return write() is not False
    except (KeyError, TypeError, ValueError) as error:
        log.warning(
            "something of the past is not as expected", repo=where.full_name, why=f"{type(error).__name__} {error}"
        )
        return False


def _thread(news: News, thing: Json, kind: ThreadKind) -> None:
    shown = news.thread(thing, kind)
    if shown is not None:
        wishes.take_down(news, wishes.of_thread(shown), thing)


def _answer(news: News, where: Repo, kind: str, number: int, wrote: Json) -> None:
    told, ref = answer(wrote, kind, news.for_us), ThreadRef(where.id, number)
    news.answer(told, ref, where.owner_id)
    wishes.take_down(news, wishes.of_answer(told, ref, where.owner_id), wrote)


def _step(news: News, ref: ThreadRef, entry: Json) -> bool:
    """Never new: what is new in a thread's history comes with the thread."""
    at = instant(entry["created_at"])
    if at is None:
        raise Malformed("an entry of a timeline without created_at")
    step, about = Step(entry["event"]), ""
    if step in {Step.LABELED, Step.UNLABELED}:
        about = entry["label"]["name"]
    elif step in {Step.ASSIGNED, Step.UNASSIGNED}:
        about = str(news.person(entry.get("assignee")).id)
    who = news.person(entry.get("actor"))
    rows.person(news.connection, who, news.heard_at)
    rows.happening(news.connection, ref, step, at, who, about=about)
    if step is Step.READY:
        rows.ready(news.connection, ref, at)
    return False


def _paths(connection: Connection, ref: ThreadRef, paths: Sequence[str]) -> None:
    row = rows.get(connection, schema.threads, repo_id=ref.repo_id, number=ref.number)
    if row is not None and row["paths"] is None:
        rows.mark_thread(connection, ref, paths=list(paths))


def _size(connection: Connection, ref: ThreadRef, told: Json) -> bool:
    """Never new: it comes with the pull request."""
    found, at = size(told), instant(told["updated_at"])
    if found is not None and at is not None:
        rows.sized(connection, ref, found, at)
    return False


def _commit(news: News, where: Repo, told: Json) -> bool:
    """Whether it is new. Of commits whose author has no account nobody is told."""
    author = told.get("author")
    written = (told.get("commit") or {}).get("committer") or (told.get("commit") or {}).get("author") or {}
    at = instant(written.get("date"))
    if not author or "id" not in author or at is None or len(told.get("parents") or ()) > 1:
        return False
    who = person(author)
    if news.forgotten.has(who):
        return False
    new = rows.get(news.connection, schema.commits, repo_id=where.id, sha=told["sha"]) is None
    rows.person(news.connection, who, news.heard_at)
    files = told.get("files")
    paths = None if files is None else [file["filename"] for file in files]
    rows.commit(news.connection, where.id, told["sha"], at, person_id=who.id, login=who.login, paths=paths)
    return new


def without_paths(connection: Connection, repo_id: RepoId, shas: Sequence[str]) -> list[str]:
    """Those of these commits whose files nobody has told."""
    table = schema.commits
    known = set(connection.scalars(select(table.c.sha).where(table.c.repo_id == repo_id, table.c.paths.is_(None))))
    return [sha for sha in shas if sha in known]


def labels_are(connection: Connection, where: Repo, ids: Sequence[int], began_at: datetime) -> None:
    """The list of labels is complete: those that are not on it, and were known before, are gone."""
    table = schema.labels
    before = and_(table.c.repo_id == where.id, ~table.c.gone, table.c.heard_at < began_at)
    for label_id, name in connection.execute(select(table.c.label_id, table.c.name).where(before)).all():
        if label_id not in ids:
            places.label(connection, where.id, {"id": label_id, "name": name}, began_at, gone=True)


def repos(connection: Connection, owner_id: OwnerId, listed: Sequence[Json], asked_at: datetime) -> None:
    """The repositories that the installation has, the whole list."""
    table, seen = schema.repos, set()
    for told in listed:
        where = repo(told)
        seen.add(where.id)
        places.repo(connection, where, asked_at, stamp(told.get("updated_at")))
        places.covered(connection, where, asked_at, asked_at, by_us=True)
        configs.touch_unread(connection, [where.id], asked_at)
    known = select(table.c.id).where(table.c.owner_id == owner_id, table.c.covered, ~table.c.gone)
    for repo_id in connection.scalars(known).all():
        if repo_id not in seen:
            rows.put(connection, table, {"covered": False, "covered_as_of": asked_at}, id=repo_id)


def groups(
    connection: Connection, owner_id: OwnerId, listed: Sequence[tuple[Json, Sequence[Json]]], asked_at: datetime
) -> None:
    """The organisation's teams on GitHub with their members, the whole list."""
    news = News.of_the_past(connection, None, asked_at)
    table, members = schema.teams, schema.team_members
    for told, people in listed:
        places.group(connection, owner_id, told, asked_at)
        present = set()
        for who in map(person, people):
            if not news.forgotten.has(who):
                present.add(who.id)
                rows.person(connection, who, asked_at)
                places.group_member(connection, told["id"], who.id, asked_at, belongs=True)
        known = select(members.c.person_id).where(members.c.team_id == told["id"], members.c.belongs)
        for person_id in set(connection.scalars(known)) - present:
            places.group_member(connection, told["id"], person_id, asked_at, belongs=False)
    ids = {told["id"] for told, _ in listed}
    for team_id in connection.scalars(select(table.c.id).where(table.c.owner_id == owner_id, ~table.c.gone)).all():
        if team_id not in ids:
            rows.put(connection, table, {"gone": True}, id=team_id)
