"""What the bot did, by key, so that it does it once.

A key is claimed before GitHub is asked, and settled after. A claim that nobody settled means: perhaps it happened. The
next look at its thread finds out by the comment's marker, but not before the request must be over at GitHub too.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, or_, select, true, update

from bot.effects import (
    Act,
    AnswerAsk,
    Assign,
    CorrectWaiting,
    Deed,
    GoAway,
    JoinMentors,
    JoinTriage,
    KeepQuiet,
    Label,
    LimitMentions,
    MakeLabel,
    Order,
    Retract,
    Say,
    SeekMentors,
    Snooze,
    TakeInterest,
    TakeWeek,
)
from bot.memory import asked, looks, rows
from bot.memory.forgotten import Forgotten
from bot.memory.schema import ledger, repos, threads
from bot.mentors import Said
from bot.model import InstallationId, OwnerId, PersonId, Repo, RepoId, Subject, ThreadRef
from bot.pathway import Acted

# A write begins within 4 s of its claim and is given up after 10 s (github/write.py), and GitHub works at a request for
# at most 10 s. After this it has happened or never will.
UNSURE_FOR: Final = timedelta(seconds=25)

_SLICE: Final = 500  # keys that are asked for at once

RECEIVED_WITHIN: Final = timedelta(hours=1)  # then it is first asked how a comment is received


class State(StrEnum):
    CLAIMED = "claimed"  # perhaps it happened
    DONE = "done"
    DROPPED = "dropped"  # it cannot be done
    SHADOW = "shadow"  # it would have been done, but for shadow mode or a pause


class Claim(StrEnum):
    OURS = "ours"  # nobody did it: do it now
    UNSURE = "unsure"  # somebody may be doing it right now: come back
    TAKEN = "taken"  # it is done, given up, or belongs to another thread


_WRITTEN: Final = ledger.c.state.in_([State.CLAIMED, State.DONE])  # or perhaps so


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A claim of which nobody knows whether it was carried out."""

    key: str
    rule: str
    effect: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """Something that was said without its @, because of the attention budget. Whose it was is told to nobody.
    `to_author`: it was for the author of the thread, who hears of it anyway."""

    thread: ThreadRef
    rule: str
    template: str
    at: datetime
    url: str
    to_author: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger as pages and `explain` show it."""

    key: str
    rule: str
    effect: str
    state: str
    why: str
    at: datetime
    url: str | None
    outcome: str | None


def claim(
    connection: Connection,
    act: Act | Deed,
    person_id: PersonId,
    where: Repo,
    installation_id: InstallationId,
    now: datetime,
) -> tuple[Claim, datetime]:
    """Takes the key for this act, if it can be had; with when the claim that stands was made.

    It cannot be had if the person has asked to be forgotten since the rules wished for it.
    """
    if Forgotten(connection).has_id(person_id):
        return Claim.TAKEN, now
    row = rows.get(connection, ledger, key=act.key)
    if row is None:
        _write(connection, act, person_id, where, installation_id, now, State.CLAIMED)
        return Claim.OURS, now
    if row["state"] != State.CLAIMED or (row["repo_id"], row["number"]) != (act.thread.repo_id, act.thread.number):
        return Claim.TAKEN, row["claimed_at"]
    return Claim.UNSURE, row["claimed_at"]


def standing(connection: Connection, key: str) -> tuple[State, datetime] | None:
    """What became of a key, and when it was claimed; None: nobody ever claimed it."""
    row = rows.get(connection, ledger, key=key)
    return (State(row["state"]), row["claimed_at"]) if row else None


def made(connection: Connection, key: str) -> tuple[RepoId, str, str] | None:
    """Where this key made something, and its address and node id; None: nothing was made."""
    row = rows.get(connection, ledger, key=key)
    if row is None or row["state"] != State.DONE or not row["url"]:
        return None
    return RepoId(row["repo_id"]), row["url"], row["node_id"] or ""


def shadow(
    connection: Connection, act: Act | Deed, person_id: PersonId, where: Repo, installation_id: InstallationId,
    now: datetime,
) -> bool:  # fmt: skip
    """Takes down an act that is not carried out, if nothing is known of its key. Whether it was new."""
    if Forgotten(connection).has_id(person_id) or knows(connection, act.key):
        return False
    _write(connection, act, person_id, where, installation_id, now, State.SHADOW)
    asked.settled(connection, act.key)
    return True


def obeyed(
    connection: Connection, order: Order, where: Repo, installation_id: InstallationId | None, now: datetime
) -> bool:
    """Takes down what is done in memory, if nothing is known of its key. Whether it was new."""
    if Forgotten(connection).has_id(order.person.id) or knows(connection, order.key):
        return False
    _write(connection, order, order.person.id, where, installation_id or InstallationId(0), now, State.DONE)
    asked.settled(connection, order.key)
    return True


def _write(
    connection: Connection, act: Act | Deed | Order, person_id: PersonId, where: Repo, installation_id: InstallationId,
    now: datetime, state: State,
) -> None:  # fmt: skip
    values = {
        "rule": act.rule,
        "effect": act.kind,
        "owner_id": where.owner_id,
        "installation_id": installation_id,
        "repo_id": act.thread.repo_id,
        "number": act.thread.number,
        "person_id": person_id,
        "mention": isinstance(act, Say) and act.mention,
        "template": act.template if isinstance(act, Say) else None,
        "why": act.why,
        "state": state,
        "claimed_at": now,
        "detail": _detail(act),
    }
    rows.put(connection, ledger, values, key=act.key)


def _detail(act: Act | Deed | Order) -> dict[str, object] | None:
    """What has to be known to take it back, and that a mention was folded. What people wish for themselves stands in
    `preferences` alone."""
    match act:
        case Say(folded=True):
            return {"folded": True}
        case Label(add=add, remove=remove):
            return {"add": list(add), "remove": list(remove)}
        case Assign(assigned=assigned):
            return {"assigned": assigned}
        case Retract(said=said, unwanted=unwanted):
            return {"said": said, "unwanted": unwanted}
        case Snooze(until=until):
            return {"on": until is not None}
        case TakeInterest(areas=areas) | JoinTriage(areas=areas):
            return {"on": areas is not None}
        case JoinMentors(terms=terms):
            return {"on": terms is not None}
        case CorrectWaiting(on=on):
            return {"on": on is not None}
        case LimitMentions(a_day=a_day, a_week=a_week):
            return {"on": (a_day, a_week) != (None, None)}
        case GoAway(until=until):
            return {"on": until is not None}
        case KeepQuiet(zone=zone):
            return {"on": zone is not None}
        case TakeWeek(week=week, to=to):
            return {"on": to is not None, "week": week.isoformat()}
        case MakeLabel(name=name):
            return {"name": name}
        case SeekMentors(as_of=as_of):
            return {"began_at": as_of.isoformat()}
        case AnswerAsk(began_at=began_at, chosen_at=chosen_at, said=said):
            return {"on": said is Said.ACCEPTED, "began_at": began_at.isoformat(), "chosen_at": chosen_at.isoformat()}
        case _:
            return None


def knows(connection: Connection, key: str) -> bool:
    """Whether the key was ever claimed, whatever became of it."""
    return rows.get(connection, ledger, key=key) is not None


def unsettled(connection: Connection, ref: ThreadRef) -> list[Unsettled]:
    """The claims for a thread that nobody settled: whoever made them died, or is at it."""
    return [Unsettled(*row) for row in connection.execute(_unsettled(), asdict(ref))]


# These are asked at every look, so they are made once.
@cache
def _unsettled() -> Select[Any]:
    columns = (ledger.c.key, ledger.c.rule, ledger.c.effect, ledger.c.claimed_at)
    here = and_(ledger.c.repo_id == bindparam("repo_id"), ledger.c.number == bindparam("number"))
    return select(*columns).where(here, ledger.c.state == State.CLAIMED).order_by(ledger.c.key)


def release(connection: Connection, key: str, claimed_at: datetime, now: datetime) -> None:
    """It did not happen, for certain, so the key is free again. `claimed_at` tells this claim from a later one.

    While it was claimed, earlier threads of the same person whose news came late left it to this one; now they get
    another look. Later ones do not: they are nobody's first. So failing threads cannot wake each other in a circle.
    """
    this_claim = and_(ledger.c.key == key, ledger.c.state == State.CLAIMED, ledger.c.claimed_at == claimed_at)
    row = connection.execute(delete(ledger).where(this_claim).returning(ledger)).mappings().first()
    if row is None:
        return
    theirs = select(threads.c.repo_id, threads.c.number, threads.c.created_at, threads.c.merged_at).where(
        threads.c.repo_id.in_(select(repos.c.id).where(repos.c.owner_id == row["owner_id"])),
        threads.c.author_id == row["person_id"],
        ~threads.c.gone,
    )
    # Of merged ones the first merge counts, of others the first opening.
    found = {
        ThreadRef(RepoId(repo_id), number): (merged_at is not None, merged_at or created_at)
        for repo_id, number, created_at, merged_at in connection.execute(theirs)
    }
    this = ThreadRef(RepoId(row["repo_id"]), row["number"])
    if this in found:
        merged, at = found[this]
        earlier = [ref for ref, (its, when) in found.items() if its >= merged and (when, ref) < (at, this)]
        looks.touch(connection, [ref.subject for ref in sorted(earlier)], now)


def done(
    connection: Connection, key: str, now: datetime, external_id: int, url: str, node_id: str | None = None
) -> None:
    """`node_id`: of a comment. Somebody will look how it is received. What was taken back because a maintainer did not
    want it counts as unwanted, as if they had deleted it themselves."""
    values = {
        "state": State.DONE, "settled_at": now, "external_id": external_id, "url": url, "node_id": node_id or None
    }  # fmt: skip
    settled = update(ledger).where(ledger.c.key == key).values(**values)
    row = connection.execute(settled.returning(ledger.c.owner_id, ledger.c.detail)).first()
    if row is None:
        return
    asked.settled(connection, key)
    if node_id:
        looks.plan(connection, reception(OwnerId(row.owner_id)), now + RECEIVED_WITHIN)
    if (row.detail or {}).get("unwanted"):
        unwanted(connection, [row.detail["said"]], now)
        looks.touch(connection, [reception(OwnerId(row.owner_id))], now)


def unwanted(connection: Connection, keys: Sequence[str], now: datetime) -> None:
    """Maintainers do not want these comments."""
    first = and_(ledger.c.key.in_(keys), ledger.c.unwanted_at.is_(None))
    connection.execute(update(ledger).where(first).values(unwanted_at=now))


def reception(owner_id: OwnerId) -> Subject:
    """How what was said in an owner's repositories is received, as a subject."""
    return Subject(f"reception/{owner_id}")


