"""Stories of configuration files: pushed, proposed, broken, taken away, and read before anything is said."""

import pytest
from sqlalchemy import Connection

from bot.memory import configs, recall
from bot.model import RepoId
from bot.policy import Policy
from bot.policytypes import Mode
from bot.sandbox import ChangedFile, World
from bot.sandbox.model import CheckRun, Repo
from tests.conftest import Play
from tests.journeys.test_backfill import read
from tests.stage import Cast, Manner, Stage

FILE = configs.PATH
ON = "welcome:\n  mode: on\n"
BROKEN = "welcome:\n  mode: on\n  hold: 2\n"


def holds(stage: Stage, repo: Repo) -> Policy:
    """What is in force in a repository."""

    def in_force(db: Connection) -> Policy:
        where = recall.repo(db, RepoId(repo.id))
        assert where is not None
        return stage.parts.policies(db, where)

    return stage.parts.store.read_now(in_force)


def checks(repo: Repo) -> list[CheckRun]:
    return sorted(repo.check_runs.values(), key=lambda run: run.id)


async def shadow(play: Play, manner: Manner | None = None) -> tuple[Stage, Cast]:
    stage, cast = await (play(manner, live=False) if manner else play(live=False))
    await stage.settle()
    return stage, cast


async def test_a_new_installation_says_nothing(play: Play, mixed: Manner) -> None:
    """Ada opens her first issue a minute after the app was installed."""
    stage, cast = await shadow(play, mixed)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="It rains")
    await stage.settle()
    assert stage.said(issue) == []
    assert set(stage.calls("POST")) <= {"POST /app/installations/{installation_id}/access_tokens"}


async def test_a_file_that_is_pushed_holds_within_seconds(play: Play, mixed: Manner) -> None:
    """Grace switches the welcome on; Ada, who comes after, is welcomed, and Linus, who came before, is not."""
    stage, cast = await shadow(play, mixed)
    before = stage.world.open_issue(cast.maps, by=cast.linus, title="It rains")
    await stage.settle()
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    await stage.settle()
    after = stage.world.open_issue(cast.maps, by=cast.ada, title="The sun shines")
    elsewhere = stage.world.open_issue(cast.huts, by=stage.world.user("margaret"), title="A roof")
    await stage.settle()
    assert (len(stage.said(before)), len(stage.said(after)), len(stage.said(elsewhere))) == (0, 1, 0)
    [run] = checks(cast.maps)
    assert run.conclusion == "success"
    assert "in force now" in str(run.summary)


async def test_a_broken_file_leaves_the_last_good_one_in_force_and_is_told_once(play: Play, manner: Manner) -> None:
    stage, cast = await shadow(play, manner)
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    await stage.settle()
    stage.world.write_file(cast.maps, FILE, BROKEN, by=cast.grace)
    await stage.settle()
    await stage.later(days=2)
    assert holds(stage, cast.maps).welcome.mode is Mode.ON
    _, run = checks(cast.maps)
    assert (run.conclusion, run.head_sha) == ("failure", cast.maps.branches["main"].sha)
    [note] = run.annotations
    assert (note.path, note.start_line) == (FILE, 3)
    assert "stays in force" in str(run.summary)
    stage.world.write_file(cast.maps, FILE, ON + "  hold: 2 hours\n", by=cast.grace)
    await stage.settle()
    assert checks(cast.maps)[-1].conclusion == "success"
    assert str(holds(stage, cast.maps).welcome.hold) == "2:00:00"


async def test_a_pull_request_from_a_fork_is_checked_and_holds_nothing(play: Play, mixed: Manner) -> None:
    stage, cast = await shadow(play, mixed)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Welcome people", texts={FILE: ON})
    await stage.settle()
    [run] = checks(cast.maps)
    assert (run.head_sha, run.conclusion) == (pull.head_sha, "success")
    assert "once it is on the default branch" in str(run.summary)
    assert holds(stage, cast.maps).welcome.mode is Mode.SHADOW
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert holds(stage, cast.maps).welcome.mode is Mode.ON


