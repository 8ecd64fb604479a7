"""Stories of mentors who are sought: who is asked, what they answer, and what nobody is told."""

from typing import Final

import pytest

from bot.effects import JoinMentors
from bot.memory import mentorings, mentors
from bot.mentors import Mentoring, Said, State, Terms
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.sandbox.model import Account, Comment, Issue
from tests.conftest import Play
from tests.stage import Cast, Manner, Stage, a_home

QUIET: Final = "\n".join(
    f"{name}: {{mode: off}}"
    for name in ("welcome", "advice", "invitation", "need_help", "triage", "offers", "readiness")
)
PLAIN: Final = f"{QUIET}\nmentoring: {{answer_within: 2 days}}"
SETTLED: Final = "This question is settled"


class Story:
    """An issue of Ada's, and people who agreed to mentor: Grace has done it before, the others have not."""

    def __init__(self, stage: Stage, cast: Cast, issue: Issue, people: dict[str, Account]) -> None:
        self.stage, self.cast, self.issue, self.people = stage, cast, issue, people

    def write(self, who: str, body: str) -> None:
        self.stage.world.comment(self.issue, by=self.people[who], body=body)

    async def writes(self, who: str, body: str) -> None:
        self.write(who, body)
        await self.stage.settle()

    async def known(self) -> Mentoring:
        ref = ThreadRef(RepoId(self.cast.maps.id), self.issue.number)
        found = await self.stage.parts.store.read(lambda db: mentorings.of_thread(db, ref))
        assert found is not None
        return found

    async def state(self) -> State:
        return (await self.known()).state

    async def said(self) -> dict[str, Said]:
        return {ask.person.login: ask.said for ask in (await self.known()).asks}

    def questions(self) -> list[Comment]:
        """Those that are open."""
        return [one for one in self.stage.comments(self.issue) if "`/accept` is a yes" in one.body]

    def asked(self) -> str:
        """Who is being asked."""
        [question] = self.questions()
        return question.body.split(",")[0]


async def begin(
    play: Play, *others: str, manner: Manner | None = None, config: str = PLAIN, lead: bool = True, live: bool = True
) -> Story:
    stage, cast = await (
        play(manner, before=a_home, config=config) if manner else play(before=a_home, config=config, live=live)
    )
    people = {"ada": cast.ada, "grace": cast.grace, "linus": cast.linus}
    for name in others:
        people.setdefault(name, stage.world.user(name))
    for name in people:
        if name != "ada":
            stage.world.open_issue(cast.huts, by=people[name], title=f"Of {name}", body="")  # so they are known
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", body="South.")
    await stage.settle()
    story = Story(stage, cast, issue, people)
    for name in (*(["grace"] if lead else []), *others):
        await join(story, name, mentored=name == "grace")
    return story


async def join(story: Story, name: str, *, mentored: bool = False) -> None:
    owner_id, who = OwnerId(story.cast.organisation.id), story.people[name]
    order = JoinMentors(
        rule="answers", key=f"join/{name}", why="", thread=ThreadRef(RepoId(story.cast.huts.id), 1),
        person=Person(PersonId(who.id), who.login), as_of=story.stage.clock(), terms=Terms(mentored=mentored),
    )  # fmt: skip
    await story.stage.parts.store.write(lambda db: mentors.join(db, owner_id, order))


async def test_two_are_asked_one_after_the_other_and_agree(play: Play, rough: Manner) -> None:
    story = await begin(play, "mary", manner=rough)
    await story.writes("ada", "/need-mentor")
    assert story.asked() == "@grace"
    [question] = story.questions()
    assert "would you mentor `ada` here, as the one of two who has done it before?" in question.body
    assert "I ask `mary` to join you" in question.body
    assert "Gladly, ada." in story.stage.said(story.issue)[0]

    await story.writes("grace", "/accept")
    assert story.asked() == "@mary"
    assert "`grace` has agreed already" in story.questions()[0].body
    assert story.stage.comments(story.issue)[1].body.startswith("Thank you, grace: you help to mentor `ada` here.")

    story.stage.world.react(story.questions()[0], "+1", by=story.people["mary"])
    await story.stage.later(hours=2)
    assert await story.state() is State.RUNNING
    assert story.questions() == []


