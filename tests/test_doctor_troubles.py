"""Each trouble is told by the doctor in plain words, with the way to mend it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from bot.doctor.finding import State
from bot.memory import schema
from bot.memory.store import Store
from bot.sandbox import Fault, weather
from bot.sandbox.acts.apps import new_private_key
from tests.clinic import DAY, HOUR, NOWHERE, URL, Clinic, clinic_at
from tests.stage import StageClock

CONFIG: Final = ("GET", "/app/hook/config")
LOG: Final = ("GET", "/app/hook/deliveries")


@pytest.fixture
async def clinic(clock: StageClock, private_key: str, tmp_path: Path) -> AsyncIterator[Clinic]:
    async with AsyncExitStack() as stack:
        yield await clinic_at(clock, private_key, tmp_path, stack)


def no_manifest_event(c: Clinic) -> None:
    c.outpost.cast.app.events.remove("label")
    c.installation.events.remove("label")


def not_asked(c: Clinic, name: str) -> None:
    del c.outpost.cast.app.permissions[name]
    del c.installation.permissions[name]


def not_granted(c: Clinic) -> None:
    c.installation.permissions["issues"] = "read"
    c.installation.events.remove("push")


def tells(c: Clinic, **config: object) -> None:
    good = {"url": URL, "content_type": "json", "insecure_ssl": "0", "secret": "********"}
    c.outpost.github.weather.next(Fault(match=CONFIG, status=200, body=good | config))


def revision(c: Clinic, number: str) -> None:
    c.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number}))


def another_database(c: Clinic) -> None:
    url = f"sqlite:///{c.outpost.database.parent}/other.db"
    with closing(Store(url)) as other:
        other.write_now(lambda db: db.execute(text("CREATE TABLE notes (id INTEGER)")))
    c.environ["DATABASE_URL"] = url


def silent(c: Clinic) -> None:
    """Of one repository nothing was heard for 40 days."""
    long_ago = c.now - 40 * DAY
    here = schema.repos.c.id == c.outpost.cast.huts.id
    c.write(lambda db: db.execute(schema.repos.update().where(here).values(heard_at=long_ago)))
    there = schema.threads.c.repo_id == c.outpost.cast.huts.id
    c.write(lambda db: db.execute(schema.threads.update().where(there).values(heard_at=long_ago)))
    c.outpost.world.attempts = [
        attempt for attempt in c.outpost.world.attempts if attempt.delivery.repository_id != c.outpost.cast.huts.id
    ]


def unreadable(c: Clinic) -> None:
    here = (schema.readings.c.repo_id == c.outpost.cast.huts.id) & (schema.readings.c.part == "discussions")
    c.write(lambda db: db.execute(schema.readings.update().where(here).values(why="GitHub forbids it")))


def without_text(c: Clinic) -> None:
    c.receive("x", error="the payload is gone")
    c.set(schema.deliveries, payload=None)


def three_failed(c: Clinic) -> None:
    for number in range(3):
        c.receive(f"{number}", error="KeyError: 'id'")


def never_delivered(c: Clinic) -> None:
    c.outpost.world.attempts.clear()
    c.forget(schema.deliveries)


def well_again(c: Clinic) -> None:
    c.failed("timed out", 504)
    c.tried("later", age=HOUR / 2)


def missed(c: Clinic) -> None:
    c.tried("x", age=2 * HOUR, code=504, status="timed out", received=False)
    c.tried("later", age=HOUR / 2)


def suspended(c: Clinic) -> None:
    with c.outpost.world.unheard():
        c.outpost.world.suspend(c.installation)


def uninstalled(c: Clinic) -> None:
    with c.outpost.world.unheard():
        c.outpost.world.uninstall(c.installation)


WRONG, NOTE = State.WRONG, State.WORTH_KNOWING
GRANT: Final = "https://github.com/organizations/alpine-tools/settings/apps/switchback/permissions"
ACCEPT: Final = "reviews and accepts it at https://github.com/organizations/alpine-tools/settings/installations/"
# What is done, the check that tells of it, its state, some of its words, and some of how to mend it.
TROUBLES: Final[dict[str, tuple[Callable[[Clinic], object], str, State, str, str]]] = {
    "no secret": (lambda c: c.environ.pop("GITHUB_WEBHOOK_SECRET"),
        "settings", WRONG, "GITHUB_WEBHOOK_SECRET is not set. How to get it: ", "as it is set for the service"),
    "no key": (lambda c: c.environ.update(GITHUB_APP_PRIVATE_KEY="/no/such/file.pem"),
        "settings", WRONG, "GITHUB_APP_PRIVATE_KEY is neither", ""),
    "a mistake in the configuration": (lambda c: setattr(c, "config", Path("/no/such/file.yml")),
        "configuration", WRONG, "/no/such/file.yml: cannot be read", "docs/configuration.md"),
    "no database": (lambda c: c.environ.update(DATABASE_URL="sqlite:////no/such/memory.db"),
        "database", WRONG, "there is no database at /no/such/memory.db", "python -m bot serve"),
    "no database server": (lambda c: c.environ.update(DATABASE_URL="postgresql://me:hunter2@127.0.0.1:9/memory"),
        "database", WRONG, "the PostgreSQL database memory at 127.0.0.1:9 cannot be used", "Is the server running"),
    "the database of something else": (another_database,
        "database", WRONG, "other.db is not a database of Switchback", "DATABASE_URL"),
    "an older database": (lambda c: revision(c, "0001"), "database", WRONG, "an older version", "python -m bot serve"),
    "a newer database": (lambda c: revision(c, "9999"), "database", WRONG, "a newer version", "Use that version"),
    "deliveries wait": (lambda c: c.receive("waits", age=3 * HOUR),
        "service", WRONG, "1 delivery is waiting, and came 3 hours ago", "Does the service run?"),
    "looks wait": (lambda c: c.look(c.thread, due=-3 * HOUR),
        "service", WRONG, "threads have been waiting to be looked at for 3 hours", "Does the service run?"),
    "not compared for a day": (lambda c: c.set(schema.marks, at=c.now - DAY),
        "recovery", NOTE, "nothing is certain since (24 hours ago)", "every hour"),
    "failed deliveries": (three_failed,
        "failed deliveries", WRONG, "3 deliveries could not be processed\nissues (3x): KeyError: 'id'", "--retry"),
    "a failed delivery without its text": (without_text,
        "failed deliveries", NOTE, "the text of 1 failed delivery is gone: somebody asked to be forgotten", ""),
    "threads given up": (lambda c: c.look(c.thread, due=-HOUR, dead="the app lacks a permission: issues"),
        "threads given up", WRONG, "alpine-tools/trail-maps#1: the app lacks a permission: issues", "--retry"),
    "GitHub away": (lambda c: c.environ.update(GITHUB_API_URL=NOWHERE),
        "GitHub", WRONG, f"{NOWHERE} does not answer", "githubstatus.com"),
    "GitHub not well": (lambda c: c.outpost.github.weather.next(weather.bad_gateway()),
        "GitHub", WRONG, "HTTP 502", "Wait a little"),
    "somebody else's API": (
        lambda c: c.outpost.github.weather.next(Fault(match=("GET", "/app"), status=200, body={"hello": "world"})),
        "GitHub", WRONG, "answers, but not as GitHub does", "GITHUB_API_URL"),
    "another app's key": (lambda c: c.environ.update(GITHUB_APP_PRIVATE_KEY=new_private_key()),
        "credentials", WRONG, "does not accept the private key", "Generate a private key"),
    "another app's id": (lambda c: c.environ.update(GITHUB_APP_ID="4711"),
        "credentials", WRONG, "there is no app with this GITHUB_APP_ID", "not the client ID"),
    "the clock a little behind": (lambda c: setattr(c, "skew", -timedelta(seconds=45)),
        "clock", NOTE, "this machine's clock is 45 seconds behind GitHub's", "set-ntp"),
    "the clock behind": (lambda c: setattr(c, "skew", -timedelta(minutes=3)),
        "clock", WRONG, "this machine's clock is 3 minutes behind GitHub's", "set-ntp"),
    "the clock ahead": (lambda c: setattr(c, "skew", timedelta(minutes=20)),
        "clock", WRONG, "this machine's clock is 20 minutes ahead of GitHub's", "set-ntp"),
    "refused for the clock": (lambda c: setattr(c, "skew", timedelta(minutes=20)),
        "credentials", WRONG, "because the clocks differ", "Mend the clock first"),
    "a permission is not asked for": (lambda c: not_asked(c, "members"),
        "permissions", WRONG, "members (read), to tell newcomers from members, who may be private", GRANT),
    "an optional permission is not asked for": (lambda c: not_asked(c, "discussions"),
        "permissions", NOTE, "discussions (read and write), to welcome people in discussions", GRANT),
    "an event is not asked for": (no_manifest_event,
        "events", WRONG, "is not told of 1 thing that it needs\nlabel, to see labels being renamed", GRANT),
    "a permission is not granted": (not_granted, "installations", WRONG,
        "alpine-tools has not granted all that the app asks for\nissues (read and write), to welcome", ACCEPT),
    "an event is not granted": (not_granted, "installations", WRONG, "events: push", ACCEPT),
    "suspended": (suspended, "installations", NOTE, "alpine-tools has suspended the app", "An owner can lift that at"),
    "not installed": (uninstalled, "installations", NOTE,
        "is not installed anywhere", "https://github.com/apps/switchback/installations/new"),
    "installations are not told": (
        lambda c: c.outpost.github.weather.next(weather.bad_gateway(match=("GET", "/app/installations"))),
        "installations", NOTE, "GitHub does not tell: ", "a little later"),
    "no webhook": (lambda c: setattr(c.outpost.cast.app, "webhook_url", None),
        "webhook", WRONG, "the app has no webhook", "Enter its URL"),
    "no https": (lambda c: tells(c, url="http://example.org/webhook"),
        "webhook", WRONG, "is not https", "Enter an https URL"),
    "a form": (lambda c: tells(c, content_type="form"), "webhook", WRONG, "content type is form", "application/json"),
    "no TLS": (lambda c: tells(c, insecure_ssl="1"), "webhook", WRONG, "does not check the certificate", "Enable SSL"),
    "no secret there": (lambda c: tells(c, secret=None), "webhook", WRONG, "has no secret", "GITHUB_WEBHOOK_SECRET"),
    "the log is not told": (lambda c: c.outpost.github.weather.next(weather.bad_gateway(match=LOG)),
        "webhook", NOTE, "GitHub does not tell: ", "a little later"),
    "nothing was ever delivered": (never_delivered, "deliveries", WRONG, "nothing was ever delivered", "«Active»"),
    "nothing was delivered of late": (lambda c: c.outpost.world.attempts.clear(),
        "deliveries", NOTE, "nothing for three days; the last came ", "«Active»"),
    "unreachable": (lambda c: c.failed("timed out", 504, times=3),
        "deliveries", WRONG, f"GitHub cannot reach {URL}: «timed out» (3 times in the last 3 hours)", "certificate"),
    "secrets differ": (lambda c: c.refused(401),
        "deliveries", WRONG, f"{URL} answers with HTTP 401, because the secrets differ", "GITHUB_WEBHOOK_SECRET"),
    "somebody else's server": (lambda c: c.refused(404), "deliveries", WRONG, "somebody else answers", "in /webhook?"),
    "not JSON": (lambda c: c.refused(415), "deliveries", WRONG, "not JSON", "application/json"),
    "too large": (lambda c: c.refused(413), "deliveries", WRONG, "too large", "25 MiB"),
    "the database was away": (lambda c: c.refused(503), "deliveries", WRONG, "could not reach its database", "log"),
    "a proxy is broken": (lambda c: c.refused(502), "deliveries", WRONG, "or a proxy in front of it is broken", "log"),
    "refused": (lambda c: c.refused(400), "deliveries", WRONG, "the service refuses them", "«Advanced»"),
    "it works again": (well_again,
        "deliveries", NOTE, "1 failed, the last of them 60 minutes ago (timed out). Since then all got here.", ""),
    "given up": (Clinic.poisoned,
        "lost deliveries", WRONG, "1 delivery did not get here, though tried 4 times", "«Advanced»"),
    "restored": (lambda c: c.tried("newer", age=HOUR, received=False),
        "lost deliveries", WRONG, "not into this database\nissues, 60 minutes ago: OK", "DATABASE_URL"),
    "not here yet": (missed,
        "lost deliveries", NOTE, "1 delivery did not get here yet\nissues, 2 hours ago: timed out", "every hour"),
    "the past is not read": (lambda c: c.forget(schema.readings),
        "past", NOTE, "alpine-tools: the past of 2 of 2 repositories is not read\nalpine-tools/trail-maps\n",
        "bot backfill"),
    "the past cannot be read": (unreadable,
        "past", NOTE, "1 list of the past cannot be read\nalpine-tools/huts, discussions: GitHub forbids it",
        "every day"),
    "a silent repository": (silent, "repositories", NOTE,
        "of 1 repository nothing was heard for a month, though of others\nalpine-tools/huts: 40 days",
        "still installed"),
    "a repository that never told anything": (Clinic.named_only,
        "repositories", NOTE, "1 repository never told us anything\nalpine-tools/larder", "comment on an issue there"),
}  # fmt: skip


@pytest.mark.parametrize(("trouble", "check", "state", "what", "how"), TROUBLES.values(), ids=TROUBLES.keys())
async def test_each_trouble_is_told(
    clinic: Clinic, trouble: Callable[[Clinic], object], check: str, state: State, what: str, how: str
) -> None:
    trouble(clinic)
    found = await clinic.examine()
    fitting = [finding for finding in found.findings if finding.check == check and finding.state is state]
    told = ["\n".join((finding.what, *finding.more, "")) for finding in fitting]
    assert [text for text in told if what in text], found.findings
    assert how in " ".join(finding.how for finding in fitting)
    assert found.code == (2 if check == "settings" else int(state is WRONG))
