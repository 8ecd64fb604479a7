"""What most things of the world have in common, as GraphQL shows it: functions that resolve one field each.

Each takes the thing, GraphQL's info (its context is the `Call`), and the field's arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import stamp_or_none
from bot.sandbox.graph.connections import Connection, connection
from bot.sandbox.model import (
    Account,
    Category,
    Comment,
    Discussion,
    Happening,
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
    from datetime import datetime
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

# What may happen to a thread and the schema shows, and the type it has there. GitHub's schema shows more.
HAPPENED_AS = {
    "assigned": "AssignedEvent",
    "closed": "ClosedEvent",
    "convert_to_draft": "ConvertToDraftEvent",
    "labeled": "LabeledEvent",
    "merged": "MergedEvent",
    "ready_for_review": "ReadyForReviewEvent",
    "reopened": "ReopenedEvent",
    "unassigned": "UnassignedEvent",
    "unlabeled": "UnlabeledEvent",
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
        case Happening():
            return HAPPENED_AS[thing.event]
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


def reactions(thing: Any, info: Info, *, content: str | None = None, **bounds: Any) -> Connection:
    found = [each for each in thing.reactions if content is None or REACTIONS[each.content] == content]
    return connection(found, info, **bounds)


def labels(thing: Any, info: Info, **bounds: Any) -> Connection:
    return connection(thing.labels, info, **bounds)


def did_author(thing: Any, info: Info) -> bool:
    return thing.author is call_of(info).actor.account


def attribute(name: str) -> Resolver:
    return lambda thing, _: getattr(thing, name)


def moment(name: str) -> Resolver:
    return lambda thing, _: stamp_or_none(getattr(thing, name))


def person(name: str) -> Resolver:
    """An account, or nobody where it was deleted."""

    def resolve(thing: Any, _: Info) -> Account | None:
        account: Account | None = getattr(thing, name)
        return None if account is None or account.deleted else account

    return resolve


def sortable(at: datetime) -> str:
    """The moment as a text whose order is that of the moments."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")


def minimized_reason(thing: Any, _: Info) -> str | None:
    """In other letters than the mutation takes it: `OFF_TOPIC` shows as `off-topic`."""
    reason: str | None = thing.minimized
    return reason and reason.lower().replace("_", "-")


WRITTEN: dict[str, Resolver] = {
    "author": person("author"),
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
MINIMIZABLE = WRITTEN | {
    "isMinimized": lambda thing, _: thing.minimized is not None,
    "minimizedReason": minimized_reason,
}
THREAD = WRITTEN | {
    "closed": lambda thread, _: not thread.open,
    "closedAt": moment("closed_at"),
    "labels": labels,
    "locked": attribute("locked"),
    "number": attribute("number"),
    "repository": attribute("repo"),
    "title": attribute("title"),
}
