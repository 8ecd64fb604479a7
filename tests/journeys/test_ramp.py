"""Stories of the ramp: what there is to take is listed, offered to those who asked, and named after a merge."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from bot.memory import configs, schema
from bot.sandbox import ChangedFile, World
from bot.sandbox.model import Account, Issue, PullRequest, Repo, Thread
from tests.conftest import Play
from tests.journeys.test_arrival import a_home, home_of, told
from tests.journeys.test_steering import reactions
from tests.stage import Cast, Manner, Stage

A_DAY: Final = timedelta(days=1)
READY: Final = "readiness: {needs: [ask]}\ndigest: {mode: off}\n"  # whoever of the team gave it its level can be asked


async def some_time(stage: Stage) -> None:
    """Long enough for what is looked at a while after the news."""
    await stage.settle()
    for _ in range(4):
        await stage.later(minutes=10)


async def answers_come(stage: Stage, cast: Cast) -> None:
    """Grace answers everybody, so it can be told how long that takes."""
    for n in range(5):
        issue = stage.world.open_issue(cast.maps, by=stage.world.user(f"guest{n}"), title="A question")
        stage.world.comment(issue, by=cast.grace, body="An answer")
    await stage.settle()


def a_medium_one(world: World, cast: Cast, *, repo: Repo | None = None, title: str = "Contour lines") -> Issue:
    issue = world.open_issue(repo or cast.maps, by=cast.grace, title=title, labels=["documentation"])
    world.label(issue, "medium", by=cast.grace)
    return issue


def merged(stage: Stage, cast: Cast, by: Account, title: str) -> PullRequest:
    files = [ChangedFile(filename=f"{title}.py")]
    pull = stage.world.open_pull_request(cast.maps, by=by, title=title, files=files)
    stage.world.merge(pull, by=cast.grace)
    return pull


def offered(stage: Stage, thread: Thread) -> list[str]:
    return [text for text in stage.said(thread) if "may be a next step" in text]


async def test_an_issue_becomes_ready_and_is_listed_and_offered_once(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config=READY, before=a_home)
    world, mary = stage.world, stage.world.user("mary")
    await answers_come(stage, cast)
    hers = world.open_issue(cast.maps, by=mary, title="Hello", body="May I help?\n\n/interested docs")
    other = world.open_issue(cast.maps, by=cast.linus, title="Hello too")
    await some_time(stage)
    assert reactions(hers) == ["eyes", "+1"]
    assert told(stage) == []

    await stage.later(days=2)  # somebody is mentioned once a day at most
    issue = a_medium_one(world, cast)
    await some_time(stage)
    [board] = told(stage)
    assert isinstance(board, Issue)
    assert board.repo is home_of(world)
    assert "### documentation\n\n- alpine-tools/trail-maps\\#" + str(issue.number) in board.body
    [offer] = offered(stage, hers)
    assert offer.startswith(f"@mary, this may be a next step for you: alpine-tools/trail-maps\\#{issue.number} (doc")
    assert offered(stage, other) == stage.said(issue) == []

    world.assign(issue, mary, by=cast.grace)
    await some_time(stage)
    assert "Right now all of them are taken" in board.body
    world.unassign(issue, mary, by=cast.grace)
    for _ in range(3):
        await stage.later(days=8)
    assert "- alpine-tools/trail-maps" in board.body
    assert told(stage) == [board]
    assert board.pinned
    assert len(offered(stage, hers)) == 1
    assert offered(stage, other) == []


async def test_a_later_merge_leads_on_once_in_a_while(play: Play) -> None:
    stage, cast = await play(config=READY)
    await answers_come(stage, cast)
    issue = a_medium_one(stage.world, cast)
    mary = stage.world.user("mary")
    first = merged(stage, cast, mary, "first")
    await some_time(stage)
    second = merged(stage, cast, mary, "second")
    third = merged(stage, cast, mary, "third")
    by_grace = merged(stage, cast, cast.grace, "another")
    await some_time(stage)
    [welcome] = [text for text in stage.said(first) if "first pull request" in text and "merged" in text]
    said = [*stage.said(second), *stage.said(third)]
    [steps] = [text for text in said if f"- alpine-tools/trail-maps\\#{issue.number} (medium)" in text]
    assert steps.startswith("Thank you, mary: another pull request")  # the welcome has mentioned her today
    assert said == [steps]
    assert stage.said(by_grace) == []
    assert "another pull request" not in welcome


async def test_who_just_began_hears_of_what_becomes_ready_then(play: Play) -> None:
    stage, cast = await play(config=READY)
    await answers_come(stage, cast)
    before = a_medium_one(stage.world, cast)
    stage.clock.advance(A_DAY)
    first = merged(stage, cast, stage.world.user("mary"), "first")
    await some_time(stage)
    assert offered(stage, first) == []
    stage.clock.advance(A_DAY)
    since = a_medium_one(stage.world, cast, title="Shading")
    await some_time(stage)
    [offer] = offered(stage, first)
    assert f"\\#{since.number}" in offer
    assert f"\\#{before.number}" not in offer
    a_medium_one(stage.world, cast, title="Colours")
    for _ in range(2):
        await stage.later(days=8)
    assert len(offered(stage, first)) == 1


async def test_in_shadow_mode_it_is_only_noted(play: Play) -> None:
    stage, cast = await play(config=READY, before=a_home, live=False)
    hers = stage.world.open_issue(cast.maps, by=stage.world.user("mary"), title="Hi", body="@switchback interested")
    await answers_come(stage, cast)
    a_medium_one(stage.world, cast)
    await some_time(stage)
    [reply] = stage.said(hers)
    assert "Offers are not switched on here yet" in reply
    assert [thread.title for thread in told(stage) if "next step" in thread.title] == []
    assert await stage.parts.store.read(lambda db: noted(db, "ramp")) == ["shadow"]
    assert await stage.parts.store.read(lambda db: noted(db, "offers")) == ["shadow"]


def noted(connection: Connection, rule: str) -> list[str]:
    table = schema.ledger
    return list(connection.scalars(select(table.c.state).where(table.c.rule == rule)))


async def test_the_list_may_be_moved_and_moved_back(play: Play) -> None:
    stage, cast = await play(config=READY, before=a_home)
    world, home = stage.world, home_of(stage.world)
    paint = world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="Red.")
    a_medium_one(world, cast)
    await some_time(stage)
    [there] = told(stage)
    assert there.number == paint.number
    for place, stands in (("huts", (False, True)), (".github", (True, False)), ("huts", (False, True))):
        world.write_file(home, configs.PATH, f"ramp: {{repo: {place}}}\n", by=cast.grace)
        await stage.settle()
        await stage.days_pass(1)
        assert [issue.open for issue in (there, *list(cast.huts.threads.values())[1:])] == list(stands)
    _, here = cast.huts.threads.values()
    one_more = a_medium_one(world, cast, title="The scale")
    await stage.settle()
    await stage.days_pass(1)
    assert f"trail-maps\\#{one_more.number}" in here.body
    assert (here.title, paint.title, paint.body, paint.open) == (there.title, "Paint the hut", "Red.", True)


async def test_what_is_private_stays_there_and_a_pause_holds(play: Play) -> None:
    def hidden(world: World, cast: Cast) -> None:
        a_home(world, cast)
        world.privatize(cast.huts)

    stage, cast = await play(config=READY, before=hidden)
    a_medium_one(stage.world, cast, repo=cast.huts)
    await some_time(stage)
    assert told(stage) == []
    home = home_of(stage.world)
    talk = stage.world.open_issue(home, by=cast.grace, title="For maintainers", body="/switchback pause 2 weeks")
    await stage.settle()
    open_to_all = a_medium_one(stage.world, cast)
    await some_time(stage)
    assert told(stage) == []
    await stage.later(days=15)
    [board] = told(stage)
    assert f"trail-maps\\#{open_to_all.number}" in board.body
    assert "huts" not in board.body
    assert reactions(talk) == ["+1"]
