"""Stories of a cohort, from the side of who applies: taking tasks, what is recorded, and mentors for interns."""

from typing import Final

from bot.memory import cohorts, configs, schema
from bot.model import OwnerId, PersonId, RepoId
from tests.conftest import Play
from tests.journeys.test_cohort_boards import FILE, ON, ours, with_a_public_sheet, with_places
from tests.journeys.test_configuration import checks
from tests.stage import Cast, Stage

TASK: Final = ["outreachy", "good first issue"]
CONFIG: Final = ON.replace("welcome: {mode: off}\n", "welcome: {mode: on}\n") + "\nclaims: {mode: on}"
INTERNS: Final = FILE + "    interns: [{login: ada, issue: trail-maps#%d}]\n"


async def begun(stage: Stage, cast: Cast, file: str = FILE) -> None:
    """The organisation has a cohort, whose guide stands, and labels for its tasks."""
    world = stage.world
    home = world.find_repo("alpine-tools/.github")
    assert home is not None
    for name in TASK:
        world.create_label(cast.maps, name, by=cast.grace)
    world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="")
    world.write_file(home, configs.COHORTS_PATH, file, by=cast.grace)
    await stage.settle()
    await stage.days_pass(1)
    assert len(ours(stage, ".github")) == 1


async def recorded(stage: Stage, cast: Cast) -> set[tuple[int, int, str]]:
    """Who applies in it, with the number or the address of what they brought."""
    table = schema.contributions
    query = table.select().where(table.c.owner_id == cast.organisation.id)
    found = await stage.parts.store.read(lambda db: db.execute(query).mappings().all())
    return {(row["person_id"], row["number"], row["url"]) for row in found}


async def test_tasks_have_their_takers_and_then_point_elsewhere(play: Play) -> None:
    stage, cast = await play(before=with_places, config=CONFIG)
    await begun(stage, cast)
    world = stage.world
    task = world.open_issue(cast.maps, by=cast.grace, title="Draw a path", labels=TASK)
    other = world.open_issue(cast.maps, by=cast.grace, title="Draw a hut", labels=TASK)
    await stage.days_pass(1)
    late = world.user("mary")
    for who in (cast.ada, cast.linus, late):
        world.comment(task, by=who, body="/claim")
        await stage.settle()
    # The guide tells the rest: the first two get a thumb, the third is told where there is room.
    [full] = stage.said(task)
    assert f"trail-maps#{other.number}" in full
    assert {one.login for one in task.assignees} == {"ada", "linus"}
    owner_id = OwnerId(cast.organisation.id)
    applying = await stage.parts.store.read(
        lambda db: [cohorts.applies(db, owner_id, PersonId(who.id)) for who in (cast.ada, cast.linus, late)]
    )
    assert applying == [{"winter"}, {"winter"}, frozenset()]


async def test_what_applicants_do_is_recorded_and_the_guide_welcomes_them(play: Play) -> None:
    stage, cast = await play(before=with_places, config=CONFIG)
    await begun(stage, cast, FILE.replace("2026-12-18", "2026-11-26").replace("    sync: 2026-12-07\n", ""))
    world = stage.world
    task = world.open_issue(cast.maps, by=cast.grace, title="Draw a path", labels=TASK)
    await stage.settle()
    pull = world.open_pull_request(cast.maps, by=cast.ada, title="A path", body=f"Closes #{task.number}")
    await stage.settle()
    report = world.open_issue(cast.huts, by=cast.ada, title="The door is stuck")
    await stage.settle()
    world.comment(report, by=cast.ada, body="/record")
    world.comment(report, by=cast.ada, body="/record https://example.org/my-post")
    await stage.days_pass(1)
    assert await recorded(stage, cast) == {
        (cast.ada.id, pull.number, ""),
        (cast.ada.id, report.number, ""),
        (cast.ada.id, 0, "https://example.org/my-post"),
    }
    assert stage.said(pull) == []
    assert stage.said(report) == []

    # What was written on the last evening counts, though it is heard of when the period is over.
    await stage.later(hours=12)
    world.comment(report, by=cast.linus, body="/record https://example.org/late")
    held = stage.hold_back(lambda delivery: delivery.event == "issue_comment")
    await stage.later(hours=12)
    world.deliveries.extend(held)
    await stage.settle()
    assert (cast.linus.id, 0, "https://example.org/late") in await recorded(stage, cast)


async def test_two_mentors_are_sought_for_an_intern(play: Play) -> None:
    stage, cast = await play(
        before=with_places, config=CONFIG.replace("mentoring: {mode: off}", "mentoring: {mode: on}")
    )
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="A summer of paths")
    await begun(stage, cast, INTERNS % issue.number)
    query = schema.mentorings.select().where(schema.mentorings.c.repo_id == RepoId(cast.maps.id))
    [sought] = await stage.parts.store.read(lambda db: db.execute(query).mappings().all())
    assert (sought["number"], sought["mentee_id"], sought["because"]) == (issue.number, cast.ada.id, "cohort")


async def test_a_sheet_that_everybody_could_read_is_told_on_its_line(play: Play) -> None:
    stage, cast = await play(before=with_a_public_sheet, config=ON)
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    stage.world.write_file(home, configs.COHORTS_PATH, FILE, by=cast.grace)
    await stage.settle()
    stage.world.write_file(home, configs.COHORTS_PATH, FILE.replace("takers: 2", "takers: 3"), by=cast.grace)
    await stage.settle()
    run = checks(home)[-1]
    assert (run.name, run.conclusion) == ("Switchback cohorts", "failure")
    [note] = [one for one in run.annotations if "not private" in one.message]
    assert (note.path, FILE.splitlines()[note.start_line - 1].strip()) == (configs.COHORTS_PATH, "sheet: evaluations")
