"""The command line: what it prints, on which stream, with which exit code, and that nothing ends in a traceback."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

import bot
from bot import explain, words
from bot.__main__ import app
from bot.effects import Say, SeekMentors
from bot.inforce import InForce
from bot.memory import ledger, mentorings, migrations, schema
from bot.memory.project import project
from bot.memory.store import Store
from bot.mentors import Because as Reason
from bot.mentors import State
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.waiting import Because, Evidence, On, Waiting
from bot.web.playview import reasons

ROOT: Final = Path(bot.__file__).parent.parent
VARIABLES: Final = (
    "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET", "GITHUB_API_URL", "START_LIVE", "DATABASE_URL",
    "HOST", "PORT", "LOG_LEVEL", "LOG_FORMAT", "SECRET_KEY", "PUBLIC_URL", "GITHUB_URL",
)  # fmt: skip
NOWHERE: Final = "http://127.0.0.1:9"  # nobody answers there
IN_EARNEST: Final = 60  # seconds of real time, after which a program hangs


def run(*args: str | Path, **environ: str) -> Result:
    """The command, in this process. Whatever it raises but its own end comes out."""
    env = dict.fromkeys(VARIABLES) | environ
    result = CliRunner().invoke(app, [str(arg) for arg in args], env=env, prog_name="switchback")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "bot", *map(str, args)]


def surroundings(**environ: str) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return bare | {"PYTHONPATH": str(ROOT)} | environ


def program(folder: Path, *args: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as a program of its own, in another folder than ours."""
    env = surroundings(**environ)
    return subprocess.run(command(*args), cwd=folder, env=env, capture_output=True, text=True, timeout=IN_EARNEST)


def told(text: str) -> str:
    """The one line in which a command says why it stops."""
    [line] = text.splitlines()
    assert line.startswith("switchback: ")
    return line.removeprefix("switchback: ")


def right(private_key: str, folder: Path, **changes: str) -> dict[str, str]:
    return {
        "GITHUB_APP_ID": "12345", "GITHUB_APP_PRIVATE_KEY": private_key, "GITHUB_WEBHOOK_SECRET": "hunter2",
        "GITHUB_API_URL": NOWHERE, "DATABASE_URL": f"sqlite:///{folder}/memory.db", "PORT": "0",
    } | changes  # fmt: skip


def test_the_version_is_told(tmp_path: Path) -> None:
    assert (run("--version").exit_code, run("--version").stdout) == (0, f"switchback {bot.__version__}\n")
    assert program(tmp_path, "--version").stdout == f"switchback {bot.__version__}\n"


def test_without_anything_it_tells_what_there_is(tmp_path: Path) -> None:
    shown = program(tmp_path)
    assert shown.returncode in {0, 2}
    assert "..." not in shown.stdout
    for word in ("Usage", "serve", "play", "explain", "--version"):
        assert word in shown.stdout + shown.stderr


@pytest.mark.parametrize("name", ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"])
def test_serve_says_what_is_missing(name: str, private_key: str, tmp_path: Path) -> None:
    environ = right(private_key, tmp_path)
    del environ[name]
    result = run("serve", **environ)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result.stderr).startswith(f"{name} is not set. How to get it: ")
    assert list(tmp_path.iterdir()) == []


def test_serve_says_it_in_a_program_too(tmp_path: Path) -> None:
    result = program(tmp_path, "serve", GITHUB_APP_ID="12345")
    assert (result.returncode, result.stdout) == (2, "")
    assert told(result.stderr).startswith("GITHUB_APP_PRIVATE_KEY is not set.")


A_DURATION: Final = "a duration needs a number and its unit: minutes, hours, days or weeks"
FIRST_ISUE: Final = "welcome.first_isue; did you mean first_issue?"


