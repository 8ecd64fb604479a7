"""Rows into how present the team is, for all of it at once: what its people did on which days.

Everything counts that somebody does in any repository of the owner, private ones too: this is told to nobody but
admins, and to the person. What is left out: changes of nothing but files that do not count (`activity.excluded_paths`,
team files), what is in issues of ours, and what is to the bot alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, and_, cast, func, or_, select, type_coerce

from bot.memory import rows, schema
from bot.model import Doing, OwnerId, PersonId, Step, ThreadKind
from bot.policy import Policy
from bot.presence import PAST, Month, Presence, month_begins, month_of
from bot.team import Sign

_OPENED: Final = {
    ThreadKind.ISSUE.value: Doing.ISSUE, ThreadKind.PULL_REQUEST.value: Doing.PULL_REQUEST,
    ThreadKind.DISCUSSION.value: Doing.DISCUSSION,
}  # fmt: skip
_SAID: Final = {"review": Doing.REVIEW, "review_comment": Doing.REVIEW}  # everything else is a comment
_STEPS: Final = {Step.MERGED.value: Doing.MERGE, Step.PUSHED.value: Doing.COMMIT}
_A_DAY: Final = 24 * 60 * 60 * 1000  # milliseconds
_PLAIN: Final = re.compile(r"[\w ./+@-]*", re.ASCII)
_WILD: Final = str.maketrans("*?[", "***")

_Place = tuple[int, int]  # a repository's id and a number
_Act = tuple[int, Doing | Sign, int]  # whose, what, and when in milliseconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Of whom, where (repositories by id, with their names), and from when to when. `left_out`: what does not count."""

    ids: Collection[PersonId]
    repos: Mapping[int, str]
    left_out: Collection[_Place]
    begin: datetime
    now: datetime


