"""Rows into what people could take, and who they are: openings and seekers. Many at once, in a few queries."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, select, text, tuple_

from bot.effects import Label
from bot.memory import interests, portrait, recall, schema
from bot.memory.answer_time import answer_times
from bot.memory.ledger import State
from bot.memory.threads import person
from bot.model import Doing, Level, OwnerId, PersonId, Repo, RepoId, Step, Subject, ThreadKind, ThreadRef
from bot.pathway import Ended, Opening, Seeker
from bot.policy import Policy
from bot.rules import ready

Policies = Callable[[Connection, Repo], Policy]

SOON: Final = timedelta(minutes=15)  # in which more of the same mostly happens

# As literals, without "= 1": only then does SQLite see that it is the condition of the partial index.
_OPEN: Final = and_(text("threads.is_open"), text("NOT threads.gone"))
_WORK: Final = frozenset({Doing.PULL_REQUEST, Doing.COMMIT, Doing.REVIEW})


def subject(owner_id: OwnerId) -> Subject:
    return Subject(f"ramp/{owner_id}")


def owner_of(subject: Subject) -> OwnerId:
    return OwnerId(int(subject.partition("/")[2]))


def openings(
    connection: Connection, owner_id: OwnerId, policies: Policies, now: datetime,
    *, seen_from: RepoId | None = None, with_private: bool = False,
) -> list[Opening]:  # fmt: skip
    """The open issues with a level in an owner's repositories, those at their level for longest first: in the public
    ones and in `seen_from`, or in all of them."""
    repos = _repos(connection, owner_id, seen_from, with_private=with_private)
    found = _made(connection, _rows(connection, repos, _OPEN), repos, policies, now)
    return sorted(found, key=lambda opening: (opening.since, opening.ref))


def opening(connection: Connection, ref: ThreadRef, policies: Policies, now: datetime) -> Opening | None:
    """One issue, open or not; None if it has no level, or nobody may take it."""
    where = recall.repo(connection, ref.repo_id)
    if where is None or where.archived:
        return None
    repos = {where.id: where}
    this = and_(schema.threads.c.number == ref.number, ~schema.threads.c.gone)
    found = {
        one.ref: one
        for condition in (this, _OPEN)  # the others of the repository tell what is nearby
        for one in _made(connection, _rows(connection, repos, condition), repos, policies, now)
    }
    return found.get(ref)


@dataclass(frozen=True, slots=True)
class _Found:
    """An issue that has a level."""

    ref: ThreadRef
    row: RowMapping
    level: Level
    policy: Policy

    @property
    def told_by(self) -> list[str]:
        """Its labels that tell the level."""
        return [label for label in self.row["labels"] if self.policy.levels.of(frozenset({label})) is self.level]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What else there is about issues."""

    labeled: Mapping[ThreadRef, Sequence[RowMapping]]
    pointers: Mapping[ThreadRef, RowMapping]
    taken: Collection[ThreadRef]
    bots: Collection[int]
    team: Collection[int]
    set_for_team: Collection[ThreadRef]  # we set a label there, for somebody of the team
    answers: Mapping[RepoId, timedelta | None]


def _repos(
    connection: Connection, owner_id: OwnerId, seen_from: RepoId | None, *, with_private: bool
) -> dict[RepoId, Repo]:
    """Those in which one may take something."""
    repo, owner = schema.repos, schema.owners
    query = (
        select(repo, owner.c.login)
        .join(owner, owner.c.id == repo.c.owner_id)
        .where(repo.c.owner_id == owner_id, repo.c.covered, ~repo.c.gone, ~repo.c.archived)
    )
    if not with_private:
        query = query.where(repo.c.id.in_(recall.visible_repos(owner_id, seen_from)))
    return {
        RepoId(row["id"]): Repo(
            RepoId(row["id"]), owner_id, row["login"], row["name"], row["url"], private=row["private"],
            default_branch=row["default_branch"],
        )
        for row in connection.execute(query.order_by(repo.c.id)).mappings()
    }  # fmt: skip


