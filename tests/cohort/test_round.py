"""October 2022, as JupyterHub had it: 40 people who are new apply within a month, and six mentors have little time.

It is lived through in memory, with the real look, rules and budget; only GitHub is played. Seeded, so it always is the
same.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar, cast

import pytest
from sqlalchemy import Connection, create_engine, func, select

from bot import budget, rules
from bot.boards import Boards, Page
from bot.cohort.look import SHEET, Cohorts
from bot.cohort.rounds import GUIDE
from bot.effects import RecordWork, Say, TakeClaim
from bot.inforce import InForce
from bot.memory import boards, cohorts, configs, forgetting, ledger, looks, orders, reviewers, rows, schema
from bot.memory.boards import Board
from bot.memory.places import InstallationState
from bot.memory.store import Store
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, Subject, ThreadRef
from bot.seeing import see

OWNER: Final = OwnerId(1)
HUB, HOME, SHEETS = (RepoId(id_) for id_ in (10, 11, 12))
INSTALLED: Final = InstallationId(5)
BOT: Final = Person(PersonId(900), "switchback[bot]", is_bot=True)
MENTORS: Final = [Person(PersonId(id_), f"mentor{id_}") for id_ in range(1, 7)]
APPLICANTS: Final = [Person(PersonId(id_), f"applicant{id_}") for id_ in range(100, 140)]
BEGIN: Final = datetime(2022, 10, 6, 9, tzinfo=UTC)
DAYS: Final = 34
TASKS: Final = 25
MOST: Final = 3
FILE: Final = f"""
cohorts:
  - id: outreachy-2022-12
    name: Outreachy, December 2022
    program: outreachy
    contributions: {{first: 2022-10-07, last: 2022-11-04}}
    mentors: [{", ".join(one.login for one in MENTORS)}]
    tasks: {{label: outreachy, levels: [starter], takers: {MOST}}}
    channel: https://example.org/chat
    sheet: evaluations
"""
DAY: Final = timedelta(days=1)
T = TypeVar("T")


class Now:
    def __init__(self) -> None:
        self.at = BEGIN

    def __call__(self) -> datetime:
        return self.at

    async def until(self, when: datetime, /) -> None:
        raise AssertionError("nobody waits here")


class Here:
    """The database, in one thread."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    async def read(self, work: Callable[[Connection], T]) -> T:
        return work(self.db)

    write = read


class Played:
    """GitHub, as far as issues of our own are concerned."""

    def __init__(self, db: Connection, now: Now) -> None:
        self._db = db
        self._now = now
        self.pages: dict[str, list[Page]] = defaultdict(list)
        self.closed: list[str] = []

    async def keep(self, page: Page, installation: InstallationId, *, pin: bool = False) -> None:
        assert pin is page.name.startswith(GUIDE)
        number = 900 + len(self.pages)
        if page.name not in self.pages:
            thread(self._db, ThreadRef(page.repo.id, number), BOT, self._now.at, "issue")
            boards.opened(self._db, OWNER, page.name, page.repo.id, number, "I", page.body, self._now.at)
        self.pages[page.name].append(page)

    async def close(self, owner_id: OwnerId, known: Board, *, rule: str) -> None:
        self.closed.append(known.name)
        boards.closed(self._db, owner_id, known.name, self._now.at)


def thread(db: Connection, ref: ThreadRef, author: Person, at: datetime, kind: str, **more: object) -> None:
    values: dict[str, Any] = {
        "kind": kind, "node_id": "N", "author_id": author.id, "created_at": at, "updated_at": at, "heard_at": at,
        "opened_by": None, "moved": False, "is_open": True, "locked": False, "draft": False, "gone": False,
        "labels": [], "assignees": [], "category": "", "hint": "unknown", "greeted": True, **more,
    }  # fmt: skip
    rows.put(db, schema.threads, values, repo_id=ref.repo_id, number=ref.number)


