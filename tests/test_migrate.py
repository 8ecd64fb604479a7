"""`python -m bot migrate`: the new file says what the old one said, explains itself, and can be read."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot import legacy, migrate, policyfile, wording
from bot.legacy import Legacy
from bot.policytypes import Mode
from tests.arrival.test_proposal import SEEN
from tests.test_cli import run, told
from tests.test_legacy import OURS

NAME: Final = ".github/config.yml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs, with an old file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    (tmp_path / NAME).write_text(OURS)
    return tmp_path


def test_the_new_file_says_what_the_old_one_said(folder: Path) -> None:
    result = run("migrate")
    assert (result.exit_code, result.stdout) == (0, "")
    policy = policyfile.read(folder / ".github" / "switchback.yml")
    old = legacy.templates(legacy.read(NAME, OURS.encode()))
    assert {name: text.strip() for name, text in policy.messages.items()} == old
    assert policy.welcome.mode is Mode.ON
    assert policy.links.code_of_conduct == "https://alpine.example/conduct.md"
    assert policy.links.chat == "https://discourse.alpine.example"


def test_the_new_file_explains_itself(folder: Path) -> None:
    text = run("migrate", "--stdout").stdout
    assert "# yaml-language-server: $schema=" in text
    assert "messages:" in text
    assert (
        "  welcome-issue: |\n    Hello, and thank you for the first report of yours! :hugs:<br>\n\n    Everybody"
        in text
    )
    assert "# in newIssueWelcomeComment" in text
    assert list((folder / ".github").iterdir()) == [folder / NAME]


def test_what_was_taken_over_and_what_was_not_is_told() -> None:
    lines = run("migrate").stderr.splitlines()
    assert lines[0] == ".github/switchback.yml is written."
    assert "taken over: newIssueWelcomeComment as messages.welcome-issue" in lines
    assert "found: links.chat, https://discourse.alpine.example, in newPRWelcomeComment" in lines
    [left] = [line for line in lines if line.startswith("not taken over: ")]
    assert "requestInfoLabelToAdd" in left
    assert "issue forms" in left
    [others] = [line for line in lines if line.startswith("left alone: ")]
    assert others.startswith("left alone: todo. ")
    assert "write shadow there" in lines[-1]


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(folder: Path) -> None:
    there = folder / ".github" / "switchback.yml"
    there.write_text("language: es\n")
    result = run("migrate")
    assert (result.exit_code, result.stdout) == (1, "")
    assert told(result.stderr).startswith(".github/switchback.yml is there already: --force replaces it")
    assert there.read_text() == "language: es\n"
    assert run("migrate", "--force").exit_code == 0
    assert "welcome-merge" in there.read_text()


def test_both_files_may_be_elsewhere(folder: Path) -> None:
    (folder / NAME).rename(folder / "old.yml")
    assert run("migrate", "old.yml", "--output", "new/place/ours.yml").exit_code == 0
    assert policyfile.read(folder / "new" / "place" / "ours.yml").messages


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        pytest.param(None, 2, ".github/config.yml: cannot be read: No such file", id="no-file"),
        pytest.param("a: [\n", 2, ".github/config.yml:2:1: is not valid YAML", id="no-yaml"),
        pytest.param("newPRWelcomeComment: 7\n", 2, ".github/config.yml:1:1: newPRWelcomeComment: it is", id="no-text"),
        pytest.param("todo: x\n", 1, ".github/config.yml: there are no words of a welcome bot in it", id="of-others"),
    ],
)
def test_where_there_is_nothing_to_take_over_nothing_is_written(
    text: str | None, code: int, says: str, folder: Path
) -> None:
    (folder / NAME).unlink() if text is None else (folder / NAME).write_text(text)
    result = run("migrate")
    assert (result.exit_code, result.stdout) == (code, "")
    assert told(result.stderr).startswith(says)
    assert not (folder / ".github" / "switchback.yml").exists()


def test_a_place_where_nothing_can_be_written_is_told_in_one_line() -> None:
    result = run("migrate", "--output", f"{NAME}/switchback.yml")
    assert result.exit_code == 1
    assert "cannot be written: " in told(result.stderr)


def test_what_could_not_be_taken_over_is_told_with_the_rest(folder: Path) -> None:
    (folder / NAME).write_text("newPRWelcomeComment: 7\nfirstPRMergeComment: Merged!\n")
    result = run("migrate", "--stdout")
    assert result.exit_code == 0
    assert "config.yml:1:1: newPRWelcomeComment: it is no text" in result.stderr
    assert "welcome-merge" in result.stdout


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(SEEN), st.lists(st.sampled_from(" \n\t#:'\"|>-{}%[]*&!@`x\x85\u2028👋")).map("".join))
    .filter(lambda text: bool(legacy.templates(Legacy(NAME, {"welcome-issue": text}))))
)  # fmt: skip
def test_any_text_is_written_so_that_it_is_read_again_or_refused(text: str) -> None:
    old = Legacy(NAME, {"welcome-issue": text})
    [words] = legacy.templates(old).values()
    if wording.check("welcome-issue", words):
        with pytest.raises(migrate.NothingThere, match="newIssueWelcomeComment"):
            migrate.migrated(old)
        return
    new = migrate.migrated(old).text
    read = YAML(typ="safe", pure=True).load(new)["messages"]["welcome-issue"]
    [template] = legacy.templates(old).values()
    assert read.strip() == template.replace("\r\n", "\n").strip()
    assert policyfile.laid_over([policyfile.parse("new.yml", new.encode())]).messages