def dropped(connection: Connection, key: str, now: datetime, why: str) -> None:
    """It cannot be done, now or later (the thread is gone, say)."""
    values = {"state": State.DROPPED, "settled_at": now, "outcome": why}
    connection.execute(update(ledger).where(ledger.c.key == key).values(**values))
    asked.settled(connection, key)


def all_dropped(connection: Connection, ref: ThreadRef, now: datetime, why: str) -> None:
    """The same, for whatever is claimed for a thread."""
    for claim in unsettled(connection, ref):
        dropped(connection, claim.key, now, why)


def done_at(connection: Connection, keys: Collection[str]) -> dict[str, datetime]:
    """When acts were done, by their keys; only those that were."""
    wanted, found = [*keys], dict[str, datetime]()
    for start in range(0, len(wanted), _SLICE):
        some = {"keys": wanted[start : start + _SLICE]}
        found |= {row.key: row.settled_at for row in connection.execute(_done(), some)}
    return found


@cache
def _done() -> Select[Any]:
    these = ledger.c.key.in_(bindparam("keys", expanding=True))
    return select(ledger.c.key, ledger.c.settled_at).where(these, ledger.c.state == State.DONE)


def is_taken_back(connection: Connection, ref: ThreadRef, key: str) -> bool:
    """Whether a comment stands there no more, or maintainers did not want it."""
    here = and_(ledger.c.repo_id == ref.repo_id, ledger.c.number == ref.number)
    wanted = or_(ledger.c.key == key, ledger.c.effect == Retract.kind)
    query = select(ledger.c.key, ledger.c.unwanted_at, ledger.c.detail).where(here, wanted)
    return any(
        row.unwanted_at is not None if row.key == key else (row.detail or {}).get("said") == key
        for row in connection.execute(query)
    )


