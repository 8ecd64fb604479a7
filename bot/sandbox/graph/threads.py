"""Issues and pull requests as GraphQL shows them: listed, with their timelines, reviews and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.sandbox import refusal
from bot.sandbox.clock import parse
from bot.sandbox.graph.connections import Connection, connection
from bot.sandbox.graph.resolving import HAPPENED_AS, MINIMIZABLE, THREAD, attribute, call_of, moment, person, sortable
from bot.sandbox.model import Comment, Happening, Issue, PullRequest, Repo

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.git import ChangedFile, Commit
    from bot.sandbox.graph.resolving import Info, Resolver

Kind = TypeVar("Kind", Issue, PullRequest)
Key = Callable[[Issue], tuple[str, int] | tuple[int, int]]

ORDERS: dict[str, Key] = {
    "COMMENTS": lambda each: (len(each.comments), each.number),
    "CREATED_AT": lambda each: (sortable(each.created_at), each.number),
    "UPDATED_AT": lambda each: (sortable(each.updated_at), each.number),
}
CHANGES = {"removed": "DELETED", "unchanged": "CHANGED"}  # where GraphQL has another word than REST


def issue(repo: Repo, info: Info, *, number: int) -> Issue:
    call_of(info).allow(repo, "issues", "read")
    found = repo.threads.get(number)
    if not isinstance(found, Issue) or isinstance(found, PullRequest):
        raise call_of(info).missing(f"Could not resolve to an Issue with the number of {number}.")
    return found


def pull_request(repo: Repo, info: Info, *, number: int) -> PullRequest:
    call_of(info).allow(repo, "pull_requests", "read")
    found = repo.threads.get(number)
    if not isinstance(found, PullRequest):
        raise call_of(info).missing(f"Could not resolve to a PullRequest with the number of {number}.")
    return found


def issues(
    repo: Repo,
    info: Info,
    *,
    states: list[str] | None = None,
    labels: list[str] | None = None,
    orderBy: dict[str, str] | None = None,  # noqa: N803  # as the schema spells it
    filterBy: dict[str, Any] | None = None,  # noqa: N803  # as the schema spells it
    **bounds: Any,
) -> Connection:
    call_of(info).allow(repo, "issues", "read")
    wanted = filterBy or {}
    found = [
        each
        for each in repo.threads.values()
        if isinstance(each, Issue)
        and not isinstance(each, PullRequest)
        and _is_wanted(each, states=states, labels=labels)
        and _is_wanted(each, states=wanted.get("states"), labels=wanted.get("labels"))
    ]
    if wanted.get("since") is not None:
        since = _moment(wanted["since"])
        found = [each for each in found if each.updated_at >= since]
    if wanted.get("createdBy") is not None:
        found = [each for each in found if each.author.login.lower() == wanted["createdBy"].lower()]
    return _ordered(found, info, orderBy, bounds)


def pull_requests(
    repo: Repo,
    info: Info,
    *,
    states: list[str] | None = None,
    labels: list[str] | None = None,
    baseRefName: str | None = None,  # noqa: N803  # as the schema spells it
    headRefName: str | None = None,  # noqa: N803  # as the schema spells it
    orderBy: dict[str, str] | None = None,  # noqa: N803  # as the schema spells it
    **bounds: Any,
) -> Connection:
    call_of(info).allow(repo, "pull_requests", "read")
    found = [
        each
        for each in repo.threads.values()
        if isinstance(each, PullRequest)
        and _is_wanted(each, states=states, labels=labels)
        and baseRefName in (None, each.base_ref)
        and headRefName in (None, each.head_ref)
    ]
    return _ordered(found, info, orderBy, bounds)


def state(thread: Issue) -> str:
    if isinstance(thread, PullRequest) and thread.merged_at is not None:
        return "MERGED"
    return "OPEN" if thread.open else "CLOSED"


def _is_wanted(thread: Issue, *, states: list[str] | None, labels: list[str] | None) -> bool:
    """Whether it is in one of the states and carries one of the labels, as far as any are named."""
    if states and state(thread) not in states:
        return False
    return not labels or not {each.lower() for each in labels}.isdisjoint(each.name.lower() for each in thread.labels)


def _ordered(found: list[Kind], info: Info, order: dict[str, str] | None, bounds: dict[str, Any]) -> Connection:
    """The oldest first, unless asked otherwise."""
    order = order or {"field": "CREATED_AT", "direction": "ASC"}
    key, descending = ORDERS[order["field"]], order["direction"] == "DESC"
    found.sort(key=key, reverse=descending)
    return connection(found, info, key=key, descending=descending, **bounds)


def _moment(text: str) -> datetime:
    try:
        return parse(text)
    except ValueError:
        raise refusal.unprocessable(f"{text!r} is not a valid DateTime") from None


def comments(thread: Issue, info: Info, **bounds: Any) -> Connection:
    return connection(thread.comments, info, key=_by_id, **bounds)


def _by_id(comment: Comment) -> tuple[int]:
    return (comment.id,)


def assignees(thread: Issue, info: Info, **bounds: Any) -> Connection:
    """People only: GraphQL shows bots elsewhere."""
    return connection([each for each in thread.assignees if each.type == "User"], info, **bounds)


def timeline(
    thread: Issue,
    info: Info,
    *,
    itemTypes: list[str] | None = None,  # noqa: N803  # as the schema spells it
    since: str | None = None,
    **bounds: Any,
) -> Connection:
    """What happened, oldest first, as far as the sandbox shows it: comments and reviews are not among it."""
    wanted = set(HAPPENED_AS)
    if itemTypes is not None:
        wanted &= {each.removesuffix("_EVENT").lower() for each in itemTypes}
    found = [each for each in thread.timeline if each.event in wanted]
    if since is not None:
        moment = _moment(since)
        found = [each for each in found if each.created_at >= moment]
    return connection(found, info, **bounds)


def reviews(
    pull: PullRequest, info: Info, *, states: list[str] | None = None, author: str | None = None, **bounds: Any
) -> Connection:
    found = [
        each
        for each in pull.reviews
        if (not states or each.state in states) and (author is None or each.author.login.lower() == author.lower())
    ]
    return connection(found, info, **bounds)


def files(pull: PullRequest, info: Info, **bounds: Any) -> Connection:
    return connection(pull.files, info, **bounds)


@dataclass(frozen=True, slots=True)
class OfPull:
    """A commit as a part of a pull request."""

    pull: PullRequest
    commit: Commit


def commits(pull: PullRequest, info: Info, **bounds: Any) -> Connection:
    return connection([OfPull(pull, each) for each in pull.commits], info, **bounds)


def check_suites(of: OfPull, info: Info, **bounds: Any) -> Connection:
    call_of(info).allow(of.pull.repo, "checks", "read")
    found = [each for each in of.pull.repo.check_suites.values() if each.head_sha == of.commit.sha]
    return connection(found, info, **bounds)


def change_type(changed: ChangedFile, _: Info) -> str:
    return CHANGES.get(changed.status, changed.status.upper())


def state_reason(thing: Issue | Happening, _: Info, *, enableDuplicate: bool = False) -> str | None:  # noqa: N803  # as the schema spells it
    """Why it was closed; without `enableDuplicate` a duplicate shows as something that nobody will do."""
    reason = thing.state_reason
    if reason == "duplicate" and not enableDuplicate:
        reason = "not_planned"
    return reason and reason.upper()


HAPPENED: dict[str, Resolver] = {
    "actor": person("actor"),
    "assignee": person("assignee"),
    "createdAt": moment("created_at"),
    "id": attribute("node_id"),
    "label": attribute("label"),
    "mergeRefName": lambda entry, _: entry.thread.base_ref,
    "pullRequest": attribute("thread"),
    "stateReason": lambda entry, info: state_reason(entry, info, enableDuplicate=True),
}
ISSUE = THREAD | {
    "assignees": assignees,
    "comments": comments,
    "state": lambda thread, _: state(thread),
    "stateReason": state_reason,
    "timelineItems": timeline,
}

FIELDS: dict[str, dict[str, Resolver]] = {
    "Issue": ISSUE,
    "PullRequest": ISSUE
    | {
        "additions": lambda pull, _: sum(each.additions for each in pull.files),
        "baseRefName": attribute("base_ref"),
        "changedFiles": lambda pull, _: len(pull.files),
        "commits": commits,
        "deletions": lambda pull, _: sum(each.deletions for each in pull.files),
        "files": files,
        "headRefName": attribute("head_ref"),
        "headRefOid": attribute("head_sha"),
        "isDraft": attribute("draft"),
        "merged": lambda pull, _: pull.merged_at is not None,
        "mergedAt": moment("merged_at"),
        "mergedBy": person("merged_by"),
        "reviews": reviews,
    },
    "IssueComment": MINIMIZABLE,
    "PullRequestReview": MINIMIZABLE
    | {
        "createdAt": moment("submitted_at"),
        "pullRequest": attribute("pull"),
        "state": attribute("state"),
        "submittedAt": moment("submitted_at"),
    },
    "PullRequestReviewComment": MINIMIZABLE,
    "PullRequestCommit": {"commit": lambda of, _: of, "pullRequest": attribute("pull")},
    "Commit": {
        "checkSuites": check_suites,
        "message": lambda of, _: of.commit.message,
        "oid": lambda of, _: of.commit.sha,
    },
    "CheckSuite": {
        "conclusion": lambda suite, _: suite.conclusion and suite.conclusion.upper(),
        "createdAt": moment("created_at"),
        "id": attribute("node_id"),
        "status": lambda suite, _: suite.status.upper(),
        "updatedAt": moment("updated_at"),
    },
    "PullRequestChangedFile": {
        "additions": attribute("additions"),
        "changeType": change_type,
        "deletions": attribute("deletions"),
        "path": attribute("filename"),
    },
    **dict.fromkeys(HAPPENED_AS.values(), HAPPENED),
}