async def test_a_no_leaves_no_trace_and_the_next_one_is_asked(play: Play) -> None:
    story = await begin(play, "mary", "carol")
    await story.writes("ada", "/need-mentor")
    await story.writes("grace", "/accept")
    first = story.asked().removeprefix("@")
    before = len(story.stage.comments(story.issue))
    await story.writes(first, "/decline I am on parental leave")
    settled = story.stage.comments(story.issue)[before - 1].body
    assert settled.startswith(SETTLED)
    assert first not in settled
    assert {story.asked(), f"@{first}"} == {"@mary", "@carol"}
    assert len(story.stage.comments(story.issue)) == before + 1, "there is no answer but a reaction"
    kept = await story.stage.parts.store.read(lambda db: db.exec_driver_sql("SELECT args FROM requests").all())
    assert "leave" not in str(kept)


@pytest.mark.parametrize("answer", ["/later", "👎", "silence", "/away 2 weeks", "/no-bot"])
async def test_whatever_else_comes_of_a_question_looks_the_same(play: Play, answer: str) -> None:
    story = await begin(play, "mary")
    await join(story, "linus", mentored=True)
    await story.writes("ada", "/need-mentor")
    first = story.asked().removeprefix("@")
    match answer:
        case "👎":
            story.stage.world.react(story.questions()[0], "-1", by=story.people[first])
            await story.stage.later(hours=2)
        case "silence":
            await story.stage.days_pass(1)
            assert story.asked() == f"@{first}"
            await story.stage.days_pass(2)
        case "/away 2 weeks" | "/no-bot":  # said elsewhere
            elsewhere = story.stage.world.open_issue(story.cast.huts, by=story.people[first], title="A roof", body="")
            await story.stage.settle()
            story.stage.world.comment(elsewhere, by=story.people[first], body=answer)
            await story.stage.later(hours=2)
        case _:
            await story.writes(first, answer)
    assert {story.asked(), f"@{first}"} == {"@grace", "@linus"}
    assert story.stage.comments(story.issue)[1].body.startswith(SETTLED)
    assert (await story.said())[first] not in {Said.OPEN, Said.ACCEPTED}


async def test_when_enough_were_asked_a_maintainer_is_told(play: Play) -> None:
    story = await begin(play, "mary", "carol", "dora", lead=False)
    await story.writes("ada", "/need-mentor")
    for _ in range(3):
        await story.writes(story.asked().removeprefix("@"), "/decline")
    assert (await story.state(), story.questions()) == (State.UNFILLED, [])
    assert len(await story.said()) == 3


async def test_both_leave_and_the_third_says_no(play: Play) -> None:
    story = await begin(play, "mary", "carol")
    await story.writes("ada", "/need-mentor")
    await story.writes("grace", "/accept")
    second = story.asked().removeprefix("@")
    await story.writes(second, "/accept")
    assert await story.state() is State.RUNNING
    await story.writes("grace", "/decline")
    await story.writes(second, "/decline")
    third = story.asked().removeprefix("@")
    assert third not in {"grace", second}
    await story.writes(third, "/later")
    assert await story.state() is State.UNFILLED


async def test_nobody_is_there_to_ask_and_it_is_told_so(play: Play) -> None:
    story = await begin(play, lead=False)
    await story.writes("ada", "/need-mentor")
    assert "Nobody is available as a mentor just now, and maintainers hear of it" in story.stage.said(story.issue)[0]
    assert await story.state() is State.UNFILLED
    await join(story, "grace", mentored=True)  # there is somebody later
    await story.stage.days_pass(1)
    assert story.asked() == "@grace"


async def test_in_shadow_mode_nobody_is_asked(play: Play) -> None:
    story = await begin(
        play,
        "mary",
        live=False,
        config=f"{PLAIN}\ncommands: {{without_name: true}}".replace("mentoring: {", "mentoring: {mode: shadow, "),
    )
    await story.writes("ada", "/need-mentor")
    assert "I ask nobody to mentor here yet" in story.stage.said(story.issue)[0]
    medium = story.stage.world.open_issue(story.cast.maps, by=story.people["grace"], title="Turn it", body="")
    story.stage.world.label(medium, "medium", by=story.cast.grace)
    await story.stage.settle()
    story.stage.world.comment(medium, by=story.cast.ada, body="/claim")
    await story.stage.settle()
    await story.stage.days_pass(2)
    story.issue = medium
    assert (await story.state(), story.questions()) == (State.ENDED, [])


