"""Reading the past of a large organisation: how many calls it takes, what they bring, how long it holds up the writer.

The real backfill reads a town in the sandbox, in this process and one page after the other. While it writes a page
down nothing else is written, so a delivery that comes then is acknowledged that much later.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

from sqlalchemy import Connection, func, select

from benchmarks import town
from benchmarks.report import Line, milliseconds
from benchmarks.town import Town
from bot import policyfile
from bot.backfill import Backfill
from bot.backfill.telling import Report, ToldByLog
from bot.github.auth import AppKey
from bot.github.client import Client
from bot.github.read import Reader
from bot.installations import Installations
from bot.memory import migrations, readings, schema
from bot.memory.store import Store, Work
from bot.metrics import Metrics
from bot.sandbox import Running, running
from bot.sandbox.model import Issue, PullRequest
from bot.sandbox.server import Seen
from bot.settings import Secret

T = TypeVar("T")

_AIM: Final = 2_500  # calls
_PAGE: Final = 100
_A_WHILE: Final = timedelta(hours=1)  # between two passes


@dataclass(frozen=True, slots=True)
class _Pass:
    """`writes`: how long each took, in seconds. `seen`: the calls, but for those that asked for a token (`tokens`)."""

    report: Report
    seconds: float
    writes: list[float]
    seen: list[Seen]
    tokens: int

    @property
    def free(self) -> int:
        """Calls that GitHub does not count, since nothing had changed."""
        return sum(one.status == 304 for one in self.seen)


class _TimedStore(Store):
    """Notes how long each write took, until it was on disk."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.times: list[float] = []

    async def write(self, work: Work[T]) -> T:
        begun = time.perf_counter()
        try:
            return await super().write(work)
        finally:
            self.times.append(time.perf_counter() - begun)


async def measure(private_key: str, tell: Callable[[str], None]) -> list[Line]:
    """Raises CallFailed."""
    there = town.build(private_key)
    tell("a town with a past is made")
    with tempfile.TemporaryDirectory(prefix="switchback-benchmark-") as folder:
        store = _TimedStore(f"sqlite:///{Path(folder, 'switchback.db')}")
        try:
            migrations.upgrade(store)
            return await _measured(there, store, private_key, tell)
        finally:
            store.close()


async def _measured(there: Town, store: _TimedStore, private_key: str, tell: Callable[[str], None]) -> list[Line]:
    async with running(there.world) as github:
        key = AppKey(str(there.app.id), Secret(private_key), there.clock)
        async with Client(github.url, key, there.clock, Metrics()) as client:
            await Installations(store, Reader(client), there.clock, start_live=True).ask()
            policy = policyfile.defaults()
            backfill = Backfill(store, client, there.clock, share=1, policies=lambda *_: policy)
            first = await _passed(backfill, github, store, again=False)
            tell(f"its past is read, {first.report.items:,} things in {first.seconds:.0f} s")
            [account] = store.read_now(readings.accounts)
            rate = client.rate(account.installation, "graphql")
            later = []
            for _ in range(2):
                there.clock.advance(_A_WHILE)
                later.append(await _passed(backfill, github, store, again=True))
    points = 0 if rate is None else rate.limit - rate.remaining
    return [
        *_of_calls(there, first, points),
        *map(_of_nothing_new, later, ("second", "third")),
        *_of_rows(there, store, first),
    ]


async def _passed(backfill: Backfill, github: Running, store: _TimedStore, *, again: bool) -> _Pass:
    github.requests.clear()
    store.times.clear()
    begun = time.perf_counter()
    report = await backfill.run(ToldByLog(), again=again)
    seconds = time.perf_counter() - begun
    tokens = [one for one in github.requests if one.route is not None and one.route.endswith("/access_tokens")]
    return _Pass(report, seconds, list(store.times), [one for one in github.requests if one not in tokens], len(tokens))