async def test_new_commits_in_a_pull_request_are_checked_anew(play: Play) -> None:
    stage, cast = await shadow(play)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Welcome people", texts={FILE: BROKEN})
    await stage.settle()
    assert pull.head_repo is not None
    stage.world.write_file(pull.head_repo, FILE, ON, by=cast.ada, branch=pull.head_ref)
    await stage.settle()
    assert [run.conclusion for run in checks(cast.maps)] == ["failure", "success"]


async def test_what_does_not_touch_the_file_is_left_alone(play: Play) -> None:
    stage, cast = await shadow(play)
    stage.world.open_pull_request(cast.maps, by=cast.ada, title="Fix it", files=[ChangedFile(filename="map.py")])
    stage.world.write_file(cast.maps, "README.md", "Maps", by=cast.grace)
    stage.world.create_branch(cast.maps, "other", by=cast.grace)
    stage.world.write_file(cast.maps, "README.md", "Other maps", branch="other", by=cast.grace)
    await stage.settle()
    assert checks(cast.maps) == []


async def test_a_branch_is_checked_and_holds_nothing(play: Play) -> None:
    stage, cast = await shadow(play)
    stage.world.create_branch(cast.maps, "try", by=cast.grace)
    stage.world.write_file(cast.maps, FILE, ON, branch="try", by=cast.grace)
    await stage.settle()
    [run] = checks(cast.maps)
    assert run.conclusion == "success"
    assert holds(stage, cast.maps).welcome.mode is Mode.SHADOW


async def test_the_organisations_file_holds_everywhere_and_a_repositorys_own_over_it(play: Play) -> None:
    stage, cast = await shadow(play)
    home = stage.world.repository(cast.organisation, ".github")
    await stage.settle()
    stage.world.write_file(home, FILE, "welcome: {mode: on, hold: 1 hours}\nlanguage: es\n", by=cast.grace)
    stage.world.write_file(cast.huts, FILE, "welcome: {hold: 3 hours}\n", by=cast.grace)
    await stage.settle()
    maps, huts = holds(stage, cast.maps), holds(stage, cast.huts)
    assert (maps.welcome.mode, maps.language, str(maps.welcome.hold)) == (Mode.ON, "es", "1:00:00")
    assert (huts.welcome.mode, huts.language, str(huts.welcome.hold)) == (Mode.ON, "es", "3:00:00")
    stage.world.write_file(cast.huts, FILE, "extends: none\n", by=cast.grace)
    await stage.settle()
    assert (holds(stage, cast.huts).welcome.mode, holds(stage, cast.huts).language) == (Mode.SHADOW, "en")


async def test_a_file_that_is_taken_away_holds_no_more(play: Play) -> None:
    stage, cast = await shadow(play)
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    await stage.settle()
    stage.world.delete_file(cast.maps, FILE, by=cast.grace)
    await stage.settle()
    assert holds(stage, cast.maps).welcome.mode is Mode.SHADOW
    assert "is gone" in str(checks(cast.maps)[-1].summary)


async def test_nothing_is_said_before_the_configuration_is_read(play: Play, mixed: Manner) -> None:
    """The file was there before the app came, and Ada is the first to come after it."""
    stage, cast = await play(mixed, reads_config=True)
    stage.world.write_file(cast.maps, FILE, "welcome: {mode: off}\n", by=cast.grace)
    stage.lose(event="push")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="It rains")
    other = stage.world.open_issue(cast.huts, by=cast.linus, title="A roof")
    await stage.settle()
    assert (len(stage.said(issue)), len(stage.said(other))) == (0, 1)


async def test_a_push_that_nobody_told_of_is_found_within_a_day(play: Play) -> None:
    stage, cast = await play(live=False, reads_config=True)
    await stage.settle()
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    stage.lose(event="push")
    await stage.later(days=1, hours=1)
    assert holds(stage, cast.maps).welcome.mode is Mode.ON


async def test_without_the_permission_for_checks_the_file_holds_all_the_same(play: Play) -> None:
    stage, cast = await shadow(play)
    [installation] = stage.world.installations.values()
    del installation.permissions["checks"]
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    await stage.settle()
    assert holds(stage, cast.maps).welcome.mode is Mode.ON
    assert checks(cast.maps) == []