async def test_a_first_medium_issue_is_begun_with_mentors(play: Play) -> None:
    story = await begin(play, "mary", config=PLAIN)
    story.stage.world.label(story.issue, "medium", by=story.cast.grace)
    await story.stage.settle()
    await story.writes("ada", "/claim")
    assert story.asked() == "@grace"
    assert "`ada`, `/need-mentor off` ends this." in story.questions()[0].body
    await story.writes("ada", "/need-mentor off")
    assert (await story.state(), story.questions()) == (State.ENDED, [])
    assert "I ask nobody for you here any more" in story.stage.said(story.issue)[-1]


async def test_a_maintainer_asks_for_whoever_takes_it(play: Play) -> None:
    story = await begin(play, "mary")
    story.issue = story.stage.world.open_issue(story.cast.maps, by=story.cast.grace, title="Turn it", body="")
    await story.stage.settle()
    await story.writes("grace", "/mentor-this")
    assert await story.state() is State.WAITING
    await story.writes("ada", "/claim")
    assert "would you mentor `ada` here" in story.questions()[0].body


async def test_a_mentor_is_renamed_and_another_is_forgotten(play: Play) -> None:
    story = await begin(play, "mary", "carol")
    await story.writes("ada", "/need-mentor")
    await story.writes("grace", "/accept")
    second = story.asked().removeprefix("@")
    await story.writes(second, "/accept")
    await story.writes(second, "/forget-me")
    third = story.asked().removeprefix("@")
    assert third not in {"grace", second}
    story.stage.world.rename_user(story.people[third], f"{third}-new")
    await story.writes(third, "/accept")
    assert await story.state() is State.RUNNING


async def test_whoever_is_forgotten_while_asked_is_named_no_more(play: Play) -> None:
    story = await begin(play, "mary", "carol")
    await story.writes("ada", "/need-mentor")
    assert story.asked() == "@grace"
    await story.writes("grace", "/forget-me")
    await story.stage.later(hours=2)
    assert len(story.questions()) <= 1
    assert [said for said in story.stage.said(story.issue) if "grace" in said] == []


async def test_who_was_to_be_mentored_is_forgotten(play: Play) -> None:
    story = await begin(play, "mary")
    await story.writes("ada", "/need-mentor")
    await story.writes("ada", "/forget-me")
    await story.stage.later(hours=2)
    assert (await story.state(), story.questions()) == (State.ENDED, [])


async def test_somebody_who_is_not_asked_hears_so_once(play: Play) -> None:
    story = await begin(play, "mary")
    for _ in range(2):
        await story.writes("linus", "/accept")
    [reply] = story.stage.said(story.issue)
    assert "I am not asking you anything here" in reply


async def test_asking_for_mentors_is_taken_back_and_so_is_a_yes(play: Play) -> None:
    story = await begin(play, "mary", config=f"{PLAIN}\ncommands: {{undo: everybody}}")
    await story.writes("ada", "/need-mentor")
    await story.writes("ada", "/undo")
    assert (await story.state(), story.questions()) == (State.ENDED, [])
    await story.stage.days_pass(1)  # she was mentioned today
    await story.writes("ada", "/need-mentor")
    await story.writes("grace", "/accept")
    await story.stage.later(minutes=5)
    await story.writes("mary", "/accept")
    await story.writes("mary", "/undo")
    assert (await story.said())["mary"] is Said.LEFT


async def test_a_question_that_a_maintainer_takes_back_is_over(play: Play) -> None:
    story = await begin(play, "mary", "carol")
    await story.writes("ada", "/need-mentor")
    await story.writes("grace", "/accept")
    second = story.asked().removeprefix("@")
    await story.writes("grace", "/undo")
    await story.stage.later(hours=2)
    assert (await story.said())[second] is Said.WITHDRAWN
    assert story.asked() != f"@{second}"


async def test_where_reviews_are_slow_nobody_is_asked_and_a_maintainer_hears_of_it(play: Play) -> None:
    story = await begin(play, "mary", config=f"{QUIET}\nmentoring: {{review_within: 1 hour}}")
    world = story.stage.world
    pulls = [world.open_pull_request(story.cast.maps, by=story.people["linus"], title=f"Map {n}") for n in range(5)]
    await story.stage.days_pass(1)
    for pull in pulls:
        world.review(pull, by=story.people["grace"], body="Thanks")
    await story.stage.settle()
    await story.writes("grace", "/mentor-this")
    assert "A first review takes about a day in this repository, grace" in story.stage.said(story.issue)[-1]
    assert (await story.state(), story.questions()) == (State.HELD, [])
