"""Runs a GraphQL request: the roots of queries and mutations, and errors as GitHub writes them (with HTTP 200)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Reply, Route
from bot.sandbox.graph.cost import Cost, cost_of
from bot.sandbox.graph.fields import FIELDS
from bot.sandbox.graph.resolving import REACTIONS, Resolver, call_of, typename
from bot.sandbox.graph.schema import SDL
from bot.sandbox.model import Account, Comment, Discussion, Issue, PullRequest, Repo, Review, Thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.call import Level
    from bot.sandbox.graph.resolving import Info
    from bot.sandbox.limits import Budget

MOST_IDS = 100  # that `nodes` takes
PERMISSIONS = {"Issue": "issues", "PullRequest": "pull_requests", "Discussion": "discussions"}

Given = dict[str, Any]  # the arguments of a field
Payload = dict[str, object]  # the fields of a mutation's answer

CONTENT = {word: content for content, word in REACTIONS.items()}
KINDS = {404: "NOT_FOUND", 410: "NOT_FOUND", 403: "FORBIDDEN", 422: "UNPROCESSABLE"}


def may(call: Call, thing: object, level: Level = "read") -> None:
    """Raises RefusedError where the caller may not see the thing, or (`write`) not write to it."""
    match thing:
        case Repo() if thing.deleted:
            raise refusal.not_found()
        case Repo():
            call.allow(thing, "metadata", "read")
        case Thread():
            may(call, thing.repo)
            call.allow(thing.repo, PERMISSIONS[typename(thing)], level)
        case Comment():
            may(call, thing.thread, level)
        case Review():
            may(call, thing.pull, level)


def by_id(call: Call, node_id: str, level: Level = "read") -> object:
    """The thing with that node id. Raises RefusedError (404, 403)."""
    thing = call.world.nodes.get(node_id)
    missing = call.missing(f"Could not resolve to a node with the global id of '{node_id}'")
    if thing is None:
        raise missing
    try:
        typename(thing)
    except TypeError:
        raise missing from None
    may(call, thing, level)
    return thing


def node(call: Call, given: Given) -> object:
    return by_id(call, given["id"])


def nodes(call: Call, given: Given) -> list[object]:
    """Several things at once; in the place of what is not there, or may not be seen, stand null and an error.

    Raises RefusedError for more than 100.
    """
    if len(given["ids"]) > MOST_IDS:
        message = f"You may not provide more than {MOST_IDS} node ids; you provided {len(given['ids'])}."
        raise refusal.RefusedError(422, message, kind="ARGUMENT_LIMIT")
    return [_node_or_error(call, each) for each in given["ids"]]


def _node_or_error(call: Call, node_id: str) -> object:
    try:
        return by_id(call, node_id)
    except refusal.RefusedError as error:
        return error  # in a list GraphQL takes it for what went wrong with this one


def repository(call: Call, given: Given) -> Repo:
    name = f"{given['owner']}/{given['name']}"
    found = call.world.find_repo(name)
    if found is None and given["followRenames"]:
        found = call.world.formerly(name)
    if found is None or not call.sees(found):
        raise call.missing(f"Could not resolve to a Repository with the name '{name}'.")
    return found


def viewer(call: Call, _: Given) -> Account:
    return call.account()


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What this query costs, and what is left then."""

    cost: Cost
    budget: Budget


def rate_limit(cost: Cost, info: Info, **_: object) -> Spent:
    call = call_of(info)
    return Spent(cost=cost, budget=call.limits.budget(call.actor, "graphql", now=call.world.now()))


def add_discussion_comment(call: Call, given: Given) -> Payload:
    thread = by_id(call, given["discussionId"], "write")
    if not isinstance(thread, Discussion):
        raise call.missing(f"Could not resolve to a node with the global id of '{given['discussionId']}'")
    reply_to = by_id(call, given["replyToId"]) if given.get("replyToId") else None
    if reply_to is not None and not (isinstance(reply_to, Comment) and reply_to.thread is thread):
        raise refusal.unprocessable("Parent comment is not part of this discussion")
    comment = call.world.comment(thread, by=call.account(), body=given["body"], reply_to=reply_to)
    return {"comment": comment}


