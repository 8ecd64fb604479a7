"""`python -m bot replay`: what it prints and where, how lines and files are read, and what it says of those that are
wrong."""

import gzip
import json
import os
import pty
import re
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.replay.history import EXAMPLE
from tests.test_cli import IN_EARNEST, ROOT, command, program, run, surroundings, told


def line(type_: str, number: int, actor: str, at: str = "2019-05-01T10:00:00Z", **more: object) -> str:
    return json.dumps({"at": at, "type": type_, "repo": "alps/maps", "number": number, "actor": actor} | more)


README: Final = (ROOT / "README.md").read_text("utf-8")
ADA: Final = line("pull_request.opened", 12, "ada")
STORY: Final = [
    line("pull_request.opened", 1, "grace"),
    ADA,
    line("pull_request.merged", 12, "ada", "2019-05-01T12:30:00+02:00"),
    line("star.created", 0, "ada", repo=None),
    line("pull_request.opened", 3, "ada", "2019-05-03T10:00:00.250Z", repo="alps/huts"),
    line("pull_request.opened", 5, "bot0012", "2019-05-03T11:00:00Z"),
    line("pull_request.opened", 6, "renovate[bot]", "2019-05-03T11:00:00Z"),
    line("pull_request.opened", 7, "linus", "2019-05-04T10:00:00.5Z"),
    '{"at": "2012-05-04T10:00:00Z", "type": "commit", "repo": "alps/maps", "actor": "linus", "path": "docs"}',
]
EFFECTS: Final = [
    "2019-05-01 10:00:00  alps/maps#12  welcome  welcome-pull-request to @ada: first pull request of ada in alps",
    "2019-05-01 10:30:00  alps/maps#12  welcome  welcome-merge to ada: first merged pull request of ada in alps",
    "2019-05-04 10:00:00  alps/maps#7  welcome  welcome-pull-request to @linus: first pull request of linus in alps",
]
SUMMARY: Final = [
    "events read                       8  6 pull_request.opened, 1 pull_request.merged, 1 commit",
    "skipped, of unknown types         1  1 star.created",
    "welcomes                          2",
    "congratulations                   1",
    "other effects                     0",
    "people welcomed                   2",
    "per repository                    3  greetings by a bot that welcomes each first pull request in each repository",
]
OF_THE_TEAM: Final = [  # below it, if it is told who that is
    "check-ins                         0",
    "check-ins a year                0.0  in 0.0 years",
    "people asked                      0  of 1 on the team",
    "check-ins a person              0.0  in two years",
    "to active people                  0  with 12 active days or more in the year before",
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*lines: str, name: str = "history.jsonl", packed: bool = False) -> Path:
        data = "".join(f"{each}\n" for each in lines).encode()
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if packed else data)
        return path

    return write


@pytest.fixture
def team(tmp_path: Path) -> Path:
    path = tmp_path / "team.txt"
    path.write_text("# the team\n\n  @Grace  # keeps the maps\nalan\r\n", "utf-8")
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_it_tells_each_effect_and_a_summary(packed: bool, write: Write, team: Path) -> None:
    result = run("replay", write(*STORY, packed=packed), "--maintainers", team)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [*EFFECTS, *SUMMARY, *OF_THE_TEAM]


def test_json_has_an_object_on_each_line_and_the_summary_apart(write: Write, team: Path) -> None:
    result = run("replay", "--json", write(*STORY), "--maintainers", team)
    assert (result.exit_code, result.stderr.splitlines()) == (0, [*SUMMARY, *OF_THE_TEAM])
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert first == {
        "at": "2019-05-01T10:00:00Z", "rule": "welcome", "effect": "say", "key": "welcome/pull_request/1/2",
        "repo": "alps/maps", "number": 12, "to": ["ada"], "why": "first pull request of ada in alps",
    }  # fmt: skip
    assert (second["at"], second["key"]) == ("2019-05-01T10:30:00Z", "welcome/merge/1/2")
    assert (third["at"], third["to"]) == ("2019-05-04T10:00:00.500000Z", ["linus"])


