"""Which cohorts a thread belongs to, as its look sees them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from bot.cohorts import Cohort, Round, Task
from bot.commands import record
from bot.inforce import InForce, Policies
from bot.looking import ThreadLook
from bot.memory import boards, cohorts, on_call, recall, schema
from bot.model import OwnerId, Person, Repo, RepoId, ThreadKind, ThreadRef
from bot.pathway import Opening
from bot.policy import Policy
from bot.policytypes import Mode

GUIDE: Final = "cohort-guide"

_MOST: Final = 3  # other tasks that are named
INTERNSHIP: Final = timedelta(days=180)  # after that, interns in the file are of the past


def board(kind: str, cohort: Cohort, repo_id: RepoId | None) -> str:
    """The name of an issue of a cohort in a repository; None: how all of that kind begin. Ids may be long."""
    which = sha256(cohort.id.encode()).hexdigest()[:16]
    return f"{kind}/{which}/{'' if repo_id is None else repo_id}"


def of(connection: Connection, owner_id: OwnerId, policies: Policies) -> tuple[Cohort, ...]:
    """The organisation's cohorts; with a configuration that is only tried out there are none."""
    return policies.cohorts(connection, owner_id) if isinstance(policies, InForce) else ()


def now_in(connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime) -> list[Cohort]:
    """Those in their contribution period."""
    return [one for one in of(connection, owner_id, policies) if one.takes_place(now)]


def without_tasks(
    connection: Connection, owner_id: OwnerId, openings: Sequence[Opening], policies: Policies, now: datetime
) -> list[Opening]:
    """Those that are no tasks of a cohort in its contribution period: tasks are for who applies. Where cohorts are not
    switched on nothing changes."""
    those = now_in(connection, owner_id, policies, now)
    on = [one.ref for one in openings if policies(connection, one.repo).mode("cohorts") is Mode.ON] if those else []
    tasks = {ref for each in those for ref in cohorts.among(connection, on, each, policies)}
    return [one for one in openings if one.ref not in tasks]


def with_rounds(
    connection: Connection, look: ThreadLook, policy: Policy, policies: Policies, now: datetime, *, full: bool,
    written: Collection[datetime] = (),
) -> ThreadLook:  # fmt: skip
    """With the cohorts that take place. `full`: with other tasks, since somebody would like to take this one.
    `written`: when each `/record` was written that waits for an answer; of those in time the cohort may be over."""
    owner_id, thread = look.thread.repo.owner_id, look.thread
    found = []
    for cohort in of(connection, owner_id, policies):
        intern = _intern(connection, cohort, thread.repo, thread.ref.number)
        if not cohort.takes_place(now) and any(map(cohort.takes_place, written)):
            found.append(
                Round(
                    cohort=cohort,
                    runs=False,
                    mentors=frozenset(cohorts.mentors(connection, owner_id, cohort)),
                    named=tuple(_named(connection, look, cohort, policies)),
                    applies=cohort.id in cohorts.applies(connection, owner_id, thread.author.id),
                    intern=intern if now < cohort.ends + INTERNSHIP else None,
                )
            )
            continue
        if not cohort.takes_place(now):
            if intern is not None and now < cohort.ends + INTERNSHIP:
                found.append(Round(cohort=cohort, runs=False, intern=intern))
            continue
        task = cohorts.task(connection, thread.ref, cohort, policies)
        found.append(
            Round(
                cohort=cohort,
                guide=policy.mode("cohorts") is Mode.ON and _stands(connection, owner_id, cohort),
                mentors=frozenset(cohorts.mentors(connection, owner_id, cohort)),
                task=task,
                others=tuple(_others(connection, owner_id, cohort, policies, task)) if full and task else (),
                named=tuple(_named(connection, look, cohort, policies)),
                applies=cohort.id in cohorts.applies(connection, owner_id, thread.author.id),
                recorded=frozenset(
                    who for which, who in cohorts.recorded(connection, thread.ref) if which == cohort.id
                ),
                intern=intern,
            )
        )
    return replace(look, rounds=tuple(found)) if found else look


def _intern(connection: Connection, cohort: Cohort, where: Repo, number: int) -> Person | None:
    """Who was chosen to work on this issue."""
    logins = [
        one.login for one in cohort.interns if (one.repo.casefold(), one.number) == (where.name.casefold(), number)
    ]
    return next(iter(on_call.by_login(connection, where.owner_id, logins).values()), None) if logins else None


def _stands(connection: Connection, owner_id: OwnerId, cohort: Cohort) -> bool:
    known = boards.still_open(connection, owner_id, board(GUIDE, cohort, None))
    return any(not boards.is_closed(connection, one) for one in known)


def _others(
    connection: Connection, owner_id: OwnerId, cohort: Cohort, policies: Policies, task: Task
) -> Sequence[Task]:
    """Those with places left: of the same level first, then of the same repository, then with the fewest takers."""
    free = [
        one
        for one in cohorts.tasks(connection, owner_id, cohort, policies, seen_from=task.ref.repo_id)
        if one.left and one.ref != task.ref
    ]

    def place(one: Task) -> tuple[bool, bool, int, str]:
        return one.level is not task.level, one.ref.repo_id != task.ref.repo_id, one.takers, one.name

    return sorted(free, key=place)[:_MOST]


def _named(connection: Connection, look: ThreadLook, cohort: Cohort, policies: Policies) -> Sequence[ThreadRef]:
    """The tasks that a pull request names, in the organisation."""
    thread, table = look.thread, schema.links
    owner_id = thread.repo.owner_id
    if thread.kind is not ThreadKind.PULL_REQUEST:
        return ()
    query = select(table.c.to_repo, table.c.to_number).where(
        table.c.repo_id == thread.ref.repo_id, table.c.number == thread.ref.number, ~table.c.gone
    )
    refs = []
    for to_repo, number in connection.execute(query.order_by(table.c.closes.desc(), table.c.to_number)):
        owner, _, name = to_repo.partition("/")
        ref = recall.find_thread(connection, owner, name, number) if to_repo else ThreadRef(thread.ref.repo_id, number)
        home = None if ref is None else recall.repo(connection, ref.repo_id)
        if ref is None or home is None or home.owner_id != owner_id:
            continue
        if cohorts.task(connection, ref, cohort, policies) is not None:
            refs.append(ref)
    return refs


def with_named(
    connection: Connection, look: ThreadLook, said: Sequence[str], policies: Policies
) -> ThreadLook:  # fmt: skip
    """With all cohorts, and the threads that `/record` names. What is in another private repository stays unknown, so
    that no answer tells whether it is there."""
    where, found = look.thread.repo, {}
    for args in said:
        wish = record.read(args)
        if isinstance(wish, record.Named):
            owner, name = wish.owner or where.owner, wish.repo or where.name
            ref = recall.find_thread(connection, owner, name, wish.number)
            home = None if ref is None else recall.repo(connection, ref.repo_id)
            if ref is None or home is None or home.owner_id != where.owner_id:
                continue
            if not home.private or home.id == where.id:
                found[args] = ref
    return replace(look, cohorts=of(connection, where.owner_id, policies), named_threads=found)
