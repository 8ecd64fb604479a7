"""What was said in small stories, made up at random, is what a preview tells of them afterwards: to the second, and of
any time back from then.

People act in the sandbox. The service hears of it as in `tests/replay/test_same_as_memory.py`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.memory import migrations, schema
from bot.memory.store import Store
from bot.model import OwnerId
from bot.policy import Policy
from bot.policytypes import Mode
from bot.preview import Post, Sight, preview
from bot.sandbox.model import PullRequest
from tests.replay.test_same_as_memory import POLICIES, SECOND, STEPS, Actors, Service, Step
from tests.stage import BEGIN

# Of what happens within one second memory does not know which came first, nor of a draft when it became one.
APART = STEPS.filter(lambda step: step.act != "to draft").map(lambda step: replace(step, after=max(step.after, SECOND)))


class Strict(Actors):
    """Only drafts are made ready, as on GitHub."""

    def do(self, step: Step) -> None:
        thread = self.threads[step.which % len(self.threads)]
        if step.act != "ready" or (isinstance(thread, PullRequest) and thread.draft):
            super().do(step)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("memory")
    store = Store(f"sqlite:///{folder}/memory.db")
    migrations.upgrade(store)
    yield store
    store.close()


def told(posts: tuple[Post, ...]) -> list[tuple[datetime, str, str, str, int]]:
    return [(post.at, post.key.split("/")[1], post.login, post.repo.partition("/")[2], post.number) for post in posts]


@pytest.mark.parametrize("policy", [one for name, one in POLICIES.items() if "mention" not in name])
def test_a_preview_tells_what_was_said(store: Store, policy: Policy) -> None:
    policy = policy.model_copy(update={"welcome": policy.welcome.model_copy(update={"mode": Mode.ON})})

    @settings(max_examples=15, database=None)
    @given(st.lists(APART, min_size=1, max_size=14), st.integers(1, 40))
    def for_any_story(steps: list[Step], days: int) -> None:
        actors = Strict()

        def play(db: Connection) -> None:
            for table in reversed(schema.metadata.sorted_tables):
                db.execute(table.delete())
            service = Service(db, actors.village, policy)
            for step in [None, *steps]:
                if step is not None:
                    actors.do(step)
                for delivery in actors.news():
                    service.hear(delivery, delivery.at)
            service.wait()
            now = max([actors.village.clock(), *(at for at, *_ in service.said)])
            owner_id = OwnerId(actors.village.organisation.id)
            said = [(at, kind, to, repo, number) for at, kind, to, repo, number, _ in service.said]
            for since in (now - BEGIN, timedelta(days=days)):
                found = preview(db, owner_id, lambda *_: policy, now, since=since, repos=None, seen_from=Sight.OPERATOR)
                assert told(found.posts) == [one for one in said if one[0] >= now - since]
                assert found.recorded == ()

        store.write_now(play)

    for_any_story()