def test_a_program_reads_standard_input_and_needs_no_surroundings(team: Path, tmp_path: Path) -> None:
    text = gzip.compress("\n".join(STORY).encode())
    args = command("replay", "-", "--maintainers", team)
    done = subprocess.run(args, cwd=tmp_path, env=surroundings(), input=text, capture_output=True, timeout=IN_EARNEST)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [*EFFECTS, *SUMMARY, *OF_THE_TEAM]
    assert list(tmp_path.iterdir()) == [team]


def test_standard_input_of_this_process(team: Path) -> None:
    result = CliRunner().invoke(app, ["replay", "-", "--maintainers", str(team)], input="\n".join(STORY))
    assert result.stdout.splitlines() == [*EFFECTS, *SUMMARY, *OF_THE_TEAM]


def test_the_readme_shows_what_happens(write: Write) -> None:
    story, effects = re.findall(r"^```json\n(.*?)```$", README, re.MULTILINE | re.DOTALL)
    shown = run("replay", "--json", write(story)).stdout
    assert shown.startswith(effects)
    assert len(shown.splitlines()) == 2


def test_an_empty_history_has_no_effects(write: Write) -> None:
    result = run("replay", "--json", write())
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[0] == "events read                       0"


def test_the_configuration_counts(write: Write, tmp_path: Path) -> None:
    config = tmp_path / "quiet.yml"
    config.write_text("welcome: {first_pull_request: false, first_merge: false}\n")
    result = run("replay", "--json", write(*STORY), "--config", config)
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_wrong_configuration_is_told_with_its_place(write: Write, tmp_path: Path) -> None:
    config = tmp_path / "wrong.yml"
    config.write_text("welcome: {hold: 2}\n")
    result = run("replay", write(*STORY), "--config", config)
    assert (result.exit_code, told(result.stderr).startswith("wrong.yml:1:11: ")) == (2, True)


GOOD: Final = {
    "a blank line": ADA + "\n\n  ",
    "a mark in front that some editors write": "\ufeff" + ADA,
    "Windows' line ends": ADA + "\r",
    "more fields": ADA.replace("{", '{"title": null, "merged": [], '),
    "nothing said of labels and draft": ADA.replace("{", '{"labels": null, "draft": null, '),
    "a largest number": ADA.replace("12", "2147483647"),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_right_line(text: str, write: Write) -> None:
    result = run("replay", "--json", write(text))
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)


TYPES: Final = {
    "issues.opened": 1, "issues.closed": 0, "issues.reopened": 0, "issue_comment.created": 0, "pull_request.opened": 1,
    "pull_request.ready_for_review": 0, "pull_request.converted_to_draft": 0, "pull_request.closed": 0,
    "pull_request.reopened": 0, "pull_request.merged": 1, "pull_request_review.submitted": 0,
    "pull_request_review_comment.created": 0, "discussion.created": 1, "discussion_comment.created": 0, "commit": 0,
}  # fmt: skip


@pytest.mark.parametrize(("type_", "effects"), TYPES.items(), ids=TYPES)
def test_every_type_is_read_even_where_its_thread_is_unknown(type_: str, effects: int, write: Write) -> None:
    result = run("replay", "--json", write(line(type_, 1, "ada")))
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, effects)
    assert result.stderr.splitlines()[0].endswith(f" 1  1 {type_}")


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(ADA) | fields)


def without(name: str) -> str:
    return json.dumps({key: value for key, value in json.loads(ADA).items() if key != name})