def founded(db: Connection) -> None:
    """The organisation, before anybody applies."""
    told: dict[str, Any] = {"login": "jupyterhub", "is_organisation": True, "witnessed_since": BEGIN - 90 * DAY}
    rows.put(db, schema.owners, told | {"past_read_at": BEGIN}, id=OWNER)
    active: dict[str, Any] = {"owner_id": OWNER, "state": InstallationState.ACTIVE, "live": [], "heard_at": BEGIN}
    rows.put(db, schema.installations, active, id=INSTALLED)
    for id_, name in ((HUB, "hub"), (HOME, ".github"), (SHEETS, "evaluations")):
        where = {"owner_id": OWNER, "name": name, "url": f"https://github.com/jupyterhub/{name}", "archived": False}
        more = {"private": id_ == SHEETS, "gone": False, "covered": True, "default_branch": "main", "heard_at": BEGIN}
        rows.put(db, schema.repos, where | more, id=id_)
        for path in configs.FILES:
            text = {configs.PATH: "cohorts: {mode: on}", configs.COHORTS_PATH: FILE}.get(path) if id_ == HOME else None
            configs.store(db, id_, path, BEGIN, blob=text and "b", text=text)
    for person in (*MENTORS, *APPLICANTS, BOT):
        rows.put(db, schema.people, {"login": person.login, "is_bot": person.is_bot, "heard_at": BEGIN}, id=person.id)
        if person not in APPLICANTS:
            rows.put(db, schema.team, {"belongs": True, "as_of": BEGIN}, owner_id=OWNER, person_id=person.id)
    for number in range(1, TASKS + 1):
        labels = ["outreachy", "good first issue"]
        thread(db, ThreadRef(HUB, number), MENTORS[0], BEGIN - 9 * DAY, "issue", labels=labels)


class Round:
    """What people do, and what the bot says."""

    def __init__(self, db: Connection, seed: int = 2022) -> None:
        self.db, self.now, self.random = db, Now(), Random(seed)
        self.policies = InForce()
        self.github = Played(db, self.now)
        store, played = cast("Store", Here(db)), cast("Boards", self.github)
        self._look = Cohorts(store, played, self.policies, self.now)
        self.said: list[tuple[datetime, Say]] = []
        self.refused = 0
        self.most_takers = 0
        self._hub = Repo(HUB, OWNER, "jupyterhub", "hub")
        self._numbers = iter(range(100, 900))
        self._pulls: list[ThreadRef] = []
        self._reviews = iter(range(1, 10_000))
        self.comes = {who: self.random.choice(range(1, 22)) for who in APPLICANTS}
        self.vanished = set(self.random.sample(APPLICANTS, 9))
        self.quiet, self.forgotten = self.random.sample([one for one in APPLICANTS if one not in self.vanished], 2)

    async def live(self) -> None:
        for day in range(DAYS):
            self.now.at = BEGIN + day * DAY
            if day < DAYS - 5:
                self._people(day)
            self.now.at += timedelta(hours=1)
            await self._bot()
            for _ in range(5 if day in {30, 31} else 0):  # thanks are spread over hours
                self.now.at += timedelta(hours=1)
                await self._bot()

    async def _bot(self) -> None:
        await self._look.look(cohorts.subject(OWNER), 0)
        for due in looks.due(self.db, self.now.at, 500, ()):
            if due.subject.startswith("thread/"):
                self._thread(due.subject)
            looks.finished(self.db, due, self.now.at, None, None)

    def _thread(self, subject: Subject) -> None:
        seen = see(self.db, ThreadRef.of(subject), self.now.at, self.policies)
        assert seen is not None
        for effect in rules.decide(seen.look, seen.policy, self.now.at):
            if not isinstance(effect, Say) or not effect.aloud:
                continue
            say = budget.within(self.db, OWNER, effect, seen.policy.limits, self.now.at)
            ledger.claim(self.db, say, say.to.id, seen.look.thread.repo, INSTALLED, self.now.at)
            ledger.done(self.db, say.key, self.now.at, len(self.said), "https://github.com")
            self.said.append((self.now.at, say))

    def _people(self, day: int) -> None:
        for who, first in self.comes.items():
            if who == self.forgotten and day > 20:
                continue
            if day == first or (day > first and who not in self.vanished and self.random.random() < 0.08):
                task = self._takes(who)
                if task is not None and who not in self.vanished:
                    self._brings(who, task)
        for mentor in MENTORS[:4]:  # two of them have no time at all
            waits = [ref for ref in self._pulls if self.random.random() < 0.1]
            for ref in waits[:2]:
                self._reviews_it(mentor, ref)
        if day == 20:
            forgetting.forget(self.db, self.forgotten, self.now.at)
            told: dict[str, Any] = {"opted_out": True, "as_of": self.now.at}
            rows.put(self.db, schema.optouts, told, owner_id=OWNER, person_id=self.quiet.id)

    def _takes(self, who: Person) -> ThreadRef | None:
        """A task that they like. If it is full they try others."""
        for number in self.random.sample(range(1, TASKS + 1), 4):
            ref = ThreadRef(HUB, number)
            order = TakeClaim(
                rule="answers", key=f"claim/{who.id}/{number}/{self.now.at}", why="", thread=ref, person=who,
                as_of=self.now.at, most=MOST,
            )  # fmt: skip
            if orders.obey(self.db, order, self._hub, INSTALLED, self.now.at):
                self._records(who, ref, None)
                table = schema.claims
                these = table.c.repo_id == ref.repo_id, table.c.number == ref.number, table.c.ended_at.is_(None)
                has = self.db.scalar(select(func.count()).select_from(table).where(*these))
                self.most_takers = max(self.most_takers, has or 0)
                return ref
            self.refused += 1
        return None

    def _records(self, who: Person, there: ThreadRef, work: ThreadRef | None) -> None:
        order = RecordWork(
            rule="answers", key=f"record/{who.id}/{there}/{work}", why="", thread=there, person=who,
            as_of=self.now.at, cohort="outreachy-2022-12", work=work,
        )  # fmt: skip
        orders.obey(self.db, order, self._hub, INSTALLED, self.now.at)

    def _brings(self, who: Person, task: ThreadRef) -> None:
        ref = ThreadRef(HUB, next(self._numbers))
        thread(self.db, ref, who, self.now.at, "pull_request", ready_at=self.now.at)
        self._pulls.append(ref)
        self._records(who, ref, ref)

    def _reviews_it(self, mentor: Person, ref: ThreadRef) -> None:
        did: dict[str, Any] = {
            "repo_id": ref.repo_id, "number": ref.number, "person_id": mentor.id, "at": self.now.at, "gone": False,
            "verdict": "approved", "says": True,
        }  # fmt: skip
        rows.put(self.db, schema.activity, did, kind="review", source_id=next(self._reviews))
        self._pulls.remove(ref)
        if self.random.random() < 0.7:
            over = {"is_open": False, "closed_at": self.now.at, "merged_at": self.now.at, "updated_at": self.now.at}
            rows.put(self.db, schema.threads, over, repo_id=ref.repo_id, number=ref.number)


