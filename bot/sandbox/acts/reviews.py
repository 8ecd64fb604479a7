"""Reviews of pull requests, and the comments on single lines that belong to them."""

from bot.sandbox import ids, refusal
from bot.sandbox.acts.pulls import PullActs
from bot.sandbox.acts.rules import fits, is_blocked, may_write_to, not_blocked, not_locked
from bot.sandbox.model import Account, PullRequest, Review, ReviewComment, ReviewState
from bot.sandbox.shapes import pulls as shapes
from bot.sandbox.shapes.people import user


class ReviewActs(PullActs):
    def request_review(self, pull: PullRequest, reviewer: Account, *, by: Account) -> None:
        may_write_to(pull.repo)
        if reviewer is pull.author:
            raise refusal.unprocessable("Review cannot be requested from pull request author.")
        if reviewer not in pull.reviewers:
            pull.reviewers.append(reviewer)
            self._changed(pull, "review_requested", by=by, extra={"requested_reviewer": user(self.view, reviewer)})

    def review(self, pull: PullRequest, *, by: Account, state: ReviewState = "COMMENTED", body: str = "") -> Review:
        """Raises RefusedError: 422 where authors judge their own work or a text is missing, 403 as for comments."""
        may_write_to(pull.repo)
        not_locked(pull, by)
        if is_blocked(by, repo=pull.repo, author=pull.author):
            raise refusal.review_refused("User is blocked", message="Validation Failed")
        if len(body) > refusal.LONGEST_TEXT:
            raise refusal.review_refused(f"Body is too long (maximum is {refusal.LONGEST_TEXT} characters)")
        if state != "COMMENTED" and by is pull.author:
            what = "approve" if state == "APPROVED" else "request changes on"
            raise refusal.review_refused(f"Can not {what} your own pull request")
        if state != "APPROVED" and not body.strip():
            raise refusal.review_refused("Body can't be blank")
        return self._submit(pull, by=by, state=state, body=body)

    def review_comment(
        self,
        pull: PullRequest,
        *,
        by: Account,
        body: str,
        path: str,
        line: int = 1,
        reply_to: ReviewComment | None = None,
    ) -> ReviewComment:
        """Says something about a line, or answers what was said there. GitHub makes a review of it, without a text."""
        may_write_to(pull.repo)
        not_locked(pull, by)
        not_blocked(by, resource="PullRequestReviewComment", repo=pull.repo, author=pull.author)
        fits(body, resource="PullRequestReviewComment")
        if not body.strip():
            raise refusal.invalid("PullRequestReviewComment", "body", code="missing_field")
        review = self._submit(pull, by=by, state="COMMENTED", body="")
        number, now = self.new_large_id(), self.now()
        comment = ReviewComment(
            id=number,
            node_id=ids.node_id("PRRC", pull.repo.id, number),
            thread=pull,
            pull=pull,
            review=review,
            author=by,
            body=body,
            created_at=now,
            updated_at=now,
            path=path,
            line=line,
            parent=(reply_to.parent or reply_to) if reply_to else None,
        )
        pull.review_comments.append(self._node(comment, comment.node_id))
        self._tell_comment(comment, action="created", by=by)
        return comment

    def _submit(self, pull: PullRequest, *, by: Account, state: ReviewState, body: str) -> Review:
        number = self.new_large_id()
        review = Review(
            id=number,
            node_id=ids.node_id("PRR", pull.repo.id, number),
            pull=pull,
            author=by,
            state=state,
            body=body,
            commit=pull.head_sha,
            submitted_at=self.now(),
        )
        pull.reviews.append(self._node(review, review.node_id))
        pull.updated_at = self.now()
        if by in pull.reviewers:
            pull.reviewers.remove(by)
        self._note(pull, "reviewed", by=by)
        shown = {"review": shapes.review(self.view, review, webhook=True)}
        shown["pull_request"] = shapes.pull_request(self.view, pull)
        self.announce("pull_request_review", "submitted", sender=by, repo=pull.repo, body=shown)
        return review
