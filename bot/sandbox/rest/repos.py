"""Repositories: what they are, who works in them, and their files and branches."""

import base64
import binascii

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.git import Branch
from bot.sandbox.model import Account, Organization, Repo
from bot.sandbox.rest.commits import head_of
from bot.sandbox.shapes import people
from bot.sandbox.shapes import repos as shapes
from bot.sandbox.shapes.commits import file_commit
from bot.sandbox.standing import at_least, role

RAW = "application/vnd.github.raw+json; charset=utf-8"


def get_repository(call: Call) -> Answer:
    repo = call.repo()
    return Reply(data=shapes.full_repository(call.view, repo, seen_as=call.seen_as(repo)))


def people_of(repo: Repo) -> list[Account]:
    """Everybody who has a role in the repository: the invited, and the organisation's."""
    found = {number: account for number, (account, _) in repo.collaborators.items()}
    if isinstance(repo.owner, Organization):
        found |= {number: member.account for number, member in repo.owner.members.items()}
        for team in repo.owner.teams.values():
            found |= team.members
    return [account for account in found.values() if role(repo, account) != "none"]


def list_collaborators(call: Call) -> Answer:
    repo = call.repo()
    call.account()
    if not call.has_role(repo, "write"):
        raise refusal.forbidden("Must have push access to view repository collaborators.")
    found = people_of(repo)
    if call.query.get("affiliation") in ("direct", "outside"):
        found = [account for account, _ in repo.collaborators.values()]
    return Listing(items=found, shape=lambda account: people.collaborator(call.view, repo, account))


def _somebody(call: Call) -> Account:
    account = call.world.find_account(call.parts["username"])
    if account is None:
        raise refusal.not_found()
    return account


def check_collaborator(call: Call) -> Answer:
    repo = call.repo()
    call.account()
    if role(repo, _somebody(call)) == "none":
        raise refusal.not_found()
    return NOTHING


def get_permission(call: Call) -> Answer:
    repo = call.repo()
    call.account()
    return Reply(data=people.permission_level(call.view, repo, _somebody(call)))


def get_content(call: Call) -> Answer:
    """A file, or the list of what is in a folder; with the media type `raw` just the text.

    `ref` is a branch or any commit: old ones, and those of pull requests, whichever fork they come from.
    """
    repo = call.repo("contents", "read")
    ref, path = call.query.get("ref") or repo.default_branch, call.parts["path"].strip("/")
    head = head_of(call, repo, ref)
    if head is None:
        raise refusal.RefusedError(404, f"No commit found for the ref {ref}")
    files = call.world.tree(repo, head)
    text = files.get(path)
    if text is not None:
        if "raw" in call.accept:
            return Reply(text=text, headers={"Content-Type": RAW})
        return Reply(data=shapes.content_file(call.view, repo, ref=ref, path=path, text=text))
    prefix = f"{path}/" if path else ""
    names = dict.fromkeys(name[len(prefix) :].partition("/")[0] for name in files if name.startswith(prefix))
    if not names:
        raise refusal.not_found()
    found = [
        shapes.file_entry(call.view, repo, ref=ref, path=prefix + name, text=files.get(prefix + name))
        for name in sorted(names)
    ]
    return Reply(data=found)


def list_releases(call: Call) -> Answer:
    """The newest first."""
    repo = call.repo("contents", "read")
    return Listing(items=repo.releases[::-1], shape=lambda one: shapes.release(call.view, repo, one))


def get_tree(call: Call) -> Answer:
    """All files of a commit, the folders too; without `recursive` what is in the topmost folder. Ours are never so many
    that GitHub would leave some out."""
    repo, ref = call.repo("contents", "read"), call.parts["tree"]
    if not repo.branches:
        raise refusal.RefusedError(409, "Git Repository is empty.")
    head = head_of(call, repo, repo.default_branch if ref == "HEAD" else ref)
    if head is None:
        raise refusal.not_found()
    files = call.world.tree(repo, head)
    return Reply(data=shapes.tree(call.view, repo, ref=ref, files=files, recursive="recursive" in call.query))


