"""Reviews of pull requests, and the comments on single lines."""

from bot.sandbox import refusal
from bot.sandbox.call import NOTHING, Answer, Call, Listing, Reply, Route
from bot.sandbox.model import Review, ReviewComment, Verdict
from bot.sandbox.rest.comments import own_or_write
from bot.sandbox.rest.issues import ordered
from bot.sandbox.shapes import pulls as shapes

VERDICTS: dict[str, Verdict] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


def list_reviews(call: Call) -> Answer:
    return Listing(items=call.pull().reviews, shape=lambda review: shapes.review(call.view, review))


def create_review(call: Call) -> Answer:
    """Reviews are submitted at once; one without `event` would stay pending on GitHub, which is not modelled (422)."""
    pull = call.pull("write")
    event = call.choice("event", tuple(VERDICTS))
    review = call.world.review(pull, by=call.account(), state=VERDICTS[event], body=call.text("body") or "")
    return Reply(data=shapes.review(call.view, review))


def _review(call: Call) -> Review:
    number = call.number("review_id")
    for review in call.pull("write").reviews:
        if review.id == number:
            return review
    raise refusal.not_found()


def update_review(call: Call) -> Answer:
    review = _review(call)
    if call.account() is not review.author:
        call.require(review.repo, "write")
    call.world.edit_review(review, by=call.account(), body=call.needed("body"))
    return Reply(data=shapes.review(call.view, review))


def dismiss_review(call: Call) -> Answer:
    review = _review(call)
    call.require(review.repo, "write")
    call.needed("message")
    call.world.dismiss_review(review, by=call.account())
    return Reply(data=shapes.review(call.view, review))


def list_comments(call: Call) -> Answer:
    found = ordered(call, call.pull().review_comments)
    return Listing(items=found, shape=lambda comment: shapes.review_comment(call.view, comment))


def list_repository_comments(call: Call) -> Answer:
    found = ordered(call, call.repo("pull_requests").review_comments.values())
    return Listing(items=found, shape=lambda comment: shapes.review_comment(call.view, comment))


def get_comment(call: Call) -> Answer:
    return Reply(data=shapes.review_comment(call.view, call.review_comment()))


def _created(call: Call, comment: ReviewComment) -> Answer:
    data = shapes.review_comment(call.view, comment)
    return Reply(status=201, data=data, headers={"Location": str(data["url"])})


def create_comment(call: Call) -> Answer:
    """On one line of the new side; ranges of lines and the old side are not modelled."""
    pull = call.pull("write")
    body, path, _ = call.needed("body"), call.needed("path"), call.needed("commit_id")
    line = call.body.get("line")
    if not isinstance(line, int) or line < 1:
        raise refusal.invalid("PullRequestReviewComment", "pull_request_review_thread.line", code="missing_field")
    return _created(call, call.world.review_comment(pull, by=call.account(), body=body, path=path, line=line))


def reply(call: Call) -> Answer:
    pull = call.pull("write")
    above = call.review_comment("write")
    if above.pull is not pull:
        raise refusal.not_found()
    comment = call.world.review_comment(
        pull, by=call.account(), body=call.needed("body"), path=above.path, line=above.line, reply_to=above
    )
    return _created(call, comment)


def update_comment(call: Call) -> Answer:
    comment = call.review_comment("write")
    own_or_write(call, comment)
    call.world.edit_comment(comment, by=call.account(), body=call.needed("body"))
    return Reply(data=shapes.review_comment(call.view, comment))


def delete_comment(call: Call) -> Answer:
    comment = call.review_comment("write")
    own_or_write(call, comment)
    call.world.delete_comment(comment, by=call.account())
    return NOTHING


PULLS = "/repos/{owner}/{repo}/pulls"
PULL = f"{PULLS}/{{pull_number}}"
COMMENT = f"{PULLS}/comments/{{comment_id}}"

ROUTES = (
    Route(method="GET", path=f"{PULLS}/comments", handler=list_repository_comments),
    Route(method="GET", path=COMMENT, handler=get_comment),
    Route(method="PATCH", path=COMMENT, handler=update_comment),
    Route(method="DELETE", path=COMMENT, handler=delete_comment),
    Route(method="GET", path=f"{PULL}/reviews", handler=list_reviews),
    Route(method="POST", path=f"{PULL}/reviews", handler=create_review, creates=True),
    Route(method="PUT", path=f"{PULL}/reviews/{{review_id}}", handler=update_review),
    Route(method="PUT", path=f"{PULL}/reviews/{{review_id}}/dismissals", handler=dismiss_review),
    Route(method="GET", path=f"{PULL}/comments", handler=list_comments),
    Route(method="POST", path=f"{PULL}/comments", handler=create_comment, creates=True),
    Route(method="POST", path=f"{PULL}/comments/{{comment_id}}/replies", handler=reply, creates=True),
)
