"""Whom the check-ins would have asked over a history: when, why, in what form, and whom they leave alone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.policy import Activity, Policy
from bot.policytypes import Mode
from bot.replay import history
from bot.replay.checkins import CheckIns, check_ins
from bot.teampolicy import TeamFile
from tests.rules.scenes import DEFAULTS
from tests.test_cli import run

DAY: Final = timedelta(days=1)
BEGIN: Final = datetime(2018, 1, 1, 10, tzinfo=UTC)  # a Monday


def did(day: float, who: str = "grace", type_: str = "commit", **more: Any) -> str:
    at = (BEGIN + day * DAY).isoformat()
    number = {} if type_ == "commit" else {"number": 1}
    return json.dumps({"at": at, "type": type_, "repo": "alps/maps", "actor": who} | number | more)


END: Final = did(1400, "linus")  # he is not on the team: so long does the history last


def asked(*lines: str, policy: Policy = DEFAULTS, team: tuple[str, ...] = ("GRACE",)) -> CheckIns:
    return check_ins(history.read([line.encode() for line in lines], "it"), team, policy)


def days(told: CheckIns) -> list[int]:
    return [(one.at - BEGIN).days + 1 for one in told.asked]


def policy(**changes: Any) -> Policy:
    return DEFAULTS.model_copy(update={"check_ins": DEFAULTS.check_ins.model_copy(update=changes)})


def test_silence_is_asked_about_once_on_a_monday() -> None:
    told = asked(did(0), did(300), END)
    assert days(told) == [182, 483]  # 180 days after the first and the second; in between that is an answer
    one = told.asked[1]
    assert (one.at.weekday(), one.owner, one.login, one.active_days) == (0, "alps", "grace", 1)
    assert (told.people, round(told.years, 2), round(told.lasted, 2)) == (1, 3.34, 3.84)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(did(150, type_="issues.opened"), id="an issue"),
        pytest.param(did(150, type_="pull_request_review.submitted"), id="a review"),
        pytest.param(did(150, path="docs"), id="a commit"),
        pytest.param(did(150, "Grace"), id="in another case"),
    ],
)
def test_what_is_a_sign(line: str) -> None:
    assert days(asked(did(0), line, did(200, "linus"))) == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(did(150, type_="pull_request.merged"), id="a merge, whoever did that"),
        pytest.param(did(150, path="docs/team.yaml"), id="the team file"),
        pytest.param(did(150, path="AUTHORS"), id="a file that does not count"),
        pytest.param(did(150, "linus"), id="another's"),
    ],
)
def test_what_is_none(line: str) -> None:
    chosen = DEFAULTS.model_copy(
        update={
            "activity": Activity(excluded_paths=("AUTHORS",)),
            "team": DEFAULTS.team.model_copy(update={"files": (TeamFile(repo="maps", path="docs/team.yaml"),)}),
        }
    )
    assert days(asked(did(0), line, did(200, "linus"), policy=chosen)) == [182]


@pytest.mark.parametrize(
    ("chosen", "team"),
    [
        pytest.param(policy(mode=Mode.OFF), ("grace",), id="it is off"),
        pytest.param(policy(never_ask=("Grace",)), ("grace",), id="never asked"),
        pytest.param(DEFAULTS, ("ada",), id="not on the team"),
        pytest.param(DEFAULTS, (), id="no team"),
        pytest.param(policy(silence=3000 * DAY), ("grace",), id="silence takes long"),
    ],
)
def test_who_is_not_asked(chosen: Policy, team: tuple[str, ...]) -> None:
    assert asked(did(0), END, policy=chosen, team=team).asked == ()


def test_a_bot_is_not_on_the_team() -> None:
    assert asked(did(0, "bot0012"), END, team=("bot0012",)) == CheckIns()


def test_so_many_are_asked_in_a_week_those_first_who_were_not_seen_for_longest() -> None:
    team = tuple(f"p{n}" for n in range(5))
    told = asked(*(did(1 + n / 10, who) for n, who in enumerate(reversed(team))), END, team=team)
    assert [one.login for one in told.asked] == ["p4", "p3", "p2", "p1", "p0"]
    assert days(told) == [182, 182, 182, 189, 189]


def fading() -> list[str]:
    """Two years of a day in each week, then one in two months, for a year."""
    return [did(7 * week) for week in range(104)] + [did(730 + 60 * n) for n in range(6)]


def test_a_decline_is_asked_about_and_told(tmp_path: Path) -> None:
    path, team = tmp_path / "history.jsonl", tmp_path / "team.txt"
    path.write_text("\n".join([*fading(), did(1100, "linus")]), "utf-8")
    team.write_text("grace\n", "utf-8")
    shown = run("replay", path, "--maintainers", team).stdout.splitlines()
    line = (
        "2020-08-03 00:00:00  alps  check-in  decline of grace: 0.6 active days a month since 2020-01 (7 months), "
        "4.3 in the 23 months before"
    )
    assert shown[0] == line
    assert shown[-5:] == [
        "check-ins                         1  1 decline",
        "check-ins a year                0.3  in 3.0 years",
        "people asked                      1  of 1 on the team",
        "check-ins a person             0.79  in two years",
        "to active people                  1  with 12 active days or more in the year before",
    ]
    first = json.loads(run("replay", "--json", path, "--maintainers", team).stdout.splitlines()[0])
    assert first == {
        "at": "2020-08-03T00:00:00Z", "rule": "check-in", "effect": "question",
        "key": "check-in/alps/grace/2020-08-03", "owner": "alps", "to": ["grace"],
        "why": "0.6 active days a month since 2020-01 (7 months), 4.3 in the 23 months before",
        "because": "decline", "last": "2020-06-29T10:00:00Z", "since": "2020-01",
        "days_a_month": {"before": 4.3, "since": 0.57}, "months": {"before": 23, "since": 7},
    }  # fmt: skip
    assert "check-in" not in run("replay", path).stdout
