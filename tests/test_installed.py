"""The installed package: the wheel carries all it needs, and the command works away from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

import bot

ROOT: Final = Path(__file__).parent.parent
IN_EARNEST: Final = 120  # seconds of real time, after which a program hangs


def run(*command: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A program that knows nothing of this checkout or its environment."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GITHUB_", "VIRTUAL"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=bare | environ, capture_output=True, text=True, timeout=IN_EARNEST
    )


def pip(*args: str | Path, cwd: Path) -> None:
    """pip, as people run it, but from what is on this machine."""
    done = run(sys.executable, "-m", "pip", "--disable-pip-version-check", *args, cwd=cwd)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    [file] = folder.glob("*.whl")
    return file


@dataclass(frozen=True)
class Installed:
    """A fresh environment with the wheel in it. What it depends on is lent by the environment of the tests."""

    folder: Path

    def __call__(self, program: str, *args: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
        return run(self.folder / "bin" / program, *args, cwd=self.folder, **environ)

    def says(self, code: str) -> list[str]:
        done = self("python", "-W", "error", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    pip("--python", folder / "bin" / "python", "install", "--no-index", "--no-deps", wheel, cwd=folder)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(folder)


def files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix()


def test_the_wheel_holds_every_file_of_the_program_and_its_configuration(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert {f"bot/{name}" for name in files(ROOT / "bot")} <= held
    assert {f"bot/_config/{name}" for name in files(ROOT / "config")} <= held
    for name in (
        "_config/defaults.yml", "_config/schema.json", "_config/messages/en/welcome-issue.md",
        "web/pages/playground.html", "memory/migrations/env.py", "memory/migrations/versions/0001_first_tables.py",
    ):  # fmt: skip
        assert f"bot/{name}" in held


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"bot", f"switchback-{bot.__version__}.dist-info"}
    assert not [name for name in names if name.endswith((".db", ".pyc", ".pem", ".env"))]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_command_tells_the_version_of_the_package(installed: Installed) -> None:
    done = installed("switchback", "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"switchback {bot.__version__}\n", "")
    assert installed.says("from importlib.metadata import version; print(version('switchback'))") == [bot.__version__]


def test_it_is_the_installed_one_that_runs(installed: Installed) -> None:
    [module, config] = installed.says(
        "import bot; from bot import shipped; print(bot.__file__, shipped.CONFIG, sep='\\n')"
    )
    assert Path(module).is_relative_to(installed.folder)
    assert Path(config).is_relative_to(installed.folder)


def test_it_finds_its_messages_and_settings(installed: Installed) -> None:
    languages, calls = installed.says(
        "from bot import policyfile, shipped, words\n"
        "print(*words.languages())\n"
        "print(*(call.name for call in policyfile.read(shipped.PLAY).calls))"
    )
    assert languages.split() == sorted(path.name for path in (ROOT / "config" / "messages").iterdir())
    assert calls == "Summit Tea"
    config = installed.folder / "config.yml"
    config.write_text("language: tlh\n")
    done = installed("switchback", "play", "--config", config)
    assert (done.returncode, done.stderr.startswith("switchback: config.yml:1:1: there are no messages")) == (2, True)


def test_it_makes_its_tables_and_explains_from_them(installed: Installed) -> None:
    url = f"sqlite:///{installed.folder}/memory.db"
    opened = {
        "action": "opened",
        "issue": {"number": 5, "id": 505, "title": "x", "created_at": "2026-11-23T09:00:00Z",
                  "user": {"id": 9, "login": "goat", "type": "Bot"}},
        "repository": {"id": 100, "name": "trail-maps", "owner": {"id": 1, "login": "alpine-tools"}},
    }  # fmt: skip
    installed.says(
        "import json; from datetime import UTC, datetime; from functools import partial\n"
        "from bot.memory import migrations; from bot.memory.project import project\n"
        "from bot.memory.store import Store\n"
        f"store = Store({url!r}); migrations.upgrade(store)\n"
        f"data = json.loads({json.dumps(opened)!r})\n"
        "store.write_now(partial(project, event='issues', data=data, heard_at=datetime.now(UTC))); store.close()"
    )
    done = installed("switchback", "explain", "alpine-tools/trail-maps#5", "--json", DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["thread"] == "alpine-tools/trail-maps#5"
