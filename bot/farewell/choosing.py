"""Who is to be told something because they step back, or are here again, and where. Reads memory, and asks nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.farewell import gathering
from bot.farewells import Change, HandOver, Leave, News
from bot.github.read import Release
from bot.inforce import Policies
from bot.memory import checkins, leaves, notes, on_call, preferences, recall, returning, rows, schema
from bot.memory.homes import Home
from bot.memory.returning import Act
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, ThreadRef
from bot.policy import Policy
from bot.policytypes import Mode
from bot.rules import farewell, returns
from bot.team import About

_LATE: Final = timedelta(days=30)  # what nobody could be told until then is not told any more
_HOUR: Final = timedelta(hours=1)
_EVER: Final = datetime.min.replace(tzinfo=UTC)


# Who steps back


def leaving(db: Connection, owner_id: OwnerId, policy: Policy, now: datetime) -> list[Leave]:
    """Those for whom a hand-over is to be prepared."""
    told = _told(db, owner_id, About.CHECKLIST)
    found = [one for one in leaves.of_owner(db, owner_id) if one.holds(now) and one.at > now - _LATE]
    able = _may_be_told(db, owner_id, [one.person for one in found], policy)
    return [one for one in found if one.person.id in able and (one.person.id, one.at) not in told]


def board(leave: Leave, home: Home) -> str:
    """What their issue is called among our own."""
    return f"{farewell.NAME}/{leave.person.id}/{farewell.second(leave.at)}/{home.repo.id}"


def place(db: Connection, owner_id: OwnerId, leave: Leave, home: Home) -> ThreadRef | None:
    """The issue in the private place in which they were asked and said so; else one of theirs from another time."""
    here = leave.said_in
    asked = {one.person.id for one in checkins.in_thread(db, here)}
    if here.repo_id == home.repo.id and asked == {leave.person.id}:
        return here
    earlier = (one.place for one in leaves.of_person(db, owner_id, leave.person.id) if one.place is not None)
    return next((ref for ref in earlier if ref.repo_id == home.repo.id and _is_open(db, ref)), None)


def _is_open(db: Connection, ref: ThreadRef) -> bool:
    row = rows.get(db, schema.threads, repo_id=ref.repo_id, number=ref.number)
    return row is not None and row["is_open"] and not row["gone"]


def is_known(db: Connection, ref: ThreadRef) -> bool:
    """Whether GitHub has told us of a thread."""
    return rows.get(db, schema.threads, repo_id=ref.repo_id, number=ref.number) is not None


def with_changes(told: HandOver, changes: tuple[Change, ...]) -> HandOver:
    return replace(told, changes=changes)


# Who is here again


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Somebody is here again who stepped back, or said that they would be away, at `since`. `place`: where they are
    greeted (None: nowhere), in the repository `where`; `private`: it is their own issue. `stepped_back`: they still
    count as such."""

    person: Person
    since: datetime
    place: ThreadRef | None = None
    private: bool = False
    stepped_back: bool = False
    where: Repo | None = None
    installation: InstallationId | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """`leave`: None if they had said that they would be away."""

    person: Person
    since: datetime
    act: Act
    leave: Leave | None = None


def returned(
    db: Connection, owner_id: OwnerId, home: Home | None, policy: Policy, policies: Policies, now: datetime
) -> tuple[list[Return], datetime | None]:
    """Those who are here again, each once; and when to look for others."""
    told, seen, again = _told(db, owner_id, About.RETURN), list[_Seen](), list[datetime]()
    for person, since, watched, leave in _away(db, owner_id, policy):
        if (person.id, since) in told:
            continue
        act = _seen(db, owner_id, person, watched, leave, home, now) if watched <= now else None
        if act is None:
            again.append(max(watched, now + _HOUR))
        else:
            seen.append(_Seen(person, since, act, leave))
    able = _may_be_told(db, owner_id, [one.person for one in seen], policy)
    made: list[Return] = []
    for one in sorted(seen, key=lambda one: one.since, reverse=True):  # the last time is the one they are greeted for
        is_late = one.act.at <= now - returns.LATE
        once = one.person.id in able and one.person not in [other.person for other in made]
        found = _greeted(db, owner_id, one, home, policies, now) if once and not is_late else None
        made.append(found or Return(person=one.person, since=one.since))
    return made, min(again, default=None)


