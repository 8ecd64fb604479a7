"""`python -m bot preview`: what it prints, and with which exit code."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.memory import schema
from tests.memory.conftest import ANOTHER_REPO, LINUS, Archive, opened
from tests.test_cli import run, told

NOW = datetime.now(UTC)
Command = Callable[..., Any]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Ada and Linus are new; nothing is switched on."""
    with opened(f"sqlite:///{tmp_path}/memory.db") as store:
        archive = Archive(store)
        archive.set(schema.owners, witnessed_since=NOW - timedelta(days=60))
        archive.thread(1, at=NOW - timedelta(days=9))
        archive.thread(2, at=NOW - timedelta(days=2), by=LINUS, repo=ANOTHER_REPO, kind="discussion")
        yield archive


@pytest.fixture
def preview(archive: Archive, tmp_path: Path) -> Command:
    return lambda *args: run("preview", *args, DATABASE_URL=f"sqlite:///{tmp_path}/memory.db")


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    file = tmp_path / "candidate.yml"
    file.write_text("welcome: {mode: on}\n")
    return file


def test_where_nothing_is_switched_on_it_says_so(preview: Command) -> None:
    result = preview()
    assert (result.exit_code, result.stderr) == (0, "")
    heading, in_force, empty, hint = result.stdout.splitlines()
    assert heading == f"alpine-tools, {NOW - timedelta(days=30):%Y-%m-%d} to {NOW:%Y-%m-%d}"
    assert (in_force, empty) == ("  in force: 0 comments; 2 more would have been recorded in shadow mode", "")
    assert "--all-on" in hint


def test_all_can_be_taken_as_on(preview: Command) -> None:
    lines = preview("--all-on").stdout.splitlines()
    assert lines[1] == "  in force: 2 comments (welcome-discussion 1, welcome-issue 1)"
    assert lines[2].endswith("  alpine-tools/maps#1  welcome-issue to ada: first issue of ada in alpine-tools")
    assert len(lines) == 6


def test_a_candidate_is_set_against_what_is_in_force(preview: Command, candidate: Path) -> None:
    lines = preview("--config", candidate, "--days", "5").stdout.splitlines()
    assert lines[1:4] == [
        "  today: 0 comments; 1 more would have been recorded in shadow mode",
        "  with candidate.yml: 1 comment (welcome-discussion 1)",
        "  difference: 1 new, 0 go away",
    ]
    assert lines[4].startswith("+ ")


def test_a_candidate_for_one_repository(preview: Command, candidate: Path) -> None:
    [one] = json.loads(preview("--config", candidate, "--repo", "Alpine-Tools/MAPS", "--json").stdout)
    assert (one["owner"], one["today"]["comments"], one["candidate"]["by_template"]) == (
        "alpine-tools", 0, {"welcome-issue": 1},
    )  # fmt: skip
    assert ([post["number"] for post in one["new"]], one["gone"], one["past_is_read"]) == ([1], [], True)
    assert (one["new"][0]["to"], one["new"][0]["repo"]) == ("ada", "alpine-tools/maps")


def test_what_the_operator_gave_counts(preview: Command, candidate: Path) -> None:
    [one] = json.loads(preview("--operator", candidate, "--json").stdout)
    assert (one["today"]["comments"], one["candidate"]) == (2, None)


def test_several_organisations_have_a_heading_each(preview: Command, archive: Archive) -> None:
    archive.put(schema.owners, id=2, login="Valley", is_organisation=True, witnessed_since=NOW)
    archive.repo(20, "paths", owner=2)
    lines = preview("--all-on").stdout.splitlines()
    assert [line.partition(",")[0] for line in lines if " to 20" in line] == ["alpine-tools", "Valley"]
    assert "not read to its end yet" in lines[-4]
    assert lines[-2] == ""
    assert lines[-1].startswith("Not counted: answers to commands, offers,")
    assert lines[-1].endswith("check-ins, hand-overs, thanks, the digests.")
    assert preview("--org", "valley").stdout.startswith("Valley, ")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--repo", "alpine-tools/nothing"), "alpine-tools/nothing is not known here"),
        (("--repo", "nobody/maps"), "nobody/maps is not known here"),
        (("--org", "nobody"), "nobody is not known here"),
        (("--org", "valley", "--repo", "alpine-tools/maps"), "alpine-tools/maps is not a repository of valley"),
    ],
)
def test_what_is_not_known_is_told_in_one_line(preview: Command, args: tuple[str, ...], says: str) -> None:
    result = preview(*args)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told(result.stderr).startswith(says)


@pytest.mark.parametrize("name", ["", "maps", "a/b/c", "/maps", "alpine-tools/"])
def test_it_says_how_a_repository_is_written(preview: Command, name: str) -> None:
    result = preview("--repo", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith(f"{name!r} is not a repository: write OWNER/REPO")


@pytest.mark.parametrize("args", [(), ("--repo", "alpine-tools/maps")])
def test_mistakes_of_a_candidate_are_told_with_their_place(
    preview: Command, tmp_path: Path, args: tuple[str, ...]
) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("welcome:\n  hold: soon\n")
    result = preview("--config", wrong, *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith("wrong.yml:2:3: welcome.hold: a duration needs")


def test_without_a_database_it_says_how_to_name_it(tmp_path: Path) -> None:
    result = run("preview", DATABASE_URL=f"sqlite:///{tmp_path}/no.db")
    assert result.exit_code == 2
    assert told(result.stderr).startswith(f"there is no database at {tmp_path}/no.db: set DATABASE_URL")
    (tmp_path / "other.db").write_bytes(b"")
    assert run("preview", DATABASE_URL=f"sqlite:///{tmp_path}/other.db").exit_code == 1
