"""What one does with any thread: comment, edit, label, assign, close, lock, react."""

from collections.abc import Callable
from http import HTTPStatus

from bot.sandbox import ids, refusal
from bot.sandbox.acts.apps import AppActs
from bot.sandbox.acts.rules import fits, has_title, may_comment, may_write_to, resource_of
from bot.sandbox.model import (
    Account,
    Classifier,
    CloseReason,
    Comment,
    Discussion,
    Happening,
    Issue,
    Label,
    PullRequest,
    Reaction,
    ReactionContent,
    Review,
    ReviewComment,
    Thread,
)
from bot.sandbox.shapes import discussions, pulls, threads
from bot.sandbox.shapes.people import user
from bot.sandbox.shapes.repos import label as label_shape
from bot.sandbox.shapes.view import Json
from bot.sandbox.standing import at_least, role

LOCK_REASONS = ("off-topic", "too heated", "resolved", "spam")


class ThreadActs(AppActs):
    def comment(self, thread: Thread, *, by: Account, body: str, reply_to: Comment | None = None) -> Comment:
        """Says something in a thread; in a discussion perhaps in answer to a comment.

        Raises RefusedError: 403 in an archived repository or a locked thread, 422 for a text that is empty or over
        65,536 characters and for an account that the author or the owner has blocked.
        """
        may_comment(thread, body, by)
        if reply_to is not None and (not isinstance(thread, Discussion) or reply_to.parent is not None):
            raise refusal.unprocessable("Parent comment is already in a thread, cannot reply to it")
        now, of_discussion = self.now(), isinstance(thread, Discussion)
        number, prefix = (self.new_id(), "DC") if of_discussion else (self.new_large_id(), "IC")
        comment = Comment(
            id=number,
            node_id=ids.node_id(prefix, thread.repo.id, number),
            thread=thread,
            author=by,
            body=body,
            created_at=now,
            updated_at=now,
            parent=reply_to,
        )
        self._keep(comment)
        thread.updated_at = now
        self._tell_comment(comment, action="created", by=by)
        return comment

    def edit_comment(self, comment: Comment, *, by: Account, body: str) -> None:
        may_write_to(comment.thread.repo)
        if not body.strip():
            raise refusal.invalid("IssueComment", "data", code="unprocessable", message="Body cannot be blank")
        fits(body, resource="IssueComment")
        old, comment.body, comment.updated_at = comment.body, body, self.now()
        self._tell_comment(comment, action="edited", by=by, changes={"body": {"from": old}})

    def delete_comment(self, comment: Comment, *, by: Account) -> None:
        thread = comment.thread
        may_write_to(thread.repo)
        if isinstance(comment, ReviewComment):
            comment.pull.review_comments.remove(comment)
            del comment.repo.review_comments[comment.id]
        else:
            thread.comments.remove(comment)
            thread.repo.comments.pop(comment.id, None)
        if isinstance(thread, Discussion) and thread.answer is comment:
            thread.answer = thread.answered_at = thread.answered_by = None
        comment.deleted = True
        self.nodes.pop(comment.node_id)
        self._tell_comment(comment, action="deleted", by=by)

    def edit(self, thread: Thread, *, by: Account, title: str | None = None, body: str | None = None) -> None:
        """Changes title or text. Where nothing changes nothing is announced."""
        may_write_to(thread.repo)
        if title is not None:
            has_title(title, resource=resource_of(thread))
        fits(body or "", resource=resource_of(thread))
        changes: Json = {}
        if title is not None and title != thread.title:
            changes["title"] = {"from": thread.title}
            self._note(thread, "renamed", by=by, rename=(thread.title, title))
            thread.title = title
        if body is not None and body != thread.body:
            changes["body"] = {"from": thread.body}
            thread.body = body
        if changes:
            self._changed(thread, "edited", by=by, extra=lambda: {"changes": changes})

    def label(self, thread: Thread, *names: str, by: Account) -> None:
        """Puts labels on; what the repository does not know yet it gets (grey), as GitHub does. One event each."""
        may_write_to(thread.repo)
        for name in names:
            label = thread.repo.labels.get(name.lower()) or self.create_label(thread.repo, name, by=by)
            if label not in thread.labels:
                thread.labels.append(label)
                self._tell_label_on(thread, "labeled", label, by=by)

    def unlabel(self, thread: Thread, name: str, *, by: Account) -> None:
        """Takes a label off. Raises RefusedError (404) where the thread does not carry it."""
        may_write_to(thread.repo)
        label = next((each for each in thread.labels if each.name.lower() == name.lower()), None)
        if label is None:
            raise refusal.RefusedError(HTTPStatus.NOT_FOUND, "Label does not exist")
        thread.labels.remove(label)
        self._tell_label_on(thread, "unlabeled", label, by=by)

    def assign(self, thread: Issue, *accounts: Account, by: Account) -> None:
        """At most ten; more are left out silently, as on GitHub. One event each."""
        may_write_to(thread.repo)
        for account in accounts:
            if account not in thread.assignees and len(thread.assignees) < 10:
                thread.assignees.append(account)
                self._tell_assignee(thread, "assigned", account, by=by)

    def unassign(self, thread: Issue, *accounts: Account, by: Account) -> None:
        may_write_to(thread.repo)
        for account in accounts:
            if account in thread.assignees:
                thread.assignees.remove(account)
                self._tell_assignee(thread, "unassigned", account, by=by)

    def close(self, thread: Thread, *, by: Account, reason: CloseReason = "completed") -> None:
        """Closes it; the reason is kept for issues and discussions. Nothing happens to what is closed."""
        may_write_to(thread.repo)
        if not thread.open:
            return
        thread.open, thread.closed_at = False, self.now()
        if isinstance(thread, Discussion):
            thread.state_reason = {"completed": "resolved", "not_planned": "outdated"}.get(reason, reason)
        elif isinstance(thread, Issue):
            thread.closed_by = by
            thread.state_reason = None if isinstance(thread, PullRequest) else reason
        self._note(thread, "closed", by=by, state_reason=thread.state_reason)
        self._changed(thread, "closed", by=by)

    def reopen(self, thread: Thread, *, by: Account) -> None:
        """Raises RefusedError (422) for a merged pull request. Nothing happens to what is open."""
        may_write_to(thread.repo)
        if thread.open:
            return
        if isinstance(thread, PullRequest) and thread.merged_at:
            raise refusal.invalid(
                "PullRequest", "state", message="state cannot be changed. The pull request is merged."
            )
        thread.open, thread.closed_at = True, None
        thread.state_reason = None if isinstance(thread, PullRequest) else "reopened"
        if isinstance(thread, Issue):
            thread.closed_by = None
        self._note(thread, "reopened", by=by, state_reason=thread.state_reason)
        self._changed(thread, "reopened", by=by)

    def lock(self, thread: Thread, *, by: Account, reason: str | None = None) -> None:
        """From now on only people with write access may comment. `reason` is one of LOCK_REASONS."""
        may_write_to(thread.repo)
        if reason is not None and reason not in LOCK_REASONS:
            raise refusal.invalid("Issue", "lock_reason")
        thread.locked, thread.lock_reason = True, reason
        self._note(thread, "locked", by=by, lock_reason=reason)
        self._changed(thread, "locked", by=by)

    def unlock(self, thread: Thread, *, by: Account) -> None:
        may_write_to(thread.repo)
        thread.locked, thread.lock_reason = False, None
        self._note(thread, "unlocked", by=by)
        self._changed(thread, "unlocked", by=by)

    def react(
        self, subject: Thread | Comment | Review, content: ReactionContent, *, by: Account
    ) -> tuple[Reaction, bool]:
        """Adds a reaction, and tells whether it is new (one account has each of them once). No webhook tells of it."""
        may_write_to(subject.repo)
        for reaction in subject.reactions:
            if reaction.account is by and reaction.content == content:
                return reaction, False
        number = self.new_id()
        reaction = Reaction(
            id=number,
            node_id=ids.node_id("REA", subject.repo.id, number),
            account=by,
            content=content,
            created_at=self.now(),
        )
        subject.reactions.append(reaction)
        return reaction, True

    def minimize(self, subject: Comment | Review, *, by: Account, reason: Classifier = "OFF_TOPIC") -> None:
        """Hides a comment or a review, as who may write may. No webhook tells of it. Raises RefusedError (403)."""
        self._may_minimize(subject, by)
        subject.minimized = reason

    def unminimize(self, subject: Comment | Review, *, by: Account) -> None:
        self._may_minimize(subject, by)
        subject.minimized = None

    def _may_minimize(self, subject: Comment | Review, by: Account) -> None:
        may_write_to(subject.repo)
        if not at_least(role(subject.repo, by), "write"):
            raise refusal.forbidden(f"{by.login} does not have the correct permissions to do that.")

    def _keep(self, comment: Comment) -> None:
        """Puts a new comment where it is looked for."""
        comment.thread.comments.append(self._node(comment, comment.node_id))
        if isinstance(comment.thread, Issue):
            comment.repo.comments[comment.id] = comment

    # -- telling

    def _changed(self, thread: Thread, action: str, *, by: Account, extra: Callable[[], Json] = dict) -> None:
        """The thread has changed: its date, and an event with all of it and what `extra` makes."""
        thread.updated_at = self.now()
        self.announce(_event(thread), action, sender=by, repo=thread.repo, body=lambda: self._as_body(thread) | extra())

    def _as_body(self, thread: Thread) -> Json:
        """The thread as the events about it carry it."""
        match thread:
            case PullRequest():
                return {"number": thread.number, "pull_request": pulls.full_pull_request(self.view, thread)}
            case Discussion():
                return {"discussion": discussions.discussion(self.view, thread)}
            case Issue():
                return {"issue": threads.issue(self.view, thread)}
        raise TypeError(f"{thread} is no kind of thread")

    def _tell_label_on(self, thread: Thread, action: str, label: Label, *, by: Account) -> None:
        self._note(thread, action, by=by, label=label)
        self._changed(thread, action, by=by, extra=lambda: {"label": label_shape(self.view, thread.repo, label)})

    def _tell_assignee(self, thread: Issue, action: str, account: Account, *, by: Account) -> None:
        self._note(thread, action, by=by, assignee=account)
        self._changed(thread, action, by=by, extra=lambda: {"assignee": user(self.view, account)})

    def _tell_comment(self, comment: Comment, *, action: str, by: Account, changes: Json | None = None) -> None:
        more = {"changes": changes} if changes else {}
        self.announce(
            _comment_event(comment),
            action,
            sender=by,
            repo=comment.repo,
            body=lambda: self._comment_as_body(comment) | more,
        )

    def _comment_as_body(self, comment: Comment) -> Json:
        """The comment as the events about it carry it, and the thread beside it."""
        match comment:
            case ReviewComment():
                return {
                    "comment": pulls.review_comment(self.view, comment),
                    "pull_request": pulls.pull_request(self.view, comment.pull),
                }
            case Comment(thread=Issue() as thread):
                return {"issue": threads.issue(self.view, thread), "comment": threads.comment(self.view, comment)}
        return self._as_body(comment.thread) | {"comment": discussions.comment(self.view, comment)}

    def _note(
        self,
        thread: Thread,
        event: str,
        *,
        by: Account,
        label: Label | None = None,
        assignee: Account | None = None,
        rename: tuple[str, str] | None = None,
        lock_reason: str | None = None,
        state_reason: str | None = None,
    ) -> None:
        """Writes it into the timeline, of which issues and pull requests have one."""
        if not isinstance(thread, Issue):
            return
        number = self.new_large_id()
        entry = Happening(
            id=number,
            node_id=ids.node_id("IE", number),
            thread=thread,
            event=event,
            actor=by,
            created_at=self.now(),
            label=label,
            assignee=assignee,
            rename=rename,
            lock_reason=lock_reason,
            state_reason=state_reason,
        )
        thread.timeline.append(entry)
        thread.repo.happenings.append(entry)


def _event(thread: Thread) -> str:
    """The name of the events about this kind of thread."""
    if isinstance(thread, Discussion):
        return "discussion"
    return "pull_request" if isinstance(thread, PullRequest) else "issues"


def _comment_event(comment: Comment) -> str:
    if isinstance(comment, ReviewComment):
        return "pull_request_review_comment"
    return "discussion_comment" if isinstance(comment.thread, Discussion) else "issue_comment"
