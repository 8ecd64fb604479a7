"""What is done to a whole repository: a check run, an issue, a discussion, a pull request with one file. For the writer
alone.

Each can be found again after a crash: a check run by its external id, the others by their marker and our own account.
A pull request takes several calls; those that an earlier try has made are not made again.
"""

from base64 import b64encode
from typing import Any, Final, assert_never

from bot.effects import (
    Annotation,
    CheckRun,
    Deed,
    EditIssue,
    OpenDiscussion,
    OpenIssue,
    PinIssue,
    ProposeFile,
    TakeDownDiscussion,
)
from bot.github import discussions
from bot.github.client import Client, Vars
from bot.github.errors import CallFailed, Drop
from bot.github.read import Identity
from bot.github.written import Done, mark, marker
from bot.model import InstallationId

MOST_ANNOTATIONS: Final = 50  # that GitHub takes in one request
_REPO: Final = "/repos/{owner}/{repo}"
_PIN: Final = """
mutation PinIssue($issue: ID!) {
  pinIssue(input: {issueId: $issue}) {
    issue { id }
  }
}
"""


async def find(client: Client, deed: Deed, installation: InstallationId, us: Identity) -> Done | None:
    """What an earlier try may have left. Raises CallFailed."""
    match deed:
        case CheckRun():
            return await _find_check_run(client, deed, installation, us)
        case OpenIssue() | ProposeFile():
            return await _find_issue(client, deed, installation, us)
        case OpenDiscussion():
            return await discussions.find(client, deed, installation, us)
        case EditIssue() | TakeDownDiscussion() | PinIssue():  # may be done again
            return None
        case _:
            assert_never(deed)


async def send(client: Client, deed: Deed, installation: InstallationId, us: Identity) -> Done:
    """Raises CallFailed."""
    match deed:
        case CheckRun():
            made = await client.call(installation, "POST", f"{_REPO}/check-runs", _place(deed), _check_run(deed))
        case OpenIssue():
            issue = {"title": deed.title, "body": _marked(deed, deed.body)}
            made = await client.call(installation, "POST", f"{_REPO}/issues", _place(deed), issue)
        case ProposeFile():
            made = await _propose(client, deed, installation)
        case EditIssue():
            made = await _edit(client, deed, installation, us)
        case OpenDiscussion():
            return await discussions.start(client, deed, installation)
        case TakeDownDiscussion():
            return await discussions.take_down(client, deed, installation, us)
        case PinIssue():
            await client.graphql(installation, _PIN, issue=deed.node_id)
            return Done(0, "")
        case _:
            assert_never(deed)
    return Done(made["id"], made["html_url"] or "", made.get("node_id") or "")


def _place(deed: Deed) -> dict[str, str | int | bool]:
    return {"owner": deed.repo.owner, "repo": deed.repo.name}


def _marked(deed: Deed, body: str) -> str:
    return f"{body}\n\n{marker(deed.rule, deed.key)}"


async def _find_check_run(client: Client, deed: CheckRun, installation: InstallationId, us: Identity) -> Done | None:
    where: Vars = _place(deed) | {"sha": deed.sha, "check_name": deed.name, "app_id": us.app_id, "filter": "all"}
    path = f"{_REPO}/commits/{{sha}}/check-runs{{?check_name,app_id,filter}}"
    found = await client.call(installation, "GET", path, where)
    runs = (run for run in found["check_runs"] if run["external_id"] == mark(deed.key))
    return next((Done(run["id"], run["html_url"] or "") for run in runs), None)


async def _find_issue(
    client: Client, deed: OpenIssue | ProposeFile, installation: InstallationId, us: Identity
) -> Done | None:
    """Pull requests are issues too."""
    where: Vars = _place(deed) | {"creator": us.login, "state": "all", "per_page": 100}
    found = await client.call(installation, "GET", f"{_REPO}/issues{{?creator,state,per_page}}", where)
    ours = (
        one for one in found if one["user"]["login"] == us.login and marker(deed.rule, deed.key) in (one["body"] or "")
    )
    return next((Done(one["id"], one["html_url"], one["node_id"]) for one in ours), None)


async def _edit(client: Client, deed: EditIssue, installation: InstallationId, us: Identity) -> dict[str, Any]:
    """The mark stays that it is found by. An issue that is not ours is never touched: another repository may have taken
    the name of the one that is meant, and we have not heard of it yet."""
    path, where = f"{_REPO}/issues/{{number}}", _place(deed) | {"number": deed.number}
    known = await client.call(installation, "GET", path, where)
    if known["user"] is None or known["user"]["login"] != us.login:
        raise CallFailed(Drop("it is not an issue of ours"))
    change: dict[str, str] = {}
    if deed.body is not None:
        change["body"] = f"{deed.body}\n\n{marker(deed.rule, deed.made_by)}"
    if deed.title is not None:
        change["title"] = deed.title
    if deed.state is not None:
        change["state"] = deed.state
    made: dict[str, Any] = await client.call(installation, "PATCH", path, where, change)
    return made


def _check_run(deed: CheckRun) -> dict[str, Any]:
    return {
        "name": deed.name,
        "head_sha": deed.sha,
        "external_id": mark(deed.key),
        "status": "completed",
        "conclusion": deed.conclusion,
        "output": {
            "title": deed.title,
            "summary": deed.summary,
            "annotations": [_annotation(note) for note in deed.annotations[:MOST_ANNOTATIONS]],
        },
    }


def _annotation(note: Annotation) -> dict[str, Any]:
    columns = {} if note.column is None else {"start_column": note.column, "end_column": note.column}
    return {
        "path": note.path,
        "start_line": note.line,
        "end_line": note.line,
        "annotation_level": note.level,
        "message": note.message,
        **columns,
    }


async def _propose(client: Client, deed: ProposeFile, installation: InstallationId) -> dict[str, Any]:
    place = _place(deed)
    base = deed.repo.default_branch
    head = await client.call(installation, "GET", f"{_REPO}/git/ref/heads/{{branch}}", place | {"branch": base})
    branch = {"ref": f"refs/heads/{deed.branch}", "sha": head["object"]["sha"]}
    try:
        await client.call(installation, "POST", f"{_REPO}/git/refs", place, branch)
    except CallFailed as failed:
        if failed.status != 422 or "already exists" not in str(failed):
            raise
    await _put_file(client, deed, installation)
    pull = {"title": deed.title, "head": deed.branch, "base": base, "body": _marked(deed, deed.body)}
    made: dict[str, Any] = await client.call(installation, "POST", f"{_REPO}/pulls", place, pull)
    return made


async def _put_file(client: Client, deed: ProposeFile, installation: InstallationId) -> None:
    """Puts the text there, unless it is."""
    place = _place(deed) | {"ref": deed.branch}
    told: dict[str, Any] = {}
    try:
        told = await client.call(installation, "GET", f"{_REPO}/contents/{deed.path}{{?ref}}", place)
    except CallFailed as failed:
        if failed.status != 404:
            raise
    content = b64encode(deed.text.encode()).decode()
    if told.get("content", "").replace("\n", "") == content:
        return
    file = {"message": deed.title, "content": content, "branch": deed.branch}
    if told:
        file["sha"] = told["sha"]
    await client.call(installation, "PUT", f"{_REPO}/contents/{deed.path}", place, file)
