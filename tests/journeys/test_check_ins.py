"""Stories of check-ins: who is asked in private how things are, what comes of it, and that nobody else sees it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.checkins import Because, CheckIn, Said, State
from bot.effects import SetCare
from bot.memory import care, checkins, configs, rows, schema
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Account, Issue
from tests import privacy
from tests.conftest import Play
from tests.journeys.test_cohort_boards import ours
from tests.stage import Cast, Manner, Stage

# Everything three times, and in another order each time.
THRICE: Final = Manner(name="shuffled and thrice", copies=3, shuffled=2)
QUIET: Final = "\n".join(
    f"{name}: {{mode: off}}"
    for name in (
        "welcome", "advice", "invitation", "need_help", "triage", "digest", "ramp", "community", "mentoring", "cohorts",
        "farewell", "thanks", "returns", "succession",
    )
)  # fmt: skip
PLACE: Final = "people"
ASKS: Final = f"check_ins: {{mode: on, hand_to: [grace], a_week: 5}}\nteam: {{place: {PLACE}}}"
TEAM: Final = ("tove", "mary", "paul", "rosa")
LONG: Final = timedelta(days=400)


def with_a_place(world: World, cast: Cast) -> None:
    world.repository(cast.organisation, ".github")
    world.repository(cast.organisation, PLACE, private=True)
    for name in TEAM:
        world.add_member(cast.organisation, world.user(name))


def with_a_private_digest(world: World, cast: Cast) -> None:
    with_a_place(world, cast)
    world.repository(cast.organisation, "notes", private=True)


def account(stage: Stage, name: str) -> Account:
    found = stage.world.find_account(name)
    assert found is not None
    return found


async def were_there(stage: Stage, cast: Cast, *names: str) -> None:
    """Each did something once, and that was long ago."""
    for name in ("grace", *names):
        stage.world.open_issue(cast.maps, by=account(stage, name), title="Once upon a time")
    await stage.settle()

    def long_ago(db: Connection) -> None:
        then = stage.clock() - LONG
        db.execute(schema.threads.update().values(created_at=then, updated_at=then))
        db.execute(schema.owners.update().values(witnessed_since=then))

    await stage.parts.store.write(long_ago)
    stage.world.open_issue(cast.huts, by=cast.grace, title="A leak")  # she is around
    await stage.later(hours=1)


async def did_less(stage: Stage, cast: Cast, name: str) -> None:
    """For two years they worked six days a month; then, for eight months, on one now and then."""
    who, now = account(stage, name), stage.clock()
    months = [now - timedelta(days=30 * back + 40) for back in range(32)]
    days = [month - timedelta(days=day) for number, month in enumerate(months) for day in range(0, 24, 4) if number > 7]

    def write(db: Connection) -> None:
        for at in [*days, *months[:8:3]]:
            rows.commit(db, cast.maps.id, f"{at:%Y%m%d}", at, person_id=who.id, login=None, paths=["draw.py"])

    await stage.parts.store.write(write)


async def days_pass(stage: Stage, days: int) -> None:
    """Two at a time: after three without a word of GitHub's nobody would know who was silent."""
    for _ in range(days // 2):
        await stage.later(days=2)


async def latest(stage: Stage, cast: Cast, name: str) -> CheckIn | None:
    owner_id, who = OwnerId(cast.organisation.id), PersonId(account(stage, name).id)
    return await stage.parts.store.read(lambda db: checkins.latest(db, owner_id, who))


async def state(stage: Stage, cast: Cast, name: str) -> State | None:
    one = await latest(stage, cast, name)
    return one.state if one else None


def about(stage: Stage, name: str) -> Issue:
    [issue] = [one for one in ours(stage, PLACE) if f"`{name}`" in one.title]
    return issue


async def test_a_question_its_reminders_and_a_human(play: Play) -> None:
    stage, cast = await play(THRICE, before=with_a_place, config=f"{QUIET}\n{ASKS}")
    await were_there(stage, cast, *TEAM)
    await did_less(stage, cast, "paul")
    await days_pass(stage, 6)
    assert ours(stage, PLACE) == []  # nobody is asked in the first week
    await days_pass(stage, 2)
    assert {issue.title for issue in ours(stage, PLACE)} == {f"A question for `{name}`" for name in TEAM}
    tove = about(stage, "tove")
    assert tove.body.startswith("Hello `tove`,\n\nhow are you, and how does alpine-tools fit into your life just now?")
    assert "- [ ] Ask me again in 6 months: `/ask-later` <!-- check-in:" in tove.body
    [question] = stage.said(tove)
    assert question.startswith("@tove, there is a question for you above.")
    assert await state(stage, cast, "grace") is None

    # Mary ticks that she is there, Paul writes that he wants to be asked later, and somebody vouches for Rosa.
    mary, paul = account(stage, "mary"), account(stage, "paul")
    hers = about(stage, "mary")
    stage.world.edit(hers, by=mary, body=hers.body.replace("- [ ] I am still here", "- [x] I am still here"))
    stage.world.comment(about(stage, "paul"), by=paul, body="/ask-later")
    of_rosa = about(stage, "rosa")
    stage.world.edit(of_rosa, by=cast.grace, body=of_rosa.body.replace("- [ ] I am still", "- [x] I am still"))
    await stage.settle()
    one = await latest(stage, cast, "mary")
    assert one is not None
    assert (one.state, one.said) == (State.ANSWERED, Said.HERE)
    assert [text.partition("\n")[0] for text in stage.said(hers)][1:] == [
        "Thank you, mary: good to know. I ask again in 6 months at the earliest."
    ]
    assert "thank you for your answer!" in hers.body
    one = await latest(stage, cast, "paul")
    assert one is not None
    assert (one.because, one.state, one.said) == (Because.DECLINE, State.ANSWERED, Said.LATER)
    assert "I do not ask before 6 months have passed." in stage.said(about(stage, "paul"))[-1]
    assert await state(stage, cast, "rosa") is State.OVER
    assert any("Good to see a sign of you, rosa" in text for text in stage.said(of_rosa))

    # What others tick of Tove's is no answer of hers, and is not kept.
    stage.world.edit(tove, by=cast.grace, body=tove.body.replace("- [ ] Ask me", "- [x] Ask me"))
    await stage.settle()
    assert "[x]" not in tove.body
    assert await state(stage, cast, "tove") is State.ASKED

    # Then days go by; in a vacation they are not counted.
    await days_pass(stage, 6)
    assert not any(about(stage, name).open for name in ("mary", "paul", "rosa"))
    stage.world.comment(cast.huts.threads[1], by=account(stage, "tove"), body="/away 1 week")
    await days_pass(stage, 12)
    assert len(stage.said(tove)) == 1
    await days_pass(stage, 6)
    assert len(stage.said(tove)) == 2
    assert "in case the question above got lost" in stage.said(tove)[1]
    await days_pass(stage, 18)
    assert "If you would rather leave it as it is, that is fine." in stage.said(tove)[2]
    await days_pass(stage, 18)
    assert stage.said(tove)[3].startswith("@grace, I asked `tove` how things are")
    assert await state(stage, cast, "tove") is State.HANDED
    await days_pass(stage, 14)
    assert len(stage.said(tove)) == 4
    assert tove.open

    # Whoever asks to be forgotten is named there no more, also where nobody is asked any more.
    home = stage.world.find_repo("alpine-tools/.github")
    assert home is not None
    off = f"{QUIET}\n{ASKS.replace('mode: on', 'mode: off')}\n"
    stage.world.write_file(home, configs.PATH, off, by=cast.grace)
    await stage.settle()
    stage.world.comment(cast.huts.threads[1], by=account(stage, "tove"), body="/forget-me")
    await days_pass(stage, 4)
    assert not tove.open
    assert "tove" not in tove.title + tove.body
    # So is whoever answered long ago.
    stage.world.comment(cast.huts.threads[1], by=paul, body="/forget-me")
    await days_pass(stage, 4)
    assert not [issue.title for issue in ours(stage, PLACE) if "paul" in issue.title + issue.body]
    privacy.holds(stage.world, *(account(stage, name) for name in TEAM))


async def have_first_names(stage: Stage, cast: Cast, *names: str) -> None:
    """As a team file has them; all of these agreed to be asked together."""
    owner_id, now = OwnerId(cast.organisation.id), stage.clock()

    def write(db: Connection) -> None:
        for name in names:
            who = account(stage, name)
            key = {"owner_id": owner_id, "repo_id": cast.maps.id, "path": "team.yaml", "login": name}
            told = {
                "person_id": who.id, "repos": [], "given_name": name.title(), "groups": [], "inactive": False,
                "last_check_in": "", "since": None, "gone": False, "as_of": now,
            }  # fmt: skip
            rows.put(db, schema.members, told, **key)
            order = SetCare(
                rule="answers", key=f"care/{name}", why="", thread=ThreadRef(RepoId(cast.maps.id), 1),
                person=Person(PersonId(who.id), name), as_of=now, together=True,
            )  # fmt: skip
            care.set_(db, owner_id, order)

    await stage.parts.store.write(write)


async def test_some_are_asked_together_by_their_first_names(play: Play) -> None:
    files = "team: {place: people, files: [{repo: trail-maps, path: team.yaml, format: contributors}]}"
    stage, cast = await play(before=with_a_place, config=f"{QUIET}\ncheck_ins: {{mode: on, form: round}}\n{files}")
    await were_there(stage, cast, *TEAM, "linus")
    await have_first_names(stage, cast, "tove", "mary", "paul", "linus")
    await days_pass(stage, 8)
    assert await state(stage, cast, "linus") is State.UNREACHABLE  # he cannot read the place
    [issue] = ours(stage, PLACE)
    assert issue.title == "A question for some of us"
    assert [name for name in ("Tove", "Mary", "Paul", "tove", "mary", "paul") if f"**{name}**" in issue.body] == [
        "Tove", "Mary", "Paul"
    ]  # fmt: skip
    assert len(stage.said(issue)) == 3

    # Tove's answer is not told, only that there is one; Mary would like to be forgotten.
    tove, mary = account(stage, "tove"), account(stage, "mary")
    stage.world.comment(issue, by=tove, body="/ask-later")
    stage.world.comment(issue, by=mary, body="/forget-me")
    await stage.settle()
    await stage.later(hours=2)
    assert "**Tove**\n\nAnswered, thank you!" in issue.body
    assert "Mary" not in issue.body
    assert issue.body.count("- [ ]") == 2  # nobody hears /stepping-down where farewell.mode is off
    # Paul closes it, which is an answer too.
    stage.world.close(issue, by=account(stage, "paul"))
    await stage.settle()
    one = await latest(stage, cast, "paul")
    assert one is not None
    assert one.state is State.OVER
    assert one.again_at is not None
    privacy.holds(stage.world, tove, account(stage, "paul"))


async def test_without_a_private_place_nobody_is_asked(play: Play) -> None:
    """And if the place is opened to everybody, nothing more is written there."""
    quiet = QUIET.replace("digest: {mode: off}", "digest: {mode: on, repo: notes}")
    stage, cast = await play(before=with_a_private_digest, config=f"{quiet}\n{ASKS}")
    place = stage.world.find_repo(f"alpine-tools/{PLACE}")
    assert place is not None
    stage.world.publicize(place, by=cast.grace)
    await were_there(stage, cast, "tove", "mary")
    await days_pass(stage, 8)
    assert ours(stage, PLACE) == []
    assert [await state(stage, cast, name) for name in ("tove", "mary")] == [State.DUE, State.DUE]
    await days_pass(stage, 2)
    assert "`mary`, `tove`: I ask only in a private place, and there is none" in ours(stage, "notes")[-1].body
    # Whoever is asked in public whether they are there answers as they like: a thumb is all that is seen.
    tove = account(stage, "tove")
    spoken = stage.world.comment(cast.huts.threads[1], by=tove, body="/still-here")
    await stage.settle()
    assert [one.content for one in spoken.reactions] == ["eyes", "+1"]
    assert stage.said(cast.huts.threads[1]) == []
    assert await state(stage, cast, "tove") is State.ANSWERED

    stage.world.privatize(place, by=cast.grace)
    await stage.settle()
    await days_pass(stage, 4)  # over a weekend, on which nobody is asked
    [issue] = ours(stage, PLACE)
    assert issue.title == "A question for `mary`"
    assert await state(stage, cast, "mary") is State.ASKED
    # Somebody who can read it gives it a heart; the line that says so is the last.
    stage.world.react(issue, "heart", by=cast.grace)
    await stage.later(hours=1)
    assert await state(stage, cast, "mary") is State.OVER
    assert "Good to see a sign of you, mary" in stage.said(issue)[-1]
    stage.world.publicize(place, by=cast.grace)
    await stage.settle()
    written = len(stage.said(issue)), issue.body
    stage.world.comment(issue, by=account(stage, "mary"), body="/still-here")
    await days_pass(stage, 8)
    assert (len(stage.said(issue)), issue.body, issue.open) == (*written, True)
    privacy.holds(stage.world, tove, account(stage, "mary"), turned=[place])
