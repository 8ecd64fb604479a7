"""Issues and pull requests over GraphQL: listed, with their timelines and reviews."""

from datetime import timedelta
from typing import Any

from bot.sandbox import ChangedFile
from tests.sandbox.conftest import Client, Place
from tests.sandbox.test_graphql import ask

PULLS = """
query ($first: Int = 100, $after: String, $states: [PullRequestState!], $field: IssueOrderField = UPDATED_AT) {
  repository(owner: "alpine-tools", name: "trail-maps") {
    pullRequests(first: $first, after: $after, states: $states, orderBy: {field: $field, direction: DESC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        number fullDatabaseId title createdAt updatedAt closedAt state isDraft merged mergedAt
        author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
        mergedBy { login }
        labels(first: 10) { nodes { name } }
        files(first: 10) { nodes { path changeType } }
        reviews(first: 10) {
          nodes { fullDatabaseId databaseId authorAssociation state submittedAt author { __typename login } }
        }
        timelineItems(
          first: 50
          itemTypes: [
            LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, MERGED_EVENT, READY_FOR_REVIEW_EVENT
          ]
        ) {
          nodes {
            __typename
            ... on LabeledEvent { createdAt actor { login } label { name } }
            ... on UnlabeledEvent { label { name } }
            ... on MergedEvent { actor { login } mergeRefName }
            ... on ReadyForReviewEvent { actor { login } createdAt }
          }
        }
      }
    }
  }
}
"""
ISSUES = """
query ($first: Int = 100, $after: String, $states: [IssueState!], $filter: IssueFilters, $order: IssueOrder) {
  repository(owner: "alpine-tools", name: "trail-maps") {
    issues(first: $first, after: $after, states: $states, filterBy: $filter, orderBy: $order) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        number title state stateReason closed closedAt
        comments { totalCount }
        assignees(first: 5) { nodes { login } }
        timelineItems(first: 10) {
          totalCount
          nodes {
            __typename
            ... on AssignedEvent { assignee { ... on User { login databaseId } } }
            ... on UnassignedEvent { actor { login } assignee { __typename } }
            ... on ClosedEvent { stateReason }
          }
        }
      }
    }
  }
}
"""


async def pulls(client: Client, **variables: object) -> Any:
    told = await ask(client, PULLS, **variables)
    assert "errors" not in told, told["errors"]
    return told["data"]["repository"]["pullRequests"]


async def issues(client: Client, **variables: object) -> Any:
    told = await ask(client, ISSUES, **variables)
    assert "errors" not in told, told["errors"]
    return told["data"]["repository"]["issues"]


async def test_a_pull_request_tells_its_whole_story(place: Place, bot: Client) -> None:
    world, ada, mira = place.world, place.ada, place.maintainer
    files = [ChangedFile(filename="map.py"), ChangedFile(filename="old.py", status="removed")]
    pull = world.open_pull_request(place.repo, by=ada, title="Turn it", files=files, draft=True, labels=["bug"])
    place.clock.forward(timedelta(minutes=1))
    world.ready_for_review(pull, by=ada)
    approved = world.review(pull, by=mira, state="APPROVED")
    world.dismiss_review(approved, by=mira)
    world.review(pull, by=place.helper, body="Nice")
    world.unlabel(pull, "bug", by=mira)
    world.close(pull, by=mira)
    world.reopen(pull, by=ada)
    world.merge(pull, by=mira)

    (node,) = (await pulls(bot))["nodes"]
    assert (node["number"], node["fullDatabaseId"], node["title"]) == (pull.number, str(pull.pull_id), "Turn it")
    assert (node["state"], node["merged"], node["isDraft"]) == ("MERGED", True, False)
    assert node["createdAt"] == "2025-03-03T09:00:00Z"
    assert {node[at] for at in ("updatedAt", "closedAt", "mergedAt")} == {"2025-03-03T09:01:00Z"}
    assert node["author"] == {"__typename": "User", "login": "ada", "databaseId": ada.id}
    assert node["mergedBy"] == {"login": "mira"}
    assert node["labels"]["nodes"] == []
    assert node["files"]["nodes"] == [
        {"path": "map.py", "changeType": "MODIFIED"},
        {"path": "old.py", "changeType": "DELETED"},
    ]
    assert [(each["state"], each["author"]["login"]) for each in node["reviews"]["nodes"]] == [
        ("DISMISSED", "mira"),
        ("COMMENTED", "hal"),
    ]
    first = node["reviews"]["nodes"][0]
    assert (first["fullDatabaseId"], first["databaseId"]) == (str(approved.id), None)  # it has more than 32 bits
    assert (first["authorAssociation"], first["submittedAt"]) == ("MEMBER", "2025-03-03T09:01:00Z")
    story = node["timelineItems"]["nodes"]
    assert [each["__typename"] for each in story] == [
        "LabeledEvent",
        "ReadyForReviewEvent",
        "UnlabeledEvent",
        "ClosedEvent",
        "ReopenedEvent",
        "MergedEvent",
        "ClosedEvent",
    ]
    opened = {"createdAt": "2025-03-03T09:00:00Z", "actor": {"login": "ada"}, "label": {"name": "bug"}}
    assert story[0] == {"__typename": "LabeledEvent", **opened}
    assert story[5] == {"__typename": "MergedEvent", "actor": {"login": "mira"}, "mergeRefName": "main"}