WRONG: Final = [
    ("broken off", ADA[:-2], "it is not JSON"),
    ("text", "ada opened #12", "it is not JSON"),
    ("not a number", ADA.replace("12", "NaN"), "it is not JSON"),
    ("half of a letter", ADA.replace("ada", "\\ud800"), "it is not JSON"),
    ("deeper than anything", "[" * 5000, "it is not JSON"),
    ("a list", f"[{ADA}]", "it is not a JSON object"),
    ("null", "null", "it is not a JSON object"),
    *((f"without {name}", without(name), f'"{name}" is missing') for name in ("at", "type", "repo", "number", "actor")),
    *((f"{name} is null", changed(**{name: None}), f'"{name}" is not a text')
      for name in ("at", "type", "repo", "actor")),
    ("a number for a login", changed(actor=7), '"actor" is not a text'),
    ("an empty login", changed(actor=""), '"actor" is not a login'),
    ("a login that moves the cursor", changed(actor="\x1b[2Jada"), '"actor" is not a login'),
    ("a list of types", changed(type=["commit"]), '"type" is not a text'),
    ("an empty repository", changed(repo=""), '"repo" is a name, or an owner and a name: owner/name'),
    ("a repository of nobody", changed(repo="/maps"), '"repo" is a name, or an owner and a name: owner/name'),
    ("a path", changed(repo="alps/maps/12"), '"repo" is a name, or an owner and a name: owner/name'),
    *((f"number {value!r}", changed(number=value), '"number" is not a whole number from 1 to 2147483647')
      for value in (0, -1, 12.0, 1e3, True, "12", None, 2**31, 10**400)),
    *((f"at {value!r}", changed(at=value), '"at" is not a time with its zone, from 1970 to 2999')
      for value in ("", "yesterday", "2019-02-30T10:00:00Z", "2019-05-01T10:00:00", "2019-05-01", "1556704800",
                    "1969-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")),
    ("draft in words", changed(draft="yes"), '"draft" is neither true nor false'),
    ("labels in one text", changed(labels="bug"), '"labels" is not a list of names'),
    ("labels as GitHub has them", changed(labels=[{"name": "bug"}]), '"labels" is not a list of names'),
    ("a list of paths", line("commit", 1, "ada", path=["a", "b"]), '"path" is not a text'),
    ("a commit by nobody", line("commit", 1, "ada").replace("ada", ""), '"actor" is not a login'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), [row[1:] for row in WRONG], ids=[row[0][:40] for row in WRONG])
def test_a_wrong_line_is_told_with_its_number_and_how_a_right_one_looks(text: str, why: str, write: Write) -> None:
    path = write(ADA, "", text, ADA)
    result = run("replay", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr) == f"{path}:3: {why}. A right line looks like this: {EXAMPLE}"


def test_the_line_that_is_shown_is_right(write: Write) -> None:
    assert len(run("replay", "--json", write(EXAMPLE)).stdout.splitlines()) == 1


def test_a_wrong_line_of_standard_input() -> None:
    result = CliRunner().invoke(app, ["replay", "-"], input=f"{ADA}\nnothing\n")
    assert (result.exit_code, told(result.stderr).startswith("standard input:2: it is not JSON")) == (2, True)


def test_what_is_no_file_is_told_in_one_line(write: Write, tmp_path: Path) -> None:
    cases: list[tuple[str | Path, str]] = [
        (tmp_path / "no.jsonl", f"{tmp_path}/no.jsonl: cannot be read: No such file or directory"),
        (tmp_path, f"{tmp_path}: cannot be read: Is a directory"),
        ("", ".: cannot be read: Is a directory"),
    ]
    for given, says in cases:
        for result in (run("replay", given), run("replay", write(ADA), "--maintainers", given)):
            assert (result.exit_code, result.stdout, told(result.stderr)) == (2, "", says)