def written_since(connection: Connection, installation_id: InstallationId, since: datetime, rule: str | None) -> int:
    """How much was written for an installation, by one rule or by all (None)."""
    key = {"installation_id": installation_id, "since": since, "rule": rule}
    return connection.scalar(_written_since(by_rule=rule is not None), key) or 0


@cache
def _written_since(*, by_rule: bool) -> Select[Any]:
    here = ledger.c.installation_id == bindparam("installation_id")
    by_it = ledger.c.rule == bindparam("rule") if by_rule else true()
    return select(func.count()).where(here, ledger.c.claimed_at > bindparam("since"), _WRITTEN, by_it)


def mentions_of(connection: Connection, ids: Collection[PersonId], since: datetime) -> Counter[PersonId]:
    """How often the bot mentioned each of these people anywhere."""
    if not ids:
        return Counter()
    found = connection.execute(_mentions(), {"ids": [*ids], "since": since})
    return Counter({PersonId(id_): times for id_, times in found})


@cache
def _mentions() -> Select[Any]:
    return (
        select(ledger.c.person_id, func.count())
        .where(ledger.c.person_id.in_(bindparam("ids", expanding=True)))
        .where(ledger.c.claimed_at > bindparam("since"), ledger.c.mention, _WRITTEN)
        .group_by(ledger.c.person_id)
    )


