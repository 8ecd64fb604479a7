"""What one does with any thread: comment, edit, label, assign, close, lock, react."""

from http import HTTPStatus

from bot.sandbox import ids, refusal
from bot.sandbox.acts.apps import AppActs
from bot.sandbox.acts.rules import fits, has_title, may_comment, may_write_to, resource_of
from bot.sandbox.model import (
    Account,
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
        thread.comments.append(self._node(comment, comment.node_id))
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
        else:
            thread.comments.remove(comment)
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
            self._changed(thread, "edited", by=by, extra={"changes": changes})

    def label(self, thread: Thread, *names: str, by: Account) -> None:
        """Puts labels on; what the repository does not know yet it gets (grey), as GitHub does. One event each."""
        may_write_to(thread.repo)
        for name in names:
            label = thread.repo.labels.get(name.lower()) or self.create_label(thread.repo, name, by=by)
            if label not in thread.labels:
                thread.labels.append(label)
                self._note(thread, "labeled", by=by, label=label)
                self._changed(thread, "labeled", by=by, extra={"label": self._label_shape(thread, label)})

    def unlabel(self, thread: Thread, name: str, *, by: Account) -> None:
        """Takes a label off. Raises RefusedError (404) where the thread does not carry it."""
        may_write_to(thread.repo)
        label = next((each for each in thread.labels if each.name.lower() == name.lower()), None)
        if label is None:
            raise refusal.RefusedError(HTTPStatus.NOT_FOUND, "Label does not exist")
        thread.labels.remove(label)
        self._note(thread, "unlabeled", by=by, label=label)
        self._changed(thread, "unlabeled", by=by, extra={"label": self._label_shape(thread, label)})

    def assign(self, thread: Issue, *accounts: Account, by: Account) -> None:
        """At most ten; more are left out silently, as on GitHub. One event each."""
        may_write_to(thread.repo)
        for account in accounts:
            if account not in thread.assignees and len(thread.assignees) < 10:
                thread.assignees.append(account)
                self._note(thread, "assigned", by=by, assignee=account)
                self._changed(thread, "assigned", by=by, extra={"assignee": user(self.view, account)})

    def unassign(self, thread: Issue, *accounts: Account, by: Account) -> None:
        may_write_to(thread.repo)
        for account in accounts:
            if account in thread.assignees:
                thread.assignees.remove(account)
                self._note(thread, "unassigned", by=by, assignee=account)
                self._changed(thread, "unassigned", by=by, extra={"assignee": user(self.view, account)})

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

    # -- telling

    def _changed(self, thread: Thread, action: str, *, by: Account, extra: Json | None = None) -> None:
        """The thread has changed: its date, and an event with all of it."""
        thread.updated_at = self.now()
        event, body = self._as_event(thread)
        self.announce(event, action, sender=by, repo=thread.repo, body={**body, **(extra or {})})

    def _as_event(self, thread: Thread) -> tuple[str, Json]:
        """The name of the events about this kind of thread, and the thread as they carry it."""
        match thread:
            case PullRequest():
                return "pull_request", {
                    "number": thread.number,
                    "pull_request": pulls.full_pull_request(self.view, thread),
                }
            case Discussion():
                return "discussion", {"discussion": discussions.discussion(self.view, thread)}
            case Issue():
                return "issues", {"issue": threads.issue(self.view, thread)}
        raise TypeError(f"{thread} is no kind of thread")

    def _tell_comment(self, comment: Comment, *, action: str, by: Account, changes: Json | None = None) -> None:
        thread, body = comment.thread, {}
        if changes:
            body["changes"] = changes
        if isinstance(comment, ReviewComment):
            event = "pull_request_review_comment"
            body["comment"] = pulls.review_comment(self.view, comment)
            body["pull_request"] = pulls.pull_request(self.view, comment.pull)
        elif isinstance(thread, Issue):
            event = "issue_comment"
            body |= {"issue": threads.issue(self.view, thread), "comment": threads.comment(self.view, comment)}
        else:
            event = "discussion_comment"
            body |= self._as_event(thread)[1] | {"comment": discussions.comment(self.view, comment)}
        self.announce(event, action, sender=by, repo=thread.repo, body=body)

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
        thread.repo.happenings.append(entry)

    def _label_shape(self, thread: Thread, label: Label) -> Json:
        return label_shape(self.view, thread.repo, label)
