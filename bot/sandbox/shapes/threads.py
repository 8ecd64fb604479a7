"""Issues, their comments, reactions and timelines, and what a search finds."""

from collections import Counter

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.model import Account, Comment, Discussion, Happening, Issue, PullRequest, Reaction, Thread
from bot.sandbox.shapes.apps import app
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import label
from bot.sandbox.shapes.view import Json, View
from bot.sandbox.standing import association

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def user_or_none(view: View, account: Account | None) -> Json | None:
    return user(view, account) if account else None


def via_app(view: View, author: Account) -> Json | None:
    """`performed_via_github_app`: the app, for what its bot account has written."""
    return app(view, author.app) if author.app else None


def reactions(url: str, given: list[Reaction]) -> Json:
    """GitHub's `reaction-rollup`."""
    counted = Counter[str](reaction.content for reaction in given)
    return {"url": url, "total_count": len(given), **{content: counted[content] for content in CONTENTS}}


def reaction(view: View, a_reaction: Reaction) -> Json:
    return {
        "id": a_reaction.id,
        "node_id": a_reaction.node_id,
        "user": user(view, a_reaction.account),
        "content": a_reaction.content,
        "created_at": stamp(a_reaction.created_at),
    }


def thread_html(view: View, thread: Thread) -> str:
    kind = "pull" if isinstance(thread, PullRequest) else "discussions" if isinstance(thread, Discussion) else "issues"
    return f"{view.repo_html(thread.repo)}/{kind}/{thread.number}"


def issue(view: View, thread: Issue) -> Json:
    """GitHub's `issue`, which a pull request is too: with the issue's id, and `pull_request` to tell it."""
    api = view.issue_api(thread)
    shape: Json = {
        "url": api,
        "repository_url": view.repo_api(thread.repo),
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": thread_html(view, thread),
        "id": thread.id,
        "node_id": thread.node_id,
        "number": thread.number,
        "title": thread.title,
        "user": user(view, thread.author),
        "labels": [label(view, thread.repo, each) for each in thread.labels],
        "state": "open" if thread.open else "closed",
        "locked": thread.locked,
        "assignee": user_or_none(view, thread.assignees[0] if thread.assignees else None),
        "assignees": [user(view, each) for each in thread.assignees],
        "milestone": None,
        "comments": len(thread.comments),
        "created_at": stamp(thread.created_at),
        "updated_at": stamp(thread.updated_at),
        "closed_at": stamp_or_none(thread.closed_at),
        "author_association": association(thread.repo, thread.author),
        "active_lock_reason": thread.lock_reason,
        "body": thread.body or None,
        "reactions": reactions(f"{api}/reactions", thread.reactions),
        "timeline_url": f"{api}/timeline",
        "performed_via_github_app": via_app(view, thread.author),
        "state_reason": thread.state_reason,
    }
    if isinstance(thread, PullRequest):
        shape["draft"] = thread.draft
        shape["pull_request"] = {
            "url": f"{view.repo_api(thread.repo)}/pulls/{thread.number}",
            "html_url": shape["html_url"],
            "diff_url": f"{shape['html_url']}.diff",
            "patch_url": f"{shape['html_url']}.patch",
            "merged_at": stamp_or_none(thread.merged_at),
        }
    else:
        shape["sub_issues_summary"] = {"total": 0, "completed": 0, "percent_completed": 0}
        shape["issue_dependencies_summary"] = {
            "blocked_by": 0,
            "total_blocked_by": 0,
            "blocking": 0,
            "total_blocking": 0,
        }
        shape["type"] = None
    return shape


def full_issue(view: View, thread: Issue) -> Json:
    """What one gets of a single issue: also who closed it."""
    return issue(view, thread) | {"closed_by": user_or_none(view, thread.closed_by)}


def found_issue(view: View, thread: Issue) -> Json:
    """GitHub's `issue-search-result-item`."""
    return issue(view, thread) | {"body": thread.body, "score": 1.0}


def comment(view: View, a_comment: Comment) -> Json:
    """GitHub's `issue-comment`."""
    thread = a_comment.thread
    api = f"{view.repo_api(thread.repo)}/issues/comments/{a_comment.id}"
    return {
        "url": api,
        "html_url": f"{thread_html(view, thread)}#issuecomment-{a_comment.id}",
        "issue_url": view.issue_api(thread),
        "id": a_comment.id,
        "node_id": a_comment.node_id,
        "user": user(view, a_comment.author),
        "created_at": stamp(a_comment.created_at),
        "updated_at": stamp(a_comment.updated_at),
        "body": a_comment.body,
        "author_association": association(thread.repo, a_comment.author),
        "performed_via_github_app": via_app(view, a_comment.author),
        "reactions": reactions(f"{api}/reactions", a_comment.reactions),
    }


def happening(view: View, entry: Happening, *, with_issue: bool = False) -> Json:
    """GitHub's `issue-event`; with `with_issue` as the list of a whole repository shows it."""
    shape: Json = {
        "id": entry.id,
        "node_id": entry.node_id,
        "url": f"{view.repo_api(entry.thread.repo)}/issues/events/{entry.id}",
        "actor": user(view, entry.actor),
        "event": entry.event,
        "commit_id": None,
        "commit_url": None,
        "created_at": stamp(entry.created_at),
        "performed_via_github_app": via_app(view, entry.actor),
    }
    if entry.label is not None:
        shape["label"] = {"name": entry.label.name, "color": entry.label.color}
    if entry.assignee is not None:
        shape["assignee"] = user(view, entry.assignee)
        shape["assigner"] = user(view, entry.actor)
    if entry.rename is not None:
        shape["rename"] = {"from": entry.rename[0], "to": entry.rename[1]}
    if entry.event == "locked":
        shape["lock_reason"] = entry.lock_reason
    if entry.event in ("closed", "reopened"):
        shape["state_reason"] = entry.state_reason
    if with_issue:
        shape["issue"] = issue(view, entry.thread)
    return shape