def _rows(connection: Connection, repos: Collection[RepoId], condition: Any) -> Sequence[RowMapping]:
    table = schema.threads
    columns = (
        table.c.repo_id, table.c.number, table.c.author_id, table.c.created_at, table.c.is_open, table.c.labels,
        table.c.assignees, table.c.traits,
    )  # fmt: skip
    query = select(*columns).where(
        table.c.repo_id.in_(repos), condition, table.c.kind == ThreadKind.ISSUE, ~table.c.locked
    )
    return connection.execute(query).mappings().all()


def _made(
    connection: Connection, issues: Iterable[RowMapping], repos: Mapping[RepoId, Repo], policies: Policies,
    now: datetime,
) -> list[Opening]:  # fmt: skip
    known: dict[RepoId, Policy] = {}
    found: list[_Found] = []
    for row in issues:
        repo_id = RepoId(row["repo_id"])
        if not row["labels"]:
            continue
        if repo_id not in known:
            known[repo_id] = policies(connection, repos[repo_id])
        policy, labels = known[repo_id], frozenset(row["labels"])
        level = policy.levels.of(labels)
        alone = policy.no_bot_label.casefold() in {label.casefold() for label in labels}
        if level is not None and policy.switchback == "on" and not alone:
            found.append(_Found(ThreadRef(repo_id, row["number"]), row, level, policy))
    if not found:
        return []
    around = _around(connection, found, repos, now)
    nearby: defaultdict[RepoId, set[str]] = defaultdict(set)
    areas = {one.ref: one.policy.areas_of(frozenset(one.row["labels"]), None) for one in found}
    for ref, its in areas.items():
        nearby[ref.repo_id] |= its
    return [
        _opening(one, repos[one.ref.repo_id], areas[one.ref], frozenset(nearby[one.ref.repo_id]), around)
        for one in found
    ]


def _opening(found: _Found, repo: Repo, areas: frozenset[str], nearby: frozenset[str], around: _Around) -> Opening:
    row, policy, pointers = found.row, found.policy, around.pointers.get(found.ref)
    set_by = [one for one in around.labeled.get(found.ref, ()) if one["about"] in found.told_by]
    assignees = [id_ for id_ in row["assignees"] if id_ not in around.bots]
    someone_to_ask = (
        (pointers is not None and pointers["ask_id"] is not None)
        or any(id_ in around.team for id_ in assignees)
        or any(one["person_id"] in around.team for one in set_by)
        or found.ref in around.set_for_team
    )
    given, traits = frozenset(pointers["given"] if pointers else ()), frozenset(row["traits"] or ())
    lacks = ready.missing(given=given, traits=traits, someone_to_ask=someone_to_ask, policy=policy)
    answer = around.answers[repo.id]
    return Opening(
        ref=found.ref,
        repo=repo,
        level=found.level,
        areas=areas,
        since=max((one["at"] for one in set_by), default=row["created_at"]),
        ready=found.level is Level.STARTER or not lacks,
        taken=bool(assignees) or found.ref in around.taken,
        answer_minutes=None if answer is None else round(answer.total_seconds() / 60),
        is_open=row["is_open"],
        author=PersonId(row["author_id"]),
        nearby=nearby,
        pointed_at=pointers["as_of"] if pointers else None,
        lacks=lacks,
    )


