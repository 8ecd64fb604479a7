"""Stories of a cohort, from the side of the organisation: the guide, the evaluation sheet, reminders and thanks."""

from datetime import timedelta
from typing import Final

from bot.effects import RecordWork
from bot.memory import cohorts, configs, looks, rows, schema
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Account, Issue, PullRequest, Thread
from tests.conftest import Play
from tests.stage import SLUG, Cast, Manner, Stage

# What fails at GitHub is tried again the next day, which moves the days of this story.
THRICE: Final = Manner(name="shuffled and thrice", copies=3, shuffled=2)
QUIET: Final = "\n".join(
    f"{name}: {{mode: off}}"
    for name in ("welcome", "advice", "invitation", "need_help", "triage", "digest", "ramp", "community", "mentoring")
)
ON: Final = f"{QUIET}\ncohorts: {{mode: on}}"
FILE: Final = """
cohorts:
  - id: winter
    name: Outreachy, winter
    program: outreachy
    contributions: {first: 2026-11-25, last: 2026-12-18}
    mentors: [grace, tove]
    tasks: {label: outreachy, levels: [starter], takers: 2}
    channel: https://example.org/chat
    sheet: evaluations
    sync: 2026-12-07
"""


def with_places(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, "evaluations", private=True)


def with_a_public_sheet(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, "evaluations")


def ours(stage: Stage, name: str) -> list[Issue]:
    """The issues of the bot in one of the organisation's repositories."""
    repo = stage.world.find_repo(f"alpine-tools/{name}")
    assert repo is not None
    own = [thread for thread in repo.threads.values() if thread.author.login == f"{SLUG}[bot]"]
    return [thread for thread in own if isinstance(thread, Issue)]


async def begun(stage: Stage, cast: Cast, file: str = FILE) -> Account:
    """The organisation has a cohort, two mentors of which are known, and a task. Returns the second mentor."""
    world, tove = stage.world, stage.world.user("tove")
    home = world.find_repo("alpine-tools/.github")
    assert home is not None
    world.add_member(cast.organisation, tove)
    for mentor in (cast.grace, tove):
        world.open_issue(cast.huts, by=mentor, title="Paint the hut", body="")
    world.open_issue(cast.maps, by=cast.grace, title="A task", labels=["documentation"])
    await stage.settle()
    path, now = configs.COHORTS_PATH, stage.clock()
    await stage.parts.store.write(lambda db: configs.store(db, RepoId(home.id), path, now, blob="b", text=file))
    return tove


async def brings(stage: Stage, cast: Cast, who: Account, title: str) -> PullRequest:
    """Somebody opens a pull request, which is recorded."""
    pull = stage.world.open_pull_request(cast.maps, by=who, title=title)
    await stage.settle()
    await recorded(stage, cast, who, pull)
    return pull


async def recorded(stage: Stage, cast: Cast, who: Account, thread: Thread) -> None:
    ref, now = ThreadRef(RepoId(cast.maps.id), thread.number), stage.clock()
    owner_id, person = OwnerId(cast.organisation.id), Person(PersonId(who.id), who.login)
    order = RecordWork(
        rule="cohorts", key=f"record/{ref}", why="", thread=ref, person=person, as_of=now, cohort="winter", work=ref
    )
    await stage.parts.store.write(lambda db: cohorts.record(db, owner_id, order))
    await stage.parts.store.write(lambda db: looks.news(db, cohorts.subject(owner_id), now + timedelta(minutes=1)))
    await stage.settle()


async def test_a_round_from_its_first_day_to_its_thanks(play: Play) -> None:
    stage, cast = await play(THRICE, before=with_places, config=ON)
    tove = await begun(stage, cast)
    assert ours(stage, ".github") == []
    await stage.days_pass(1)
    [guide] = ours(stage, ".github")
    assert guide.title == "Outreachy, winter: start here"
    assert "from 2026-11-25 to 2026-12-18" in guide.body
    assert guide.pinned
    assert ours(stage, "evaluations") == []

    pull = await brings(stage, cast, cast.ada, "Draw the path")
    [sheet] = ours(stage, "evaluations")
    assert f"| `ada` | 2026-11-25 |  | alpine-tools/trail-maps#{pull.number} (open" in sheet.body
    assert "| `grace`, `tove` |" in sheet.body

    # It waits for one of the two: she is reminded where the sheet is, once a week at most.
    await stage.days_pass(5)
    [reminder] = stage.said(sheet)
    assert reminder.startswith(("@grace, thank you for reading", "@tove, thank you for reading"))
    assert f"trail-maps#{pull.number} by `ada`" in reminder
    await stage.days_pass(1)
    assert len(stage.said(sheet)) == 1

    # On Friday before the talk of Monday the mentors hear of it; what is reviewed by then is not told again.
    stage.world.review(pull, by=tove, body="Nearly there.")
    await stage.days_pass(4)
    [_, talk] = stage.said(sheet)
    assert "the mentors of Outreachy, winter talk on 2026-12-07" in talk

    await stage.days_pass(13)
    assert stage.said(pull) == []
    await stage.days_pass(2)
    [thanks] = stage.said(pull)
    assert thanks.startswith("@ada, Outreachy, winter has come to its end in alpine-tools")
    assert "`/interested`" in thanks
    assert guide.open
    assert "is over" in guide.body
    await stage.days_pass(9)
    assert (guide.open, sheet.open, len(stage.said(pull))) == (False, True, 1)


async def test_no_sheet_stands_in_public(play: Play) -> None:
    stage, cast = await play(before=with_a_public_sheet, config=ON)
    await begun(stage, cast)
    await stage.days_pass(2)
    await brings(stage, cast, cast.ada, "Draw the path")
    await stage.days_pass(5)
    assert ours(stage, "evaluations") == []
    assert len(ours(stage, ".github")) == 1
    subject = cohorts.subject(OwnerId(cast.organisation.id))
    look = await stage.parts.store.read(lambda db: rows.get(db, schema.looks, subject=subject))
    assert look is not None
    assert "alpine-tools/evaluations is not private" in look["why"]


async def test_who_wants_to_be_left_alone_is_not_thanked(play: Play) -> None:
    stage, cast = await play(before=with_places, config=ON)
    await begun(stage, cast)
    await stage.days_pass(2)
    hers, his = await brings(stage, cast, cast.ada, "Draw the path"), await brings(stage, cast, cast.linus, "Mend it")
    stage.world.comment(hers, by=cast.ada, body="/no-bot")
    await stage.days_pass(26)
    assert stage.said(hers) == []
    assert len(stage.said(his)) == 1


async def test_a_round_that_was_over_before_it_was_switched_on_is_left_alone(play: Play) -> None:
    stage, cast = await play(before=with_places, config=QUIET + "\ncohorts: {mode: shadow}")
    await begun(stage, cast)
    await stage.days_pass(2)
    pull = await brings(stage, cast, cast.ada, "Draw the path")
    await stage.days_pass(23)
    assert (ours(stage, ".github"), ours(stage, "evaluations"), stage.said(pull)) == ([], [], [])
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    await stage.parts.store.write(
        lambda db: configs.store(db, RepoId(home.id), configs.PATH, stage.clock(), blob="c", text="cohorts: {mode: on}")
    )
    await stage.days_pass(16)
    assert (ours(stage, ".github"), ours(stage, "evaluations"), stage.said(pull)) == ([], [], [])
