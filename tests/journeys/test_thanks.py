"""Stories of thanks: people thank each other and the digest tells of it; whoever stepped back reads their own story,
and says whether others may read it."""

from datetime import timedelta
from functools import partial
from typing import Final

from bot.effects import StepDown
from bot.memory import leaves, orders, schema
from bot.model import InstallationId, OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Discussion, Issue, Thread
from bot.sandbox.model import Repo as Place
from tests import privacy
from tests.conftest import Play
from tests.stage import SLUG, Cast, Manner, Stage

QUIET: Final = "farewell: {mode: off}\nwelcome: {mode: off}\ndigest: {mode: off}\nramp: {mode: off}\n"
SILENT: Final = "welcome: {mode: off}\ncheck_ins: {mode: off}\nreturns: {mode: off}\nsuccession: {mode: off}"
ON: Final = (
    f"{QUIET}community: {{mode: on, when: every Tuesday}}\nteam: {{place: team}}\n"
    "thanks: {mode: on, where: issue, merges: [2]}"
)


def with_places(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, "team", private=True)


def at(stage: Stage, name: str) -> Place:
    repo = stage.world.find_repo(f"alpine-tools/{name}")
    assert repo is not None
    return repo


def ours(stage: Stage) -> list[Thread]:
    return [thread for thread in at(stage, ".github").threads.values() if thread.author.login == f"{SLUG}[bot]"]


async def merge(stage: Stage, cast: Cast, title: str) -> Thread:
    pull = stage.world.open_pull_request(cast.maps, by=cast.linus, title=title, body="Here it is.")
    await stage.settle()
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    return pull


async def test_people_thank_each_other_and_the_digest_tells_of_it(play: Play) -> None:
    stage, cast = await play(before=with_places, config=ON)
    world, clock = stage.world, stage.clock
    await stage.days_pass(2)
    issue = world.open_issue(cast.maps, by=cast.ada, title="The next call", body="On Friday.")
    hidden = world.open_issue(at(stage, "team"), by=cast.grace, title="Budget", body="Of the year.")
    await stage.settle()
    written = world.comment(issue, by=cast.ada, body="/thank @grace, @linus for running the calls")
    world.comment(issue, by=cast.linus, body="/thank @linus for all I did")
    world.comment(hidden, by=cast.grace, body="/thank @ada for the grant")
    await stage.settle()
    [reply] = stage.said(issue)
    assert "linus" in reply
    assert "@" not in reply
    thanked = {reaction.content for reaction in written.reactions}
    assert "+1" in thanked
    about = await stage.parts.store.read(lambda db: [*db.execute(schema.presence.select())])
    assert sorted(row.about for row in about) == ["calls", "calls", "funding"]

    # The second merge is thanked for where it happened; so soon, no other is.
    first, second = await merge(stage, cast, "Draw the legend"), await merge(stage, cast, "Draw the scale")
    assert (stage.said(first), len(stage.said(second))) == ([], 1)
    assert "2nd pull request" in stage.said(second)[0]

    await stage.days_pass(6)
    [digest] = [thread for thread in ours(stage) if "Thank you" in thread.title]
    for piece in ("`ada` thanked `grace` for the calls ([here](", "`ada` thanked `linus` for the calls"):
        assert piece in digest.body
    assert "funding" not in digest.body
    assert "the money" not in digest.body
    assert "@" not in digest.body
    assert clock() > written.created_at
    privacy.holds(world)


async def steps_back(stage: Stage, cast: Cast) -> Issue:
    """Linus, who did things here, steps back; his private issue is there."""
    world = stage.world
    for title in ("The legend", "The scale"):
        world.open_issue(cast.maps, by=cast.linus, title=title, body="It is missing.")
        await stage.settle()
    team = at(stage, "team")
    place = world.open_issue(team, by=cast.grace, title="For a good hand-over", body="Thank you.")
    await stage.settle()
    ref, who, now = ThreadRef(RepoId(team.id), place.number), Person(PersonId(cast.linus.id), "linus"), stage.clock()
    owner_id = OwnerId(cast.organisation.id)
    order = StepDown(rule="answers", key="step-down", why="", thread=ref, person=who, whom=who, as_of=now)
    where = Repo(ref.repo_id, owner_id, "alpine-tools", "team")
    obey = partial(orders.obey, order=order, where=where, installation_id=InstallationId(1), now=now)
    await stage.parts.store.write(obey)
    [leave] = await stage.parts.store.read(lambda db: leaves.of_person(db, owner_id, who.id))
    await stage.parts.store.write(lambda db: leaves.placed(db, owner_id, leave, ref))
    world.comment(place, by=cast.grace, body="We will miss nothing.")  # news, for the engine to hear of
    await stage.settle()
    await stage.days_pass(1)
    return place


