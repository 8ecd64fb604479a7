"""Discussions over GraphQL, answered as GitHub answers them."""

from typing import Any

import pytest

from bot.sandbox import ChangedFile
from tests.sandbox.conftest import Client, Place

DISCUSSION = """
query ($number: Int!, $after: String) {
  repository(owner: "alpine-tools", name: "trail-maps") {
    discussion(number: $number) {
      id
      comments(first: 2, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          body
          author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
          replies(first: 5) { nodes { body } }
        }
      }
    }
  }
}
"""
ADD = """
mutation ($id: ID!, $body: String!, $to: ID) {
  addDiscussionComment(input: {discussionId: $id, body: $body, replyToId: $to, clientMutationId: "mine"}) {
    clientMutationId
    comment { id databaseId body url author { login } viewerDidAuthor }
  }
}
"""


async def ask(client: Client, query: str, **variables: object) -> Any:
    told = await client.post("/graphql", {"query": query, "variables": variables})
    assert told.status == 200
    return told.data


async def test_the_bot_reads_a_discussion_page_by_page_and_answers(place: Place, bot: Client) -> None:
    thread = place.world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    first = place.world.comment(thread, by=place.ada, body="one")
    place.world.comment(thread, by=place.maintainer, body="to one", reply_to=first)
    for text in ("two", "three"):
        place.world.comment(thread, by=place.maintainer, body=text)

    page = (await ask(bot, DISCUSSION, number=thread.number))["data"]["repository"]["discussion"]
    assert page["id"] == thread.node_id
    assert page["comments"]["totalCount"] == 3
    assert [each["body"] for each in page["comments"]["nodes"]] == ["one", "two"]
    assert page["comments"]["nodes"][0]["replies"]["nodes"] == [{"body": "to one"}]
    assert page["comments"]["nodes"][0]["author"] == {
        "__typename": "User",
        "login": "ada",
        "databaseId": place.ada.id,
    }
    after = page["comments"]["pageInfo"]["endCursor"]
    rest = (await ask(bot, DISCUSSION, number=thread.number, after=after))["data"]["repository"]["discussion"][
        "comments"
    ]
    assert [each["body"] for each in rest["nodes"]] == ["three"]
    assert rest["pageInfo"]["hasNextPage"] is False

    added = (await ask(bot, ADD, id=thread.node_id, body="Hello, Ada"))["data"]["addDiscussionComment"]
    assert added["clientMutationId"] == "mine"
    # In GraphQL a bot's login has no [bot], except as the viewer.
    assert added["comment"]["author"] == {"login": "switchback"}
    assert (await ask(bot, "{ viewer { login } }"))["data"]["viewer"]["login"] == "switchback[bot]"
    assert added["comment"]["viewerDidAuthor"] is True
    assert thread.comments[-1].author is place.app.bot
    assert place.world.deliveries[-1].name == "discussion_comment.created"


async def test_the_bot_changes_and_deletes_its_comment_and_reacts(place: Place, bot: Client) -> None:
    thread = place.world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    made = await ask(bot, ADD, id=thread.node_id, body="Helo")
    number = made["data"]["addDiscussionComment"]["comment"]["id"]
    update = (
        'mutation ($id: ID!) { updateDiscussionComment(input: {commentId: $id, body: "Hello"}) { comment { body } } }'
    )
    assert (await ask(bot, update, id=number))["data"]["updateDiscussionComment"]["comment"]["body"] == "Hello"
    react = """
      mutation ($id: ID!) {
        addReaction(input: {subjectId: $id, content: ROCKET}) {
          reaction { content user { login } } subject { id reactions(first: 5, content: ROCKET) { totalCount } }
        }
      }"""
    reaction = (await ask(bot, react, id=thread.node_id))["data"]["addReaction"]
    assert reaction["reaction"]["content"] == "ROCKET"
    assert reaction["subject"] == {"id": thread.node_id, "reactions": {"totalCount": 1}}
    delete = "mutation ($id: ID!) { deleteDiscussionComment(input: {id: $id}) { comment { id } } }"
    assert (await ask(bot, delete, id=number))["data"]["deleteDiscussionComment"]["comment"]["id"] == number
    assert thread.comments == []