@dataclass(slots=True)
class _Seen:
    """What somebody did on each day since 1970, and when first and last."""

    days: defaultdict[int, set[Doing | Sign]] = field(default_factory=lambda: defaultdict(set))
    first: int | None = None
    last: int | None = None
    signs: dict[Sign, int] = field(default_factory=dict)

    def add(self, what: Doing | Sign, at: int) -> None:
        self.days[at // _A_DAY].add(what)
        self.first = at if self.first is None or at < self.first else self.first
        self.last = at if self.last is None or at > self.last else self.last
        if isinstance(what, Sign):
            self.signs[what] = max(at, self.signs.get(what, at))


def presence_of(
    connection: Connection, owner_id: OwnerId, people: Collection[PersonId], policy: Policy, now: datetime
) -> dict[PersonId, Presence]:
    """Of each of these, over the months that are looked at. `policy`: the organisation's."""
    ids = sorted(set(people))
    if not ids:
        return {}
    begin = month_begins(Month(month_of(now) - PAST))
    seen = {id_: _Seen() for id_ in ids}
    for who, what, at in _acts(connection, owner_id, ids, policy, begin, now):
        seen[PersonId(who)].add(what, at)
    owner = rows.get(connection, schema.owners, id=owner_id)
    known_from = None if owner is None or owner["past_read_at"] else owner["witnessed_since"]
    before = _last_before(connection, owner_id, [id_ for id_ in ids if seen[id_].last is None], begin)
    since = _since(connection, owner_id, ids)
    return {id_: _presence(seen[id_], known_from, since.get(id_), before.get(id_)) for id_ in ids}


def _presence(seen: _Seen, known_from: datetime | None, since: datetime | None, before: datetime | None) -> Presence:
    months: Counter[Month] = Counter()
    doings: defaultdict[Doing, Counter[Month]] = defaultdict(Counter)
    for day, what in seen.days.items():
        month = month_of(_instant(day * _A_DAY))
        months[month] += 1
        for one in what:
            if isinstance(one, Doing):
                doings[one][month] += 1
    return Presence(
        since=since,
        known_from=known_from,
        first=None if seen.first is None else _instant(seen.first),
        last=before if seen.last is None else _instant(seen.last),
        months=dict(months),
        doings={doing: dict(counted) for doing, counted in sorted(doings.items())},
        signs={sign: _instant(at) for sign, at in seen.signs.items()},
    )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _acts(
    connection: Connection, owner_id: OwnerId, ids: list[PersonId], policy: Policy, begin: datetime, now: datetime
) -> Iterator[_Act]:
    """Those from `begin` on, until now, in no order."""
    repos = _repos(connection, owner_id)
    left_out = _ours(connection, owner_id) | _excluded(connection, repos, policy)
    asked = _Asked(ids=ids, repos=repos, left_out=left_out, begin=begin, now=now)
    yield from _threads(connection, asked)
    yield from _answers(connection, asked)
    yield from _steps(connection, asked)
    yield from _commits(connection, asked, policy)
    table = schema.presence
    at = type_coerce(table.c.at, BigInteger)
    signs = select(table.c.person_id, table.c.sign, at).where(
        table.c.owner_id == owner_id, table.c.person_id.in_(ids), table.c.at.between(begin, now)
    )
    for who, sign, when in connection.execute(signs):
        yield who, Sign(sign), when


def _repos(connection: Connection, owner_id: OwnerId) -> dict[int, str]:
    """What all of an owner's repositories are called, by id."""
    table = schema.repos
    found = connection.execute(select(table.c.id, table.c.name).where(table.c.owner_id == owner_id))
    return {row.id: row.name for row in found}


def _ours(connection: Connection, owner_id: OwnerId) -> set[_Place]:
    """Issues of ours: what somebody writes there is an answer to the bot."""
    table = schema.boards
    found = connection.execute(select(table.c.repo_id, table.c.number).where(table.c.owner_id == owner_id))
    return {(repo_id, number) for repo_id, number in found}


def _excluded(connection: Connection, repos: Mapping[int, str], policy: Policy) -> set[_Place]:
    """Pull requests that change nothing that counts."""
    table = schema.threads
    query = select(table.c.repo_id, table.c.number, table.c.paths).where(
        table.c.repo_id.in_(list(repos)), table.c.paths.is_not(None), _may_be_excluded(table.c.paths, policy)
    )
    found = connection.execute(query)
    return {(repo_id, number) for repo_id, number, paths in found if policy.excludes(repos[repo_id], paths)}


def _may_be_excluded(paths: ColumnElement[list[str]], policy: Policy) -> ColumnElement[bool]:
    """Most changes have nothing to do with those files, and need not be read: the longest part of a glob without
    wildcards has to stand in their names."""
    parts = {max(glob.translate(_WILD).split("*"), key=len) for glob in policy.activity.excluded_paths}
    parts |= {file.path for file in policy.team.files}
    if not all(_PLAIN.fullmatch(part) for part in parts):
        return paths.is_not(None)  # it may stand there otherwise, as JSON
    return or_(False, *(cast(paths, Text).contains(part, autoescape=True) for part in parts))


def _threads(connection: Connection, asked: _Asked) -> Iterator[_Act]:
    table = schema.threads
    at = type_coerce(table.c.created_at, BigInteger)
    opened = select(table.c.author_id, table.c.kind, table.c.repo_id, table.c.number, at).where(
        table.c.author_id.in_(asked.ids), table.c.repo_id.in_(list(asked.repos)), ~table.c.gone,
        table.c.created_at.between(asked.begin, asked.now),
    )  # fmt: skip
    for who, kind, repo_id, number, when in connection.execute(opened):
        if (repo_id, number) not in asked.left_out:
            yield who, _OPENED[kind], when


def _answers(connection: Connection, asked: _Asked) -> Iterator[_Act]:
    """Not what is to the bot alone."""
    table = schema.activity
    at = type_coerce(table.c.at, BigInteger)
    said = select(table.c.person_id, table.c.kind, table.c.repo_id, table.c.number, at).where(
        table.c.person_id.in_(asked.ids), table.c.at.between(asked.begin, asked.now), ~table.c.gone,
        table.c.says.is_not(False),
    )  # fmt: skip
    for who, kind, repo_id, number, when in connection.execute(said):
        if repo_id in asked.repos and (repo_id, number) not in asked.left_out:
            yield who, _SAID.get(kind, Doing.COMMENT), when


def _steps(connection: Connection, asked: _Asked) -> Iterator[_Act]:
    """Of a thread of one's own they are a part of it; of another's they are triage."""
    table, thread = schema.happenings, schema.threads
    at = type_coerce(table.c.at, BigInteger)
    done = (
        select(table.c.person_id, table.c.step, table.c.repo_id, table.c.number, at, thread.c.author_id, thread.c.kind)
        .join(thread, and_(thread.c.repo_id == table.c.repo_id, thread.c.number == table.c.number))
        .where(table.c.person_id.in_(asked.ids), table.c.at.between(asked.begin, asked.now), ~thread.c.gone)
    )
    for who, step, repo_id, number, when, author, kind in connection.execute(done):
        if repo_id in asked.repos and (repo_id, number) not in asked.left_out:
            yield who, _STEPS.get(step, _OPENED[kind] if who == author else Doing.TRIAGE), when


def _commits(connection: Connection, asked: _Asked, policy: Policy) -> Iterator[_Act]:
    """Pushes name their authors by login."""
    people, table = schema.people, schema.commits
    named = connection.execute(select(people.c.login, people.c.id).where(people.c.id.in_(asked.ids)))
    logins = {login.lower(): id_ for login, id_ in named}
    at = type_coerce(table.c.at, BigInteger)
    by_login = and_(table.c.person_id.is_(None), table.c.login.in_(list(logins)))
    written = select(table.c.person_id, table.c.login, table.c.repo_id, table.c.paths, at).where(
        table.c.at.between(asked.begin, asked.now), or_(table.c.person_id.in_(asked.ids), by_login)
    )
    for who, login, repo_id, paths, when in connection.execute(written):
        if repo_id in asked.repos and not policy.excludes(asked.repos[repo_id], paths):
            yield logins[login] if who is None else who, Doing.COMMIT, when


def _last_before(
    connection: Connection, owner_id: OwnerId, ids: list[PersonId], begin: datetime
) -> dict[PersonId, datetime]:
    """When those were last seen who did nothing from `begin` on. Not all that is left out else is left out here: it is
    told as so long ago that it makes no difference."""
    repos = select(schema.repos.c.id).where(schema.repos.c.owner_id == owner_id)
    last: dict[PersonId, datetime] = {}
    for table, who, at in (
        (schema.threads, schema.threads.c.author_id, schema.threads.c.created_at),
        (schema.activity, schema.activity.c.person_id, schema.activity.c.at),
        (schema.happenings, schema.happenings.c.person_id, schema.happenings.c.at),
        (schema.commits, schema.commits.c.person_id, schema.commits.c.at),
    ):
        query = select(who, func.max(at)).where(who.in_(ids), at < begin, table.c.repo_id.in_(repos)).group_by(who)
        for id_, when in connection.execute(query) if ids else ():
            last[PersonId(id_)] = max(when, last.get(PersonId(id_), when))
    return last


def _since(connection: Connection, owner_id: OwnerId, ids: list[PersonId]) -> dict[PersonId, datetime | None]:
    """Since when they are in a team file: since the first of several. None: they were when it was first read."""
    table = schema.members
    query = select(table.c.person_id, table.c.since).where(
        table.c.owner_id == owner_id, table.c.person_id.in_(ids), ~table.c.gone
    )
    since: dict[PersonId, datetime | None] = {}
    for id_, at in connection.execute(query):
        before = since.get(PersonId(id_), at)
        since[PersonId(id_)] = None if at is None or before is None else min(at, before)
    return since
