"""The repositories: whose past has been read, and when each was heard of last."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.doctor.finding import Finding, ago, count, fine, note, wrong
from bot.github.hooks import Attempt
from bot.memory import configs, health, members, readings
from bot.memory.health import Heard
from bot.memory.readings import Account
from bot.model import RepoId

_LONG: Final = timedelta(days=30)


def look(db: Connection, attempts: Sequence[Attempt], now: datetime) -> list[Finding]:
    delivered: dict[int, datetime] = {}
    for attempt in attempts:  # the newest first
        if attempt.repo_id is not None and attempt.got_through:
            delivered.setdefault(attempt.repo_id, attempt.at)
    accounts = readings.accounts(db)
    heard = [
        Heard(one.id, one.name, max((at for at in (one.at, delivered.get(one.id)) if at is not None), default=None))
        for account in accounts
        for one in health.last_heard(db, account.id)
    ]
    past = [finding for account in accounts for finding in _past(db, account, now)]
    configured = [finding for account in accounts for finding in (*_configured(db, account), *_team(db, account))]
    return [*past, *configured, *_last(heard, now)]


def _team(db: Connection, account: Account) -> Iterator[Finding]:
    """Team files and notes of meetings that cannot be read, or not all of them."""
    if odd := members.problems(db, account.id):
        what = f"{account.login}: {count(len(odd), 'thing is', 'things are')} wrong with the team files"
        how = (
            "What was read before still holds. Correct the file, or team.files and team.meetings in the configuration."
        )
        yield wrong("team", what, how, odd)


def _configured(db: Connection, account: Account) -> Iterator[Finding]:
    """What is configured, and files that cannot be used."""
    files = configs.files(db, account.id)
    broken = [(where, stored) for where, stored in files if stored.problems]
    if broken:
        what = f"{account.login}: {count(len(broken), 'configuration file')} cannot be used; the last good one holds"
        how = (
            "`python -m bot check FILE` says what is wrong, and so does the check on the commit that changed the file."
        )
        yield wrong("configuration", what, how, [f"{where.full_name}: {one.problems[0]}" for where, one in broken])
    good = [where.full_name for where, stored in files if stored.text is not None]
    live = configs.live_features(db, account.id)
    speaks = f"speaking from the start: {', '.join(live)}" if live else "in shadow mode where nothing is switched on"
    yield fine("configuration", f"{account.login}: {count(len(good), 'file')} in force; {speaks}", good)


def _past(db: Connection, account: Account, now: datetime) -> Iterator[Finding]:
    """Until it is read, newcomers are searched for: two requests for each."""
    repos = list(readings.repos(db, account.id))
    unread = [where for where in repos if readings.due(db, account, where.id, now)]
    lines = [f"{where.full_name}{_so_far(db, account, where.id)}" for where in unread]
    if unread:
        of_all = f"{len(unread)} of {count(len(repos), 'repository', 'repositories')}"
        what = f"{account.login}: the past of {of_all} is not read"
        how = "The service reads it by itself while it runs. `python -m bot backfill` does it at once and shows it."
        yield note("past", what, how, lines)
    unreadable = health.unreadable(db, account.id)
    if unreadable:
        how = "The service tries again every day. What the app may not read, an owner has to grant."
        what = f"{account.login}: {count(len(unreadable), 'list')} of the past cannot be read"
        yield note("past", what, how, [f"{one.name}, {one.part}: {one.why}" for one in unreadable])
    if not unread and not unreadable:
        yield fine("past", f"{account.login}: the past of {count(len(repos), 'repository', 'repositories')} is read")


def _so_far(db: Connection, account: Account, repo_id: RepoId) -> str:
    read, expected = readings.progress(db, account, repo_id, account.witnessed_since)
    if not read:
        return ""
    return f", {read} of about {count(expected, 'page')}" if expected > read else f", {count(read, 'page')} so far"


def _last(heard: Sequence[Heard], now: datetime) -> list[Finding]:
    """When each repository was heard of last. Silence means something only where others speak."""
    times = {one.name: one.at for one in heard if one.at is not None}
    newest = sorted(times, key=lambda name: times[name], reverse=True)
    found = []
    never = [one.name for one in heard if one.at is None]
    if never:
        what = f"{count(len(never), 'repository', 'repositories')} never told us anything"
        how = "Nothing may have happened there. To be sure, comment on an issue there and run doctor again."
        found.append(note("repositories", what, how, never))
    silent = [name for name in newest if times[name] < now - _LONG]
    if silent and len(silent) < len(times):
        what = f"of {count(len(silent), 'repository', 'repositories')} nothing was heard for a month, though of others"
        how = "Most likely nothing happened there. Otherwise see whether the app is still installed on them."
        found.append(note("repositories", what, how, [f"{name}: {ago(times[name], now)}" for name in silent]))
    if newest:
        what = f"{count(len(newest), 'repository', 'repositories')} told us something, the latest first"
        found.append(fine("repositories", what, [f"{name}: {ago(times[name], now)}" for name in newest]))
    return found
