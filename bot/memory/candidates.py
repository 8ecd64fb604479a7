"""What tells who should be asked to mentor somebody: who is free, who knows what, who had their turn.

All of it is found out for the whole roster at once. What happened in a private repository counts only there. Whether
somebody is free is yes or no: why is told to nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import Connection, RowMapping, Select, and_, func, or_, select

from bot.memory import attention, preferences, rows, schema
from bot.memory.recall import visible_repos
from bot.mentors import OPEN, Candidate, Mentor, Mentoring, Need, Part, Said, State
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.policy import Policy

_YEAR: Final = timedelta(days=365)
_HALF: Final = 8.0  # so many acts are half of all that somebody can know: from then on each tells less
_LANDED: Final = 3.0  # a pull request that was merged tells as much as so many threads they were in
_NO: Final = frozenset({Said.DECLINED, Said.LATER, Said.LAPSED, Said.LEFT})
_AS_LEAD: Final = (Part.LEAD, Part.PEER)


@dataclass(frozen=True, slots=True)
class _Act:
    """A thread that somebody opened or was in, or a commit; `weight`: how much it tells."""

    person_id: PersonId
    repo_id: RepoId
    labels: frozenset[str]
    paths: tuple[str, ...] | None
    weight: float


def need(connection: Connection, mentoring: Mentoring, policy: Policy, now: datetime) -> Need:
    """For what mentors are sought there. `policy`: of its repository, whose language the newcomer writes."""
    ref, mentee = mentoring.ref, mentoring.mentee
    thread = rows.get(connection, schema.threads, repo_id=ref.repo_id, number=ref.number)
    repo = rows.get(connection, schema.repos, id=ref.repo_id)
    areas: frozenset[str] = frozenset()
    zone = None
    if thread is not None and repo is not None:
        areas = policy.areas_of(frozenset(thread["labels"]), thread["paths"], repo["name"])
        if mentee is not None:
            zone = preferences.of(connection, OwnerId(repo["owner_id"]), mentee.id).zone
    return Need(
        ref=ref, repo_id=ref.repo_id, areas=areas, mentee=mentee, zone=zone, languages=(policy.language,),
    )  # fmt: skip


def candidates(
    connection: Connection, owner_id: OwnerId, need: Need, roster: Sequence[Mentor], policy: Policy, now: datetime
) -> list[Candidate]:
    """The whole roster, with what tells whether they should be asked now."""
    if not roster:
        return []
    ids = [one.person.id for one in roster]
    wishes = preferences.of_all(connection, owner_id, ids)
    free = attention.free_of(connection, owner_id, ids, policy.limits, now, need.ref)
    past = _past(connection, owner_id, ids, need.ref, policy, now)
    knows, here = _knowledge(connection, owner_id, need, roster, policy, now)
    groups = _groups(connection, owner_id, ids)
    made = []
    for one in roster:
        id_, theirs = one.person.id, past[one.person.id]
        room = max(0, one.up_to - theirs.has)
        made.append(
            Candidate(
                mentor=one if one.zone else replace(one, zone=wishes[id_].zone, zone_is_told=False),
                is_free=id_ in free and room > 0 and not theirs.rests,
                room=room,
                knows=knows.get(id_, {}),
                here=here.get(id_, 0.0),
                led=theirs.led,
                beside=theirs.beside,
                asks=theirs.asks,
                last_asked=theirs.last_asked,
                groups=groups.get(id_, frozenset()),
                pairs=dict(theirs.pairs),
            )
        )
    return made


@dataclass(slots=True)
class _Past:
    """`has`: how many they mentor, or are asked for. `rests`: they are not to be asked now."""

    led: int = 0
    beside: int = 0
    asks: int = 0
    last_asked: datetime | None = None
    has: int = 0
    rests: bool = False
    pairs: Counter[PersonId] = field(default_factory=Counter)


def _past(
    connection: Connection, owner_id: OwnerId, ids: Collection[PersonId], ref: ThreadRef, policy: Policy, now: datetime
) -> Mapping[PersonId, _Past]:
    """What came of asking them. Whose ask was withdrawn has not been bothered with it."""
    found: defaultdict[PersonId, _Past] = defaultdict(_Past)
    together: defaultdict[tuple[int, int, datetime], list[PersonId]] = defaultdict(list)
    for row in connection.execute(_asks(owner_id, ids)).mappings():
        id_, said, state = PersonId(row["person_id"]), Said(row["said"]), State(row["state"])
        theirs, of_late = found[id_], row["chosen_at"] > now - _YEAR
        if said is not Said.WITHDRAWN:
            theirs.asks += of_late
            theirs.last_asked = row["chosen_at"]
        if said is Said.ACCEPTED:
            if of_late:
                together[row["repo_id"], row["number"], row["began_at"]].append(id_)
            if state is State.DONE:
                theirs.led += row["part"] in _AS_LEAD
                theirs.beside += row["part"] == Part.CO_MENTOR
        if state in OPEN:
            theirs.has += said in {Said.ACCEPTED, Said.OPEN}
        theirs.rests = theirs.rests or _rests(row, said, ref, policy, now)
    for people in together.values():
        for id_ in people:
            found[id_].pairs.update(other for other in people if other != id_)
    return found


def _rests(row: RowMapping, said: Said, ref: ThreadRef, policy: Policy, now: datetime) -> bool:
    """They were asked here before, or asked for a rest. A search that begins anew asks nobody again so soon."""
    here = (row["repo_id"], row["number"]) == (ref.repo_id, ref.number)
    of_late = said in _NO and row["said_at"] > now - policy.mentoring.later
    return (here and (State(row["state"]) in OPEN or of_late)) or (said is Said.LATER and of_late)


def _asks(owner_id: OwnerId, ids: Collection[PersonId]) -> Select[tuple[object, ...]]:
    ask, of = schema.mentor_asks, schema.mentorings
    same = and_(of.c.repo_id == ask.c.repo_id, of.c.number == ask.c.number, of.c.began_at == ask.c.began_at)
    told = (ask.c.person_id, ask.c.part, ask.c.said, ask.c.said_at, ask.c.chosen_at)
    return (
        select(*told, of.c.repo_id, of.c.number, of.c.began_at, of.c.state)
        .join(of, same)
        .where(ask.c.person_id.in_(ids), ask.c.owner_id == owner_id)
        .order_by(ask.c.chosen_at)
    )


def _groups(connection: Connection, owner_id: OwnerId, ids: Collection[PersonId]) -> dict[PersonId, frozenset[str]]:
    """Their teams. One that most of them are in says nothing of who is near to whom."""
    table, members, belong = schema.teams, schema.team_members, schema.team
    query = (
        select(table.c.slug, members.c.person_id)
        .join(members, members.c.team_id == table.c.id)
        .outerjoin(belong, and_(belong.c.owner_id == table.c.owner_id, belong.c.person_id == members.c.person_id))
        .where(table.c.owner_id == owner_id, ~table.c.gone, members.c.belongs, members.c.person_id.in_(ids))
        .where(func.coalesce(belong.c.belongs, True))
    )
    teams: defaultdict[str, set[PersonId]] = defaultdict(set)
    for slug, person_id in connection.execute(query):
        teams[slug].add(PersonId(person_id))
    telling = {slug: people for slug, people in teams.items() if 2 * len(people) <= len(ids)}
    return {id_: frozenset(slug for slug, people in telling.items() if id_ in people) for id_ in ids}


def _knowledge(
    connection: Connection, owner_id: OwnerId, need: Need, roster: Sequence[Mentor], policy: Policy, now: datetime
) -> tuple[dict[PersonId, dict[str, float]], dict[PersonId, float]]:
    """What they did within a year: in the areas that matter, and in the repository."""
    in_areas: defaultdict[PersonId, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    in_repo: defaultdict[PersonId, float] = defaultdict(float)
    names = _names(connection, owner_id)
    areas_of = cache(policy.areas_of)
    visible = visible_repos(owner_id, need.repo_id)
    for act in _acts(connection, visible, roster, now - _YEAR):
        if policy.excludes(names.get(act.repo_id, ""), act.paths):
            continue
        for area in areas_of(act.labels, act.paths, names.get(act.repo_id, "")) & need.areas:
            in_areas[act.person_id][area] += act.weight
        if act.repo_id == need.repo_id:
            in_repo[act.person_id] += act.weight
    knows = {id_: {area: _part(done) for area, done in sorted(areas.items())} for id_, areas in in_areas.items()}
    return knows, {id_: _part(done) for id_, done in in_repo.items()}


def _part(done: float) -> float:
    """From 0 to 1: each further act tells less than the one before."""
    return done / (done + _HALF)


def _names(connection: Connection, owner_id: OwnerId) -> dict[RepoId, str]:
    table = schema.repos
    named = connection.execute(select(table.c.id, table.c.name).where(table.c.owner_id == owner_id))
    return {RepoId(repo_id): name for repo_id, name in named}


def _acts(
    connection: Connection, visible: Select[tuple[int]], roster: Sequence[Mentor], since: datetime
) -> Iterator[_Act]:
    ids = [one.person.id for one in roster]
    thread, commit = schema.threads, schema.commits
    opened = select(thread.c.author_id, thread.c.repo_id, thread.c.merged_at, thread.c.labels, thread.c.paths).where(
        thread.c.author_id.in_(ids), thread.c.created_at > since, ~thread.c.gone, thread.c.repo_id.in_(visible)
    )
    for id_, repo_id, merged_at, labels, paths in connection.execute(opened):
        yield _act(id_, repo_id, labels, paths, _LANDED if merged_at else 1.0)
    said, did = schema.activity, schema.happenings
    for table, these in ((said, and_(said.c.at > since, ~said.c.gone)), (did, did.c.at > since)):
        where = and_(table.c.person_id.in_(ids), table.c.repo_id.in_(visible), these)
        once = select(table.c.person_id, table.c.repo_id, table.c.number).where(where).distinct().subquery()
        in_it = and_(thread.c.repo_id == once.c.repo_id, thread.c.number == once.c.number)
        others = and_(thread.c.author_id != once.c.person_id, ~thread.c.gone)
        query = select(once.c.person_id, once.c.repo_id, thread.c.labels, thread.c.paths).join(thread, in_it)
        for id_, repo_id, labels, paths in connection.execute(query.where(others)):
            yield _act(id_, repo_id, labels, paths)
    logins = {one.person.login.lower(): one.person.id for one in roster}
    by_login = and_(commit.c.person_id.is_(None), commit.c.login.in_(logins))
    written = select(commit.c.person_id, commit.c.login, commit.c.repo_id, commit.c.paths).where(
        or_(commit.c.person_id.in_(ids), by_login), commit.c.at > since, commit.c.repo_id.in_(visible)
    )
    for id_, login, repo_id, paths in connection.execute(written):
        yield _act(id_ or logins[login], repo_id, (), paths)


def _act(id_: int, repo_id: int, labels: Iterable[str], paths: Iterable[str] | None, weight: float = 1.0) -> _Act:
    shown = None if paths is None else tuple(paths)
    return _Act(PersonId(id_), RepoId(repo_id), frozenset(labels), shown, weight)