def create_discussion(call: Call, given: Given) -> Payload:
    repo, category = by_id(call, given["repositoryId"]), by_id(call, given["categoryId"])
    if not isinstance(repo, Repo):
        raise call.missing(f"Could not resolve to Repository node with the global id of '{given['repositoryId']}'.")
    call.allow(repo, "discussions", "write")
    if not repo.has_discussions:
        raise refusal.unprocessable("Discussions are not enabled for this repository")
    slug = next((slug for slug, each in repo.categories.items() if each is category), None)
    if slug is None:
        raise call.missing(f"Could not resolve to a node with the global id of '{given['categoryId']}'")
    made = call.world.open_discussion(repo, by=call.account(), title=given["title"], body=given["body"], category=slug)
    return {"discussion": made}


def own_discussion(call: Call, node_id: str) -> Discussion:
    """A discussion that the caller may change: its own, or any with the right to write."""
    thread = by_id(call, node_id, "write")
    if not isinstance(thread, Discussion):
        raise call.missing(f"Could not resolve to a node with the global id of '{node_id}'")
    if thread.author is not call.account() and not call.has_role(thread.repo, "write"):
        raise refusal.forbidden(f"{call.account().login} does not have the correct permissions to do that.")
    return thread


def update_discussion(call: Call, given: Given) -> Payload:
    thread = own_discussion(call, given["discussionId"])
    call.world.edit(thread, by=call.account(), title=given.get("title"), body=given.get("body"))
    return {"discussion": thread}


def close_discussion(call: Call, given: Given) -> Payload:
    thread = own_discussion(call, given["discussionId"])
    call.world.close(thread, by=call.account(), reason=given["reason"].lower())
    return {"discussion": thread}


def own_comment(call: Call, node_id: str) -> Comment:
    """A comment on a discussion that the caller may change: its own, or any with the right to write."""
    comment = by_id(call, node_id, "write")
    if not isinstance(comment, Comment) or not isinstance(comment.thread, Discussion):
        raise call.missing(f"Could not resolve to a node with the global id of '{node_id}'")
    if comment.author is not call.account() and not call.has_role(comment.thread.repo, "write"):
        raise refusal.forbidden(f"{call.account().login} does not have the correct permissions to do that.")
    return comment


def update_discussion_comment(call: Call, given: Given) -> Payload:
    comment = own_comment(call, given["commentId"])
    call.world.edit_comment(comment, by=call.account(), body=given["body"])
    return {"comment": comment}


def delete_discussion_comment(call: Call, given: Given) -> Payload:
    comment = own_comment(call, given["id"])
    call.world.delete_comment(comment, by=call.account())
    return {"comment": comment}


def add_reaction(call: Call, given: Given) -> Payload:
    subject = by_id(call, given["subjectId"], "write")
    if not isinstance(subject, Thread | Comment | Review):
        raise call.missing(f"Could not resolve to a node with the global id of '{given['subjectId']}'")
    reaction, _new = call.world.react(subject, CONTENT[given["content"]], by=call.account())
    return {"reaction": reaction, "subject": subject}


def pin_issue(call: Call, given: Given) -> Payload:
    issue = by_id(call, given["issueId"], "write")
    if not isinstance(issue, Issue) or isinstance(issue, PullRequest):
        raise call.missing(f"Could not resolve to Issue node with the global id of '{given['issueId']}'.")
    call.world.pin(issue, by=call.account())
    return {"issue": issue}


def query(ask: Callable[[Call, Given], object]) -> Resolver:
    """A root of a query, from a function that takes what GraphQL was given."""
    return lambda _, info, **given: ask(call_of(info), given)