@pytest.mark.parametrize("args", [("serve",), ("play",), ("explain", "alpine-tools/trail-maps#5")], ids=lambda a: a[0])
def test_mistakes_in_the_configuration_are_told_with_their_place(
    args: tuple[str, ...], private_key: str, tmp_path: Path
) -> None:
    config = tmp_path / "switchback.yml"
    config.write_text("welcome:\n  hold: soon\n  first_isue: no\n")
    result = run(*args, "--config", config, **right(private_key, tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"switchback: switchback.yml:2:3: welcome.hold: {A_DURATION} (for example: hold: 2 hours)",
        f"switchback.yml:3:3: there is no setting {FIRST_ISUE} (for example: first_issue: true)",
    ]
    missing = run(*args, "--config", tmp_path / "no.yml", **right(private_key, tmp_path))
    assert (missing.exit_code, f"{tmp_path}/no.yml: cannot be read" in told(missing.stderr)) == (2, True)


@pytest.mark.parametrize("name", ["serve", "play"])
def test_a_port_in_use_is_told_in_one_line(name: str, private_key: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        result = program(tmp_path, name, **right(private_key, tmp_path, PORT=port, LOG_LEVEL="error"))
    assert (result.returncode, result.stdout) == (1, "")
    assert told(result.stderr).lower() == f"cannot listen on 127.0.0.1:{port} (host and port): address already in use"


@pytest.mark.parametrize("host", ["nowhere.invalid", "x" * 64 + ".org", "203.0.113.1"])
def test_a_host_that_is_none_of_ours_is_told_in_one_line(host: str, private_key: str, tmp_path: Path) -> None:
    result = program(tmp_path, "serve", **right(private_key, tmp_path, HOST=host, LOG_LEVEL="error"))
    assert (result.returncode, result.stdout) == (1, "")
    assert told(result.stderr).startswith(f"cannot listen on {host}:0 (HOST and PORT): ")


def test_a_database_that_cannot_be_opened_is_told_in_one_line(private_key: str, tmp_path: Path) -> None:
    result = program(tmp_path, "serve", **right(private_key, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/no/x.db"))
    assert result.returncode == 1
    assert told(result.stderr).startswith("the database (DATABASE_URL) cannot be used: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_serve_tells_where_it_is_and_ends_when_it_is_told_to(host: str, private_key: str, tmp_path: Path) -> None:
    try:
        socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        pytest.skip(f"{host} is not an address of this machine")
    env = surroundings(**right(private_key, tmp_path, LOG_FORMAT="json", HOST=host))
    with subprocess.Popen(command("serve"), cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        ready = next(entry for line in process.stderr if (entry := json.loads(line))["event"] == "ready")
        process.send_signal(signal.SIGTERM)
        assert process.wait(IN_EARNEST) == 0
    shown = f"[{host}]" if ":" in host else host
    assert ready["url"].startswith(f"http://{shown}:")
    assert ready["webhook"] == ready["url"] + "/webhook"


ADA: Final = {"id": 7, "login": "ada", "type": "User"}
GOAT: Final = {"id": 9, "login": "goat[bot]", "type": "Bot"}
DAY: Final = datetime(2026, 11, 23, tzinfo=UTC)
HERE: Final = Repo(RepoId(100), OwnerId(1), "alpine-tools", "trail-maps")


def today() -> str:
    """The day on which `opened` is, a minute ago."""
    return f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%d}"


def opened(
    number: int, *, action: str = "opened", repository: str = "trail-maps", by: Any = ADA, body: str = "",
    state: str = "open",
) -> dict[str, Any]:  # fmt: skip
    """What GitHub sends when somebody opens an issue, a minute ago."""
    at = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    owner = {"id": 1, "login": "alpine-tools", "type": "Organization"}
    issue = {
        "number": number, "id": 500 + number, "node_id": "I_5", "created_at": at, "updated_at": at, "state": state,
        "title": "The map is upside down", "body": body, "user": by, "labels": [{"name": "bug"}],
        "author_association": "NONE",
    }  # fmt: skip
    place = {"id": 100, "name": repository, "owner": owner, "html_url": f"https://github.com/alpine-tools/{repository}"}
    return {"action": action, "issue": issue, "repository": place, "organization": owner, "sender": by}


Fill = Callable[..., str]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Makes a memory of these payloads; the past before them is read. Returns its URL."""

    def fill(*payloads: dict[str, Any], past_is_read: bool = True, said: Say | None = None) -> str:
        url, now = f"sqlite:///{tmp_path}/memory.db", datetime.now(UTC)
        with closing(Store(url)) as store:
            migrations.upgrade(store)
            for payload in payloads:
                store.write_now(partial(project, event="issues", data=payload, heard_at=now))
            if past_is_read:
                known = schema.owners.update().values(past_read_at=now, team_read_at=now)
                store.write_now(lambda db: db.execute(known))
            if said is not None:
                store.write_now(lambda db: ledger.claim(db, said, PersonId(7), HERE, InstallationId(9), now))
                store.write_now(lambda db: ledger.done(db, said.key, now, 77, "https://github.com/x#77"))
        return url

    return fill


SAID: Final = Say(
    rule="welcome", key="welcome/issue/1/7", why="first issue of ada [b]in alpine-tools[/b]",
    thread=ThreadRef(HERE.id, 5), template="welcome-issue", language="en", to=Person(PersonId(7), "ada"),
)  # fmt: skip


def test_explain_tells_what_would_be_said_and_why(fill: Fill) -> None:
    result = run("explain", "Alpine-Tools/trail-MAPS#5", DATABASE_URL=fill(opened(5)))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "alpine-tools/trail-maps#5",
        f"  waits for triage by the team since {today()}: nobody of the team has answered; late after 4 working days",
        "  now  welcome  would write, if it were switched on, welcome-issue to ada: first issue of ada in alpine-tools",
        "  now  invitation  stays silent: it shows 0 of 3 signs that its author knows the system",
    ]


def test_explain_tells_whom_a_thread_waits_for_and_what_tells_so(fill: Fill) -> None:
    url = fill(opened(5), opened(6, state="closed"), past_is_read=False)
    waiting = json.loads(run("explain", "--json", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout)["waiting"]
    assert (waiting["on"], waiting["late_after"]) == ("triage", 4)
    [evidence] = waiting["evidence"]
    assert evidence == {"because": "nobody of the team has answered", "at": waiting["since"], "who": "", "about": ""}
    assert datetime.fromisoformat(waiting["since"]).tzinfo is not None
    closed = ("explain", "alpine-tools/trail-maps#6")
    assert json.loads(run(*closed, "--json", DATABASE_URL=url).stdout)["waiting"] is None
    assert "waits" not in run(*closed, DATABASE_URL=url).stdout


@pytest.mark.parametrize(
    ("waiting", "late_after", "says"),
    [
        (
            Waiting(on=On.AUTHOR, since=DAY, evidence=(Evidence(because=Because.TEAM_ASKED, at=DAY, who="grace"),)),
            None,
            "waits for its author since 2026-11-23: somebody of the team asked its author something (grace)",
        ),
        (
            Waiting(on=On.TEAM, since=DAY, evidence=(
                Evidence(because=Because.AUTHOR_SPOKE, at=DAY, who="ada"),
                Evidence(because=Because.NEEDS_INFO, at=DAY - timedelta(days=3), who="grace", about="needs-info"),
            )),
            1,
            (
                "waits for the team since 2026-11-23: its author spoke last (ada); a label says that something is "
                "missing (needs-info, grace, 2026-11-20); late after 1 working day"
            ),
        ),
    ],
    ids=["one sign", "two signs"],
)  # fmt: skip
def test_the_signs_are_told_in_one_line(waiting: Waiting, late_after: int | None, says: str) -> None:
    assert explain.state(waiting, late_after) == says


def test_explain_tells_what_was_done(fill: Fill) -> None:
    url = fill(opened(5), said=SAID)
    _, _, line, now, _ = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout.splitlines()
    assert line.endswith("  welcome  done  first issue of ada [b]in alpine-tools[/b]")
    assert now == "  now  welcome  stays silent: ada has been welcomed here"
    [done] = json.loads(run("explain", "--json", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout)["done"]
    assert (done["key"], done["state"], done["url"]) == (SAID.key, "done", "https://github.com/x#77")
    assert datetime.fromisoformat(done["at"]).tzinfo is not None


def test_explain_tells_how_far_a_mentoring_is(fill: Fill) -> None:
    url = fill(opened(5))
    thread, ada = ThreadRef(HERE.id, 5), Person(PersonId(7), "ada")
    order = SeekMentors(
        rule="answers", key="seek", why="", thread=thread, person=ada, as_of=DAY, because=Reason.ASKED, mentee=ada,
    )  # fmt: skip
    with closing(Store(url)) as store:
        store.write_now(lambda db: mentorings.begin(db, HERE.owner_id, order))
    lines = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout.splitlines()
    assert "  mentoring is seeking since 2026-11-23; asks left: 3" in lines
    told = json.loads(run("explain", "--json", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout)["mentoring"]
    assert (told["state"], told["mentee"], told["next"], told["weighed"]) == ("seeking", "ada", None, [])
    with closing(Store(url)) as store:
        seen = store.read_now(lambda db: explain.explain(db, thread, datetime.now(UTC), InForce()))
        assert "Mentoring is seeking since 2026-11-23; asks left: 3." in reasons(seen)
        store.write_now(lambda db: mentorings.to(db, thread, DAY, State.ENDED, DAY))
    over = run("explain", "--json", "alpine-tools/trail-maps#5", DATABASE_URL=url).stdout
    assert json.loads(over)["mentoring"] is None


@pytest.mark.parametrize(
    ("payload", "known", "config", "effect", "says"),
    [
        pytest.param(opened(5), False, "", "learn", "would first ask GitHub who belongs to the", id="asks"),
        pytest.param(opened(5, by=GOAT), True, "", "quiet", "stays silent: goat[bot] is a bot", id="silent"),
        pytest.param(opened(5), True, "{hold: 2 hours}", "look_again", " UTC: leaves the team 2 hours", id="waits"),
        pytest.param(opened(5, body="/no-bot"), True, "", "react", "+1: ada asked with /no-bot", id="reacts"),
    ],
)
def test_explain_tells_every_wish(
    payload: dict[str, Any], known: bool, config: str, effect: str, says: str, fill: Fill, tmp_path: Path
) -> None:
    (tmp_path / "config.yml").write_text(f"welcome: {config or '{}'}\n")
    args = ("explain", "alpine-tools/trail-maps#5", "--config", tmp_path / "config.yml")
    url = fill(payload, past_is_read=known)
    assert says in run(*args, DATABASE_URL=url).stdout.splitlines()[2]
    assert json.loads(run(*args, "--json", DATABASE_URL=url).stdout)["now"][0]["effect"] == effect


def test_explain_tells_long_names_in_one_line(fill: Fill) -> None:
    name = "long-" * 19 + "name"
    result = run("explain", f"alpine-tools/{name}#5", DATABASE_URL=fill(opened(5, repository=name)))
    assert result.stdout.splitlines()[0] == f"alpine-tools/{name}#5"


def test_explain_as_json_holds_the_whole_text(fill: Fill, tmp_path: Path) -> None:
    config = tmp_path / "es.yml"
    config.write_text("language: es\n")
    result = run("explain", "--json", "alpine-tools/trail-maps#5", "--config", config, DATABASE_URL=fill(opened(5)))
    told = json.loads(result.stdout)
    [now] = [one for one in told["now"] if one["rule"] == "welcome"]
    assert (told["thread"], told["done"]) == ("alpine-tools/trail-maps#5", [])
    assert (now["rule"], now["effect"], now["to"], now["key"]) == ("welcome", "say", "ada", SAID.key)
    assert now["text"].startswith("Te damos la bienvenida, @ada")


GONE: Final = "alpine-tools/trail-maps#7"


@pytest.mark.parametrize("thread", ["alpine-tools/trail-maps#6", "alpine-tools/huts#5", "nobody/trail-maps#5", GONE])
def test_explain_does_not_know_every_thread(thread: str, fill: Fill) -> None:
    result = run("explain", thread, DATABASE_URL=fill(opened(5), opened(7), opened(7, action="deleted")))
    assert (result.exit_code, result.stdout) == (1, "")
    assert told(result.stderr).startswith(f"{thread} is not known here: no delivery has told of it, or it is gone; ")


@pytest.mark.parametrize(
    "thread",
    ["", "5", "#5", "trail-maps#5", "alpine-tools/trail-maps", "alpine-tools/trail-maps#", "a/b/c#5", "a/b#five",
     "a/b#-5", "a/b#5#6", "/b#5", "https://github.com/a/b/issues/5"],
)  # fmt: skip
def test_explain_says_how_a_thread_is_written(thread: str, fill: Fill) -> None:
    result = run("explain", "--", thread, DATABASE_URL=fill())
    assert result.exit_code == 2
    assert told(result.stderr).startswith(f"'{thread}' is not a thread: write OWNER/REPO#NUMBER")


@pytest.mark.parametrize("digits", [30, 5000])
def test_explain_bears_any_number(digits: int, fill: Fill) -> None:
    result = run("explain", f"alpine-tools/trail-maps#{'9' * digits}", DATABASE_URL=fill(opened(5)))
    assert result.exit_code in {1, 2}
    assert told(result.stderr)


def test_explain_makes_no_database(tmp_path: Path) -> None:
    result = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=f"sqlite:///{tmp_path}/no.db")
    assert result.exit_code == 2
    assert told(result.stderr).startswith(f"there is no database at {tmp_path}/no.db: set DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_something_else_is_told_in_one_line(fill: Fill, tmp_path: Path) -> None:
    says = "the database (DATABASE_URL) cannot be used: it is not a database of Switchback, or not yet upgraded"
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE threads (id INTEGER)")
    result = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    assert (result.exit_code, told(result.stderr).startswith(says)) == (1, True)

    url = fill(opened(5))
    with closing(Store(url)) as store:
        store.write_now(lambda db: db.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    result = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=url)
    assert (result.exit_code, told(result.stderr).startswith(says)) == (1, True)


def test_a_message_that_cannot_be_written_is_told_in_one_line(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(effect: Say) -> str:
        raise words.WordsError(f"en/{effect.template}.md: UndefinedError: 'x' is undefined")

    monkeypatch.setattr(words, "render", broken)
    result = run("explain", "--json", "alpine-tools/trail-maps#5", DATABASE_URL=fill(opened(5)))
    assert (result.exit_code, result.stdout) == (1, "")
    says = "a message cannot be written: en/welcome-issue.md: UndefinedError: 'x' is undefined"
    assert told(result.stderr) == says


@pytest.mark.parametrize("content", [b"", b"no database\n" * 500], ids=["empty", "of-something-else"])
def test_a_file_that_is_no_memory_is_told_in_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "memory.db"
    file.write_bytes(content)
    result = run("explain", "alpine-tools/trail-maps#5", DATABASE_URL=f"sqlite:///{file}")
    assert result.exit_code == 1
    assert told(result.stderr).startswith("the database (DATABASE_URL) cannot be used: ")
