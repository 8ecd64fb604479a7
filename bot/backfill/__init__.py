"""Reads the past of every repository that the app is installed on into memory: who was there, who did what when.

It goes list by list and page by page, one call at a time, and writes each page down and then where the next one begins.
So it may be interrupted at any moment. It uses a share of GitHub's hourly limit and waits when that is spent.
It never makes the bot speak: nobody witnessed what it tells, and nobody is looked at because of it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import Connection

from bot.backfill.telling import GaveUp, Report, Telling, ToldByLog
from bot.clock import Clock
from bot.engine import backoff
from bot.github.client import Client
from bot.github.errors import CallFailed, Drop, NeedsPermission, RetryAt
from bot.github.past import Leaf, Past
from bot.github.read import Reader
from bot.inforce import Policies
from bot.memory import learned, past, readings
from bot.memory.past import Told
from bot.memory.readings import OF_OWNER, OPTIONAL, Account, Key, OwnerPart, Part, Reading
from bot.memory.store import Store, StoreUnavailable
from bot.model import Repo, RepoId

TRIES: Final = 6  # of one page
_EVERY: Final = timedelta(minutes=1)  # to see whether there is something to read
_UNTIL_INSTALLED: Final = timedelta(seconds=5)
_AFTER_TROUBLE: Final = timedelta(minutes=10)
_NO_SINCE: Final = frozenset({Part.COMMITS, Part.LABELS})
_GRAPHQL: Final = frozenset({Part.PULLS, Part.STEPS, Part.DISCUSSIONS, Part.CHECKS})
# What has changed there changes the thread too: where no thread has changed nothing else has.
_WITH_THREADS: Final = frozenset({Part.COMMENTS, Part.REVIEW_COMMENTS, Part.PULLS, Part.STEPS, Part.CHECKS})
_COMMENTS_A_THREAD: Final = 4  # for the estimate
_PAGE: Final = 100
_SLICE: Final = 25  # things written down in one go, so that deliveries do not wait

log = structlog.get_logger()


class Backfill:
    """`share` is the part of GitHub's hourly limit that may be used, from 0 (never reads by itself) to 1. `policies`
    say which files do not count as activity."""

    def __init__(self, store: Store, client: Client, clock: Clock, *, share: float, policies: Policies) -> None:
        self._store = store
        self._client = client
        self._past = Past(client)
        self._reader = Reader(client)
        self._clock = clock
        self._share = share
        self._policies = policies
        self._lull: Callable[[], Awaitable[None]] | None = None

    async def keep_filled(self, known: asyncio.Event, lull: Callable[[], Awaitable[None]]) -> None:
        """Reads whatever has not been read, gently, for ever. `known` is set once it is known where the app is
        installed; `lull` waits while deliveries pour in."""
        if not self._share:
            return
        self._lull = lull
        await known.wait()
        while True:
            pause = _EVERY
            try:
                due = {account: Report() for account in await self._store.read(self._due)}
                async with asyncio.TaskGroup() as tasks:  # each owner has a limit of its own
                    for account, report in due.items():
                        tasks.create_task(self._account(account, ToldByLog(), report, again=False))
                pause = _AFTER_TROUBLE if any(report.gave_up for report in due.values()) else _EVERY
                if not due and not await self._store.read(readings.accounts):  # somebody is setting it up just now
                    pause = _UNTIL_INSTALLED
            except* StoreUnavailable as errors:
                log.warning("the past is not read", why=str(errors.exceptions[0]))
            except* Exception:
                log.exception("the past is not read")
                pause = _AFTER_TROUBLE
            await self._clock.until(self._clock() + pause)

    def _due(self, db: Connection) -> list[Account]:
        now = self._clock()
        return [account for account in readings.accounts(db) if readings.unfinished(db, account, now)]

    async def run(self, tell: Telling, *, only: str | None = None, again: bool = False) -> Report:
        """One pass. `only` is the name of one owner; `again`: where all has been read, read what has changed since.

        Raises StoreUnavailable.
        """
        report = Report()
        for account in await self._store.read(readings.accounts):
            if only is None or account.login.lower() == only.lower():
                await self._account(account, tell, report, again=again)
        return report

    async def _account(self, account: Account, tell: Telling, report: Report, *, again: bool) -> None:
        now = self._clock()
        again = again and not await self._store.read(lambda db: readings.unread(db, account, now))
        parts = await self._store.read(lambda db: readings.due_of_owner(db, account, now))
        for part in OwnerPart if again else parts:
            if not await self._of_owner(account, part, tell, report) and part is OwnerPart.REPOS:
                return
        work = await self._store.read(lambda db: self._work(db, account, now, again=again))
        started = now if again else account.witnessed_since
        if work:
            tell.owner(account, await self._estimate(account, work))
        for where, lists in work:
            await self._repo(account, where, lists, started, tell, report)
        if await self._store.write(lambda db: readings.past_is_read(db, account, self._clock())):
            report.complete.append(account.login)
            log.info("the past is read", owner=account.login, repos=len(work), items=report.items, calls=report.calls)

    @staticmethod
    def _work(db: Connection, account: Account, now: datetime, *, again: bool) -> list[tuple[Repo, list[Part]]]:
        lists = ((where, readings.due(db, account, where.id, now)) for where in readings.repos(db, account.id))
        return [(where, list(Part) if again else parts) for where, parts in lists if again or parts]

    async def _estimate(self, account: Account, work: Sequence[tuple[Repo, Sequence[Part]]]) -> dict[RepoId, int]:
        """About how many pages each repository has; 0 if GitHub would not say."""
        try:
            counts = await self._past.survey(account.installation, account.login, [where.name for where, _ in work])
        except CallFailed:
            counts = {}
        expected: dict[RepoId, int] = {}
        for where, parts in work:
            issues, pulls = counts.get(where.name, (0, 0))
            threads = issues + pulls
            things = {Part.ISSUES: threads, Part.COMMENTS: threads * _COMMENTS_A_THREAD}
            things |= {Part.PULLS: pulls, Part.COMMITS: pulls}
            pages = sum(max(1, -(-things.get(part, 0) // _PAGE)) for part in parts)
            expected[where.id] = pages if where.name in counts else 0
        return expected

    async def _of_owner(self, account: Account, part: OwnerPart, tell: Telling, report: Report) -> bool:
        """The list of repositories, and who belongs to the organisation. Whether it could be read."""
        key, now = Key(account.id, OF_OWNER, part), self._clock()
        await self._store.write(lambda db: readings.begin(db, key, now))
        try:
            match part:
                case OwnerPart.REPOS:
                    listed = await self._past.repositories(account.installation)
                    await self._store.write(lambda db: past.repos(db, account.id, listed, now))
                case OwnerPart.TEAM:
                    await self._team(account, now)
        except CallFailed as failed:
            await self._give_up(account, None, part, failed, tell, report)
            return False
        report.calls += 1
        await self._store.write(lambda db: readings.finish(db, key, self._clock()))
        return True

    async def _team(self, account: Account, now: datetime) -> None:
        if account.is_organisation:
            people = await self._reader.members(account.installation, account.login)
            for start in range(0, len(people), _SLICE):
                some = people[start : start + _SLICE]
                await self._store.write(partial(learned.team, owner_id=account.id, people=some, now=now))
            groups = await self._past.groups(account.installation, account.login)
            await self._store.write(lambda db: past.groups(db, account.id, groups, now))
        await self._store.write(lambda db: learned.team_read(db, account.id, self._clock()))

    async def _repo(
        self, account: Account, where: Repo, lists: Iterable[Part], started: datetime, tell: Telling, report: Report
    ) -> None:
        before, _ = await self._store.read(lambda db: readings.progress(db, account, where.id, started))
        tell.repo(where, before)
        still: datetime | None = None  # no thread has changed since then
        for part in lists:
            key, now = Key(account.id, where.id, part), self._clock()
            reading = await self._store.write(partial(readings.begin, key=key, now=now))
            if still and part in _WITH_THREADS and reading.since and reading.since >= still:
                await self._store.write(partial(readings.finish, key=key, now=now, unchanged=True))
                continue
            try:
                if part is Part.EXCLUDED:
                    await self._excluded(account, where, tell, report)
                    await self._store.write(partial(readings.finish, key=key, now=now))
                    continue
                changed = await self._list(account, where, part, reading, started, tell, report)
            except CallFailed as failed:
                await self._give_up(account, where, part, failed, tell, report)
                continue
            if part is Part.ISSUES and not changed:
                still = reading.since
        read, _ = await self._store.read(lambda db: readings.progress(db, account, where.id, started))
        report.repos += 1
        tell.repo_done(where, read)

    async def _list(
        self, account: Account, where: Repo, part: Part, reading: Reading, started: datetime,
        tell: Telling, report: Report,
    ) -> int:  # fmt: skip
        """Reads a list to its end; how much was new. Raises CallFailed."""
        so_far = _SoFar(cursor=reading.cursor, new=reading.items)
        while not so_far.over:
            etag = reading.etag if so_far.cursor is None else None
            leaf = await self._page(account, where, part, reading, so_far.cursor, etag, tell)
            new = 0
            for portion in leaf.told.slices(_SLICE):
                new += await self._store.write(partial(past.write, where=where, told=portion, now=self._clock()))
            await self._store.write(partial(self._turned, account, where, part, reading, leaf, new, so_far))
            report.calls += 1
            report.items += new
            read, expected = await self._store.read(lambda db: readings.progress(db, account, where.id, started))
            tell.page(where, part, read, expected)
        return so_far.new

    def _turned(
        self, account: Account, where: Repo, part: Part, reading: Reading, leaf: Leaf, new: int, so_far: "_SoFar",
        db: Connection,
    ) -> None:  # fmt: skip
        """A page is written down; now where to go on. Who dies in between writes the same page once more."""
        now, first, key = self._clock(), so_far.cursor is None, Key(account.id, where.id, part)
        so_far.new += new
        so_far.labels += [told["id"] for told in leaf.told.labels]
        if first:
            so_far.etag = leaf.etag
        so_far.cursor = leaf.cursor
        readings.turned(db, key, cursor=leaf.cursor, items=new, expected=leaf.pages or reading.expected)
        known_already = part is Part.COMMITS and not reading.first and not new
        so_far.over = leaf.cursor is None or leaf.unchanged or known_already
        if so_far.over:
            if part is Part.LABELS and reading.cursor is None and not leaf.unchanged:
                past.labels_are(db, where, so_far.labels, reading.began_at)
            # An ETag is for one address, which `since` is a part of.
            same_address = part in _NO_SINCE or (reading.since is not None and not so_far.new)
            etag = so_far.etag if same_address else None
            readings.finish(db, key, now, etag=etag, unchanged=not so_far.new)

    async def _excluded(self, account: Account, where: Repo, tell: Telling, report: Report) -> None:
        """Lists of commits do not tell their files. They matter only for commits that may be left out: those that touch
        a file which does not count, or a team file. Raises CallFailed."""
        policy = await self._store.read(lambda db: self._policies(db, where))
        folders = {folder for glob in policy.activity.excluded_paths if (folder := _before(glob))}
        for path in folders | {file.path for file in policy.team.files if file.repo.lower() == where.name.lower()}:
            await self._wait_for_share(account, Part.EXCLUDED, tell)
            touching = await self._past.touching(account.installation, where, path)
            unknown = await self._store.read(partial(past.without_paths, repo_id=where.id, shas=touching))
            report.calls += 1
            for sha in unknown:
                await self._wait_for_share(account, Part.EXCLUDED, tell)
                commit = await self._past.commit(account.installation, where, sha)
                told, now = Told(commits=[commit]), self._clock()
                report.calls += 1
                await self._store.write(partial(past.write, where=where, told=told, now=now))

    async def _page(
        self, account: Account, where: Repo, part: Part, reading: Reading, cursor: str | None, etag: str | None,
        tell: Telling,
    ) -> Leaf:  # fmt: skip
        """Asks for a page until GitHub gives it. Raises CallFailed when that is in vain."""
        for tries in range(TRIES):
            await self._wait_for_share(account, part, tell)
            try:
                return await self._past.page(
                    part, account.installation, where, cursor=cursor, since=reading.since, etag=etag
                )
            except CallFailed as failed:
                match failed.failure:
                    case RetryAt(why, when, _, _, patience) if tries + 1 < (patience or TRIES):
                        until = when or self._clock() + backoff(tries)
                        tell.waiting(until, why)
                        await self._clock.until(until)
                    case Drop() if cursor is not None and failed.status == 422:  # GitHub knows this place no more
                        cursor = None
                    case _:
                        raise
        raise AssertionError("the last try returns or raises")

    async def _wait_for_share(self, account: Account, part: Part, tell: Telling) -> None:
        """The rest of the hour's calls is for the work of the day."""
        if self._lull is not None:
            await self._lull()
        rate = self._client.rate(account.installation, "graphql" if part in _GRAPHQL else "core")
        if rate is not None and rate.remaining <= rate.limit * (1 - self._share) and rate.resets_at > self._clock():
            tell.waiting(rate.resets_at, "the share of GitHub's rate limit is used up (BACKFILL_SHARE)")
            await self._clock.until(rate.resets_at + timedelta(seconds=1))

    async def _give_up(
        self, account: Account, where: Repo | None, part: str, failed: CallFailed,
        tell: Telling, report: Report,
    ) -> None:  # fmt: skip
        """What only needs time is tried again in the next pass; the rest is over, and tried again the next day."""
        why, key = str(failed), Key(account.id, where.id if where else OF_OWNER, part)
        later = isinstance(failed.failure, RetryAt) and failed.failure.patience is None
        over_at = None if later else self._clock()
        await self._store.write(lambda db: readings.give_up(db, key, why, over_at=over_at))
        if part in OPTIONAL and isinstance(failed.failure, NeedsPermission):  # they do without, and so do we
            return
        gave_up = GaveUp(where.full_name if where else account.login, part, why)
        report.gave_up.append(gave_up)
        tell.gave_up(gave_up)


def _before(glob: str) -> str:
    """The file or folder that a pattern is about; empty where it may be any."""
    literal = re.split(r"[*?[]", glob)
    return glob if len(literal) == 1 else literal[0].rpartition("/")[0]


@dataclass(slots=True)
class _SoFar:
    """A list while it is being read."""

    cursor: str | None
    new: int = 0
    labels: list[int] = field(default_factory=list)
    etag: str | None = None
    over: bool = False
