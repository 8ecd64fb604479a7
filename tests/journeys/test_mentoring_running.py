"""Stories of two who mentor somebody: their plan, the days on which they look how it goes, the end."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.effects import AnswerAsk, JoinMentors, Order, SeekMentors
from bot.memory import mentorings, orders
from bot.mentors import Ask, Because, Mentoring, Part, Said, State, Terms
from bot.model import OwnerId, Person, PersonId, Repo, RepoId, ThreadRef
from bot.sandbox.model import Account, Issue
from tests.conftest import Play
from tests.journeys.test_rota import writes
from tests.journeys.test_steering import reactions
from tests.stage import CALM, Cast, Manner, Stage, a_home

QUIET: Final = "welcome: {mode: off}\ntriage: {mode: off}\n"
SHORT: Final = QUIET + "mentoring: {mode: on, checks: [2 days, 4 days]}\n"


class Pairing:
    """Grace leads and Linus learns it beside her: they mentor Ada in an issue that she has taken."""

    def __init__(self, stage: Stage, cast: Cast, issue: Issue) -> None:
        self.stage, self.cast, self.issue = stage, cast, issue
        self.ref = ThreadRef(RepoId(cast.maps.id), issue.number)
        self.where = Repo(
            RepoId(cast.maps.id), OwnerId(cast.organisation.id), cast.organisation.login, cast.maps.name
        )  # fmt: skip

    async def obey(self, *orders_: Order) -> None:
        """And something happens elsewhere, so that the bot wakes up."""
        self.stage.world.open_issue(self.cast.huts, by=self.cast.grace, title="A roof")
        await self.stage.parts.store.write(lambda db: [self._obey(db, order) for order in orders_])

    def _obey(self, db: Connection, order: Order) -> bool:
        return orders.obey(db, order, self.where, None, order.as_of)

    async def now(self) -> Mentoring:
        return await self.stage.parts.store.read(self._now)

    def _now(self, db: Connection) -> Mentoring:
        found = mentorings.of_thread(db, self.ref)
        assert found is not None
        return found

    def sought(self) -> SeekMentors:
        return SeekMentors(
            rule="answers", key="seek", why="", thread=self.ref, person=person(self.cast.grace),
            as_of=self.stage.clock(), because=Because.MAINTAINER, mentee=person(self.cast.ada),
        )  # fmt: skip

    async def agreed(self) -> None:
        """All of it at once: nobody has time to look in between."""
        at = self.stage.clock()

        def agree(db: Connection) -> None:
            self._obey(db, self.sought())
            for who, part in ((self.cast.grace, Part.LEAD), (self.cast.linus, Part.CO_MENTOR)):
                mentorings.choose(
                    db, self.where.owner_id, self._now(db), Ask(person=person(who), part=part, chosen_at=at)
                )
                self._obey(db, self.answer(who, self._now(db)))

        await self.stage.parts.store.write(agree)
        await self.obey()
        await self.stage.settle()

    def answer(self, who: Account, known: Mentoring) -> AnswerAsk:
        latest, at = known.latest(person(who).id), self.stage.clock()
        assert latest is not None
        return AnswerAsk(
            rule="answers", key=f"agree/{who.login}", why="", thread=self.ref, person=person(who), as_of=at,
            began_at=known.began_at, chosen_at=latest.chosen_at, said=Said.ACCEPTED,
            checks=(at + timedelta(days=2), at + timedelta(days=4)),
        )  # fmt: skip

    def joined(self, who: Account) -> JoinMentors:
        return JoinMentors(
            rule="answers", key=f"join/{who.login}", why="", thread=self.ref, person=person(who),
            as_of=self.stage.clock(), terms=Terms(up_to=2),
        )  # fmt: skip

    @property
    def plan(self) -> str:
        [plan] = [text for text in self.stage.said(self.issue) if "Questions, day to day" in text]
        return plan

    def about(self, words: str) -> list[str]:
        return [text for text in self.stage.said(self.issue) if words in text]


def person(account: Account) -> Person:
    return Person(PersonId(account.id), account.login)


async def begin(play: Play, manner: Manner = CALM, config: str = SHORT) -> Pairing:
    stage, cast = await play(manner, config=config)
    issue = stage.world.open_issue(cast.maps, by=cast.grace, title="The hut is missing")
    stage.world.comment(issue, by=cast.ada, body="Hello!")
    stage.world.open_issue(cast.huts, by=cast.linus, title="A door")
    await stage.settle()
    it = Pairing(stage, cast, issue)
    await it.agreed()
    return it


def mentions(text: str) -> list[str]:
    return [word.strip(",.:;*") for word in text.split() if word.startswith("@")]


async def test_from_the_plan_to_the_thanks(play: Play, mixed: Manner) -> None:
    it = await begin(play, mixed)
    stage, cast = it.stage, it.cast
    assert mentions(it.plan) == ["@ada"]
    assert "Questions, day to day: **linus**" in it.plan
    assert "Reviews: **grace**" in it.plan

    # On the first day Linus is reminded. Grace writes before the second, and needs no reminder.
    await stage.days_pass(3)
    [reminder] = it.about("gets on here")
    assert mentions(reminder) == ["@linus"]
    assert "**grace** is there too" in reminder
    await writes(stage, it.issue, cast.grace, "Do ask if you are stuck.")
    await stage.days_pass(3)
    assert len(it.about("gets on here")) == 1

    # Ada's pull request is merged: both are thanked, once, and have mentored now.
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Draw it", body=f"Fixes #{it.issue.number}.")
    await stage.settle()
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    await stage.later(hours=2)
    await stage.days_pass(2)
    [thanks] = it.about("Thank you, @linus")
    assert (mentions(thanks), "**grace**" in thanks) == (["@linus"], True)
    found = await it.now()
    assert found.state is State.DONE
    assert {ask.person.login: ask.part for ask in found.mentors} == {"grace": Part.LEAD, "linus": Part.CO_MENTOR}


async def test_a_part_is_passed_on_within_the_pair_and_to_another(play: Play) -> None:
    it = await begin(play)
    stage, cast = it.stage, it.cast
    mary, kim = stage.world.user("mary"), stage.world.user("kim")
    for who in (mary, kim):
        stage.world.comment(it.issue, by=who, body="Hello!")
    await stage.settle()
    await it.obey(it.joined(mary))

    changed = await writes(stage, it.issue, cast.grace, "/handover to @linus, please")
    assert reactions(changed) == ["eyes", "+1"]
    assert "Questions, day to day: **grace**" in it.plan

    # Kim has agreed to nothing. Mary is asked, and until she agrees nothing changes.
    refused = await writes(stage, it.issue, cast.grace, "/handover @kim")
    assert reactions(refused) == ["eyes", "confused"]
    assert "not available" in stage.said(it.issue)[-1]
    asked = await writes(stage, it.issue, cast.grace, "/handover @mary")
    assert reactions(asked) == ["eyes", "+1"]
    assert "**grace**" in it.plan
    await it.obey(it.answer(mary, await it.now()))
    await stage.settle()
    assert "Questions, day to day: **mary**" in it.plan
    assert "grace" not in it.plan

    # She is called otherwise from now on, and the plan tells so.
    stage.world.rename_user(mary, "maria")
    stage.world.comment(it.issue, by=mary, body="It is me.")
    await stage.settle()
    await stage.days_pass(1)
    assert "Questions, day to day: **maria**" in it.plan


async def test_mentors_say_that_it_is_done_and_nobody_else_does(play: Play) -> None:
    it = await begin(play)
    stage, cast = it.stage, it.cast
    stranger = stage.world.user("kim")
    refused = await writes(stage, it.issue, stranger, "/mentor-done")
    done = await writes(stage, it.issue, cast.linus, "/mentor-done")
    again = await writes(stage, it.issue, cast.linus, "/mentor-done")
    assert [reactions(each)[-1:] for each in (refused, done, again)] == [["confused"], ["+1"], ["confused"]]
    assert len(it.about("Thank you, @linus")) == 1
    assert (await it.now()).state is State.DONE


async def test_what_came_to_nothing_ends_quietly(play: Play) -> None:
    it = await begin(play)
    stage, cast = it.stage, it.cast
    before = len(stage.said(it.issue))
    stage.world.close(it.issue, by=cast.grace)
    await stage.settle()
    assert (await it.now()).state is State.RUNNING  # it may be opened again
    await stage.later(hours=2)
    await stage.days_pass(5)
    assert (await it.now()).state is State.ENDED
    assert len(stage.said(it.issue)) == before


async def test_a_mentor_who_asks_to_be_forgotten_is_gone_from_the_plan(play: Play) -> None:
    it = await begin(play)
    stage, cast = it.stage, it.cast
    await writes(stage, it.issue, cast.linus, "/forget-me")
    await stage.days_pass(3)
    assert "linus" not in it.plan
    assert "looked for" not in it.plan, "nobody else is on the roster"
    found = await it.now()
    assert (found.state, [ask.person.login for ask in found.asks]) == (State.UNFILLED, ["grace"])
    assert all("linus" not in text for text in it.about("gets on here"))


async def test_the_digest_tells_maintainers_of_mentoring(play: Play) -> None:
    config = SHORT + "digest: {mode: on}\n"
    stage, cast = await play(before=a_home, config=config)
    issue = stage.world.open_issue(cast.maps, by=cast.grace, title="The hut is missing")
    stage.world.comment(issue, by=cast.ada, body="Hello!")
    await stage.settle()
    it = Pairing(stage, cast, issue)
    await it.obey(it.sought())
    await stage.days_pass(2)
    [digest] = [each for each in stage.world.threads() if isinstance(each, Issue) and "the week" in each.title]
    name = f"alpine-tools/trail-maps#{issue.number}"
    assert f"Mentors are looked for in {name}, and nobody is on the roster yet." in digest.body
    assert "ada" not in digest.body