def _around(connection: Connection, found: Sequence[_Found], repos: Mapping[RepoId, Repo], now: datetime) -> _Around:
    refs = [one.ref for one in found]
    repo_ids, numbers = {ref.repo_id for ref in refs}, {ref.number for ref in refs}
    owner_id = repos[refs[0].repo_id].owner_id
    did, tips, claim = schema.happenings, schema.pointers, schema.claims
    labeled: defaultdict[ThreadRef, list[RowMapping]] = defaultdict(list)
    steps = select(did).where(
        did.c.repo_id.in_(repo_ids), did.c.number.in_(numbers), did.c.step == Step.LABELED,
        did.c.about.in_({label for one in found for label in one.told_by}),
    )  # fmt: skip
    for row in connection.execute(steps).mappings():
        labeled[_ref(row)].append(row)
    given = select(tips).where(tips.c.repo_id.in_(repo_ids), tips.c.number.in_(numbers))
    claimed = select(claim.c.repo_id, claim.c.number).where(
        claim.c.repo_id.in_(repo_ids), claim.c.number.in_(numbers), claim.c.ended_at.is_(None)
    )
    team, done = _team(connection, owner_id), schema.ledger
    labels = select(done.c.repo_id, done.c.number, done.c.person_id).where(
        done.c.repo_id.in_(repo_ids),
        done.c.number.in_(numbers),
        done.c.effect == Label.kind,
        done.c.state == State.DONE,
    )
    return _Around(
        labeled=labeled,
        pointers={_ref(row): row for row in connection.execute(given).mappings()},
        taken={_ref(row) for row in connection.execute(claimed).mappings()}
        | _with_pull_request(connection, owner_id, repos, numbers),
        bots=_bots(connection, found),
        team=team,
        set_for_team={_ref(row) for row in connection.execute(labels).mappings() if row["person_id"] in team},
        answers=_answers(connection, found, now),
    )


def _answers(connection: Connection, found: Sequence[_Found], now: datetime) -> dict[RepoId, timedelta | None]:
    """Who is no person is mostly the same everywhere, so that is mostly one query."""
    by_bots: defaultdict[tuple[str, ...], set[RepoId]] = defaultdict(set)
    for one in found:
        by_bots[one.policy.people.bots].add(one.ref.repo_id)
    return {
        repo_id: wait
        for bots, repo_ids in by_bots.items()
        for repo_id, wait in answer_times(connection, repo_ids, now, bots).items()
    }


def _ref(row: RowMapping) -> ThreadRef:
    return ThreadRef(RepoId(row["repo_id"]), row["number"])


def _with_pull_request(
    connection: Connection, owner_id: OwnerId, repos: Mapping[RepoId, Repo], numbers: Collection[int]
) -> set[ThreadRef]:
    """The issues that an open pull request of the same owner would close."""
    link, pull, within = schema.links, schema.threads, schema.repos
    query = (
        select(link.c.repo_id, link.c.to_repo, link.c.to_number)
        .join(pull, and_(pull.c.repo_id == link.c.repo_id, pull.c.number == link.c.number))
        .join(within, within.c.id == link.c.repo_id)
        .where(link.c.to_number.in_(numbers), link.c.closes, ~link.c.gone, within.c.owner_id == owner_id)
        .where(pull.c.is_open, ~pull.c.gone)
    )
    names = {repo.full_name.lower(): repo.id for repo in repos.values()}
    found = connection.execute(query).all()
    named = [(names.get(row.to_repo) if row.to_repo else RepoId(row.repo_id), row.to_number) for row in found]
    return {ThreadRef(repo_id, number) for repo_id, number in named if repo_id is not None}


def _bots(connection: Connection, found: Sequence[_Found]) -> set[int]:
    """Those among the assignees who are no people."""
    who = schema.people
    assigned = {id_ for one in found for id_ in one.row["assignees"]}
    called = {login.lower() for one in found for login in one.policy.people.bots}
    query = select(who.c.id, who.c.login, who.c.is_bot).where(who.c.id.in_(assigned))
    return {row.id for row in connection.execute(query) if row.is_bot or row.login.lower() in called}


def _team(connection: Connection, owner_id: OwnerId) -> set[int]:
    table = schema.team
    query = select(table.c.person_id).where(table.c.owner_id == owner_id, table.c.belongs)
    return {int(owner_id), *connection.scalars(query)}


def seeker(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, policy: Policy, *, seen_from: RepoId | None = None
) -> Seeker:
    """Somebody, as far as may be told in `seen_from` (None: anywhere)."""
    known = portrait.person_look(connection, owner_id, person_id, policy, seen_from=seen_from)
    merged, highest = _merges(connection, owner_id, person_id, policy, seen_from)
    did_work = {area for area, tallies in known.in_areas.items() if any(one.doing in _WORK for one in tallies)}
    offer = schema.offers
    offered = select(offer.c.repo_id, offer.c.number).where(offer.c.person_id == person_id)
    return Seeker(
        person=person(connection, person_id),
        merged=merged,
        highest=highest,
        areas=frozenset(did_work),
        repos=frozenset(known.in_repos),
        interests=interests.of(connection, owner_id, person_id),
        offered=frozenset(_ref(row) for row in connection.execute(offered).mappings()),
    )


