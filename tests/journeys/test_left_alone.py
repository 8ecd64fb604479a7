"""Stories in which a word would be wrong, too much, or too late; and what settings change."""

from datetime import timedelta
from itertools import pairwise
from typing import Final

import pytest

from bot.github.written import marker
from bot.memory import ledger, looks
from bot.memory.ledger import Entry
from bot.model import RepoId, ThreadRef
from bot.sandbox import ChangedFile, Fault
from bot.sandbox.model import Thread
from bot.sandbox.weather import (
    COMMENTS,
    bad_gateway,
    cut_after_write,
    cut_before_write,
    gone,
    locked,
    secondary_limit,
    unprocessable,
)
from tests.conftest import Play
from tests.stage import SLUG, Manner, Stage

DAY: Final = timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py")]


def entries(stage: Stage, thread: Thread) -> list[Entry]:
    """What the ledger holds about a thread."""
    return stage.parts.store.read_now(lambda db: ledger.about(db, ThreadRef(RepoId(thread.repo.id), thread.number)))


async def test_a_transferred_issue_is_nobodys_first(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="In the wrong place")
    moved = stage.world.transfer(issue, cast.huts, by=cast.grace)
    await stage.settle()
    await stage.later(hours=2)
    assert (stage.said(issue), stage.said(moved)) == ([], [])


async def test_an_issue_that_became_a_discussion_is_not_welcomed_again(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="More of a talk")
    discussion = stage.world.convert_to_discussion(issue, by=cast.grace)
    await stage.settle()
    await stage.later(hours=2)
    assert stage.said(discussion) == []


@pytest.mark.parametrize("act", ["lock", "close"])
async def test_threads_that_are_over_before_the_bot_looks(play: Play, act: str) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Spam")
    getattr(stage.world, act)(issue, by=cast.grace)
    await stage.settle()
    assert stage.said(issue) == []


async def test_the_old_welcome_bot_spoke_first(play: Play) -> None:
    stage, cast = await play()
    old = stage.world.bot("welcome")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.comment(issue, by=old, body="Thank you for opening your first issue in this project!")
    await stage.settle()
    assert stage.said(issue) == []

    # It is known to be at work now: the next newcomer is left to it for a moment, then GitHub is asked once more.
    second = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello too")
    await stage.settle(patience=timedelta(seconds=5))
    assert stage.said(second) == []
    await stage.settle()
    assert len(stage.said(second)) == 1


async def test_the_old_welcome_bot_spoke_before_ours_was_installed_or_unheard(play: Play) -> None:
    stage, cast = await play(past_is_read=False)
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.comment(issue, by=stage.world.bot("welcome"), body="Thank you!")
    stage.lose(event="issue_comment")
    await stage.settle()
    assert stage.said(issue) == []


async def test_hold_leaves_it_to_a_human_who_answers(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 2 hours}")
    answered = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    waiting = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.later(minutes=30)
    stage.world.comment(answered, by=cast.grace, body="Welcome!")
    await stage.later(minutes=89)
    assert (stage.said(answered), stage.said(waiting)) == ([], [])
    await stage.later(minutes=1)
    assert (stage.said(answered), len(stage.said(waiting))) == ([], 1)


async def test_a_second_repository_gets_a_note_if_configured(play: Play) -> None:
    config = "welcome: {another_repo: note}\nlinks: {contributing: 'https://example.org/{repo}/contributing'}"
    stage, cast = await play(config=config)
    first = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    stage.clock.advance(DAY)
    second = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello")
    await stage.settle()
    [note] = stage.said(second)
    assert note.startswith(
        "Good to see you in huts too, @ada. Good to know: [contributing guide](https://example.org/huts/"
    )
    stage.clock.advance(DAY)
    third = stage.world.open_issue(cast.huts, by=cast.ada, title="Hello again")
    await stage.settle()
    assert (len(stage.said(first)), stage.said(third)) == (1, [])


async def test_the_words_can_be_spanish(play: Play) -> None:
    stage, cast = await play(config="language: es")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hola")
    await stage.settle()
    assert stage.said(issue)[0].startswith("Te damos la bienvenida, @ada")


async def test_nobody_is_mentioned_more_often_than_the_budget_allows(play: Play) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="A fix", files=CODE)
    await stage.settle()
    assert sorted("@ada" in said for thread in (issue, pull) for said in stage.said(thread)) == [False, True]

    stage.clock.advance(2 * DAY)
    discussion = stage.world.open_discussion(cast.maps, by=cast.ada, title="A topic")
    await stage.settle()
    stage.clock.advance(2 * DAY)
    stage.world.merge(pull, by=cast.grace)
    await stage.settle()
    assert "@ada" in stage.said(discussion)[0]
    assert "@ada" not in stage.said(pull)[1]  # the third in a week
    assert "ada" in stage.said(pull)[1]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        pytest.param(gone(), "it is deleted", id="410"),
        pytest.param(locked(), "the thread is locked", id="403 locked"),
        pytest.param(unprocessable(), "GitHub refuses it", id="422"),
    ],
)
async def test_what_cannot_be_written_is_let_go(play: Play, fault: Fault, why: str) -> None:
    stage, cast = await play(Manner(name="refused", faults=lambda _: [fault]))
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    await stage.later(days=1)
    [entry] = entries(stage, issue)
    assert (stage.said(issue), entry.state) == ([], "dropped")
    assert why in str(entry.outcome)
    assert stage.calls("POST").count("POST /repos/{owner}/{repo}/issues/{issue_number}/comments") == 1