def _branch(repo: Repo, name: str) -> Branch:
    branch = repo.branches.get(name.removeprefix("refs/heads/"))
    if branch is None:
        raise refusal.RefusedError(404, f"Branch {name} not found")
    return branch


def put_content(call: Call) -> Answer:
    """Creates or replaces one file as one commit. Replacing needs the `sha` of what was there (else 409)."""
    repo = call.repo("contents", "write")
    call.require(repo, "write")
    if repo.archived:
        raise refusal.archived()
    branch, path = _branch(repo, call.text("branch") or repo.default_branch), call.parts["path"]
    try:
        text = base64.b64decode(call.needed("content"), validate=False).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise refusal.unprocessable("content is not valid Base64") from None
    message = call.needed("message")
    old = branch.files.get(path)
    if old is not None and call.text("sha") is None:
        raise refusal.unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
    if old is not None and call.text("sha") != shapes.blob_sha(old):
        raise refusal.RefusedError(409, f"{path} does not match {call.text('sha')}")
    call.world.write_file(repo, path, text, branch=branch.name, by=call.account(), message=message)
    content = shapes.content_file(call.view, repo, ref=branch.name, path=path, text=text)
    commit = file_commit(call.view, repo, repo.commits[branch.sha])
    return Reply(status=201 if old is None else 200, data={"content": content, "commit": commit})


def get_ref(call: Call) -> Answer:
    repo = call.repo("contents", "read")
    name = call.parts["ref"].removeprefix("heads/")
    if name not in repo.branches:
        raise refusal.not_found()
    return Reply(data=shapes.git_ref(call.view, repo, repo.branches[name]))


def create_ref(call: Call) -> Answer:
    repo = call.repo("contents", "write")
    call.require(repo, "write")
    ref = call.needed("ref")
    if not ref.startswith("refs/heads/"):
        raise refusal.unprocessable("Reference name must start with 'refs/heads/'")
    name = ref.removeprefix("refs/heads/")
    branch = call.world.create_branch(repo, name, sha=call.needed("sha"), by=call.account())
    return Reply(status=201, data=shapes.git_ref(call.view, repo, branch))


def list_assignees(call: Call) -> Answer:
    repo = call.repo()
    return Listing(items=people_of(repo), shape=lambda account: people.user(call.view, account))


def check_assignee(call: Call) -> Answer:
    repo = call.repo()
    account = call.world.find_account(call.parts["assignee"])
    if account is None or not at_least(role(repo, account), "read"):
        raise refusal.not_found()
    return NOTHING


ROUTES = (
    Route(method="GET", path="/repos/{owner}/{repo}", handler=get_repository),
    Route(method="GET", path="/repos/{owner}/{repo}/collaborators", handler=list_collaborators),
    Route(method="GET", path="/repos/{owner}/{repo}/collaborators/{username}", handler=check_collaborator),
    Route(method="GET", path="/repos/{owner}/{repo}/collaborators/{username}/permission", handler=get_permission),
    Route(method="GET", path="/repos/{owner}/{repo}/assignees", handler=list_assignees),
    Route(method="GET", path="/repos/{owner}/{repo}/assignees/{assignee}", handler=check_assignee),
    Route(method="GET", path="/repos/{owner}/{repo}/contents/{path:.*}", handler=get_content),
    Route(method="PUT", path="/repos/{owner}/{repo}/contents/{path:.+}", handler=put_content),
    Route(method="GET", path="/repos/{owner}/{repo}/releases", handler=list_releases),
    Route(method="GET", path="/repos/{owner}/{repo}/git/trees/{tree:.+}", handler=get_tree),
    Route(method="GET", path="/repos/{owner}/{repo}/git/ref/{ref:.+}", handler=get_ref),
    Route(method="POST", path="/repos/{owner}/{repo}/git/refs", handler=create_ref),
)
