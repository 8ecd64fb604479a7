"""Commits, the files they change, and the pushes that bring them."""

from collections.abc import Sequence

from bot.sandbox import ids
from bot.sandbox.clock import stamp
from bot.sandbox.git import NO_COMMIT, Branch, ChangedFile, Commit, Signature
from bot.sandbox.model import Account, Organization, Repo
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.view import Json, View

MOST_COMMITS = 2048  # that a push tells of
MOST_FILES = 300  # that a commit shows; GitHub gives more of them in pages, which are not modelled


def changed_file(view: View, repo: Repo, a_file: ChangedFile, *, sha: str) -> Json:
    """GitHub's `diff-entry`, without the patch itself. `sha` is the commit that the file is seen at."""
    html = view.repo_html(repo)
    return {
        "sha": ids.digest(sha, a_file.filename),
        "filename": a_file.filename,
        "status": a_file.status,
        "additions": a_file.additions,
        "deletions": a_file.deletions,
        "changes": a_file.changes,
        "blob_url": f"{html}/blob/{sha}/{a_file.filename}",
        "raw_url": f"{html}/raw/{sha}/{a_file.filename}",
        "contents_url": f"{view.repo_api(repo)}/contents/{a_file.filename}?ref={sha}",
    }


def unsigned() -> Json:
    """The `verification` of a commit that nobody signed."""
    return {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def tree_sha(a_commit: Commit) -> str:
    return ids.digest("tree", a_commit.sha)


def _signed(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": stamp(signature.at)}


def _account(view: View, account: Account | None) -> Json | None:
    """The account of an address; nobody once it is deleted, since the address is nobody's then."""
    return None if account is None or account.deleted else user(view, account)


def commit(view: View, repo: Repo, a_commit: Commit) -> Json:
    """GitHub's `commit`, as lists show it."""
    api, html, sha = view.repo_api(repo), view.repo_html(repo), a_commit.sha
    tree = tree_sha(a_commit)
    return {
        "sha": sha,
        "node_id": a_commit.node_id,
        "commit": {
            "author": _signed(a_commit.author),
            "committer": _signed(a_commit.committer),
            "message": a_commit.message,
            "tree": {"sha": tree, "url": f"{api}/git/trees/{tree}"},
            "url": f"{api}/git/commits/{sha}",
            "comment_count": 0,
            "verification": unsigned(),
        },
        "url": f"{api}/commits/{sha}",
        "html_url": f"{html}/commit/{sha}",
        "comments_url": f"{api}/commits/{sha}/comments",
        "author": _account(view, a_commit.author.account),
        "committer": _account(view, a_commit.committer.account),
        "parents": [
            {"sha": each, "url": f"{api}/commits/{each}", "html_url": f"{html}/commit/{each}"}
            for each in a_commit.parents
        ],
    }


def full_commit(view: View, repo: Repo, a_commit: Commit) -> Json:
    """What one gets of a single commit: also its files."""
    added, deleted = sum(each.additions for each in a_commit.files), sum(each.deletions for each in a_commit.files)
    shown = a_commit.files[:MOST_FILES]
    return commit(view, repo, a_commit) | {
        "stats": {"total": added + deleted, "additions": added, "deletions": deleted},
        "files": [changed_file(view, repo, each, sha=a_commit.sha) for each in shown],
    }


def file_commit(view: View, repo: Repo, a_commit: Commit) -> Json:
    """The commit of a `file-commit`: what the API answers when a file was written."""
    whole = commit(view, repo, a_commit)
    return {
        "sha": a_commit.sha,
        "node_id": a_commit.node_id,
        "html_url": whole["html_url"],
        **{name: whole["commit"][name] for name in ("url", "author", "committer", "message", "tree", "verification")},
        "parents": whole["parents"],
    }


def _pushed_by(signature: Signature) -> Json:
    known = signature.account
    named = {"name": signature.name, "email": signature.email}
    return named if known is None or known.deleted else named | {"username": known.login}


def pushed_commit(view: View, repo: Repo, a_commit: Commit, *, distinct: bool) -> Json:
    """A commit as a push tells of it. `distinct`: it was in no branch before."""
    paths: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for each in a_commit.files:
        paths[each.status if each.status in paths else "modified"].append(each.filename)
    return {
        "id": a_commit.sha,
        "tree_id": tree_sha(a_commit),
        "distinct": distinct,
        "message": a_commit.message,
        "timestamp": stamp(a_commit.author.at),
        "url": f"{view.repo_html(repo)}/commit/{a_commit.sha}",
        "author": _pushed_by(a_commit.author),
        "committer": _pushed_by(a_commit.committer),
        **paths,
    }


def repository_in_push(view: View, repo: Repo) -> Json:
    """A push has older fields of the repository than other events, and two of its dates in seconds since 1970."""
    owner, email = repo.owner, f"{repo.owner.id}+{repo.owner.login}@users.noreply.github.com"
    shape = repository(view, repo, webhook=True) | {
        "owner": {
            "name": owner.login,
            "email": None if isinstance(owner, Organization) else email,
            **user(view, owner),
        },
        "url": view.repo_html(repo),
        "created_at": int(repo.created_at.timestamp()),
        "pushed_at": int(repo.pushed_at.timestamp()),
        "stargazers": 0,
        "master_branch": repo.default_branch,
    }
    return shape | {"organization": owner.login} if isinstance(owner, Organization) else shape


def push(
    view: View,
    repo: Repo,
    branch: Branch,
    commits: Sequence[Commit],
    *,
    head: Commit | None,
    before: str,
    fresh: set[str],
    pusher: Signature,
) -> Json:
    """What is special to the event `push`. `commits` are oldest first, `fresh` the hashes of those that are new."""
    created, html = before == NO_COMMIT, view.repo_html(repo)
    compared = branch.name if created else f"{before[:12]}...{branch.sha[:12]}"
    login = pusher.account.login if pusher.account else pusher.name
    return {
        "ref": f"refs/heads/{branch.name}",
        "before": before,
        "after": branch.sha,
        "repository": repository_in_push(view, repo),
        "pusher": {"name": login, "email": pusher.email},
        "created": created,
        "deleted": False,
        "forced": False,
        "base_ref": None,
        "compare": f"{html}/compare/{compared}",
        "commits": [pushed_commit(view, repo, each, distinct=each.sha in fresh) for each in commits[:MOST_COMMITS]],
        "head_commit": pushed_commit(view, repo, head, distinct=head.sha in fresh) if head else None,
    }