async def test_three_issues_can_be_pinned(place: Place, bot: Client) -> None:
    pin = "mutation ($id: ID!) { pinIssue(input: {issueId: $id}) { issue { number } } }"
    issues = [place.world.open_issue(place.repo, by=place.ada, title=f"Number {n}") for n in range(4)]
    for issue in [*issues[:3], issues[0]]:
        assert (await ask(bot, pin, id=issue.node_id))["data"]["pinIssue"]["issue"] == {"number": issue.number}
    [error] = (await ask(bot, pin, id=issues[3].node_id))["errors"]
    assert error["message"] == "Maximum 3 pinned issues per repository"
    assert [issue.pinned for issue in issues] == [True, True, True, False]
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="No", files=[ChangedFile(filename="a")])
    [error] = (await ask(bot, pin, id=pull.node_id))["errors"]
    assert error["type"] == "NOT_FOUND"


async def test_a_discussion_is_opened_changed_and_closed(place: Place, bot: Client) -> None:
    create = """
      mutation ($repo: ID!, $category: ID!) {
        createDiscussion(input: {repositoryId: $repo, categoryId: $category, title: "Hello", body: "All"}) {
          discussion { id number category { slug } author { login } }
        }
      }"""
    ids = {"repo": place.repo.node_id, "category": place.repo.categories["general"].node_id}
    made = (await ask(bot, create, **ids))["data"]["createDiscussion"]["discussion"]
    assert made["category"] == {"slug": "general"}
    thread = place.repo.threads[made["number"]]
    update = """
      mutation ($id: ID!) { updateDiscussion(input: {discussionId: $id, body: "Nobody"}) { discussion { title body } } }
    """
    changed = (await ask(bot, update, id=made["id"]))["data"]["updateDiscussion"]["discussion"]
    assert changed == {"title": "Hello", "body": "Nobody"}
    close = """
      mutation ($id: ID!) {
        closeDiscussion(input: {discussionId: $id, reason: OUTDATED}) { discussion { closed stateReason } }
      }"""
    closed = (await ask(bot, close, id=made["id"]))["data"]["closeDiscussion"]["discussion"]
    assert (closed, thread.open) == ({"closed": True, "stateReason": "OUTDATED"}, False)

    issue = place.world.open_issue(place.repo, by=place.ada, title="No discussion")
    for wrong in ({"repo": issue.node_id}, {"category": issue.node_id}):
        [error] = (await ask(bot, create, **ids | wrong))["errors"]
        assert error["type"] == "NOT_FOUND"
    [error] = (await ask(bot, close, id=issue.node_id))["errors"]
    assert error["type"] == "NOT_FOUND"
    place.repo.has_discussions = False
    [error] = (await ask(bot, create, **ids))["errors"]
    assert error["type"] == "UNPROCESSABLE"


async def test_discussions_are_listed_by_state_and_date(place: Place, bot: Client) -> None:
    old = place.world.open_discussion(place.repo, by=place.ada, title="old", category="q-a")
    place.world.open_discussion(place.repo, by=place.ada, title="new")
    place.world.close(old, by=place.maintainer)
    query = """
      query ($states: [DiscussionState!]) {
        repository(owner: "alpine-tools", name: "trail-maps") {
          databaseId
          discussions(first: 10, states: $states, orderBy: {field: CREATED_AT, direction: ASC}) {
            nodes { title closed stateReason category { slug isAnswerable } author { login } }
          }
        }
      }"""
    everything = (await ask(bot, query))["data"]["repository"]["discussions"]["nodes"]
    assert [each["title"] for each in everything] == ["old", "new"]
    assert everything[0]["stateReason"] == "RESOLVED"
    assert everything[0]["category"] == {"slug": "q-a", "isAnswerable": True}
    still_open = (await ask(bot, query, states=["OPEN"]))["data"]["repository"]["discussions"]["nodes"]
    assert [each["title"] for each in still_open] == ["new"]


