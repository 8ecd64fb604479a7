"""What the fields of the schema say of the things of the world: a table of functions, one a field.

Each takes the thing, GraphQL's info (its context is the `Call`), and the field's arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.graph.connections import Connection, connection
from bot.sandbox.model import (
    Account,
    Category,
    Comment,
    Discussion,
    Issue,
    Label,
    PullRequest,
    Reaction,
    ReactionContent,
    Repo,
    Review,
    ReviewComment,
)
from bot.sandbox.shapes.discussions import comment_html
from bot.sandbox.shapes.threads import thread_html
from bot.sandbox.standing import association

if TYPE_CHECKING:
    from typing import TypeAlias

    from graphql import GraphQLResolveInfo

    from bot.sandbox.call import Call

    Info: TypeAlias = GraphQLResolveInfo[Call]

Resolver = Callable[..., Any]
LARGEST_INT = 2**31 - 1  # GraphQL's Int; what is larger only `fullDatabaseId` shows

REACTIONS: dict[ReactionContent, str] = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "confused": "CONFUSED",
    "heart": "HEART",
    "hooray": "HOORAY",
    "rocket": "ROCKET",
    "eyes": "EYES",
}


def typename(thing: object) -> str:
    """The GraphQL type of a thing of the world. Raises TypeError for what the schema does not show."""
    match thing:
        case Account():
            return thing.type
        case PullRequest():
            return "PullRequest"
        case Review():
            return "PullRequestReview"
        case ReviewComment():
            return "PullRequestReviewComment"
        case Comment():
            return "DiscussionComment" if isinstance(thing.thread, Discussion) else "IssueComment"
        case Repo():
            return "Repository"
        case Category():
            return "DiscussionCategory"
        case Discussion() | Issue() | Label() | Reaction():
            return type(thing).__name__
    raise TypeError(f"the schema has no {type(thing).__name__}")


def call_of(info: Info) -> Call:
    call: Call = info.context
    return call


def database_id(thing: Any, _: Info) -> int | None:
    number: int = thing.pull_id if isinstance(thing, PullRequest) else thing.id
    return number if number <= LARGEST_INT else None


def full_database_id(thing: Any, _: Info) -> str:
    return str(thing.pull_id if isinstance(thing, PullRequest) else thing.id)


def login(account: Account, info: Info) -> str:
    """A bot's login has no `[bot]` in GraphQL, except where it looks at itself as the viewer."""
    return account.login if info.path.prev and info.path.prev.key == "viewer" else account.login.removesuffix("[bot]")


def author(thing: Any, _: Info) -> Account | None:
    """Nobody where the account was deleted."""
    account: Account = thing.author
    return None if account.deleted else account


def url(thing: Any, info: Info) -> str:
    view = call_of(info).view
    match thing:
        case Account():
            return view.user_html(thing)
        case Repo():
            return view.repo_html(thing)
        case Review():
            return f"{thread_html(view, thing.pull)}#pullrequestreview-{thing.id}"
        case ReviewComment():
            return f"{thread_html(view, thing.pull)}#discussion_r{thing.id}"
        case Comment() if isinstance(thing.thread, Discussion):
            return comment_html(view, thing)
        case Comment():
            return f"{thread_html(view, thing.thread)}#issuecomment-{thing.id}"
    return thread_html(view, thing)


def standing(thing: Any, _: Info) -> str:
    return association(thing.repo, thing.author)


def reactions(thing: Any, _: Info, *, content: str | None = None, **bounds: Any) -> Connection:
    found = [each for each in thing.reactions if content is None or REACTIONS[each.content] == content]
    return connection(found, name="reactions", **bounds)


def did_author(thing: Any, info: Info) -> bool:
    return thing.author is call_of(info).actor.account


def discussion(repo: Repo, info: Info, *, number: int) -> Discussion:
    found = repo.threads.get(number)
    if not isinstance(found, Discussion):
        from_number = f"Could not resolve to a Discussion with the number of {number}."
        raise call_of(info).missing(from_number)
    return found


def discussions(
    repo: Repo,
    _: Info,
    *,
    states: list[str],
    orderBy: dict[str, str],  # noqa: N803  # as the schema spells it
    categoryId: str | None = None,  # noqa: N803  # as the schema spells it
    answered: bool | None = None,
    **bounds: Any,
) -> Connection:
    found = [each for each in repo.threads.values() if isinstance(each, Discussion)]
    if states:
        found = [each for each in found if ("OPEN" if each.open else "CLOSED") in states]
    if categoryId is not None:
        found = [each for each in found if each.category.node_id == categoryId]
    if answered is not None:
        found = [each for each in found if (each.answer is not None) == answered]
    by_creation = orderBy["field"] == "CREATED_AT"
    found.sort(
        key=lambda each: (each.created_at if by_creation else each.updated_at, each.number),
        reverse=orderBy["direction"] == "DESC",
    )
    return connection(found, name="discussions", **bounds)


