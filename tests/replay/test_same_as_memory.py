"""Small histories, made up at random, go both through memory as in the service and through replay: the same is said.

People act in the sandbox. What it delivers is projected, recalled and decided on as the service does it, with the
questions answered as a history answers them; beside that each delivery becomes a line of a history.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot import budget, rules
from bot.effects import Act, Learn, LookAgain, Question, Say
from bot.memory import learned, ledger, looks, migrations, schema
from bot.memory.project import project
from bot.memory.store import Store
from bot.model import InstallationId, ThreadRef
from bot.policy import Policy
from bot.replay import history, replay
from bot.sandbox import ChangedFile, Delivery, RefusedError
from bot.sandbox.model import Account, PullRequest, Repo, Thread
from bot.seeing import Seen, see
from tests.memory.conftest import Village, build_village
from tests.rules.scenes import policy

Said = tuple[datetime, str, str, str, int, bool]  # when, the key's kind, to whom, where (two), and whether with an @
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LINKS = {"chat": "https://example.org/{repo}"}
POLICIES = {
    "at once": policy(),
    "humans first": policy(welcome={"hold": 2 * HOUR}),
    "notes": policy(welcome={"another_repo": "note"}, links=LINKS),
    "notes, humans first": policy(welcome={"another_repo": "note", "hold": DAY}, links=LINKS),
    "never a mention": policy(limits={"mentions_a_day": 0}),
    "many mentions": policy(limits={"mentions_a_day": 3, "mentions_a_week": 4}),
    "hardly in time": policy(welcome={"hold": HOUR, "too_late": HOUR}),
    "only merges": policy(welcome={"first_issue": False, "first_pull_request": False, "first_discussion": False}),
}


@dataclass(frozen=True)
class Step:
    """What somebody does, and how long after the step before. `which` picks a repository or a thread."""

    after: timedelta
    act: str
    who: int
    which: int


STEPS = st.builds(
    Step,
    after=st.sampled_from([timedelta(), timedelta(), SECOND, 10 * SECOND, HOUR, 2 * HOUR, DAY, 3 * DAY, 9 * DAY]),
    act=st.sampled_from(
        ["issue", "pull", "pull", "draft", "discussion", "hushed", "merge", "merge", "close", "reopen", "ready",
         "ready", "to draft", "comment", "review", "note on a line"]
    ),
    who=st.integers(0, 5),
    which=st.integers(0, 3),
)  # fmt: skip


class Actors:
    """Carries steps out in the sandbox; what cannot be done there is left out."""

    def __init__(self) -> None:
        self.village = build_village()
        v = self.village
        welcome, renovate = v.world.bot("welcome"), v.world.bot("renovate")
        self.people: list[Account] = [v.ada, v.ada, v.linus, v.grace, welcome, renovate]
        self.threads: list[Thread] = []
        self._told = 0
        self.open(Step(SECOND, "issue", 3, 0))

    def open(self, step: Step) -> None:
        v, who = self.village, self.people[step.who]
        repo: Repo = (v.maps, v.huts)[step.which % 2]
        match step.act:
            case "issue":
                self.threads.append(v.world.open_issue(repo, by=who, title="The map is upside down"))
            case "hushed":
                self.threads.append(v.world.open_issue(repo, by=who, title="Lost", labels=["docs", "No-Bot"]))
            case "discussion":
                self.threads.append(v.world.open_discussion(repo, by=who, title="Hello"))
            case _:
                files, draft = [ChangedFile(filename="a.py")], step.act == "draft"
                self.threads.append(v.world.open_pull_request(repo, by=who, title="Turn", files=files, draft=draft))

    def do(self, step: Step) -> None:
        """GitHub's times are whole seconds, so what takes something back comes at least one later."""
        takes_back = step.act in {"reopen", "to draft"}
        self.village.clock.forward(max(step.after, SECOND if takes_back else timedelta()))
        world, who, grace = self.village.world, self.people[step.who], self.village.grace
        thread = self.threads[step.which % len(self.threads)]
        to_pulls: dict[str, Callable[[PullRequest], object]] = {
            "merge": lambda pull: world.merge(pull, by=grace),
            "ready": lambda pull: world.ready_for_review(pull, by=who),
            "to draft": lambda pull: world.convert_to_draft(pull, by=who),
            "review": lambda pull: world.review(pull, by=who, body="Nice"),
            "note on a line": lambda pull: world.review_comment(pull, by=who, body="Nice", path="a.py"),
        }
        to_any: dict[str, Callable[[Thread], object]] = {
            "close": lambda any_: world.close(any_, by=grace),
            "reopen": lambda any_: world.reopen(any_, by=grace),
            "comment": lambda any_: world.comment(any_, by=who, body="Hm"),
        }
        try:
            if step.act in to_any:
                to_any[step.act](thread)
            elif step.act not in to_pulls:
                self.open(step)
            elif isinstance(thread, PullRequest):
                to_pulls[step.act](thread)
        except RefusedError:
            pass

    def news(self) -> list[Delivery]:
        """What was delivered since somebody last asked."""
        coming = self.village.deliveries[self._told :]
        self._told += len(coming)
        return coming