@pytest.fixture(scope="module")
def october() -> Iterator[Round]:
    engine = create_engine("sqlite://")
    with engine.connect() as db:
        schema.metadata.create_all(db)
        founded(db)
        lived = Round(db)
        asyncio.run(lived.live())
        yield lived
    engine.dispose()


def test_nobody_is_mentioned_over_their_budget(october: Round) -> None:
    mentioned: defaultdict[str, list[datetime]] = defaultdict(list)
    for at, say in october.said:
        if say.mention:
            mentioned[say.to.login].append(at)
    for times in mentioned.values():
        for at in times:
            assert sum(at <= other < at + DAY for other in times) <= 1
            assert sum(at <= other < at + 7 * DAY for other in times) <= 2
    print({name: len(times) for name, times in mentioned.items() if name.startswith("mentor")})


def test_each_has_two_reviewers_spread_evenly(october: Round) -> None:
    told = reviewers.of_cohort(october.db, OWNER, "outreachy-2022-12")
    there = {one for one in APPLICANTS if one != october.forgotten}
    assert set(told) == {one.id for one in there}
    assert all(len(set(pair)) == 2 for pair in told.values())
    load = Counter(one for pair in told.values() for one in pair)
    assert max(load.values()) - min(load.values()) <= 1
    assert len({frozenset(pair) for pair in told.values()}) == 15
    print(sorted(load.values()))


def test_no_task_is_over_its_maximum(october: Round) -> None:
    assert october.most_takers == MOST
    assert october.refused > 0


def test_there_is_one_guide_and_one_private_sheet(october: Round) -> None:
    guides = [name for name in october.github.pages if name.startswith(GUIDE)]
    sheets = [name for name in october.github.pages if name.startswith(SHEET)]
    assert (len(guides), len(sheets)) == (1, 1)
    assert {page.repo.id for page in october.github.pages[sheets[0]]} == {SHEETS}
    body = october.github.pages[sheets[0]][-1].body
    for one in APPLICANTS:
        assert (f"`{one.login}`" in body) is (one != october.forgotten)


def test_everybody_is_thanked_once_but_who_wants_none(october: Round) -> None:
    thanks = Counter(say.to for _, say in october.said if say.template == "cohort-thanks")
    assert set(thanks.values()) == {1}
    assert set(thanks) == set(APPLICANTS) - {october.quiet, october.forgotten}


def test_what_is_said_is_little(october: Round) -> None:
    by_template = Counter(say.template for _, say in october.said)
    assert by_template["cohort-sync"] == 1
    assert by_template["cohort-reviews"] <= len(MENTORS) * 6
    assert set(by_template) == {"cohort-sync", "cohort-reviews", "cohort-thanks"}
    print(dict(by_template), f"{october.refused} found a task full")
