"""The database: whether it can be used, and what lies in it unprocessed, failed or given up."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, make_url

from bot.doctor.finding import Finding, ago, count, fine, lasting, note, wrong
from bot.memory import health, hearing, inbox, looks, migrations
from bot.memory.inbox import Backlog
from bot.memory.store import Store, StoreUnavailable

_PATIENCE: Final = timedelta(minutes=1)  # a running service takes a delivery in at once
_LATE: Final = timedelta(minutes=10)
_COMPARED: Final = timedelta(hours=2)  # the service compares every hour
_START: Final = "start the service: python -m bot serve"


class Unusable(Exception):
    """The database cannot be looked at; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


def opened(url: str) -> Store:
    """The database, if it is there and one of ours. A missing file is not made. Raises Unusable."""
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        raise Unusable(
            wrong(
                "database", f"there is no database at {path}",
                f"If the service has never run, {_START}. Otherwise set DATABASE_URL to what the service uses.",
            )
        )  # fmt: skip
    try:
        store = Store(url)
    except StoreUnavailable as error:
        raise Unusable(_away(url, error)) from None
    try:
        found = store.read_now(migrations.revision)
    except StoreUnavailable as error:
        store.close()
        raise Unusable(_away(url, error)) from None
    if found != migrations.HEAD:
        store.close()
        raise Unusable(_other(url, found))
    return store


def _away(url: str, error: StoreUnavailable) -> Finding:
    return wrong(
        "database", f"{_name(url)} cannot be used: {error}",
        "Is the server running, is DATABASE_URL right, and may this user read and write there?",
    )  # fmt: skip


def _other(url: str, revision: str | None) -> Finding:
    if revision is None:
        what, how = "is not a database of Switchback", f"Set DATABASE_URL to the right one; if it is new, {_START}."
    elif revision > migrations.HEAD:
        what, how = "was made by a newer version of Switchback", "Use that version here too."
    else:
        what, how = "was made by an older version of Switchback", f"It is brought up to date when you {_START}."
    return wrong("database", f"{_name(url)} {what}", how)


def _name(url: str) -> str:
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return f"the SQLite file {parts.database}"
    place = f"{parts.host}:{parts.port}" if parts.port else parts.host
    return f"the PostgreSQL database {parts.database} at {place or 'this machine'}"


def look(store: Store, url: str, now: datetime) -> list[Finding]:
    """All about it. Raises StoreUnavailable if it goes away meanwhile."""
    try:
        backlog = store.write_now(inbox.probe)
        size = store.read_now(health.size)
        database = fine("database", f"{_name(url)} can be written to; it has {size / 1e6:,.1f} MB")
    except StoreUnavailable as error:
        database = wrong(
            "database", f"{_name(url)} cannot be written to: {error}",
            "Is the disk full, may this user write there, or does another program hold it?",
        )  # fmt: skip
        backlog = store.read_now(inbox.backlog)
    return [database, *store.read_now(lambda db: _contents(db, backlog, now))]


def _contents(db: Connection, backlog: Backlog, now: datetime) -> list[Finding]:
    return [_work(db, backlog, now), *_heard(db, now), *_failed(db), _given_up(db)]


def _work(db: Connection, backlog: Backlog, now: datetime) -> Finding:
    """What a running service would have done."""
    due_at, what = looks.next_due(db, ()), ""
    if backlog.oldest is not None and backlog.oldest < now - _PATIENCE:
        waiting = f"{count(backlog.waiting, 'delivery is', 'deliveries are')} waiting"
        what = f"{waiting}, and {'the oldest ' if backlog.waiting > 1 else ''}came {ago(backlog.oldest, now)}"
    elif due_at is not None and due_at < now - _LATE:
        what = f"threads have been waiting to be looked at for {lasting(now - due_at)}"
    if not what:
        return fine("service", "nothing has been waiting for longer than a moment")
    how = f"Does the service run? If not, {_START}. If it does, its log says what is in its way, and so does /readyz."
    return wrong("service", what, how)


def _heard(db: Connection, now: datetime) -> list[Finding]:
    until = hearing.heard_until(db)
    if until is None:
        return []
    known = f"all that GitHub delivered until {until:%Y-%m-%d %H:%M} UTC is known"
    if until >= now - _COMPARED:
        return [fine("recovery", known)]
    how = "The service compares every hour while it runs; then it asks GitHub for what it missed."
    return [note("recovery", f"{known}, and nothing is certain since ({ago(until, now)})", how)]


def _failed(db: Connection) -> list[Finding]:
    failures = health.failures(db)
    many, gone = sum(one.count for one in failures), sum(one.without_text for one in failures)
    if not failures:
        return [fine("failed deliveries", "none")]
    found = []
    if many > gone:
        lines = [f"{one.event} ({one.count:,}x): {one.error}" for one in failures if one.count > one.without_text]
        what = f"{count(many - gone, 'delivery', 'deliveries')} could not be processed"
        how = "That is a fault of ours: please report it. After an update, `doctor --retry` tries them again."
        found.append(wrong("failed deliveries", what, how, lines))
    if gone:
        what = (
            f"the text of {count(gone, 'failed delivery', 'failed deliveries')} is gone: somebody asked to be forgotten"
        )
        found.append(note("failed deliveries", what))
    return found


def _given_up(db: Connection) -> Finding:
    dead = health.given_up(db)
    if not dead:
        return fine("threads given up", "none")
    how = "Mend what the reasons name. Then `doctor --retry` looks again, and so does the next news of a thread."
    lines = [f"{one.thread}: {one.why}" for one in dead]
    return wrong("threads given up", f"{count(len(dead), 'thread')} could not be dealt with", how, lines)
