"""`python -m bot explain @login`: what admins see of somebody of the team, at their terminal, and what they do not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.checkins import Because, Said, State
from bot.effects import AnswerCheckIn, GoAway, SetCare
from bot.memory import care, checkins, evidence, preferences, schema
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.team import Evidence, Sign
from tests.memory.conftest import ADA, GRACE, OWNER, REPO, Archive, opened
from tests.test_cli import run

DAY: Final = timedelta(days=1)
NOW: Final = datetime.now(UTC).replace(microsecond=0)
SEEN: Final = NOW - 300 * DAY
HERE: Final = ThreadRef(RepoId(REPO), 1)
PERSON: Final = Person(PersonId(GRACE), "grace")
AROUND: Final = "  would not be asked now: they are seen as often as ever, or often enough"
NO_PLACE: Final = "  nobody can be asked: no private place is named (team.place)"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'memory.db'}"


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """Grace belongs, reviewed something ten months ago, and was not seen since."""
    with opened(url) as store:
        archive = Archive(store)
        archive.thread(1, by=ADA, at=SEEN - DAY)
        yield archive.answer(1, by=GRACE, at=SEEN)


def lines(url: str, *args: str | Path) -> list[str]:
    result = run("explain", "@Grace", *args, DATABASE_URL=url)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def told(url: str, *args: str | Path) -> dict[str, Any]:
    [one] = json.loads(run("explain", "@grace", "--json", *args, DATABASE_URL=url).stdout)
    assert isinstance(one, dict)
    return one


def orders(archive: Archive, kind: type[Any], **more: Any) -> None:
    order = kind(rule="answers", key="k", why="", thread=HERE, person=PERSON, as_of=NOW - 190 * DAY, **more)
    does: dict[type[Any], Any] = {AnswerCheckIn: checkins.answer, GoAway: preferences.away, SetCare: care.set_}
    archive.store.write_now(lambda db: does[kind](db, OwnerId(OWNER), order))


def test_it_tells_what_somebody_did_and_that_they_would_be_asked(archive: Archive, url: str, tmp_path: Path) -> None:
    name, team, first, *chart, silence, would, place = lines(url)
    assert (name, team) == (
        "grace",
        f"  on the team of alpine-tools longer than is known, as the organisation has it; last seen on {SEEN:%Y-%m-%d}",
    )
    assert first == f"  {SEEN:%Y-%m}  #                                 1  comment 1"
    assert len(chart) in {9, 10}  # months without anything, to this one
    assert chart[-1] == f"  {NOW:%Y-%m}                                    0"
    assert silence == f"  silence: nothing since {SEEN:%Y-%m-%d}, 0.1 active days a month in the year before"
    assert (would, place) == ("  would be asked now, if check-ins were switched on", NO_PLACE)
    config = tmp_path / "config.yml"
    config.write_text("check_ins: {mode: on}", "utf-8")
    assert "  would be asked now" in lines(url, "--config", config, "--owner", "Alpine-TOOLS")


def test_it_tells_the_same_to_programs(archive: Archive, url: str) -> None:
    one = told(url)
    assert one == {
        "owner": "alpine-tools", "person": "grace", "team": {"by": "organisation", "since": None, "inactive": False},
        "known_from": None, "last": f"{SEEN:%Y-%m-%d}", "months": {f"{SEEN:%Y-%m}": 1},
        "doings": {"comment": {f"{SEEN:%Y-%m}": 1}}, "signs": {},
        "signal": {
            "because": "silence", "why": f"nothing since {SEEN:%Y-%m-%d}, 0.1 active days a month in the year before",
        },
        "would_be_asked": True, "why_not": None, "mode": "shadow",
        "no_place": "no private place is named (team.place)", "next_at": None, "check_ins": [],
    }  # fmt: skip


def test_what_stands_nowhere_else_is_told_and_when_silence_would_ask(archive: Archive, url: str) -> None:
    sign = Evidence(person=PersonId(GRACE), sign=Sign.MEETING, at=NOW - 10 * DAY)
    archive.store.write_now(lambda db: evidence.keep(db, OwnerId(OWNER), sign))
    assert lines(url)[-5:] == [
        f"  meeting on {NOW - 10 * DAY:%Y-%m-%d}, which stands nowhere else",
        "  no silence, no decline",
        AROUND,
        NO_PLACE,
        f"  if nothing more is heard of them, they would be asked from {NOW + 170 * DAY:%Y-%m-%d} on",
    ]
    assert told(url)["signs"] == {"meeting": f"{NOW - 10 * DAY:%Y-%m-%d}"}


def test_check_ins_are_told_with_what_was_said(archive: Archive, url: str) -> None:
    archive.store.write_now(
        lambda db: checkins.begin(
            db, OwnerId(OWNER), PersonId(GRACE), Because.SILENCE, State.ASKED, NOW - 200 * DAY
        )
    )  # fmt: skip
    orders(archive, AnswerCheckIn, said=Said.LATER, again_at=NOW + 20 * DAY)
    answered = (
        f"  check-in of {NOW - 200 * DAY:%Y-%m-%d} (silence): answered on {NOW - 190 * DAY:%Y-%m-%d}: later; "
        f"not again before {NOW + 20 * DAY:%Y-%m-%d}"
    )
    shown = lines(url)
    assert shown[-1] == answered
    assert f"  would not be asked now: they are not asked again before {NOW + 20 * DAY:%Y-%m-%d}" in shown
    assert told(url)["check_ins"] == [
        {
            "at": f"{NOW - 200 * DAY:%Y-%m-%d}", "because": "silence", "state": "answered",
            "since": f"{NOW - 190 * DAY:%Y-%m-%d}", "said": "later", "again_at": f"{NOW + 20 * DAY:%Y-%m-%d}",
        }
    ]  # fmt: skip


def test_what_somebody_wishes_for_themselves_is_not_told(archive: Archive, url: str) -> None:
    """Being away and not wanting to be asked look the same."""
    orders(archive, GoAway, until=NOW + 20 * DAY)
    away = lines(url)
    assert "  would not be asked now: nothing is to be asked of them now" in away
    archive.set(schema.preferences, away_until=None)
    orders(archive, SetCare, asked=False)
    assert lines(url) == away
    assert "away" not in " ".join(away)


def test_silence_counts_from_when_their_past_is_known(archive: Archive, url: str) -> None:
    archive.set(schema.owners, past_read_at=None, witnessed_since=NOW - DAY)
    why = f"their past has not been read, so silence counts from {NOW - DAY:%Y-%m-%d} on"
    assert f"  would not be asked now: {why}" in lines(url)


def test_whoever_is_not_on_the_team_is_not_asked(archive: Archive, url: str, tmp_path: Path) -> None:
    shown = run("explain", "@ada", DATABASE_URL=url).stdout
    assert f"not on the team of alpine-tools; last seen on {SEEN - DAY:%Y-%m-%d}" in shown
    assert "would not be asked now: they are not on the team" in shown
    assert "heard of them" not in shown
    linus = run("explain", "@linus", "--owner", "alpine-tools", DATABASE_URL=url).stdout
    assert "not on the team of alpine-tools; nothing that they did is known" in linus
    config = tmp_path / "config.yml"
    config.write_text("check_ins: {mode: off}", "utf-8")
    assert told(url, "--config", config)["why_not"] == "check_ins.mode is off"


def test_whoever_is_inactive_by_the_file_is_not_asked(archive: Archive, url: str, tmp_path: Path) -> None:
    row = {"given_name": "", "groups": [], "last_check_in": "", "gone": False, "as_of": NOW, "since": SEEN}
    archive.put(
        schema.members, owner_id=OWNER, repo_id=REPO, path="team.yaml", login="grace", person_id=GRACE, repos=[],
        inactive=True, **row,
    )  # fmt: skip
    config = tmp_path / "config.yml"
    config.write_text("team: {files: [{repo: maps, path: team.yaml}]}", "utf-8")
    shown = lines(url, "--config", config)
    since = f"since {SEEN:%Y-%m-%d}, as the file has it, inactive"
    assert shown[1] == f"  on the team of alpine-tools {since}; last seen on {SEEN:%Y-%m-%d}"
    assert "  would not be asked now: they are inactive, as the team file has it" in shown


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        pytest.param(["@nobody"], 1, "nothing is known of @nobody", id="nobody"),
        pytest.param(["@linus"], 1, "nothing is known of linus in any organisation", id="did nothing"),
        pytest.param(["@grace", "--owner", "huts"], 1, "nothing is known of grace in huts", id="elsewhere"),
        pytest.param(["a/b#1", "--owner", "a"], 2, "--owner is for people: write @LOGIN", id="a thread"),
    ],
)
def test_what_is_not_known(archive: Archive, url: str, args: list[str], code: int, why: str) -> None:
    result = run("explain", *args, DATABASE_URL=url)
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", f"switchback: {why}\n")
