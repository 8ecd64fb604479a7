"""Forgets people who ask for it: what was theirs goes, what belongs to a thread stays as done by nobody in particular.

Whoever owns the account that the app is installed on stays as its owner: without that there would be no installation.
"""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.memory import alarms, forgotten, inbox, looks, mentorings, rows, schema, thanking
from bot.memory.rows import get, put
from bot.model import GHOST, OwnerId, Person, PersonId, Step

_GONE: Final = "the payload is gone: somebody in it asked to be forgotten"
_ASSIGNING: Final = (Step.ASSIGNED, Step.UNASSIGNED)
_THEIRS: Final = (
    schema.acquaintances,
    schema.activity,
    schema.alarms,
    schema.applicants,
    schema.care,
    schema.check_ins,
    schema.claims,
    schema.cohort_notes,
    schema.contributions,
    schema.interests,
    schema.leaves,
    schema.ledger,
    schema.members,
    schema.mentors,
    schema.notes,
    schema.offers,
    schema.optouts,
    schema.preferences,
    schema.presence,
    schema.requests,
    schema.reviewers,
    schema.rota_swaps,
    schema.team,
    schema.team_members,
    schema.triagers,
)


def forget(connection: Connection, who: Person, now: datetime) -> None:
    """Takes a person out of everything, under the login shown and the one that we knew."""
    known = get(connection, schema.people, id=who.id)
    logins = {who.login.lower()} | ({known["login"].lower()} if known else set())
    forgotten.note(connection, who.id, logins, now)
    rows.person(connection, GHOST, now)
    _silence_looks(connection, who, logins)
    _veil_threads(connection, who)
    _veil_happenings(connection, who)
    _veil_nudges(connection, who)
    mentorings.forget(connection, who.id, now)
    connection.execute(delete(schema.reviewers).where(schema.reviewers.c.applicant_id == who.id))
    _forget_in_the_team(connection, who, logins, now)
    commits = schema.commits
    theirs = and_(commits.c.person_id.is_(None), commits.c.login.in_(logins))
    connection.execute(delete(commits).where(or_(commits.c.person_id == who.id, theirs)))
    for table in _THEIRS:
        connection.execute(delete(table).where(table.c.person_id == who.id))
    pointers = schema.pointers
    connection.execute(update(pointers).where(pointers.c.ask_id == who.id).values(ask_id=None))
    connection.execute(delete(schema.people).where(schema.people.c.id == who.id))
    _silence_ledger(connection, logins)
    _drop_payloads(connection, who, logins)
    alarms.look_again(connection, now)


def _forget_in_the_team(connection: Connection, who: Person, logins: set[str], now: datetime) -> None:
    """What others said of them goes, and what they said of others; whose check-in was theirs to look after is nobody's
    now, and who stepped back by their word did so by nobody's: that it was their own would be told in public. A
    thank-you that was posted is taken down."""
    members, presence, leaves, asked = schema.members, schema.presence, schema.leaves, schema.check_ins
    stepped_back = select(leaves.c.owner_id).distinct().where(leaves.c.person_id == who.id)
    for owner_id in connection.scalars(stepped_back).all():
        looks.news(connection, thanking.subject(OwnerId(owner_id)), now)
    connection.execute(delete(members).where(members.c.login.in_(logins)))
    connection.execute(delete(presence).where(presence.c.by_id == who.id))
    connection.execute(update(asked).where(asked.c.handed_to_id == who.id).values(handed_to_id=None))
    connection.execute(update(leaves).where(leaves.c.by_id == who.id).values(by_id=GHOST.id))


def remember(connection: Connection, person_id: PersonId) -> bool:
    """They may be recorded again, from now on. Whether they were forgotten."""
    return forgotten.withdraw(connection, person_id)


