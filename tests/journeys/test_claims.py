"""Stories of issues that people take, and what comes of them."""

from datetime import timedelta
from typing import Final

from bot.sandbox.model import Account, Comment, Issue, Thread
from bot.sandbox.weather import bad_gateway
from tests.conftest import Play
from tests.journeys.test_left_alone import entries
from tests.journeys.test_steering import reactions
from tests.stage import Cast, Manner, Stage

QUIET: Final = "welcome: {mode: off}"


async def says(stage: Stage, thread: Thread, text: str, by: Account) -> Comment:
    """They write it, and what follows happens. A minute passes: of two things in one second none is the later."""
    comment = stage.world.comment(thread, by=by, body=text)
    await stage.settle()
    await stage.later(minutes=1)
    return comment


def issue(stage: Stage, cast: Cast) -> Issue:
    return stage.world.open_issue(cast.maps, by=cast.grace, title="The hut is missing")


def assigned(thread: Issue) -> list[str]:
    return [account.login for account in thread.assignees]


async def test_from_taking_an_issue_to_passing_it_on(play: Play, rough: Manner) -> None:
    stage, cast = await play(rough, config=QUIET)
    hut = issue(stage, cast)
    took = await says(stage, hut, "I would like to try.\n\n/claim", cast.ada)
    assert reactions(took) == ["eyes", "+1"]
    assert assigned(hut) == ["ada"]
    [welcome] = stage.said(hut)
    assert welcome.startswith("It is yours, ada.")

    # She opens a pull request, which waits for the team: nobody asks her for anything.
    await stage.later(days=10)
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="Draw it", body=f"See #{hut.number}.")
    await stage.settle()
    for _ in range(4):
        await stage.later(days=15)
    assert len(stage.said(hut)) == 1

    # Two weeks after the team had its say she is asked, once.
    await says(stage, pull, "Could you draw it on the other side?", cast.grace)
    for _ in range(4):
        await stage.later(days=5)
    assert [text.partition("?")[0] for text in stage.said(hut)[1:]] == ["How is it going, @ada"]

    # Another week, and it is open to others, with what she found.
    for _ in range(3):
        await stage.later(days=4)
    await stage.settle()
    [_, _, free] = stage.said(hut)
    assert "open to everybody again" in free
    assert f"It is in #{pull.number}." in free.replace("\\", "")
    assert "@" not in free
    assert assigned(hut) == []
    for _ in range(3):
        await stage.later(days=40)
    assert len(stage.said(hut)) == 3

    # The door stays open.
    again = await says(stage, hut, "/claim", cast.ada)
    assert (reactions(again), assigned(hut), len(stage.said(hut))) == (["eyes", "+1"], ["ada"], 4)


async def test_of_two_who_ask_at_once_one_has_it_and_the_other_is_told(play: Play) -> None:
    stage, cast = await play(config=QUIET)
    hut = issue(stage, cast)
    await stage.settle()
    adas = stage.world.comment(hut, by=cast.ada, body="/claim")
    linus = stage.world.comment(hut, by=cast.linus, body="/claim")
    stage.world.deliveries[-2:] = reversed(stage.world.deliveries[-2:])  # his is delivered first
    await stage.settle()
    assert (reactions(linus), reactions(adas)) == (["eyes", "+1"], ["eyes", "confused"])
    assert assigned(hut) == ["linus"]
    first, second = sorted(stage.said(hut), key=lambda text: "Thank you for the offer" in text)
    assert first.startswith("It is yours, linus.")
    assert "`linus` has it since 2026-11-24; whoever asks first has an issue." in second.replace("\\", "")

    back = await says(stage, hut, "/unclaim", cast.linus)
    assert (reactions(back), assigned(hut)) == (["eyes", "+1"], [])
    hers = await says(stage, hut, "/claim", cast.ada)
    assert (reactions(hers), assigned(hut)) == (["eyes", "+1"], ["ada"])


