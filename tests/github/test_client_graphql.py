"""GraphQL tells of errors with status 200, and lives beside the REST API."""

from datetime import timedelta

import pytest

from bot.github.client import Client
from bot.github.errors import Bug, CallFailed, Drop, Failure, NeedsPermission, RetryAt
from bot.sandbox import weather
from tests.github.conftest import OURS, Place, Script, client_of, says
from tests.stage import StageClock

QUERY = "query($id: ID!) { node(id: $id) { id } }"
TIMEOUT = "Something went wrong while executing your query. This may be the result of a timeout, or a GitHub bug."

ERRORS: list[tuple[str | None, str, type[Failure], bool]] = [
    ("NOT_FOUND", "Could not resolve to a node", RetryAt, False),
    ("FORBIDDEN", "Resource not accessible by integration", NeedsPermission, False),
    ("FORBIDDEN", "Unable to create comment because issue is locked.", Drop, False),
    ("UNPROCESSABLE", "User is blocked", Drop, False),
    ("UNPROCESSABLE", "was submitted too quickly", RetryAt, False),
    ("RATE_LIMITED", "API rate limit exceeded", RetryAt, False),
    ("MAX_NODE_LIMIT_EXCEEDED", "too many nodes", Bug, False),
    (None, "Field 'nodes' doesn't exist on type 'Query'", Bug, False),
    (None, TIMEOUT, RetryAt, True),  # seen in flutter/flutter#90640
    ("INTERNAL", TIMEOUT, RetryAt, True),
]


@pytest.mark.parametrize(
    ("kind", "message", "expected", "unsure"), ERRORS, ids=[f"{row[0]} {row[1]}" for row in ERRORS]
)
async def test_an_error_in_an_answer_means(
    client: Client, script: Script, kind: str | None, message: str, expected: type[Failure], unsure: bool
) -> None:
    error = {"message": message} | ({"type": kind} if kind else {})
    script.then(says({"data": {"node": None}, "errors": [error]}))
    with pytest.raises(CallFailed) as caught:
        await client.graphql(OURS, QUERY, id="N1")
    assert isinstance(caught.value.failure, expected)
    if isinstance(caught.value.failure, RetryAt):
        assert caught.value.failure.unsure is unsure


@pytest.mark.parametrize("kind", ["NOT_YET_INVENTED", ""])
async def test_of_a_mutation_an_unknown_error_leaves_unsure_what_it_did(
    client: Client, script: Script, kind: str
) -> None:
    script.then(says({"data": None, "errors": [{"message": "It broke.", "type": kind}]}))
    with pytest.raises(CallFailed) as caught:
        await client.graphql(OURS, "mutation { x }")
    assert caught.value.failure == RetryAt("GitHub's GraphQL says: It broke.", unsure=True)


async def test_its_limit_slows_everything_down(place: Place, clock: StageClock) -> None:
    place.github.limits.graphql = 1
    asked = [place.client.graphql(place.installation, "{ viewer { login } }") for _ in range(2)]
    assert (await asked[0])["viewer"]["login"] == "switchback[bot]"
    with pytest.raises(CallFailed) as caught:
        await asked[1]
    failed = caught.value.failure
    assert isinstance(failed, RetryAt)
    assert failed.slow_down
    assert failed.when is not None
    assert failed.when >= clock() + timedelta(minutes=1)


async def test_variables_are_sent_and_the_data_comes_back(place: Place) -> None:
    discussion = place.world.open_discussion(place.cast.maps, by=place.cast.ada, title="Hello")
    place.weather.next(weather.expired_token(match=("POST", "/graphql")))
    data = await place.client.graphql(place.installation, QUERY, id=discussion.node_id)
    assert data == {"node": {"id": discussion.node_id}}


@pytest.mark.parametrize(("base", "graphql"), [("", "/graphql"), ("/api/v3", "/api/graphql")], ids=["GitHub", "GHES"])
async def test_it_is_beside_the_rest_api(
    script: Script, private_key: str, clock: StageClock, base: str, graphql: str
) -> None:
    script.then(says({"data": {"viewer": 1}}), says({"id": 1}))
    async with client_of(f"{script.url}{base}", "1", private_key, clock) as client:
        assert await client.graphql(OURS, "{ viewer }") == {"viewer": 1}
        await client.call(OURS, "GET", "/app")
    tokens, queries, rest = script.heard
    assert (queries.path, rest.path) == (graphql, f"{base}/app")
    assert tokens.path == f"{base}/app/installations/{OURS}/access_tokens"
    assert queries.body == {"query": "{ viewer }", "variables": {}}