def starters(connection: Connection, pulls: Collection[ThreadRef], policy: Policy) -> set[ThreadRef]:
    """Those of these pull requests that are at the lowest level, by their own labels or those of an issue that they
    close."""
    table = schema.threads
    these = tuple_(table.c.repo_id, table.c.number).in_([(ref.repo_id, ref.number) for ref in pulls])
    query = select(table.c.repo_id, table.c.number, table.c.labels).where(these)
    labels = [(_ref(row), frozenset(row["labels"])) for row in connection.execute(query).mappings()]
    labels += [(pull, its) for pull, its in _closed_by(connection, these)]
    return {pull for pull, its in labels if policy.levels.of(its) is Level.STARTER}


def _closed_by(connection: Connection, these: ColumnElement[bool]) -> list[tuple[ThreadRef, frozenset[str]]]:
    """The labels of the issues that pull requests close, wherever in the same owner's repositories they are."""
    pull, link, repo, owner = schema.threads, schema.links, schema.repos, schema.owners
    named = (
        select(link.c.repo_id, link.c.number, link.c.to_repo, link.c.to_number)
        .join(pull, and_(pull.c.repo_id == link.c.repo_id, pull.c.number == link.c.number))
        .where(these, link.c.closes, ~link.c.gone)
    )
    found = connection.execute(named).all()
    elsewhere = {row.to_repo for row in found if row.to_repo}
    full_name = func.lower(owner.c.login).concat("/").concat(func.lower(repo.c.name))
    names = select(full_name, repo.c.id).join(owner, owner.c.id == repo.c.owner_id).where(full_name.in_(elsewhere))
    ids = {row[0]: row[1] for row in connection.execute(names)} if elsewhere else {}
    issues = [
        ((ids.get(row.to_repo) if row.to_repo else row.repo_id, row.to_number), ThreadRef(row.repo_id, row.number))
        for row in found
    ]
    issue, known = schema.threads, {ref for ref, _ in issues if ref[0] is not None}
    query = select(issue.c.repo_id, issue.c.number, issue.c.labels).where(
        tuple_(issue.c.repo_id, issue.c.number).in_(known)
    )
    labels = {(row.repo_id, row.number): frozenset(row.labels) for row in (connection.execute(query) if known else ())}
    return [(pull, labels[ref]) for ref, pull in issues if ref in labels]


def _merges(
    connection: Connection, owner_id: OwnerId, person_id: PersonId, policy: Policy, seen_from: RepoId | None
) -> tuple[int, Level | None]:
    """How many pull requests of theirs were merged, and the highest level: of their labels, of the issues that they
    closed, and of those that were taken and are done. Whatever was merged was a first step at least."""
    pull, claim = schema.threads, schema.claims
    visible = recall.visible_repos(owner_id, seen_from)
    merged = and_(
        pull.c.author_id == person_id, pull.c.repo_id.in_(visible), pull.c.merged_at.is_not(None), ~pull.c.gone
    )
    labels = [frozenset(found) for found in connection.scalars(select(pull.c.labels).where(merged))]
    count = len(labels)
    if count:
        labels += [its for _, its in _closed_by(connection, merged)]
    done = (
        select(pull.c.labels)
        .join(claim, and_(claim.c.repo_id == pull.c.repo_id, claim.c.number == pull.c.number))
        .where(claim.c.person_id == person_id, claim.c.ended == Ended.DONE, claim.c.repo_id.in_(visible))
    )
    labels += [frozenset(found) for found in connection.scalars(done)]
    levels = [level for level in map(policy.levels.of, labels) if level is not None]
    if count:
        levels.append(Level.STARTER)
    return count, max(levels, key=tuple(Level).index, default=None)
