"""Rows into the snapshots that the rules read. Nothing here writes, and nothing asks GitHub."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Table, and_, bindparam, func, or_, select, text

from bot.commands import switchback
from bot.commands.catalog import CATALOG, UNKNOWN
from bot.looking import Asker, ThreadLook
from bot.memory import (
    bystanders,
    claims,
    configs,
    ledger,
    links,
    mentorings,
    pointers,
    rows,
    schema,
    stops,
    threads,
)
from bot.memory.answer_time import answer_time
from bot.memory.ledger import State
from bot.memory.places import InstallationState
from bot.memory.pulse import pulse
from bot.memory.rows import Row
from bot.memory.snapshot import once
from bot.mentors import State as Mentored
from bot.model import GHOST, InstallationId, OwnerId, PersonId, Repo, RepoId, Standing, Thread, ThreadKind, ThreadRef

_TEAM_FRESH: Final = timedelta(days=1)
_ANSWERED: Final = (CATALOG.keys() | {UNKNOWN}) - {"no-bot", "forget-me"}  # these are done whoever asks
_YOUNG: Final = timedelta(days=30)  # no rule asks for more of an older issue's author
_ENOUGH_REPORTS: Final = 5  # to know that somebody has reported several times
_KEPT_UP: Final = ("readiness/", "mentoring/")  # what is said with such a key is brought up to date later
_IS_BOT: Final = text("people.is_bot")  # written out: only then do planners use the index of the bots


def thread_look(
    connection: Connection, ref: ThreadRef, now: datetime, *, bots: Collection[str], greeters: Collection[str]
) -> ThreadLook | None:
    """All about a thread and its author; None if memory does not know the thread, or it is gone.

    `bots`: logins that do not count as people besides GitHub's bot accounts. `greeters`: other bots that welcome
    people.
    """
    row = rows.get(connection, schema.threads, **asdict(ref))
    where = repo(connection, ref.repo_id)
    if row is None or where is None or row["gone"]:
        return None
    thread = threads.thread(connection, ref, row, where)
    account = rows.get(connection, schema.owners, id=where.owner_id)
    assert account is not None, "a repository is never written without its owner"
    said = _said(connection, ref, where.owner_id, thread.author.id)
    askers = _askers(connection, thread, account, now)
    named_in = links.to_issue(connection, thread, bots)
    taken = claims.of_issue(connection, thread, named_in)
    mentoring = mentorings.of_thread(connection, ref)
    return ThreadLook(
        thread=thread,
        author=_standing(connection, thread, account, now),
        pulse=pulse(thread, bots),
        answer_time=answer_time(connection, ref.repo_id, now, bots),
        greeted=row["greeted"],
        greeter_around=_greeter_around(connection, account, greeters),
        said=said.theirs,
        done=said.done,
        said_here=said.here,
        hush=replace(stops.hush(connection, where, now), snoozed_until=stops.snoozed_until(connection, ref, now)),
        askers=askers,
        files=configs.in_force(connection, where) if askers else (),
        traits=frozenset(row["traits"] or ()),
        reports=_reports(connection, thread, now),
        acted=ledger.acted(connection, ref) if askers or taken or any(map(_is_kept_up, said.here)) else (),
        claims=taken,
        links=named_in,
        assigned=tuple(threads.person(connection, id_) for id_ in sorted(thread.assignees))
        if askers or (mentoring is not None and mentoring.state is Mentored.WAITING)
        else (),
        pointers=pointers.known(connection, ref),
        named=bystanders.named(connection, thread),
        left_alone=bystanders.opted_out(connection, where.owner_id, thread, mentoring),
        helpers=bystanders.helpers(connection, where.owner_id, thread),
        mentoring=mentoring,
    )


def _is_kept_up(key: str) -> bool:
    return key.startswith(_KEPT_UP)


@once
def repo(connection: Connection, repo_id: RepoId) -> Repo | None:
    """A repository, unless it is gone."""
    row = rows.get(connection, schema.repos, id=repo_id)
    if row is None or row["gone"]:
        return None
    account = rows.get(connection, schema.owners, id=row["owner_id"])
    assert account is not None, "a repository is never written without its owner"
    return Repo(
        id=repo_id,
        owner_id=OwnerId(row["owner_id"]),
        owner=account["login"],
        name=row["name"],
        url=row["url"],
        private=row["private"],
        archived=row["archived"],
        default_branch=row["default_branch"],
    )


def paths(connection: Connection, ref: ThreadRef) -> tuple[str, ...] | None:
    """The files that a pull request changes; None: nobody has asked yet."""
    row = rows.get(connection, schema.threads, **asdict(ref))
    return None if row is None or row["paths"] is None else tuple(row["paths"])


def find_thread(connection: Connection, owner: str, name: str, number: int) -> ThreadRef | None:
    """A thread by the names people use. Upper and lower case are the same, as on GitHub."""
    query = (
        select(schema.threads.c.repo_id, schema.threads.c.number)
        .join(schema.repos, schema.repos.c.id == schema.threads.c.repo_id)
        .join(schema.owners, schema.owners.c.id == schema.repos.c.owner_id)
        .where(
            func.lower(schema.owners.c.login) == owner.lower(),
            func.lower(schema.repos.c.name) == name.lower(),
            schema.threads.c.number == number,
        )
        .order_by(schema.repos.c.gone, schema.repos.c.heard_at.desc())
    )
    found = connection.execute(query).first()
    return ThreadRef(RepoId(found[0]), found[1]) if found else None


def owner(connection: Connection, owner_id: OwnerId) -> tuple[datetime, bool]:
    """Since when we hear what happens in an account's repositories, and whether it is an organisation."""
    row = rows.get(connection, schema.owners, id=owner_id)
    assert row is not None, "a repository is never written without its owner"
    return row["witnessed_since"], row["is_organisation"]


