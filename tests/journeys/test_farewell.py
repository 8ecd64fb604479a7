"""Stories of stepping back and of the way back: what is prepared in private, and that nobody else sees it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.farewells import Leave
from bot.memory import claims, leaves, schema
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.sandbox import World, weather
from bot.sandbox.model import Account, PullRequest, Team, Thread
from tests import privacy
from tests.conftest import Play
from tests.journeys.test_check_ins import PLACE, THRICE, about, account, days_pass
from tests.journeys.test_cohort_boards import ours
from tests.stage import CALM, Cast, Stage

OFF: Final = "\n".join(
    f"{name}: {{mode: off}}"
    for name in (
        "welcome", "advice", "invitation", "need_help", "digest", "ramp", "community", "mentoring", "cohorts", "thanks",
        "succession", "claims",
    )
)  # fmt: skip
ON: Final = f"""{OFF}
farewell: {{mode: on, owners: [grace], accounts: [{{name: releases on PyPI}}]}}
returns: {{mode: on}}
team: {{place: {PLACE}, files: [{{repo: compass, path: team.yml}}]}}
triage: {{mode: shadow, people: [{{login: grace}}]}}
people: {{maintainers: [grace]}}
"""
TEAM_FILE: Final = """# Who we are
- name: Tove Hansen
  handle: tove
  teams: [guides]
- name: Grace Lee
  handle: grace
