"""An organisation of any size, made up in a new SQLite file: what memory would hold of it after ten years.

It is the same each time, but for the time itself: everything happened in the years until `now`. Some people do most of
it and most come once or twice, some repositories are busy and most are not, and a bot opens every twentieth thread.
The tables are made by the migrations. The rows then go in by the thousand and in the order of time, as they would have
come, so that tables and indexes have the size that they would have.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.memory import migrations
from bot.memory.readings import OF_OWNER, OwnerPart, Part
from bot.memory.store import Store
from bot.model import OwnerId, PersonId, RepoId

OWNER: Final = OwnerId(1)
LOGIN: Final = "alpine-tools"
INSTALLATION: Final = 2
BUSIEST: Final = PersonId(1001)  # the others have the ids behind it
BUSIEST_REPO: Final = RepoId(10_000)  # likewise
_BOT: Final = PersonId(1000)
_YEARS: Final = timedelta(days=3652)
_WITNESSED: Final = timedelta(days=730)  # the bot was there
_KEPT: Final = timedelta(days=30)  # deliveries
_TEAM: Final = 300
_GROUPS: Final = 10
_BATCH: Final = 20_000  # threads
_CACHE: Final = 400_000  # kB
_LABELS: Final = ("bug", "enhancement", "documentation", "good first issue", "help wanted", "ci")
_PATHS: Final = ("docs/maps.md", "maps/draw.py", "maps/tiles.py", "tests/test_draw.py", ".github/workflows/test.yml")
_COLUMNS: Final = {
    "owners": "id login is_organisation witnessed_since team_read_at past_read_at",
    "installations": "id owner_id state live everywhere heard_at",
    "repos": "id owner_id name url private archived gone covered default_branch heard_at",
    "labels": "repo_id label_id name gone heard_at",
    "readings": "owner_id repo_id part since began_at done_at pages expected items",
    "people": "id login is_bot heard_at",
    "team": "owner_id person_id belongs as_of",
    "teams": "id owner_id slug name gone heard_at",
    "team_members": "team_id person_id belongs as_of",
    "threads": "repo_id number kind node_id author_id created_at updated_at heard_at opened_by moved is_open locked "
    "draft closed_at merged_at gone labels assignees category hint paths",
    "activity": "kind source_id repo_id number person_id at gone verdict",
    "happenings": "repo_id number at step about person_id",
    "commits": "repo_id sha person_id at paths",
    "looks": "subject rev attempts state",
    "ledger": "key rule effect owner_id installation_id repo_id number person_id mention why state claimed_at "
    "settled_at external_id url",
    "deliveries": "id event received_at state",
}

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is. `answers` and `steps`: of each thread; of answers it is the mean, and steps are at most six.
    `open`: about how many of the threads, at most a quarter. `commits`: to each thread."""

    threads: int
    open: int
    repos: int
    people: int
    answers: int
    steps: int
    commits: float = 0.2


def make(path: Path, size: Size, now: datetime) -> None:
    """Fills a new file."""
    store = Store(f"sqlite:///{path}")
    migrations.upgrade(store)
    store.close()
    making = _Making(size, now)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE}"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        for table, rows in making.all():
            names = _COLUMNS[table].split()
            into, marks = f"{table} ({', '.join(names)})", ", ".join("?" * len(names))
            database.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 (names of ours)
        database.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class _Thread:
    repo_id: int
    number: int
    pull: bool
    author: int
    at: int


