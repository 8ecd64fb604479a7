"""Discussions, their comments and categories, as GraphQL shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graph.connections import Connection, connection
from bot.sandbox.graph.resolving import MINIMIZABLE, THREAD, attribute, call_of, moment, person, sortable
from bot.sandbox.model import Comment, Discussion, Repo

if TYPE_CHECKING:
    from bot.sandbox.graph.resolving import Info, Resolver


def discussion(repo: Repo, info: Info, *, number: int) -> Discussion:
    call_of(info).allow(repo, "discussions", "read")
    found = repo.threads.get(number)
    if not isinstance(found, Discussion):
        from_number = f"Could not resolve to a Discussion with the number of {number}."
        raise call_of(info).missing(from_number)
    return found


def discussions(
    repo: Repo,
    info: Info,
    *,
    states: list[str],
    orderBy: dict[str, str],  # noqa: N803  # as the schema spells it
    categoryId: str | None = None,  # noqa: N803  # as the schema spells it
    answered: bool | None = None,
    **bounds: Any,
) -> Connection:
    call_of(info).allow(repo, "discussions", "read")
    found = [each for each in repo.threads.values() if isinstance(each, Discussion)]
    if states:
        found = [each for each in found if ("OPEN" if each.open else "CLOSED") in states]
    if categoryId is not None:
        found = [each for each in found if each.category.node_id == categoryId]
    if answered is not None:
        found = [each for each in found if (each.answer is not None) == answered]
    by_creation, descending = orderBy["field"] == "CREATED_AT", orderBy["direction"] == "DESC"

    def key(each: Discussion) -> tuple[str, int]:
        return sortable(each.created_at if by_creation else each.updated_at), each.number

    found.sort(key=key, reverse=descending)
    return connection(found, info, key=key, descending=descending, **bounds)


def top_comments(thread: Discussion, info: Info, **bounds: Any) -> Connection:
    """The comments that answer no other."""
    found = [each for each in thread.comments if each.parent is None]
    return connection(found, info, key=_by_id, **bounds)


def replies(comment: Comment, info: Info, **bounds: Any) -> Connection:
    found = [each for each in comment.thread.comments if each.parent is comment]
    return connection(found, info, key=_by_id, **bounds)


def _by_id(comment: Comment) -> tuple[int]:
    return (comment.id,)


def categories(repo: Repo, info: Info, **bounds: Any) -> Connection:
    return connection(list(repo.categories.values()), info, **bounds)


FIELDS: dict[str, dict[str, Resolver]] = {
    "Discussion": THREAD
    | {
        "answer": attribute("answer"),
        "answerChosenAt": moment("answered_at"),
        "answerChosenBy": person("answered_by"),
        "category": attribute("category"),
        "comments": top_comments,
        "isAnswered": lambda thread, _: thread.answer is not None if thread.category.is_answerable else None,
        "stateReason": lambda thread, _: thread.state_reason and thread.state_reason.upper(),
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
    "DiscussionComment": MINIMIZABLE
    | {
        "discussion": attribute("thread"),
        "isAnswer": lambda comment, _: comment.thread.answer is comment,
        "replies": replies,
        "replyTo": attribute("parent"),
    },
}
