"""What applicants of a cohort contributed, which tasks there are, and who has them.

Which cohorts there are stands in the organisation's file; here they are known by their ids.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, or_, select, tuple_

from bot.cohorts import Applicant, Came, Cohort, Contribution, Task
from bot.effects import RecordWork
from bot.memory import on_call, recall, rows, schema, threads
from bot.memory.forgotten import Forgotten
from bot.memory.pulse import pulse
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, Subject, ThreadKind, ThreadRef, Waits
from bot.policy import Policy

Policies = Callable[[Connection, Repo], Policy]

_NOWHERE: Final = 0  # the repository and number of what stands elsewhere
_DONE: Final = schema.contributions.c
_RECORDED: Final = select(_DONE.cohort, _DONE.person_id).where(
    _DONE.repo_id == bindparam("repo_id"), _DONE.number == bindparam("number")
)


def subject(owner_id: OwnerId) -> Subject:
    """Where guides, sheets and reminders are made."""
    return Subject(f"cohort/{owner_id}")


def record(connection: Connection, owner_id: OwnerId, order: RecordWork) -> None:
    """Somebody contributed something in a cohort, and so applies in it."""
    if Forgotten(connection).has_id(order.person.id):
        return
    key = {"owner_id": owner_id, "cohort": order.cohort, "person_id": order.person.id}
    if rows.get(connection, schema.applicants, **key) is None:
        place = {"repo_id": order.thread.repo_id, "number": order.thread.number}
        rows.put(connection, schema.applicants, {"since": order.as_of, **place}, **key)
    work, task = order.work, order.task
    if work is None and not order.url:  # they have taken a task, and nothing is there yet
        return
    what = {
        "repo_id": work.repo_id if work else _NOWHERE, "number": work.number if work else _NOWHERE, "url": order.url
    }  # fmt: skip
    if rows.get(connection, schema.contributions, **key, **what) is None:
        of = {"task_repo_id": task.repo_id if task else None, "task_number": task.number if task else None}
        rows.put(connection, schema.contributions, {**of, "at": order.as_of}, **key, **what)


def mentors(connection: Connection, owner_id: OwnerId, cohort: Cohort) -> dict[PersonId, Person]:
    """Those of its mentors who are known here and want to hear from us, in the file's order."""
    return on_call.by_login(connection, owner_id, cohort.mentors)


def applies(connection: Connection, owner_id: OwnerId, person_id: PersonId) -> frozenset[str]:
    """The ids of the cohorts in which somebody applies, or did."""
    table = schema.applicants
    query = select(table.c.cohort).where(table.c.owner_id == owner_id, table.c.person_id == person_id)
    return frozenset(connection.scalars(query))


def recorded(connection: Connection, ref: ThreadRef) -> frozenset[tuple[str, PersonId]]:
    """In which cohorts a thread is recorded, and whose contribution it is."""
    found = connection.execute(_RECORDED, asdict(ref))
    return frozenset((cohort, PersonId(person_id)) for cohort, person_id in found)


def tasks(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, policies: Policies, *, seen_from: RepoId | None = None
) -> list[Task]:
    """Its tasks that are open, in the order of their names: in public repositories, and in the one that they are told
    of in."""
    table = schema.threads
    query = select(table.c.repo_id, table.c.number, table.c.labels, table.c.assignees).where(
        table.c.repo_id.in_(recall.visible_repos(owner_id, seen_from)), table.c.kind == ThreadKind.ISSUE,
        table.c.is_open, ~table.c.gone, ~table.c.locked,
    )  # fmt: skip
    found = [row for row in connection.execute(query).mappings() if row["labels"]]
    return sorted(_tasks(connection, found, cohort, policies), key=lambda task: task.name)


def task(connection: Connection, ref: ThreadRef, cohort: Cohort, policies: Policies) -> Task | None:
    """An issue as a task of it, open or not; None: it is none."""
    table = schema.threads
    query = select(table.c.repo_id, table.c.number, table.c.labels, table.c.assignees, table.c.is_open).where(
        table.c.repo_id == ref.repo_id, table.c.number == ref.number, table.c.kind == ThreadKind.ISSUE, ~table.c.gone
    )
    found = connection.execute(query).mappings().all()
    return next(iter(_tasks(connection, found, cohort, policies)), None)


