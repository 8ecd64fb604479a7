"""Learning weights: what it needs, what comes out, and that it is told how good it is.

scikit-learn is not among what the tests install, so a small learner with the same face stands in for it.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from bot.levelling.score import EVERY, Rung
from tests.rating.test_level import written
from tests.test_cli import run

TITLES: Final = {
    "starter": "Typo in the guide",
    "medium": "Lamp burns at noon because the timer ignores the zone",
    "advanced": "Any password opens the tower: security",
    "needs-info": "Hello",
    "question": "How do I light the lamp?",
}
ISSUES: Final[list[dict[str, Any]]] = [
    {"repo": "coast/lamp", "number": number, "title": title, "level": level}
    for level, title in TITLES.items()
    for number in range(4)
]


class Learner:
    """Says of each level what its issues had more often than all: one step towards a logistic regression."""

    def __init__(self, *, C: float, max_iter: int) -> None:  # noqa: N803 -- as scikit-learn calls it
        self.classes_: list[str] = []
        self.coef_: list[list[float]] = []
        self.intercept_: list[float] = []

    def fit(self, rows: Sequence[Sequence[float]], said: Sequence[str]) -> "Learner":
        self.classes_ = sorted(set(said))
        everywhere = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
        for level in self.classes_:
            own = [row for row, each in zip(rows, said, strict=True) if each == level]
            means = [sum(column) / len(own) for column in zip(*own, strict=True)]
            self.coef_.append([mean - all_ for mean, all_ in zip(means, everywhere, strict=True)])
            self.intercept_.append(0.0)
        return self


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sklearn.linear_model")
    vars(module)["LogisticRegression"] = Learner
    monkeypatch.setitem(sys.modules, "sklearn", ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", module)


@pytest.mark.usefixtures("learner")
def test_weights_are_learned_compared_and_written(tmp_path: Path) -> None:
    out = tmp_path / "weights.json"
    result = run("level", written(tmp_path, *ISSUES), "--train", out, "--folds", "4")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("20 issues, 4 folds, dealt 5 times")
    assert [line.split(",")[0].split("  ")[1] for line in lines[2:9]] == [
        "set by hand",
        *["learned"] * 3,
        *["both"] * 3,
    ]
    assert lines[-2:] == ["best: set by hand", f"{out} is written"]
    told = json.loads(out.read_text())
    assert told["about"]["ways"]["learned, C=1"]["accuracy"] == 1
    assert {rung for of in told["weights"].values() for rung in of} == {*Rung}


@pytest.mark.usefixtures("learner")
def test_what_is_learned_comes_out_as_plain_weights(tmp_path: Path) -> None:
    """Here people mean something else than we did, so the weights by hand are of no use."""
    other = dict(zip(TITLES, [*[*TITLES][1:], "starter"], strict=True))
    issues = [{**issue, "level": other[issue["level"]]} for issue in ISSUES]
    out = tmp_path / "weights.json"
    result = run("level", written(tmp_path, *issues), "--train", out, "--folds", "4")
    assert "best: learned, C=0.1" in result.stdout
    assert EVERY in json.loads(out.read_text())["weights"]
    again = run("level", written(tmp_path, *issues), "--evaluate", "--weights", out)
    assert again.stdout.startswith("level: 20 issues, accuracy 100.0%")


def test_learning_needs_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    result = run("level", written(tmp_path, *ISSUES), "--train", tmp_path / "weights.json", "--folds", "4")
    assert result.exit_code == 1
    assert "pip install 'switchback[train]'" in result.stderr


@pytest.mark.usefixtures("learner")
@pytest.mark.parametrize(
    ("issues", "folds", "out", "what"),
    [
        (ISSUES[:16], 4, "weights.json", "too few question"),
        (ISSUES, 21, "weights.json", "20 issues cannot be dealt into 21 folds"),
        (ISSUES, 4, "nowhere/weights.json", "cannot be written"),
    ],
)
def test_why_nothing_is_learned(tmp_path: Path, issues: list[dict[str, Any]], folds: int, out: str, what: str) -> None:
    result = run("level", written(tmp_path, *issues), "--train", tmp_path / out, "--folds", str(folds))
    assert (result.exit_code, result.stdout) == (1, "")
    assert what in result.stderr