async def test_an_issue_tells_who_took_it_and_why_it_was_closed(place: Place, bot: Client) -> None:
    world, mira = place.world, place.maintainer
    issue = world.open_issue(place.repo, by=place.ada, title="Upside down")
    world.assign(issue, place.ada, by=mira)
    world.comment(issue, by=place.ada, body="Yes?")
    world.unassign(issue, place.ada, by=mira)
    world.close(issue, by=mira, reason="duplicate")
    (node,) = (await issues(bot))["nodes"]
    assert (node["state"], node["closed"], node["stateReason"]) == ("CLOSED", True, "NOT_PLANNED")
    assert (node["comments"], node["assignees"]["nodes"]) == ({"totalCount": 1}, [])
    assert node["timelineItems"] == {
        "totalCount": 3,
        "nodes": [
            {"__typename": "AssignedEvent", "assignee": {"login": "ada", "databaseId": place.ada.id}},
            {"__typename": "UnassignedEvent", "actor": {"login": "mira"}, "assignee": {"__typename": "User"}},
            {"__typename": "ClosedEvent", "stateReason": "DUPLICATE"},
        ],
    }
    exact = """{
      repository(owner: "alpine-tools", name: "trail-maps") { issue(number: 1) { stateReason(enableDuplicate: true) } }
    }"""
    assert (await ask(bot, exact))["data"]["repository"]["issue"] == {"stateReason": "DUPLICATE"}
    world.delete_user(place.ada)
    (node,) = (await issues(bot))["nodes"]
    assert node["timelineItems"]["nodes"][0]["assignee"] is None


async def test_issues_are_chosen_by_state_date_and_people(place: Place, bot: Client) -> None:
    world = place.world
    old = world.open_issue(place.repo, by=place.ada, title="old", labels=["bug"])
    place.clock.forward(timedelta(days=1))
    bot.token = place.installation_token()
    new = world.open_issue(place.repo, by=place.maintainer, title="new")
    world.open_pull_request(place.repo, by=place.ada, title="no issue")
    world.close(new, by=place.maintainer)

    async def found(**variables: object) -> list[str]:
        told = await issues(bot, **variables)
        assert told["totalCount"] == len(told["nodes"])
        return [each["title"] for each in told["nodes"]]

    assert await found() == ["old", "new"]
    assert await found(order={"field": "CREATED_AT", "direction": "DESC"}) == ["new", "old"]
    assert await found(states=["CLOSED"]) == ["new"]
    assert await found(filter={"states": ["OPEN"]}) == ["old"]
    assert await found(filter={"since": "2025-03-04T00:00:00Z"}) == ["new"]
    assert await found(filter={"createdBy": "ADA", "labels": ["BUG"]}) == ["old"]
    world.comment(old, by=place.ada, body="Still there")
    assert await found(order={"field": "COMMENTS", "direction": "DESC"}) == ["old", "new"]
    assert await found(order={"field": "UPDATED_AT", "direction": "ASC"}) == ["old", "new"]
    wrong = await ask(bot, ISSUES, filter={"since": "yesterday"})
    assert wrong["errors"][0]["message"] == "'yesterday' is not a valid DateTime"


async def test_pages_do_not_shift_while_things_change(place: Place, bot: Client) -> None:
    world = place.world
    opened = []
    for index in range(6):
        opened.append(world.open_pull_request(place.repo, by=place.ada, title=f"Pull {index}"))
        place.clock.forward(timedelta(minutes=1))
    first = await pulls(bot, first=2)
    assert [each["title"] for each in first["nodes"]] == ["Pull 5", "Pull 4"]
    world.comment(opened[0], by=place.ada, body="This one is news now, and left its place for the front")
    second = await pulls(bot, first=2, after=first["pageInfo"]["endCursor"])
    assert [each["title"] for each in second["nodes"]] == ["Pull 3", "Pull 2"]
    world.comment(opened[2], by=place.ada, body="And so is the one that the cursor stands on")
    third = await pulls(bot, first=2, after=second["pageInfo"]["endCursor"])
    assert [each["title"] for each in third["nodes"]] == ["Pull 1"]
    assert (third["pageInfo"]["hasNextPage"], third["totalCount"]) == (False, 6)


