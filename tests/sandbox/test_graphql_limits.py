"""How much one may ask of GraphQL: bounds of pages, what a query costs, and when it is too much."""

from datetime import timedelta

import pytest

from bot.sandbox import Running
from tests.sandbox.conftest import Client, Place
from tests.sandbox.test_graphql import ask
from tests.sandbox.test_graphql_threads import PULLS

JUST_ISSUES = '{ repository(owner: "alpine-tools", name: "trail-maps") { issues%s { %s } } }'


@pytest.mark.parametrize(
    ("bounds", "fields", "kind", "says"),
    [
        ("", "nodes { id }", "MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value"),
        (
            "",
            "pageInfo { endCursor }",
            "MISSING_PAGINATION_BOUNDARIES",
            "to properly paginate the `issues`",
        ),
        ("(first: 101)", "totalCount", "EXCESSIVE_PAGINATION", "Requesting 101 records on the `issues` connection"),
        ("(last: 101)", "totalCount", "EXCESSIVE_PAGINATION", "exceeds the `last` limit of 100 records."),
        ("(first: 0)", "totalCount", "EXCESSIVE_PAGINATION", "Requesting 0 records"),
        (
            '(first: 1, after: "????")',
            "nodes { id }",
            "INVALID_CURSOR_ARGUMENTS",
            "`????` does not appear",
        ),
    ],
)
async def test_connections_want_bounds(bot: Client, bounds: str, fields: str, kind: str, says: str) -> None:
    told = await ask(bot, JUST_ISSUES % (bounds, fields))
    (error,) = told["errors"]
    assert (error["type"], error["path"], told["data"]) == (kind, ["repository", "issues"], {"repository": None})
    assert says in error["message"]


@pytest.mark.parametrize("fields", ["totalCount", "... on IssueConnection { totalCount __typename }", "...Count"])
async def test_to_count_needs_no_bounds(place: Place, bot: Client, fields: str) -> None:
    place.world.open_issue(place.repo, by=place.ada, title="Upside down")
    fragment = "fragment Count on IssueConnection { totalCount }" if "Count" in fields[:8] else ""
    told = await ask(bot, JUST_ISSUES % ("", fields) + fragment)
    assert told["data"]["repository"]["issues"]["totalCount"] == 1


async def test_a_query_costs_what_it_could_have_to_read(github: Running, place: Place, bot: Client) -> None:
    # 1 for the pull requests, 100 each for their labels, reviews, files and timelines; so 4.01 points
    left = "rateLimit { cost nodeCount remaining used limit resetAt } repository"
    query = PULLS.replace("repository", left, 1)
    told = await bot.post("/graphql", {"query": query})
    nodes = 100 + 100 * (10 + 10 + 10 + 50)
    assert told.data["data"]["rateLimit"] == {
        "cost": 4,
        "nodeCount": nodes,
        "remaining": 4996,
        "used": 4,
        "limit": 5000,
        "resetAt": "2025-03-03T10:00:00Z",
    }
    shown = {name: told.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining", "Used", "Resource", "Reset")}
    reset = str(int((place.clock() + timedelta(hours=1)).timestamp()))
    assert shown == {"Limit": "5000", "Remaining": "4996", "Used": "4", "Resource": "graphql", "Reset": reset}
    small = await bot.post("/graphql", {"query": PULLS, "variables": {"first": 10}})
    assert small.headers["X-RateLimit-Used"] == "5"
    assert (await bot.get("/rate_limit")).data["resources"]["graphql"]["used"] == 5

    github.limits.graphql = 3
    place.clock.forward(timedelta(hours=1))
    bot.token = place.installation_token()
    refused = await bot.post("/graphql", {"query": PULLS})
    assert (refused.status, refused.data["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert refused.headers["X-RateLimit-Resource"] == "graphql"


async def test_too_many_nodes_are_refused(bot: Client) -> None:
    query = JUST_ISSUES % (
        "(first: 100)",
        "nodes { comments(first: 100) { nodes { reactions(first: 100) { nodes { id } } } } }",
    )
    told = await ask(bot, query)
    assert told == {
        "errors": [
            {
                "type": "MAX_NODE_LIMIT_EXCEEDED",
                "message": "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of "
                "500,000.",
            }
        ]
    }


async def test_a_spent_limit_is_told_with_status_200(github: Running, bot: Client) -> None:
    github.limits.graphql = 1
    assert (await ask(bot, "{ rateLimit { limit remaining } }"))["data"]["rateLimit"] == {"limit": 1, "remaining": 0}
    assert (await ask(bot, "{ viewer { login } }"))["errors"][0]["type"] == "RATE_LIMITED"


async def test_nobody_may_not_ask(nobody: Client, as_app: Client) -> None:
    for caller in (nobody, as_app):
        assert (await caller.post("/graphql", {"query": "{ viewer { login } }"})).status == 401
