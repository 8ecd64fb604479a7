"""Fetching test material: once, checked, and saying so where it cannot be had."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import npm


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SWITCHBACK_TESTDATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_several_runs_at_once_fill_the_cache_once(empty_cache: Path) -> None:
    made: list[Path] = []

    def fill(folder: Path) -> None:
        made.append(folder)
        (folder / "file").write_text("content", encoding="utf-8")

    with ThreadPoolExecutor(4) as pool:
        places = list(pool.map(lambda _: npm._ready("thing", fill), range(8)))
    assert set(places) == {empty_cache / "thing"}
    assert (places[0] / "file").read_text(encoding="utf-8") == "content"
    assert [each.name for each in empty_cache.iterdir()] == ["thing"]  # nothing half-made is left over


def test_what_is_not_what_was_pinned_is_refused(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(*arguments: str, cwd: Path) -> None:
        (cwd / "octokit-openapi-23.0.2.tgz").write_bytes(b"something else")

    monkeypatch.setattr(npm, "_npm", pack)
    with pytest.raises(AssertionError, match="is not what was pinned"):
        npm.file("@octokit/openapi", "package.json")
    assert list(empty_cache.iterdir()) == []


def test_without_npm_tests_are_skipped_but_fail_in_continuous_integration(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="npm is not installed"):
        npm.file("@octokit/openapi", "package.json")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="npm is not installed"):
        npm.file("@octokit/openapi", "package.json")


def test_what_npm_complains_of_is_told(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "no such package")
    monkeypatch.setattr(shutil, "which", lambda _: "npm")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(RuntimeError, match="no such package"):
        npm.file("@octokit/openapi", "package.json")


def test_emulate_comes_with_what_it_needs() -> None:
    modules = npm.emulate() / "node_modules"
    assert {each.name for each in modules.iterdir() if not each.name.startswith(".")} == set(npm.EMULATE)
