"""Our GraphQL queries against GitHub's own schema."""

from functools import cache

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from bot.github import queries, read, write
from tests import npm


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(read._DISCUSSION_COMMENTS, id="comments of a discussion"),
        pytest.param(write._ADD_COMMENT, id="comment in a discussion"),
        pytest.param(write._ADD_REACTION, id="reaction"),
        pytest.param(queries.PULLS, id="pull requests of the past"),
        pytest.param(queries.REVIEWS, id="more reviews"),
        pytest.param(queries.OPEN_ISSUES, id="open issues"),
        pytest.param(queries.DISCUSSIONS, id="discussions of the past"),
        pytest.param(queries.DISCUSSION_COMMENTS, id="more comments of a discussion"),
        pytest.param(queries.survey(3), id="how much there is"),
    ],
)
def test_queries_are_as_github_describes_them(query: str) -> None:
    assert validate(githubs_schema(), parse(query)) == []


@cache
def githubs_schema() -> GraphQLSchema:
    text = npm.file("@octokit/graphql-schema", "schema.graphql").read_text("utf-8")
    return build_schema(text, assume_valid=True)  # GitHub defines two fields twice
