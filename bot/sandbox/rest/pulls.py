"""Pull requests: listed, read, opened, changed, merged."""

from typing import get_args

from bot.sandbox import refusal
from bot.sandbox.call import Answer, Call, Listing, Reply, Route
from bot.sandbox.model import MergeMethod, PullRequest
from bot.sandbox.shapes import pulls as shapes
from bot.sandbox.shapes.commits import changed_file, commit

MOST_COMMITS = 250  # that GitHub lists of a pull request


def list_pulls(call: Call) -> Answer:
    repo, query = call.repo("pull_requests"), call.query
    state = query.get("state", "open")
    found = [
        thread
        for thread in repo.threads.values()
        if isinstance(thread, PullRequest)
        and (state == "all" or thread.open == (state == "open"))
        and query.get("base", thread.base_ref) == thread.base_ref
        and query.get("head", "") in ("", f"{thread.head_repo.owner.login}:{thread.head_ref}")
    ]
    by_update = query.get("sort") == "updated"
    down = query.get("direction", "desc" if query.get("sort", "created") == "created" else "asc") == "desc"
    found.sort(key=lambda pull: (pull.updated_at if by_update else pull.created_at, pull.number), reverse=down)
    return Listing(items=found, shape=lambda pull: shapes.pull_request(call.view, pull))


def get_pull(call: Call) -> Answer:
    return Reply(data=shapes.full_pull_request(call.view, call.pull()))


def create_pull(call: Call) -> Answer:
    """From a branch of the same repository, or (`head` is `owner:branch`) of a fork."""
    repo = call.repo("pull_requests", "write")
    pull = call.world.open_pull_request(
        repo,
        by=call.account(),
        title=call.needed("title"),
        body=call.text("body") or "",
        head=call.needed("head"),
        base=call.needed("base"),
        draft=bool(call.body.get("draft", False)),
    )
    data = shapes.full_pull_request(call.view, pull)
    return Reply(status=201, data=data, headers={"Location": str(data["url"])})


def _own_or_write(call: Call, pull: PullRequest) -> None:
    if call.account() is not pull.author:
        call.require(pull.repo, "write")


def update_pull(call: Call) -> Answer:
    pull = call.pull("write")
    _own_or_write(call, pull)
    by = call.account()
    call.world.edit(pull, by=by, title=call.text("title"), body=call.text("body"))
    if call.body.get("state") == "closed":
        call.world.close(pull, by=by)
    elif call.body.get("state") == "open":
        call.world.reopen(pull, by=by)
    return Reply(data=shapes.full_pull_request(call.view, pull))


def list_files(call: Call) -> Answer:
    pull = call.pull()
    return Listing(items=pull.files, shape=lambda each: changed_file(call.view, pull.repo, each, sha=pull.head_sha))


def list_commits(call: Call) -> Answer:
    pull = call.pull()
    return Listing(items=pull.commits[:MOST_COMMITS], shape=lambda each: commit(call.view, pull.repo, each))


def merge_pull(call: Call) -> Answer:
    pull = call.pull()
    call.repo("contents", "write")  # merging is writing to the base branch
    call.require(pull.repo, "write")
    if call.text("sha") not in (None, pull.head_sha):
        raise refusal.RefusedError(409, "Head branch was modified. Review and try the merge again.")
    methods: tuple[MergeMethod, ...] = get_args(MergeMethod)
    call.world.merge(pull, by=call.account(), method=call.choice("merge_method", methods, default="merge"))
    return Reply(data={"sha": pull.merge_sha, "merged": True, "message": "Pull Request successfully merged"})


def check_merged(call: Call) -> Answer:
    if call.pull().merged_at is None:
        raise refusal.not_found()
    return Reply(status=204)


PULLS = "/repos/{owner}/{repo}/pulls"
PULL = f"{PULLS}/{{pull_number}}"

ROUTES = (
    Route(method="GET", path=PULLS, handler=list_pulls),
    Route(method="POST", path=PULLS, handler=create_pull, creates=True),
    Route(method="GET", path=PULL, handler=get_pull),
    Route(method="PATCH", path=PULL, handler=update_pull),
    Route(method="GET", path=f"{PULL}/files", handler=list_files),
    Route(method="GET", path=f"{PULL}/commits", handler=list_commits),
    Route(method="GET", path=f"{PULL}/merge", handler=check_merged),
    Route(method="PUT", path=f"{PULL}/merge", handler=merge_pull),
)
