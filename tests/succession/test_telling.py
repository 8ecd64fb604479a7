"""Who comes after, as the issue, the terminal and the doctor tell it."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot import words
from bot.doctor import succession as doctor
from bot.doctor.finding import Finding
from bot.inforce import InForce
from bot.memory import configs, migrations, schema
from bot.memory.store import Store
from bot.model import Doing, Person, PersonId, RepoId, ThreadRef
from bot.policytypes import Mode
from bot.stewards import Alarm, Deeds, Grown, Heir, Kept, Place, Training
from bot.succession.gathering import Entry
from bot.succession.look import next_monday
from bot.succession.page import page
from tests.memory.conftest import GRACE, LINUS, OWNER, REPO, Archive
from tests.rules.scenes import MAPS, policy
from tests.test_cli import run

DAY: Final = timedelta(days=1)
HER: Final = Person(PersonId(GRACE), "grace")
DID: Final = Deeds(person=HER, counts={Doing.REVIEW: 40})
ALL: Final = {Doing.REVIEW: 1, Doing.MERGE: 2, Doing.TRIAGE: 3, Doing.COMMIT: 4}
HEIR: Final = Heir(
    deeds=Deeds(person=Person(PersonId(LINUS), "linus"), counts=ALL, landed=1), grown=Grown(medium=1, mentored=1),
    interested=True,
)  # fmt: skip
READY: Final = Training(ref=ThreadRef(MAPS.id, 5), name="alpine-tools/trail-maps#5", ready=True)
ENTRY: Final = Entry(
    kept=Kept(place=Place(repo=MAPS), deeds=(DID,)), factor=1, first=DID, heirs=(HEIR,), issues=(READY,),
    alarm=Alarm(place=Place(repo=MAPS), person=HER, fewer=True),
)  # fmt: skip


def said(*entries: Entry, **sections: Any) -> str:
    _, body = page(entries, policy(**sections), organisation="alpine-tools")
    return body


def test_an_entry_says_why_who_could_grow_and_with_what() -> None:
    body = said(ENTRY, mentoring={"mode": Mode.ON})
    for piece in (
        "### alpine-tools/trail-maps\n\nMost reviews in the last 2 years were by `grace`, and there is less of late.",
        "- `linus`: reviewed 1 pull request here, merged 2, brought 1 pull request that was merged, sorted 3 threads, ",
        "finished 1 issue that is medium or harder, has mentored, would like to hear of issues there\n",
        "Medium issues to grow with, ready and free: alpine-tools/trail-maps#5.",
        "Perhaps ask `linus` whether they would like to look at the next pull requests together with `grace`.",
        "`/mentor-this`",
    ):
        assert piece in body
    assert "`/mentor-this`" not in said(ENTRY)


@pytest.mark.parametrize("language", words.languages())
@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([], id="none"),
        pytest.param([ENTRY], id="one"),
        pytest.param([replace(ENTRY, heirs=(), issues=())], id="nobody and nothing"),
        pytest.param([replace(ENTRY, issues=(replace(READY, ready=False),))], id="an issue that looks medium"),
        pytest.param(
            [replace(ENTRY, kept=Kept(place=Place(area="docs"), deeds=(replace(DID, counts=ALL),)))], id="an area"
        ),
        pytest.param([replace(ENTRY, kept=Kept(place=Place(repo=MAPS)), first=None)], id="of no kind most"),
        pytest.param([replace(ENTRY, heirs=(replace(HEIR, deeds=Deeds(person=HER, counts=ALL)),))], id="commits"),
    ],
)
def test_it_is_well_set_in_each_language(language: str, entries: list[Entry]) -> None:
    for days in (30, 200, 365, 730):
        chosen = policy(succession={"over": timedelta(days=days)}).model_copy(update={"language": language})
        title, body = page(entries, chosen, organisation="alpine-tools")
        assert title
        assert "@" not in body
        assert not [line for line in body.splitlines() if line != line.strip()], body
        assert "None" not in body
        assert "\n\n\n" not in body
        assert ("grace" in body) is bool(entries)


def test_that_somebody_is_away_or_steps_back_is_not_said() -> None:
    assert ENTRY.alarm is not None
    body = said(replace(ENTRY, alarm=replace(ENTRY.alarm, fewer=False)))
    assert "were by `grace`, and it is good to have somebody beside them in time." in body
    assert "less of late" not in body
    assert "together with somebody who knows the place" in body


def test_it_fits_into_an_issue() -> None:
    body = said(*[ENTRY] * 400)
    assert len(body) <= 60_000
    assert "And 300 more" in body


def test_it_is_looked_at_on_mondays() -> None:
    monday = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert next_monday(monday - timedelta(seconds=1)) == monday
    assert next_monday(monday) == next_monday(monday + 6 * DAY) == monday + 7 * DAY


# The terminal and the doctor


@pytest.fixture
def memory(tmp_path: Path) -> str:
    """Grace looked after the maps until four months ago. Linus is around, and Ada has one pull request there."""
    url, now = f"sqlite:///{tmp_path}/memory.db", datetime.now(UTC)
    with closing(Store(url)) as store:
        migrations.upgrade(store)
        archive = Archive(store)
        archive.set(schema.owners, past_read_at=now, witnessed_since=now - 900 * DAY)
        archive.put(
            schema.installations, id=1, owner_id=OWNER, state="active", live=[], everywhere=True, heard_at=now,
        )  # fmt: skip
        archive.repo(13, "team-room", private=True)
        for number in range(30):
            at = now - (120 + 10 * number) * DAY
            archive.thread(number, at=at)
            step = {"step": "closed", "about": "", "person_id": GRACE, "at": at}
            archive.put(schema.happenings, repo_id=REPO, number=number, **step)
        archive.put(schema.commits, repo_id=REPO, sha="a", person_id=LINUS, at=now - 9 * DAY)
        archive.thread(50, kind="pull_request", merged_at=now - 40 * DAY, updated_at=now)
        archive.thread(51, labels=["medium"], at=now - 9 * DAY)
        archive.thread(52, traits=["log", "cause", "names-file", "error"], at=now - 9 * DAY)
    return url


def test_the_terminal_tells_of_every_place(memory: str) -> None:
    result = run("succession", "Alpine-Tools", DATABASE_URL=memory)
    assert (result.exit_code, result.stderr) == (0, "")
    head, first, *rest = result.stdout.splitlines()
    assert head == "alpine-tools: 1 of 1 rest on one person, 1 alarming"
    assert first == "  alpine-tools/maps: bus factor 1, rests on grace (97 %), alarming"
    assert rest == [
        "      linus could grow into it: commits 1",
        "      issues to grow with (look medium): alpine-tools/maps#52",
    ]


def test_the_terminal_tells_programs(memory: str) -> None:
    [told] = json.loads(run("succession", "--json", DATABASE_URL=memory).stdout)
    [one] = told["places"]
    assert (one["place"], one["kind"], one["bus_factor"]) == ("alpine-tools/maps", "repository", 1)
    assert (one["rests_on"], one["alarm"]) == ("grace", True)
    assert [each["login"] for each in one["candidates"]] == ["linus"]


def test_the_terminal_says_what_it_does_not_know(memory: str) -> None:
    result = run("succession", "nobody", DATABASE_URL=memory)
    assert (result.exit_code, "no repository of nobody is known here" in result.stderr) == (1, True)


def doctors(memory: str, config: str | None) -> list[Finding]:
    now = datetime.now(UTC)

    def read(db: Any) -> list[Finding]:
        if config is not None:
            configs.store(db, RepoId(REPO), configs.PATH, now, blob="b", text=config)
        return doctor.look(db, InForce(), now)

    with closing(Store(memory)) as store:
        return store.write_now(read)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        pytest.param(None, "no private place is named", id="no place"),
        pytest.param("team: {place: team-room}", "succession.mode is shadow", id="shadow"),
        pytest.param("team: {place: team-room}\nsuccession: {mode: on}", "", id="told"),
    ],
)
def test_the_doctor_counts(memory: str, config: str | None, says: str) -> None:
    [found] = doctors(memory, config)
    assert found.what == "alpine-tools: 1 repository or area rests on one person each, of whom there is less of late"
    assert "python -m bot succession alpine-tools" in found.how
    assert (says or "Nobody else") in found.how or not says
    assert ("Nobody else" in found.how) is bool(says)


def test_the_doctor_is_silent_where_it_is_off(memory: str) -> None:
    assert doctors(memory, "succession: {mode: off}") == []
