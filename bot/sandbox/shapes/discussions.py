"""Discussions as webhooks tell of them. (Over the API they are read and written with GraphQL: see `graphql`.)"""

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.model import Category, Comment, Discussion, Repo
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import label
from bot.sandbox.shapes.threads import reactions, thread_html, user_or_none
from bot.sandbox.shapes.view import Json, View
from bot.sandbox.standing import association


def category(repo: Repo, a_category: Category) -> Json:
    return {
        "id": a_category.id,
        "node_id": a_category.node_id,
        "repository_id": repo.id,
        "emoji": a_category.emoji,
        "name": a_category.name,
        "description": a_category.description,
        "created_at": stamp(a_category.created_at),
        "updated_at": stamp(a_category.created_at),
        "slug": a_category.slug,
        "is_answerable": a_category.is_answerable,
    }


def state(thread: Discussion) -> str:
    if thread.converting:
        return "converting"
    if thread.locked:
        return "locked"
    return "open" if thread.open else "closed"


def discussion(view: View, thread: Discussion) -> Json:
    api = f"{view.repo_api(thread.repo)}/discussions/{thread.number}"
    return {
        "repository_url": view.repo_api(thread.repo),
        "category": category(thread.repo, thread.category),
        "answer_html_url": comment_html(view, thread.answer) if thread.answer else None,
        "answer_chosen_at": stamp_or_none(thread.answered_at),
        "answer_chosen_by": user_or_none(view, thread.answered_by),
        "html_url": thread_html(view, thread),
        "id": thread.id,
        "node_id": thread.node_id,
        "number": thread.number,
        "title": thread.title,
        "user": user(view, thread.author),
        "state": state(thread),
        "state_reason": thread.state_reason,
        "locked": thread.locked,
        "comments": len(thread.comments),
        "created_at": stamp(thread.created_at),
        "updated_at": stamp(thread.updated_at),
        "author_association": association(thread.repo, thread.author),
        "active_lock_reason": thread.lock_reason,
        "body": thread.body,
        "reactions": reactions(f"{api}/reactions", thread.reactions),
        "timeline_url": f"{api}/timeline",
        "labels": [label(view, thread.repo, each) for each in thread.labels],
    }


def comment_html(view: View, a_comment: Comment) -> str:
    return f"{thread_html(view, a_comment.thread)}#discussioncomment-{a_comment.id}"


def comment(view: View, a_comment: Comment) -> Json:
    """A comment on a discussion. Its `repository_url` really is just the full name, on GitHub too."""
    thread = a_comment.thread
    api = f"{view.repo_api(thread.repo)}/discussions/comments/{a_comment.id}"
    return {
        "id": a_comment.id,
        "node_id": a_comment.node_id,
        "html_url": comment_html(view, a_comment),
        "parent_id": a_comment.parent.id if a_comment.parent else None,
        "child_comment_count": sum(each.parent is a_comment for each in thread.comments),
        "repository_url": thread.repo.full_name,
        "discussion_id": thread.id,
        "author_association": association(thread.repo, a_comment.author),
        "user": user(view, a_comment.author),
        "created_at": stamp(a_comment.created_at),
        "updated_at": stamp(a_comment.updated_at),
        "body": a_comment.body,
        "reactions": reactions(f"{api}/reactions", a_comment.reactions),
    }
