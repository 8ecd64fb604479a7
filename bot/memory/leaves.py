"""Who stepped back, from what, until when; and what became of the thank-you."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from bot.effects import ShareStory, StepDown, TakeBack
from bot.farewells import Leave, Story, Where
from bot.memory import looks, rows, schema, thanking
from bot.memory.forgotten import Forgotten
from bot.model import OwnerId, Person, PersonId, RepoId, Subject, ThreadRef

NAME: Final = "farewell"


def subject(owner_id: OwnerId) -> Subject:
    """Where hand-overs are prepared, and those who come back are greeted."""
    return Subject(f"{NAME}/{owner_id}")


def step_down(connection: Connection, owner_id: OwnerId, order: StepDown) -> None:
    """Somebody steps back. What they say later of the same replaces it, until they are back. That may be heard of
    before; what they say at once is one."""
    if Forgotten(connection).has_id(order.whom.id):
        return
    key = {"owner_id": owner_id, "person_id": order.whom.id}
    known = current(connection, owner_id, order.whom.id)
    if known is not None and known.repos == order.repos and known.holds(max(order.as_of, known.at)):
        if known.at <= order.as_of:
            rows.put(connection, schema.leaves, _told(order, order.repos), **key, at=known.at)
    elif known is not None and known.at == order.as_of:
        both = (*known.repos, *order.repos) if known.repos and order.repos else ()
        rows.put(connection, schema.leaves, _told(order, tuple(dict.fromkeys(both))), **key, at=known.at)
    else:
        more = {
            "standing": groups(connection, owner_id, order.whom.id),
            "back_at": _taken_back_after(connection, owner_id, order.whom.id, order.as_of),
        }  # fmt: skip
        rows.put(connection, schema.leaves, {**_told(order, order.repos), **more}, **key, at=order.as_of)
    looks.news(connection, subject(owner_id), order.as_of)


def _told(order: StepDown | TakeBack, repos: tuple[str, ...] = ()) -> dict[str, Any]:
    steps = order if isinstance(order, StepDown) else None
    return {
        "repos": list(repos), "until": steps.until if steps else None, "for_good": steps is not None and steps.for_good,
        "by_id": order.person.id, "repo_id": order.thread.repo_id, "number": order.thread.number,
    }  # fmt: skip


def _taken_back_after(connection: Connection, owner_id: OwnerId, who: PersonId, at: datetime) -> datetime | None:
    """When they were back first after that, if it was heard of already."""
    table = schema.leaves
    query = select(table.c.back_at).where(table.c.owner_id == owner_id, table.c.person_id == who, table.c.back_at > at)
    return connection.scalar(query.order_by(table.c.back_at).limit(1))


def take_back(connection: Connection, owner_id: OwnerId, order: TakeBack) -> None:
    """They are back, from all that they stepped back from before that. If nothing is known of that, it may be heard of
    later: so it is written down, as if they had stepped back for no time at all."""
    who = order.whom.id
    if is_here(connection, owner_id, who, order.as_of) or Forgotten(connection).has_id(who):
        return
    key = {"owner_id": owner_id, "person_id": who, "at": order.as_of}
    if rows.get(connection, schema.leaves, **key) is None:
        rows.put(connection, schema.leaves, {**_told(order), "standing": [], "back_at": order.as_of}, **key)


def is_here(connection: Connection, owner_id: OwnerId, who: PersonId, at: datetime) -> bool:
    """Somebody is known to be there since then. Whether they had stepped back."""
    gone = [one for one in of_person(connection, owner_id, who) if one.holds(at)]
    for one in gone:
        back(connection, owner_id, one, at)
    if gone:
        looks.news(connection, subject(owner_id), at)
    return bool(gone)


def back(connection: Connection, owner_id: OwnerId, one: Leave, at: datetime) -> None:
    _put(connection, owner_id, one, {"back_at": at})


def share(connection: Connection, owner_id: OwnerId, order: ShareStory) -> None:
    """Whoever is honoured says whether their thank-you may stand somewhere. The later word counts, until it stands."""
    known = next((one for one in of_person(connection, owner_id, order.person.id) if one.at == order.left_at), None)
    if known is None or (known.story_at is not None and known.story_at > order.as_of):
        return
    story = Story.KEPT if order.where is None else Story.SHARED
    where = order.where.value if order.where else None
    _put(connection, owner_id, known, {"story": story.value, "story_at": order.as_of, "story_where": where})
    looks.news(connection, thanking.subject(owner_id), order.as_of)


def placed(connection: Connection, owner_id: OwnerId, one: Leave, place: ThreadRef) -> None:
    """The private issue about it is there."""
    _put(connection, owner_id, one, {"place_repo_id": place.repo_id, "place_number": place.number})
    looks.news(connection, thanking.subject(owner_id), one.at)


def drafted(connection: Connection, owner_id: OwnerId, one: Leave, now: datetime) -> None:
    """Their thank-you is written, for them to see."""
    _put(connection, owner_id, one, {"story": Story.DRAFTED.value, "story_at": now})


def _put(connection: Connection, owner_id: OwnerId, one: Leave, told: dict[str, Any]) -> None:
    rows.put(connection, schema.leaves, told, owner_id=owner_id, person_id=one.person.id, at=one.at)


def current(connection: Connection, owner_id: OwnerId, who: PersonId) -> Leave | None:
    """The last time that they stepped back, if they are not back."""
    known = of_person(connection, owner_id, who)
    return known[-1] if known and known[-1].back_at is None else None


def of_person(connection: Connection, owner_id: OwnerId, who: PersonId) -> list[Leave]:
    """All times, oldest first."""
    return list(_found(connection, schema.leaves.c.owner_id == owner_id, schema.leaves.c.person_id == who))


def of_people(
    connection: Connection, owner_id: OwnerId, ids: Collection[PersonId], now: datetime
) -> dict[PersonId, list[Leave]]:
    """Those that hold now, of those of these who stepped back."""
    table, made = schema.leaves, defaultdict[PersonId, list[Leave]](list)
    for one in _found(connection, table.c.owner_id == owner_id, table.c.person_id.in_(ids), table.c.back_at.is_(None)):
        if one.holds(now):
            made[one.person.id].append(one)
    return dict(made)


def of_owner(connection: Connection, owner_id: OwnerId) -> list[Leave]:
    """All that there ever were, oldest first."""
    return list(_found(connection, schema.leaves.c.owner_id == owner_id))


def in_thread(connection: Connection, ref: ThreadRef) -> list[Leave]:
    """Those whose private issue this is."""
    table = schema.leaves
    return list(_found(connection, table.c.place_repo_id == ref.repo_id, table.c.place_number == ref.number))


def groups(connection: Connection, owner_id: OwnerId, who: PersonId) -> list[str]:
    """The teams on GitHub in which somebody is, by slug."""
    teams, within = schema.teams, schema.team_members
    query = (
        select(teams.c.slug)
        .join(within, within.c.team_id == teams.c.id)
        .where(teams.c.owner_id == owner_id, within.c.person_id == who, within.c.belongs, ~teams.c.gone)
    )
    return sorted(connection.scalars(query))


def _found(connection: Connection, *which: Any) -> Iterator[Leave]:
    table, people = schema.leaves, schema.people
    ever = or_(table.c.back_at.is_(None), table.c.back_at > table.c.at)
    query = (
        select(table, people.c.login)
        .join(people, people.c.id == table.c.person_id)
        .where(*which, ever)
        .order_by(table.c.at, table.c.person_id)
    )
    for row in connection.execute(query):
        place = None if row.place_number is None else ThreadRef(RepoId(row.place_repo_id), row.place_number)
        yield Leave(
            person=Person(PersonId(row.person_id), row.login), at=row.at, repos=tuple(row.repos), until=row.until,
            for_good=row.for_good, by=PersonId(row.by_id), said_in=ThreadRef(RepoId(row.repo_id), row.number),
            place=place, standing=tuple(row.standing), back_at=row.back_at,
            story=None if row.story is None else Story(row.story), story_at=row.story_at,
            story_where=None if row.story_where is None else Where(row.story_where),
        )  # fmt: skip
