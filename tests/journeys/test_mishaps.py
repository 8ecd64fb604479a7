"""Stories in which something goes wrong: news that is lost or late, a refusal that stays, a text made to stall us."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.memory import inbox, ledger, looks
from bot.model import RepoId, ThreadRef
from bot.sandbox import ChangedFile, Fault, World
from bot.sandbox.model import PullRequest
from bot.sandbox.weather import COMMENTS, cut_before_write, secondary_limit
from tests.conftest import Play
from tests.stage import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE: Final = [ChangedFile(filename="maps/draw.py")]
TRIED: Final = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"
BROKE: Final[dict[str, Any]] = {
    "data": {"addDiscussionComment": None},
    "errors": [{"type": "INTERNAL", "message": "Something went wrong while executing your query."}],
}


def merged_long_ago(world: World, cast: Cast) -> PullRequest:
    pull = world.open_pull_request(cast.huts, by=cast.linus, title="Work", files=CODE)
    world.merge(pull, by=cast.grace)
    return pull


async def test_a_comment_on_an_old_merge_brings_no_congratulation(play: Play) -> None:
    old: list[PullRequest] = []
    stage, cast = await play(past_is_read=False, before=lambda world, cast: old.append(merged_long_ago(world, cast)))
    stage.clock.advance(DAY * 1000)
    stage.world.comment(old[0], by=cast.ada, body="Three years later: nice.")
    await stage.settle()
    assert stage.said(old[0]) == []


async def test_what_cannot_be_written_is_given_up_and_wakes_nothing_else(play: Play) -> None:
    stage, cast = await play()
    [installation] = stage.world.installations.values()
    installation.permissions["issues"] = installation.permissions["pull_requests"] = "read"
    stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.open_pull_request(cast.maps, by=cast.ada, title="A fix", files=CODE)
    await stage.settle(patience=HOUR)
    assert stage.calls("POST").count(TRIED) <= 3
    assert len(stage.parts.store.read_now(looks.dead)) == 2


async def test_a_repository_that_is_gone_without_our_hearing_of_it_is_tried_a_few_times(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    stage.world.open_pull_request(cast.maps, by=cast.ada, title="docs: a fix", files=CODE)
    stage.world.delete_repository(cast.maps, by=cast.grace)
    stage.lose(event="repository")
    await stage.settle(patience=HOUR)
    assert stage.calls("POST").count(TRIED) <= 9


async def test_what_was_deleted_while_it_waited_delays_nobody(play: Play) -> None:
    stage, cast = await play()
    people = [stage.world.user(f"person-{number}") for number in range(6)]
    spam = [stage.world.open_issue(cast.maps, by=person, title="Hi") for person in people[:3]]
    await stage.settle(patience=timedelta())
    for issue in spam:
        stage.world.delete(issue, by=cast.grace)
    await stage.settle()
    stage.clock.advance(HOUR * 10)
    stage.github.weather.next(secondary_limit(retry_after=60, match=COMMENTS))
    late = [stage.world.open_issue(cast.maps, by=person, title="Hi") for person in people[3:]]
    await stage.settle(patience=timedelta(minutes=5))
    assert [len(stage.said(issue)) for issue in late] == [1, 1, 1]


async def test_what_was_claimed_for_a_thread_that_is_deleted_does_not_stay_open(play: Play) -> None:
    stage, cast = await play()
    stage.github.weather.next(cut_before_write(match=COMMENTS))
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle(patience=timedelta(seconds=1))
    stage.world.delete(issue, by=cast.grace)
    await stage.settle()
    ref = ThreadRef(RepoId(cast.maps.id), issue.number)
    assert await stage.parts.store.read(lambda db: ledger.unsettled(db, ref)) == []


async def test_a_mutation_that_broke_in_the_middle_is_not_sent_twice(play: Play) -> None:
    stage, cast = await play()
    stage.github.weather.next(Fault(match=("POST", "/graphql"), status=200, body=BROKE, when="after"))
    discussion = stage.world.open_discussion(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    stage.world.comment(discussion, by=cast.ada, body="Hm.")
    await stage.settle()
    assert len(stage.said(discussion)) == 1


async def test_a_no_bot_that_is_edited_into_an_old_comment_is_newer_than_what_came_between(play: Play) -> None:
    stage, cast = await play()
    thread = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    comment = stage.world.comment(thread, by=cast.ada, body="Me too.")
    stage.clock.advance(DAY)
    stage.world.comment(thread, by=cast.ada, body="/no-bot off")
    await stage.settle()
    stage.clock.advance(DAY)
    stage.world.edit_comment(comment, by=cast.ada, body="Me too.\n\n/no-bot")
    await stage.settle()
    assert [reaction.content for reaction in comment.reactions] == ["+1"]
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello")
    await stage.settle()
    assert stage.said(issue) == []


@pytest.mark.parametrize("first", ["/no-bot is how one stops it, I read.", "/no-bot is what it says, so:\n\n/no-bot"])
async def test_a_no_bot_that_only_explains_hides_none_that_asks(play: Play, first: str) -> None:
    stage, cast = await play()
    thread = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    comment = stage.world.comment(thread, by=cast.ada, body=first)
    await stage.settle()
    stage.world.edit_comment(comment, by=cast.ada, body="/no-bot")
    await stage.settle()
    assert [reaction.content for reaction in comment.reactions] == ["+1"]


async def test_an_edited_title_is_no_new_wish(play: Play) -> None:
    stage, cast = await play()
    issue = stage.world.open_issue(cast.maps, by=cast.ada, title="Hello", body="/no-bot")
    late = stage.hold_back(lambda delivery: delivery.payload["action"] == "opened")
    stage.clock.advance(DAY)
    stage.world.comment(issue, by=cast.ada, body="/no-bot off")
    await stage.settle()
    stage.clock.advance(DAY)
    stage.world.edit(issue, by=cast.ada, title="Hello again")
    await stage.settle()
    stage.world.deliveries.extend(late)
    await stage.settle()
    pull = stage.world.open_pull_request(cast.maps, by=cast.ada, title="A fix", files=CODE)
    await stage.settle()
    assert len(stage.said(pull)) == 1


async def test_a_collaborator_on_another_repository_is_no_newcomer(play: Play) -> None:
    stage, cast = await play(
        before=lambda world, cast: world.add_collaborator(cast.maps, cast.linus), past_is_read=False
    )
    issue = stage.world.open_issue(cast.huts, by=cast.linus, title="Hello")
    await stage.settle()
    assert stage.said(issue) == []


async def test_a_removal_that_is_told_after_the_return_makes_no_newcomer(play: Play) -> None:
    stage, cast = await play()
    stage.world.open_issue(cast.maps, by=stage.world.user("first"), title="The list of members is read")
    await stage.settle()
    stage.clock.advance(HOUR)
    stage.world.add_member(cast.organisation, cast.linus)
    stage.world.remove_member(cast.organisation, cast.linus)
    late = stage.hold_back(lambda delivery: delivery.payload["action"] == "member_removed")
    stage.world.add_member(cast.organisation, cast.linus, public=False)
    await stage.settle()
    stage.clock.advance(HOUR)
    stage.world.deliveries.extend(late)
    await stage.settle()
    issue = stage.world.open_issue(cast.maps, by=cast.linus, title="Hello")
    await stage.settle()
    assert stage.said(issue) == []


async def test_the_list_of_members_is_read_once_for_all_who_come_together(play: Play) -> None:
    stage, cast = await play()
    issues = [
        stage.world.open_issue(cast.maps, by=stage.world.user(f"person-{number}"), title="Hi") for number in range(5)
    ]
    await stage.settle()
    assert [len(stage.said(issue)) for issue in issues] == [1] * 5
    assert stage.calls().count("GET /orgs/{org}/members") == 1


@pytest.mark.parametrize("body", ["**a" + ":" * 19_990 + "x", "# a" + " " * 19_990 + "x", "/no-bot\n\n" + "[" * 60_000])
async def test_no_text_keeps_the_service_from_answering(play: Play, body: str) -> None:
    stage, cast = await play()
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.01)

    heart = asyncio.create_task(beat())
    began = asyncio.get_running_loop().time()
    stage.world.open_issue(cast.maps, by=cast.ada, title="Hello", body=body)
    await stage.settle()
    took = asyncio.get_running_loop().time() - began
    heart.cancel()
    assert beats > took * 10  # of the hundred a second that there would be; the rest is the machine's


async def test_an_account_of_a_kind_that_has_no_login_is_left_out(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _ = await play()
    listed = stage.parts.client.list_as_app

    async def with_an_enterprise(path: str) -> list[Any]:
        enterprise = {"id": 9, "slug": "alps", "name": "Alps"}
        return [*await listed(path), {"id": 7, "account": enterprise, "suspended_at": None}]

    monkeypatch.setattr(stage.parts.client, "list_as_app", with_an_enterprise)
    await stage.parts.installations.ask()


async def test_a_delivery_that_cannot_be_read_is_not_kept_for_ever(play: Play) -> None:
    stage, _ = await play()
    store = stage.parts.store
    await store.write(lambda db: inbox.insert(db, [inbox.Delivery("odd", "issues", b'{"issue": 5}', stage.clock())]))
    stage.parts.inbox.arrived.set()
    await stage.settle()
    assert (await store.read(inbox.backlog)).failed == 1
    stage.clock.advance(DAY * 32)
    async with asyncio.timeout(30):  # it happens beside everything else
        while (await store.read(inbox.backlog)).failed:
            await asyncio.sleep(0.01)
