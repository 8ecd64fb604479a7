"""Several things by their ids: what was hidden and why, and who reacted how."""

from typing import Any

import pytest

from bot.sandbox import ChangedFile, RefusedError
from tests.sandbox.conftest import Client, Place
from tests.sandbox.test_graphql import ask

NODES = """
query ($ids: [ID!]!, $content: ReactionContent) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Minimizable { isMinimized minimizedReason }
    ... on Reactable {
      databaseId
      reactions(first: 10, content: $content) { totalCount nodes { content user { login databaseId } } }
    }
  }
}"""


def everything_written(place: Place) -> dict[str, Any]:
    world, ada = place.world, place.ada
    issue = world.open_issue(place.repo, by=ada, title="Upside down")
    pull = world.open_pull_request(place.repo, by=ada, title="Turn it", files=[ChangedFile(filename="map.py")])
    talk = world.open_discussion(place.repo, by=ada, title="Which way is up?")
    return {
        "IssueComment": world.comment(issue, by=place.app.bot, body="Welcome"),
        "DiscussionComment": world.comment(talk, by=place.app.bot, body="Welcome"),
        "PullRequestReview": world.review(pull, by=place.maintainer, body="Nice"),
        "PullRequestReviewComment": world.review_comment(pull, by=place.maintainer, body="Here", path="map.py"),
    }


async def test_what_is_hidden_says_why(place: Place, bot: Client) -> None:
    world, written = place.world, everything_written(place)
    ids = [each.node_id for each in written.values()]
    shown = (await ask(bot, NODES, ids=ids))["data"]["nodes"]
    assert [each["__typename"] for each in shown] == list(written)
    assert {(each["isMinimized"], each["minimizedReason"]) for each in shown} == {(False, None)}
    before = len(world.deliveries)
    for each in written.values():
        world.minimize(each, by=place.maintainer, reason="OFF_TOPIC")
    hidden = (await ask(bot, NODES, ids=ids))["data"]["nodes"]
    assert {(each["isMinimized"], each["minimizedReason"]) for each in hidden} == {(True, "off-topic")}
    for each in written.values():
        world.unminimize(each, by=place.maintainer)
    assert (await ask(bot, NODES, ids=ids))["data"]["nodes"] == shown
    assert len(world.deliveries) == before


def test_only_who_may_write_may_hide(place: Place) -> None:
    comment = everything_written(place)["IssueComment"]
    world = place.world
    world.add_collaborator(place.repo, place.ada, role="triage")
    for somebody in (place.ada, place.helper):
        with pytest.raises(RefusedError, match="correct permissions"):
            world.minimize(comment, by=somebody)
    world.add_collaborator(place.repo, place.ada, role="write")
    world.minimize(comment, by=place.ada, reason="SPAM")
    assert comment.minimized == "SPAM"


async def test_reactions_say_whose_they_are(place: Place, bot: Client) -> None:
    comment = everything_written(place)["IssueComment"]
    for somebody in (place.ada, place.maintainer):
        place.world.react(comment, by=somebody, content="-1")
    place.world.react(comment, by=place.ada, content="heart")
    (told,) = (await ask(bot, NODES, ids=[comment.node_id], content="THUMBS_DOWN"))["data"]["nodes"]
    assert told["reactions"]["totalCount"] == 2
    assert [(each["content"], each["user"]) for each in told["reactions"]["nodes"]] == [
        ("THUMBS_DOWN", {"login": who.login, "databaseId": who.id}) for who in (place.ada, place.maintainer)
    ]
    (everything,) = (await ask(bot, NODES, ids=[comment.node_id]))["data"]["nodes"]
    assert everything["reactions"]["totalCount"] == 3


async def test_what_is_not_there_is_null_among_the_others(place: Place, bot: Client) -> None:
    comment = everything_written(place)["IssueComment"]
    place.world.delete_comment(comment, by=place.maintainer)
    told = await ask(bot, NODES, ids=[place.repo.node_id, comment.node_id])
    assert [each and each["id"] for each in told["data"]["nodes"]] == [place.repo.node_id, None]
    (error,) = told["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["nodes", 1])
    assert comment.node_id in error["message"]


async def test_a_hundred_ids_are_the_most(place: Place, bot: Client) -> None:
    told = await ask(bot, NODES, ids=[place.repo.node_id] * 101)
    assert told["errors"][0]["type"] == "ARGUMENT_LIMIT"
    assert len((await ask(bot, NODES, ids=[place.repo.node_id] * 100))["data"]["nodes"]) == 100
