"""Stories of the organisation's skills map: pushed, broken, proposed, tried on a branch, taken away."""

from bot.memory import configs
from bot.model import OwnerId
from bot.sandbox.model import CheckRun, Repo
from tests.conftest import Play
from tests.journeys.test_configuration import checks, holds, shadow
from tests.stage import Cast, Manner, Stage
from tests.test_skills import OURS

MAP = configs.SKILLS_PATH
BROKEN = OURS.replace("role: writing", "role: wrting")


async def organisation(play: Play, manner: Manner | None = None) -> tuple[Stage, Cast, Repo]:
    """With a repository `.github`, in which Grace has put a map."""
    stage, cast = await shadow(play, manner)
    home = stage.world.repository(cast.organisation, ".github")
    await stage.settle()
    stage.world.write_file(home, MAP, OURS, by=cast.grace)
    await stage.settle()
    return stage, cast, home


def areas(stage: Stage, repo: Repo) -> list[str]:
    return [area.name for area in holds(stage, repo).areas]


def told(home: Repo) -> list[tuple[str, CheckRun]]:
    return [(run.name, run) for run in checks(home)]


async def test_a_map_holds_everywhere_and_a_broken_one_is_told_on_its_line(play: Play, rough: Manner) -> None:
    stage, cast, home = await organisation(play, rough)
    owner = OwnerId(cast.organisation.id)
    assert (areas(stage, cast.maps), areas(stage, home)) == (["docs"], ["docs"])
    stage.world.write_file(home, MAP, BROKEN, by=cast.grace)
    await stage.settle()
    assert areas(stage, cast.maps) == ["docs"]
    name, run = told(home)[-1]
    assert (name, run.conclusion) == ("Switchback skills map", "failure")
    assert [(note.path, note.start_line) for note in run.annotations] == [(MAP, 5)]
    assert "there is no role wrting" in str(run.summary)
    stage.world.write_file(home, MAP, OURS.replace("docs", "guides"), by=cast.grace)
    await stage.settle()
    assert stage.parts.store.read_now(lambda db: stage.parts.policies.skills(db, owner)).areas[0].name == "guides"
    assert told(home)[-1][1].conclusion == "success"


async def test_a_pull_request_is_checked_for_what_it_touches(play: Play) -> None:
    stage, cast, home = await organisation(play)
    before = len(told(home))
    both = {MAP: BROKEN, configs.PATH: "welcome: {mode: on}\n"}
    stage.world.open_pull_request(home, by=cast.ada, title="A map", texts={MAP: BROKEN})
    stage.world.open_pull_request(home, by=cast.ada, title="A map and more", texts=both)
    await stage.settle()
    assert sorted((name, run.conclusion) for name, run in told(home)[before:]) == [
        ("Switchback configuration", "success"),
        ("Switchback skills map", "failure"),
        ("Switchback skills map", "failure"),
    ]
    assert areas(stage, cast.maps) == ["docs"]


async def test_a_branch_is_checked_for_what_is_different_there(play: Play) -> None:
    stage, cast, home = await organisation(play)
    before = len(told(home))
    stage.world.create_branch(home, "try", by=cast.grace)
    stage.world.write_file(home, MAP, BROKEN, branch="try", by=cast.grace)
    await stage.settle()
    assert [(name, run.conclusion) for name, run in told(home)[before:]] == [("Switchback skills map", "failure")]


async def test_elsewhere_such_a_file_is_no_map(play: Play) -> None:
    stage, cast, home = await organisation(play)
    stage.world.write_file(cast.maps, MAP, OURS.replace("docs", "maps"), by=cast.grace)
    stage.world.create_branch(cast.maps, "try", by=cast.grace)
    stage.world.write_file(cast.maps, MAP, BROKEN, branch="try", by=cast.grace)
    await stage.settle()
    assert (areas(stage, cast.maps), checks(cast.maps)) == (["docs"], [])
    stage.world.delete_file(home, MAP, by=cast.grace)
    await stage.settle()
    assert "documentation" in areas(stage, cast.maps)
