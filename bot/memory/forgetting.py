"""People who asked to be forgotten: their rows go, and a hash stays, so as not to greet or record them again.

The hash is made of GitHub's id with a key of this database. It tells nobody who they are; whoever has the whole
database can still try whether a given id is among them, and we do too.
"""

import re
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from secrets import token_hex
from typing import Final

from sqlalchemy import Connection, Text, and_, cast, delete, or_, select, update

from bot.memory import rows, schema
from bot.memory.inbox import FAILED
from bot.memory.payloads import ThreadNews
from bot.memory.rows import get, put
from bot.model import GHOST, Person, PersonId, Step

_KEY: Final = "forgotten"


class Forgotten:
    """Everybody who asked to be forgotten, as of now."""

    def __init__(self, connection: Connection) -> None:
        self._hashes = set(connection.scalars(select(schema.forgotten.c.hash)))
        self._key = _key(connection) if self._hashes else ""

    def has(self, who: Person) -> bool:
        return self.has_id(who.id)

    def has_id(self, person_id: int) -> bool:
        return bool(self._hashes) and _hash(self._key, person_id) in self._hashes

    def has_login(self, login: str) -> bool:
        """By the login they had when they asked: pushes tell no ids."""
        return bool(self._hashes) and _hash(self._key, login.lower()) in self._hashes

    def veil(self, who: Person) -> Person:
        """They are shown as GitHub shows deleted accounts."""
        return GHOST if self.has(who) else who

    def veil_thread(self, shown: ThreadNews) -> ThreadNews:
        if not self._hashes:
            return shown
        assignees = tuple(id_ for id_ in shown.assignees if not self.has_id(id_))
        return replace(shown, author=self.veil(shown.author), assignees=assignees)


def _hash(key: str, of: int | str) -> str:
    return blake2b(str(of).encode(), key=bytes.fromhex(key), digest_size=32).hexdigest()


def _key(connection: Connection) -> str:
    """The database's own, made when the first one asks."""
    row = get(connection, schema.marks, name=_KEY)
    if row is None:
        put(connection, schema.marks, {"value": token_hex(32)}, name=_KEY)
        return _key(connection)
    return str(row["value"])


def forget(connection: Connection, who: Person, now: datetime) -> None:
    """Takes a person out of everything. What belongs to a thread (that it was opened, labelled, closed) stays, as done
    by nobody in particular; what was theirs (comments, reviews, commits, what the bot said to them) goes."""
    key = _key(connection)
    for of in (who.id, who.login.lower()):
        put(connection, schema.forgotten, {"at": now}, hash=_hash(key, of))
    rows.person(connection, GHOST, now)
    _veil_threads(connection, who)
    _veil_happenings(connection, who)
    commits = schema.commits
    connection.execute(delete(commits).where(or_(commits.c.person_id == who.id, commits.c.login == who.login.lower())))
    for table in _THEIRS:
        connection.execute(delete(table).where(table.c.person_id == who.id))
    connection.execute(delete(schema.people).where(schema.people.c.id == who.id))
    _drop_payloads(connection, who)


def remember(connection: Connection, person_id: PersonId) -> bool:
    """They may be recorded again, from now on. Whether they were forgotten."""
    table = schema.forgotten
    if not Forgotten(connection).has_id(person_id):
        return False
    connection.execute(delete(table).where(table.c.hash == _hash(_key(connection), person_id)))
    return True


_THEIRS: Final = (
    schema.acquaintances,
    schema.activity,
    schema.ledger,
    schema.optouts,
    schema.requests,
    schema.team,
    schema.team_members,
)


def _veil_threads(connection: Connection, who: Person) -> None:
    threads = schema.threads
    for column in (threads.c.author_id, threads.c.opened_by):
        connection.execute(update(threads).where(column == who.id).values({column: GHOST.id}))
    theirs = select(threads.c.repo_id, threads.c.number, threads.c.assignees).where(
        cast(threads.c.assignees, Text).like(f"%{who.id}%")  # the ids that look like theirs are sorted out below
    )
    for repo_id, number, assignees in connection.execute(theirs).all():
        others = [id_ for id_ in assignees if id_ != who.id]
        put(connection, threads, {"assignees": others}, repo_id=repo_id, number=number)


def _veil_happenings(connection: Connection, who: Person) -> None:
    table = schema.happenings
    assigned = and_(table.c.step.in_([Step.ASSIGNED, Step.UNASSIGNED]), table.c.about == str(who.id))
    theirs = connection.execute(select(table).where(or_(table.c.person_id == who.id, assigned))).mappings().all()
    for row in theirs:
        key = dict(row)
        connection.execute(delete(table).where(and_(*(table.c[name] == value for name, value in key.items()))))
        if key["person_id"] == who.id:
            key["person_id"] = GHOST.id
        if key["step"] in {Step.ASSIGNED, Step.UNASSIGNED} and key["about"] == str(who.id):
            key["about"] = str(GHOST.id)
        if get(connection, table, **key) is None:
            connection.execute(table.insert().values(**key))


def _drop_payloads(connection: Connection, who: Person) -> None:
    """Of deliveries that could not be projected the text is still there."""
    table = schema.deliveries
    waiting = select(table.c.seq, table.c.payload).where(table.c.state == FAILED, table.c.payload.is_not(None))
    for seq, payload in connection.execute(waiting).all():
        if re.search(rb'"id"\s*:\s*%d\b' % who.id, bytes(payload)):
            told = {"payload": None, "error": "the payload is gone: somebody in it asked to be forgotten"}
            connection.execute(update(table).where(table.c.seq == seq).values(told))
