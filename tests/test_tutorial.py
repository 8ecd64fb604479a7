"""CONTRIBUTING.md's "Add a rule in thirty minutes", followed to the letter in a copy of the repository."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
_STEP: Final = re.compile(
    r"^(?:Make `(?P<new>[^`]+)`"
    r"|In `(?P<old>[^`]+)`, (?P<how>add above|add below|replace) the line `(?P<line>[^`]+)`(?: by)?):"
    r"\n\n```\w+\n(?P<text>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# Of the coverage that `make check` wants, the new rule's by its own table: the rest is looked at in the original.
_NEW: Final = "tests/rules/test_patience.py --cov=bot.rules.patience"
# What mypy has found out. It sees by itself what has changed since; from nothing it takes minutes.
_FOUND_OUT: Final = Path(".mypy_cache")


@dataclass(frozen=True)
class Copy:
    """A copy of what git tracks and what is about to be tracked, with our environment and what checks remember."""

    root: Path

    def make(self, path: str, text: str) -> None:
        target = self.root / path
        assert not target.exists(), f"{path} is there already"
        target.write_text(text, "utf-8")

    def edit(self, path: str, how: str, line: str, text: str) -> None:
        target = self.root / path
        before = target.read_text("utf-8")
        assert before.count(f"{line}\n") == 1, f"{path} does not have exactly one line {line}"
        after = {"add above": f"{text}{line}\n", "add below": f"{line}\n{text}", "replace": text}[how]
        target.write_text(before.replace(f"{line}\n", after), "utf-8")

    def run(self, command: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
        environment["COVERED"] = _NEW
        done = subprocess.run(
            shlex.split(command), cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 0, f"$ {command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    root = tmp_path / "switchback"
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)  # with its times, so that make has nothing to install
    if (ROOT / _FOUND_OUT).is_dir():
        shutil.copytree(ROOT / _FOUND_OUT, root / _FOUND_OUT)
    (root / ".venv").symlink_to(ROOT / ".venv", target_is_directory=True)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    yield Copy(root)
    if (root / _FOUND_OUT).is_dir() and not (ROOT / _FOUND_OUT).exists():  # continuous integration checks ours next
        shutil.copytree(root / _FOUND_OUT, ROOT / _FOUND_OUT)
    shutil.rmtree(root)


@pytest.mark.timeout(400)
def test_whoever_follows_it_has_a_rule(copy: Copy) -> None:
    tutorial = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a rule in thirty minutes")[2]
    tutorial = tutorial.partition("## Pull requests")[0]
    steps = list(_STEP.finditer(tutorial))
    assert len(steps) == tutorial.count("\n```") // 2, "a block of the tutorial is not introduced as the others are"
    for step in steps:
        if step["console"]:
            for command in step["console"].splitlines():
                copy.run(command.removeprefix("$ "))
        elif step["new"]:
            copy.make(step["new"], step["text"])
        else:
            copy.edit(step["old"], step["how"], step["line"], step["text"])
    assert "patience" in (copy.root / "docs" / "configuration.md").read_text("utf-8")
    assert "patience" in (copy.root / "docs" / "rules.md").read_text("utf-8")
