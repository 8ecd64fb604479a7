"""Who asked to be forgotten: of each a hash stays, so as not to greet or record them again.

The hash is made of GitHub's id with a key of this database, and so is one of each login that we learn of, because
pushes tell no ids. It tells nobody who they are; whoever has the whole database can still try whether a given id is
among them, and we do too.
"""

import re
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from secrets import token_hex
from typing import Final

from sqlalchemy import Connection, and_, delete, select

from bot.memory.payloads import ThreadNews
from bot.memory.schema import commits, forgotten, marks
from bot.model import GHOST, Person, PersonId

_MARK: Final = "forgotten"  # where the key stands
_IDS: Final = re.compile(rb'"id"\s*:\s*([0-9]{1,18})(?![0-9])')
_ANYBODY: Final = select(forgotten.c.hash).limit(1)  # asked at every turn, so it is made once
_LOGINS: Final = re.compile(rb"(?<![A-Za-z0-9_-])[A-Za-z0-9][A-Za-z0-9_-]{0,38}(?:\[bot\])?")


class Forgotten:
    """Everybody who asked to be forgotten, as of now. While nobody did it costs one query."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._key: bytes | None = None
        self._asked: dict[str, bool] = {}
        if connection.execute(_ANYBODY).first() is not None:
            self._key = _stored_key(connection)

    def has_id(self, person_id: int) -> bool:
        return self._has(_of_id(person_id))

    def has_login(self, login: str) -> bool:
        """By a login that we know them to have had."""
        return self._has(_of_login(login))

    def has(self, who: Person) -> bool:
        """The same for somebody whose id and login are shown together, which teaches what they are called now: logins
        change, and may be somebody else's later."""
        if self._key is None or who == GHOST:
            return False
        by_id, by_login = self.has_id(who.id), self.has_login(who.login)
        if by_id and not by_login:
            self._learn(who)
        elif by_login and not by_id:
            self._unlearn(who.login)
        return by_id

    def veil(self, who: Person) -> Person:
        """They are shown as GitHub shows deleted accounts."""
        return GHOST if self.has(who) else who

    def veil_thread(self, shown: ThreadNews) -> ThreadNews:
        """A thread that they took is still taken."""
        if self._key is None:
            return shown
        assignees = {GHOST.id if self.has_id(id_) else id_ for id_ in shown.assignees}
        return replace(shown, author=self.veil(shown.author), assignees=tuple(sorted(assignees)))

    def is_in(self, payload: bytes) -> bool:
        """Whether a delivery names one of them anywhere. It need not be JSON."""
        if self._key is None:
            return False
        hashes = set(self._connection.scalars(select(forgotten.c.hash)))
        ids = {_of_id(int(id_)) for id_ in _IDS.findall(payload)}
        logins = {_of_login(login.decode()) for login in _LOGINS.findall(payload)}
        return any(_hash(self._key, what) in hashes for what in ids | logins)

    def _has(self, what: str) -> bool:
        if self._key is None:
            return False
        if what not in self._asked:
            query = select(forgotten.c.hash).where(forgotten.c.hash == _hash(self._key, what))
            self._asked[what] = self._connection.execute(query).first() is not None
        return self._asked[what]

    def _learn(self, who: Person) -> None:
        """They took another login, under which pushes may have told of them."""
        assert self._key is not None
        at = asked_at(self._connection, person_id=who.id)
        self._connection.execute(forgotten.insert().values(hash=_hash(self._key, _of_login(who.login)), at=at))
        theirs = and_(commits.c.person_id.is_(None), commits.c.login == who.login.lower())
        self._connection.execute(delete(commits).where(theirs))
        self._asked[_of_login(who.login)] = True

    def _unlearn(self, login: str) -> None:
        assert self._key is not None
        self._connection.execute(delete(forgotten).where(forgotten.c.hash == _hash(self._key, _of_login(login))))
        self._asked[_of_login(login)] = False


def asked_at(connection: Connection, *, person_id: PersonId | None = None, login: str | None = None) -> datetime | None:
    """When somebody asked to be forgotten, by their id or else by their login; None if they did not."""
    key = _stored_key(connection)
    what = _of_id(person_id) if person_id is not None else _of_login(login or "")
    return (
        None if key is None else connection.scalar(select(forgotten.c.at).where(forgotten.c.hash == _hash(key, what)))
    )


def note(connection: Connection, person_id: int, logins: set[str], now: datetime) -> None:
    """Somebody asked to be forgotten."""
    key = _stored_key(connection) or _new_key(connection)
    hashes = {_hash(key, what) for what in (_of_id(person_id), *map(_of_login, logins))}
    known = set(connection.scalars(select(forgotten.c.hash).where(forgotten.c.hash.in_(hashes))))
    for one in sorted(hashes - known):
        connection.execute(forgotten.insert().values(hash=one, at=now))


def withdraw(connection: Connection, person_id: int) -> bool:
    """They may be recorded again, from now on. Whether they were forgotten. The hash of their login goes when they are
    next heard of."""
    key = _stored_key(connection)
    if key is None:
        return False
    return connection.execute(delete(forgotten).where(forgotten.c.hash == _hash(key, _of_id(person_id)))).rowcount > 0


def _of_id(person_id: int) -> str:
    return f"id/{person_id}"


def _of_login(login: str) -> str:
    return f"login/{login.lower()}"


def _hash(key: bytes, of: str) -> str:
    return blake2b(of.encode(), key=key, digest_size=32).hexdigest()


def _stored_key(connection: Connection) -> bytes | None:
    value = connection.scalar(select(marks.c.value).where(marks.c.name == _MARK))
    return None if value is None else bytes.fromhex(value)


def _new_key(connection: Connection) -> bytes:
    """The database's own, made when the first one asks."""
    value = token_hex(32)
    connection.execute(marks.insert().values(name=_MARK, value=value))
    return bytes.fromhex(value)