"""
LONG: Final = timedelta(days=400)


def with_a_place(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, PLACE, private=True)
    compass = world.repository(cast.organisation, "compass")
    world.write_file(compass, "team.yml", TEAM_FILE, by=cast.grace)
    world.add_member(cast.organisation, world.user("tove"))
    world.team(cast.organisation, "Guides")


def guides(cast: Cast) -> Team:
    [team] = cast.organisation.teams.values()
    return team


async def did_much(stage: Stage, cast: Cast, tove: Account, *, ago: timedelta) -> Thread:
    """She reviewed what others brought to the huts, took an issue, and has a pull request that is open. All of it was
    some time ago."""
    world = stage.world
    world.join_team(guides(cast), tove)
    for number in range(6):
        pull = world.open_pull_request(cast.huts, by=cast.ada, title=f"Mend the roof {number}")
        world.review(pull, by=tove, state="APPROVED", body="Good")
        if number:
            world.close(pull, by=cast.grace)
    issue = world.open_issue(cast.maps, by=tove, title="Draw the pass")
    world.open_pull_request(cast.maps, by=tove, title="Draw it")
    world.open_issue(cast.maps, by=cast.grace, title="A wish")
    await stage.settle()

    def long_ago(db: Connection) -> None:
        then = stage.clock() - ago
        claims.take(db, ThreadRef(RepoId(cast.maps.id), issue.number), PersonId(tove.id), then)
        db.execute(schema.threads.update().values(created_at=then, updated_at=then))
        for table in (schema.activity, schema.happenings):
            db.execute(table.update().values(at=then))
        db.execute(schema.owners.update().values(witnessed_since=then))

    await stage.parts.store.write(long_ago)
    return issue


async def theirs(stage: Stage, cast: Cast, who: Account) -> list[Leave]:
    owner_id = OwnerId(cast.organisation.id)
    return await stage.parts.store.read(lambda db: leaves.of_person(db, owner_id, PersonId(who.id)))


def reactions(thread: Thread) -> list[str]:
    return [reaction.content for comment in thread.comments for reaction in comment.reactions]


async def test_somebody_steps_back_in_their_check_in_and_gets_a_list_for_a_hand_over(play: Play) -> None:
    stage, cast = await play(THRICE, before=with_a_place, config=f"{ON}\ncheck_ins: {{mode: on}}")
    tove = account(stage, "tove")
    issue = await did_much(stage, cast, tove, ago=LONG)
    stage.world.open_issue(cast.huts, by=cast.grace, title="A leak")  # she is around
    await days_pass(stage, 10)
    hers = about(stage, "tove")
    box = "- [ ] I step back for good"
    assert box in hers.body, hers.body
    stage.world.edit(hers, by=tove, body=hers.body.replace(box, box.replace("[ ]", "[x]")))
    await stage.settle()
    [leave] = await theirs(stage, cast, tove)
    assert (leave.for_good, leave.standing, leave.place) == (
        True, ("guides",), ThreadRef(leave.said_in.repo_id, hers.number)
    )  # fmt: skip
    assert [one.title for one in ours(stage, PLACE)] == [hers.title]
    await days_pass(stage, 2)  # she was mentioned there today already
    [said] = [text for text in stage.said(hers) if "Merge rights" in text]
    assert said.startswith("@tove, thank you for all that you have given alpine-tools.")
    for line in (
        "- [ ] `huts`: write down what one needs to know; `grace` agreed",
        f"- [ ] alpine-tools/trail-maps#{issue.number}: `grace` agreed",
        f"- [ ] alpine-tools/trail-maps#{issue.number + 1}: `grace` agreed",
        "- [ ] alpine-tools/huts#1: `grace` agreed",
        "- [ ] releases on PyPI",
        "- [ ] `alpine-tools/compass: team.yml`",
        "+  status: inactive",
        "an owner's: grace.",
    ):
        assert line in said, (line, said)
    await days_pass(stage, 8)
    assert len([text for text in stage.said(hers) if "Merge rights" in text]) == 1
    assert stage.said(issue) == []
    privacy.holds(stage.world, tove)


async def test_somebody_who_said_in_public_that_they_step_back_returns(play: Play) -> None:
    stage, cast = await play(CALM, before=with_a_place, config=ON)
    tove = account(stage, "tove")
    issue = await did_much(stage, cast, tove, ago=timedelta(days=3))
    stage.world.comment(issue, by=tove, body="/stepping-down until 2027-09-01, life is full")
    await stage.settle()
    assert (stage.said(issue), reactions(issue)) == ([], ["eyes", "+1"])
    [own] = ours(stage, PLACE)
    assert own.title == "Stepping back: tove"
    assert "until 2027-09-01" in stage.said(own)[0]
    # She said so in public, so a pull request may propose the change of the team file there, if the app may write it.
    [leave] = await theirs(stage, cast, tove)
    assert leave.place is not None

    # What she still does in the first weeks is handing over. Then she is silent, and a release comes.
    stage.world.comment(issue, by=tove, body="Here are my notes.")
    stage.world.leave_team(guides(cast), tove, by=cast.grace)
    await stage.later(days=1)
    stage.world.release(cast.huts, "Summer", by=cast.grace)
    await days_pass(stage, 100)
    assert len(stage.said(own)) == 1
    stage.github.weather.next(weather.not_found_first(match=("GET", r".*/releases"), times=99))  # the app sees none
    stage.world.comment(cast.huts.threads[1], by=tove, body="I had a look at this.")
    await stage.settle()
    await stage.later(hours=2)
    _, greeting, standing = stage.said(own)
    assert greeting.startswith("Good to see you, @tove!")
    assert "comment `/stepping-down off`" in greeting
    assert "newest release" not in greeting
    assert "they were in these teams: guides" in standing
    assert "/welcome-back tove" in standing

    stage.world.comment(issue, by=cast.grace, body="/welcome-back @tove")
    await stage.settle()
    assert "gh api -X PUT orgs/alpine-tools/teams/guides/memberships/tove" in stage.said(own)[3]
    [leave] = await theirs(stage, cast, tove)
    assert leave.back_at is not None
    assert reactions(issue) == ["eyes", "+1", "eyes", "+1"]
    await stage.later(days=1)
    await stage.later(days=60)
    assert len(stage.said(own)) == 4
    privacy.holds(stage.world, tove)


def that_may_write_files(world: World, cast: Cast) -> None:
    with_a_place(world, cast)
    cast.app.permissions["contents"] = "write"


async def test_a_change_of_the_team_file_is_proposed_and_whoever_is_forgotten_is_named_no_more(play: Play) -> None:
    stage, cast = await play(THRICE, before=that_may_write_files, config=ON)
    tove, compass = account(stage, "tove"), stage.world.find_repo("alpine-tools/compass")
    assert compass is not None
    issue = stage.world.open_issue(cast.maps, by=tove, title="Draw the pass")
    await stage.settle()
    stage.world.comment(issue, by=tove, body="I have to move on.\n\n/stepping-down for good")
    await stage.settle()
    [own], [pull] = ours(stage, PLACE), compass.threads.values()
    assert isinstance(pull, PullRequest)
    assert pull.title == "Note in team.yml that tove steps back"
    [said] = stage.said(own)
    assert f"[the pull request](https://github.com/alpine-tools/compass/pull/{pull.number})" in said
    assert "```diff" not in said

    stage.world.comment(issue, by=tove, body="/forget-me")
    await stage.settle()
    await stage.later(days=1)
    await stage.settle()
    assert (own.title, own.open) == ("Nothing is kept here any more", False)
    assert "tove" not in own.body
    assert await theirs(stage, cast, tove) == []


async def test_in_shadow_mode_and_without_a_private_place_there_is_a_thumb(play: Play) -> None:
    shadow = ON.replace("farewell: {mode: on", "farewell: {mode: shadow")
    stage, cast = await play(CALM, before=with_a_place, config=shadow)
    tove = account(stage, "tove")
    issue = stage.world.open_issue(cast.maps, by=tove, title="Draw the pass")
    await stage.settle()
    stage.world.comment(issue, by=tove, body="@switchback /stepping-down from trail-maps")
    await stage.settle()
    assert (ours(stage, PLACE), stage.said(issue), reactions(issue)) == ([], [], ["eyes", "+1"])
    query = schema.ledger.select().where(schema.ledger.c.rule == "farewell")
    [recorded] = await stage.parts.store.read(lambda db: db.execute(query).all())
    assert (recorded.template, recorded.state) == ("farewell-checklist", "shadow")

    # The place turns public: it is none any more, for anybody.
    place = stage.world.find_repo(f"alpine-tools/{PLACE}")
    assert place is not None
    stage.world.publicize(place, by=cast.grace)
    stage.world.comment(issue, by=tove, body="@switchback /stepping-down for good")
    await stage.settle()
    await stage.later(days=1)
    assert (ours(stage, PLACE), stage.said(issue), len(await theirs(stage, cast, tove))) == ([], [], 2)
    privacy.holds(stage.world, tove)


async def test_a_list_that_waits_goes_nowhere_but_into_the_private_place_of_now(play: Play) -> None:
    stage, cast = await play(CALM, before=with_a_place, config=ON)
    tove = account(stage, "tove")
    issue = stage.world.open_issue(cast.maps, by=tove, title="Draw the pass")
    await stage.settle()
    stage.world.comment(issue, by=tove, body="@switchback /budget 0 per day")
    await stage.settle()
    stage.world.comment(issue, by=tove, body="@switchback /stepping-down for good")
    await stage.settle()
    [own], [leave] = ours(stage, PLACE), await theirs(stage, cast, tove)
    assert stage.said(own) == []

    # The place was another one then, which everybody may read now.
    owner_id, here = OwnerId(cast.organisation.id), ThreadRef(RepoId(cast.maps.id), issue.number)
    await stage.parts.store.write(lambda db: leaves.placed(db, owner_id, leave, here))
    # The app may not read the team file any more: the list comes without it.
    stage.github.weather.next(weather.locked(match=("GET", r".*/contents/team\.yml"), times=99))
    await stage.later(days=4)
    assert "Merge rights" in stage.said(own)[0]
    privacy.holds(stage.world, tove)
