"""Which file counts where, and what a file would do in the place of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import policyfile
from bot.inforce import InForce, Policies, all_on
from bot.looking import Origin
from bot.memory import configs, recall, rows, schema
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


def comes_from(archive: Archive, policies: InForce, repo: RepoId, setting: str = "welcome.mode") -> Origin:
    def ask(db: Connection) -> Origin:
        where = recall.repo(db, repo)
        assert where is not None
        return policies.origin(db, where, setting)

    return archive.store.read_now(ask)


def test_where_a_setting_has_its_value_from(archive: Archive) -> None:
    assert comes_from(archive, InForce(), MAPS) == Origin(given="defaults")
    operator = InForce(file("language: es\nwelcome:\n  mode: on\n"))
    assert comes_from(archive, operator, MAPS) == Origin(given="operator", line=3)
    written(archive, HOME, "# ours\nwelcome: {mode: shadow}\n")
    home = comes_from(archive, operator, MAPS)
    assert (home.given, home.line, home.repository.rpartition("/")[2]) == ("file", 2, ".github")
    assert comes_from(archive, operator, HOME) == home
    assert comes_from(archive, operator, MAPS, "language") == Origin(given="operator", line=1)
    assert comes_from(archive, operator, MAPS, "commands.help") == Origin(given="defaults")
    written(archive, MAPS, "language: en\nwelcome:\n  hold: 1 hour\n\n  mode: on\n")
    own = comes_from(archive, operator, MAPS)
    assert (own.given, own.line, own.repository.rpartition("/")[2] == ".github") == ("file", 5, False)
    assert comes_from(archive, operator, HUTS) == home


def test_what_does_not_hold_gives_nothing(archive: Archive) -> None:
    written(archive, HOME, "welcome: {mode: on}\n")
    written(archive, MAPS, "extends: none\n")
    assert comes_from(archive, InForce(), MAPS) == Origin(given="defaults")
    written(archive, HUTS, "welcome: {mode: on, hold: [never]}\n")
    assert comes_from(archive, InForce(), HUTS).repository.endswith("/.github")


def test_what_speaks_since_the_installation_is_set_up_so(archive: Archive) -> None:
    installed = {"owner_id": OWNER, "state": "active", "live": ["welcome"], "heard_at": BEGIN}
    archive.store.write_now(lambda db: rows.put(db, schema.installations, installed, id=1))
    assert comes_from(archive, InForce(), MAPS) == Origin(given="service")