async def test_whoever_steps_back_reads_their_story_and_shares_it(play: Play, mixed: Manner) -> None:
    config = ON.replace("farewell: {mode: off}", "farewell: {mode: on}").replace("welcome: {mode: off}", SILENT)
    stage, cast = await play(mixed, before=with_places, config=config)
    world = stage.world
    world.add_member(cast.organisation, cast.linus)
    issue = world.open_issue(cast.maps, by=cast.linus, title="The legend", body="It is missing.")
    await stage.settle()
    world.comment(issue, by=cast.linus, body="/stepping-down for good")
    await stage.settle()
    await stage.days_pass(2)
    [place] = at(stage, "team").threads.values()
    draft, _ = stage.said(place)
    assert stage.said(issue) == []
    assert "It began with [alpine-tools/trail-maps#1]" in draft
    assert "@" not in draft
    assert ours(stage) == []

    # Nobody else can say it; then nothing happens for long, and it is not asked again.
    world.comment(place, by=cast.grace, body="/share-thanks")
    await stage.settle()
    assert "Only the person whom it is for" in stage.said(place)[-1]
    await stage.days_pass(3)
    assert (len(stage.said(place)), ours(stage)) == (3, [])

    world.comment(place, by=cast.linus, body="/share-thanks")
    await stage.settle()
    await stage.days_pass(2)
    [posted] = ours(stage)
    assert isinstance(posted, Issue)
    assert (posted.title, posted.open) == ("Thank you, `linus`", True)
    assert "Since 2026, `linus` has been part of what alpine-tools makes" in posted.body
    privacy.holds(world)

    # Whoever asks to be forgotten is named there no more.
    world.comment(place, by=cast.linus, body="/forget-me")
    await stage.settle()
    await stage.later(days=1)
    assert (posted.open, ours(stage)) == (False, [posted])
    assert "linus" not in f"{posted.title}{posted.body}"
    boards = await stage.parts.store.read(lambda db: [*db.execute(schema.boards.select())])
    assert str(cast.linus.id) not in "".join(row.name for row in boards if row.name.startswith("story/"))


async def test_it_can_be_a_discussion_where_there_are_some(play: Play) -> None:
    stage, cast = await play(before=with_places, config=ON.replace("issue, merges", "discussion, merges"))
    world = stage.world
    place = await steps_back(stage, cast)
    world.comment(place, by=cast.linus, body="/share-thanks")
    await stage.settle()
    await stage.later(minutes=5)
    [posted] = ours(stage)
    assert isinstance(posted, Discussion)
    assert (posted.category.name, posted.open) == ("Announcements", True)

    # It may be taken back.
    world.comment(place, by=cast.linus, body="/share-thanks no")
    await stage.settle()
    await stage.later(days=1)
    assert (posted.open, "linus" in posted.body, len(ours(stage))) == (False, False, 1)
    privacy.holds(world)


async def test_where_there_are_no_discussions_it_is_an_issue(play: Play) -> None:
    stage, cast = await play(before=with_places, config=ON)
    at(stage, ".github").has_discussions = False
    place = await steps_back(stage, cast)
    stage.world.comment(place, by=cast.linus, body="/share-thanks discussion")
    await stage.settle()
    await stage.days_pass(2)
    assert [type(thread) for thread in ours(stage)] == [Issue]


async def test_in_shadow_mode_nobody_reads_anything(play: Play) -> None:
    stage, cast = await play(before=with_places, config=ON.replace("thanks: {mode: on", "thanks: {mode: shadow"))
    place = await steps_back(stage, cast)
    await stage.days_pass(1)
    assert stage.said(place) == []
    rows = await stage.parts.store.read(lambda db: [*db.execute(schema.ledger.select())])
    assert [row.state for row in rows if row.template == "thanks-story"] == ["shadow"]
    pulls = [await merge(stage, cast, title) for title in ("Draw the legend", "Draw the scale")]
    assert [stage.said(pull) for pull in pulls] == [[], []]
    rows = await stage.parts.store.read(lambda db: [*db.execute(schema.ledger.select())])
    assert [row.state for row in rows if row.template == "thanks-merge"] == ["shadow"]
    assert stage.clock() - place.created_at > timedelta(days=1)
