"""Comments on issues and pull requests."""

from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Comment
from bot.sandbox.rest.issues import ordered
from bot.sandbox.shapes import threads as shapes


def list_comments(call: Call) -> Answer:
    """Of one issue, oldest first."""
    found = ordered(call, call.issue().comments)
    return Listing(items=found, shape=lambda comment: shapes.comment(call.view, comment))


def list_repository_comments(call: Call) -> Answer:
    """Of all issues and pull requests."""
    found = ordered(call, call.repo("issues").comments.values())
    return Listing(items=found, shape=lambda comment: shapes.comment(call.view, comment))


def get_comment(call: Call) -> Answer:
    return Reply(data=shapes.comment(call.view, call.comment()))


def create_comment(call: Call) -> Answer:
    issue = call.issue("write")
    comment = call.world.comment(issue, by=call.account(), body=call.needed("body"))
    data = shapes.comment(call.view, comment)
    return Reply(status=201, data=data, headers={"Location": str(data["url"])})


def own_or_write(call: Call, comment: Comment) -> None:
    if call.account() is not comment.author:
        call.require(comment.thread.repo, "write")


def update_comment(call: Call) -> Answer:
    comment = call.comment("write")
    own_or_write(call, comment)
    call.world.edit_comment(comment, by=call.account(), body=call.needed("body"))
    return Reply(data=shapes.comment(call.view, comment))


def delete_comment(call: Call) -> Answer:
    comment = call.comment("write")
    own_or_write(call, comment)
    call.world.delete_comment(comment, by=call.account())
    return NOTHING


ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}"
COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"

ROUTES = (
    Route(method="GET", path="/repos/{owner}/{repo}/issues/comments", handler=list_repository_comments),
    Route(method="GET", path=f"{ISSUE}/comments", handler=list_comments),
    Route(method="POST", path=f"{ISSUE}/comments", handler=create_comment, creates=True),
    Route(method="GET", path=COMMENT, handler=get_comment),
    Route(method="PATCH", path=COMMENT, handler=update_comment),
    Route(method="DELETE", path=COMMENT, handler=delete_comment),
)
