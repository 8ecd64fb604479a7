"""Stories of threads that wait: the team is reminded in one place, and whoever waits is not."""

from typing import Final

import pytest

from bot.memory import configs, ledger, nudges
from bot.model import OwnerId, PersonId, RepoId, ThreadRef
from bot.sandbox import World
from bot.sandbox.model import Issue
from bot.waiting import Because, Nudge, Reminder
from tests.conftest import Play
from tests.journeys.test_digest import digests
from tests.stage import Cast, Manner, Stage, a_home

QUIET: Final = "\n".join(f"{name}: {{mode: off}}" for name in ("welcome", "advice", "invitation", "need_help"))
CLOSE: Final = "What somebody might close"
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

    assert (len(reminders(stage)), issue.open) == (1, True)


async def test_the_team_hears_of_it_twice_and_then_it_stands_in_the_digest_alone(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    await stage.days_pass(12)
    assert len(reminders(stage)) == 1
    await stage.days_pass(45)  # the second time not before 14 days are over
    assert (len(reminders(stage)), len(stage.said(issue))) == (2, 1)
    assert f"trail-maps#{issue.number}" in digests(stage)[-1].body
    assert issue.open


async def test_an_answer_by_a_human_stops_it(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    await stage.days_pass(8)
    assert len(reminders(stage)) == 1
    stage.world.comment(issue, by=cast.grace, body="Thank you, I can see it.")
    await stage.settle()
    await stage.days_pass(30)
    assert (len(reminders(stage)), stage.said(issue)) == (1, [])


async def test_whoever_is_in_the_thread_needs_no_reminder(play: Play) -> None:
    stage, cast = await play(before=a_home, config=f"{QUIET}\ntriage: {{rota: [mary]}}")
    mary = stage.world.user("mary")
    stage.world.add_member(cast.organisation, mary)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Turn it around")
    await stage.settle()
    await stage.days_pass(5)
    stage.world.comment(pull, by=mary, body="Could you also turn the legend?")
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


@pytest.mark.parametrize("left_out", ["in shadow mode", "of the team", "muted", "not in this repository"])
async def test_what_its_author_was_never_asked_about_nobody_is_to_close(play: Play, left_out: str) -> None:
    config = "triage: {rota: [grace], ask_after: 5 days, close_after: 5 days}\n"
    config += "digest: {mode: on}" if left_out == "in shadow mode" else QUIET
    stage, cast = await play(live=left_out != "in shadow mode", before=labelled_home, config=config)
    by = stage.world.user("mary") if left_out == "of the team" else cast.ada
    if left_out == "of the team":
        stage.world.add_member(cast.organisation, by)
    if left_out == "not in this repository":
        stage.world.write_file(cast.maps, configs.PATH, "triage: {mode: shadow}\n", by=cast.grace)
    await opened(stage, cast)
    issue = stage.world.open_issue(cast.maps, by=by, title="It is slow", body="Very.")
    await stage.settle()
    stage.world.label(issue, "needs-info", by=cast.grace)
    if left_out == "muted":
        stage.world.comment(issue, by=cast.grace, body="/switchback mute triage-question")
    await stage.settle()
    await stage.days_pass(8)
    if left_out == "in shadow mode":  # then it is switched on, and the question comes
        home = stage.world.find_repo("alpine-tools/.github")
        assert home is not None
        stage.world.write_file(home, configs.PATH, "triage: {mode: on}\n", by=cast.grace)
        await stage.settle()
        await stage.days_pass(4)
        assert len(stage.said(issue)) == 1
    await stage.days_pass(2 if left_out == "in shadow mode" else 9)
    assert CLOSE not in digests(stage)[-1].body


async def test_who_left_the_organisation_is_not_reminded_and_can_leave_the_rota(play: Play) -> None:
    stage, cast = await play(before=a_home, config=QUIET)
    mary = stage.world.user("mary")
    stage.world.add_member(cast.organisation, mary)
    there = stage.world.open_issue(cast.huts, by=mary, title="A roof", body="")
    await stage.settle()
    stage.world.comment(there, by=mary, body="/triage-rota join")
    await stage.settle()
    await opened(stage, cast)
    stage.world.remove_member(cast.organisation, mary)
    await stage.settle()
    await stage.days_pass(12)
    assert reminders(stage) == []
    leaves = stage.world.comment(there, by=mary, body="/triage-rota leave")
    await stage.settle()
    assert {one.content for one in leaves.reactions} == {"eyes", "+1"}


async def test_who_leaves_the_rota_before_it_is_said_is_not_reminded(play: Play) -> None:
    stage, cast = await play(before=a_home, config=QUIET)
    issue = await opened(stage, cast)
    await stage.days_pass(6)
    [digest] = digests(stage)
    nudge = Nudge(
        ref=ThreadRef(RepoId(cast.maps.id), issue.number), reminder=Reminder.NUDGE, person=PersonId(cast.grace.id),
        because=Because.UNANSWERED, since=issue.created_at, at=stage.clock(),
    )  # fmt: skip
    place = ThreadRef(RepoId(digest.repo.id), digest.number)
    await stage.parts.store.write(lambda db: nudges.write(db, OwnerId(cast.organisation.id), nudge, place))
    await stage.settle()
    assert reminders(stage) == []


async def test_nobody_is_chosen_where_the_digest_cannot_remind(play: Play) -> None:
    stage, cast = await play(before=a_home, config=f"{ROTA}\ndigest: {{repo: huts}}")
    stage.world.write_file(cast.huts, configs.PATH, "triage: {mode: off}\n", by=cast.grace)
    issue = await opened(stage, cast)
    await stage.days_pass(14)
    assert stage.said(issue) == []
    assert (
        await stage.parts.store.read(lambda db: nudges.of_owner(db, OwnerId(cast.organisation.id), shadow=True)) == {}
    )


async def test_a_newcomer_whom_somebody_has_answered_hears_nothing(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    issue = await opened(stage, cast)
    await stage.days_pass(2)
    stage.world.comment(issue, by=cast.linus, body="Hold it the other way round: the compass is right.")
    await stage.settle()
    await stage.days_pass(35)
    assert stage.said(issue) == []


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


async def test_the_days_of_a_pause_that_was_ended_early_make_nothing_late(play: Play) -> None:
    stage, cast = await play(before=a_home, config=ROTA)
    await opened(stage, cast)
    await stage.days_pass(1)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    stage.world.comment(talk, by=cast.grace, body="/switchback pause 4 weeks")
    await stage.settle()
    await stage.days_pass(25)
    stage.world.comment(talk, by=cast.grace, body="/switchback resume")
    await stage.settle()
    await stage.days_pass(3)
    assert reminders(stage) == []
    await stage.days_pass(4)
    assert len(reminders(stage)) == 1


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
    assert question.startswith("Hello @ada, this has been waiting for you since ")
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