PACKED: Final = gzip.compress("\n".join([ADA] * 1000).encode())
BROKEN: Final = {
    "cut off": PACKED[:-20],
    "cut off in its head": PACKED[:5],
    "damaged": PACKED[:50] + b"\xff" * 20 + PACKED[70:],
    "a wrong sum": PACKED[:-8] + b"\0" * 8,
    "something else behind it": PACKED + b"something else",
    "not gzip after all": b"\x1fsomething else",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_gzip_file_is_told_in_one_line(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl.gz"
    path.write_bytes(data)
    result = run("replay", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith((f"{path}: is a broken gzip file: ", f"{path}:"))


NO_LOGINS: Final = {
    "two": "ada grace",
    "a team": "@alps/maps",
    "an @": "ada\n@ # who?",
    "two @": "@@ada",
    "a tab": "a\tb",
}


@pytest.mark.parametrize("text", NO_LOGINS.values(), ids=NO_LOGINS)
def test_a_wrong_line_among_the_maintainers_is_told_with_its_number(text: str, write: Write, tmp_path: Path) -> None:
    team = tmp_path / "team.txt"
    team.write_text(text)
    result = run("replay", write(ADA), "--maintainers", team)
    number = len(text.splitlines())
    says = f"{team}:{number}: that is not a login. A right line looks like this: @ada"
    assert (result.exit_code, told(result.stderr)) == (2, says)


def test_maintainers_in_another_encoding_are_told_in_one_line(write: Write, tmp_path: Path) -> None:
    team = tmp_path / "team.txt"
    team.write_bytes("josé".encode("latin-1"))
    assert told(run("replay", write(ADA), "--maintainers", team).stderr) == f"{team}: is not UTF-8 text"


def test_unknown_types_are_counted_the_most_frequent_first_and_cannot_move_the_cursor(write: Write) -> None:
    unknown = [json.dumps({"type": f"type{n}"}) for n in range(9)] + ['{"type": "\\u001b[2J"}'] * 2
    row = run("replay", write(*unknown)).stdout.splitlines()[1]
    assert row.startswith("skipped, of unknown types        11  2 '\\x1b[2J', 1 type0, ")
    assert row.endswith(", 1 type6, 2 more types")


def test_a_terminal_shows_how_far_it_is_and_the_output_stays_clean(write: Write) -> None:
    ours, theirs = pty.openpty()
    args, env = command("replay", write(*STORY)), surroundings(TERM="xterm", COLUMNS="80")
    done = subprocess.run(args, env=env, stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=IN_EARNEST)
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert (done.returncode, b"Reading" in shown, b"Replaying" in shown) == (0, True, True)
    assert done.stdout.splitlines()[0].startswith("2019-05-01 10:00:00  alps/maps#1  welcome ")


def test_a_reader_who_has_had_enough_ends_it_quietly(write: Write, tmp_path: Path) -> None:
    path = write(*(line("pull_request.opened", n, f"p{n}") for n in range(1, 5000)))
    for option in ("--json", "--maintainers=/dev/null"):
        with subprocess.Popen(
            command("replay", path, option),
            cwd=tmp_path,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert b"p1" in process.stdout.readline()
            process.stdout.close()
            assert (process.stderr.read(), process.wait(IN_EARNEST)) == (b"", 0)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_stream_that_is_closed_does_no_harm(closed: str, write: Write) -> None:
    args = shlex.join(command("replay", "--json", write(*STORY)))
    done = subprocess.run(
        ["sh", "-c", f"{args} {closed}"], env=surroundings(), capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == (0 if closed.startswith(">") else 4)
    assert len(done.stderr.splitlines()) == (0 if "2>" in closed else len(SUMMARY))


def test_a_full_disk_is_told_in_one_line(write: Write, tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full here")
    with full.open("wb") as out:
        args = command("replay", write(*STORY))
        done = subprocess.run(
            args, env=surroundings(), stdout=out, stderr=subprocess.PIPE, text=True, timeout=IN_EARNEST
        )
    assert (done.returncode, told(done.stderr)) == (1, "the output cannot be written: No space left on device")


def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    """It is reading when the pipe has taken more than it holds."""
    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and so
    try:  # would what they start
        process = subprocess.Popen(
            command("replay", "-"), cwd=tmp_path, env=surroundings(), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
    finally:
        signal.signal(signal.SIGINT, heeded)
    with process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(f"{ADA}\n".encode() * 10_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert (process.wait(IN_EARNEST), process.stderr.read()) == (130, b"")


def test_a_program_ends_with_the_code_and_nothing_else_on_the_way(tmp_path: Path) -> None:
    done = program(tmp_path, "replay", "no.jsonl")
    assert (done.returncode, done.stdout, told(done.stderr)) == (
        2,
        "",
        "no.jsonl: cannot be read: No such file or directory",
    )
