"""Pull requests and their reviews."""

from bot.sandbox import ids
from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.model import Account, PullRequest, Repo, Review, ReviewComment
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import label, repository
from bot.sandbox.shapes.threads import reactions, thread_html, user_or_none
from bot.sandbox.shapes.view import Json, View
from bot.sandbox.standing import association


def side(view: View, repo: Repo, *, owner: Account, ref: str, sha: str) -> Json:
    """The head or the base of a pull request. The repository of the head is null once the fork is gone."""
    return {
        "label": f"{owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(view, owner),
        "repo": None if repo.deleted else repository(view, repo),
    }


def links(view: View, pull: PullRequest) -> dict[str, str]:
    repo = view.repo_api(pull.repo)
    api = f"{repo}/pulls/{pull.number}"
    return {
        "self": api,
        "html": thread_html(view, pull),
        "issue": view.issue_api(pull),
        "comments": f"{view.issue_api(pull)}/comments",
        "review_comments": f"{api}/comments",
        "review_comment": f"{repo}/pulls/comments{{/number}}",
        "commits": f"{api}/commits",
        "statuses": f"{repo}/statuses/{pull.head_sha}",
    }


def pull_request(view: View, pull: PullRequest) -> Json:
    """GitHub's `pull-request-simple`, as lists show it."""
    where = links(view, pull)
    return {
        "url": where["self"],
        "id": pull.pull_id,
        "node_id": pull.node_id,
        "html_url": where["html"],
        "diff_url": f"{where['html']}.diff",
        "patch_url": f"{where['html']}.patch",
        "issue_url": where["issue"],
        "number": pull.number,
        "state": "open" if pull.open else "closed",
        "locked": pull.locked,
        "title": pull.title,
        "user": user(view, pull.author),
        "body": pull.body or None,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp_or_none(pull.closed_at),
        "merged_at": stamp_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_sha or ids.digest("trial merge", pull.head_sha),
        "assignee": user_or_none(view, pull.assignees[0] if pull.assignees else None),
        "assignees": [user(view, each) for each in pull.assignees],
        "requested_reviewers": [user(view, each) for each in pull.reviewers],
        "requested_teams": [],
        "labels": [label(view, pull.repo, each) for each in pull.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": where["commits"],
        "review_comments_url": where["review_comments"],
        "review_comment_url": where["review_comment"],
        "comments_url": where["comments"],
        "statuses_url": where["statuses"],
        "head": side(view, pull.head_repo, owner=pull.head_repo.owner, ref=pull.head_ref, sha=pull.head_sha),
        "base": side(view, pull.repo, owner=pull.repo.owner, ref=pull.base_ref, sha=pull.base_sha),
        "_links": {name: {"href": url} for name, url in where.items()},
        "author_association": association(pull.repo, pull.author),
        "auto_merge": None,
        "active_lock_reason": pull.lock_reason,
    }


def full_pull_request(view: View, pull: PullRequest) -> Json:
    """GitHub's `pull-request`: what one gets of a single one, and what `pull_request` events carry."""
    mergeable = pull.open and not pull.draft
    return pull_request(view, pull) | {
        "merged": pull.merged_at is not None,
        "mergeable": True if pull.open else None,
        "rebaseable": True if pull.open else None,
        "mergeable_state": "clean" if mergeable else "draft" if pull.open else "unknown",
        "merged_by": user_or_none(view, pull.merged_by),
        "comments": len(pull.comments),
        "review_comments": len(pull.review_comments),
        "maintainer_can_modify": pull.head_repo is not pull.repo,
        "commits": len(pull.commits),
        "additions": sum(each.additions for each in pull.files),
        "deletions": sum(each.deletions for each in pull.files),
        "changed_files": len(pull.files),
    }


def review(view: View, a_review: Review, *, webhook: bool = False) -> Json:
    """GitHub's `pull-request-review`. The state is in capitals on REST and in small letters in a webhook."""
    pull = a_review.pull
    api = f"{view.repo_api(pull.repo)}/pulls/{pull.number}"
    html = f"{thread_html(view, pull)}#pullrequestreview-{a_review.id}"
    shape: Json = {
        "id": a_review.id,
        "node_id": a_review.node_id,
        "user": user(view, a_review.author),
        "body": a_review.body,
        "state": a_review.state,
        "html_url": html,
        "pull_request_url": api,
        "author_association": association(pull.repo, a_review.author),
        "_links": {"html": {"href": html}, "pull_request": {"href": api}},
        "submitted_at": stamp(a_review.submitted_at),
        "commit_id": a_review.commit,
    }
    if webhook:
        changed = stamp(a_review.updated_at)
        shape |= {"state": a_review.state.lower(), "body": a_review.body or None, "updated_at": changed}
    return shape


def review_comment(view: View, a_comment: ReviewComment) -> Json:
    """GitHub's `pull-request-review-comment`: on one line, of the new side."""
    pull = a_comment.pull
    repo = view.repo_api(pull.repo)
    api, on = f"{repo}/pulls/comments/{a_comment.id}", f"{repo}/pulls/{pull.number}"
    html = f"{thread_html(view, pull)}#discussion_r{a_comment.id}"
    shape: Json = {
        "url": api,
        "pull_request_review_id": a_comment.review.id,
        "id": a_comment.id,
        "node_id": a_comment.node_id,
        "diff_hunk": f"@@ -{a_comment.line} +{a_comment.line} @@",
        "path": a_comment.path,
        "commit_id": a_comment.review.commit,
        "original_commit_id": a_comment.review.commit,
        "user": user(view, a_comment.author),
        "body": a_comment.body,
        "created_at": stamp(a_comment.created_at),
        "updated_at": stamp(a_comment.updated_at),
        "html_url": html,
        "pull_request_url": on,
        "author_association": association(pull.repo, a_comment.author),
        "_links": {"self": {"href": api}, "html": {"href": html}, "pull_request": {"href": on}},
        "reactions": reactions(f"{api}/reactions", a_comment.reactions),
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "line": a_comment.line,
        "original_line": a_comment.line,
        "side": "RIGHT",
        "position": a_comment.line,
        "original_position": a_comment.line,
        "subject_type": "line",
    }
    return shape | {"in_reply_to_id": a_comment.parent.id} if a_comment.parent else shape
