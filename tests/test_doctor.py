"""The doctor: whoever is well hears that; troubles come first; what failed is tried again; no secret is shown."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import text

from bot import doctor
from bot.doctor import Examination, memory, telling
from bot.doctor.finding import Finding, State
from bot.logs import Veil
from bot.memory import inbox, migrations
from bot.memory.inbox import Delivery
from bot.memory.store import Store
from tests import postgres
from tests.clinic import DAY, HOUR, NOWHERE, Clinic, clinic_at
from tests.stage import SECRET, StageClock


@pytest.fixture
async def clinic(clock: StageClock, private_key: str, tmp_path: Path) -> AsyncIterator[Clinic]:
    async with AsyncExitStack() as stack:
        yield await clinic_at(clock, private_key, tmp_path, stack)


async def test_whoever_is_well_hears_that(clinic: Clinic) -> None:
    found = await clinic.examine()
    assert found.code == 0
    assert [finding for finding in found.findings if finding.state is not State.FINE] == []
    assert {finding.check for finding in found.findings} == {
        "settings", "database", "service", "recovery", "failed deliveries", "threads given up", "credentials", "clock",
        "configuration",
        "permissions", "installations", "webhook", "deliveries", "past", "repositories",
    }  # fmt: skip


async def test_what_can_be_looked_at_is_looked_at_all_the_same(clinic: Clinic) -> None:
    clinic.receive("waits", age=3 * HOUR)
    clinic.environ["GITHUB_API_URL"] = NOWHERE
    found = await clinic.examine()
    checks = {finding.check: finding.state for finding in found.findings}
    assert (checks["GitHub"], checks["service"], checks["past"]) == (State.WRONG, State.WRONG, State.FINE)

    del clinic.environ["GITHUB_APP_ID"]
    found = await clinic.examine()
    assert found.code == 2
    assert {"settings", "service", "past"} <= {finding.check for finding in found.findings}

    clinic.environ |= {"GITHUB_APP_ID": str(clinic.outpost.cast.app.id), "GITHUB_API_URL": clinic.outpost.github.url}
    clinic.environ["DATABASE_URL"] = "sqlite:////no/such/memory.db"
    found = await clinic.examine()
    assert found.code == 1
    assert {"database", "credentials", "deliveries"} <= {finding.check for finding in found.findings}


async def test_a_database_that_somebody_else_holds_is_told(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.memory.store._PATIENCE", 0.1)
    with clinic.store.engine.connect() as other:
        other.execute(text("SELECT 1"))  # begins a transaction that writes
        found = await clinic.examine()
    [database] = [finding for finding in found.findings if finding.check == "database"]
    assert (database.state, "cannot be written to" in database.what) == (State.WRONG, True)
    assert "service" in {finding.check for finding in found.findings}


@pytest.fixture(params=postgres.KINDS)
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with postgres.database(request.param, request.config, tmp_path) as url:
        yield url


def test_both_kinds_of_database_can_be_looked_at(any_database: str, clock: StageClock) -> None:
    with pytest.raises(memory.Unusable, match=r"is not a database of Switchback|there is no database"):
        memory.opened(any_database)
    with closing(Store(any_database)) as store:
        migrations.upgrade(store)
    with closing(memory.opened(any_database)) as store:
        found = memory.look(store, any_database, clock())
    assert {finding.state for finding in found} == {State.FINE}
    assert "can be written to" in found[0].what
    assert "@" not in found[0].what  # nor the password before it


async def test_it_works_beside_a_running_service(clinic: Clinic) -> None:
    async with clinic.outpost.open():
        assert (await clinic.examine()).code == 0


async def test_it_makes_nothing_and_changes_nothing(clinic: Clinic) -> None:
    clinic.receive("odd", error="it broke")
    clinic.environ["DATABASE_URL"] = f"sqlite:///{clinic.outpost.database.parent}/new.db"
    await clinic.examine(retry=True)
    assert not (clinic.outpost.database.parent / "new.db").exists()
    clinic.environ["DATABASE_URL"] = f"sqlite:///{clinic.outpost.database}"
    await clinic.examine()
    assert clinic.store.read_now(inbox.backlog).failed == 1
    assert {seen.method for seen in clinic.outpost.github.requests if seen.path.startswith("/app/hook")} == {"GET"}


async def test_what_failed_is_tried_again_when_it_is_asked_to(clinic: Clinic) -> None:
    outpost = clinic.outpost
    issue = outpost.world.open_issue(outpost.cast.maps, by=outpost.cast.linus, title="Hello")
    await outpost.github.courier.drained()
    delivery = outpost.world.deliveries[-1]
    failed = Delivery(delivery.guid, delivery.event, delivery.body, clinic.now)
    clinic.write(lambda db: inbox.insert(db, [failed]))
    [(seq, _)] = clinic.store.read_now(lambda db: inbox.next_new(db, 1))
    clinic.write(lambda db: inbox.settle(db, [], [(seq, "a fault that is mended now")]))
    clinic.look(clinic.thread, due=-HOUR, dead="the app lacks a permission: issues")
    first = await clinic.examine(retry=True)
    assert first.findings[-1] == Finding(
        "retry", State.FINE,
        "1 delivery and 1 thread will be tried again: by a running service within half a minute, otherwise at the next "
        "start",
    )  # fmt: skip
    async with outpost.open():
        await outpost.later(minutes=2)
    assert len(outpost.said(issue)) == 1
    second = await clinic.examine(retry=True)
    assert second.findings[-1].what.startswith("0 deliveries and 0 threads will be tried again")
    assert (first.code, second.code) == (1, 0)


def shown(found: Examination, veil: Veil, width: int = 100) -> str:
    out = StringIO()
    telling.tell(found.findings, veil, Console(file=out, width=width, highlight=False))
    return out.getvalue()


async def test_people_are_told_the_worst_first(clinic: Clinic) -> None:
    clinic.poisoned()
    clinic.named_only()
    lines = [line.rstrip() for line in shown(await clinic.examine(), Veil(())).splitlines()]
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert headings == ["Wrong", "Worth knowing", "Fine", "One thing is wrong."]
    assert lines[1] == " ✗ lost deliveries: 1 delivery did not get here, though tried 4 times"
    assert lines[2] == "     · issues, 8 hours ago: Invalid HTTP Response: 400"
    assert lines[3].startswith("   → The service does not ask for it any more.")
    assert shown(Examination(), Veil(())).strip() == "Nothing is wrong."


async def test_programs_get_a_list(clinic: Clinic) -> None:
    clinic.poisoned()
    told = json.loads(telling.as_json((await clinic.examine()).findings, Veil(())))
    assert all(set(one) == {"check", "state", "what", "how"} for one in told)
    [lost] = [one for one in told if one["check"] == "lost deliveries"]
    assert lost["state"] == "wrong"
    assert lost["what"].endswith("\nissues, 8 hours ago: Invalid HTTP Response: 400")


async def test_no_secret_is_shown(clinic: Clinic) -> None:
    clinic.look(clinic.thread, due=-HOUR, dead=f"it said {SECRET}")
    found = await clinic.examine()
    assert found.settings is not None
    veil = Veil(found.settings.secrets())
    for out in (shown(found, veil), telling.as_json(found.findings, veil)):
        assert "it said …" in out
        assert SECRET not in out
        assert "PRIVATE KEY" not in out


async def run(folder: Path, environ: dict[str, str], *args: str) -> tuple[int, str, str]:
    """The command as a program of its own: exit code, standard output and error."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "DATABASE_"))}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "doctor", *args, cwd=folder, stdout=-1, stderr=-1,
        env=bare | {"PYTHONPATH": str(Path(doctor.__file__).parent.parent.parent), "COLUMNS": "100"} | environ,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, err = await program.communicate()
    assert program.returncode is not None
    return program.returncode, out.decode(), err.decode()


async def test_the_command(private_key: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        clock = StageClock(datetime.now(UTC) - DAY - timedelta(minutes=62))
        clinic = await clinic_at(clock, private_key, tmp_path, stack)
        code, out, err = await run(tmp_path, clinic.environ)
        assert (code, err) == (0, "")
        assert out.rstrip().endswith("Nothing is wrong.")

        clinic.receive("odd", error="it broke")
        code, out, err = await run(tmp_path, clinic.environ, "--json", "--retry")
        assert (code, err) == (1, "")
        told = {one["check"]: one for one in json.loads(out)}
        assert told["failed deliveries"]["state"] == "wrong"
        assert told["retry"]["what"].startswith("1 delivery and 0 threads will be tried again")

        del clinic.environ["GITHUB_WEBHOOK_SECRET"]
        code, out, err = await run(tmp_path, clinic.environ)
        assert (code, err) == (2, "")
        assert "GITHUB_WEBHOOK_SECRET is not set" in " ".join(out.split())
