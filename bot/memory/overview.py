"""Rows into what the rules know of a whole repository and of its organisation's team. Asks nobody."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, func, select, text, true

from bot.memory import rows, schema
from bot.memory.answer_time import answer_time, merge_time, review_time
from bot.memory.pulse import pulse
from bot.memory.recall import repo
from bot.memory.threads import (
    answer_of,
    answers_query,
    happening_of,
    history_query,
    request_of,
    requests_query,
    thread_of,
)
from bot.model import (
    GHOST,
    Answer,
    Group,
    Happening,
    Level,
    OpenThread,
    OwnerId,
    Person,
    PersonId,
    RepoId,
    RepoLook,
    Request,
    Team,
    ThreadKind,
)
from bot.policy import Policy

# As literals, without "= 1": only then does SQLite see that it is the condition of the partial index.
_OPEN: Final = and_(text("threads.is_open"), text("NOT threads.gone"))


def covered_repos(connection: Connection, owner_id: OwnerId) -> list[RepoId]:
    """The repositories of an owner that the app may work in, in the order of their ids; archived ones too."""
    return [RepoId(id_) for id_ in connection.scalars(_covered(), {"owner_id": owner_id})]


@cache
def _covered() -> Select[Any]:
    table = schema.repos
    of_owner = select(table.c.id).where(table.c.owner_id == bindparam("owner_id"))
    return of_owner.where(table.c.covered, ~table.c.gone).order_by(table.c.id)


def repo_look(connection: Connection, repo_id: RepoId, policy: Policy, now: datetime) -> RepoLook | None:
    """None if memory does not know the repository, or it is gone."""
    where = repo(connection, repo_id)
    if where is None:
        return None
    table, bots = schema.threads, policy.people.bots
    open_ = connection.execute(
        select(table.c.kind, table.c.labels, table.c.assignees).where(table.c.repo_id == repo_id, _OPEN)
    ).all()
    kinds = Counter(kind for kind, _, _ in open_)
    free = (
        policy.levels.of(frozenset(labels)) for kind, labels, taken in open_ if kind == ThreadKind.ISSUE and not taken
    )
    supply = Counter(level for level in free if level is not None)
    return RepoLook(
        repo=where,
        first_answer=answer_time(connection, repo_id, now, bots),
        first_review=review_time(connection, repo_id, now, bots),
        merge=merge_time(connection, repo_id, now, bots),
        open_issues=kinds[ThreadKind.ISSUE],
        open_pull_requests=kinds[ThreadKind.PULL_REQUEST],
        supply={level: supply[level] for level in Level},
    )


def open_threads(
    connection: Connection, repo_id: RepoId, policy: Policy, *, only: int | None = None
) -> Iterator[OpenThread]:
    """All open threads of a repository by number (or this one), each with its history, in as many queries as for
    one."""
    where = repo(connection, repo_id)
    if where is None:
        return
    key, open_ = {"repo_id": repo_id, "owner_id": where.owner_id, "only": only}, _open(one=only is not None)
    found = connection.execute(open_.threads, key).mappings().all()
    if not found:
        return
    answers: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in connection.execute(open_.answers, key):
        answers[answer.number].append(answer_of(answer))
    history: defaultdict[int, list[Happening]] = defaultdict(list)
    for happened in connection.execute(open_.history, key):
        history[happened.number].append(happening_of(happened))
    requests: defaultdict[int, list[Request]] = defaultdict(list)
    for request in connection.execute(open_.requests, key):
        requests[request.number].append(request_of(request))
    for row in found:
        author = Person(PersonId(row["author_id"]), row["login"], is_bot=row["is_bot"]) if row["login"] else GHOST
        number = row["number"]
        thread = thread_of(
            dict(row), where, author,
            answers=tuple(answers[number]), history=tuple(history[number]), requests=tuple(requests[number]),
        )  # fmt: skip
        yield OpenThread(thread=thread, pulse=pulse(thread, policy.people.bots))


@dataclass(frozen=True, slots=True)
class _Open:
    """What asks for open threads, and for what was said, done and wished in them."""

    threads: Select[Any]
    answers: Select[Any]
    history: Select[Any]
    requests: Select[Any]


@cache  # making these takes longer than the database takes to answer
def _open(*, one: bool) -> _Open:
    """Given a `repo_id` and its `owner_id`; of `one` thread with its number as `only`."""
    table, who, act, did, wish = schema.threads, schema.people, schema.activity, schema.happenings, schema.requests
    here = bindparam("repo_id", type_=table.c.repo_id.type)
    these = and_(table.c.repo_id == here, _OPEN, table.c.number == bindparam("only") if one else true())
    numbers = select(table.c.number).where(these)
    threads = select(table, who.c.login, who.c.is_bot).outerjoin(who, who.c.id == table.c.author_id).where(these)
    return _Open(
        threads=threads.order_by(table.c.number),
        answers=answers_query().where(act.c.repo_id == here, act.c.number.in_(numbers)),
        history=history_query().where(did.c.repo_id == here, did.c.number.in_(numbers)),
        requests=requests_query().where(wish.c.repo_id == here, wish.c.number.in_(numbers)),
    )


def team(connection: Connection, owner_id: OwnerId, policy: Policy) -> Team:
    """Who belongs to an organisation. Of a user's repositories the user does, and the collaborators that we know of."""
    belong, who = schema.team, schema.people
    members = (
        select(who.c.id, who.c.login, who.c.is_bot)
        .join(belong, belong.c.person_id == who.c.id)
        .where(belong.c.owner_id == owner_id, belong.c.belongs)
    )
    people = {
        PersonId(id_): Person(PersonId(id_), login, is_bot=bot) for id_, login, bot in connection.execute(members)
    }
    account = rows.get(connection, schema.owners, id=owner_id)
    if account is not None and not account["is_organisation"]:
        people.setdefault(PersonId(owner_id), Person(PersonId(owner_id), account["login"]))
    by_login = sorted(people.values(), key=lambda person: (person.login.lower(), person.id))
    return Team(
        people=tuple(person for person in by_login if not policy.is_bot(person)),
        groups=tuple(_groups(connection, owner_id)),
        read_at=account["team_read_at"] if account else None,
    )


def _groups(connection: Connection, owner_id: OwnerId) -> Iterator[Group]:
    """Whoever left the organisation left its teams too, whether GitHub said so of each or not."""
    table, members, belong = schema.teams, schema.team_members, schema.team
    within: defaultdict[int, set[PersonId]] = defaultdict(set)
    for team_id, person_id in connection.execute(
        select(members.c.team_id, members.c.person_id)
        .join(table, table.c.id == members.c.team_id)
        .outerjoin(belong, and_(belong.c.owner_id == table.c.owner_id, belong.c.person_id == members.c.person_id))
        .where(table.c.owner_id == owner_id, members.c.belongs, func.coalesce(belong.c.belongs, True))
    ):
        within[team_id].add(PersonId(person_id))
    known = select(table).where(table.c.owner_id == owner_id, ~table.c.gone).order_by(table.c.slug, table.c.id)
    for row in connection.execute(known).mappings():
        yield Group(slug=row["slug"], name=row["name"], members=frozenset(within[row["id"]]))
