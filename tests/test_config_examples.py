"""The example files: each can be used as it stands, and does in an organisation what it is meant to do."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bot import checking, homefiles, policyfile, shipped
from bot.inforce import InForce
from bot.memory.store import Store
from bot.model import OwnerId
from bot.policy import KnownNames, Policy
from bot.policytypes import Mode
from bot.preview import Preview, preview
from bot.sandbox import ChangedFile
from tests.memory.conftest import Village, build_village, opened, tell

EXAMPLES: Final = sorted(path for path in shipped.EXAMPLES.glob("*.yml") if homefiles.of(path.name) is None)
DEFAULTS: Final = policyfile.defaults()
EACH: Final = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


def example(name: str) -> Policy:
    return policyfile.read(shipped.EXAMPLES / f"{name}.yml")


def test_there_is_one_for_each_kind_of_organisation() -> None:
    assert [path.stem for path in EXAMPLES] == ["jupyterhub", "private-repos", "small-project"]


@EACH
def test_an_example_can_be_used_as_it_stands(path: Path) -> None:
    policy = policyfile.read(path)
    assert policy.mode("welcome") is Mode.ON
    assert policy != DEFAULTS


@EACH
def test_check_finds_nothing_wrong_with_an_example(path: Path) -> None:
    assert checking.check(path.name, path.read_bytes(), [], KnownNames()).problems == ()


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md", "docs/moving.md"])
def test_what_the_documentation_shows_can_be_used(page: str) -> None:
    text = (Path(__file__).parent.parent / page).read_text("utf-8")
    shown = [block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "newIssue" not in block]
    for block in shown:
        policyfile.laid_over([policyfile.parse(page, block.encode())])
    assert shown or page == "docs/moving.md"


@EACH
def test_an_example_explains_itself(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("# For ")
    assert "# yaml-language-server: $schema=" in text
    assert max(map(len, text.splitlines())) <= 120


def test_that_of_jupyterhub_is_about_jupyterhub() -> None:
    policy = example("jupyterhub")
    assert policy.calls[0].when == "1st and 3rd Tuesday"
    assert policy.activity.excludes(["docs/_data/contributors/contributors-jupyterhub.yaml"])
    assert all(link for _, link in policy.links)
    for labels in ({"needs: triage", "bug"}, {"needs: discussion", "enhancement"}, {"support"}):
        assert policy.came_with.by_labels(frozenset(labels))


def test_that_with_private_repositories_names_a_team() -> None:
    policy = example("private-repos")
    assert policy.people.maintainers == ("example-org/maintainers",)
    assert policy.extends == "organisation"
    assert policy.welcome.hold > DEFAULTS.welcome.hold


@pytest.fixture
def village() -> Village:
    """Ada comes with an issue that Grace answers after a day, and with a pull request that is merged; Linus opens an
    issue where Grace is quick, and one in a private repository."""
    v = build_village()
    v.later(days=1)
    secret = v.world.repository(v.organisation, "secret", private=True)
    v.world.add_collaborator(secret, v.linus)
    issue = v.world.open_issue(v.maps, by=v.ada, title="It is foggy", labels=["bug"])
    v.later(days=1)
    v.world.comment(issue, by=v.grace, body="Wait for the wind.")
    pull = v.world.open_pull_request(v.huts, by=v.ada, title="Doors", files=[ChangedFile(filename="door.py")])
    v.later(days=1)
    v.world.merge(pull, by=v.grace)
    v.later(hours=12)
    question = v.world.open_issue(v.huts, by=v.linus, title="Where?")
    v.later(minutes=10)
    v.world.comment(question, by=v.grace, body="Over there.")
    v.world.open_issue(secret, by=v.linus, title="Hush")
    v.later(days=1)
    return v


@pytest.fixture
def store(village: Village, tmp_path: Path) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        store.write_now(lambda db: tell(db, village.deliveries))
        yield store


def previewed(store: Store, village: Village, path: Path) -> Preview:
    owner_id, month = OwnerId(village.organisation.id), DEFAULTS.configuration.preview
    policies = InForce().candidate_of(owner_id, policyfile.source(path))
    return store.read_now(
        lambda db: preview(db, owner_id, policies, village.clock(), since=month, repos=None, seen_from=None)
    )


@EACH
def test_what_an_example_would_have_said_can_be_seen(path: Path, store: Store, village: Village) -> None:
    told = previewed(store, village, path)
    assert told.counts() == Counter({"welcome-issue": 1, "welcome-pull-request": 1, "welcome-merge": 1})
    assert {post.login for post in told.posts} == {"ada"}  # Grace was quicker with Linus
    assert told.recorded == ()
    assert "secret" not in str(told.posts)
