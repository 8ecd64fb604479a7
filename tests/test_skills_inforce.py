"""Whose skills map counts where, and that its areas are those of the configuration."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bot import policyfile, skillsfile
from bot.inforce import InForce
from bot.memory import configs
from bot.model import OwnerId, RepoId
from bot.problems import ConfigError
from tests.memory.conftest import OWNER, Archive, opened
from tests.rules.scenes import DEFAULTS
from tests.stage import BEGIN
from tests.test_cli import run
from tests.test_inforce import HOME, HUTS, MAPS, at, file, written
from tests.test_skills import OURS


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Of an organisation with a skills map."""
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        a = Archive(store).repo(HOME, ".github")
        mapped(a, OURS)
        yield a


def mapped(archive: Archive, text: str | None, repo: RepoId = HOME) -> None:
    path = configs.SKILLS_PATH
    archive.store.write_now(lambda db: configs.store(db, repo, path, BEGIN, blob="b", text=text))


def areas(archive: Archive, repo: RepoId, policies: InForce | None = None) -> list[str]:
    return [area.name for area in at(archive, policies or InForce(), repo).areas]


USUAL: Final = [area.name for area in DEFAULTS.areas]


def test_the_areas_of_the_map_hold_in_the_whole_organisation(archive: Archive) -> None:
    assert [areas(archive, repo) for repo in (HOME, MAPS, HUTS)] == [["docs"]] * 3
    mapped(archive, None)
    assert areas(archive, MAPS) == USUAL


def test_the_areas_of_a_file_count_more(archive: Archive) -> None:
    written(archive, MAPS, "areas: [{name: maps}]\n")
    assert (areas(archive, MAPS), areas(archive, HUTS)) == (["maps"], ["docs"])
    written(archive, HOME, "areas: [{name: trails}]\n")
    assert (areas(archive, MAPS), areas(archive, HUTS)) == (["maps"], ["trails"])
    written(archive, MAPS, "extends: none\n")
    assert areas(archive, MAPS) == USUAL


def test_a_candidate_lies_over_the_map_too(archive: Archive) -> None:
    for text, names in (("language: es\n", ["docs"]), ("areas: [{name: maps}]\n", ["maps"])):
        for repo in (HOME, MAPS):
            assert [one.name for one in at(archive, InForce().candidate(repo, file(text)), MAPS).areas] == names


@pytest.mark.parametrize("text", ["areas: [1]\n", "[", "roles: []\n"])
def test_a_map_that_cannot_be_used_any_more_does_not_count(archive: Archive, text: str) -> None:
    mapped(archive, text)
    assert areas(archive, MAPS) == USUAL


def test_a_map_elsewhere_is_none(archive: Archive) -> None:
    mapped(archive, None)
    mapped(archive, OURS, MAPS)
    assert areas(archive, MAPS) == USUAL


@pytest.fixture
def operator(tmp_path: Path) -> Path:
    """The configuration of whoever runs the service, with a map beside it."""
    (tmp_path / "skills.yml").write_text(OURS.replace("docs", "guides"))
    path = tmp_path / "switchback.yml"
    path.write_text("language: es\n")
    return path


def test_a_map_beside_the_operators_file(archive: Archive, operator: Path) -> None:
    source = skillsfile.with_map_beside(policyfile.source(operator), operator)
    owner, policies = OwnerId(OWNER), InForce(source)
    mine = archive.store.read_now(lambda db: policies.skills(db, owner))
    assert (areas(archive, MAPS, policies), mine.areas[0].name) == (["docs"], "docs")
    mapped(archive, None)
    mine = archive.store.read_now(lambda db: policies.skills(db, owner))
    assert (areas(archive, MAPS, policies), mine.areas[0].name) == (["guides"], "guides")
    assert archive.store.read_now(lambda db: InForce().skills(db, owner)) == skillsfile.default()
    operator.write_text("areas: [{name: maps}]\n")
    source = skillsfile.with_map_beside(policyfile.source(operator), operator)
    assert areas(archive, MAPS, InForce(source)) == ["maps"]


def test_a_map_beside_it_that_is_wrong_is_told(operator: Path) -> None:
    (operator.parent / "skills.yml").write_text("nam: x\n")
    with pytest.raises(ConfigError, match=r"skills\.yml:1:1: there is no setting nam"):
        skillsfile.with_map_beside(policyfile.source(operator), operator)
    history = operator.parent / "history.jsonl"
    history.write_text("")
    result = run("replay", history, "--config", operator)
    assert (result.exit_code, "skills.yml:1:1" in result.stderr) == (2, True)