def _of_calls(there: Town, first: _Pass, points: int) -> list[Line]:
    calls, plain = len(first.seen), _one_by_one(there)
    routes = Counter(f"{one.method} {one.route}" for one in first.seen)
    return [
        Line(
            what=f"backfill: calls for {town.REPOS} repositories, {town.THREADS:,} threads, "
            f"{town.THREADS * town.COMMENTS:,} comments",
            ours=f"{calls:,}", theirs=f"thread by thread: {plain:,}", ratio=calls / plain,
            aim=f"below {_AIM:,}", met=calls < _AIM,
        ),
        Line(
            what=f"backfill: which calls, besides {first.tokens} for a token",
            ours=f"{points:,} points of GraphQL",
            theirs="\n".join(f"{count:,} {route}" for route, count in routes.most_common()),
        ),
    ]  # fmt: skip


def _of_nothing_new(one: _Pass, which: str) -> Line:
    return Line(
        what=f"backfill: calls of a {which} pass, an hour later, nothing has changed", ours=f"{len(one.seen):,}",
        theirs=f"{one.free:,} of them 304, which cost nothing",
    )  # fmt: skip


def _of_rows(there: Town, store: Store, first: _Pass) -> list[Line]:
    known, real = store.read_now(_known), _real(there)
    writing = sum(first.writes)
    return [
        Line(
            what="backfill: what memory knows of it", ours=_listed(known), theirs=f"there is: {_listed(real)}",
            aim="all of it", met=known == real,
        ),
        Line(
            what="backfill: things written in a second of writing", ours=f"{first.report.items / writing:,.0f}",
            theirs=f"the whole pass: {first.seconds:.0f} s, with the sandbox in the same process",
        ),
        Line(
            what="backfill: how long one write holds the writer", ours=f"median {milliseconds(median(first.writes))}",
            theirs=f"the longest: {milliseconds(max(first.writes))}",
        ),
    ]  # fmt: skip


def _known(db: Connection) -> dict[str, int]:
    by_kind = select(schema.activity.c.kind, func.count()).group_by(schema.activity.c.kind)
    said = Counter({str(kind): int(count) for kind, count in db.execute(by_kind)})
    return {
        "threads": db.scalar(select(func.count()).select_from(schema.threads)) or 0,
        "comments": said["issue_comment"] + said["review_comment"],
        "reviews": said["review"],
        "commits": db.scalar(select(func.count()).select_from(schema.commits)) or 0,
    }


def _real(there: Town) -> dict[str, int]:
    """Commits of people, on default branches; merges are nobody's work."""
    pulls = [one for repo in there.repos for one in repo.threads.values() if isinstance(one, PullRequest)]
    heads = [(repo, repo.branches[repo.default_branch].sha) for repo in there.repos]
    commits = [one for repo, head in heads for one in there.world.history(repo, head) if not one.is_merge]
    return {
        "threads": sum(len(repo.threads) for repo in there.repos),
        "comments": sum(len(repo.comments) + len(repo.review_comments) for repo in there.repos),
        "reviews": sum(len(pull.reviews) for pull in pulls),
        "commits": sum(one.author.account is not None for one in commits),
    }


def _one_by_one(there: Town) -> int:
    """The calls of whoever lists the issues and commits of each repository, and asks of each thread that has any for
    its comments, and of each pull request for its reviews and what was said on its lines; in pages of a hundred."""
    calls = 0
    for repo in there.repos:
        calls += _pages(len(repo.threads)) + _pages(len(repo.commits)) + _pages(len(repo.labels))
        for thread in repo.threads.values():
            if isinstance(thread, Issue) and thread.comments:
                calls += _pages(len(thread.comments))
            if isinstance(thread, PullRequest):
                calls += _pages(len(thread.reviews)) + _pages(len(thread.review_comments))
    return calls


def _pages(count: int) -> int:
    return max(1, -(-count // _PAGE))


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
