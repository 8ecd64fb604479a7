"""Check runs, what they say about single lines, and the suites they are in."""

from collections.abc import Callable
from urllib.parse import quote

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.git import NO_COMMIT, Commit, Signature
from bot.sandbox.model import Annotation, CheckRun, CheckSuite, PullRequest, Repo
from bot.sandbox.shapes.apps import app
from bot.sandbox.shapes.commits import tree_sha
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.view import Json, View


def check_run(view: View, run: CheckRun) -> Json:
    """GitHub's `check-run`."""
    api = f"{view.repo_api(run.repo)}/check-runs/{run.id}"
    its_app = app(view, run.app)
    return {
        "id": run.id,
        "node_id": run.node_id,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": api,
        "html_url": f"{view.repo_html(run.repo)}/runs/{run.id}",
        "details_url": run.details_url or its_app["external_url"],
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": stamp(run.started_at),
        "completed_at": stamp_or_none(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{api}/annotations",
        },
        "name": run.name,
        "check_suite": {"id": run.suite_id},
        "app": its_app,
        "pull_requests": [_pull(view, each) for each in _pulls_of(run)],
    }


def check_suite(view: View, suite: CheckSuite, find_commit: Callable[[Repo, str], Commit | None]) -> Json:
    """GitHub's check suite, as webhooks show it."""
    api = f"{view.repo_api(suite.repo)}/check-suites/{suite.id}"
    head = find_commit(suite.repo, suite.head_sha)
    runs = {each.name for each in suite.repo.check_runs.values() if each.suite is suite}
    return {
        "id": suite.id,
        "node_id": suite.node_id,
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": suite.status,
        "conclusion": suite.conclusion,
        "url": api,
        "before": head.parents[0] if head and head.parents else NO_COMMIT,
        "after": suite.head_sha,
        "pull_requests": [_pull(view, each) for each in _pulls_of(suite)],
        "app": app(view, suite.app),
        "created_at": stamp(suite.created_at),
        "updated_at": stamp(suite.updated_at),
        "rerequestable": True,
        "runs_rerequestable": True,
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{api}/check-runs",
        "head_commit": _head_commit(head) if head else None,
    }


def check_suite_of_rest(view: View, suite: CheckSuite, find_commit: Callable[[Repo, str], Commit | None]) -> Json:
    """GitHub's `check-suite`."""
    return check_suite(view, suite, find_commit) | {"repository": repository(view, suite.repo)}


def _head_commit(head: Commit) -> Json:
    return {
        "id": head.sha,
        "tree_id": tree_sha(head),
        "message": head.message,
        "timestamp": stamp(head.author.at),
        "author": _named(head.author),
        "committer": _named(head.committer),
    }


def _named(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email}


def _pulls_of(run: CheckRun | CheckSuite) -> list[PullRequest]:
    """The open pull requests with that head. GitHub names none that come from a fork."""
    return [
        each
        for each in run.repo.threads.values()
        if isinstance(each, PullRequest) and each.open and each.head_repo is run.repo and each.head_sha == run.head_sha
    ]


def _pull(view: View, pull: PullRequest) -> Json:
    """GitHub's `pull-request-minimal`."""
    return {
        "id": pull.pull_id,
        "number": pull.number,
        "url": f"{view.repo_api(pull.repo)}/pulls/{pull.number}",
        "head": _side(view, pull.head_repo, ref=pull.head_ref, sha=pull.head_sha),
        "base": _side(view, pull.repo, ref=pull.base_ref, sha=pull.base_sha),
    }


def _side(view: View, repo: Repo, *, ref: str, sha: str) -> Json:
    return {"ref": ref, "sha": sha, "repo": {"id": repo.id, "url": view.repo_api(repo), "name": repo.name}}


def annotation(view: View, run: CheckRun, an_annotation: Annotation) -> Json:
    """GitHub's `check-annotation`."""
    return {
        "path": an_annotation.path,
        "blob_href": f"{view.repo_html(run.repo)}/blob/{run.head_sha}/{quote(an_annotation.path)}",
        "start_line": an_annotation.start_line,
        "start_column": an_annotation.start_column,
        "end_line": an_annotation.end_line,
        "end_column": an_annotation.end_column,
        "annotation_level": an_annotation.level,
        "title": an_annotation.title,
        "message": an_annotation.message,
        "raw_details": an_annotation.raw_details,
    }
