"""Issues and discussions: opened, answered, moved elsewhere, turned into one another, deleted."""

from collections.abc import Iterable
from dataclasses import replace

from bot.sandbox import ids, refusal
from bot.sandbox.acts.rules import fits, has_title, may_write_to, not_blocked
from bot.sandbox.acts.threads import ThreadActs
from bot.sandbox.model import Account, Comment, Discussion, Issue, PullRequest, Repo, Thread
from bot.sandbox.shapes import discussions
from bot.sandbox.shapes.repos import repository
from bot.sandbox.shapes.threads import issue as issue_shape

MOST_PINNED = 3


class IssueActs(ThreadActs):
    def open_issue(
        self,
        repo: Repo,
        *,
        by: Account,
        title: str,
        body: str = "",
        labels: Iterable[str] = (),
        assignees: Iterable[Account] = (),
    ) -> Issue:
        """Opens an issue. Labels may come from a template, so anybody can open one that has some.

        Announces `opened`, which has the labels already, then `labeled` and `assigned` one by one. Raises RefusedError:
        403 if archived, 422 without a title, for a text that is too long, for blocked authors.
        """
        may_write_to(repo)
        not_blocked(by, resource="Issue", repo=repo)
        has_title(title, resource="Issue")
        fits(body, resource="Issue")
        issue = self._new_issue(repo, by=by, title=title, body=body)
        self._open(issue, labels, by=by)
        self.assign(issue, *assignees, by=by)
        return issue

    def open_discussion(
        self, repo: Repo, *, by: Account, title: str, body: str = "", category: str = "general"
    ) -> Discussion:
        """`category` is the slug of one (see `acts.repos.CATEGORIES`)."""
        may_write_to(repo)
        not_blocked(by, resource="Discussion", repo=repo)
        has_title(title, resource="Discussion")
        fits(body, resource="Discussion")
        discussion = self._new_discussion(repo, by=by, title=title, body=body, category=category)
        self._changed(discussion, "created", by=by)
        return discussion

    def choose_answer(self, comment: Comment, *, by: Account) -> None:
        """Marks a comment as the answer of its discussion. Raises ValueError where the category knows no answers."""
        thread = comment.thread
        if not isinstance(thread, Discussion) or not thread.category.is_answerable:
            raise ValueError(f"{thread.title} is nothing that has an answer")
        may_write_to(thread.repo)
        thread.answer, thread.answered_by, thread.answered_at = comment, by, self.now()
        self._changed(thread, "answered", by=by, extra=lambda: {"answer": discussions.comment(self.view, comment)})

    def pin(self, issue: Issue, *, by: Account) -> None:
        """Puts it at the top of the repository's list. Raises RefusedError (422) where three are there already."""
        may_write_to(issue.repo)
        pinned = [each for each in issue.repo.threads.values() if isinstance(each, Issue) and each.pinned]
        if not issue.pinned and len(pinned) >= MOST_PINNED:
            raise refusal.unprocessable(f"Maximum {MOST_PINNED} pinned issues per repository")
        if not issue.pinned:
            issue.pinned = True
            self._changed(issue, "pinned", by=by)

    def transfer(self, issue: Issue, to: Repo, *, by: Account) -> Issue:
        """Moves an issue. It gets new ids and a new number there, and the old address leads to the new one.

        GitHub tells of it twice, in no fixed order: `issues.transferred` for the old repository, `issues.opened` with
        `changes.old_issue` and `changes.old_repository` for the new one (octokit/webhooks.js#590).
        """
        may_write_to(issue.repo)
        may_write_to(to)
        if isinstance(issue, PullRequest) or to.owner is not issue.repo.owner:
            raise ValueError("only issues can be transferred, and only to a repository of the same owner")
        old_repo, old_number = issue.repo, issue.number
        moved = self._new_issue(to, by=issue.author, title=issue.title, body=issue.body)
        moved.created_at, moved.open, moved.closed_at = issue.created_at, issue.open, issue.closed_at
        moved.state_reason, moved.closed_by = issue.state_reason, issue.closed_by
        moved.labels = [to.labels[label.name.lower()] for label in issue.labels if label.name.lower() in to.labels]
        moved.assignees = list(issue.assignees)
        for comment in issue.comments:
            self._copy_comment(comment, to=moved, prefix="IC")
        self._remove(issue)
        old_repo.gone[old_number] = moved
        self.announce(
            "issues",
            "transferred",
            sender=by,
            repo=old_repo,
            body=lambda: {
                "issue": issue_shape(self.view, issue),
                "changes": {
                    "new_issue": issue_shape(self.view, moved),
                    "new_repository": repository(self.view, to, webhook=True),
                },
            },
        )
        self._note(moved, "transferred", by=by)
        self._changed(
            moved,
            "opened",
            by=by,
            extra=lambda: {
                "changes": {
                    "old_issue": issue_shape(self.view, issue),
                    "old_repository": repository(self.view, old_repo, webhook=True),
                }
            },
        )
        return moved

    def delete(self, thread: Thread, *, by: Account) -> None:
        """Deletes an issue or a discussion, as its repository's owners may. The number is not given out again."""
        may_write_to(thread.repo)
        if isinstance(thread, PullRequest):
            raise ValueError("pull requests cannot be deleted")
        self._remove(thread)
        thread.repo.gone[thread.number] = None
        self._changed(thread, "deleted", by=by)

    def convert_to_discussion(self, issue: Issue, *, by: Account, category: str = "general") -> Discussion:
        """Turns an issue into a discussion with a number of its own, by the issue's author, with its comments.

        The issue stays behind, closed and locked. GitHub documents no events for it; here they come as they would from
        the three steps: `discussion.created` (state "converting"), `issues.closed`, `issues.locked`.
        """
        may_write_to(issue.repo)
        if isinstance(issue, PullRequest):
            raise ValueError("pull requests cannot become discussions")
        discussion = self._new_discussion(
            issue.repo, by=issue.author, title=issue.title, body=issue.body, category=category
        )
        discussion.created_at, discussion.labels = issue.created_at, list(issue.labels)
        for comment in issue.comments:
            self._copy_comment(comment, to=discussion, prefix="DC")
        discussion.converting = True
        self._changed(discussion, "created", by=by)
        discussion.converting = False
        self._note(issue, "converted_to_discussion", by=by)
        self.close(issue, by=by, reason="not_planned")
        self.lock(issue, by=by)
        issue.converting = True
        return discussion

    # -- making

    def _next_number(self, repo: Repo) -> int:
        repo.last_number += 1
        return repo.last_number

    def _new_issue(self, repo: Repo, *, by: Account, title: str, body: str) -> Issue:
        number, now = self.new_large_id(), self.now()
        issue = Issue(
            id=number,
            node_id=ids.node_id("I", repo.id, number),
            repo=repo,
            number=self._next_number(repo),
            author=by,
            title=title,
            body=body,
            created_at=now,
            updated_at=now,
        )
        repo.threads[issue.number] = issue
        return self._node(issue, issue.node_id)

    def _new_discussion(self, repo: Repo, *, by: Account, title: str, body: str, category: str) -> Discussion:
        number, now = self.new_id(), self.now()
        discussion = Discussion(
            id=number,
            node_id=ids.node_id("D", repo.id, number),
            repo=repo,
            number=self._next_number(repo),
            author=by,
            title=title,
            body=body,
            created_at=now,
            updated_at=now,
            category=repo.categories[category],
        )
        repo.threads[discussion.number] = discussion
        return self._node(discussion, discussion.node_id)

    def _open(self, thread: Issue, labels: Iterable[str], *, by: Account) -> None:
        """Announces a new issue or pull request: first with all its labels, then label by label."""
        names = [name for name in dict.fromkeys(labels) if name.lower() in thread.repo.labels]
        thread.labels = [thread.repo.labels[name.lower()] for name in names]
        self._changed(thread, "opened", by=by)
        for label in thread.labels:
            self._tell_label_on(thread, "labeled", label, by=by)

    def _copy_comment(self, comment: Comment, *, to: Thread, prefix: str) -> None:
        number = self.new_id() if isinstance(to, Discussion) else self.new_large_id()
        self._keep(replace(comment, thread=to, id=number, node_id=ids.node_id(prefix, to.repo.id, number)))

    def _remove(self, thread: Thread) -> None:
        del thread.repo.threads[thread.number]
        self.nodes.pop(thread.node_id)
        for comment in thread.comments:
            self.nodes.pop(comment.node_id)
            thread.repo.comments.pop(comment.id, None)
