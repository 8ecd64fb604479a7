"""`python -m bot check-ins`: for admins at the terminal."""

import json
from contextlib import closing
from pathlib import Path

from bot.memory import migrations, schema
from bot.memory.places import InstallationState
from bot.memory.store import Store
from tests.memory.conftest import OWNER, Archive
from tests.stage import BEGIN
from tests.test_cli import run, told


def memory(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/memory.db"
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        archive = Archive(store)
        archive.put(schema.installations, id=1, owner_id=OWNER, state=InstallationState.ACTIVE, heard_at=BEGIN, live=[])
    return url


def test_it_is_told_how_it_stands(tmp_path: Path) -> None:
    url = memory(tmp_path)
    result = run("check-ins", "Alpine-Tools", DATABASE_URL=url)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "alpine-tools: check-ins are in shadow mode: nobody is asked; no private place is named (team.place)",
            "  nobody is due, or was asked of late",
        ],
    )
    [found] = json.loads(run("check-ins", "--json", DATABASE_URL=url).stdout)
    assert (found["organisation"], found["people"]) == ("alpine-tools", [])
    result = run("check-ins", "nowhere", DATABASE_URL=url)
    assert (result.exit_code, told(result.stderr)) == (1, "nowhere is not known here")
