"""`python -m bot check`: what it tells of a file, how it ends, and that its examples of right are right."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML
from sqlalchemy import Connection, insert
from typer.testing import CliRunner

from bot import plain, policyfile, wording
from bot.__main__ import app
from bot.memory import known_names, migrations, schema
from bot.memory.readings import OF_OWNER, OwnerPart, Part
from bot.memory.store import Store
from bot.model import OwnerId, Repo, RepoId
from bot.policy import KnownNames, Policy
from bot.policyfile import MAX_SIZE, ConfigError
from tests.test_cli import opened, run, told

FILE: Final = """\
language: en
welcome:
  hold: 2
  modee: on
messages:
  welcome-issue: |
    Hello {{ author }},
    ask [b]@ada[/b]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "switchback.yml"
    path.write_text(FILE)
    return path


def test_mistakes_are_told_as_a_compiler_does(file: Path) -> None:
    result = run("check", file)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        f"{file}:3:3: welcome.hold: a duration needs a number and its unit: minutes, hours, days or weeks",
        "      hold: 2",
        "      ^",
        "    for example: hold: 2 hours",
        f"{file}:4:3: there is no setting welcome.modee; did you mean mode?",
        "      modee: on",
        "      ^",
        "    for example: mode: shadow",
        f"{file}:8:12: messages.welcome-issue: a message mentions nobody but its author, and @ada would be",
        "        ask [b]@ada[/b]",
        "               ^",
        "    for example: `ada`",
    ]


def test_mistakes_are_told_to_programs(file: Path) -> None:
    result = run("check", "--json", file)
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["file"], answer["ok"]) == (1, str(file), False)
    assert answer["problems"][0] == {
        "line": 3, "column": 3, "example": "hold: 2 hours", "blocks": True,
        "what": "welcome.hold: a duration needs a number and its unit: minutes, hours, days or weeks",
    }  # fmt: skip
    assert len(answer["problems"]) == 3


def test_what_is_right_is_told_too(file: Path) -> None:
    file.write_text("language: es\n")
    assert (run("check", file).exit_code, run("check", file).stdout) == (0, f"{file}: all is right\n")
    assert json.loads(run("check", "--json", file).stdout) == {"file": str(file), "ok": True, "problems": []}


@pytest.mark.parametrize("data", [b"language: en\n", b"langauge: en\n", b"\xff\xfe", b"a" * (MAX_SIZE + 9)], ids=repr)
def test_standard_input_is_read(data: bytes) -> None:
    result = CliRunner().invoke(app, ["check", "-"], input=data)
    assert result.exit_code == (0 if data == b"language: en\n" else 1)
    assert result.stdout.startswith("-:1:" if result.exit_code else "-: all is right")


def test_long_lines_are_shown_in_part(file: Path) -> None:
    file.write_text(f"people: {{bots: [{'goat, ' * 500}-x-]}}\n")
    _, line, caret, _ = run("check", file).stdout.splitlines()
    assert len(line) < 120
    assert line[caret.index("^") :].startswith("-x-")


def test_nothing_in_a_file_does_anything_to_a_terminal(file: Path) -> None:
    file.write_bytes(b"'[red]\x1b[2J': 1\n\xf0\x9f\x90\x90[/x]: 1\n")
    result = run("check", file)
    assert (result.exit_code, "\x1b" in result.stdout) == (1, False)


