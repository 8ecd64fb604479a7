"""Stories of the first day: the app is installed, and says once what it is, what it proposes, how to switch it on."""

from bot.memory import configs
from bot.sandbox import World
from bot.sandbox.model import Issue, PullRequest, Repo, Thread
from tests.conftest import Play
from tests.journeys.test_backfill import read
from tests.stage import SLUG, Cast, Manner, Stage

FILE = configs.PATH
OLD = "newIssueWelcomeComment: >\n  Hello there, {{ friend }}! Ask @grace.\nrequestInfoOn:\n  issue: true\n"


def a_home(world: World, cast: Cast) -> None:
    """The organisation has a repository `.github` with guides, and something happened of late."""
    home = world.repository(cast.organisation, ".github")
    world.write_file(home, "CONTRIBUTING.md", "How to help", by=cast.grace)
    world.write_file(home, "CODE_OF_CONDUCT.md", "Be kind", by=cast.grace)
    world.open_issue(cast.maps, by=cast.linus, title="A bridge is missing")


def with_the_old_bot(world: World, cast: Cast) -> None:
    a_home(world, cast)
    world.write_file(home_of(world), ".github/config.yml", OLD, by=cast.grace)


def may_write_files(world: World, cast: Cast) -> None:
    a_home(world, cast)
    cast.app.permissions["contents"] = "write"


def home_of(world: World) -> Repo:
    home = world.find_repo("alpine-tools/.github")
    assert home is not None
    return home


def told(stage: Stage) -> list[Thread]:
    """What the bot opened, anywhere."""
    return [
        thread
        for repo in stage.world.repos.values()
        for thread in repo.threads.values()
        if thread.author.login == f"{SLUG}[bot]"
    ]


async def arrived(play: Play, manner: Manner | None = None, **how: object) -> tuple[Stage, Cast]:
    options = {"live": False, "before": a_home} | how
    stage, cast = await (play(manner, **options) if manner else play(**options))  # type: ignore[arg-type]  # options
    await some_time(stage)
    return stage, cast


async def some_time(stage: Stage) -> None:
    for _ in range(4):
        await stage.later(minutes=3)


async def test_it_is_told_once_in_an_issue(play: Play, manner: Manner) -> None:
    stage, _ = await arrived(play, manner)
    await stage.later(days=3)
    [issue] = told(stage)
    assert isinstance(issue, Issue)
    assert issue.repo is home_of(stage.world)
    assert "shadow" in issue.body
    assert "mode: on" in issue.body
    if "404" not in stage.manner.name:  # what GitHub does not show is not there
        assert "/.github/blob/HEAD/CONTRIBUTING.md" in issue.body
    assert "@" not in issue.body.replace("{owner}", "")


async def test_it_waits_until_it_can_say_what_it_would_have_said(play: Play) -> None:
    stage, _ = await play(live=False, before=a_home, past_is_read=False, reads_past=True)
    await stage.settle()
    assert told(stage) == []
    await read(stage)
    await some_time(stage)
    [issue] = told(stage)
    assert "would have posted 1 comment: 1 welcome" in issue.body


async def test_where_it_may_write_files_it_is_a_pull_request_that_switches_it_on(play: Play, mixed: Manner) -> None:
    stage, cast = await arrived(play, mixed, before=may_write_files)
    [pull] = told(stage)
    assert isinstance(pull, PullRequest)
    assert [file.filename for file in pull.files] == [FILE]
    before = stage.world.open_issue(cast.maps, by=cast.ada, title="It rains")
    await stage.settle()
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    issue = stage.world.open_issue(cast.maps, by=stage.world.user("margaret"), title="It snows")
    await stage.settle()
    assert (stage.said(before), len(stage.said(issue))) == ([], 1)


async def test_the_words_of_the_old_bot_are_proposed(play: Play) -> None:
    stage, _ = await arrived(play, before=with_the_old_bot, reads_config=True)
    [issue] = told(stage)
    assert "Hello there" in issue.body
    assert "requestInfo" in issue.body


async def test_without_a_repository_for_it_nothing_is_said_until_there_is_one(play: Play) -> None:
    stage, cast = await arrived(play, before=lambda world, cast: None)
    assert told(stage) == []
    stage.world.repository(cast.organisation, ".github")
    await some_time(stage)
    assert len(told(stage)) == 1


async def test_whoever_starts_live_is_told_nothing(play: Play) -> None:
    stage, _ = await arrived(play, live=True)
    assert told(stage) == []


async def test_whoever_has_configured_it_is_told_nothing(play: Play) -> None:
    def configured(world: World, cast: Cast) -> None:
        a_home(world, cast)
        world.write_file(cast.maps, FILE, "welcome: {mode: on}\n", by=cast.grace)

    stage, _ = await arrived(play, before=configured, reads_config=True)
    await stage.later(days=1)
    assert told(stage) == []


async def test_it_is_not_told_again_when_the_app_comes_back(play: Play) -> None:
    stage, cast = await arrived(play)
    [installation] = stage.world.installations.values()
    stage.world.uninstall(installation, by=cast.grace)
    await stage.settle()
    stage.world.install(cast.app, cast.organisation, by=cast.grace)
    await some_time(stage)
    assert len(told(stage)) == 1


async def test_an_archived_home_is_left_alone(play: Play) -> None:
    def archived(world: World, cast: Cast) -> None:
        a_home(world, cast)
        world.archive(home_of(world), by=cast.grace)

    stage, _ = await arrived(play, before=archived)
    assert told(stage) == []
