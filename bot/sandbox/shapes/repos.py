"""Repositories and the files in them."""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from bot.sandbox import ids
from bot.sandbox.clock import stamp
from bot.sandbox.git import Branch
from bot.sandbox.model import Label, Organization, Release, Repo, Role
from bot.sandbox.shapes.people import permissions, user
from bot.sandbox.shapes.view import Json, View

LARGEST_SHOWN = 1024 * 1024  # bytes of a file that the API gives in base64

# Where the parts of a repository are: the name of the field, and what comes behind the repository's own url.
PLACES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def repository(view: View, repo: Repo, *, webhook: bool = False, seen_as: Role | None = None) -> Json:
    """GitHub's `repository`. With `seen_as` it says what the caller may do there; webhooks do not."""
    api, html = view.repo_api(repo), view.repo_html(repo)
    unsolved = view.unsolved(repo)
    host = view.html.partition("://")[2]
    shape: Json = {
        "id": repo.id,
        "node_id": repo.node_id,
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "owner": user(view, repo.owner),
        "html_url": html,
        "description": repo.description,
        "fork": repo.parent is not None,
        "url": api,
        **{field: api + rest for field, rest in PLACES.items()},
        "created_at": stamp(repo.created_at),
        "updated_at": stamp(repo.updated_at),
        "pushed_at": stamp(repo.pushed_at),
        "git_url": f"git://{host}/{repo.full_name}.git",
        "ssh_url": f"git@{host}:{repo.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "homepage": None,
        "size": 1,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": repo.language,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": repo.has_discussions,
        "forks_count": 0,
        "mirror_url": None,
        "archived": repo.archived,
        "disabled": False,
        "open_issues_count": unsolved,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": list(repo.topics),
        "visibility": "private" if repo.private else "public",
        "forks": 0,
        "open_issues": unsolved,
        "watchers": 0,
        "default_branch": repo.default_branch,
    }
    if webhook:
        shape["custom_properties"] = {}
    if seen_as is not None:
        shape["permissions"] = permissions(seen_as)
    return shape


def full_repository(view: View, repo: Repo, *, seen_as: Role | None) -> Json:
    """GitHub's `full-repository`, what one gets of a single one."""
    shape = repository(view, repo, seen_as=seen_as) | {
        "network_count": 0,
        "subscribers_count": 0,
        "temp_clone_token": None,
    }
    if isinstance(repo.owner, Organization):
        shape["organization"] = user(view, repo.owner)
    if repo.parent is not None:
        shape["parent"] = shape["source"] = repository(view, repo.parent)
    return shape


def repository_in_installation(repo: Repo) -> Json:
    """The few fields that installation events tell of a repository."""
    return {
        "id": repo.id,
        "node_id": repo.node_id,
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
    }


def label(view: View, repo: Repo, a_label: Label) -> Json:
    return {
        "id": a_label.id,
        "node_id": a_label.node_id,
        "url": f"{view.repo_api(repo)}/labels/{a_label.name.replace(' ', '%20')}",
        "name": a_label.name,
        "color": a_label.color,
        "default": a_label.name
        in ("bug", "documentation", "enhancement", "good first issue", "help wanted", "question"),
        "description": a_label.description,
        "archived_at": None,  # newer than the pinned documents; newer clients insist on it
        "archived_by": None,
    }


def release(view: View, repo: Repo, one: Release) -> Json:
    api, html, at = view.repo_api(repo), view.repo_html(repo), stamp(one.published_at)
    return {
        "id": one.id,
        "node_id": one.node_id,
        "url": f"{api}/releases/{one.id}",
        "html_url": f"{html}/releases/tag/{one.tag}",
        "assets_url": f"{api}/releases/{one.id}/assets",
        "upload_url": f"{api}/releases/{one.id}/assets{{?name,label}}",
        "tarball_url": f"{api}/tarball/{one.tag}",
        "zipball_url": f"{api}/zipball/{one.tag}",
        "tag_name": one.tag,
        "target_commitish": repo.default_branch,
        "name": one.name,
        "body": "",
        "draft": False,
        "prerelease": one.prerelease,
        "created_at": at,
        "published_at": at,
        "author": user(view, one.author),
        "assets": [],
    }


def blob_sha(text: str) -> str:
    """The name that git gives a file of this content."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()


def file_entry(view: View, repo: Repo, *, ref: str, path: str, text: str | None) -> Json:
    """A file as a folder's listing shows it; a folder where `text` is None. `ref` is the branch or commit of both."""
    where, there = quote(path), quote(ref)
    api = f"{view.repo_api(repo)}/contents/{where}?ref={there}"
    sha = ids.digest("tree", repo.id, ref, path) if text is None else blob_sha(text)
    kind, git_kind = ("dir", "trees") if text is None else ("file", "blobs")
    html = f"{view.repo_html(repo)}/{'tree' if text is None else 'blob'}/{there}/{where}"
    git = f"{view.repo_api(repo)}/git/{git_kind}/{sha}"
    raw = f"https://raw.githubusercontent.com/{repo.full_name}/{there}/{where}"
    return {
        "type": kind,
        "size": 0 if text is None else len(text.encode()),
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "url": api,
        "git_url": git,
        "html_url": html,
        "download_url": None if text is None else raw,
        "_links": {"self": api, "git": git, "html": html},
    }


def content_file(view: View, repo: Repo, *, ref: str, path: str, text: str) -> Json:
    """GitHub's `content-file`: the entry with the text in base64, a line break every 60 characters.

    A file of more than 1 MB comes without its content, which the media type `raw` gives (docs.github.com: REST API
    endpoints for repository contents).
    """
    entry = file_entry(view, repo, ref=ref, path=path, text=text)
    if entry["size"] > LARGEST_SHOWN:
        return entry | {"content": "", "encoding": "none"}
    raw = base64.b64encode(text.encode()).decode()
    lines = "".join(raw[start : start + 60] + "\n" for start in range(0, len(raw), 60))
    return entry | {"content": lines, "encoding": "base64"}


def tree(view: View, repo: Repo, *, ref: str, files: Mapping[str, str], recursive: bool) -> Json:
    """GitHub's `git-tree`: each file and folder with its path. `ref` is the branch or commit."""
    folders = {parent for path in files for parent in _parents(path)}
    shown = sorted(path for path in {*files, *folders} if recursive or "/" not in path)
    sha = ids.digest("tree", repo.id, ref, "")
    return {
        "sha": sha,
        "url": f"{view.repo_api(repo)}/git/trees/{sha}",
        "tree": [_in_tree(view, repo, ref=ref, path=path, text=files.get(path)) for path in shown],
        "truncated": False,
    }


def _parents(path: str) -> list[str]:
    """The folders around a file."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _in_tree(view: View, repo: Repo, *, ref: str, path: str, text: str | None) -> Json:
    entry = file_entry(view, repo, ref=ref, path=path, text=text)
    found = {"path": path, "mode": "040000", "type": "tree", "sha": entry["sha"], "url": entry["git_url"]}
    return found if text is None else found | {"mode": "100644", "type": "blob", "size": entry["size"]}


def git_ref(view: View, repo: Repo, branch: Branch) -> Json:
    ref = f"refs/heads/{branch.name}"
    commit = {"type": "commit", "sha": branch.sha, "url": f"{view.repo_api(repo)}/git/commits/{branch.sha}"}
    return {
        "ref": ref,
        "node_id": ids.node_id("REF", repo.id),
        "url": f"{view.repo_api(repo)}/git/{ref}",
        "object": commit,
    }