async def test_what_is_missing_is_told_with_status_200(place: Place, bot: Client) -> None:
    answer = await ask(bot, DISCUSSION, number=99)
    assert answer["data"] == {"repository": {"discussion": None}}
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert answer["errors"][0]["path"] == ["repository", "discussion"]
    assert answer["errors"][0]["message"] == "Could not resolve to a Discussion with the number of 99."
    answer = await ask(bot, 'query { node(id: "D_nothing") { id } }')
    assert answer["errors"][0]["message"] == "Could not resolve to a node with the global id of 'D_nothing'"
    answer = await ask(bot, 'query { repository(owner: "alpine-tools", name: "nothing") { id } }')
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert "errors" in await ask(bot, "query { nothing }")
    assert "errors" in (await bot.post("/graphql", {"no": "query"})).data


@pytest.mark.parametrize("fate", ["locked", "archived", "blocked", "empty"])
async def test_what_cannot_be_said_is_refused_with_status_200(place: Place, bot: Client, fate: str) -> None:
    thread = place.world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    match fate:
        case "locked":
            place.world.lock(thread, by=place.maintainer)
        case "archived":
            place.world.archive(place.repo)
        case "blocked":
            place.world.block(place.app.bot, by=place.ada)
    body = "" if fate == "empty" else "Hello"
    error = (await ask(bot, ADD, id=thread.node_id, body=body))["errors"][0]
    assert (error["type"], error["message"]) == {
        "locked": ("FORBIDDEN", "Unable to create comment because issue is locked."),
        "archived": ("FORBIDDEN", "Repository was archived so is read-only."),
        "blocked": ("UNPROCESSABLE", "User is blocked"),
        "empty": ("UNPROCESSABLE", "Body cannot be blank"),
    }[fate]
    assert thread.comments == []


async def test_without_the_permission_the_bot_may_read_but_not_write(place: Place, bot: Client) -> None:
    thread = place.world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    bot.token = place.world.installation_token(place.installation, permissions={"issues": "write"}).value
    assert "errors" not in await ask(bot, DISCUSSION, number=thread.number)
    error = (await ask(bot, ADD, id=thread.node_id, body="Hello"))["errors"][0]
    assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")


async def test_a_deleted_author_is_nobody_and_old_names_are_followed(place: Place, bot: Client) -> None:
    thread = place.world.open_discussion(place.repo, by=place.ada, title="Which way is up?")
    place.world.delete_user(place.ada)
    query = "query ($id: ID!) { node(id: $id) { ... on Discussion { author { login } } } }"
    assert (await ask(bot, query, id=thread.node_id))["data"]["node"]["author"] is None
    place.world.rename_repository(place.repo, "maps")
    query = 'query { repository(owner: "alpine-tools", name: "trail-maps") { nameWithOwner } }'
    assert (await ask(bot, query))["data"]["repository"]["nameWithOwner"] == "alpine-tools/maps"


async def test_large_ids_are_shown_in_full_only(place: Place, bot: Client) -> None:
    issue = place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    query = "query ($id: ID!) { node(id: $id) { ... on Issue { databaseId fullDatabaseId number url } } }"
    node = (await ask(bot, query, id=issue.node_id))["data"]["node"]
    assert (node["databaseId"], node["fullDatabaseId"]) == (None, str(issue.id))