def among(
    connection: Connection, refs: Collection[ThreadRef], cohort: Cohort, policies: Policies
) -> set[ThreadRef]:  # fmt: skip
    """Those of these issues that are tasks of it."""
    table = schema.threads
    query = select(table.c.repo_id, table.c.number, table.c.labels, table.c.assignees).where(
        table.c.repo_id.in_({ref.repo_id for ref in refs}), table.c.number.in_({ref.number for ref in refs}),
        table.c.kind == ThreadKind.ISSUE, ~table.c.gone,
    )  # fmt: skip
    found = connection.execute(query).mappings().all() if refs else []
    return {one.ref for one in _tasks(connection, found, cohort, policies)} & set(refs)


def intern_threads(connection: Connection, owner_id: OwnerId, cohort: Cohort) -> list[ThreadRef]:
    """The open issues of its interns: a look at them seeks mentors without other news."""
    table, repo = schema.threads, schema.repos
    wanted = {(one.repo.casefold(), one.number) for one in cohort.interns}
    query = (
        select(table.c.repo_id, table.c.number, repo.c.name)
        .join(repo, repo.c.id == table.c.repo_id)
        .where(
            repo.c.owner_id == owner_id, ~repo.c.gone, table.c.number.in_({number for _, number in wanted}),
            table.c.is_open, ~table.c.gone,
        )
        .order_by(table.c.repo_id, table.c.number)
    )  # fmt: skip
    found = connection.execute(query).all() if wanted else []
    return [ThreadRef(RepoId(row.repo_id), row.number) for row in found if (row.name.casefold(), row.number) in wanted]


def _tasks(
    connection: Connection, issues: Iterable[RowMapping], cohort: Cohort, policies: Policies
) -> list[Task]:  # fmt: skip
    places: dict[RepoId, tuple[Repo, Policy] | None] = {}
    theirs = []
    for row in issues:
        repo_id = RepoId(row["repo_id"])
        if repo_id not in places:
            where = recall.repo(connection, repo_id)
            places[repo_id] = None if where is None or where.archived else (where, policies(connection, where))
        if (place := places[repo_id]) is None:
            continue
        labels = frozenset(row["labels"])
        level = place[1].levels.of(labels)
        if level is not None and cohort.is_task(labels, level):
            theirs.append((row, place, level))
    has = _takers(connection, [ThreadRef(where.id, row["number"]) for row, (where, _), _ in theirs])
    return [
        Task(
            ref=(ref := ThreadRef(where.id, row["number"])),
            name=f"{where.full_name}#{ref.number}",
            level=level,
            takers=len(has[ref] | _people(connection, row["assignees"], policy)),
            most=cohort.takers,
            is_open=row.get("is_open", True),
        )
        for row, (where, policy), level in theirs
    ]


def _people(connection: Connection, ids: Sequence[int], policy: Policy) -> set[int]:
    """Without bots."""
    return {id_ for id_ in ids if not policy.is_bot(threads.person(connection, id_))}


def _takers(connection: Connection, refs: Sequence[ThreadRef]) -> defaultdict[ThreadRef, set[int]]:
    """Who has taken which of these."""
    table = schema.claims
    found: defaultdict[ThreadRef, set[int]] = defaultdict(set)
    query = select(table.c.repo_id, table.c.number, table.c.person_id).where(
        table.c.repo_id.in_({ref.repo_id for ref in refs}), table.c.number.in_({ref.number for ref in refs}),
        table.c.ended_at.is_(None),
    )  # fmt: skip
    for repo_id, number, person_id in connection.execute(query) if refs else ():
        found[ThreadRef(RepoId(repo_id), number)].add(person_id)
    return found


def applicants(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, *, bots: Collection[str] = ()
) -> tuple[Applicant, ...]:
    """Who applies in it, in the order in which they came, with what they did. `bots`: logins that are no people."""
    table, out = schema.applicants, schema.optouts
    query = (
        select(table, out.c.opted_out)
        .outerjoin(out, and_(out.c.owner_id == table.c.owner_id, out.c.person_id == table.c.person_id))
        .where(table.c.owner_id == owner_id, table.c.cohort == cohort.id)
        .order_by(table.c.since, table.c.person_id)
    )
    found = connection.execute(query).mappings().all()
    did = _contributions(connection, owner_id, cohort, bots)
    taken = _taken(connection, owner_id, cohort, [row["person_id"] for row in found])
    return tuple(
        Applicant(
            person=threads.person(connection, row["person_id"]),
            since=row["since"],
            contributions=tuple(did[row["person_id"]]),
            tasks=tuple(taken[row["person_id"]]),
            place=_place(connection, owner_id, row),
            opted_out=bool(row["opted_out"]),
        )
        for row in found
    )