async def test_what_humans_do_with_assignments_is_never_fought(play: Play) -> None:
    stage, cast = await play(config=QUIET)
    hut = issue(stage, cast)
    await says(stage, hut, "/claim", cast.ada)
    stage.world.unassign(hut, cast.ada, by=cast.grace)
    await stage.settle()
    await stage.later(days=60)
    assert len(stage.said(hut)) == 1  # the claim is over, so nobody is asked

    again = await says(stage, hut, "/claim", cast.ada)
    assert (reactions(again), assigned(hut)) == (["eyes", "+1"], [])

    tower = issue(stage, cast)
    stage.world.assign(tower, cast.grace, by=cast.grace)
    await stage.settle()
    asked = await says(stage, tower, "/claim", cast.ada)
    assert (reactions(asked), assigned(tower)) == (["eyes", "confused"], ["grace"])
    assert "It is with `grace`." in stage.said(tower)[0]


async def test_signs_of_work_are_heard_and_a_closed_issue_is_nobodys(play: Play) -> None:
    stage, cast = await play(config=QUIET)
    hut = issue(stage, cast)
    await says(stage, hut, "/claim", cast.ada)
    await stage.later(days=13)
    at_it = await says(stage, hut, "/working", cast.ada)
    assert reactions(at_it) == ["eyes", "+1"]
    await stage.later(days=13)
    assert len(stage.said(hut)) == 1
    stage.world.close(hut, by=cast.grace)
    await stage.settle()
    await stage.later(days=30)
    late = await says(stage, hut, "/claim", cast.linus)
    assert (reactions(late), len(stage.said(hut))) == (["eyes", "confused"], 2)
    assert [entry.why for entry in entries(stage, hut) if entry.effect == "end_claim"] == [
        "it is not with ada any more: done"
    ]


async def test_in_shadow_mode_who_names_the_bot_is_answered_and_nobody_is_asked(play: Play) -> None:
    stage, cast = await play(live=False)
    hut = issue(stage, cast)
    assert reactions(await says(stage, hut, "/claim", cast.linus)) == []  # it may be meant for another bot
    took = await says(stage, hut, "@switchback claim", cast.ada)
    assert (reactions(took), assigned(hut), len(stage.said(hut))) == (["eyes", "+1"], ["ada"], 1)
    for _ in range(6):
        await stage.later(days=20)
    assert (assigned(hut), len(stage.said(hut))) == (["ada"], 1)
    questions = [entry.state for entry in entries(stage, hut) if entry.key.startswith("claims/question/")]
    assert questions == ["shadow"]


async def test_who_opts_out_keeps_an_issue_and_is_not_asked(play: Play) -> None:
    stage, cast = await play(config=QUIET)
    hut = issue(stage, cast)
    await says(stage, hut, "/claim", cast.ada)
    await says(stage, hut, "/no-bot", cast.ada)
    for _ in range(3):
        await stage.later(days=20)
    other = await says(stage, hut, "/claim", cast.linus)
    assert (reactions(other), assigned(hut), len(stage.said(hut))) == (["eyes", "confused"], ["ada"], 2)


async def test_a_crash_between_taking_and_assigning_loses_nothing(play: Play) -> None:
    """Memory has the claim in one transaction with its line in the ledger. All else follows from that line, in every
    look until the thumb is there: so it is enough that the look comes again."""
    stage, cast = await play(config=QUIET)
    hut = issue(stage, cast)
    await stage.settle()
    stage.github.weather.next(bad_gateway(status=503, match=("POST", r"/.*/(?:comments|reactions|assignees)"), times=3))
    stage.world.comment(hut, by=cast.ada, body="/claim")
    await stage.settle(patience=timedelta())
    assert [(entry.effect, entry.state) for entry in entries(stage, hut)][:1] == [("claim", "done")]
    assert assigned(hut) == []
    await stage.settle()
    assert (assigned(hut), len(stage.said(hut))) == (["ada"], 1)