def _away(
    db: Connection, owner_id: OwnerId, policy: Policy
) -> Iterator[tuple[Person, datetime, datetime, Leave | None]]:
    """Who stepped back or was away for long, since when, and from when on what they do is a return."""
    for leave in leaves.of_owner(db, owner_id):
        if (watched := returns.watched_since(leave, policy)) is not None:
            yield leave.person, leave.at, watched, leave
    theirs = preferences.of_owner(db, owner_id)
    people = on_call.by_id(db, owner_id, theirs)
    for id_, person in people.items():
        told = theirs[id_]
        if told.away_since is not None:
            ended = returns.away_ended(told.away_since, told.away_until, told.back_at, policy)
            if ended is not None:
                yield person, told.away_since, ended, None


def _seen(
    db: Connection, owner_id: OwnerId, person: Person, watched: datetime, leave: Leave | None, home: Home | None,
    now: datetime,
) -> Act | None:  # fmt: skip
    """The first thing that they did from then on, of late and after a time in which they did nothing; that they, or
    somebody for them, said that they are back counts too."""
    repos, but = leave.repos if leave else (), home.repo.id if home else None
    first = returning.first_act(db, owner_id, person, max(watched, now - returns.LATE), repos, but)
    if first is not None:
        before = returning.first_act(db, owner_id, person, first.at - returns.SILENCE, repos, but)
        first = first if before is None or before.at >= first.at else None
    acts = [first] if first is not None else []
    if leave is not None and leave.back_at is not None:
        acts.append(Act(at=leave.back_at))
    return min(acts, key=lambda act: act.at, default=None)


def _greeted(
    db: Connection, owner_id: OwnerId, one: _Seen, home: Home | None, policies: Policies, now: datetime
) -> Return | None:
    own, leave = gathering.place_of(db, owner_id, one.person.id, home), one.leave
    if own is not None and home is not None:
        return Return(
            person=one.person, since=one.since, place=own, private=True, where=home.repo,
            installation=home.installation, stepped_back=leave is not None and leave.holds(now),
        )  # fmt: skip
    said_so = leave is not None and leave.by == leave.person.id and returning.is_public(db, leave.said_in.repo_id)
    where = recall.repo(db, one.act.place.repo_id) if one.act.place is not None and said_so else None
    if where is None or one.act.place is None:
        return None
    there = policies(db, where)
    if there.mode(returns.NAME) is Mode.OFF or not returning.can_be_greeted(db, one.act.place, there.no_bot_label):
        return None
    return Return(
        person=one.person,
        since=one.since,
        place=one.act.place,
        where=where,
        installation=recall.installation(db, where),
    )


def with_release(news: News, release: Release | None) -> News:
    return news if release is None else replace(news, release=release.name, url=release.url)


def to_give_back(db: Connection, owner_id: OwnerId, home: Home, now: datetime) -> list[tuple[Leave, ThreadRef]]:
    """Of whom owners are to be told what they had: of who is back by somebody's word, and of who was greeted in their
    own issue."""
    told, greeted = _told(db, owner_id, About.STANDING), _told(db, owner_id, About.RETURN)
    last = {one.person.id: one for one in leaves.of_owner(db, owner_id)}
    return [
        (one, one.place)
        for one in last.values()
        if one.place is not None and one.place.repo_id == home.repo.id and is_known(db, one.place)
        and (
            (one.back_at is not None and one.back_at > now - _LATE and (one.person.id, one.back_at) not in told)
            or (
                one.back_at is None and (one.person.id, one.at) not in told
                and greeted.get((one.person.id, one.at), notes.NOWHERE) == one.place
            )
        )
    ]  # fmt: skip


def _told(db: Connection, owner_id: OwnerId, about: About) -> dict[tuple[PersonId, datetime], ThreadRef]:
    """What was decided before: of whom, about what time, and where it was said."""
    return {(one.person, one.matter): one.place for one in notes.of_owner(db, owner_id, _EVER, about)}


def _may_be_told(db: Connection, owner_id: OwnerId, people: Sequence[Person], policy: Policy) -> set[PersonId]:
    """Who of these does not want to be left alone."""
    able = on_call.by_id(db, owner_id, [one.id for one in people])
    return {id_ for id_, person in able.items() if not (policy.leaves_alone(person) or policy.is_bot(person))}