def folded_since(connection: Connection, owner_id: OwnerId, since: datetime) -> list[Folded]:
    """What was said without its @ in an owner's repositories, oldest first; not in threads that are gone."""
    query = (
        select(ledger, threads.c.author_id)
        .join(threads, and_(threads.c.repo_id == ledger.c.repo_id, threads.c.number == ledger.c.number))
        .where(ledger.c.owner_id == owner_id, ledger.c.claimed_at > since, ledger.c.state == State.DONE)
        .where(ledger.c.effect == Say.kind, ~ledger.c.mention, ~threads.c.gone)
        .order_by(ledger.c.claimed_at, ledger.c.key)
    )
    return [
        Folded(
            thread=ThreadRef(RepoId(row["repo_id"]), row["number"]),
            rule=row["rule"],
            template=row["template"],
            at=row["claimed_at"],
            url=row["url"],
            to_author=row["author_id"] == row["person_id"],
        )
        for row in connection.execute(query).mappings()
        if (row["detail"] or {}).get("folded")
    ]


def acted(connection: Connection, ref: ThreadRef) -> tuple[Acted, ...]:
    """What was done in a thread, oldest first."""
    return tuple(
        Acted(
            key=row["key"],
            rule=row["rule"],
            effect=row["effect"],
            template=row["template"],
            why=row["why"],
            at=row["claimed_at"],
            person_id=PersonId(row["person_id"]),
            external_id=row["external_id"],
            node_id=row["node_id"] or "",
            url=row["url"] or "",
            detail=row["detail"] or {},
        )
        for row in connection.execute(_acted(), asdict(ref)).mappings()
    )


@cache
def _acted() -> Select[Any]:
    here = and_(ledger.c.repo_id == bindparam("repo_id"), ledger.c.number == bindparam("number"))
    done = select(ledger).where(here, ledger.c.state == State.DONE)
    return done.order_by(ledger.c.claimed_at, ledger.c.settled_at, ledger.c.key)


def about(connection: Connection, ref: ThreadRef) -> list[Entry]:
    """What the ledger holds about a thread, oldest first."""
    query = (
        select(ledger)
        .where(ledger.c.repo_id == ref.repo_id, ledger.c.number == ref.number)
        .order_by(ledger.c.claimed_at, ledger.c.key)
    )
    return [
        Entry(
            key=row["key"],
            rule=row["rule"],
            effect=row["effect"],
            state=row["state"],
            why=row["why"],
            at=row["settled_at"] or row["claimed_at"],
            url=row["url"],
            outcome=row["outcome"],
        )
        for row in connection.execute(query).mappings()
    ]
