"""Comments on issues and pull requests, and reactions to both."""

from typing import get_args

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Comment, Issue, ReactionContent
from bot.sandbox.rest.issues import since
from bot.sandbox.shapes import threads as shapes


def _later(call: Call, comments: list[Comment]) -> list[Comment]:
    moment = since(call)
    if moment is None:
        return comments
    return [each for each in comments if each.updated_at >= moment.replace(microsecond=0)]


def list_comments(call: Call) -> Answer:
    """Of one issue, oldest first."""
    found = _later(call, call.issue().comments)
    return Listing(items=found, shape=lambda comment: shapes.comment(call.view, comment))


def list_repository_comments(call: Call) -> Answer:
    """Of all issues and pull requests, oldest first unless asked otherwise."""
    repo = call.repo("issues")
    found = [each for thread in repo.threads.values() if isinstance(thread, Issue) for each in thread.comments]
    found = _later(call, found)
    found.sort(key=lambda each: (each.updated_at if call.query.get("sort") == "updated" else each.created_at, each.id))
    if call.query.get("direction") == "desc":
        found.reverse()
    return Listing(items=found, shape=lambda comment: shapes.comment(call.view, comment))


def get_comment(call: Call) -> Answer:
    return Reply(data=shapes.comment(call.view, call.comment()))


def create_comment(call: Call) -> Answer:
    issue = call.issue("write")
    comment = call.world.comment(issue, by=call.account(), body=call.needed("body"))
    data = shapes.comment(call.view, comment)
    return Reply(status=201, data=data, headers={"Location": str(data["url"])})


def _own_or_write(call: Call, comment: Comment) -> None:
    if call.account() is not comment.author:
        call.require(comment.thread.repo, "write")


def update_comment(call: Call) -> Answer:
    comment = call.comment("write")
    _own_or_write(call, comment)
    call.world.edit_comment(comment, by=call.account(), body=call.needed("body"))
    return Reply(data=shapes.comment(call.view, comment))


def delete_comment(call: Call) -> Answer:
    comment = call.comment("write")
    _own_or_write(call, comment)
    call.world.delete_comment(comment, by=call.account())
    return NOTHING


def _list(call: Call, subject: Issue | Comment) -> Answer:
    found = [each for each in subject.reactions if call.query.get("content", each.content) == each.content]
    return Listing(items=found, shape=lambda reaction: shapes.reaction(call.view, reaction))


def _create(call: Call, subject: Issue | Comment) -> Answer:
    """201 for a new reaction, 200 where the caller had given it before."""
    content = call.choice("content", get_args(ReactionContent))
    reaction, new = call.world.react(subject, content, by=call.account())
    return Reply(status=201 if new else 200, data=shapes.reaction(call.view, reaction))


def _delete(call: Call, subject: Issue | Comment) -> Answer:
    number = call.number("reaction_id")
    for reaction in subject.reactions:
        if reaction.id == number and reaction.account is call.account():
            subject.reactions.remove(reaction)
            return NOTHING
    raise refusal.not_found()


def list_issue_reactions(call: Call) -> Answer:
    return _list(call, call.issue())


def create_issue_reaction(call: Call) -> Answer:
    return _create(call, call.issue("write"))


def delete_issue_reaction(call: Call) -> Answer:
    return _delete(call, call.issue("write"))


def list_comment_reactions(call: Call) -> Answer:
    return _list(call, call.comment())


def create_comment_reaction(call: Call) -> Answer:
    return _create(call, call.comment("write"))


def delete_comment_reaction(call: Call) -> Answer:
    return _delete(call, call.comment("write"))


ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}"
COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}"

ROUTES = (
    Route(method="GET", path="/repos/{owner}/{repo}/issues/comments", handler=list_repository_comments),
    Route(method="GET", path=f"{ISSUE}/comments", handler=list_comments),
    Route(method="POST", path=f"{ISSUE}/comments", handler=create_comment, creates=True),
    Route(method="GET", path=COMMENT, handler=get_comment),
    Route(method="PATCH", path=COMMENT, handler=update_comment),
    Route(method="DELETE", path=COMMENT, handler=delete_comment),
    Route(method="GET", path=f"{ISSUE}/reactions", handler=list_issue_reactions),
    Route(method="POST", path=f"{ISSUE}/reactions", handler=create_issue_reaction, creates=True),
    Route(method="DELETE", path=f"{ISSUE}/reactions/{{reaction_id}}", handler=delete_issue_reaction),
    Route(method="GET", path=f"{COMMENT}/reactions", handler=list_comment_reactions),
    Route(method="POST", path=f"{COMMENT}/reactions", handler=create_comment_reaction, creates=True),
    Route(method="DELETE", path=f"{COMMENT}/reactions/{{reaction_id}}", handler=delete_comment_reaction),
)
