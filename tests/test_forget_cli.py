"""What the command line does for people who want to know what is stored about them, or to be forgotten."""

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.memory import inbox, intake, schema
from bot.memory.store import Store
from tests.memory.conftest import Village, build_village, opened, tell
from tests.stage import BEGIN

UNKNOWN: Final = "nobody-of-that-name"


@pytest.fixture
def village() -> Village:
    return build_village()


@pytest.fixture
def database_url(tmp_path: Path, village: Village) -> str:
    """Ada opened an issue, which Grace labelled and gave to her; and commented on another."""
    world = village.world
    issue = world.open_issue(village.maps, by=village.ada, title="A")
    world.label(issue, "bug", by=village.grace)
    world.assign(issue, village.ada, by=village.grace)
    world.comment(world.open_issue(village.huts, by=village.linus, title="B"), by=village.ada, body="Me too")
    world.push(village.maps, by=village.grace, author=village.ada, files=["a.py"], message="A change")
    url = f"sqlite:///{tmp_path}/memory.db"
    with opened(url) as store:
        store.write_now(lambda db: tell(db, village.deliveries))
    return url


def run(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"DATABASE_URL": database_url})


def rows(database_url: str) -> str:
    """All that is there, as text."""
    store = Store(database_url)
    tables = [table for table in schema.metadata.tables.values() if table is not schema.deliveries]
    told = store.read_now(lambda db: repr([db.execute(select(table)).all() for table in tables]))
    store.close()
    return told


@pytest.mark.parametrize("name", ["ada", "@Ada"])
def test_all_that_is_stored_about_somebody_is_printed(database_url: str, village: Village, name: str) -> None:
    before = rows(database_url)
    done = run(database_url, "export", name)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.output)
    assert told["person"] == {"id": village.ada.id, "login": "ada", "bot": False}
    assert set(told["stored"]) == {"people", "threads", "activity", "happenings", "commits"}
    [thread] = told["stored"]["threads"]
    assert (thread["author_id"], thread["created_at"]) == (village.ada.id, BEGIN.isoformat())
    assert [step["step"] for step in told["stored"]["happenings"]] == ["assigned"]
    assert told["names"]["repos"][str(village.maps.id)] == "alpine-tools/maps"
    assert rows(database_url) == before


def test_a_delivery_that_could_not_be_processed_is_printed_with_its_text(database_url: str, village: Village) -> None:
    store = Store(database_url)
    broken = {"action": "opened", "issue": {"user": {"id": village.ada.id, "login": "ada"}}, "repository": 7}
    for guid, payload in (("a-guid", broken), ("another", {"repository": 7})):
        delivery = inbox.Delivery(id=guid, event="issues", payload=json.dumps(payload).encode(), received_at=BEGIN)
        store.write_now(partial(inbox.insert, batch=[delivery]))
    while store.write_now(lambda db: intake.take_in(db, BEGIN, start_live=True)):
        pass
    store.close()
    [told] = json.loads(run(database_url, "export", "ada").output)["stored"]["deliveries"]
    assert (told["id"], json.loads(told["payload"])) == ("a-guid", broken)


def test_the_id_tells_who_it_is_as_well(database_url: str, village: Village) -> None:
    assert run(database_url, "export", str(village.ada.id)).output == run(database_url, "export", "ada").output


def test_who_is_forgotten_is_in_no_table_any_more(database_url: str, village: Village) -> None:
    done = run(database_url, "forget", "ada", "--yes")
    assert done.exit_code == 0, done.output
    assert str(village.ada.id) in done.output
    told = rows(database_url)
    assert str(village.ada.id) not in told
    assert "'ada'" not in told
    again = run(database_url, "export", "ada")
    assert (again.exit_code, again.output) == (1, "switchback: nothing is known of ada\n")


def test_who_is_forgotten_stays_so_until_an_admin_takes_it_back(database_url: str, village: Village) -> None:
    run(database_url, "forget", "ada", "--yes")
    hear(database_url, village)
    assert run(database_url, "export", "ada").exit_code == 1
    done = run(database_url, "forget", str(village.ada.id), "--undo")
    assert (done.exit_code, done.output) == (0, f"{village.ada.id} is recorded again from now on.\n")
    hear(database_url, village)
    assert run(database_url, "export", "ada").exit_code == 0


def hear(database_url: str, village: Village) -> None:
    """Something new of Ada's."""
    told = len(village.deliveries)
    village.later(hours=1)
    village.world.open_issue(village.maps, by=village.ada, title="C")
    store = Store(database_url)
    store.write_now(lambda db: tell(db, village.deliveries[told:], village.clock()))
    store.close()


REFUSALS: Final = [
    pytest.param(("export", UNKNOWN), 1, f"nothing is known of {UNKNOWN}", id="export of a stranger"),
    pytest.param(("forget", UNKNOWN, "--yes"), 1, f"nothing is known of {UNKNOWN}", id="a stranger"),
    pytest.param(("forget", "ada"), 2, "this cannot be taken back: say --yes if you mean it", id="nobody to ask"),
    pytest.param(("forget", "ada", "--undo"), 2, "who is forgotten is known by no name", id="undone by name"),
    pytest.param(("forget", "4711", "--undo"), 1, "4711 was not forgotten here", id="was never forgotten"),
]


@pytest.mark.parametrize(("arguments", "code", "says"), REFUSALS)
def test_what_cannot_be_done_is_told_with_what_to_do(
    database_url: str, arguments: tuple[str, ...], code: int, says: str
) -> None:
    before = rows(database_url)
    done = run(database_url, *arguments)
    assert done.exit_code == code
    assert done.output.startswith(f"switchback: {says}")
    assert rows(database_url) == before


@pytest.mark.parametrize("command", [("export", "ada"), ("forget", "ada", "--yes")], ids=" ".join)
def test_a_database_that_is_none_of_ours_is_left_alone(tmp_path: Path, command: tuple[str, ...]) -> None:
    missing = run(f"sqlite:///{tmp_path}/none.db", *command)
    assert (missing.exit_code, "there is no database at" in missing.output) == (2, True)
    (tmp_path / "empty.db").touch()
    other = run(f"sqlite:///{tmp_path}/empty.db", *command)
    assert other.exit_code == 1
    assert "not a database of Switchback, or not yet upgraded" in other.output
