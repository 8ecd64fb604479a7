"""Stories in which maintainers stop the bot, or parts of it, and let it speak again."""

from datetime import timedelta
from typing import Final

from bot.sandbox.model import Comment, Thread
from tests.conftest import Play
from tests.journeys.test_left_alone import entries
from tests.stage import SLUG, Cast, Manner, Stage

A_WHILE: Final = timedelta(minutes=10)


def reactions(post: Thread | Comment) -> list[str]:
    """What the bot gave there."""
    return [one.content for one in post.reactions if one.account.login == f"{SLUG}[bot]"]


async def says(stage: Stage, thread: Thread, text: str, cast: Cast) -> Comment:
    """Grace writes it, and what follows happens."""
    comment = stage.world.comment(thread, by=cast.grace, body=text)
    await stage.settle()
    return comment


async def test_a_pause_and_its_end(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    pause = await says(stage, talk, "We are at a sprint.\n\n/switchback pause 2 weeks", cast)
    assert (reactions(pause), stage.said(talk)) == (["+1"], [])

    during = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    elsewhere = stage.world.open_issue(cast.huts, by=stage.world.user("mary"), title="Hello")
    await stage.settle()
    assert (stage.said(during), len(stage.said(elsewhere))) == ([], 1)

    resume = await says(stage, talk, "/switchback resume", cast)
    after = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    stage.world.label(during, "bug", by=cast.grace)
    await stage.settle()
    assert (reactions(resume), stage.said(during), len(stage.said(after))) == (["+1"], [], 1)
    assert [entry.state for entry in entries(stage, during)] == ["shadow"]


async def test_a_pause_runs_out_by_itself(play: Play) -> None:
    stage, cast = await play()
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    await says(stage, talk, "/switchback pause 12 hours", cast)
    await stage.later(hours=11)
    during = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    await stage.later(hours=2)
    after = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.settle()
    assert (stage.said(during), len(stage.said(after))) == ([], 1)


async def test_a_pause_in_the_home_of_the_organisation_holds_everywhere(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    home = stage.world.repository(cast.organisation, ".github")
    talk = stage.world.open_issue(home, by=cast.grace, title="For maintainers")
    await says(stage, talk, "/switchback pause 2 weeks", cast)
    during = [
        stage.world.open_issue(repo, by=stage.world.user(f"newcomer-of-{repo.name}"), title="Hello")
        for repo in (cast.maps, cast.huts)
    ]
    await stage.settle()
    assert [stage.said(issue) for issue in during] == [[], []]

    # Who says otherwise later in a repository is obeyed there.
    await says(stage, during[0], "/switchback resume", cast)
    after = [stage.world.open_issue(repo, by=stage.world.user(f"guest-{repo.name}"), title="Hi")
             for repo in (cast.maps, cast.huts)]  # fmt: skip
    await stage.settle()
    assert [len(stage.said(issue)) for issue in after] == [1, 0]


async def test_whoever_is_no_maintainer_changes_nothing_and_is_told_kindly_once(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    issue = stage.world.open_issue(cast.maps, by=cast.grace, title="For everybody")
    first = stage.world.comment(issue, by=cast.ada, body="/switchback pause 2 weeks")
    await stage.settle()
    second = stage.world.comment(issue, by=cast.ada, body="/switchback mute welcome-issue")
    await stage.settle()
    assert (reactions(first), reactions(second)) == (["confused"], ["confused"])
    [reply] = stage.said(issue)
    assert "Please ask somebody who belongs to alpine-tools." in reply
    assert "@" not in reply
    newcomer = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.settle()
    assert len(stage.said(newcomer)) == 1


async def test_who_may_steer_can_be_configured(play: Play) -> None:
    stage, cast = await play(config="people: {maintainers: [mary]}")
    mary = stage.world.user("mary")
    issue = stage.world.open_issue(cast.maps, by=cast.grace, title="For everybody")
    refused = stage.world.comment(issue, by=cast.grace, body="/switchback pause 2 weeks")
    obeyed = stage.world.comment(issue, by=mary, body="/switchback pause 2 weeks")
    await stage.settle()
    assert (reactions(refused), reactions(obeyed)) == (["confused"], ["+1"])
    assert "Please ask one of these: mary." in stage.said(issue)[0]


async def test_a_mistake_is_answered_where_it_was_made(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    discussion = stage.world.open_discussion(cast.maps, by=cast.grace, title="For maintainers")
    wrong = await says(stage, discussion, "/switchback pause", cast)
    assert reactions(wrong) == ["confused"]
    [reply] = stage.said(discussion)
    assert "`/switchback pause 2 weeks`" in reply
    stage.world.edit_comment(wrong, by=cast.grace, body="/switchback pause 2 weeks")
    await stage.settle()
    assert len(stage.said(discussion)) == 1


async def test_an_edit_does_not_ask_twice_nor_does_old_news(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    pause = stage.world.comment(talk, by=cast.grace, body="/switchback pause 2 weeks")
    late = stage.hold_back(lambda delivery: delivery.event == "issue_comment")
    await stage.settle()
    stage.clock.advance(A_WHILE)
    await says(stage, talk, "/switchback resume", cast)
    stage.world.deliveries.extend(late)  # the older command comes after the newer one
    stage.world.edit_comment(pause, by=cast.grace, body="/switchback pause 3 weeks")
    await stage.settle()
    assert reactions(pause) == ["+1"]
    newcomer = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    assert len(stage.said(newcomer)) == 1


async def test_a_kind_is_muted_and_brought_back(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    await says(stage, talk, "/switchback mute welcome-issue", cast)
    muted = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    other = stage.world.open_discussion(cast.maps, by=cast.linus, title="Another kind")
    await stage.settle()
    assert (stage.said(muted), len(stage.said(other))) == ([], 1)
    await says(stage, talk, "/switchback unmute welcome-issue", cast)
    after = stage.world.open_issue(cast.maps, by=stage.world.user("mary"), title="Hello")
    await stage.settle()
    assert len(stage.said(after)) == 1


async def test_how_things_stand(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed)
    talk = stage.world.open_issue(cast.maps, by=cast.grace, title="For maintainers")
    await says(stage, talk, "/switchback pause until 2026-12-24", cast)
    await says(stage, talk, "/switchback mute welcome-merge", cast)
    status = await says(stage, talk, "/switchback status", cast)
    assert reactions(status) == ["+1"]
    [reply] = stage.said(talk)
    for words in ("silent until 2026-12-24 00:00 UTC", "Muted: welcome-merge;", "welcome (on)", "the defaults"):
        assert words in reply


async def test_where_all_is_off_nothing_is_posted_and_people_are_still_obeyed(play: Play) -> None:
    stage, cast = await play(config="switchback: off")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stop = stage.world.comment(issue, by=cast.ada, body="/no-bot")
    steering = await says(stage, issue, "/switchback status", cast)
    await stage.later(days=1)
    assert (stage.said(issue), reactions(stop), reactions(steering), stage.calls("POST")) == ([], [], [], [])


async def test_a_thread_with_the_label_is_left_alone(play: Play, mixed: Manner) -> None:
    stage, cast = await play(mixed, config="welcome: {hold: 5 minutes}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.label(issue, "no-bot", by=cast.grace)
    await stage.settle()
    assert stage.said(issue) == []