def top_comments(thread: Discussion, _: Info, **bounds: Any) -> Connection:
    """The comments that answer no other."""
    return connection([each for each in thread.comments if each.parent is None], name="comments", **bounds)


def replies(comment: Comment, _: Info, **bounds: Any) -> Connection:
    found = [each for each in comment.thread.comments if each.parent is comment]
    return connection(found, name="replies", **bounds)


def attribute(name: str) -> Resolver:
    return lambda thing, _: getattr(thing, name)


def moment(name: str) -> Resolver:
    return lambda thing, _: stamp_or_none(getattr(thing, name))


ACCOUNT: dict[str, Resolver] = {
    "createdAt": moment("created_at"),
    "databaseId": database_id,
    "id": attribute("node_id"),
    "login": login,
    "name": attribute("name"),
    "url": url,
}
WRITTEN: dict[str, Resolver] = {
    "author": author,
    "authorAssociation": standing,
    "body": attribute("body"),
    "createdAt": moment("created_at"),
    "databaseId": database_id,
    "fullDatabaseId": full_database_id,
    "id": attribute("node_id"),
    "reactions": reactions,
    "updatedAt": moment("updated_at"),
    "url": url,
    "viewerDidAuthor": did_author,
}
THREAD = WRITTEN | {
    "locked": attribute("locked"),
    "number": attribute("number"),
    "repository": attribute("repo"),
    "title": attribute("title"),
}

FIELDS: dict[str, dict[str, Resolver]] = {
    "Bot": ACCOUNT,
    "User": ACCOUNT,
    "Organization": ACCOUNT,
    "Label": {
        "color": attribute("color"),
        "description": attribute("description"),
        "id": attribute("node_id"),
        "name": attribute("name"),
    },
    "Reaction": {
        "content": lambda thing, _: REACTIONS[thing.content],
        "createdAt": moment("created_at"),
        "databaseId": database_id,
        "id": attribute("node_id"),
        "user": lambda thing, _: thing.account if thing.account.type == "User" else None,
    },
    "Repository": {
        "databaseId": database_id,
        "discussion": discussion,
        "discussionCategories": lambda repo, _, **bounds: connection(
            list(repo.categories.values()), name="discussionCategories", **bounds
        ),
        "discussions": discussions,
        "hasDiscussionsEnabled": attribute("has_discussions"),
        "id": attribute("node_id"),
        "isArchived": attribute("archived"),
        "isPrivate": attribute("private"),
        "name": attribute("name"),
        "nameWithOwner": attribute("full_name"),
        "url": url,
    },
    "DiscussionCategory": {
        "createdAt": moment("created_at"),
        "description": attribute("description"),
        "emoji": attribute("emoji"),
        "id": attribute("node_id"),
        "isAnswerable": attribute("is_answerable"),
        "name": attribute("name"),
        "slug": attribute("slug"),
    },
    "Discussion": THREAD
    | {
        "answer": attribute("answer"),
        "answerChosenAt": moment("answered_at"),
        "answerChosenBy": attribute("answered_by"),
        "category": attribute("category"),
        "closed": lambda thread, _: not thread.open,
        "closedAt": moment("closed_at"),
        "comments": top_comments,
        "isAnswered": lambda thread, _: thread.answer is not None if thread.category.is_answerable else None,
        "labels": lambda thread, _, **bounds: connection(thread.labels, name="labels", **bounds),
        "stateReason": lambda thread, _: thread.state_reason and thread.state_reason.upper(),
    },
    "DiscussionComment": WRITTEN
    | {
        "discussion": attribute("thread"),
        "isAnswer": lambda comment, _: comment.thread.answer is comment,
        "replies": replies,
        "replyTo": attribute("parent"),
    },
    "Issue": THREAD,
    "PullRequest": THREAD,
    "IssueComment": WRITTEN,
    "PullRequestReview": WRITTEN
    | {
        "createdAt": moment("submitted_at"),
        "pullRequest": attribute("pull"),
        "state": attribute("state"),
        "submittedAt": moment("submitted_at"),
        "updatedAt": moment("submitted_at"),
    },
    "PullRequestReviewComment": WRITTEN,
    "RateLimit": {
        "cost": lambda _, __: 1,
        "limit": attribute("limit"),
        "remaining": attribute("remaining"),
        "resetAt": lambda budget, _: stamp(budget.reset),
        "used": attribute("used"),
    },
}
