"""Reviews of pull requests, and the comments on single lines that belong to them."""

from bot.sandbox import ids, refusal
from bot.sandbox.acts.merging import MergeActs
from bot.sandbox.acts.rules import fits, is_blocked, may_write_to, not_blocked, not_locked
from bot.sandbox.model import Account, PullRequest, Review, ReviewComment, Verdict
from bot.sandbox.shapes import pulls as shapes
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.view import Json


class ReviewActs(MergeActs):
    def request_review(self, pull: PullRequest, reviewer: Account, *, by: Account) -> None:
        may_write_to(pull.repo)
        if reviewer is pull.author:
            raise refusal.unprocessable("Review cannot be requested from pull request author.")
        if reviewer not in pull.reviewers:
            pull.reviewers.append(reviewer)
            self._changed(
                pull, "review_requested", by=by, extra=lambda: {"requested_reviewer": user(self.view, reviewer)}
            )

    def review(self, pull: PullRequest, *, by: Account, state: Verdict = "COMMENTED", body: str = "") -> Review:
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

    def edit_review(self, review: Review, *, by: Account, body: str) -> None:
        """Changes its text. Where nothing changes nothing is announced."""
        may_write_to(review.repo)
        if not body.strip():
            raise refusal.review_refused("Body can't be blank")
        old, review.body = review.body, body
        if old != body:
            self._tell_review(review, "edited", by=by, changes={"body": {"from": old}})

    def dismiss_review(self, review: Review, *, by: Account) -> None:
        """An approval, or a wish for changes, counts no longer. Raises RefusedError (422) for any other review."""
        may_write_to(review.repo)
        if review.state not in ("APPROVED", "CHANGES_REQUESTED"):
            raise refusal.unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
        review.state = "DISMISSED"
        self._note(review.pull, "review_dismissed", by=by)
        self._tell_review(review, "dismissed", by=by)

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
        pull.repo.review_comments[comment.id] = comment
        self._tell_comment(comment, action="created", by=by)
        return comment

    def _submit(self, pull: PullRequest, *, by: Account, state: Verdict, body: str) -> Review:
        number, now = self.new_large_id(), self.now()
        review = Review(
            id=number,
            node_id=ids.node_id("PRR", pull.repo.id, number),
            pull=pull,
            author=by,
            state=state,
            body=body,
            commit=pull.head_sha,
            submitted_at=now,
            updated_at=now,
        )
        pull.reviews.append(self._node(review, review.node_id))
        if by in pull.reviewers:
            pull.reviewers.remove(by)
        self._note(pull, "reviewed", by=by)
        self._tell_review(review, "submitted", by=by)
        return review

    def _tell_review(self, review: Review, action: str, *, by: Account, changes: Json | None = None) -> None:
        review.updated_at = review.pull.updated_at = self.now()
        more = {"changes": changes} if changes else {}
        self.announce(
            "pull_request_review",
            action,
            sender=by,
            repo=review.repo,
            body=lambda: {
                "review": shapes.review(self.view, review, webhook=True),
                "pull_request": shapes.pull_request(self.view, review.pull),
                **more,
            },
        )