async def test_every_kind_of_thing_can_be_had_by_its_node_id(place: Place, bot: Client) -> None:
    world = place.world
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down", labels=["bug"])
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    talk = world.open_discussion(place.repo, by=place.ada, title="How?")
    things: dict[str, Any] = {
        "Issue": issue,
        "PullRequest": pull,
        "Discussion": talk,
        "IssueComment": world.comment(pull, by=place.ada, body="On a pull request"),
        "PullRequestReview": world.review(pull, by=place.maintainer, body="Nice"),
        "PullRequestReviewComment": world.review_comment(pull, by=place.ada, body="On a line", path="map.py"),
        "DiscussionComment": world.comment(talk, by=place.ada, body="On a discussion"),
        "DiscussionCategory": talk.category,
        "Label": issue.labels[0],
        "Repository": place.repo,
        "User": place.ada,
        "Bot": place.app.bot,
        "Organization": place.organization,
    }
    query = """
      query ($id: ID!) {
        node(id: $id) {
          __typename id
          ... on Issue { authorAssociation url }
          ... on PullRequest { repository { url } url }
          ... on IssueComment { authorAssociation url }
          ... on PullRequestReview { authorAssociation pullRequest { id } state submittedAt updatedAt url }
          ... on PullRequestReviewComment { url }
          ... on DiscussionComment { url isAnswer replyTo { id } discussion { id } }
          ... on User { url createdAt }
        }
      }"""
    for kind, thing in things.items():
        node = (await ask(bot, query, id=thing.node_id))["data"]["node"]
        assert (node["__typename"], node["id"]) == (kind, thing.node_id)
        if kind.endswith(("Comment", "Review")):
            assert str(getattr(thing, "id", "")) in node["url"]
    team = world.team(place.organization, "Mappers")
    assert (await ask(bot, query, id=team.node_id))["errors"][0]["type"] == "NOT_FOUND"
    world.delete_repository(place.repo)
    for lost in (place.repo, issue, talk):
        assert (await ask(bot, query, id=lost.node_id))["errors"][0]["type"] == "NOT_FOUND"


async def test_comments_go_only_where_they_belong(place: Place, bot: Client, ada: Client) -> None:
    world = place.world
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down")
    talk, other = (world.open_discussion(place.repo, by=place.ada, title=title) for title in ("How?", "Why?"))
    elsewhere = world.comment(other, by=place.maintainer, body="Because")
    assert (await ask(bot, ADD, id=issue.node_id, body="Hello"))["errors"][0]["type"] == "NOT_FOUND"
    refused = await ask(bot, ADD, id=talk.node_id, body="Hello", to=elsewhere.node_id)
    assert refused["errors"][0]["type"] == "UNPROCESSABLE"
    answered = await ask(bot, ADD, id=other.node_id, body="Hello", to=elsewhere.node_id)
    assert answered["data"]["addDiscussionComment"]["comment"]["body"] == "Hello"
    update = 'mutation ($id: ID!) { updateDiscussionComment(input: {commentId: $id, body: "Mine"}) { comment { id } } }'
    assert (await ask(ada, update, id=elsewhere.node_id))["errors"][0]["type"] == "FORBIDDEN"
    assert (await ask(bot, update, id=talk.node_id))["errors"][0]["type"] == "NOT_FOUND"
    react = "mutation ($id: ID!) { addReaction(input: {subjectId: $id, content: HEART}) { subject { id } } }"
    assert (await ask(bot, react, id=place.repo.node_id))["errors"][0]["type"] == "NOT_FOUND"


async def test_all_that_people_write_can_be_reacted_to(place: Place, bot: Client) -> None:
    world = place.world
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down")
    pull = world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    talk = world.open_discussion(place.repo, by=place.ada, title="How?")
    review = world.review(pull, by=place.maintainer, state="APPROVED", body="Nice")
    react = """
      mutation ($id: ID!) {
        addReaction(input: {subjectId: $id, content: THUMBS_UP}) {
          reaction { id content }
          subject { __typename id reactions(first: 5) { nodes { content } } }
        }
      }"""
    subjects: dict[str, Any] = {
        "Issue": issue,
        "PullRequest": pull,
        "PullRequestReview": review,
        "Discussion": talk,
        "IssueComment": world.comment(issue, by=place.ada, body="Still is"),
        "PullRequestReviewComment": world.review_comment(pull, by=place.ada, body="Here", path="map.py"),
        "DiscussionComment": world.comment(talk, by=place.ada, body="Tell me"),
    }
    told = {}
    for kind, subject in subjects.items():
        for _ in range(2):  # one account has each reaction once, however often it asks
            told[kind] = (await ask(bot, react, id=subject.node_id))["data"]["addReaction"]
        nodes = [{"content": "THUMBS_UP"}]
        assert told[kind]["subject"] == {"__typename": kind, "id": subject.node_id, "reactions": {"nodes": nodes}}
        assert [(each.content, each.account) for each in subject.reactions] == [("+1", place.app.bot)]
    assert len({each["reaction"]["id"] for each in told.values()}) == len(subjects)

    seen = """query ($id: ID!) { node(id: $id) { ... on PullRequestReview {
      state authorAssociation author { login } pullRequest { number } reactions(first: 5) { totalCount } } } }"""
    assert (await ask(bot, seen, id=review.node_id))["data"]["node"] == {
        "state": "APPROVED",
        "authorAssociation": "MEMBER",
        "author": {"login": "mira"},
        "pullRequest": {"number": pull.number},
        "reactions": {"totalCount": 1},
    }