@pytest.mark.parametrize("name", ["no.yml", ".", "x" * 300])
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    result = run("check", tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith(f"{tmp_path / name} cannot be read: ")


def test_a_file_is_wrong_or_right_over_another(file: Path, tmp_path: Path) -> None:
    org = tmp_path / "org.yml"
    org.write_text("limits: {mentions_a_week: 5}\nwelcome: {too_late: 1 day}\n")
    file.write_text("limits:\n  mentions_a_day: 5\n")
    assert run("check", file).exit_code == 1
    assert run("check", file, "--under", org).exit_code == 0
    file.write_text("welcome:\n  mode: on\n  hold: 2 days\n")
    assert ":3:3: welcome: hold cannot be longer than too_late" in run("check", file, "--under", org).stdout
    file.write_text("extends: none\nwelcome: {hold: 2 days}\n")
    assert run("check", file, "--under", org).exit_code == 0
    org.write_text("welcome: {hold: 2}\n")
    assert run("check", file, "--under", org).exit_code == 2


@pytest.mark.parametrize(
    ("over", "text", "line"),
    [
        ("", "language: en\ntriage:\n  mode: on\n", 3),
        ("triage: {mode: on}\n", "language: en\ndigest: {mode: off}\n", 2),
        ("triage: {mode: on}\n", "language: en\n", None),
        ("digest: {mode: on}\n", "triage: {mode: on}\n", None),
    ],
)
def test_reminders_without_a_place_for_them_are_told(
    over: str, text: str, line: int | None, file: Path, tmp_path: Path
) -> None:
    org = tmp_path / "org.yml"
    org.write_text(over)
    file.write_text(text)
    said = run("check", file, "--under", org).stdout
    assert ("triage.mode: on reminds nobody while digest.mode is not on" in said) is (line is not None)
    assert line is None or said.startswith(f"{file}:{line}:")


def test_the_file_of_the_bot_before_is_known(file: Path) -> None:
    file.write_text("# Comment\nnewPRWelcomeComment: >\n  Hi!\ntodo: {keyword: x}\n")
    assert f"{file}:2:1: newPRWelcomeComment is of the welcome bot that was here before: `python -m bot migrate`" in (
        run("check", file).stdout
    )


HERE: Final = Repo(RepoId(100), OwnerId(1), "alpine-tools", "trail-maps")


@pytest.fixture
def memory(tmp_path: Path) -> str:
    """A memory of two repositories with a label each, a team, and who opened an issue."""
    from bot.memory.project import project

    url, now = f"sqlite:///{tmp_path}/memory.db", datetime.now(UTC)
    home = {
        "id": 101, "owner_id": 1, "name": ".github", "url": "", "private": False, "archived": False, "gone": False,
        "covered": True, "default_branch": "main", "heard_at": now,
    }  # fmt: skip
    rows = [(100, 1, "bug", False), (100, 2, "gone", True), (101, 3, "no-bot", False)]
    labels = [
        {"repo_id": repo, "label_id": id_, "name": name, "gone": gone, "heard_at": now}
        for repo, id_, name, gone in rows
    ]
    teams = [{"id": 1, "owner_id": 1, "slug": "docs", "name": "Docs", "gone": False, "heard_at": now}]
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        store.write_now(lambda db: project(db, event="issues", data=opened(5), heard_at=now))
        lists = [(100, Part.LABELS), (101, Part.LABELS), (OF_OWNER, OwnerPart.TEAM)]
        read = [
            {"owner_id": 1, "repo_id": repo, "part": part, "since": now, "began_at": now, "pages": 1, "items": 1}
            for repo, part in lists
        ]
        made = [(schema.repos, [home]), (schema.labels, labels), (schema.teams, teams), (schema.readings, read)]
        for table, values in made:
            store.write_now(partial(Connection.execute, statement=insert(table), parameters=values))
    return url


NAMES: Final = """\
no_bot_label: no-bot
people: {bots: [goat], leave_alone: [ADA], maintainers: [alpine-tools/docs, alpine-tools/doc]}
came_with:
  problem:
    - Bug
    - bugg
"""


def test_names_that_are_not_known_in_a_repository_are_told(memory: str, file: Path) -> None:
    file.write_text(NAMES)
    assert run("check", file).exit_code == 0
    result = run("check", file, "--repo", "Alpine-Tools/trail-maps", DATABASE_URL=memory)
    lines = [line for line in result.stdout.splitlines() if line.startswith(str(file))]
    assert result.exit_code == 1
    note = " (the file can be in force all the same)"
    assert lines == [
        f"{file}:1:1: no_bot_label: no label no-bot is known here{note}",
        f"{file}:2:17: people.bots.0: nobody called goat is known here: is it written as on GitHub?{note}",
        f"{file}:2:77: people.maintainers.1: no team alpine-tools/doc is known here; did you mean alpine-tools/docs?"
        + note,
        f"{file}:6:7: came_with.problem.1: no label or category bugg is known here; did you mean bug?{note}",
    ]
    found = json.loads(run("check", "--json", file, "--repo", "alpine-tools/trail-maps", DATABASE_URL=memory).stdout)
    assert {problem["blocks"] for problem in found["problems"]} == {False}


def test_the_organisations_file_may_name_labels_of_all_repositories(memory: str) -> None:
    with closing(Store(memory)) as store:
        home = store.read_now(lambda db: known_names.find(db, "alpine-tools/.github"))
        assert home is not None
        assert store.read_now(lambda db: known_names.known_names(db, home)).labels == frozenset({"bug", "no-bot"})
        assert store.read_now(lambda db: known_names.known_names(db, HERE)).labels == frozenset({"bug"})


@pytest.mark.parametrize("repo", ["nobody/trail-maps", "alpine-tools", "", "a/b/c"])
def test_an_unknown_repository_is_told(repo: str, memory: str, file: Path) -> None:
    result = run("check", file, f"--repo={repo}", DATABASE_URL=memory)
    assert result.exit_code in ({1} if not repo else {2})


def test_what_is_not_known_is_not_told() -> None:
    source = policyfile.parse("switchback.yml", NAMES.encode())
    assert policyfile.unknown_names(source, KnownNames()) == []
    assert policyfile.unknown_names(source, KnownNames(people={"goat": True}.get)) == []
    odd = policyfile.parse("switchback.yml", b"people: [x]\nlevels: {starter: x, medium: [1, [y]]}\nareas: {a: b}\n")
    assert [problem.line for problem in policyfile.unknown_names(odd, KnownNames(labels=frozenset({"z"})))] == [2]


def paths(part: type[BaseModel] = Policy, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for name in plain.names(before):
        yield (*before, name)
        yield from paths(part, (*before, name))
        if plain.names((*before, name, 0)):
            yield from paths(part, (*before, name, 0))


def right(path: tuple[str | int, ...], example: str) -> bool:
    """Whether this line is right where the setting of this path stands."""
    text: Any = YAML(typ="safe", pure=True).load(example)
    whole: dict[tuple[str | int, ...], dict[str, Any]] = {  # what each of a list has to have
        ("calls",): {"name": "Tea", "when": "every Monday", "time": "17:00", "timezone": "UTC"},
        ("areas",): {"name": "Tea"},
        ("triage", "people"): {"login": "goat", "areas": ["Tea"]},
        ("working_time", "breaks"): {"first": date(2026, 12, 25), "last": date(2026, 12, 25)},
        ("team", "files"): {"repo": "tea", "path": "team.yaml"},
        ("team", "meetings"): {"repo": "tea", "paths": ["meetings/*"]},
        ("farewell", "accounts"): {"name": "Tea"},
    }
    for index, step in reversed([*enumerate(path[:-1])]):
        text = [whole[path[:index]] | text] if isinstance(step, int) else {step: text}
    policyfile.laid_over([policyfile.parse("example", json.dumps(text, default=str).encode())])
    return True


@pytest.mark.parametrize("path", [*paths()], ids=plain.name)
def test_every_setting_has_an_example_that_is_right(path: tuple[str | int, ...]) -> None:
    assert right(path, plain.example(path))


def hostile() -> Iterator[str | bytes]:
    """Every file that another test knows to be wrong."""
    from tests import test_hostile_files, test_policyfile

    tests: list[Any] = [
        test_policyfile.test_a_mistake_is_told_with_its_line_and_column,
        test_hostile_files.test_what_is_broken_is_told_with_its_place,
        test_hostile_files.test_what_would_take_for_ever_is_refused_in_time,
    ]
    for test in tests:
        for mark in test.pytestmark:
            yield from (param.values[0] for param in mark.args[1] if len(param.values[0]) < 5_000)


def test_every_example_that_is_given_is_right() -> None:
    """Somewhere in a file, or as the text of a message."""
    examples = {found.example for text in hostile() for found in mistakes(text)} - {""}
    assert len(examples) > 20
    sections: list[tuple[str | int, ...]] = [(), *{path[:-1] for path in paths()}]
    for example in examples:
        assert any(fits(section, example) for section in sections) or not wording.check("welcome-issue", example), (
            example
        )


def fits(section: tuple[str | int, ...], example: str) -> bool:
    try:
        return right((*section, ""), example)
    except ConfigError:
        return False


def mistakes(text: str | bytes) -> list[policyfile.Problem]:
    try:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        policyfile.laid_over([policyfile.parse("switchback.yml", data)])
    except ConfigError as error:
        return list(error.problems)
    return []
