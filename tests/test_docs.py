"""The documentation keeps up with the code: what is generated is fresh, what exists is told of, links lead on."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeGuard, get_args

import pytest
from pydantic import BaseModel

from bot import shipped
from bot.__main__ import app
from bot.app import PARTS, build
from bot.clock import WallClock
from bot.commands.catalog import CATALOG, OF_THEIR_OWN
from bot.policy import Policy
from bot.rules import RULES
from bot.settings import Secret, Settings

ROOT: Final = Path(__file__).parent.parent
README: Final = (ROOT / "README.md").read_text("utf-8")
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUNNING: Final = (ROOT / "docs" / "running.md").read_text("utf-8")
CONFIGURATION: Final = (ROOT / "docs" / "configuration.md").read_text("utf-8")
DEFAULTS: Final = shipped.DEFAULTS.read_text("utf-8").splitlines()
SECTIONS: Final = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", CONFIGURATION, re.MULTILINE))  # by their headings


def settings(part: type[BaseModel] = Policy, section: str = "Top level", prefix: str = "") -> list[tuple[str, str]]:
    """Each setting's name, after the section that tells of it."""
    names = []
    for name, field in part.model_fields.items():
        kind = field.annotation
        if is_part(kind):
            names += settings(kind, f"`{prefix}{name}`", f"{prefix}{name}.")
        else:
            names.append((section, f"{prefix}{name}"))
            for each in filter(is_part, get_args(kind)):
                names += settings(each, f"Each of `{prefix}{name}`")
    return names


def is_part(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def test_generated_files_are_fresh() -> None:
    done = subprocess.run([sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("section", "setting"), settings())
def test_every_setting_is_documented(section: str, setting: str) -> None:
    assert f"| `{setting}` |" in SECTIONS[section]


def test_every_default_has_a_comment() -> None:
    """On its line, or above it."""
    keys = [(above, line) for above, line in pairwise(DEFAULTS) if re.match(r" *\w+:", line)]
    assert len(keys) >= len(SECTIONS) + 20
    assert [line for above, line in keys if " # " not in line and not above.lstrip().startswith("# ")] == []


def test_every_rule_is_documented() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert [rule.name for rule in RULES if f"[`{rule.name}`]" not in text] == []


def test_every_command_in_a_comment_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    examples = [example for entry in CATALOG.values() for example in entry.examples]
    assert [example for example in examples if f"`{example}`" not in text] == []
    assert "(docs/commands.md)" in README
    assert [name for name in ("help", "why", "undo", "snooze", *OF_THEIR_OWN) if f"`/{name}" not in README] == []


def test_every_command_of_the_program_is_documented() -> None:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [name for name in names if f"python -m bot {name}" not in RUNNING] == []


def test_every_variable_of_the_environment_is_documented() -> None:
    read = set(re.findall(r'environ,\s*"([A-Z_]+)"', (ROOT / "bot" / "settings.py").read_text("utf-8")))
    assert len(read) >= 10
    assert [name for name in sorted(read) if f"| `{name}` |" not in RUNNING] == []
    given = (ROOT / "app.json").read_text("utf-8") + (ROOT / "Procfile").read_text("utf-8")
    assert set(re.findall(r"\b(?:GITHUB|LOG)_[A-Z_]+|\bHOST\b", given)) <= read


def test_every_address_of_the_service_is_documented(private_key: str, database_url: str) -> None:
    key, secret = Secret(private_key), Secret("a secret for the tests")
    settings = Settings(app_id="1", private_key=key, webhook_secrets=(secret,), database_url=database_url)
    service = build(settings, clock=WallClock())
    service[PARTS].store.close()
    served = {resource.canonical for resource in service.router.resources()}
    assert served == set(re.findall(r"^\| `(/.*?)` \|", RUNNING, re.MULTILINE))


def test_the_two_commands_stand_at_the_top_of_the_readme() -> None:
    top = README[: README.index("\n## ")]
    assert "make run" in top
    assert "make test" in top


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