@pytest.mark.parametrize("missing", ["permission", "review"])
async def test_a_review_that_is_out_of_reach_cannot_be_reacted_to(place: Place, bot: Client, missing: str) -> None:
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn it")
    review = place.world.review(pull, by=place.maintainer, body="Nice")
    react = "mutation ($id: ID!) { addReaction(input: {subjectId: $id, content: THUMBS_UP}) { subject { id } } }"
    if missing == "permission":
        bot.token = place.world.installation_token(place.installation, permissions={"pull_requests": "read"}).value
    else:
        place.world.delete_repository(place.repo)
    error = (await ask(bot, react, id=review.node_id))["errors"][0]
    assert error["type"] == {"permission": "FORBIDDEN", "review": "NOT_FOUND"}[missing]
    assert review.reactions == []


async def test_pages_can_be_read_from_the_end(place: Place, bot: Client) -> None:
    talk = place.world.open_discussion(place.repo, by=place.ada, title="How?")
    for text in ("one", "two", "three"):
        place.world.comment(talk, by=place.ada, body=text)
    query = """
      query ($id: ID!, $before: String) {
        node(id: $id) {
          ... on Discussion {
            comments(last: 2, before: $before) { nodes { body } pageInfo { startCursor hasPreviousPage } }
          }
        }
      }"""
    last = (await ask(bot, query, id=talk.node_id))["data"]["node"]["comments"]
    assert [each["body"] for each in last["nodes"]] == ["two", "three"]
    before = last["pageInfo"]["startCursor"]
    first = (await ask(bot, query, id=talk.node_id, before=before))["data"]["node"]["comments"]
    assert ([each["body"] for each in first["nodes"]], first["pageInfo"]["hasPreviousPage"]) == (["one"], False)
    wrong = await ask(bot, query, id=talk.node_id, before="????")
    assert "does not appear to be a valid cursor" in wrong["errors"][0]["message"]


async def test_categories_labels_and_answers_are_shown(place: Place, bot: Client) -> None:
    talk = place.world.open_discussion(place.repo, by=place.ada, title="How?", category="q-a")
    place.world.label(talk, "bug", by=place.maintainer)
    answer = place.world.comment(talk, by=place.maintainer, body="Like so")
    place.world.choose_answer(answer, by=place.ada)
    query = """
      query ($category: ID) {
        repository(owner: "alpine-tools", name: "trail-maps") {
          discussionCategories(first: 10) { nodes { id slug } }
          discussions(first: 5, categoryId: $category, answered: true) {
            nodes { isAnswered answer { isAnswer } answerChosenBy { login } labels(first: 5) { nodes { name } } }
          }
        }
      }"""
    told = (await ask(bot, query, category=talk.category.node_id))["data"]["repository"]
    assert {"id": talk.category.node_id, "slug": "q-a"} in told["discussionCategories"]["nodes"]
    assert told["discussions"]["nodes"] == [
        {
            "isAnswered": True,
            "answer": {"isAnswer": True},
            "answerChosenBy": {"login": "ada"},
            "labels": {"nodes": [{"name": "bug"}]},
        }
    ]
    place.world.delete_comment(answer, by=place.maintainer)
    assert (await ask(bot, query, category=talk.category.node_id))["data"]["repository"]["discussions"]["nodes"] == []