class Service:
    """Memory, rules, budget and ledger, put together as the service does, where GitHub has done what it was asked."""

    def __init__(self, db: Connection, village: Village, policy: Policy) -> None:
        self._db = db
        self._policy = policy
        self._village = village
        self.said: list[Said] = []
        self.keys: list[str] = []

    def hear(self, delivery: Delivery, now: datetime) -> None:
        self._until(now)
        for ref in project(self._db, delivery.event, json.loads(delivery.body), now):
            looks.touch(self._db, [ref.subject], now)
            self._look(looks.Due(ref.subject, self._rev(ref), 0), now)

    def wait(self) -> None:
        self._until(None)

    def _until(self, now: datetime | None) -> None:
        while (at := looks.next_due(self._db, ())) is not None and (now is None or at < now):
            self._look(looks.due(self._db, at, 1, ())[0], at)

    def _rev(self, ref: ThreadRef) -> int:
        [found] = self._db.execute(schema.looks.select().where(schema.looks.c.subject == ref.subject)).mappings()
        return int(found["rev"])

    def _look(self, due: looks.Due, now: datetime) -> None:
        if not due.subject.startswith("thread/"):  # of configuration there is none here
            looks.finished(self._db, due, now, None, None)
            return
        ref = ThreadRef.of(due.subject)
        while True:
            seen = see(self._db, ref, now, lambda *_: self._policy)
            assert seen is not None
            effects = rules.decide(seen.look, self._policy, now)
            acts = [effect for effect in effects if isinstance(effect, Act)]
            if questions := {effect.question for effect in effects if isinstance(effect, Learn)}:
                self._answer(questions, seen, now)
            elif not acts:
                break
            else:
                self._perform(acts[0], seen, now)
        again = min((effect.at for effect in effects if isinstance(effect, LookAgain)), default=None)
        looks.finished(self._db, due, now, again, None)

    def _answer(self, questions: set[Question], seen: Seen, now: datetime) -> None:
        """As a history does: the list of maintainers tells all, nothing was before, nothing else is known."""
        thread = seen.look.thread
        owner_id = thread.repo.owner_id
        if Question.TEAM in questions:
            learned.team_read(self._db, owner_id, now)
        if Question.PAST in questions:
            learned.past(self._db, owner_id, thread.author.id, now, has_past=False, merged_before=False)
        if Question.PATHS in questions:
            learned.paths(self._db, thread.ref, ())
        if Question.GREETED in questions:
            learned.greeted(self._db, thread.ref, by_another=False)

    def _perform(self, act: Act, seen: Seen, now: datetime) -> None:
        assert isinstance(act, Say)
        thread = seen.look.thread
        act = budget.within(self._db, thread.repo.owner_id, act, self._policy.limits, now)
        here = InstallationId(self._village.installation.id)
        claim, _ = ledger.claim(self._db, act, act.to.id, thread.repo, here, now)
        assert claim is ledger.Claim.OURS
        ledger.done(self._db, act.key, now, 1, "")
        self.keys.append(act.key)
        self.said.append(_said(now, act, thread.repo.name, thread.ref.number))


def _said(at: datetime, act: Act, repo: str, number: int) -> Said:
    assert isinstance(act, Say)
    return at, act.key.split("/")[1], act.to.login, repo, number, act.mention


def lines(delivery: Delivery) -> Iterator[bytes]:
    """The line of a history that tells of this delivery, if it is about a thread."""
    body: dict[str, Any] = json.loads(delivery.body)
    thing = body.get("issue") or body.get("pull_request") or body.get("discussion")
    if thing is None:
        return
    wrote = body.get("comment") or body.get("review") or thing
    merged = delivery.event == "pull_request" and body["action"] == "closed" and thing["merged"]
    told = {
        "at": delivery.at.isoformat(),
        "type": f"{delivery.event}.{'merged' if merged else body['action']}",
        "repo": body["repository"]["name"],
        "number": thing["number"],
        "actor": wrote["user"]["login"],
        "labels": [label["name"] for label in thing.get("labels") or ()],
    }
    if delivery.event == "pull_request":
        told["draft"] = thing["draft"]
    yield json.dumps(told).encode()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("memory")
    store = Store(f"sqlite:///{folder}/memory.db")
    migrations.upgrade(store)
    yield store
    store.close()


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_replay_says_what_the_service_says(store: Store, policy: Policy) -> None:
    @settings(max_examples=15, database=None)
    @given(st.lists(STEPS, min_size=1, max_size=14))
    def for_any_history(steps: list[Step]) -> None:
        actors = Actors()

        def play(db: Connection) -> tuple[Service, list[bytes]]:
            for table in reversed(schema.metadata.sorted_tables):
                db.execute(table.delete())
            service, told = Service(db, actors.village, policy), list[bytes]()
            for step in [None, *steps]:
                if step is not None:
                    actors.do(step)
                for delivery in actors.news():
                    service.hear(delivery, delivery.at)
                    told += lines(delivery)
            service.wait()
            return service, told

        service, told = store.write_now(play)
        events = history.read(told, "told").events
        happened = list(replay(events, policy, ["Grace"]))
        assert [_said(one.at, one.act, one.repo, one.number) for one in happened] == service.said
        keys = [one.act.key for one in happened]
        assert len(set(keys)) == len(keys) == len(set(zip(keys, service.keys, strict=True)))

    for_any_history()