NAMES = """\
people:
  maintainers: [alpine-tools/mappers, alpine-tools/maper, grace]
  leave_alone: [ada, adda]
levels:
  medium: [bugg]
"""


async def test_names_that_nobody_here_has_are_shown_and_the_rest_holds(play: Play) -> None:
    """Ada has never been here, but GitHub knows her; Adda nobody knows."""

    def with_a_team(world: World, cast: Cast) -> None:
        world.team(cast.organisation, "Mappers")

    stage, cast = await play(live=False, before=with_a_team, past_is_read=False, reads_past=True)
    await read(stage)
    stage.world.write_file(cast.maps, FILE, NAMES, by=cast.grace)
    await stage.settle()
    [run] = checks(cast.maps)
    assert run.conclusion == "failure"
    told = [(note.start_line, note.message) for note in run.annotations]
    assert [line for line, _ in told] == [2, 3, 5]
    assert "did you mean alpine-tools/mappers?" in told[0][1]
    assert "adda" in told[1][1]
    assert "did you mean bug?" in told[2][1]
    assert holds(stage, cast.maps).people.leave_alone == ("ada", "adda")


async def test_what_comes_to_nothing_is_told(play: Play) -> None:
    stage, cast = await shadow(play)
    stage.world.write_file(cast.maps, FILE, "triage:\n  mode: on\n", by=cast.grace)
    await stage.settle()
    [run] = checks(cast.maps)
    [note] = run.annotations
    assert (note.start_line, "while digest.mode is not on" in note.message) == (2, True)
    assert holds(stage, cast.maps).mode("triage") is Mode.ON


async def test_what_an_organisations_file_breaks_elsewhere_is_told(play: Play) -> None:
    stage, cast = await shadow(play)
    home = stage.world.repository(cast.organisation, ".github")
    stage.world.write_file(cast.huts, FILE, "limits: {mentions_a_week: 1}\n", by=cast.grace)
    await stage.settle()
    stage.world.write_file(home, FILE, "limits: {mentions_a_day: 2}\n", by=cast.grace)
    await stage.settle()
    [run] = checks(home)
    assert "alpine-tools/huts" in run.annotations[0].message


async def test_what_a_change_would_do_is_told_from_memory(play: Play) -> None:
    """Ada and Linus came in shadow mode; the proposal is to welcome the authors of issues only."""
    stage, cast = await shadow(play)
    stage.world.open_issue(cast.maps, by=cast.ada, title="It rains")
    stage.world.open_pull_request(cast.maps, by=cast.linus, title="A roof", files=[ChangedFile(filename="roof.py")])
    await stage.settle()
    stage.world.write_file(cast.maps, FILE, ON, by=cast.grace)
    await stage.settle()
    assert "would have posted 2 comments (today's: none): 2 welcomes" in str(checks(cast.maps)[-1].summary)
    text = ON + "  first_pull_request: no\n"
    stage.world.open_pull_request(cast.maps, by=cast.grace, title="Only issues", texts={FILE: text})
    await stage.settle()
    summary = str(checks(cast.maps)[-1].summary)
    assert "would have posted 1 comment (today's: 2): 1 welcome" in summary
    assert "<details>" in summary
    assert "@" not in summary


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("a" * 300_000, "larger than", id="too large"),
        pytest.param("a: " + "x" * 1_200_000, "larger than", id="larger than GitHub shows"),
        pytest.param("[" * 5_000, "", id="deep"),
    ],
)
async def test_a_hostile_file_is_told_as_any_other(play: Play, text: str, says: str) -> None:
    stage, cast = await shadow(play)
    stage.world.write_file(cast.maps, FILE, text, by=cast.grace)
    await stage.settle()
    [run] = checks(cast.maps)
    assert run.conclusion == "failure"
    assert says in run.annotations[0].message


async def test_who_does_not_want_checks_gets_none(play: Play) -> None:
    stage, cast = await shadow(play)
    stage.world.write_file(cast.maps, FILE, ON + "configuration: {check_runs: no}\n", by=cast.grace)
    await stage.settle()
    assert len(checks(cast.maps)) == 1  # it was not in force yet
    stage.world.write_file(cast.maps, FILE, BROKEN, by=cast.grace)
    await stage.settle()
    assert len(checks(cast.maps)) == 1
