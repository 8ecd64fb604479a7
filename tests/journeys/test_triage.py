"""Stories of threads that wait: the team is reminded in one place, and whoever waits is not."""

from typing import Final

from bot.memory import ledger
from bot.model import RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Issue
from tests.conftest import Play
from tests.journeys.test_digest import digests
from tests.stage import Cast, Manner, Stage, a_home

QUIET: Final = "\n".join(f"{name}: {{mode: off}}" for name in ("welcome", "advice", "invitation", "need_help"))
ROTA: Final = f"{QUIET}\ntriage: {{rota: [grace]}}"


def reminders(stage: Stage) -> list[str]:
    """What the team is reminded of, in all digests."""
    return [said for digest in digests(stage) for said in stage.said(digest)]


async def opened(stage: Stage, cast: Cast) -> Issue:
    stage.world.open_issue(cast.huts, by=cast.grace, title="Paint the hut", body="")  # so she is known
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="The map is upside down", body="South of the equator.")
    await stage.settle()
    return issue


async def test_the_team_is_reminded_before_a_newcomer_hears_anything(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    await stage.days_pass(8)  # five of them working days
    [reminder] = reminders(stage)
    assert reminder.startswith("@grace, thank you for looking after triage this week.")
    assert f"alpine-tools/trail-maps#{issue.number} waits for a first look for" in reminder
    assert "Its author is new here" in reminder
    assert stage.said(issue) == []

    # Nobody has answered three working days later: she is told where it stands, once.
    await stage.days_pass(4)
    [sentence] = stage.said(issue)
    assert sentence.startswith("@ada, you have waited here since ")
    assert "they are few" in sentence

    # The team hears of it once more, not before 14 days are over; then it stands in the digest alone.
    assert len(reminders(stage)) == 1
    await stage.days_pass(45)
    assert (len(reminders(stage)), len(stage.said(issue))) == (2, 1)
    assert f"trail-maps#{issue.number}" in digests(stage)[-1].body
    assert issue.open


async def test_an_answer_by_a_human_stops_it(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    await stage.days_pass(8)
    assert len(reminders(stage)) == 1
    stage.world.comment(issue, by=cast.grace, body="Thank you, I can see it.")
    await stage.settle()
    await stage.days_pass(30)
    assert (len(reminders(stage)), stage.said(issue)) == (1, [])


async def test_whoever_is_in_the_thread_needs_no_reminder(play: Play) -> None:
    stage, cast = await play(before=a_home, config=f"{ROTA}\nlevels: {{medium: [bug]}}")
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Turn it around")
    await stage.settle()
    await stage.days_pass(5)
    stage.world.comment(pull, by=cast.grace, body="Could you also turn the legend?")
    await stage.settle()
    await stage.days_pass(40)
    assert (reminders(stage), stage.said(pull)) == ([], [])


async def test_in_shadow_mode_nobody_is_reminded(play: Play) -> None:
    stage, cast = await play(live=False, before=a_home, config="triage: {rota: [grace]}\ndigest: {mode: on}")
    issue = await opened(stage, cast)
    await stage.days_pass(20)
    assert (reminders(stage), stage.said(issue)) == ([], [])
    recorded = await stage.parts.store.read(lambda db: ledger.about(db, ThreadRef(RepoId(cast.maps.id), issue.number)))
    assert {(entry.rule, entry.state) for entry in recorded} >= {("triage", "shadow")}


async def test_where_there_is_no_digest_nobody_is_told_anything(play: Play) -> None:
    stage, cast = await play(before=labelled_home, config=f"{ROTA}\ndigest: {{mode: off}}")
    issue = await opened(stage, cast)
    asked = stage.world.open_issue(cast.maps, by=cast.linus, title="It is slow", body="Very.")
    stage.world.label(asked, "needs-info", by=cast.grace)
    await stage.settle()
    await stage.days_pass(50)
    assert (digests(stage), stage.said(issue), stage.said(asked)) == ([], [], [])


async def test_who_has_quiet_hours_is_reminded_after_them(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    stage.world.comment(issue, by=cast.linus, body="I see it too.")
    elsewhere = stage.world.open_issue(cast.huts, by=cast.grace, title="A bell for the hut", body="")
    stage.world.comment(elsewhere, by=cast.grace, body="/quiet-hours 05:00 to 11:00 Etc/UTC")
    await stage.settle()
    while not reminders(stage):
        await stage.later(hours=1)
    assert 11 <= stage.clock().hour < 13


async def test_nothing_is_said_while_a_thread_is_snoozed(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    stage.world.comment(issue, by=cast.ada, body="/snooze 12 weeks")
    await stage.settle()
    await stage.days_pass(30)
    assert (reminders(stage), stage.said(issue)) == ([], [])


async def test_an_author_is_asked_once_and_a_human_closes(play: Play) -> None:
    stage, cast = await play(before=labelled_home, config=ROTA)
    issue = await opened(stage, cast)
    stage.world.comment(issue, by=cast.grace, body="Which version is it?")
    stage.world.label(issue, "needs-info", by=cast.grace)
    await stage.settle()
    await stage.days_pass(29)
    assert stage.said(issue) == []
    await stage.days_pass(4)
    [question] = stage.said(issue)
    assert question.startswith("Hello @ada, on ")
    await stage.days_pass(30)
    assert len(stage.said(issue)) == 1
    assert f"trail-maps#{issue.number}" in digests(stage)[-1].body
    assert issue.open
    assert reminders(stage) == []


async def test_an_answer_with_a_command_in_it_is_an_answer(play: Play) -> None:
    stage, cast = await play(before=labelled_home, config=ROTA)
    issue = await opened(stage, cast)
    stage.world.comment(issue, by=cast.grace, body="Which version is it?")
    stage.world.label(issue, "needs-info", by=cast.grace)
    await stage.later(hours=3)
    stage.world.comment(issue, by=cast.ada, body="It is 4.2.1, and here is the log.\n\n/away 1 week")
    await stage.settle()
    await stage.days_pass(40)
    assert not any("Hello @ada, on " in said for said in stage.said(issue))
    assert reminders(stage) != []


def labelled_home(world: World, cast: Cast) -> None:
    a_home(world, cast)
    world.create_label(cast.maps, "needs-info")


async def test_a_backlog_of_years_floods_nobody(play: Play) -> None:
    def years_ago(world: World, cast: Cast) -> None:
        a_home(world, cast)
        for number in range(20):
            world.open_issue(cast.maps, by=cast.linus, title=f"Old {number}", body="")

    stage, _ = await play(before=years_ago, config=ROTA, reads_past=True)
    await stage.days_pass(30)
    each = [said.count("trail-maps#") for said in reminders(stage)]
    assert max(each) <= 5
