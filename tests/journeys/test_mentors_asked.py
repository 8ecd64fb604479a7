"""Stories of mentors who are sought: who is asked, what they answer, and what nobody is told."""

from datetime import timedelta
from typing import Final

import pytest

from bot.effects import JoinMentors
from bot.memory import mentorings, mentors
from bot.mentors import Mentoring, Said, State, Terms
from bot.model import OwnerId, Person, PersonId, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Account, Comment, Issue
from tests.conftest import Play
from tests.stage import Cast, Manner, Stage, a_home

QUIET: Final = "\n".join(
    f"{name}: {{mode: off}}" for name in ("welcome", "advice", "invitation", "need_help", "triage", "offers")
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
    await story.stage.later(hours=1)
    assert await story.state() is State.RUNNING
    assert story.questions() == []