def witnessed(connection: Connection, owner_id: OwnerId, person_id: PersonId) -> frozenset[tuple[str, int]]:
    """The threads that somebody was seen to open here: the repository's full name in lower case, and the number."""
    thread, repo, owner = schema.threads, schema.repos, schema.owners
    query = (
        select(owner.c.login, repo.c.name, thread.c.number)
        .join(repo, repo.c.id == thread.c.repo_id)
        .join(owner, owner.c.id == repo.c.owner_id)
        .where(owner.c.id == owner_id, thread.c.author_id == person_id, thread.c.opened_by == person_id)
    )
    return frozenset((f"{login}/{name}".lower(), number) for login, name, number in connection.execute(query))


def active_installations(connection: Connection) -> set[InstallationId]:
    return set(connection.scalars(_active()))


@cache
def _active() -> Select[Any]:
    table = schema.installations
    return select(table.c.id).where(table.c.state == InstallationState.ACTIVE)


@once
def installation(connection: Connection, where: Repo) -> InstallationId | None:
    """The installation through which the bot may act in a repository; None if it is suspended or gone, or was taken out
    of that repository."""
    found = connection.scalar(_installations_of_repo(), {"repo_id": where.id})
    return None if found is None else InstallationId(found)


@cache
def _installations_of_repo() -> Select[Any]:
    repo, table = schema.repos, schema.installations
    return (
        select(table.c.id)
        .join(repo, repo.c.owner_id == table.c.owner_id)
        .where(repo.c.id == bindparam("repo_id"), repo.c.covered, table.c.state == InstallationState.ACTIVE)
        .order_by(table.c.heard_at.desc())
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """The ledger's keys about a person (`theirs`; `done`: those that were carried out) and about a thread (`here`)."""

    theirs: frozenset[str]
    done: frozenset[str]
    here: frozenset[str]


def _said(connection: Connection, ref: ThreadRef, owner_id: OwnerId, person_id: PersonId) -> _Said:
    """What is claimed for this very thread but not settled is left out: whoever claimed it may have died, so the rules
    should wish for it again, and the writer will find out.

    What was carried out in a private repository is told nowhere else; that it was said counts, so that it is said once.
    """
    hidden = _hidden(connection, owner_id, ref.repo_id)
    key = {**asdict(ref), "owner_id": owner_id, "person_id": person_id}
    found = [row for row in connection.execute(_here_or_theirs(), key) if not (row.here and row.state == State.CLAIMED)]
    return _Said(
        theirs=frozenset(row.key for row in found if row.theirs),
        done=frozenset(
            row.key for row in found if row.theirs and row.state == State.DONE and row.repo_id not in hidden
        ),
        here=frozenset(row.key for row in found if row.here),
    )


@cache
def _here_or_theirs() -> Select[Any]:
    table = schema.ledger
    here = and_(table.c.repo_id == bindparam("repo_id"), table.c.number == bindparam("number"))
    theirs = and_(table.c.owner_id == bindparam("owner_id"), table.c.person_id == bindparam("person_id"))
    columns = (table.c.key, table.c.state, table.c.repo_id, here.label("here"), theirs.label("theirs"))
    return select(*columns).where(or_(here, theirs))


def _standing(connection: Connection, thread: Thread, owner: Row, now: datetime) -> Standing:
    if thread.author == GHOST or thread.author.is_bot:  # no people, and what they did can be very much
        return Standing(is_team=False)
    key = {"owner_id": owner["id"], "person_id": thread.author.id}
    known = rows.get(connection, schema.acquaintances, **key)
    optout = rows.get(connection, schema.optouts, **key)
    has_past: bool | None = _past_in_memory(connection, thread, owner)
    merged_before: bool | None = _merged_in_memory(connection, thread, owner)
    if owner["past_read_at"] is None:  # then what memory does not know may still have been; a search has told, or not
        has_past = has_past or (known["has_past"] if known else None)
        merged_before = merged_before or (known["merged_before"] if known else None)
    earlier = _earlier_threads(connection, thread, owner)
    hidden = _hidden(connection, owner["id"], thread.ref.repo_id)
    return Standing(
        is_team=_is_team(connection, owner, thread.author.id, now),
        has_past=has_past,
        past_hidden=known is not None and known["has_past"] is None,
        merged_before=merged_before,
        opted_out=bool(optout and optout["opted_out"]),
        earlier=frozenset(kind for kind, _ in earlier),
        met_in=frozenset(repo_id for _, repo_id in earlier) - hidden,
    )


def _is_team(connection: Connection, owner: Row, person_id: PersonId, now: datetime) -> bool | None:
    """None if nothing has told, and the list of members has not been read of late, or not since they left: news of
    leaving may come later than that of coming back."""
    row = rows.get(connection, schema.team, owner_id=owner["id"], person_id=person_id)
    if (row is not None and row["belongs"]) or person_id == owner["id"]:
        return True
    read_at = owner["team_read_at"]
    known = read_at is not None and read_at > now - _TEAM_FRESH and (row is None or read_at >= row["as_of"])
    return False if known else None


def _askers(connection: Connection, thread: Thread, owner: Row, now: datetime) -> dict[PersonId, Asker]:
    """Who gave a command here that may still have to be answered."""
    of_late = now - switchback.COUNTS_FOR
    asked = [one for one in thread.requests if one.name in _ANSWERED and one.at > of_late]
    found = {id_: _asker(connection, owner, id_, now) for id_ in sorted({one.person.id for one in asked})}
    for id_ in {one.person.id for one in asked if one.name == "claim"}:
        merged, others = claims.standing(connection, owner, id_, thread.ref)
        found[id_] = replace(found[id_], merged=merged, other_claims=others)
    return found


def asker(connection: Connection, owner_id: OwnerId, person_id: PersonId, now: datetime) -> Asker:
    """What tells whether somebody may steer the bot."""
    account = rows.get(connection, schema.owners, id=owner_id)
    return _asker(connection, account, person_id, now) if account else Asker()


def _asker(connection: Connection, owner: Row, person_id: PersonId, now: datetime) -> Asker:
    belongs, groups = _is_team(connection, owner, person_id, now), _groups(connection, owner, person_id)
    return Asker(belongs=belongs, groups=frozenset(groups))


def _groups(connection: Connection, owner: Row, person_id: PersonId) -> list[str]:
    """Their teams; whoever left the organisation left its teams too."""
    left = rows.get(connection, schema.team, owner_id=owner["id"], person_id=person_id)
    if left is not None and not left["belongs"]:
        return []
    key = {"owner_id": owner["id"], "person_id": person_id}
    return [f"{owner['login']}/{slug}".lower() for slug in connection.scalars(_teams_of(), key)]


@cache
def _teams_of() -> Select[Any]:
    table, members = schema.teams, schema.team_members
    return (
        select(table.c.slug)
        .join(members, members.c.team_id == table.c.id)
        .where(table.c.owner_id == bindparam("owner_id"), ~table.c.gone)
        .where(members.c.person_id == bindparam("person_id"), members.c.belongs)
    )


def _past_in_memory(connection: Connection, thread: Thread, owner: Row) -> bool:
    """Whether they did anything here that was over before we began to listen. What we witnessed is not the past."""
    key = {**_key(thread, owner), "since": owner["witnessed_since"]}
    return any(connection.execute(query, key).first() for query in (_opened_before(), _answered_before()))


def _key(thread: Thread, owner: Row) -> dict[str, object]:
    """What the queries about an author and what else they did are given."""
    return {**asdict(thread.ref), "owner_id": owner["id"], "author_id": thread.author.id}


@cache
def _opened_before() -> Select[Any]:
    table = schema.threads
    return _other_threads().where(table.c.opened_by.is_(None), table.c.created_at < bindparam("since"))


@cache
def _answered_before() -> Select[Any]:
    table, act = schema.threads, schema.activity
    their_own = select(table.c.number).where(
        table.c.repo_id == act.c.repo_id, table.c.number == act.c.number, table.c.opened_by == bindparam("author_id")
    )
    theirs = select(act.c.source_id).where(act.c.person_id == bindparam("author_id"), _within(act))
    return theirs.where(act.c.at < bindparam("since"), ~their_own.exists()).limit(1)


def _merged_in_memory(connection: Connection, thread: Thread, owner: Row) -> bool:
    key = {**_key(thread, owner), "until": thread.merged_at or thread.created_at}
    return connection.execute(_merged_before(), key).first() is not None


@cache
def _merged_before() -> Select[Any]:
    return _other_threads().where(schema.threads.c.merged_at < bindparam("until"))


@cache
def _other_threads() -> Select[Any]:
    """The first one of the same author's that is not this."""
    table = schema.threads
    another = or_(table.c.repo_id != bindparam("repo_id"), table.c.number != bindparam("number"))
    return select(table.c.number).where(table.c.author_id == bindparam("author_id"), _within(table), another).limit(1)


def _earlier_threads(connection: Connection, thread: Thread, owner: Row) -> list[tuple[ThreadKind, RepoId]]:
    """The kinds of threads they opened before this one, and where; between two of one second the repository and number
    decide."""
    key = {**_key(thread, owner), "at": thread.created_at}
    return [(ThreadKind(kind), RepoId(repo_id)) for kind, repo_id in connection.execute(_opened_earlier(), key)]


@cache
def _opened_earlier() -> Select[Any]:
    table = schema.threads
    repo_id: BindParameter[Any] = bindparam("repo_id")
    at: BindParameter[Any] = bindparam("at")
    before = or_(table.c.repo_id < repo_id, and_(table.c.repo_id == repo_id, table.c.number < bindparam("number")))
    return (
        select(table.c.kind, table.c.repo_id)
        .distinct()
        .where(table.c.author_id == bindparam("author_id"), _within(table))
        .where(or_(table.c.created_at < at, and_(table.c.created_at == at, before)))
    )


def _reports(connection: Connection, thread: Thread, now: datetime) -> int:
    """How many issues the author of a young open one opened before, up to a few; none that is private elsewhere."""
    if thread.kind is not ThreadKind.ISSUE or not thread.is_open or now > thread.created_at + _YOUNG:
        return 0
    if thread.author == GHOST or thread.author.is_bot:
        return 0
    key = {
        "owner_id": thread.repo.owner_id, "repo_id": thread.ref.repo_id, "author_id": thread.author.id,
        "at": thread.created_at,
    }  # fmt: skip
    return len(connection.execute(_reported(), key).all())


@cache
def _reported() -> Select[Any]:
    table = schema.threads
    earlier = select(table.c.number).where(
        table.c.author_id == bindparam("author_id"),
        table.c.repo_id.in_(visible_repos(bindparam("owner_id"), bindparam("repo_id"))),
        table.c.kind == ThreadKind.ISSUE.value,
        table.c.created_at < bindparam("at"),
    )
    return earlier.limit(_ENOUGH_REPORTS)


def visible_repos(
    owner_id: OwnerId | BindParameter[Any], seen_from: RepoId | BindParameter[Any] | None
) -> Select[tuple[int]]:
    """The repositories of an owner of which may be told in one of them (None: in none): the public ones, and it."""
    table = schema.repos
    public = ~table.c.private if seen_from is None else or_(~table.c.private, table.c.id == seen_from)
    return select(table.c.id).where(table.c.owner_id == owner_id, ~table.c.gone, public)


def _hidden(connection: Connection, owner_id: OwnerId, seen_from: RepoId) -> set[RepoId]:
    """The private repositories of an owner but this one."""
    key = {"owner_id": owner_id, "seen_from": seen_from}
    return {RepoId(id_) for id_ in connection.scalars(_private(), key)}


@cache
def _private() -> Select[Any]:
    table = schema.repos
    of_owner = select(table.c.id).where(table.c.owner_id == bindparam("owner_id"))
    return of_owner.where(table.c.private, table.c.id != bindparam("seen_from"))


def _within(table: Table) -> ColumnElement[bool]:
    """In the repositories that an owner has now: they move, and what happened in them moves along."""
    return table.c.repo_id.in_(select(schema.repos.c.id).where(schema.repos.c.owner_id == bindparam("owner_id")))


def _greeter_around(connection: Connection, owner: Row, greeters: Collection[str]) -> bool | None:
    """Whether a bot that welcomes people has been seen here; None if it may have been before we began to listen."""
    logins = [name.lower() for name in greeters]
    query = _acted(all(name.endswith("[bot]") for name in greeters))
    if connection.execute(query, {"logins": logins, "owner_id": owner["id"]}).first() is not None:
        return True
    return None if owner["past_read_at"] is None else False


def accounts(logins: Collection[str]) -> Select[tuple[int]]:
    """Their ids."""
    return _accounts([name.lower() for name in logins], only_bots=all(name.endswith("[bot]") for name in logins))


def _accounts(logins: list[str] | BindParameter[Any], *, only_bots: bool) -> Select[tuple[int]]:
    those = select(schema.people.c.id).where(func.lower(schema.people.c.login).in_(logins))
    return those.where(_IS_BOT) if only_bots else those


@cache
def _acted(only_bots: bool) -> Select[Any]:
    act, those = schema.activity, _accounts(bindparam("logins", expanding=True), only_bots=only_bots)
    return select(act.c.source_id).where(act.c.person_id.in_(those), _within(act)).limit(1)