def mutation(act: Callable[[Call, Given], Payload]) -> Resolver:
    """A root of a mutation, from a function that takes its `input`. The client's own id comes back with the answer."""

    def resolve(_: object, info: Info, **given: Given) -> Payload:
        wanted = given["input"]
        return {**act(call_of(info), wanted), "clientMutationId": wanted.get("clientMutationId")}

    return resolve


ROOTS: dict[str, dict[str, Resolver]] = {
    "Query": {
        "node": query(node),
        "nodes": query(nodes),
        "rateLimit": rate_limit,
        "repository": query(repository),
        "viewer": query(viewer),
    },
    "Mutation": {
        "addDiscussionComment": mutation(add_discussion_comment),
        "addReaction": mutation(add_reaction),
        "closeDiscussion": mutation(close_discussion),
        "createDiscussion": mutation(create_discussion),
        "deleteDiscussionComment": mutation(delete_discussion_comment),
        "pinIssue": mutation(pin_issue),
        "updateDiscussion": mutation(update_discussion),
        "updateDiscussionComment": mutation(update_discussion_comment),
    },
}


@cache
def schema() -> GraphQLSchema:
    """The schema with its resolvers: every field of a type in `FIELDS` or `ROOTS` has one."""
    built = build_schema(SDL)
    for name, fields in (FIELDS | ROOTS).items():
        kind = built.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field_name, field in kind.fields.items():
            field.resolve = fields[field_name]
    for kind in built.type_map.values():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = lambda thing, *_: typename(thing)
    return built


def error_shape(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub writes it, with a `type` where something was refused. What is no refusal is our mistake."""
    shape: dict[str, Any] = dict(error.formatted)
    if error.original_error is not None:
        if not isinstance(error.original_error, refusal.RefusedError):
            raise error.original_error
        problems = error.original_error.errors or ()
        first = problems[0] if problems else None
        message = first["message"] if isinstance(first, dict) and "message" in first else error.original_error.message
        kind = error.original_error.kind or KINDS.get(error.original_error.status, "UNPROCESSABLE")
        shape = {"type": kind, **shape, "message": message}
    return shape


@lru_cache(maxsize=256)
def understood(text: str) -> DocumentNode | tuple[GraphQLError, ...]:
    """The query, or what is wrong with it. Reading one takes longer than most answers, so each is read once."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return (error,)
    return tuple(validate(schema(), document)) or document


def run(call: Call) -> Answer:
    call.account()
    text = call.body.get("query")
    if not isinstance(text, str):
        return Reply(data={"errors": [{"message": "A query attribute must be specified and must be a string."}]})
    document = understood(text)
    if not isinstance(document, DocumentNode):
        return Reply(data={"errors": [error.formatted for error in document]})
    variables, operation = call.body.get("variables") or {}, call.body.get("operationName")
    try:
        cost = cost_of(document, schema(), variables=variables, operation=operation)
    except refusal.RefusedError as error:
        return Reply(data={"errors": [{"type": error.kind, "message": error.message}]})
    budget = call.limits.spend(call.actor, "graphql", now=call.world.now(), points=cost.points - 1)
    result = execute_sync(
        schema(),
        document,
        root_value=cost,
        context_value=call,
        variable_values=variables,
        operation_name=operation,
    )
    answer: dict[str, object] = {} if result.data is None and result.errors else {"data": result.data}
    if result.errors:
        answer["errors"] = [error_shape(error) for error in result.errors]
    return Reply(data=answer, headers=budget.headers("graphql"))


def limited(error: refusal.RefusedError) -> Reply:
    """The primary limit, which GraphQL tells of with HTTP 200."""
    return Reply(data={"errors": [{"type": "RATE_LIMITED", "message": error.message}]}, headers=error.headers)


ROUTES = (
    Route(method="POST", path="/graphql", handler=run, resource="graphql"),
    Route(method="POST", path="/api/graphql", handler=run, resource="graphql"),
)
