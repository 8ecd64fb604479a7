"""Commits of a repository: listed, and read one by one."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Listing, Reply, Route
from bot.sandbox.git import Commit, Signature
from bot.sandbox.model import PullRequest, Repo
from bot.sandbox.rest.issues import moment
from bot.sandbox.shapes import commits as shapes

PULL_HEAD = re.compile(r"pull/(?P<number>\d+)/head")


def head_of(call: Call, repo: Repo, ref: str) -> str | None:
    """The commit that a branch's name, a pull request (`refs/pull/7/head`) or a hash names; None for no such thing."""
    short = ref.removeprefix("refs/")
    branch = repo.branches.get(ref) or repo.branches.get(short.removeprefix("heads/"))
    if branch is not None:
        return branch.sha
    if named := PULL_HEAD.fullmatch(short):
        pull = repo.threads.get(int(named["number"]))
        return pull.head_sha if isinstance(pull, PullRequest) else None
    commit = call.world.find_commit(repo, ref)
    return commit.sha if commit else None


def _tests(call: Call) -> list[Callable[[Commit], bool]]:
    """What the query asks of a commit. Dates are those of the committer, as for `git log`."""
    query, since, until = call.query, moment(call, "since"), moment(call, "until")
    tests: list[Callable[[Commit], bool]] = []
    if since is not None:
        first: datetime = since.replace(microsecond=0)
        tests.append(lambda commit: commit.committer.at >= first)
    if until is not None:
        last: datetime = until
        tests.append(lambda commit: commit.committer.at.replace(microsecond=0) <= last)
    if query.get("author"):
        tests.append(lambda commit: _is_by(commit.author, query["author"]))
    if query.get("committer"):
        tests.append(lambda commit: _is_by(commit.committer, query["committer"]))
    path = query.get("path", "").strip("/")
    if path:
        # A merge brings what its parents brought already, so `git log` leaves it out of the history of a file.
        tests.append(lambda commit: not commit.is_merge and commit.touches(path))
    return tests


def _is_by(signature: Signature, wanted: str) -> bool:
    """`wanted` is a login or an address."""
    login = signature.account.login if signature.account and not signature.account.deleted else ""
    return wanted.lower() in (login.lower(), signature.email.lower())


def list_commits(call: Call) -> Answer:
    """What leads to the default branch, or to `sha` (a hash or a branch), newest first."""
    repo = call.repo("contents")
    head = head_of(call, repo, call.query.get("sha") or repo.default_branch)
    if head is None:
        raise refusal.not_found()
    found, tests = call.world.history(repo, head), _tests(call)
    if tests:
        found = [each for each in found if all(test(each) for test in tests)]
    return Listing(items=found, shape=lambda commit: shapes.commit(call.view, repo, commit))


def get_commit(call: Call) -> Answer:
    """One commit with its files, by its hash or as the head of a branch."""
    repo, ref = call.repo("contents"), call.parts["ref"]
    head = head_of(call, repo, ref)
    commit = call.world.find_commit(repo, head) if head else None
    if commit is None:
        raise refusal.unprocessable(f"No commit found for SHA: {ref}")
    return Reply(data=shapes.full_commit(call.view, repo, commit))


COMMITS = "/repos/{owner}/{repo}/commits"

ROUTES = (
    Route(method="GET", path=COMMITS, handler=list_commits),
    Route(method="GET", path=f"{COMMITS}/{{ref:.+}}", handler=get_commit),
)
