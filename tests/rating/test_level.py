"""`python -m bot level`: what it prints for whom, and how it ends."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.levelling.score import EVERY, Rung
from bot.rating.lines import Issue
from bot.rating.measuring import dealt, macro_f1, measured, spread
from tests.test_cli import run

QUESTION: Final[dict[str, Any]] = {
    "repo": "coast/lamp", "number": 3, "title": "How do I light the lamp?", "body_gist": "My config shown. Any ideas?",
    "labels": ["support"], "level": "question", "area": "auth",
}  # fmt: skip
TYPO: Final[dict[str, Any]] = {
    "repo": "coast/lamp", "number": 4, "title": "Typo in the keeper's guide", "body": "It says 'lihgt'.",
    "labels": [{"name": "documentation"}], "level": "medium", "area": "docs",
}  # fmt: skip


def written(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "issues.jsonl"
    path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines))
    return path


def test_each_issue_is_told_to_programs(tmp_path: Path) -> None:
    result = run("level", written(tmp_path, QUESTION, "", TYPO), "--json")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (result.exit_code, result.stderr) == (0, "")
    assert [*first] == ["repo", "number", "level", "area", "confidence", "why"]
    assert (first["repo"], first["number"], first["level"]) == ("coast/lamp", 3, "question")
    assert (second["level"], second["area"]) == ("starter", "docs")
    assert 0 < second["confidence"] <= 1
    assert "it is labelled as a question" in first["why"]


def test_each_issue_is_told_to_people(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["level", str(written(tmp_path, QUESTION, TYPO))], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    head, first, *_ = result.stdout.splitlines()
    assert head.split() == ["issue", "level", "area", "sure", "why"]
    assert first.startswith("coast/lamp#3  question")


def test_it_abstains_if_asked_to(tmp_path: Path) -> None:
    vague = {"repo": "coast/lamp", "number": 5, "title": "The lamp and the sea, as seen from the coast"}
    file = written(tmp_path, vague)
    assert json.loads(run("level", file, "--json").stdout)["level"] is not None
    assert json.loads(run("level", file, "--json", "--abstain-below", "0.9").stdout)["level"] is None
    assert "unsure" in run("level", file, "--abstain-below", "0.9").stdout


def test_it_reads_standard_input() -> None:
    result = CliRunner().invoke(app, ["level", "-", "--json"], input=json.dumps(TYPO))
    assert json.loads(result.stdout)["number"] == 4


def test_nothing_is_told_of_nothing(tmp_path: Path) -> None:
    result = run("level", written(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[1]", "it is not a JSON object"),
        ({**TYPO, "number": "4"}, "number must be a whole number"),
        ({**TYPO, "number": True}, "number must be a whole number"),
        ({"number": 4, "repo": "coast/lamp"}, "title is missing"),
        ({**TYPO, "title": None}, "title must be text"),
        ({**TYPO, "body_gist": 3}, "body_gist must be text"),
        ({**TYPO, "labels": "bug"}, "labels must be a list"),
        ({**TYPO, "labels": [3]}, "each of labels must be text"),
        ({**TYPO, "level": "hard"}, "level must be one of starter, medium, advanced, needs-info, question"),
    ],
    ids=lambda given: given if isinstance(given, str) and len(given) < 60 else "",
)
def test_a_wrong_line_is_named_and_the_others_are_told(tmp_path: Path, line: dict[str, Any] | str, what: str) -> None:
    file = written(tmp_path, TYPO, line, QUESTION)
    result = run("level", file, "--json")
    assert result.exit_code == 2
    assert [json.loads(told)["number"] for told in result.stdout.splitlines()] == [4, 3]
    assert result.stderr == f"switchback: {file}, line 2: {what}\n"


def test_bytes_that_are_no_text_are_a_wrong_line(tmp_path: Path) -> None:
    file = tmp_path / "issues.jsonl"
    file.write_bytes(b"\xff\xfe\n" + json.dumps(TYPO).encode())
    assert run("level", file, "--json").stderr == f"switchback: {file}, line 1: it is not JSON\n"


@pytest.mark.parametrize("name", ["nowhere.jsonl", "a\0b"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    result = run("level", f"{tmp_path}/{name}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be read" in result.stderr


def test_what_a_person_labelled_stands(tmp_path: Path) -> None:
    config = tmp_path / "switchback.yml"
    config.write_text("levels: {medium: [second step]}\n")
    file = written(tmp_path, {**TYPO, "labels": ["Second Step"]})
    told = json.loads(run("level", file, "--json", "--config", config).stdout)
    assert (told["level"], told["why"]) == ("medium", "somebody labelled it medium")


def test_how_good_it_is(tmp_path: Path) -> None:
    result = run("level", written(tmp_path, QUESTION, TYPO), "--evaluate")
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "level: 2 issues, accuracy 50.0%, macro-F1 0.50 (always the most frequent one: 50.0%)",
        "  a person says  medium  question  starter",
        "  medium              0         0        1",
        "  question            0         1        0",
    ]
    assert lines[5].startswith("area: 2 issues, accuracy 50.0%")


def test_how_good_it_is_where_it_speaks(tmp_path: Path) -> None:
    result = run("level", written(tmp_path, QUESTION, TYPO), "--evaluate", "--abstain-below", "1")
    assert result.stdout.splitlines()[0] == "it abstains from 2 of 2 issues"


def test_without_levels_nothing_is_compared(tmp_path: Path) -> None:
    bare = {name: value for name, value in TYPO.items() if name not in {"level", "area"}}
    assert run("level", written(tmp_path, bare), "--evaluate").stdout.startswith("no line has a level")


def test_other_weights_may_be_given(tmp_path: Path) -> None:
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps({"weights": {EVERY: {"advanced": 9}}}))
    told = json.loads(run("level", written(tmp_path, TYPO), "--json", "--weights", weights).stdout)
    assert (told["level"], told["why"]) == ("advanced", "")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": 3}', '{"weights": {"docs": {"medium": NaN}}}'])
def test_weights_that_are_none(tmp_path: Path, text: str) -> None:
    weights = tmp_path / "weights.json"
    weights.write_text(text)
    result = run("level", written(tmp_path, TYPO), "--weights", weights)
    assert (result.exit_code, result.stderr) == (
        2,
        f"switchback: {weights} holds no weights: let --train write it\n",
    )
    assert "cannot be read" in run("level", written(tmp_path, TYPO), "--weights", tmp_path / "none").stderr


def test_measures_are_those_of_the_books() -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "b")]
    found = measured(pairs)
    assert found.accuracy == pytest.approx(0.6)
    assert found.macro_f1 == pytest.approx((0.8 + 0.5 + 0) / 3)
    assert found.baseline == pytest.approx(0.6)
    assert found.confusion["a"] == {"a": 2, "b": 1}
    assert spread([pairs[:2], pairs[2:3], []]) == (0.5, 0.5)
    assert (macro_f1([]), spread([]), measured([]).baseline) == (0.0, (0.0, 0.0), 0.0)


def test_each_fold_has_its_share_of_each_level() -> None:
    issues = [Issue("coast/lamp", number, "", "", frozenset(), rung, None) for rung in Rung for number in range(10)]
    folds = dealt(issues, 5, 0)
    assert sorted(place for fold in folds for place in fold) == [*range(50)]
    assert {tuple(sum(issues[place].level is rung for place in fold) for rung in Rung) for fold in folds} == {(2,) * 5}
    assert folds == dealt(issues, 5, 0) != dealt(issues, 5, 1)


def test_the_manual_shows_what_is_printed(tmp_path: Path) -> None:
    manual = (Path(__file__).parent.parent.parent / "docs" / "levels.md").read_text("utf-8")
    given, printed = (line for line in manual.splitlines() if line.startswith('{"repo"'))
    assert run("level", written(tmp_path, given), "--json").stdout.splitlines() == [printed]