async def test_a_thread_that_is_gone_for_good_is_tried_three_times(play: Play) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.delete_repository(cast.maps, by=cast.grace)
    stage.lose(event="repository")
    await stage.settle()
    await stage.later(days=1)
    assert stage.said(issue) == []
    assert stage.calls("POST").count("POST /repos/{owner}/{repo}/issues/{issue_number}/comments") == 3
    assert (entries(stage, issue), stage.parts.store.read_now(looks.dead)) == ([], [])


async def test_writes_keep_a_second_apart_and_each_newcomer_has_a_turn(play: Play) -> None:
    stage, cast = await play()
    newcomers = [stage.world.user(f"newcomer{number}") for number in range(20)]
    issues = [stage.world.open_issue(cast.maps, by=newcomer, title="Hello") for newcomer in newcomers]
    await stage.settle()
    assert [len(stage.said(issue)) for issue in issues] == [1] * 20
    times = sorted(comment.created_at for issue in issues for comment in stage.comments(issue))
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(times))


async def test_the_circuit_breaker_stops_the_rule_for_the_hour(play: Play) -> None:
    stage, cast = await play(config="limits: {comments_an_hour: 3}")
    issues = [stage.world.open_issue(cast.maps, by=stage.world.user(f"n{n}"), title="Hi") for n in range(5)]
    await stage.settle()
    assert sum(len(stage.said(issue)) for issue in issues) == 3
    await stage.later(minutes=61)
    await stage.settle(patience=timedelta(minutes=20))
    assert sum(len(stage.said(issue)) for issue in issues) == 5


async def test_renamed_people_and_repositories_are_the_same(play: Play) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    stage.world.rename_user(cast.ada, "countess")
    stage.world.rename_repository(cast.huts, "shelters", by=cast.grace)
    stage.lose(event="repository")
    stage.clock.advance(DAY)
    second = stage.world.open_issue(cast.huts, by=cast.ada, title="Under another name")
    linus = stage.world.open_issue(cast.huts, by=cast.linus, title="Hello")
    await stage.settle()
    assert (len(stage.said(issue)), stage.said(second), len(stage.said(linus))) == (1, [], 1)


async def test_a_repository_renamed_between_looking_and_writing_is_followed(play: Play) -> None:
    stage, cast = await play(config="welcome: {hold: 1 hours}")
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta())
    stage.world.rename_repository(cast.maps, "paths", by=cast.grace)
    stage.lose(event="repository")
    await stage.later(hours=1)
    assert len(stage.said(issue)) == 1


async def test_a_suspended_installation_is_left_in_peace(play: Play) -> None:
    stage, cast = await play()
    [installation] = stage.world.installations.values()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.suspend(installation, by=cast.grace)
    await stage.settle()
    assert stage.said(issue) == []


async def test_a_missing_permission_is_told_and_can_be_mended(play: Play) -> None:
    stage, cast = await play()
    [installation] = stage.world.installations.values()
    installation.permissions["issues"] = installation.permissions["pull_requests"] = "read"
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    [letter] = stage.parts.store.read_now(looks.dead)
    assert "lacks a permission" in letter.why

    installation.permissions["issues"] = "write"
    stage.world.label(issue, "bug", by=cast.grace)  # any news about the thread
    await stage.settle()
    assert (len(stage.said(issue)), stage.parts.store.read_now(looks.dead)) == (1, [])


async def test_a_marker_that_a_human_copied_is_not_taken_for_ours(play: Play) -> None:
    stage, cast = await play(Manner(name="lost", faults=lambda _: [bad_gateway(match=("POST", r"/.*/comments"))]))
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta(seconds=1))
    [entry] = entries(stage, issue)
    stage.world.comment(issue, by=cast.linus, body=f"I am no bot. {marker(entry.rule, entry.key)}")
    await stage.settle()
    assert len(stage.said(issue)) == 1


async def test_a_first_welcome_costs_one_call(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.linus, title="Warms the token up")
    await stage.settle()
    stage.forget_calls()
    stage.world.open_issue(cast.huts, by=cast.ada, title="Hello")
    await stage.settle()
    assert stage.calls() == ["POST /repos/{owner}/{repo}/issues/{issue_number}/comments"]


async def test_comments_are_by_the_app_and_hide_their_marker(play: Play) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    [comment] = issue.comments
    assert comment.author.login == f"{SLUG}[bot]"
    assert comment.body.splitlines()[-1].startswith("<!-- switchback welcome ")
    assert "ada" not in comment.body.splitlines()[-1]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(cut_before_write(match=COMMENTS), id="cut before the write"),
        pytest.param(cut_after_write(match=COMMENTS), id="cut after the write"),
        pytest.param(secondary_limit(match=COMMENTS), id="429"),
    ],
)
async def test_the_first_issue_comes_late_while_the_second_is_being_welcomed(play: Play, fault: Fault) -> None:
    stage, cast = await play(Manner(name="lost", faults=lambda _: [fault]))
    first, second = (stage.world.open_issue(cast.maps, by=cast.ada, title=title) for title in ("First", "Second"))
    late = stage.hold_back(lambda delivery: delivery.payload.get("issue", {}).get("number") == first.number)
    await stage.settle(patience=timedelta(seconds=1))
    stage.world.deliveries.extend(late)
    await stage.settle()
    assert len(stage.said(first)) + len(stage.said(second)) == 1
    assert {entry.state for thread in (first, second) for entry in entries(stage, thread)} == {"done"}
