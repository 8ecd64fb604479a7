"""Which file counts where, and what a file would do in the place of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import policyfile
from bot.inforce import InForce, Policies, all_on
from bot.memory import configs, recall
from bot.model import OwnerId, RepoId
from bot.policy import FEATURES, Policy
from bot.policyfile import ConfigError, Source
from bot.policytypes import Mode
from tests.memory.conftest import ANOTHER_REPO, OWNER, REPO, Archive, opened
from tests.stage import BEGIN

HOME, MAPS, HUTS = RepoId(13), RepoId(REPO), RepoId(ANOTHER_REPO)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Of an organisation with a repository `.github`."""
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        yield Archive(store).repo(HOME, ".github")


def file(text: str) -> Source:
    return policyfile.parse("switchback.yml", text.encode())


def written(archive: Archive, repo: RepoId, text: str) -> None:
    archive.store.write_now(lambda db: configs.store(db, repo, configs.PATH, BEGIN, blob="b", text=text))


def at(archive: Archive, policies: Policies, repo: RepoId) -> Policy:
    def ask(db: Connection) -> Policy:
        where = recall.repo(db, repo)
        assert where is not None
        return policies(db, where)

    return archive.store.read_now(ask)


def test_a_candidate_of_a_repository_counts_there_alone(archive: Archive) -> None:
    written(archive, HOME, "language: es\nno_bot_label: quiet\n")
    written(archive, MAPS, "no_bot_label: silent\n")
    candidate = InForce().candidate(MAPS, file("welcome: {mode: on}\n"))
    here, there = at(archive, candidate, MAPS), at(archive, candidate, HUTS)
    assert (here.language, here.no_bot_label, here.welcome.mode) == ("es", "quiet", Mode.ON)
    assert (there.no_bot_label, there.welcome.mode) == ("quiet", Mode.SHADOW)


def test_a_candidate_may_stand_alone(archive: Archive) -> None:
    written(archive, HOME, "language: es\n")
    assert at(archive, InForce().candidate(MAPS, file("extends: none\n")), MAPS).language == "en"


def test_a_candidate_of_the_home_counts_everywhere_below_their_own(archive: Archive) -> None:
    written(archive, HOME, "no_bot_label: quiet\n")
    written(archive, MAPS, "language: es\n")
    written(archive, HUTS, "extends: none\n")
    for candidate in (
        InForce().candidate(HOME, file("language: en\nwelcome: {mode: on}\n")),
        InForce().candidate_of(OwnerId(OWNER), file("language: en\nwelcome: {mode: on}\n")),
    ):
        found = {repo: at(archive, candidate, repo) for repo in (HOME, MAPS, HUTS)}
        assert {repo: (one.welcome.mode, one.language) for repo, one in found.items()} == {
            HOME: (Mode.ON, "en"), MAPS: (Mode.ON, "es"), HUTS: (Mode.SHADOW, "en"),
        }  # fmt: skip
        assert {one.no_bot_label for one in found.values()} == {"no-bot"}


def test_elsewhere_nothing_changes(archive: Archive) -> None:
    candidate = InForce().candidate_of(OwnerId(2), file("welcome: {mode: on}\n"))
    assert at(archive, candidate, MAPS) == policyfile.defaults()


def test_what_the_operator_gave_stays_below(archive: Archive) -> None:
    inforce = InForce(file("language: es\nno_bot_label: quiet\n"))
    policy = at(archive, inforce.candidate(MAPS, file("no_bot_label: silent\n")), MAPS)
    assert (policy.language, policy.no_bot_label) == ("es", "silent")


@pytest.mark.parametrize("repo", [MAPS, HOME])
def test_without_the_file_what_is_below_counts(archive: Archive, repo: RepoId) -> None:
    written(archive, repo, "language: es\n")
    assert at(archive, InForce(), MAPS).language == "es"
    assert at(archive, InForce().candidate(repo, None), MAPS).language == "en"


def test_mistakes_of_a_candidate_are_told_where_it_counts(archive: Archive) -> None:
    written(archive, HOME, "limits: {mentions_a_week: 5}\n")
    assert (
        at(archive, InForce().candidate(MAPS, file("limits: {mentions_a_day: 4}\n")), MAPS).limits.mentions_a_day == 4
    )
    wrong = InForce().candidate(MAPS, file("limits: {mentions_a_day: 6}\n"))
    assert at(archive, wrong, HUTS).limits.mentions_a_week == 5
    with pytest.raises(ConfigError, match=r"^switchback\.yml:1:10: limits: mentions_a_day cannot be more"):
        at(archive, wrong, MAPS)


def test_all_can_be_taken_as_switched_on(archive: Archive) -> None:
    written(archive, HOME, "welcome: {mode: off, hold: 2 hours}\n")
    policy = at(archive, all_on(InForce()), MAPS)
    assert {policy.mode(name) for name in FEATURES} == {Mode.ON}
    assert policy.welcome.hold == at(archive, InForce(), MAPS).welcome.hold
    written(archive, HOME, "switchback: off\n")
    assert {at(archive, all_on(InForce()), MAPS).mode(name) for name in FEATURES} == {Mode.OFF}
