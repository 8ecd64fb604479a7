"""Stories in which people ask the bot for something, and each is answered once."""

from bot.sandbox.model import Account, Comment, Thread
from tests.conftest import Play
from tests.journeys.test_left_alone import entries
from tests.journeys.test_steering import reactions
from tests.stage import Manner, Stage

ANSWERED = ["eyes", "+1"]
CANNOT = ["eyes", "confused"]


async def writes(stage: Stage, thread: Thread, text: str, by: Account) -> Comment:
    comment = stage.world.comment(thread, by=by, body=text)
    await stage.settle()
    return comment


async def test_a_newcomer_asks_what_there_is_and_each_command_is_answered_once(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, live=False, config="commands: {why: maintainers, without_name: on}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    helped = await writes(stage, issue, "Thank you!\n\n/help", cast.ada)
    refused = await writes(stage, issue, "/why", cast.ada)
    again = await writes(stage, issue, "/why", cast.ada)
    by_name = await writes(stage, issue, "@switchback help", cast.linus)
    slip = await writes(stage, issue, "@switchback hlep", cast.linus)
    given = [reactions(one) for one in (helped, refused, again, by_name, slip)]
    assert given == [ANSWERED, CANNOT, CANNOT, ANSWERED, CANNOT]
    hers, kindly, his, meant = stage.said(issue)
    assert "- `/undo`: takes back" in hers
    assert "- `/switchback" not in hers
    assert "- `/why`" not in hers
    assert "Please ask somebody who belongs to alpine-tools." in kindly
    assert "- `/undo`" not in his
    assert "Did you mean `/help`?" in meant
    assert not any("@" in text for text in stage.said(issue))


async def test_what_is_quoted_or_edited_or_for_others_or_by_a_bot_asks_for_nothing(play: Play) -> None:
    stage, cast = await play(live=False, config="commands: {without_name: on}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    for text in ("> /help", "```\n/help\n```", "<!--\n/help\n-->", "@goat help", "/clame", "Yes", "assign"):
        await writes(stage, issue, text, cast.ada)
    assert stage.said(issue) == []


async def test_while_nothing_speaks_only_who_names_the_bot_is_answered_and_an_edit_may_do_that(play: Play) -> None:
    stage, cast = await play(live=False)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    comment = await writes(stage, issue, "Hello", cast.ada)
    for text, given in (("/help", []), ("@switchback help", ANSWERED), ("@switchback help\n\nThanks", ANSWERED)):
        stage.world.edit_comment(comment, by=cast.ada, body=text)
        await stage.settle()
        assert reactions(comment) == given
    [said] = stage.said(issue)
    assert "with my name in front as you just did" in said


async def test_why_the_welcome_was_written(play: Play) -> None:
    stage, cast = await play(config="welcome:\n  mode: on\n")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    why = await writes(stage, issue, "/why", cast.linus)
    assert reactions(why) == ANSWERED
    told = stage.said(issue)[-1]
    assert "is by the rule `welcome`, linus." in told
    assert "first issue of ada" in told
    assert "`welcome.mode: on`, in line 2 of the file of whoever runs this service." in told
    elsewhere = stage.world.open_discussion(cast.maps, by=cast.grace, title="Talk")
    nothing = await writes(stage, elsewhere, "/why", cast.grace)
    assert reactions(nothing) == ANSWERED
    assert "nothing to explain" in stage.said(elsewhere)[0]


async def test_which_line_of_which_file_let_it_speak(play: Play) -> None:
    stage, cast = await play(live=False)
    home = stage.world.repository(cast.organisation, ".github")
    text = "language: en\nwelcome:\n  hold: 0 minutes\n  mode: on\n"
    stage.world.write_file(home, ".github/switchback.yml", text, by=cast.grace)
    await stage.settle()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    await writes(stage, issue, "@switchback why", cast.ada)
    told = stage.said(issue)[-1]
    assert "in [line 4 of `.github/switchback.yml`](" in told
    assert "/alpine-tools/.github/blob/HEAD/.github/switchback.yml\\#L4) in alpine-tools/.github." in told


async def takes_back(stage: Stage, thread: Thread, ada: Account) -> None:
    """Her welcome goes, once and for all."""
    await stage.settle()
    assert len(stage.said(thread)) == 1
    undo = await writes(stage, thread, "/undo", ada)
    assert (reactions(undo), stage.said(thread)) == (ANSWERED, [])
    nothing = await writes(stage, thread, "/undo", ada)
    assert reactions(nothing) == CANNOT
    assert "nothing here that I could take back" in stage.said(thread)[0]
    await stage.later(days=1)
    assert len(stage.said(thread)) == 1


async def test_a_welcome_is_taken_back(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    await takes_back(stage, stage.world.open_issue(cast.maps, by=cast.ada, title="Hello"), cast.ada)


async def test_a_welcome_is_taken_back_in_a_discussion(play: Play) -> None:
    stage, cast = await play()
    await takes_back(stage, stage.world.open_discussion(cast.maps, by=cast.ada, title="Hello"), cast.ada)


async def test_what_maintainers_take_back_was_not_wanted(play: Play) -> None:
    stage, cast = await play(config="limits: {mute_after: 1}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    await writes(stage, issue, "/undo", cast.grace)
    await stage.later(hours=2)
    after = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.settle()
    assert "/switchback unmute welcome-issue" in "".join(stage.said(issue))
    assert stage.said(after) == []


async def test_what_people_take_back_for_themselves_says_nothing_of_others(play: Play) -> None:
    stage, cast = await play(config="limits: {mute_after: 1}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    await writes(stage, issue, "/undo", cast.ada)
    await stage.later(hours=2)
    after = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.settle()
    assert (stage.said(issue), len(stage.said(after))) == ([], 1)


async def test_a_thread_is_snoozed_for_a_while(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 2 days}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    snooze = await writes(stage, issue, "/snooze 4 days", cast.ada)
    wrong = await writes(stage, issue, "/snooze soon", cast.ada)
    assert (reactions(snooze), reactions(wrong)) == (ANSWERED, CANNOT)
    assert ["`/snooze 2 weeks`" in text for text in stage.said(issue)] == [True]
    await stage.later(days=3)
    assert len(stage.said(issue)) == 1
    await stage.later(days=1, hours=1)
    await stage.settle()
    assert len(stage.said(issue)) == 2
    assert [entry.rule for entry in entries(stage, issue) if entry.effect == "say"] == ["answers", "welcome"]


async def test_a_snooze_is_ended_and_taken_back(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hour}")
    for ends in ("/snooze off", "/undo"):
        newcomer = stage.world.user(f"newcomer-{len(ends)}")
        issue = stage.world.open_issue(cast.maps, by=newcomer, title="Hello")
        await writes(stage, issue, "/snooze 2 weeks", newcomer)
        await stage.later(hours=2)
        assert stage.said(issue) == []
        end = await writes(stage, issue, ends, newcomer)
        assert (reactions(end), len(stage.said(issue))) == (ANSWERED, 1)