def names(logins: set[str]) -> re.Pattern[str]:
    """Finds one of these logins where it stands as a word of its own, in whatever case."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(logins)))})(?![\w-])", re.IGNORECASE | re.ASCII)


def mention(column: ColumnElement[str | None], logins: set[str]) -> ColumnElement[bool]:
    """Rows whose text may name one of these logins; what only looks like it is sorted out by `names`."""
    return or_(*(func.lower(column).contains(login, autoescape=True) for login in logins))


def _silence_looks(connection: Connection, who: Person, logins: set[str]) -> None:
    """Why the last look at a thread ended as it did may name its author. A look that is under way has recalled them
    too: for it this is news, so that it does not count."""
    looks, threads, asked = schema.looks, schema.threads, schema.requests
    silent = update(looks).values(why=None, rev=looks.c.rev + 1)
    for table, person_id in ((threads, threads.c.author_id), (asked, asked.c.person_id)):
        subjects = select(_subject(table)).where(person_id == who.id)
        connection.execute(silent.where(looks.c.subject.in_(subjects)))
    found = connection.execute(select(looks.c.subject, looks.c.why).where(mention(looks.c.why, logins))).all()
    for subject in sorted(subject for subject, why in found if names(logins).search(why)):
        connection.execute(silent.where(looks.c.subject == subject))


def _subject(table: Table) -> ColumnElement[str]:
    """ThreadRef.subject, in SQL."""
    return literal("thread/").concat(cast(table.c.repo_id, String)).concat("/").concat(cast(table.c.number, String))


def _silence_ledger(connection: Connection, logins: set[str]) -> None:
    """What was said to others may name them in its reason."""
    table = schema.ledger
    told = (table.c.why, table.c.outcome)
    query = select(table.c.key, *told).where(or_(*(mention(column, logins) for column in told)))
    for key, *texts in connection.execute(query).all():
        why, outcome = (text and names(logins).sub("somebody", text) for text in texts)
        put(connection, table, {"why": why, "outcome": outcome}, key=key)


def _veil_threads(connection: Connection, who: Person) -> None:
    threads = schema.threads
    for column in (threads.c.author_id, threads.c.opened_by):
        connection.execute(update(threads).where(column == who.id).values({column: GHOST.id}))
    theirs = select(threads.c.repo_id, threads.c.number, threads.c.assignees).where(
        cast(threads.c.assignees, Text).contains(str(who.id))  # what only looks like the id is sorted out below
    )
    for repo_id, number, assignees in connection.execute(theirs).all():
        veiled = sorted({GHOST.id if id_ == who.id else id_ for id_ in assignees})
        put(connection, threads, {"assignees": veiled}, repo_id=repo_id, number=number)


def _veil_happenings(connection: Connection, who: Person) -> None:
    """All of a row is its key, so each gets a new one; what others did in the same second may be there already."""
    did = schema.happenings
    assigned = and_(did.c.step.in_(_ASSIGNING), did.c.about == str(who.id))
    for theirs, veil in ((did.c.person_id == who.id, {"person_id": GHOST.id}), (assigned, {"about": str(GHOST.id)})):
        there = did.alias("there")
        veiled = {column.name: literal(veil[column.name]) if column.name in veil else column for column in did.c}
        same = and_(*(there.c[name] == value for name, value in veiled.items()))
        rows_ = select(*veiled.values()).distinct().where(theirs, ~exists(select(there.c.number).where(same)))
        connection.execute(insert(did).from_select(list(veiled), rows_))
        connection.execute(delete(did).where(theirs))


def _veil_nudges(connection: Connection, who: Person) -> None:
    """That a thread was told of counts: nobody else is reminded of it in their place."""
    nudges = schema.nudges
    connection.execute(update(nudges).where(nudges.c.person_id == who.id).values(person_id=GHOST.id))


def _drop_payloads(connection: Connection, who: Person, logins: set[str]) -> None:
    """Of deliveries that could not be projected the text is still there."""
    table = schema.deliveries
    for seq in inbox.failures(connection):
        payload, error = connection.execute(select(table.c.payload, table.c.error).where(table.c.seq == seq)).one()
        if is_in(payload or b"", who, logins) or names(logins).search(error or ""):
            drop_payload(connection, seq)


def is_in(payload: bytes, who: Person, logins: set[str]) -> bool:
    """Whether a delivery names somebody. It need not be JSON."""
    by_id = re.search(rb'"id"\s*:\s*%d(?![0-9])' % who.id, payload)
    return by_id is not None or names(logins).search(payload.decode(errors="replace")) is not None


def drop_payload(connection: Connection, seq: int) -> None:
    """Of a delivery that could not be projected."""
    table = schema.deliveries
    connection.execute(update(table).where(table.c.seq == seq).values(payload=None, error=_GONE))
