"""The app's credentials in the database: sealed with SECRET_KEY, found by every command, nowhere in the clear."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from bot import credentials, doctor
from bot.__main__ import app as commands
from bot.memory import app as stored
from bot.memory import migrations
from bot.memory.store import Store
from bot.settings import CREDENTIALS, Credentials, Secret, Settings, SettingsError, Surroundings
from tests.stage import BEGIN, StageClock

KEY: Final = "a key for the tests, which is long enough"
OTHER: Final = "another key for the tests, as long as it"
NOWHERE: Final = "http://127.0.0.1:9"  # nobody answers there


@pytest.fixture
def app(private_key: str) -> Credentials:
    return Credentials(app_id="12345", private_key=Secret(private_key), webhook_secrets=(Secret("hunter2-but-longer"),))


@pytest.fixture
def environ(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "SECRET_KEY": KEY, "GITHUB_API_URL": NOWHERE}


@contextmanager
def opened(url: str) -> Iterator[Store]:
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        yield store


def keep(url: str, app: Credentials, key: str = KEY) -> bool:
    with opened(url) as store:
        return store.write_now(lambda db: credentials.keep(db, app, Secret(key), BEGIN))


def run(*arguments: str, **environ: str) -> Result:
    bare = dict.fromkeys((*CREDENTIALS, "SECRET_KEY", "DATABASE_URL", "GITHUB_API_URL", "PORT", "HOST"))
    return CliRunner().invoke(commands, list(arguments), env=bare | environ)


def test_what_is_sealed_is_opened_with_the_same_key_only(app: Credentials) -> None:
    sealed = credentials.seal(app, Secret(KEY))
    assert credentials.unseal(sealed, Secret(KEY)) == app
    assert sealed != credentials.seal(app, Secret(KEY))  # nobody sees whether it is the same
    for value in ("hunter2", "PRIVATE KEY", "12345", KEY):
        assert value.encode() not in sealed
    for key, data in ((OTHER, sealed), (KEY, sealed[:-1]), (KEY, b""), (KEY, b"no token")):
        with pytest.raises(SettingsError, match="SECRET_KEY is not the one"):
            credentials.unseal(data, Secret(key))


def test_an_app_in_the_database_is_as_good_as_one_in_the_environment(
    app: Credentials, environ: dict[str, str], database_url: str
) -> None:
    assert keep(database_url, app)
    found = credentials.settings_or_surroundings(environ)
    assert isinstance(found, Settings)
    assert (found.app_id, found.private_key, found.webhook_secrets) == ("12345", app.private_key, app.webhook_secrets)
    assert (found.database_url, found.api_url) == (database_url, NOWHERE)
    assert credentials.settings_with_app(environ) == found
    assert {KEY, "hunter2-but-longer", app.private_key.reveal()} <= set(found.secrets())


def test_the_environment_goes_first(app: Credentials, environ: dict[str, str], database_url: str) -> None:
    keep(database_url, app)
    values = ("777", app.private_key.reveal(), "another secret")
    found = credentials.settings_with_app(environ | dict(zip(CREDENTIALS, values, strict=True)))
    assert (found.app_id, found.webhook_secrets) == ("777", (Secret("another secret"),))
    with pytest.raises(SettingsError, match="GITHUB_APP_PRIVATE_KEY is not set"):  # half of it is a mistake
        credentials.settings_or_surroundings(environ | {"GITHUB_APP_ID": "777"})


def test_without_an_app_it_is_to_be_set_up(environ: dict[str, str], database_url: str, tmp_path: Path) -> None:
    empty = dict.fromkeys(CREDENTIALS, " ")  # as platforms hand on what was left empty
    for given in (environ, environ | empty):
        found = credentials.settings_or_surroundings(given)
        assert isinstance(found, Surroundings)
        assert not isinstance(found, Settings)
        assert KEY in found.secrets()
    assert list(tmp_path.iterdir()) == []  # no database is made by looking
    with closing(Store(database_url)):  # there is a file, but no table
        assert not isinstance(credentials.settings_or_surroundings(environ), Settings)
    with pytest.raises(SettingsError, match="no app is set up here: start `python -m bot serve`"):
        credentials.settings_with_app(environ)


@pytest.mark.parametrize(
    ("key", "says"),
    [(None, "SECRET_KEY is not set, and"), (OTHER, "SECRET_KEY is not the one"), ("short", "SECRET_KEY is too short"),
     (" ", "SECRET_KEY is empty")],
    ids=["missing", "wrong", "short", "empty"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["serve", "backfill"])
def test_a_key_that_does_not_fit_is_told_in_one_line(
    command: str, key: str | None, says: str, app: Credentials, environ: dict[str, str], database_url: str
) -> None:
    keep(database_url, app)
    del environ["SECRET_KEY"]
    result = run(command, **environ | ({} if key is None else {"SECRET_KEY": key}))
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert line.startswith(f"switchback: {says}")


def test_commands_that_need_an_app_say_how_to_get_one(environ: dict[str, str]) -> None:
    result = run("backfill", **environ)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "open the address that it prints" in result.stderr


async def test_doctor_takes_the_app_of_the_database(
    app: Credentials, environ: dict[str, str], database_url: str, clock: StageClock
) -> None:
    keep(database_url, app)
    found = await doctor.examine(environ, None, clock)
    assert found.settings is not None
    assert found.settings.app_id == "12345"
    found = await doctor.examine(environ | {"SECRET_KEY": OTHER}, None, clock)
    assert (found.settings, found.code) == (None, 2)
    assert "SECRET_KEY is not the one" in found.findings[0].what
    found = await doctor.examine(environ | {"DATABASE_URL": "sqlite:////no/such/memory.db"}, None, clock)
    assert found.code == 2


def test_the_first_app_stays_until_it_is_dropped(app: Credentials, environ: dict[str, str], database_url: str) -> None:
    with opened(database_url):
        pass
    assert "keeps no app" in run("setup", **environ).stdout
    assert run("setup", "--reset", "--yes", **environ).exit_code == 1
    assert keep(database_url, app)
    assert not keep(database_url, app, OTHER)
    assert "The database keeps an app." in run("setup", **environ).stdout
    assert run("setup", "--reset", **environ).exit_code == 2  # nobody is there to be asked
    assert run("setup", "--reset", "--yes", **environ).exit_code == 0
    with opened(database_url) as store:
        assert store.read_now(stored.sealed) is None
    assert keep(database_url, app, OTHER)