class _Making:
    """Rows of all tables, as `_COLUMNS` has them. Times are milliseconds, as in the tables."""

    def __init__(self, size: Size, now: datetime) -> None:
        self._size = size
        self._random = Random(1)  # noqa: S311 (the same organisation each time, no secret)
        self._now = _milliseconds(now)
        self._began = _milliseconds(now - _YEARS)
        self._witnessed = _milliseconds(now - _WITNESSED)
        self._busy_repos = list(accumulate(1 / (rank + 3) for rank in range(size.repos)))
        self._busy_people = list(accumulate(1 / (rank + 3) for rank in range(_TEAM)))
        self._numbers = [0] * size.repos
        self._last_id = 3_000_000_000

    def all(self) -> Iterator[tuple[str, Iterable[Row]]]:
        """Table by table, some of them in many portions."""
        yield from self._places()
        yield from self._people()
        for start in range(0, self._size.threads, _BATCH):
            tables: defaultdict[str, list[Row]] = defaultdict(list)
            for index in range(start, min(start + _BATCH, self._size.threads)):
                self._story(tables, (index + 1) / self._size.threads)
            yield from tables.items()
        yield "deliveries", self._deliveries()

    def _places(self) -> Iterator[tuple[str, Iterable[Row]]]:
        repos = range(BUSIEST_REPO, BUSIEST_REPO + self._size.repos)
        yield "owners", [(OWNER, LOGIN, True, self._witnessed, self._now, self._now)]
        yield "installations", [(INSTALLATION, OWNER, "active", '["welcome"]', True, self._witnessed)]
        shown = (False, False, False, True, "main", self._began)
        yield "repos", [(id_, OWNER, f"maps-{id_}", f"https://github.com/{LOGIN}/maps-{id_}", *shown) for id_ in repos]
        labels = list(enumerate(_LABELS))
        yield "labels", [(id_, id_ * 100 + n, name, False, self._began) for id_ in repos for n, name in labels]
        lists = [(OF_OWNER, part) for part in OwnerPart] + [(id_, part) for id_ in repos for part in Part]
        yield "readings", [(OWNER, id_, part, *[self._now] * 3, 3, 3, 250) for id_, part in lists]

    def _people(self) -> Iterator[tuple[str, Iterable[Row]]]:
        people = range(BUSIEST, BUSIEST + self._size.people)
        team = people[:_TEAM]
        yield "people", [(_BOT, "ferry[bot]", True, self._began)]
        yield "people", [(id_, f"hiker-{id_}", False, self._began) for id_ in people]
        yield "team", [(OWNER, id_, True, self._began) for id_ in team]
        yield "teams", [(n, OWNER, f"group-{n}", f"Group {n}", False, self._began) for n in range(_GROUPS)]
        yield "team_members", [(id_ % _GROUPS, id_, True, self._began) for id_ in team]

    def _story(self, tables: defaultdict[str, list[Row]], age: float) -> None:
        """A thread with all that belongs to it. `age` goes from 0 to 1, the newest."""
        thread = self._opened(self._began + int((self._now - self._began) * age))
        is_open = self._random.random() < 4 * age**3 * self._size.open / self._size.threads  # the newer the likelier
        tables["threads"].append(self._shown(thread, is_open=is_open))
        ref = (thread.repo_id, thread.number)
        for label in _LABELS[: self._size.steps]:
            at = self._after(thread.at, days=1)
            tables["happenings"].append((*ref, at, "labeled", label, self._somebody(team=0.95)))
        for _ in range(self._random.randint(0, 2 * self._size.answers)):
            tables["activity"].append(self._answer(thread))
        if self._random.random() < self._size.commits:
            sha, path = f"{self._random.getrandbits(160):040x}", self._random.choice(_PATHS)
            tables["commits"].append((thread.repo_id, sha, thread.author, thread.at, json.dumps([path])))
        if thread.at >= self._witnessed:
            tables["looks"].append((f"thread/{thread.repo_id}/{thread.number}", 3, 0, "waiting"))
            if thread.author > BUSIEST + self._size.people // 3:
                tables["ledger"].append(self._welcome(thread))

    def _opened(self, at: int) -> _Thread:
        repo, pull = self._pick(self._busy_repos), self._random.random() < 0.5
        self._numbers[repo] += 1
        author = _BOT if pull and self._random.random() < 0.1 else self._somebody(team=0.35)
        return _Thread(BUSIEST_REPO + repo, self._numbers[repo], pull, author, at)

    def _shown(self, thread: _Thread, *, is_open: bool) -> Row:
        closed_at = None if is_open else self._after(thread.at, days=20)
        merged_at = closed_at if thread.pull and self._random.random() < 0.8 else None
        paths = self._random.choices(_PATHS, k=self._random.randint(1, 3))
        return (
            thread.repo_id, thread.number, "pull_request" if thread.pull else "issue",
            f"I_kwDOAA{self._id():018d}", thread.author, thread.at, closed_at or thread.at, thread.at,
            thread.author if thread.at >= self._witnessed else None,
            False, is_open, False, False, closed_at, merged_at, False,
            json.dumps([self._random.choice(_LABELS)]), "[]", "", "unknown", json.dumps(paths) if thread.pull else None,
        )  # fmt: skip

    def _answer(self, thread: _Thread) -> Row:
        kind, verdict = "issue_comment", None
        if thread.pull and self._random.random() < 0.5:
            kind, verdict = "review", self._random.choice(("approved", "commented"))
        who = thread.author if self._random.random() < 0.2 else self._somebody(team=0.65)
        return kind, self._id(), thread.repo_id, thread.number, who, self._after(thread.at, days=3), False, verdict

    def _welcome(self, thread: _Thread) -> Row:
        """What the bot said; about as often as it would."""
        ref = (thread.repo_id, thread.number)
        url = f"https://github.com/{LOGIN}/maps-{thread.repo_id}/issues/{thread.number}"
        key, why = f"welcome/{thread.repo_id}/{thread.number}", "a first issue in the organisation"
        whose = ("welcome", "say", OWNER, INSTALLATION, *ref, thread.author)
        return key, *whose, True, why, "done", thread.at, thread.at + 1000, self._id(), url

    def _deliveries(self) -> Iterator[Row]:
        """Four for each thread of the days that they are kept. What they said has been dropped."""
        first = self._now - round(_KEPT.total_seconds() * 1000)
        for n in range(4 * self._size.threads * _KEPT // _YEARS):
            yield f"{self._random.getrandbits(128):036x}", "issue_comment", first + 1000 * n, 1

    def _after(self, at: int, *, days: float) -> int:
        """Some time later; `days` is the mean. Not in the future."""
        return min(self._now, at + int(self._random.expovariate(1 / days) * 86_400_000))

    def _somebody(self, *, team: float) -> int:
        """One of the team so often, else one of the others, of whom the first do more."""
        if self._random.random() < team:
            return BUSIEST + self._pick(self._busy_people)
        return BUSIEST + _TEAM + int((self._size.people - _TEAM) * self._random.random() ** 3)

    def _pick(self, weights: list[float]) -> int:
        return self._random.choices(range(len(weights)), cum_weights=weights)[0]

    def _id(self) -> int:
        self._last_id += 1
        return self._last_id


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