async def test_private_repositories_need_the_permission(place: Place, bot: Client) -> None:
    place.world.privatize(place.repo)
    assert (await issues(bot))["totalCount"] == 0
    bot.token = place.world.installation_token(place.installation, permissions={"pull_requests": "read"}).value
    assert (await pulls(bot))["totalCount"] == 0
    error = (await ask(bot, ISSUES))["errors"][0]
    assert (error["type"], error["message"]) == ("FORBIDDEN", "Resource not accessible by integration")


async def test_single_threads_are_found_by_their_number(place: Place, bot: Client) -> None:
    world = place.world
    world.open_issue(place.repo, by=place.ada, title="Upside down")
    world.open_pull_request(place.repo, by=place.app.bot, title="Turn it")
    query = """{
      repository(owner: "alpine-tools", name: "trail-maps") {
        isFork
        updatedAt
        issue(number: %d) { title }
        pullRequest(number: %d) { title headRefName headRefOid additions deletions changedFiles mergedBy { login } }
      }
    }"""
    told = (await ask(bot, query % (1, 2)))["data"]["repository"]
    assert (told["issue"]["title"], told["pullRequest"]["title"], told["isFork"]) == ("Upside down", "Turn it", False)
    errors = (await ask(bot, query % (2, 1)))["errors"]
    assert [each["message"] for each in errors] == [
        "Could not resolve to an Issue with the number of 2.",
        "Could not resolve to a PullRequest with the number of 1.",
    ]


async def test_an_answered_discussion_says_so(place: Place, bot: Client) -> None:
    world = place.world
    talk = world.open_discussion(place.repo, by=place.ada, title="How?", category="q-a")
    answer = world.comment(talk, by=place.maintainer, body="Like so")
    place.clock.forward(timedelta(minutes=5))
    world.choose_answer(answer, by=place.ada)
    world.comment(talk, by=place.ada, body="Thanks", reply_to=answer)
    query = """{
      repository(owner: "alpine-tools", name: "trail-maps") {
        discussions(first: 5) {
          nodes {
            updatedAt
            isAnswered
            answerChosenAt
            answer { databaseId author { login } }
            comments(first: 5) {
              nodes { databaseId updatedAt isAnswer replies(first: 5) { nodes { author { login } } } }
            }
          }
        }
      }
    }"""
    (node,) = (await ask(bot, query))["data"]["repository"]["discussions"]["nodes"]
    assert (node["updatedAt"], node["isAnswered"]) == ("2025-03-03T09:05:00Z", True)
    assert node["answer"] == {"databaseId": answer.id, "author": {"login": "mira"}}
    (comment,) = node["comments"]["nodes"]
    assert (comment["updatedAt"], comment["isAnswer"]) == ("2025-03-03T09:00:00Z", True)
    assert comment["replies"]["nodes"] == [{"author": {"login": "ada"}}]


async def test_the_checks_of_pull_requests_are_listed(place: Place, bot: Client) -> None:
    pull = place.world.open_pull_request(place.repo, by=place.ada, title="Turn", files=[ChangedFile(filename="a.py")])
    place.world.check_suite(pull, conclusion="timed_out")
    place.world.check_suite(pull)
    found = """pullRequests(first: 5) { nodes { commits(last: 1) { nodes { pullRequest { number } commit {
        oid message checkSuites(first: 5) { nodes { status conclusion createdAt } } } } } } }"""
    query = f'query {{ repository(owner: "alpine-tools", name: "trail-maps") {{ {found} }} }}'
    told = await ask(bot, query)
    (node,) = told["data"]["repository"]["pullRequests"]["nodes"][0]["commits"]["nodes"]
    assert node["pullRequest"] == {"number": pull.number}
    assert (node["commit"]["oid"], node["commit"]["message"]) == (pull.head_sha, pull.commits[-1].message)
    suites = [(each["status"], each["conclusion"]) for each in node["commit"]["checkSuites"]["nodes"]]
    assert suites == [("COMPLETED", "TIMED_OUT"), ("QUEUED", None)]