def _contributions(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, bots: Collection[str]
) -> defaultdict[int, list[Contribution]]:
    table = schema.contributions
    query = select(table).where(table.c.owner_id == owner_id, table.c.cohort == cohort.id)
    found: defaultdict[int, list[Contribution]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.at, table.c.repo_id, table.c.number, table.c.url)).mappings():
        if (made := _contribution(connection, row, bots)) is not None:
            found[row["person_id"]].append(made)
    return found


def _contribution(connection: Connection, row: RowMapping, bots: Collection[str]) -> Contribution | None:
    """None: the thread is gone."""
    task_name = _name(connection, row["task_repo_id"], row["task_number"])
    task_ref = None if row["task_repo_id"] is None else ThreadRef(RepoId(row["task_repo_id"]), row["task_number"])
    if row["repo_id"] == _NOWHERE:
        return Contribution(
            at=row["at"], url=row["url"], state=Came.ELSEWHERE, task=task_ref, task_name=task_name
        )  # fmt: skip
    ref = ThreadRef(RepoId(row["repo_id"]), row["number"])
    stored, where = rows.get(connection, schema.threads, repo_id=ref.repo_id, number=ref.number), recall.repo(
        connection, ref.repo_id
    )  # fmt: skip
    if stored is None or stored["gone"] or where is None:
        return None
    thread = threads.thread(connection, ref, stored, where)
    beat = pulse(thread, bots)
    is_pull = thread.kind is ThreadKind.PULL_REQUEST
    state = Came.MERGED if thread.merged_at else Came.OPEN if thread.is_open else Came.CLOSED
    waits = is_pull and thread.is_open and not thread.draft and beat.waits is Waits.FOR_TEAM
    return Contribution(
        at=row["at"], ref=ref, name=thread.name, pull=is_pull, state=state, task=task_ref, task_name=task_name,
        private=where.private, waits_since=beat.waits_since if waits else None,
    )  # fmt: skip


def _name(connection: Connection, repo_id: int | None, number: int | None) -> str:
    where = None if repo_id is None else recall.repo(connection, RepoId(repo_id))
    return "" if where is None else f"{where.full_name}#{number}"


def _taken(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, people: Collection[int]
) -> defaultdict[int, list[str]]:
    """The names of the issues with its label that they have taken, or had, in the order in which they took them."""
    claim, issue, repo, owner = schema.claims, schema.threads, schema.repos, schema.owners
    query = (
        select(claim.c.person_id, issue.c.labels, owner.c.login, repo.c.name, issue.c.number)
        .join(issue, and_(issue.c.repo_id == claim.c.repo_id, issue.c.number == claim.c.number))
        .join(repo, repo.c.id == claim.c.repo_id)
        .join(owner, owner.c.id == repo.c.owner_id)
        .where(claim.c.person_id.in_(people), repo.c.owner_id == owner_id, ~issue.c.gone, ~repo.c.gone)
        .order_by(claim.c.at, issue.c.number)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in connection.execute(query) if people else ():
        if cohort.label.casefold() in {label.casefold() for label in row.labels}:
            found[row.person_id].append(f"{row.login}/{row.name}#{row.number}")
    return found


def _place(connection: Connection, owner_id: OwnerId, row: RowMapping) -> ThreadRef | None:
    """Where they can be told something: the last thread of their own, rather an open one; not one that is locked or
    in a private repository, unless they applied there."""
    table, here = schema.threads, (row["repo_id"], row["number"])
    repos = or_(table.c.repo_id.in_(recall.visible_repos(owner_id, None)), table.c.repo_id == row["repo_id"])
    query = (
        select(table.c.repo_id, table.c.number)
        .where(table.c.author_id == row["person_id"], repos, ~table.c.gone, ~table.c.locked)
        .order_by(table.c.is_open.desc(), func.coalesce(table.c.closed_at, table.c.created_at).desc())
    )
    found = connection.execute(query.limit(1)).first()
    if found is not None:
        return ThreadRef(RepoId(found.repo_id), found.number)
    there = tuple_(table.c.repo_id, table.c.number) == tuple_(*here)
    open_ = select(table.c.number).where(there, ~table.c.gone, ~table.c.locked)
    return None if connection.execute(open_).first() is None else ThreadRef(RepoId(here[0]), here[1])
